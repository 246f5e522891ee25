//! `/v1/profile/addresses`: a customer's address book.

use e2e::{Person, Shop, address, covers, order_body, unique};
use serde_json::{Value, json};

async fn add(person: &Person, label: &str, is_default: bool) -> Value {
    let mut body = address();
    body["label"] = json!(label);
    body["is_default"] = json!(is_default);
    person.post("/v1/profile/addresses", &body).await.body(201)
}

fn path(address: &Value) -> String {
    format!("/v1/profile/addresses/{}", address["id"].as_str().unwrap())
}

/// The labels of all addresses, the default one marked by a star.
async fn labels(person: &Person) -> Vec<String> {
    let list = person.get("/v1/profile/addresses").await.body(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|one| format!("{}{}", one["label"].as_str().unwrap(), if one["is_default"] == true { "*" } else { "" }))
        .collect()
}

#[tokio::test]
async fn there_is_one_default_at_any_time() {
    covers!("address-add", "address-list", "address-update", "address-remove");
    let shop = Shop::open();
    let person = shop.customer().await;
    assert!(labels(&person).await.is_empty());
    let home = add(&person, "home", false).await;
    let work = add(&person, "work", false).await;
    assert_eq!(labels(&person).await, ["home*", "work"]);
    let parents = add(&person, "parents", true).await;
    assert_eq!(labels(&person).await, ["home", "work", "parents*"]);
    person.patch(&path(&work), &json!({"is_default": true})).await.expect(200);
    assert_eq!(labels(&person).await, ["home", "work*", "parents"]);
    person.delete(&path(&work)).await.expect(204);
    assert_eq!(labels(&person).await, ["home*", "parents"]);
    person.delete(&path(&home)).await.expect(204);
    person.delete(&path(&parents)).await.expect(204);
    assert!(labels(&person).await.is_empty());
    person.delete(&path(&parents)).await.problem(404, "not_found");
}

#[tokio::test]
async fn an_address_is_changed_at_its_version() {
    covers!("address-update");
    let shop = Shop::open();
    let person = shop.customer().await;
    let home = add(&person, "home", true).await;
    assert_eq!(home["recipient"], "Some One");
    let change = json!({"line2": "3rd floor", "label": null, "phone": "+8801712345678", "country": "BD"});
    let changed = person.patch(&path(&home), &change).if_match(1).await.body(200);
    assert_eq!((&changed["line2"], &changed["label"]), (&json!("3rd floor"), &Value::Null));
    assert_eq!((&changed["country"], &changed["city"]), (&json!("BD"), &json!("Kathmandu")));
    person.patch(&path(&home), &json!({"city": "Patan"})).if_match(1).await.problem(412, "version_mismatch");
    person.delete(&path(&home)).if_match(1).await.problem(412, "version_mismatch");
    let version = changed["version"].as_u64().unwrap();
    person.delete(&path(&home)).if_match(version).await.expect(204);
}

#[tokio::test]
async fn a_book_holds_twenty_addresses() {
    covers!("address-add");
    let shop = Shop::open();
    let person = shop.customer().await;
    for number in 0..20 {
        add(&person, &number.to_string(), false).await;
    }
    person.post("/v1/profile/addresses", &address()).await.problem(409, "too_many_addresses");
    assert_eq!(labels(&person).await.len(), 20);
}

#[tokio::test]
async fn anothers_address_does_not_exist() {
    covers!("address-update", "address-remove", "checkout-place-order", "checkout-preview");
    let shop = Shop::open();
    let (owner, other) = (shop.customer().await, shop.customer().await);
    let home = add(&owner, "home", true).await;
    other.patch(&path(&home), &json!({"city": "Patan"})).await.problem(404, "not_found");
    other.delete(&path(&home)).await.problem(404, "not_found");

    let product = shop.product("otc", 500, 5).await;
    let mut body = order_body(&[]);
    body.as_object_mut().unwrap().remove("address");
    body["address_id"] = home["id"].clone();
    other.fill_cart(&[(&product, 1)]).await;
    other.post("/v1/orders", &body).key(&unique()).await.invalid_field("address_id", "not_found");
    other.post("/v1/checkout/preview", &body).await.invalid_field("address_id", "not_found");

    owner.fill_cart(&[(&product, 1)]).await;
    let order = owner.post("/v1/orders", &body).key(&unique()).await.body(201);
    assert_eq!(order["address"]["line1"], "Durbar Marg 7");
    assert_eq!(labels(&owner).await, ["home*"]);
    shop.expect_stock(&product, 4, 1).await;
}
