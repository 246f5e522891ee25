//! Directions as prescribers write them, read where every word of them is understood: `Take 1 tablet by mouth twice daily`,
//! `1-0-1 for 7 days`, `2 capsules every 4 to 6 hours as needed`. What has one word more than that is not read at all.

use super::decimal::{Decimal, parse};

/// What an amount is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Tablets, capsules, sachets.
    Units,
    /// Milligrams of the substance.
    Milligrams,
    /// Millilitres.
    Millilitres,
}

/// From the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub low: Decimal,
    /// The most.
    pub high: Decimal,
}

/// What directions say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directions {
    /// How much at a time.
    pub amount: Range,
    /// Counted in what.
    pub measure: Measure,
    /// How often a day; one seventh is once a week.
    pub a_day: Range,
    /// Whether it is taken when needed alone, so that it may last longer.
    pub as_needed: bool,
    /// For how many days.
    pub days: Option<u32>,
}

/// Words that change nothing of how much and how often.
const FILLERS: &[&str] = &[
    "after",
    "and",
    "before",
    "breakfast",
    "by",
    "dinner",
    "food",
    "give",
    "glass",
    "lunch",
    "meal",
    "meals",
    "mouth",
    "of",
    "oral",
    "orally",
    "po",
    "swallow",
    "take",
    "water",
    "whole",
    "with",
];

const NUMBERS: &[(&str, &str)] = &[
    ("a", "1"),
    ("an", "1"),
    ("half", "0.5"),
    ("½", "0.5"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
];

/// How often a day some words are.
const A_DAY: &[(&[&str], u32)] = &[
    (&["four", "times", "daily"], 4),
    (&["three", "times", "daily"], 3),
    (&["thrice", "daily"], 3),
    (&["two", "times", "daily"], 2),
    (&["twice", "daily"], 2),
    (&["once", "daily"], 1),
    (&["one", "time", "daily"], 1),
    (&["every", "day"], 1),
    (&["each", "day"], 1),
    (&["daily"], 1),
    (&["qid"], 4),
    (&["qds"], 4),
    (&["tid"], 3),
    (&["tds"], 3),
    (&["bid"], 2),
    (&["bd"], 2),
    (&["od"], 1),
    (&["qd"], 1),
];

/// When on a day; each is once, where nothing says how often.
const WHEN: &[&[&str]] = &[
    &["in", "the", "morning"],
    &["in", "the", "evening"],
    &["in", "the", "afternoon"],
    &["every", "morning"],
    &["every", "evening"],
    &["every", "night"],
    &["each", "morning"],
    &["each", "evening"],
    &["each", "night"],
    &["at", "bedtime"],
    &["at", "night"],
    &["at", "noon"],
    &["nightly"],
];

const AS_NEEDED: &[&[&str]] = &[
    &["as", "needed"],
    &["when", "needed"],
    &["if", "needed"],
    &["as", "required"],
    &["when", "required"],
    &["if", "required"],
    &["prn"],
];

/// Reads directions; nothing where a word is not understood, or it is not said how much and how often.
pub fn read(text: &str) -> Option<Directions> {
    let words = words(text);
    let mut rest: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = Found::default();
    while !rest.is_empty() {
        let taken = found.take(&rest)?;
        rest.drain(..taken.max(1));
    }
    found.directions()
}

/// The words in lower case; `1-2` is `1 to 2`, and what other words say the same is said with one.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['–', '—'], "-");
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches([',', ';', '.', '(', ')']);
        match word.split('-').collect::<Vec<_>>().as_slice() {
            [""] => {}
            [one, other] if parse(one).is_ok() && parse(other).is_ok() => {
                words.extend([*one, "to", *other].map(str::to_owned));
            }
            _ => words.push(word.to_owned()),
        }
    }
    // `a day`, `per day` and `daily` are one, and so it is with weeks.
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let of = joined.last().is_some_and(|last| matches!(last.as_str(), "a" | "per"));
        match word.as_str() {
            "day" if of => {
                joined.pop();
                joined.push("daily".to_owned());
            }
            "week" if of => {
                joined.pop();
                joined.push("weekly".to_owned());
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn number(word: &str) -> Option<Decimal> {
    let spelled = NUMBERS.iter().find(|(name, _)| *name == word).map_or(word, |(_, digits)| *digits);
    parse(spelled).ok().filter(|number| *number > Decimal::ZERO)
}

/// `2` or `1 to 2`, and how many words that is.
fn range(words: &[&str]) -> Option<(Range, usize)> {
    let low = number(words.first()?)?;
    match words.get(1..3) {
        Some([between, high]) if matches!(*between, "to" | "or") => {
            let high = number(high).filter(|high| *high >= low)?;
            Some((Range { low, high }, 3))
        }
        _ => Some((Range { low, high: low }, 1)),
    }
}

fn whole(number: u32) -> Range {
    let number = Decimal::from(number);
    Range { low: number, high: number }
}

#[derive(Default)]
struct Found {
    amount: Option<(Range, Measure)>,
    a_day: Option<Range>,
    /// How many times of the day were named.
    times: u32,
    as_needed: bool,
    days: Option<u32>,
}

impl Found {
    /// Takes what the first words say: how many they are; nothing where they are not understood, or say something twice.
    fn take(&mut self, words: &[&str]) -> Option<usize> {
        let first = *words.first()?;
        if let Some(phrase) = AS_NEEDED.iter().find(|phrase| words.starts_with(phrase)) {
            self.as_needed = true;
            return Some(phrase.len());
        }
        if let Some(phrase) = WHEN.iter().find(|phrase| words.starts_with(phrase)) {
            self.times += 1;
            return Some(phrase.len());
        }
        if let Some((often, taken)) = often(words) {
            return self.a_day.replace(often).is_none().then_some(taken);
        }
        if first == "for" {
            let (number, unit) = (words.get(1)?.parse::<u32>().ok()?, *words.get(2)?);
            let days = match unit {
                "day" | "days" => number,
                "week" | "weeks" => number.checked_mul(7)?,
                _ => return None,
            };
            return self.days.replace(days).is_none().then_some(3);
        }
        if let Some((amount, times)) = through_the_day(first) {
            let new = self.amount.is_none() && self.a_day.is_none();
            self.amount = Some((amount, Measure::Units));
            self.a_day = Some(times);
            return new.then_some(1);
        }
        if let Some((amount, taken)) = amount(words) {
            return self.amount.replace(amount).is_none().then_some(taken);
        }
        FILLERS.contains(&first).then_some(1)
    }

    fn directions(self) -> Option<Directions> {
        let (amount, measure) = self.amount?;
        // `once daily at bedtime` is once; `in the morning and at bedtime` is twice.
        let a_day = self.a_day.or((self.times > 0).then(|| whole(self.times)))?;
        Some(Directions { amount, measure, a_day, as_needed: self.as_needed, days: self.days.filter(|days| *days > 0) })
    }
}

/// `1-0-1`, or `½-0-½-0`: how much in the morning, at noon, in the evening, at night.
fn through_the_day(word: &str) -> Option<(Range, Range)> {
    let parts: Vec<&str> = word.split('-').collect();
    if !(3..=4).contains(&parts.len()) {
        return None;
    }
    let amounts = parts.iter().map(|part| number(part).or((*part == "0").then_some(Decimal::ZERO)));
    let taken: Vec<Decimal> = amounts.collect::<Option<Vec<_>>>()?.into_iter().filter(|one| !one.is_zero()).collect();
    let (first, times) = (*taken.first()?, u32::try_from(taken.len()).ok()?);
    // Of different amounts it is not said how much at a time.
    taken.iter().all(|one| *one == first).then(|| (Range { low: first, high: first }, whole(times)))
}

fn often(words: &[&str]) -> Option<(Range, usize)> {
    if let Some((phrase, times)) = A_DAY.iter().find(|(phrase, _)| words.starts_with(phrase)) {
        return Some((whole(*times), phrase.len()));
    }
    let seventh = |times: u32| {
        let times = Decimal::from(times) / Decimal::from(7);
        Range { low: times, high: times }
    };
    let half = Decimal::new(5, 1);
    match words {
        ["once", "weekly", ..] => Some((seventh(1), 2)),
        ["twice", "weekly", ..] => Some((seventh(2), 2)),
        ["weekly", ..] => Some((seventh(1), 1)),
        ["once", "every", "week", ..] => Some((seventh(1), 3)),
        ["every" | "each", "week", ..] => Some((seventh(1), 2)),
        ["every", "other", "day", ..] => Some((Range { low: half, high: half }, 3)),
        ["on", "alternate", "days", ..] => Some((Range { low: half, high: half }, 3)),
        ["every", rest @ ..] => {
            let (hours, taken) = range(rest)?;
            let unit = rest.get(taken)?;
            if matches!(*unit, "hour" | "hours" | "hrs" | "h") { Some((by_hours(hours)?, taken + 2)) } else { None }
        }
        [times, "times", "daily", ..] => Some((whole(times.parse().ok().filter(|times| *times > 0)?), 3)),
        [word, ..] => {
            let hours = word.strip_prefix('q')?.strip_suffix('h')?;
            let hours = parse(hours).ok().filter(|hours| *hours > Decimal::ZERO)?;
            Some((by_hours(Range { low: hours, high: hours })?, 1))
        }
        [] => None,
    }
}

fn by_hours(hours: Range) -> Option<Range> {
    let day = Decimal::from(24);
    Some(Range { low: day.checked_div(hours.high)?, high: day.checked_div(hours.low)? })
}

fn amount(words: &[&str]) -> Option<((Range, Measure), usize)> {
    let joined = words.first().and_then(|word| {
        let split = word.find(|letter: char| letter.is_ascii_alphabetic())?;
        let (digits, unit) = word.split_at(split);
        let number = parse(digits).ok().filter(|number| *number > Decimal::ZERO)?;
        Some((Range { low: number, high: number }, unit, 1))
    });
    let (range, unit, taken) = match joined {
        Some(joined) => joined,
        None => {
            let (range, taken) = range(words)?;
            // `half a tablet`.
            let taken = if words.get(taken) == Some(&"a") { taken + 1 } else { taken };
            (range, *words.get(taken)?, taken + 1)
        }
    };
    let times =
        |factor: Decimal| Some(Range { low: range.low.checked_mul(factor)?, high: range.high.checked_mul(factor)? });
    let (range, measure) = match unit {
        "tablet" | "tablets" | "tab" | "tabs" | "capsule" | "capsules" | "cap" | "caps" | "pill" | "pills"
        | "sachet" | "sachets" => (range, Measure::Units),
        "mg" => (range, Measure::Milligrams),
        "g" => (times(Decimal::ONE_THOUSAND)?, Measure::Milligrams),
        "mcg" | "ug" | "µg" => (times(Decimal::new(1, 3))?, Measure::Milligrams),
        "ml" => (range, Measure::Millilitres),
        _ => return None,
    };
    Some(((range, measure), taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<(String, Measure, String, bool, Option<u32>)> {
        let span = |range: Range| {
            let (low, high) = (range.low.round_dp(2).normalize(), range.high.round_dp(2).normalize());
            if low == high { low.to_string() } else { format!("{low}..{high}") }
        };
        read(text).map(|read| (span(read.amount), read.measure, span(read.a_day), read.as_needed, read.days))
    }

    #[test]
    fn directions_are_read() {
        use Measure::{Milligrams, Millilitres, Units};
        for (text, amount, measure, a_day, as_needed, days) in [
            ("Take 1 tablet by mouth twice daily.", "1", Units, "2", false, None),
            ("1 tablet three times a day for 7 days", "1", Units, "3", false, Some(7)),
            ("one capsule daily", "1", Units, "1", false, None),
            ("Take 2 capsules every 6 hours", "2", Units, "4", false, None),
            ("1-2 tablets every 4-6 hours as needed", "1..2", Units, "4..6", true, None),
            ("1 or 2 tablets q8h prn", "1..2", Units, "3", true, None),
            ("500 mg bid with food", "500", Milligrams, "2", false, None),
            ("500mg tds", "500", Milligrams, "3", false, None),
            ("1 g once daily", "1000", Milligrams, "1", false, None),
            ("5 mL four times daily after meals", "5", Millilitres, "4", false, None),
            ("half a tablet in the morning and at bedtime", "0.5", Units, "2", false, None),
            ("1 tablet once daily at bedtime", "1", Units, "1", false, None),
            ("1 tablet at night", "1", Units, "1", false, None),
            ("1 tablet once weekly", "1", Units, "0.14", false, None),
            ("1 tablet every other day", "1", Units, "0.5", false, None),
            ("1-0-1", "1", Units, "2", false, None),
            ("1-1-1-1 for 2 weeks", "1", Units, "4", false, Some(14)),
            ("0.5 tablet per day", "0.5", Units, "1", false, None),
        ] {
            assert_eq!(said(text), Some((amount.to_owned(), measure, a_day.to_owned(), as_needed, days)), "{text}");
        }
    }

    #[test]
    fn what_is_not_wholly_understood_is_not_read() {
        for text in [
            "",
            "as directed",
            "1 tablet",
            "twice daily",
            "1 tablet twice daily, at most 8 a day",
            "1 tablet daily except on Sundays",
            "take 1 tablet daily, then 2 tablets daily",
            "increase by 1 tablet every week",
            "1 tablet twice daily not with milk",
            "1-0-2",
            "2 puffs twice daily",
            "1 drop in each eye daily",
            "every 0 hours 1 tablet",
            "1 tablet daily daily",
            "apply daily",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
