//! Ordering again, and other prescriptions for an order that waits.

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::Status as Rx;
use support::{Answer, PLAIN, PLAIN_TOO, medicine, user};

use super::Shop;

pub(super) async fn set(shop: &Shop, buyer: u32, order: &str, ids: &[PrescriptionId], version: Option<&str>) -> Answer {
    let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "orders-set-prescriptions").unwrap().endpoint;
    let headers: Vec<_> = version.map(|version| ("if-match", version)).into_iter().collect();
    let body = Some(json!({"prescription_ids": ids}));
    let route = ("PUT", "/v1/orders/x/prescriptions");
    shop.as_customer(buyer, endpoint, route, &[("id", order)], &headers, body).await
}

pub(super) async fn reorder(shop: &Shop, buyer: u32, order: &str) -> Answer {
    let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "orders-reorder").unwrap().endpoint;
    shop.as_customer(buyer, endpoint, ("POST", "/v1/orders/x/reorder"), &[("id", order)], &[], None).await
}

/// An order of one that waits for its prescription, which is turned down.
async fn rejected(shop: &Shop) -> (String, shared::platform::ids::ProductId) {
    let product = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Pending, product, 1).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[rx]).await;
    shop.review(rx, Rx::Rejected).await;
    (order.body["id"].as_str().unwrap().to_owned(), product)
}

fn holds(answer: &Answer) -> Vec<Value> {
    answer.body["holds"].as_array().unwrap().iter().map(|hold| hold["code"].clone()).collect()
}

#[tokio::test]
async fn a_rejected_prescription_is_replaced_and_the_order_goes_out() {
    let shop = Shop::open().await;
    let (id, product) = rejected(&shop).await;
    assert_eq!(holds(&shop.get_order(1, &id).await), ["prescription_rejected"]);
    let better = shop.prescription(1, Rx::Approved, product, 1).await;
    let answer = set(&shop, 1, &id, &[better], None).await.expect(200);
    assert_eq!((&answer.body["version"], holds(&answer)), (&json!(2), Vec::new()), "{}", answer.text);
    assert_eq!(shop.transition(&id, "verified").await.status, 200);
    assert_eq!(shop.get_order(1, &id).await.body["items"][0]["prescription_id"], better.to_string());
    let late = set(&shop, 1, &id, &[better], None).await;
    assert_eq!((late.status, late.code()), (409, "invalid_transition"));
}

#[tokio::test]
async fn replacing_twice_is_replacing_once_and_an_old_version_replaces_nothing() {
    let shop = Shop::open().await;
    let (id, product) = rejected(&shop).await;
    let better = shop.prescription(1, Rx::Pending, product, 1).await;
    for _ in 0..2 {
        let answer = set(&shop, 1, &id, &[better], None).await.expect(200);
        assert_eq!((&answer.body["version"], holds(&answer)), (&json!(2), vec![json!("prescription_review")]));
    }
    let stale = set(&shop, 1, &id, &[], Some("\"1\"")).await;
    assert_eq!((stale.status, stale.code()), (412, "version_mismatch"));
    let told: Vec<_> =
        shop.trail(&user(1)).await.into_iter().filter(|(_, action, _)| action == "order.set_prescriptions").collect();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn nobody_gives_an_order_anothers_prescription_or_another_their_own() {
    let shop = Shop::open().await;
    let (id, product) = rejected(&shop).await;
    let (own, others) =
        (shop.prescription(1, Rx::Approved, product, 1).await, shop.prescription(2, Rx::Approved, product, 1).await);
    let refused = set(&shop, 1, &id, &[own, others], None).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (400, &json!("prescription_ids[1]")));
    assert!(shop.trail_of_others(&user(2)).await.iter().any(|(_, action, _)| action == "prescription.read"));
    let theirs = set(&shop, 2, &id, &[others], None).await;
    assert_eq!((theirs.status, theirs.code()), (404, "not_found"));
    assert_eq!(shop.get_order(1, &id).await.body["version"], 1, "nothing has changed");
    assert_eq!(shop.get_order_as(&user(9), Role::PharmacyAdmin, &id).await.body["version"], 1);
}

#[tokio::test]
async fn a_prescription_that_a_fill_was_taken_from_stays() {
    let shop = Shop::open().await;
    let other = medicine(PLAIN_TOO, "500 mg", LegalStatus::Prescription);
    let (one, two) = (shop.product(100, 9, LegalStatus::Prescription).await, shop.product_with(&other, 100, 9).await);
    let (filled, pending) =
        (shop.prescription(1, Rx::Approved, one, 1).await, shop.prescription(1, Rx::Pending, two, 1).await);
    shop.put(1, one, 1).await;
    shop.put(1, two, 1).await;
    let id = shop.order(1, "key", &[filled, pending]).await.body["id"].as_str().unwrap().to_owned();
    let other = shop.prescription(1, Rx::Approved, two, 1).await;
    set(&shop, 1, &id, &[other], None).await.expect(200);
    assert_eq!(shop.transition(&id, "verified").await.status, 200);
    let seen = shop.get_order(1, &id).await;
    let by: Vec<_> =
        seen.body["items"].as_array().unwrap().iter().map(|item| item["prescription_id"].clone()).collect();
    assert_eq!(by, [json!(filled), json!(other)]);
}

#[tokio::test]
async fn an_order_fills_the_cart_again_with_what_can_be_had() {
    let shop = Shop::open().await;
    let (one, two) = (shop.product(100, 9, LegalStatus::Otc).await, shop.product(200, 9, LegalStatus::Otc).await);
    shop.put(1, one, 3).await;
    shop.put(1, two, 1).await;
    let id = shop.order(1, "key", &[]).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.cart(1).await.body["items"], json!([]));
    shop.take_off_sale(two).await;
    for _ in 0..2 {
        let cart = reorder(&shop, 1, &id).await.expect(200).body;
        let items = cart["items"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!((&items[0]["product_id"], &items[0]["quantity"]), (&json!(one), &json!(3)));
        assert_eq!(cart["not_added"], json!([{"product_id": two, "code": "not_on_sale"}]));
    }
    let others = reorder(&shop, 2, &id).await;
    assert_eq!((others.status, others.code()), (404, "not_found"));
    assert!(shop.trail_of_others(&user(1)).await.iter().any(|(_, action, _)| action == "order.read"));
}

#[tokio::test]
async fn another_medicine_under_an_ordered_id_is_shown_and_not_ordered_again() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let id = shop.order(1, "key", &[]).await.body["id"].as_str().unwrap().to_owned();
    shop.reprice(product, 200).await;
    let cart = reorder(&shop, 1, &id).await.expect(200).body;
    assert_eq!((&cart["items"][0]["unit_price"]["amount"], &cart["items"][0]["problems"]), (&json!(200), &json!([])));
    assert_eq!(shop.order(1, "other", &[]).await.status, 201, "it is asked for at the price of today");
    shop.alter(product, &medicine(PLAIN, "5 g", LegalStatus::Otc)).await;
    for _ in 0..2 {
        let cart = reorder(&shop, 1, &id).await.expect(200).body;
        let problems = &cart["items"][0]["problems"];
        assert_eq!(
            (&problems[0]["code"], &problems[0]["changed"]),
            (&json!("medicine_changed"), &json!(["ingredients"]))
        );
        assert_eq!(problems.as_array().unwrap().len(), 1, "{problems}");
    }
    let refused = shop.order(1, "again", &[]).await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    assert_eq!(shop.stock(product).await, (7, 2, 0));
    assert_eq!(shop.put(1, product, 1).await.body["items"][0]["problems"], json!([]));
    assert_eq!(shop.order(1, "again", &[]).await.status, 201, "putting it in accepts it");
}

#[tokio::test]
async fn the_answer_to_placing_stays_what_it_was_whatever_is_given_later() {
    let shop = Shop::open().await;
    let other = medicine(PLAIN_TOO, "500 mg", LegalStatus::Prescription);
    let (waits, free) = (shop.product_with(&other, 100, 9).await, shop.product(100, 9, LegalStatus::Otc).await);
    let pending = shop.prescription(1, Rx::Pending, waits, 1).await;
    shop.put(1, waits, 1).await;
    let placed = shop.order(1, "waits", &[pending]).await;
    shop.put(1, free, 1).await;
    let freely = shop.order(1, "free", &[]).await;
    shop.relegate(free, LegalStatus::Prescription).await;
    for (order, product, key, given) in [(&placed, waits, "waits", vec![pending]), (&freely, free, "free", vec![])] {
        let id = order.body["id"].as_str().unwrap();
        let better = shop.prescription(1, Rx::Approved, product, 1).await;
        set(&shop, 1, id, &[better], None).await.expect(200);
        assert_eq!(shop.order(1, key, &given).await.body, order.body, "{key}: given");
        assert_eq!(shop.transition(id, "verified").await.status, 200, "{key}");
        assert_eq!(shop.order(1, key, &given).await.body, order.body, "{key}: verified");
        assert_eq!(shop.get_order(1, id).await.body["items"][0]["prescription_id"], better.to_string());
    }
}
