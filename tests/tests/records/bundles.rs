//! Bundles that are too large for a request: what becomes of their resources, twice, at once, killed anywhere, and of who is erased
//! meanwhile.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::ids::{PatientId, UserId};
use shared::records::BundleRun;
use shared::records::bundle::UploadedBundle;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, World, event, user};

use super::patients::{Desk, child};

struct House {
    world: World,
    cloud: Cloud,
}

fn condition(name: &str) -> Value {
    json!({"resource": {"resourceType": "Condition", "code": {"text": name}}})
}

fn bundle(entries: &[Value]) -> Vec<u8> {
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string().into_bytes()
}

/// Three that are taken, one of them said twice, one that was ruled out, and a patient.
fn sample() -> Vec<u8> {
    let ruled_out = json!({"resource": {"resourceType": "Condition", "code": {"text": "Gout"},
                                        "verificationStatus": {"coding": [{"code": "refuted"}]}}});
    let patient = json!({"resource": {"resourceType": "Patient"}});
    bundle(&[patient, condition("Asthma"), ruled_out, condition("Migraine"), condition("Asthma"), condition("Eczema")])
}

impl House {
    async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        Self { world, cloud }
    }

    async fn call(
        &self,
        who: &UserId,
        (function, method, query): (&str, &str, &str),
        id: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let role = if *who == user(9) { Role::Doctor } else { Role::Customer };
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
        let parameters: Vec<_> = id.iter().map(|id| ("id", *id)).collect();
        let token = self.world.token(who, role);
        let event = event(method, &format!("/v1/records/imports?{query}"), &parameters, Some(&token), body.as_ref());
        self.world.send(found.endpoint, &event).await
    }

    async fn start(&self, who: &UserId, query: &str) -> Answer {
        let body = json!({"content_type": "application/fhir+json", "size_bytes": 100_000});
        self.call(who, ("records-start-bundle", "POST", query), None, Some(body)).await
    }

    /// Announces a bundle of a patient and uploads it.
    async fn upload(&self, who: &UserId, patient: PatientId, file: &[u8]) -> UploadedBundle {
        let started = self.start(who, &format!("patient_id={patient}")).await.expect(201);
        let fields = &started.body["upload"]["fields"];
        let key = fields["key"].as_str().unwrap();
        let bucket = &self.world.app.config().scans_bucket;
        self.cloud.files().put(&format!("{bucket}/{key}"), fields["Content-Type"].as_str().unwrap(), file);
        UploadedBundle::of_key(key).unwrap()
    }

    async fn run(&self, place: UploadedBundle) -> BundleRun {
        self.world.app.records().unwrap().take_bundle(place).await.unwrap()
    }

    async fn get(&self, who: &UserId, place: UploadedBundle) -> Value {
        let (id, query) = (place.import.to_string(), format!("patient_id={}", place.patient));
        self.call(who, ("records-get-bundle", "GET", &query), Some(&id), None).await.expect(200).body
    }

    async fn import(&self, file: &[u8]) -> Value {
        let place = self.upload(&user(1), of_owner(&user(1)), file).await;
        assert_eq!(self.run(place).await, BundleRun::Over);
        self.get(&user(1), place).await
    }

    async fn conditions(&self, patient: PatientId) -> usize {
        let records = self.world.app.records().unwrap();
        records.store.of_kind(patient, shared::records::Kind::Conditions).await.unwrap().len()
    }

    /// Whether uploads are left.
    fn waits(&self) -> bool {
        self.cloud.files().paths().iter().any(|path| path.contains("incoming/record-imports/"))
    }
}

/// Read, created, duplicates, refused, passed over.
fn counts(import: &Value) -> [u64; 5] {
    ["read", "created", "duplicates", "refused", "passed_over"].map(|name| import["counts"][name].as_u64().unwrap())
}

#[tokio::test]
async fn an_uploaded_bundle_is_taken_in_once() {
    let house = House::open().await;
    let first = house.import(&sample()).await;
    assert_eq!((first["status"].as_str(), counts(&first)), (Some("finished"), [6, 3, 1, 1, 1]), "{first}");
    assert_eq!(
        (&first["refused"][0]["entry"], &first["refused"][0]["reason"]),
        (&json!(2), &json!("it was ruled out"))
    );
    assert_eq!((&first["entries"], &first["failed"]), (&json!(6), &Value::Null));
    assert_eq!(counts(&house.import(&sample()).await), [6, 0, 4, 1, 1]);
    assert_eq!((house.conditions(of_owner(&user(1))).await, house.waits()), (3, false));
    // What it took in is on the trail like all else.
    let trail = house.world.app.audit().about(&user(1)).await.unwrap();
    let trail: Vec<_> = trail.iter().map(|entry| serde_json::to_value(entry).unwrap()).collect();
    let of = |action: &str| trail.iter().filter(|entry| entry["action"] == action).count();
    assert_eq!((of("record.import"), of("record.add")), (2, 3), "{trail:?}");
}

#[tokio::test]
async fn what_is_no_bundle_fails_and_says_why() {
    let house = House::open().await;
    let many: Vec<_> = (0..=20_000).map(|_| json!({})).collect();
    for (file, code) in [
        (b"{\"resourceType\":".to_vec(), "not_json"),
        (b"{\"resourceType\": \"Patient\"}".to_vec(), "not_a_bundle"),
        (bundle(&many), "too_many"),
    ] {
        let failed = house.import(&file).await;
        assert_eq!((&failed["status"], &failed["failed"]), (&json!("failed"), &json!(code)));
        assert_eq!((counts(&failed)[0], house.waits()), (0, false));
    }
    // Another file under the same form, after the first was begun.
    let place = house.upload(&user(1), of_owner(&user(1)), &sample()).await;
    let records = house.world.app.records().unwrap();
    assert!(house.cloud.run_until(6, Killed::Before, records.take_bundle(place)).await.is_none());
    let path = format!("{}/{}", house.world.app.config().scans_bucket, place.key());
    house.cloud.files().put(&path, "application/fhir+json", &bundle(&[condition("Other")]));
    assert_eq!(house.run(place).await, BundleRun::Over);
    assert_eq!(house.get(&user(1), place).await["failed"], "file_changed");
}

#[tokio::test]
async fn a_run_killed_at_any_call_is_finished_by_the_next_and_counts_the_same() {
    // More than one batch, so that a run goes on behind the first.
    let mut entries: Vec<_> = (0..49).map(|_| json!({"resource": {"resourceType": "Patient"}})).collect();
    entries.extend([condition("Asthma"), condition("Asthma"), condition("Migraine")]);
    let file = bundle(&entries);
    for kill in [Killed::Before, Killed::After] {
        let (mut call, mut finished) = (0, false);
        while !finished {
            let house = House::open().await;
            let place = house.upload(&user(1), of_owner(&user(1)), &file).await;
            let records = house.world.app.records().unwrap();
            finished = house.cloud.run_until(call, kill, records.take_bundle(place)).await.is_some();
            assert_eq!(house.run(place).await, BundleRun::Over, "{call}");
            let import = house.get(&user(1), place).await;
            assert_eq!(
                (import["status"].as_str(), counts(&import)),
                (Some("finished"), [52, 2, 1, 0, 49]),
                "{call} {import}"
            );
            assert_eq!((house.conditions(of_owner(&user(1))).await, house.waits()), (2, false), "{call}");
            call += 1;
        }
        assert!(call >= 7, "{call}");
    }
}

#[tokio::test]
async fn runs_at_once_write_each_resource_once() {
    let house = House::open().await;
    let place = house.upload(&user(1), of_owner(&user(1)), &sample()).await;
    let records = house.world.app.records().unwrap();
    let runs = join_all((0..4).map(|_| records.take_bundle(place))).await;
    assert!(runs.iter().all(Result::is_ok), "{runs:?}");
    assert_eq!(house.run(place).await, BundleRun::Over);
    assert_eq!(counts(&house.get(&user(1), place).await), [6, 3, 1, 1, 1]);
    assert_eq!(house.conditions(of_owner(&user(1))).await, 3);
}

#[tokio::test]
async fn nothing_is_written_of_who_was_erased_or_removed_meanwhile() {
    let house = House::open().await;
    let anna = of_owner(&user(1));
    let place = house.upload(&user(1), anna, &sample()).await;
    let records = house.world.app.records().unwrap();
    assert!(house.cloud.run_until(5, Killed::After, records.take_bundle(place)).await.is_none());
    let patients = house.world.app.patients().list(&user(1)).await.unwrap();
    let held = serde_json::to_value(records.held(&patients).await.unwrap()).unwrap();
    assert_eq!(held[0]["imports"][0]["id"], json!(place.import), "a copy has it");
    records.forget(&patients).await.unwrap();
    assert!(!house.waits() && records.held(&patients).await.unwrap().is_empty());
    // The event comes again, with the file that was there.
    let path = format!("{}/{}", house.world.app.config().scans_bucket, place.key());
    house.cloud.files().put(&path, "application/fhir+json", &sample());
    assert_eq!(house.run(place).await, BundleRun::Over);
    assert_eq!((house.conditions(anna).await, house.waits()), (0, false));

    let desk = Desk::of(&house.world, &user(1));
    let mira = PatientId::parse(desk.add(child()).await.expect(201).body["id"].as_str().unwrap()).unwrap();
    let place = house.upload(&user(1), mira, &sample()).await;
    desk.remove(&mira.to_string()).await;
    assert_eq!(house.run(place).await, BundleRun::Over);
    let import = house.get(&user(1), place).await;
    assert_eq!((&import["failed"], house.conditions(mira).await), (&json!("patient_closed"), 0), "{import}");
}

#[tokio::test]
async fn only_who_may_write_announces_one_and_others_see_none() {
    let house = House::open().await;
    let anna = of_owner(&user(1));
    let place = house.upload(&user(1), anna, &sample()).await;
    let (id, about) = (place.import.to_string(), format!("patient_id={anna}"));
    for stranger in [user(2), user(9)] {
        house.start(&stranger, &about).await.problem(404, "not_found");
        let get = ("records-get-bundle", "GET", about.as_str());
        house.call(&stranger, get, Some(&id), None).await.problem(404, "not_found");
        // Nor among one's own.
        let own = ("records-get-bundle", "GET", "");
        house.call(&stranger, own, Some(&id), None).await.problem(404, "not_found");
    }
    let worker = registry::WORKERS.iter().find(|one| one.name == "records-take-bundle").unwrap();
    let event = |key: &str| json!({"detail": {"bucket": {"name": "scans"}, "object": {"key": key}}});
    assert!((worker.run)(&house.world.app, event("incoming/records/x")).await.is_err());
    let ran = (worker.run)(&house.world.app, event(&place.key())).await.unwrap();
    assert_eq!(ran["outcome"], "over");
}

#[tokio::test]
async fn a_value_is_kept_as_it_was_written_and_is_the_same_by_either_way() {
    let house = House::open().await;
    let observation = |value: &str, at: &str| {
        format!(
            r#"{{"resource": {{"resourceType": "Observation", "status": "final", "code": {{"text": "Glucose"}},
                "effectiveDateTime": "{at}", "valueQuantity": {{"value": {value}, "code": "mmol/L"}}}}}}"#
        )
    };
    let whole = [observation("6.80", "2026-11-01T08:00:00Z"), observation("5.0", "2026-11-02T08:00:00Z")].join(",");
    let text = format!(r#"{{"resourceType": "Bundle", "entry": [{whole}]}}"#);
    let token = house.world.token(&user(1), Role::Customer);
    let mut asked = event("POST", "/v1/records/import", &[], Some(&token), None);
    asked["body"] = json!(text);
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == "records-import").unwrap();
    let taken = house.world.send(found.endpoint, &asked).await.expect(200);
    assert_eq!(taken.body["created"], 2, "{}", taken.text);
    assert_eq!(counts(&house.import(text.as_bytes()).await), [2, 0, 2, 0, 0]);
    let records = house.world.app.records().unwrap();
    let labs = records.store.of_kind(of_owner(&user(1)), shared::records::Kind::Labs).await.unwrap();
    let values: Vec<_> =
        labs.iter().map(|lab| serde_json::to_value(&lab.details).unwrap()["is"]["value"].clone()).collect();
    assert_eq!(values, ["6.80", "5.0"]);
    let summary = house.call(&user(1), ("records-export", "GET", ""), None, None).await.expect(200);
    for value in ["6.80", "5.0"] {
        assert!(summary.text.contains(&format!("\"value\": {value}\n")), "{value}: {}", summary.text);
    }
}

#[tokio::test]
async fn a_medicine_elsewhere_in_an_uploaded_bundle_is_found() {
    let house = House::open().await;
    let medicine =
        json!({"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Medication", "code": {"text": "warfarin"}}});
    let statement = json!({"resource": {"resourceType": "MedicationStatement", "status": "active",
                                        "medicationReference": {"reference": "urn:uuid:1"}}});
    assert_eq!(counts(&house.import(&bundle(&[statement, medicine])).await), [2, 1, 0, 0, 1]);
    let records = house.world.app.records().unwrap();
    let taken = records.store.of_kind(of_owner(&user(1)), shared::records::Kind::Medications).await.unwrap();
    assert_eq!(serde_json::to_value(&taken[0].details).unwrap()["is"]["substance"], "warfarin");
}
