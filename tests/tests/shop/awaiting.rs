//! Which orders wait for a prescription, and which prescriptions an order was given.

use std::time::Duration;

use serde_json::json;
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::Status as Rx;
use support::{Answer, user};

use crate::shop::Shop;

const PHARMACIST: (u32, Role) = (9, Role::PharmacyAdmin);
const CUSTOMER: (u32, Role) = (1, Role::Customer);
const ANOTHER: (u32, Role) = (2, Role::Customer);

async fn seen(shop: &Shop, (who, role): (u32, Role), rx: PrescriptionId) -> Answer {
    let (route, id) = (("GET", "/v1/prescriptions/x"), rx.to_string());
    let endpoint = &prescriptions_get::ENDPOINT;
    shop.as_somebody((&user(who), role), endpoint, route, &[("id", &id)], &[], None).await
}

async fn listed(shop: &Shop, (who, role): (u32, Role), query: &str) -> Answer {
    let path = format!("/v1/prescriptions?{query}");
    shop.as_somebody((&user(who), role), &prescriptions_list::ENDPOINT, ("GET", &path), &[], &[], None).await
}

async fn orders(shop: &Shop, (who, role): (u32, Role), query: &str) -> Answer {
    let path = format!("/v1/orders?{query}");
    shop.as_somebody((&user(who), role), &orders_list::ENDPOINT, ("GET", &path), &[], &[], None).await
}

#[tokio::test]
async fn a_prescription_names_the_orders_that_wait_for_it() {
    let shop = Shop::open().await;
    let (product, free) =
        (shop.product(100, 9, LegalStatus::Prescription).await, shop.product(100, 9, LegalStatus::Otc).await);
    let rx = shop.prescription(1, Rx::Pending, product, 2).await;
    let unasked = shop.prescription(1, Rx::Pending, product, 2).await;
    assert_eq!(seen(&shop, PHARMACIST, rx).await.body["waiting_orders"], json!([]));
    shop.put(1, product, 1).await;
    let first = shop.order(1, "first", &[rx]).await.body;
    shop.world.clock.advance(Duration::from_secs(1));
    shop.put(1, free, 1).await;
    assert_eq!(shop.order(1, "needs-none", &[rx]).await.status, 201);
    shop.put(1, product, 1).await;
    let second = shop.order(1, "second", &[rx]).await.body;
    let waiting =
        json!([{"id": second["id"], "number": second["number"]}, {"id": first["id"], "number": first["number"]}]);
    for who in [PHARMACIST, CUSTOMER] {
        assert_eq!(seen(&shop, who, rx).await.body["waiting_orders"], waiting);
        assert_eq!(seen(&shop, who, unasked).await.body["waiting_orders"], json!([]));
    }
    shop.cancel(1, second["id"].as_str().unwrap()).await;
    let waiting = json!([{"id": first["id"], "number": first["number"]}]);
    assert_eq!(seen(&shop, CUSTOMER, rx).await.body["waiting_orders"], waiting);
    shop.review(rx, Rx::Approved).await;
    assert_eq!(seen(&shop, PHARMACIST, rx).await.body["waiting_orders"], waiting, "it is to be verified");
}

#[tokio::test]
async fn the_tag_of_a_prescription_moves_with_the_orders_that_wait_for_it() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Pending, product, 2).await;
    let tag = async || {
        let read = seen(&shop, CUSTOMER, rx).await;
        (read.body["version"].clone(), read.headers["etag"].to_str().unwrap().to_owned())
    };
    let (version, before) = tag().await;
    assert!(before.starts_with(&format!("\"{version}-")), "{before}");
    shop.put(1, product, 1).await;
    assert_eq!(shop.order(1, "first", &[rx]).await.status, 201);
    let (same, after) = tag().await;
    assert_eq!(same, version, "nobody has changed the prescription");
    assert_ne!(after, before);
}

#[tokio::test]
async fn prescriptions_are_found_by_the_number_of_an_order() {
    let shop = Shop::open().await;
    let product = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Pending, product, 2).await;
    shop.prescription(1, Rx::Pending, product, 2).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "first", &[rx]).await.body;
    let query = format!("number={}", order["number"].as_str().unwrap().to_lowercase());
    for who in [PHARMACIST, CUSTOMER] {
        let found = listed(&shop, who, &query).await.body;
        assert_eq!((&found["items"][0]["id"], &found["next_cursor"]), (&json!(rx), &json!(null)), "{found}");
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }
    shop.review(rx, Rx::Approved).await;
    assert_eq!(listed(&shop, PHARMACIST, &query).await.body["items"][0]["status"], "approved");
    let counted = listed(&shop, PHARMACIST, &format!("{query}&count=true")).await.body;
    assert_eq!(counted["total"], json!({"count": 1, "more": false}), "{counted}");
    let pending = format!("{query}&status=pending");
    assert_eq!(listed(&shop, PHARMACIST, &pending).await.body["items"], json!([]));
    assert_eq!(listed(&shop, ANOTHER, &query).await.body["items"], json!([]), "it is another's");
    assert_eq!(listed(&shop, PHARMACIST, "number=AP-1").await.fields(), ["number"]);
}

#[tokio::test]
async fn orders_are_listed_by_what_they_wait_for() {
    let shop = Shop::open().await;
    let (product, free) =
        (shop.product(100, 99, LegalStatus::Prescription).await, shop.product(100, 99, LegalStatus::Otc).await);
    let (rx, other) =
        (shop.prescription(1, Rx::Pending, product, 2).await, shop.prescription(1, Rx::Pending, product, 2).await);
    let mut waiting = Vec::new();
    for n in 0..2 {
        shop.world.clock.advance(Duration::from_secs(1));
        shop.put(1, product, 1).await;
        let given = if n == 0 { rx } else { other };
        let placed = shop.order(1, &format!("waits-{n}"), &[given]).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        waiting.insert(0, placed.body["id"].clone());
        shop.world.clock.advance(Duration::from_secs(1));
        shop.put(1, free, 1).await;
        shop.order(1, &format!("waits-for-nothing-{n}"), &[]).await;
    }
    let list = async |(who, role): (u32, Role), query: &str| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = orders(&shop, (who, role), &format!("{query}{cursor}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            for item in page.body["items"].as_array().unwrap() {
                assert!(!item["holds"].as_array().unwrap().is_empty(), "{item}");
                ids.push(item["id"].clone());
            }
            let Some(next) = page.body["next_cursor"].as_str() else { return ids };
            cursor = format!("&cursor={next}");
        }
    };
    for who in [PHARMACIST, CUSTOMER] {
        for limit in [1, 2, 100] {
            for asked in ["waiting_for=pharmacy", "hold=prescription_review", "waiting_for=pharmacy&status=placed"] {
                assert_eq!(list(who, &format!("{asked}&limit={limit}")).await, waiting, "{asked} {limit}");
            }
        }
        assert!(list(who, "waiting_for=customer").await.is_empty());
        assert!(list(who, "hold=prescription_review&waiting_for=customer").await.is_empty());
    }
    assert!(list(ANOTHER, "waiting_for=pharmacy").await.is_empty());
    shop.review(rx, Rx::Rejected).await;
    assert_eq!(list(PHARMACIST, "waiting_for=customer").await, waiting[1..]);
    assert_eq!(list(PHARMACIST, "hold=prescription_rejected").await, waiting[1..]);
    assert_eq!(list(PHARMACIST, "hold=prescription_review").await, waiting[..1]);
    let plain = orders(&shop, CUSTOMER, "limit=1").await.body;
    assert!(plain["items"][0].get("holds").is_none(), "{plain}");
    assert_eq!(orders(&shop, PHARMACIST, "hold=lost&waiting_for=me").await.fields(), ["hold", "waiting_for"]);
}
