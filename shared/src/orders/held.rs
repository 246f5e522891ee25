//! Everything that is held of a person's cart and orders, for them.

use serde::Serialize;
use utoipa::ToSchema;

use super::fulfilment::Orders;
use super::supply_book::{Supplied, SuppliedLine};
use super::view::{OrderView, Viewer};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, PatientId, ProductId, UserId};
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
    /// For whom; absent: for the person themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub patient_id: Option<PatientId>,
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
    /// The coupon that is set.
    pub coupon: Option<String>,
    /// The orders of the last day.
    pub placed: Vec<HeldMark>,
}

/// A line that an order supplied, as it is reckoned with when something else is ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSupplyLine {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// What it was called.
    pub name: String,
    /// How many packs.
    pub quantity: u32,
    /// For how many days it is taken to last.
    pub days: u32,
}

/// What an order supplied.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSupply {
    /// The order.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// What.
    pub lines: Vec<HeldSupplyLine>,
}

impl Orders {
    /// What `user` was supplied with lately, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held_supplies(&self, user: &UserId) -> Result<Vec<HeldSupply>> {
        let book = self.screener.supplies.get(user).await?;
        let line = |line: SuppliedLine| HeldSupplyLine {
            product_id: line.product_id,
            name: line.name,
            quantity: line.quantity,
            days: line.days,
        };
        let supply = |(order_id, supplied): (OrderId, Supplied)| HeldSupply {
            order_id,
            on: supplied.on,
            lines: supplied.lines.into_iter().map(line).collect(),
        };
        Ok(book.orders.into_iter().map(supply).collect())
    }

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
            patient_id: line.patient,
            unit_price: line.offer.price,
        };
        let mark = |mark: super::cart::PlacedMark| HeldMark { order_id: mark.order_id, at: mark.at };
        Ok(HeldCart {
            lines: cart.lines.into_iter().map(line).collect(),
            coupon: cart.coupon.map(|agreed| agreed.code.to_string()),
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
                held.push(OrderView::new(order, self.holds(order).await?, &Viewer::Customer, &self.media_base_url));
            }
        }
    }
}
