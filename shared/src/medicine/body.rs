//! What a rule of the pharmacy says, as JSON, and the rule that it makes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Branch;
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

/// What takes the place of a rule that must not count any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Always true.
    pub withdrawn: bool,
    /// Why.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Two medicines together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InteractionBody {
    /// A substance or class; with `@route`, by that route alone.
    #[schema(example = "clopidogrel")]
    pub first: String,
    /// The other.
    #[schema(example = "omeprazole")]
    pub second: String,
    /// The levels, each with what must be so for it.
    pub levels: Vec<Branch>,
    /// The kind of mechanism.
    #[schema(example = "prodrug_blocked")]
    pub mechanism: String,
    /// How many days after the end of the first the rule still holds.
    #[serde(default)]
    pub washout_days_first: u16,
    /// The same for the second.
    #[serde(default)]
    pub washout_days_second: u16,
    /// Where it is from.
    #[schema(max_length = 500)]
    pub citation: String,
}

/// A span of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// At least.
    #[schema(value_type = String)]
    pub min: Number,
    /// At most.
    #[schema(value_type = String)]
    pub max: Number,
}

/// What to do where the kidneys are weak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenalBody {
    /// `crcl` in mL/min or `egfr` in mL/min/1.73 m².
    pub metric: String,
    /// Below this.
    #[schema(value_type = String)]
    pub lt: Number,
    /// `contraindicated`, `not_recommended`, `not_recommended_at_start`, `assess`, `monitor` or `dose`.
    pub action: String,
    /// With `dose`: in mg, per the rule's basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<Span>,
    /// With `dose`: hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_hours: Option<u32>,
    /// With `dose`: the most a day in mg, where it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub max_daily_mg: Option<Number>,
}

/// How much of a substance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoseBody {
    /// The substance.
    pub substance: String,
    /// The route.
    pub route: Route,
    /// What it is for.
    #[schema(max_length = 100)]
    pub indication: String,
    /// From this age: `12y`, `6mo`, `28d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_from: Option<String>,
    /// To below this age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_before: Option<String>,
    /// From this weight in kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub weight_from_kg: Option<Number>,
    /// To below this weight in kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub weight_before_kg: Option<Number>,
    /// `fixed`, `per_kg` or `per_m2`.
    pub basis: String,
    /// At a time, in mg, per the basis.
    pub dose_mg: Span,
    /// Hours between doses.
    pub interval_hours: HourSpan,
    /// The most at a time in mg.
    #[schema(value_type = String)]
    pub max_single_mg: Number,
    /// The most a day in mg.
    #[schema(value_type = String)]
    pub max_daily_mg: Number,
    /// The most a day in mg per kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub max_daily_mg_per_kg: Option<Number>,
    /// Where the kidneys are weak.
    #[serde(default)]
    pub renal: Vec<RenalBody>,
    /// Where it is from.
    #[schema(max_length = 500)]
    pub citation: String,
}

/// A span of hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HourSpan {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// For whom a substance is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContraindicationBody {
    /// A substance or class.
    pub substance: String,
    /// All of these: `age<12y`, `age>=65y`, `pregnancy`, `breastfeeding`, `egfr<30`, `crcl<30`, `hepatic>=severe`, or a
    /// condition such as `asthma`.
    pub who: Vec<String>,
    /// How much it matters.
    pub level: Severity,
    /// Where it is from.
    #[schema(max_length = 500)]
    pub citation: String,
}

/// How much of a substance in so many days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitBody {
    /// The substance.
    pub substance: String,
    /// An ISO 3166 code, or `any`.
    pub jurisdiction: String,
    /// The days it looks back over.
    pub days: u32,
    /// The most in them, in mg.
    #[schema(value_type = String)]
    pub max_mg: Number,
    /// Whether it is for what is sold without a prescription alone.
    pub without_prescription_only: bool,
    /// Whether the law says so; otherwise it is the pharmacy's policy.
    pub law: bool,
    /// Where it is from.
    #[schema(max_length = 500)]
    pub citation: String,
}

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
}

/// Makes the rule `id` of its JSON.
///
/// # Errors
/// Every field at fault.
pub fn make(kind: RuleKind, id: &str, version: u64, body: &serde_json::Value) -> Result<Made, FieldErrors> {
    if body.get("withdrawn").is_some() {
        let withdrawal: Withdrawal = crate::platform::fields::from_json(body.clone())?;
        let mut faults = Faults::default();
        faults.check("withdrawn", withdrawal.withdrawn, "unknown_value", "expected true");
        faults.text("reason", &withdrawal.reason, 500);
        return faults.end(Made::Withdrawn);
    }
    let id = Cow::Owned(id.to_owned());
    match kind {
        RuleKind::Interaction => interaction(id, version, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Dose => dose(id, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Contraindication => contraindication(id, crate::platform::fields::from_json(body.clone())?),
        RuleKind::Limit => limit(id, crate::platform::fields::from_json(body.clone())?),
    }
}

#[derive(Default)]
struct Faults(FieldErrors);

impl Faults {
    fn add(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<Cow<'static, str>>) {
        self.0.push(Invalid::new(code, message).at(field));
    }

    fn check(&mut self, field: &str, holds: bool, code: &'static str, message: &'static str) {
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
        self.check(field, known && route_known, "unknown_substance", "expected the id of a substance or class");
    }

    fn positive(&mut self, field: &str, number: Number) {
        self.check(field, number.0 > Decimal::ZERO, "out_of_range", "expected a number above zero");
    }

    fn age(&mut self, field: &str, text: Option<&String>) -> Option<u32> {
        let days = text.map(|text| age_days(text));
        self.check(field, days != Some(None), "invalid_age", "expected an age such as 12y, 6mo or 28d");
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
    faults.check("levels", (1..=20).contains(&body.levels.len()), "wrong_count", "expected 1 to 20 levels");
    faults.check("mechanism", Mechanism::is_known(&body.mechanism), "unknown_value", "expected a kind of mechanism");
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
    faults.check("basis", basis.is_some(), "unknown_value", "expected fixed, per_kg or per_m2");
    let (age_from, age_before) =
        (faults.age("age_from", body.age_from.as_ref()), faults.age("age_before", body.age_before.as_ref()));
    let bounded = body.age_from.is_some() || body.age_before.is_some();
    faults.check("age_from", bounded, "required", "a dose is for an age: give age_from or age_before");
    faults.positive("dose_mg.min", body.dose_mg.min);
    faults.check("dose_mg", body.dose_mg.min <= body.dose_mg.max, "out_of_range", "expected min to be at most max");
    let hours = body.interval_hours;
    let sound = (1..=744).contains(&hours.min) && hours.min <= hours.max && hours.max <= 744;
    faults.check("interval_hours", sound, "out_of_range", "expected 1 to 744 hours, min at most max");
    faults.positive("max_single_mg", body.max_single_mg);
    faults.check("max_daily_mg", body.max_daily_mg >= body.max_single_mg, "out_of_range", "less than one dose");
    let mut renal = Vec::new();
    for (place, entry) in body.renal.iter().enumerate() {
        match renal_of(entry) {
            Some(made) => renal.push(made),
            None => faults.add(
                format!("renal[{place}]"),
                "invalid_renal",
                "expected metric, lt, and an action with its dose",
            ),
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
    faults.check("who", (1..=5).contains(&body.who.len()), "wrong_count", "expected 1 to 5 conditions");
    faults.text("citation", &body.citation, 500);
    let mut who = Vec::new();
    for (place, text) in body.who.iter().enumerate() {
        match Who::parse(text) {
            Some(one) => who.push(one),
            None => faults.add(format!("who[{place}]"), "unknown_value", "expected pregnancy, age<12y, egfr<30, …"),
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
    faults.check("jurisdiction", country, "unknown_value", "expected an ISO 3166 code such as US, or any");
    faults.check("days", (1..=366).contains(&body.days), "out_of_range", "expected 1 to 366 days");
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
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(kind: RuleKind, body: serde_json::Value) -> Vec<String> {
        make(kind, "rul_x", 1, &body).unwrap_err().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_rule_of_each_kind_is_made() {
        let when = json!([{"kind": "dose", "substance": "aspirin", "single": "500 mg"}]);
        let interaction = json!({"first": "aspirin", "second": "doacs", "mechanism": "bleeding", "citation": "label",
            "levels": [{"level": "contraindicated", "when": when}, {"level": "precaution"}]});
        let Ok(Made::Interaction(rule)) = make(RuleKind::Interaction, "rul_x", 3, &interaction) else { panic!() };
        assert_eq!((rule.branches.len(), rule.source.version.as_ref()), (2, "3"));
        let dose = json!({"substance": "paracetamol", "route": "oral", "indication": "pain", "age_from": "12y",
            "basis": "fixed", "dose_mg": {"min": 500, "max": "1000"}, "interval_hours": {"min": 4, "max": 6},
            "max_single_mg": 1000, "max_daily_mg": 3000, "citation": "ours",
            "renal": [{"metric": "crcl", "lt": 30, "action": "dose", "dose": {"min": 500, "max": 500}, "interval_hours": 8}]});
        assert!(matches!(make(RuleKind::Dose, "rul_x", 1, &dose), Ok(Made::Dose(_))));
        let contra = json!({"substance": "statins-label", "who": ["pregnancy", "age<18y"], "level": "not_recommended", "citation": "x"});
        assert!(matches!(make(RuleKind::Contraindication, "rul_x", 1, &contra), Ok(Made::Contraindication(_))));
        let limit = json!({"substance": "codeine", "jurisdiction": "NP", "days": 30, "max_mg": 900,
            "without_prescription_only": true, "law": false, "citation": "ours"});
        assert!(matches!(make(RuleKind::Limit, "rul_x", 1, &limit), Ok(Made::Limit(_))));
        let withdrawn = json!({"withdrawn": true, "reason": "too many alerts"});
        assert_eq!(make(RuleKind::Limit, "rul_x", 1, &withdrawn), Ok(Made::Withdrawn));
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let body = json!({"first": "nothing", "second": "aspirin@nowhere", "mechanism": "magic", "citation": "",
            "levels": [{"level": "precaution", "when": [{"kind": "condition", "has": "sadness"}]}]});
        assert_eq!(
            faults(RuleKind::Interaction, body),
            ["first", "second", "mechanism", "citation", "levels[0].when[0]"]
        );
        assert_eq!(faults(RuleKind::Limit, json!({"withdrawn": false, "reason": "x"})), ["withdrawn"]);
        let unknown = json!({"substance": "codeine", "who": ["blue eyes"], "level": "precaution", "citation": "x"});
        assert_eq!(faults(RuleKind::Contraindication, unknown), ["who[0]"]);
    }

    #[test]
    fn a_field_that_is_unknown_or_missing_is_refused() {
        let extra =
            json!({"substance": "codeine", "who": ["asthma"], "level": "precaution", "citation": "x", "evil": 1});
        assert_eq!(faults(RuleKind::Contraindication, extra), ["evil"]);
        assert!(!faults(RuleKind::Dose, json!({})).is_empty());
    }
}
