//! When a level of a rule applies: what must be so of the two medicines and of the patient.
//!
//! A condition is met, not met, or open. A level applies unless one of its conditions is not met: what nobody has
//! recorded (a dose, an age, a disease) counts as met and is said in the alert; a substance that is not there does not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decimal::{Decimal, parse};
use super::patient::{Patient, condition_name, days};
use super::route::Route;
use super::severity::Severity;
use super::unit::Unit;
use crate::platform::wording::{self, Words};

/// One level of a rule, with what must be so for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The level.
    pub level: Severity,
    /// All of these; none is always.
    #[serde(default)]
    pub when: Vec<Condition>,
}

/// Which of the two sides a condition is about, in the order in which the rule names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The first.
    First,
    /// The second.
    Second,
    /// One of them at least.
    Either,
    /// None of them.
    Neither,
}

/// Something that must be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// A side is one of these substances or classes.
    Substance {
        /// Which side.
        side: Side,
        /// Ids of substances or classes.
        is: Vec<String>,
    },
    /// One side is of the one list, the other of the other.
    Pair {
        /// Ids of substances or classes.
        one: Vec<String>,
        /// Ids of substances or classes.
        other: Vec<String>,
    },
    /// A substance, where it is there, is taken at a dose of at least (or above) one of these.
    Dose {
        /// Its id.
        substance: String,
        /// At least this much at a time: `1000 mg`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        single: Option<String>,
        /// At least this much a day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        daily: Option<String>,
        /// More than this a day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        daily_above: Option<String>,
        /// More than this a week.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weekly_above: Option<String>,
    },
    /// A substance, where it is there, is given one of these ways.
    Route {
        /// Its id.
        substance: String,
        /// The ways.
        is: Vec<Route>,
    },
    /// The patient is so many years old, or older.
    Age {
        /// Years.
        at_least: u32,
    },
    /// The patient has a condition, or has it not.
    Condition {
        /// What the patient has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        has: Option<String>,
        /// What the patient has not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lacks: Option<String>,
    },
    /// A stretch of the treatment, in words; nobody records it, so it is always open.
    Duration {
        /// When: `while the dose of lamotrigine is being adjusted`.
        phase: String,
    },
}

/// How it stands with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Met,
    /// It is not so.
    Unmet,
    /// Nobody knows; what is missing, in words.
    Open(String),
}

/// How much of a substance is taken, as far as is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dose {
    /// At a time, in mg.
    pub single: Option<Decimal>,
    /// A day, in mg.
    pub daily: Option<Decimal>,
    /// In one tablet, capsule or spoon, in mg, where only the product is known.
    pub strength: Option<Decimal>,
}

/// The most units (tablets, capsules) that anybody is taken to use at a time where the dose is not recorded.
const UNITS_AT_A_TIME: u32 = 4;

/// A medicine as conditions see it.
pub trait Member {
    /// Whether it is this substance or belongs to this class.
    fn is(&self, id: &str) -> bool;
    /// Its routes; none where they are not known.
    fn routes(&self) -> &[Route];
    /// How much of it is taken.
    fn dose(&self) -> &Dose;
}

impl Condition {
    /// How it stands, for the medicine on the first and on the second side of the rule.
    pub fn judge<M: Member>(&self, first: &M, second: &M, patient: &Patient) -> Verdict {
        let any = |member: &M, ids: &[String]| ids.iter().any(|id| member.is(id));
        match self {
            Self::Substance { side, is } => met(match side {
                Side::First => any(first, is),
                Side::Second => any(second, is),
                Side::Either => any(first, is) || any(second, is),
                Side::Neither => !any(first, is) && !any(second, is),
            }),
            Self::Pair { one, other } => {
                met((any(first, one) && any(second, other)) || (any(first, other) && any(second, one)))
            }
            Self::Dose { substance, single, daily, daily_above, weekly_above } => {
                let Some(member) = [first, second].into_iter().find(|member| member.is(substance)) else {
                    return Verdict::Met;
                };
                let limits = [
                    Limit { text: single, of: Of::Single, above: false },
                    Limit { text: daily, of: Of::Daily, above: false },
                    Limit { text: daily_above, of: Of::Daily, above: true },
                    Limit { text: weekly_above, of: Of::Weekly, above: true },
                ];
                judge_dose(substance, &limits, member.dose())
            }
            Self::Route { substance, is } => {
                let Some(member) = [first, second].into_iter().find(|member| member.is(substance)) else {
                    return Verdict::Met;
                };
                let routes = member.routes();
                if routes.is_empty() {
                    return Verdict::Open(format!("the route of {substance}"));
                }
                met(routes.iter().any(|route| is.iter().any(|wanted| wanted.covers(*route))))
            }
            Self::Age { at_least } => match patient.age.map(|age| age.within(Some(days(*at_least)), None)) {
                Some(Some(holds)) => met(holds),
                _ => Verdict::Open("the patient's age".to_owned()),
            },
            Self::Condition { has, lacks } => {
                let there = has.as_deref().map(|id| (id, patient.has(id)));
                let absent = lacks.as_deref().map(|id| (id, patient.has(id).map(|there| !there)));
                let parts: Vec<_> = there.into_iter().chain(absent).collect();
                let open = parts.iter().find(|(_, holds)| holds.is_none());
                match open {
                    _ if parts.iter().any(|(_, holds)| *holds == Some(false)) => Verdict::Unmet,
                    Some((id, _)) => Verdict::Open(format!("whether there is {}", condition_name(id).unwrap_or(id))),
                    None => Verdict::Met,
                }
            }
            Self::Duration { phase } => Verdict::Open(format!("whether it is {phase}")),
        }
    }

    /// The condition in words.
    pub fn words(&self) -> String {
        match self {
            Self::Substance { side: Side::Neither, is } => format!("with none of {}", is.join(", ")),
            Self::Substance { is, .. } => format!("with {}", is.join(", ")),
            Self::Pair { one, other } => format!("{} with {}", one.join(", "), other.join(", ")),
            Self::Dose { substance, single, daily, daily_above, weekly_above } => {
                let said = |text: &Option<String>, words: &str| text.as_ref().map(|text| words.replace('#', text));
                let parts = [
                    said(single, "# or more at a time"),
                    said(daily, "# or more a day"),
                    said(daily_above, "more than # a day"),
                    said(weekly_above, "more than # a week"),
                ];
                format!("{substance}: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" or "))
            }
            Self::Route { substance, is } => {
                format!("{substance} by route {}", is.iter().map(|route| route.name()).collect::<Vec<_>>().join(" or "))
            }
            Self::Age { at_least } => format!("from {at_least} years of age"),
            Self::Condition { has: Some(has), .. } => format!("with {}", condition_name(has).unwrap_or(has)),
            Self::Condition { lacks, .. } => {
                let lacks = lacks.as_deref().unwrap_or_default();
                format!("without {}", condition_name(lacks).unwrap_or(lacks))
            }
            Self::Duration { phase } => phase.clone(),
        }
    }

    /// Every substance or class that it names.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::Substance { is, .. } => is.iter().map(String::as_str).collect(),
            Self::Pair { one, other } => one.iter().chain(other).map(String::as_str).collect(),
            Self::Dose { substance, .. } | Self::Route { substance, .. } => vec![substance],
            Self::Age { .. } | Self::Condition { .. } | Self::Duration { .. } => Vec::new(),
        }
    }

    /// What is wrong with its words: a dose that is none, a condition that is not known, a list that is empty.
    pub fn fault(&self) -> Option<Words> {
        let empty = |list: &Vec<String>| list.is_empty();
        match self {
            Self::Substance { is, .. } if empty(is) => Some(wording::medicine::names_no_substance()),
            Self::Pair { one, other } if empty(one) || empty(other) => Some(wording::medicine::names_no_substance()),
            Self::Route { is, .. } if is.is_empty() => Some(wording::medicine::names_no_route()),
            Self::Dose { single, daily, daily_above, weekly_above, .. } => {
                let doses = [single, daily, daily_above, weekly_above];
                let wrong = |dose: &&Option<String>| dose.as_deref().is_some_and(|text| milligrams(text).is_none());
                match doses.iter().all(|dose| dose.is_none()) || doses.iter().any(wrong) {
                    true => Some(wording::medicine::names_no_dose()),
                    false => None,
                }
            }
            Self::Condition { has: None, lacks: None } => Some(wording::medicine::names_no_condition()),
            Self::Condition { has, lacks } => {
                let unknown = |id: &String| condition_name(id).is_none();
                has.iter().chain(lacks).any(unknown).then_some(wording::medicine::names_unknown_condition())
            }
            _ => None,
        }
    }
}

fn met(holds: bool) -> Verdict {
    if holds { Verdict::Met } else { Verdict::Unmet }
}

/// `1000 mg` or `1 g` in milligrams.
pub fn milligrams(text: &str) -> Option<Decimal> {
    let (number, unit) = text.split_once(' ')?;
    Unit::parse(unit).ok()?.convert(parse(number).ok()?, Unit::MG).ok()
}

#[derive(Clone, Copy)]
enum Of {
    Single,
    Daily,
    Weekly,
}

struct Limit<'a> {
    text: &'a Option<String>,
    of: Of,
    above: bool,
}

/// Whether one of the limits is reached; open where that cannot be told.
fn judge_dose(substance: &str, limits: &[Limit<'_>], dose: &Dose) -> Verdict {
    let mut open = false;
    for limit in limits {
        let Some(bound) = limit.text.as_deref().and_then(milligrams) else { continue };
        let reached = |amount: Decimal| if limit.above { amount > bound } else { amount >= bound };
        let known = match limit.of {
            Of::Single => dose.single,
            Of::Daily => dose.daily,
            Of::Weekly => dose.daily.map(|daily| daily * Decimal::from(7)),
        };
        let could_be = dose.strength.map(|strength| strength * Decimal::from(UNITS_AT_A_TIME));
        match (known, limit.of, could_be) {
            (Some(amount), ..) if reached(amount) => return Verdict::Met,
            (Some(_), ..) => {}
            // A small tablet is not taken by the handful: only a single dose can be told from the product.
            (None, Of::Single, Some(most)) if !reached(most) => {}
            (None, Of::Daily, Some(most)) if has_single(limits) && !single_reached(limits, most) => {}
            _ => open = true,
        }
    }
    if open { Verdict::Open(format!("the dose of {substance}")) } else { Verdict::Unmet }
}

fn has_single(limits: &[Limit<'_>]) -> bool {
    limits.iter().any(|limit| matches!(limit.of, Of::Single) && limit.text.is_some())
}

fn single_reached(limits: &[Limit<'_>], most: Decimal) -> bool {
    let singles = limits.iter().filter(|limit| matches!(limit.of, Of::Single));
    singles.filter_map(|limit| limit.text.as_deref().and_then(milligrams)).any(|bound| most >= bound)
}
