//! Conditions as the API shows them: what they are, how they show, and what helps.

use serde::Serialize;
use utoipa::ToSchema;

use super::assess::OptionView;
use super::facts::{Advice, Condition, DISCLAIMER, Facts, RELEASE, Urgency};
use crate::platform::text;

/// A condition in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConditionCard {
    /// Its id.
    id: &'static str,
    /// What it is called.
    name: &'static str,
    /// ICD-10-CM.
    icd10: &'static str,
    /// How soon somebody who has it should be seen.
    urgency: Urgency,
    /// Whether triage ranks it.
    ranked: bool,
}

/// A sentence, and who says so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConditionAdvice)]
pub struct AdviceView {
    /// The sentence.
    text: &'static str,
    /// Who says so.
    source: &'static str,
}

/// How often a symptom comes with a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SymptomFrequency)]
pub enum Frequency {
    /// In four of five synthetic patients, or more.
    Usual,
    /// In half of them, or more.
    Frequent,
    /// In fewer.
    Occasional,
    /// No number is known.
    Unknown,
}

/// A symptom of a condition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConditionSymptom)]
pub struct SymptomOf {
    /// The symptom; `null` where triage does not ask for it.
    id: Option<&'static str>,
    /// What it is called.
    name: &'static str,
    /// How often it comes with it.
    frequency: Frequency,
    /// Where that is from.
    source: &'static str,
}

/// A condition.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConditionView {
    /// The same as in a list.
    #[serde(flatten)]
    card: ConditionCard,
    /// How it shows, the most usual first.
    symptoms: Vec<SymptomOf>,
    /// What one can do oneself.
    self_care: Vec<AdviceView>,
    /// When it is time to be seen.
    warning_signs: Vec<AdviceView>,
    /// What helps: ingredients that can be bought, and for clinicians those that need a prescription.
    options: Vec<OptionView>,
    /// Why `options` is empty: nothing is on file that helps, or nothing that can be bought. `null` where it is not.
    options_note: Option<&'static str>,
    /// Which facts it goes by.
    dataset: &'static str,
    /// That it is no diagnosis.
    disclaimer: &'static str,
}

/// Said of a condition of which no treatment is on file: that is no sentence about whether there is one.
const NONE_ON_FILE: &str = "No treatment option with a source is on file for this condition. Ask a doctor what helps.";

/// Said where all that is on file needs a prescription.
const NOTHING_TO_BUY: &str = "Nothing that can be bought without a prescription is on file for this condition. A doctor decides what helps; \
     what needs a prescription is shown to doctors and pharmacists.";

const DDXPLUS: &str = "DDXPlus (CC BY 4.0), synthetic patients";

fn advice(all: &[Advice]) -> Vec<AdviceView> {
    all.iter().map(|one| AdviceView { text: one.text, source: one.source }).collect()
}

impl ConditionCard {
    fn of(condition: &Condition) -> Self {
        Self {
            id: condition.id,
            name: condition.name,
            icd10: condition.icd10,
            urgency: condition.urgency,
            ranked: condition.is_ranked(),
        }
    }
}

/// Conditions whose name or code has every word of `query`, as far as it is typed; all of them without one. By name.
pub fn list(query: &str) -> Vec<ConditionCard> {
    let sought = text::words(query);
    let fits = |condition: &&Condition| {
        let words = text::words(&format!("{} {} {}", condition.name, condition.icd10, condition.id.replace('-', " ")));
        sought.iter().all(|one| words.iter().any(|word| word.starts_with(one.as_str())))
    };
    let mut found: Vec<_> = Facts::get().conditions.iter().filter(fits).map(ConditionCard::of).collect();
    found.sort_by_key(|card| card.name);
    found
}

/// A condition; what needs a prescription is shown to clinicians alone.
pub fn get(id: &str, clinician: bool) -> Option<ConditionView> {
    let facts = Facts::get();
    let condition = facts.condition(id)?;
    let mut shares: Vec<_> = condition.shares.iter().collect();
    shares.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let counted = shares.into_iter().filter_map(|(place, share)| {
        let symptom = facts.symptoms.get(*place)?;
        let frequency = match share {
            800_000.. => Frequency::Usual,
            500_000.. => Frequency::Frequent,
            _ => Frequency::Occasional,
        };
        Some(SymptomOf { id: Some(symptom.id), name: symptom.name, frequency, source: DDXPLUS })
    });
    let told = condition.guide.symptoms.iter().map(|one| SymptomOf {
        id: None,
        name: one.text,
        frequency: Frequency::Unknown,
        source: one.source,
    });
    let guide = &condition.guide;
    let otc = guide.otc.iter().map(|choice| OptionView::of(choice, false));
    let rx = guide.rx.iter().filter(|_| clinician).map(|choice| OptionView::of(choice, true));
    let options: Vec<_> = otc.chain(rx).collect();
    let options_note = match (options.is_empty(), guide.rx.is_empty()) {
        (true, true) => Some(NONE_ON_FILE),
        (true, false) => Some(NOTHING_TO_BUY),
        (false, _) => None,
    };
    Some(ConditionView {
        card: ConditionCard::of(condition),
        symptoms: counted.chain(told).collect(),
        self_care: advice(&guide.self_care),
        warning_signs: advice(&guide.warnings),
        options,
        options_note,
        dataset: RELEASE,
        disclaimer: DISCLAIMER,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_found_by_name_and_code() {
        let ids = |query: &str| list(query).iter().map(|card| card.id).collect::<Vec<_>>();
        assert_eq!(ids("mala"), ["malaria"]);
        assert_eq!(ids("J45.901"), ["asthma-attack"]);
        assert!(ids("").len() >= 60 && ids("no such thing").is_empty());
    }

    #[test]
    fn what_needs_a_prescription_is_for_clinicians_alone() {
        for condition in &Facts::get().conditions {
            let (all, some) = (get(condition.id, true).unwrap(), get(condition.id, false).unwrap());
            assert!(some.options.iter().all(|option| !option.prescription), "{}", condition.id);
            assert_eq!(all.options.len() - some.options.len(), condition.guide.rx.len());
            assert!(all.options.iter().all(|option| !option.source.is_empty()));
        }
        assert!(get("sadness", true).is_none());
    }

    #[test]
    fn a_condition_without_options_says_why() {
        let (mut none, mut nothing_to_buy) = (0, 0);
        for condition in &Facts::get().conditions {
            let guide = &condition.guide;
            for clinician in [true, false] {
                let view = get(condition.id, clinician).unwrap();
                assert_eq!(view.options_note.is_some(), view.options.is_empty(), "{}", condition.id);
                match view.options_note {
                    Some(NONE_ON_FILE) => assert!(guide.otc.is_empty() && guide.rx.is_empty(), "{}", condition.id),
                    Some(_) => assert!(!clinician && !guide.rx.is_empty(), "{}", condition.id),
                    None => {}
                }
                none += usize::from(view.options_note == Some(NONE_ON_FILE));
                nothing_to_buy += usize::from(view.options_note == Some(NOTHING_TO_BUY));
            }
        }
        assert!(none > 0 && nothing_to_buy > 0, "{none} {nothing_to_buy}");
    }
}
