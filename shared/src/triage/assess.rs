//! A triage: what was said, and what follows from it. Pure.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::danger::{self, Person};
use super::facts::{Choice, DISCLAIMER, Facts, RELEASE, SOURCES, Symptom, Urgency};
use super::help::{help, urgency};
use super::ranking::{self, Known};
use super::session::{OwnSign, Triage};
use crate::accounts::{Language, Sex};
use crate::medicine::patient::days;
use crate::medicine::review::RuleId;
use crate::patients::Patient;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all, each};
use crate::platform::ids::{PatientId, TriageId};
use crate::platform::text;
use crate::platform::wording;
use crate::red_flags::{self, Emergency, EmergencyNumber, Flags, Kind, Rule, sign};

/// How many conditions are answered.
const MOST_CONDITIONS: usize = 5;
/// How many questions are asked at a time.
const MOST_QUESTIONS: usize = 3;
/// How much can be said at a time.
const MOST_SAID: usize = 250;

/// A symptom as somebody says it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SymptomInput {
    /// An id of the vocabulary: a symptom, or a sign of danger; or of a rule of the pharmacy about one.
    #[schema(value_type = String, example = "e91")]
    id: Field<String>,
    /// Whether it is there.
    #[schema(value_type = bool)]
    present: Field<bool>,
    /// Since when, in the person's words; nothing is concluded from it.
    since: Option<Field<String>>,
    /// `mild`, `moderate` or `severe`; nothing is concluded from it.
    #[schema(value_type = Option<String>, pattern = "^(mild|moderate|severe)$")]
    severity: Option<Field<String>>,
}

/// An answer to a question.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerInput {
    /// The id of the question.
    #[schema(value_type = String, example = "e91")]
    question: Field<String>,
    /// `yes`, `no` or `unsure`.
    #[schema(value_type = String)]
    answer: Field<String>,
}

/// What somebody says about how a patient is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TriageRequest {
    /// A triage to go on with; a new one where it is not given.
    triage_id: Option<Field<String>>,
    /// Who is ill, of the caller's patients; the caller where it is not given.
    patient_id: Option<Field<String>>,
    /// What is there and what is not.
    #[schema(value_type = Vec<SymptomInput>, max_items = 250)]
    symptoms: Field<Vec<SymptomInput>>,
    /// Answers to questions.
    #[schema(value_type = Option<Vec<AnswerInput>>, max_items = 250)]
    answers: Option<Field<Vec<AnswerInput>>>,
    /// In the person's own words, at most 1,000 characters: read for signs of an emergency, and neither kept nor ranked by.
    text: Option<Field<String>>,
    /// In which language an emergency is answered; where it is not said, that of the letters of `text`.
    #[schema(value_type = Option<Language>)]
    language: Option<Field<Language>>,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// The symptom.
    pub id: String,
    /// Whether it is there; `null`: not sure.
    pub present: Option<bool>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// How bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
}

/// The same, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTriage {
    /// A triage to go on with.
    pub triage: Option<TriageId>,
    /// Who is ill.
    pub patient: Option<PatientId>,
    /// What was said, each symptom once, and each sign of danger; also those that the person's own words speak of.
    pub said: Vec<Said>,
    /// An emergency in the person's own words, by what is built in.
    pub words: Option<Kind>,
    /// Their own words, for the signs that the pharmacy has added; never kept.
    pub text: Option<String>,
    /// Where a sign is named that the pharmacy has added, and which.
    pub own: Vec<(String, String)>,
    /// In which language an emergency is answered.
    pub language: Language,
}

/// Whether there is such a symptom or sign, or may be: which signs the pharmacy has added is read later.
fn may_be_said(id: &str) -> bool {
    Facts::get().place(id).is_some() || sign(id).is_some() || is_own(id)
}

/// Whether an id is that of a sign that a pharmacy may have added.
fn is_own(id: &str) -> bool {
    RuleId::parse(id).is_ok_and(|id| id.set().is_none() && !id.is_built_in())
}

fn symptom(input: SymptomInput) -> Result<Said, FieldErrors> {
    let known = |id: String| {
        let there = may_be_said(&id);
        if there { Ok(id) } else { Err(Invalid::new("unknown_value", wording::triage::a_symptom())) }
    };
    let severity = |text: String| match text.as_str() {
        "mild" | "moderate" | "severe" => Ok(text),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("mild, moderate, severe"))),
    };
    let (id, present, since, severity) = all((
        input.id.parse("id", known),
        input.present.value("present"),
        input.since.parse_optional("since", |text| text::line(&text, 100)),
        input.severity.parse_optional("severity", severity),
    ))?;
    Ok(Said { id, present: Some(present), since, severity })
}

fn answer(input: AnswerInput) -> Result<Said, FieldErrors> {
    let known = |id: String| {
        let there = may_be_said(&id);
        if there { Ok(id) } else { Err(Invalid::new("unknown_value", wording::triage::a_question())) }
    };
    let chosen = |text: String| match text.as_str() {
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        "unsure" => Ok(None),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("yes, no, unsure"))),
    };
    let (id, present) = all((input.question.parse("question", known), input.answer.parse("answer", chosen)))?;
    Ok(Said { id, present, since: None, severity: None })
}

impl TriageRequest {
    /// What was said.
    ///
    /// # Errors
    /// Every field at fault; `conflict` where something is said to be there and not to be there.
    pub fn check(self) -> Result<NewTriage, FieldErrors> {
        let few = |count: usize| {
            if count > MOST_SAID {
                Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MOST_SAID)).at("")])
            } else {
                Ok(())
            }
        };
        let answers = match self.answers {
            None | Some(Field::Missing) => Ok(Vec::new()),
            Some(answers) => {
                answers.nested("answers", |answers| few(answers.len()).and_then(|()| each(answers, answer)))
            }
        };
        let symptoms = self.symptoms.nested("symptoms", |all| few(all.len()).and_then(|()| each(all, symptom)));
        let (triage, patient, symptoms, answers, words, language) = all((
            self.triage_id.parse_optional("triage_id", |id| TriageId::parse(&id)),
            self.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
            symptoms,
            answers,
            self.text.parse_optional("text", |text| text::paragraph(&text, 1000)),
            self.language.optional("language"),
        ))?;
        let mut said: Vec<Said> = Vec::new();
        let mut errors = FieldErrors::new();
        let mut own = Vec::new();
        for (list, member, items) in [("symptoms", "id", symptoms), ("answers", "question", answers)] {
            for (index, one) in items.into_iter().enumerate() {
                if is_own(&one.id) {
                    own.push((format!("{list}[{index}].{member}"), one.id.clone()));
                }
                match said.iter_mut().find(|other| other.id == one.id) {
                    Some(other) if other.present.is_some() && one.present.is_some() && other.present != one.present => {
                        errors.push(
                            Invalid::new("conflict", wording::triage::there_and_not()).at(format!("{list}[{index}]")),
                        );
                    }
                    Some(other) => other.present = other.present.or(one.present),
                    None => said.push(one),
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        for spoken in words.as_deref().map(red_flags::signs_in).unwrap_or_default() {
            match said.iter_mut().find(|one| one.id == spoken.id) {
                // Words that speak of an emergency count for more than an answer that there is none.
                Some(one) => one.present = Some(true),
                None => said.push(Said { id: spoken.id.to_owned(), present: Some(true), since: None, severity: None }),
            }
        }
        let language = language.or_else(|| words.as_deref().and_then(Language::written)).unwrap_or_default();
        let text = words;
        let words = text.as_deref().and_then(red_flags::find);
        Ok(NewTriage { triage, patient, said, words, text, own, language })
    }
}

impl NewTriage {
    /// What was said, with the signs that the pharmacy has added among it: those that are named, and those that the person's own words
    /// speak of.
    ///
    /// # Errors
    /// `unknown_value` at a sign that there is not, and was not when the triage began.
    pub fn said_by(&self, flags: &Flags, before: Option<&Triage>) -> Result<Vec<Said>, FieldErrors> {
        let was_said = |id: &str| before.is_some_and(|before| before.said.iter().any(|one| one.id == id));
        let unknown = self.own.iter().filter(|(_, id)| flags.rule(id).is_none() && !was_said(id));
        let faults: FieldErrors = unknown
            .map(|(field, _)| Invalid::new("unknown_value", wording::triage::a_symptom()).at(field.clone()))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut said = self.said.clone();
        for rule in self.text.as_deref().map(|text| flags.own_in(text)).unwrap_or_default() {
            match said.iter_mut().find(|one| one.id == rule.id) {
                Some(one) => one.present = Some(true),
                None => said.push(Said { id: rule.id.clone(), present: Some(true), since: None, severity: None }),
            }
        }
        Ok(said)
    }
}

/// What speaks for or against something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageEvidence)]
pub struct EvidenceView {
    /// The symptom.
    id: &'static str,
    /// What it is called.
    name: &'static str,
}

/// A condition that fits, in its place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageCondition)]
pub struct RankedView {
    /// Its place, from 1. It says that this fits better than the next, and not how likely it is.
    rank: usize,
    /// Its id, for `GET /v1/conditions/{id}`.
    id: &'static str,
    /// What it is called.
    name: &'static str,
    /// ICD-10-CM.
    icd10: &'static str,
    /// What speaks for it.
    #[serde(rename = "for")]
    for_it: Vec<EvidenceView>,
    /// What speaks against it.
    against: Vec<EvidenceView>,
    /// What would tell most of it and is not known.
    unknown: Vec<EvidenceView>,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageQuestion)]
pub struct QuestionView {
    /// The symptom that it asks for.
    id: &'static str,
    /// The question.
    text: &'static str,
    /// `yes`, `no`, `unsure`.
    choices: Vec<&'static str>,
}

/// Something that helps.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TreatmentOption)]
pub struct OptionView {
    /// The ingredient.
    pub ingredient: &'static str,
    /// For what.
    pub purpose: &'static str,
    /// Whether it needs a prescription; such options are shown to clinicians alone.
    pub prescription: bool,
    /// Who says so.
    pub source: &'static str,
}

impl OptionView {
    /// Of a choice.
    pub const fn of(choice: &Choice, prescription: bool) -> Self {
        Self { ingredient: choice.ingredient, purpose: choice.purpose, prescription, source: choice.source }
    }
}

/// What follows from what was said, where it is no emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    /// The triage, to go on with.
    #[schema(value_type = String)]
    pub id: TriageId,
    /// Who is ill.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// How soon somebody should be seen.
    pub urgency: Urgency,
    /// What fits, the best first; at most five.
    pub conditions: Vec<RankedView>,
    /// What it would tell most to know.
    pub next_questions: Vec<QuestionView>,
    /// What can be bought and helps, where it can be looked after at home or by a pharmacist.
    pub options: Vec<OptionView>,
    /// Why none is named though something can be bought: what is known of the patient, or not known, decides about it.
    pub options_withheld: Option<&'static str>,
    /// Which facts it goes by.
    pub dataset: &'static str,
    /// Where they are from.
    pub sources: Vec<&'static str>,
    /// That it is no diagnosis.
    pub disclaimer: &'static str,
    /// Which signs of an emergency were looked for, and not found.
    pub red_flags: RedFlagList,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The list of signs that an answer was made with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedFlagList {
    /// The release of what is built in; after a plus, what the pharmacy's own rules were last changed by.
    pub version: String,
    /// Whether a pharmacist of the house has signed what is built in.
    pub reviewed: bool,
}

impl RedFlagList {
    /// Of the signs that count.
    pub fn of(flags: &Flags) -> Self {
        Self { version: flags.version().to_owned(), reviewed: flags.reviewed() }
    }
}

/// A sign of an emergency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageSign)]
pub struct SignView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: Cow<'static, str>,
    /// What it is called, in the person's language.
    #[schema(value_type = String)]
    name: Cow<'static, str>,
    /// Where it is written that it is one.
    #[schema(value_type = String)]
    source: Cow<'static, str>,
}

impl SignView {
    const fn built_in(id: &'static str, name: &'static str, source: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), name: Cow::Borrowed(name), source: Cow::Borrowed(source) }
    }

    /// Of one that the pharmacy has added; of one that is read no more, with its English name.
    fn own(sign: &OwnSign, flags: &Flags, language: Language) -> Self {
        let name = flags.rule(&sign.id).map_or(sign.name.as_str(), |rule| rule.names.within(language));
        Self {
            id: Cow::Owned(sign.id.clone()),
            name: Cow::Owned(name.to_owned()),
            source: Cow::Owned(sign.source.clone()),
        }
    }
}

/// What is answered to an emergency, and nothing else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageEmergency)]
pub struct Alarm {
    /// What to do, in the person's language.
    #[schema(value_type = String)]
    message: Cow<'static, str>,
    /// Whom to call.
    numbers: Vec<EmergencyNumber>,
    /// Which signs it was, each with its source.
    pub matched: Vec<SignView>,
    /// By which list of signs.
    pub red_flags: RedFlagList,
}

/// An answer that is an emergency.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriageAlarm {
    /// What to do at once.
    pub emergency: Alarm,
}

fn evidence(symptoms: &[usize]) -> Vec<EvidenceView> {
    let facts = Facts::get();
    let view = |symptom: &usize| facts.symptoms.get(*symptom).map(|one| EvidenceView { id: one.id, name: one.name });
    symptoms.iter().filter_map(view).collect()
}

/// The part of a patient that decides what is an emergency.
pub fn person(patient: &Patient, today: Date) -> Person {
    Person {
        age_days: patient.date_of_birth.map(|born| today.days_since(born)),
        pregnant: patient.pregnant,
        breastfeeding: patient.breastfeeding,
    }
}

/// What ranking goes by: who is not sure says nothing.
pub fn known(said: &[Said]) -> Known {
    said.iter().filter_map(|one| Facts::get().place(&one.id).zip(one.present)).collect()
}

/// The signs that the pharmacy has added among what was said: those that were chosen or put into words, and those that answers amount
/// to. `kept` are those that the triage has already: what was an emergency stays one where its rule cannot be read now.
pub fn own_signs(said: &[Said], (person, sex): (Person, Sex), flags: &Flags, kept: &[OwnSign]) -> Vec<OwnSign> {
    let known = known(said);
    let pregnant = danger::may_be_pregnant(&known, person);
    let chosen = |id: &str| said.iter().any(|one| one.id == id && one.present == Some(true));
    let is_there = |symptom: &str| danger::is_there(&known, symptom);
    let fires = |rule: &&Rule| chosen(&rule.id) || rule.is_answered(is_there, person.age_days, sex, pregnant);
    let now = flags.own().iter().filter(fires).map(OwnSign::of);
    let before = kept.iter().filter(|sign| flags.rule(&sign.id).is_none() && chosen(&sign.id));
    now.chain(before.cloned()).collect()
}

/// The emergency in what was said, or in somebody's own words, if there is one; `own` are the signs among it that the pharmacy has
/// added.
pub fn alarm(
    said: &[Said],
    words: Option<Kind>,
    language: Language,
    person: Person,
    (own, flags): (&[OwnSign], &Flags),
) -> Option<TriageAlarm> {
    let there = said.iter().filter(|one| one.present == Some(true));
    let chosen: Vec<_> = there.map(|one| one.id.clone()).collect();
    let signs = danger::found(&known(said), &chosen, person);
    let built_in = !signs.is_empty() || words.is_some();
    if !built_in && own.is_empty() {
        return None;
    }
    let kind = match words {
        _ if signs.contains(&"intent_to_die") || own.iter().any(|sign| sign.kind == Kind::Suicide) => Kind::Suicide,
        Some(kind) => kind,
        None if built_in => Kind::Danger,
        None => own.first().map_or(Kind::Danger, |sign| sign.kind),
    };
    let emergency = Emergency::of(kind, language);
    // What the pharmacy says of a sign of its own is said where that is all that there is.
    let told = own.iter().find_map(|sign| flags.rule(&sign.id)).filter(|_| !built_in);
    let message = told.map_or(emergency.message, |rule| Emergency::told(rule, language).message);
    let mut matched: Vec<_> = signs
        .iter()
        .filter_map(|id| sign(id))
        .map(|sign| SignView::built_in(sign.id, sign.name(language), sign.source))
        .collect();
    // Which sign it is says more than that it is one.
    let own_words = words.filter(|kind| *kind != Kind::Danger || matched.is_empty());
    matched.extend(own_words.map(|kind| SignView::built_in(kind.as_str(), kind.as_str(), "own words")));
    matched.extend(own.iter().map(|sign| SignView::own(sign, flags, language)));
    let red_flags = RedFlagList::of(flags);
    Some(TriageAlarm { emergency: Alarm { message, numbers: emergency.numbers, matched, red_flags } })
}

/// Whether a question makes sense: men are not asked what is of women alone, and children not what is of those who are older.
fn is_asked_of(symptom: &Symptom, sex: Sex, person: Person) -> bool {
    let old_enough = |years: u32| person.age_days.is_none_or(|age| age >= i64::from(days(years)));
    (!symptom.women_only || sex != Sex::Male) && symptom.from_age.is_none_or(old_enough)
}

/// What it would tell most to know.
fn next_questions(known: &Known, said: &[Said], sex: Sex, person: Person) -> Vec<QuestionView> {
    let facts = Facts::get();
    let answered = |id: &str| said.iter().any(|one| one.id == id);
    let question = |id, text| QuestionView { id, text, choices: vec!["yes", "no", "unsure"] };
    // What may be an emergency is asked before anything else.
    let first = danger::open(known, person).filter(|(id, _)| !answered(id)).map(|(id, text)| question(id, text));
    let symptom = |place: usize| facts.symptoms.get(place);
    // Who was unsure is not asked again.
    let askable = |place: usize| symptom(place).is_some_and(|one| !answered(one.id) && is_asked_of(one, sex, person));
    let others = ranking::questions(known, MOST_QUESTIONS, askable).into_iter().filter_map(symptom);
    first.into_iter().chain(others.map(|one| question(one.id, one.question))).take(MOST_QUESTIONS).collect()
}

impl RankedView {
    /// The id of the condition.
    pub fn id(&self) -> String {
        self.id.to_owned()
    }
}

impl Assessment {
    /// Of what was said about a patient.
    pub fn of(
        id: TriageId,
        (patient, person): (&Patient, Person),
        said: &[Said],
        clinician: bool,
        (flags, at): (&Flags, Timestamp),
    ) -> Self {
        let known = known(said);
        let ranked = ranking::rank(&known, MOST_CONDITIONS);
        let help = help(&ranked, &known, person, clinician);
        let view = |(place, ranked): (usize, &ranking::Ranked)| RankedView {
            rank: place + 1,
            id: ranked.condition.id,
            name: ranked.condition.name,
            icd10: ranked.condition.icd10,
            for_it: evidence(&ranked.for_it),
            against: evidence(&ranked.against),
            unknown: evidence(&ranked.unknown),
        };
        Self {
            id,
            patient_id: patient.id,
            urgency: urgency(&known, person),
            conditions: ranked.iter().enumerate().map(view).collect(),
            next_questions: next_questions(&known, said, patient.sex, person),
            options: help.options,
            options_withheld: help.withheld,
            dataset: RELEASE,
            sources: SOURCES.to_vec(),
            disclaimer: DISCLAIMER,
            red_flags: RedFlagList::of(flags),
            at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    fn read(body: Value) -> Result<NewTriage, FieldErrors> {
        fields::from_json::<TriageRequest>(body)?.check()
    }

    #[test]
    fn what_is_said_twice_must_agree() {
        let body = |answer: &str| {
            json!({"symptoms": [{"id": "e91", "present": true}],
            "answers": [{"question": "e91", "answer": answer}, {"question": "e201", "answer": "unsure"}]})
        };
        let new = read(body("yes")).unwrap();
        assert_eq!(new.said.len(), 2);
        assert_eq!(known(&new.said).len(), 1, "who is not sure says nothing");
        assert_eq!(read(body("unsure")).unwrap().said[0].present, Some(true));
        let errors = read(body("no")).unwrap_err();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("answers[0]", "conflict"));
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let errors = read(
            json!({"symptoms": [{"id": "fever", "present": "yes"}], "answers": [{"question": "e91", "answer": "maybe"}]}),
        );
        let named: Vec<_> = errors.unwrap_err().into_iter().map(|error| (error.field, error.code)).collect();
        let expected = [
            ("symptoms[0].id", "unknown_value"),
            ("symptoms[0].present", "wrong_type"),
            ("answers[0].answer", "unknown_value"),
        ];
        assert_eq!(named, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn own_words_are_read_for_emergencies_and_not_kept() {
        let new = read(json!({"symptoms": [], "text": "I think my father has a heart attack"})).unwrap();
        assert_eq!((new.words, new.said.len()), (Some(Kind::ChestPain), 0), "the kind says it");
        for answers in [json!([]), json!([{"question": "animal_bite", "answer": "no"}])] {
            let text = "a dog has bitten my son";
            let bitten = read(json!({"symptoms": [], "answers": answers, "text": text})).unwrap();
            assert_eq!((bitten.words, bitten.said.len()), (Some(Kind::Danger), 1));
            assert_eq!((bitten.said[0].id.as_str(), bitten.said[0].present), ("animal_bite", Some(true)));
        }
        assert_eq!(read(json!({"symptoms": [], "text": "my nose runs"})).unwrap().words, None);
    }

    fn said(present: &[&str]) -> Vec<Said> {
        let one = |id: &&str| Said { id: (*id).to_owned(), present: Some(true), since: None, severity: None };
        present.iter().map(one).collect()
    }

    #[test]
    fn children_are_not_asked_what_is_of_those_who_are_older() {
        let from_age = |id: &str| Facts::get().place(id).and_then(|place| Facts::get().symptoms[place].from_age);
        for id in ["e61", "e78", "e79", "e115", "e145", "e163", "e167", "e189", "e191"] {
            assert!(from_age(id).is_some(), "{id}");
        }
        for symptom in &Facts::get().symptoms {
            let asked = |age_days| is_asked_of(symptom, Sex::Female, Person { age_days, ..Person::default() });
            assert_eq!(asked(Some(2 * 366)), symptom.from_age.is_none(), "{}", symptom.id);
            assert!(asked(None) && asked(Some(40 * 366)), "{}", symptom.id);
            assert!(!symptom.women_only || !is_asked_of(symptom, Sex::Male, Person::default()), "{}", symptom.id);
        }
    }

    #[test]
    fn whose_age_is_not_known_is_asked_whether_it_is_a_young_infant_and_once() {
        let asked = |said: &[Said], age_days| {
            let questions = next_questions(&known(said), said, Sex::Unknown, Person { age_days, ..Person::default() });
            assert_eq!(questions.len(), MOST_QUESTIONS);
            questions[0].id
        };
        let fever = said(&["e91", "e201"]);
        assert_eq!(asked(&fever, None), "fever_under_3_months");
        assert_ne!(asked(&fever, Some(4000)), "fever_under_3_months");
        let mut answered = fever.clone();
        answered.push(Said { present: Some(false), ..said(&["fever_under_3_months"]).remove(0) });
        assert_ne!(asked(&answered, None), "fever_under_3_months");
        let flags = Flags::default();
        let alarm = |said: &[Said]| alarm(said, None, Language::English, Person::default(), (&[], &flags));
        assert!(alarm(&answered).is_none() && alarm(&said(&["fever_under_3_months"])).is_some());
    }

    fn own_rule(symptoms: &[&str], whom: red_flags::Whom) -> Rule {
        let text =
            |text: &str| red_flags::InLanguages { en: text.to_owned(), ne: text.to_owned(), bn: text.to_owned() };
        Rule {
            id: "rul_ours".to_owned(),
            version: 2,
            kind: Kind::Danger,
            names: text("purple spots"),
            tell: text("Go to our desk."),
            patterns: vec!["purple spot*".to_owned()],
            symptoms: symptoms.iter().map(|id| (*id).to_owned()).collect(),
            whom,
            citation: "ours, 2026-01-01".to_owned(),
        }
    }

    fn alarmed(said: &[Said], person: Person, flags: &Flags, kept: &[OwnSign]) -> Option<Value> {
        let own = own_signs(said, (person, Sex::Unknown), flags, kept);
        alarm(said, None, Language::English, person, (&own, flags)).map(|alarm| serde_json::to_value(alarm).unwrap())
    }

    #[test]
    fn a_sign_of_the_pharmacy_is_told_in_its_words_and_never_in_place_of_one_that_is_built_in() {
        let flags = Flags::with(vec![own_rule(&["e91", "e201"], red_flags::Whom::default())], "01A", true);
        let anybody = Person::default();
        assert!(alarmed(&said(&["e91"]), anybody, &flags, &[]).is_none());
        let ours = alarmed(&said(&["e91", "e201"]), anybody, &flags, &[]).unwrap();
        assert_eq!(ours["emergency"]["message"], "Go to our desk.");
        assert_eq!(ours["emergency"]["matched"][0]["id"], "rul_ours");
        assert_eq!(ours["emergency"]["red_flags"], json!({"version": flags.version(), "reviewed": true}));
        let both = alarmed(&said(&["e91", "e201", "stiff_neck"]), anybody, &flags, &[]).unwrap();
        let without = alarmed(&said(&["stiff_neck"]), anybody, &Flags::default(), &[]).unwrap();
        assert_eq!(both["emergency"]["message"], without["emergency"]["message"]);
        assert_eq!(both["emergency"]["matched"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn answers_about_somebody_else_than_the_rule_is_about_are_none() {
        let whom = red_flags::Whom { age_before: Some(days(5)), ..red_flags::Whom::default() };
        let flags = Flags::with(vec![own_rule(&["e91"], whom)], "01A", false);
        let of_years = |years| Person { age_days: Some(i64::from(days(years))), ..Person::default() };
        assert!(alarmed(&said(&["e91"]), of_years(2), &flags, &[]).is_some());
        assert!(alarmed(&said(&["e91"]), of_years(40), &flags, &[]).is_none());
        assert!(alarmed(&said(&["rul_ours"]), of_years(40), &flags, &[]).is_some(), "who chooses it is believed");
    }

    #[test]
    fn words_speak_of_the_signs_of_the_pharmacy_and_unknown_ones_are_refused() {
        let flags = Flags::with(vec![own_rule(&[], red_flags::Whom::default())], "01A", false);
        let new = read(json!({"symptoms": [], "text": "purple spots on her legs"})).unwrap();
        let heard = new.said_by(&flags, None).unwrap();
        assert_eq!((heard.len(), heard[0].id.as_str(), heard[0].present), (1, "rul_ours", Some(true)));
        assert!(new.said_by(&Flags::default(), None).unwrap().is_empty());
        let named = read(json!({"symptoms": [], "answers": [{"question": "rul_ours", "answer": "yes"}]})).unwrap();
        assert_eq!(named.said_by(&flags, None).unwrap().len(), 1);
        let errors = named.said_by(&Flags::default(), None).unwrap_err();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("answers[0].question", "unknown_value"));
        assert!(read(json!({"symptoms": [{"id": "rul_sign_stiff_neck", "present": true}]})).is_err());
    }

    #[test]
    fn a_sign_that_was_said_stays_where_its_rule_cannot_be_read() {
        let rule = own_rule(&[], red_flags::Whom::default());
        let kept = [OwnSign::of(&rule)];
        let there = said(&["rul_ours"]);
        assert!(alarmed(&there, Person::default(), &Flags::default(), &kept).is_some());
        let denied = [Said { present: Some(false), ..there[0].clone() }];
        assert!(alarmed(&denied, Person::default(), &Flags::default(), &kept).is_none());
    }

    proptest::proptest! {
        /// Whatever rule is added, what was an emergency stays one, and says the same.
        #[test]
        fn no_rule_makes_dangerous_answers_harmless(
            place in 0..red_flags::signs().len(),
            symptoms in proptest::collection::vec(proptest::sample::select(vec!["e91", "e201", "e14", "e159"]), 0..4),
            age in proptest::option::of(0..36_500_i64),
            before in proptest::option::of(0..20_000_u32),
        ) {
            let sign = red_flags::signs()[place].id;
            let mut ids = symptoms.clone();
            ids.dedup();
            ids.push(sign);
            let person = Person { age_days: age, ..Person::default() };
            let whom = red_flags::Whom { age_before: before, ..red_flags::Whom::default() };
            let flags = Flags::with(vec![own_rule(&symptoms, whom)], "01A", false);
            let (with, without) =
                (alarmed(&said(&ids), person, &flags, &[]), alarmed(&said(&ids), person, &Flags::default(), &[]));
            let (with, without) = (with.unwrap(), without.unwrap());
            proptest::prop_assert_eq!(&with["emergency"]["message"], &without["emergency"]["message"]);
            let matched = with["emergency"]["matched"].as_array().unwrap();
            proptest::prop_assert!(matched.iter().any(|one| one["id"] == sign));
        }
    }
}
