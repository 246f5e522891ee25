//! Posting to addresses that others have named: by the HTTP client that AWS is reached by, but with a look at where a name leads
//! before anything is sent there, without following redirects, and without waiting long.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::guard;
use super::target::Target;
use crate::platform::aws;
use crate::platform::config::Config;
use crate::platform::error::{Error, Result};
use crate::platform::plain_http;

/// How long an address may take to answer: the specification asks for 15 to 30 seconds.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// What stands in the error of a name that leads to where nobody may be led.
const REFUSED: &str = "leads to an address that is not public";

/// What an address has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// This status, and for how long it wants to be left alone.
    Answered(u16, Option<Duration>),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

/// The way out.
#[derive(Clone, Debug)]
pub struct Line {
    sdk: SdkConfig,
    local: bool,
}

/// Finds the public addresses of a name, and no others: it is asked for each connection, so that a name which leads elsewhere by
/// then leads nowhere.
#[derive(Clone, Debug)]
struct PublicNames;

impl ResolveDns for PublicNames {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 443)).await.map_err(ResolveDnsError::new)?;
            let public: Vec<_> =
                found.map(|address| address.ip()).filter(|address| guard::is_public(*address)).collect();
            if public.is_empty() { Err(ResolveDnsError::new(REFUSED)) } else { Ok(public) }
        })
    }
}

impl Line {
    /// As the configuration says: on one's own machine to the loopback interface as well.
    ///
    /// # Errors
    /// `AWS_CA_BUNDLE` names a file that cannot be read or holds no certificate.
    pub fn new(config: &Config, sdk: &SdkConfig) -> Result<Self> {
        let client = aws::public_client(config, PublicNames).map_err(Error::internal)?;
        Ok(Self { sdk: sdk.to_builder().http_client(client).build(), local: config.is_local() })
    }

    /// Posts `body` with `headers`.
    pub(super) async fn post(&self, target: &Target, headers: &[(&'static str, String)], body: &str) -> Posted {
        // Once more, as it was let through when it was set: an address in figures is looked up by nobody.
        if Target::parse(&target.to_string(), self.local).is_err() {
            return Posted::Nothing("address_refused");
        }
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(TIMEOUT).build();
        let (path, headers, body) = (target.path().to_owned(), headers.to_vec(), body.to_owned());
        let operation = plain_http::call(&self.sdk, "webhooks", "post", target.origin())
            .no_retry()
            .timeout_config(timeouts)
            .serializer(move |()| {
                let mut request = HttpRequest::new(SdkBody::from(body.as_str()));
                request.set_method("POST").map_err(|error| Malformed(error.to_string()))?;
                request.set_uri(path.as_str()).map_err(|error| Malformed(error.to_string()))?;
                let own = [
                    ("content-type", "application/json".to_owned()),
                    ("user-agent", "Apothecary-Webhooks/1".to_owned()),
                ];
                for (name, value) in own.into_iter().chain(headers.iter().cloned()) {
                    let set = request.headers_mut().try_insert(name, value);
                    set.map_err(|error| Malformed(error.to_string()))?;
                }
                Ok(request)
            })
            .deserializer(|response: &HttpResponse| {
                let retry_after = response.headers().get("retry-after").and_then(|text| text.trim().parse().ok());
                let answered = (response.status().as_u16(), retry_after.map(Duration::from_secs));
                Ok::<_, OrchestratorError<Malformed>>(answered)
            })
            .build();
        match operation.invoke(()).await {
            Ok((status, retry_after)) => Posted::Answered(status, retry_after),
            Err(error) => {
                let text = format!("{error:?}");
                Posted::Nothing(if text.contains(REFUSED) {
                    "address_refused"
                } else if text.contains("imeout") {
                    "timeout"
                } else {
                    "no_connection"
                })
            }
        }
    }
}

/// A request that cannot be put together.
#[derive(Debug)]
struct Malformed(String);

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_leads_nowhere() {
        let refused = PublicNames.resolve_dns("localhost").await.unwrap_err();
        assert!(format!("{refused:?}").contains(REFUSED), "{refused:?}");
    }
}
