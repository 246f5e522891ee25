//! Orders of somebody who is being erased: what can be called off is, and the rest is kept without them.

use super::fulfilment::Orders;
use super::order::{Actor, Order, Step};
use super::status::Status;
use crate::audit::{Action, Actor as Trace, Entry};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrderId, UserId};

const ATTEMPTS: u32 = 6;
/// How many orders are read at once.
const PAGE: u16 = 25;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stripped {
    /// How many orders are now nobody's.
    pub orders: u32,
    /// How many of them were called off.
    pub cancelled: u32,
}

impl Orders {
    /// Takes `customer` out of all their orders and puts `pseudonym` in their place. Orders that have not left the house
    /// are cancelled with it: stock, fills and payment go back. Each order is one transaction, so being killed leaves
    /// some done and some not, and the next run goes on with those that still are the customer's.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn strip(&self, customer: &UserId, pseudonym: &UserId, trace: &Trace) -> Result<Stripped> {
        let mut done = Stripped::default();
        let mut after = None;
        loop {
            let page = self.store.of_customer(customer, PAGE, after).await?;
            let Some(last) = page.last() else { return Ok(done) };
            after = Some(last.id);
            for order in &page {
                if let Some(cancelled) = self.strip_one(order.id, customer, pseudonym, trace).await? {
                    done.orders += 1;
                    done.cancelled += u32::from(cancelled);
                }
            }
        }
    }

    /// Whether it was called off; nothing where it is not the customer's any more.
    async fn strip_one(
        &self,
        id: OrderId,
        customer: &UserId,
        pseudonym: &UserId,
        trace: &Trace,
    ) -> Result<Option<bool>> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            // Read anew: the index may lag behind, and every condition below is on this version.
            let order = self.store.get(id).await?.filter(|order| order.customer == *customer);
            let Some(order) = order else { return Ok(None) };
            let now = self.clock.now();
            let called_off = order.status.may_become(Status::Cancelled).then(|| {
                let user = customer.clone();
                order.stepped(Step { status: Status::Cancelled, at: now, by: Actor::Customer, user, note: None })
            });
            let next: Order = called_off.as_ref().unwrap_or(&order).stripped(pseudonym, self.zone.day(now)?);
            let mut writes = vec![self.store.save(&next)?];
            if called_off.is_some() {
                writes.extend(self.give_back(&next, customer).await?);
                writes.push(self.audit.action(&Entry::allowed(trace, Action::CancelOrder, customer, id, now))?);
            } else if let Some(agreed) = &order.coupon {
                writes.extend(self.coupons.hand_over(&agreed.code, (customer, pseudonym), id).await?);
            }
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok(Some(called_off.is_some()));
            }
        }
        Err(Error::busy())
    }
}
