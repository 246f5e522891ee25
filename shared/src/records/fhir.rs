//! Records out of a FHIR R4 Bundle of whatever sort: what is taken, what is known already, and what is refused and why.
//!
//! Refused is what would be dangerous to take for a fact: what was entered in error, ruled out or not done; what has modifiers
//! that nobody here understands; a value that was not measured. Dates stay as far as they are known, decimals keep their
//! precision as far as the document's numbers tell, references that are not needed may lead nowhere, and coded things that have
//! a text alone keep it.

#![allow(clippy::indexing_slicing, reason = "what is not there is null in serde_json, and no panic")]

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::details::Details;
use super::input::{Moment, read};
use super::kind::Kind;
use crate::platform::crypto;
use crate::platform::error::{Error, Kind as Sort, Result};
use crate::platform::ids::PatientId;
use crate::platform::wording;

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
}

type Read = std::result::Result<(Kind, Value), &'static str>;

/// The resources of a bundle, of which it has at most so many.
///
/// # Errors
/// 422 `not_a_bundle`; 400 `too_many`.
pub fn entries(bundle: &Value, most: usize) -> Result<Vec<&Value>> {
    if bundle["resourceType"] != "Bundle" {
        return Err(Error::new(Sort::Unprocessable, "not_a_bundle", wording::records::not_a_bundle()));
    }
    let entries: Vec<_> = bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]).collect();
    if entries.len() > most {
        return Err(Error::new(Sort::Unprocessable, "too_many", wording::records::too_many_resources(most)));
    }
    Ok(entries)
}

/// Whether a resource is of a type that becomes a record.
pub fn is_record(resource: &Value) -> bool {
    let kinds = [
        "AllergyIntolerance",
        "Condition",
        "MedicationStatement",
        "Observation",
        "Immunization",
        "DiagnosticReport",
        "Procedure",
    ];
    resource["resourceType"].as_str().is_some_and(|kind| kinds.contains(&kind))
}

/// What a resource says, for a patient.
///
/// # Errors
/// Why it is not taken.
pub fn take(resource: &Value, patient: PatientId, moment: Moment) -> std::result::Result<Taken, String> {
    if resource.get("modifierExtension").is_some() {
        return Err("it has a modifier that is not understood here".to_owned());
    }
    let (kind, body) = match resource["resourceType"].as_str().unwrap_or_default() {
        "AllergyIntolerance" => allergy(resource),
        "Condition" => condition(resource),
        "MedicationStatement" => medication(resource),
        "Observation" => observation(resource),
        "Immunization" => immunization(resource),
        "DiagnosticReport" => report(resource),
        "Procedure" => procedure(resource),
        _ => Err("resources of this type are not taken"),
    }?;
    let details = read(kind, without_nulls(body), moment).map_err(|errors| {
        let told = errors.iter().map(|error| format!("{}: {}", error.field, error.message().spoken()));
        told.collect::<Vec<_>>().join("; ")
    })?;
    Ok(Taken { key: key(resource, patient, &details), details })
}

/// An identifier of the source where there is one; else a digest of what it says. The id of a resource is another with each export.
fn key(resource: &Value, patient: PatientId, details: &Details) -> String {
    let identifier = resource["identifier"].as_array().into_iter().flatten().find_map(|one| {
        let (system, value) = (one["system"].as_str()?, one["value"].as_str()?);
        Some(format!("identifier {system} {value}"))
    });
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let said = identifier.unwrap_or_else(|| serde_json::to_string(details).unwrap_or_default());
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

/// The code of a coded thing by a system, and what it is called: its text, or the first display.
fn concept(value: &Value, system: &str) -> (Option<String>, Option<String>) {
    let codings = || value["coding"].as_array().into_iter().flatten();
    let code = codings().find(|one| one["system"] == system).and_then(|one| one["code"].as_str());
    let display = value["text"].as_str().or_else(|| codings().find_map(|one| one["display"].as_str()));
    (code.map(str::to_owned), display.map(|text| text.chars().take(200).collect()))
}

fn code_of(value: &Value) -> &str {
    value["coding"][0]["code"].as_str().or_else(|| value["text"].as_str()).unwrap_or_default()
}

/// A date as far as it is known; of a moment the day.
fn date(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(text.get(..10).unwrap_or(text).to_owned())
}

/// A number as it was written, as far as it is still known.
fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn unit(quantity: &Value) -> Option<&str> {
    quantity["code"].as_str().or_else(|| quantity["unit"].as_str())
}

fn allergy(it: &Value) -> Read {
    let certainty = match code_of(&it["verificationStatus"]) {
        "entered-in-error" => return Err("it was entered in error"),
        "refuted" => return Err("it was ruled out"),
        "confirmed" => "confirmed",
        _ => "unconfirmed",
    };
    if code_of(&it["clinicalStatus"]) == "resolved" {
        return Err("it is resolved");
    }
    let (code, name) = concept(&it["code"], "http://snomed.info/sct");
    // No known allergy, by IPS 2 and by IPS 1.
    if code.as_deref() == Some("716186003") || code_of(&it["code"]).starts_with("no-") {
        return Err("it says that nothing is known, which is no allergy");
    }
    let name = name.ok_or("it does not say of what")?;
    let reaction = &it["reaction"][0];
    let manifestation = concept(&reaction["manifestation"][0], "").1;
    // Criticality is not severity; without a severity the worse of the two that are likely is taken.
    let severity = reaction["severity"].as_str().unwrap_or("moderate");
    Ok((
        Kind::Allergies,
        json!({"substance": name, "reaction": manifestation, "severity": severity, "certainty": certainty}),
    ))
}

fn condition(it: &Value) -> Read {
    match code_of(&it["verificationStatus"]) {
        "entered-in-error" => return Err("it was entered in error"),
        "refuted" => return Err("it was ruled out"),
        _ => {}
    }
    let (code, name) = concept(&it["code"], "http://hl7.org/fhir/sid/icd-10-cm");
    let name = name.or_else(|| code.clone()).ok_or("it does not say what")?;
    let status = match code_of(&it["clinicalStatus"]) {
        status @ ("active" | "recurrence" | "remission" | "inactive" | "resolved") => status,
        "relapse" => "recurrence",
        _ => "active",
    };
    let resolved = date(&it["abatementDateTime"]).filter(|_| !matches!(status, "active" | "recurrence"));
    let onset = date(&it["onsetDateTime"]).or_else(|| date(&it["onsetPeriod"]["start"]));
    Ok((Kind::Conditions, json!({"code": code, "name": name, "onset": onset, "resolved": resolved, "status": status})))
}

fn medication(it: &Value) -> Read {
    match it["status"].as_str().unwrap_or_default() {
        "entered-in-error" => return Err("it was entered in error"),
        "not-taken" => return Err("it was not taken"),
        "intended" => return Err("it is intended, and not taken yet"),
        _ => {}
    }
    // A medicine within the resource itself; what is referred to elsewhere has no name here.
    let contained = it["medicationReference"]["reference"].as_str().and_then(|reference| {
        let id = reference.strip_prefix('#')?;
        it["contained"].as_array()?.iter().find(|one| one["id"] == id)
    });
    let named = contained.map_or(&it["medicationCodeableConcept"], |medicine| &medicine["code"]);
    let name = concept(named, "").1.ok_or("it does not say which medicine")?;
    let dosage = it["dosage"][0]["text"].as_str().map(|text| text.chars().take(100).collect::<String>());
    let since = date(&it["effectivePeriod"]["start"]).or_else(|| date(&it["effectiveDateTime"]));
    let over = matches!(it["status"].as_str(), Some("completed" | "stopped"));
    let until = date(&it["effectivePeriod"]["end"]).or_else(|| since.clone().filter(|_| over));
    Ok((Kind::Medications, json!({"substance": name, "dose": dosage, "since": since, "until": until})))
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

fn observation(it: &Value) -> Read {
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
        Some(text) if text.len() == 10 => format!("{text}T00:00:00Z"),
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

fn immunization(it: &Value) -> Read {
    match it["status"].as_str().unwrap_or_default() {
        "entered-in-error" => return Err("it was entered in error"),
        "not-done" => return Err("it was not done"),
        _ => {}
    }
    let (code, name) = concept(&it["vaccineCode"], "http://hl7.org/fhir/sid/cvx");
    let vaccine = name.or_else(|| code.clone()).ok_or("it does not say which vaccine")?;
    let given = date(&it["occurrenceDateTime"]).ok_or("it does not say when")?;
    let dose = it["protocolApplied"][0]["doseNumberPositiveInt"].as_u64();
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
    Ok((Kind::Notes, json!({"title": name, "text": conclusion.chars().take(4000).collect::<String>()})))
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
mod tests {
    use super::*;
    use crate::patients::of_owner;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::UserId;

    fn taken(resource: Value) -> std::result::Result<Taken, String> {
        let now = Timestamp::parse("2026-11-29T10:00:00Z").unwrap();
        take(&resource, of_owner(&UserId::nobody()), Moment { now, today: now.date() })
    }

    fn details(resource: Value) -> Details {
        taken(resource).unwrap().details
    }

    #[test]
    fn what_would_be_dangerous_to_believe_is_refused() {
        let status = |kind: &str, code: &str| json!({"resourceType": "AllergyIntolerance", kind: {"coding": [{"code": code}]}, "code": {"text": "x"}});
        for (resource, word) in [
            (status("verificationStatus", "entered-in-error"), "error"),
            (status("verificationStatus", "refuted"), "ruled out"),
            (
                json!({"resourceType": "MedicationStatement", "status": "not-taken", "medicationCodeableConcept": {"text": "x"}}),
                "not taken",
            ),
            (
                json!({"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "x"}, "occurrenceDateTime": "2020"}),
                "not done",
            ),
            (json!({"resourceType": "Condition", "modifierExtension": [], "code": {"text": "x"}}), "modifier"),
            (
                json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2020-01-01", "dataAbsentReason": {}}),
                "no value",
            ),
            (
                json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2020", "valueString": "y"}),
                "which day",
            ),
            (
                json!({"resourceType": "AllergyIntolerance", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}], "text": "No known allergy"}}),
                "nothing is known",
            ),
            (
                json!({"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}, "effectiveDateTime": "2020-01-01", "valueQuantity": {"value": 7000, "code": "kg"}}),
                "check the unit",
            ),
        ] {
            let reason = taken(resource.clone()).unwrap_err();
            assert!(reason.contains(word), "{resource}: {reason}");
        }
    }

    #[test]
    fn a_result_keeps_its_comparator_range_and_code() {
        let Details::Labs(lab) = details(json!({"resourceType": "Observation", "status": "final",
            "code": {"coding": [{"system": "urn:oid:1.2", "code": "CRP"}, {"system": "http://loinc.org", "code": "1988-5"}], "text": "CRP"},
            "effectiveDateTime": "2026-01-02T03:04:05+05:45", "valueQuantity": {"value": 0.5, "comparator": "<", "unit": "mg/l", "code": "mg/L"},
            "referenceRange": [{"high": {"value": 5}}]}))
        else {
            panic!("another kind")
        };
        assert_eq!((lab.loinc.as_deref(), lab.unit.as_deref()), (Some("1988-5"), Some("mg/L")));
        assert_eq!(lab.comparator, Some(super::super::details::Comparator::Less));
        assert_eq!(lab.range.unwrap().high.unwrap().0.to_string(), "5");
    }

    #[test]
    fn a_blood_pressure_is_read_from_its_components() {
        let part = |code: &str, value: u32| json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": value, "code": "mm[Hg]"}});
        let Details::Measurements(it) =
            details(json!({"resourceType": "Observation", "status": "final", "code": {"text": "BP"},
            "effectiveDateTime": "2026-01-02", "component": [part("8480-6", 120), part("8462-4", 80)]}))
        else {
            panic!("another kind")
        };
        assert_eq!(
            (it.systolic.unwrap().0.to_string(), it.diastolic.unwrap().0.to_string()),
            ("120".to_owned(), "80".to_owned())
        );
    }

    #[test]
    fn the_same_resource_has_the_same_key_whatever_its_id() {
        let with = |id: &str, text: &str| {
            taken(json!({"resourceType": "Condition", "id": id, "code": {"text": text}})).unwrap().key
        };
        assert_eq!(with("1", "Asthma"), with("2", "Asthma"));
        assert_ne!(with("1", "Asthma"), with("1", "Gout"));
        let named = |text: &str| {
            taken(json!({"resourceType": "Condition", "identifier": [{"system": "s", "value": "7"}], "code": {"text": text}})).unwrap().key
        };
        assert_eq!(named("Asthma"), named("Asthma, changed"));
    }

    #[test]
    fn what_is_no_bundle_is_refused_as_a_whole() {
        assert_eq!(entries(&json!({"resourceType": "Patient"}), MAX_ENTRIES).unwrap_err().code(), "not_a_bundle");
        assert!(entries(&json!({"resourceType": "Bundle", "type": "searchset"}), MAX_ENTRIES).unwrap().is_empty());
    }

    #[test]
    fn what_was_exported_can_be_taken_again() {
        let medicine = json!({"resourceType": "MedicationStatement", "status": "active", "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "metformin"}}], "effectivePeriod": {"start": "2019"}});
        let Details::Medications(it) = details(medicine) else { panic!("another kind") };
        assert_eq!(it.substance.as_deref(), Some("metformin"));
    }
}
