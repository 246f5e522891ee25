//! The calls to Stripe. Nothing is tried again here: what has become of a call without an answer, a look tells.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::answer::{Failure, Intent, RefundAnswer, RefundList, failure, intent, refund as read_refund, refund_list};
use super::keys::StripeKeys;
use super::request::{self, Call, Expected};
use super::{API_VERSION, signature};
use crate::payments::observed::{Did, Observed};
use crate::payments::plan::{Op, OpKind};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::money::Money;
use crate::platform::plain_http::{self, CONNECT_TIMEOUT};

/// How long a call may take in all.
const TIMEOUT: Duration = Duration::from_secs(4);
/// The most that is read of an answer.
const MAX_ANSWER: usize = 1024 * 1024;

/// Stripe.
#[derive(Debug)]
pub struct Stripe {
    operation: Operation<Call, Answer, Lost>,
    keys: StripeKeys,
    clock: Clock,
}

/// An answer.
#[derive(Clone)]
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    /// Without the body: it may hold a client's secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({})", self.status)
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

/// Why there is no answer to be read.
#[derive(Debug)]
enum NoAnswer {
    /// Nobody knows.
    Lost(String),
    /// Stripe says so.
    Said(Failure),
}

impl From<NoAnswer> for Error {
    fn from(why: NoAnswer) -> Self {
        let cause = match why {
            NoAnswer::Said(Failure::NotAdmitted) => return Self::internal("Stripe does not know our key"),
            NoAnswer::Said(Failure::Refused(code)) => return Self::internal(format!("Stripe refuses: {code}")),
            NoAnswer::Said(failure) => format!("Stripe: {failure:?}"),
            NoAnswer::Lost(how) => format!("Stripe: {how}"),
        };
        let detail = "The payment provider does not answer just now; try again.";
        Self::new(Kind::Unavailable, "provider_unavailable", detail)
            .retry_after(Duration::from_secs(5))
            .caused_by(cause)
    }
}

impl Stripe {
    /// At `url`, with `keys`.
    pub fn new(url: &str, keys: StripeKeys, sdk: &SdkConfig, clock: Clock) -> Self {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(TIMEOUT).build();
        let authorization = format!("Bearer {}", keys.secret_key.expose());
        let operation = plain_http::call(sdk, "stripe", "call", url)
            .no_retry()
            .timeout_config(timeouts)
            .serializer(move |call: Call| {
                let mut http = HttpRequest::new(SdkBody::from(call.body));
                http.set_method(call.method).map_err(|error| Lost(error.to_string()))?;
                http.set_uri(call.path).map_err(|error| Lost(error.to_string()))?;
                let headers = http.headers_mut();
                headers.insert("authorization", authorization.clone());
                headers.insert("stripe-version", API_VERSION);
                if let Some(key) = call.idempotency_key {
                    headers.insert("idempotency-key", key);
                    headers.insert("content-type", "application/x-www-form-urlencoded");
                }
                Ok(http)
            })
            .deserializer(|response: &HttpResponse| {
                let body = response.body().bytes().unwrap_or_default();
                if body.len() > MAX_ANSWER {
                    return Err(OrchestratorError::operation(Lost("the answer is too long".to_owned())));
                }
                Ok(Answer { status: response.status().as_u16(), body: body.to_vec() })
            });
        Self { operation: operation.build(), keys, clock }
    }

    /// Whether `header` is Stripe's signature of `body`.
    pub fn has_signed(&self, header: &str, body: &[u8]) -> bool {
        let secrets: Vec<_> = self.keys.webhook_secrets.iter().map(|secret| secret.bytes()).collect();
        signature::is_good(header, body, &secrets, self.clock.now())
    }

    async fn send(&self, call: Call) -> Result<Vec<u8>, NoAnswer> {
        let answer = self.operation.invoke(call).await.map_err(|error| NoAnswer::Lost(format!("{error:?}")))?;
        match answer.status {
            200..=299 => Ok(answer.body),
            status => Err(NoAnswer::Said(failure(status, &answer.body))),
        }
    }

    async fn intent_of(&self, call: Call) -> Result<Intent, NoAnswer> {
        let body = self.send(call).await?;
        let mut read =
            intent(&body).map_err(|error| NoAnswer::Lost(format!("an intent that cannot be read: {error}")))?;
        if read.has_more_refunds() {
            let body = self.send(request::list_refunds(&read.id)).await?;
            let all: RefundList =
                refund_list(&body).map_err(|error| NoAnswer::Lost(format!("refunds that cannot be read: {error}")))?;
            read.with_refunds(all);
        }
        Ok(read)
    }

    /// Opens an attempt. Repeated under the same key, it answers with the same.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn open(&self, amount: Money, order: &str, payment: &str, key: String) -> Result<Intent> {
        Ok(self.intent_of(request::open(amount, order, payment, key)).await?)
    }

    /// An intent as it stands.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn look(&self, reference: &str) -> Result<(Timestamp, Intent)> {
        let asked_at = self.clock.now();
        Ok((asked_at, self.intent_of(request::look(reference)).await?))
    }

    /// How an attempt stands.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn observe(&self, expected: Expected<'_>) -> Result<Observed> {
        let (asked_at, intent) = self.look(expected.reference).await?;
        Ok(intent.observed(expected, asked_at))
    }

    /// Does what was written down.
    pub async fn act(&self, op: &Op, expected: Expected<'_>, key: String) -> Did {
        let asked_at = self.clock.now();
        let sent = match op.kind {
            OpKind::Capture => self.intent_of(request::capture(expected.reference, op.amount, key)).await,
            OpKind::Void => self.intent_of(request::void(expected.reference, key)).await,
            OpKind::Refund => self.refund(op, expected, key).await,
        };
        match sent {
            Ok(intent) => Did::Done(intent.observed(expected, asked_at)),
            Err(NoAnswer::Said(Failure::Refused(code))) => Did::Refused(code),
            Err(NoAnswer::Said(Failure::Failed)) => Did::Unknown { answered: true },
            Err(why) => {
                tracing::warn!(error.cause = ?why, "a call of the payment provider has no answer");
                Did::Unknown { answered: false }
            }
        }
    }

    /// Gives money back, then looks: the refund alone does not say how the whole stands.
    async fn refund(&self, op: &Op, expected: Expected<'_>, key: String) -> Result<Intent, NoAnswer> {
        let Some(id) = op.refund else { return Err(NoAnswer::Lost("a refund without its id".to_owned())) };
        let body = self.send(request::refund(expected, op.amount, id, key)).await?;
        let _: RefundAnswer =
            read_refund(&body).map_err(|error| NoAnswer::Lost(format!("a refund that cannot be read: {error}")))?;
        self.intent_of(request::look(expected.reference)).await.map_err(|why| match why {
            // It is done; that the look failed says nothing about it.
            NoAnswer::Said(failure) => NoAnswer::Lost(format!("{failure:?}")),
            lost @ NoAnswer::Lost(_) => lost,
        })
    }
}
