//! Coupons: what they take off, who gets the last use, and what comes back.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::audit::Origin;
use shared::catalog::LegalStatus;
use shared::coupons::{CouponCode, CouponStore};
use shared::identity::Role;
use shared::platform::dynamo::Table;
use shared::platform::ids::UserId;
use support::{Answer, user};

use crate::endpoint;
use crate::shop::Shop;

const CODE: &str = "SPRING-26";

async fn put(shop: &Shop, terms: Value) -> Answer {
    let staff = (&user(9), Role::PharmacyAdmin);
    let route = ("PUT", "/v1/coupons/SPRING-26");
    shop.as_somebody(staff, endpoint("coupons-put"), route, &[("code", CODE)], &[], Some(terms)).await
}

async fn remove(shop: &Shop) -> Answer {
    let staff = (&user(9), Role::PharmacyAdmin);
    let route = ("DELETE", "/v1/coupons/SPRING-26");
    shop.as_somebody(staff, endpoint("coupons-remove"), route, &[("code", CODE)], &[], None).await
}

async fn set(shop: &Shop, buyer: u32) -> Answer {
    let body = Some(json!({"code": CODE}));
    shop.as_customer(buyer, endpoint("cart-set-coupon"), ("PUT", "/v1/cart/coupon"), &[], &[], body).await
}

fn coupons(shop: &Shop) -> CouponStore {
    CouponStore::new(Table::new(shop.world.dynamo.clone(), "orders"))
}

/// How many orders use the coupon, in all and of one customer.
async fn uses(shop: &Shop, customer: &UserId) -> (u32, u32) {
    let standing = coupons(shop).standing(&CouponCode::parse(CODE).unwrap(), customer).await.unwrap();
    (standing.coupon.unwrap().unwrap().uses, standing.used)
}

fn codes(refused: &Answer) -> Vec<&str> {
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    refused.body["problems"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

fn id(order: &Answer) -> &str {
    assert_eq!(order.status, 201, "{}", order.text);
    order.body["id"].as_str().unwrap()
}

#[tokio::test]
async fn cart_preview_and_order_take_the_same_off() {
    let shop = Shop::open().await;
    let (a, b) = (shop.product(333, 9, LegalStatus::Otc).await, shop.product(1000, 9, LegalStatus::Otc).await);
    assert_eq!(put(&shop, json!({"kind": "percent", "value": 15})).await.status, 201);
    shop.put(1, a, 2).await;
    shop.put(1, b, 1).await;
    let cart = set(&shop, 1).await;
    assert_eq!((cart.status, &cart.body["coupon"]), (200, &json!(CODE)), "{}", cart.text);
    let totals = &cart.body["totals"];
    // 15% of 16.66 are 2.499.
    assert_eq!((&totals["discount"]["amount"], &totals["total"]["amount"]), (&json!(249), &json!(1666 - 249 + 499)));
    assert_eq!(&shop.cart(1).await.body["totals"], totals);
    assert_eq!(&shop.preview(1, &[]).await.body["totals"], totals);
    let expected = json!({"expected_total": totals["total"]});
    let order = shop.order_with(1, "key", expected).await;
    assert_eq!((&order.body["totals"], &order.body["coupon"]), (totals, &json!(CODE)), "{}", order.text);
    let off: Vec<_> = order.body["items"].as_array().unwrap().iter().map(|line| &line["discount"]["amount"]).collect();
    assert_eq!(off, [&json!(100), &json!(149)]);
    assert_eq!(shop.cart(1).await.body["coupon"], Value::Null);
    assert_eq!(uses(&shop, &user(1)).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_goes_to_one_of_sixty_four() {
    let shop = Shop::open().await;
    let product = shop.product(500, 100, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "amount", "value": 100, "max_uses": 1})).await;
    for buyer in 0..64 {
        shop.put(buyer, product, 1).await;
        assert_eq!(set(&shop, buyer).await.status, 200);
    }
    let answers = join_all((0..64).map(|buyer| shop.order(buyer, "key", &[]))).await;
    let won: Vec<_> = (0..64).filter(|buyer| answers[*buyer as usize].status == 201).collect();
    assert_eq!(won.len(), 1);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(codes(refused), ["coupon_spent"]);
    }
    assert_eq!(shop.stock(product).await, (99, 1, 0), "who gets no coupon gets no order, and loses nothing");
    assert_eq!(uses(&shop, &user(won[0])).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_cannot_use_it_twice_by_being_quick() {
    let shop = Shop::open().await;
    let product = shop.product(500, 100, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "free_delivery", "per_customer": 1})).await;
    shop.put(1, product, 1).await;
    set(&shop, 1).await;
    let keys: Vec<_> = (0..16).map(|key| format!("key-{key}")).collect();
    let answers = join_all(keys.iter().map(|key| shop.order(1, key, &[]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    shop.put(1, product, 1).await;
    let again = set(&shop, 1).await;
    assert_eq!((again.status, again.code()), (422, "coupon_spent"));
    assert_eq!(uses(&shop, &user(1)).await, (1, 1));
}

#[tokio::test]
async fn the_same_order_again_counts_one_use() {
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "amount", "value": 100, "max_uses": 1})).await;
    shop.put(1, product, 1).await;
    set(&shop, 1).await;
    let first = shop.order(1, "key", &[]).await;
    let again = shop.order(1, "key", &[]).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(uses(&shop, &user(1)).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_comes_back_once_however_often_an_order_is_cancelled() {
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "amount", "value": 100, "max_uses": 3})).await;
    let mut orders = Vec::new();
    for key in ["a", "b"] {
        shop.put(1, product, 1).await;
        set(&shop, 1).await;
        orders.push(id(&shop.order(1, key, &[]).await).to_owned());
    }
    assert_eq!(uses(&shop, &user(1)).await, (2, 2));
    join_all((0..8).map(|_| shop.cancel(1, &orders[0]))).await;
    assert_eq!(uses(&shop, &user(1)).await, (1, 1));
    // Removed meanwhile: what is given back is still counted, and a coupon put again goes on from there.
    assert_eq!(remove(&shop).await.status, 204);
    assert_eq!(shop.cancel(1, &orders[1]).await.status, 200);
    assert_eq!(uses(&shop, &user(1)).await, (0, 0));
    assert_eq!(put(&shop, json!({"kind": "amount", "value": 100, "max_uses": 1})).await.body["uses"], 0);
    let left = shop.world.dynamo.scan().table_name("orders").send().await.unwrap().items.unwrap_or_default();
    assert!(!left.iter().any(|item| item["sk"].as_s().unwrap().starts_with("USE#")), "nothing is left of who used it");
}

#[tokio::test]
async fn terms_that_have_changed_must_be_agreed_to_again() {
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "percent", "value": 50})).await;
    shop.put(1, product, 1).await;
    set(&shop, 1).await;
    assert_eq!(put(&shop, json!({"kind": "percent", "value": 5})).await.status, 200);
    assert_eq!(shop.cart(1).await.body["coupon_problem"]["code"], "coupon_invalid");
    assert_eq!(codes(&shop.order(1, "key", &[]).await), ["coupon_invalid"]);
    assert_eq!(shop.preview(1, &[]).await.body["problems"][0]["code"], "coupon_invalid");
    set(&shop, 1).await;
    assert_eq!(shop.order(1, "key", &[]).await.body["totals"]["discount"]["amount"], 25);
    assert_eq!(put(&shop, json!({"kind": "percent", "value": 5})).await.body["version"], 2, "the same changes nothing");
}

#[tokio::test]
async fn a_coupon_is_good_in_its_time_and_from_its_least_on() {
    let shop = Shop::open().await;
    let (otc, rx) =
        (shop.product(500, 9, LegalStatus::Otc).await, shop.product(5000, 9, LegalStatus::Prescription).await);
    let ends_at = shop.world.clock.now().plus(Duration::from_secs(60));
    put(
        &shop,
        json!({"kind": "percent", "value": 10, "ends_at": ends_at,
                      "min_subtotal": {"amount": 1000, "currency": "USD"}}),
    )
    .await;
    shop.put(1, otc, 1).await;
    shop.put(1, rx, 1).await;
    let cart = set(&shop, 1).await;
    assert_eq!(cart.body["coupon_problem"]["code"], "coupon_not_reached", "what is prescribed does not count");
    assert_eq!(cart.body["totals"]["discount"]["amount"], 0);
    shop.put(1, otc, 2).await;
    assert_eq!(shop.cart(1).await.body["totals"]["discount"]["amount"], 100);
    shop.world.clock.advance(Duration::from_secs(60));
    assert_eq!(shop.cart(1).await.body["coupon_problem"]["code"], "coupon_invalid");
    assert_eq!(set(&shop, 2).await.code(), "coupon_invalid");
    assert_eq!(shop.cart(2).await.body["coupon"], Value::Null);
}

#[tokio::test]
async fn who_is_erased_leaves_no_use_behind_and_takes_none_along() {
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, json!({"kind": "amount", "value": 100})).await;
    let mut orders = Vec::new();
    for key in ["a", "b", "c"] {
        shop.put(1, product, 1).await;
        set(&shop, 1).await;
        orders.push(id(&shop.order(1, key, &[]).await).to_owned());
    }
    for to in ["verified", "packed", "shipped"] {
        assert_eq!(shop.transition(&orders[0], to).await.status, 200);
    }
    shop.cancel(1, &orders[1]).await;
    let (gone, pseudonym) = (user(1), user(77));
    let trace = Origin::new("test", None).actor(&gone, &BTreeSet::new());
    for _ in 0..2 {
        shop.world.app.orders().strip(&gone, &pseudonym, &trace).await.unwrap();
        assert_eq!((uses(&shop, &gone).await, uses(&shop, &pseudonym).await), ((1, 0), (1, 1)));
    }
    let items = shop.world.dynamo.scan().table_name("orders").send().await.unwrap().items.unwrap_or_default();
    let named = items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("COUPON"));
    assert!(!named.into_iter().any(|item| item["sk"].as_s().unwrap().contains(&gone.to_string())));
}

#[tokio::test]
async fn what_the_staff_does_with_coupons_is_on_the_trail() {
    let shop = Shop::open().await;
    put(&shop, json!({"kind": "free_delivery"})).await;
    remove(&shop).await;
    let items = shop.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let of = |item: &std::collections::HashMap<_, _>| {
        let text = |name: &str| -> String {
            let value: &aws_sdk_dynamodb::types::AttributeValue = &item[name];
            value.as_s().unwrap().clone()
        };
        (text("action"), text("object"), text("actor"))
    };
    // A shop is opened with rules that somebody has reviewed.
    let mut trail: Vec<_> = items.iter().map(of).filter(|(action, ..)| action.starts_with("coupon.")).collect();
    trail.sort_unstable();
    let entry = |action: &str| (action.to_owned(), CODE.to_owned(), user(9).to_string());
    assert_eq!(trail, [entry("coupon.put"), entry("coupon.remove")]);
}

#[tokio::test]
async fn a_coupon_is_set_and_taken_off_where_what_the_request_demands_of_it_holds() {
    let shop = Shop::open().await;
    assert_eq!(put(&shop, json!({"kind": "percent", "value": 15})).await.status, 201);
    let demand = async |method: &str, name: &str, tag: &str| {
        let (function, body) = if method == "PUT" {
            ("cart-set-coupon", Some(json!({"code": CODE})))
        } else {
            ("cart-remove-coupon", None)
        };
        let route = (method, "/v1/cart/coupon");
        let answer = shop.as_customer(1, endpoint(function), route, &[], &[(name, tag)], body).await;
        if answer.status == 200 { "done".to_owned() } else { format!("{} {}", answer.status, answer.code()) }
    };
    assert_eq!(demand("PUT", "if-match", "*").await, "412 version_mismatch", "there is none to change");
    assert_eq!(demand("DELETE", "if-match", "*").await, "412 version_mismatch", "nor to take off");
    assert_eq!(demand("PUT", "if-none-match", "*").await, "done");
    assert_eq!(demand("PUT", "if-none-match", "*").await, "412 already_exists");
    assert_eq!(demand("DELETE", "if-match", "*").await, "done");
    assert_eq!(shop.cart(1).await.body["coupon"], Value::Null);
}
