//! A shop as shops are: products with stock, carts with lines. Made by the API of a test world.

use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::{World, event, user};

/// Sends a request, which must go well.
pub(crate) async fn send(
    world: &World,
    function: &str,
    token: &str,
    path: &str,
    body: Option<Value>,
    headers: &[(&str, &str)],
) -> Value {
    let (endpoint, event) = request(function, Some(token), path, body, headers);
    let answer = world.send(endpoint, &event).await;
    assert!(answer.status < 300, "{function}: {}", answer.text);
    answer.body
}

/// A request of a function's route, and the function.
pub(crate) fn request(
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

/// Who buys: the customer of the sample events.
pub(crate) fn customer(world: &World) -> String {
    world.token(&user(1), Role::Customer)
}

/// Puts so many products on sale, which nobody has in stock yet; their ids.
pub(crate) async fn put_on_sale(world: &World, products: usize) -> Vec<String> {
    let pharmacist = world.token(&user(2), Role::PharmacyAdmin);
    let category = json!({"name": "Pain and fever", "parent_id": null, "position": 1});
    send(world, "catalog-put-category", &pharmacist, "/v1/categories/pain-and-fever", Some(category), &[]).await;
    let mut ids = Vec::with_capacity(products);
    for number in 0..products {
        let product = json!({
            "name": format!("Ibuprofen {} mg tablets", 100 + number), "brand": null,
            "ingredients": [{"name": "ibuprofen", "strength": format!("{} mg", 100 + number)}],
            "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain-and-fever",
            "description": "Eases pain and lowers fever.", "price": {"amount": 499, "currency": "USD"},
            "legal_status": "otc",
        });
        let made = send(world, "catalog-create-product", &pharmacist, "/v1/products", Some(product), &[]).await;
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    ids
}

/// Takes a lot of each product in.
pub(crate) async fn stock(world: &World, products: &[String]) {
    let pharmacist = world.token(&user(2), Role::PharmacyAdmin);
    for id in products {
        let lot = json!({"number": "B2247A", "expires_on": "2028-01-31", "quantity": 100});
        let headers = [("idempotency-key", id.as_str())];
        send(world, "catalog-receive-lot", &pharmacist, &format!("/v1/products/{id}/lots"), Some(lot), &headers).await;
    }
}

/// Puts each product into the customer's cart.
pub(crate) async fn fill_cart(world: &World, products: &[String]) {
    for id in products {
        let body = json!({"quantity": 2});
        send(world, "cart-put-item", &customer(world), &format!("/v1/cart/items/{id}"), Some(body), &[]).await;
    }
}
