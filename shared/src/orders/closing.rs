//! Closing refunds that were made by hand, in the provider's portal: those that eSewa does not make by itself, and those that
//! another provider neither made nor refused for a day.
//!
//! Twice: a refund that is closed stays so, and the same reference gets the same answer. At once: the order's version lets one
//! through. Killed: before the transaction nothing was closed, after it all was.

use serde::Deserialize;
use utoipa::ToSchema;

use super::paying::{ATTEMPTS, Paying, change, expected, ids};
use super::refunding::{RefundView, for_another};
use crate::audit::{Action, Actor as Trace, Entry};
use crate::payments::{Provider, Refund, RefundState};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::ids::{OrderId, RefundId};
use crate::platform::wording;

/// What the staff says of a refund that was made by hand.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CloseRefundRequest {
    /// What the provider calls it: 1 to 64 visible characters.
    #[schema(value_type = String)]
    reference: Field<String>,
}

impl CloseRefundRequest {
    /// The reference.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self) -> Result<String, FieldErrors> {
        let (reference,) = all((self.reference.parse("reference", |text: String| {
            let good = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
            if good { Ok(text) } else { Err(Invalid::new("invalid_reference", wording::payments::a_reference())) }
        }),))?;
        Ok(reference)
    }
}

impl Paying<'_> {
    /// Closes a refund that was made by hand, once the provider says that money went back.
    ///
    /// # Errors
    /// 403 `own_order`; 404; 409 `not_manual`, `refund_not_seen`; 503.
    pub async fn close_refund(
        &self,
        id: OrderId,
        refund: RefundId,
        reference: &str,
        trace: &Trace,
    ) -> Result<RefundView> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            if let Err(refusal) = for_another(&order, &trace.user) {
                let entry = || Entry::refused(trace, Action::RefundOrder, &order.customer, id, self.clock.now());
                return self.audit.noting(Err(refusal), entry).await;
            }
            let online = order.payment.online().ok_or_else(Error::not_found)?;
            let currency = online.due.currency();
            let found = |refunds: &[Refund]| refunds.iter().find(|one| one.id == refund).cloned();
            let open = found(&online.refunds).ok_or_else(Error::not_found)?;
            match open.state {
                RefundState::Manual => {}
                RefundState::Succeeded if open.reference.as_deref() == Some(reference) => {
                    return Ok(RefundView::new(&open, currency));
                }
                _ => {
                    return Err(Error::conflict("not_manual", wording::payments::not_manual()));
                }
            }
            let ids = ids(id, online, open.attempt);
            let expected = expected(online, open.attempt, &ids).ok_or_else(Error::not_found)?;
            let (seen, gave_back) = match self.providers.of(order.payment.method())? {
                // It says that something went back, and not how much.
                Provider::Esewa(esewa) => esewa.gave_back(expected).await?,
                provider => {
                    let seen = provider.observe(expected).await?;
                    let shown = online.shows(&seen, &open);
                    (seen, shown)
                }
            };
            if !gave_back {
                let entry = || Entry::refused(trace, Action::RefundOrder, &order.customer, id, self.clock.now());
                let detail = wording::payments::refund_not_seen();
                return self.audit.noting(Err(Error::conflict("refund_not_seen", detail)), entry).await;
            }
            let now = self.clock.now();
            let mut next = order.clone();
            change(&mut next, |online| {
                online.absorb(open.attempt, &seen, now);
                online.close_refund(refund, reference, now);
            });
            let closed =
                next.payment.online().and_then(|online| found(&online.refunds)).ok_or_else(Error::not_found)?;
            let mut writes = vec![
                self.store.save(&next)?,
                self.audit.action(&Entry::allowed(trace, Action::RefundOrder, &order.customer, id, now))?,
            ];
            let status = next.payment.status();
            if status != order.payment.status() {
                let entry = Entry::allowed(trace, Action::ChangePayment, &order.customer, id, now);
                writes.push(self.audit.action(&entry.detail(status.as_str()))?);
            }
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok(RefundView::new(&closed, currency));
            }
        }
        Err(Error::busy())
    }
}
