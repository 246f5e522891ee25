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
use crate::payments::{Expected, Handover, Knock, NotPayable, Observed, Online, Opening, Payable, Providers, Trouble};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Client, Outcome, back_off, transact, write};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::OrderId;
use crate::platform::wording;

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
    pub handover: Handover,
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
    let (amount, currency, at) = (attempt.amount, online.due.currency(), attempt.at);
    let (returned, untouched) = (online.returned_before(n), attempt.is_open());
    Some(Expected { reference, amount, currency, order, payment, at, returned, untouched })
}

/// The ids that [`expected`] borrows: the provider's, the order's, the payment's.
pub(super) fn ids(order: OrderId, online: &Online, n: u32) -> (String, String, String) {
    let reference = online.attempts.iter().find(|attempt| attempt.n == n).map(|attempt| attempt.reference.clone());
    (reference.unwrap_or_default(), order.to_string(), online.id.to_string())
}

impl Paying<'_> {
    /// Starts to pay for an order, or goes on with what was started. The customer comes back to `return_url`.
    ///
    /// # Errors
    /// 404 for what is not the caller's; 409 `not_payable`, `already_paid`, `payment_expired`; 429 `too_many_payments`; 503.
    pub async fn start(&self, customer: &Trace, id: OrderId, return_url: &str) -> Result<Started> {
        let through = Through::Somebody(customer);
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.own(customer, id).await?;
            let online = order.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            let provider = self.providers.of(order.payment.method())?;
            let now = self.clock.now();
            let mut next = order.clone();
            let handover = match online.payable(now).map_err(not_payable)? {
                Payable::New(n) => {
                    let (amount, name, payment) = (online.due, id.to_string(), online.id.to_string());
                    // Under one key always the same is sent, wherever the customer comes back to.
                    let page: String = crypto::fingerprint(return_url.as_bytes()).chars().take(DIGEST).collect();
                    let key = format!("{}:{page}", online.key("open", n));
                    let opening = Opening { amount, order: &name, payment: &payment, n, key: &key, return_url };
                    let opened = provider.open(opening).await?;
                    change(&mut next, |online| online.opened(n, opened.reference, now));
                    Some(opened.handover)
                }
                Payable::Open(open) => {
                    let ids = ids(id, online, open.n);
                    let expected = expected(online, open.n, &ids).ok_or_else(no_attempt)?;
                    let (seen, handover) = provider.resume(expected, return_url).await?;
                    if let Some(seen) = seen {
                        change(&mut next, |online| {
                            online.absorb(open.n, &seen, now);
                            online.touch(now);
                        });
                    }
                    handover
                }
            };
            let Some(saved) = self.save(&order, next, &through).await? else { continue };
            let online = saved.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            if let Some(accepting) = online.accepting(now) {
                // They have agreed already, and not come back to say so.
                self.perform(&saved, accepting, &through).await?;
                continue;
            }
            // Whoever has paid meanwhile, at another window, is told so here.
            return match (online.payable(now), handover) {
                (Ok(Payable::Open(_)), Some(handover)) => Ok(Started { order: saved, handover }),
                (Ok(Payable::New(_)), _) => continue,
                (Ok(Payable::Open(_)), None) => Err(under_way()),
                (Err(why), _) => Err(not_payable(why)),
            };
        }
        Err(Error::busy())
    }

    /// Looks how the payment stands, for a customer who comes back from it, and accepts what they have agreed to.
    ///
    /// # Errors
    /// 404 for what is not the caller's; 409 `not_payable` for cash; 503.
    pub async fn confirm(&self, customer: &Trace, id: OrderId) -> Result<Order> {
        let through = Through::Somebody(customer);
        let mut seen: Option<(u32, Observed)> = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.own(customer, id).await?;
            let online = order.payment.online().ok_or_else(|| not_payable(NotPayable::CalledOff))?;
            let now = self.clock.now();
            let Some(open) = online.attempts.last().filter(|last| last.is_open()) else { return Ok(order) };
            let fresh = open.seen.asked_at > open.at && now.since(open.seen.asked_at) < FRESH;
            if fresh && seen.is_none() && online.accepting(now).is_none() {
                return Ok(order);
            }
            let observed = match seen.take().filter(|(n, _)| *n == open.n) {
                Some((_, observed)) => observed,
                None => self.look(&order, open.n).await?,
            };
            let mut next = order.clone();
            let mut op = None;
            change(&mut next, |online| {
                online.absorb(open.n, &observed, now);
                // What is accepted is written down in the same write.
                op = online.accepting(now).map(|send| online.write_ahead(send, now));
                online.touch(now);
            });
            let Some(saved) = self.save(&order, next, &through).await? else {
                seen = Some((open.n, observed));
                continue;
            };
            let Some(op) = op else { return Ok(saved) };
            self.send(&saved, &op, &through).await?;
            return self.own(customer, id).await;
        }
        Err(Error::busy())
    }

    /// Takes an event of a provider as a knock on the door: asks how its payment stands. Where the provider does not answer,
    /// the order is noted to be looked at. No event moves money: what is to be done, the worker does.
    ///
    /// # Errors
    /// DynamoDB does not answer: the event has to come again.
    pub async fn knock(&self, knock: &Knock, origin: &Origin) -> Result<()> {
        let provider = self.providers.of(knock.method)?;
        let digest: String = crypto::fingerprint(knock.event.as_bytes()).chars().take(DIGEST).collect();
        let named = match (&knock.order, &knock.reference) {
            (Some(order), _) => Some(order.clone()),
            // A dispute names no order of ours; what it is about does.
            (None, Some(reference)) => provider.order_of(reference).await?,
            (None, None) => None,
        };
        let Some(id) = named.and_then(|id| OrderId::parse(&id).ok()) else { return Ok(()) };
        let mut asked: Option<Option<Observed>> = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(order) = self.store.get(id).await?.filter(|order| order.payment.method() == knock.method) else {
                return Ok(());
            };
            let Some(online) = order.payment.online() else { return Ok(()) };
            let Some(n) = attempt_of(online, knock) else { return Ok(()) };
            if online.has_event(&digest) {
                return Ok(());
            }
            if asked.is_none() {
                asked = Some(match self.look(&order, n).await {
                    Ok(seen) => Some(seen),
                    Err(error) => {
                        tracing::warn!(error.cause = error.cause(), "an event came, and the provider does not answer");
                        None
                    }
                });
            }
            let now = self.clock.now();
            let mut next = order.clone();
            change(&mut next, |online| match asked.as_ref().and_then(Option::as_ref) {
                Some(seen) => {
                    online.absorb(n, seen, now);
                    online.note_event(digest.clone());
                    let shown = online.attempts.iter().find(|one| one.n == n).is_none_or(|one| knock.news.shows(one));
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
        let expected = expected(online, n, &ids).ok_or_else(no_attempt)?;
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
        let trouble = new_trouble(order, &saved, self.clock.now());
        let outcome = if saved.payment.status() == order.payment.status() {
            write(&self.dynamo, saving).await?
        } else {
            let entry = self.entry(&saved, through);
            transact(&self.dynamo, vec![saving, self.audit.action(&entry)?]).await?
        };
        let done = matches!(outcome, Outcome::Done);
        if let Some(trouble) = trouble.filter(|_| done) {
            tell(&saved, trouble);
        }
        Ok(done.then_some(saved))
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

fn new_trouble(before: &Order, after: &Order, now: Timestamp) -> Option<Trouble> {
    after.payment.online()?.new_trouble(before.payment.online()?, now)
}

/// Tells whoever watches what somebody has to see to; an alarm goes by this line.
pub(super) fn tell(order: &Order, trouble: Trouble) {
    tracing::warn!(order.id = %order.id, payment.trouble = trouble.as_str(), "money does not move by itself");
}

/// Changes what of an order is paid online.
pub(super) fn change(order: &mut Order, change: impl FnOnce(&mut Online)) {
    if let Some(online) = order.payment.online_mut() {
        change(online);
    }
}

/// The attempt that an event is about; where it names none, the one that pays for the order.
fn attempt_of(online: &Online, knock: &Knock) -> Option<u32> {
    match (&knock.reference, knock.attempt) {
        (Some(reference), _) => online.attempts.iter().find(|one| one.reference == *reference).map(|one| one.n),
        (None, Some(n)) => online.attempts.iter().find(|one| one.n == n).map(|one| one.n),
        (None, None) => online.covering().or(online.attempts.last()).map(|one| one.n),
    }
}

fn no_attempt() -> Error {
    Error::internal("there is no such attempt")
}

/// The customer has agreed, and somebody else is accepting it just now, or the provider has yet to decide.
fn under_way() -> Error {
    let detail = wording::payments::under_way();
    Error::conflict("payment_under_way", detail)
}

fn not_payable(why: NotPayable) -> Error {
    match why {
        NotPayable::CalledOff => Error::conflict("not_payable", wording::payments::not_payable()),
        NotPayable::AlreadyPaid => Error::conflict("already_paid", wording::payments::already_paid()),
        NotPayable::Expired => Error::conflict("payment_expired", wording::payments::expired()),
        NotPayable::TooMany => {
            let detail = wording::payments::too_many_tries();
            Error::new(Kind::TooMany, "too_many_payments", detail)
        }
    }
}
