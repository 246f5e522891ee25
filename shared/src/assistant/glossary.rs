//! What words of Nepali and Bengali mean in English, in their own script and as they are typed in Latin letters, so that a
//! question finds what is written in English alone. Names of medicines, complaints, and what is asked about medicines.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::platform::text;

const TABLE: &str = include_str!("glossary.tsv");

#[derive(Debug, Default)]
struct Glossary {
    /// Words in Latin letters.
    latin: HashMap<String, &'static str>,
    /// Beginnings of words of other scripts, folded as words are.
    begins: Vec<(String, &'static str)>,
}

static GLOSSARY: OnceLock<Glossary> = OnceLock::new();

fn get() -> &'static Glossary {
    GLOSSARY.get_or_init(|| {
        let mut glossary = Glossary::default();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let Some((word, meaning)) = line.split_once('\t') else { continue };
            if word.is_ascii() {
                glossary.latin.insert(word.to_owned(), meaning);
            } else {
                glossary.begins.push((text::folded(word), meaning));
            }
        }
        glossary
    })
}

/// What a folded word means in English: of several beginnings that it has, the longest. Nothing where that is not known.
pub(super) fn english(word: &str) -> Vec<&'static str> {
    let glossary = get();
    if word.is_ascii() {
        return glossary.latin.get(word).copied().into_iter().collect();
    }
    let fitting = glossary.begins.iter().filter(|(begin, _)| word.starts_with(begin.as_str()));
    let longest = fitting.max_by_key(|(begin, _)| begin.len());
    longest.map(|(_, meaning)| *meaning).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(get().latin.len() + get().begins.len(), lines);
        assert!(lines > 200, "{lines}");
    }

    #[test]
    fn a_word_with_its_endings_is_known() {
        let meaning = |text: &str| english(&text::words(text)[0]);
        assert_eq!(meaning("पारासिटामोलले"), ["paracetamol"]);
        assert_eq!(meaning("প্যারাসিটামলের"), ["paracetamol"]);
        assert_eq!(meaning("ডায়রিয়ায়"), ["diarrhoea"]);
        assert_eq!(meaning("jwaro"), ["fever"]);
        assert!(meaning("xyz").is_empty() && meaning("क्षमा").is_empty());
    }
}
