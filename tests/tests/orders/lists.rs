//! Lists of orders by several states and by the days they were placed on.

use std::time::Duration;

use serde_json::Value;
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::{Answer, user};

use crate::shop::Shop;

const DAY: Duration = Duration::from_hours(24);

async fn listed(shop: &Shop, who: &UserId, role: Role, query: &str) -> Answer {
    let answer = shop.list_as(who, role, query).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer
}

fn ids(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect()
}

/// An order on each of so many days, the newest first; the first one is called off.
async fn days(shop: &Shop, count: usize) -> Vec<Value> {
    let product = shop.product_of(Some(user(7)), 500, 50, LegalStatus::Otc).await;
    let mut placed = Vec::new();
    for day in 0..count {
        shop.put(1, product, 1).await;
        let order = shop.order(1, &day.to_string(), &[]).await;
        assert_eq!(order.status, 201, "{}", order.text);
        placed.insert(0, order.body["id"].clone());
        shop.world.clock.advance(DAY);
    }
    let first = placed.last().unwrap().as_str().unwrap().to_owned();
    let cancel = ("POST", "/v1/orders/x/cancel");
    let cancelled = shop.as_customer(1, &orders_cancel::ENDPOINT, cancel, &[("id", &first)], &[], None).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text);
    placed
}

#[tokio::test]
async fn orders_are_listed_by_the_days_they_were_placed_on() {
    let shop = Shop::open().await;
    // On the 20th, the 21st, … of November 2026.
    let placed = days(&shop, 5).await;
    let everybody = [(user(1), Role::Customer), (user(9), Role::PharmacyAdmin), (user(7), Role::Seller)];
    for (who, role) in &everybody {
        let of = async |query: &str| ids(&listed(&shop, who, *role, query).await);
        assert_eq!(of("&from=2026-11-22&to=2026-11-23").await, placed[1..3], "{role:?}");
        assert_eq!(of("&from=2026-11-24").await, placed[..1], "{role:?}");
        assert_eq!(of("&to=2026-11-21").await, placed[3..], "{role:?}");
        assert!(of("&from=2026-11-25").await.is_empty(), "{role:?}");
        // Page by page: three of the five on a page.
        let first = listed(&shop, who, *role, "&from=2026-11-21").await;
        assert_eq!(ids(&first), placed[..3], "{role:?}");
        let cursor = first.body["next_cursor"].as_str().unwrap();
        let rest = listed(&shop, who, *role, &format!("&from=2026-11-21&cursor={cursor}")).await;
        assert_eq!((ids(&rest), rest.body["next_cursor"].is_null()), (placed[3..4].to_vec(), true), "{role:?}");
        let other = shop.list_as(who, *role, &format!("&from=2026-11-20&cursor={cursor}")).await;
        assert_eq!(other.fields(), ["cursor"], "it goes on with its own list");
    }
}

#[tokio::test]
async fn orders_are_listed_by_several_states() {
    let shop = Shop::open().await;
    let placed = days(&shop, 3).await;
    for (who, role) in [(user(1), Role::Customer), (user(9), Role::PharmacyAdmin), (user(7), Role::Seller)] {
        let of = async |query: &str| ids(&listed(&shop, &who, role, query).await);
        assert_eq!(of("&status=placed&status=cancelled").await, placed, "{role:?}");
        assert_eq!(of("&status=shipped&status=cancelled").await, placed[2..], "{role:?}");
        assert_eq!(of("&status=placed&status=packed&to=2026-11-21").await, placed[1..2], "{role:?}");
    }
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let shop = Shop::open().await;
    for (query, named) in [
        ("&status=placed&status=lost", "status"),
        ("&from=yesterday", "from"),
        ("&from=2026-11-21&to=2026-11-20", "to"),
        ("&to=2026-11-20&to=2026-11-21", "to"),
    ] {
        let answer = shop.list_as(&user(1), Role::Customer, query).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![named]), "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_number_is_looked_for_alone() {
    let shop = Shop::open().await;
    let product = shop.product(500, 50, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "a", &[]).await.body;
    let by_number = format!("&number={}", order["number"].as_str().unwrap());
    assert_eq!(ids(&listed(&shop, &user(1), Role::Customer, &by_number).await), [order["id"].clone()]);
    for (more, named) in [("hold=screening", "hold"), ("waiting_for=pharmacy", "waiting_for")] {
        let answer = shop.list_as(&user(1), Role::Customer, &format!("{by_number}&{more}")).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![named]), "{more}: {}", answer.text);
        assert_eq!(answer.body["errors"][0]["code"], "not_combinable");
    }
}

#[tokio::test]
async fn an_order_that_the_page_has_is_not_sent_again() {
    let shop = Shop::open().await;
    let product = shop.product(500, 50, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let id = shop.order(1, "a", &[]).await.body["id"].as_str().unwrap().to_owned();
    let get = async |headers: &[(&str, &str)]| {
        shop.as_customer(1, &orders_get::ENDPOINT, ("GET", "/v1/orders/x"), &[("id", &id)], headers, None).await
    };
    let read = get(&[]).await;
    let tag = read.headers["etag"].to_str().unwrap().to_owned();
    let again = get(&[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let list = async |headers: &[(&str, &str)]| {
        shop.as_customer(1, &orders_list::ENDPOINT, ("GET", "/v1/orders"), &[], headers, None).await
    };
    let all = list(&[]).await.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(list(&[("if-none-match", &all)]).await.status, 304);
    let cancel = ("POST", "/v1/orders/x/cancel");
    let cancelled = shop.as_customer(1, &orders_cancel::ENDPOINT, cancel, &[("id", &id)], &[], None).await;
    assert_eq!(cancelled.status, 200, "{}", cancelled.text);
    assert_eq!(get(&[("if-none-match", &tag)]).await.status, 200, "it is another now");
    assert_eq!(list(&[("if-none-match", &all)]).await.status, 200, "and so is the list");
}

#[tokio::test]
async fn what_an_order_would_cost_is_told_before_anybody_says_where_it_goes() {
    let shop = Shop::open().await;
    let product = shop.product(500, 50, LegalStatus::Otc).await;
    shop.put(1, product, 1).await;
    let endpoint = crate::endpoint("checkout-preview");
    let body = serde_json::json!({"payment_method": "cod"});
    let route = ("POST", "/v1/checkout/preview");
    let preview = shop.as_customer(1, endpoint, route, &[], &[], Some(body.clone())).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    let full = shop.preview(1, &[]).await.body;
    assert_eq!((&preview.body["totals"], &preview.body["problems"]), (&full["totals"], &serde_json::json!([])));
    // An order has to go somewhere.
    let headers = [("idempotency-key", "a")];
    let endpoint = crate::endpoint("checkout-place-order");
    let order = shop.as_customer(1, endpoint, ("POST", "/v1/orders"), &[], &headers, Some(body)).await;
    assert_eq!((order.status, order.fields()), (400, vec!["address_id"]), "{}", order.text);
}
