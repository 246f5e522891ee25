//! The offer of a product: on which terms it is sold now. Carts copy it; checkout buys exactly that copy or nothing.

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::legal::LegalStatus;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Money;

/// The terms on which a product is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which product.
    pub product_id: ProductId,
    /// Grows by one whenever anything else in this struct changes; checkout is conditional on it.
    pub version: u64,
    /// The name a receipt shows.
    pub name: String,
    /// For one pack.
    pub price: Money,
    /// How it may be sold.
    pub legal_status: LegalStatus,
    /// The keys of its active ingredients ([`identity_key`](crate::platform::identity_key)); prescriptions may name one.
    pub ingredients: Vec<String>,
    /// Which medicine it is. `None` where it was written before offers had one: nothing is the same as that.
    #[serde(rename = "fp", default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// Who sells it; `None` is the pharmacy itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<UserId>,
    /// Whether it is on sale at all.
    pub sellable: bool,
}
