//! Closing refunds that were made by hand: in the provider's portal those that eSewa does not make by itself, and those that
//! another provider neither made nor refused for a day; and those of cash, which somebody pays out, or which were asked for by
//! mistake.
//!
//! Twice: a refund that is closed stays so, and who says the same of it gets the same answer. At once: the order's version lets one
//! through. Killed: before the transaction nothing was closed, after it all was.

use serde::Deserialize;
use utoipa::ToSchema;

use super::order::Order;
use super::paying::{ATTEMPTS, Paying, change, expected, ids};
use super::refunding::{RefundView, for_another};
use crate::audit::{Action, Actor as Trace, Entry};
use crate::payments::{Closed, Observed, Online, Provider, Refund, RefundState};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::{OrderId, RefundId};
use crate::platform::text;
use crate::platform::wording;

/// What the staff says of a refund that was to be made by hand: its `reference`, or that it is `not_paid`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CloseRefundRequest {
    /// What the provider calls it, or the number of the receipt for cash: 1 to 64 visible characters.
    #[schema(value_type = Option<String>)]
    reference: Option<Field<String>>,
    /// In place of `reference`, `true`: cash was asked for by mistake, and is not paid out.
    not_paid: Option<Field<bool>>,
    /// For the staff, at most 500 characters.
    note: Option<Field<String>>,
}

/// What became of a refund that was to be made by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was made; what the provider calls it, or the number of the receipt.
    Under(String),
    /// It was asked for by mistake, and is not made.
    Not,
}

/// That a refund is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseRefund {
    /// What became of it.
    pub made: Made,
    /// For the staff.
    pub note: Option<String>,
}

impl CloseRefundRequest {
    /// The command.
    ///
    /// # Errors
    /// All fields at fault; `conflict` at `not_paid` beside a reference.
    pub fn check(self) -> Result<CloseRefund, FieldErrors> {
        let (reference, not_paid, note) = all((
            self.reference.parse_optional("reference", |text: String| {
                let good = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
                if good { Ok(text) } else { Err(Invalid::new("invalid_reference", wording::payments::a_reference())) }
            }),
            self.not_paid.optional("not_paid"),
            self.note.parse_optional("note", |note| text::paragraph(&note, 500)),
        ))?;
        let made = match (reference, not_paid.unwrap_or(false)) {
            (Some(reference), false) => Made::Under(reference),
            (None, true) => Made::Not,
            (Some(_), true) => {
                let both = wording::field::one_or_other("reference", "not_paid");
                return Err(vec![Invalid::new("conflict", both).at("not_paid")]);
            }
            (None, false) => return Err(vec![Invalid::new("required", wording::field::required()).at("reference")]),
        };
        Ok(CloseRefund { made, note })
    }
}

impl Paying<'_> {
    /// Closes a refund that was made by hand: of what was paid online, once the provider says that money went back. One of cash may
    /// be taken back as well, as if it had not been asked for.
    ///
    /// # Errors
    /// 403 `own_order`; 404; 409 `not_manual`, `refund_not_seen`; 503.
    pub async fn close_refund(
        &self,
        id: OrderId,
        refund: RefundId,
        command: &CloseRefund,
        trace: &Trace,
    ) -> Result<RefundView> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            let refused = || Entry::refused(trace, Action::RefundOrder, &order.customer, id, self.clock.now());
            if let Err(refusal) = for_another(&order, &trace.user) {
                return self.audit.noting(Err(refusal), refused).await;
            }
            let open = found(&order, refund)?;
            match open.state {
                RefundState::Manual => {}
                _ if is_closed_as(&order, &open, &command.made) => {
                    return Ok(RefundView::new(&open, order.totals.total.currency()));
                }
                _ => {
                    return Err(Error::conflict("not_manual", wording::payments::not_manual()));
                }
            }
            let seen = match (order.payment.online(), &command.made) {
                (None, _) => None,
                (Some(_), Made::Not) => {
                    let refusal = Error::conflict("not_manual", wording::payments::only_cash_is_taken_back());
                    return self.audit.noting(Err(refusal), refused).await;
                }
                (Some(online), Made::Under(_)) => match self.gave_back(&order, online, &open).await? {
                    (seen, true) => Some(seen),
                    (_, false) => {
                        let detail = wording::payments::refund_not_seen();
                        return self.audit.noting(Err(Error::conflict("refund_not_seen", detail)), refused).await;
                    }
                },
            };
            let (by, at, note) = (trace.user.clone(), self.clock.now(), command.note.clone());
            let closed_by = Closed { by, at, note };
            let (next, said) = match &command.made {
                Made::Under(reference) => (closed(&order, &open, reference, (seen, closed_by)), "closed"),
                Made::Not => (order.with_cash_kept(open.id, closed_by), "not paid out"),
            };
            let Some(next) = next else { continue };
            let entry = Entry::allowed(trace, Action::RefundOrder, &order.customer, id, at);
            let mut writes =
                vec![self.store.save(&next)?, self.audit.action(&entry.detail(format!("{refund} {said}")))?];
            let status = next.payment.status();
            if status != order.payment.status() {
                let entry = Entry::allowed(trace, Action::ChangePayment, &order.customer, id, at);
                writes.push(self.audit.action(&entry.detail(status.as_str()))?);
            }
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok(RefundView::new(&found(&next, refund)?, next.totals.total.currency()));
            }
        }
        Err(Error::busy())
    }

    /// How the attempt stands at the provider that a refund is of, and whether that shows the refund.
    async fn gave_back(&self, order: &Order, online: &Online, refund: &Refund) -> Result<(Observed, bool)> {
        let ids = ids(order.id, online, refund.attempt);
        let expected = expected(online, refund.attempt, &ids).ok_or_else(Error::not_found)?;
        match self.providers.of(order.payment.method())? {
            // It says that something went back, and not how much.
            Provider::Esewa(esewa) => esewa.gave_back(expected).await,
            provider => {
                let seen = provider.observe(expected).await?;
                let shown = online.shows(&seen, refund);
                Ok((seen, shown))
            }
        }
    }
}

fn found(order: &Order, id: RefundId) -> Result<Refund> {
    order.payment.refunds().iter().find(|one| one.id == id).cloned().ok_or_else(Error::not_found)
}

/// Whether a refund was closed already with the same word on it.
fn is_closed_as(order: &Order, refund: &Refund, made: &Made) -> bool {
    match made {
        Made::Under(reference) => {
            refund.state == RefundState::Succeeded && refund.reference.as_deref() == Some(reference.as_str())
        }
        Made::Not => refund.state == RefundState::Failed && refund.closed.is_some() && order.payment.online().is_none(),
    }
}

/// The order after a refund was closed, with what was `seen` of its attempt; nothing where it is not to be made by hand.
fn closed(order: &Order, open: &Refund, reference: &str, (seen, closed): (Option<Observed>, Closed)) -> Option<Order> {
    let Some(seen) = seen else { return order.with_cash_paid_out(open.id, reference, closed) };
    let mut next = order.clone();
    change(&mut next, |online| {
        online.absorb(open.attempt, &seen, closed.at);
        online.close_refund(open.id, reference, closed);
    });
    Some(next)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(body: Value) -> Result<Made, Vec<(String, &'static str)>> {
        let request: CloseRefundRequest = serde_json::from_value(body).unwrap();
        let named = |errors: FieldErrors| errors.into_iter().map(|error| (error.field, error.code)).collect();
        request.check().map(|command| command.made).map_err(named)
    }

    #[test]
    fn a_refund_was_made_under_a_reference_or_is_not_made() {
        assert_eq!(check(json!({"reference": "R-17"})), Ok(Made::Under("R-17".to_owned())));
        assert_eq!(check(json!({"reference": "R-17", "not_paid": false})), Ok(Made::Under("R-17".to_owned())));
        assert_eq!(check(json!({"not_paid": true, "note": "The wrong order."})), Ok(Made::Not));
        for (body, field, code) in [
            (json!({}), "reference", "required"),
            (json!({"not_paid": false}), "reference", "required"),
            (json!({"reference": "R-17", "not_paid": true}), "not_paid", "conflict"),
            (json!({"reference": "", "not_paid": true}), "reference", "invalid_reference"),
            (json!({"not_paid": "yes"}), "not_paid", "wrong_type"),
        ] {
            assert_eq!(check(body.clone()), Err(vec![(field.to_owned(), code)]), "{body}");
        }
    }
}
