//! The offer of a product: on which terms it is sold now. Carts copy it; checkout buys exactly that copy or nothing.

use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::gs1::Gtin;
use super::legal::LegalStatus;
use super::product::{Image, Medicine};
use super::schedule_name::ScheduleName;
use super::seller::{DisplayName, Seller};
use super::slug::Slug;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Money;

/// What the label says beside the names of the ingredients: what screening and limits reckon with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// How much of each ingredient is in one unit, in the order of [`Offer::ingredients`]: `500 mg`, `5 mg/5 mL`.
    pub strengths: Vec<String>,
    /// `oral`, `topical`, …
    pub route: String,
    /// What one pack holds: `20 tablets`.
    pub pack_size: String,
}

impl Label {
    /// Of a medicine as it is described.
    pub fn of(medicine: &Medicine) -> Self {
        Self {
            strengths: medicine.ingredients.iter().map(|one| one.strength.clone()).collect(),
            route: medicine.route.clone(),
            pack_size: medicine.pack_size.clone(),
        }
    }
}

/// What a line of a cart or an order shows of a product beside its name. None of it is a term: no version counts it, and
/// checkout does not ask whether it is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its first picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Image>,
    /// What who sells it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_name: Option<DisplayName>,
}

/// The terms on which a product is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which product.
    pub product_id: ProductId,
    /// Grows by one whenever anything else in this struct changes, but for [`Self::shown`]; checkout is conditional on it.
    pub version: u64,
    /// The name a receipt shows.
    pub name: String,
    /// For one pack.
    pub price: Money,
    /// How it may be sold.
    pub legal_status: LegalStatus,
    /// The schedule that the law puts it in, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleName>,
    /// The keys of its active ingredients ([`identity_key`](crate::platform::identity_key)); prescriptions may name one.
    pub ingredients: Vec<String>,
    /// Which medicine it is. `None` where it was written before offers had one: nothing is the same as that.
    #[serde(rename = "fp", default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// What its label says. `None` where it was written before offers said so: then any route and any dose is reckoned with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What the code on its packs says which product it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// The product's name in URLs, which never changes. `None` where it was written before offers had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Who sells it; `None` is the pharmacy itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<UserId>,
    /// What a line shows beside the name. `None` where it was written before offers said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// Whether it is on sale at all.
    pub sellable: bool,
}

impl Offer {
    /// Whether it says which medicine it is, what its label says and what it looks like: what was written long ago does not.
    pub fn is_whole(&self) -> bool {
        self.fingerprint.is_some() && self.label.is_some() && self.shown.is_some()
    }

    /// Whether it sells the same on the same terms as another.
    pub fn has_terms_of(&self, other: &Self) -> bool {
        *self == Self { shown: self.shown.clone(), ..other.clone() }
    }

    /// Who sells it, and what they are called; `None` is the pharmacy itself.
    pub fn seller(&self) -> Option<Seller> {
        let name = self.shown.as_ref().and_then(|shown| shown.seller_name.clone());
        self.seller_id.clone().map(|id| Seller { id, name })
    }

    /// Its first picture.
    pub fn picture(&self) -> Option<&Image> {
        self.shown.as_ref()?.picture.as_ref()
    }
}
