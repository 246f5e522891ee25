//! Rolling limits: how much of a substance one patient may get within so many days, over all orders. Pure rules; the amounts
//! of earlier orders are in the patient's book, which the order's transaction holds to the version that was read.

use super::gate::Line;
use super::problem::{CheckoutProblem, ProblemCode};
use super::screening::{Care, Person};
use super::supply_book::SupplyBook;
use crate::catalog::Label;
use crate::medicine::dataset::{Side, Vocabulary};
use crate::medicine::decimal::Decimal;
use crate::medicine::limit::{self, Got, Limit, Passed};
use crate::medicine::pack::milligrams_in_pack;
use crate::platform::clock::Date;
use crate::platform::ids::{PatientId, ProductId};
use crate::platform::wording;

/// How much of a substance one line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount {
    substance: Side,
    /// In mg; `None` where the label does not tell.
    milligrams: Option<Decimal>,
}

/// How much a patient got of a substance by an earlier order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// What, how long ago, and how much of it.
    pub got: Got,
    /// Whether it was on prescription only.
    pub prescription_required: bool,
}

fn amounts(ingredients: &[String], label: Option<&Label>, quantity: u32) -> Vec<Amount> {
    let vocabulary = Vocabulary::get();
    let mut amounts = Vec::new();
    for (place, key) in ingredients.iter().enumerate() {
        let strength = label.and_then(|label| Some((label.strengths.get(place)?, &label.pack_size)));
        let in_pack = strength.and_then(|(strength, pack)| milligrams_in_pack(key, strength, pack));
        let milligrams = in_pack.and_then(|one| one.checked_mul(Decimal::from(quantity)));
        amounts.extend(vocabulary.find(key).into_iter().map(|substance| Amount { substance, milligrams }));
    }
    amounts
}

impl SupplyBook {
    /// What a patient got of each substance, as far as labels told.
    pub fn bought(&self, patient: Option<PatientId>, today: Date) -> Vec<Bought> {
        let lines = self.orders.values().flat_map(|supplied| supplied.lines.iter().map(move |line| (supplied, line)));
        let bought = lines.filter(|(_, line)| line.patient == patient).flat_map(|(supplied, line)| {
            let days_ago = u32::try_from(today.days_since(supplied.on)).unwrap_or(0);
            let amounts = amounts(&line.ingredients, line.label.as_ref(), line.quantity);
            amounts.into_iter().filter_map(move |one| {
                let got = Got { substance: one.substance, days_ago, amount: one.milligrams? };
                Some(Bought { got, prescription_required: line.prescription_required })
            })
        });
        bought.collect()
    }
}

/// The lines for one patient that pass a limit beside what they got already, each by name, with when more is possible.
pub(super) fn problems(lines: &[&Line<'_>], person: &Person, care: &Care, today: Date) -> Vec<CheckoutProblem> {
    let Some(knowledge) = care.knowledge.as_deref() else { return Vec::new() };
    let country = care.jurisdiction.country();
    let here = |limit: &&Limit| limit.jurisdiction == "any" || limit.jurisdiction == country;
    let wanted: Vec<(ProductId, bool, Amount)> = lines.iter().flat_map(|line| wanted(line)).collect();
    let mut problems = Vec::new();
    for limit in knowledge.limits().iter().filter(here) {
        let Some(substance) = Vocabulary::get().side(&limit.substance) else { continue };
        let counts = |prescribed: bool| !(limit.without_prescription_only && prescribed);
        let own = wanted.iter().filter(|(_, prescribed, amount)| counts(*prescribed) && amount.substance == substance);
        let own: Vec<_> = own.collect();
        let mut sum = Decimal::ZERO;
        for (product, _, amount) in &own {
            match amount.milligrams {
                Some(milligrams) => sum = sum.saturating_add(milligrams),
                None => problems.push(untold(*product, limit)),
            }
        }
        if own.is_empty() {
            continue;
        }
        let got = person.bought.iter().filter(|bought| counts(bought.prescription_required)).map(|bought| bought.got);
        let got: Vec<Got> = got.collect();
        let one = std::slice::from_ref(limit);
        for passed in limit::check(one, country, &got, substance, sum) {
            problems.extend(own.iter().map(|(product, ..)| too_much(*product, &passed, sum, today)));
        }
    }
    problems
}

fn wanted(line: &Line<'_>) -> Vec<(ProductId, bool, Amount)> {
    let offer = line.today.unwrap_or(line.agreed);
    let prescribed = offer.legal_status.prescription_required();
    let amounts = amounts(&offer.ingredients, offer.label.as_ref(), line.quantity);
    amounts.into_iter().map(|amount| (offer.product_id, prescribed, amount)).collect()
}

fn too_much(product: ProductId, passed: &Passed<'_>, wanted: Decimal, today: Date) -> CheckoutProblem {
    let Passed { limit, sum, eligible_in_days } = passed;
    let name = Vocabulary::get().side(&limit.substance).map_or("", |side| Vocabulary::get().label(side));
    let before = sum.saturating_sub(wanted).normalize();
    let (most, wanted) = (limit.most.normalize(), wanted.normalize());
    let eligible_on = eligible_in_days.map(|days| today.plus_days(i64::from(days)));
    let when = match eligible_on {
        Some(day) => wording::orders::can_be_had_from(day),
        None => wording::orders::can_never_be_had(),
    };
    let detail = match limit.days {
        1 => wording::orders::in_a_day(most, name),
        days => wording::orders::in_days(most, name, days),
    };
    let citation = &limit.citation;
    let whose = if limit.law { wording::orders::by_law(citation) } else { wording::orders::by_policy(citation) };
    let detail = detail.then(&whose).then(&wording::orders::bought_before(before, wanted)).then(&when);
    CheckoutProblem { eligible_on, ..CheckoutProblem::line(product, ProblemCode::LimitExceeded, detail) }
}

fn untold(product: ProductId, limit: &Limit) -> CheckoutProblem {
    let detail = wording::orders::amount_untold(&limit.substance);
    CheckoutProblem::line(product, ProblemCode::LimitExceeded, detail)
}
