//! `/v1/records`: what is on record about patients.

use e2e::{Shop, covers, day, eventually};
use serde_json::json;

fn lab() -> serde_json::Value {
    json!({"loinc": "4548-4", "name": "HbA1c", "value": "6.80", "unit": "%", "range": {"low": "4.0", "high": "5.6"},
        "taken_at": "2026-01-18T08:00:00Z"})
}

#[tokio::test]
async fn a_record_has_versions_and_a_flag() {
    covers!("records-add", "records-list", "records-update", "records-remove");
    let shop = Shop::open();
    let (person, other) = (shop.customer().await, shop.customer().await);
    let added = person.post("/v1/records/labs", &lab()).await.body(201);
    assert_eq!((&added["value"], &added["flag"]), (&json!("6.80"), &json!("high")));
    let path = format!("/v1/records/labs/{}", added["id"].as_str().unwrap());
    person.patch(&path, &json!({"value": "5.10"})).if_match(1).await.expect(200);
    person.patch(&path, &json!({"value": "5.20"})).if_match(1).await.problem(412, "version_mismatch");
    let patient = added["patient_id"].as_str().unwrap();
    other.get(&format!("/v1/records/labs?patient_id={patient}")).await.problem(404, "not_found");
    other.delete(&path).await.problem(404, "not_found");
    person.delete(&path).await.expect(204);
    let versions = format!("/v1/records/labs?versions_of={}", added["id"].as_str().unwrap());
    assert_eq!(person.get(&versions).await.body(200)["items"].as_array().unwrap().len(), 3);
    let implausible = json!({"kind": "weight", "value": 7000, "unit": "kg", "taken_at": "2026-01-18T08:00:00Z"});
    person.post("/v1/records/measurements", &implausible).await.problem(422, "implausible_value");
}

#[tokio::test]
async fn a_grant_opens_and_closes_at_once() {
    covers!("records-grant", "records-revoke", "records-list-grants");
    let shop = Shop::open();
    let person = shop.customer().await;
    let doctor = shop.doctor().await;
    let added = person.post("/v1/records/labs", &lab()).await.body(201);
    let about = format!("/v1/records/labs?patient_id={}", added["patient_id"].as_str().unwrap());
    doctor.get(&about).await.problem(404, "not_found");
    let grant = format!("/v1/records/grants/{}", doctor.id);
    let until = json!({"kinds": ["labs"], "until": format!("{}T00:00:00Z", day(30))});
    person.put(&grant, &until).await.expect(200);
    assert_eq!(doctor.get(&about).await.body(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(person.get("/v1/records/grants").await.body(200)["items"].as_array().unwrap().len(), 1);
    person.delete(&grant).await.expect(204);
    doctor.get(&about).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_report_is_uploaded_and_checked() {
    covers!("records-start-file", "records-scan-file");
    let shop = Shop::open();
    let person = shop.customer().await;
    let added = person.post("/v1/records/labs", &lab()).await.body(201);
    let path = format!("/v1/records/labs/{}/files", added["id"].as_str().unwrap());
    let picture = e2e::files::png();
    let body = json!({"content_type": "image/png", "size_bytes": picture.len()});
    let started = person.post(&path, &body).await.body(201);
    assert_eq!(e2e::upload(&person, &started["upload"], &picture).await.status, 204);
    eventually("the report is checked", || async {
        let list = person.get("/v1/records/labs").await.body(200);
        (list["items"][0]["files"][0]["status"] == "ready").then_some(())
    })
    .await;
}

#[tokio::test]
async fn records_go_out_and_come_in_again() {
    covers!("records-progress", "records-import", "records-export");
    let shop = Shop::open();
    let (person, other) = (shop.customer().await, shop.customer().await);
    person.post("/v1/records/labs", &lab()).await.expect(201);
    let progress = person.get("/v1/records/progress?series=loinc:4548-4").await.body(200);
    assert_eq!(progress["series"][0]["points"][0]["value"], "6.80");
    let summary = person.get("/v1/records/export").await.body(200);
    assert_eq!((&summary["resourceType"], &summary["type"]), (&json!("Bundle"), &json!("document")));
    let taken = other.post("/v1/records/import", &summary).await.body(200);
    assert_eq!((&taken["created"], &taken["refused"]), (&json!(1), &json!(0)), "{taken}");
    let again = other.post("/v1/records/import", &summary).await.body(200);
    assert_eq!((&again["created"], &again["duplicates"]), (&json!(0), &json!(1)), "{again}");
}

#[tokio::test]
async fn a_large_bundle_is_uploaded_and_taken_in() {
    covers!("records-start-bundle", "records-get-bundle", "records-take-bundle");
    let shop = Shop::open();
    let person = shop.customer().await;
    let mira =
        json!({"full_name": "Mira Customer", "date_of_birth": "2020-05-01", "sex": "female", "relationship": "child"});
    let mira = person.post("/v1/patients", &mira).await.body(201)["id"].as_str().unwrap().to_owned();
    let condition = |number: usize| {
        json!({"resource": {"resourceType": "Condition", "code": {"text": format!("Condition {number}")},
                            "note": [{"text": "x".repeat(10_000)}]}})
    };
    let entries: Vec<_> = (0..60).map(condition).collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string();
    assert!(bundle.len() > 512 * 1024, "more than a request may have");
    let import = async || {
        let body = json!({"content_type": "application/fhir+json", "size_bytes": bundle.len()});
        let started = person.post(&format!("/v1/records/imports?patient_id={mira}"), &body).await.body(201);
        assert_eq!(e2e::upload(&person, &started["upload"], bundle.as_bytes()).await.status, 204);
        let path = format!("/v1/records/imports/{}?patient_id={mira}", started["id"].as_str().unwrap());
        eventually("the bundle is taken in", || async {
            let import = person.get(&path).await.body(200);
            import["finished_at"].is_string().then_some(import)
        })
        .await
    };
    let first = import().await;
    assert_eq!((&first["status"], &first["counts"]["created"]), (&json!("finished"), &json!(60)), "{first}");
    let again = import().await;
    assert_eq!((&again["counts"]["created"], &again["counts"]["duplicates"]), (&json!(0), &json!(60)), "{again}");
}
