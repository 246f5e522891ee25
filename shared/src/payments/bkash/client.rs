//! The calls to bKash.

use std::time::Duration;

use aws_config::SdkConfig;
use tokio::sync::Mutex;

use super::answer::{self, Granted, Payment, Refund, Refunds, good};
use super::hearing::Ear;
use super::keys::BkashKeys;
use super::request::{self, Call};
use super::token::Plan;
use super::token_store::TokenStore;
use crate::payments::calls::{Failure, Line, NoAnswer, Outgoing};
use crate::payments::expected::Expected;
use crate::payments::observed::{Did, Observed, Phase, SeenRefund};
use crate::payments::opening::{Handover, Opened, Opening};
use crate::payments::plan::{Op, OpKind};
use crate::payments::refund::RefundState;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::config::Secret;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::RefundId;
use crate::platform::money::Money;

const BKASH: &str = "bKash";
/// How it says that such a sum cannot be paid by it: "invalid amount".
const NO_SUCH_SUM: [&str; 1] = ["2006"];
/// bKash itself.
const LIVE: &str = "https://tokenized.pay.bka.sh";
/// How often one looks whether somebody else has renewed the token, and how long one waits in between.
const WAITS: u32 = 6;
const WAIT: Duration = Duration::from_millis(300);
/// How long before its end a token is not used any more.
const BEFORE_END: Duration = Duration::from_mins(10);

/// Refusals of an acceptance that only say how things stand: it is done already, or the customer has not agreed.
const DONE: [&str; 3] = ["2062", "2068", "2117"];
const NOT_AGREED: [&str; 3] = ["2054", "2056", "2060"];

/// bKash.
#[derive(Debug)]
pub struct Bkash {
    line: Line,
    keys: BkashKeys,
    clock: Clock,
    store: TokenStore,
    token: Mutex<Option<(Secret, Timestamp)>>,
    /// Where its events are listened to.
    pub(super) ear: Option<Ear>,
}

impl Bkash {
    /// At `url`, or else bKash's own, with `keys`; the token is shared in `store`. bKash is reached as `outside` says, and
    /// Amazon's service, by which it tells of payments, as `aws` says.
    pub fn new(
        url: Option<&str>,
        keys: BkashKeys,
        store: TokenStore,
        (outside, aws): (&SdkConfig, &SdkConfig),
        clock: Clock,
    ) -> Self {
        let stand_in = url.filter(|url| url.starts_with("http://"));
        let ear = keys.topic.clone().map(|topic| Ear::new(topic, stand_in, aws, clock.clone()));
        let line = Line::new(outside, "bkash", url.unwrap_or(LIVE));
        Self { line, keys, clock, store, token: Mutex::new(None), ear }
    }

    /// The token: the one that this instance knows, or all share; or a new one.
    async fn token(&self) -> Result<String, NoAnswer> {
        let mut known = self.token.lock().await;
        if let Some((token, until)) = known.as_ref()
            && self.clock.now() < until.minus(BEFORE_END)
        {
            return Ok(token.expose().to_owned());
        }
        let stored = |error: Error| NoAnswer::Lost(format!("its token: {}", error.cause().unwrap_or_default()));
        for _ in 0..WAITS {
            let kept = self.store.get().await.map_err(stored)?;
            match kept.plan(self.clock.now()) {
                Plan::Use => {
                    let Some((token, until)) = kept.open(&self.keys) else {
                        // Sealed by another app's secret: as good as none.
                        self.store.save(&kept.without()).await.map_err(stored)?;
                        continue;
                    };
                    let text = token.expose().to_owned();
                    *known = Some((token, until));
                    return Ok(text);
                }
                Plan::Renew(leased) => {
                    if !self.store.save(&leased).await.map_err(stored)? {
                        continue;
                    }
                    let refresh = leased.refresh(&self.keys);
                    let granted = match self.grant(refresh.as_ref()).await {
                        // It is not renewed any more: the next one is a new one.
                        Err(NoAnswer::Said(Failure::Refused(_))) if refresh.is_some() => {
                            self.store.save(&leased.without_refresh()).await.map_err(stored)?;
                            continue;
                        }
                        granted => granted?,
                    };
                    let renewed = leased.renewed(&self.keys, &granted).map_err(NoAnswer::unreadable)?;
                    self.store.save(&renewed).await.map_err(stored)?;
                    let text = granted.token.expose().to_owned();
                    *known = Some((granted.token, granted.until));
                    return Ok(text);
                }
                Plan::Wait => tokio::time::sleep(WAIT).await,
                Plan::Spent => return Err(NoAnswer::Lost("its token was asked for twice this hour".to_owned())),
            }
        }
        Err(NoAnswer::Lost("somebody else is renewing its token".to_owned()))
    }

    /// A new token, by the one that was given for it with the last, where there is one.
    async fn grant(&self, refresh: Option<&Secret>) -> Result<Granted, NoAnswer> {
        let headers =
            vec![("username", self.keys.username.clone()), ("password", self.keys.password.expose().to_owned())];
        let asked_at = self.clock.now();
        let call = refresh.map_or_else(|| request::grant(&self.keys), |token| request::refresh(&self.keys, token));
        let body = self.post(call, headers).await?;
        answer::token(&body, asked_at).map_err(NoAnswer::unreadable)
    }

    async fn post(&self, call: Call, mut headers: Vec<(&'static str, String)>) -> Result<Vec<u8>, NoAnswer> {
        headers.push(("content-type", "application/json".to_owned()));
        headers.push(("accept", "application/json".to_owned()));
        let Call { path, body } = call;
        let answer = self.line.call(Outgoing { method: "POST", path, headers, body: body.to_string() }).await?;
        good(answer.status, &answer.body).map_err(NoAnswer::Said)?;
        Ok(answer.body)
    }

    async fn send(&self, call: Call) -> Result<Vec<u8>, NoAnswer> {
        let token = self.token().await?;
        let headers = vec![("authorization", token.clone()), ("x-app-key", self.keys.app_key.clone())];
        let sent = self.post(call, headers).await;
        if matches!(sent, Err(NoAnswer::Said(Failure::NotAdmitted))) {
            // Whoever is not let in has done nothing; the next call asks for another token, if that may be.
            self.forget(&token).await;
        }
        sent
    }

    /// Forgets a token that bKash does not take any more, here and for all.
    async fn forget(&self, token: &str) {
        self.token.lock().await.take();
        let Ok(kept) = self.store.get().await else { return };
        let same = kept.open(&self.keys).is_some_and(|(known, _)| crypto::equal(known.bytes(), token.as_bytes()));
        if same {
            // Whoever was quicker has done it, or renewed it.
            let _ = self.store.save(&kept.without()).await;
        }
    }

    async fn look(&self, reference: &str) -> Result<(Timestamp, Payment, Refunds), NoAnswer> {
        let asked_at = self.clock.now();
        let body = self.send(request::status(reference)).await?;
        let payment = answer::payment(&body).map_err(NoAnswer::unreadable)?;
        let refunds = match &payment.transaction {
            Some(transaction) => match self.send(request::refunds(reference, transaction)).await {
                Ok(body) => answer::refunds(&body).map_err(NoAnswer::unreadable)?,
                // Of what nothing has gone back, bKash may know no refunds.
                Err(NoAnswer::Said(Failure::Refused(_))) => Refunds::default(),
                Err(why) => return Err(why),
            },
            None => Refunds::default(),
        };
        Ok((asked_at, payment, refunds))
    }

    /// Opens an attempt. Opened again before its reference was stored it is another, which nobody was handed.
    ///
    /// # Errors
    /// 409 `not_payable` where bKash takes no such sum; 503 `provider_unavailable`; 500 where it was opened otherwise than it was
    /// meant.
    pub async fn open(&self, opening: Opening<'_>) -> Result<Opened> {
        let nonce = crypto::sha256_hex(&crypto::random::<16>());
        let nonce = nonce.get(..12).unwrap_or_default();
        let body = self.send(request::open(opening, nonce)).await.map_err(|why| why.of_opening(BKASH, &NO_SUCH_SUM))?;
        let opened = answer::payment(&body).map_err(|error| NoAnswer::unreadable(error).of(BKASH))?;
        let Opening { amount, order, payment, .. } = opening;
        let (currency, at) = (amount.currency(), self.clock.now());
        let reference = opened.id.as_str();
        let expected =
            Expected { reference, amount: amount.amount(), currency, order, payment, at, returned: 0, untouched: true };
        if !request::is_id(reference) || !opened.observed(&Refunds::default(), expected, at).right {
            return Err(Error::internal("a payment was opened at bKash with another sum or reference"));
        }
        let url = opened.page.ok_or_else(|| Error::internal("a payment was opened at bKash without its page"))?;
        Ok(Opened { reference: opened.id, handover: Handover::Redirect { url } })
    }

    /// How an attempt stands. bKash shows its page once: who begins again has another attempt, and the one before is never
    /// accepted, unless they have agreed to it already.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn resume(&self, expected: Expected<'_>) -> Result<Observed> {
        let (asked_at, payment, refunds) = self.look(expected.reference).await.map_err(|why| why.of(BKASH))?;
        let seen = payment.observed(&refunds, expected, asked_at);
        let over = seen.phase == Phase::Open && !payment.has_agreed();
        Ok(if over { Observed { phase: Phase::Closed, agreed: false, ..seen } } else { seen })
    }

    /// How an attempt stands.
    ///
    /// # Errors
    /// 503 `provider_unavailable`.
    pub async fn observe(&self, expected: Expected<'_>) -> Result<Observed> {
        let (asked_at, payment, refunds) = self.look(expected.reference).await.map_err(|why| why.of(BKASH))?;
        Ok(payment.observed(&refunds, expected, asked_at))
    }

    /// Does what was written down, unless a look shows that it is done.
    pub async fn act(&self, op: &Op, expected: Expected<'_>) -> Did {
        let done = match op.kind {
            OpKind::Accept => self.accept(expected).await,
            OpKind::Refund => self.refund(op, expected).await,
            OpKind::Void => self.give_up(expected).await,
            OpKind::Capture => Err(NoAnswer::Said(Failure::refused("not_possible"))),
        };
        done.map_or_else(NoAnswer::did, Did::Done)
    }

    async fn seen(&self, expected: Expected<'_>) -> Result<Observed, NoAnswer> {
        let (asked_at, payment, refunds) = self.look(expected.reference).await.map_err(NoAnswer::of_a_look)?;
        Ok(payment.observed(&refunds, expected, asked_at))
    }

    async fn accept(&self, expected: Expected<'_>) -> Result<Observed, NoAnswer> {
        let before = self.seen(expected).await?;
        if before.phase != Phase::Open {
            return Ok(before);
        }
        match self.send(request::execute(expected.reference)).await {
            Ok(_) => self.seen(expected).await,
            Err(NoAnswer::Said(Failure::Refused(code))) if DONE.contains(&code.as_str()) => self.seen(expected).await,
            Err(NoAnswer::Said(Failure::Refused(code))) if NOT_AGREED.contains(&code.as_str()) => {
                Ok(Observed { agreed: false, ..self.seen(expected).await? })
            }
            Err(why) => Err(why),
        }
    }

    /// Nothing is taken before we accept, and we never shall: that shuts the door.
    async fn give_up(&self, expected: Expected<'_>) -> Result<Observed, NoAnswer> {
        let seen = self.seen(expected).await?;
        let open = seen.phase == Phase::Open;
        Ok(if open { Observed { phase: Phase::Closed, agreed: false, ..seen } } else { seen })
    }

    /// Gives money back. bKash knows no keys, and its list of refunds no ids of ours: where it was sent before, what has gone back
    /// since is this one.
    async fn refund(&self, op: &Op, expected: Expected<'_>) -> Result<Observed, NoAnswer> {
        let Some(id) = op.refund else { return Err(NoAnswer::Lost("a refund without its id".to_owned())) };
        let amount = Money::new(op.amount, expected.currency);
        let named = |observed: Observed, refunds: &Refunds| {
            let seen = refunds.of(amount).map(|refund| seen_as(id, refund));
            Observed { refunds: seen.into_iter().collect(), ..observed }
        };
        let (asked_at, payment, refunds) = self.look(expected.reference).await.map_err(NoAnswer::of_a_look)?;
        let before = payment.observed(&refunds, expected, asked_at);
        if op.again && before.returned + before.returning - expected.returned >= op.amount {
            return Ok(named(before, &refunds));
        }
        let Some(transaction) = payment.transaction.as_deref().filter(|_| before.phase == Phase::Taken) else {
            // It was taken when the refund was written down: this answer is an old one.
            return Err(NoAnswer::outdated());
        };
        let body = self.send(request::refund(expected, transaction, amount, id)).await?;
        let made = answer::refund(&body).map_err(NoAnswer::unreadable)?;
        // It is made, whatever a look says that may be an older answer, or that fails.
        let after = self.look(expected.reference).await.ok();
        let seen =
            after.map_or_else(|| before.clone(), |(at, payment, refunds)| payment.observed(&refunds, expected, at));
        let (returned, returning) =
            if made.is_done() { (before.returned + op.amount, 0) } else { (0, before.returning + op.amount) };
        let (returned, returning) = (seen.returned.max(returned), seen.returning.max(returning));
        Ok(Observed { returned, returning, refunds: vec![seen_as(id, &made)], ..seen })
    }
}

/// A refund of ours as bKash has it.
fn seen_as(id: RefundId, refund: &Refund) -> SeenRefund {
    let state = if refund.is_done() { RefundState::Succeeded } else { RefundState::Pending };
    SeenRefund { id, reference: refund.transaction.clone(), state }
}
