//! What CloudFormation waits for when a function is the resource of a stack ("Custom resource request objects" and
//! "…response objects"): a PUT to an address that it has signed.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::{Value, json};

use super::app::App;
use crate::platform::error::{Error, Result};
use crate::platform::plain_http::{self, CONNECT_TIMEOUT};

/// Whether the event asks to delete the resource.
pub fn is_deletion(event: &Value) -> bool {
    text(event, "RequestType") == Some("Delete")
}

fn text<'a>(event: &'a Value, name: &str) -> Option<&'a str> {
    event.get(name).and_then(Value::as_str)
}

/// Tells CloudFormation how it went, where the event comes from it.
///
/// # Errors
/// CloudFormation's address does not take the answer.
pub async fn answer(app: &App, event: &Value, outcome: &Result<Value>) -> Result<()> {
    let Some(url) = text(event, "ResponseURL") else { return Ok(()) };
    let (status, reason) = match outcome {
        Ok(_) => ("SUCCESS", String::new()),
        // The deployer reads this; the cause, which may hold more than is theirs to see, is in the log.
        Err(error) => ("FAILED", format!("{}: see the function's log", error.code())),
    };
    let body = json!({
        "Status": status,
        "Reason": reason,
        // The same at every update, or CloudFormation would take it for another resource and delete this one.
        "PhysicalResourceId": text(event, "LogicalResourceId"),
        "LogicalResourceId": text(event, "LogicalResourceId"),
        "RequestId": text(event, "RequestId"),
        "StackId": text(event, "StackId"),
    });
    put(app, url, body.to_string()).await
}

async fn put(app: &App, url: &str, body: String) -> Result<()> {
    let path_at = url.find("://").and_then(|scheme| Some(scheme + 3 + url.get(scheme + 3..)?.find('/')?));
    let parts = path_at.and_then(|at| url.split_at_checked(at));
    let (host, path) = parts.ok_or_else(|| Error::unknown_event("the ResponseURL is no address"))?;
    let path = path.to_owned();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(Duration::from_secs(3))
        .build();
    let operation = plain_http::call(app.sdk(), "cloudformation", "respond", host)
        .standard_retry(&RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .serializer(move |()| {
            let mut request = HttpRequest::new(SdkBody::from(body.as_str()));
            request.set_method("PUT").and_then(|()| request.set_uri(path.as_str()))?;
            // The signature is over an empty type.
            request.headers_mut().insert("content-type", "");
            Ok(request)
        })
        .deserializer(|response: &HttpResponse| {
            if response.status().is_success() {
                return Ok(());
            }
            let status = std::io::Error::other(format!("status {}", response.status().as_u16()));
            Err(OrchestratorError::operation(status))
        })
        .build();
    operation.invoke(()).await.map_err(|error| Error::unavailable(format!("{error:?}")))
}
