//! The dispensing gate: the one judgement of the lines of a cart or an order, on the offers of today, the prescriptions
//! and the rules of medicine. Everything that shows, sells or packs asks it: the cart, the preview, placing, verifying,
//! packing, and the holds of an order.

use super::limits;
use super::problem::{CheckoutProblem, ProblemCode};
use super::screening::{self, Care, Cover};
use crate::catalog::{Fingerprint, MedicinePart, Offer, schedule};
use crate::medicine::screening::Screening;
use crate::platform::clock::Date;
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording;
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
    /// For whom; `None`: for the owner of the account.
    pub patient: Option<PatientId>,
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
    /// What the rules of medicine say of the lines.
    pub screening: Screening,
}

impl Judgement {
    /// The pass, and what was screened for it.
    ///
    /// # Errors
    /// Every reason why there is none.
    pub fn passed(self) -> Result<(Pass, Screening), Vec<CheckoutProblem>> {
        if self.problems.is_empty() { Ok((self.pass, self.screening)) } else { Err(self.problems) }
    }
}

/// Judges the lines of a cart or an order: whether each can be had as it was agreed to, may be dispensed, and goes with
/// the others and with the patient. Fills are taken out of `prescriptions`, which must be the customer's own.
pub fn judge(
    stage: Stage,
    order_id: OrderId,
    lines: &[Line<'_>],
    prescriptions: &mut [Prescription],
    today: Date,
    care: &Care,
) -> Judgement {
    let mut judgement = Judgement::default();
    for line in lines {
        judgement.problems.extend(terms(stage, line));
        let offer = line.today.filter(|offer| offer.legal_status.prescription_required());
        let Some(offer) = offer else { continue };
        let demand = demand(offer, line, care.jurisdiction, today);
        if !demand.limits.remote {
            judgement.problems.push(CheckoutProblem::not_sold_remotely(offer.product_id, &demand.limits));
            continue;
        }
        // What is for somebody else is as good as not given.
        let own = |prescription: &Prescription| prescription.patient == line.patient;
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
            Err(_) if stage == Stage::Place && any_pending(prescriptions.iter().filter(|one| own(one))) => {
                pass.waiting.push(product);
            }
            Err(_) if prescriptions.is_empty() => problems.push(CheckoutProblem::prescription_required(product)),
            Err(ShortfallCode::NotPrescribed) if !prescriptions.iter().any(own) => {
                let code = ShortfallCode::WrongPatient;
                problems.push(CheckoutProblem::shortfall(&Shortfall { product_id: product, code }));
            }
            Err(code) => problems.push(CheckoutProblem::shortfall(&Shortfall { product_id: product, code })),
        }
    }
    judgement.pass.relied_on.sort_unstable();
    judgement.pass.relied_on.dedup();
    for patient in patients(lines) {
        let person = care.person(patient);
        let own: Vec<_> = lines.iter().filter(|line| line.patient == patient).collect();
        let by = |cover, line: &Line<'_>| match cover {
            Cover::By(id) => {
                let prescription = prescriptions.iter().find(|prescription| prescription.id == id)?;
                prescription.line_of(order_id, line.agreed.product_id)
            }
            Cover::Nobody | Cover::Waits => None,
        };
        let covered = own.iter().map(|line| (*line, judgement.pass.cover(line)));
        let covered: Vec<_> = covered.map(|(line, cover)| (line, cover, by(cover, line))).collect();
        judgement.screening = std::mem::take(&mut judgement.screening).and(care.screen(&person, &covered));
        if stage.before_sale() {
            judgement.problems.extend(limits::problems(&own, &person, care, today));
        }
    }
    judgement.problems.extend(screening::problems(stage, &judgement.screening, &care.overridden));
    judgement
}

/// Whom lines are for, each once; the owner of the account where there are none.
fn patients(lines: &[Line<'_>]) -> Vec<Option<PatientId>> {
    let mut patients: Vec<_> = lines.iter().map(|line| line.patient).collect();
    patients.sort_unstable();
    patients.dedup();
    if patients.is_empty() { vec![None] } else { patients }
}

impl Pass {
    fn cover(&self, line: &Line<'_>) -> Cover {
        let product = line.agreed.product_id;
        let now = self.covered.iter().find(|(covered, _)| *covered == product).map(|(_, by)| *by);
        let before = line.covered_by.filter(|by| self.relied_on.contains(by));
        match now.or(before) {
            Some(by) => Cover::By(by),
            None if self.waiting.contains(&product) => Cover::Waits,
            None => Cover::Nobody,
        }
    }
}

/// Whether a line can be had on the terms that were agreed to; all that a cart can be told, to which no prescriptions are
/// given yet. Freer terms need nobody's consent.
pub fn terms(stage: Stage, line: &Line<'_>) -> Vec<CheckoutProblem> {
    let (agreed, product) = (line.agreed, line.agreed.product_id);
    let today = line.today.filter(|offer| offer.sellable || !stage.before_sale());
    let Some(today) = today else {
        let detail = wording::orders::not_on_sale();
        return vec![CheckoutProblem::line(product, ProblemCode::Unavailable, detail)];
    };
    let mut problems = Vec::new();
    if let Some(available) = line.available.filter(|available| *available < i64::from(line.quantity)) {
        problems.push(CheckoutProblem::out_of_stock(product, available));
    }
    if stage.before_sale() && today.price != agreed.price {
        let detail = wording::orders::price_changed();
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

fn demand(offer: &Offer, line: &Line<'_>, place: Jurisdiction, today: Date) -> Demand {
    Demand {
        product_id: offer.product_id,
        ingredients: offer.ingredients.clone(),
        fingerprint: offer.fingerprint.clone(),
        limits: schedule::of_offer(place, offer, today),
        quantity: line.quantity,
        patient: line.patient,
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
pub(super) fn any_pending<'a>(prescriptions: impl IntoIterator<Item = &'a Prescription>) -> bool {
    prescriptions.into_iter().any(|prescription| prescription.status == Status::Pending)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::LegalStatus;
    use crate::medicine::knowledge::Knowledge;
    use crate::medicine::knowledge::tests::everything;
    use crate::orders::cart::tests::{offer, offer_of};
    use crate::orders::problem::ProblemCode;
    use crate::orders::screening::Person;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::UserId;
    use crate::platform::money::Money;
    use crate::prescriptions::document::DocumentType;
    use crate::prescriptions::prescription::Prescriber;
    use crate::prescriptions::sheets::Sheet;
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
            sheets: Sheet::announced(DocumentType::Png).into(),
            patient_name: "Anna".to_owned(),
            prescriber: Prescriber { name: "Dr B".to_owned(), registration_number: "1".to_owned() },
            issued_on: at.date(),
            checking: Vec::new(),
            claim: None,
            review: None,
            lines: vec![AuthorizedLine {
                medicine: Medicine::Product(for_product),
                fingerprint: medicine(1).fingerprint,
                quantity: 2,
                fills_allowed: 1,
                min_days_between: 0,
                days_supply: None,
                directions: None,
                schedule: None,
                fills: Vec::new(),
            }],
            valid_until: Some(today()),
            withdrawn_at: None,
            patient: None,
            version: 1,
        }
    }

    /// All rules, and a patient of whom nothing is known.
    fn care() -> Care {
        static RULES: std::sync::OnceLock<std::sync::Arc<Knowledge>> = std::sync::OnceLock::new();
        let rules = RULES.get_or_init(|| std::sync::Arc::new(everything()));
        let people = vec![Person::default()];
        Care { knowledge: Some(std::sync::Arc::clone(rules)), people, ..Care::default() }
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
        let line = Line { agreed, today, available: None, quantity: 2, covered_by, patient: None };
        judge(stage, order, &[line], rx, day, &care())
            .passed()
            .map(|(pass, _)| pass)
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

    fn codes_at(place: Jurisdiction, offer: &Offer, stage: Stage, day: Date) -> Vec<ProblemCode> {
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        let line =
            Line { agreed: offer, today: Some(offer), available: None, quantity: 2, covered_by: None, patient: None };
        rx[0].lines[0].fingerprint.clone_from(&offer.fingerprint);
        rx[0].valid_until = Some(day);
        rx[0].issued_on = day;
        let care = Care { jurisdiction: place, ..care() };
        judge(stage, order(), &[line], &mut rx, day, &care).problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn what_may_not_be_sold_remotely_passes_nowhere_whatever_prescribes_it() {
        let scheduled = |n, status, name: &str| Offer {
            schedule: Some(crate::catalog::ScheduleName::parse(name).unwrap()),
            ..offer_of(n, "500 mg", status)
        };
        let h1 = scheduled(1, LegalStatus::Prescription, "H1");
        let cii = scheduled(1, LegalStatus::Controlled, "CII");
        let (last, next) = (Date::parse("2026-12-31").unwrap(), Date::parse("2027-01-01").unwrap());
        for stage in [Stage::Place, Stage::Verify, Stage::Pack] {
            let refused = vec![ProblemCode::NotSoldRemotely];
            assert_eq!(codes_at(Jurisdiction::In, &h1, stage, today()), refused, "{stage:?}");
            assert_eq!(codes_at(Jurisdiction::Us, &cii, stage, next), refused, "{stage:?}: the exception has ended");
            assert!(!codes_at(Jurisdiction::Us, &cii, stage, last).contains(&ProblemCode::NotSoldRemotely));
            assert!(!codes_at(Jurisdiction::In, &medicine(1), stage, today()).contains(&ProblemCode::NotSoldRemotely));
        }
        let free = Offer { schedule: h1.schedule, ..offer(2) };
        assert_eq!(codes_at(Jurisdiction::In, &free, Stage::Place, today()), [], "what is free for sale has no row");
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
        let (agreed, stronger) = (offer(1), offer_of(1, "650 mg", LegalStatus::Otc));
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
        let line = Line {
            agreed: &agreed,
            today: Some(&today_),
            available: Some(1),
            quantity: 2,
            covered_by: None,
            patient: None,
        };
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
    #[test]
    fn as_many_as_there_are_can_be_had_and_not_one_more() {
        let agreed = offer(1);
        let line = |available| Line {
            agreed: &agreed,
            today: Some(&agreed),
            available,
            quantity: 2,
            covered_by: None,
            patient: None,
        };
        for (available, enough) in [(Some(-1), false), (Some(1), false), (Some(2), true), (Some(3), true), (None, true)]
        {
            assert_eq!(terms(Stage::Place, &line(available)).is_empty(), enough, "{available:?}");
        }
    }

    #[test]
    fn what_was_sold_stands_by_its_price_and_need_not_be_on_sale_any_more() {
        let agreed = offer(1);
        let price = Money::new(agreed.price.amount() + 1, agreed.price.currency());
        let dearer = Offer { price, ..agreed.clone() };
        let gone = Offer { sellable: false, ..agreed.clone() };
        for (today_, code) in [(&dearer, ProblemCode::PriceChanged), (&gone, ProblemCode::Unavailable)] {
            let refused = run_as(Stage::Place, order(), (&agreed, Some(today_)), None, &mut [], today());
            assert_eq!(refused, Err(vec![code]));
            for stage in [Stage::Verify, Stage::Pack] {
                let passed = run_as(stage, order(), (&agreed, Some(today_)), None, &mut [], today());
                assert_eq!(passed, Ok(Pass::default()), "{stage:?} {code:?}");
            }
        }
    }

    #[test]
    fn a_prescription_of_somebody_else_is_as_good_as_none() {
        let offer = medicine(1);
        let somebody = Some(PatientId::generate(Timestamp::from_millis(1)));
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        rx[0].patient = somebody;
        let of_another = [prescription(Status::Approved, medicine(2).product_id)];
        for stage in [Stage::Place, Stage::Verify] {
            let refused = run(stage, order(), &offer, None, &mut rx, today());
            assert_eq!(refused, Err(vec![ProblemCode::WrongPatient]), "{stage:?}");
            let mut theirs = of_another.clone();
            theirs[0].patient = somebody;
            let refused = run(stage, order(), &offer, None, &mut theirs, today());
            assert_eq!(refused, Err(vec![ProblemCode::WrongPatient]), "{stage:?}: it names another medicine too");
            let refused = run(stage, order(), &offer, None, &mut of_another.clone(), today());
            assert_eq!(refused, Err(vec![ProblemCode::PrescriptionInsufficient]), "{stage:?}: it is their own");
        }
        rx[0].status = Status::Pending;
        assert!(run(Stage::Place, order(), &offer, None, &mut rx, today()).is_err(), "it holds no order of others");
    }

    #[test]
    fn prescriptions_that_fills_were_taken_from_are_named_once() {
        let (one, two) = (medicine(1), medicine(2));
        let id = order();
        let mut rx = [prescription(Status::Approved, one.product_id)];
        let mut second = rx[0].lines[0].clone();
        (second.medicine, second.fingerprint) = (Medicine::Product(two.product_id), two.fingerprint.clone());
        rx[0].lines.push(second);
        let line = |offer, covered_by| Line {
            agreed: offer,
            today: Some(offer),
            available: None,
            quantity: 2,
            covered_by,
            patient: None,
        };
        let care = care();
        let lines = [line(&one, None), line(&two, None)];
        let placed = judge(Stage::Place, id, &lines, &mut rx, today(), &care).pass;
        let by = rx[0].id;
        assert_eq!(placed.covered, [(one.product_id, by), (two.product_id, by)]);
        let lines = [line(&one, Some(by)), line(&two, Some(by))];
        let packed = judge(Stage::Pack, id, &lines, &mut rx, today(), &care).pass;
        assert_eq!((packed.relied_on.as_slice(), packed.covered.as_slice()), (&[by][..], &[][..]));
        assert_eq!(packed.cover(&lines[0]), Cover::By(by));
        assert_eq!(placed.cover(&line(&two, None)), Cover::By(by));
        let other = PrescriptionId::generate(Timestamp::from_millis(9));
        let apart = Pass { covered: vec![(one.product_id, by), (two.product_id, other)], ..Pass::default() };
        assert_eq!(apart.cover(&line(&two, None)), Cover::By(other), "each line is covered by its own");
        let waiting = Pass { waiting: vec![one.product_id], ..Pass::default() };
        assert_eq!((waiting.cover(&lines[0]), waiting.cover(&lines[1])), (Cover::Waits, Cover::Nobody));
    }

    #[test]
    fn a_parcel_takes_no_fill_that_was_not_taken_before() {
        let offer = medicine(1);
        let mut rx = [prescription(Status::Approved, offer.product_id)];
        let before = rx.clone();
        let refused = run(Stage::Pack, order(), &offer, None, &mut rx, today());
        assert_eq!((refused, &rx), (Err(vec![ProblemCode::PrescriptionInsufficient]), &before));
    }

    #[test]
    fn each_patient_is_screened_with_their_own_lines_and_nobody_twice() {
        let (one, two, three) = (offer(1), offer(2), offer(3));
        let patient = |n| Some(PatientId::generate(Timestamp::from_millis(n)));
        let (child, mother) = (patient(1), patient(2));
        let line = |agreed, patient| Line {
            agreed,
            today: Some(agreed),
            available: None,
            quantity: 1,
            covered_by: None,
            patient,
        };
        let lines = [line(&one, child), line(&two, mother), line(&three, child)];
        // Nothing is known of either, which is found once for each, and names their lines.
        let found = judge(Stage::Place, order(), &lines, &mut [], today(), &care()).screening.findings;
        let of = |patient: Option<PatientId>| {
            let key = format!("@{}", patient.unwrap());
            let theirs: Vec<_> = found.iter().filter(|finding| finding.key.ends_with(&key)).collect();
            assert!(!theirs.is_empty(), "{found:?}");
            let unread = theirs.iter().filter(|finding| finding.key.starts_with("not_screened:records"));
            let named: Vec<_> = unread.map(|finding| screening::products(finding)).collect();
            assert_eq!(named.len(), 1, "{found:?}");
            let all: std::collections::BTreeSet<_> =
                theirs.iter().flat_map(|finding| screening::products(finding)).collect();
            assert_eq!(all.into_iter().collect::<Vec<_>>(), named[0], "{found:?}");
            named.into_iter().flatten().collect::<Vec<_>>()
        };
        assert_eq!(of(child), [one.product_id, three.product_id]);
        assert_eq!(of(mother), [two.product_id]);
        assert_eq!(patients(&lines), [child, mother]);
        assert_eq!(patients(&[]), [None]);
        assert_eq!(patients(&[line(&one, None)]), [None]);
    }

    #[test]
    fn what_a_line_is_screened_with_is_what_its_own_prescription_says() {
        let offer = medicine(1);
        let directed = |directions: &str| {
            let mut prescription = prescription(Status::Approved, offer.product_id);
            prescription.lines[0].directions = Some(directions.to_owned());
            prescription.lines[0].days_supply = Some(2);
            prescription
        };
        let found = |first: &str, second: &str| {
            let mut rx = [directed(first), directed(second)];
            // The second covers the line.
            rx[0].status = Status::Rejected;
            let line = Line {
                agreed: &offer,
                today: Some(&offer),
                available: None,
                quantity: 2,
                covered_by: None,
                patient: None,
            };
            let judgement = judge(Stage::Place, order(), &[line], &mut rx, today(), &care());
            assert_eq!(judgement.pass.covered, [(offer.product_id, rx[1].id)]);
            judgement.screening.findings
        };
        let (usual, much) = ("1 tablet twice daily", "12 tablets four times daily");
        assert_eq!(found(usual, usual), found(much, usual));
        assert_ne!(found(usual, usual), found(usual, much));
    }
}
