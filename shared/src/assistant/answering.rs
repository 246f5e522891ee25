//! From a question to an answer, without a model: what is an emergency, what kind of question it is, what the pages say.
//!
//! Pure, so that every golden question is answered in a test as it is in a function.

use std::fmt::Write;

use super::answer::{Answer, Citation};
use super::index::{Index, Wanted};
use super::named;
use super::passage::Passage;
use super::question::QuestionKind;
use super::texts;
use crate::accounts::Language;
use crate::content::SourceDate;
use crate::medicine::knowledge::Knowledge;
use crate::medicine::patient::Patient;
use crate::medicine::view::AlertView;
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;
use crate::red_flags::Flags;

/// The most interactions that are told.
const MOST_ALERTS: usize = 3;

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// As it was asked; never stored, never logged.
    pub text: String,
    /// The language that is wanted; else that of the question.
    pub language: Option<Language>,
    /// The product that it is about.
    pub product: Option<ProductId>,
}

/// What rules say to a question.
#[derive(Clone, Debug)]
pub enum Ruled {
    /// The answer, and the name of the rule.
    Answer(Box<Answer>, &'static str),
    /// Whether two medicines go together: the check must say.
    Interaction,
    /// A page may say.
    Information,
}

impl Question {
    /// The language to answer in: the one that is wanted, or by the script of most of its letters.
    pub fn language(&self) -> Language {
        self.language.or_else(|| Language::written(&self.text)).unwrap_or_default()
    }

    /// The emergency that it speaks of, by these signs.
    pub fn emergency(&self, flags: &Flags) -> Option<Answer> {
        let emergency = flags.find(&self.text)?.emergency(self.language());
        Some(Answer::emergency(&emergency.message, emergency.numbers, self.language()))
    }

    /// What the rules say of it, before anything is looked up.
    pub fn ruled(&self) -> Ruled {
        let language = self.language();
        let kind = QuestionKind::of(&self.text);
        let answer = match kind {
            QuestionKind::Injection => Answer::no_other(language),
            QuestionKind::Dose => Answer::no_dose(language),
            QuestionKind::WithoutPrescription => Answer::prescription(language),
            QuestionKind::Diagnosis => Answer::doctor(language),
            QuestionKind::OwnOrders => Answer::orders(language),
            QuestionKind::Interaction => return Ruled::Interaction,
            QuestionKind::Information => return Ruled::Information,
        };
        Ruled::Answer(Box::new(answer), kind.as_str())
    }

    /// The passages that it is answered with; none where nothing is about it.
    pub fn passages<'a>(&self, index: &'a Index, now: Timestamp) -> Vec<&'a Passage> {
        let wanted = Wanted { question: &self.text, language: self.language(), product: self.product };
        index.find(wanted, now)
    }

    /// What the deterministic check says of the medicines that it names.
    pub fn interactions(&self, knowledge: &Knowledge) -> Answer {
        let language = self.language();
        let medicines = named::medicines(&self.text);
        let Ok(found) = knowledge.check(&medicines, &Patient::default()) else { return Answer::unreviewed(language) };
        if found.alerts.is_empty() {
            return Answer::interactions(texts::no_interaction(language).to_owned(), Vec::new(), language);
        }
        let told: Vec<_> = found.alerts.iter().take(MOST_ALERTS).collect();
        let mut text = texts::interactions(language).to_owned();
        for (n, alert) in (1..).zip(&told) {
            let n: usize = n;
            // Writing to a string does not fail.
            let _ = write!(text, "\n{} [{n}]", sentence(alert));
        }
        let citations = (1..).zip(&told).map(|(n, alert)| citation(n, alert)).collect();
        Answer::interactions(text, citations, language)
    }

    /// The whole answer without a model and with nothing but the signs that are built in, and the name of the rule that gave it.
    pub fn answered(&self, index: &Index, knowledge: &Knowledge, now: Timestamp) -> (Answer, &'static str) {
        if let Some(answer) = self.emergency(&Flags::default()) {
            return (answer, "red_flag");
        }
        match self.ruled() {
            Ruled::Answer(answer, rule) => (*answer, rule),
            Ruled::Interaction => (self.interactions(knowledge), QuestionKind::Interaction.as_str()),
            Ruled::Information => (self.quoted(&self.passages(index, now)), QuestionKind::Information.as_str()),
        }
    }

    /// The answer that passages are, word for word.
    pub fn quoted(&self, passages: &[&Passage]) -> Answer {
        if passages.is_empty() { Answer::nothing(self.language()) } else { Answer::passages(passages, self.language()) }
    }
}

fn sentence(alert: &AlertView) -> String {
    let names: Vec<_> = alert.substances.iter().map(|substance| substance.name.as_str()).collect();
    let level = format!("{:?}", alert.severity);
    let mut words = String::new();
    for letter in level.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    format!("{}: {words}. {} {}", names.join(" + "), alert.mechanism, alert.recommended_action)
}

fn citation(n: usize, alert: &AlertView) -> Citation {
    let names: Vec<_> = alert.substances.iter().map(|substance| substance.name.as_str()).collect();
    Citation {
        n,
        title: names.join(" + "),
        source: alert.source.clone(),
        version: alert.source_version.clone(),
        date: alert.rule.reviewed_on.as_deref().and_then(|day| SourceDate::parse(day).ok()),
        url: None,
        quote: format!("{} {}", alert.mechanism, alert.recommended_action),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> Language {
        Question { text: text.to_owned(), language: None, product: None }.language()
    }

    #[test]
    fn a_question_is_answered_in_its_own_language() {
        assert_eq!(language("What is dengue?"), Language::English);
        assert_eq!(language("डेंगु के हो?"), Language::Nepali);
        assert_eq!(language("ডেঙ্গু কী?"), Language::Bengali);
        assert_eq!(language("Paracetamol ko असर"), Language::English);
        let wanted = Question { text: "dengu ke ho".to_owned(), language: Some(Language::Nepali), product: None };
        assert_eq!(wanted.language(), Language::Nepali);
    }
}
