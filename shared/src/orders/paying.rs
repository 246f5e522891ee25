//! The use-cases of paying: starting, coming back, and being told by the provider.
//!
//! - It runs twice: what was seen is joined, never added; where nothing has changed, nothing is written.
//! - It runs twice at once: the order's version lets one through; the other reads again and joins its own answer once more,
//!   without asking again.
//! - It dies in the middle: an attempt that was opened and not written down is opened under the same key by the next, and
//!   nobody was handed anything to pay it with. What was not seen is seen by the next look: the order is due.

use std::time::Duration;

use super::order::Order;
use super::store::OrderStore;
use crate::audit::{Action, Actor as Trace, Audit, Entry, Origin, Outcome as Ended};
use crate::payments::stripe::{Event, Expected, Intent};
use crate::payments::{NotPayable, Observed, Online, Payable, Providers};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Client, Outcome, back_off, transact, write};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::OrderId;

pub(super) const ATTEMPTS: u32 = 6;
/// An answer of the provider is good for this long when customers come back and ask again.
const FRESH: Duration = Duration::from_secs(2);
/// How much of an event's digest is kept.
const DIGEST: usize = 11;

/// Pays for orders.
#[derive(Debug)]
pub struct Paying<'a> {
    /// Where orders are.
    pub store: OrderStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// For transactions over both.
    pub dynamo: Client,
    /// Who has the money.
    pub providers: &'a Providers,
}

/// A payment that can be made now.
#[derive(Debug)]
pub struct Started {
    /// The order.
    pub order: Order,
    /// What the customer's browser pays with; it is not stored.
    pub client_secret: String,
}

/// Who or what brought news of a payment, for the trail.
pub(super) enum Through<'a> {
    /// Somebody.
    Somebody(&'a Trace),
    /// The provider, or the time.
    Request(&'a Origin),
}

/// What an attempt was opened with.
pub(super) fn expected<'a>(online: &Online, n: u32, ids: &'a (String, String, String)) -> Option<Expected<'a>> {
    let attempt = online.attempts.iter().find(|attempt| attempt.n == n)?;
    let (reference, order, payment) = ids;
    Some(Expected { reference, amount: attempt.amount, currency: online.due.currency(), order, payment })
}

/// The ids that [`expected`] borrows: the provider's, the order's, the payment's.
pub(super) fn ids(order: OrderId, online: &Online, n: u32) -> (String, String, String) {
    let reference = online.attempts.iter().find(|attempt| attempt.n == n).map(|attempt| attempt.reference.clone());
    (reference.unwrap_or_default(), order.to_string(), online.id.to_string())
}

impl Paying<'_> {
    /// Starts to pay for an order, or goes on with what was started.
    ///
    /// # Errors
    /// 404 for what is not the caller's; 409 `not_payable`, `already_paid`, `payment_expired`; 429 `too_many_payments`; 503.
    pub async fn start(&self, customer: &Trace, id: OrderId) -> Result<Started> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.own(customer, id).await?;
            let online = order.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            let stripe = self.providers.of(order.payment.method())?;
            let now = self.clock.now();
            let mut next = order.clone();
            let intent = match online.payable(now).map_err(not_payable)? {
                Payable::New(n) => {
                    let key = online.key("open", n);
                    let intent = stripe.open(online.due, &id.to_string(), &online.id.to_string(), key).await?;
                    let reference = intent.id.clone();
                    change(&mut next, |online| online.opened(n, reference, now));
                    check(&next, n, &intent, now)?;
                    intent
                }
                Payable::Open(open) => {
                    let (asked_at, intent) = stripe.look(&open.reference).await?;
                    let ids = ids(id, online, open.n);
                    if let Some(expected) = expected(online, open.n, &ids) {
                        let seen = intent.observed(expected, asked_at);
                        change(&mut next, |online| {
                            online.absorb(open.n, &seen, now);
                            online.touch(now);
                        });
                    }
                    intent
                }
            };
            let Some(saved) = self.save(&order, next, &Through::Somebody(customer)).await? else { continue };
            let online = saved.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            // Whoever has paid meanwhile, at another window, is told so here.
            return match (online.payable(now), intent.client_secret) {
                (Ok(Payable::Open(_)), Some(client_secret)) => Ok(Started { order: saved, client_secret }),
                (Ok(Payable::New(_)), _) => continue,
                (Ok(Payable::Open(_)), None) => Err(Error::internal("an intent came without its client's secret")),
                (Err(why), _) => Err(not_payable(why)),
            };
        }
        Err(Error::busy())
    }

    /// Looks how the payment stands, for a customer who comes back from it.
    ///
    /// # Errors
    /// 404 for what is not the caller's; 409 `not_payable` for cash; 503.
    pub async fn confirm(&self, customer: &Trace, id: OrderId) -> Result<Order> {
        let mut seen: Option<(u32, Observed)> = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.own(customer, id).await?;
            let online = order.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            let now = self.clock.now();
            let Some(open) = online.attempts.last().filter(|last| last.is_open()) else { return Ok(order) };
            let fresh = open.seen.asked_at > open.at && now.since(open.seen.asked_at) < FRESH;
            if fresh && seen.is_none() {
                return Ok(order);
            }
            let observed = match seen.take().filter(|(n, _)| *n == open.n) {
                Some((_, observed)) => observed,
                None => self.look(&order, open.n).await?,
            };
            let mut next = order.clone();
            change(&mut next, |online| {
                online.absorb(open.n, &observed, now);
                online.touch(now);
            });
            if let Some(saved) = self.save(&order, next, &Through::Somebody(customer)).await? {
                return Ok(saved);
            }
            seen = Some((open.n, observed));
        }
        Err(Error::busy())
    }

    /// Takes an event of Stripe as a knock on the door: asks how its payment stands. Where Stripe does not answer, the order
    /// is noted to be looked at.
    ///
    /// # Errors
    /// DynamoDB does not answer: the event has to come again.
    pub async fn knock(&self, event: &Event, origin: &Origin) -> Result<()> {
        let Some(reference) = event.intent.as_deref() else { return Ok(()) };
        let digest: String = crypto::fingerprint(event.id.as_bytes()).chars().take(DIGEST).collect();
        let stripe = self.providers.stripe()?;
        let mut named = event.order.clone();
        let mut asked: Option<(Timestamp, Option<Intent>)> = None;
        if named.is_none() {
            // A dispute names no order of ours; its intent does.
            let (asked_at, intent) = stripe.look(reference).await?;
            named = intent.order().map(str::to_owned);
            asked = Some((asked_at, Some(intent)));
        }
        let Some(id) = named.and_then(|id| OrderId::parse(&id).ok()) else { return Ok(()) };
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(order) = self.store.get(id).await? else { return Ok(()) };
            let Some(online) = order.payment.online() else { return Ok(()) };
            let Some(n) = online.attempts.iter().find(|one| one.reference == reference).map(|one| one.n) else {
                return Ok(());
            };
            if online.has_event(&digest) {
                return Ok(());
            }
            if asked.is_none() {
                asked = Some(match stripe.look(reference).await {
                    Ok((asked_at, intent)) => (asked_at, Some(intent)),
                    Err(error) => {
                        tracing::warn!(error.cause = error.cause(), "an event came, and the provider does not answer");
                        (self.clock.now(), None)
                    }
                });
            }
            let now = self.clock.now();
            let mut next = order.clone();
            let ids = ids(id, online, n);
            let seen = asked
                .as_ref()
                .and_then(|(asked_at, intent)| Some(intent.as_ref()?.observed(expected(online, n, &ids)?, *asked_at)));
            change(&mut next, |online| match &seen {
                Some(seen) => {
                    online.absorb(n, seen, now);
                    online.note_event(digest.clone());
                    let shown = online.attempts.iter().find(|one| one.n == n).is_none_or(|one| event.news.shows(one));
                    if shown { online.touch(now) } else { online.ask_again(n, now) }
                }
                None => online.ask_again(n, now),
            });
            if self.save(&order, next, &Through::Request(origin)).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    async fn own(&self, customer: &Trace, id: OrderId) -> Result<Order> {
        let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        if order.customer == customer.user { Ok(order) } else { Err(Error::not_found()) }
    }

    /// Asks how attempt `n` stands.
    pub(super) async fn look(&self, order: &Order, n: u32) -> Result<Observed> {
        let online = order.payment.online().ok_or_else(|| Error::internal("cash has no provider"))?;
        let ids = ids(order.id, online, n);
        let expected = expected(online, n, &ids).ok_or_else(|| Error::internal("there is no such attempt"))?;
        self.providers.of(order.payment.method())?.observe(expected).await
    }

    /// Stores `next` in place of `order`, with an entry on the trail where the public status of the payment changes. Where
    /// nothing has changed, nothing is written. `None` where the order has changed meanwhile.
    pub(super) async fn save(&self, order: &Order, next: Order, through: &Through<'_>) -> Result<Option<Order>> {
        if next == *order {
            return Ok(Some(next));
        }
        let saving = self.store.save(&next)?;
        let saved = Order { version: order.version + 1, ..next };
        let outcome = if saved.payment.status() == order.payment.status() {
            write(&self.dynamo, saving).await?
        } else {
            let entry = self.entry(&saved, through);
            transact(&self.dynamo, vec![saving, self.audit.action(&entry)?]).await?
        };
        Ok(matches!(outcome, Outcome::Done).then_some(saved))
    }

    fn entry(&self, order: &Order, through: &Through<'_>) -> Entry {
        let (action, now) = (Action::ChangePayment, self.clock.now());
        let entry = match through {
            Through::Somebody(trace) => Entry::allowed(trace, action, &order.customer, order.id, now),
            Through::Request(origin) => {
                Entry::new(origin, action, Ended::Allowed, order.id, now).about(&order.customer)
            }
        };
        entry.detail(order.payment.status().as_str())
    }
}

/// Changes what of an order is paid online.
pub(super) fn change(order: &mut Order, change: impl FnOnce(&mut Online)) {
    if let Some(online) = order.payment.online_mut() {
        change(online);
    }
}

/// Nothing is handed out to be paid but what was opened as we meant it.
fn check(order: &Order, n: u32, intent: &Intent, now: Timestamp) -> Result<()> {
    let online = order.payment.online().ok_or_else(|| Error::internal("cash has no provider"))?;
    let ids = ids(order.id, online, n);
    let right = expected(online, n, &ids).is_some_and(|expected| intent.observed(expected, now).right);
    if right { Ok(()) } else { Err(Error::internal("an intent was opened with another sum or reference")) }
}

fn not_payable(why: NotPayable) -> Error {
    match why {
        NotPayable::CalledOff => Error::conflict("not_payable", "This order is not to be paid for here."),
        NotPayable::AlreadyPaid => Error::conflict("already_paid", "This order is paid."),
        NotPayable::Expired => Error::conflict("payment_expired", "It is too late to pay for this order; order again."),
        NotPayable::TooMany => {
            let detail = "You have tried to pay for this order too often; order again.";
            Error::new(Kind::TooMany, "too_many_payments", detail)
        }
    }
}
