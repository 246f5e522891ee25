//! The calls to Stripe. Nothing is tried again here: what has become of a call without an answer, a look tells.

use aws_config::SdkConfig;

use super::answer::{
    Intent, RefundAnswer, RefundList, dispute_list, failure, intent, refund as read_refund, refund_list,
};
use super::keys::StripeKeys;
use super::request::{self, Call};
use super::{API_VERSION, event, signature};
use crate::payments::calls::{Failure, Line, NoAnswer, Outgoing};
use crate::payments::expected::Expected;
use crate::payments::news::Page;
use crate::payments::observed::{Did, Observed};
use crate::payments::opening::{Handover, Opened, Opening};
use crate::payments::plan::{Op, OpKind};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};

const STRIPE: &str = "Stripe";
/// How it says that there is no such intent.
const NO_SUCH_INTENT: &str = "resource_missing";
/// How it says that such a sum cannot be paid by card.
const NO_SUCH_SUM: [&str; 2] = ["amount_too_small", "amount_too_large"];
/// Under how many keys an attempt is opened, where Stripe fails.
const MAX_KEYS: u32 = 3;

/// Stripe.
#[derive(Debug)]
pub struct Stripe {
    line: Line,
    keys: StripeKeys,
    clock: Clock,
}

impl Stripe {
    /// At `url`, with `keys`.
    pub fn new(url: &str, keys: StripeKeys, sdk: &SdkConfig, clock: Clock) -> Self {
        Self { line: Line::new(sdk, "stripe", url), keys, clock }
    }

    /// Whether `header` is Stripe's signature of `body`.
    pub fn has_signed(&self, header: &str, body: &[u8]) -> bool {
        let secrets: Vec<_> = self.keys.webhook_secrets.iter().map(|secret| secret.bytes()).collect();
        signature::is_good(header, body, &secrets, self.clock.now())
    }

    async fn send(&self, call: Call) -> Result<Vec<u8>, NoAnswer> {
        let Call { method, path, body, idempotency_key } = call;
        let mut headers = vec![
            ("authorization", format!("Bearer {}", self.keys.secret_key.expose())),
            ("stripe-version", API_VERSION.to_owned()),
        ];
        if let Some(key) = idempotency_key {
            headers.push(("idempotency-key", key));
            headers.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
        }
        let answer = self.line.call(Outgoing { method, path, headers, body }).await?;
        match answer.status {
            200..=299 => Ok(answer.body),
            status => Err(NoAnswer::Said(failure(status, &answer.body))),
        }
    }

    async fn intent_of(&self, call: Call) -> Result<Intent, NoAnswer> {
        let body = self.send(call).await?;
        let mut read = intent(&body).map_err(NoAnswer::unreadable)?;
        if read.has_more_refunds() {
            let body = self.send(request::list_refunds(&read.id)).await?;
            let all: RefundList = refund_list(&body).map_err(NoAnswer::unreadable)?;
            read.with_refunds(all);
        }
        if read.was_disputed() {
            match self.send(request::list_disputes(&read.id)).await {
                Ok(body) => read.with_disputes(dispute_list(&body).map_err(NoAnswer::unreadable)?),
                // The key may not see disputes: they are taken for open.
                Err(NoAnswer::Said(Failure::NotAdmitted)) => {
                    tracing::warn!("the key of Stripe's may not read disputes");
                }
                Err(why) => return Err(why.of_a_look()),
            }
        }
        Ok(read)
    }

    /// Opens an attempt. Repeated under the same key, it answers with the same.
    ///
    /// # Errors
    /// 503 `provider_unavailable`; 500 where it was opened otherwise than it was meant.
    pub async fn open(&self, opening: Opening<'_>) -> Result<Opened> {
        let Opening { amount, order, payment, .. } = opening;
        let intent = self.opened(opening).await.map_err(|why| why.of_opening(STRIPE, &NO_SUCH_SUM))?;
        let (reference, currency) = (intent.id.as_str(), amount.currency());
        let expected = Expected {
            reference,
            amount: amount.amount(),
            currency,
            order,
            payment,
            at: self.clock.now(),
            returned: 0,
            untouched: true,
        };
        if !intent.observed(expected, self.clock.now()).right {
            return Err(Error::internal("an intent was opened with another sum or reference"));
        }
        let handover = handover(&intent).ok_or_else(|| Error::internal("an intent came without its secret"))?;
        Ok(Opened { reference: intent.id, handover })
    }

    /// Stripe keeps a failure under its key for a day. So whoever is told of one goes on under the next key, and whoever comes
    /// again goes through the same keys: nobody was handed what may have been opened under one that failed.
    async fn opened(&self, opening: Opening<'_>) -> Result<Intent, NoAnswer> {
        let Opening { amount, order, payment, key, .. } = opening;
        let mut answer = self.intent_of(request::open(amount, order, payment, key.to_owned())).await;
        for again in 2..=MAX_KEYS {
            if !matches!(answer, Err(NoAnswer::Said(Failure::Failed))) {
                break;
            }
            answer = self.intent_of(request::open(amount, order, payment, format!("{key}:{again}"))).await;
        }
        answer
    }

    async fn look(&self, reference: &str) -> Result<(Timestamp, Intent)> {
        let asked_at = self.clock.now();
        let intent = self.intent_of(request::look(reference)).await.map_err(|why| why.of(STRIPE))?;
        Ok((asked_at, intent))
    }

    /// How an attempt stands, and what it is gone on with.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn resume(&self, expected: Expected<'_>) -> Result<(Observed, Option<Handover>)> {
        let (asked_at, intent) = self.look(expected.reference).await?;
        Ok((intent.observed(expected, asked_at), handover(&intent)))
    }

    /// A page of what has happened since a time: the newest, or what came before `after`, where the page before ended.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn events(&self, since: Timestamp, after: Option<&str>) -> Result<Page> {
        let call = request::list_events(since.seconds(), after);
        let body = self.send(call).await.map_err(|why| why.of(STRIPE))?;
        event::page(&body).map_err(|error| NoAnswer::unreadable(error).of(STRIPE))
    }

    /// The order that an intent names.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn order_of(&self, reference: &str) -> Result<Option<String>> {
        match self.intent_of(request::look(reference)).await {
            Ok(intent) => Ok(intent.order().map(str::to_owned)),
            Err(NoAnswer::Said(Failure::Refused(code))) if code == NO_SUCH_INTENT => Ok(None),
            Err(why) => Err(why.of(STRIPE)),
        }
    }

    /// Does what was written down.
    pub async fn act(&self, op: &Op, expected: Expected<'_>, key: String) -> Did {
        let asked_at = self.clock.now();
        let sent = match op.kind {
            // Stripe's customers confirm by themselves: there is nothing to be accepted.
            OpKind::Accept => self.intent_of(request::look(expected.reference)).await,
            OpKind::Capture => self.intent_of(request::capture(expected.reference, op.amount, key)).await,
            OpKind::Void => self.intent_of(request::void(expected.reference, key)).await,
            OpKind::Refund => self.refund(op, expected, key).await,
        };
        match sent {
            Ok(intent) => Did::Done(intent.observed(expected, asked_at)),
            Err(why) => why.did(),
        }
    }

    /// Gives money back, then looks: the refund alone does not say how the whole stands.
    async fn refund(&self, op: &Op, expected: Expected<'_>, key: String) -> Result<Intent, NoAnswer> {
        let Some(id) = op.refund else { return Err(NoAnswer::Lost("a refund without its id".to_owned())) };
        let body = self.send(request::refund(expected, op.amount, id, key)).await?;
        let _: RefundAnswer = read_refund(&body).map_err(NoAnswer::unreadable)?;
        // It is done; that the look failed says nothing about it.
        self.intent_of(request::look(expected.reference)).await.map_err(NoAnswer::of_a_look)
    }
}

fn handover(intent: &Intent) -> Option<Handover> {
    intent.client_secret.clone().map(|client_secret| Handover::Stripe { client_secret })
}
