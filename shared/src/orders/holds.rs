//! What an order waits for: what the gate would say if it were moved along now. Computed, never stored.

use serde::Serialize;
use utoipa::ToSchema;

use super::gate::{self, Judgement, Stage};
use super::order::Order;
use super::problem::{CheckoutProblem, ProblemCode};
use super::screening::{Care, forbidden, hold_id};
use super::status::Status;
use crate::catalog::Stock;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::Result;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::ProductId;
use crate::platform::wording::{self, Words};
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
    /// No prescription covers a line; the customer may give the order another one, or cancel it.
    PrescriptionRejected,
    /// What lies under the product's id is not what was ordered any more; the customer may cancel the order.
    MedicineChanged,
    /// A pharmacist has to decide about something that screening found.
    Screening,
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
    /// A pack in the parcel was called back or has expired since: the order is to be packed anew, or called off.
    RecalledLot,
    /// There is not enough left that may go out.
    StockShort,
    /// The customer wants to give something back.
    ReturnRequested,
}

impl NextActor {
    const ALL: [Self; 4] = [Self::Customer, Self::Pharmacy, Self::Prescriber, Self::System];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Pharmacy => "pharmacy",
            Self::Prescriber => "prescriber",
            Self::System => "system",
        }
    }
}

impl HoldCode {
    const ALL: [Self; 12] = [
        Self::PrescriptionReview,
        Self::PrescriptionRejected,
        Self::MedicineChanged,
        Self::Screening,
        Self::LimitExceeded,
        Self::PaymentRequired,
        Self::AuthorizationExpiring,
        Self::PaymentReview,
        Self::RefundManual,
        Self::RecalledLot,
        Self::StockShort,
        Self::ReturnRequested,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::PrescriptionReview => "prescription_review",
            Self::PrescriptionRejected => "prescription_rejected",
            Self::MedicineChanged => "medicine_changed",
            Self::Screening => "screening",
            Self::LimitExceeded => "limit_exceeded",
            Self::PaymentRequired => "payment_required",
            Self::AuthorizationExpiring => "authorization_expiring",
            Self::PaymentReview => "payment_review",
            Self::RefundManual => "refund_manual",
            Self::RecalledLot => "recalled_lot",
            Self::StockShort => "stock_short",
            Self::ReturnRequested => "return_requested",
        }
    }

    /// Whether nobody packs the order while it stands.
    pub(super) const fn forbids_packing(self) -> bool {
        matches!(
            self,
            Self::PrescriptionReview
                | Self::PrescriptionRejected
                | Self::MedicineChanged
                | Self::Screening
                | Self::LimitExceeded
        )
    }
}

/// Which orders are looked for by what they wait for: where both are named, by one hold that is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sought {
    /// For this.
    pub code: Option<HoldCode>,
    /// For these to act.
    pub next_actor: Option<NextActor>,
}

impl Sought {
    /// Reads what a list is asked for; `None` where it is asked for neither.
    ///
    /// # Errors
    /// Those that name no such hold, by their fields, or nobody who could act.
    pub fn parse(
        code: Option<Field<String>>,
        next_actor: Option<Field<String>>,
    ) -> std::result::Result<Option<Self>, FieldErrors> {
        let unknown = |known: Vec<&str>| Invalid::new("unknown_value", wording::field::one_of(&known.join(", ")));
        let (code, next_actor) = all((
            code.parse_optional("hold", |text| {
                let found = HoldCode::ALL.into_iter().find(|one| one.as_str() == text);
                found.ok_or_else(|| unknown(HoldCode::ALL.map(HoldCode::as_str).to_vec()))
            }),
            next_actor.parse_optional("waiting_for", |text| {
                let found = NextActor::ALL.into_iter().find(|one| one.as_str() == text);
                found.ok_or_else(|| unknown(NextActor::ALL.map(NextActor::as_str).to_vec()))
            }),
        ))?;
        Ok((code.is_some() || next_actor.is_some()).then_some(Self { code, next_actor }))
    }

    /// A name for cursors, which go on with one list alone.
    pub fn name(self) -> String {
        let code = self.code.map_or("any", HoldCode::as_str);
        format!("{code} for {}", self.next_actor.map_or("anybody", NextActor::as_str))
    }

    /// Whether one of these holds is meant.
    pub fn finds(self, holds: &[Hold]) -> bool {
        let meant = |hold: &Hold| {
            self.code.is_none_or(|code| hold.code == code)
                && self.next_actor.is_none_or(|actor| hold.next_actor == actor)
        };
        holds.iter().any(meant)
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
    #[schema(value_type = String)]
    pub detail: Words,
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
            detail: wording::orders::prescription_review(),
            next_actor: NextActor::Pharmacy,
            since,
        }
    }

    /// For a pharmacist to decide about what screening found.
    pub fn for_screening(key: &str, detail: Words, since: Timestamp) -> Self {
        Self { id: hold_id(key), code: HoldCode::Screening, detail, next_actor: NextActor::Pharmacy, since }
    }

    /// The same for who may not know of the other lines or of the patient.
    #[must_use]
    pub fn for_a_seller(self) -> Self {
        match self.code {
            HoldCode::Screening => Self { detail: wording::orders::looked_at(), ..self },
            _ => self,
        }
    }

    /// For whoever has to see to the payment.
    pub fn of_payment(code: HoldCode, next_actor: NextActor, since: Timestamp, detail: Words) -> Self {
        Self { id: code.as_str().to_owned(), code, detail, next_actor, since }
    }

    /// For whoever has to see to the units of a product.
    pub fn of_product(
        code: HoldCode,
        product: ProductId,
        next_actor: NextActor,
        since: Timestamp,
        detail: Words,
    ) -> Self {
        Self { id: format!("{}.{product}", code.as_str()), code, detail, next_actor, since }
    }

    fn is_of(&self, product: ProductId) -> bool {
        self.id.split_once('.').is_some_and(|(_, named)| named == product.to_string())
    }

    fn of_line(problem: &CheckoutProblem, code: HoldCode, next_actor: NextActor, since: Timestamp) -> Self {
        let line = problem.product_id.map(|product| format!(".{product}")).unwrap_or_default();
        Self { id: format!("{}{line}", code.as_str()), code, detail: problem.detail.clone(), next_actor, since }
    }
}

/// Whether something is left of an order without the lines that `holds` keep back. A hold that names no line keeps the only one
/// back where there is one, and may be about any of several.
pub(super) fn leave_a_line(holds: &[Hold], order: &Order) -> bool {
    let mut keeping = holds.iter().filter(|hold| hold.code.forbids_packing());
    match order.lines.as_slice() {
        [_] => keeping.next().is_none(),
        lines => {
            let keeping: Vec<_> = keeping.collect();
            lines.iter().any(|line| !keeping.iter().any(|hold| hold.is_of(line.offer.product_id)))
        }
    }
}

/// What an order waits for before it can come to its next state, beside today's `stocks`, the customer's own
/// `prescriptions` that were given with it, and what it is screened with. Nothing once it is packed.
///
/// # Errors
/// The configuration names no time zone that there is.
pub fn of(
    order: &Order,
    stocks: &[Stock],
    prescriptions: &[Prescription],
    care: &Care,
    now: Timestamp,
    zone: &Zone,
) -> Result<Vec<Hold>> {
    let today = zone.day(now)?;
    let Some(judgement) = judged(order, stocks, prescriptions, care, today) else { return Ok(Vec::new()) };
    let stands_since = order.history.last().map_or(Timestamp::from_millis(0), |step| step.at);
    let uncovered_since =
        without_cover_since(prescriptions, today, zone)?.map_or(stands_since, |at| at.max(stands_since));
    let in_review = gate::any_pending(prescriptions);
    let mut holds: Vec<Hold> = Vec::new();
    for problem in &judgement.problems {
        let hold = |code, next_actor, since| Hold::of_line(problem, code, next_actor, since);
        let hold = match problem.code {
            ProblemCode::PrescriptionRequired
            | ProblemCode::PrescriptionInsufficient
            | ProblemCode::WrongPatient
            | ProblemCode::TooEarly
                if in_review =>
            {
                Hold::for_review(stands_since)
            }
            ProblemCode::TooEarly => hold(HoldCode::LimitExceeded, NextActor::System, stands_since),
            ProblemCode::PrescriptionRequired | ProblemCode::PrescriptionInsufficient | ProblemCode::WrongPatient => {
                hold(HoldCode::PrescriptionRejected, NextActor::Customer, uncovered_since)
            }
            // Of these there is a hold for each finding, and not for each line.
            ProblemCode::Contraindicated | ProblemCode::Screening => continue,
            _ => hold(HoldCode::MedicineChanged, NextActor::Customer, stands_since),
        };
        if !holds.contains(&hold) {
            holds.push(hold);
        }
    }
    for finding in judgement.screening.standing(&care.overridden) {
        let decided = order.overrides.iter().any(|one| one.key == finding.key);
        let detail = match forbidden(finding) {
            true if decided => finding.detail.then(&wording::orders::second_has_yet_to_confirm()),
            _ => finding.detail.clone(),
        };
        let hold = Hold::for_screening(&finding.key, detail, stands_since);
        if holds.iter().all(|other| other.id != hold.id) {
            holds.push(hold);
        }
    }
    Ok(holds)
}

/// What the gate would say if the order were moved along on this day; `None` where there is no gate ahead.
pub(super) fn judged(
    order: &Order,
    stocks: &[Stock],
    prescriptions: &[Prescription],
    care: &Care,
    today: Date,
) -> Option<Judgement> {
    let stage = match order.status {
        Status::Placed => Stage::Verify,
        Status::Verified => Stage::Pack,
        _ => return None,
    };
    let mut given = prescriptions.to_vec();
    let lines: Vec<_> = order.lines.iter().map(|line| line.in_gate(stocks)).collect();
    Some(gate::judge(stage, order.id, &lines, &mut given, today, care))
}

/// Since when the last of these prescriptions covers nothing; `None` where one still may, or it is not known.
///
/// # Errors
/// The configuration names no time zone that there is.
pub fn without_cover_since(prescriptions: &[Prescription], today: Date, zone: &Zone) -> Result<Option<Timestamp>> {
    let ends = prescriptions.iter().map(|prescription| ended(prescription, today, zone));
    let ends = ends.collect::<Result<Option<Vec<_>>>>()?;
    Ok(ends.and_then(|ends| ends.into_iter().max()))
}

/// Since when a prescription covers nothing; `None` where it still may, or it is not known.
///
/// # Errors
/// The configuration names no time zone that there is.
pub(super) fn ended(prescription: &Prescription, today: Date, zone: &Zone) -> Result<Option<Timestamp>> {
    match prescription.status {
        Rx::Rejected => Ok(prescription.review.as_ref().map(|review| review.at)),
        Rx::Withdrawn => Ok(prescription.withdrawn_at),
        Rx::Approved | Rx::Spent => {
            let last = prescription.valid_until.filter(|last| today > *last);
            last.map(|last| zone.beginning(last.plus_days(1))).transpose()
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(code: Option<&str>, next_actor: Option<&str>) -> std::result::Result<Option<Sought>, FieldErrors> {
        let field = |text: Option<&str>| text.map(|text| Field::Present(text.to_owned()));
        Sought::parse(field(code), field(next_actor))
    }

    #[test]
    fn one_hold_must_be_all_that_is_looked_for() {
        let at = Timestamp::from_millis(0);
        let review = Hold::for_review(at);
        let payment =
            Hold::of_payment(HoldCode::PaymentRequired, NextActor::Customer, at, wording::orders::not_prescribed());
        let finds = |code, actor, holds: &[Hold]| sought(code, actor).unwrap().unwrap().finds(holds);
        let both = [review.clone(), payment];
        assert!(finds(Some("prescription_review"), None, &both) && finds(None, Some("customer"), &both));
        assert!(finds(Some("prescription_review"), Some("pharmacy"), &both));
        assert!(!finds(Some("prescription_review"), Some("customer"), &both), "these are two holds");
        assert!(!finds(None, Some("customer"), &[review]) && !finds(None, Some("system"), &[]));
        assert_eq!(sought(None, None), Ok(None));
        let errors = sought(Some("lost"), Some("me")).unwrap_err();
        assert_eq!(errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["hold", "waiting_for"]);
    }

    #[test]
    fn every_hold_and_everybody_can_be_looked_for() {
        for code in HoldCode::ALL {
            assert_eq!(sought(Some(code.as_str()), None).unwrap().unwrap().code, Some(code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        for actor in NextActor::ALL {
            assert_eq!(sought(None, Some(actor.as_str())).unwrap().unwrap().next_actor, Some(actor));
            assert_eq!(serde_json::to_value(actor).unwrap(), actor.as_str());
        }
    }
}
