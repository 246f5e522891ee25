//! Lists: the search index, filters, pages, brands and ingredients.

use std::sync::Mutex;

use serde_json::json;
use shared::catalog::{Changes, ProductStore};
use shared::identity::Role;
use shared::platform::clock::Timestamp;
use shared::platform::dynamo::Table;

use crate::store::{Store, price};

#[tokio::test]
async fn drafts_that_were_never_on_sale_are_not_read_and_what_was_taken_off_sale_is() {
    let store = Store::open().await;
    let drafts = [
        store.create(Role::PharmacyAdmin, json!({"status": "draft"})).await,
        store.create(Role::Seller, json!({})).await,
    ];
    let [never, sellers] = drafts.map(|draft| draft.expect(201).body["id"].as_str().unwrap().to_owned());
    let (sold, withdrawn) = (store.product(json!({})).await, store.product(json!({})).await);
    store.update(Role::PharmacyAdmin, &withdrawn, json!({"status": "draft"})).await.expect(200);
    let products = ProductStore::new(Table::new(store.world.dynamo.clone(), "catalog"));
    let long_ago = Timestamp::from_millis(0);
    for changes in [Changes::All, Changes::Everywhere(long_ago), Changes::Since(long_ago)] {
        let heard = Mutex::new(Vec::new());
        products.changed(changes, &|listed| heard.lock().unwrap().push(listed.id.to_string())).await.unwrap();
        let heard = heard.into_inner().unwrap();
        assert!([&sold, &withdrawn].iter().all(|id| heard.contains(id)), "{changes:?} {heard:?}");
        assert!([&never, &sellers].iter().all(|id| !heard.contains(id)), "{changes:?} {heard:?}");
    }
    // Once it is on sale it is found.
    store.update(Role::PharmacyAdmin, &never, json!({"status": "active", "name": "No draft"})).await.expect(200);
    store.wait(3);
    assert!(store.names("").await.contains(&"No draft".to_owned()));
}

#[tokio::test]
async fn the_index_follows_the_table() {
    let store = Store::open().await;
    assert_eq!(store.names("").await, Vec::<String>::new());
    let zinc = store.product(json!({"name": "Zinc"})).await;
    store.product(json!({"name": "Iron"})).await;
    store.create(Role::Seller, json!({"name": "A draft"})).await;
    assert_eq!(store.names("").await, Vec::<String>::new(), "within two seconds the search index may be old");
    store.wait(3);
    assert_eq!(store.names("").await, ["Iron", "Zinc"]);
    store.update(Role::PharmacyAdmin, &zinc, json!({"name": "Argentum"})).await;
    store.news(&[(&zinc, 0, 9, 2)]).await;
    store.wait(3);
    assert_eq!(store.names("").await, ["Argentum", "Iron"]);
    assert_eq!(store.names("?in_stock=true").await, ["Argentum"]);
    store.retire(Role::PharmacyAdmin, &zinc).await;
    store.wait(3);
    assert_eq!(store.names("").await, ["Iron"]);
}

#[tokio::test]
async fn a_product_that_an_earlier_deployment_placed_is_on_sale_and_moves_when_it_is_written() {
    let store = Store::open().await;
    let zinc = store.product(json!({"name": "Zinc"})).await;
    store.placed_as_of_old(&zinc, "out").await;
    assert_eq!(store.names("").await, ["Zinc"]);
    store.wait(3);
    // A function of before the deployment writes where it always did; the sweep goes there.
    store.placed_as_of_old(&zinc, "in_stock").await;
    assert_eq!(store.names("?in_stock=true").await, Vec::<String>::new());
    store.wait(61);
    assert_eq!(store.names("?in_stock=true").await, ["Zinc"]);
    store.news(&[(&zinc, 9, 0, 2)]).await;
    store.wait(3);
    assert_eq!(store.names("?in_stock=true").await, Vec::<String>::new());
    assert_eq!(store.names("").await, ["Zinc"]);
    store.placed_as_of_old(&zinc, "out").await;
    store.update(Role::PharmacyAdmin, &zinc, json!({"name": "Argentum"})).await;
    store.wait(3);
    assert_eq!(store.names("").await, ["Argentum"]);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_counted() {
    let store = Store::open().await;
    store.category("skin", None).await;
    store.category("acne", Some("skin")).await;
    store.product(json!({"name": "Zinc cream", "category_id": "skin", "brand": "Acme", "price": price(300)})).await;
    store.product(json!({"name": "Zinc gel", "category_id": "acne", "brand": "ACME", "price": price(100)})).await;
    store.product(json!({"name": "Iron", "legal_status": "prescription", "price": price(200)})).await;
    assert_eq!(store.names("?category=skin").await, ["Zinc cream", "Zinc gel"]);
    assert_eq!(store.names("?category=acne").await, ["Zinc gel"]);
    assert_eq!(store.names("?category=nowhere").await, Vec::<String>::new());
    assert_eq!(store.names("?brand=acme&sort=price").await, ["Zinc gel", "Zinc cream"]);
    assert_eq!(store.names("?prescription_required=true").await, ["Iron"]);
    assert_eq!(store.names("?min_price=200&max_price=300&sort=-price").await, ["Zinc cream", "Iron"]);
    assert_eq!(store.names("?query=ZINC+cr").await, ["Zinc cream"]);
    assert_eq!(store.names("?query=zinck").await, store.names("?query=zinc").await, "a slip is forgiven");
    assert_eq!(store.names("?query=").await.len(), 3);
    let page = store.list("?query=zinc&limit=1").await;
    assert_eq!(page.body["facets"]["brands"], json!([{"value": "ACME", "count": 2}]));
    assert_eq!(page.body["facets"]["prescription_required"], json!({"true": 0, "false": 2}));
    assert_eq!(page.body["total"], json!({"count": 2, "more": false}));
    assert_eq!(store.list("").await.body.get("facets"), None);
    assert_eq!(store.list("?query=zinc&facets=false").await.body.get("facets"), None);
}

#[tokio::test]
async fn facets_show_what_else_could_be_chosen() {
    let store = Store::open().await;
    store.category("skin", None).await;
    let product = async |name: &str, brand: &str, amount: i64| {
        store.product(json!({"name": name, "category_id": "skin", "brand": brand, "price": price(amount)})).await
    };
    let zinc = product("Zinc cream", "Acme", 300).await;
    product("Zinc gel", "Beta", 100).await;
    product("Zinc oil", "Gamma", 200).await;
    let page = store.list("?facets=true&brand=acme&brand=beta&min_price=200").await;
    assert_eq!(page.body["items"].as_array().unwrap().len(), 1);
    let facets = &page.body["facets"];
    assert_eq!(facets["brands"], json!([{"value": "Acme", "count": 1}, {"value": "Gamma", "count": 1}]));
    assert_eq!(facets["price"], json!({"min": 100, "max": 300}));
    assert_eq!((&facets["categories"][0]["value"], &facets["categories"][0]["count"]), (&json!("skin"), &json!(1)));
    assert!(facets["categories"][0]["name"].is_string());
    let ids = format!("?ids={zinc},prd_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_eq!(store.names(&ids).await, ["Zinc cream"]);
    for wrong in ["?ids=", "?ids=17", "?facets=perhaps", "?limit=1&limit=2"] {
        assert_eq!(store.list(wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn pages_together_are_the_list() {
    let store = Store::open().await;
    for n in 0..7 {
        store.product(json!({"name": format!("Product {n}"), "price": price(100 + n % 2)})).await;
        // Products of the same price come in the order of their ids, which is that of time.
        store.wait(1);
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = store.list(&format!("?sort=price&limit=3{cursor}")).await;
        names.extend(page.body["items"].as_array().unwrap().iter().map(|card| card["name"].clone()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        assert_eq!(store.list(&format!("?sort=name&limit=3{cursor}")).await.fields(), ["cursor"], "of another list");
    }
    assert_eq!(names, ["Product 0", "Product 2", "Product 4", "Product 6", "Product 1", "Product 3", "Product 5"]);
    let wrong = store.list("?sort=best&min_price=-1&in_stock=maybe&limit=0&category=A+B").await;
    assert_eq!(wrong.fields(), ["category", "in_stock", "min_price", "sort", "limit"]);
}

#[tokio::test]
async fn brands_and_ingredients_are_counted_and_paged() {
    let store = Store::open().await;
    for brand in ["Zeta", "Acme", "acme"] {
        let ingredients = json!([{"name": "zinc", "strength": "1 mg"}, {"name": brand, "strength": "1 mg"}]);
        store.product(json!({"brand": brand, "ingredients": ingredients})).await;
    }
    let first = store.names_page(true, "?limit=1").await;
    assert_eq!(first.body["items"], json!([{"name": "Acme", "count": 2}]));
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = store.names_page(true, &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!(second.body, json!({"items": [{"name": "Zeta", "count": 1}], "next_cursor": null}));
    assert_eq!(store.names_page(false, &format!("?cursor={cursor}")).await.fields(), ["cursor"]);
    let ingredients = store.names_page(false, "").await.body;
    assert_eq!(ingredients["items"][2], json!({"name": "zinc", "count": 3}));
}
