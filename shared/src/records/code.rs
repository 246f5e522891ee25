//! Codes of what is on record: ICD-10-CM, LOINC, CVX and units by UCUM. Formats alone: which codes exist is the business of
//! who publishes them.
//!
//! This material contains content from LOINC (<https://loinc.org>), which is copyright © Regenstrief Institute, Inc. and
//! the LOINC Committee, and available at no cost under the license at <https://loinc.org/license>.

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// A code of ICD-10-CM with its dot: `E11.9`. A missing dot is put in.
///
/// # Errors
/// Another form.
pub fn icd10(text: &str) -> Result<String, Invalid> {
    let plain: String = text.trim().to_uppercase().chars().filter(|c| *c != '.').collect();
    let bytes = plain.as_bytes();
    let good = (3..=7).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.get(1).is_some_and(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && text.matches('.').count() <= 1
        && (!text.contains('.') || text.trim().find('.') == Some(3));
    if !good {
        return Err(Invalid::new("invalid_code", wording::records::an_icd_code()));
    }
    let (category, rest) = plain.split_at(3);
    Ok(if rest.is_empty() { category.to_owned() } else { format!("{category}.{rest}") })
}

/// A code of LOINC: up to seven digits, a hyphen and a check digit (mod 10, as on credit cards).
///
/// # Errors
/// Another form, or a check digit that does not fit.
pub fn loinc(text: &str) -> Result<String, Invalid> {
    let invalid = || Invalid::new("invalid_code", wording::records::a_loinc_code());
    let (number, check) = text.split_once('-').ok_or_else(invalid)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=7).contains(&number.len()) || check.len() != 1 || !digits(number) || !digits(check) {
        return Err(invalid());
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    let expected = (10 - sum % 10) % 10;
    if check.parse() == Ok(expected) { Ok(text.to_owned()) } else { Err(invalid()) }
}

/// A code of CVX, the vaccines of the CDC: one to three digits.
///
/// # Errors
/// Another form.
pub fn cvx(text: &str) -> Result<String, Invalid> {
    let good = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| text.to_owned()).ok_or_else(|| Invalid::new("invalid_code", wording::records::a_cvx_code()))
}

/// The units of UCUM that laboratories and scales print. Read is a unit that means one thing; all else is refused, since a
/// value without its unit is none.
const UNITS: &[&str] = &[
    "%",
    "/[HPF]",
    "/[LPF]",
    "/min",
    "/uL",
    "1",
    "10*12/L",
    "10*3/uL",
    "10*6/uL",
    "10*9/L",
    "Cel",
    "U/L",
    "U/mL",
    "[IU]/L",
    "[IU]/mL",
    "[degF]",
    "[ft_i]",
    "[in_i]",
    "[iU]/L",
    "[iU]/mL",
    "[lb_av]",
    "[oz_av]",
    "cm",
    "d",
    "fL",
    "fmol/L",
    "g",
    "g/L",
    "g/dL",
    "g/d",
    "h",
    "k[IU]/L",
    "kPa",
    "kU/L",
    "kg",
    "kg/m2",
    "km",
    "m",
    "m[IU]/L",
    "m[IU]/mL",
    "m[iU]/L",
    "m[iU]/mL",
    "meq/L",
    "mg",
    "mg/L",
    "mg/d",
    "mg/dL",
    "mg/g",
    "mg/mmol",
    "mg/mL",
    "min",
    "mL",
    "mL/min",
    "mL/min/{1.73_m2}",
    "mm",
    "mm/h",
    "mm[Hg]",
    "mmol/L",
    "mmol/d",
    "mmol/mol",
    "mol/L",
    "mosm/kg",
    "mU/L",
    "ng/L",
    "ng/dL",
    "ng/mL",
    "nkat/L",
    "nmol/L",
    "pg",
    "pg/mL",
    "pmol/L",
    "s",
    "u[IU]/mL",
    "u[iU]/mL",
    "ug/L",
    "ug/d",
    "ug/dL",
    "ug/mL",
    "ug/mg",
    "ukat/L",
    "umol/L",
    "um",
    "{INR}",
    "{copies}/mL",
    "{ratio}",
    "{score}",
    "{titer}",
];

/// What is written in their place.
const ALIASES: &[(&str, &str)] = &[
    ("mmHg", "mm[Hg]"),
    ("degC", "Cel"),
    ("°C", "Cel"),
    ("C", "Cel"),
    ("°F", "[degF]"),
    ("degF", "[degF]"),
    ("F", "[degF]"),
    ("bpm", "/min"),
    ("beats/min", "/min"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("in", "[in_i]"),
    ("ft", "[ft_i]"),
    ("mcg/L", "ug/L"),
    ("mcg/dL", "ug/dL"),
    ("mcg/mL", "ug/mL"),
    ("µg/L", "ug/L"),
    ("μg/L", "ug/L"),
    ("µg/dL", "ug/dL"),
    ("μg/dL", "ug/dL"),
    ("µg/mL", "ug/mL"),
    ("μg/mL", "ug/mL"),
    ("µmol/L", "umol/L"),
    ("μmol/L", "umol/L"),
    ("mcmol/L", "umol/L"),
    ("umol/l", "umol/L"),
    ("mmol/l", "mmol/L"),
    ("mg/dl", "mg/dL"),
    ("g/dl", "g/dL"),
    ("g/l", "g/L"),
    ("mg/l", "mg/L"),
    ("ng/ml", "ng/mL"),
    ("pg/ml", "pg/mL"),
    ("U/l", "U/L"),
    ("IU/L", "[IU]/L"),
    ("IU/mL", "[IU]/mL"),
    ("mIU/L", "m[IU]/L"),
    ("mIU/mL", "m[IU]/mL"),
    ("uIU/mL", "u[IU]/mL"),
    ("µIU/mL", "u[IU]/mL"),
    ("mEq/L", "meq/L"),
    ("10^3/uL", "10*3/uL"),
    ("10^9/L", "10*9/L"),
    ("10^12/L", "10*12/L"),
    ("10^6/uL", "10*6/uL"),
    ("K/uL", "10*3/uL"),
    ("M/uL", "10*6/uL"),
    ("x10^9/L", "10*9/L"),
    ("INR", "{INR}"),
    ("score", "{score}"),
    ("ratio", "{ratio}"),
    ("mm/hr", "mm/h"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
    ("kg/m^2", "kg/m2"),
];

/// A unit by its UCUM code. UCUM is case sensitive, and so is this.
///
/// # Errors
/// A unit that is not known here.
pub fn unit(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let meant = ALIASES.iter().find(|(alias, _)| *alias == text).map_or(text, |(_, code)| code);
    let known = UNITS.contains(&meant);
    known.then(|| meant.to_owned()).ok_or_else(|| Invalid::new("unknown_unit", wording::records::a_unit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_diseases_get_their_dot() {
        for (text, code) in [("E11.9", "E11.9"), ("e119", "E11.9"), ("I10", "I10"), ("S72.001A", "S72.001A")] {
            assert_eq!(icd10(text).as_deref(), Ok(code));
        }
        for wrong in ["", "E1", "119", "E11.9.1", "E1.19", "E11,9", "diabetes", "E119999999"] {
            assert!(icd10(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn codes_of_observations_are_checked_by_their_digit() {
        for code in
            ["2345-7", "4548-4", "718-7", "29463-7", "8480-6", "8462-4", "85354-9", "2708-6", "60591-5", "72514-3"]
        {
            assert_eq!(loinc(code).as_deref(), Ok(code));
        }
        for wrong in ["2345-8", "2354-7", "23457", "-7", "2345-", "12345678-0", "LA-1"] {
            assert!(loinc(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn units_are_read_where_they_mean_one_thing() {
        for (text, code) in
            [("mg/dl", "mg/dL"), ("mmHg", "mm[Hg]"), ("K/uL", "10*3/uL"), ("umol/L", "umol/L"), ("°F", "[degF]")]
        {
            assert_eq!(unit(text).as_deref(), Ok(code));
        }
        for wrong in ["", "Mg/dL", "mgdl", "cc", "tablet", "MG/DL", "m[iU]"] {
            assert_eq!(unit(wrong).unwrap_err().code, "unknown_unit", "{wrong}");
        }
        assert!(ALIASES.iter().all(|(alias, code)| UNITS.contains(code) && !UNITS.contains(alias)));
    }
}
