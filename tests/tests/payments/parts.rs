//! A part of an order: lines that a pharmacist leaves out, and units that are paid back.

use std::time::Duration;

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::prescriptions::Status as Rx;
use support::{Answer, user};

use super::till::Till;

/// Puts an order of 2 × 5.00 and 1 × 3.33 by card, paid: its id, and the second product.
async fn paid(till: &Till) -> (String, String) {
    let other = till.shop.product(333, 10, LegalStatus::Otc).await;
    till.shop.put(1, other, 1).await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    assert_eq!(till.confirm(1, &id).await.status, 200);
    (id, other.to_string())
}

async fn verify(till: &Till, id: &str, reject: Value) -> Answer {
    till.staff(
        &orders_transition::ENDPOINT,
        "/v1/orders/x/transitions",
        id,
        "-",
        json!({"to": "verified", "reject": reject}),
    )
    .await
}

#[tokio::test]
async fn what_is_left_out_is_not_taken_and_goes_back_on_the_shelf() {
    let till = Till::open().await;
    let (id, other) = paid(&till).await;
    assert_eq!(till.money(&id).0, 1333 + 499);
    let wrong = verify(&till, &id, json!([other, "prd_01JD4Z8QK0000000000000000A", other])).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["reject[1]", "reject[2]"]), "{}", wrong.text);
    let verified = verify(&till, &id, json!([other])).await;
    assert_eq!(verified.status, 200, "{}", verified.text);
    assert_eq!(verified.body["totals"]["total"]["amount"], 1499);
    assert_eq!(verified.body["payment"]["due"]["amount"], 1499);
    let left_out = |order: &Value| order["rejected_items"][0]["product_id"].as_str().map(str::to_owned);
    assert_eq!((verified.body["items"].as_array().unwrap().len(), left_out(&verified.body)), (1, Some(other.clone())));
    assert_eq!(till.shop.stock(other.parse().unwrap()).await, (10, 0, 0));
    assert_eq!(till.shop.stock(till.product).await, (98, 2, 0));
    till.wake(&id).await;
    assert_eq!(till.money(&id), (0, 1499, 0, 1, 0), "exactly the new total is taken, and the rest let go");
    for to in ["packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.shop.stock(other.parse().unwrap()).await, (10, 0, 0));
    assert_eq!(left_out(&till.order_of(1, &id).await), Some(other));
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&id), (0, 1499, 0, 1, 0));
}

#[tokio::test]
async fn an_order_of_which_nothing_is_left_is_cancelled() {
    let till = Till::open().await;
    let (id, other) = paid(&till).await;
    let cancelled = verify(&till, &id, json!([other, till.product])).await;
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("cancelled")), "{}", cancelled.text);
    till.wake(&id).await;
    assert_eq!(till.money(&id), (0, 0, 0, 0, 0));
    assert_eq!(till.shop.stock(other.parse().unwrap()).await, (10, 0, 0));
    assert_eq!(till.shop.stock(till.product).await, (100, 0, 0));
}

#[tokio::test]
async fn what_is_verified_already_is_not_cancelled_by_leaving_everything_out() {
    let till = Till::open().await;
    let id = till.order(1, "cod").await;
    for to in ["verified", "packed"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200);
        let late = verify(&till, &id, json!([till.product])).await;
        assert_eq!((late.status, late.code()), (409, "invalid_transition"), "{}", late.text);
        assert_eq!(till.order_of(1, &id).await["status"], to);
    }
}

#[tokio::test]
async fn lines_are_left_out_at_no_other_step() {
    let till = Till::open().await;
    let id = till.order(1, "cod").await;
    till.shop.transition(&id, "verified").await;
    let body = json!({"to": "packed", "reject": [till.product]});
    let refused = till.staff(&orders_transition::ENDPOINT, "/v1/orders/x/transitions", &id, "-", body).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["reject"]));
}

#[tokio::test]
async fn the_fill_of_a_line_that_is_left_out_comes_back_and_others_stay() {
    let till = Till::open().await;
    let shop = &till.shop;
    let (a, b) =
        (shop.product(100, 9, LegalStatus::Prescription).await, shop.product(100, 9, LegalStatus::Prescription).await);
    let (rx_a, rx_b) = (shop.prescription(1, Rx::Approved, a, 1).await, shop.prescription(1, Rx::Approved, b, 1).await);
    shop.put(1, a, 1).await;
    shop.put(1, b, 1).await;
    let order = shop.order(1, "key", &[rx_a, rx_b]).await;
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(verify(&till, id, json!([a])).await.status, 200);
    assert_eq!(shop.rx(rx_a).await.lines[0].fills, []);
    assert_eq!(shop.rx(rx_b).await.lines[0].fills.len(), 1);
    let again = shop.order(1, "key", &[rx_a, rx_b]).await;
    assert_eq!(again.body, order.body, "the answer to placing it stays what it was");
    assert_eq!(shop.transition(id, "packed").await.status, 200);
    assert_eq!(shop.cancel_as((&user(9), Role::PharmacyAdmin), id, &[]).await.status, 200);
    assert_eq!((shop.stock(a).await, shop.stock(b).await), ((9, 0, 0), (9, 0, 0)));
}

#[tokio::test]
async fn units_are_paid_back_at_what_they_cost_and_add_up() {
    let till = Till::open().await;
    let (id, other) = paid(&till).await;
    verify(&till, &id, json!([])).await;
    till.wake(&id).await;
    let refund =
        async |key: &str, lines: Value| till.refund(&id, key, json!({"reason": "broken", "lines": lines})).await;
    let one = refund("a", json!([{"product_id": till.product, "quantity": 1}])).await;
    assert_eq!((one.status, &one.body["amount"]["amount"]), (202, &json!(500)), "{}", one.text);
    assert_eq!(one.body["lines"][0]["quantity"], 1);
    let too_many = refund("b", json!([{"product_id": till.product, "quantity": 2}])).await;
    assert_eq!((too_many.status, too_many.code()), (422, "refund_too_large"));
    assert_eq!(too_many.body["problems"], json!([{"product_id": till.product, "quantity": 1}]));
    let rest = json!([{"product_id": till.product, "quantity": 1}, {"product_id": other, "quantity": 1}]);
    assert_eq!(refund("c", rest).await.body["amount"]["amount"], 833);
    let unknown = refund("d", json!([{"product_id": "prd_01JD4Z8QK0000000000000000A", "quantity": 1}])).await;
    assert_eq!((unknown.status, unknown.fields()), (400, vec!["lines[0].product_id"]));
    let both = json!({"reason": "broken", "amount": {"amount": 1, "currency": "USD"}, "lines": []});
    assert_eq!(till.refund(&id, "e", both).await.fields(), ["lines"]);
    till.wake(&id).await;
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!((till.money(&id).1, till.money(&id).2), (1832, 1333), "delivery is what is left");
}

#[tokio::test]
async fn a_seller_earns_what_was_taken_less_what_goes_back_and_the_fee() {
    let till = Till::open().await;
    let (shop, seller) = (&till.shop, user(3));
    let honey = shop.product_of(Some(seller.clone()), 1000, 10, LegalStatus::Otc).await;
    shop.put(1, honey, 2).await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.confirm(1, &id).await;
    let earnings = async || {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "sellers-earnings").unwrap().endpoint;
        let token = shop.world.token(&seller, Role::Seller);
        let today = shop.world.clock.now().date();
        let path = format!("/v1/sellers/me/earnings?from={today}&to={today}");
        let answer = shop.world.call(endpoint, ("GET", &path), &[], Some(&token), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let sum = |name: &str| answer.body[name]["amount"].as_i64().unwrap();
        (answer.body["orders"].as_u64().unwrap(), sum("captured"), sum("refunded"), sum("fees"), sum("balance"))
    };
    assert_eq!(earnings().await, (1, 0, 0, 0, 0), "nothing was taken yet");
    verify(&till, &id, json!([])).await;
    till.wake(&id).await;
    assert_eq!(earnings().await, (1, 2000, 0, 200, 1800));
    let lines = json!([{"product_id": honey, "quantity": 1}]);
    assert_eq!(till.refund(&id, "a", json!({"reason": "broken", "lines": lines})).await.status, 202);
    assert_eq!(earnings().await, (1, 2000, 1000, 100, 900));
    // 20.00 of 34.99 are the seller's: of what is left, their part goes back.
    let rest = json!({"reason": "sorry", "amount": {"amount": 350, "currency": "USD"}});
    assert_eq!(till.refund(&id, "b", rest).await.status, 202);
    let (_, captured, refunded, ..) = earnings().await;
    assert_eq!((captured, refunded), (2000, 1200));
}
