//! Carts, checkout and orders on an embedded DynamoDB: what holds when requests repeat, race or meet a changed world.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken shop must stop the test")]

mod orders {
    mod coupons;
    mod invariants;
    mod lines;
    mod lists;
    mod reports;
    mod zones;
}
#[path = "shop/awaiting.rs"]
mod awaiting;
#[path = "shop/old_items.rs"]
mod old_items;
#[path = "shop/recalls.rs"]
mod recalls;
#[path = "shop/recorded.rs"]
mod recorded;
#[path = "shop/screening.rs"]
mod screening;
mod shop;
#[path = "shop/supply_invariants.rs"]
mod supply_invariants;
#[path = "shop/supply_storm.rs"]
mod supply_storm;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::orders::number::OrderNumber;
use shared::platform::clock::Date;
use shared::platform::dynamo::{Outcome, transact};
use shared::platform::ids::{OrderId, PrescriptionId};
use shared::prescriptions::Status as Rx;
use support::{Answer, user};

use shop::Shop;

/// An endpoint by its name.
fn endpoint(name: &str) -> &'static Endpoint {
    registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint
}

/// An entry of the trail: who, what, how it ended.
fn entry(who: u32, action: &str, outcome: &str) -> (String, String, String) {
    (user(who).to_string(), action.to_owned(), outcome.to_owned())
}

#[tokio::test]
async fn a_cart_shows_todays_prices_and_what_has_changed() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    let cart = shop.put(1, product, 2).await;
    assert_eq!(
        cart.body["totals"],
        json!({
            "subtotal": {"amount": 1000, "currency": "USD"}, "discount": {"amount": 0, "currency": "USD"},
            "delivery": {"amount": 499, "currency": "USD"}, "total": {"amount": 1499, "currency": "USD"},
        })
    );
    shop.reprice(product, 600).await;
    let cart = shop.cart(1).await;
    assert_eq!(cart.body["items"][0]["unit_price"]["amount"], 600);
    assert_eq!(cart.body["items"][0]["problems"][0]["code"], "price_changed");
    let cart = shop.put(1, product, 2).await;
    assert_eq!(cart.body["items"][0]["problems"], json!([]), "putting it in again accepts the price");
}

#[tokio::test]
async fn an_order_takes_stock_and_empties_the_cart() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 3).await;
    let order = shop.order(1, "key", &[]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    assert_eq!(order.body["status"], "placed");
    let payment = &order.body["payment"];
    assert_eq!((&payment["method"], &payment["status"]), (&json!("cod"), &json!("pending")));
    assert_eq!(shop.stock(product).await, (7, 3, 0));
    assert_eq!(shop.cart(1).await.body["items"], json!([]));
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_another_body_none() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let first = shop.order(1, "key", &[]).await;
    shop.transition(first.body["id"].as_str().unwrap(), "verified").await;
    let again = shop.order(1, "key", &[]).await;
    assert_eq!((again.status, &again.body), (201, &first.body), "as it was answered, not as it stands now");
    assert_eq!(again.headers["idempotency-replayed"], "true");
    let other = shop.order_with(1, "key", json!({"note": "another"})).await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
    assert_eq!(shop.stock(product).await, (9, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_calls_with_one_key_place_one_order() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let answers = join_all((0..100).map(|_| shop.order(1, "key", &[]))).await;
    let ids: BTreeSet<_> = answers.iter().filter(|a| a.status == 201).map(|a| a.body["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    let others: Vec<_> = answers.iter().filter(|a| !matches!(a.status, 201 | 503)).map(|a| &a.text).collect();
    assert!(others.is_empty(), "nothing but the order, or: try again: {others:?}");
    assert_eq!(shop.stock(product).await, (9, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_changes_of_a_cart_at_once_nearly_all_are_made() {
    let shop = Shop::open().await;
    let mut products = Vec::new();
    for _ in 0..50 {
        products.push(shop.product(100, 10, LegalStatus::Otc).await);
    }
    let answers = join_all(products.iter().map(|product| shop.try_put(1, *product, 1, &[]))).await;
    let busy = answers.iter().filter(|answer| answer.status == 503).count();
    assert!(busy < 5 && answers.iter().all(|answer| matches!(answer.status, 200 | 503)), "{busy} of fifty were busy");
    assert_eq!(shop.cart(1).await.body["items"].as_array().unwrap().len(), 50 - busy);
}

#[tokio::test]
async fn the_tag_of_a_cart_moves_with_its_prices_and_serves_a_change_all_the_same() {
    let shop = Shop::open().await;
    let (a, b) = (shop.product(500, 10, LegalStatus::Otc).await, shop.product(500, 10, LegalStatus::Otc).await);
    shop.put(1, a, 1).await;
    let read = async |tag: &str| {
        let headers = [("if-none-match", tag)];
        shop.as_customer(1, &cart_get::ENDPOINT, ("GET", "/v1/cart"), &[], &headers, None).await
    };
    let tag = |answer: &Answer| answer.headers["etag"].to_str().unwrap().to_owned();
    let first = shop.cart(1).await;
    let same = read(&tag(&first)).await;
    assert_eq!((same.status, same.text.as_str()), (304, ""));
    shop.reprice(a, 600).await;
    let other = read(&tag(&first)).await;
    assert_eq!((other.status, &other.body["version"]), (200, &first.body["version"]), "it is said at another price");
    assert_ne!(tag(&other), tag(&first));
    assert_eq!(shop.try_put(1, b, 1, &[("if-match", &tag(&first))]).await.status, 200, "the cart itself is as it was");
    assert_eq!(shop.try_put(1, b, 2, &[("if-match", &tag(&other))]).await.status, 412);
}

#[tokio::test]
async fn a_cart_is_changed_where_what_the_request_demands_of_it_holds() {
    let shop = Shop::open().await;
    let (a, b) = (shop.product(500, 10, LegalStatus::Otc).await, shop.product(500, 10, LegalStatus::Otc).await);
    let put = async |product, name, tag| {
        let answer = shop.try_put(1, product, 1, &[(name, tag)]).await;
        if answer.status == 200 { "done".to_owned() } else { format!("{} {}", answer.status, answer.code()) }
    };
    assert_eq!(put(a, "if-match", "*").await, "412 version_mismatch", "there is nothing to change");
    assert_eq!(put(a, "if-none-match", "*").await, "done");
    assert_eq!(put(a, "if-none-match", "*").await, "412 already_exists");
    assert_eq!(put(b, "if-match", "\"7\", \"8\"").await, "412 version_mismatch");
    assert_eq!(put(b, "if-match", "\"7\", \"1\"").await, "done", "one of the list is the version");
    assert_eq!(put(b, "if-match", "W/\"2\"").await, "412 version_mismatch");
    assert_eq!(put(b, "if-match", "two").await, "400 invalid_request");
}

#[tokio::test]
async fn an_error_names_the_prescription_that_was_sent_there() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let own = shop.prescription(1, Rx::Approved, product, 3).await;
    shop.world.clock.advance(Duration::from_millis(1));
    let anothers = shop.prescription(2, Rx::Approved, product, 3).await;
    shop.put(1, product, 1).await;
    // The other way round they would be in the order of their ids.
    assert_eq!(shop.order(1, "a", &[anothers, own]).await.fields(), ["prescription_ids[0]"]);
    assert_eq!(shop.order(1, "a", &[own, own, anothers]).await.fields(), ["prescription_ids[2]"]);
    assert_eq!(shop.preview(1, &[anothers, own]).await.fields(), ["prescription_ids[0]"]);
    let order = shop.order(1, "a", &[own, own]).await;
    assert_eq!((order.status, &order.body["prescription_ids"]), (201, &json!([own])), "{}", order.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_units_are_sold_once() {
    let shop = Shop::open().await;
    let product = shop.product(500, 5, LegalStatus::Otc).await;
    for buyer in 0..40 {
        shop.put(buyer, product, 1).await;
    }
    let answers = join_all((0..40).map(|buyer| shop.order(buyer, "key", &[]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 5);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!((refused.status, refused.code()), (422, "checkout_problems"));
        assert_eq!(refused.body["problems"][0]["code"], "out_of_stock");
        assert_eq!(refused.body["problems"][0]["available"], 0);
    }
    assert_eq!(shop.stock(product).await, (0, 5, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_for_the_last_units_takes_hardly_more_than_one_transaction_a_buyer() {
    let (shop, cloud) = Shop::counted().await;
    let product = shop.product(500, 20, LegalStatus::Otc).await;
    for buyer in 0..64 {
        shop.put(buyer, product, 1).await;
    }
    cloud.measure(Duration::ZERO);
    let answers = join_all((0..64).map(|buyer| shop.order(buyer, "key", &[]))).await;
    let transactions = cloud.measured().iter().filter(|call| call.name == "TransactWriteItems").count();
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 20);
    assert_eq!(shop.stock(product).await, (0, 20, 0));
    // The database refuses one now and then for the moment alone, and it is sent again.
    assert!((20..=64 + 8).contains(&transactions), "{transactions}");
}

#[tokio::test(flavor = "multi_thread")]
async fn crossing_carts_neither_block_nor_oversell() {
    let shop = Shop::open().await;
    let mut products = Vec::new();
    for _ in 0..3 {
        products.push(shop.product(100, 10, LegalStatus::Otc).await);
    }
    for buyer in 0..30 {
        for step in 0..3_usize {
            shop.put(buyer, products[(buyer as usize + step) % 3], 1).await;
        }
    }
    let answers = join_all((0..30).map(|buyer| shop.order(buyer, "key", &[]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 10);
    for product in products {
        assert_eq!(shop.stock(product).await, (0, 10, 0), "no order took a part of its cart");
    }
}

#[tokio::test]
async fn a_refused_order_changes_nothing_and_names_every_line() {
    let shop = Shop::open().await;
    let scarce = shop.product(100, 1, LegalStatus::Otc).await;
    let repriced = shop.product(100, 9, LegalStatus::Otc).await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    for (product, quantity) in [(scarce, 2), (repriced, 1), (medicine, 1)] {
        shop.put(1, product, quantity).await;
    }
    shop.reprice(repriced, 101).await;
    let refused = shop.order(1, "key", &[]).await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    let mut found: Vec<(String, String)> = Vec::new();
    for problem in refused.body["problems"].as_array().unwrap() {
        found.push((problem["product_id"].as_str().unwrap().to_owned(), problem["code"].as_str().unwrap().to_owned()));
    }
    let expected = [(scarce, "out_of_stock"), (repriced, "price_changed"), (medicine, "prescription_required")];
    for (product, code) in expected {
        assert!(found.contains(&(product.to_string(), code.to_owned())), "{product} {code}: {found:?}");
    }
    assert_eq!(shop.stock(scarce).await, (1, 0, 0));
    assert_eq!(shop.stock(medicine).await, (9, 0, 0));
    assert_eq!(shop.cart(1).await.body["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_new_name_is_no_reason_to_refuse() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    shop.rename(product, "A clearer name").await;
    let order = shop.order(1, "key", &[]).await;
    assert_eq!((order.status, order.body["items"][0]["name"].as_str()), (201, Some("A clearer name")));
}

#[tokio::test]
async fn a_prescription_medicine_goes_out_on_its_prescription_alone() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let mine = shop.prescription(1, Rx::Approved, medicine, 1).await;
    let anothers = shop.prescription(2, Rx::Approved, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    assert_eq!(shop.order(1, "a", &[anothers]).await.fields(), ["prescription_ids[0]"]);
    let order = shop.order(1, "b", &[mine]).await;
    assert_eq!(order.status, 201, "{}", order.text);
    assert_eq!(shop.rx(mine).await.status, Rx::Spent);
    shop.put(1, medicine, 1).await;
    let second = shop.order(1, "c", &[mine]).await;
    assert_eq!(second.body["problems"][0]["code"], "prescription_insufficient", "one fill, one order");
    assert_eq!(shop.stock(medicine).await, (8, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_orders_at_once_cannot_share_a_fill() {
    let shop = Shop::open().await;
    let first = shop.product(100, 9, LegalStatus::Prescription).await;
    let fills = shop.prescription(1, Rx::Approved, first, 3).await;
    for key in 0..8 {
        shop.put(1, first, 1).await;
        let (a, b) = (format!("a{key}"), format!("b{key}"));
        futures_util::future::join(shop.order(1, &a, &[fills]), shop.order(1, &b, &[fills])).await;
    }
    assert_eq!(shop.stock(first).await, (6, 3, 0));
    assert_eq!(shop.rx(fills).await.status, Rx::Spent);
}

#[tokio::test]
async fn an_order_waits_for_the_review_and_is_never_verified_before() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Controlled).await;
    let pending = shop.prescription(1, Rx::Pending, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    let order = shop.order(1, "key", &[pending]).await;
    assert_eq!(order.body["holds"][0]["code"], "prescription_review", "{}", order.text);
    let id = order.body["id"].as_str().unwrap();
    let early = shop.transition(id, "verified").await;
    assert_eq!((early.status, early.code()), (422, "dispensing_refused"), "{}", early.text);
    shop.review(pending, Rx::Approved).await;
    assert_eq!(shop.get_order(1, id).await.body["holds"], json!([]));
    let verified = shop.transition(id, "verified").await;
    assert_eq!(verified.body["status"], "verified", "{}", verified.text);
    assert_eq!(shop.rx(pending).await.status, Rx::Spent, "the fill is taken at verification");
    assert_eq!(shop.order(1, "key", &[pending]).await.body, order.body, "a repeated request hears what it heard first");
}

#[tokio::test]
async fn the_gate_runs_again_when_the_order_is_packed() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Approved, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    let order = shop.order(1, "key", &[rx]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(shop.transition(id, "verified").await.status, 200);
    shop.review(rx, Rx::Rejected).await;
    let refused = shop.transition(id, "packed").await;
    assert_eq!((refused.status, refused.code()), (422, "dispensing_refused"));
    shop.review(rx, Rx::Spent).await;
    shop.expire(rx, Date::parse("2026-11-19").unwrap()).await;
    assert_eq!(shop.transition(id, "packed").await.status, 422, "its last day has passed");
    shop.expire(rx, Date::parse("2026-11-20").unwrap()).await;
    assert_eq!(shop.transition(id, "packed").await.status, 200);
}

#[tokio::test]
async fn a_product_that_becomes_prescription_only_stops_the_parcel() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(shop.transition(id, "verified").await.status, 200);
    shop.relegate(product, LegalStatus::Prescription).await;
    let refused = shop.transition(id, "packed").await;
    assert_eq!(refused.body["problems"][0]["code"], "prescription_required", "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_gives_everything_back_once() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Approved, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    let order = shop.order(1, "key", &[rx]).await;
    let id = order.body["id"].as_str().unwrap();
    let answers = join_all((0..10).map(|_| shop.cancel(1, id))).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body["status"] == "cancelled"));
    assert_eq!(shop.stock(medicine).await, (9, 0, 0));
    let given_back = shop.rx(rx).await;
    assert_eq!((given_back.status, given_back.lines[0].fills.len()), (Rx::Approved, 0));
    assert_eq!(answers[0].body["payment"]["status"], "voided");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_shipped_or_cancelled_never_both() {
    let shop = Shop::open().await;
    for round in 0..10 {
        let product = shop.product(100, 1, LegalStatus::Otc).await;
        shop.put(1, product, 1).await;
        let order = shop.order(1, &format!("key {round}").replace(' ', "-"), &[]).await;
        let id = order.body["id"].as_str().unwrap();
        shop.transition(id, "verified").await;
        shop.transition(id, "packed").await;
        let (shipped, cancelled) = futures_util::future::join(shop.transition(id, "shipped"), shop.cancel(1, id)).await;
        let outcome = (shipped.status, cancelled.status, shop.stock(product).await);
        assert!(matches!(outcome, (200, 409, (0, 0, 1)) | (409, 200, (1, 0, 0))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_delivered_order_is_paid_and_its_goods_are_sold() {
    let shop = Shop::open().await;
    let product = shop.product(100, 5, LegalStatus::Otc).await;
    shop.put(1, product, 2).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(shop.transition(id, to).await.status, 200, "{to}");
    }
    let seen = shop.get_order(1, id).await;
    let states: Vec<_> = seen.body["history"].as_array().unwrap().iter().map(|step| step["status"].clone()).collect();
    assert_eq!(Value::from(states), json!(["placed", "verified", "packed", "shipped", "delivered"]));
    assert_eq!(seen.body["payment"]["status"], "captured");
    assert_eq!(shop.stock(product).await, (3, 0, 2));
    assert_eq!(shop.cancel(1, id).await.code(), "invalid_transition");
}

#[tokio::test]
async fn nobody_sees_anothers_order_and_the_trail_shows_who_tried() {
    let shop = Shop::open().await;
    let product = shop.product(100, 5, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(shop.get_order(2, id).await.status, 404);
    assert_eq!(shop.cancel(2, id).await.status, 404);
    assert_eq!(shop.get_order_as(&user(9), Role::PharmacyAdmin, id).await.status, 200);
    assert_eq!(shop.get_order_as(&user(8), Role::Seller, id).await.status, 404);
    let expected = [
        entry(2, "order.cancel", "refused"),
        entry(2, "order.read", "refused"),
        entry(8, "order.read", "refused"),
        entry(9, "order.read", "allowed"),
    ];
    assert_eq!(shop.trail_of_others(&user(1)).await, expected);
}

#[tokio::test]
async fn who_is_shown_an_order_by_cancelling_it_again_is_on_the_trail() {
    let shop = Shop::open().await;
    let product = shop.product(100, 5, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    shop.cancel(1, id).await;
    let staff = user(9);
    let again = shop.cancel_as((&staff, Role::PharmacyAdmin), id, &[]).await;
    assert_eq!((again.status, again.body["status"].as_str()), (200, Some("cancelled")), "{}", again.text);
    assert_eq!(shop.trail_of_others(&user(1)).await, [entry(9, "order.read", "allowed")]);
    shop.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let untraced = shop.cancel_as((&staff, Role::PharmacyAdmin), id, &[]).await;
    assert_eq!((untraced.status, untraced.code()), (503, "unavailable"), "{}", untraced.text);
    assert_eq!(shop.cancel(1, id).await.status, 200, "one's own needs no trail");
}

#[tokio::test]
async fn each_refused_step_of_anothers_order_is_on_the_trail() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let pending = shop.prescription(1, Rx::Pending, medicine, 1).await;
    shop.put(1, medicine, 1).await;
    let order = shop.order(1, "key", &[pending]).await;
    let id = order.body["id"].as_str().unwrap();
    let stale = [("if-match", "\"7\"")];
    assert_eq!(shop.cancel_as((&user(9), Role::PharmacyAdmin), id, &stale).await.code(), "version_mismatch");
    assert_eq!(shop.transition(id, "shipped").await.code(), "invalid_transition");
    assert_eq!(shop.transition(id, "verified").await.code(), "dispensing_refused");
    let refused = [
        entry(9, "order.cancel", "refused"),
        entry(9, "order.transition", "refused"),
        entry(9, "order.transition", "refused"),
    ];
    assert_eq!(shop.trail(&user(1)).await.len(), refused.len());
    assert_eq!(shop.trail_of_others(&user(1)).await, refused);
    // The customer's own mistakes are nobody's reading, and a failure refuses nobody.
    assert_eq!(shop.cancel_if(1, id, "\"7\"").await.code(), "version_mismatch");
    shop.world.dynamo.delete_table().table_name("catalog").send().await.unwrap();
    assert!(shop.transition(id, "verified").await.status >= 500);
    assert_eq!(shop.trail(&user(1)).await.len(), refused.len());
    shop.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let untraced = shop.transition(id, "shipped").await;
    assert_eq!((untraced.status, untraced.code()), (503, "unavailable"), "{}", untraced.text);
    assert_eq!(shop.cancel_if(1, id, "\"7\"").await.status, 412, "one's own needs no trail");
}

#[tokio::test]
async fn who_names_anothers_prescription_is_on_the_trail() {
    let shop = Shop::open().await;
    let medicine = shop.product(100, 9, LegalStatus::Prescription).await;
    let mine = shop.prescription(1, Rx::Approved, medicine, 1).await;
    let anothers = shop.prescription(2, Rx::Approved, medicine, 1).await;
    let nobodys = PrescriptionId::generate(shop.world.clock.now());
    shop.put(1, medicine, 1).await;
    assert_eq!(shop.order(1, "a", &[nobodys]).await.fields(), ["prescription_ids[0]"]);
    assert_eq!(shop.preview(1, &[mine]).await.body["problems"], json!([]));
    assert!(shop.trail(&user(2)).await.is_empty());
    for refused in [shop.order(1, "b", &[anothers]).await, shop.preview(1, &[anothers]).await] {
        assert_eq!((refused.status, refused.fields()), (400, vec!["prescription_ids[0]"]), "{}", refused.text);
    }
    let tried = entry(1, "prescription.read", "refused");
    assert_eq!(shop.trail(&user(2)).await, [tried.clone(), tried]);
    assert!(shop.trail(&user(1)).await.is_empty(), "one's own are nobody else's");
    shop.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    for untraced in [shop.order(1, "c", &[mine, anothers]).await, shop.preview(1, &[mine, anothers]).await] {
        assert_eq!((untraced.status, untraced.code()), (503, "unavailable"), "{}", untraced.text);
    }
    assert_eq!(shop.order(1, "d", &[mine]).await.status, 201, "one's own needs no trail");
}

#[tokio::test]
async fn whose_orders_a_list_shows_to_others_is_on_the_trail() {
    let shop = Shop::open().await;
    let product = shop.product_of(Some(user(8)), 100, 9, LegalStatus::Otc).await;
    // A page holds three, so that the first is read and not shown; the last is of somebody who works here.
    for buyer in [1, 2, 3, 9] {
        shop.put(buyer, product, 1).await;
        assert_eq!(shop.order(buyer, "key", &[]).await.status, 201);
        shop.world.clock.advance(Duration::from_secs(1));
    }
    let readers = [(user(9), Role::PharmacyAdmin), (user(8), Role::Seller), (user(2), Role::Customer)];
    for (who, role) in &readers {
        assert_eq!(shop.list_as(who, *role, "").await.status, 200);
    }
    assert!(shop.trail(&user(1)).await.is_empty());
    for shown in [2, 3] {
        let expected = [entry(8, "order.read", "allowed"), entry(9, "order.read", "allowed")];
        assert_eq!(shop.trail_of_others(&user(shown)).await, expected);
        assert_eq!(shop.trail(&user(shown)).await.len(), expected.len(), "one's own are nobody else's");
    }
    assert_eq!(shop.trail(&user(9)).await, [entry(8, "order.read", "allowed")]);
    shop.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    for (who, role) in &readers[..2] {
        let untraced = shop.list_as(who, *role, "").await;
        assert_eq!((untraced.status, untraced.code()), (503, "unavailable"), "{}", untraced.text);
        assert_eq!(shop.list_as(who, *role, "&status=shipped").await.status, 200, "nothing is shown");
    }
    assert_eq!(shop.list_as(&user(2), Role::Customer, "").await.status, 200, "one's own need no trail");
}

#[tokio::test]
async fn a_seller_sees_the_lines_of_own_products_and_not_who_ordered() {
    let shop = Shop::open().await;
    let own = shop.product_of(Some(user(8)), 100, 5, LegalStatus::Otc).await;
    let house = shop.product(100, 5, LegalStatus::Otc).await;
    shop.put(1, own, 1).await;
    shop.put(1, house, 1).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    let seen = shop.get_order_as(&user(8), Role::Seller, id).await;
    assert_eq!(seen.body["items"].as_array().unwrap().len(), 1, "{}", seen.text);
    assert_eq!(
        (&seen.body["address"], &seen.body["totals"], &seen.body["note"]),
        (&json!(null), &json!(null), &json!(null))
    );
    let list = shop.list_as(&user(8), Role::Seller, "").await;
    assert_eq!(list.body["items"][0]["items"].as_array().unwrap().len(), 1);
    assert_eq!(shop.list_as(&user(7), Role::Seller, "").await.body["items"], json!([]));
}

#[tokio::test]
async fn a_list_is_walked_without_loss_or_repetition() {
    let shop = Shop::open().await;
    let product = shop.product(100, 99, LegalStatus::Otc).await;
    let mut placed = Vec::new();
    for n in 0..7 {
        shop.put(1, product, 1).await;
        let order = shop.order(1, &n.to_string(), &[]).await;
        placed.push(order.body["id"].as_str().unwrap().to_owned());
        shop.world.clock.advance(Duration::from_secs(1));
        if n % 2 == 0 {
            shop.cancel(1, &placed[n]).await;
        }
    }
    placed.reverse();
    for (who, role) in [(user(1), Role::Customer), (user(9), Role::PharmacyAdmin)] {
        assert_eq!(shop.walk(&who, role, "").await, placed, "{role:?}");
        let cancelled: Vec<_> = placed.iter().step_by(2).cloned().collect();
        assert_eq!(shop.walk(&who, role, "&status=cancelled").await, cancelled, "{role:?}");
    }
    assert_eq!(shop.walk(&user(2), Role::Customer, "").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_list_of_large_orders_does_not_end_at_a_megabyte() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let first = shop.order(1, "key", &[]).await.body["id"].as_str().unwrap().to_owned();
    let mut all = shop.copy(&first, 109).await;
    all.push(first);
    for (who, role) in [(user(1), Role::Customer), (user(9), Role::PharmacyAdmin)] {
        for query in ["", "&status=placed"] {
            let listed = shop.walk_by(100, &who, role, query).await;
            assert_eq!((listed.len(), listed == all), (all.len(), true), "{role:?} {query}");
        }
    }
}

#[tokio::test]
async fn the_last_day_of_a_prescription_ends_where_the_pharmacy_is() {
    let shop = Shop::open_with(&[("time_zone", "\"Asia/Kathmandu\"")]).await;
    let product = shop.product(500, 10, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Approved, product, 3).await;
    shop.expire(rx, Date::parse("2026-11-20").unwrap()).await;
    shop.put(1, product, 1).await;
    // A second before midnight in Kathmandu, then midnight.
    shop.world.clock.advance(Duration::from_secs(8 * 3600 + 15 * 60 - 1));
    assert_eq!(shop.preview(1, &[rx]).await.body["problems"], json!([]));
    shop.world.clock.advance(Duration::from_secs(1));
    let refused = shop.order(1, "a", &[rx]).await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
}

#[tokio::test]
async fn no_two_orders_have_one_number() {
    let shop = Shop::open().await;
    let product = shop.product(500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let placed = shop.order(1, "a", &[]).await.body;
    let store = shop.world.app.orders().store;
    let mut order = store.get(placed["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    let number = OrderNumber::parse(placed["number"].as_str().unwrap()).unwrap();
    assert_eq!((number.id(), placed["number"].as_str()), (order.id, Some(&*order.number())));
    order.note = Some("another order with the same number".to_owned());
    let refused = transact(&shop.world.dynamo, store.create(&order).unwrap()).await.unwrap();
    assert!(matches!(refused, Outcome::Refused(_)));
    order.id = OrderNumber::draw(shop.world.clock.now()).id();
    assert!(matches!(transact(&shop.world.dynamo, store.create(&order).unwrap()).await.unwrap(), Outcome::Done));
}

#[tokio::test]
async fn an_order_is_found_by_its_number_by_whom_it_concerns() {
    let shop = Shop::open().await;
    let product = shop.product_of(Some(user(7)), 500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let placed = shop.order(1, "a", &[]).await.body;
    let number = placed["number"].as_str().unwrap();
    let ids = async |who: u32, role, query: &str| {
        let page = shop.list_as(&user(who), role, query).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.body["items"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect::<Vec<_>>()
    };
    let read_out = format!("&number={}", number.to_lowercase().replace('-', "%20"));
    for (who, role) in [(1, Role::Customer), (7, Role::Seller), (9, Role::PharmacyAdmin)] {
        assert_eq!(ids(who, role, &read_out).await, [placed["id"].clone()], "{role:?}");
        assert!(ids(who, role, &format!("{read_out}&status=shipped")).await.is_empty());
    }
    assert!(ids(2, Role::Customer, &read_out).await.is_empty());
    let others = shop.trail_of_others(&user(1)).await;
    assert!(others.contains(&entry(2, "order.read", "refused")) && others.contains(&entry(9, "order.read", "allowed")));
    let mut wrong: Vec<char> = number.chars().collect();
    wrong[4] = if wrong[4] == '7' { '8' } else { '7' };
    let wrong = format!("&number={}", wrong.iter().collect::<String>());
    assert_eq!(shop.list_as(&user(1), Role::Customer, &wrong).await.fields(), ["number"]);
}

#[tokio::test]
async fn an_order_from_before_there_were_numbers_is_found_by_its_old_one() {
    let shop = Shop::open().await;
    let product = shop.product_of(Some(user(7)), 500, 10, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let placed = shop.order(1, "a", &[]).await.body;
    let store = shop.world.app.orders().store;
    let mut order = store.get(placed["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    order.id = OrderId::generate(shop.world.clock.now());
    transact(&shop.world.dynamo, store.create(&order).unwrap()).await.unwrap();
    let old = order.number();
    for (who, role) in [(1, Role::Customer), (7, Role::Seller), (9, Role::PharmacyAdmin)] {
        let page = shop.list_as(&user(who), role, &format!("&number={old}")).await;
        let items = page.body["items"].as_array().unwrap();
        assert_eq!(
            (items.len(), items[0]["id"].as_str()),
            (1, Some(&*order.id.to_string())),
            "{role:?}: {}",
            page.text
        );
        assert_eq!(items[0]["number"], old);
    }
    assert_eq!(shop.list_as(&user(2), Role::Customer, &format!("&number={old}")).await.body["items"], json!([]));
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(shop.cancel_if(1, id, "\"7\"").await.status, 412);
    assert_eq!(shop.cancel_if(1, id, "\"1\"").await.status, 200);
}

#[tokio::test]
async fn a_world_without_tables_is_a_503_and_not_a_hang() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let world = support::world_at(&nobody, false).await;
    let token = world.token(&user(1), Role::Customer);
    let answer = world.call(&cart_get::ENDPOINT, ("GET", "/v1/cart"), &[], Some(&token), None).await;
    assert_eq!((answer.status, answer.code()), (503, "unavailable"));
    assert!(answer.headers.contains_key("retry-after"));
}
