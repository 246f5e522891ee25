//! What is answered about a patient by their id: by what is on record about them, for whom may look into it.

use serde_json::{Value, json};
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::ids::UserId;
use support::{Answer, event, user};

use crate::pharmacy::Pharmacy;

impl Pharmacy {
    async fn ask(
        &self,
        function: &str,
        (who, role): (&UserId, Role),
        path: &str,
        parameters: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
        let token = self.world.token(who, role);
        let method = if function == "records-grant" { "PUT" } else { "POST" };
        self.world.send(found.endpoint, &event(method, path, parameters, Some(&token), Some(body))).await
    }

    async fn record(&self, kind: &str, body: &Value) {
        let anna = user(1);
        let added = self.ask("records-add", (&anna, Role::Customer), "/v1/records/x", &[("kind", kind)], body).await;
        assert_eq!(added.status, 201, "{}", added.text);
    }

    async fn check_for(&self, who: &UserId, role: Role, substance: &str) -> Answer {
        let body = json!({"substances": [substance], "patient_id": of_owner(&user(1))});
        self.ask("medicine-check-interactions", (who, role), "/v1/medicine/interactions", &[], &body).await
    }
}

#[tokio::test]
async fn a_patient_is_checked_by_what_is_on_record_about_them() {
    let pharmacy = Pharmacy::reviewed().await;
    pharmacy.record("medications", &json!({"substance": "warfarin"})).await;
    pharmacy.record("medications", &json!({"substance": "omeprazole"})).await;
    pharmacy.record("medications", &json!({"substance": "clopidogrel"})).await;
    pharmacy
        .record("allergies", &json!({"substance": "aspirin", "severity": "severe", "certainty": "confirmed"}))
        .await;
    pharmacy.record("conditions", &json!({"name": "Ulcer", "code": "K25.9", "status": "active"})).await;
    let found = pharmacy.check_for(&user(1), Role::Customer, "ibuprofen").await;
    assert_eq!(found.status, 200, "{}", found.text);
    let alerts = found.body["alerts"].as_array().unwrap();
    let items: Vec<_> = alerts.iter().map(|alert| alert["items"].clone()).collect();
    assert!(items.contains(&json!(["ibuprofen", "warfarin"])), "{items:?}");
    // What the patient takes anyway is no part of the question.
    assert!(alerts.iter().all(|alert| alert["items"].as_array().unwrap().contains(&json!("ibuprofen"))), "{items:?}");
    assert_eq!(found.body["allergies"][0]["allergy"], "aspirin", "{}", found.text);
    let ulcer = json!(["a peptic ulcer, now or before"]);
    assert!(
        found.body["contraindications"].as_array().unwrap().iter().any(|one| one["who"] == ulcer),
        "{}",
        found.text
    );
}

#[tokio::test]
async fn a_dose_is_for_what_is_known_of_a_patient_and_what_is_told_counts_before() {
    let pharmacy = Pharmacy::reviewed().await;
    let anna = user(1);
    let egfr = json!({"loinc": "98979-8", "name": "eGFR", "value": "22", "unit": "mL/min/{1.73_m2}",
                      "taken_at": "2026-11-01T08:00:00Z"});
    pharmacy.record("labs", &egfr).await;
    let dose = async |patient: Value, who: &UserId| {
        let body =
            json!({"substance": "metformin", "route": "oral", "indication": "type 2 diabetes", "patient": patient});
        pharmacy.ask("medicine-calculate-dose", (who, Role::Customer), "/v1/medicine/dose", &[], &body).await
    };
    let id = of_owner(&anna);
    let known = dose(json!({"id": id, "age": 50, "sex": "female"}), &anna).await;
    assert_eq!((known.status, &known.body["code"]), (200, &json!("contraindicated")), "{}", known.text);
    let creatinine = json!({"value": "0.8", "unit": "mg/dL"});
    let told = dose(json!({"id": id, "age": 50, "sex": "female", "creatinine": creatinine}), &anna).await;
    assert_eq!((told.status, &told.body["code"]), (200, &json!("dose")), "{}", told.text);
    assert_eq!(dose(json!({"id": id, "age": 50}), &user(2)).await.status, 404);
}

#[tokio::test]
async fn nobody_is_told_of_a_patient_whose_records_are_not_theirs_to_see() {
    let pharmacy = Pharmacy::reviewed().await;
    pharmacy.record("medications", &json!({"substance": "warfarin"})).await;
    let (anna, doctor) = (user(1), user(7));
    let body = json!({"substances": ["ibuprofen"], "patient_id": of_owner(&anna)});
    assert_eq!(pharmacy.check(body).await.status, 401);
    for (who, role) in [(user(2), Role::Customer), (doctor.clone(), Role::Doctor), (user(9), Role::PharmacyAdmin)] {
        let refused = pharmacy.check_for(&who, role, "ibuprofen").await;
        assert_eq!((refused.status, refused.code()), (404, "not_found"), "{}", refused.text);
    }
    // All kinds that are asked must be granted.
    for (kinds, status) in [
        (json!(["medications"]), 404),
        (json!(["allergies", "conditions", "medications", "labs", "measurements"]), 200),
    ] {
        let grant = json!({"kinds": kinds, "until": "2026-11-21T10:00:00Z"});
        let at = [("user_id", doctor.as_str())];
        let granted = pharmacy.ask("records-grant", (&anna, Role::Customer), "/v1/records/grants/x", &at, &grant).await;
        assert_eq!(granted.status, 200, "{}", granted.text);
        let found = pharmacy.check_for(&doctor, Role::Doctor, "ibuprofen").await;
        assert_eq!(found.status, status, "{}", found.text);
    }
    let looked = pharmacy.world.app.audit().about(&anna).await.unwrap();
    let looked = looked.iter().map(|entry| serde_json::to_value(entry).unwrap());
    let looks: Vec<_> =
        looked.filter(|entry| entry["action"] == "record.read").map(|entry| entry["outcome"].clone()).collect();
    assert_eq!(looks.iter().filter(|outcome| **outcome == json!("allowed")).count(), 1, "{looks:?}");
    assert!(looks.iter().filter(|outcome| **outcome == json!("refused")).count() >= 3, "{looks:?}");
}

#[tokio::test]
async fn a_patient_is_named_once_and_records_that_cannot_be_read_are_no_answer() {
    let pharmacy = Pharmacy::reviewed().await;
    let anna = user(1);
    let id = of_owner(&anna);
    let both = json!({"substances": ["ibuprofen"], "patient_id": id, "patient": {"id": id}});
    let path = "/v1/medicine/interactions";
    let refused = pharmacy.ask("medicine-check-interactions", (&anna, Role::Customer), path, &[], &both).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["patient_id"]), "{}", refused.text);
    pharmacy.world.dynamo.delete_table().table_name("records").send().await.unwrap();
    let unread = pharmacy.check_for(&anna, Role::Customer, "ibuprofen").await;
    assert_eq!(unread.status, 503, "{}", unread.text);
}
