//! The worker that moves money: does what orders want of their providers, one step at a time.
//!
//! What is sent is written down first, under a number that its key is made of; what came of it is joined to the order as it is
//! by then. Whoever is killed in between leaves an operation that the next run looks at, half a minute later. Of two workers,
//! one writes the operation down, and the other finds it there and waits.

use super::fulfilment::Orders;
use super::order::{Actor, Order, Step as OrderStep};
use super::paying::{Paying, Through, change, tell};
use super::status::Status;
use crate::audit::{Action, Entry, Origin, Outcome as Ended};
use crate::payments::Step;
use crate::platform::dynamo::{Outcome, transact};
use crate::platform::error::Result;
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

    /// Asks how every attempt to pay for these orders stands, whatever is due, and does what there is to do then: for orders of a
    /// table that was restored to an earlier time, since when the providers have gone on. One that fails holds up no other.
    pub async fn ask_all(&self, orders: &[OrderId], origin: &Origin) -> Settled {
        let mut settled = Settled::default();
        for id in orders {
            settled.orders += 1;
            if let Err(error) = self.ask(*id, origin).await {
                settled.failed += 1;
                tracing::error!(
                    order.id = %id,
                    error.code = error.code(),
                    error.cause = error.cause(),
                    "nobody could be asked about a payment"
                );
            }
        }
        settled
    }

    async fn ask(&self, id: OrderId, origin: &Origin) -> Result<()> {
        let paying = &self.paying;
        let Some(order) = paying.store.get(id).await? else { return Ok(()) };
        let Some(online) = order.payment.online() else { return Ok(()) };
        for attempt in &online.attempts {
            let observed = paying.look(&order, attempt.n).await?;
            paying.join(id, attempt.n, &observed, &Through::Request(origin)).await?;
        }
        self.settle(id, origin).await
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
                    if let Some(trouble) = online.trouble(now) {
                        tell(&order, trouble);
                    }
                    change(&mut next, |online| online.rest_until_due(now));
                    if paying.save(&order, next, &through).await?.is_some() {
                        return Ok(());
                    }
                }
                Step::Look(n) => match paying.look(&order, n).await {
                    Ok(observed) => paying.join(id, n, &observed, &through).await?,
                    Err(error) => {
                        tracing::warn!(order.id = %id, error.cause = error.cause(), "the provider does not answer");
                        if let Some(trouble) = online.trouble(now) {
                            tell(&order, trouble);
                        }
                        change(&mut next, |online| online.back_off(now));
                        if paying.save(&order, next, &through).await?.is_some() {
                            return Ok(());
                        }
                    }
                },
                Step::Perform(send) => paying.perform(&order, send, &through).await?,
                Step::Expire => self.expire(&order, origin).await?,
            }
        }
        Ok(())
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
        let mut writes = if cancels { self.orders.give_back(&next, &order.customer).await? } else { Vec::new() };
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
