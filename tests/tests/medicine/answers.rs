//! What is answered about medicines, and what it costs.

use std::time::Duration;

use serde_json::json;
use shared::medicine::dataset::RELEASE;
use support::cloud::cloudy_world;

use crate::pharmacy::Pharmacy;

#[tokio::test]
async fn a_check_says_what_it_found_and_what_it_does_not_know() {
    let pharmacy = Pharmacy::reviewed().await;
    let body = json!({
        "substances": ["Coumadin", "acetylsalicylic acid", "unobtainium", "guaifenesin", "aspirin"],
        "patient": {"age": 30, "pregnant": true, "conditions": [], "allergies": [{"to": "nsaids"}, {"to": "pollen"}]},
    });
    let answer = pharmacy.check(body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = &answer.body;
    let worst = &body["alerts"][0];
    assert_eq!(worst["severity"], "contraindicated", "a dose that is not told counts as met: {worst}");
    for part in ["mechanism", "recommended_action", "source", "source_version", "fhir_severity", "indicator"] {
        assert!(worst[part].as_str().is_some_and(|text| !text.is_empty()), "{part}");
    }
    assert_eq!(worst["open"], json!(["the dose of aspirin"]));
    assert_eq!(body["duplicates"][0]["substance"]["id"], "aspirin");
    assert_eq!(body["unmapped"], json!(["unobtainium", "pollen"]));
    assert_eq!(body["not_covered"][0]["id"], "guaifenesin");
    assert_eq!(body["allergies"][0]["relation"], "same_class");
    let contraindicated = body["contraindications"].as_array().unwrap();
    assert!(contraindicated.iter().any(|one| one["substance"]["id"] == "warfarin" && one["who"][0] == "pregnancy"));
    assert!(contraindicated.iter().all(|one| one["open"] == json!([])));
    assert!(body["disclaimer"].as_str().unwrap().contains("not a diagnosis"));
    assert!(body["dataset"]["version"].as_str().unwrap().starts_with("2026-"));
}

#[tokio::test]
async fn a_page_of_names_says_where_they_are_from_and_needs_no_review() {
    let pharmacy = Pharmacy::open().await;
    let page = pharmacy.substances().await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.body["disclaimer"].as_str().unwrap().contains("not a diagnosis"));
    let dataset = &page.body["dataset"];
    assert!(dataset["name"].is_string() && dataset["date"].as_str().unwrap().starts_with("2026-"), "{dataset}");
    assert!(dataset["version"].as_str().unwrap().ends_with(&format!(".{RELEASE}")), "{dataset}");
}

#[tokio::test]
async fn a_check_of_nothing_or_of_too_much_is_refused() {
    let pharmacy = Pharmacy::reviewed().await;
    assert_eq!(pharmacy.check(json!({})).await.fields(), ["substances"]);
    assert_eq!(pharmacy.check(json!({"substances": vec!["aspirin"; 51]})).await.fields(), ["substances"]);
    let wrong =
        json!({"substances": [7, {"name": "aspirin", "dose": "much"}], "products": ["x"], "patient_id": "pat_1"});
    let mut fields: Vec<String> = pharmacy.check(wrong).await.fields().iter().map(ToString::to_string).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["patient_id", "products[0]", "substances[0]"]);
    let unknown = json!({"products": ["prd_01JD4Z8QK0000000000000000A"]});
    assert_eq!(pharmacy.check(unknown).await.fields(), ["products[0]"]);
}

#[tokio::test]
async fn a_dose_comes_with_its_rule_and_its_steps() {
    let pharmacy = Pharmacy::reviewed().await;
    let ask = |patient: serde_json::Value| {
        json!({"substance": "Tylenol", "route": "oral", "indication": "pain or fever", "patient": patient,
               "strength": "160 mg/5 mL"})
    };
    let child = pharmacy.dose(ask(json!({"date_of_birth": "2020-05-01", "weight_kg": "20"}))).await;
    assert_eq!(child.status, 200, "{}", child.text);
    assert_eq!(child.body["single"], json!({"min": "200", "max": "300", "unit": "mg"}));
    assert_eq!(child.body["in_product_units"], json!({"min": "6.25", "max": "9.375", "unit": "mL"}));
    assert_eq!(child.body["max_daily"], json!({"value": "1500", "unit": "mg"}));
    assert_eq!(child.body["rule"]["version"], 2);
    assert!(child.body["steps"].as_array().unwrap().len() >= 3 && child.body["rule"]["citation"].is_string());
    let between = pharmacy.dose(ask(json!({"age": 13, "weight_kg": 40}))).await;
    assert_eq!((between.status, between.code()), (200, "no_rule"));
    let unknown = pharmacy.dose(ask(json!({"age": 30}))).await;
    assert_eq!((unknown.status, unknown.fields()), (400, vec!["patient.weight_kg"]));
    let implausible = pharmacy.dose(ask(json!({"age": 30, "weight_kg": 7000}))).await;
    assert_eq!(implausible.fields(), ["patient.weight_kg"]);
}

#[tokio::test]
async fn metformin_is_refused_where_the_kidneys_are_weak() {
    let pharmacy = Pharmacy::reviewed().await;
    let ask = |unit: &str, value: &str, start: Option<bool>| {
        json!({"substance": "metformin", "route": "oral", "new_start": start,
               "patient": {"age": 60, "sex": "male", "creatinine": {"value": value, "unit": unit}}})
    };
    let weak = pharmacy.dose(ask("umol/L", "218.4", None)).await;
    assert_eq!((weak.status, weak.code()), (200, "contraindicated"));
    assert_eq!(pharmacy.dose(ask("mg/dL", "1.87", Some(true))).await.code(), "not_recommended");
    let going_on = pharmacy.dose(ask("mg/dL", "1.87", Some(false))).await;
    assert_eq!((going_on.code(), going_on.body["cautions"].as_array().unwrap().len()), ("dose", 1));
    assert_eq!(pharmacy.dose(ask("mmol", "1", None)).await.fields(), ["patient.creatinine.unit"]);
}

/// What is in mind costs nothing for half a minute; then half a unit tells that nothing has changed.
#[tokio::test]
async fn a_warm_check_asks_nobody() {
    let (world, cloud) = cloudy_world().await;
    let pharmacy = Pharmacy { world };
    for set in ["rul_set_ansm", "rul_set_labels"] {
        pharmacy.review(2, "interaction", set, RELEASE, "approve").await;
    }
    let ask = || pharmacy.check(json!({"substances": ["warfarin", "aspirin"]}));
    ask().await;
    cloud.calls();
    assert_eq!(ask().await.status, 200);
    let warm: Vec<String> = cloud.calls().into_iter().filter(|call| !call.contains("UpdateItem")).collect();
    assert!(warm.is_empty(), "{warm:?}");
    pharmacy.world.clock.advance(Duration::from_secs(31));
    assert_eq!(ask().await.status, 200);
    let later: Vec<String> = cloud.calls().into_iter().filter(|call| call == "GetItem").collect();
    assert_eq!(later.len(), 1, "{later:?}");
}
