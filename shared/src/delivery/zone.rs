//! A delivery zone and what delivery there costs. Pure rules.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::Country;
use crate::accounts::address::PostalAddress;
use crate::platform::fields::Invalid;
use crate::platform::money::Money;
use crate::platform::text;

/// The id of a zone, which the staff chooses: a-z, 0-9 and single hyphens, at most 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneId(String);

impl ZoneId {
    /// Reads one.
    ///
    /// # Errors
    /// Other characters, doubled or outer hyphens, or too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        text::slug(text, 40).map(Self)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ZoneId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

/// Within how many days something arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeliveryDays)]
pub struct Days {
    /// At the earliest.
    pub min: u32,
    /// At the latest.
    pub max: u32,
}

/// What a zone is and costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneTerms {
    /// What the staff calls it.
    pub name: String,
    /// The country it lies in.
    pub country: Country,
    /// Its districts; with neither districts nor prefixes it is the whole country.
    #[serde(default)]
    pub districts: Vec<String>,
    /// What its postal codes begin with.
    #[serde(default)]
    pub postal_prefixes: Vec<String>,
    /// What delivery costs.
    pub fee: Money,
    /// From which subtotal on it costs nothing.
    #[serde(default)]
    pub free_from: Option<Money>,
    /// How long it takes.
    pub days: Days,
    /// Whether cash is taken at the door.
    pub cod: bool,
}

/// A zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its id.
    pub id: ZoneId,
    /// What it is and costs.
    #[serde(flatten)]
    pub terms: ZoneTerms,
    /// Grows by one with every change.
    pub version: u64,
}

/// A zone in one of its versions, as orders keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneVersion {
    /// Which.
    pub zone: ZoneId,
    /// In which version.
    pub version: u64,
}

/// Somewhere to deliver to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The country.
    pub country: Country,
    /// The district, where it is known.
    pub district: Option<&'a str>,
    /// The postal code, where there is one.
    pub postal_code: Option<&'a str>,
}

impl<'a> From<&'a PostalAddress> for Place<'a> {
    fn from(address: &'a PostalAddress) -> Self {
        Self {
            country: address.country,
            district: address.district.as_deref(),
            postal_code: address.postal_code.as_deref(),
        }
    }
}

/// What delivery to a place costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// By which zone; none where the pharmacy has no zones.
    pub zone: Option<ZoneVersion>,
    /// The fee.
    pub fee: Money,
    /// From which subtotal on there is none.
    pub free_from: Option<Money>,
    /// How long it takes, where that is known.
    pub days: Option<Days>,
    /// Whether cash is taken at the door.
    pub cod: bool,
}

impl From<&Zone> for Rate {
    fn from(zone: &Zone) -> Self {
        Self {
            zone: Some(ZoneVersion { zone: zone.id.clone(), version: zone.version }),
            fee: zone.terms.fee,
            free_from: zone.terms.free_from,
            days: Some(zone.terms.days),
            cod: zone.terms.cod,
        }
    }
}

/// A district as it is compared: without case, accents and punctuation.
pub fn district_key(text: &str) -> String {
    text::words(text).join(" ")
}

/// A postal code as it is compared: letters and digits in capitals.
pub fn postal_key(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
