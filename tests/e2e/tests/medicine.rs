//! `/v1/medicine`: substances, interactions, doses, safety, and the rules behind them.

use e2e::{Shop, covers, product_body, search_caught_up, unique};
use serde_json::{Value, json};

#[tokio::test]
async fn a_guest_asks_about_medicines_and_is_told_with_what() {
    covers!("medicine-search-substances", "medicine-get-substance", "medicine-check-interactions");
    let shop = Shop::open();
    let page = shop.guest.search("/v1/medicine/substances", &[("query", "acetaminophen")]).await.body(200);
    assert_eq!(page["items"][0]["id"], "paracetamol");
    assert!(page["dataset"]["version"].is_string() && page["disclaimer"].is_string(), "{page}");
    let warfarin = shop.guest.get("/v1/medicine/substances/warfarin").await.body(200);
    assert!(warfarin["interactions"].as_u64().unwrap() > 20, "{warfarin}");
    assert_eq!(warfarin["rxcui"], "11289");
    shop.guest.get("/v1/medicine/substances/unobtainium").await.problem(404, "not_found");
    let body = json!({"substances": ["warfarin", "ibuprofen", "unobtainium"]});
    let found = shop.guest.post("/v1/medicine/interactions", &body).await.body(200);
    assert_eq!(found["alerts"][0]["severity"], "not_recommended");
    assert_eq!(found["unmapped"], json!(["unobtainium"]));
    assert_eq!(found["dataset"]["sets"].as_array().unwrap().len(), 5, "{}", found["dataset"]);
}

#[tokio::test]
async fn a_product_is_checked_by_its_ingredients_and_its_route() {
    covers!("medicine-check-interactions", "medicine-safety-report");
    let shop = Shop::open();
    let mut made = Vec::new();
    for route in ["oral", "topical"] {
        let mut body = product_body("otc", 500);
        body["ingredients"] = json!([{"name": "diclofenac sodium", "strength": "50 mg"}]);
        body["route"] = json!(route);
        made.push(shop.product_of(body, 1).await.id);
    }
    search_caught_up().await;
    let mut levels = Vec::new();
    for product in &made {
        let body = json!({"products": [product], "substances": ["warfarin"]});
        let found = shop.guest.post("/v1/medicine/interactions", &body).await.body(200);
        levels.push(found["alerts"][0]["severity"].clone());
    }
    assert_eq!(levels, [json!("not_recommended"), Value::Null]);
    let query = [
        ("product", made[0].as_str()),
        ("takes", "warfarin"),
        ("age", "40"),
        ("allergies", "aspirin"),
        ("conditions", "none"),
    ];
    let report = shop.guest.search("/v1/medicine/safety", &query).await.body(200);
    assert_eq!(report["interactions"][0]["severity"], "not_recommended");
    assert_eq!(report["allergies"][0]["relation"], "same_class");
    let pregnancy = |one: &&Value| one["who"][0] == "pregnancy" && one["open"][0] == "pregnancy";
    assert!(report["contraindications"].as_array().unwrap().iter().any(|one| pregnancy(&one)), "{report}");
}

#[tokio::test]
async fn a_patient_is_checked_by_what_is_on_record_about_them() {
    covers!("medicine-check-interactions", "medicine-safety-report", "records-add");
    let shop = Shop::open();
    let (anna, bela) = (shop.customer().await, shop.customer().await);
    let taken = anna.post("/v1/records/medications", &json!({"substance": "warfarin"})).await.body(201);
    let patient = taken["patient_id"].as_str().unwrap();
    let allergy = json!({"substance": "aspirin", "severity": "severe", "certainty": "confirmed"});
    anna.post("/v1/records/allergies", &allergy).await.expect(201);
    let body = json!({"substances": ["ibuprofen"], "patient_id": patient});
    let found = anna.post("/v1/medicine/interactions", &body).await.body(200);
    assert_eq!(found["alerts"][0]["items"], json!(["ibuprofen", "warfarin"]), "{found}");
    assert_eq!(found["allergies"][0]["allergy"], "aspirin");
    bela.post("/v1/medicine/interactions", &body).await.problem(404, "not_found");
    shop.guest.post("/v1/medicine/interactions", &body).await.problem(401, "unauthenticated");
    let mut product = product_body("otc", 500);
    product["ingredients"] = json!([{"name": "ibuprofen", "strength": "200 mg"}]);
    let product = shop.product_of(product, 1).await.id;
    search_caught_up().await;
    let query = [("product", product.as_str()), ("patient_id", patient)];
    let report = anna.search("/v1/medicine/safety", &query).await.body(200);
    assert_eq!(report["interactions"][0]["severity"], "not_recommended", "{report}");
    assert_eq!(report["allergies"][0]["relation"], "same_class");
    bela.search("/v1/medicine/safety", &query).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_dose_is_computed_or_there_is_no_rule() {
    covers!("medicine-calculate-dose");
    let shop = Shop::open();
    let ask = |weight: &str| {
        json!({"substance": "ibuprofen", "route": "oral", "indication": "pain or fever",
               "patient": {"age": 6, "weight_kg": weight}})
    };
    let dose = shop.guest.post("/v1/medicine/dose", &ask("20")).await.body(200);
    assert_eq!((&dose["code"], &dose["single"]["max"]), (&json!("dose"), &json!("200")));
    let none = shop.guest.post("/v1/medicine/dose", &ask("90")).await.body(200);
    assert_eq!(none["code"], "no_rule");
}

#[tokio::test]
async fn two_pharmacists_make_a_rule() {
    covers!("medicine-put-rule", "medicine-review-rule", "medicine-get-rule", "medicine-list-rules");
    let shop = Shop::open();
    let (anna, bert) = (shop.pharmacist().await, shop.other_pharmacist().await);
    let id = format!("rul_e2e_{}", unique().to_lowercase());
    let path = format!("/v1/medicine/rules/limit/{id}");
    let rule = json!({"substance": "codeine", "jurisdiction": "NP", "days": 30, "max_mg": "900",
                      "without_prescription_only": true, "law": false, "citation": "ours"});
    anna.put(&path, &json!({"rule": rule})).await.expect(200);
    let review = json!({"version": 1, "decision": "approve"});
    anna.post(&format!("{path}/review"), &review).await.problem(403, "own_rule");
    bert.post(&format!("{path}/review"), &review).await.expect(200);
    let found = anna.get(&path).await.body(200);
    assert_eq!((&found["status"], &found["in_force"]), (&json!("reviewed"), &json!(1)));
    let listed = anna.search("/v1/medicine/rules/limit", &[("limit", "100")]).await.body(200);
    assert!(listed["items"].as_array().unwrap().iter().any(|one| one["id"] == json!(id)), "{listed}");
    let withdrawal = json!({"rule": {"withdrawn": true, "reason": "made by a test"}});
    anna.put(&path, &withdrawal).await.expect(200);
    bert.post(&format!("{path}/review"), &json!({"version": 2, "decision": "approve"})).await.expect(200);
}
