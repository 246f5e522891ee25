//! `/v1/triage` and `/v1/conditions`: from how somebody is to how soon they should be seen.

use e2e::{Shop, covers};
use serde_json::json;

#[tokio::test]
async fn answers_lead_on_and_danger_ends_it() {
    covers!("triage-vocabulary", "triage-assess", "triage-list", "triage-get");
    let shop = Shop::open();
    let (person, other) = (shop.customer().await, shop.customer().await);
    let found = shop.guest.get("/v1/triage/symptoms?query=whoop").await.body(200);
    let whoop = found["items"][0]["id"].as_str().unwrap().to_owned();
    let said = json!({"symptoms": [{"id": whoop, "present": true}, {"id": "e203", "present": true}, {"id": "e166", "present": true}]});
    let first = person.post("/v1/triage", &said).await.body(200);
    assert_eq!(first["conditions"][0]["id"], "whooping-cough");
    let question = first["next_questions"][0]["id"].clone();
    let more = json!({"triage_id": first["id"], "symptoms": [], "answers": [{"question": question, "answer": "no"}]});
    let second = person.post("/v1/triage", &more).await.body(200);
    assert_eq!(second["id"], first["id"]);
    let path = format!("/v1/triage/{}", first["id"].as_str().unwrap());
    assert_eq!(person.get(&path).await.body(200)["said"].as_array().unwrap().len(), 4);
    assert_eq!(person.get("/v1/triage").await.body(200)["items"].as_array().unwrap().len(), 1);
    other.get(&path).await.problem(404, "not_found");
    let danger = json!({"symptoms": [{"id": "stiff_neck", "present": true}], "language": "ne"});
    let alarm = person.post("/v1/triage", &danger).await.body(200);
    assert!(alarm["emergency"]["message"].is_string() && alarm.get("conditions").is_none(), "{alarm}");
    let mut unkept = said.clone();
    unkept["patient"] = json!({"age": 30});
    let told = shop.guest.post("/v1/triage", &unkept).await.body(200);
    assert_eq!((&told["id"], &told["conditions"][0]["id"]), (&json!(null), &json!("whooping-cough")));
    shop.guest.post("/v1/triage", &more).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn prescription_options_are_for_clinicians() {
    covers!("conditions-list", "conditions-get");
    let shop = Shop::open();
    let doctor = shop.doctor().await;
    assert_eq!(shop.guest.get("/v1/conditions?query=mala").await.body(200)["items"][0]["id"], "malaria");
    let needs =
        |body: &serde_json::Value| body["options"].as_array().unwrap().iter().any(|one| one["prescription"] == true);
    assert!(!needs(&shop.guest.get("/v1/conditions/malaria").await.body(200)));
    assert!(needs(&doctor.get("/v1/conditions/malaria").await.body(200)));
    shop.guest.get("/v1/conditions/sadness").await.problem(404, "not_found");
}
