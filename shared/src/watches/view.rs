//! Watches as the API answers them.

use serde::Serialize;
use utoipa::ToSchema;

use super::watch::{Terms, Watch};
use crate::catalog::Product;
use crate::catalog::view::ProductCard;
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;
use crate::platform::money::Money;

/// A product that somebody watches.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Watch)]
pub struct WatchView {
    /// Which.
    #[schema(value_type = String)]
    product_id: ProductId,
    /// They are told once a pack costs less than this.
    below: Option<Money>,
    /// Whether they are told once it can be had again.
    back_in_stock: bool,
    /// Since when they wait for it.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// The product as it is now; `null` where it is not on sale.
    product: Option<ProductCard>,
}

/// All that somebody watches.
#[derive(Debug, Serialize, ToSchema)]
pub struct WatchList {
    /// The latest first; at most 50.
    pub items: Vec<WatchView>,
}

/// A watch as the copy of somebody's data has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldWatch {
    /// Which product.
    #[schema(value_type = String)]
    product_id: ProductId,
    /// They are told once a pack costs less than this.
    below: Option<Money>,
    /// Whether they are told once it can be had again.
    back_in_stock: bool,
    /// Since when they wait for it.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

impl WatchView {
    pub(super) fn new(watch: Watch, product: Option<Product>, media_base_url: &str) -> Self {
        let Watch { product_id, terms: Terms { below, back_in_stock }, since } = watch;
        let card = product.and_then(Product::card);
        let product = card.map(|card| ProductCard::new(&card, media_base_url));
        Self { product_id, below, back_in_stock, since, product }
    }
}

impl From<Watch> for HeldWatch {
    fn from(watch: Watch) -> Self {
        let Watch { product_id, terms: Terms { below, back_in_stock }, since } = watch;
        Self { product_id, below, back_in_stock, since }
    }
}
