//! Other prescriptions for an order that waits: in place of one that was rejected, or beside one that was not enough.
//!
//! - It runs twice: the second finds what it wants and writes nothing.
//! - It runs beside a verification: the order's version lets one of them through.
//! - It dies in the middle: order and entry are one transaction.

use super::fulfilment::Orders;
use super::holds::Hold;
use super::order::Order;
use super::request::{GivenPrescriptions, MAX_PRESCRIPTIONS};
use super::status::Status;
use crate::audit::{Action, Actor as Trace, Entry};
use crate::identity::Caller;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::{OrderId, PrescriptionId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

const ATTEMPTS: u32 = 6;

impl Orders {
    /// An order of the caller's own. Who asks for another's is on the trail before they are refused.
    ///
    /// # Errors
    /// 404; 503, also when the trail cannot be written.
    pub async fn own(&self, caller: &Caller, id: OrderId, trace: &Trace) -> Result<Order> {
        let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        if order.customer == caller.user {
            return Ok(order);
        }
        let refused = || Entry::refused(trace, Action::ReadOrder, &order.customer, id, self.clock.now());
        self.audit.noting(Err(Error::not_found()), refused).await
    }

    /// Gives an order that is not verified yet these prescriptions, and keeps those that a fill was taken from.
    ///
    /// # Errors
    /// 400 for prescriptions that are not the caller's, or too many; 404 for another's order; 409 `invalid_transition` once
    /// verified or cancelled; 412 where `precondition` does not hold; 503.
    pub async fn set_prescriptions(
        &self,
        caller: &Caller,
        id: OrderId,
        given: &GivenPrescriptions,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<(Order, Vec<Hold>)> {
        self.check_given(given, caller, trace).await?;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.own(caller, id, trace).await?;
            let next = replaced(&order, given, self.clock.now())?;
            if next == order {
                let holds = self.holds(&order).await?;
                return Ok((order, holds));
            }
            precondition.check(Some(order.version))?;
            let entry = Entry::allowed(trace, Action::SetOrderPrescriptions, &order.customer, id, self.clock.now());
            let writes = vec![self.store.save(&next)?, self.audit.action(&entry)?];
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                let next = Order { version: order.version + 1, ..next };
                let holds = self.holds(&next).await?;
                return Ok((next, holds));
            }
        }
        Err(Error::busy())
    }

    /// Refuses what is not the caller's, by its place in the request. Of others' prescriptions that is on the trail first.
    async fn check_given(&self, given: &GivenPrescriptions, caller: &Caller, trace: &Trace) -> Result<()> {
        let found = self.prescriptions.get_many(&given.each_once()).await?;
        let (own, others): (Vec<_>, Vec<_>) = found.iter().partition(|one| one.owner == caller.user);
        let now = self.clock.now();
        let refused = |other: &&crate::prescriptions::Prescription| {
            Entry::refused(trace, Action::ReadPrescription, &other.owner, other.id, now)
        };
        let entries: Vec<_> = others.iter().map(refused).collect();
        if !entries.is_empty() {
            self.audit.append_all(&entries).await?;
        }
        let unknown = |id: &PrescriptionId| !own.iter().any(|one| one.id == *id);
        let errors: FieldErrors = given
            .ids
            .iter()
            .enumerate()
            .filter(|(_, id)| unknown(id))
            .map(|(index, _)| {
                Invalid::new("not_found", wording::orders::no_such_prescription())
                    .at(format!("prescription_ids[{index}]"))
            })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
    }
}

/// The order with these prescriptions.
fn replaced(order: &Order, given: &GivenPrescriptions, now: Timestamp) -> Result<Order> {
    if order.status != Status::Placed {
        let detail = wording::orders::prescriptions_until_verified();
        return Err(Error::conflict("invalid_transition", detail));
    }
    let mut ids = given.ids.clone();
    ids.extend(order.filled_from());
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MAX_PRESCRIPTIONS {
        let detail = wording::orders::too_many_prescriptions(MAX_PRESCRIPTIONS);
        return Err(vec![Invalid::new("too_many", detail).at("prescription_ids")].into());
    }
    if ids == order.prescription_ids {
        return Ok(order.clone());
    }
    // A request that placed it and comes again is answered as it was then.
    let given_first = order.given_first.clone().or_else(|| Some(order.prescription_ids.clone()));
    let given_anew = order.given_anew.or(Some(now));
    Ok(Order { prescription_ids: ids, given_first, given_anew, ..order.clone() })
}
