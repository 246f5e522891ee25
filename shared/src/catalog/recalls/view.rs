//! Recalls as the API answers them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::recall::{Recall, RecallClass, RecallStatus};
use crate::catalog::lots::{LotNumber, LotUnits};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{LotId, ProductId, RecallId};

/// Where the units of a lot are that was called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecalledUnits {
    /// With those who bought them.
    pub sold: i64,
    /// In the house and set aside: what lay on the shelf, came back, or was taken out of a parcel.
    pub quarantined: i64,
    /// In parcels that may not leave.
    pub on_hand: i64,
}

impl RecalledUnits {
    /// Of a lot as it is now.
    pub fn of(units: Option<&LotUnits>) -> Self {
        match units {
            Some(units) => Self { sold: units.sold, quarantined: units.set_aside(), on_hand: units.on_hand() },
            None => Self { sold: 0, quarantined: 0, on_hand: 0 },
        }
    }
}

/// A recall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Recall)]
pub struct RecallView {
    /// Its id.
    #[schema(value_type = String, example = "rcl_01JD4Z8QK0000000000000000A")]
    pub id: RecallId,
    /// Whether every order with units of the lot was found.
    pub status: RecallStatus,
    /// Which lot.
    #[schema(value_type = String)]
    pub lot_id: LotId,
    /// Its number.
    #[schema(value_type = String)]
    pub lot_number: LotNumber,
    /// Of which product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Why, as those are told who have it.
    pub reason: String,
    /// By which number its maker or the authority calls it.
    pub reference: String,
    /// How grave it is: 1 is the gravest.
    #[schema(value_type = u8, minimum = 1, maximum = 3)]
    pub class: RecallClass,
    /// When it was called back, and out of sale.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When every order with units of it was found.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    /// Orders that had it in their parcel and had not left the house.
    pub orders_held: u32,
    /// People who had got it and were told.
    pub people_told: u32,
    /// Orders that it left the house with, of people whose accounts were erased before: nobody can be told.
    pub orders_of_nobody: u32,
    /// Where its units are now.
    pub units: RecalledUnits,
}

impl RecallView {
    /// A recall beside the units of its lot.
    pub fn new(recall: Recall, units: Option<&LotUnits>) -> Self {
        Self {
            status: recall.status(),
            id: recall.id,
            lot_id: recall.lot,
            lot_number: recall.number,
            product_id: recall.product_id,
            reason: recall.reason,
            reference: recall.reference,
            class: recall.class,
            started_at: recall.started_at,
            finished_at: recall.finished_at,
            orders_held: recall.followed.orders_held,
            people_told: recall.followed.people_told,
            orders_of_nobody: recall.followed.orders_of_nobody,
            units: RecalledUnits::of(units),
        }
    }
}
