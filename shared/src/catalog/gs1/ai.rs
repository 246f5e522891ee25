//! Application identifiers: which there are, how long their values are, and what may stand in them.
//!
//! From gs1/gs1-syntax-dictionary of 2026-07-27. An identifier that is not here is refused: how long its value is cannot
//! be known.

/// What the value of an identifier is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// So many digits, the last of which checks the others.
    Checked(usize),
    /// A day: `YYMMDD`, where day 00 means the whole month.
    Day,
    /// Digits: at least, at most.
    Digits(usize, usize),
    /// Characters of set 82: at most so many.
    Text(usize),
}

/// The identifiers that may stand on the packs of medicines.
const KNOWN: &[(&str, Value)] = &[
    ("00", Value::Checked(18)),
    ("01", Value::Checked(14)),
    ("02", Value::Checked(14)),
    ("10", Value::Text(20)),
    ("11", Value::Day),
    ("12", Value::Day),
    ("13", Value::Day),
    ("15", Value::Day),
    ("16", Value::Day),
    ("17", Value::Day),
    ("20", Value::Digits(2, 2)),
    ("21", Value::Text(20)),
    ("22", Value::Text(20)),
    ("30", Value::Digits(1, 8)),
    ("37", Value::Digits(1, 8)),
    ("90", Value::Text(30)),
    ("91", Value::Text(90)),
    ("92", Value::Text(90)),
    ("93", Value::Text(90)),
    ("94", Value::Text(90)),
    ("95", Value::Text(90)),
    ("96", Value::Text(90)),
    ("97", Value::Text(90)),
    ("98", Value::Text(90)),
    ("99", Value::Text(90)),
    ("235", Value::Text(28)),
    ("240", Value::Text(30)),
    ("241", Value::Text(30)),
    ("250", Value::Text(30)),
    ("400", Value::Text(30)),
    ("414", Value::Checked(13)),
    ("710", Value::Text(20)),
    ("711", Value::Text(20)),
    ("712", Value::Text(20)),
    ("713", Value::Text(20)),
    ("714", Value::Text(20)),
    ("715", Value::Text(20)),
    ("716", Value::Text(20)),
    ("717", Value::Text(20)),
    ("3100", Value::Digits(6, 6)),
    ("3101", Value::Digits(6, 6)),
    ("3102", Value::Digits(6, 6)),
    ("3103", Value::Digits(6, 6)),
    ("3104", Value::Digits(6, 6)),
    ("3105", Value::Digits(6, 6)),
    ("7003", Value::Digits(10, 10)),
    ("7004", Value::Digits(1, 4)),
];

/// The identifier that `text` begins with, and its value's kind. The longest that is known.
pub(super) fn at_start(text: &str) -> Option<(&'static str, Value)> {
    let mut found: Vec<_> = KNOWN.iter().filter(|(ai, _)| text.starts_with(ai)).collect();
    found.sort_unstable_by_key(|(ai, _)| ai.len());
    found.last().map(|(ai, value)| (*ai, *value))
}

/// The identifier of exactly this name.
pub(super) fn named(name: &str) -> Option<(&'static str, Value)> {
    KNOWN.iter().find(|(ai, _)| *ai == name).copied()
}

/// How long the value is where GS1 fixes that by the first two digits of the identifier, so that no separator follows.
pub(super) fn predefined(ai: &str) -> Option<usize> {
    match ai.get(..2)? {
        "00" => Some(18),
        "01" | "02" | "03" => Some(14),
        "04" => Some(16),
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => Some(6),
        "20" => Some(2),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(6),
        "41" => Some(13),
        _ => None,
    }
}
