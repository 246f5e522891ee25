//! What the budgets are about: carts, checkouts and pages of certain sizes.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use support::cloud::{Cloud, cloudy_world};
use support::play::{Stage, story};
use support::{World, review_rules};

use super::{Count, measured, measured_of, measured_worker};
use crate::shop;

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
    ("cart get, 5 lines", || Box::pin(cart_get(5))),
    ("cart get, 5 lines, a new caller", || Box::pin(cart_get_anew(5))),
    ("list of 614 products, a new instance", || Box::pin(page_anew(614))),
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
        let shop = Self::open_without_stock(products).await;
        shop::stock(&shop.world, &shop.products).await;
        shop
    }

    /// What is on sale is listed whether anything of it is there or not.
    async fn open_without_stock(products: usize) -> Self {
        let (world, cloud) = cloudy_world().await;
        let products = Box::pin(shop::put_on_sale(&world, products)).await;
        Self { customer: shop::customer(&world), world, cloud, products }
    }

    async fn with_cart(lines: usize) -> Self {
        let shop = Self::open(lines).await;
        shop::fill_cart(&shop.world, &shop.products).await;
        shop
    }

    async fn send(&self, function: &str, path: &str) {
        shop::send(&self.world, function, &self.customer, path, None, &[]).await;
    }

    async fn count(&self, function: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Count {
        let (endpoint, event) = shop::request(function, Some(&self.customer), path, body, headers);
        measured_of(&self.world, &self.cloud, endpoint, &event).await
    }

    /// The same of another instance, which has nothing in memory and meets the caller for the first time.
    async fn count_anew(&self, function: &str, path: &str) -> Count {
        let (endpoint, event) = shop::request(function, Some(&self.customer), path, None, &[]);
        let app = self.world.another_instance().await;
        measured(&app, &self.cloud, endpoint, &event).await
    }
}

async fn product_get() -> Count {
    let shop = Shop::open(1).await;
    let path = format!("/v1/products/{}", shop.products[0]);
    // The first request of an instance reads the pages that are about products; it is counted among the functions.
    shop.send("catalog-get-product", &path).await;
    shop.count("catalog-get-product", &path, None, &[]).await
}

/// A page of an instance that has read the search index so long ago, in a catalogue that has not changed lately.
async fn page(query: &str, ago: Duration) -> Count {
    let shop = Shop::open(30).await;
    shop.world.clock.advance(Duration::from_mins(1));
    let path = format!("/v1/products?{query}");
    // The first request of an instance reads the search index; it is counted among the functions.
    shop.send("catalog-list-products", &path).await;
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

async fn cart_get_anew(lines: usize) -> Count {
    Shop::with_cart(lines).await.count_anew("cart-get", "/v1/cart").await
}

/// The first page of an instance that begins to search, with a snapshot and nothing changed since.
async fn page_anew(products: usize) -> Count {
    let mut shop = Shop::open_without_stock(products).await;
    // A snapshot is read beside what has changed in the quarter of an hour before it.
    shop.world.clock.advance(Duration::from_hours(1));
    let writer = registry::WORKERS.iter().find(|worker| worker.name == "catalog-write-snapshot");
    let written = (writer.expect("a function of the registry").run)(&shop.world.app, json!({})).await;
    assert_eq!(written.expect("a snapshot")["products"], products);
    // The token of before has ended by then.
    shop.customer = shop::customer(&shop.world);
    shop.count_anew("catalog-list-products", "/v1/products?limit=24").await
}

async fn checkout(lines: usize) -> Count {
    place(&Shop::with_cart(lines).await).await
}

/// The same where rules are reviewed and something is on record of the patient: what screening reads, it reads beside what is read anyway.
async fn checkout_on_record() -> Count {
    let shop = Shop::with_cart(1).await;
    Box::pin(review_rules(&shop.world.app)).await;
    let allergy = json!({"substance": "penicillin", "severity": "mild", "certainty": "confirmed"});
    shop::send(&shop.world, "records-add", &shop.customer, "/v1/records/allergies", Some(allergy), &[]).await;
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
