//! The dispensing gate: the one judgement of the lines of a cart or an order, on the offers of today. Everything that
//! shows, sells or packs asks it: the cart, the preview, placing, verifying, packing, and the holds of an order.

use super::problem::{CheckoutProblem, ProblemCode};
use crate::catalog::{Fingerprint, MedicinePart, Offer};
use crate::platform::clock::Date;
use crate::platform::ids::{OrderId, PrescriptionId, ProductId};
use crate::prescriptions::{Demand, Prescription, Shortfall, ShortfallCode, Status, ledger};

/// How far the order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is in a cart or being placed: a prescription that a pharmacist has not seen yet holds the order, it does not refuse it.
    Place,
    /// It is being verified: everything must be covered now, and what is not yet is taken from the ledger.
    Verify,
    /// It is being packed: everything must have been covered before, and still be.
    Pack,
}

impl Stage {
    /// Whether it is yet to be sold: what was sold stands by its price, and its units are set aside.
    const fn before_sale(self) -> bool {
        matches!(self, Self::Place)
    }
}

/// A line as the gate sees it.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The terms that the customer has agreed to.
    pub agreed: &'a Offer,
    /// The terms of today; `None` where there is no such product.
    pub today: Option<&'a Offer>,
    /// How many units could be had now; `None` where a condition of the transaction will tell.
    pub available: Option<i64>,
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
    /// Prescriptions of fills that were taken before, to which the transaction must hold.
    pub relied_on: Vec<PrescriptionId>,
}

/// What the gate says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What may pass.
    pub pass: Pass,
    /// Why the order may not; nothing is to be written then.
    pub problems: Vec<CheckoutProblem>,
}

impl Judgement {
    /// The pass.
    ///
    /// # Errors
    /// Every reason why there is none.
    pub fn passed(self) -> Result<Pass, Vec<CheckoutProblem>> {
        if self.problems.is_empty() { Ok(self.pass) } else { Err(self.problems) }
    }
}

/// Judges the lines of a cart or an order: whether each can be had as it was agreed to, and may be dispensed. Fills are
/// taken out of `prescriptions`, which must be the customer's own.
pub fn judge(
    stage: Stage,
    order_id: OrderId,
    lines: &[Line<'_>],
    prescriptions: &mut [Prescription],
    today: Date,
) -> Judgement {
    let mut judgement = Judgement::default();
    for line in lines {
        judgement.problems.extend(terms(stage, line));
        let offer = line.today.filter(|offer| offer.legal_status.prescription_required());
        let Some(offer) = offer else { continue };
        let demand = demand(offer, line.quantity);
        let product = offer.product_id;
        let verdict = match line.covered_by {
            Some(id) => still_covered(id, &demand, order_id, prescriptions, today),
            None if stage == Stage::Pack => Err(ShortfallCode::NotPrescribed),
            None => cover(&demand, order_id, prescriptions, today),
        };
        let (pass, problems) = (&mut judgement.pass, &mut judgement.problems);
        match verdict {
            Ok(id) if line.covered_by.is_some() => pass.relied_on.push(id),
            Ok(id) => pass.covered.push((product, id)),
            Err(_) if stage == Stage::Place && any_pending(prescriptions) => pass.waiting.push(product),
            Err(_) if prescriptions.is_empty() => problems.push(CheckoutProblem::prescription_required(product)),
            Err(code) => problems.push(CheckoutProblem::shortfall(&Shortfall { product_id: product, code })),
        }
    }
    judgement.pass.relied_on.sort_unstable();
    judgement.pass.relied_on.dedup();
    judgement
}

/// Whether a line can be had on the terms that were agreed to; all that a cart can be told, to which no prescriptions are
/// given yet. Freer terms need nobody's consent.
pub fn terms(stage: Stage, line: &Line<'_>) -> Vec<CheckoutProblem> {
    let (agreed, product) = (line.agreed, line.agreed.product_id);
    let today = line.today.filter(|offer| offer.sellable || !stage.before_sale());
    let Some(today) = today else {
        let detail = "This product is not on sale any more.";
        return vec![CheckoutProblem::line(product, ProblemCode::Unavailable, detail)];
    };
    let mut problems = Vec::new();
    if let Some(available) = line.available.filter(|available| *available < i64::from(line.quantity)) {
        problems.push(CheckoutProblem::out_of_stock(product, available));
    }
    if stage.before_sale() && today.price != agreed.price {
        let detail = "The price has changed since you put this in your cart; put it in again to accept it.";
        problems.push(CheckoutProblem::line(product, ProblemCode::PriceChanged, detail));
    }
    let changed = Fingerprint::changes(agreed.fingerprint.as_ref(), today.fingerprint.as_ref());
    match changed {
        // Under which law it goes out is asked of the prescription, not of the customer.
        Some(parts) if parts == [MedicinePart::LegalStatus] && !stage.before_sale() => {}
        Some(parts) => problems.push(CheckoutProblem::medicine_changed(today, parts, stage.before_sale())),
        None => {}
    }
    problems
}

fn demand(offer: &Offer, quantity: u32) -> Demand {
    Demand {
        product_id: offer.product_id,
        ingredients: offer.ingredients.clone(),
        fingerprint: offer.fingerprint.clone(),
        legal_status: offer.legal_status,
        quantity,
    }
}

fn cover(
    demand: &Demand,
    order_id: OrderId,
    prescriptions: &mut [Prescription],
    today: Date,
) -> Result<PrescriptionId, ShortfallCode> {
    match ledger::dispense(prescriptions, std::slice::from_ref(demand), order_id, today) {
        Ok(allocations) => {
            allocations.first().map(|allocation| allocation.prescription_id).ok_or(ShortfallCode::NotPrescribed)
        }
        Err(shortfalls) => Err(shortfalls.first().map_or(ShortfallCode::NotPrescribed, |shortfall| shortfall.code)),
    }
}

fn still_covered(
    id: PrescriptionId,
    demand: &Demand,
    order_id: OrderId,
    prescriptions: &[Prescription],
    today: Date,
) -> Result<PrescriptionId, ShortfallCode> {
    let found = prescriptions.iter().find(|prescription| prescription.id == id);
    let prescription = found.ok_or(ShortfallCode::NotPrescribed)?;
    ledger::still_holds(prescription, demand, order_id, today).map(|()| id)
}

/// Whether a pharmacist has yet to look at one of these.
pub(super) fn any_pending(prescriptions: &[Prescription]) -> bool {
    prescriptions.iter().any(|prescription| prescription.status == Status::Pending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::LegalStatus;
    use crate::orders::cart::tests::{offer, offer_of};
    use crate::orders::problem::ProblemCode;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::UserId;
    use crate::prescriptions::prescription::Prescriber;
    use crate::prescriptions::{AuthorizedLine, Medicine};

    fn today() -> Date {
        Date::parse("2026-11-20").unwrap()
    }

    fn medicine(n: u128) -> Offer {
        offer_of(n, "500 mg", LegalStatus::Prescription)
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
                fingerprint: medicine(1).fingerprint,
                quantity: 2,
                fills_allowed: 1,
                min_days_between: 0,
                fills: Vec::new(),
            }],
            valid_until: Some(today()),
            withdrawn_at: None,
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
        run_as(stage, order, (offer, Some(offer)), covered_by, rx, day)
    }

    fn run_as(
        stage: Stage,
        order: OrderId,
        (agreed, today): (&Offer, Option<&Offer>),
        covered_by: Option<PrescriptionId>,
        rx: &mut [Prescription],
        day: Date,
    ) -> Result<Pass, Vec<ProblemCode>> {
        judge(stage, order, &[Line { agreed, today, available: None, quantity: 2, covered_by }], rx, day)
            .passed()
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
            let relied_on = Pass { relied_on: vec![rx[0].id], ..Pass::default() };
            assert_eq!(run(stage, id, &offer, by, &mut rx, today()), Ok(relied_on), "{stage:?}");
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
        let (free, controlled) = (offer(1), offer_of(1, "500 mg", LegalStatus::Controlled));
        assert!(run(Stage::Place, order(), &free, None, &mut [], today()).is_ok());
        for stage in [Stage::Verify, Stage::Pack] {
            let refused = run_as(stage, order(), (&free, Some(&controlled)), None, &mut [], today());
            assert_eq!(refused, Err(vec![ProblemCode::PrescriptionRequired]), "{stage:?}");
        }
        let refused = run_as(Stage::Place, order(), (&free, Some(&controlled)), None, &mut [], today());
        assert_eq!(refused, Err(vec![ProblemCode::MedicineChanged, ProblemCode::PrescriptionRequired]));
    }

    #[test]
    fn a_medicine_that_is_another_passes_nowhere() {
        let (agreed, stronger) = (offer(1), offer_of(1, "5 g", LegalStatus::Otc));
        for stage in [Stage::Place, Stage::Verify, Stage::Pack] {
            let refused = run_as(stage, order(), (&agreed, Some(&stronger)), None, &mut [], today());
            assert_eq!(refused, Err(vec![ProblemCode::MedicineChanged]), "{stage:?}");
            let old = Offer { fingerprint: None, ..agreed.clone() };
            let unknown = run_as(stage, order(), (&old, Some(&agreed)), None, &mut [], today());
            assert_eq!(unknown, Err(vec![ProblemCode::MedicineChanged]), "{stage:?}");
            let gone = run_as(stage, order(), (&agreed, None), None, &mut [], today());
            assert_eq!(gone, Err(vec![ProblemCode::Unavailable]), "{stage:?}");
        }
    }

    #[test]
    fn freer_terms_need_no_consent_and_no_prescription() {
        let (agreed, free) = (medicine(1), offer_of(1, "500 mg", LegalStatus::Otc));
        let mut rx = [prescription(Status::Approved, agreed.product_id)];
        let by = run(Stage::Place, order(), &agreed, None, &mut rx, today()).unwrap().covered[0].1;
        rx[0].status = Status::Rejected;
        for (stage, by) in [(Stage::Place, None), (Stage::Verify, Some(by)), (Stage::Pack, Some(by))] {
            let passed = run_as(stage, order(), (&agreed, Some(&free)), by, &mut rx, today());
            assert_eq!(passed, Ok(Pass::default()), "{stage:?}");
        }
    }

    #[test]
    fn what_the_fill_was_taken_for_must_still_be_named() {
        let offer = medicine(1);
        let id = order();
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        rx[0].lines[0].medicine = Medicine::Ingredient("Paracetamol".to_owned());
        let by = Some(run(Stage::Place, id, &offer, None, &mut rx, today()).unwrap().covered[0].1);
        let corrected = Offer { ingredients: vec!["codeine".to_owned()], ..offer.clone() };
        let controlled = offer_of(1, "500 mg", LegalStatus::Controlled);
        for stage in [Stage::Verify, Stage::Pack] {
            assert!(run(stage, id, &offer, by, &mut rx, today()).is_ok());
            for changed in [&corrected, &controlled] {
                let refused = run_as(stage, id, (&offer, Some(changed)), by, &mut rx, today());
                assert_eq!(refused, Err(vec![ProblemCode::PrescriptionInsufficient]), "{stage:?}");
            }
        }
    }

    #[test]
    fn a_cart_is_told_what_has_changed_and_asked_for_no_prescription() {
        let (agreed, today_) = (offer(1), medicine(1));
        let line = Line { agreed: &agreed, today: Some(&today_), available: Some(1), quantity: 2, covered_by: None };
        let problems = terms(Stage::Place, &line);
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [ProblemCode::OutOfStock, ProblemCode::MedicineChanged]);
        assert_eq!(
            (problems[0].available, problems[1].changed.as_slice()),
            (Some(1), &[MedicinePart::LegalStatus][..])
        );
        let sold_out = Offer { sellable: false, ..agreed.clone() };
        let problems = terms(Stage::Place, &Line { today: Some(&sold_out), ..line });
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [ProblemCode::Unavailable]);
    }
}
