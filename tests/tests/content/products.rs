//! A leaflet belongs to products and shows on them; nothing else does, and no draft.

use serde_json::{Value, json};
use support::cloud::cloudy_world;

use crate::desk::{ANNA, BERT, CLARA, Desk, with};

#[tokio::test]
async fn a_product_names_the_leaflets_that_are_published_about_it() {
    let desk = Desk::open().await;
    let (product, other) = (desk.product().await, "prd_01JD4Z8QK0000000000000000A");
    assert!(desk.leaflets_on(&product).await.0.is_empty());
    let about = with(json!({"product_ids": [product, other]}));
    desk.bring_out("ibuprofen/en", about.clone()).await;
    desk.bring_out("ibuprofen/ne", with(json!({"product_ids": [product], "title": "आइबुप्रोफेन"}))).await;
    desk.bring_out("pain/en", with(json!({"kind": "article", "product_ids": [product]}))).await;
    desk.bring_out("others/en", with(json!({"product_ids": [other]}))).await;
    let (leaflets, answer) = desk.leaflets_on(&product).await;
    assert_eq!(leaflets, ["ibuprofen:en", "ibuprofen:ne"]);
    assert_eq!(answer.body["leaflets"][1], json!({"slug": "ibuprofen", "locale": "ne", "title": "आइबुप्रोफेन"}));
    let slug = answer.body["slug"].as_str().unwrap();
    assert_eq!(desk.leaflets_on(slug).await.0, leaflets, "by its name too");
    // A cache asks again by what the answer says, leaflets included.
    let tag = answer.headers["etag"].clone();
    desk.unpublish("ibuprofen", json!({})).await;
    desk.wait(3);
    let (leaflets, answer) = desk.leaflets_on(&product).await;
    assert!(leaflets.is_empty());
    assert_ne!(answer.headers["etag"], tag);
}

#[tokio::test]
async fn a_leaflet_that_is_not_published_shows_on_no_product() {
    const SECRET: &str = "canary of the unpublished";
    let desk = Desk::open().await;
    let product = desk.product().await;
    let draft = with(json!({"product_ids": [product], "title": SECRET}));
    desk.put(ANNA, "never/en", draft.clone()).await;
    desk.put(ANNA, "soon/en", draft.clone()).await;
    desk.review(BERT, "soon/en", 1, "approve").await;
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(10)).to_string();
    assert_eq!(desk.publish(CLARA, "soon", json!({"at": at})).await.status, 200);
    let mut early = draft.clone();
    early["valid_from"] = json!(at);
    desk.bring_out("early/en", early).await;
    // What is published is not about the product; its next version is, and waits.
    desk.bring_out("next/en", with(json!({}))).await;
    desk.put(ANNA, "next/en", draft).await;
    desk.wait(3);
    let (leaflets, answer) = desk.leaflets_on(&product).await;
    assert!(leaflets.is_empty() && !answer.text.contains(SECRET), "{}", answer.text);
    desk.wait(700);
    assert_eq!(desk.run_due().await, 1);
    desk.wait(3);
    assert_eq!(desk.leaflets_on(&product).await.0, ["early:en", "soon:en"]);
}

#[tokio::test]
async fn leaflets_cost_no_trip_of_their_own() {
    let (world, cloud) = cloudy_world().await;
    let desk = Desk { world };
    let product = desk.product().await;
    desk.leaflets_on(&product).await;
    desk.wait(3);
    cloud.calls();
    cloud.answer_slowly(std::time::Duration::from_millis(20));
    desk.leaflets_on(&product).await;
    // The count of requests, the product and the pages.
    assert_eq!(cloud.answer_slowly(std::time::Duration::ZERO), 3, "the pages are looked after beside the product");
    let calls = cloud.calls();
    assert_eq!(calls.iter().filter(|call| *call == "Query").count(), 1, "{calls:?}");
    desk.leaflets_on(&product).await;
    let calls = cloud.calls();
    assert!(!calls.iter().any(|call| call == "Query"), "for two seconds not at all: {calls:?}");
}

#[tokio::test]
async fn a_product_is_shown_without_leaflets_while_nobody_knows_them() {
    let desk = Desk::open().await;
    let product = desk.product().await;
    desk.world.dynamo.delete_table().table_name("content").send().await.unwrap();
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == "catalog-get-product").unwrap();
    let asked = support::event("GET", "/v1/products/x", &[("id", &product)], None, None);
    let answer = desk.world.send(found.endpoint, &asked).await;
    assert_eq!((answer.status, answer.body.get("leaflets")), (200, None::<&Value>), "{}", answer.text);
}
