//! Delivery zones: which of them counts, and what an order says of it.

use std::time::Duration;

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use support::{Answer, user};

use crate::endpoint;
use crate::shop::Shop;

fn zone(more: Value) -> Value {
    let mut zone = json!({"name": "A zone", "country": "NP", "fee": {"amount": 100, "currency": "USD"},
                          "days": {"min": 1, "max": 3}});
    zone.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    zone
}

async fn put(shop: &Shop, id: &str, zone: Value) -> Answer {
    let staff = (&user(9), Role::PharmacyAdmin);
    let answer = shop
        .as_somebody(
            staff,
            endpoint("delivery-put-zone"),
            ("PUT", "/v1/delivery/zones/x"),
            &[("id", id)],
            &[],
            Some(zone),
        )
        .await;
    // What is in mind of the zones is a minute old at most.
    shop.world.clock.advance(Duration::from_secs(60));
    answer
}

async fn remove(shop: &Shop, id: &str) -> Answer {
    let staff = (&user(9), Role::PharmacyAdmin);
    let route = ("DELETE", "/v1/delivery/zones/x");
    shop.as_somebody(staff, endpoint("delivery-remove-zone"), route, &[("id", id)], &[], None).await
}

async fn quote(shop: &Shop, query: &str) -> Value {
    let path = format!("/v1/delivery?{query}");
    let answer = shop.world.call(endpoint("delivery-quote"), ("GET", &path), &[], None, None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

#[tokio::test]
async fn without_zones_delivery_goes_everywhere_for_one_fee() {
    let shop = Shop::open().await;
    let quote = quote(&shop, "country=NP").await;
    let usd = |amount: i64| json!({"amount": amount, "currency": "USD"});
    assert_eq!(quote, json!({"deliverable": true, "fee": usd(499), "free_from": usd(5000), "days": null, "cod": true}));
}

#[tokio::test]
async fn the_order_costs_what_the_quote_says_and_remembers_why() {
    let shop = Shop::open().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, "nepal", zone(json!({"fee": {"amount": 900, "currency": "USD"}}))).await;
    put(&shop, "lakeside", zone(json!({"postal_prefixes": ["337"], "free_from": {"amount": 1000, "currency": "USD"}})))
        .await;
    assert_eq!(quote(&shop, "country=NP&postal_code=33700").await["fee"]["amount"], 100);
    assert_eq!(quote(&shop, "country=NP&district=Mustang").await["fee"]["amount"], 900);
    assert_eq!(quote(&shop, "country=IN").await["deliverable"], false);
    // The shop's customers live in 33700.
    shop.put(1, product, 1).await;
    assert_eq!(shop.preview(1, &[]).await.body["totals"]["delivery"]["amount"], 100);
    let order = shop.order(1, "a", &[]).await;
    assert_eq!(order.body["totals"]["delivery"]["amount"], 100, "{}", order.text);
    let id = order.body["id"].as_str().unwrap().parse().unwrap();
    let stored = shop.world.app.orders().store.get(id).await.unwrap().unwrap();
    assert_eq!(stored.zone.map(|zone| (zone.zone.to_string(), zone.version)), Some(("lakeside".to_owned(), 1)));
    shop.put(1, product, 2).await;
    assert_eq!(shop.order(1, "b", &[]).await.body["totals"]["delivery"]["amount"], 0, "free from its own sum on");
}

#[tokio::test]
async fn where_nothing_goes_nothing_is_ordered_and_cash_only_where_it_is_taken() {
    let (shop, _cloud) = Shop::counted().await;
    let product = shop.product(500, 9, LegalStatus::Otc).await;
    put(&shop, "india", zone(json!({"country": "IN"}))).await;
    shop.put(1, product, 1).await;
    let codes = |answer: &Answer| {
        let problems = answer.body["problems"].as_array().unwrap();
        problems.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&shop.preview(1, &[]).await), ["not_deliverable"]);
    assert_eq!(codes(&shop.order(1, "a", &[]).await), ["not_deliverable"]);
    put(&shop, "nepal", zone(json!({"cod": false}))).await;
    assert_eq!(codes(&shop.order(1, "b", &[]).await), ["method_unavailable"]);
    let by_card = shop.order_with(1, "c", json!({"payment_method": "card"})).await;
    assert_eq!(by_card.status, 201, "{}", by_card.text);
    for id in ["india", "nepal"] {
        assert_eq!(remove(&shop, id).await.status, 204);
    }
    shop.world.clock.advance(Duration::from_secs(60));
    shop.put(1, product, 1).await;
    assert_eq!(shop.order(1, "d", &[]).await.status, 201, "without zones it is as before there were any");
}

#[tokio::test]
async fn zones_are_changed_by_version_and_never_overlap() {
    let shop = Shop::open().await;
    assert_eq!(put(&shop, "a", zone(json!({"districts": ["Kaski"]}))).await.status, 201);
    let clash = put(&shop, "b", zone(json!({"districts": ["Mustang", "KASKI"]}))).await;
    assert_eq!((clash.status, clash.fields()), (400, vec!["districts[1]"]), "{}", clash.text);
    let same = put(&shop, "a", zone(json!({"districts": ["Kaski"]}))).await;
    assert_eq!((same.status, &same.body["version"]), (200, &json!(1)));
    let changed = put(&shop, "a", zone(json!({"districts": ["Kaski"], "cod": false}))).await;
    assert_eq!((changed.status, &changed.body["version"]), (200, &json!(2)));
    let staff = (&user(9), Role::PharmacyAdmin);
    let route = ("DELETE", "/v1/delivery/zones/x");
    let headers = [("if-match", "\"1\"")];
    let stale = shop.as_somebody(staff, endpoint("delivery-remove-zone"), route, &[("id", "a")], &headers, None).await;
    assert_eq!((stale.status, stale.code()), (412, "version_mismatch"));
    assert_eq!(remove(&shop, "a").await.status, 204);
    assert_eq!(remove(&shop, "a").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_one_district_at_once_one_gets_it() {
    let shop = Shop::open().await;
    let ids: Vec<_> = (0..8).map(|n| format!("zone-{n}")).collect();
    let puts = ids.iter().map(|id| put(&shop, id, zone(json!({"districts": ["Kaski"]}))));
    let answers = futures_util::future::join_all(puts).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 400 | 503)));
}
