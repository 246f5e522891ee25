//! Deciding about a hold that screening made: a pharmacist passes over the finding, or calls the order off. What is
//! contraindicated takes two of them.
//!
//! - It runs twice: a decision that stands already is answered again, and nothing is written.
//! - It runs twice at once: the order's version lets one through; the other reads again, and finds the first's decision.
//! - It dies in the middle: order and trail are one transaction.

use futures_util::future::try_join;
use serde::Deserialize;
use utoipa::ToSchema;

use super::fulfilment::{ATTEMPTS, Orders, Transition, stepped};
use super::holds::{self, Hold};
use super::order::{Actor, Order};
use super::packing::Packing;
use super::screening::{Override, forbidden, hold_id, products};
use super::status::Status;
use crate::audit::{Action, Actor as Trace, Entry};
use crate::identity::Caller;
use crate::medicine::screening::Finding;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{OrderId, ProductId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// What is done about a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HoldDecision)]
pub enum Decision {
    /// The order goes on all the same.
    Override,
    /// The line is left out, and the rest of the order verified.
    RemoveLine,
    /// The order is called off.
    Cancel,
}

/// Why, in words that can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HoldReason)]
pub enum ReasonCode {
    /// The prescriber was asked.
    PrescriberConsulted,
    /// What it does good is worth more than what it may do harm.
    BenefitOutweighsRisk,
    /// The patient has had both before and is well.
    PatientTolerates,
    /// Somebody looks after what may go wrong.
    MonitoringArranged,
    /// The other medicine is not taken any more.
    AlreadyStopped,
    /// What is recorded of the patient is wrong.
    RecordIsWrong,
    /// What the rules do not know was looked up elsewhere.
    SubstanceChecked,
    /// The patient was asked, and does not want it any more.
    PatientDeclined,
    /// It is too dangerous.
    TooDangerous,
    /// Something else; the words say what.
    Other,
}

impl ReasonCode {
    /// As the table and the trail write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PrescriberConsulted => "prescriber_consulted",
            Self::BenefitOutweighsRisk => "benefit_outweighs_risk",
            Self::PatientTolerates => "patient_tolerates",
            Self::MonitoringArranged => "monitoring_arranged",
            Self::AlreadyStopped => "already_stopped",
            Self::RecordIsWrong => "record_is_wrong",
            Self::SubstanceChecked => "substance_checked",
            Self::PatientDeclined => "patient_declined",
            Self::TooDangerous => "too_dangerous",
            Self::Other => "other",
        }
    }
}

/// A decision about a hold.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// What is done.
    pub decision: Decision,
    /// The line that is left out, where the finding concerns several.
    pub product: Option<ProductId>,
    /// Why.
    pub reason_code: ReasonCode,
    /// The same in words.
    pub reason: String,
}

impl Orders {
    /// Decides about a hold of another's order that screening made; what it waits for then.
    ///
    /// # Errors
    /// 400 at `product_id`; 404 for an order or a hold that is not there; 403 `own_order`, `second_pharmacist_required`; 409 `not_resolvable`,
    /// `invalid_transition`; 412; 503.
    pub async fn resolve(
        &self,
        caller: &Caller,
        (id, hold): (OrderId, &str),
        resolution: &Resolution,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<(Order, Vec<Hold>)> {
        let action = Action::ResolveHold;
        if resolution.decision == Decision::RemoveLine {
            return self.left_out(caller, (id, hold), resolution, precondition, trace).await;
        }
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            let resolved = self.resolved(caller, &order, hold, resolution, precondition).await;
            let Some((next, mut writes)) = self.noted(trace, action, &order, resolved).await? else {
                self.shown(trace, std::slice::from_ref(&order)).await?;
                let holds = self.holds(&order).await?;
                return Ok((order, holds));
            };
            let entry = Entry::allowed(trace, action, &order.customer, id, self.clock.now());
            writes.push(self.store.save(&next)?);
            writes.push(self.audit.action(&entry.detail(resolution.reason_code.as_str()))?);
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                let saved = Order { version: order.version + 1, ..next };
                let holds = self.holds(&saved).await?;
                return Ok((saved, holds));
            }
        }
        Err(Error::busy())
    }

    /// Verifies an order without a line that a finding concerns: the step that is there for leaving lines out.
    async fn left_out(
        &self,
        caller: &Caller,
        (id, hold): (OrderId, &str),
        resolution: &Resolution,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<(Order, Vec<Hold>)> {
        let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let (stands_on, reading) = try_join(self.stands_on(&order), self.screener.read_of(&order)).await?;
        let today = self.zone.day(self.clock.now())?;
        let care = reading.care(Some(order.id), &order.overrides, today);
        let judgement = holds::judged(&order, &stands_on.0, &stands_on.1, &care, today).unwrap_or_default();
        let found = judgement.screening.standing(&care.overridden).find(|finding| hold_id(&finding.key) == hold);
        let product = found.ok_or_else(Error::not_found).and_then(|finding| concerned(finding, resolution.product));
        let product = self.noted(trace, Action::ResolveHold, &order, product).await?;
        let (to, note, tracking) = (Status::Verified, Some(resolution.reason.clone()), None);
        let transition = Transition { to, note, tracking, packing: Packing::default(), reject: vec![product] };
        let (order, _) = self.step(caller, id, &transition, precondition, trace).await?;
        let holds = self.holds(&order).await?;
        Ok((order, holds))
    }

    /// The order with the decision, and what is written beside it; nothing where it was decided so before.
    async fn resolved(
        &self,
        caller: &Caller,
        order: &Order,
        hold: &str,
        resolution: &Resolution,
        precondition: &Precondition,
    ) -> Result<Option<(Order, Vec<Write>)>> {
        if order.customer == caller.user {
            let detail = wording::orders::own_hold();
            return Err(Error::new(Kind::Forbidden, "own_order", detail));
        }
        let now = self.clock.now();
        let (stands_on, reading) = try_join(self.stands_on(order), self.screener.read_of(order)).await?;
        let (stocks, prescriptions) = stands_on;
        let today = self.zone.day(now)?;
        let care = reading.care(Some(order.id), &order.overrides, today);
        let judgement = holds::judged(order, &stocks, &prescriptions, &care, today).unwrap_or_default();
        let found = judgement.screening.standing(&care.overridden).find(|finding| hold_id(&finding.key) == hold);
        let Some(finding) = found else {
            return self.without_finding(order, hold, resolution).await;
        };
        precondition.check(Some(order.version))?;
        match resolution.decision {
            Decision::Override => {
                let Some(next) = overridden(order, finding, resolution, &caller.user, now)? else { return Ok(None) };
                // What was looked up once is no reason to hold the next order of the same product.
                let mut writes = Vec::new();
                if resolution.reason_code == ReasonCode::SubstanceChecked {
                    let said = (&caller.user, resolution.reason.as_str(), now);
                    for (patient, look_up) in reading.looked_up(finding, said) {
                        writes.push(self.screener.records.look_up(patient, &look_up)?);
                    }
                }
                Ok(Some((next, writes)))
            }
            Decision::RemoveLine | Decision::Cancel => {
                let note = Some(resolution.reason.clone());
                let next = stepped(order, self.taken_by(caller, Actor::Pharmacy, Status::Cancelled, note))?;
                let writes = self.give_back(order, &order.customer).await?;
                Ok(Some((next, writes)))
            }
        }
    }

    /// What to say where no finding makes such a hold: it may have been decided so before, or be one of another sort.
    async fn without_finding(
        &self,
        order: &Order,
        hold: &str,
        resolution: &Resolution,
    ) -> Result<Option<(Order, Vec<Write>)>> {
        let decided = match resolution.decision {
            Decision::Override => order.overrides.iter().any(|one| hold_id(&one.key) == hold),
            Decision::RemoveLine => false,
            Decision::Cancel => order.status == Status::Cancelled,
        };
        if decided {
            return Ok(None);
        }
        if self.holds(order).await?.iter().any(|other| other.id == hold) {
            let detail = wording::orders::hold_ends_by_itself();
            return Err(Error::conflict("not_resolvable", detail));
        }
        Err(Error::not_found())
    }
}

/// The line that a finding concerns: the one that is named, or the only one.
///
/// # Errors
/// 400 at `product_id` where it names none of them, or none is named of several.
fn concerned(finding: &Finding, named: Option<ProductId>) -> Result<ProductId> {
    let concerned = products(finding);
    let refused = |code, message| Error::invalid_fields(vec![Invalid::new(code, message).at("product_id")]);
    match (named, concerned.as_slice()) {
        (Some(product), all) if all.contains(&product) => Ok(product),
        (Some(_), _) => Err(refused("not_found", wording::orders::hold_not_about())),
        (None, [product]) => Ok(*product),
        (None, _) => Err(refused("required", wording::orders::which_line())),
    }
}

/// The order with what `user` decided to pass over; nothing where they have decided so already and it counts.
///
/// # Errors
/// 403 `second_pharmacist_required` where another has to confirm it.
fn overridden(
    order: &Order,
    finding: &Finding,
    resolution: &Resolution,
    user: &UserId,
    now: Timestamp,
) -> Result<Option<Order>> {
    let mut next = order.clone();
    match next.overrides.iter_mut().find(|one| one.key == finding.key) {
        Some(decided) if decided.by == *user => {
            let detail = wording::orders::second_pharmacist();
            return Err(Error::new(Kind::Forbidden, "second_pharmacist_required", detail));
        }
        Some(decided) => {
            decided.confirmed_by = Some(user.clone());
            decided.confirmed_at = Some(now);
        }
        None => next.overrides.push(Override {
            key: finding.key.clone(),
            reason_code: resolution.reason_code.as_str().to_owned(),
            reason: resolution.reason.clone(),
            by: user.clone(),
            at: now,
            by_two: forbidden(finding),
            confirmed_by: None,
            confirmed_at: None,
        }),
    }
    Ok(Some(next))
}
