//! Finding symptoms by the words that people have for them.

use serde::Serialize;
use utoipa::ToSchema;

use super::facts::Facts;
use crate::accounts::Language;
use crate::platform::text;
use crate::red_flags::signs;

/// The most that is found at once.
const MOST: usize = 30;

/// A symptom of the vocabulary.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TriageSymptom)]
pub struct SymptomView {
    /// Its id.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Other names.
    pub synonyms: Vec<&'static str>,
    /// Whether it is a sign of danger: choosing it is answered with an emergency alone.
    pub danger: bool,
}

/// Symptoms whose name, or another name, has a word for each word of `query`, as far as it is typed; those that begin with it first.
/// Without a query, the signs of danger: what is to be asked first.
pub fn find(query: &str, language: Language) -> Vec<SymptomView> {
    let danger = signs().iter().map(|sign| SymptomView {
        id: sign.id,
        name: sign.name(language),
        synonyms: if language == Language::English { Vec::new() } else { vec![sign.name(Language::English)] },
        danger: true,
    });
    let sought = text::words(query);
    if sought.is_empty() {
        return danger.collect();
    }
    let symptoms = Facts::get().symptoms.iter().map(|symptom| SymptomView {
        id: symptom.id,
        name: symptom.name,
        synonyms: symptom.words.clone(),
        danger: false,
    });
    let place = |view: &SymptomView| {
        let names: Vec<_> = std::iter::once(view.name).chain(view.synonyms.iter().copied()).map(text::words).collect();
        let all =
            |words: &Vec<String>| sought.iter().all(|one| words.iter().any(|word| word.starts_with(one.as_str())));
        let whole = |words: &Vec<String>| *words == sought;
        let first = names.first().is_some_and(all);
        // The name itself, then another name, then part of the name, then part of another.
        let best = [names.first().is_some_and(whole), names.iter().any(whole), first, names.iter().any(all)];
        best.iter().position(|found| *found)
    };
    let mut found: Vec<_> = symptoms.chain(danger).filter_map(|view| place(&view).map(|place| (place, view))).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.name.len().cmp(&other.1.name.len())));
    found.into_iter().map(|(_, view)| view).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(query: &str) -> Vec<&'static str> {
        find(query, Language::English).iter().map(|view| view.id).collect()
    }

    #[test]
    fn people_find_what_they_call_it() {
        for (query, id) in [
            ("fever", "e91"),
            ("Temperature", "e91"),
            ("short of breath", "e66"),
            ("runny nose", "e181"),
            ("loose motion", "e51"),
            ("diarrhea", "e51"),
            ("heartburn", "e173"),
            ("cough", "e201"),
        ] {
            assert_eq!(ids(query).first(), Some(&id), "{query}");
        }
        assert!(ids("cou").contains(&"e201"));
        assert!(ids("spaceship").is_empty());
    }

    #[test]
    fn without_a_query_the_signs_of_danger_come() {
        let all = find("", Language::Nepali);
        assert_eq!(all.len(), signs().len());
        assert!(all.iter().all(|view| view.danger && !view.name.is_ascii()));
        assert!(find("stiff neck", Language::English).iter().any(|view| view.id == "stiff_neck"));
    }
}
