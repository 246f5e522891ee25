//! Buying for others: a prescription serves its own patient's lines, and whom an order names is never deleted.

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::ids::PatientId;
use shared::prescriptions::Status as Rx;
use support::{Answer, user};

use super::Shop;
use super::again::reorder;

async fn patients(
    shop: &Shop,
    method: &str,
    endpoint: &shared::api::Endpoint,
    id: &str,
    body: Option<Value>,
) -> Answer {
    let token = shop.world.token(&user(1), Role::Customer);
    shop.world.call(endpoint, (method, "/v1/patients"), &[("id", id)], Some(&token), body).await
}

/// The id of a child of the first person.
async fn child(shop: &Shop) -> String {
    let body = json!({"full_name": "Mira Rai", "date_of_birth": "2021-03-04", "sex": "female", "relationship": "child",
        "weight_kg": "17.50"});
    let answer = patients(shop, "POST", &patients_add::ENDPOINT, "", Some(body)).await.expect(201);
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn remove(shop: &Shop, id: &str) {
    patients(shop, "DELETE", &patients_remove::ENDPOINT, id, None).await.expect(204);
}

fn codes(answer: &Answer) -> Vec<String> {
    let problems = answer.body["problems"].as_array().unwrap();
    problems.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_prescription_serves_the_lines_of_its_own_patient_alone() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let mira = child(&shop).await;
    let for_mira = shop.prescription(1, Rx::Approved, product, 2).await;
    shop.change_rx(for_mira, |rx| rx.patient = Some(PatientId::parse(&mira).unwrap())).await;
    let for_owner = shop.prescription(1, Rx::Approved, product, 1).await;

    shop.put(1, product, 1).await;
    assert_eq!(codes(&shop.order(1, "a", &[for_mira]).await), ["wrong_patient"]);
    let cart = shop.put_for(1, product, &mira).await.expect(200);
    assert_eq!(cart.body["items"][0]["patient_id"], mira);
    assert_eq!(codes(&shop.order(1, "b", &[for_owner]).await), ["wrong_patient"]);
    assert_eq!(shop.stock(product).await, (10, 0, 0));

    let order = shop.order(1, "c", &[for_owner, for_mira]).await.expect(201);
    let line = &order.body["items"][0];
    assert_eq!((&line["patient_id"], &line["prescription_id"]), (&json!(mira), &json!(for_mira.to_string())));
    let id = order.body["id"].as_str().unwrap();
    shop.transition(id, "verified").await.expect(200);
    // What was for her when it was verified is not, when it is packed.
    shop.change_rx(for_mira, |rx| rx.patient = None).await;
    shop.transition(id, "packed").await.problem(422, "dispensing_refused");
    shop.change_rx(for_mira, |rx| rx.patient = Some(PatientId::parse(&mira).unwrap())).await;
    shop.transition(id, "packed").await.expect(200);
}

#[tokio::test]
async fn a_prescription_that_waits_for_its_review_holds_the_lines_of_its_own_patient_alone() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let mira = child(&shop).await;
    let pending = shop.prescription(1, Rx::Pending, product, 1).await;
    shop.put_for(1, product, &mira).await.expect(200);
    assert_eq!(codes(&shop.order(1, "a", &[pending]).await), ["wrong_patient"]);
    shop.change_rx(pending, |rx| rx.patient = Some(PatientId::parse(&mira).unwrap())).await;
    assert_eq!(shop.order(1, "b", &[pending]).await.expect(201).body["holds"][0]["code"], "prescription_review");
}

#[tokio::test]
async fn ordering_again_changes_no_line_of_somebody_else() {
    let shop = Shop::open().await;
    let (syrup, other) = (shop.product(500, 10, LegalStatus::Otc).await, shop.product(500, 10, LegalStatus::Otc).await);
    let mira = child(&shop).await;
    shop.put_for(1, syrup, &mira).await.expect(200);
    shop.put(1, other, 2).await;
    let order = shop.order(1, "key", &[]).await.expect(201);
    let id = order.body["id"].as_str().unwrap();
    shop.put(1, syrup, 3).await;
    for _ in 0..2 {
        let cart = reorder(&shop, 1, id).await.expect(200).body;
        let items = cart["items"].as_array().unwrap();
        let lines: Vec<_> = items.iter().map(|item| (&item["quantity"], &item["patient_id"])).collect();
        let anna = json!(of_owner(&user(1)));
        assert_eq!(lines, [(&json!(3), &anna), (&json!(2), &anna)], "{cart}");
        assert_eq!(cart["not_added"], json!([{"product_id": syrup, "code": "for_somebody_else"}]));
    }
    shop.put_for(1, syrup, &mira).await.expect(200);
    let cart = reorder(&shop, 1, id).await.expect(200).body;
    assert_eq!((&cart["items"][0]["patient_id"], &cart["not_added"]), (&json!(mira), &json!([])), "{cart}");
    assert_eq!(shop.merge(1, syrup, 4).await.body["not_added"], json!([]), "a guest knows no patients");
}

#[tokio::test]
async fn an_order_can_be_for_somebody_as_a_whole() {
    let shop = Shop::open().await;
    let (one, other) = (shop.product(500, 10, LegalStatus::Otc).await, shop.product(500, 10, LegalStatus::Otc).await);
    let (mira, second) = (child(&shop).await, child(&shop).await);
    shop.put(1, one, 1).await;
    shop.put_for(1, other, &second).await.expect(200);
    let order = shop.order_with(1, "a", json!({"patient_id": mira})).await.expect(201);
    let whom: Vec<_> =
        order.body["items"].as_array().unwrap().iter().map(|item| item["patient_id"].as_str().unwrap()).collect();
    assert_eq!(whom, [mira.as_str(), second.as_str()]);
    // In lists nothing tells whom an order is for.
    let token = (user(9), Role::PharmacyAdmin);
    let list = shop.list_as(&token.0, token.1, "&status=placed").await;
    assert!(list.body["items"][0]["items"][0].get("patient_id").is_none(), "{}", list.text);
}

#[tokio::test]
async fn who_was_removed_meanwhile_gets_nothing_and_whom_an_order_names_is_closed() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    let (gone, kept) = (child(&shop).await, child(&shop).await);
    shop.put_for(1, product, &gone).await.expect(200);
    assert_eq!(shop.cart(1).await.expect(200).body["items"][0]["problems"], json!([]));
    remove(&shop, &gone).await;
    let cart = shop.cart(1).await.expect(200);
    assert_eq!(cart.body["items"][0]["problems"][0]["code"], "wrong_patient", "{}", cart.text);
    assert_eq!(codes(&shop.order(1, "a", &[]).await), ["wrong_patient"]);
    assert_eq!(shop.stock(product).await, (10, 0, 0));
    let refused = shop.put_for(1, product, &gone).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (400, &json!("not_found")));

    shop.put_for(1, product, &kept).await.expect(200);
    shop.order(1, "b", &[]).await.expect(201);
    remove(&shop, &kept).await;
    let list = patients(&shop, "GET", &patients_list::ENDPOINT, "", None).await;
    assert_eq!(list.body["items"].as_array().unwrap().len(), 2);
    assert!(list.body["items"][1]["closed_at"].is_string());
    let refused = shop.put_for(1, product, &kept).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (400, &json!("patient_closed")));
    // Another's patient is nobody's business.
    let refused = shop.put_for(2, product, &kept).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (400, &json!("not_found")));
}

#[tokio::test]
async fn what_was_written_before_there_were_patients_is_the_owners() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let prescription = shop.prescription(1, Rx::Approved, product, 1).await;
    shop.put(1, product, 1).await;
    // Nobody in particular is not written at all: items look as they did.
    for (table, count) in [("prescriptions", 1), ("orders", 1)] {
        let items = shop.world.dynamo.scan().table_name(table).send().await.unwrap().items.unwrap();
        let items: Vec<_> = items.iter().filter(|item| item.contains_key("lines")).collect();
        assert_eq!(items.len(), count, "{table}");
        assert!(!format!("{items:?}").contains("\"patient\""), "{items:?}");
    }
    let order = shop.order(1, "a", &[prescription]).await.expect(201);
    assert_eq!(order.body["items"][0]["patient_id"], of_owner(&user(1)).to_string());
    let own = of_owner(&user(1)).to_string();
    assert_eq!(shop.put_for(1, product, &own).await.expect(200).body["items"][0]["patient_id"], own);
    let items = shop.world.dynamo.scan().table_name("orders").send().await.unwrap().items.unwrap();
    assert!(!format!("{items:?}").contains("\"patient\""), "{items:?}");
}
