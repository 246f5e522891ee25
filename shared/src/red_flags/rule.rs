//! A sign that a pharmacy adds to the list: how people say it, which answers amount to it, and what they are told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::Kind;
use super::phrase::Words;
use crate::accounts::{Language, Sex};

/// A text in each of the pharmacy's languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InLanguages {
    /// In English.
    pub en: String,
    /// In Nepali.
    pub ne: String,
    /// In Bengali.
    pub bn: String,
}

impl InLanguages {
    /// In one of them.
    pub fn within(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Nepali => &self.ne,
            Language::Bengali => &self.bn,
        }
    }
}

/// Whom the answers of a rule are about; words count whoever writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// From this age on, in days.
    pub age_from: Option<u32>,
    /// Before this age, in days.
    pub age_before: Option<u32>,
    /// Of this sex alone.
    pub sex: Option<Sex>,
    /// In pregnancy alone.
    pub pregnant: bool,
}

impl Whom {
    /// Whether it may be about somebody; `is_younger` says whether they are younger than so many days, `None` where nobody knows. An age
    /// or a sex that is not known may be the one that is meant; a pregnancy is on record or said, as for the signs that are built in.
    pub fn may_be(&self, is_younger: impl Fn(u32) -> Option<bool>, sex: Sex, pregnant: bool) -> bool {
        let old_enough = self.age_from.is_none_or(|from| is_younger(from) != Some(true));
        let young_enough = self.age_before.is_none_or(|before| is_younger(before) != Some(false));
        let other = |wanted: Sex| wanted != sex && matches!(sex, Sex::Female | Sex::Male);
        old_enough && young_enough && !self.sex.is_some_and(other) && (pregnant || !self.pregnant)
    }
}

/// A rule of the pharmacy that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id: `rul_dengue_bleeding`.
    pub id: String,
    /// The version that was reviewed.
    pub version: u64,
    /// The emergency that it is counted as.
    pub kind: Kind,
    /// What the sign is called.
    pub names: InLanguages,
    /// What a person is told.
    pub tell: InLanguages,
    /// How people say it, in whichever language.
    pub patterns: Vec<String>,
    /// The symptoms of triage that amount to it, all of them together; none: only words do.
    pub symptoms: Vec<String>,
    /// Whom these symptoms are about.
    pub whom: Whom,
    /// Where it is written, and of which day.
    pub citation: String,
}

impl Rule {
    /// Whether a text speaks of it.
    pub(super) fn is_in(&self, words: &Words) -> bool {
        self.patterns.iter().any(|pattern| words.match_pattern(pattern))
    }

    /// Whether a text speaks of it.
    pub fn is_said_in(&self, text: &str) -> bool {
        self.is_in(&Words::of(text))
    }

    /// Whether answers about somebody amount to it; `is_younger` as in [`Whom::may_be`].
    pub fn is_answered(
        &self,
        is_there: impl Fn(&str) -> bool,
        is_younger: impl Fn(u32) -> Option<bool>,
        sex: Sex,
        pregnant: bool,
    ) -> bool {
        !self.symptoms.is_empty()
            && self.symptoms.iter().all(|symptom| is_there(symptom))
            && self.whom.may_be(is_younger, sex, pregnant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_age_and_sex_may_be_what_is_meant() {
        let aged = |age: Option<u32>| move |before: u32| age.map(|age| age < before);
        let women = Whom { age_from: Some(4000), age_before: Some(20_000), sex: Some(Sex::Female), pregnant: false };
        assert!(women.may_be(aged(Some(9000)), Sex::Female, false) && women.may_be(aged(None), Sex::Unknown, false));
        assert!(women.may_be(aged(Some(4000)), Sex::Other, false));
        assert!(
            !women.may_be(aged(Some(3999)), Sex::Female, false)
                && !women.may_be(aged(Some(20_000)), Sex::Female, false)
        );
        assert!(!women.may_be(aged(Some(9000)), Sex::Male, false));
        let pregnant = Whom { pregnant: true, ..Whom::default() };
        assert!(pregnant.may_be(aged(None), Sex::Unknown, true) && !pregnant.may_be(aged(None), Sex::Female, false));
        assert!(Whom::default().may_be(aged(None), Sex::Male, false));
    }
}
