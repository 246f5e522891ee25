//! What an order waits for: what the gate would say if it were moved along now. Computed, never stored.

use serde::Serialize;
use utoipa::ToSchema;

use super::gate::{self, Stage};
use super::order::Order;
use super::problem::{CheckoutProblem, ProblemCode};
use super::status::Status;
use crate::catalog::Stock;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::Result;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, Status as Rx};

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextActor {
    /// The one who ordered.
    Customer,
    /// The pharmacy's staff.
    Pharmacy,
    /// Who wrote the prescription.
    Prescriber,
    /// Nobody: it ends by itself.
    System,
}

/// The kinds of holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HoldCode {
    /// A pharmacist has yet to review the prescription.
    PrescriptionReview,
    /// No prescription covers a line; the customer may cancel the order and place another with one that does.
    PrescriptionRejected,
    /// What lies under the product's id is not what was ordered any more; the customer may cancel the order.
    MedicineChanged,
    /// The next fill is not due yet.
    LimitExceeded,
    /// It is not paid yet.
    PaymentRequired,
    /// The money is not held for much longer.
    AuthorizationExpiring,
    /// Money came that does not belong to the order, or the payer has gone to their bank.
    PaymentReview,
    /// Money that should go back does not go by itself.
    RefundManual,
}

impl HoldCode {
    const fn as_str(self) -> &'static str {
        match self {
            Self::PrescriptionReview => "prescription_review",
            Self::PrescriptionRejected => "prescription_rejected",
            Self::MedicineChanged => "medicine_changed",
            Self::LimitExceeded => "limit_exceeded",
            Self::PaymentRequired => "payment_required",
            Self::AuthorizationExpiring => "authorization_expiring",
            Self::PaymentReview => "payment_review",
            Self::RefundManual => "refund_manual",
        }
    }
}

/// What an order waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hold {
    /// Its name within the order; the same as long as it lasts.
    pub id: String,
    /// What.
    pub code: HoldCode,
    /// A sentence for the customer.
    pub detail: String,
    /// Whose turn it is.
    pub next_actor: NextActor,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

impl Hold {
    /// For a pharmacist to review a prescription.
    pub fn for_review(since: Timestamp) -> Self {
        Self {
            id: HoldCode::PrescriptionReview.as_str().to_owned(),
            code: HoldCode::PrescriptionReview,
            detail: "A pharmacist has yet to review the prescription.".to_owned(),
            next_actor: NextActor::Pharmacy,
            since,
        }
    }

    /// For whoever has to see to the payment.
    pub fn of_payment(code: HoldCode, next_actor: NextActor, since: Timestamp, detail: &str) -> Self {
        Self { id: code.as_str().to_owned(), code, detail: detail.to_owned(), next_actor, since }
    }

    fn of_line(problem: &CheckoutProblem, code: HoldCode, next_actor: NextActor, since: Timestamp) -> Self {
        let line = problem.product_id.map(|product| format!(".{product}")).unwrap_or_default();
        Self { id: format!("{}{line}", code.as_str()), code, detail: problem.detail.clone(), next_actor, since }
    }
}

/// What an order waits for before it can come to its next state, beside today's `stocks` and the customer's own
/// `prescriptions` that were given with it. Nothing once it is packed.
///
/// # Errors
/// The configuration names no time zone that there is.
pub fn of(
    order: &Order,
    stocks: &[Stock],
    prescriptions: &[Prescription],
    now: Timestamp,
    zone: &Zone,
) -> Result<Vec<Hold>> {
    let today = zone.day(now)?;
    let stage = match order.status {
        Status::Placed => Stage::Verify,
        Status::Verified => Stage::Pack,
        _ => return Ok(Vec::new()),
    };
    let mut given = prescriptions.to_vec();
    let lines: Vec<_> = order.lines.iter().map(|line| line.in_gate(stocks)).collect();
    let problems = gate::judge(stage, order.id, &lines, &mut given, today).problems;
    let stands_since = order.history.last().map_or(Timestamp::from_millis(0), |step| step.at);
    let uncovered_since =
        without_cover_since(prescriptions, today, zone)?.map_or(stands_since, |at| at.max(stands_since));
    let in_review = gate::any_pending(prescriptions);
    let mut holds: Vec<Hold> = Vec::new();
    for problem in &problems {
        let hold = |code, next_actor, since| Hold::of_line(problem, code, next_actor, since);
        let hold = match problem.code {
            ProblemCode::PrescriptionRequired | ProblemCode::PrescriptionInsufficient | ProblemCode::TooEarly
                if in_review =>
            {
                Hold::for_review(stands_since)
            }
            ProblemCode::TooEarly => hold(HoldCode::LimitExceeded, NextActor::System, stands_since),
            ProblemCode::PrescriptionRequired | ProblemCode::PrescriptionInsufficient => {
                hold(HoldCode::PrescriptionRejected, NextActor::Customer, uncovered_since)
            }
            _ => hold(HoldCode::MedicineChanged, NextActor::Customer, stands_since),
        };
        if !holds.contains(&hold) {
            holds.push(hold);
        }
    }
    Ok(holds)
}

/// Since when the last of these prescriptions covers nothing; `None` where one still may, or it is not known.
///
/// # Errors
/// The configuration names no time zone that there is.
pub fn without_cover_since(prescriptions: &[Prescription], today: Date, zone: &Zone) -> Result<Option<Timestamp>> {
    let expired = |prescription: &Prescription| {
        let last = prescription.valid_until.filter(|last| today > *last);
        last.map(|last| zone.beginning(last.plus_days(1))).transpose()
    };
    let ended = |prescription: &Prescription| match prescription.status {
        Rx::Rejected => Ok(prescription.review.as_ref().map(|review| review.at)),
        Rx::Withdrawn => Ok(prescription.withdrawn_at),
        Rx::Approved | Rx::Spent => expired(prescription),
        _ => Ok(None),
    };
    let ends = prescriptions.iter().map(ended).collect::<Result<Option<Vec<_>>>>()?;
    Ok(ends.and_then(|ends| ends.into_iter().max()))
}
