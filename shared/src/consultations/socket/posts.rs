//! What is sent on connections: API Gateway's management calls, by signed plain requests.

use std::time::Duration;

use aws_config::SdkConfig;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::connection::ConnectionId;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::Result;
use crate::platform::signed_request::{Request, Service, SignedRequests};

/// How long one frame may take: one that hangs delays nobody longer than this.
const TIMEOUT: Duration = Duration::from_secs(1);
/// What is encoded in a path (RFC 3986, unreserved characters are not).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a frame fared. That it was taken does not say that it has arrived: a connection that has just broken takes it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It was taken.
    Taken,
    /// There is no such connection any more.
    Gone,
    /// There was no answer, or none of use.
    Failed,
}

/// The way to connections.
#[derive(Debug)]
pub struct Posts {
    requests: SignedRequests,
    path: String,
}

impl Posts {
    /// As the configuration says.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn new(config: &Config, sdk: &SdkConfig, clock: Clock) -> Result<Self> {
        let service = Service {
            name: "execute-api",
            endpoint: config.socket_management_endpoint(),
            region: config.region.clone(),
            timeout: TIMEOUT,
            attempts: 1,
        };
        Ok(Self { requests: SignedRequests::new(sdk, clock, service)?, path: config.socket_connections_path() })
    }

    /// Sends a frame.
    pub(super) async fn post(&self, id: &ConnectionId, frame: &[u8]) -> Posted {
        self.call("POST", id, frame).await
    }

    /// Closes a connection; one that is closed is.
    pub(super) async fn close(&self, id: &ConnectionId) {
        self.call("DELETE", id, &[]).await;
    }

    async fn call(&self, method: &'static str, id: &ConnectionId, body: &[u8]) -> Posted {
        let path = format!("{}{}", self.path, utf8_percent_encode(id.as_str(), SEGMENT));
        match self.requests.send(&Request { method, path: &path, headers: &[], body }).await {
            Ok(reply) if reply.status == 410 => Posted::Gone,
            Ok(reply) if (200..300).contains(&reply.status) => Posted::Taken,
            Ok(reply) => {
                tracing::warn!(http.status = reply.status, "a connection was not reached");
                Posted::Failed
            }
            Err(error) => {
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "a connection was not reached");
                Posted::Failed
            }
        }
    }
}
