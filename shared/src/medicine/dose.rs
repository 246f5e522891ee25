//! Doses: which rule is for this patient, and what it comes to.
//!
//! Without a reviewed rule for exactly this substance, route, indication, age and weight there is no dose. Nothing is
//! interpolated, nothing is derived from another age, and what is missing is an error and not a guess.

use std::borrow::Cow;

use super::contraindication::age_words;
use super::dataset::{Side, Vocabulary};
use super::decimal::{Decimal, plain, rounded};
use super::formula::mosteller;
use super::kidneys::{Kidneys, Metric};
use super::patient::Patient;
use super::route::Route;
use super::severity::Severity;
use super::substance::folded;
use crate::platform::wording::{self, Words};

pub use table::starter;

mod table;

/// What a dose is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Nothing.
    Fixed,
    /// Kilograms of body weight.
    PerKilogram,
    /// Square metres of body surface.
    PerSquareMetre,
}

/// What to do where the kidneys are weak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenalAction {
    /// No dose at all.
    Refuse(Severity),
    /// No new treatment.
    RefuseStart,
    /// Weigh benefit and risk.
    Assess,
    /// Check the kidneys more often.
    Monitor,
    /// Another dose, another interval.
    Replace {
        /// At least, per the rule's basis.
        low: Decimal,
        /// At most.
        high: Decimal,
        /// Hours.
        every: u32,
        /// The most a day, where it changes too.
        most_daily: Option<Decimal>,
    },
}

/// A limit on the kidneys, and what to do below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renal {
    /// By which measure.
    pub metric: Metric,
    /// Below this.
    pub below: Decimal,
    /// What to do.
    pub action: RenalAction,
}

/// A dose for a substance, a route, an indication, an age and a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoseRule {
    /// Which: `rul_dose_17`.
    pub id: Cow<'static, str>,
    /// The substance.
    pub substance: Cow<'static, str>,
    /// The route.
    pub route: Route,
    /// What it is for.
    pub indication: Cow<'static, str>,
    /// From this age in days.
    pub age_from: Option<u32>,
    /// To below this age in days.
    pub age_before: Option<u32>,
    /// From this weight in kg.
    pub weight_from: Option<Decimal>,
    /// To below this weight in kg.
    pub weight_before: Option<Decimal>,
    /// What the dose is multiplied by.
    pub basis: Basis,
    /// At a time at least, in mg.
    pub low: Decimal,
    /// At a time at most, in mg.
    pub high: Decimal,
    /// Hours between doses, at least.
    pub interval: u32,
    /// Hours between doses, at most.
    pub interval_longest: u32,
    /// The most at a time, in mg, whatever the basis says.
    pub most_single: Decimal,
    /// The most a day, in mg per kg.
    pub most_daily_per_kilogram: Option<Decimal>,
    /// The most a day, in mg.
    pub most_daily: Decimal,
    /// Where the kidneys are weak.
    pub renal: Vec<Renal>,
    /// Where it is from.
    pub citation: Cow<'static, str>,
}

/// Something of the patient that must be known first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The field: `weight_kg`, `indication`.
    pub field: &'static str,
    /// What is wanted, for a person.
    pub message: Words,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<'r> {
    /// No rule is for this patient.
    NoRule,
    /// The rule says no.
    Refused {
        /// The rule.
        rule: &'r DoseRule,
        /// How strongly.
        level: Severity,
        /// Why, and how that was computed.
        steps: Vec<String>,
    },
    /// A dose.
    Dose(Box<Computed<'r>>),
}

/// A dose for a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed<'r> {
    /// The rule.
    pub rule: &'r DoseRule,
    /// At a time at least, in mg.
    pub low: Decimal,
    /// At a time at most, in mg.
    pub high: Decimal,
    /// Hours between doses, at least.
    pub interval: u32,
    /// Hours between doses, at most.
    pub interval_longest: u32,
    /// The most at a time, in mg.
    pub most_single: Decimal,
    /// The most a day, in mg.
    pub most_daily: Decimal,
    /// How it was computed.
    pub steps: Vec<String>,
    /// What to look after.
    pub cautions: Vec<String>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The substance.
    pub substance: Side,
    /// The route.
    pub route: Route,
    /// What it is for.
    pub indication: Option<&'a str>,
    /// For whom.
    pub patient: &'a Patient,
    /// Whether the treatment begins now; not known counts as a beginning.
    pub new_start: Option<bool>,
}

/// Chooses the rule and computes the dose.
///
/// # Errors
/// What must be known of the patient first; all of it at once.
pub fn calculate<'r>(rules: &'r [DoseRule], asked: &Asked<'_>) -> Result<Outcome<'r>, Vec<Missing>> {
    let vocabulary = Vocabulary::get();
    let about =
        |rule: &&DoseRule| vocabulary.side(&rule.substance) == Some(asked.substance) && rule.route == asked.route;
    let mut rules: Vec<&DoseRule> = rules.iter().filter(about).collect();
    if let Some(wanted) = asked.indication {
        rules.retain(|rule| folded(&rule.indication) == folded(wanted));
    }
    if rules.is_empty() {
        return Ok(Outcome::NoRule);
    }
    let patient = asked.patient;
    let Some(age) = patient.age else {
        return Err(vec![Missing { field: "age", message: wording::medicine::age_needed() }]);
    };
    let by_age = |rule: &&DoseRule| age.within(rule.age_from, rule.age_before);
    if rules.iter().any(|rule| by_age(rule).is_none()) {
        let message = wording::medicine::birthday_needed();
        return Err(vec![Missing { field: "date_of_birth", message }]);
    }
    rules.retain(|rule| by_age(rule) == Some(true));
    let mut missing = Vec::new();
    let by_surface = rules.iter().any(|rule| rule.basis == Basis::PerSquareMetre);
    let weighs =
        |rule: &&DoseRule| rule.basis != Basis::Fixed || rule.weight_from.is_some() || rule.weight_before.is_some();
    if patient.weight.is_none() && rules.iter().any(weighs) {
        missing.push(Missing { field: "weight_kg", message: wording::medicine::weight_needed() });
    }
    if by_surface && patient.height.is_none() {
        missing.push(Missing { field: "height_cm", message: wording::medicine::surface_needed() });
    }
    if let Some(weight) = patient.weight {
        let fits = |rule: &&DoseRule| {
            rule.weight_from.is_none_or(|from| weight >= from)
                && rule.weight_before.is_none_or(|before| weight < before)
        };
        rules.retain(fits);
    }
    let mut indications: Vec<&str> = rules.iter().map(|rule| rule.indication.as_ref()).collect();
    indications.sort_unstable();
    indications.dedup();
    if indications.len() > 1 {
        let message = wording::medicine::indication_needed(indications.join("; "));
        missing.push(Missing { field: "indication", message });
    }
    let kidneys = Kidneys::of(patient);
    for renal in rules.iter().flat_map(|rule| &rule.renal) {
        for field in kidneys.lacks(renal.metric) {
            if missing.iter().all(|known| known.field != *field) {
                missing.push(Missing { field, message: wording::medicine::kidneys_needed() });
            }
        }
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    match rules.as_slice() {
        [rule] => Ok(compute(rule, patient, &kidneys, asked.new_start).unwrap_or(Outcome::NoRule)),
        // None fits, or two say different things: then neither is followed.
        _ => Ok(Outcome::NoRule),
    }
}

fn compute<'r>(
    rule: &'r DoseRule,
    patient: &Patient,
    kidneys: &Kidneys,
    new_start: Option<bool>,
) -> Option<Outcome<'r>> {
    let mut steps = vec![chosen(rule)];
    let mut cautions = Vec::new();
    let mut dose = (rule.low, rule.high, rule.interval, rule.interval_longest, rule.most_daily);
    if let Some(renal) = renal(rule, kidneys, new_start, &mut steps)? {
        match &renal.action {
            RenalAction::Refuse(level) => return Some(Outcome::Refused { rule, level: *level, steps }),
            RenalAction::RefuseStart => {
                return Some(Outcome::Refused { rule, level: Severity::NotRecommended, steps });
            }
            RenalAction::Assess => cautions.push("weigh benefit and risk with these kidneys".to_owned()),
            RenalAction::Monitor => cautions.push("check the kidneys at least once a year".to_owned()),
            RenalAction::Replace { low, high, every, most_daily } => {
                dose = (*low, *high, *every, *every, most_daily.unwrap_or(rule.most_daily));
                steps.push(format!("for these kidneys: {} every {every} h", span(*low, *high, rule.basis)));
            }
        }
    }
    let (low, high, interval, interval_longest, daily) = dose;
    let (low, high) = scaled(rule, low, high, patient, &mut steps)?;
    let most_daily = match (rule.most_daily_per_kilogram, patient.weight) {
        (Some(per_kilogram), Some(weight)) => {
            let by_weight = per_kilogram.checked_mul(weight)?;
            steps.push(format!("a day at most {per_kilogram} mg/kg × {weight} kg = {} mg", plain(by_weight)));
            by_weight.min(daily)
        }
        _ => daily,
    };
    let cap = rule.most_single.min(most_daily);
    if high > cap {
        steps.push(format!("no more than {} mg at a time", plain(cap)));
    }
    let (low, high) = (low.min(cap), high.min(cap));
    let times = Decimal::from((24 / interval.max(1)).max(1));
    if high.checked_mul(times)? > most_daily {
        let doses = most_daily.checked_div(high)?.floor();
        steps.push(format!("at most {} mg a day: {doses} doses of {} mg", plain(most_daily), plain(high)));
    }
    Some(Outcome::Dose(Box::new(Computed {
        rule,
        low: plain(low),
        high: plain(high),
        interval,
        interval_longest,
        most_single: plain(cap),
        most_daily: plain(most_daily),
        steps,
        cautions,
    })))
}

/// The limit on the kidneys that holds: the lowest that is undercut. `Some(None)` where none is; `None` where the
/// measure cannot be computed, so that nothing is said.
fn renal<'r>(
    rule: &'r DoseRule,
    kidneys: &Kidneys,
    new_start: Option<bool>,
    steps: &mut Vec<String>,
) -> Option<Option<&'r Renal>> {
    let mut told = Vec::new();
    let mut found: Option<&Renal> = None;
    for renal in &rule.renal {
        let computed = kidneys.computed(renal.metric)?;
        if !told.contains(&renal.metric) {
            told.push(renal.metric);
            steps.extend(computed.steps.iter().cloned());
        }
        let holds = renal.action != RenalAction::RefuseStart || new_start != Some(false);
        let lower = found.is_none_or(|found| renal.below < found.below);
        if computed.value < renal.below && holds && lower {
            found = Some(renal);
        }
    }
    if let Some(renal) = found {
        steps.push(format!("below {} {}", plain(renal.below), renal.metric.name()));
    }
    Some(found)
}

fn chosen(rule: &DoseRule) -> String {
    let from = rule.age_from.map(|from| format!("from {}", age_words(from)));
    let before = rule.age_before.map(|before| format!("below {}", age_words(before)));
    let ages = from.into_iter().chain(before).collect::<Vec<_>>().join(" and ");
    format!("rule for {} by route {}, {}, {ages}", rule.substance, rule.route.name(), rule.indication)
}

fn span(low: Decimal, high: Decimal, basis: Basis) -> String {
    let unit = match basis {
        Basis::Fixed => "mg",
        Basis::PerKilogram => "mg/kg",
        Basis::PerSquareMetre => "mg/m²",
    };
    if low == high { format!("{} {unit}", plain(low)) } else { format!("{} to {} {unit}", plain(low), plain(high)) }
}

fn scaled(
    rule: &DoseRule,
    low: Decimal,
    high: Decimal,
    patient: &Patient,
    steps: &mut Vec<String>,
) -> Option<(Decimal, Decimal)> {
    let (factor, unit) = match rule.basis {
        Basis::Fixed => return Some((low, high)),
        Basis::PerKilogram => (patient.weight?, "kg"),
        Basis::PerSquareMetre => {
            let surface = mosteller(patient.height?, patient.weight?)?;
            steps.extend(surface.steps);
            (rounded(surface.value, 2), "m²")
        }
    };
    let (least, most) = (low.checked_mul(factor)?, high.checked_mul(factor)?);
    let made =
        if least == most { format!("{} mg", plain(most)) } else { format!("{} to {} mg", plain(least), plain(most)) };
    steps.push(format!("{} × {factor} {unit} = {made}", span(low, high, rule.basis)));
    Some((least, most))
}

#[cfg(test)]
mod tests;
