use super::super::details::{Certainty, ConditionStatus, Severity};
use super::*;
use crate::patients::of_owner;
use crate::platform::clock::Timestamp;
use crate::platform::ids::UserId;

/// As a bundle with this resource and others says it, in a zone at a time.
fn taken_of(resource: Value, others: &[Value], (zone, now): (&str, &str)) -> Result<Taken, String> {
    let (now, zone) = (Timestamp::parse(now).unwrap(), Zone::parse(zone).unwrap());
    let mut entries = vec![json!({"resource": resource})];
    entries.extend_from_slice(others);
    let bundle = json!({"resourceType": "Bundle", "entry": entries});
    let document = Document::of(&bundle, MAX_ENTRIES).unwrap();
    let moment = Moment { now, today: zone.day(now).unwrap() };
    let reading = Reading { patient: of_owner(&UserId::nobody()), moment, zone: &zone, document: &document };
    reading.take(document.resources[0])
}

fn taken(resource: Value) -> Result<Taken, String> {
    taken_of(resource, &[], ("UTC", "2026-11-29T10:00:00Z"))
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
            json!({"resourceType": "MedicationRequest", "status": "active", "medicationCodeableConcept": {"text": "x"}}),
            "prescribed",
        ),
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
        taken(
            json!({"resourceType": "Condition", "identifier": [{"system": "s", "value": "7"}], "code": {"text": text}}),
        )
        .unwrap()
        .key
    };
    assert_eq!(named("Asthma"), named("Asthma, changed"));
}

#[test]
fn what_is_no_bundle_is_refused_as_a_whole() {
    assert_eq!(Document::of(&json!({"resourceType": "Patient"}), MAX_ENTRIES).unwrap_err().code(), "not_a_bundle");
    let empty = json!({"resourceType": "Bundle", "type": "searchset"});
    assert!(Document::of(&empty, MAX_ENTRIES).unwrap().resources.is_empty());
}

#[test]
fn what_was_exported_can_be_taken_again() {
    let medicine = json!({"resourceType": "MedicationStatement", "status": "active", "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "metformin"}}], "effectivePeriod": {"start": "2019"}});
    let Details::Medications(it) = details(medicine) else { panic!("another kind") };
    assert_eq!(it.substance.as_deref(), Some("metformin"));
}

#[test]
fn a_status_is_read_in_every_release_and_what_is_not_understood_is_no_fact() {
    let codeable = |code: &str| json!({"coding": [{"code": code}]});
    let second = json!({"coding": [{"system": "urn:local", "code": "17"}, {"code": "refuted"}]});
    for (element, status, word) in [
        ("verificationStatus", json!("refuted"), "ruled out"),
        ("verificationStatus", json!("entered-in-error"), "error"),
        ("verificationStatus", second, "ruled out"),
        ("verificationStatus", json!({"text": "Entered in error"}), "error"),
        ("verificationStatus", json!("unlikely"), "not understood"),
        ("verificationStatus", codeable("unlikely"), "not understood"),
        ("clinicalStatus", json!("gone"), "not understood"),
    ] {
        for kind in ["AllergyIntolerance", "Condition"] {
            let reason = taken(json!({"resourceType": kind, element: status, "code": {"text": "x"}})).unwrap_err();
            assert!(reason.contains(word), "{kind} {element} {status}: {reason}");
        }
    }
    let resolved = json!({"resourceType": "AllergyIntolerance", "clinicalStatus": "resolved", "code": {"text": "x"}});
    assert!(taken(resolved).unwrap_err().contains("resolved"));
    let dstu2 = |status: &str| {
        taken(json!({"resourceType": "AllergyIntolerance", "status": status, "substance": {"text": "latex"}}))
    };
    assert!(dstu2("refuted").is_err() && dstu2("entered-in-error").is_err());
    let Details::Allergies(it) = dstu2("confirmed").unwrap().details else { panic!("another kind") };
    assert_eq!((it.substance.as_str(), it.certainty), ("latex", Certainty::Confirmed));
    for (status, known) in [
        (json!("resolved"), ConditionStatus::Resolved),
        (json!("relapse"), ConditionStatus::Recurrence),
        (codeable("remission"), ConditionStatus::Remission),
        (json!({}), ConditionStatus::Active),
    ] {
        let says = json!({"resourceType": "Condition", "verificationStatus": "confirmed", "clinicalStatus": status, "code": {"text": "x"}});
        let Details::Conditions(it) = details(says) else { panic!("another kind") };
        assert_eq!(it.status, known, "{status}");
    }
    for (kind, element, value) in [
        ("MedicationStatement", "taken", json!("n")),
        ("MedicationStatement", "wasNotTaken", json!(true)),
        ("Immunization", "notGiven", json!(true)),
        ("Procedure", "notDone", json!(true)),
    ] {
        let says = json!({"resourceType": kind, "status": "completed", element: value, "code": {"text": "x"}, "vaccineCode": {"text": "x"},
            "medicationCodeableConcept": {"text": "x"}, "occurrenceDateTime": "2020", "performedDateTime": "2020"});
        assert!(taken(says).unwrap_err().contains("was not"), "{kind} {element}");
    }
}

#[test]
fn what_says_that_nothing_is_there_is_no_record() {
    let ips = |code: &str| json!({"coding": [{"system": "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips", "code": code}], "text": "x"});
    let snomed = |code: &str| json!({"coding": [{"code": "1"}, {"system": "http://snomed.info/sct", "code": code, "display": "x"}]});
    for (kind, element, said) in [
        ("MedicationStatement", "medicationCodeableConcept", snomed("787481004")),
        ("MedicationStatement", "medicationCodeableConcept", ips("no-known-medications")),
        ("MedicationStatement", "medicationCodeableConcept", ips("no-medication-info")),
        ("MedicationStatement", "medicationCodeableConcept", json!({"text": "No known medications."})),
        ("Condition", "code", snomed("160245001")),
        ("Condition", "code", ips("no-known-problems")),
        ("AllergyIntolerance", "code", snomed("1287211007")),
        ("AllergyIntolerance", "code", snomed("409137002")),
        ("AllergyIntolerance", "code", snomed("429625007")),
        ("AllergyIntolerance", "code", ips("no-allergy-info")),
        ("AllergyIntolerance", "code", json!({"text": "NKDA"})),
        ("Immunization", "vaccineCode", ips("no-immunization-info")),
        ("Procedure", "code", ips("no-known-procedures")),
    ] {
        let status = if kind == "AllergyIntolerance" { "active" } else { "completed" };
        let says = json!({"resourceType": kind, "status": status, element: said, "occurrenceDateTime": "2020", "performedDateTime": "2020"});
        assert!(taken(says).unwrap_err().starts_with("it says that nothing"), "{kind} {said}");
    }
    assert!(taken(json!({"resourceType": "Condition", "code": {"text": "None of a kidney"}})).is_ok());
}

#[test]
fn a_medicine_of_the_bundle_is_found_by_its_address_or_its_id() {
    let warfarin = json!({"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Medication", "id": "m1", "code": {"text": "warfarin"}}});
    let far = json!({"fullUrl": "https://a.example/Medication/m2", "resource": {"resourceType": "Medication", "id": "m2", "code": {"text": "digoxin"}}});
    let other = json!({"fullUrl": "https://b.example/Medication/m2", "resource": {"resourceType": "Medication", "id": "m2", "code": {"text": "aspirin"}}});
    let wrong = json!({"fullUrl": "urn:uuid:3", "resource": {"resourceType": "Medication", "status": "entered-in-error", "code": {"text": "x"}}});
    let others = [warfarin, far, other, wrong];
    let of = |reference: Value| {
        let says = json!({"resourceType": "MedicationStatement", "status": "active", "medicationReference": reference});
        taken_of(says, &others, ("UTC", "2026-11-29T10:00:00Z")).map(|taken| match taken.details {
            Details::Medications(it) => it.substance.unwrap(),
            _ => panic!("another kind"),
        })
    };
    for (reference, name) in [
        (json!({"reference": "urn:uuid:1"}), "warfarin"),
        (json!({"reference": "Medication/m1"}), "warfarin"),
        (json!({"reference": "https://a.example/Medication/m2/_history/4"}), "digoxin"),
        (json!({"reference": "Medication/m9", "display": "metformin"}), "metformin"),
    ] {
        assert_eq!(of(reference.clone()).as_deref(), Ok(name), "{reference}");
    }
    // Which of two it is nobody knows, nor what leads nowhere.
    for reference in
        [json!({"reference": "Medication/m2"}), json!({"reference": "urn:uuid:9"}), json!({"reference": "urn:uuid:3"})]
    {
        assert!(of(reference.clone()).is_err(), "{reference}");
    }
}

#[test]
fn a_medicine_that_was_stopped_ended_by_when_that_was_said() {
    let stopped = |more: Value, now: &str| {
        let mut says = json!({"resourceType": "MedicationStatement", "status": "stopped", "medicationCodeableConcept": {"text": "phenelzine"},
            "effectiveDateTime": "2026-01-01"});
        says.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let taken = taken_of(says, &[], ("UTC", now)).unwrap();
        let Details::Medications(it) = taken.details else { panic!("another kind") };
        (it.until.unwrap().as_str().to_owned(), taken.key)
    };
    let at = "2026-11-29T10:00:00Z";
    let asserted = stopped(json!({"dateAsserted": "2026-11-28T08:00:00Z"}), at);
    assert_eq!(asserted.0, "2026-11-28");
    assert_eq!(stopped(json!({"meta": {"lastUpdated": "2026-10-02T08:00:00Z"}}), at).0, "2026-10-02");
    // Before it began, or in the future: that cannot be.
    for day in ["2025-12-31", "2026-12-31"] {
        assert_eq!(stopped(json!({"dateAsserted": day}), at).0, "2026-11-29");
    }
    let (today, later) = (stopped(json!({}), at), stopped(json!({}), "2026-12-05T10:00:00Z"));
    assert_eq!((today.0.as_str(), later.0.as_str()), ("2026-11-29", "2026-12-05"));
    assert_eq!(today.1, later.1, "the same again is the same on whichever day");
    assert_ne!(today.1, stopped(json!({"status": "active", "effectivePeriod": {"end": "2026-05"}}), at).1);
    let ended =
        stopped(json!({"effectivePeriod": {"start": "2026-01", "end": "2026-05"}, "dateAsserted": "2026-11-28"}), at);
    assert_eq!(ended.0, "2026-05");
}

#[test]
fn the_worst_of_all_reactions_counts() {
    let of = |reactions: Value| {
        taken(json!({"resourceType": "AllergyIntolerance", "code": {"text": "penicillin"}, "reaction": reactions})).map(
            |taken| {
                let Details::Allergies(it) = taken.details else { panic!("another kind") };
                (it.severity, it.reaction)
            },
        )
    };
    let one = |text: &str, severity: &str| json!({"manifestation": [{"text": text}], "severity": severity});
    let both = of(json!([one("rash", "mild"), one("anaphylaxis", "severe"), {"manifestation": [{"text": "rash"}]}]));
    assert_eq!(both.unwrap(), (Severity::Severe, Some("rash; anaphylaxis".to_owned())));
    assert_eq!(of(json!([one(NOT_RECORDED, "severe")])).unwrap(), (Severity::Severe, None));
    assert_eq!(of(Value::Null).unwrap(), (Severity::Moderate, None));
    assert!(of(json!([one("x", "fatal")])).unwrap_err().contains("severity"));
}

#[test]
fn numbers_are_kept_as_they_were_written_and_compared_by_their_value() {
    let lab = |value: Value| {
        let taken = taken(json!({"resourceType": "Observation", "status": "final", "code": {"text": "Glucose"},
            "effectiveDateTime": "2026-01-02T03:04:05Z", "valueQuantity": {"value": value, "code": "mg/dL"}}))?;
        let Details::Labs(lab) = taken.details else { panic!("another kind") };
        Ok::<_, String>((lab.value.unwrap().0.to_string(), taken.key))
    };
    for (written, kept) in [
        ("6.80", "6.80"),
        ("70.0", "70.0"),
        ("23.16486310864311", "23.1648631086"),
        ("0.1234567890155", "0.12345678902"),
        ("1.5e2", "150"),
        ("2E-3", "0.002"),
    ] {
        assert_eq!(lab(json!(written)).unwrap().0, kept, "{written}");
    }
    assert_eq!(lab(json!("70.0")).unwrap().1, lab(json!(70)).unwrap().1);
    for wrong in ["1234567890123", "1_000", "NaN", "1e99", ""] {
        assert!(lab(json!(wrong)).is_err(), "{wrong}");
    }
    let Details::Immunizations(it) =
        details(json!({"resourceType": "Immunization", "status": "completed", "vaccineCode": {"text": "Tetanus"},
        "occurrenceDateTime": "2020", "protocolApplied": [{"doseNumberPositiveInt": "3"}]}))
    else {
        panic!("another kind")
    };
    assert_eq!(it.dose_number, Some(3));
}

#[test]
fn reports_of_two_days_are_two() {
    let report = |time: Value| {
        let mut says = json!({"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Chest X-ray"}, "conclusion": "No findings"});
        says.as_object_mut().unwrap().extend(time.as_object().unwrap().clone());
        let taken = taken(says).unwrap();
        let Details::Notes(note) = taken.details else { panic!("another kind") };
        (note.text, taken.key, taken.at.to_string())
    };
    let old = report(json!({"effectiveDateTime": "2015-03-02T10:00:00Z"}));
    let new = report(json!({"issued": "2026-03-02T10:00:00Z"}));
    assert_eq!((old.0.as_str(), new.0.as_str()), ("2015-03-02: No findings", "2026-03-02: No findings"));
    assert_ne!(old.1, new.1);
    assert!(old.2.starts_with("2015-03-02T00:00:00"), "{}", old.2);
    assert_eq!(report(json!({})).0, "No findings");
}

#[test]
fn a_result_of_today_is_none_of_the_future_and_everything_has_its_own_time() {
    let result = |day: &str| json!({"resourceType": "Observation", "status": "final", "code": {"text": "CRP"}, "effectiveDateTime": day, "valueString": "negative"});
    // It is a quarter to five in the morning of the 30th there.
    let there = ("Asia/Kathmandu", "2026-11-29T23:00:00Z");
    let today = taken_of(result("2026-11-30"), &[], there).unwrap();
    assert_eq!(today.at, Timestamp::parse("2026-11-29T18:15:00Z").unwrap());
    assert_eq!(today.details.taken_at(), Some(today.at));
    assert!(taken_of(result("2026-12-01"), &[], there).is_err());
    let at = |resource: Value| taken(resource).unwrap().at;
    let onset =
        |onset: &str| at(json!({"resourceType": "Condition", "code": {"text": "Asthma"}, "onsetDateTime": onset}));
    assert_eq!(onset("2019-03"), Timestamp::parse("2019-03-01T00:00:00Z").unwrap());
    assert_eq!(
        [onset("1958"), at(json!({"resourceType": "Condition", "code": {"text": "x"}}))],
        [Timestamp::from_millis(0); 2]
    );
}
