//! HTTP calls that belong to no service of the SDK, by the SDK's own client: no second one in the binary, and the connection
//! of one call serves the next, whoever makes it.

use std::convert::Infallible;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::{Operation, OperationBuilder};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::error::{Error, Result};

/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A call of `endpoint`, without a signature; what is sent, how its answer is read, when it gives up and whether it is tried
/// again is still to be said.
pub fn call(sdk: &SdkConfig, service: &'static str, name: &'static str, endpoint: &str) -> OperationBuilder {
    let mut operation = Operation::builder()
        .service_name(service)
        .operation_name(name)
        .endpoint_url(endpoint)
        .no_auth()
        .with_connection_poisoning();
    if let Some(client) = sdk.http_client() {
        operation = operation.http_client(client);
    }
    if let Some(sleep) = sdk.sleep_impl() {
        operation = operation.sleep_impl(sleep);
    }
    operation
}

/// Opens the connection that the first call of `endpoint` would wait for, by a plain GET of `/`; whatever is answered is good.
///
/// # Errors
/// There is no answer.
pub async fn connect(sdk: &SdkConfig, endpoint: &str) -> Result<()> {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).build();
    let connect = call(sdk, "aws", "connect", endpoint)
        .no_retry()
        .timeout_config(timeouts)
        .serializer(|()| Ok(HttpRequest::new(SdkBody::empty())))
        .deserializer(|_: &HttpResponse| Ok::<(), OrchestratorError<Infallible>>(()))
        .build();
    connect.invoke(()).await.map_err(Error::unavailable)
}
