//! The worker that moves money: does what orders want of their providers, one step at a time.
//!
//! What is sent is written down first, under a number that its key is made of; what came of it is joined to the order as it is
//! by then. Whoever is killed in between leaves an operation that the next run looks at, half a minute later. Of two workers,
//! one writes the operation down, and the other finds it there and waits.

use super::fulfilment::Orders;
use super::order::{Actor, Order, Step as OrderStep};
use super::paying::{ATTEMPTS, Paying, Through, change, expected, ids};
use super::status::Status;
use crate::audit::{Action, Entry, Origin, Outcome as Ended};
use crate::payments::{Did, Observed, Op, Send, Step};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrderId, UserId};

/// The most steps that one order takes in a row; the next run goes on.
const MAX_STEPS: usize = 12;
/// How many orders of each partition a sweep takes.
const BATCH: u16 = 25;

/// Settles payments.
#[derive(Debug)]
pub struct Settling<'a> {
    /// The payments.
    pub paying: Paying<'a>,
    /// For orders that nobody has paid in time.
    pub orders: Orders,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How many orders were looked at.
    pub orders: u32,
    /// How many of them could not be dealt with now; they stay due.
    pub failed: u32,
}

impl Settling<'_> {
    /// Does what is due.
    ///
    /// # Errors
    /// The list of what is due cannot be read.
    pub async fn sweep(&self, origin: &Origin) -> Result<Settled> {
        let due = self.paying.store.due(self.paying.clock.now(), BATCH).await?;
        Ok(self.settle_all(&due, origin).await)
    }

    /// Does what there is to do about these orders. One that fails holds up no other.
    pub async fn settle_all(&self, orders: &[OrderId], origin: &Origin) -> Settled {
        let mut settled = Settled::default();
        for id in orders {
            settled.orders += 1;
            if let Err(error) = self.settle(*id, origin).await {
                settled.failed += 1;
                tracing::error!(
                    order.id = %id,
                    error.code = error.code(),
                    error.cause = error.cause(),
                    "a payment could not be settled"
                );
            }
        }
        settled
    }

    /// Does what there is to do about an order.
    ///
    /// # Errors
    /// DynamoDB does not answer. Where the provider does not, the order is due again later.
    pub async fn settle(&self, id: OrderId, origin: &Origin) -> Result<()> {
        let through = Through::Request(origin);
        let paying = &self.paying;
        for _ in 0..MAX_STEPS {
            let Some(order) = paying.store.get(id).await? else { return Ok(()) };
            let Some(online) = order.payment.online() else { return Ok(()) };
            let now = paying.clock.now();
            let mut next = order.clone();
            match online.plan(now) {
                Step::Idle | Step::Wait(_) => {
                    change(&mut next, |online| online.rest_until_due(now));
                    if paying.save(&order, next, &through).await?.is_some() {
                        return Ok(());
                    }
                }
                Step::Look(n) => match paying.look(&order, n).await {
                    Ok(observed) => self.join(id, n, &observed, &through).await?,
                    Err(error) => {
                        tracing::warn!(order.id = %id, error.cause = error.cause(), "the provider does not answer");
                        change(&mut next, |online| online.back_off(now));
                        if paying.save(&order, next, &through).await?.is_some() {
                            return Ok(());
                        }
                    }
                },
                Step::Perform(send) => self.perform(&order, send, &through).await?,
                Step::Expire => self.expire(&order, origin).await?,
            }
        }
        Ok(())
    }

    /// Writes an operation down, sends it, and joins what came of it.
    async fn perform(&self, order: &Order, send: Send, through: &Through<'_>) -> Result<()> {
        let (paying, now) = (&self.paying, self.paying.clock.now());
        let mut next = order.clone();
        let Some(online) = next.payment.online_mut() else { return Ok(()) };
        let op = online.write_ahead(send, now);
        online.rest_until_due(now);
        // Somebody else was quicker: what they did is read next.
        let Some(order) = paying.save(order, next, through).await? else { return Ok(()) };
        let Some(online) = order.payment.online() else { return Ok(()) };
        let ids = ids(order.id, online, op.attempt);
        let Some(expected) = expected(online, op.attempt, &ids) else { return Ok(()) };
        let key = online.key(op.kind.as_str(), op.n);
        match paying.providers.of(order.payment.method())?.act(&op, expected, key).await {
            Did::Done(observed) => self.join(order.id, op.attempt, &observed, through).await,
            Did::Refused(code) => self.refused(&order, &op, &code, through).await,
            Did::Unknown { answered } => {
                let noted = |order: &mut Order| change(order, |online| online.unknown(&op, answered));
                self.write(order.id, through, noted).await
            }
        }
    }

    /// After a refusal: how it stands decides what it means. What was captured already is a success, not a reason to worry.
    async fn refused(&self, order: &Order, op: &Op, code: &str, through: &Through<'_>) -> Result<()> {
        tracing::warn!(order.id = %order.id, payment.op = op.kind.as_str(), error.code = code, "the provider refuses");
        let observed = self.paying.look(order, op.attempt).await;
        let now = self.paying.clock.now();
        let noted = |order: &mut Order| {
            change(order, |online| match &observed {
                Ok(observed) => {
                    online.absorb(op.attempt, observed, now);
                    online.refused(op, now);
                }
                // It is looked at later, as if no answer had come.
                Err(_) => online.unknown(op, false),
            });
        };
        self.write(order.id, through, noted).await
    }

    async fn join(&self, id: OrderId, n: u32, observed: &Observed, through: &Through<'_>) -> Result<()> {
        let now = self.paying.clock.now();
        self.write(id, through, |order| change(order, |online| online.absorb(n, observed, now))).await
    }

    /// Joins something to an order as it is by now. It is not asked for again, however often the order changes meanwhile.
    async fn write(&self, id: OrderId, through: &Through<'_>, join: impl Fn(&mut Order)) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(order) = self.paying.store.get(id).await? else { return Ok(()) };
            let mut next = order.clone();
            join(&mut next);
            change(&mut next, |online| online.rest_until_due(self.paying.clock.now()));
            if self.paying.save(&order, next, through).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// Cancels an order that nobody has paid in time, and that nobody can pay any more: stock and fills go back.
    async fn expire(&self, order: &Order, origin: &Origin) -> Result<()> {
        let now = self.paying.clock.now();
        let mut next = if order.status.may_become(Status::Cancelled) {
            let by = Actor::System;
            order.stepped(OrderStep { status: Status::Cancelled, at: now, by, user: UserId::nobody(), note: None })
        } else {
            let mut next = order.clone();
            change(&mut next, |online| online.give_back(now));
            next
        };
        change(&mut next, |online| online.rest_until_due(now));
        let cancels = next.status != order.status;
        let mut writes = if cancels { self.orders.give_back(&next).await? } else { Vec::new() };
        writes.push(self.paying.store.save(&next)?);
        let entry = |action| Entry::new(origin, action, Ended::Allowed, order.id, now).about(&order.customer);
        if cancels {
            writes.push(self.paying.audit.action(&entry(Action::CancelOrder))?);
        }
        let status = next.payment.status();
        if status != order.payment.status() {
            writes.push(self.paying.audit.action(&entry(Action::ChangePayment).detail(status.as_str()))?);
        }
        // Refused: the order, its stock or a prescription has changed; it is read again.
        let (Outcome::Done | Outcome::Refused(_)) = transact(&self.paying.dynamo, writes).await?;
        Ok(())
    }
}
