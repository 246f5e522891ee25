//! `/v1/patients`: whom medicine is for.

use e2e::{Shop, covers};
use serde_json::{Value, json};

fn child() -> Value {
    json!({"full_name": "Some Child", "date_of_birth": "2021-03-04", "sex": "female", "relationship": "child",
        "weight_kg": "17.50"})
}

#[tokio::test]
async fn a_person_cares_for_themselves_and_for_others() {
    covers!("patients-list", "patients-add", "patients-update", "patients-remove");
    let shop = Shop::open();
    let (person, other) = (shop.customer().await, shop.customer().await);
    let own = person.get("/v1/patients").await.body(200)["items"][0].clone();
    assert_eq!(own["relationship"], "self");
    let added = person.post("/v1/patients", &child()).await.body(201);
    assert_eq!(added["weight_kg"], "17.50");
    let path = format!("/v1/patients/{}", added["id"].as_str().unwrap());
    let changed = person.patch(&path, &json!({"weight_kg": 18.2})).if_match(1).await.body(200);
    assert_eq!((&changed["weight_kg"], &changed["version"]), (&json!("18.2"), &json!(2)));
    person.patch(&path, &json!({"weight_kg": 19})).if_match(1).await.problem(412, "version_mismatch");
    other.patch(&path, &json!({"weight_kg": 19})).await.problem(404, "not_found");
    other.delete(&path).await.problem(404, "not_found");
    person.delete(&path).await.expect(204);
    assert_eq!(person.get("/v1/patients").await.body(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_has_the_account_stays_a_patient_of_it() {
    covers!("patients-remove", "patients-update");
    let shop = Shop::open();
    let person = shop.customer().await;
    let own = person.get("/v1/patients").await.body(200)["items"][0].clone();
    let path = format!("/v1/patients/{}", own["id"].as_str().unwrap());
    person.delete(&path).await.problem(409, "owner_stays");
    person.patch(&path, &json!({"full_name": "Another Name"})).await.invalid_field("full_name", "in_profile");
    let changed = person.patch(&path, &json!({"weight_kg": 70, "pregnant": false})).await.body(200);
    assert_eq!(changed["weight_kg"], "70");
}
