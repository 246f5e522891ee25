//! How something is done at a provider: it is written down first, under a number that its key is made of; what came of it is
//! joined to the order as it is by then.
//!
//! Whoever is killed in between leaves an operation that the next run of the worker looks at, half a minute later. Of two who
//! are at it, one writes the operation down, and the other finds it there and waits.

use super::order::Order;
use super::paying::{ATTEMPTS, Paying, Through, change, expected, ids};
use crate::payments::{Did, Observed, Op, Send};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrderId;

impl Paying<'_> {
    /// Writes an operation down, sends it, and joins what came of it.
    pub(super) async fn perform(&self, order: &Order, send: Send, through: &Through<'_>) -> Result<()> {
        let now = self.clock.now();
        let mut next = order.clone();
        let Some(online) = next.payment.online_mut() else { return Ok(()) };
        let op = online.write_ahead(send, now);
        online.rest_until_due(now);
        // Somebody else was quicker: what they did is read next.
        let Some(order) = self.save(order, next, through).await? else { return Ok(()) };
        self.send(&order, &op, through).await
    }

    /// Sends an operation that `order` has written down, and joins what came of it.
    pub(super) async fn send(&self, order: &Order, op: &Op, through: &Through<'_>) -> Result<()> {
        let Some(online) = order.payment.online() else { return Ok(()) };
        let ids = ids(order.id, online, op.attempt);
        let Some(expected) = expected(online, op.attempt, &ids) else { return Ok(()) };
        let key = online.key(op.kind.as_str(), op.n);
        match self.providers.of(order.payment.method())?.act(op, expected, key).await {
            Did::Done(observed) => self.join(order.id, op.attempt, &observed, through).await,
            Did::Refused(code) => self.refused(order, op, &code, through).await,
            Did::Unknown { answered } => {
                let noted = |order: &mut Order| change(order, |online| online.unknown(op, answered));
                self.write(order.id, through, noted).await
            }
        }
    }

    /// After a refusal: how it stands decides what it means. What was captured already is a success, not a reason to worry.
    async fn refused(&self, order: &Order, op: &Op, code: &str, through: &Through<'_>) -> Result<()> {
        tracing::warn!(order.id = %order.id, payment.op = op.kind.as_str(), error.code = code, "the provider refuses");
        let observed = self.look(order, op.attempt).await;
        let now = self.clock.now();
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

    /// Joins what was seen of attempt `n`.
    pub(super) async fn join(&self, id: OrderId, n: u32, observed: &Observed, through: &Through<'_>) -> Result<()> {
        let now = self.clock.now();
        self.write(id, through, |order| change(order, |online| online.absorb(n, observed, now))).await
    }

    /// Joins something to an order as it is by now. It is not asked for again, however often the order changes meanwhile.
    async fn write(&self, id: OrderId, through: &Through<'_>, join: impl Fn(&mut Order)) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(order) = self.store.get(id).await? else { return Ok(()) };
            let mut next = order.clone();
            join(&mut next);
            change(&mut next, |online| online.rest_until_due(self.clock.now()));
            if self.save(&order, next, through).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::busy())
    }
}
