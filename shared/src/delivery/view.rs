//! Zones and quotes as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::zone::{Days, Rate, Zone};
use crate::accounts::Country;
use crate::platform::money::Money;

/// What delivery to a place costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeliveryQuote)]
pub struct QuoteView {
    /// Whether anything is delivered there.
    pub deliverable: bool,
    /// The fee; `null` where nothing is delivered to.
    pub fee: Option<Money>,
    /// From which subtotal on there is none; `null`: never.
    pub free_from: Option<Money>,
    /// Within how many days it arrives; `null` where that is not known.
    pub days: Option<Days>,
    /// Whether cash is taken at the door.
    pub cod: bool,
}

impl From<Option<Rate>> for QuoteView {
    fn from(rate: Option<Rate>) -> Self {
        match rate {
            None => Self { deliverable: false, fee: None, free_from: None, days: None, cod: false },
            Some(rate) => Self {
                deliverable: true,
                fee: Some(rate.fee),
                free_from: rate.free_from,
                days: rate.days,
                cod: rate.cod,
            },
        }
    }
}

/// A delivery zone.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DeliveryZone)]
pub struct ZoneView {
    /// Its id.
    pub id: String,
    /// What the staff calls it.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NP")]
    pub country: Country,
    /// Its districts.
    pub districts: Vec<String>,
    /// What its postal codes begin with.
    pub postal_prefixes: Vec<String>,
    /// What delivery costs.
    pub fee: Money,
    /// From which subtotal on it costs nothing.
    pub free_from: Option<Money>,
    /// How long it takes.
    pub days: Days,
    /// Whether cash is taken at the door.
    pub cod: bool,
    /// For `If-Match`.
    pub version: u64,
}

impl From<&Zone> for ZoneView {
    fn from(zone: &Zone) -> Self {
        let terms = zone.terms.clone();
        Self {
            id: zone.id.to_string(),
            name: terms.name,
            country: terms.country,
            districts: terms.districts,
            postal_prefixes: terms.postal_prefixes,
            fee: terms.fee,
            free_from: terms.free_from,
            days: terms.days,
            cod: terms.cod,
            version: zone.version,
        }
    }
}
