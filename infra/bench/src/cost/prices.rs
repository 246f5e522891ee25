//! AWS's list prices.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/prices.json");

/// The prices of one region.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Which region.
    pub region: String,
    /// In which currency.
    pub currency: String,
    prices: BTreeMap<String, Price>,
}

/// A price, and where it is from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What is paid for: `million invocations`.
    pub unit: String,
    /// The price of a unit, cheaper ones for more units later.
    tiers: Vec<Tier>,
    /// How many units of a month nobody pays for, in any year of an account.
    #[serde(default)]
    always_free: f64,
    /// AWS's page that holds it.
    pub source: String,
    /// The month of what it was read from, or `undated`.
    pub date: String,
    /// What it was read from.
    pub seen: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    /// For units up to this many in a month; absent in the last.
    up_to: Option<f64>,
    usd: f64,
}

impl Prices {
    /// Reads the file.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read() -> Result<Self, String> {
        let text = fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{FILE}: {error}"))
    }

    /// A price by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn of(&self, name: &str) -> Result<&Price, String> {
        self.prices.get(name).ok_or_else(|| format!("{FILE}: no price of {name}"))
    }
}

impl Price {
    /// The price of the first units, in dollars.
    pub fn first(&self) -> f64 {
        self.tiers.first().map_or(0.0, |tier| tier.usd)
    }

    /// What so many units of a month cost, in dollars.
    pub fn cost(&self, units: f64, free_tier: bool) -> f64 {
        let free = if free_tier { self.always_free.min(units) } else { 0.0 };
        // What is free counts for the tiers: the first paid unit is the first after the free ones.
        let (mut from, mut cost) = (free, 0.0);
        for tier in &self.tiers {
            let to = units.min(tier.up_to.unwrap_or(f64::INFINITY));
            cost += (to - from).max(0.0) * tier.usd;
            from = from.max(to);
        }
        cost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(json: &str) -> Price {
        let rest = r#""unit": "u", "source": "s", "date": "d", "seen": "w""#;
        serde_json::from_str(&format!("{{{json}, {rest}}}")).unwrap()
    }

    #[test]
    fn one_price_is_linear() {
        let price = price(r#""tiers": [{"usd": 0.5}]"#);
        assert_eq!([0.0, 1.0, 7.0].map(|units| price.cost(units, false)), [0.0, 0.5, 3.5]);
    }

    #[test]
    fn what_is_always_free_is_taken_off_where_it_is_asked_for() {
        let price = price(r#""tiers": [{"usd": 2.0}], "always_free": 10"#);
        assert_eq!([5.0, 10.0, 12.0].map(|units| price.cost(units, true)), [0.0, 0.0, 4.0]);
        assert_eq!(price.cost(12.0, false), 24.0);
    }

    #[test]
    fn a_tier_is_for_its_own_units_alone() {
        let price = price(r#""tiers": [{"up_to": 100, "usd": 1.0}, {"up_to": 200, "usd": 0.5}, {"usd": 0.25}]"#);
        assert_eq!([100.0, 150.0, 204.0].map(|units| price.cost(units, false)), [100.0, 125.0, 151.0]);
    }

    #[test]
    fn free_units_are_the_first_of_the_first_tier() {
        let price = price(r#""tiers": [{"up_to": 100, "usd": 1.0}, {"usd": 0.5}], "always_free": 10"#);
        assert_eq!(price.cost(110.0, true), 95.0);
    }

    #[test]
    fn every_price_says_where_it_is_from() {
        let prices = Prices::read().unwrap();
        assert_eq!((prices.region.as_str(), prices.currency.as_str()), ("us-east-1", "USD"));
        for (name, price) in &prices.prices {
            assert!(price.source.starts_with("https://aws.amazon.com/"), "{name}");
            assert!(
                (price.date == "undated" || price.date.len() == "2026-01".len())
                    && !price.unit.is_empty()
                    && !price.seen.is_empty(),
                "{name}"
            );
            let (last, others) = price.tiers.split_last().unwrap();
            assert!(last.up_to.is_none() && others.iter().all(|tier| tier.up_to.is_some()), "{name}");
        }
    }
}
