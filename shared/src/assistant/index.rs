//! Finding passages: BM25 (Robertson and Zaragoza 2009) in whole numbers, in memory, over everything at once.
//!
//! A page is found by what it is named for (its title, slug and tags); what only stands in a text brings no page by itself.
//! So a question about a medicine that no page is about finds nothing, however many pages have side effects.

use std::collections::{BTreeMap, BTreeSet};

use super::aspect::Aspect;
use super::named;
use super::passage::{Passage, passages};
use super::scrub::scrubbed;
use super::words::{Asked, asked, terms};
use crate::accounts::Language;
use crate::content::{Library, PageKind};
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;
use crate::red_flags::Words;

/// BM25's `k1` and `b`, in thousandths.
const K1: u64 = 1200;
const B: u64 = 750;
/// How much a term counts that stands in a title, and among tags or in a heading, beside one in the text.
const IN_TITLE: u64 = 4;
const IN_TAGS: u64 = 2;
const IN_HEADING: u64 = 2;
/// How much a word tells that no page has: enough to say that pages are about something else.
const UNKNOWN: u64 = 4500;
/// So much of what a question asks for must be in a passage, in thousandths of the weight of its terms.
const COVERED: u64 = 450;
/// A further passage is as good as the first where it has so much of its score, in thousandths.
const NEARLY_AS_GOOD: u64 = 800;
/// How much better a passage is, in thousandths: about what is asked of a medicine or an illness; of a page that is named for a
/// medicine that is asked about; of one whose whole name is asked for; a leaflet where it is asked how a medicine is taken; of
/// the product that is asked about.
const SAME_ASPECT: u64 = 1800;
const SAME_SUBSTANCE: u64 = 2500;
const WHOLE_NAME: u64 = 1500;
const LEAFLET: u64 = 1300;
const SAME_PRODUCT: u64 = 1500;
/// A passage in the language of the question is taken where it has so much of the score of one in English, in thousandths.
const OWN_LANGUAGE: u64 = 400;
/// The most passages of an answer.
const MOST: usize = 3;

#[derive(Debug)]
struct Entry {
    passage: Passage,
    /// How often each term counts.
    terms: BTreeMap<String, u64>,
    /// What its page is named for: title, slug and tags.
    names: BTreeSet<String>,
    /// Its title and slug alone.
    title: BTreeSet<String>,
    /// Its slug alone.
    slug: BTreeSet<String>,
    length: u64,
}

/// Every passage that the assistant may answer with.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    /// In how many passages a term stands.
    spread: BTreeMap<String, u64>,
    average: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The question.
    pub question: &'a str,
    /// In which language.
    pub language: Language,
    /// About which product.
    pub product: Option<ProductId>,
}

impl Index {
    /// Of what is published.
    pub fn of(library: &Library, now: Timestamp) -> Self {
        let mut index = Self::default();
        for passage in passages(library, now) {
            let text = &passage.page.revision.text;
            let mut counted: BTreeMap<String, u64> = BTreeMap::new();
            let slug: BTreeSet<String> = terms(&passage.slug().replace('-', " ")).into_iter().collect();
            let title: BTreeSet<String> = terms(&text.title).into_iter().chain(slug.iter().cloned()).collect();
            let mut names = title.clone();
            for term in &title {
                counted.insert(term.clone(), IN_TITLE);
            }
            for term in terms(&text.tags.join(" ")) {
                counted.entry(term.clone()).or_insert(IN_TAGS);
                names.insert(term);
            }
            for term in passage.heading.as_deref().map(terms).unwrap_or_default() {
                *counted.entry(term).or_default() += IN_HEADING;
            }
            for term in terms(&passage.text) {
                *counted.entry(term).or_default() += 1;
            }
            for term in counted.keys() {
                *index.spread.entry(term.clone()).or_default() += 1;
            }
            let length = counted.values().sum();
            index.entries.push(Entry { passage, terms: counted, names, title, slug, length });
        }
        let all: u64 = index.entries.iter().map(|entry| entry.length).sum();
        index.average = all.checked_div(count(&index.entries)).unwrap_or(1).max(1);
        index
    }

    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to answer with.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The best one to three passages, the best first; none where nothing is about what is asked.
    pub fn find(&self, wanted: Wanted<'_>, now: Timestamp) -> Vec<&Passage> {
        let question = scrubbed(wanted.question);
        let substances = named::substances(&question).iter().flat_map(|name| terms(name)).collect();
        let sought = Sought {
            words: asked(&question),
            substances,
            aspect: Aspect::of_question(&Words::of(&question)),
            language: wanted.language,
            product: wanted.product,
        };
        let fitting = self.entries.iter().filter(|entry| entry.passage.counts(now));
        let mut found: Vec<(u64, &Passage)> = fitting
            .filter(|entry| [wanted.language, Language::English].contains(&entry.passage.language()))
            .filter_map(|entry| Some((self.score(entry, &sought)?, &entry.passage)))
            .collect();
        // The same score: by slug, so that a question is answered the same each time.
        found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.slug().cmp(other.slug())));
        let best = found.first().map_or(0, |(score, _)| *score);
        let own = found.iter().find(|(_, passage)| passage.language() == wanted.language);
        let language = match own {
            Some((score, _)) if *score * 1000 >= best * OWN_LANGUAGE => wanted.language,
            _ => Language::English,
        };
        found.retain(|(_, passage)| passage.language() == language);
        let best = found.first().map_or(0, |(score, _)| *score);
        let near = found.into_iter().take_while(|(score, _)| *score * 1000 >= best * NEARLY_AS_GOOD);
        near.take(MOST).map(|(_, passage)| passage).collect()
    }

    /// How much a term tells: the logarithm of how seldom it is, in thousandths.
    fn weight(&self, term: &str) -> u64 {
        let Some(there) = self.spread.get(term).copied() else { return UNKNOWN };
        let rarity = (count(&self.entries) + 1).saturating_mul(1024) / there.max(1);
        log2(rarity).saturating_sub(log2(1024)).max(100)
    }

    /// What a term that stands in a passage adds to its score.
    fn share(&self, entry: &Entry, term: &str) -> Option<u64> {
        let times = *entry.terms.get(term)?;
        let saturated = K1 * (1000 - B + B * entry.length / self.average) / 1000;
        Some(self.weight(term) * times * (K1 + 1000) / (times * 1000 + saturated))
    }

    fn score(&self, entry: &Entry, sought: &Sought) -> Option<u64> {
        let (mut score, mut covered, mut total, mut is_named) = (0, 0, 0, false);
        let mut counted = BTreeSet::new();
        let in_english = entry.passage.language() == Language::English && sought.language != Language::English;
        for word in sought.words.iter().filter(|word| !(word.foreign && in_english)) {
            let weight = word.terms.iter().map(|term| self.weight(term)).max().unwrap_or_default();
            total += weight;
            is_named |= word.terms.iter().any(|term| entry.names.contains(term));
            let shares = word.terms.iter().filter_map(|term| Some((self.share(entry, term)?, term)));
            if let Some((share, term)) = shares.max() {
                covered += weight;
                score += share;
                counted.insert(term.as_str());
            }
        }
        // What a medicine is called otherwise.
        for term in sought.substances.iter().filter(|term| !counted.contains(term.as_str())) {
            if let Some(share) = self.share(entry, term) {
                covered += self.weight(term);
                score += share;
                is_named |= entry.names.contains(term);
            }
        }
        let text = &entry.passage.page.revision.text;
        let of_product = sought.product.is_some_and(|product| text.product_ids.contains(&product));
        let enough = if of_product { COVERED / 2 } else { COVERED };
        if total == 0 || covered * 1000 < total * enough || !(is_named || of_product) {
            return None;
        }
        let asks = |term: &String| {
            sought.substances.contains(term) || sought.words.iter().any(|word| word.terms.contains(term))
        };
        let of_medicine = matches!(sought.aspect, Some(Aspect::Before | Aspect::Taking | Aspect::Effects));
        for (better, by) in [
            (sought.aspect.is_some() && sought.aspect == entry.passage.aspect, SAME_ASPECT),
            (of_medicine && text.kind == PageKind::Leaflet, LEAFLET),
            (sought.substances.iter().any(|term| entry.title.contains(term)), SAME_SUBSTANCE),
            (!entry.slug.is_empty() && entry.slug.iter().all(asks), WHOLE_NAME),
            (of_product, SAME_PRODUCT),
        ] {
            if better {
                score = score * by / 1000;
            }
        }
        Some(score)
    }
}

/// What is looked for.
#[derive(Debug)]
struct Sought {
    words: Vec<Asked>,
    /// The terms of the names of substances that are asked about.
    substances: BTreeSet<String>,
    aspect: Option<Aspect>,
    language: Language,
    product: Option<ProductId>,
}

fn count<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

/// The logarithm to base two, in thousandths; between powers of two along a line.
fn log2(value: u64) -> u64 {
    let Some(whole) = value.checked_ilog2() else { return 0 };
    let power = 1_u64 << whole;
    u64::from(whole) * 1000 + (value - power) * 1000 / power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_grows() {
        assert_eq!((log2(0), log2(1), log2(2), log2(1024)), (0, 0, 1000, 10_000));
        assert!((1..5000).all(|value| log2(value) <= log2(value + 1)));
    }

    #[test]
    fn an_empty_index_answers_nothing() {
        let wanted = Wanted { question: "What is paracetamol?", language: Language::English, product: None };
        assert!(Index::default().find(wanted, Timestamp::from_millis(0)).is_empty());
    }
}
