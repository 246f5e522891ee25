//! What a rule of the pharmacy says, as JSON, and the rule that it makes.

use std::borrow::Cow;

use super::contraindication::{Contraindication, Who, age_days};
use super::dataset::Vocabulary;
use super::decimal::{Decimal, Number};
use super::dose::{Basis, DoseRule, Renal, RenalAction};
use super::kidneys::Metric;
use super::limit::Limit;
use super::mechanism::Mechanism;
use super::review::RuleKind;
use super::route::Route;
use super::rule::{Rule, Source};
use super::severity::Severity;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::wording::{self, Words};
use crate::red_flags;

pub use shape::{
    AppliesToBody, ContraindicationBody, DoseBody, FlagReadingBody, FlagSourceBody, HourSpan, InteractionBody,
    LimitBody, PhrasesBody, RedFlagBody, RenalBody, Span, Withdrawal,
};

mod flag;
mod shape;

/// A rule that was made of its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It must not count.
    Withdrawn,
    /// Two medicines together.
    Interaction(Box<Rule>),
    /// How much of a substance.
    Dose(Box<DoseRule>),
    /// For whom a substance is not.
    Contraindication(Contraindication),
    /// How much in so many days.
    Limit(Limit),
    /// A sign of an emergency.
    RedFlag(Box<red_flags::Rule>),
}

/// Makes the rule `id` of its JSON.
///
/// # Errors
/// Every field at fault.
pub fn make(kind: RuleKind, id: &str, version: u64, body: &serde_json::Value) -> Result<Made, FieldErrors> {
    if body.get("withdrawn").is_some() {
        let withdrawal: Withdrawal = crate::platform::fields::from_json(body.clone())?;
        let mut faults = Faults::default();
        faults.check("withdrawn", withdrawal.withdrawn, "unknown_value", wording::field::one_of("true"));
        faults.text("reason", &withdrawal.reason, 500);
        return faults.end(Made::Withdrawn);
    }
    let id = Cow::Owned(id.to_owned());
    match kind {
        RuleKind::Interaction => interaction(id, version, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Dose => dose(id, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Contraindication => contraindication(id, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Limit => limit(id, crate::platform::fields::from_json(body.clone())?),
        RuleKind::RedFlag => flag::red_flag(id, version, crate::platform::fields::from_json(body.clone())?),
    }
}

#[derive(Default)]
struct Faults(FieldErrors);

impl Faults {
    fn add(&mut self, field: impl Into<String>, code: &'static str, message: Words) {
        self.0.push(Invalid::new(code, message).at(field));
    }

    fn check(&mut self, field: &str, holds: bool, code: &'static str, message: Words) {
        if !holds {
            self.add(field, code, message);
        }
    }

    fn text(&mut self, field: &str, text: &str, most: usize) {
        if let Err(invalid) = crate::platform::text::line(text, most) {
            self.0.push(invalid.at(field));
        }
    }

    /// A side: a substance, a class or another thing, with a route where one may be.
    fn side(&mut self, field: &str, text: &str, routed: bool) {
        let (id, route) = text.split_once('@').map_or((text, None), |(id, route)| (id, Some(route)));
        let known = Vocabulary::get().side(id).is_some();
        let route_known = route.is_none_or(|route| routed && Route::parse(route).is_some());
        self.check(field, known && route_known, "unknown_substance", wording::medicine::a_side());
    }

    fn positive(&mut self, field: &str, number: Number) {
        self.check(field, number.0 > Decimal::ZERO, "out_of_range", wording::field::above_zero());
    }

    fn age(&mut self, field: &str, text: Option<&String>) -> Option<u32> {
        let days = text.map(|text| age_days(text));
        self.check(field, days != Some(None), "invalid_age", wording::medicine::an_age());
        days.flatten()
    }

    fn end<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

fn interaction(id: Cow<'static, str>, version: u64, body: InteractionBody) -> Result<Made, FieldErrors> {
    let mut faults = Faults::default();
    faults.side("first", &body.first, true);
    faults.side("second", &body.second, true);
    faults.check("levels", (1..=20).contains(&body.levels.len()), "wrong_count", wording::field::entries_between(20));
    faults.check("mechanism", Mechanism::is_known(&body.mechanism), "unknown_value", wording::medicine::a_mechanism());
    faults.text("citation", &body.citation, 500);
    for (place, branch) in body.levels.iter().enumerate() {
        for (at, condition) in branch.when.iter().enumerate() {
            let field = format!("levels[{place}].when[{at}]");
            if let Some(fault) = condition.fault() {
                faults.add(field.clone(), "invalid_condition", fault);
            }
            for named in condition.ids() {
                faults.side(&field, named, false);
            }
        }
    }
    let rule = Rule {
        id,
        first: Cow::Owned(body.first),
        second: Cow::Owned(body.second),
        branches: body.levels,
        mechanism: Mechanism::of(&body.mechanism),
        source: Source { name: Cow::Owned(body.citation), version: Cow::Owned(version.to_string()), reference: None },
        washout_first: body.washout_days_first,
        washout_second: body.washout_days_second,
    };
    faults.end(Made::Interaction(Box::new(rule)))
}

fn dose(id: Cow<'static, str>, body: DoseBody) -> Result<Made, FieldErrors> {
    let mut faults = Faults::default();
    faults.side("substance", &body.substance, false);
    faults.text("indication", &body.indication, 100);
    faults.text("citation", &body.citation, 500);
    let basis = match body.basis.as_str() {
        "fixed" => Some(Basis::Fixed),
        "per_kg" => Some(Basis::PerKilogram),
        "per_m2" => Some(Basis::PerSquareMetre),
        _ => None,
    };
    faults.check("basis", basis.is_some(), "unknown_value", wording::field::one_of("fixed, per_kg, per_m2"));
    let (age_from, age_before) =
        (faults.age("age_from", body.age_from.as_ref()), faults.age("age_before", body.age_before.as_ref()));
    let bounded = body.age_from.is_some() || body.age_before.is_some();
    faults.check("age_from", bounded, "required", wording::field::one_is_needed("age_from", "age_before"));
    faults.positive("dose_mg.min", body.dose_mg.min);
    faults.check("dose_mg", body.dose_mg.min <= body.dose_mg.max, "out_of_range", wording::medicine::min_at_most_max());
    let hours = body.interval_hours;
    let sound = (1..=744).contains(&hours.min) && hours.min <= hours.max && hours.max <= 744;
    faults.check("interval_hours", sound, "out_of_range", wording::medicine::hours_between());
    faults.positive("max_single_mg", body.max_single_mg);
    faults.check(
        "max_daily_mg",
        body.max_daily_mg >= body.max_single_mg,
        "out_of_range",
        wording::medicine::less_than_one_dose(),
    );
    let mut renal = Vec::new();
    for (place, entry) in body.renal.iter().enumerate() {
        match renal_of(entry) {
            Some(made) => renal.push(made),
            None => faults.add(format!("renal[{place}]"), "invalid_renal", wording::medicine::a_renal_entry()),
        }
    }
    let rule = DoseRule {
        id,
        substance: Cow::Owned(body.substance),
        route: body.route,
        indication: Cow::Owned(body.indication),
        age_from,
        age_before,
        weight_from: body.weight_from_kg.map(|number| number.0),
        weight_before: body.weight_before_kg.map(|number| number.0),
        basis: basis.unwrap_or(Basis::Fixed),
        low: body.dose_mg.min.0,
        high: body.dose_mg.max.0,
        interval: hours.min,
        interval_longest: hours.max,
        most_single: body.max_single_mg.0,
        most_daily_per_kilogram: body.max_daily_mg_per_kg.map(|number| number.0),
        most_daily: body.max_daily_mg.0,
        renal,
        citation: Cow::Owned(body.citation),
    };
    faults.end(Made::Dose(Box::new(rule)))
}

fn renal_of(body: &RenalBody) -> Option<Renal> {
    let plain = body.dose.is_none() && body.interval_hours.is_none() && body.max_daily_mg.is_none();
    let action = match (body.action.as_str(), plain) {
        ("contraindicated", true) => RenalAction::Refuse(Severity::Contraindicated),
        ("not_recommended", true) => RenalAction::Refuse(Severity::NotRecommended),
        ("not_recommended_at_start", true) => RenalAction::RefuseStart,
        ("assess", true) => RenalAction::Assess,
        ("monitor", true) => RenalAction::Monitor,
        ("dose", false) => {
            let dose = body.dose.filter(|dose| dose.min.0 > Decimal::ZERO && dose.min <= dose.max)?;
            RenalAction::Replace {
                low: dose.min.0,
                high: dose.max.0,
                every: body.interval_hours.filter(|hours| (1..=744).contains(hours))?,
                most_daily: body.max_daily_mg.map(|number| number.0),
            }
        }
        _ => return None,
    };
    (body.lt.0 > Decimal::ZERO).then_some(Renal { metric: Metric::parse(&body.metric)?, below: body.lt.0, action })
}

fn contraindication(id: Cow<'static, str>, body: ContraindicationBody) -> Result<Made, FieldErrors> {
    let mut faults = Faults::default();
    faults.side("substance", &body.substance, false);
    faults.check("who", (1..=5).contains(&body.who.len()), "wrong_count", wording::field::entries_between(5));
    faults.text("citation", &body.citation, 500);
    let mut who = Vec::new();
    for (place, text) in body.who.iter().enumerate() {
        match Who::parse(text) {
            Some(one) => who.push(one),
            None => faults.add(format!("who[{place}]"), "unknown_value", wording::medicine::a_who()),
        }
    }
    let made = Contraindication {
        id,
        side: Cow::Owned(body.substance),
        who,
        level: body.level,
        citation: Cow::Owned(body.citation),
    };
    faults.end(Made::Contraindication(made))
}

fn limit(id: Cow<'static, str>, body: LimitBody) -> Result<Made, FieldErrors> {
    let mut faults = Faults::default();
    faults.side("substance", &body.substance, false);
    let country = body.jurisdiction == "any"
        || (body.jurisdiction.len() == 2 && body.jurisdiction.bytes().all(|byte| byte.is_ascii_uppercase()));
    faults.check("jurisdiction", country, "unknown_value", wording::medicine::a_jurisdiction());
    faults.check("days", (1..=366).contains(&body.days), "out_of_range", wording::medicine::limit_days());
    faults.positive("max_mg", body.max_mg);
    faults.text("citation", &body.citation, 500);
    let made = Limit {
        id,
        substance: Cow::Owned(body.substance),
        jurisdiction: Cow::Owned(body.jurisdiction),
        days: body.days.max(1),
        most: body.max_mg.0,
        without_prescription_only: body.without_prescription_only,
        law: body.law,
        citation: Cow::Owned(body.citation),
    };
    faults.end(Made::Limit(made))
}

#[cfg(test)]
mod tests;
