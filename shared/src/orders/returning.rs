//! The use-cases of returns: asking for one, seeing them, deciding on one.
//!
//! - It runs twice: what was asked for is kept under its `Idempotency-Key`, in the transaction that asks; a return that was
//!   decided on is not decided on again.
//! - It runs twice at once: the order's version lets one through.
//! - It dies in the middle: order, units, money and trail are one transaction. The customer is told of the decision by the
//!   stream of the table, as of every step of an order.

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fulfilment::Orders;
use super::line_refund::{self, Units, UnitsInput};
use super::order::{Actor, Order, Step};
use super::refunding;
use super::returned::{Decided, Return, ReturnState};
use super::status::Status;
use crate::audit::{Action, Actor as Trace, Entry};
use crate::identity::{Caller, Permission};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::idempotency::{Answered, Attempt, Idempotency, Taken};
use crate::platform::ids::{OrderId, RefundId, ReturnId};
use crate::platform::money::{Currency, Money, MoneyInput};
use crate::platform::text;
use crate::platform::wording;

const ATTEMPTS: u32 = 6;

/// Takes goods back.
#[derive(Debug)]
pub struct Returning {
    /// Orders, and what they stand on.
    pub orders: Orders,
}

/// What a customer wants to give back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskReturnRequest {
    /// The units, each product once.
    #[schema(value_type = Vec<UnitsInput>, min_items = 1, max_items = 50)]
    lines: Field<Vec<UnitsInput>>,
    /// Why, for the pharmacy: 1 to 500 characters.
    #[schema(value_type = String)]
    reason: Field<String>,
}

/// A return that is asked for.
#[derive(Clone, Debug)]
pub struct AskReturn {
    /// The units.
    pub lines: Vec<Units>,
    /// Why.
    pub reason: String,
}

impl TryFrom<AskReturnRequest> for AskReturn {
    type Error = FieldErrors;

    fn try_from(body: AskReturnRequest) -> Result<Self, FieldErrors> {
        let lines = body.lines.value("lines").and_then(|lines| UnitsInput::check(lines, "lines"));
        let (lines, reason) = all((lines, body.reason.parse("reason", |reason| text::paragraph(&reason, 500))))?;
        Ok(Self { lines, reason })
    }
}

/// What the staff decides on a return.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ResolveReturnRequest {
    /// `approve` once the goods are back, or `reject`.
    #[schema(value_type = String, pattern = "^(approve|reject)$")]
    decision: Field<String>,
    /// What goes back to the customer; nothing where it is not said. Not with `reject`.
    refund: Option<Field<MoneyInput>>,
    /// For the customer, at most 500 characters.
    note: Option<Field<String>>,
}

/// A decision on a return.
#[derive(Clone, Debug)]
pub struct ResolveReturn {
    /// Whether it is approved.
    pub approve: bool,
    /// What goes back.
    pub refund: Option<Money>,
    /// For the customer.
    pub note: Option<String>,
}

impl ResolveReturnRequest {
    /// The command, in a pharmacy that sells in `currency`.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, currency: Currency) -> Result<ResolveReturn, FieldErrors> {
        let (approve, refund, note) = all((
            self.decision.parse("decision", |decision| match decision.as_str() {
                "approve" => Ok(true),
                "reject" => Ok(false),
                _ => Err(Invalid::new("unknown_value", wording::field::one_of("approve, reject"))),
            }),
            self.refund.map(|refund| refund.nested("refund", |refund| refund.price(currency))).transpose(),
            self.note.parse_optional("note", |note| text::paragraph(&note, 500)),
        ))?;
        if !approve && refund.is_some() {
            return Err(vec![Invalid::new("conflict", wording::orders::nothing_goes_back()).at("refund")]);
        }
        Ok(ResolveReturn { approve, refund, note })
    }
}

/// What goes back for a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnRefund {
    /// How much.
    pub amount: Money,
    /// The refund that says how far it has come; `null` where the pharmacy pays it out by hand, as with cash.
    #[schema(value_type = Option<String>)]
    pub refund_id: Option<RefundId>,
}

/// A return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Return)]
pub struct ReturnView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ReturnId,
    /// How far it has come.
    pub status: ReturnState,
    /// What comes back.
    pub lines: Vec<Units>,
    /// Why.
    pub reason: Option<String>,
    /// What these units cost, with their share of the discount.
    pub value: Money,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was decided on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
    /// What the pharmacy says to it.
    pub note: Option<String>,
    /// What goes back for it.
    pub refund: Option<ReturnRefund>,
}

impl ReturnView {
    /// A return of an order.
    pub fn new(order: &Order, one: &Return) -> Self {
        let decided = one.decided.as_ref();
        let refund = |decided: &Decided| ReturnRefund {
            amount: Money::new(decided.refund, order.totals.total.currency()),
            refund_id: decided.refund_id,
        };
        Self {
            id: one.id,
            status: one.state,
            lines: one.lines.clone(),
            reason: one.reason.clone(),
            value: order.worth(&one.lines),
            created_at: one.at,
            resolved_at: decided.map(|decided| decided.at),
            note: decided.and_then(|decided| decided.note.clone()),
            refund: decided.filter(|decided| decided.refund > 0).map(refund),
        }
    }

    /// All returns of an order, the first at the front.
    pub fn all(order: &Order) -> Vec<Self> {
        order.returns.iter().map(|one| Self::new(order, one)).collect()
    }
}

impl Returning {
    /// Asks for a return of what was delivered.
    ///
    /// # Errors
    /// 400; 404 for what is not the caller's; 409 `not_returnable`, `too_many_returns`; 422 `return_too_large`,
    /// `idempotency_key_reused`; 503.
    pub async fn ask(
        &self,
        id: OrderId,
        command: &AskReturn,
        trace: &Trace,
        key: &Idempotency,
    ) -> Result<Answered<ReturnView>> {
        let orders = &self.orders;
        let repeat = Attempt::new(&trace.user, &format!("returns/{id}"), key);
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = orders.clock.now();
            let (taken, order) = try_join(repeat.find(&orders.store.table, now), orders.store.get(id)).await?;
            if let Some(Taken::Answered(answer)) = taken {
                return Ok(Answered { answer, replayed: true });
            }
            let order = order.filter(|order| order.customer == trace.user).ok_or_else(Error::not_found)?;
            let return_id = ReturnId::generate(now);
            let next = order.with_return(return_id, &command.lines, &command.reason, now)?;
            let view = ReturnView::new(&next, next.open_return(return_id)?);
            let entry = Entry::allowed(trace, Action::RequestReturn, &order.customer, id, now);
            let writes = vec![
                orders.store.save(&next)?,
                repeat.take_with(&orders.store.table, &view, now)?,
                orders.audit.action(&entry.detail(return_id.to_string()))?,
            ];
            if let Outcome::Done = transact(&orders.dynamo, writes).await? {
                return Ok(Answered::now(view));
            }
        }
        Err(Error::busy())
    }

    /// The returns of an order, the first at the front. A read by the staff is on the trail before it is answered.
    ///
    /// # Errors
    /// 404 for what does not exist or is not the caller's to see; 503, also when the trail cannot be written.
    pub async fn list(&self, caller: &Caller, id: OrderId, trace: &Trace) -> Result<Vec<ReturnView>> {
        let orders = &self.orders;
        let order = orders.store.get(id).await?.ok_or_else(Error::not_found)?;
        if order.customer != caller.user {
            let visible = caller.may_all(Permission::ReadOrders);
            let entry = if visible { Entry::allowed } else { Entry::refused };
            orders.audit.append(&entry(trace, Action::ReadOrder, &order.customer, id, orders.clock.now())).await?;
            if !visible {
                return Err(Error::not_found());
            }
        }
        Ok(ReturnView::all(&order))
    }

    /// Decides on a return. What is approved is quarantined, the money goes back as it is decided, and the customer is told. An
    /// order of which all has come back is `returned`.
    ///
    /// # Errors
    /// 403 `own_order`; 404; 409 `already_resolved`, `not_captured`, `disputed`; 422 `refund_too_large`; 503.
    pub async fn resolve(
        &self,
        id: OrderId,
        return_id: ReturnId,
        command: &ResolveReturn,
        trace: &Trace,
    ) -> Result<ReturnView> {
        let orders = &self.orders;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = orders.clock.now();
            let order = orders.store.get(id).await?.ok_or_else(Error::not_found)?;
            let next = match resolved(&order, return_id, command, trace, now) {
                Ok(next) => next,
                Err(refusal) => {
                    let entry = || Entry::refused(trace, Action::ResolveReturn, &order.customer, id, now);
                    return orders.audit.noting(Err(refusal), entry).await;
                }
            };
            let Some(one) = next.returns.iter().find(|one| one.id == return_id) else { continue };
            let mut writes = vec![orders.store.save(&next)?];
            if command.approve {
                writes.extend(orders.set_aside(&order, &one.lines, &trace.user).await?);
            }
            let state = if command.approve { "approved" } else { "rejected" };
            let entry = Entry::allowed(trace, Action::ResolveReturn, &order.customer, id, now);
            writes.push(orders.audit.action(&entry.detail(format!("{return_id} {state}")))?);
            let payment = next.payment.status();
            if payment != order.payment.status() {
                let entry = Entry::allowed(trace, Action::ChangePayment, &order.customer, id, now);
                writes.push(orders.audit.action(&entry.detail(payment.as_str()))?);
            }
            if let Outcome::Done = transact(&orders.dynamo, writes).await? {
                return Ok(ReturnView::new(&next, one));
            }
        }
        Err(Error::busy())
    }
}

/// The order after a decision, with the money that goes back.
fn resolved(order: &Order, id: ReturnId, command: &ResolveReturn, trace: &Trace, now: Timestamp) -> Result<Order> {
    if order.customer == trace.user {
        let detail = wording::orders::own_return();
        return Err(Error::new(Kind::Forbidden, "own_order", detail));
    }
    let units = order.open_return(id)?.lines.clone();
    let mut next = order.clone();
    let mut refund_id = None;
    let refund = command.refund.map_or(0, Money::amount);
    // No unit is paid back twice: of those that a refund was for already, none is paid for once more as it comes back.
    let lines = if refund > 0 { line_refund::of_units(order, &units)? } else { Vec::new() };
    if refund > 0 && next.payment.online().is_none() {
        refunding::in_cash(order, refund)?;
    } else if refund > 0 {
        // Where exactly the units are paid back, the refund says so.
        let exactly = lines.iter().map(|line| line.amount).sum::<i64>() == refund;
        let lines = if exactly { lines } else { Vec::new() };
        let reason = format!("return {id}");
        refund_id = Some(refunding::ask(&mut next, Some(refund), lines, reason, (&trace.user, now))?.0.id);
    }
    let state = if command.approve { ReturnState::Approved } else { ReturnState::Rejected };
    let (by, note) = (trace.user.clone(), command.note.clone());
    let next = next.with_decision(id, state, Decided { at: now, by, note, refund, refund_id });
    if command.approve && next.is_all_returned() && next.status.may_become(Status::Returned) {
        let (by, user) = (Actor::Pharmacy, trace.user.clone());
        return Ok(next.stepped(Step { status: Status::Returned, at: now, by, user, note: None }));
    }
    Ok(next)
}
