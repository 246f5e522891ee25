//! Calls of AWS services that are too rarely needed to bring their own client along: JSON 1.1, signed with the function's
//! credentials (AWS Signature Version 4), by the HTTP client that the other services' clients share.

use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::Value;

use super::error::{Error, Result};
use super::plain_http::{self, CONNECT_TIMEOUT};

/// How long to wait for what somebody waits for.
const SOON: Terms = Terms { attempt_timeout: Duration::from_secs(2), attempts: 2 };

/// How long to wait, and how often to try.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long one try may take.
    pub attempt_timeout: Duration,
    /// How many tries a call gets whose connection or service fails.
    pub attempts: u32,
}

/// What a service answers that did not fail.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What was asked for.
    Given(Value),
    /// It does not do that.
    Refused {
        /// The status, below 500.
        status: u16,
        /// The kind of the refusal, as the service names it.
        kind: String,
    },
}

/// What is called.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The service as signatures and host names have it: `secretsmanager`.
    pub service: &'static str,
    /// The operation with its prefix: `secretsmanager.GetSecretValue`.
    pub operation: &'static str,
    /// The region.
    pub region: &'a str,
    /// Where the AWS is, when it is not Amazon's.
    pub endpoint: Option<&'a str>,
}

/// Why a call gave nothing.
#[derive(Debug)]
struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Calls `target` with `input`, at the time `now`, which the signature holds; tries twice where the connection or the service
/// fails.
///
/// # Errors
/// 503: no credentials, no answer, or a refusal, whose kind is the cause.
pub async fn call(sdk: &SdkConfig, target: Target<'_>, input: &Value, now: SystemTime) -> Result<Value> {
    match exchange(sdk, target, input, now, SOON).await? {
        Answer::Given(answer) => Ok(answer),
        Answer::Refused { status, kind } => {
            Err(Error::unavailable(format!("{}: status {status}: {kind}", target.operation)))
        }
    }
}

/// The same on terms of its own, with refusals told apart from failures.
///
/// # Errors
/// 503: no credentials, no answer, or the service fails.
pub async fn exchange(
    sdk: &SdkConfig,
    target: Target<'_>,
    input: &Value,
    now: SystemTime,
    terms: Terms,
) -> Result<Answer> {
    let amazons = || format!("https://{}.{}.amazonaws.com", target.service, target.region);
    let endpoint = target.endpoint.map_or_else(amazons, |endpoint| endpoint.trim_end_matches('/').to_owned());
    let credentials = sdk.credentials_provider().ok_or_else(|| Error::internal("no credentials are configured"))?;
    let identity = credentials.provide_credentials().await.map_err(Error::unavailable)?.into();
    let body = input.to_string();
    let host = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, host)| host);
    let own = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target.operation)];
    let headers = own.into_iter().chain([("host", host)]);
    let parameters = SigningParams::builder()
        .identity(&identity)
        .region(target.region)
        .name(target.service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .map_err(Error::internal)?
        .into();
    let signable = SignableRequest::new("POST", format!("{endpoint}/"), headers, SignableBody::Bytes(body.as_bytes()))
        .map_err(Error::internal)?;
    let (instructions, _) = sign(signable, &parameters).map_err(Error::internal)?.into_parts();
    let signed: Vec<_> = instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(terms.attempt_timeout)
        .build();
    let operation = plain_http::call(sdk, target.service, target.operation, &endpoint)
        .standard_retry(&RetryConfig::standard().with_max_attempts(terms.attempts))
        .timeout_config(timeouts)
        .serializer(move |()| {
            let mut request = HttpRequest::new(SdkBody::from(body.as_str()));
            request.set_method("POST").map_err(|error| Refused(error.to_string()))?;
            request.set_uri("/").map_err(|error| Refused(error.to_string()))?;
            for (name, value) in own {
                request.headers_mut().insert(name, value);
            }
            for (name, value) in &signed {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            Ok(request)
        })
        .deserializer(|response: &HttpResponse| {
            let bytes = response.body().bytes().unwrap_or_default();
            let answer: Value = serde_json::from_slice(bytes).unwrap_or_default();
            if response.status().is_success() {
                return Ok(Answer::Given(answer));
            }
            let status = response.status().as_u16();
            let kind = answer.get("__type").and_then(Value::as_str).unwrap_or("no kind is said").to_owned();
            if status < 500 {
                return Ok(Answer::Refused { status, kind });
            }
            Err(OrchestratorError::operation(Refused(format!("status {status}: {kind}"))))
        })
        .build();
    operation.invoke(()).await.map_err(|error| Error::unavailable(format!("{}: {error:?}", target.operation)))
}
