//! Carts and orders.

use serde_json::{Value, json};

use crate::{Answer, Client, Person, Product, Shop, unique};

/// A postal address.
pub fn address() -> Value {
    json!({
        "recipient": "Some One", "line1": "Durbar Marg 7", "city": "Kathmandu", "postal_code": "44600",
        "country": "NP", "phone": "+9779812345678",
    })
}

/// The body of an order, cash on delivery.
pub fn order_body(prescriptions: &[&str]) -> Value {
    json!({"address": address(), "payment_method": "cod", "prescription_ids": prescriptions})
}

impl Person {
    /// Puts products in the cart.
    pub async fn fill_cart(&self, lines: &[(&Product, u32)]) {
        for (product, quantity) in lines {
            let path = format!("/v1/cart/items/{}", product.id);
            self.put(&path, &json!({"quantity": quantity})).await.expect(200);
        }
    }

    /// Places an order of the cart, on these prescriptions.
    pub async fn place(&self, prescriptions: &[&str]) -> Answer {
        self.post("/v1/orders", &order_body(prescriptions)).key(&unique()).await
    }

    /// Fills the cart and places an order; gives the order.
    ///
    /// # Panics
    /// Where it is refused.
    pub async fn order(&self, lines: &[(&Product, u32)], prescriptions: &[&str]) -> Value {
        self.fill_cart(lines).await;
        self.place(prescriptions).await.body(201)
    }
}

impl Client {
    /// Moves an order along.
    pub async fn transition(&self, order: &Value, to: &str) -> Answer {
        self.post(&format!("{}/transitions", path(order)), &json!({"to": to})).await
    }

    /// Cancels an order.
    pub async fn cancel(&self, order: &Value) -> Answer {
        self.post_nothing(&format!("{}/cancel", path(order))).await
    }

    /// An order as it stands now.
    pub async fn current(&self, order: &Value) -> Value {
        self.get(&path(order)).await.body(200)
    }
}

impl Shop {
    /// Has the pharmacist move an order through these states.
    ///
    /// # Panics
    /// Where one is refused.
    pub async fn advance(&self, order: &Value, states: &[&str]) -> Value {
        let pharmacist = self.pharmacist().await;
        let mut current = order.clone();
        for state in states {
            current = pharmacist.transition(order, state).await.body(200);
            assert_eq!(current["status"], *state);
        }
        current
    }
}

/// The path of an order.
fn path(order: &Value) -> String {
    format!("/v1/orders/{}", order["id"].as_str().expect("an order's id"))
}
