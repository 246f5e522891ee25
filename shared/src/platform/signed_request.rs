//! Plain requests to an AWS service that are signed with the function's credentials (AWS Signature Version 4) and sent by the HTTP
//! client that the other services' clients share: for a service that speaks no JSON 1.1, and is asked one or two things.
//! [`signed_call`](super::signed_call) is for those that do.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::clock::Clock;
use super::error::{Error, Result};
use super::plain_http::{self, CONNECT_TIMEOUT};

/// A service, reached by requests that are signed here.
#[derive(Debug)]
pub struct SignedRequests {
    operation: Operation<Prepared, Reply, RequestError>,
    credentials: SharedCredentialsProvider,
    service: &'static str,
    region: String,
    endpoint: String,
    clock: Clock,
}

/// Which service, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Service {
    /// As signatures name it: `execute-api`.
    pub name: &'static str,
    /// Where it is, without a slash at the end.
    pub endpoint: String,
    /// In which region.
    pub region: String,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How many attempts a request gets whose connection fails.
    pub attempts: u32,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// `POST`, `DELETE`.
    pub method: &'static str,
    /// As it is sent, percent-encoded.
    pub path: &'a str,
    /// Headers beside those of the signature.
    pub headers: &'a [(&'static str, &'static str)],
    /// What is sent.
    pub body: &'a [u8],
}

/// The answer, whatever it says.
#[derive(Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Reply {
    /// Without the body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// A request that is signed and only has to be sent.
#[derive(Clone, Debug)]
struct Prepared {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request that cannot be put together.
#[derive(Debug)]
struct RequestError(String);

impl std::fmt::Display for RequestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a signed request: {}", self.0)
    }
}

impl std::error::Error for RequestError {}

impl SignedRequests {
    /// Requests to `service`, with the function's own credentials.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn new(sdk: &SdkConfig, clock: Clock, service: Service) -> Result<Self> {
        let credentials = sdk.credentials_provider().ok_or_else(|| Error::internal("no credentials are configured"))?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT.min(service.timeout))
            .operation_attempt_timeout(service.timeout)
            .build();
        let operation = plain_http::call(sdk, service.name, "request", &service.endpoint)
            .standard_retry(&RetryConfig::standard().with_max_attempts(service.attempts))
            .timeout_config(timeouts)
            .serializer(|prepared: Prepared| {
                let failed = |error: &dyn std::fmt::Display| RequestError(error.to_string());
                let mut request = HttpRequest::new(SdkBody::from(prepared.body));
                request.set_method(prepared.method).map_err(|error| failed(&error))?;
                request.set_uri(prepared.path).map_err(|error| failed(&error))?;
                for (name, value) in prepared.headers {
                    request.headers_mut().try_insert(name, value).map_err(|error| failed(&error))?;
                }
                Ok(request)
            })
            .deserializer(|response: &HttpResponse| {
                let body = response.body().bytes().unwrap_or_default().to_vec();
                Ok::<_, OrchestratorError<RequestError>>(Reply { status: response.status().as_u16(), body })
            })
            .build();
        let endpoint = service.endpoint.trim_end_matches('/').to_owned();
        Ok(Self { operation, credentials, service: service.name, region: service.region, endpoint, clock })
    }

    /// Sends a request, and gives whatever is answered.
    ///
    /// # Errors
    /// 503 where there is no answer.
    pub async fn send(&self, request: &Request<'_>) -> Result<Reply> {
        let prepared = self.prepare(request).await?;
        self.operation.invoke(prepared).await.map_err(|error| Error::unavailable(format!("{error:?}")))
    }

    async fn prepare(&self, request: &Request<'_>) -> Result<Prepared> {
        let identity = self.credentials.provide_credentials().await.map_err(Error::unavailable)?.into();
        let params = SigningParams::builder().identity(&identity).region(&self.region).name(self.service);
        let params = params.time(self.clock.now().to_system()).settings(SigningSettings::default());
        let params = params.build().map_err(Error::internal)?.into();
        let url = format!("{}{}", self.endpoint, request.path);
        let signable = SignableRequest::new(
            request.method,
            url,
            request.headers.iter().copied(),
            SignableBody::Bytes(request.body),
        );
        let signed = sign(signable.map_err(Error::internal)?, &params).map_err(Error::internal)?;
        let (instructions, _) = signed.into_parts();
        let own = request.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let of_signature = instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let headers = own.chain(of_signature).collect();
        Ok(Prepared { method: request.method, path: request.path.to_owned(), headers, body: request.body.to_vec() })
    }
}
