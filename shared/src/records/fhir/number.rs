//! Numbers of FHIR's documents: decimals of any length, also with an exponent.

use serde_json::Value;

use crate::medicine::decimal::{Decimal, Number, plain, rounded};
use crate::records::details::Details;

/// The most digits that a number on record has.
const MOST_DIGITS: usize = 12;

/// A number as it was written. What has more digits than a record, as floating-point numbers of other systems do, is rounded to them.
pub(super) fn decimal(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    // What is no number is told as it came.
    Some(shortened(&text).unwrap_or(text))
}

fn shortened(text: &str) -> Option<String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    let value: Decimal = match text.contains(['e', 'E']) {
        true => Decimal::from_scientific(text).ok()?,
        false => text.parse().ok()?,
    };
    let whole = value.trunc().abs().to_string().len();
    let places = u32::try_from(MOST_DIGITS.saturating_sub(whole)).ok()?;
    Some(rounded(value, places).to_string())
}

/// A whole number above zero.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// What a record says, with its numbers as short as they get: `70.0` and `70` are the same value.
pub(super) fn shortest(details: &Details) -> Details {
    let short = |number: Option<Number>| number.map(|number| Number(plain(number.0)));
    let mut details = details.clone();
    match &mut details {
        Details::Labs(lab) => {
            lab.value = short(lab.value);
            if let Some(range) = &mut lab.range {
                (range.low, range.high) = (short(range.low), short(range.high));
            }
        }
        Details::Measurements(one) => {
            (one.value, one.systolic, one.diastolic) = (short(one.value), short(one.systolic), short(one.diastolic));
        }
        _ => {}
    }
    details
}
