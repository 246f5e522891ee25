//! Records out of a FHIR R4 Bundle of whatever sort: what is taken, what is known already, and what is refused and why.
//!
//! Refused is what would be dangerous to take for a fact: what was entered in error, ruled out or not done; what has modifiers or a
//! status that nobody here understands; a value that was not measured. Dates stay as far as they are known, decimals keep their
//! precision, references that are not needed may lead nowhere, and coded things that have a text alone keep it. What DSTU2 and STU3
//! say in other elements is read as well, where it would be dangerous not to.

#![allow(clippy::indexing_slicing, reason = "what is not there is null in serde_json, and no panic")]

mod coded;
mod document;
mod number;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use self::coded::{concept, says_nothing, statuses};
pub use self::document::Document;
use self::number::{decimal, shortest, whole};
use super::details::Details;
use super::input::{Moment, read};
use super::ips::NOT_RECORDED;
use super::kind::Kind;
use super::partial_date::PartialDate;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::crypto;
use crate::platform::ids::PatientId;
use crate::platform::zone::Zone;

/// The most resources of a bundle in a request.
pub const MAX_ENTRIES: usize = 1000;

/// How it went with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportOutcome)]
pub enum Outcome {
    /// It is on record now.
    Created,
    /// It was on record already.
    Duplicate,
    /// It is not taken; the reason says why.
    Refused,
}

/// A resource of a bundle and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportedResource)]
pub struct Imported {
    /// Its place in the bundle, from zero.
    pub entry: usize,
    /// Its type: `Observation`.
    pub resource: String,
    /// How it went.
    pub outcome: Outcome,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A resource that can be put on record.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What it says.
    pub details: Details,
    /// What makes it the same when it comes again.
    pub key: String,
    /// The time that it says something of, in the order of lists; 1970 where it says none, and of all that was before.
    pub at: Timestamp,
}

/// What resources are read with.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'r> {
    /// About whom.
    pub patient: PatientId,
    /// When they are taken in.
    pub moment: Moment,
    /// Where a day without an hour begins.
    pub zone: &'r Zone,
    /// The bundle that they are of.
    pub document: &'r Document<'r>,
}

type Read = Result<(Kind, Value), &'static str>;

/// Whether a resource is of a type that becomes a record.
pub fn is_record(resource: &Value) -> bool {
    let kinds = [
        "AllergyIntolerance",
        "Condition",
        "MedicationStatement",
        "MedicationRequest",
        "Observation",
        "Immunization",
        "DiagnosticReport",
        "Procedure",
    ];
    resource["resourceType"].as_str().is_some_and(|kind| kinds.contains(&kind))
}

impl Reading<'_> {
    /// What a resource says.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn take(&self, resource: &Value) -> Result<Taken, String> {
        if resource.get("modifierExtension").is_some() {
            return Err("it has a modifier that is not understood here".to_owned());
        }
        let (kind, body) = match resource["resourceType"].as_str().unwrap_or_default() {
            "AllergyIntolerance" => allergy(resource),
            "Condition" => condition(resource),
            "MedicationStatement" => self.medication(resource),
            // Passed over, people would believe that their medicines had come in.
            "MedicationRequest" => Err("it says what was prescribed, and not what is taken"),
            "Observation" => self.observation(resource),
            "Immunization" => immunization(resource),
            "DiagnosticReport" => report(resource),
            "Procedure" => procedure(resource),
            _ => Err("resources of this type are not taken"),
        }?;
        let mut details = read(kind, without_nulls(body), self.moment).map_err(|errors| {
            let told = errors.iter().map(|error| format!("{}: {}", error.field, error.message().spoken()));
            told.collect::<Vec<_>>().join("; ")
        })?;
        let begun = details.begun_at().or_else(|| reported_on(resource)?.earliest().map(Date::begins));
        let at = Timestamp::from_millis(begun.map_or(0, |at| at.millis().max(0)));
        let ended = is_over_without_end(resource, &details);
        let key = key(resource, self.patient, &details, ended);
        if let (Details::Medications(medication), true) = (&mut details, ended) {
            medication.until = self.ended(resource, medication.since.as_ref());
        }
        Ok(Taken { details, key, at })
    }

    /// By when a medication was over of which no more is said: by when that was said, or today. It may have ended before, but what
    /// counts is how long nobody has taken it for certain.
    fn ended(&self, resource: &Value, since: Option<&PartialDate>) -> Option<PartialDate> {
        let said = [&resource["dateAsserted"], &resource["meta"]["lastUpdated"]].into_iter().find_map(date);
        let said = said.and_then(|day| PartialDate::past(&day, self.moment.today).ok());
        let begun = since.and_then(PartialDate::earliest);
        let after = |day: &PartialDate| begun.is_none_or(|begun| day.latest().is_some_and(|day| day >= begun));
        said.filter(after).or_else(|| PartialDate::parse(&self.moment.today.to_string()).ok())
    }

    /// When a day began where the pharmacy is: a result of today is none of the future.
    fn beginning(&self, day: &str) -> String {
        let begins = Date::parse(day).ok().and_then(|day| self.zone.beginning(day).ok());
        begins.map_or_else(|| format!("{day}T00:00:00Z"), |at| at.to_string())
    }
}

/// Whether it is a medication that is not taken any more, and does not say since when.
fn is_over_without_end(resource: &Value, details: &Details) -> bool {
    let over = matches!(resource["status"].as_str(), Some("completed" | "stopped"));
    over && matches!(details, Details::Medications(medication) if medication.until.is_none())
}

/// An identifier of the source where there is one; else a digest of what it says, as this house has not filled anything in. The id
/// of a resource is another with each export.
fn key(resource: &Value, patient: PatientId, details: &Details, ended: bool) -> String {
    let identifier = resource["identifier"].as_array().into_iter().flatten().find_map(|one| {
        let (system, value) = (one["system"].as_str()?, one["value"].as_str()?);
        Some(format!("identifier {system} {value}"))
    });
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let said = identifier.unwrap_or_else(|| {
        let said = serde_json::to_string(&shortest(details)).unwrap_or_default();
        if ended { format!("{said} ended") } else { said }
    });
    crypto::sha256_hex(format!("{patient} {kind} {said}").as_bytes())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        other => other,
    }
}

/// A date as far as it is known; of a moment the day.
fn date(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(text.get(..10).unwrap_or(text).to_owned())
}

fn unit(quantity: &Value) -> Option<&str> {
    quantity["code"].as_str().or_else(|| quantity["unit"].as_str())
}

/// From the least to the worst.
const SEVERITIES: &[&str] = &["mild", "moderate", "severe"];

/// The worst of what happened, and all of it in words. Criticality is not severity; without a severity the worse of the two that are
/// likely is taken.
fn reactions(it: &Value) -> Result<(&'static str, Option<String>), &'static str> {
    let reactions = || it["reaction"].as_array().into_iter().flatten();
    let mut worst: Option<usize> = None;
    for said in reactions().filter_map(|reaction| reaction["severity"].as_str()) {
        let known = SEVERITIES.iter().position(|severity| *severity == said);
        worst = worst.max(Some(known.ok_or("it has a severity that is not understood here")?));
    }
    let mut texts: Vec<String> = Vec::new();
    for manifestation in reactions().filter_map(|reaction| reaction["manifestation"].as_array()).flatten() {
        let text = concept(manifestation, "").1.filter(|text| text != NOT_RECORDED && !texts.contains(text));
        texts.extend(text);
    }
    let severity = worst.and_then(|worst| SEVERITIES.get(worst)).copied().unwrap_or("moderate");
    let told: String = texts.join("; ").chars().take(4000).collect();
    Ok((severity, Some(told).filter(|told| !told.is_empty())))
}

fn allergy(it: &Value) -> Read {
    let said = statuses(&[&it["verificationStatus"], &it["clinicalStatus"], &it["status"]])?;
    ruled_out(&said)?;
    if said.contains(&"resolved") {
        return Err("it is resolved");
    }
    let of = if it["code"].is_null() { &it["substance"] } else { &it["code"] };
    if says_nothing(of) {
        return Err("it says that nothing is known, which is no allergy");
    }
    let confirmed = said.contains(&"confirmed") && !said.contains(&"unconfirmed");
    let certainty = if confirmed { "confirmed" } else { "unconfirmed" };
    let name = concept(of, "").1.ok_or("it does not say of what")?;
    let (severity, reaction) = reactions(it)?;
    Ok((
        Kind::Allergies,
        json!({"substance": name, "reaction": reaction, "severity": severity, "certainty": certainty}),
    ))
}

/// Refuses what is no fact.
fn ruled_out(said: &[&str]) -> Result<(), &'static str> {
    if said.contains(&"entered-in-error") {
        return Err("it was entered in error");
    }
    if said.contains(&"refuted") { Err("it was ruled out") } else { Ok(()) }
}

fn condition(it: &Value) -> Read {
    let said = statuses(&[&it["verificationStatus"], &it["clinicalStatus"]])?;
    ruled_out(&said)?;
    if says_nothing(&it["code"]) {
        return Err("it says that nothing is known, which is no condition");
    }
    let (code, name) = concept(&it["code"], "http://hl7.org/fhir/sid/icd-10-cm");
    let name = name.or_else(|| code.clone()).ok_or("it does not say what")?;
    let known = ["active", "recurrence", "relapse", "remission", "inactive", "resolved"];
    let status = match known.into_iter().find(|status| said.contains(status)) {
        None => "active",
        Some("relapse") => "recurrence",
        Some(status) => status,
    };
    let resolved = date(&it["abatementDateTime"]).filter(|_| !matches!(status, "active" | "recurrence"));
    let onset = date(&it["onsetDateTime"]).or_else(|| date(&it["onsetPeriod"]["start"]));
    Ok((Kind::Conditions, json!({"code": code, "name": name, "onset": onset, "resolved": resolved, "status": status})))
}

impl Reading<'_> {
    fn medication(&self, it: &Value) -> Read {
        match it["status"].as_str().unwrap_or_default() {
            "entered-in-error" => return Err("it was entered in error"),
            "not-taken" => return Err("it was not taken"),
            "intended" => return Err("it is intended, and not taken yet"),
            _ => {}
        }
        if it["taken"] == "n" || it["wasNotTaken"] == true {
            return Err("it was not taken");
        }
        let reference = &it["medicationReference"];
        let medicine = reference["reference"].as_str().and_then(|place| match place.strip_prefix('#') {
            Some(id) => it["contained"].as_array()?.iter().find(|one| one["id"] == id),
            None => self.document.medicine(place),
        });
        if medicine.is_some_and(|medicine| medicine["status"] == "entered-in-error") {
            return Err("its medicine was entered in error");
        }
        let named = medicine.map_or(&it["medicationCodeableConcept"], |medicine| &medicine["code"]);
        if says_nothing(named) {
            return Err("it says that nothing is taken or known, which is no medication");
        }
        // A reference that leads nowhere may say itself what it leads to.
        let displayed = || Some(reference["display"].as_str()?.chars().take(200).collect());
        let name = concept(named, "").1.or_else(displayed).ok_or("it does not say which medicine")?;
        let dosage = it["dosage"][0]["text"].as_str().map(|text| text.chars().take(100).collect::<String>());
        let since = date(&it["effectivePeriod"]["start"]).or_else(|| date(&it["effectiveDateTime"]));
        let until = date(&it["effectivePeriod"]["end"]);
        Ok((Kind::Medications, json!({"substance": name, "dose": dosage, "since": since, "until": until})))
    }
}

/// What vital signs are called here, by their codes in LOINC.
const VITALS: &[(&str, &str)] = &[
    ("29463-7", "weight"),
    ("3141-9", "weight"),
    ("8302-2", "height"),
    ("8306-3", "height"),
    ("8867-4", "heart_rate"),
    ("8310-5", "temperature"),
    ("59408-5", "spo2"),
    ("2708-6", "spo2"),
    ("72514-3", "pain"),
];

impl Reading<'_> {
    fn observation(&self, it: &Value) -> Read {
        match it["status"].as_str().unwrap_or_default() {
            "entered-in-error" => return Err("it was entered in error"),
            "cancelled" => return Err("it was cancelled"),
            "registered" => return Err("there is no result yet"),
            _ => {}
        }
        if it.get("dataAbsentReason").is_some() {
            return Err("it has no value");
        }
        let taken = it["effectiveDateTime"]
            .as_str()
            .or_else(|| it["effectivePeriod"]["start"].as_str())
            .or_else(|| it["issued"].as_str());
        let taken = match taken {
            Some(text) if text.len() == 10 => self.beginning(text),
            Some(text) if text.len() > 10 => text.to_owned(),
            _ => return Err("it does not say on which day"),
        };
        let (loinc, name) = concept(&it["code"], "http://loinc.org");
        let part = |code: &str| {
            let has = |one: &&Value| concept(&one["code"], "http://loinc.org").0.as_deref() == Some(code);
            it["component"].as_array().into_iter().flatten().find(has).map(|one| &one["valueQuantity"])
        };
        if let (Some(upper), Some(lower)) = (part("8480-6"), part("8462-4")) {
            return Ok((
                Kind::Measurements,
                json!({"kind": "blood_pressure", "systolic": decimal(&upper["value"]),
                "diastolic": decimal(&lower["value"]), "unit": unit(upper), "taken_at": taken}),
            ));
        }
        let quantity = &it["valueQuantity"];
        let vital = VITALS.iter().find(|(code, _)| loinc.as_deref() == Some(code)).map(|(_, kind)| *kind);
        if let (Some(kind), Some(value)) = (vital, decimal(&quantity["value"])) {
            return Ok((
                Kind::Measurements,
                json!({"kind": kind, "value": value, "unit": unit(quantity), "taken_at": taken}),
            ));
        }
        let name = name.or_else(|| loinc.clone()).ok_or("it does not say of what")?;
        let performer = it["performer"][0]["display"].as_str();
        if let Some(value) = decimal(&quantity["value"]) {
            let range = &it["referenceRange"][0];
            let (low, high) = (decimal(&range["low"]["value"]), decimal(&range["high"]["value"]));
            let range = (low.is_some() || high.is_some()).then(|| json!({"low": low, "high": high}));
            return Ok((
                Kind::Labs,
                json!({"loinc": loinc, "name": name, "value": value, "comparator": quantity["comparator"].as_str(),
                "unit": unit(quantity), "range": range, "taken_at": taken, "lab": performer}),
            ));
        }
        let text = it["valueString"].as_str().map(str::to_owned).or_else(|| concept(&it["valueCodeableConcept"], "").1);
        let text = text.ok_or("it has no value that can be kept")?;
        Ok((Kind::Labs, json!({"loinc": loinc, "name": name, "text": text, "taken_at": taken, "lab": performer})))
    }
}

fn immunization(it: &Value) -> Read {
    match it["status"].as_str().unwrap_or_default() {
        "entered-in-error" => return Err("it was entered in error"),
        "not-done" => return Err("it was not done"),
        _ => {}
    }
    if it["notGiven"] == true || it["wasNotGiven"] == true {
        return Err("it was not done");
    }
    if says_nothing(&it["vaccineCode"]) {
        return Err("it says that nothing is known, which is no vaccination");
    }
    let (code, name) = concept(&it["vaccineCode"], "http://hl7.org/fhir/sid/cvx");
    let vaccine = name.or_else(|| code.clone()).ok_or("it does not say which vaccine")?;
    let given = date(&it["occurrenceDateTime"]).or_else(|| date(&it["date"])).ok_or("it does not say when")?;
    let dose = whole(&it["protocolApplied"][0]["doseNumberPositiveInt"]);
    Ok((
        Kind::Immunizations,
        json!({"vaccine": vaccine, "code": code, "given_on": given, "dose_number": dose, "lot": it["lotNumber"].as_str()}),
    ))
}

fn procedure(it: &Value) -> Read {
    match it["status"].as_str().unwrap_or_default() {
        "entered-in-error" => return Err("it was entered in error"),
        "not-done" => return Err("it was not done"),
        "completed" => {}
        _ => return Err("it is not completed"),
    }
    if it["notDone"] == true || it["notPerformed"] == true {
        return Err("it was not done");
    }
    if says_nothing(&it["code"]) {
        return Err("it says that nothing is known, which is no procedure");
    }
    let name = concept(&it["code"], "").1.ok_or("it does not say what")?;
    let on = date(&it["performedDateTime"])
        .or_else(|| date(&it["performedPeriod"]["start"]))
        .ok_or("it does not say when")?;
    Ok((Kind::Procedures, json!({"name": name, "performed_on": on})))
}

fn report(it: &Value) -> Read {
    match it["status"].as_str().unwrap_or_default() {
        "entered-in-error" => return Err("it was entered in error"),
        "cancelled" => return Err("it was cancelled"),
        _ => {}
    }
    let name = concept(&it["code"], "").1.ok_or("it does not say of what")?;
    let conclusion = it["conclusion"].as_str().ok_or("it has no conclusion; its results are taken by themselves")?;
    // A note has no day of its own, and says another thing on another day.
    let text = match reported_on(it) {
        Some(day) => format!("{}: {conclusion}", day.as_str()),
        None => conclusion.to_owned(),
    };
    Ok((Kind::Notes, json!({"title": name, "text": text.chars().take(4000).collect::<String>()})))
}

/// The day of a report.
fn reported_on(it: &Value) -> Option<PartialDate> {
    let times = [&it["effectiveDateTime"], &it["effectivePeriod"]["start"], &it["issued"]];
    let reported = times.into_iter().find_map(date).filter(|_| it["resourceType"] == "DiagnosticReport");
    reported.and_then(|day| PartialDate::parse(&day).ok())
}

/// The refusal of a resource, as it is answered.
pub fn refused(entry: usize, resource: &Value, reason: impl Into<String>) -> Imported {
    Imported { entry, resource: kind_of(resource), outcome: Outcome::Refused, reason: Some(reason.into()) }
}

/// The type of a resource.
pub fn kind_of(resource: &Value) -> String {
    resource["resourceType"].as_str().unwrap_or("unknown").chars().take(64).collect()
}

#[cfg(test)]
mod tests;
