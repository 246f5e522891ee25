//! Returns: who may ask for one, and what becomes of the goods and the money.

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use support::{Answer, event, user};

use super::till::{TOTAL, Till};

fn endpoint(name: &str) -> &'static shared::api::Endpoint {
    registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint
}

async fn ask_as(till: &Till, buyer: u32, id: &str, key: &str, quantity: u32) -> Answer {
    let token = till.shop.world.token(&user(buyer), Role::Customer);
    let lines = json!([{"product_id": till.product, "quantity": quantity}]);
    let body = json!({"lines": lines, "reason": "The pack was open."});
    let mut event = event("POST", "/v1/orders/x/returns", &[("id", id)], Some(&token), Some(&body));
    event["headers"]["idempotency-key"] = json!(key);
    till.shop.world.send(endpoint("orders-request-return"), &event).await
}

pub(super) async fn ask(till: &Till, id: &str, key: &str, quantity: u32) -> Answer {
    ask_as(till, 1, id, key, quantity).await
}

pub(super) async fn resolve(till: &Till, id: &str, asked: &Answer, body: Value) -> Answer {
    let token = till.shop.world.token(&user(9), Role::PharmacyAdmin);
    let return_id = asked.body["id"].as_str().unwrap();
    let parameters = [("id", id), ("return_id", return_id)];
    let route = ("POST", "/v1/orders/x/returns/y/resolve");
    till.shop.world.call(endpoint("orders-resolve-return"), route, &parameters, Some(&token), Some(body)).await
}

/// An order of two packs that was delivered.
pub(super) async fn delivered(till: &Till, method: &str) -> String {
    let id = till.order(1, method).await;
    if method == "card" {
        let intent = till.intent(1, &id).await;
        till.pays(&intent);
        till.confirm(1, &id).await;
    }
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
        till.wake(&id).await;
    }
    id
}

pub(super) fn usd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// How many units of a product came back, by its stock item.
async fn returned(till: &Till) -> Option<String> {
    let key = shared::platform::dynamo::Key::new(format!("PRODUCT#{}", till.product), "STOCK");
    let item = till.shop.world.dynamo.get_item().table_name("catalog").set_key(Some(key.attributes())).send().await;
    item.unwrap().item.unwrap().get("returned").map(|value| value.as_n().unwrap().clone())
}

#[tokio::test]
async fn what_comes_back_is_paid_for_as_it_is_decided_and_never_sold_again() {
    let till = Till::open().await;
    let id = delivered(&till, "card").await;
    let asked = ask(&till, &id, "a", 1).await;
    assert_eq!((asked.status, &asked.body["status"]), (201, &json!("requested")), "{}", asked.text);
    assert_eq!(asked.body["value"], usd(500));
    let order = till.order_of(1, &id).await;
    assert_eq!(order["holds"][0]["code"], "return_requested");
    assert_eq!(order["returns"][0]["id"], asked.body["id"]);
    let again = ask(&till, &id, "a", 1).await;
    assert_eq!((again.status, &again.body), (201, &asked.body));
    assert_eq!(ask(&till, &id, "b", 2).await.code(), "return_too_large");

    let approved =
        resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(500), "note": "Sorry."})).await;
    assert_eq!((approved.status, &approved.body["status"]), (200, &json!("approved")), "{}", approved.text);
    assert_eq!(approved.body["refund"]["amount"], usd(500));
    assert_eq!(till.shop.stock(till.product).await, (98, 0, 2), "nothing of it is on sale again");
    assert_eq!(returned(&till).await.as_deref(), Some("1"));
    let stock = till.shop.world.app.orders().stock.get(till.product).await.unwrap().unwrap();
    assert_eq!((stock.housing.loose_aside, stock.in_house()), (1, 99), "it is set aside");
    till.wake(&id).await;
    assert_eq!((till.money(&id).1, till.money(&id).2), (TOTAL, 500));
    assert_eq!(resolve(&till, &id, &asked, json!({"decision": "reject"})).await.code(), "already_resolved");
    assert_eq!(till.order_of(1, &id).await["status"], "delivered");

    let rest = ask(&till, &id, "c", 1).await;
    let resolved = resolve(&till, &id, &rest, json!({"decision": "approve", "refund": usd(500)})).await;
    assert_eq!(resolved.status, 200, "{}", resolved.text);
    assert_eq!(till.order_of(1, &id).await["status"], "returned", "all of it is back");
    let units = json!({"reason": "again", "lines": [{"product_id": till.product, "quantity": 1}]});
    assert_eq!(till.refund(&id, "k", units).await.code(), "refund_too_large", "no unit is paid back twice");
}

#[tokio::test]
async fn a_return_is_for_who_bought_it_within_seven_days() {
    let till = Till::open().await;
    let early = till.order(1, "cod").await;
    assert_eq!(ask(&till, &early, "a", 1).await.code(), "not_returnable");
    let id = delivered(&till, "cod").await;
    assert_eq!(ask_as(&till, 2, &id, "a", 1).await.status, 404);
    till.shop.world.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(ask(&till, &id, "b", 1).await.code(), "not_returnable");
}

#[tokio::test]
async fn what_is_rejected_stays_with_the_customer() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = ask(&till, &id, "a", 2).await;
    let both = resolve(&till, &id, &asked, json!({"decision": "reject", "refund": usd(1)})).await;
    assert_eq!((both.status, both.fields()), (400, vec!["refund"]));
    let rejected = resolve(&till, &id, &asked, json!({"decision": "reject", "note": "It was opened."})).await;
    assert_eq!((&rejected.body["status"], &rejected.body["refund"]), (&json!("rejected"), &Value::Null));
    assert_eq!((returned(&till).await, till.shop.stock(till.product).await), (None, (98, 0, 2)));
    assert_eq!(ask(&till, &id, "b", 2).await.status, 201, "it can be asked for again");
}

#[tokio::test]
async fn cash_goes_back_by_hand() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = ask(&till, &id, "a", 1).await;
    let approved = resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(500)})).await;
    assert_eq!(approved.body["refund"], json!({"amount": usd(500), "refund_id": null}), "{}", approved.text);
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"], usd(500));
}

#[tokio::test]
async fn more_than_was_paid_does_not_go_back_and_nothing_changes_then() {
    let till = Till::open().await;
    let id = delivered(&till, "card").await;
    let asked = ask(&till, &id, "a", 1).await;
    let refused = resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(TOTAL + 1)})).await;
    assert_eq!((refused.status, refused.code()), (422, "refund_too_large"));
    assert_eq!(till.order_of(1, &id).await["returns"][0]["status"], "requested");
    assert_eq!(returned(&till).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_at_once_one_does() {
    let till = Till::open().await;
    let id = delivered(&till, "card").await;
    let asked = ask(&till, &id, "a", 2).await;
    let decide = || resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(1000)}));
    let answers = futures_util::future::join_all((0..8).map(|_| decide())).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(returned(&till).await.as_deref(), Some("2"));
    till.wake(&id).await;
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.money(&id).2, 1000);
}

#[tokio::test]
async fn the_staff_sees_returns_on_the_trail_and_decides_on_none_of_its_own() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = ask(&till, &id, "a", 1).await;
    let token = till.shop.world.token(&user(9), Role::PharmacyAdmin);
    let route = ("GET", "/v1/orders/x/returns");
    let listed = till.shop.world.call(endpoint("orders-list-returns"), route, &[("id", &id)], Some(&token), None).await;
    assert_eq!(listed.body["items"][0]["id"], asked.body["id"]);
    let own = till.shop.world.token(&user(1), Role::PharmacyAdmin);
    let return_id = asked.body["id"].as_str().unwrap();
    let parameters = [("id", id.as_str()), ("return_id", return_id)];
    let route = ("POST", "/v1/orders/x/returns/y/resolve");
    let body = Some(json!({"decision": "approve"}));
    let refused = till.shop.world.call(endpoint("orders-resolve-return"), route, &parameters, Some(&own), body).await;
    assert_eq!((refused.status, refused.code()), (403, "own_order"));
    let trail = till.shop.trail(&user(1)).await;
    for action in ["order.request_return", "order.read"] {
        assert!(trail.iter().any(|(_, done, outcome)| done == action && outcome == "allowed"), "{action}: {trail:?}");
    }
}

#[tokio::test]
async fn no_more_cash_goes_back_than_was_paid() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let (first, second) = (ask(&till, &id, "a", 1).await, ask(&till, &id, "b", 1).await);
    let approve = |amount: i64| json!({"decision": "approve", "refund": usd(amount)});
    let refused = resolve(&till, &id, &first, approve(TOTAL + 1)).await;
    assert_eq!((refused.status, refused.code()), (422, "refund_too_large"), "{}", refused.text);
    assert_eq!(refused.body["problems"][0]["refundable"], usd(TOTAL));
    assert_eq!(resolve(&till, &id, &first, approve(TOTAL - 500)).await.status, 200);
    let refused = resolve(&till, &id, &second, approve(501)).await;
    assert_eq!(refused.body["problems"][0]["refundable"], usd(500), "{}", refused.text);
    assert_eq!(resolve(&till, &id, &second, approve(500)).await.status, 200);
}

fn units(till: &Till, quantity: u32) -> Value {
    json!({"reason": "broken", "lines": [{"product_id": till.product, "quantity": quantity}]})
}

#[tokio::test]
async fn a_unit_that_a_refund_was_for_is_not_paid_for_again_as_it_comes_back() {
    for method in ["cod", "card"] {
        let till = Till::open().await;
        let id = delivered(&till, method).await;
        assert_eq!(till.refund(&id, "k", units(&till, 2)).await.status, 202, "{method}");
        let asked = ask(&till, &id, "a", 2).await;
        for amount in [1, 499, 1000] {
            let refused = resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(amount)})).await;
            assert_eq!(
                (refused.status, refused.code()),
                (422, "refund_too_large"),
                "{method} {amount}: {}",
                refused.text
            );
            assert_eq!(refused.body["problems"][0]["quantity"], 0, "{method}: {}", refused.text);
        }
        assert_eq!(returned(&till).await, None, "{method}");
        let approved = resolve(&till, &id, &asked, json!({"decision": "approve"})).await;
        assert_eq!(approved.status, 200, "{method}: without money they come back: {}", approved.text);
    }
}

#[tokio::test]
async fn a_unit_that_came_back_for_money_is_not_paid_for_again_by_a_refund() {
    for method in ["cod", "card"] {
        // One cent less than it cost, all of it, and one cent more.
        for (paid, left) in [(499, 500), (500, 500), (501, 499)] {
            let till = Till::open().await;
            let id = delivered(&till, method).await;
            let asked = ask(&till, &id, "a", 1).await;
            let approved = resolve(&till, &id, &asked, json!({"decision": "approve", "refund": usd(paid)})).await;
            assert_eq!(approved.status, 200, "{method} {paid}: {}", approved.text);
            let both = till.refund(&id, "k0", units(&till, 2)).await;
            assert_eq!((both.status, both.code()), (422, "refund_too_large"), "{method} {paid}: {}", both.text);
            assert_eq!(both.body["problems"][0]["quantity"], 1, "{method} {paid}: {}", both.text);
            let other = till.refund(&id, "k1", units(&till, 1)).await;
            assert_eq!((other.status, &other.body["amount"]), (202, &usd(left)), "{method} {paid}: {}", other.text);
        }
    }
}
