//! Lots as the API answers them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::number::LotNumber;
use super::store::Lot;
use super::units::{LotRef, LotStatus, LotUnits};
use crate::catalog::adjustment::StockLevels;
use crate::catalog::stock::Stock;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{ProductId, RecallId};
use crate::platform::money::Money;

/// Where the units of a lot are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotQuantity {
    /// That ever came in, those that a count has found too.
    pub received: i64,
    /// In the house and not set aside, those in parcels too.
    pub on_hand: i64,
    /// Set aside: come back from customers, or of a lot that was called back.
    pub quarantined: i64,
}

/// A lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotView {
    /// Which; `unlotted` for units that came in before lots were written down.
    #[schema(value_type = String, example = "lot_01JD4Z8QK0000000000000000A")]
    pub id: LotRef,
    /// Of which product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Its number; `null` where it has none.
    #[schema(value_type = Option<String>)]
    pub number: Option<LotNumber>,
    /// Its last day; `null` where it is not known.
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Date>,
    /// When units of it first came in.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// From whom.
    pub supplier: Option<String>,
    /// What a unit cost.
    pub unit_cost: Option<Money>,
    /// Where its units are.
    pub quantity: LotQuantity,
    /// Whether it may go out.
    pub status: LotStatus,
    /// By which recall it was called back.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub recall_id: Option<RecallId>,
    /// Grows with every change of what is known of it.
    pub version: u64,
}

/// The lots of a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LotList {
    /// The first to expire first; what is of no known lot before all others.
    pub items: Vec<LotView>,
    /// The units of the product, in all.
    pub stock: StockLevels,
}

impl LotQuantity {
    fn of(units: Option<&LotUnits>) -> Self {
        match units {
            Some(units) => Self { received: units.received, on_hand: units.on_hand(), quarantined: units.set_aside() },
            None => Self { received: 0, on_hand: 0, quarantined: 0 },
        }
    }
}

impl LotView {
    /// A lot beside the stock of its product.
    pub fn new(lot: Lot, stock: &Stock) -> Self {
        let units = stock.housing.lot(lot.id).or(lot.spent.as_ref());
        Self {
            quantity: LotQuantity::of(units),
            status: units.map_or(LotStatus::Sellable, |units| units.status),
            id: LotRef::Lot(lot.id),
            product_id: lot.product_id,
            number: Some(lot.number),
            expires_on: Some(lot.expires_on),
            received_at: Some(lot.received_at),
            supplier: lot.supplier,
            unit_cost: lot.unit_cost,
            recall_id: lot.recall,
            version: lot.version,
        }
    }

    /// What is of no lot, where there is any.
    pub fn unlotted(stock: &Stock) -> Option<Self> {
        let (loose, aside) = (stock.loose(), stock.housing.loose_aside);
        (loose != 0 || aside != 0).then(|| Self {
            id: LotRef::Unlotted,
            product_id: stock.offer.product_id,
            number: None,
            expires_on: None,
            received_at: None,
            supplier: None,
            unit_cost: None,
            quantity: LotQuantity { received: loose + aside, on_hand: loose, quarantined: aside },
            status: LotStatus::Sellable,
            recall_id: None,
            version: stock.version,
        })
    }
}

impl LotList {
    /// All lots of a product.
    pub fn new(mut lots: Vec<Lot>, stock: &Stock) -> Self {
        lots.sort_by_key(|lot| (lot.expires_on, lot.id));
        let lots = lots.into_iter().map(|lot| LotView::new(lot, stock));
        Self { items: LotView::unlotted(stock).into_iter().chain(lots).collect(), stock: stock.levels() }
    }
}
