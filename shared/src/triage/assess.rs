//! A triage: what was said, and what follows from it. Pure.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::danger;
use super::facts::{Choice, DISCLAIMER, Facts, RELEASE, SOURCES, Symptom, Urgency};
use super::help::{Reason, help, is_pregnancy_open, urgency};
use super::person::{Person, PersonInput, birthday};
use super::ranking::{self, Known};
use super::session::{OwnSign, Triage};
use crate::accounts::{Language, Sex};
use crate::medicine::review::RuleId;
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
    /// Who is ill, where nothing is kept, since the caller is not signed in or has no records: send it each time, with all that was
    /// said. What is on record about a patient takes its place.
    #[schema(value_type = Option<PersonInput>)]
    patient: Option<Field<PersonInput>>,
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
    /// Who is ill, where nothing is on record.
    pub person: Option<Person>,
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

/// Whether there is such a symptom or sign, or may be, since which signs the pharmacy has added is read later; or it says how old
/// somebody is.
fn may_be_said(id: &str) -> bool {
    Facts::get().place(id).is_some() || sign(id).is_some() || birthday(id).is_some() || is_own(id)
}

/// Whether an id is that of a sign that a pharmacy may have added.
fn is_own(id: &str) -> bool {
    RuleId::parse(id).is_ok_and(|id| id.set().is_none() && !id.is_built_in())
}

fn symptom(input: SymptomInput) -> Result<Said, FieldErrors> {
    let known = |id: String| {
        if may_be_said(&id) { Ok(id) } else { Err(Invalid::new("unknown_value", wording::triage::a_symptom())) }
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
        if may_be_said(&id) { Ok(id) } else { Err(Invalid::new("unknown_value", wording::triage::a_question())) }
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
    /// Every field at fault; `conflict` where something is said to be there and not to be there, `ambiguous` where it is said who is
    /// ill and what they are like.
    pub fn check(self, today: Date) -> Result<NewTriage, FieldErrors> {
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
        let named = self.patient_id.is_some() || self.triage_id.is_some();
        let person = match self.patient {
            None | Some(Field::Missing) => Ok(None),
            Some(_) if named => Err(vec![
                Invalid::new("ambiguous", wording::field::one_or_other("patient_id", "patient")).at("patient"),
            ]),
            Some(patient) => patient.nested("patient", |patient| patient.check(today)).map(Some),
        };
        let (triage, patient, person, symptoms, answers, words, language) = all((
            self.triage_id.parse_optional("triage_id", |id| TriageId::parse(&id)),
            self.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
            person,
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
        Ok(NewTriage { triage, patient, person, said, words, text, own, language })
    }
}

impl NewTriage {
    /// Whether it is about something on record.
    pub const fn is_about_records(&self) -> bool {
        self.triage.is_some() || self.patient.is_some()
    }

    /// What was said, with the signs that the pharmacy has added among it: those that are named, and those that the person's own words
    /// speak of. `whole` says whether `flags` are all that there are. A sign that is named and is none is a fault only where they are,
    /// and then not said; in an emergency nobody asks for the faults.
    pub fn understood(&self, flags: &Flags, whole: bool, before: Option<&Triage>) -> Understood {
        let was_said = |id: &str| before.is_some_and(|before| before.said.iter().any(|one| one.id == id));
        let is_none = |id: &str| whole && flags.rule(id).is_none() && !was_said(id);
        let unknown = self.own.iter().filter(|(_, id)| is_none(id));
        let faults: FieldErrors = unknown
            .map(|(field, _)| Invalid::new("unknown_value", wording::triage::a_symptom()).at(field.clone()))
            .collect();
        let mut said = self.said.clone();
        said.retain(|one| !(is_own(&one.id) && is_none(&one.id)));
        let unread = |one: &&Said| !whole && is_own(&one.id) && flags.rule(&one.id).is_none();
        let unread = said.iter().filter(unread).map(|one| OwnSign::unread(&one.id)).collect();
        for rule in self.text.as_deref().map(|text| flags.own_in(text)).unwrap_or_default() {
            match said.iter_mut().find(|one| one.id == rule.id) {
                Some(one) => one.present = Some(true),
                None => said.push(Said { id: rule.id.clone(), present: Some(true), since: None, severity: None }),
            }
        }
        Understood { said, unread, faults }
    }
}

/// What was said, as far as the signs of the pharmacy are known.
#[derive(Debug)]
pub struct Understood {
    /// What was said.
    pub said: Vec<Said>,
    /// What was said of signs whose rules cannot be read now: they count where they are said to be there.
    pub unread: Vec<OwnSign>,
    /// Each sign that was named and is none.
    pub faults: FieldErrors,
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
    /// The triage, to go on with; `null` where nothing is kept.
    #[schema(value_type = Option<String>)]
    pub id: Option<TriageId>,
    /// Who is ill; `null` where nothing is kept.
    #[schema(value_type = Option<String>)]
    pub patient_id: Option<PatientId>,
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
    /// The same by its codes; empty where nothing is withheld.
    pub options_withheld_for: Vec<Reason>,
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

/// What ranking goes by: who is not sure says nothing.
pub fn known(said: &[Said]) -> Known {
    said.iter().filter_map(|one| Facts::get().place(&one.id).zip(one.present)).collect()
}

/// The signs that the pharmacy has added among what was said: those that were chosen or put into words, and those that answers amount
/// to. `kept` are those that the triage has already, or that may be signs: what is an emergency is one also where its rule cannot be
/// read now, as long as what made it one is there.
pub fn own_signs(said: &[Said], person: &Person, flags: &Flags, kept: &[OwnSign]) -> Vec<OwnSign> {
    let known = known(said);
    let pregnant = danger::may_be_pregnant(&known, person);
    let chosen = |id: &str| said.iter().any(|one| one.id == id && one.present == Some(true));
    let is_there = |symptom: &str| danger::is_there(&known, symptom);
    let is_younger = |days: u32| person.is_younger(days);
    let is_answered = |rule: &Rule| rule.is_answered(is_there, is_younger, person.sex, pregnant);
    let fired = |rule: &Rule| {
        if is_answered(rule) { Some(OwnSign::answered(rule)) } else { chosen(&rule.id).then(|| OwnSign::of(rule)) }
    };
    let now = flags.own().iter().filter_map(fired);
    let still = |sign: &OwnSign| !sign.by.is_empty() && sign.by.iter().all(|symptom| is_there(symptom));
    let before = kept.iter().filter(|sign| flags.rule(&sign.id).is_none() && (chosen(&sign.id) || still(sign)));
    now.chain(before.cloned()).collect()
}

/// The emergency in what was said, or in somebody's own words, if there is one; `own` are the signs among it that the pharmacy has
/// added.
pub fn alarm(
    said: &[Said],
    words: Option<Kind>,
    language: Language,
    person: &Person,
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
    // What the pharmacy says of a sign of its own is said where that is all that there is; of one of the kind that is answered first.
    let mut told: Vec<_> = own.iter().filter_map(|sign| flags.rule(&sign.id)).filter(|_| !built_in).collect();
    told.sort_by_key(|rule| rule.kind != kind);
    let told = told.first();
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
fn is_asked_of(symptom: &Symptom, person: &Person) -> bool {
    let old_enough = |years: u32| person.is_before(years) != Some(true);
    (!symptom.women_only || person.sex != Sex::Male) && symptom.from_age.is_none_or(old_enough)
}

/// What is to be asked: first what may be an emergency, then how old somebody is and whether they are pregnant, then what it would tell
/// most to know.
fn next_questions(known: &Known, said: &[Said], person: &Person) -> Vec<QuestionView> {
    let facts = Facts::get();
    // Who was unsure is not asked again.
    let answered = |id: &str| said.iter().any(|one| one.id == id);
    let danger = danger::open(known, person);
    let age = person.open().map(|birthday| (birthday.id, birthday.question));
    let symptom = |place: usize| facts.symptoms.get(place);
    let pregnant = facts.place(danger::PREGNANT).filter(|_| is_pregnancy_open(known, person)).and_then(symptom);
    let pregnancy = pregnant.map(|one| (one.id, one.question));
    let first = danger.into_iter().chain(age).chain(pregnancy).filter(|(id, _)| !answered(id));
    let is_first = |id: &str| pregnancy.is_some_and(|(first, _)| first == id);
    let askable = |place: usize| {
        symptom(place).is_some_and(|one| !answered(one.id) && !is_first(one.id) && is_asked_of(one, person))
    };
    let others = ranking::questions(known, MOST_QUESTIONS, askable).into_iter().filter_map(symptom);
    let all = first.chain(others.map(|one| (one.id, one.question))).take(MOST_QUESTIONS);
    all.map(|(id, text)| QuestionView { id, text, choices: vec!["yes", "no", "unsure"] }).collect()
}

impl RankedView {
    /// The id of the condition.
    pub fn id(&self) -> String {
        self.id.to_owned()
    }
}

impl Assessment {
    /// Of what was said about somebody; `kept` names what it is kept under.
    pub fn of(
        kept: Option<(TriageId, PatientId)>,
        person: &Person,
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
            id: kept.map(|(triage, _)| triage),
            patient_id: kept.map(|(_, patient)| patient),
            urgency: urgency(&known, person),
            conditions: ranked.iter().enumerate().map(view).collect(),
            next_questions: next_questions(&known, said, person),
            options_withheld: help.withheld(),
            options_withheld_for: help.withheld_for,
            options: help.options,
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
    use crate::medicine::patient::Age;
    use crate::platform::fields;

    fn read(body: Value) -> Result<NewTriage, FieldErrors> {
        fields::from_json::<TriageRequest>(body)?.check(Date::parse("2026-11-20").unwrap())
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

    fn answered(id: &str, present: Option<bool>) -> Said {
        Said { id: id.to_owned(), present, since: None, severity: None }
    }

    fn of_years(years: u32) -> Person {
        Person { age: Age::of_years(years), ..Person::default() }
    }

    #[test]
    fn children_are_not_asked_what_is_of_those_who_are_older() {
        let from_age = |id: &str| Facts::get().place(id).and_then(|place| Facts::get().symptoms[place].from_age);
        for id in ["e61", "e78", "e79", "e115", "e145", "e163", "e167", "e189", "e191"] {
            assert!(from_age(id).is_some(), "{id}");
        }
        for symptom in &Facts::get().symptoms {
            let asked = |person: Person| is_asked_of(symptom, &Person { sex: Sex::Female, ..person });
            assert_eq!(asked(of_years(2)), symptom.from_age.is_none(), "{}", symptom.id);
            assert!(asked(Person::default()) && asked(of_years(40)), "{}", symptom.id);
            let man = Person { sex: Sex::Male, ..Person::default() };
            assert!(!symptom.women_only || !is_asked_of(symptom, &man), "{}", symptom.id);
        }
    }

    fn asked(said: &[Said], person: Person) -> Vec<&'static str> {
        let person = person.with(said);
        next_questions(&known(said), said, &person).iter().map(|question| question.id).collect()
    }

    #[test]
    fn whose_age_is_not_known_is_asked_whether_it_is_a_young_infant_and_once() {
        let fever = said(&["e91", "e201"]);
        assert_eq!(asked(&fever, Person::default())[..2], ["fever_under_3_months", "under_12"]);
        assert!(!asked(&fever, of_years(11)).contains(&"fever_under_3_months"));
        assert_eq!(asked(&fever, of_years(0))[0], "fever_under_3_months", "whole years do not tell months");
        let child = [&fever[..], &[answered("under_12", Some(true))]].concat();
        assert_eq!(asked(&child, of_years(40))[..2], ["fever_under_3_months", "under_1"], "a parent is on record");
        let denied = [&fever[..], &[answered("fever_under_3_months", Some(false))]].concat();
        assert!(!asked(&denied, Person::default()).contains(&"fever_under_3_months"));
        assert!(alarmed(&denied, Person::default(), &Flags::default(), &[]).is_none());
        let grown = [&fever[..], &[answered("under_12", Some(false))]].concat();
        assert!(!asked(&grown, Person::default()).contains(&"fever_under_3_months"), "no baby is older than twelve");
        let chosen = said(&["fever_under_3_months"]);
        assert!(alarmed(&chosen, Person::default(), &Flags::default(), &[]).is_some());
    }

    #[test]
    fn the_age_is_asked_for_before_anything_that_ranks_and_what_is_said_of_it_counts() {
        let cold = said(&["e201", "e181", "e97"]);
        let questions = asked(&cold, Person::default());
        assert_eq!((questions[0], questions.len()), ("under_12", MOST_QUESTIONS));
        let with = |answers: &[Said]| [&cold[..], answers].concat();
        assert_eq!(asked(&with(&[answered("under_12", Some(true))]), Person::default())[0], "under_1");
        for settled in [
            with(&[answered("under_12", Some(false))]),
            with(&[answered("under_12", None)]),
            with(&[answered("under_12", Some(true)), answered("under_1", Some(false))]),
        ] {
            let questions = asked(&settled, Person::default());
            assert!(questions.iter().all(|id| birthday(id).is_none()), "{questions:?}");
        }
        assert!(asked(&cold, of_years(30)).iter().all(|id| birthday(id).is_none()));
        let of = |said: &[Said]| {
            let person = Person::default().with(said);
            Assessment::of(None, &person, said, false, (&Flags::default(), Timestamp::from_millis(0)))
        };
        let unknown = of(&cold);
        assert!(unknown.options.is_empty() && unknown.options_withheld.is_some());
        assert_eq!(unknown.options_withheld_for, [Reason::AgeUnknown]);
        let grown = with(&[answered("under_12", Some(false))]);
        assert_eq!(asked(&grown, Person::default())[0], "e167", "then whether they are pregnant, and once");
        assert_eq!(of(&grown).options_withheld_for, [Reason::PregnancyUnknown]);
        let unsure = [&grown[..], &[answered("e167", None)]].concat();
        assert!(!asked(&unsure, Person::default()).contains(&"e167"));
        assert_eq!(of(&unsure).options_withheld_for, [Reason::PregnancyUnknown], "who is unsure has not said no");
        let grown = of(&[&grown[..], &[answered("e167", Some(false))]].concat());
        assert!(!grown.options.is_empty() && grown.options_withheld_for.is_empty());
        let child = of(&with(&[answered("under_12", Some(true))]));
        assert!(child.options.is_empty() && child.options_withheld_for == [Reason::UnderTwelve]);
        assert_eq!(child.urgency, Urgency::Pharmacy);
        let infant = of(&with(&[answered("under_12", Some(true)), answered("under_1", Some(true))]));
        assert_eq!(infant.urgency, Urgency::DoctorSoon);
    }

    #[test]
    fn who_is_ill_is_said_once() {
        let of = |more: Value| {
            let mut body = json!({"symptoms": []});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            read(body)
        };
        let guest = of(json!({"patient": {"age": 30, "sex": "male"}})).unwrap();
        assert_eq!(guest.person, Some(Person { sex: Sex::Male, ..of_years(30) }));
        assert!(!guest.is_about_records());
        let id = json!("pat_01JDH3J9V8A6M2Q4R5T6W7X8Y9");
        assert!(of(json!({"patient_id": id})).unwrap().is_about_records());
        let errors = of(json!({"patient_id": id, "patient": {"age": 30}})).unwrap_err();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("patient", "ambiguous"));
        let errors = of(json!({"patient": {"age": 200}})).unwrap_err();
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("patient.age", "implausible"));
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
        let person = person.with(said);
        let own = own_signs(said, &person, flags, kept);
        alarm(said, None, Language::English, &person, (&own, flags)).map(|alarm| serde_json::to_value(alarm).unwrap())
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
        let whom =
            red_flags::Whom { age_before: Some(crate::medicine::patient::days(5)), ..red_flags::Whom::default() };
        let flags = Flags::with(vec![own_rule(&["e91"], whom)], "01A", false);
        assert!(alarmed(&said(&["e91"]), of_years(2), &flags, &[]).is_some());
        assert!(alarmed(&said(&["e91"]), of_years(40), &flags, &[]).is_none());
        assert!(alarmed(&said(&["rul_ours"]), of_years(40), &flags, &[]).is_some(), "who chooses it is believed");
    }

    #[test]
    fn words_speak_of_the_signs_of_the_pharmacy_and_unknown_ones_are_refused() {
        let flags = Flags::with(vec![own_rule(&[], red_flags::Whom::default())], "01A", false);
        let new = read(json!({"symptoms": [], "text": "purple spots on her legs"})).unwrap();
        let heard = new.understood(&flags, true, None).said;
        assert_eq!((heard.len(), heard[0].id.as_str(), heard[0].present), (1, "rul_ours", Some(true)));
        assert!(new.understood(&Flags::default(), true, None).said.is_empty());
        let named = read(json!({"symptoms": [], "answers": [{"question": "rul_ours", "answer": "yes"}]})).unwrap();
        let known = named.understood(&flags, true, None);
        assert_eq!((known.said.len(), known.faults.len(), known.unread.len()), (1, 0, 0));
        let unknown = named.understood(&Flags::default(), true, None);
        let fault = &unknown.faults[0];
        assert_eq!((fault.field.as_str(), fault.code), ("answers[0].question", "unknown_value"));
        assert!(unknown.said.is_empty() && unknown.unread.is_empty(), "it is not kept");
        let unread = named.understood(&Flags::default(), false, None);
        assert_eq!((unread.faults.len(), unread.unread[0].id.as_str()), (0, "rul_ours"));
        let alarm = alarmed(&unread.said, Person::default(), &Flags::default(), &unread.unread).unwrap();
        assert_eq!(alarm["emergency"]["message"], *Emergency::of(Kind::Danger, Language::English).message);
        let denied = read(json!({"symptoms": [{"id": "rul_ours", "present": false}]})).unwrap();
        let denied = denied.understood(&Flags::default(), false, None);
        assert!(alarmed(&denied.said, Person::default(), &Flags::default(), &denied.unread).is_none());
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

    #[test]
    fn a_sign_that_answers_amounted_to_stays_as_long_as_all_of_them_are_there() {
        let flags = Flags::with(vec![own_rule(&["e91", "e201"], red_flags::Whom::default())], "01A", false);
        let both = said(&["e91", "e201"]);
        let kept = own_signs(&both, &Person::default(), &flags, &[]);
        assert_eq!((kept.len(), kept[0].by.as_slice()), (1, &["e91".to_owned(), "e201".to_owned()][..]));
        assert!(alarmed(&both, Person::default(), &Flags::default(), &kept).is_some(), "its rule cannot be read");
        let denied = [both[0].clone(), answered("e201", Some(false))];
        assert!(alarmed(&denied, Person::default(), &Flags::default(), &kept).is_none());
        assert!(alarmed(&denied, Person::default(), &flags, &kept).is_none());
    }

    #[test]
    fn of_several_signs_of_the_pharmacy_a_wish_to_die_is_told_and_names_the_crisis_line() {
        let wish = Rule {
            id: "rul_wish".to_owned(),
            kind: Kind::Suicide,
            tell: red_flags::InLanguages { en: "Stay with us.".to_owned(), ..red_flags::InLanguages::default() },
            ..own_rule(&[], red_flags::Whom::default())
        };
        let flags = Flags::with(vec![own_rule(&[], red_flags::Whom::default()), wish], "01A", false);
        let alarm = alarmed(&said(&["rul_ours", "rul_wish"]), Person::default(), &flags, &[]).unwrap();
        assert_eq!(alarm["emergency"]["message"], "Stay with us.");
        assert!(alarm["emergency"]["numbers"].as_array().unwrap().iter().any(|one| one["number"] == "1166"));
    }

    proptest::proptest! {
        /// Whatever rule is added, what was an emergency stays one, and says the same.
        #[test]
        fn no_rule_makes_dangerous_answers_harmless(
            place in 0..red_flags::signs().len(),
            symptoms in proptest::collection::vec(proptest::sample::select(vec!["e91", "e201", "e14", "e159"]), 0..4),
            age in proptest::option::of(0..100_u32),
            before in proptest::option::of(0..20_000_u32),
        ) {
            let sign = red_flags::signs()[place].id;
            let mut ids = symptoms.clone();
            ids.dedup();
            ids.push(sign);
            let person = Person { age: age.and_then(Age::of_years), ..Person::default() };
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
