//! Giving money back by the staff. What is asked for is written into the order, and the worker does it; what was paid at the door
//! somebody pays out by hand.
//!
//! Twice: the answer is kept under its `Idempotency-Key`, in the transaction that asks. At once: the order's version, and the
//! sum that is left, are checked in the same write. Killed: before the transaction nothing was asked, after it all was.

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::line_refund::{self, Units, UnitsInput};
use super::order::Order;
use super::paying::ATTEMPTS;
use super::store::OrderStore;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::identity::{Caller, Permission};
use crate::payments::{NotRefundable, Refund, RefundState, RefundedLine};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{OrderId, ProductId, RefundId, UserId};
use crate::platform::money::{Currency, Money, MoneyInput};
use crate::platform::text;
use crate::platform::wording;

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
    /// How much; all that is left where neither this nor `lines` is said.
    amount: Option<Field<MoneyInput>>,
    /// In place of `amount`: the units that it is for, at what they cost with their share of the discount.
    #[schema(value_type = Option<Vec<UnitsInput>>, max_items = 50)]
    lines: Option<Field<Vec<UnitsInput>>>,
    /// Why, for the staff: 1 to 500 characters.
    #[schema(value_type = String)]
    reason: Field<String>,
}

/// A refund that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskRefund {
    /// How much; all that is left where neither this nor `lines` is said.
    pub amount: Option<Money>,
    /// The units it is for; then they say how much.
    pub lines: Vec<Units>,
    /// Why.
    pub reason: String,
}

impl AskRefundRequest {
    /// The command, in a pharmacy that sells in `currency`.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, currency: Currency) -> Result<AskRefund, FieldErrors> {
        let both = self.amount.is_some() && self.lines.is_some();
        let lines = if both {
            Err(vec![Invalid::new("conflict", wording::field::one_or_other("amount", "lines")).at("lines")])
        } else {
            self.lines.map(|lines| UnitsInput::check(lines.value("lines")?, "lines")).transpose()
        };
        let (amount, lines, reason) = all((
            self.amount.map(|amount| amount.nested("amount", |amount| amount.price(currency))).transpose(),
            lines,
            self.reason.parse("reason", |reason| text::paragraph(&reason, 500)),
        ))?;
        Ok(AskRefund { amount, lines: lines.unwrap_or_default(), reason })
    }
}

/// Units that a refund is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefundedUnits {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// How many.
    pub quantity: u32,
    /// What of the refund is for them.
    pub amount: Money,
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
    /// The units it is for, where it is for some.
    #[serde(default)]
    pub lines: Vec<RefundedUnits>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When somebody noted that they had made it by hand, or that it is not made.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

impl RefundView {
    pub(super) fn new(refund: &Refund, currency: Currency) -> Self {
        let amount = Money::new(refund.amount, currency);
        let units = |line: &RefundedLine| RefundedUnits {
            product_id: line.product_id,
            quantity: line.quantity,
            amount: Money::new(line.amount, currency),
        };
        let lines = refund.lines.iter().map(units).collect();
        let closed_at = refund.closed.as_ref().map(|closed| closed.at);
        Self { id: refund.id, amount, status: refund.state, lines, created_at: refund.at, closed_at }
    }
}

impl Refunding {
    /// Asks for money to go back.
    ///
    /// # Errors
    /// 403 `own_order`; 404; 409 `not_captured`, `disputed`; 422 `refund_too_large`, `idempotency_key_reused`; 503.
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
        let currency = order.totals.total.currency();
        Ok(order.payment.refunds().iter().map(|refund| RefundView::new(refund, currency)).collect())
    }
}

fn asked(order: &mut Order, command: &AskRefund, trace: &Trace, now: Timestamp) -> Result<RefundView> {
    for_another(order, &trace.user)?;
    let lines = line_refund::of_units(order, &command.lines)?;
    let of_lines = (!lines.is_empty()).then(|| lines.iter().map(|line| line.amount).sum());
    let amount = of_lines.or(command.amount.map(Money::amount));
    ask(order, amount, lines, command.reason.clone(), (&trace.user, now))
        .map(|(refund, currency)| RefundView::new(&refund, currency))
}

/// Nobody gives money back to themselves.
///
/// # Errors
/// 403 `own_order`.
pub(super) fn for_another(order: &Order, user: &UserId) -> Result<()> {
    if order.customer == *user {
        return Err(Error::new(Kind::Forbidden, "own_order", wording::payments::own_refund()));
    }
    Ok(())
}

/// Whether so much of what was paid at the door can still be paid out by hand.
///
/// # Errors
/// 422 `refund_too_large` with what is left.
pub(super) fn in_cash(order: &Order, amount: i64) -> Result<()> {
    let refundable = order.cash_left();
    if amount > refundable {
        return Err(refusal(NotRefundable::TooLarge { refundable }, order.totals.total.currency()));
    }
    Ok(())
}

/// Asks for money to go back, online or by hand; all that is left where `amount` is not said.
pub(super) fn ask(
    order: &mut Order,
    amount: Option<i64>,
    lines: Vec<RefundedLine>,
    reason: String,
    (by, now): (&UserId, Timestamp),
) -> Result<(Refund, Currency)> {
    let (currency, left) = (order.totals.total.currency(), order.cash_left());
    let asked = match order.payment.online_mut() {
        Some(online) => online.ask_refund(amount, reason, by, now),
        None => order.payment.ask_in_cash((amount, left), reason, by, now),
    };
    let asked = asked.map_err(|why| refusal(why, currency))?;
    let entry = order.payment.refunds_mut().iter_mut().find(|refund| refund.id == asked.id);
    let entry = entry.ok_or_else(|| Error::internal("a refund that was asked for is not there"))?;
    entry.lines = lines;
    Ok((entry.clone(), currency))
}

#[derive(Serialize)]
struct TooLarge {
    refundable: Money,
}

fn refusal(why: NotRefundable, currency: Currency) -> Error {
    match why {
        NotRefundable::Disputed => Error::conflict("disputed", wording::payments::disputed()),
        NotRefundable::TooLarge { refundable } => {
            let refundable = Money::new(refundable, currency);
            let detail = wording::payments::more_than_left();
            Error::new(Kind::Unprocessable, "refund_too_large", detail).with_problems(&[TooLarge { refundable }])
        }
        NotRefundable::TooMany => Error::conflict("too_many_refunds", wording::payments::too_many_refunds()),
        NotRefundable::NotCaptured => Error::conflict("not_captured", wording::payments::not_captured()),
    }
}
