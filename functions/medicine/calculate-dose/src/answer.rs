//! What a question for a dose is answered with.

use serde::Serialize;
use shared::medicine::decimal::{Decimal, plain, rounded};
use shared::medicine::dose::{Computed, DoseRule, Missing, Outcome};
use shared::medicine::knowledge::Knowledge;
use shared::medicine::strength::Strength;
use shared::medicine::view::{DISCLAIMER, DatasetView, RuleRef};
use shared::platform::error::Error;
use shared::platform::fields::Invalid;
use utoipa::ToSchema;

/// What sort of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoseCode {
    /// A dose.
    Dose,
    /// No reviewed rule is for this patient.
    NoRule,
    /// The rule forbids it for this patient.
    Contraindicated,
    /// The rule advises against it for this patient.
    NotRecommended,
}

/// A span of amounts.
#[derive(Serialize, ToSchema)]
pub struct Amounts {
    /// At least, as an exact decimal.
    min: String,
    /// At most.
    max: String,
    /// The UCUM unit, or `unit` for tablets, capsules and the like.
    unit: &'static str,
}

/// An amount.
#[derive(Serialize, ToSchema)]
pub struct Amount {
    /// An exact decimal.
    value: String,
    /// The UCUM unit.
    unit: &'static str,
}

/// The rule behind a dose.
#[derive(Serialize, ToSchema)]
pub struct DoseRuleView {
    /// The rule and its review.
    #[serde(flatten)]
    rule: RuleRef,
    /// What it is for.
    indication: String,
    /// Where it is from.
    citation: String,
}

/// A dose, or why there is none.
#[derive(Serialize, ToSchema)]
pub struct DoseAnswer {
    /// What sort of answer it is.
    code: DoseCode,
    /// At a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    single: Option<Amounts>,
    /// Hours between doses, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_hours: Option<u32>,
    /// Hours between doses, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval_hours_max: Option<u32>,
    /// The most at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_single: Option<Amount>,
    /// The most a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_daily: Option<Amount>,
    /// At a time, in units or millilitres of the product; unrounded beyond three digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_product_units: Option<Amounts>,
    /// How it was computed.
    steps: Vec<String>,
    /// What to look after.
    cautions: Vec<String>,
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<DoseRuleView>,
    /// What it was made with.
    dataset: DatasetView,
    /// What it is not.
    disclaimer: &'static str,
}

/// What must be known first, as errors of the request's fields.
pub(crate) fn missing(missing: Vec<Missing>) -> Error {
    let at = |field: &str| match field {
        "indication" => field.to_owned(),
        field => format!("patient.{field}"),
    };
    let errors = missing.into_iter().map(|one| Invalid::new("required", one.message).at(at(one.field)));
    Error::invalid_fields(errors.collect())
}

impl DoseAnswer {
    /// Of an outcome; `strength` is that of the product it is wanted in.
    pub(crate) fn of(outcome: &Outcome<'_>, strength: Option<&Strength>, knowledge: &Knowledge) -> Self {
        use shared::medicine::severity::Severity;
        let empty = |code, steps: Vec<String>, rule: Option<&DoseRule>| Self {
            code,
            single: None,
            interval_hours: None,
            interval_hours_max: None,
            max_single: None,
            max_daily: None,
            in_product_units: None,
            steps,
            cautions: Vec::new(),
            rule: rule.map(|rule| DoseRuleView {
                rule: RuleRef::of(&rule.id, knowledge),
                indication: rule.indication.to_string(),
                citation: rule.citation.to_string(),
            }),
            dataset: DatasetView::of(knowledge),
            disclaimer: DISCLAIMER,
        };
        match outcome {
            Outcome::NoRule => empty(DoseCode::NoRule, Vec::new(), None),
            Outcome::Refused { rule, level, steps } => {
                let contraindicated = *level == Severity::Contraindicated;
                let code = if contraindicated { DoseCode::Contraindicated } else { DoseCode::NotRecommended };
                empty(code, steps.clone(), Some(rule))
            }
            Outcome::Dose(dose) => Self {
                single: Some(amounts(dose.low, dose.high, "mg")),
                interval_hours: Some(dose.interval),
                interval_hours_max: Some(dose.interval_longest),
                max_single: Some(amount(dose.most_single)),
                max_daily: Some(amount(dose.most_daily)),
                in_product_units: strength.and_then(|strength| in_units(dose, strength)),
                cautions: dose.cautions.clone(),
                ..empty(DoseCode::Dose, dose.steps.clone(), Some(dose.rule))
            },
        }
    }
}

fn amounts(min: Decimal, max: Decimal, unit: &'static str) -> Amounts {
    Amounts { min: plain(min).to_string(), max: plain(max).to_string(), unit }
}

fn amount(value: Decimal) -> Amount {
    Amount { value: plain(value).to_string(), unit: "mg" }
}

fn in_units(dose: &Computed<'_>, strength: &Strength) -> Option<Amounts> {
    let (low, unit) = strength.amount_for(dose.low)?;
    let (high, _) = strength.amount_for(dose.high)?;
    Some(amounts(rounded(low, 3), rounded(high, 3), unit))
}
