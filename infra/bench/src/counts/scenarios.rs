//! What the budgets are about: carts, checkouts and pages of certain sizes.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world};
use support::play::{Stage, story};
use support::{World, event, review_rules, user};

use super::{Count, measured_of, measured_worker};

/// By then an erasure that was asked for is due.
const DUE_AFTER: Duration = Duration::from_mins(20);

/// A scenario.
pub(super) type Scenario = fn() -> LocalBoxFuture<'static, Count>;

/// All of them, by name.
pub(super) const ALL: &[(&str, Scenario)] = &[
    ("product get", || Box::pin(product_get())),
    ("list of 24 cards", || Box::pin(page("limit=24", Duration::ZERO))),
    ("list of 24 cards, 3 s later", || Box::pin(page("limit=24", Duration::from_secs(3)))),
    ("search", || Box::pin(page("query=ibuprofen&limit=24", Duration::ZERO))),
    ("cart put, 1 line", || Box::pin(cart_put(1))),
    ("cart put, 5 lines", || Box::pin(cart_put(5))),
    ("cart get, 1 line", || Box::pin(cart_get(1))),
    ("cart get, 20 lines", || Box::pin(cart_get(20))),
    ("checkout, 1 line", || Box::pin(checkout(1))),
    ("checkout, 1 line on record", || Box::pin(checkout_on_record())),
    ("checkout, 5 lines", || Box::pin(checkout(5))),
    ("checkout, 20 lines", || Box::pin(checkout(20))),
    ("checkout, 50 lines", || Box::pin(checkout(50))),
    ("erasing a person", || Box::pin(erasing())),
];

struct Shop {
    world: World,
    cloud: Cloud,
    customer: String,
    products: Vec<String>,
}

impl Shop {
    async fn open(products: usize) -> Self {
        let (world, cloud) = cloudy_world().await;
        let customer = world.token(&user(1), Role::Customer);
        let mut shop = Self { world, cloud, customer, products: Vec::new() };
        let pharmacist = shop.world.token(&user(2), Role::PharmacyAdmin);
        let category = json!({"name": "Pain and fever", "parent_id": null, "position": 1});
        shop.send("catalog-put-category", &pharmacist, "/v1/categories/pain-and-fever", Some(category), &[]).await;
        for number in 0..products {
            let product = json!({
                "name": format!("Ibuprofen {} mg tablets", 100 + number), "brand": null,
                "ingredients": [{"name": "ibuprofen", "strength": format!("{} mg", 100 + number)}],
                "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain-and-fever",
                "description": "Eases pain and lowers fever.", "price": {"amount": 499, "currency": "USD"},
                "legal_status": "otc",
            });
            let made = shop.send("catalog-create-product", &pharmacist, "/v1/products", Some(product), &[]).await;
            let id = made["id"].as_str().unwrap().to_owned();
            let lot = json!({"number": "B2247A", "expires_on": "2028-01-31", "quantity": 100});
            let headers = [("idempotency-key", id.as_str())];
            shop.send("catalog-receive-lot", &pharmacist, &format!("/v1/products/{id}/lots"), Some(lot), &headers)
                .await;
            shop.products.push(id);
        }
        shop
    }

    async fn with_cart(lines: usize) -> Self {
        let shop = Self::open(lines).await;
        for product in &shop.products {
            shop.put(product).await;
        }
        shop
    }

    async fn put(&self, product: &str) {
        self.send("cart-put-item", &self.customer, &format!("/v1/cart/items/{product}"), Some(quantity()), &[]).await;
    }

    async fn send(
        &self,
        function: &str,
        token: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Value {
        let (endpoint, event) = request(function, Some(token), path, body, headers);
        let answer = self.world.send(endpoint, &event).await;
        assert!(answer.status < 300, "{function}: {}", answer.text);
        answer.body
    }

    async fn count(&self, function: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Count {
        let (endpoint, event) = request(function, Some(&self.customer), path, body, headers);
        measured_of(&self.world, &self.cloud, endpoint, &event).await
    }
}

fn request(
    function: &str,
    token: Option<&str>,
    path: &str,
    body: Option<Value>,
    headers: &[(&str, &str)],
) -> (&'static Endpoint, Value) {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function);
    let endpoint = found.unwrap_or_else(|| panic!("{function} is no endpoint")).endpoint;
    let route = shared::identity::access::route(function).unwrap();
    let plain = path.split('?').next().unwrap_or_default();
    let parameters: Vec<_> = route
        .path
        .split('/')
        .zip(plain.split('/'))
        .filter_map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?, value)))
        .collect();
    let mut event = event(route.method, path, &parameters, token, body.as_ref());
    for (name, value) in headers {
        event["headers"][*name] = json!(value);
    }
    (endpoint, event)
}

fn quantity() -> Value {
    json!({"quantity": 2})
}

async fn product_get() -> Count {
    let shop = Shop::open(1).await;
    let path = format!("/v1/products/{}", shop.products[0]);
    // The first request of an instance reads the pages that are about products; it is counted among the functions.
    shop.send("catalog-get-product", &shop.customer, &path, None, &[]).await;
    shop.count("catalog-get-product", &path, None, &[]).await
}

/// A page of an instance that has read the search index so long ago, in a catalogue that has not changed lately.
async fn page(query: &str, ago: Duration) -> Count {
    let shop = Shop::open(30).await;
    shop.world.clock.advance(Duration::from_mins(1));
    let path = format!("/v1/products?{query}");
    // The first request of an instance reads the search index; it is counted among the functions.
    shop.send("catalog-list-products", &shop.customer, &path, None, &[]).await;
    shop.world.clock.advance(ago);
    shop.count("catalog-list-products", &path, None, &[]).await
}

async fn cart_put(lines: usize) -> Count {
    let shop = Shop::with_cart(lines).await;
    shop.count("cart-put-item", &format!("/v1/cart/items/{}", shop.products[0]), Some(json!({"quantity": 3})), &[])
        .await
}

async fn cart_get(lines: usize) -> Count {
    Shop::with_cart(lines).await.count("cart-get", "/v1/cart", None, &[]).await
}

async fn checkout(lines: usize) -> Count {
    place(&Shop::with_cart(lines).await).await
}

/// The same where rules are reviewed and something is on record of the patient: what screening reads, it reads beside what is read anyway.
async fn checkout_on_record() -> Count {
    let shop = Shop::with_cart(1).await;
    Box::pin(review_rules(&shop.world.app)).await;
    let allergy = json!({"substance": "penicillin", "severity": "mild", "certainty": "confirmed"});
    shop.send("records-add", &shop.customer, "/v1/records/allergies", Some(allergy), &[]).await;
    // The rules themselves are read once after a review, and then in mind.
    shop.world.app.medicines().knowledge().await.unwrap();
    place(&shop).await
}

async fn place(shop: &Shop) -> Count {
    let address = json!({
        "recipient": "Anna Rai", "line1": "1 Lakeside Road", "city": "Pokhara", "postal_code": "33700", "country": "NP",
        "phone": "+9779800000000",
    });
    let order = json!({"address": address, "payment_method": "cod", "prescription_ids": []});
    shop.count("checkout-place-order", "/v1/orders", Some(order), &[("idempotency-key", "one-intention")]).await
}

/// The run of the worker that finishes what a person has asked for: nearly all others find nothing that is due, which is
/// counted among the functions.
async fn erasing() -> Count {
    let mut stage = Stage::open().await;
    let event = story::event_after(&mut stage, "profile-erase").await;
    stage.world.clock.advance(DUE_AFTER);
    let (count, done) = measured_worker(&stage.world.app, &stage.cloud, "profile-erase", event).await;
    assert_eq!(done["erased"], 1, "{done}");
    count
}
