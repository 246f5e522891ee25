use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::patients::of_owner;

use crate::platform::ids::UserId;
use crate::records::input::{Moment, read};
use crate::records::{Author, Kind, Part};

fn now() -> Timestamp {
    Timestamp::parse("2026-11-29T10:00:00Z").unwrap()
}

fn anna() -> Patient {
    let text = json!({"id": of_owner(&UserId::nobody()), "full_name": "Anna <Karki>", "date_of_birth": "1990-02-28",
        "sex": "female", "relationship": "self", "version": 1});
    serde_json::from_value(text).unwrap()
}

fn records() -> Vec<Record> {
    let bodies = [
        (
            Kind::Allergies,
            json!({"substance": "penicillin", "reaction": "hives & <b>", "severity": "severe", "certainty": "confirmed"}),
        ),
        (Kind::Allergies, json!({"substance": "aspirin", "severity": "mild", "certainty": "refuted"})),
        (Kind::Conditions, json!({"code": "E11.9", "name": "Type 2 diabetes", "onset": "2019-03", "status": "active"})),
        (Kind::Conditions, json!({"name": "Pneumonia", "onset": "2020", "resolved": "2020-05", "status": "resolved"})),
        (
            Kind::Medications,
            json!({"substance": "metformin", "dose": "500 mg", "frequency": "twice a day", "since": "2019"}),
        ),
        (Kind::Medications, json!({"substance": "aspirin"})),
        (
            Kind::Labs,
            json!({"loinc": "4548-4", "name": "HbA1c", "value": "6.80", "unit": "%", "range": {"low": "4.0", "high": "5.6"}, "taken_at": "2026-11-20T08:00:00Z"}),
        ),
        (
            Kind::Labs,
            json!({"name": "CRP", "value": "0.5", "comparator": "<", "unit": "mg/L", "taken_at": "2026-11-20T08:00:00Z", "lab": "City lab"}),
        ),
        (Kind::Labs, json!({"name": "Malaria", "text": "negative", "taken_at": "2026-11-20T08:00:00Z"})),
        (
            Kind::Measurements,
            json!({"kind": "blood_pressure", "systolic": 128, "diastolic": 82, "unit": "mm[Hg]", "taken_at": "2026-11-29T09:00:00Z"}),
        ),
        (
            Kind::Measurements,
            json!({"kind": "weight", "value": "70.50", "unit": "kg", "taken_at": "2026-11-29T09:00:00Z"}),
        ),
        (
            Kind::Measurements,
            json!({"kind": "glucose", "value": "5.5", "unit": "mmol/L", "taken_at": "2026-11-29T09:00:00Z"}),
        ),
        (Kind::Procedures, json!({"name": "Appendectomy", "performed_on": "2001"})),
        (Kind::Immunizations, json!({"vaccine": "Tetanus", "code": "115", "given_on": "2022-05-01", "dose_number": 3})),
        (Kind::Notes, json!({"title": "Private", "text": "not in a summary"})),
    ];
    let author = Author { user: UserId::nobody(), part: Part::Owner };
    let moment = Moment { now: now(), today: now().date() };
    let one = |(kind, body)| {
        Record::new(RecordId::generate(now()), anna().id, read(kind, body, moment).unwrap(), author.clone(), now())
    };
    bodies.into_iter().map(one).collect()
}

fn product(number: u8) -> ProductId {
    ProductId::parse(&format!("prd_01JDH3J9V8A6M2Q4R5T6W7X8Y{number}")).unwrap()
}

fn products() -> BTreeMap<ProductId, Named> {
    let named = |name: &str, ingredients: &[&str]| Named {
        name: name.to_owned(),
        ingredients: ingredients.iter().map(|one| (*one).to_owned()).collect(),
    };
    [
        (product(1), named("Panadol 500 mg", &["paracetamol"])),
        (product(2), named("Augmentin", &["amoxicillin", "clavulanic acid"])),
    ]
    .into()
}

fn document(patient: &Patient, records: &[Record]) -> (String, Value) {
    let (id, products) = (0x1234_5678_9abc_8def_8123_4567_89ab_cdef, products());
    let summary = Summary { patient, records, products: &products, at: now(), today: now().date(), id };
    let text = summary.written().unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

/// Every object anywhere in a document.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Map<String, Value>>) {
    match value {
        Value::Object(object) => {
            found.push(object);
            object.values().for_each(|inner| objects(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| objects(inner, found)),
        _ => {}
    }
}

/// What is wrong with a document by the rules of FHIR R4 documents and of the International Patient Summary 2.0.1.
fn faults(bundle: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, rule: &str| {
        if !holds {
            faults.push(rule.to_owned());
        }
    };
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let urls: Vec<_> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap_or_default()).collect();
    let of = |kind: &str| {
        entries.iter().map(|entry| &entry["resource"]).filter(|one| one["resourceType"] == kind).collect::<Vec<_>>()
    };
    must(bundle["identifier"]["system"].is_string() && bundle["identifier"]["value"].is_string(), "bdl-9");
    must(bundle["timestamp"].is_string() && bundle["type"] == "document", "document");
    must(entries.first().is_some_and(|entry| entry["resource"]["resourceType"] == "Composition"), "first");
    must(of("Composition").len() == 1 && of("Patient").len() == 1, "one of each");
    must(urls.iter().collect::<BTreeSet<_>>().len() == urls.len(), "distinct");
    must(
        urls.iter().all(|url| url.starts_with("urn:uuid:") && url.len() == 45 && *url == url.to_lowercase()),
        "fullUrl",
    );
    must(entries.iter().all(|entry| entry.get("request").is_none() && entry["resource"].is_object()), "entries");
    let composition = entries.first().map_or(Value::Null, |entry| entry["resource"].clone());
    must(composition["type"]["coding"][0]["code"] == "60591-5", "type");
    let sections = composition["section"].as_array().cloned().unwrap_or_default();
    let codes: Vec<_> =
        sections.iter().map(|section| section["code"]["coding"][0]["code"].as_str().unwrap_or_default()).collect();
    must(
        ["11450-4", "48765-2", "10160-0"].iter().all(|code| codes.iter().filter(|one| one == &code).count() == 1),
        "sections",
    );
    must(
        sections.iter().all(|section| section.get("entry").is_some() != section.get("emptyReason").is_some()),
        "cmp-2",
    );
    must(
        sections.iter().all(|section| {
            section["text"]["div"].as_str().is_some_and(|div| {
                div.starts_with("<div xmlns=\"http://www.w3.org/1999/xhtml\">") && !div.contains("<b>")
            })
        }),
        "text",
    );
    must(
        of("Patient").iter().all(|one| {
            one["name"][0]["text"].is_string() && (one.get("birthDate").is_some() || one.get("_birthDate").is_some())
        }),
        "patient",
    );
    must(
        of("MedicationStatement").iter().all(|one| {
            ["effectivePeriod", "effectiveDateTime", "_effectiveDateTime"].iter().any(|name| one.get(name).is_some())
        }),
        "effective",
    );
    must(of("Observation").iter().all(|one| one["category"].is_array()), "category");
    let is_lab = |one: &&&Value| one["category"][0]["coding"][0]["code"] == "laboratory";
    must(
        of("Observation")
            .iter()
            .filter(is_lab)
            .all(|one| one["performer"].is_array() && one["effectiveDateTime"].is_string()),
        "performer",
    );
    must(
        of("Observation").iter().all(|one| {
            ["valueQuantity", "valueString", "component"].iter().filter(|name| one.get(name).is_some()).count() == 1
        }),
        "ips-2",
    );
    must(of("AllergyIntolerance").iter().all(|one| one["clinicalStatus"].is_object()), "ait-1");
    let over = |one: &&Value| {
        ["resolved", "remission", "inactive"]
            .contains(&one["clinicalStatus"]["coding"][0]["code"].as_str().unwrap_or_default())
    };
    must(of("Condition").iter().all(|one| one.get("abatementDateTime").is_none() || over(one)), "con-4");
    let mut all = Vec::new();
    objects(bundle, &mut all);
    must(
        all.iter().all(|one| {
            one.get("code").is_none_or(|code| !code.is_string()) || one.get("value").is_none() || one["system"] == UCUM
        }),
        "ucum",
    );
    let references: BTreeSet<_> = all.iter().filter_map(|one| one.get("reference")?.as_str()).collect();
    must(references.iter().all(|reference| urls.contains(reference)), "references");
    must(urls.iter().skip(1).all(|url| references.contains(url)), "orphans");
    faults
}

/// Others judge the same documents: `make fhir`.
fn write(name: &str, document: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/fhir");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/{name}.json"), document).unwrap();
}

#[test]
fn a_summary_is_a_document_by_its_rules() {
    let (text, bundle) = document(&anna(), &records());
    assert_eq!(faults(&bundle), Vec::<String>::new(), "{text}");
    write("summary", &text);
    write("empty", &document(&anna(), &[]).0);
}

#[test]
fn nothing_on_record_is_not_known_and_not_none() {
    let nobody = Patient { full_name: None, date_of_birth: None, ..anna() };
    let (text, bundle) = document(&nobody, &[]);
    assert_eq!(faults(&bundle), Vec::<String>::new(), "{text}");
    write("nobody", &text);
    assert_eq!(text.matches("unavailable").count(), 3);
    assert!(text.contains("data-absent-reason"));
}

#[test]
fn decimals_keep_their_precision_and_texts_stay_texts() {
    let (text, bundle) = document(&anna(), &records());
    for number in ["\"value\": 6.80\n", "\"value\": 70.50\n", "\"value\": 4.0\n"] {
        assert!(text.contains(number), "{number}");
    }
    assert!(text.contains("\"comparator\": \"<\""));
    assert!(!text.contains("\\u0001") && !text.contains("not in a summary"));
    let names: Vec<_> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["resource"]["name"][0]["text"].as_str())
        .collect();
    assert_eq!(names, ["Anna <Karki>"]);
}

/// Each rule is broken once: a check that cannot fail proves nothing.
#[test]
fn every_rule_can_be_broken() {
    let (_, good) = document(&anna(), &records());
    let place = |kind: &str| {
        good["entry"].as_array().unwrap().iter().position(|entry| entry["resource"]["resourceType"] == kind).unwrap()
    };
    let at = |kind: &str, field: &str| format!("/entry/{}/resource{field}", place(kind));
    let remove = |pointer: &str| {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        let mut broken = good.clone();
        match broken.pointer_mut(parent).unwrap() {
            Value::Object(object) => drop(object.remove(field)),
            Value::Array(items) => drop(items.remove(field.parse().unwrap())),
            _ => panic!("{pointer}"),
        }
        broken
    };
    let set = |pointer: &str, value: Value| {
        let mut broken = good.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        broken
    };
    for (rule, broken) in [
        ("bdl-9", remove("/identifier/system")),
        ("document", remove("/timestamp")),
        ("document", set("/type", json!("collection"))),
        ("first", remove("/entry/0")),
        ("one of each", set("/entry/1/resource/resourceType", json!("Person"))),
        ("distinct", set("/entry/3/fullUrl", good["entry"][4]["fullUrl"].clone())),
        ("fullUrl", set("/entry/3/fullUrl", json!("urn:uuid:X"))),
        ("entries", set("/entry/3/resource", Value::Null)),
        ("type", set("/entry/0/resource/type", json!({}))),
        ("sections", remove("/entry/0/resource/section/1")),
        ("cmp-2", remove("/entry/0/resource/section/1/entry")),
        ("text", remove("/entry/0/resource/section/1/text")),
        ("patient", remove("/entry/1/resource/birthDate")),
        ("effective", remove(&at("MedicationStatement", "/effectivePeriod"))),
        ("category", remove(&at("Observation", "/category"))),
        ("performer", remove(&at("Observation", "/performer"))),
        ("ips-2", remove(&at("Observation", "/valueQuantity"))),
        ("ait-1", remove(&at("AllergyIntolerance", "/clinicalStatus"))),
        ("con-4", {
            let resolved = good["entry"]
                .as_array()
                .unwrap()
                .iter()
                .position(|entry| entry["resource"].get("abatementDateTime").is_some())
                .unwrap();
            set(&format!("/entry/{resolved}/resource/clinicalStatus/coding/0/code"), json!("active"))
        }),
        ("ucum", set(&at("Observation", "/valueQuantity/system"), json!("x"))),
        ("references", set("/entry/0/resource/subject/reference", json!("Patient/1"))),
        ("orphans", remove("/entry/0/resource/section/0/entry/0")),
    ] {
        assert!(faults(&broken).iter().any(|fault| fault == rule), "{rule}: {:?}", faults(&broken));
    }
}

fn of_one(kind: Kind, body: Value) -> Value {
    let author = Author { user: UserId::nobody(), part: Part::Owner };
    let moment = Moment { now: now(), today: now().date() };
    let details = read(kind, body, moment).unwrap();
    let (text, bundle) =
        document(&anna(), &[Record::new(RecordId::generate(now()), anna().id, details, author, now())]);
    assert_eq!(faults(&bundle), Vec::<String>::new(), "{text}");
    bundle
}

/// The line of the only record in the narrative of one of the first sections, and its resource.
fn told(bundle: &Value, section: usize) -> (String, Value) {
    let text = bundle["entry"][0]["resource"]["section"][section]["text"]["div"].as_str().unwrap();
    let line = text.split("<li>").nth(1).unwrap().split("</li>").next().unwrap();
    (line.to_owned(), bundle["entry"].as_array().unwrap().last().unwrap()["resource"].clone())
}

#[test]
fn a_course_that_goes_on_is_not_over() {
    for (until, status, line) in [
        ("2026-12", "active", "prednisolone"),
        ("2026-11-29", "active", "prednisolone"),
        ("2026-11-28", "completed", "prednisolone, no longer taken"),
    ] {
        let bundle = of_one(Kind::Medications, json!({"substance": "prednisolone", "until": until}));
        let (told, resource) = told(&bundle, 2);
        assert_eq!((told.as_str(), resource["status"].as_str()), (line, Some(status)), "{until}");
    }
}

#[test]
fn a_product_of_ours_is_told_by_what_others_call_it() {
    for (number, line, text) in [
        (1, "Panadol 500 mg (paracetamol)", "paracetamol"),
        (2, "Augmentin (amoxicillin + clavulanic acid)", "Augmentin (amoxicillin + clavulanic acid)"),
        (3, "prd_01JDH3J9V8A6M2Q4R5T6W7X8Y3", "prd_01JDH3J9V8A6M2Q4R5T6W7X8Y3"),
    ] {
        let bundle = of_one(Kind::Medications, json!({"product_id": product(number)}));
        let (told, resource) = told(&bundle, 2);
        assert_eq!((told.as_str(), &resource["medicationCodeableConcept"]["text"]), (line, &json!(text)));
    }
}

#[test]
fn an_allergy_says_how_bad_it_is_and_that_it_was_ruled_out() {
    let allergy = |certainty: &str| {
        of_one(Kind::Allergies, json!({"substance": "penicillin", "severity": "severe", "certainty": certainty}))
    };
    let (line, resource) = told(&allergy("confirmed"), 1);
    assert_eq!((line.as_str(), &resource["reaction"][0]["severity"]), ("penicillin", &json!("severe")));
    assert_eq!(told(&allergy("refuted"), 1).0, "penicillin (ruled out)");
}
