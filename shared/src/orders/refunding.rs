//! Giving money back by the staff. What is asked for is written into the order, and the worker does it.
//!
//! Twice: the answer is kept under its `Idempotency-Key`, in the transaction that asks. At once: the order's version, and the
//! sum that is left, are checked in the same write. Killed: before the transaction nothing was asked, after it all was.

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::Order;
use super::paying::ATTEMPTS;
use super::store::OrderStore;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::identity::{Caller, Permission};
use crate::payments::{NotRefundable, Refund, RefundState};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{Field, FieldErrors, all};
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{OrderId, RefundId};
use crate::platform::money::{Currency, Money, MoneyInput};
use crate::platform::text;

/// Gives money back.
#[derive(Debug)]
pub struct Refunding {
    /// Where orders are.
    pub store: OrderStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// For transactions over both.
    pub dynamo: Client,
}

/// What the staff asks for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskRefundRequest {
    /// How much; all that is left where it is not said.
    amount: Option<Field<MoneyInput>>,
    /// Why, for the staff: 1 to 500 characters.
    #[schema(value_type = String)]
    reason: Field<String>,
}

/// A refund that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskRefund {
    /// How much; all that is left where it is not said.
    pub amount: Option<Money>,
    /// Why.
    pub reason: String,
}

impl AskRefundRequest {
    /// The command, in a pharmacy that sells in `currency`.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, currency: Currency) -> Result<AskRefund, FieldErrors> {
        let (amount, reason) = all((
            self.amount.map(|amount| amount.nested("amount", |amount| amount.price(currency))).transpose(),
            self.reason.parse("reason", |reason| text::paragraph(&reason, 500)),
        ))?;
        Ok(AskRefund { amount, reason })
    }
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub status: RefundState,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl RefundView {
    fn new(refund: &Refund, currency: Currency) -> Self {
        let amount = Money::new(refund.amount, currency);
        Self { id: refund.id, amount, status: refund.state, created_at: refund.at }
    }
}

impl Refunding {
    /// Asks for money to go back.
    ///
    /// # Errors
    /// 404; 409 `not_captured`, `disputed`; 422 `refund_too_large`, `idempotency_key_reused`; 503.
    pub async fn ask(
        &self,
        id: OrderId,
        command: &AskRefund,
        trace: &Trace,
        key: &Idempotency,
    ) -> Result<Answered<RefundView>> {
        let repeat = Attempt::new(&trace.user, &format!("refunds/{id}"), key);
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let (taken, order) = try_join(repeat.find(&self.store.table, now), self.store.get(id)).await?;
            if let Some(Taken::Answered(answer)) = taken {
                return Ok(Answered { answer, replayed: true });
            }
            let order = order.ok_or_else(Error::not_found)?;
            let mut next = order.clone();
            let view = match asked(&mut next, command, trace, now) {
                Ok(view) => view,
                Err(refusal) => {
                    let entry = || Entry::refused(trace, Action::RefundOrder, &order.customer, id, now);
                    return self.audit.noting(Err(refusal), entry).await;
                }
            };
            let entry = Entry::allowed(trace, Action::RefundOrder, &order.customer, id, now);
            let writes = vec![
                self.store.save(&next)?,
                repeat.take_with(&self.store.table, &view, now)?,
                self.audit.action(&entry)?,
            ];
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok(Answered { answer: view, replayed: false });
            }
        }
        Err(Error::busy())
    }

    /// The refunds of an order, the first at the front. A read by the staff is on the trail before it is answered.
    ///
    /// # Errors
    /// 404 for what does not exist or is not the caller's to see; 503, also when the trail cannot be written.
    pub async fn list(&self, caller: &Caller, id: OrderId, trace: &Trace) -> Result<Vec<RefundView>> {
        let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        if order.customer != caller.user {
            let visible = caller.may_all(Permission::ReadOrders);
            let entry = if visible { Entry::allowed } else { Entry::refused };
            self.audit.append(&entry(trace, Action::ReadOrder, &order.customer, id, self.clock.now())).await?;
            if !visible {
                return Err(Error::not_found());
            }
        }
        let Some(online) = order.payment.online() else { return Ok(Vec::new()) };
        Ok(online.refunds.iter().map(|refund| RefundView::new(refund, online.due.currency())).collect())
    }
}

fn asked(order: &mut Order, command: &AskRefund, trace: &Trace, now: Timestamp) -> Result<RefundView> {
    let online = order.payment.online_mut().ok_or_else(|| refusal(NotRefundable::NotCaptured, None))?;
    let currency = online.due.currency();
    let amount = command.amount.map(Money::amount);
    let refund = online
        .ask_refund(amount, command.reason.clone(), &trace.user, now)
        .map_err(|why| refusal(why, Some(currency)))?;
    Ok(RefundView::new(&refund, currency))
}

#[derive(Serialize)]
struct TooLarge {
    refundable: Money,
}

fn refusal(why: NotRefundable, currency: Option<Currency>) -> Error {
    match (why, currency) {
        (NotRefundable::Disputed, _) => {
            Error::conflict("disputed", "The payer has gone to their bank, which decides about the money now.")
        }
        (NotRefundable::TooLarge { refundable }, Some(currency)) => {
            let refundable = Money::new(refundable, currency);
            let detail = "That is more than can still be given back.";
            Error::new(Kind::Unprocessable, "refund_too_large", detail).with_problems(&[TooLarge { refundable }])
        }
        (NotRefundable::TooMany, _) => {
            Error::conflict("too_many_refunds", "This order was refunded too often already.")
        }
        _ => Error::conflict("not_captured", "No money was taken for this order; cancel it instead."),
    }
}
