//! Whom a prescription is for and who wrote it: what stands beside the words that say so.

use super::page::Line;
use super::suggestion::Read;
use super::tokens::{Sort, parted, tokens};

/// What stands before a patient's name, in small letters without blanks; the longest first.
const PATIENT: [&str; 8] =
    ["nameofpatient", "patientname", "patient'sname", "ptname", "pt.name", "patient", "name", "pt"];
/// What ends a name.
const AFTER_NAME: [&str; 12] =
    ["age", "sex", "gender", "date", "wt", "weight", "dob", "address", "mbbs", "md", "fcps", "phone"];
/// What stands before who wrote it.
const PRESCRIBER: [&str; 5] = ["prescribedby", "prescriber", "physician", "doctor", "dr"];
/// What stands before a number in a register.
const REGISTER: [&str; 9] = ["reg", "regd", "regno", "regdno", "registration", "nmc", "bmdc", "license", "licence"];

/// The patient's name.
pub(super) fn patient(lines: &[&Line]) -> Option<Read<String>> {
    let at =
        |label: &str| lines.iter().enumerate().find_map(|(n, line)| Some((n, *line, after_label(&line.text, label)?)));
    let (place, line, rest) = PATIENT.iter().find_map(|label| at(label))?;
    match name(rest) {
        Some(name) => Some(Read::on(line, name)),
        // The name stands beside its label, or below it.
        None => lines.get(place + 1).and_then(|next| Some(Read::on(next, name(&next.text)?))),
    }
}

/// Who wrote it. Where two are named, nobody can say which.
pub(super) fn prescriber(lines: &[&Line]) -> Option<Read<String>> {
    let named = |line: &&Line| {
        PRESCRIBER.iter().find_map(|label| {
            let rest = after_label(&line.text, label)?;
            let name = name(rest.trim_start_matches(|c: char| !c.is_alphabetic()))?;
            let name = name.strip_prefix("Dr. ").or_else(|| name.strip_prefix("Dr ")).unwrap_or(&name).to_owned();
            Some(Read::on(line, format!("Dr. {name}")))
        })
    };
    let found: Vec<_> = lines.iter().filter_map(named).collect();
    let first = found.first()?.clone();
    let key = |read: &Read<String>| letters(&read.value);
    found.iter().all(|other| key(other) == key(&first)).then_some(first)
}

/// The number in a register: the digits after what says so.
pub(super) fn registration(lines: &[&Line]) -> Option<Read<String>> {
    lines.iter().find_map(|line| {
        let tokens = tokens(&line.text);
        // The register and the word after it may have been read as one: `BMDCReg`.
        let says_so = |text: String| REGISTER.iter().any(|word| text.ends_with(word));
        let label = tokens.iter().position(|token| token.sort == Sort::Word && says_so(token.text.to_lowercase()))?;
        let number = tokens.iter().skip(label).find(|token| token.sort == Sort::Number)?;
        let digits = number.text.len() >= 3 && number.text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| Read::on(line, number.text.to_owned()))
    })
}

/// The letters and digits of a text, small.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What stands after a label at the beginning of a line, whatever blanks the line has; nothing where the label goes on as
/// another word.
fn after_label<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let mut wanted = label.chars().peekable();
    let mut letters = line.char_indices();
    while let Some(next) = wanted.peek() {
        let (_, c) = letters.find(|(_, c)| !c.is_whitespace())?;
        if c.to_lowercase().next() != Some(*next) {
            return None;
        }
        wanted.next();
    }
    let rest = letters.as_str();
    // Without a blank or a sign only a large letter begins something else.
    (!rest.starts_with(|c: char| c.is_lowercase())).then(|| rest.trim_start_matches([':', '：', '.', '-', ' ', '\t']))
}

/// A name at the beginning of a text.
fn name(text: &str) -> Option<String> {
    let text = parted(text);
    let mut words = Vec::new();
    for word in text.split(' ') {
        let (bare, ends) = match word.split_once([',', '，', ':', '：', ';', '(', '/']) {
            Some((bare, _)) => (bare, true),
            None => (word, false),
        };
        let plain = letters(bare);
        if AFTER_NAME.contains(&plain.as_str()) || bare.chars().any(char::is_numeric) {
            break;
        }
        if !plain.is_empty() {
            words.push(bare);
        }
        if ends {
            break;
        }
    }
    let name = words.join(" ");
    let long = (3..=60).contains(&name.chars().count());
    (long && (1..=5).contains(&words.len())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::page::Place;
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        let line = |text: &&str| Line { text: (*text).to_owned(), confidence: 90, place: Place::default(), slope: 0 };
        texts.iter().map(line).collect()
    }

    fn of(read: fn(&[&Line]) -> Option<Read<String>>, texts: &[&str]) -> Option<String> {
        let lines = lines(texts);
        read(&lines.iter().collect::<Vec<_>>()).map(|read| read.value)
    }

    #[test]
    fn a_patient_is_named_beside_a_label() {
        for texts in [
            &["Name: Anna Azad Age: 30"][..],
            &["PatientName:AnnaAzad"],
            &["Name of patient: Anna Azad, 30 y"],
            &["Patient:", "Anna Azad"],
            &["City Clinic", "Pt. Name Anna Azad"],
        ] {
            assert_eq!(of(patient, texts).as_deref(), Some("Anna Azad"), "{texts:?}");
        }
        for texts in [&["City Clinic"][..], &["Patients are seen from 9"], &["Name: 42"], &[]] {
            assert_eq!(of(patient, texts), None, "{texts:?}");
        }
    }

    #[test]
    fn who_wrote_it_is_named_once_or_always_the_same() {
        assert_eq!(of(prescriber, &["Dr.FarhanaBose,MBBS"]).as_deref(), Some("Dr. Farhana Bose"));
        assert_eq!(of(prescriber, &["Dr.Farhana Bose，MBBS", "Dr.FarhanaBose"]).as_deref(), Some("Dr. Farhana Bose"));
        assert_eq!(of(prescriber, &["Dr. Farhana Bose, MBBS", "Dr Farhana Bose"]).as_deref(), Some("Dr. Farhana Bose"));
        assert_eq!(of(prescriber, &["Prescriber: Dr. Farhana Bose"]).as_deref(), Some("Dr. Farhana Bose"));
        assert_eq!(of(prescriber, &["Dr. Farhana Bose", "Dr. Suresh Karki"]), None);
        assert_eq!(of(prescriber, &["Drink water"]), None);
    }

    #[test]
    fn a_register_number_is_what_stands_after_its_register() {
        for text in ["NMC Reg. No. 12345", "BMDCReg.No.12345", "Regd. No: 12345", "Reg No 12345"] {
            assert_eq!(of(registration, &[text]).as_deref(), Some("12345"), "{text}");
        }
        assert_eq!(of(registration, &["Tel. 01-555 0100", "Reg No."]), None);
    }
}
