//! Other names of substances: who asks for acetaminophen finds what is called paracetamol.
//!
//! The names are those of the substances that the medicine area knows, read from the same list.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::platform::latin;

/// `id, name, RxCUI, UNII, synonyms`, separated by tabs; the synonyms by semicolons.
const SUBSTANCES: &str = include_str!("../../medicine/data/substances.tsv");

/// Names of a substance, each as its words.
type Names = Vec<Vec<String>>;

/// The substances that have several names, and where each of those begins.
#[derive(Debug, Default)]
struct Known {
    substances: Vec<Names>,
    by_first_word: BTreeMap<String, Vec<(usize, usize)>>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    for line in SUBSTANCES.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let name = fields.nth(1).unwrap_or_default();
        let synonyms = fields.nth(2).unwrap_or_default();
        if synonyms.is_empty() {
            continue;
        }
        let names = std::iter::once(name).chain(synonyms.split(';'));
        let names: Names = names.map(latin::words).filter(|words| !words.is_empty()).collect();
        let substance = known.substances.len();
        for (place, words) in names.iter().enumerate() {
            if let Some(first) = words.first() {
                known.by_first_word.entry(first.clone()).or_default().push((substance, place));
            }
        }
        known.substances.push(names);
    }
    known
});

/// The words of all other names of the substances whose names stand among these words, one after the other.
pub(super) fn of(words: &[String]) -> Vec<String> {
    let mut others = Vec::new();
    for (start, first) in words.iter().enumerate() {
        for (substance, place) in KNOWN.by_first_word.get(first).into_iter().flatten() {
            let names = KNOWN.substances.get(*substance).map_or(&[] as &[_], Vec::as_slice);
            let here = words.get(start..).unwrap_or_default();
            if names.get(*place).is_some_and(|name| here.starts_with(name)) {
                let rest = names.iter().enumerate().filter(|(other, _)| other != place);
                others.extend(rest.flat_map(|(_, name)| name.iter().cloned()));
            }
        }
    }
    others.retain(|word| !words.contains(word));
    others.sort_unstable();
    others.dedup();
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        of(&latin::words(text))
    }

    #[test]
    fn a_substance_is_known_by_its_other_names_salt_or_not() {
        assert_eq!(names("acetaminophen"), ["paracetamol"]);
        assert_eq!(names("Paracetamol"), ["acetaminophen"]);
        assert_eq!(names("albuterol sulfate"), ["salbutamol"]);
        assert!(names("cyanocobalamin").contains(&"b12".to_owned()));
        assert!(names("vitamin B12").contains(&"cyanocobalamin".to_owned()));
    }

    #[test]
    fn a_part_of_a_name_is_no_name() {
        assert_eq!(names("vitamin"), [""; 0]);
        assert_eq!(names("ibuprofen"), [""; 0]);
    }
}
