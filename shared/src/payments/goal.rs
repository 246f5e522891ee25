//! What an order wants of its provider.

use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// That the customer pays.
    Await,
    /// That the money stays held until a pharmacist has checked the order.
    Hold,
    /// That the money is taken.
    Take,
    /// That nothing is held, and what was taken goes back.
    GiveBack,
}
