//! Element strings: identifiers and values in a row, ended by FNC1 (which scanners send as the character 29) where their
//! length is not fixed; or in brackets, as they are printed under a code for people.

use super::ai::{self, Value};
use super::gtin::{Gtin, checks};
use super::{date, is_set_82};
use crate::platform::clock::Date;

/// What ends a value of no fixed length.
const SEPARATOR: char = '\u{1d}';
/// No code holds more.
const MAX_BYTES: usize = 256;
/// The codes that hold element strings: DataMatrix, QR, GS1-128, DataBar, DotCode.
const SYMBOLOGIES: [&str; 5] = ["]d2", "]Q3", "]C1", "]e0", "]J1"];

/// What the code on a pack says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Which product.
    pub gtin: Gtin,
    /// Its last day.
    pub expires_on: Option<Date>,
    /// That only the month of its last day is given, which medicines may not do since 2025 (GSCN 21-040).
    pub month_alone: bool,
    /// Its lot.
    pub lot: Option<String>,
    /// Its own number.
    pub serial: Option<String>,
}

/// Why a code cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is empty, or longer than any code.
    Length,
    /// It is of another system.
    NotGs1,
    /// An identifier that is not known, so that nothing after it can be read.
    UnknownIdentifier(String),
    /// A value that is too short, too long, or of other characters.
    BadValue(&'static str),
    /// A check digit that is wrong.
    BadCheckDigit(&'static str),
    /// A day that there is not.
    BadDay(&'static str),
    /// The same identifier with two values.
    Twice(&'static str),
    /// It does not say which product.
    NoProduct,
    /// Identifiers that exclude each other.
    Excluded(&'static str),
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length => write!(f, "a code has 1 to {MAX_BYTES} characters"),
            Self::NotGs1 => write!(f, "this is not a GS1 code"),
            Self::UnknownIdentifier(at) => write!(f, "there is no application identifier at {at:?}"),
            Self::BadValue(ai) => write!(f, "the value of ({ai}) is not one"),
            Self::BadCheckDigit(ai) => write!(f, "the check digit of ({ai}) is wrong"),
            Self::BadDay(ai) => write!(f, "({ai}) names no day"),
            Self::Twice(ai) => write!(f, "({ai}) stands twice with different values"),
            Self::NoProduct => write!(f, "there is no (01), which says which product it is"),
            Self::Excluded(ai) => write!(f, "({ai}) cannot stand beside (01)"),
        }
    }
}

impl std::error::Error for Unreadable {}

type Element = (&'static str, String);

impl Pack {
    /// Reads the element string of a pack, as a scanner sends it or in brackets, seen from `today`, which tells the
    /// century.
    ///
    /// # Errors
    /// Why it cannot be read, or is not a pack's.
    pub fn read(text: &str, today: Date) -> Result<Self, Unreadable> {
        if text.is_empty() || text.len() > MAX_BYTES {
            return Err(Unreadable::Length);
        }
        let elements = match text.get(..3).filter(|id| id.starts_with(']')) {
            Some(id) if SYMBOLOGIES.contains(&id) => scanned(text.get(3..).unwrap_or_default())?,
            Some(_) => return Err(Unreadable::NotGs1),
            None if text.starts_with('(') && !text.contains(SEPARATOR) => bracketed(text)?,
            None if text.starts_with("[)>") || text.contains("://") => return Err(Unreadable::NotGs1),
            None => scanned(text)?,
        };
        Self::of(&elements, today)
    }

    fn of(elements: &[Element], today: Date) -> Result<Self, Unreadable> {
        for (place, (ai, value)) in elements.iter().enumerate() {
            if elements.iter().take(place).any(|(other, before)| other == ai && before != value) {
                return Err(Unreadable::Twice(ai));
            }
        }
        let find = |wanted: &str| elements.iter().find(|(ai, _)| *ai == wanted).map(|(_, value)| value.as_str());
        let gtin = find("01").and_then(|digits| Gtin::parse(digits).ok()).ok_or(Unreadable::NoProduct)?;
        for excluded in ["02", "37"] {
            if let Some((ai, _)) = elements.iter().find(|(ai, _)| *ai == excluded) {
                return Err(Unreadable::Excluded(ai));
            }
        }
        for (ai, value) in elements {
            if ai::named(ai).is_some_and(|(_, kind)| kind == Value::Day) && date::read(value, today).is_none() {
                return Err(Unreadable::BadDay(ai));
            }
        }
        let expiry = find("17").and_then(|digits| date::read(digits, today));
        Ok(Self {
            gtin,
            expires_on: expiry.map(|(day, _)| day),
            month_alone: expiry.is_some_and(|(_, whole_month)| whole_month),
            lot: find("10").map(str::to_owned),
            serial: find("21").map(str::to_owned),
        })
    }
}

/// As a scanner sends it. A separator is tolerated after a value of fixed length too, and at the end.
fn scanned(text: &str) -> Result<Vec<Element>, Unreadable> {
    let mut rest = text.strip_prefix(SEPARATOR).unwrap_or(text);
    let mut elements = Vec::new();
    if rest.is_empty() {
        return Err(Unreadable::Length);
    }
    while !rest.is_empty() {
        let unknown = || Unreadable::UnknownIdentifier(rest.chars().take(4).collect());
        let (ai, kind) = ai::at_start(rest).ok_or_else(unknown)?;
        let after = rest.get(ai.len()..).unwrap_or_default();
        let end = match ai::predefined(ai) {
            Some(length) => length,
            None => after.find(SEPARATOR).unwrap_or(after.len()),
        };
        let (value, left) = after.split_at_checked(end).ok_or(Unreadable::BadValue(ai))?;
        elements.push((ai, checked(ai, kind, value)?));
        rest = left.strip_prefix(SEPARATOR).unwrap_or(left);
    }
    Ok(elements)
}

/// As people write it. An identifier begins at every bracket that holds one and at no other.
fn bracketed(text: &str) -> Result<Vec<Element>, Unreadable> {
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let unknown = || Unreadable::UnknownIdentifier(rest.chars().take(6).collect());
        let (name, after) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(unknown)?;
        let (ai, kind) = ai::named(name).ok_or_else(unknown)?;
        let is_next = |place: &usize| {
            let inside = after.get(place + 1..).and_then(|rest| rest.split_once(')'));
            inside.is_some_and(|(name, _)| ai::named(name).is_some())
        };
        let end = after.match_indices('(').map(|(place, _)| place).find(is_next).unwrap_or(after.len());
        let (value, left) = after.split_at_checked(end).ok_or(Unreadable::BadValue(ai))?;
        elements.push((ai, checked(ai, kind, value)?));
        rest = left;
    }
    Ok(elements)
}

fn checked(ai: &'static str, kind: Value, value: &str) -> Result<String, Unreadable> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let good = match kind {
        Value::Checked(length) => digits && value.len() == length,
        Value::Day => digits && value.len() == 6,
        Value::Digits(least, most) => digits && (least..=most).contains(&value.len()),
        Value::Text(most) => (1..=most).contains(&value.len()) && is_set_82(value),
    };
    if !good {
        return Err(Unreadable::BadValue(ai));
    }
    if matches!(kind, Value::Checked(_)) && !checks(value.as_bytes()) {
        return Err(Unreadable::BadCheckDigit(ai));
    }
    // The day of a date with a time may not be left open.
    if ai == "7003" && value.get(4..6) == Some("00") {
        return Err(Unreadable::BadDay(ai));
    }
    Ok(value.to_owned())
}
