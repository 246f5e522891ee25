//! How a medicine may be sold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The legal status of supply. What is not known to be free for sale needs a prescription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalStatus {
    /// Over the counter.
    Otc,
    /// On prescription only.
    #[default]
    Prescription,
    /// A controlled substance: on prescription only, under stricter rules.
    Controlled,
}

impl LegalStatus {
    /// Whether a prescription is needed to buy it.
    pub const fn prescription_required(self) -> bool {
        !matches!(self, Self::Otc)
    }
}
