//! The medicines that a text names: by the vocabulary of medicine, brands and other spellings included.

use std::collections::BTreeSet;

use super::glossary;
use super::words::is_stop;
use crate::medicine::dataset::{Side, Vocabulary};
use crate::medicine::interaction::{Item, Part};
use crate::medicine::item::Named;
use crate::platform::text;

/// The longest name, in words.
const LONGEST: usize = 3;

/// Words of everyday life that are also brands or substances; nobody means those.
const EVERYDAY: &[&str] = &[
    "acid",
    "active",
    "adult",
    "advance",
    "air",
    "allergy",
    "anti",
    "aspire",
    "baby",
    "balance",
    "blood",
    "body",
    "burn",
    "calm",
    "care",
    "child",
    "children",
    "clear",
    "cold",
    "control",
    "cough",
    "daily",
    "day",
    "days",
    "defense",
    "doctor",
    "dose",
    "drops",
    "ease",
    "effect",
    "emergency",
    "energy",
    "ever",
    "eye",
    "eyes",
    "fast",
    "fever",
    "fiber",
    "first",
    "flu",
    "focus",
    "food",
    "gas",
    "gel",
    "green",
    "hair",
    "head",
    "headache",
    "health",
    "heart",
    "heat",
    "high",
    "hot",
    "ice",
    "kids",
    "life",
    "light",
    "low",
    "max",
    "mental",
    "milk",
    "mother",
    "mouth",
    "muscle",
    "nature",
    "next",
    "night",
    "nose",
    "oral",
    "pain",
    "patch",
    "plus",
    "pressure",
    "prevent",
    "pure",
    "rapid",
    "relief",
    "rest",
    "safe",
    "salt",
    "salts",
    "simple",
    "sinus",
    "skin",
    "sleep",
    "smoke",
    "sore",
    "spray",
    "stomach",
    "stop",
    "stress",
    "sugar",
    "sun",
    "sure",
    "throat",
    "time",
    "tooth",
    "total",
    "tube",
    "ultra",
    "vaccine",
    "virus",
    "water",
    "week",
    "wound",
    "zone",
];

/// The names in a text and what each stands for, in the order in which they stand; the longest names first.
fn names(text: &str) -> Vec<(String, Vec<Side>)> {
    let mut words = Vec::new();
    for word in text::words(text) {
        match glossary::english(&word).first() {
            Some(meaning) => words.extend(meaning.split(' ').map(str::to_owned)),
            None => words.push(word),
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=LONGEST).rev().find_map(|length| {
            let window = words.get(at..at.saturating_add(length))?;
            let name = window.join(" ");
            let plain = length == 1 && !is_name(&name);
            let sides = if plain { Vec::new() } else { Vocabulary::get().find(&name) };
            (!sides.is_empty()).then_some((length, name, sides))
        });
        match hit {
            Some((length, name, sides)) => {
                found.push((name, sides));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a word may be a name by itself.
fn is_name(word: &str) -> bool {
    word.len() > 2
        && !is_stop(word)
        && EVERYDAY.binary_search(&word).is_err()
        && !word.bytes().all(|b| b.is_ascii_digit())
}

/// The medicines that a text names, each once, as a check takes them.
pub(super) fn medicines(text: &str) -> Vec<Named> {
    let mut seen: BTreeSet<Vec<Side>> = BTreeSet::new();
    let mut medicines = Vec::new();
    for (label, sides) in names(text) {
        if seen.insert(sides.clone()) {
            let parts = sides.into_iter().map(|substance| Part { substance, ..Part::default() }).collect();
            medicines.push(Named { item: Item { label, parts, ended_days_ago: None }, unmapped: Vec::new() });
        }
    }
    medicines
}

/// The names of the substances that a text names.
pub(super) fn substances(text: &str) -> Vec<&'static str> {
    let mut labels: Vec<_> =
        names(text).into_iter().flat_map(|(_, sides)| sides).map(|side| Vocabulary::get().label(side)).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<String> {
        medicines(text).into_iter().map(|named| named.item.label).collect()
    }

    #[test]
    fn the_words_of_everyday_life_are_in_order() {
        assert!(EVERYDAY.is_sorted());
    }

    #[test]
    fn names_brands_and_other_scripts_are_found() {
        assert_eq!(labels("Can I take ibuprofen with warfarin sodium?"), ["ibuprofen", "warfarin sodium"]);
        assert_eq!(substances("Is Coumadin safe with Tylenol?"), ["paracetamol", "warfarin"]);
        assert_eq!(substances("के वार्फरिनसँग आइबुप्रोफेन खान मिल्छ?"), ["ibuprofen", "warfarin"]);
        assert_eq!(substances("ওয়ারফারিনের সাথে আইবুপ্রোফেন খাওয়া যাবে?"), ["ibuprofen", "warfarin"]);
        assert!(labels("I have a cold and my head hurts").is_empty());
    }
}
