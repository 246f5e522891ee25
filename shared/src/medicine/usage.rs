//! How a prescription says that a medicine is to be used, against the reviewed rules of doses and against itself. Only what is
//! certain is found: of directions that are not wholly understood, and of a substance without a rule, nothing is said.

use super::dataset::{Side, Vocabulary};
use super::decimal::{Decimal, plain, rounded};
use super::directions::{self, Directions, Measure};
use super::dose::DoseRule;
use super::interaction::Item;
use super::pack::{milligrams_in_pack, units_in_pack};
use super::patient::Patient;
use super::route::Route;
use super::screening::{Consequence, Finding, FindingKind};
use super::strength::Strength;
use crate::platform::wording::{self, Words};

/// From this interval on, in hours, a medicine is not for every day.
const NOT_DAILY: u32 = 48;

/// What a prescription says of one medicine, and what its pack holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The directions, as the prescriber has written them.
    pub directions: Option<String>,
    /// For how many days one fill lasts.
    pub days: Option<u32>,
    /// How many packs one fill is.
    pub packs: u32,
    /// How many of them are about to be dispensed.
    pub dispensed: u32,
    /// The ingredients with their strengths, as labelled.
    pub strengths: Vec<(String, String)>,
    /// What the pack holds, as labelled.
    pub pack_size: String,
}

/// How much of a substance is used.
struct Used {
    /// At a time, where directions say so.
    single: Option<Decimal>,
    /// A day.
    daily: Decimal,
    /// Whether that is by the days that a fill lasts, which packs are never quite of.
    by_packs: bool,
}

/// More than a quarter more: packs hold what they hold, and not what so many days need.
fn well_above(amount: Decimal, limit: Decimal) -> bool {
    limit.checked_mul(Decimal::new(125, 2)).is_some_and(|margin| amount > margin)
}

/// What stands against a medicine as it is to be used.
pub fn check(doses: &[DoseRule], item: &Item, usage: &Usage, patient: &Patient) -> Vec<Finding> {
    let directions = usage.directions.as_deref().and_then(directions::read);
    let finding = |kind, detail: Words, key: String, rule: Option<&DoseRule>| Finding {
        kind,
        consequence: Consequence::Hold,
        severity: None,
        concerns: vec![item.label.clone()],
        detail,
        key,
        rule: rule.map(|rule| rule.id.to_string()),
    };
    let mut findings = Vec::new();
    for (name, strength) in &usage.strengths {
        let named = Vocabulary::get().find(name);
        let [substance] = named.as_slice() else { continue };
        let substance = *substance;
        let part = item.parts.iter().find(|part| part.substance == substance);
        let rules = candidates(doses, substance, part.map_or(&[], |part| part.routes.as_slice()), patient);
        let Some(most) = rules.iter().copied().max_by_key(|rule| most_daily(rule, patient)) else { continue };
        let name = Vocabulary::get().label(substance);
        if let Some(used) = used(directions.as_ref(), usage, (name, strength)) {
            let limit = most_daily(most, patient);
            let single = rules.iter().map(|rule| rule.most_single).max().unwrap_or(limit);
            let daily = if used.by_packs { well_above(used.daily, limit) } else { used.daily > limit };
            let shown = |amount: Decimal| plain(rounded(amount, 2));
            if daily {
                let said = if used.by_packs {
                    wording::medicine::a_day_by_packs
                } else {
                    wording::medicine::a_day_by_directions
                };
                let detail = said(name, shown(used.daily), shown(limit), &most.citation);
                let key = format!("dose_too_high:{name}:{}", shown(used.daily));
                findings.push(finding(FindingKind::DoseTooHigh, detail, key, Some(most)));
            } else if let Some(at_a_time) = used.single.filter(|at_a_time| *at_a_time > single) {
                let detail = wording::medicine::at_a_time(name, shown(at_a_time), shown(single), &most.citation);
                let key = format!("dose_too_high:{name}:{} at a time", shown(at_a_time));
                findings.push(finding(FindingKind::DoseTooHigh, detail, key, Some(most)));
            }
        }
        let rarely = rules.iter().all(|rule| rule.interval >= NOT_DAILY);
        if rarely && directions.is_some_and(|directions| directions.a_day.low >= Decimal::ONE) {
            let detail = wording::medicine::every_day(name, most.interval, &most.citation);
            let key = format!("directions:{name}:every_day");
            findings.push(finding(FindingKind::Directions, detail, key, Some(most)));
        }
    }
    let contradiction = directions.and_then(|directions| contradiction(&directions, usage));
    findings.extend(contradiction.map(|(code, detail)| {
        let key = format!("directions:{}:{code}", item.label);
        finding(FindingKind::Directions, detail, key, None)
    }));
    findings
}

/// The rules that may be for this patient: those of the substance and the route that nothing excludes.
fn candidates<'r>(doses: &'r [DoseRule], substance: Side, routes: &[Route], patient: &Patient) -> Vec<&'r DoseRule> {
    let fits = |rule: &&DoseRule| {
        let age = patient.age.and_then(|age| age.within(rule.age_from, rule.age_before));
        let weight = patient.weight.is_none_or(|weight| {
            rule.weight_from.is_none_or(|from| weight >= from)
                && rule.weight_before.is_none_or(|before| weight < before)
        });
        Vocabulary::get().side(&rule.substance) == Some(substance)
            && (routes.is_empty() || routes.contains(&rule.route))
            && age != Some(false)
            && weight
    };
    doses.iter().filter(fits).collect()
}

/// The most a day by a rule, as far as the patient is known.
fn most_daily(rule: &DoseRule, patient: &Patient) -> Decimal {
    let by_weight = rule.most_daily_per_kilogram.zip(patient.weight);
    let by_weight = by_weight.and_then(|(per_kilogram, weight)| per_kilogram.checked_mul(weight));
    by_weight.map_or(rule.most_daily, |by_weight| by_weight.min(rule.most_daily))
}

/// How much of an ingredient is used: by the directions, at least; or else by how long a fill lasts.
fn used(directions: Option<&Directions>, usage: &Usage, (name, strength): (&str, &str)) -> Option<Used> {
    if let Some(directions) = directions {
        let strength = Strength::parse(strength)?;
        let amount = directions.amount.low;
        let single = match (directions.measure, strength.per_millilitres) {
            (Measure::Units, None) => amount.checked_mul(strength.milligrams)?,
            (Measure::Millilitres, Some(per)) => amount.checked_mul(strength.milligrams)?.checked_div(per)?,
            // Of several ingredients it is not said which one is meant.
            (Measure::Milligrams, _) if usage.strengths.len() == 1 => amount,
            _ => return None,
        };
        return Some(Used { single: Some(single), daily: single.checked_mul(directions.a_day.low)?, by_packs: false });
    }
    let days = Decimal::from(usage.days.filter(|days| *days > 0)?);
    let all = milligrams_in_pack(name, strength, &usage.pack_size)?.checked_mul(Decimal::from(usage.dispensed))?;
    Some(Used { single: None, daily: all.checked_div(days)?, by_packs: true })
}

/// Where directions, packs and days cannot all be meant: which, and what a person is told.
fn contradiction(directions: &Directions, usage: &Usage) -> Option<(&'static str, Words)> {
    let said = usage.days.filter(|days| *days > 0);
    if let (Some(course), Some(lasts)) = (directions.days, said)
        && lasts > course
    {
        let detail = wording::medicine::lasts_longer(lasts, course);
        return Some(("longer", detail));
    }
    let days = said.or(directions.days)?;
    if directions.measure != Measure::Units {
        return None;
    }
    let in_pack = units_in_pack(&usage.pack_size)?;
    let needed = |amount: Decimal, a_day: Decimal| amount.checked_mul(a_day)?.checked_mul(Decimal::from(days));
    let (least, most) =
        (needed(directions.amount.low, directions.a_day.low)?, needed(directions.amount.high, directions.a_day.high)?);
    let packs = |count: u32| in_pack.checked_mul(Decimal::from(count));
    let holds = packs(usage.packs)?;
    let shown = |amount: Decimal| plain(rounded(amount, 1));
    if !directions.as_needed && well_above(least, holds) {
        let detail = wording::medicine::directions_come_to(shown(least), days, shown(holds));
        return Some(("too_few", detail));
    }
    if well_above(packs(usage.packs.saturating_sub(1))?, most) {
        let detail = wording::medicine::directions_come_to(shown(most), days, shown(holds));
        return Some(("too_many", detail));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Ingredient;
    use crate::medicine::dose::starter;
    use crate::medicine::item::of_product;
    use crate::medicine::patient::Age;

    /// `metformin 500 mg`, thirty to the pack.
    fn found_for(product: &str, patient: &Patient, usage: Usage) -> Vec<(FindingKind, String)> {
        let at = product.find(|letter: char| letter.is_ascii_digit()).unwrap();
        let (name, strength) = (product[..at].trim().to_owned(), product[at..].to_owned());
        let item = of_product("p", &[Ingredient { name: name.clone(), strength: strength.clone() }], "oral").item;
        let pack_size = if usage.pack_size.is_empty() { "30 tablets".to_owned() } else { usage.pack_size };
        let usage = Usage { strengths: vec![(name, strength)], pack_size, ..usage };
        check(&starter(), &item, &usage, patient).into_iter().map(|found| (found.kind, found.key)).collect()
    }

    fn found(product: &str, directions: Option<&str>, (packs, days): (u32, Option<u32>)) -> Vec<(FindingKind, String)> {
        let directions = directions.map(str::to_owned);
        let usage = Usage { directions, days, packs, dispensed: packs, ..Usage::default() };
        found_for(product, &Patient::default(), usage)
    }

    fn too_high(key: &str) -> Vec<(FindingKind, String)> {
        vec![(FindingKind::DoseTooHigh, format!("dose_too_high:{key}"))]
    }

    #[test]
    fn what_is_usual_is_nothing() {
        for (product, directions, packs, days) in [
            ("metformin 500 mg", Some("1 tablet twice daily with meals"), 2, Some(30)),
            ("metformin 500 mg", None, 2, Some(30)),
            ("amlodipine 5 mg", Some("1 tablet once daily"), 1, Some(30)),
            ("amlodipine 5 mg", Some("1 tablet once daily"), 1, Some(28)),
            ("meloxicam 15 mg", None, 1, Some(28)),
            ("methotrexate 2.5 mg", Some("4 tablets once weekly"), 1, Some(49)),
            ("alprazolam 0.5 mg", Some("1 tablet at bedtime as needed"), 1, Some(60)),
            ("sertraline 50 mg", Some("as directed"), 1, Some(30)),
            ("ranolazine 500 mg", Some("9 tablets daily"), 9, None),
            ("metformin 500 mg", None, 9, None),
        ] {
            assert_eq!(found(product, directions, (packs, days)), [], "{product} {directions:?}");
        }
    }

    #[test]
    fn more_than_the_most_that_any_rule_gives_is_found() {
        assert_eq!(found("amlodipine 10 mg", Some("2 tablets daily"), (2, Some(30))), too_high("amlodipine:20"));
        // 120 tablets in 30 days, where one a day is the most.
        assert_eq!(found("meloxicam 15 mg", None, (4, Some(30))), too_high("meloxicam:60"));
        let four_hourly = Some("2 tablets every 4 hours as needed");
        assert_eq!(found("acetaminophen 500 mg", four_hourly, (1, None)), too_high("paracetamol:6000"));
        let at_once = Some("3 tablets once daily");
        assert_eq!(found("acetaminophen 500 mg", at_once, (3, Some(30))), too_high("paracetamol:1500 at a time"));
        assert_eq!(found("sumatriptan 100 mg", Some("400 mg daily"), (1, None)), too_high("sumatriptan:400"));
    }

    #[test]
    fn a_fill_that_is_not_all_dispensed_is_no_dose() {
        let usage = Usage { days: Some(30), packs: 4, dispensed: 1, ..Usage::default() };
        assert_eq!(found_for("meloxicam 15 mg", &Patient::default(), usage), []);
    }

    #[test]
    fn the_rules_are_those_that_may_be_for_the_patient() {
        let old = Patient { age: Age::of_years(70), ..Patient::default() };
        let usage = Usage { directions: Some("1 tablet daily".to_owned()), packs: 1, ..Usage::default() };
        assert_eq!(found_for("citalopram 40 mg", &old, usage.clone()), too_high("citalopram:40"));
        let adult = Patient { age: Age::of_years(40), ..Patient::default() };
        assert_eq!(found_for("citalopram 40 mg", &adult, usage), []);
    }

    #[test]
    fn what_is_given_once_a_week_is_not_for_every_day() {
        let daily = found("methotrexate 2.5 mg", Some("1 tablet daily"), (1, Some(30)));
        assert_eq!(daily, [(FindingKind::Directions, "directions:methotrexate:every_day".to_owned())]);
    }

    #[test]
    fn directions_packs_and_days_that_cannot_all_be_meant_are_found() {
        let contradicts = |code: &str| vec![(FindingKind::Directions, format!("directions:p:{code}"))];
        let twice = Some("1 tablet twice daily");
        assert_eq!(found("losartan 25 mg", twice, (1, Some(30))), contradicts("too_few"));
        assert_eq!(found("losartan 25 mg", Some("1 tablet twice daily as needed"), (1, Some(30))), []);
        assert_eq!(found("losartan 25 mg", twice, (4, Some(30))), contradicts("too_many"));
        assert_eq!(found("losartan 25 mg", twice, (3, Some(30))), [], "a pack too many is rounding");
        let week = Some("1 tablet twice daily for 7 days");
        assert_eq!(found("losartan 25 mg", week, (1, Some(30))), contradicts("longer"));
        assert_eq!(found("losartan 25 mg", week, (1, Some(7))), []);
        assert_eq!(found("losartan 25 mg", week, (3, None)), contradicts("too_many"));
    }
}
