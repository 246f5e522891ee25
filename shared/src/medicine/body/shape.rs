//! What a rule of each kind looks like as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::Sex;
use crate::medicine::condition::Branch;
use crate::medicine::decimal::Number;
use crate::medicine::route::Route;
use crate::medicine::severity::Severity;
use crate::red_flags::{self, InLanguages};

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
    #[schema(value_type = String, pattern = "^(crcl|egfr)$")]
    pub metric: String,
    /// Below this.
    #[schema(value_type = String)]
    pub lt: Number,
    /// `contraindicated`, `not_recommended`, `not_recommended_at_start`, `assess`, `monitor` or `dose`.
    #[schema(value_type = String, pattern = "^(contraindicated|not_recommended|not_recommended_at_start|assess|monitor|dose)$")]
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
    #[schema(value_type = String, pattern = "^(fixed|per_kg|per_m2)$")]
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

/// How people say a sign, in patterns: words near one another in any order; `breath*` is every word that begins so, `chest|breast`
/// is either, `#` is a number of five or more of what is swallowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhrasesBody {
    /// In English; what is written in Latin letters of other languages, too.
    #[schema(max_items = 40)]
    pub en: Vec<String>,
    /// In Nepali.
    #[schema(max_items = 40)]
    pub ne: Vec<String>,
    /// In Bengali.
    #[schema(max_items = 40)]
    pub bn: Vec<String>,
}

/// Whom answers are about that amount to a sign. What is not known of age or sex may be what is meant; words count whoever writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesToBody {
    /// From this age: `12y`, `6mo`, `28d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_from: Option<String>,
    /// To below this age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_before: Option<String>,
    /// `female` or `male`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Whether it is one in pregnancy alone.
    #[serde(default)]
    pub pregnant: bool,
}

/// Where it is written that something is an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagSourceBody {
    /// Where.
    #[schema(max_length = 500)]
    pub citation: String,
    /// The day of it: when it was published, or last looked at. Of a sign that is built in it is not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub date: Option<String>,
}

/// Who has read a sign that is built in, before the release: shown, and not to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagReadingBody {
    /// Which version of the line it is.
    pub version: u32,
    /// Whether a clinician has read its name and its phrases.
    pub reviewed: bool,
    /// Who.
    pub reviewed_by: Option<String>,
    /// When.
    #[schema(format = Date)]
    pub reviewed_on: Option<String>,
}

/// A sign of an emergency. It adds to those that are built in, and takes none of them away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedFlagBody {
    /// What the sign is called; one of the phrases finds each name.
    pub names: InLanguages,
    /// The emergency that it is counted as; `danger` for what has no other.
    pub about: red_flags::Kind,
    /// `emergency`: nothing less is a red flag.
    #[schema(value_type = String, pattern = "^(emergency)$")]
    pub urgency: String,
    /// How people say it.
    pub phrases: PhrasesBody,
    /// Symptoms of triage that amount to it, all of them together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub symptoms: Vec<String>,
    /// Whom these symptoms are about; anybody where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<AppliesToBody>,
    /// What the person is told, beside whom to call.
    pub tell: InLanguages,
    /// Where it is written.
    pub source: FlagSourceBody,
    /// Of a sign that is built in: who has read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<FlagReadingBody>,
}
