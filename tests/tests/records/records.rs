//! What is on record about patients: who may see it, what becomes of it, and what hangs on it.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::dynamo::{Outcome, transact};
use shared::platform::ids::{PrescriptionId, RecordId, UserId};
use shared::records::exchange::{ExportedRecords, Format};
use shared::records::{Author, Details, Part, Record, Sight};
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, World, catalogued, event, medicine, user, world};

use super::patients::{Desk, child};

struct Chart<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Chart<'a> {
    fn of(world: &'a World, person: &UserId, role: Role) -> Self {
        Self { world, token: world.token(person, role) }
    }

    async fn call(
        &self,
        function: &str,
        method: &str,
        query: &str,
        parameters: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
        let path = format!("/v1/records/x?{query}");
        let event = event(method, &path, parameters, Some(&self.token), body.as_ref());
        self.world.send(found.endpoint, &event).await
    }

    async fn add(&self, kind: &str, query: &str, body: Value) -> Answer {
        self.call("records-add", "POST", query, &[("kind", kind)], Some(body)).await
    }

    async fn list(&self, kind: &str, query: &str) -> Answer {
        self.call("records-list", "GET", query, &[("kind", kind)], None).await
    }

    async fn change(&self, kind: &str, id: &str, query: &str, body: Value) -> Answer {
        self.call("records-update", "PATCH", query, &[("kind", kind), ("id", id)], Some(body)).await
    }

    async fn remove(&self, kind: &str, id: &str, query: &str) -> Answer {
        self.call("records-remove", "DELETE", query, &[("kind", kind), ("id", id)], None).await
    }

    async fn grant(&self, to: &UserId, query: &str, body: Value) -> Answer {
        self.call("records-grant", "PUT", query, &[("user_id", to.as_str())], Some(body)).await
    }
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap().to_owned()
}

fn allergy() -> Value {
    json!({"substance": "penicillin", "reaction": "hives", "severity": "severe", "certainty": "confirmed"})
}

fn lab(value: &str) -> Value {
    json!({"loinc": "2823-3", "name": "Potassium", "value": value, "unit": "mmol/L", "range": {"low": "3.5", "high": "5.1"},
        "taken_at": "2026-11-18T08:00:00Z"})
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    let added = anna.add("labs", "", lab("4.20")).await.expect(201);
    assert_eq!(
        (&added.body["value"], &added.body["flag"], &added.body["author"]),
        (&json!("4.20"), &json!("normal"), &json!("owner"))
    );
    let record = id(&added);
    let changed = anna.change("labs", &record, "", json!({"value": "6.4"})).await.expect(200);
    assert_eq!((&changed.body["flag"], &changed.body["version"]), (&json!("critical_high"), &json!(2)));
    anna.change("labs", &record, "", json!({"comment": "taken in the morning"})).await.expect(200);
    anna.remove("labs", &record, "").await.expect(204);
    assert_eq!(anna.list("labs", "").await.expect(200).body["items"], json!([]));
    anna.remove("labs", &record, "").await.problem(404, "not_found");
    let versions = anna.list("labs", &format!("versions_of={record}")).await.expect(200);
    let values: Vec<_> =
        versions.body["items"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["6.4", "6.4", "6.4", "4.20"]);
    assert!(versions.body["items"][0]["removed_at"].is_string());
    // Of another kind there is no such record, and nobody else has it.
    anna.list("notes", &format!("versions_of={record}")).await.problem(404, "not_found");
    let boris = Chart::of(&world, &user(2), Role::Customer);
    boris.list("labs", &format!("versions_of={record}")).await.problem(404, "not_found");
    boris.list("labs", &format!("patient_id={}", of_owner(&user(1)))).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_cannot_be_true_is_not_put_on_record() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    let refused = anna.add("labs", "", lab("42")).await;
    refused.problem(422, "implausible_value");
    assert_eq!(refused.body["errors"][0]["field"], "value");
    anna.add("labs", "", json!({"name": "x"})).await.problem(400, "invalid_request");
    anna.add("moods", "", json!({})).await.problem(404, "not_found");
    assert_eq!(anna.list("labs", "").await.body["items"], json!([]));
}

#[tokio::test]
async fn many_changes_at_once_make_as_many_versions() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    let record = id(&anna.add("notes", "", json!({"title": "A", "text": "first"})).await.expect(201));
    let changes =
        join_all((0..4).map(|n| anna.change("notes", &record, "", json!({"text": format!("text {n}")})))).await;
    assert!(changes.iter().all(|answer| answer.status == 200));
    let versions = anna.list("notes", &format!("versions_of={record}")).await;
    assert_eq!(versions.body["items"].as_array().unwrap().len(), 5);
    assert_eq!(versions.body["items"][0]["version"], 5);
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    for n in 0..5 {
        anna.add("notes", "", json!({"title": format!("{n}"), "text": "x"})).await.expect(201);
        world.clock.advance(Duration::from_millis(2));
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = anna.list("notes", &format!("limit=2{cursor}")).await.expect(200);
        seen.extend(page.body["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
}

#[tokio::test]
async fn a_patient_with_records_is_closed_and_screening_reads_what_it_needs_side_by_side() {
    let (world, cloud) = cloudy_world().await;
    let (desk, anna) = (Desk::of(&world, &user(1)), Chart::of(&world, &user(1), Role::Customer));
    let mira = id(&desk.add(child()).await.expect(201));
    let of_mira = format!("patient_id={mira}");
    anna.add("allergies", &of_mira, allergy()).await.expect(201);
    anna.add("medications", &of_mira, json!({"substance": "salbutamol", "since": "2025"})).await.expect(201);
    anna.add("conditions", &of_mira, json!({"name": "Asthma", "code": "J45.909", "status": "active"}))
        .await
        .expect(201);
    anna.add("labs", &of_mira, lab("4.2")).await.expect(201);
    let patient = mira.parse().unwrap();
    cloud.calls();
    let screened = world.app.records().unwrap().store.screened(patient, world.clock.now()).await.unwrap();
    assert_eq!((screened.details.len(), screened.labs.len()), (3, 1));
    assert_eq!(cloud.calls(), ["Query", "Query", "Query"]);
    assert_eq!(anna.list("allergies", "").await.body["items"], json!([]), "they are hers, not her mother's");
    desk.remove(&mira).await.expect(204);
    assert!(desk.list().await[1]["closed_at"].is_string());
    let refused = anna.add("allergies", &of_mira, allergy()).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (400, &json!("patient_closed")));
    assert_eq!(anna.list("allergies", &of_mira).await.expect(200).body["items"].as_array().unwrap().len(), 1);
}

/// What the trail says about somebody: who, what and how it ended.
async fn trail(world: &World, about: &UserId) -> Vec<(String, String)> {
    let entries = world.app.audit().about(about).await.unwrap();
    let entries = entries.iter().map(|entry| serde_json::to_value(entry).unwrap());
    entries
        .map(|entry| (entry["action"].as_str().unwrap().to_owned(), entry["outcome"].as_str().unwrap().to_owned()))
        .collect()
}

#[tokio::test]
async fn a_grant_lets_read_what_it_names_until_it_is_taken_back() {
    let world = world().await;
    let (owner, doctor) = (user(1), user(7));
    let (anna, dr) = (Chart::of(&world, &owner, Role::Customer), Chart::of(&world, &doctor, Role::Doctor));
    let about_anna = format!("patient_id={}", of_owner(&owner));
    anna.add("labs", "", lab("4.2")).await.expect(201);
    dr.list("labs", &about_anna).await.problem(404, "not_found");
    let until = json!({"kinds": ["labs"], "until": "2026-11-21T10:00:00Z"});
    anna.grant(&doctor, "", until.clone()).await.expect(200);
    assert_eq!(dr.list("labs", &about_anna).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    dr.list("allergies", &about_anna).await.problem(404, "not_found");
    dr.add("labs", &about_anna, lab("4.3")).await.problem(403, "read_only");
    let grants = anna.call("records-list-grants", "GET", "", &[], None).await.expect(200);
    assert_eq!(grants.body["items"][0]["user_id"], doctor.as_str());
    anna.call("records-revoke", "DELETE", "", &[("user_id", doctor.as_str())], None).await.expect(204);
    dr.list("labs", &about_anna).await.problem(404, "not_found");
    anna.grant(&doctor, "", until).await.expect(200);
    world.clock.advance(Duration::from_hours(24));
    let dr = Chart::of(&world, &doctor, Role::Doctor);
    dr.list("labs", &about_anna).await.problem(404, "not_found");
    // Who only buys here gets nothing by a grant.
    let anna = Chart::of(&world, &owner, Role::Customer);
    anna.grant(&user(3), "", json!({"kinds": ["labs"], "until": "2026-12-01T10:00:00Z"})).await.expect(200);
    Chart::of(&world, &user(3), Role::Customer).list("labs", &about_anna).await.problem(404, "not_found");
    let trail = trail(&world, &owner).await;
    let count =
        |outcome: &str| trail.iter().filter(|entry| **entry == ("record.read".to_owned(), outcome.to_owned())).count();
    assert_eq!((count("allowed"), count("refused")), (2, 5), "{trail:?}");
}

async fn claimed(world: &World, owner: &UserId, pharmacist: &UserId) -> PrescriptionId {
    let owners = world.token(owner, Role::Customer);
    let body = json!({"content_type": "image/png", "size_bytes": 10, "issued_on": "2026-11-10", "patient_name": "Anna",
        "prescriber": {"name": "Dr B", "registration_number": "1"}});
    let route = ("POST", "/v1/prescriptions");
    let started = world.call(&prescriptions_start::ENDPOINT, route, &[], Some(&owners), Some(body)).await.expect(201);
    let id: PrescriptionId = started.body["id"].as_str().unwrap().parse().unwrap();
    let store = &world.app.prescriptions().unwrap().store;
    let mut prescription = store.get(id).await.unwrap().unwrap();
    prescription.status = shared::prescriptions::Status::Pending;
    let prescription = prescription.claimed(pharmacist, world.clock.now()).unwrap();
    let save = store.save(&prescription).unwrap();
    assert!(matches!(transact(&world.dynamo, vec![save]).await.unwrap(), Outcome::Done));
    id
}

#[tokio::test]
async fn who_works_on_a_prescription_reads_and_writes_while_they_do() {
    let (world, _cloud) = cloudy_world().await;
    let (owner, pharmacist) = (user(1), user(9));
    let anna = Chart::of(&world, &owner, Role::Customer);
    let desk = Chart::of(&world, &pharmacist, Role::PharmacyAdmin);
    let about_anna = format!("patient_id={}", of_owner(&owner));
    let own = id(&anna.add("allergies", "", allergy()).await.expect(201));
    desk.list("allergies", &about_anna).await.problem(404, "not_found");
    claimed(&world, &owner, &pharmacist).await;
    assert_eq!(desk.list("allergies", &about_anna).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    let written =
        desk.add("notes", &about_anna, json!({"title": "Call", "text": "Asked about asthma."})).await.expect(201);
    assert_eq!(
        (&written.body["author"], &written.body["author_id"]),
        (&json!("pharmacist"), &json!(pharmacist.as_str()))
    );
    let note = id(&written);
    // What clinicians have written the owner comments on, and the other way round nobody touches.
    anna.change("notes", &note, "", json!({"text": "no"})).await.problem(403, "not_the_author");
    anna.remove("notes", &note, "").await.problem(403, "not_the_author");
    let commented = anna.change("notes", &note, "", json!({"comment": "I had it as a child"})).await.expect(200);
    assert_eq!(
        (&commented.body["text"], &commented.body["comment"]),
        (&json!("Asked about asthma."), &json!("I had it as a child"))
    );
    desk.change("allergies", &own, &about_anna, json!({"severity": "mild"})).await.problem(403, "not_the_author");
    // Another patient of the account is another matter.
    let mira = id(&Desk::of(&world, &owner).add(child()).await.expect(201));
    desk.list("allergies", &format!("patient_id={mira}")).await.problem(404, "not_found");
    world.clock.advance(Duration::from_mins(31));
    let desk = Chart::of(&world, &pharmacist, Role::PharmacyAdmin);
    desk.list("allergies", &about_anna).await.problem(404, "not_found");
    let other = Chart::of(&world, &user(10), Role::PharmacyAdmin);
    other.list("allergies", &about_anna).await.problem(404, "not_found");
}

async fn upload(world: &World, cloud: &Cloud, started: &Answer, bytes: &[u8]) -> Value {
    let fields = &started.body["upload"]["fields"];
    let key = fields["key"].as_str().unwrap();
    let bucket = &world.app.config().scans_bucket;
    cloud.files().put(&format!("{bucket}/{key}"), fields["Content-Type"].as_str().unwrap(), bytes);
    let event = json!({"detail": {"bucket": {"name": bucket}, "object": {"key": key}}});
    let worker = registry::WORKERS.iter().find(|one| one.name == "records-scan-file").unwrap();
    (worker.run)(&world.app, event).await.unwrap()
}

#[tokio::test]
async fn a_file_is_checked_before_it_can_be_had() {
    let (world, cloud) = cloudy_world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    let scan = json!({"modality": "mri", "performed_on": "2026-10", "report": "as the examiner wrote"});
    let record = id(&anna.add("imaging", "", scan).await.expect(201));
    let place = [("kind", "imaging"), ("id", record.as_str())];
    let announce = |kind: &'static str| {
        let body = json!({"content_type": kind, "size_bytes": 500});
        anna.call("records-start-file", "POST", "", &place, Some(body))
    };
    let mut dicom = vec![0_u8; 300];
    dicom.splice(128..132, *b"DICM");
    let good = announce("application/dicom").await.expect(201);
    assert_eq!(anna.list("imaging", "").await.body["items"][0]["files"][0]["status"], "awaiting_upload");
    assert_eq!(upload(&world, &cloud, &good, &dicom).await["outcome"], "ready");
    assert_eq!(upload(&world, &cloud, &good, &dicom).await["outcome"], Value::Null, "it was checked before");
    let bad = announce("application/pdf").await.expect(201);
    assert_eq!(upload(&world, &cloud, &bad, &dicom).await["outcome"], "refused");
    let files = anna.list("imaging", "").await.body["items"][0]["files"].clone();
    assert_eq!(
        (&files[0]["status"], &files[1]["status"], &files[1]["refusal"]),
        (&json!("ready"), &json!("refused"), &json!("not_what_it_says"))
    );
    assert!(files[0]["url"].as_str().unwrap().contains("X-Amz-Expires=60") && files[1].get("url").is_none());
    anna.call(
        "records-start-file",
        "POST",
        "",
        &[("kind", "labs"), ("id", record.as_str())],
        Some(json!({"content_type": "application/pdf", "size_bytes": 5})),
    )
    .await
    .problem(404, "not_found");
    // The end of it all takes the files too.
    let records = world.app.records().unwrap();
    let patients = world.app.patients().list(&user(1)).await.unwrap();
    assert_eq!(records.forget(&patients).await.unwrap(), 1);
    assert_eq!(records.forget(&patients).await.unwrap(), 0);
    assert!(cloud.files().paths().iter().all(|path| !path.contains("/records/")), "a file is left");
    assert_eq!(anna.list("imaging", "").await.body["items"], json!([]));
}

#[tokio::test]
async fn what_goes_out_comes_in_again_once() {
    let world = world().await;
    let (anna, boris) = (Chart::of(&world, &user(1), Role::Customer), Chart::of(&world, &user(2), Role::Customer));
    anna.add("labs", "", lab("4.20")).await.expect(201);
    anna.add("allergies", "", allergy()).await.expect(201);
    anna.add(
        "measurements",
        "",
        json!({"kind": "weight", "value": "70.50", "unit": "kg", "taken_at": "2026-11-18T08:00:00Z"}),
    )
    .await
    .expect(201);
    let summary = anna.call("records-export", "GET", "format=fhir-ips", &[], None).await.expect(200);
    assert_eq!(summary.headers["content-type"], "application/fhir+json");
    assert!(summary.text.contains("4.20") && summary.text.contains("70.50"));
    let taken = boris.call("records-import", "POST", "", &[], Some(summary.body.clone())).await.expect(200);
    assert_eq!((&taken.body["created"], &taken.body["refused"]), (&json!(3), &json!(0)), "{}", taken.text);
    let list = boris.list("allergies", "").await.expect(200);
    assert_eq!(
        (&list.body["items"][0]["substance"], &list.body["items"][0]["imported"]),
        (&json!("penicillin"), &json!(true))
    );
    // Twice, and at once, changes nothing more; nor does it bring back what was taken away.
    boris.remove("allergies", list.body["items"][0]["id"].as_str().unwrap(), "").await.expect(204);
    let again =
        join_all((0..3).map(|_| boris.call("records-import", "POST", "", &[], Some(summary.body.clone())))).await;
    assert!(
        again.iter().all(|answer| answer.body["created"] == 0 && answer.body["duplicates"] == 3),
        "{}",
        again[0].text
    );
    assert_eq!(boris.list("allergies", "").await.body["items"], json!([]));
    boris
        .call("records-import", "POST", "", &[], Some(json!({"resourceType": "Patient"})))
        .await
        .problem(422, "not_a_bundle");
    let csv = anna.call("records-export", "GET", "format=csv", &[], None).await.expect(200);
    assert_eq!(csv.text.lines().count(), 4, "{}", csv.text);
}

#[tokio::test]
async fn progress_comes_as_numbers_and_as_a_picture() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    for (value, day) in [("4.20", 10), ("4.60", 12)] {
        let mut lab = lab(value);
        lab["taken_at"] = json!(format!("2026-11-{day}T08:00:00Z"));
        anna.add("labs", "", lab).await.expect(201);
    }
    let query = "series=loinc:2823-3,weight&bucket=day";
    let progress = anna.call("records-progress", "GET", query, &[], None).await.expect(200);
    let series = &progress.body["series"];
    assert_eq!((&series[0]["unit"], &series[1]["points"]), (&json!("mmol/L"), &json!([])));
    assert!(series[0]["change"].as_str().unwrap().starts_with("0.4"), "{series}");
    let mut event = event("GET", &format!("/v1/records/progress?{query}"), &[], Some(&anna.token), None);
    event["headers"]["accept"] = json!("image/svg+xml");
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == "records-progress").unwrap();
    let picture = world.send(found.endpoint, &event).await.expect(200);
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.starts_with("<svg") && picture.text.contains("Potassium"));
    anna.call("records-progress", "GET", "series=mood", &[], None).await.problem(400, "invalid_request");
}

#[tokio::test]
async fn screening_sees_the_latest_result_behind_however_many_others() {
    let world = world().await;
    let (owner, patient) = (user(1), of_owner(&user(1)));
    let anna = Chart::of(&world, &owner, Role::Customer);
    let store = world.app.records().unwrap().store;
    let egfr = async || {
        let screened = store.screened(patient, world.clock.now()).await.unwrap();
        let rates = screened.labs.into_iter().filter(|lab| lab.loinc.as_deref() == Some("98979-8"));
        rates.max_by_key(|lab| lab.taken_at).map(|lab| lab.value.unwrap().0.to_string())
    };
    let observation = |code: &str, value: &str, unit: &str, at: String| {
        json!({"resource": {"resourceType": "Observation", "status": "final", "effectiveDateTime": at,
            "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": "x"},
            "valueQuantity": {"value": value, "code": unit}}})
    };
    let mut entries = vec![observation("98979-8", "51", "mL/min/{1.73_m2}", "2026-10-01T08:00:00Z".to_owned())];
    let hour = |n: u32| format!("2026-11-{:02}T{:02}:00:00Z", 1 + n / 24, n % 24);
    entries.extend((0..299).map(|n| observation("2823-3", "4.2", "mmol/L", hour(n))));
    let bundle = json!({"resourceType": "Bundle", "entry": entries});
    let taken = anna.call("records-import", "POST", "", &[], Some(bundle)).await.expect(200);
    assert_eq!(taken.body["created"], 300, "{}", taken.text);
    assert_eq!(egfr().await.as_deref(), Some("51"));
    // They stand in the order of what they say.
    let list = anna.list("labs", "limit=2").await.expect(200);
    let times: Vec<_> =
        (0..2_usize).map(|n| list.body["items"][n]["taken_at"].as_str().unwrap()[..13].to_owned()).collect();
    assert_eq!(times, ["2026-11-13T10", "2026-11-13T09"]);

    let worse = json!({"loinc": "98979-8", "name": "eGFR", "value": "22", "unit": "mL/min/{1.73_m2}", "taken_at": "2026-11-18T08:00:00Z"});
    anna.add("labs", "", worse).await.expect(201);
    let other: Details = serde_json::from_value(json!({"of": "labs", "is": lab("4.2")})).unwrap();
    for _ in 0..150 {
        world.clock.advance(Duration::from_secs(1));
        let (now, author) = (world.clock.now(), Author { user: owner.clone(), part: Part::Owner });
        let record = Record::new(RecordId::generate(now), patient, other.clone(), author, now);
        let writes = Vec::from(store.create(&record).unwrap());
        assert!(matches!(transact(&world.dynamo, writes).await.unwrap(), Outcome::Done));
    }
    assert_eq!(egfr().await.as_deref(), Some("22"));
    // And so that it stays findable, nothing is moved to after the time of its record.
    let list = anna.list("labs", "limit=1").await.expect(200);
    let (id, later) = (list.body["items"][0]["id"].as_str().unwrap().to_owned(), world.clock.now());
    anna.change("labs", &id, "", json!({"taken_at": later.to_string()})).await.expect(200);
    world.clock.advance(Duration::from_mins(6));
    let later = world.clock.now().to_string();
    anna.change("labs", &id, "", json!({"taken_at": later})).await.problem(422, "implausible_value");
}

#[tokio::test]
async fn a_medication_that_names_a_product_goes_out_by_its_name() {
    let world = world().await;
    let anna = Chart::of(&world, &user(1), Role::Customer);
    let product = catalogued(&world, medicine("metformin hydrochloride", "500 mg", LegalStatus::Otc)).await;
    anna.add("medications", "", json!({"product_id": product.id, "since": "2024"})).await.expect(201);
    let summary = anna.call("records-export", "GET", "", &[], None).await.expect(200);
    let statement = &summary.body["entry"].as_array().unwrap().last().unwrap()["resource"];
    assert_eq!(statement["medicationCodeableConcept"]["text"], "metformin hydrochloride", "{}", summary.text);
    let csv = anna.call("records-export", "GET", "format=csv", &[], None).await.expect(200);
    assert!(csv.text.contains("metformin hydrochloride 500 mg (metformin hydrochloride)"), "{}", csv.text);
}

#[tokio::test]
async fn what_is_too_large_for_an_answer_is_stored_and_linked_to() {
    let (world, cloud) = cloudy_world().await;
    let (owner, patient) = (user(1), of_owner(&user(1)));
    let anna = Chart::of(&world, &owner, Role::Customer);
    anna.add("allergies", "", allergy()).await.expect(201);
    let (records, catalogue) = (world.app.records().unwrap(), world.app.product_store());
    let sight = Sight { user: owner.clone(), part: Part::Owner, owner: owner.clone(), patient, writes: true };
    for (format, key, kind) in [
        (Format::Ips, format!("scans/exports/records/{patient}.summary.json"), "application/fhir+json"),
        (Format::Json, format!("scans/exports/records/{patient}.json"), "application/json"),
        (Format::Csv, format!("scans/exports/records/{patient}.csv"), "text/csv; charset=utf-8"),
    ] {
        let ExportedRecords::Link(link) = records.export(&sight, format, &catalogue, 10).await.unwrap() else {
            unreachable!("a document of more than ten bytes")
        };
        let link = serde_json::to_value(link).unwrap();
        let stored = cloud.files().get(&key).unwrap().clone();
        assert_eq!((stored.content_type.as_str(), &link["size_bytes"]), (kind, &json!(stored.bytes.len())));
        assert!(String::from_utf8_lossy(&stored.bytes).contains("penicillin"));
        assert!(link["download_url"].as_str().unwrap().contains(&key), "{link}");
    }
    records.forget(&world.app.patients().list(&owner).await.unwrap()).await.unwrap();
    assert!(!cloud.files().paths().iter().any(|path| path.contains("exports/")), "a copy is left");
}
