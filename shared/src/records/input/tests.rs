use serde_json::json;

use super::*;
use crate::records::details::RecordDetails;

fn moment() -> Moment {
    Moment { now: Timestamp::parse("2026-11-29T10:00:00Z").unwrap(), today: Date::parse("2026-11-29").unwrap() }
}

fn good(kind: Kind) -> Value {
    match kind {
        Kind::Allergies => {
            json!({"substance": "penicillin", "reaction": "hives", "severity": "moderate", "certainty": "confirmed"})
        }
        Kind::Conditions => json!({"code": "e119", "name": "Type 2 diabetes", "onset": "2019-03", "status": "active"}),
        Kind::Medications => {
            json!({"substance": "metformin", "dose": "500 mg", "frequency": "twice a day", "since": "2019"})
        }
        Kind::Labs => json!({"loinc": "4548-4", "name": "HbA1c", "value": "6.80", "unit": "%",
            "range": {"low": "4.0", "high": "5.6"}, "taken_at": "2026-11-20T08:00:00Z", "lab": "City lab"}),
        Kind::Imaging => {
            json!({"modality": "xray", "body_site": "chest", "performed_on": "2026-10-01", "report": "No fracture."})
        }
        Kind::Measurements => json!({"kind": "blood_pressure", "systolic": 128, "diastolic": 82, "unit": "mmHg",
            "taken_at": "2026-11-29T09:00:00+05:45"}),
        Kind::Procedures => json!({"name": "Appendectomy", "performed_on": "2001"}),
        Kind::Immunizations => json!({"vaccine": "Tetanus", "code": "115", "given_on": "2022-05-01", "dose_number": 3}),
        Kind::Notes => json!({"title": "Travel", "text": "Was in the Terai in October."}),
    }
}

fn faults(kind: Kind, body: Value) -> Vec<(String, &'static str)> {
    read(kind, body, moment()).unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
}

fn with(kind: Kind, changes: Value) -> Value {
    let mut body = good(kind);
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    body
}

#[test]
fn every_kind_is_read_and_shown_as_it_can_be_read_again() {
    for kind in Kind::ALL {
        let details = read(kind, good(kind), moment()).unwrap();
        assert_eq!(details.kind(), kind);
        assert_eq!(patched(&details, Map::new(), moment()).unwrap(), details, "{kind}");
        let text = serde_json::to_string(&details).unwrap();
        assert_eq!(serde_json::from_str::<Details>(&text).unwrap(), details);
    }
}

#[test]
fn values_keep_their_precision() {
    let details = read(Kind::Labs, good(Kind::Labs), moment()).unwrap();
    let shown = serde_json::to_value(RecordDetails::from(details)).unwrap();
    assert_eq!((&shown["value"], &shown["range"]["low"]), (&json!("6.80"), &json!("4.0")));
}

#[test]
fn every_field_at_fault_is_named() {
    assert_eq!(
        faults(Kind::Labs, json!({"name": "", "value": "x", "unit": "mgdl", "taken_at": "yesterday", "loinc": "1-1"})),
        [
            ("loinc", "invalid_code"),
            ("name", "empty"),
            ("value", "wrong_type"),
            ("unit", "unknown_unit"),
            ("taken_at", "invalid_time"),
        ]
        .map(|(field, code)| (field.to_owned(), code))
    );
    assert_eq!(faults(Kind::Notes, with(Kind::Notes, json!({"mood": "good"})))[0].1, "unknown");
    let one = |kind, changes| faults(kind, with(kind, changes)).remove(0);
    for (kind, changes, field, code) in [
        (Kind::Labs, json!({"unit": null}), "unit", "required"),
        (Kind::Labs, json!({"value": null}), "value", "required"),
        (Kind::Labs, json!({"text": "negative"}), "text", "conflict"),
        (Kind::Labs, json!({"range": {}}), "range.low", "required"),
        (Kind::Medications, json!({"substance": null}), "substance", "required"),
        (Kind::Conditions, json!({"resolved": "2020"}), "status", "conflict"),
        (Kind::Measurements, json!({"unit": "kg"}), "unit", "wrong_unit"),
        (Kind::Measurements, json!({"value": 1}), "value", "conflict"),
        (Kind::Measurements, json!({"diastolic": null}), "diastolic", "required"),
        (Kind::Immunizations, json!({"dose_number": 0}), "dose_number", "out_of_range"),
        (Kind::Allergies, json!({"severity": "terrible"}), "severity", "unknown_value"),
    ] {
        assert_eq!(one(kind, changes), (field.to_owned(), code), "{kind}");
    }
}

#[test]
fn what_cannot_be_true_is_refused_as_such() {
    for (kind, changes, field) in [
        (Kind::Measurements, json!({"systolic": 400}), "systolic"),
        (Kind::Measurements, json!({"systolic": 80, "diastolic": 120}), "diastolic"),
        (Kind::Measurements, json!({"taken_at": "2027-01-01T00:00:00Z"}), "taken_at"),
        (Kind::Labs, json!({"loinc": "2823-3", "value": 42, "unit": "mmol/L"}), "value"),
        (Kind::Labs, json!({"range": {"low": 6, "high": 4}}), "range.high"),
        (Kind::Conditions, json!({"onset": "2027"}), "onset"),
        (Kind::Medications, json!({"since": "2020", "until": "2019-12"}), "until"),
    ] {
        let error = refusal(read(kind, with(kind, changes), moment()).unwrap_err());
        assert_eq!((error.kind(), error.code()), (Sort::Unprocessable, "implausible_value"), "{kind} {field}");
        assert_eq!(error.fields()[0].field, field);
    }
    // Something else is wrong as well: that comes first.
    let error = refusal(
        read(Kind::Measurements, with(Kind::Measurements, json!({"systolic": 400, "diastolic": null})), moment())
            .unwrap_err(),
    );
    assert_eq!(error.code(), "invalid_request");
}

#[test]
fn a_change_keeps_clears_and_sets() {
    let details = read(Kind::Labs, good(Kind::Labs), moment()).unwrap();
    let patch = |value: Value| value.as_object().unwrap().clone();
    let changed = patched(&details, patch(json!({"range": {"high": "6.0"}, "lab": null})), moment()).unwrap();
    let Details::Labs(lab) = changed else { panic!("another kind") };
    assert_eq!(lab.range.unwrap().low.unwrap().0.to_string(), "4.0");
    assert_eq!(lab.range.unwrap().high.unwrap().0.to_string(), "6.0");
    assert_eq!(lab.lab, None);
    let cleared = patched(&details, patch(json!({"name": null})), moment()).unwrap_err();
    assert_eq!((cleared[0].field.as_str(), cleared[0].code), ("name", "required"));
}
