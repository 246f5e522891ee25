//! The medicines on a prescription: lines that name one the catalogue has, and what stands beside and below them.

use super::known::Known;
use super::page::Line;
use super::suggestion::{Candidate, MedicineRead, kept};
use super::tokens::{Sort, Token, tokens};

/// The most medicines of one prescription that are suggested.
const MOST: usize = 20;
/// What a form is written as, and its word.
const FORMS: [(&[&str], &str); 12] = [
    (&["tab", "tabs", "tablet", "tablets"], "tablet"),
    (&["cap", "caps", "capsule", "capsules"], "capsule"),
    (&["syr", "syp", "syrup"], "syrup"),
    (&["susp", "suspension"], "suspension"),
    (&["inj", "injection"], "injection"),
    (&["cream"], "cream"),
    (&["oint", "ointment"], "ointment"),
    (&["drop", "drops"], "drops"),
    (&["gel"], "gel"),
    (&["inhaler", "inh"], "inhaler"),
    (&["spray"], "spray"),
    (&["patch", "patches"], "patch"),
];
/// Units that make a strength of a number.
const UNITS: [&str; 4] = ["mg", "mcg", "g", "ml"];
/// Words of lines that are about something else.
const ELSEWHERE: [&str; 12] =
    ["dr", "name", "patient", "age", "sex", "date", "tel", "reg", "regd", "clinic", "hospital", "signature"];

/// All that are named.
pub(super) fn read(lines: &[&Line], known: &Known) -> Vec<MedicineRead> {
    let starts: Vec<_> =
        lines.iter().enumerate().filter_map(|(n, line)| Some((n, named(line, known)?))).take(MOST).collect();
    let ends = starts.iter().skip(1).map(|(n, _)| *n).chain([lines.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((n, found), end)| whole(found, lines.get(n + 1..end).unwrap_or_default(), known))
        .collect()
}

/// A line that names a medicine.
struct Named<'a> {
    line: &'a Line,
    candidates: Vec<Candidate>,
    strength: Option<String>,
    form: Option<&'static str>,
    /// What stands after name and strength.
    rest: &'a str,
}

fn named<'a>(line: &'a Line, known: &Known) -> Option<Named<'a>> {
    let tokens = tokens(&line.text);
    if tokens.iter().any(|token| token.is(&ELSEWHERE)) {
        return None;
    }
    let form = tokens.iter().find_map(form_of);
    let strength = tokens.iter().enumerate().find_map(|(n, token)| strength(tokens.get(n..)?, token, &line.text));
    // The name is one to three words; the longer the better, and what is nearest to it.
    let words: Vec<_> = tokens.iter().filter(|token| token.sort == Sort::Word && form_of(token).is_none()).collect();
    let mut best: Option<(usize, usize, Vec<Candidate>)> = None;
    for (start, first) in words.iter().enumerate() {
        for last in words.iter().skip(start).take(3) {
            let name = line.text.get(first.start..last.end())?;
            let found = known.candidates(name);
            let Some((far, _)) = found.first() else { continue };
            if best.as_ref().is_none_or(|(nearest, ..)| far < nearest) {
                best = Some((*far, last.end(), found.into_iter().map(|(_, candidate)| candidate).collect()));
            }
        }
    }
    let (far, end, candidates) = best?;
    // A word that only looks like a medicine is one where something else says so too.
    if far > 1 && form.is_none() && strength.is_none() {
        return None;
    }
    let after = strength.as_ref().map_or(end, |(_, after)| end.max(*after));
    let first = candidates.first()?.ingredient.clone();
    let strength = strength.and_then(|(text, _)| repaired(&text).find_map(|text| known.strength(&first, &text)));
    Some(Named { line, candidates, strength, form, rest: line.text.get(after..).unwrap_or_default() })
}

fn form_of(token: &Token<'_>) -> Option<&'static str> {
    FORMS.iter().find(|(words, _)| token.is(words)).map(|(_, form)| *form)
}

/// A number with its unit at the beginning of these tokens, and where they end. Letters that a reader sees in the place of
/// digits are taken along: whether they make a strength is asked of the catalogue.
fn strength(tokens: &[Token<'_>], first: &Token<'_>, line: &str) -> Option<(String, usize)> {
    if first.sort != Sort::Number {
        return None;
    }
    let last = tokens.iter().take(4).position(|token| token.is(&UNITS) || glued(token))?;
    let (number, rest) = tokens.split_at_checked(last)?;
    let of_number = |token: &Token<'_>| token.sort == Sort::Number || token.text.chars().all(looks_like_a_digit);
    let last = rest.first().filter(|_| number.iter().all(of_number))?;
    let text = line.get(first.start..last.end())?;
    // `/5 mL` belongs to it.
    let per: Vec<_> = tokens.iter().skip_while(|token| token.start < last.end()).take(3).collect();
    match per.as_slice() {
        [stroke, number, unit] if stroke.text == "/" && number.sort == Sort::Number && unit.is(&UNITS) => {
            Some((line.get(first.start..unit.end())?.to_owned(), unit.end()))
        }
        _ => Some((text.to_owned(), last.end())),
    }
}

/// Letters that a reader sees in the place of digits.
fn looks_like_a_digit(c: char) -> bool {
    matches!(c, 'o' | 'O' | 'l' | 'I')
}

/// `omg`, which `5omg` ends with.
fn glued(token: &Token<'_>) -> bool {
    let digits = token.text.trim_start_matches(looks_like_a_digit);
    digits.len() < token.text.len() && UNITS.iter().any(|unit| digits.eq_ignore_ascii_case(unit))
}

/// A strength as it was read, and with the letters that look like digits as digits.
fn repaired(text: &str) -> impl Iterator<Item = String> {
    let split = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, 'o' | 'O' | 'I')).map_or(0, |at| at + 1);
    let (number, unit) = text.split_at_checked(split).unwrap_or((text, ""));
    let number: String = number
        .chars()
        .map(|c| match c {
            'o' | 'O' => '0',
            'l' | 'I' => '1',
            c => c,
        })
        .collect();
    [text.to_owned(), format!("{number}{unit}")].into_iter()
}

/// The medicine of a line with what the lines below it say, up to the next one.
fn whole(named: &Named<'_>, below: &[&Line], known: &Known) -> MedicineRead {
    let Named { line, candidates, strength, form, rest } = named;
    let below = below.iter().take_while(|line| !elsewhere(line)).take(3);
    let texts: Vec<&str> = std::iter::once(*rest).chain(below.map(|line| line.text.as_str())).collect();
    let mut candidates = candidates.clone();
    for candidate in &mut candidates {
        candidate.product_id =
            strength.as_ref().and_then(|strength| known.only(&candidate.ingredient, strength, *form));
    }
    MedicineRead {
        as_read: kept(&line.text),
        confidence: line.confidence,
        place: line.place,
        candidates,
        strength: strength.clone(),
        form: form.map(str::to_owned),
        quantity: texts.iter().find_map(|text| number_after(text, &["qty", "quantity", "disp", "dispense", "#"])),
        refills: texts.iter().find_map(|text| number_after(text, &["refill", "refills", "repeat", "repeats"])),
        directions: texts.iter().find_map(|text| directions(text)),
    }
}

fn elsewhere(line: &Line) -> bool {
    tokens(&line.text).iter().any(|token| token.is(&ELSEWHERE))
}

/// A number that stands after one of these.
fn number_after(text: &str, labels: &[&str]) -> Option<String> {
    let tokens = tokens(text);
    let label = tokens.iter().position(|token| token.is(labels))?;
    let number = tokens.iter().skip(label + 1).find(|token| token.sort != Sort::Sign && !token.is(&["x", "no"]))?;
    let plain = number.sort == Sort::Number && number.text.len() <= 4;
    plain.then(|| number.text.to_owned())
}

/// What says how often: a pattern of the day, or words.
fn directions(text: &str) -> Option<String> {
    const OFTEN: [&str; 22] = [
        "od", "bd", "bid", "tds", "tid", "qid", "qds", "hs", "sos", "prn", "stat", "daily", "once", "twice", "thrice",
        "times", "hourly", "bedtime", "morning", "night", "food", "needed",
    ];
    let tokens = tokens(text);
    let end = tokens.iter().find(|token| token.is(&["qty", "quantity", "disp", "dispense", "#", "refill", "refills"]));
    let text = text.get(..end.map_or(text.len(), |token| token.start))?.trim_matches(|c: char| !c.is_alphanumeric());
    // `BDx10days`.
    let is_often = |token: &Token<'_>| {
        token.is(&OFTEN)
            || token
                .text
                .strip_suffix(['x', 'X'])
                .is_some_and(|word| OFTEN.iter().any(|often| often.eq_ignore_ascii_case(word)))
    };
    let often = self::tokens(text).iter().any(is_often) || pattern(text) || glued_often(text, &OFTEN);
    (often && !text.is_empty()).then(|| kept(text))
}

/// Words that were read without the blanks between them.
fn glued_often(text: &str, often: &[&str]) -> bool {
    let text = text.to_lowercase();
    often.iter().filter(|word| word.len() > 4).any(|word| text.contains(word))
}

/// `1-0-1`.
fn pattern(text: &str) -> bool {
    let tokens = tokens(text);
    tokens.windows(5).any(|five| match five {
        [one, a, two, b, three] => {
            [one, two, three].iter().all(|part| part.sort == Sort::Number) && a.text == "-" && b.text == "-"
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::known::tests::known;
    use super::super::page::Place;
    use super::*;
    use crate::prescriptions::samples;

    fn of(texts: &[&str]) -> Vec<MedicineRead> {
        let line = |text: &&str| Line { text: (*text).to_owned(), confidence: 90, place: Place::default(), slope: 0 };
        let lines: Vec<_> = texts.iter().map(line).collect();
        read(&lines.iter().collect::<Vec<_>>(), &known())
    }

    #[test]
    fn a_line_says_what_how_strong_and_in_which_form() {
        let read = of(&[
            "Rx",
            "1. Cap. Amoxicillin 500 mg",
            "1-0-1 x 7 days",
            "Qty: 21",
            "2.Tab.Levothyroxine100mcg once daily #30",
        ]);
        let [first, second] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(first.candidates[0].ingredient, "amoxicillin");
        assert_eq!(first.candidates[0].product_id, Some(samples::product(1)));
        let said =
            |one: &MedicineRead| (one.strength.clone(), one.form.clone(), one.quantity.clone(), one.directions.clone());
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(said(first), (text("500 mg"), text("capsule"), text("21"), text("1-0-1 x 7 days")));
        assert_eq!(said(second), (text("0.1 mg"), text("tablet"), text("30"), text("once daily")));
    }

    #[test]
    fn a_letter_in_the_place_of_a_digit_counts_only_where_the_catalogue_has_that_strength() {
        assert_eq!(of(&["Cap Amoxicillin 5o0 mg"])[0].strength.as_deref(), Some("500 mg"));
        assert_eq!(of(&["Cap Amoxicillin 5omg"])[0].strength, None, "there is none of 50 mg");
        assert_eq!(of(&["Cap Amoxicillin 900 mg"])[0].strength, None);
        assert_eq!(of(&["Cap Amoxicillin"])[0].strength, None);
        assert_eq!(
            of(&["1.Cap.0moxicillin 500 mg"])[0].strength.as_deref(),
            Some("500 mg"),
            "a name that begins with a digit"
        );
    }

    #[test]
    fn what_is_no_medicine_is_none() {
        for text in [
            "Tab. Zorvaxine 5 mg",
            "Not valid without signature.",
            "Dr. Amoxicillin",
            "Take with food",
            "Tab 500 mg",
            "",
        ] {
            assert!(of(&[text]).is_empty(), "{text}");
        }
    }

    #[test]
    fn directions_are_read_without_their_blanks() {
        for text in ["BDx10days", "1tabtwicedailyafterfood", "0-0-1atbedtime", "once daily"] {
            assert_eq!(of(&["Tab Prednisone 5 mg", text])[0].directions.as_deref(), Some(text));
        }
        assert_eq!(of(&["Tab Prednisone 5 mg", "keep dry"])[0].directions, None);
    }

    #[test]
    fn a_bare_number_is_no_quantity_and_refills_are_text() {
        let read = of(&["Tab Prednisone 5 mg", "30", "Refills: 2"]);
        assert_eq!((read[0].quantity.clone(), read[0].refills.as_deref()), (None, Some("2")));
    }
}
