//! The dispensing gate: the one function that decides whether medicine may go to a customer. Every path that sells or
//! packs goes through it: placing an order, verifying it, packing it.

use super::problem::CheckoutProblem;
use crate::catalog::Offer;
use crate::platform::clock::Date;
use crate::platform::ids::{OrderId, PrescriptionId, ProductId};
use crate::prescriptions::{Demand, Prescription, Shortfall, ShortfallCode, Status, ledger};

/// How far the order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is being placed: a prescription that a pharmacist has not seen yet holds the order, it does not refuse it.
    Place,
    /// It is being verified: everything must be covered now, and what is not yet is taken from the ledger.
    Verify,
    /// It is being packed: everything must have been covered before, and still be.
    Pack,
}

/// A line as the gate sees it.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The offer as it stands now: a medicine that became prescription-only meanwhile needs one now.
    pub offer: &'a Offer,
    /// How many packs.
    pub quantity: u32,
    /// The prescription that a fill was taken from for this line.
    pub covered_by: Option<PrescriptionId>,
}

/// What the gate lets pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Fills taken now, to be written with the order.
    pub covered: Vec<(ProductId, PrescriptionId)>,
    /// Lines that wait for a pharmacist to review their prescription.
    pub waiting: Vec<ProductId>,
}

/// Lets the lines of an order pass, or says for each why not. Fills are taken out of `prescriptions`, which must be the
/// customer's own.
///
/// # Errors
/// Every line that must not be dispensed; nothing is to be written then.
pub fn pass(
    stage: Stage,
    order_id: OrderId,
    lines: &[Line<'_>],
    prescriptions: &mut [Prescription],
    today: Date,
) -> Result<Pass, Vec<CheckoutProblem>> {
    let mut pass = Pass::default();
    let mut problems = Vec::new();
    for line in lines.iter().filter(|line| line.offer.legal_status.prescription_required()) {
        let product = line.offer.product_id;
        let verdict = match line.covered_by {
            Some(id) => still_covered(id, order_id, product, prescriptions, today).map(|()| None),
            None if stage == Stage::Pack => Err(not_prescribed(product)),
            None => cover(line, order_id, prescriptions, today).map(Some),
        };
        match verdict {
            Ok(None) => {}
            Ok(Some(id)) => pass.covered.push((product, id)),
            Err(_) if stage == Stage::Place && any_pending(prescriptions) => pass.waiting.push(product),
            Err(_) if prescriptions.is_empty() => problems.push(CheckoutProblem::prescription_required(product)),
            Err(shortfall) => problems.push(CheckoutProblem::shortfall(&shortfall)),
        }
    }
    if problems.is_empty() { Ok(pass) } else { Err(problems) }
}

fn cover(
    line: &Line<'_>,
    order_id: OrderId,
    prescriptions: &mut [Prescription],
    today: Date,
) -> Result<PrescriptionId, Shortfall> {
    let product_id = line.offer.product_id;
    let demand = Demand {
        product_id,
        ingredients: line.offer.ingredients.clone(),
        legal_status: line.offer.legal_status,
        quantity: line.quantity,
    };
    match ledger::dispense(prescriptions, std::slice::from_ref(&demand), order_id, today) {
        Ok(allocations) => match allocations.first() {
            Some(allocation) => Ok(allocation.prescription_id),
            None => Err(not_prescribed(product_id)),
        },
        Err(shortfalls) => Err(shortfalls.into_iter().next().unwrap_or_else(|| not_prescribed(product_id))),
    }
}

fn still_covered(
    id: PrescriptionId,
    order_id: OrderId,
    product: ProductId,
    prescriptions: &[Prescription],
    today: Date,
) -> Result<(), Shortfall> {
    let found = prescriptions.iter().find(|prescription| prescription.id == id);
    let shortfall = |code| Err(Shortfall { product_id: product, code });
    let Some(prescription) = found else { return shortfall(ShortfallCode::NotPrescribed) };
    let mut fills = prescription.lines.iter().flat_map(|line| &line.fills);
    let filled = fills.any(|fill| fill.order_id == order_id && fill.product_id == product);
    let last = prescription.valid_until;
    match prescription.status {
        _ if last.is_none_or(|last| today > last) => shortfall(ShortfallCode::Expired),
        Status::Approved | Status::Spent if filled => Ok(()),
        _ => shortfall(ShortfallCode::NotPrescribed),
    }
}

fn any_pending(prescriptions: &[Prescription]) -> bool {
    prescriptions.iter().any(|prescription| prescription.status == Status::Pending)
}

fn not_prescribed(product_id: ProductId) -> Shortfall {
    Shortfall { product_id, code: ShortfallCode::NotPrescribed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::LegalStatus;
    use crate::orders::cart::tests::offer;
    use crate::orders::problem::ProblemCode;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::UserId;
    use crate::prescriptions::prescription::Prescriber;
    use crate::prescriptions::{AuthorizedLine, Medicine};

    fn today() -> Date {
        Date::parse("2026-11-20").unwrap()
    }

    fn medicine(n: u128) -> Offer {
        Offer { legal_status: LegalStatus::Prescription, ..offer(n) }
    }

    fn prescription(status: Status, for_product: ProductId) -> Prescription {
        let at = Timestamp::parse("2026-11-01T00:00:00Z").unwrap();
        Prescription {
            id: PrescriptionId::generate(at),
            owner: UserId::parse("00000000-0000-4000-8000-000000000001").unwrap(),
            status,
            created_at: at,
            content_type: "image/png".to_owned(),
            patient_name: "Anna".to_owned(),
            prescriber: Prescriber { name: "Dr B".to_owned(), registration_number: "1".to_owned() },
            issued_on: at.date(),
            file: None,
            checking: Vec::new(),
            refusal: None,
            claim: None,
            review: None,
            lines: vec![AuthorizedLine {
                medicine: Medicine::Product(for_product),
                quantity: 2,
                fills_allowed: 1,
                min_days_between: 0,
                fills: Vec::new(),
            }],
            valid_until: Some(today()),
            version: 1,
        }
    }

    fn run(
        stage: Stage,
        order: OrderId,
        offer: &Offer,
        covered_by: Option<PrescriptionId>,
        rx: &mut [Prescription],
        day: Date,
    ) -> Result<Pass, Vec<ProblemCode>> {
        pass(stage, order, &[Line { offer, quantity: 2, covered_by }], rx, day)
            .map_err(|problems| problems.into_iter().map(|problem| problem.code).collect())
    }

    fn order() -> OrderId {
        OrderId::generate(Timestamp::from_millis(7))
    }

    #[test]
    fn what_is_free_for_sale_passes_always() {
        for stage in [Stage::Place, Stage::Verify, Stage::Pack] {
            assert_eq!(run(stage, order(), &offer(1), None, &mut [], today()), Ok(Pass::default()));
        }
    }

    #[test]
    fn a_prescription_medicine_never_passes_without_a_prescription() {
        for stage in [Stage::Place, Stage::Verify, Stage::Pack] {
            let refused = run(stage, order(), &medicine(1), None, &mut [], today());
            assert_eq!(refused, Err(vec![ProblemCode::PrescriptionRequired]), "{stage:?}");
        }
    }

    #[test]
    fn an_unreviewed_prescription_holds_the_order_and_never_verifies_it() {
        let offer = medicine(1);
        let mut rx = [prescription(Status::Pending, offer.product_id)];
        assert_eq!(run(Stage::Place, order(), &offer, None, &mut rx, today()).unwrap().waiting, [offer.product_id]);
        for stage in [Stage::Verify, Stage::Pack] {
            assert_eq!(
                run(stage, order(), &offer, None, &mut rx, today()),
                Err(vec![ProblemCode::PrescriptionInsufficient])
            );
        }
    }

    #[test]
    fn no_other_state_of_a_prescription_counts() {
        let offer = medicine(1);
        for status in Status::ALL.into_iter().filter(|s| !matches!(s, Status::Approved | Status::Pending)) {
            for stage in [Stage::Place, Stage::Verify, Stage::Pack] {
                let mut rx = [prescription(status, offer.product_id)];
                let refused = run(stage, order(), &offer, None, &mut rx, today());
                assert_eq!(refused, Err(vec![ProblemCode::PrescriptionInsufficient]), "{status:?} at {stage:?}");
            }
        }
    }

    #[test]
    fn a_fill_is_taken_once_and_stays_good_until_the_last_day() {
        let offer = medicine(1);
        let id = order();
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        let covered = run(Stage::Place, id, &offer, None, &mut rx, today()).unwrap().covered;
        let by = Some(covered[0].1);
        assert_eq!(rx[0].status, Status::Spent);
        for stage in [Stage::Verify, Stage::Pack] {
            assert_eq!(run(stage, id, &offer, by, &mut rx, today()), Ok(Pass::default()), "{stage:?}");
            let late = run(stage, id, &offer, by, &mut rx, today().plus_days(1));
            assert_eq!(late, Err(vec![ProblemCode::PrescriptionInsufficient]), "{stage:?}");
            let other = run(stage, OrderId::generate(Timestamp::from_millis(8)), &offer, by, &mut rx, today());
            assert_eq!(other, Err(vec![ProblemCode::PrescriptionInsufficient]), "another order's fill, {stage:?}");
        }
    }

    #[test]
    fn a_prescription_taken_back_stops_the_parcel() {
        let offer = medicine(1);
        let id = order();
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        let by = run(Stage::Place, id, &offer, None, &mut rx, today()).unwrap().covered[0].1;
        rx[0].status = Status::Rejected;
        assert!(run(Stage::Pack, id, &offer, Some(by), &mut rx, today()).is_err());
    }

    #[test]
    fn a_product_that_became_prescription_only_needs_one_at_the_next_gate() {
        let mut offer = offer(1);
        assert!(run(Stage::Place, order(), &offer, None, &mut [], today()).is_ok());
        offer.legal_status = LegalStatus::Controlled;
        assert_eq!(
            run(Stage::Pack, order(), &offer, None, &mut [], today()),
            Err(vec![ProblemCode::PrescriptionRequired])
        );
    }
}
