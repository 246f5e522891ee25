//! The dose rules of the starter data, read from their table.

use std::borrow::Cow;

use super::{Basis, DoseRule, Renal, RenalAction};
use crate::medicine::contraindication::age_days;
use crate::medicine::dataset::rows;
use crate::medicine::decimal::{Decimal, parse};
use crate::medicine::kidneys::Metric;
use crate::medicine::route::Route;
use crate::medicine::severity::Severity;

pub(super) const TABLE: &str = include_str!("../data/doses.tsv");

/// The dose rules of the starter data.
pub fn starter() -> Vec<DoseRule> {
    rows::<12>(TABLE).enumerate().filter_map(|(line, row)| read(line, row)).collect()
}

fn read(line: usize, row: [&'static str; 12]) -> Option<DoseRule> {
    let [substance, route, indication, age, weight, basis, dose, hours, single, daily, renal, citation] = row;
    let (low, high) = amounts(dose)?;
    let (interval, interval_longest) = match hours.split_once("..") {
        Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
        None => (hours.parse().ok()?, hours.parse().ok()?),
    };
    let (age_from, age_before) = range(age, age_days)?;
    let (weight_from, weight_before) = range(weight, |text| parse(text.strip_suffix("kg")?).ok())?;
    let (per_kilogram, most_daily) = match daily.split_once(',') {
        Some((per_kilogram, most)) => (Some(parse(per_kilogram.strip_suffix(" mg/kg")?).ok()?), most),
        None => match daily.strip_suffix(" mg/kg") {
            Some(per_kilogram) => (Some(parse(per_kilogram).ok()?), "1000000 mg"),
            None => (None, daily),
        },
    };
    Some(DoseRule {
        id: Cow::Owned(format!("rul_dose_{}", line + 1)),
        substance: Cow::Borrowed(substance),
        route: Route::parse(route)?,
        indication: Cow::Borrowed(indication),
        age_from,
        age_before,
        weight_from,
        weight_before,
        basis: match basis {
            "fixed" => Basis::Fixed,
            "per_kg" => Basis::PerKilogram,
            "per_m2" => Basis::PerSquareMetre,
            _ => return None,
        },
        low,
        high,
        interval,
        interval_longest,
        most_single: amounts(single)?.0,
        most_daily_per_kilogram: per_kilogram,
        most_daily: amounts(most_daily)?.0,
        renal: renals(renal)?,
        citation: Cow::Borrowed(citation),
    })
}

/// `500..1000 mg` or `500 mg`.
fn amounts(text: &str) -> Option<(Decimal, Decimal)> {
    let numbers = text.strip_suffix(" mg")?;
    match numbers.split_once("..") {
        Some((low, high)) => Some((parse(low).ok()?, parse(high).ok()?)),
        None => parse(numbers).ok().map(|amount| (amount, amount)),
    }
}

/// `12y-`, `3mo-12y` or `-`.
fn range<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<(Option<T>, Option<T>)> {
    let (from, before) = text.split_once('-')?;
    let bound = |text: &str| if text.is_empty() { Some(None) } else { read(text).map(Some) };
    Some((bound(from)?, bound(before)?))
}

/// `crcl<30:dose 250..500 mg every 12;egfr<30:contraindicated`, or `-`.
fn renals(text: &str) -> Option<Vec<Renal>> {
    if text == "-" {
        return Some(Vec::new());
    }
    text.split(';').map(renal_entry).collect()
}

fn renal_entry(text: &str) -> Option<Renal> {
    let (limit, action) = text.split_once(':')?;
    let (metric, below) = limit.split_once('<')?;
    let action = match action {
        "contraindicated" => RenalAction::Refuse(Severity::Contraindicated),
        "not_recommended" => RenalAction::Refuse(Severity::NotRecommended),
        "not_recommended if starting" => RenalAction::RefuseStart,
        "assess" => RenalAction::Assess,
        "monitor" => RenalAction::Monitor,
        other => {
            let (dose, every) = other.strip_prefix("dose ")?.split_once(" every ")?;
            let (every, most) = every.split_once(" max ").map_or((every, None), |(every, most)| (every, Some(most)));
            let (low, high) = amounts(dose)?;
            let most_daily = match most {
                Some(most) => Some(amounts(most)?.0),
                None => None,
            };
            RenalAction::Replace { low, high, every: every.parse().ok()?, most_daily }
        }
    };
    Some(Renal { metric: Metric::parse(metric)?, below: parse(below).ok()?, action })
}
