//! What is looked for now: the signs that are built in, and those that a pharmacy has added.
//!
//! What is added comes after what is built in and never instead of it: a text that is an emergency without it is the same emergency
//! with it.

use super::answer::Emergency;
use super::kind::Kind;
use super::phrase::Words;
use super::release::{DATE, RELEASE};
use super::rule::Rule;
use crate::accounts::Language;

/// The signs that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flags {
    own: Vec<Rule>,
    version: String,
    reviewed: bool,
}

/// An emergency that a text speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// One of what is built in.
    BuiltIn(Kind),
    /// One that the pharmacy has added.
    Own(&'a Rule),
}

impl Found<'_> {
    /// What it is counted as.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::BuiltIn(kind) => *kind,
            Self::Own(rule) => rule.kind,
        }
    }

    /// What is answered to it.
    pub fn emergency(&self, language: Language) -> Emergency {
        match self {
            Self::BuiltIn(kind) => Emergency::of(*kind, language),
            Self::Own(rule) => Emergency::told(rule, language),
        }
    }

    /// The same where there is room for words alone. What is built in says by itself to call for help; whom, it leaves to the country.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::BuiltIn(kind) => Emergency::of(*kind, language).message.into_owned(),
            Self::Own(rule) => Emergency::told_in_words(rule, language),
        }
    }
}

impl Default for Flags {
    fn default() -> Self {
        Self { own: Vec::new(), version: format!("{DATE}.{RELEASE}"), reviewed: false }
    }
}

impl Flags {
    /// With what the pharmacy has added: its reviewed rules, of which `revision` says when they changed last; and whether it has
    /// signed this release of what is built in.
    pub fn with(own: Vec<Rule>, revision: &str, reviewed: bool) -> Self {
        let built_in = Self::default();
        Self { own, version: format!("{}+{revision}", built_in.version), reviewed }
    }

    /// Which list this is: the release of what is built in, and after a plus what the pharmacy's own rules were last changed by.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether the pharmacy has signed what is built in. It counts before that, too.
    pub const fn reviewed(&self) -> bool {
        self.reviewed
    }

    /// The rules that the pharmacy has added.
    pub fn own(&self) -> &[Rule] {
        &self.own
    }

    /// The first emergency that a text speaks of; what is built in comes first. Where any of them is a wish to die it is that one: its
    /// answer alone names the crisis line.
    pub fn find(&self, text: &str) -> Option<Found<'_>> {
        let own = self.own_in(text);
        let wish_to_die = own.iter().copied().find(|rule| rule.kind == Kind::Suicide);
        match super::find(text) {
            Some(_) if wish_to_die.is_some() => Some(Found::BuiltIn(Kind::Suicide)),
            Some(kind) => Some(Found::BuiltIn(kind)),
            None => wish_to_die.or_else(|| own.into_iter().next()).map(Found::Own),
        }
    }

    /// The pharmacy's own signs that a text speaks of.
    pub fn own_in(&self, text: &str) -> Vec<&Rule> {
        if self.own.is_empty() {
            return Vec::new();
        }
        let words = Words::of(text);
        self.own.iter().filter(|rule| rule.is_in(&words)).collect()
    }

    /// A rule that the pharmacy has added.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.own.iter().find(|rule| rule.id == id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::InLanguages;
    use super::super::rule::Whom;
    use super::super::tests::{HARMLESS, SAID};
    use super::*;

    fn rule(patterns: Vec<String>, kind: Kind) -> Rule {
        let text = |text: &str| InLanguages { en: text.to_owned(), ne: text.to_owned(), bn: text.to_owned() };
        Rule {
            id: "rul_ours".to_owned(),
            version: 1,
            kind,
            names: text("ours"),
            tell: text("Go to our desk."),
            patterns,
            symptoms: Vec::new(),
            whom: Whom::default(),
            citation: "ours, 2026-01-01".to_owned(),
        }
    }

    #[test]
    fn what_is_added_is_found_and_told_in_its_own_words() {
        let flags = Flags::with(vec![rule(vec!["purple spot*".to_owned()], Kind::Suicide)], "01A", true);
        let text = "there are purple spots on her legs";
        assert_eq!(Flags::default().find(text), None);
        let found = flags.find(text).unwrap();
        assert_eq!(found.kind(), Kind::Suicide);
        let answer = found.emergency(Language::Nepali);
        assert_eq!(answer.message, "Go to our desk.");
        assert!(answer.numbers.iter().any(|number| number.number == "1166"));
        let words = found.in_words(Language::English);
        let general = Emergency::of(Kind::Suicide, Language::English).message;
        assert!(words.starts_with("Go to our desk.") && words.contains(&*general), "{words}");
        assert!(["102", "100", "999", "112", "1166"].iter().all(|number| words.contains(number)), "{words}");
        assert!(found.in_words(Language::Nepali).contains("एम्बुलेन्स: 102"), "in the language that is asked for");
        assert_eq!((flags.own_in(text).len(), flags.rule("rul_ours").is_some()), (1, true));
        assert!(flags.version().ends_with("+01A") && flags.version().starts_with(Flags::default().version()));
    }

    #[test]
    fn a_wish_to_die_is_answered_whatever_else_is_found() {
        let spots = |kind| rule(vec!["purple spot*".to_owned()], kind);
        let flags = Flags::with(vec![spots(Kind::Danger), spots(Kind::Suicide)], "01A", false);
        for text in ["purple spots", "purple spots and chest pain", "I took 30 paracetamol tablets, I want to die"] {
            assert_eq!(flags.find(text).map(|found| found.kind()), Some(Kind::Suicide), "{text}");
        }
        assert_eq!(super::super::find("he drank kerosene and wants to commit suicide"), Some(Kind::Suicide));
        assert_eq!(flags.find("he drank kerosene").map(|found| found.kind()), Some(Kind::Poisoning));
    }

    #[test]
    fn a_rule_alarms_nobody_beside_its_words() {
        let flags = Flags::with(vec![rule(vec!["purple spot*".to_owned()], Kind::Danger)], "01A", false);
        for text in HARMLESS {
            assert_eq!(flags.find(text), None, "{text}");
        }
    }

    fn patterns() -> impl Strategy<Value = Vec<String>> {
        let any =
            prop_oneof!["[a-z]{2,6}\\*? [a-z]{2,6}", "[a-z]{2,4}\\*", Just("chest pain*".to_owned()), "\\PC{0,20}"];
        proptest::collection::vec(any, 0..6)
    }

    proptest! {
        /// Whatever is added, what was an emergency is the same emergency, or a wish to die that is found beside it.
        #[test]
        fn no_rule_makes_a_dangerous_message_harmless(
            own in proptest::collection::vec((patterns(), 0..Kind::ALL.len()), 0..4),
            before in "[a-z ]{0,20}",
            at in 0..1000_usize,
        ) {
            let rules = own.into_iter().map(|(patterns, kind)| rule(patterns, Kind::ALL[kind])).collect();
            let flags = Flags::with(rules, "01A", false);
            let texts: Vec<&str> = SAID.iter().flat_map(|(_, texts)| texts.iter().copied()).collect();
            let text = format!("{before}. {}", texts[at % texts.len()]);
            let built_in = super::super::find(&text);
            prop_assert!(built_in.is_some(), "{text}");
            let wish_to_die = flags.own_in(&text).iter().any(|rule| rule.kind == Kind::Suicide);
            let kind = if wish_to_die { Some(Kind::Suicide) } else { built_in };
            let found = flags.find(&text);
            prop_assert_eq!(found.map(|found| found.kind()), kind);
            let answer = found.map(|found| found.emergency(Language::English));
            prop_assert_eq!(answer, kind.map(|kind| Emergency::of(kind, Language::English)));
        }
    }
}
