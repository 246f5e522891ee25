//! The facts that triage goes by: conditions, symptoms, how often one comes with the other, and what helps.
//!
//! Counted over the 1,025,602 synthetic patients of DDXPlus (Fansi Tchango et al., NeurIPS 2022; CC BY 4.0); names and questions
//! are our own. Self-care, warning signs and options each name their source. `infra/clinical/triage/` makes the tables.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which facts these are; what was asked is stored with it.
pub const RELEASE: &str = "ddxplus-2022/2";

/// What the facts are from.
pub const SOURCES: [&str; 2] = [
    "DDXPlus, Fansi Tchango et al., NeurIPS 2022, CC BY 4.0: counts over synthetic patients",
    "Disease Ontology, CC0: symptoms of conditions that are not ranked",
];

/// What is said with every answer.
pub const DISCLAIMER: &str = "Decision support, not a diagnosis. If you feel worse or are worried, see a doctor.";

/// How soon somebody should be seen, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It can be looked after at home.
    SelfCare,
    /// A pharmacist can help.
    Pharmacy,
    /// A doctor within days.
    DoctorSoon,
    /// A doctor today.
    DoctorToday,
}

impl Urgency {
    fn parse(text: &str) -> Self {
        match text {
            "self_care" => Self::SelfCare,
            "pharmacy" => Self::Pharmacy,
            "doctor_soon" => Self::DoctorSoon,
            // In doubt it is urgent.
            _ => Self::DoctorToday,
        }
    }
}

/// A symptom, or something in a person's history.
#[derive(Debug)]
pub struct Symptom {
    /// Its id: `e91`.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// How it is asked for.
    pub question: &'static str,
    /// Other names.
    pub words: Vec<&'static str>,
    /// Whether it is asked of women alone.
    pub women_only: bool,
    /// From which age on it is asked, in years.
    pub from_age: Option<u32>,
    /// How soon who has it is to be seen, whatever fits best: so common a condition as a cold would explain anything.
    pub least: Option<Urgency>,
}

/// Something that helps, and who says so.
#[derive(Debug)]
pub struct Choice {
    /// The ingredient.
    pub ingredient: &'static str,
    /// For what.
    pub purpose: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// A sentence, and who says so.
#[derive(Debug)]
pub struct Advice {
    /// The sentence, in our words.
    pub text: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// What is known of a condition beside its symptoms.
#[derive(Debug, Default)]
pub struct Guide {
    /// Symptoms without any number, of conditions that are not ranked.
    pub symptoms: Vec<Advice>,
    /// What one can do oneself.
    pub self_care: Vec<Advice>,
    /// When it is time to be seen.
    pub warnings: Vec<Advice>,
    /// What can be bought by everybody.
    pub otc: Vec<Choice>,
    /// What needs a prescription.
    pub rx: Vec<Choice>,
}

/// A condition.
#[derive(Debug)]
pub struct Condition {
    /// Its id.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// ICD-10-CM.
    pub icd10: &'static str,
    /// How soon somebody who has it should be seen.
    pub urgency: Urgency,
    /// How many of the synthetic patients had it; zero for what is not ranked.
    pub count: u32,
    /// How many of a million who have it have a symptom, by the place of the symptom.
    pub shares: HashMap<usize, u32>,
    /// What else is known.
    pub guide: Guide,
}

impl Condition {
    /// Whether it is ranked.
    pub const fn is_ranked(&self) -> bool {
        self.count > 0
    }
}

/// All of it.
#[derive(Debug)]
pub struct Facts {
    /// Symptoms, in the order of the table.
    pub symptoms: Vec<Symptom>,
    /// Conditions; those that are ranked first.
    pub conditions: Vec<Condition>,
    places: HashMap<&'static str, usize>,
}

const CONDITIONS: &str = include_str!("data/conditions.tsv");
const SYMPTOMS: &str = include_str!("data/symptoms.tsv");
const LIKELIHOODS: &str = include_str!("data/likelihoods.tsv");
const UNRANKED: &str = include_str!("data/unranked.tsv");
const GUIDE: &str = include_str!("data/guide.tsv");

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().map(|line| line.split('\t').collect())
}

fn column(row: &[&'static str], at: usize) -> &'static str {
    row.get(at).copied().unwrap_or_default()
}

impl Facts {
    /// The facts; read once.
    pub fn get() -> &'static Self {
        static FACTS: OnceLock<Facts> = OnceLock::new();
        FACTS.get_or_init(Self::read)
    }

    fn read() -> Self {
        let symptoms: Vec<_> = rows(SYMPTOMS)
            .map(|row| Symptom {
                id: column(&row, 0),
                name: column(&row, 1),
                question: column(&row, 2),
                words: column(&row, 3).split(',').filter(|word| !word.is_empty()).collect(),
                women_only: column(&row, 4) == "f",
                from_age: column(&row, 5).parse().ok(),
                least: Some(column(&row, 6)).filter(|least| !least.is_empty()).map(Urgency::parse),
            })
            .collect();
        let places: HashMap<_, _> = symptoms.iter().enumerate().map(|(place, symptom)| (symptom.id, place)).collect();
        let mut shares: BTreeMap<&str, HashMap<usize, u32>> = BTreeMap::new();
        for row in rows(LIKELIHOODS) {
            if let (Some(place), Ok(share)) = (places.get(column(&row, 1)), column(&row, 2).parse()) {
                shares.entry(column(&row, 0)).or_default().insert(*place, share);
            }
        }
        let mut guides = guides();
        let conditions = rows(CONDITIONS).chain(rows(UNRANKED)).map(|row| Condition {
            id: column(&row, 0),
            name: column(&row, 1),
            icd10: column(&row, 2),
            urgency: Urgency::parse(column(&row, 3)),
            count: column(&row, 4).parse().unwrap_or(0),
            shares: shares.remove(column(&row, 0)).unwrap_or_default(),
            guide: guides.remove(column(&row, 0)).unwrap_or_default(),
        });
        Self { conditions: conditions.collect(), symptoms, places }
    }

    /// Where a symptom stands.
    pub fn place(&self, symptom: &str) -> Option<usize> {
        self.places.get(symptom).copied()
    }

    /// A condition by its id.
    pub fn condition(&self, id: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.id == id)
    }

    /// Those that are ranked.
    pub fn ranked(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(|condition| condition.is_ranked())
    }
}

fn guides() -> BTreeMap<&'static str, Guide> {
    let mut guides: BTreeMap<&str, Guide> = BTreeMap::new();
    for row in rows(GUIDE) {
        let (text, source) = (column(&row, 2), column(&row, 3));
        let guide = guides.entry(column(&row, 0)).or_default();
        let (ingredient, purpose) = text.split_once('|').unwrap_or((text, ""));
        let choice = Choice { ingredient, purpose, source };
        match column(&row, 1) {
            "symptom" => guide.symptoms.push(Advice { text, source }),
            "self_care" => guide.self_care.push(Advice { text, source }),
            "warning" => guide.warnings.push(Advice { text, source }),
            "otc" => guide.otc.push(choice),
            "rx" => guide.rx.push(choice),
            _ => {}
        }
    }
    guides
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let facts = Facts::get();
        assert_eq!((facts.symptoms.len(), facts.ranked().count()), (208, 49));
        assert_eq!(facts.ranked().map(|condition| condition.shares.len()).sum::<usize>(), 562);
        assert_eq!(facts.ranked().map(|condition| condition.count).sum::<u32>(), 1_025_602);
        let ids: BTreeSet<_> = facts.conditions.iter().map(|condition| condition.id).collect();
        assert_eq!(ids.len(), facts.conditions.len());
        for row in rows(GUIDE) {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(ids.contains(row[0]), "{row:?}");
            assert!(
                ["symptom", "self_care", "warning", "otc", "rx"].contains(&row[1]) && !row[3].is_empty(),
                "{row:?}"
            );
        }
        for row in rows(SYMPTOMS) {
            assert_eq!(row.len(), 7, "{row:?}");
            assert!(["", "f"].contains(&row[4]) && (row[5].is_empty() || row[5].parse::<u32>().is_ok()), "{row:?}");
            assert!(["", "doctor_soon", "doctor_today"].contains(&row[6]), "{row:?}");
        }
        for row in rows(CONDITIONS).chain(rows(UNRANKED)) {
            assert!(["self_care", "pharmacy", "doctor_soon", "doctor_today"].contains(&row[3]), "{row:?}");
        }
    }

    #[test]
    fn every_symptom_is_asked_for_in_a_question() {
        for symptom in &Facts::get().symptoms {
            assert!(symptom.question.ends_with('?') && !symptom.name.is_empty(), "{symptom:?}");
        }
    }

    #[test]
    fn codes_are_codes() {
        for condition in &Facts::get().conditions {
            assert_eq!(crate::records::code::icd10(condition.icd10).as_deref(), Ok(condition.icd10), "{condition:?}");
        }
    }

    #[test]
    fn every_condition_says_when_it_is_time_to_be_seen() {
        for condition in &Facts::get().conditions {
            assert!(!condition.guide.warnings.is_empty(), "{}", condition.id);
        }
    }

    /// The year of its edition; of pages that have none the month in which the line was written.
    #[test]
    fn every_line_of_the_guide_says_of_when_its_source_is() {
        let is_year = |word: &str| word.parse::<u32>().is_ok_and(|year| (1990..=2030).contains(&year));
        for row in rows(GUIDE) {
            let mut words = row[3].split(|letter: char| !letter.is_ascii_alphanumeric());
            assert!(words.any(is_year), "{row:?}");
        }
    }

    #[test]
    fn whoever_is_not_ranked_has_symptoms_with_their_source() {
        for condition in Facts::get().conditions.iter().filter(|condition| !condition.is_ranked()) {
            assert!(!condition.guide.symptoms.is_empty(), "{}", condition.id);
        }
    }
}
