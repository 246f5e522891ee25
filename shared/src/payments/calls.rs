//! How providers are called. Nothing is tried again here: what has become of a call without an answer, a look tells.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::observed::Did;
use crate::platform::error::{Error, Kind};
use crate::platform::plain_http::{self, CONNECT_TIMEOUT};
use crate::platform::wording;

/// How long a call may take in all.
const TIMEOUT: Duration = Duration::from_secs(4);
/// The most that is read of an answer.
const MAX_ANSWER: usize = 1024 * 1024;

/// A call, as it is sent.
pub(super) struct Outgoing {
    /// `GET` or `POST`.
    pub(super) method: &'static str,
    /// The path with its query.
    pub(super) path: String,
    /// The headers, with keys and secrets.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body, empty for a `GET`.
    pub(super) body: String,
}

impl std::fmt::Debug for Outgoing {
    /// Without headers and body: they hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outgoing({} {})", self.method, self.path)
    }
}

/// An answer.
#[derive(Clone)]
pub(super) struct Incoming {
    /// Its status.
    pub(super) status: u16,
    /// Its body.
    pub(super) body: Vec<u8>,
}

impl std::fmt::Debug for Incoming {
    /// Without the body: it may hold what one pays with.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Incoming({})", self.status)
    }
}

/// A call that could not be made.
#[derive(Debug)]
struct Lost(String);

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Lost {}

/// The way to one provider.
#[derive(Debug)]
pub(super) struct Line(Operation<Outgoing, Incoming, Lost>);

impl Line {
    /// To `provider` at `url`.
    pub(super) fn new(sdk: &SdkConfig, provider: &'static str, url: &str) -> Self {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(TIMEOUT).build();
        let operation = plain_http::call(sdk, provider, "call", url)
            .no_retry()
            .timeout_config(timeouts)
            .serializer(|call: Outgoing| {
                let mut http = HttpRequest::new(SdkBody::from(call.body));
                http.set_method(call.method).map_err(|error| Lost(error.to_string()))?;
                http.set_uri(call.path).map_err(|error| Lost(error.to_string()))?;
                for (name, value) in call.headers {
                    http.headers_mut().try_insert(name, value).map_err(|error| Lost(error.to_string()))?;
                }
                Ok(http)
            })
            .deserializer(|response: &HttpResponse| {
                let body = response.body().bytes().unwrap_or_default();
                if body.len() > MAX_ANSWER {
                    return Err(OrchestratorError::operation(Lost("the answer is too long".to_owned())));
                }
                Ok(Incoming { status: response.status().as_u16(), body: body.to_vec() })
            });
        Self(operation.build())
    }

    /// Calls once.
    ///
    /// # Errors
    /// No answer came: nobody knows what has become of it.
    pub(super) async fn call(&self, call: Outgoing) -> Result<Incoming, NoAnswer> {
        self.0.invoke(call).await.map_err(|error| NoAnswer::Lost(format!("{error:?}")))
    }
}

/// An answer that is not the one hoped for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It says no, by this code.
    Refused(String),
    /// It failed, and would answer the same to the same key.
    Failed,
    /// It did nothing yet: too much at once, or the same is under way.
    Busy,
    /// It does not let us in: the key is wrong.
    NotAdmitted,
}

impl Failure {
    /// A refusal by a code, which is ours to log and to compare; never longer than a code is.
    pub(super) fn refused(code: &str) -> Self {
        Self::Refused(code.chars().take(60).collect())
    }
}

/// Why there is no answer to be read.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// Nobody knows.
    Lost(String),
    /// The provider says so.
    Said(Failure),
}

impl NoAnswer {
    /// An answer that cannot be read says nothing about what was done.
    pub(super) fn unreadable(error: impl std::fmt::Display) -> Self {
        Self::Lost(format!("an answer that cannot be read: {error}"))
    }

    /// An answer that shows less than was seen before says nothing either.
    pub(super) fn outdated() -> Self {
        Self::Lost("an answer that is older than what is known".to_owned())
    }

    /// After what was done, a look that failed says nothing about it.
    pub(super) fn of_a_look(self) -> Self {
        match self {
            Self::Said(failure) => Self::Lost(format!("{failure:?}")),
            lost @ Self::Lost(_) => lost,
        }
    }

    /// As whoever asked is told.
    pub(super) fn of(self, provider: &'static str) -> Error {
        let cause = match self {
            Self::Said(Failure::NotAdmitted) => return Error::internal(format!("{provider} does not know our key")),
            Self::Said(Failure::Refused(code)) => return Error::internal(format!("{provider} refuses: {code}")),
            Self::Said(failure) => format!("{provider}: {failure:?}"),
            Self::Lost(how) => format!("{provider}: {how}"),
        };
        let detail = wording::payments::provider_silent();
        Error::new(Kind::Unavailable, "provider_unavailable", detail)
            .retry_after(Duration::from_secs(5))
            .caused_by(cause)
    }

    /// As whoever wants to pay is told; by these codes the provider says that such a sum cannot be paid by it.
    pub(super) fn of_opening(self, provider: &'static str, no_such_sum: &[&str]) -> Error {
        match self {
            Self::Said(Failure::Refused(code)) if no_such_sum.contains(&code.as_str()) => {
                Error::conflict("not_payable", wording::payments::not_payable())
                    .caused_by(format!("{provider} refuses: {code}"))
            }
            why => why.of(provider),
        }
    }

    /// What it says of an operation.
    pub(super) fn did(self) -> Did {
        match self {
            Self::Said(Failure::Refused(code)) => Did::Refused(code),
            Self::Said(Failure::Failed) => Did::Unknown { answered: true },
            why => {
                tracing::warn!(error.cause = ?why, "a call of the payment provider has no answer");
                Did::Unknown { answered: false }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_cannot_be_paid_is_no_fault_of_ours() {
        let opening = |code: &str| {
            let error = NoAnswer::Said(Failure::refused(code)).of_opening("Stripe", &["amount_too_small"]);
            error.code().to_owned()
        };
        assert_eq!(opening("amount_too_small"), "not_payable");
        assert_ne!(opening("parameter_unknown"), "not_payable");
    }
}
