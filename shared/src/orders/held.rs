//! Everything that is held of a person's cart and orders, for them.

use serde::Serialize;
use utoipa::ToSchema;

use super::fulfilment::Orders;
use super::view::{OrderView, Viewer};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, ProductId, UserId};
use crate::platform::money::Money;

/// How many orders are read at once.
const PAGE: u16 = 50;

/// A line of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldCartLine {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Its name when it was put in.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// The price of one when it was put in.
    pub unit_price: Money,
}

/// That an order came of the cart lately, so that the same request again is not another.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldMark {
    /// The order.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A cart as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldCart {
    /// What is in it.
    pub lines: Vec<HeldCartLine>,
    /// The orders of the last day.
    pub placed: Vec<HeldMark>,
}

impl Orders {
    /// The cart of `user`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held_cart(&self, user: &UserId) -> Result<HeldCart> {
        let cart = self.store.cart(user).await?;
        let line = |line: super::cart::CartLine| HeldCartLine {
            product_id: line.offer.product_id,
            name: line.offer.name,
            quantity: line.quantity.get(),
            unit_price: line.offer.price,
        };
        let mark = |mark: super::cart::PlacedMark| HeldMark { order_id: mark.order_id, at: mark.at };
        Ok(HeldCart {
            lines: cart.lines.into_iter().map(line).collect(),
            placed: cart.placed.into_iter().map(mark).collect(),
        })
    }

    /// All orders of `user`, the newest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, user: &UserId) -> Result<Vec<OrderView>> {
        let mut held = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.of_customer(user, PAGE, after).await?;
            let Some(last) = page.last() else { return Ok(held) };
            after = Some(last.id);
            for order in &page {
                held.push(OrderView::new(order, self.holds(order).await?, &Viewer::Whole));
            }
        }
    }
}
