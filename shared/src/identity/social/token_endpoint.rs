//! The hosted UI's token endpoint, where a code is exchanged for an ID token.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;
use serde::Deserialize;

use crate::platform::error::{Error, Result};
use crate::platform::form;
use crate::platform::plain_http::{self, CONNECT_TIMEOUT};

/// The endpoint.
#[derive(Debug)]
pub struct TokenEndpoint {
    exchange: Operation<String, Answer, ExchangeError>,
    client_id: String,
}

/// A code, and what proves that it was sent to us.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) code: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) verifier: &'a str,
}

/// Of all that is answered, the ID token alone is of use.
#[derive(Clone, Deserialize)]
struct Answer {
    id_token: String,
}

impl std::fmt::Debug for Answer {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// Why a code was not exchanged.
#[derive(Debug)]
enum ExchangeError {
    /// The code, or what came with it, is not good.
    Refused,
    /// The endpoint does not do its work.
    Failed(String),
}

impl std::fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused => f.write_str("the token endpoint refuses the code"),
            Self::Failed(how) => write!(f, "the token endpoint: {how}"),
        }
    }
}

impl std::error::Error for ExchangeError {}

impl TokenEndpoint {
    /// Below `url`, for the client `client_id`.
    pub fn new(url: &str, client_id: &str, sdk: &SdkConfig) -> Self {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(Duration::from_secs(5)).build();
        let operation = plain_http::call(sdk, "hosted-ui", "token", url)
            // A code is good once: what has been sent is not sent again.
            .no_retry()
            .timeout_config(timeouts)
            .serializer(|form: String| {
                let mut request = HttpRequest::new(SdkBody::from(form));
                request.set_method("POST").map_err(|error| ExchangeError::Failed(error.to_string()))?;
                request.set_uri("/oauth2/token").map_err(|error| ExchangeError::Failed(error.to_string()))?;
                request.headers_mut().insert("content-type", "application/x-www-form-urlencoded");
                Ok(request)
            })
            .deserializer(|response: &HttpResponse| {
                let status = response.status().as_u16();
                let failed = |how: String| OrchestratorError::operation(ExchangeError::Failed(how));
                match status {
                    200 => serde_json::from_slice::<Answer>(response.body().bytes().unwrap_or_default())
                        .map_err(|error| failed(error.to_string())),
                    400 | 401 => Err(OrchestratorError::operation(ExchangeError::Refused)),
                    _ => Err(failed(format!("status {status}"))),
                }
            });
        Self { exchange: operation.build(), client_id: client_id.to_owned() }
    }

    /// The ID token for a code; nothing where the code is not good, or not for who presents it.
    pub(super) async fn exchange(&self, presented: Presented<'_>) -> Result<Option<String>> {
        let form = form::encoded(&[
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("code", presented.code),
            ("redirect_uri", presented.redirect_uri),
            ("code_verifier", presented.verifier),
        ]);
        match self.exchange.invoke(form).await {
            Ok(answer) => Ok(Some(answer.id_token)),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), ExchangeError::Refused) => Ok(None),
            Err(error) => Err(Error::unavailable(error)),
        }
    }
}
