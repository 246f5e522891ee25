//! The pharmacist takes the next step of an order: checks it, packs it by lot, ships it, has it delivered.

use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.open_order() else { return super::checkout::run(who, "checkout").await };
    let pharmacist = std::sync::Arc::clone(&who.market.pharmacist);
    let path = format!("/v1/orders/{id}");
    let answer = pharmacist.ask(name, |client| client.get(&path)).await;
    if answer.status != 200 {
        return;
    }
    let order = answer.json();
    let step = match order["status"].as_str().unwrap_or_default() {
        // What is paid online is checked once its money is held.
        "placed" if order["payment"]["method"] != "cod" && order["payment"]["status"] == "pending" => return,
        "placed" => json!({"to": "verified"}),
        "verified" => packing(&pharmacist, &order).await,
        "packed" => json!({"to": "shipped", "tracking": "NP 123 456"}),
        "shipped" => json!({"to": "delivered"}),
        _ => return who.closed(&id),
    };
    let moved = pharmacist.ask(name, |client| client.post(&format!("{path}/transitions"), &step)).await;
    if moved.status == 200 && step["to"] == "delivered" {
        let product = order["items"][0]["product_id"].as_str().unwrap_or_default().to_owned();
        who.closed(&id);
        who.has.delivered.push((id, product));
    }
}

/// The step that packs an order: of its first line the units of the first lot that has enough, of the others those that expire
/// first.
async fn packing(pharmacist: &Caller, order: &Value) -> Value {
    let line = &order["items"][0];
    let (product, quantity) = (&line["product_id"], line["quantity"].as_i64().unwrap_or_default());
    let path = format!("/v1/products/{}/lots", product.as_str().unwrap_or_default());
    let lots = pharmacist.ask("lot list", |client| client.get(&path)).await;
    let lots = if lots.status == 200 { lots.json() } else { Value::Null };
    let enough = |lot: &&Value| {
        lot["status"] == "sellable"
            && lot["id"] != "unlotted"
            && lot["quantity"]["on_hand"].as_i64() > Some(quantity + 20)
    };
    match lots["items"].as_array().into_iter().flatten().find(enough) {
        Some(lot) => {
            json!({"to": "packed", "lots": [{"product_id": product, "lot_id": lot["id"], "quantity": quantity}]})
        }
        None => json!({"to": "packed"}),
    }
}
