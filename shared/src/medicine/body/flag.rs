//! The rule that the JSON of a sign of an emergency makes.

use std::borrow::Cow;

use super::{AppliesToBody, Faults, Made, RedFlagBody};
use crate::accounts::{Language, Sex};
use crate::medicine::review::RuleId;
use crate::platform::clock::Date;
use crate::platform::fields::FieldErrors;
use crate::platform::wording;
use crate::red_flags::{InLanguages, Rule, Whom, is_everywhere, is_pattern};

/// The longest name, and the longest sentence.
const NAME: usize = 120;
const SENTENCE: usize = 500;
/// The most patterns of a language, and the most symptoms.
const PATTERNS: usize = 40;
const SYMPTOMS: usize = 5;

pub(super) fn red_flag(id: Cow<'static, str>, version: u64, body: RedFlagBody) -> Result<Made, FieldErrors> {
    let mut faults = Faults::default();
    let built_in = RuleId::parse(&id).is_ok_and(|id| id.is_built_in());
    in_languages(&mut faults, "names", &body.names, NAME);
    in_languages(&mut faults, "tell", &body.tell, SENTENCE);
    faults.check("urgency", body.urgency == "emergency", "lower_urgency", wording::medicine::an_emergency());
    for (language, patterns) in [("en", &body.phrases.en), ("ne", &body.phrases.ne), ("bn", &body.phrases.bn)] {
        let field = format!("phrases.{language}");
        let count = (1..=PATTERNS).contains(&patterns.len());
        faults.check(&field, count, "wrong_count", wording::field::entries_between(PATTERNS));
        for (place, pattern) in patterns.iter().enumerate() {
            let field = format!("{field}[{place}]");
            faults.check(&field, is_pattern(pattern), "invalid_phrase", wording::medicine::a_phrase());
            let rare = !is_pattern(pattern) || !is_everywhere(pattern);
            faults.check(&field, rare, "invalid_phrase", wording::medicine::more_than_a_common_word());
        }
    }
    let few = body.symptoms.len() <= SYMPTOMS;
    faults.check("symptoms", few, "too_many", wording::field::entries_at_most(SYMPTOMS));
    let whom = whom(&mut faults, body.applies_to.as_ref());
    let narrowed = whom != Whom::default();
    let narrows = !narrowed || !body.symptoms.is_empty();
    faults.check("symptoms", narrows, "required", wording::medicine::symptoms_to_narrow());
    faults.text("source.citation", &body.source.citation, SENTENCE);
    let date = body.source.date.as_deref();
    faults.check("source.date", built_in || date.is_some(), "required", wording::field::required());
    if let Some(Err(invalid)) = date.map(Date::parse) {
        faults.0.push(invalid.at("source.date"));
    }
    faults.check("reading", built_in || body.reading.is_none(), "built_in", wording::medicine::reading_is_shown());
    let citation = match date {
        Some(date) => format!("{}, {date}", body.source.citation),
        None => body.source.citation,
    };
    let phrases = body.phrases;
    let rule = Rule {
        id: id.into_owned(),
        version,
        kind: body.about,
        patterns: phrases.en.into_iter().chain(phrases.ne).chain(phrases.bn).collect(),
        names: body.names,
        tell: body.tell,
        symptoms: body.symptoms,
        whom,
        citation,
    };
    // Who writes what it is called has said it; patterns that do not find that were not tried.
    for (language, tag) in [(Language::English, "en"), (Language::Nepali, "ne"), (Language::Bengali, "bn")] {
        let field = format!("names.{tag}");
        faults.check(
            &field,
            rule.is_said_in(rule.names.within(language)),
            "not_matched",
            wording::medicine::is_found(),
        );
    }
    faults.end(Made::RedFlag(Box::new(rule)))
}

fn in_languages(faults: &mut Faults, field: &str, text: &InLanguages, most: usize) {
    for (tag, text) in [("en", &text.en), ("ne", &text.ne), ("bn", &text.bn)] {
        faults.text(&format!("{field}.{tag}"), text, most);
    }
}

fn whom(faults: &mut Faults, body: Option<&AppliesToBody>) -> Whom {
    let Some(body) = body else { return Whom::default() };
    let meant = body.sex.is_none_or(|sex| matches!(sex, Sex::Female | Sex::Male));
    faults.check("applies_to.sex", meant, "unknown_value", wording::field::one_of("female, male"));
    let age_from = faults.age("applies_to.age_from", body.age_from.as_ref());
    let age_before = faults.age("applies_to.age_before", body.age_before.as_ref());
    // Nobody is as old as the one and younger than the other: such a rule would count for nobody, and say that it counts.
    let somebody = age_from.zip(age_before).is_none_or(|(from, before)| from < before);
    faults.check("applies_to.age_before", somebody, "out_of_range", wording::medicine::above_age_from());
    Whom { age_from, age_before, sex: body.sex, pregnant: body.pregnant }
}
