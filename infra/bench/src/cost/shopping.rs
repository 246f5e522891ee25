//! What an order brings with it, and what else is assumed.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/shopping.json");

/// The model of a shop.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shopping {
    /// How often each function runs for one order, all of it: those who only look, and the work of the staff.
    order: BTreeMap<String, Times>,
    /// How often each function runs in a month in which nobody comes.
    month: BTreeMap<String, Times>,
    /// Everything else that is not counted.
    assumptions: BTreeMap<String, Assumption>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Times {
    times: f64,
    /// Why so often.
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Assumption {
    value: f64,
    /// Why so much.
    #[serde(rename = "why")]
    _why: String,
}

impl Shopping {
    /// Reads the file.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read() -> Result<Self, String> {
        let text = fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{FILE}: {error}"))
    }

    /// The same with other numbers for these assumptions and functions.
    ///
    /// # Errors
    /// A name that there is not.
    pub fn with(mut self, changes: &[(String, f64)]) -> Result<Self, String> {
        for (name, number) in changes {
            if let Some(assumption) = self.assumptions.get_mut(name) {
                assumption.value = *number;
            } else if let Some(function) = self.order.get_mut(name) {
                function.times = *number;
            } else {
                return Err(format!("{name}: neither an assumption nor a function of infra/bench/shopping.json"));
            }
        }
        Ok(self)
    }

    /// The functions that run, with how often in a month of so many orders.
    pub fn invocations(&self, orders: f64) -> Vec<(&str, f64)> {
        let of_orders = self.order.iter().map(|(name, each)| (name.as_str(), each.times * orders));
        let of_itself = self.month.iter().map(|(name, each)| (name.as_str(), each.times));
        of_orders.chain(of_itself).collect()
    }

    /// An assumption by its name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn assumed(&self, name: &str) -> Result<f64, String> {
        self.assumptions.get(name).map(|it| it.value).ok_or_else(|| format!("{FILE}: no assumption {name}"))
    }
}

#[cfg(test)]
impl Shopping {
    /// A model of two functions, for tests.
    pub fn small() -> Self {
        let mut all = Self::read().unwrap();
        all.order.retain(|name, _| ["cart-get", "prescriptions-scan"].contains(&name.as_str()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_the_model_is_one_of_the_house() {
        let house: Vec<_> = registry::ENDPOINTS.iter().map(|each| each.name()).collect();
        let workers: Vec<_> = registry::WORKERS.iter().map(|each| each.name).collect();
        for (name, _) in Shopping::read().unwrap().invocations(1.0) {
            assert!(house.contains(&name) || workers.contains(&name), "{name}");
        }
    }

    #[test]
    fn a_month_without_orders_is_what_runs_by_itself() {
        let ran: f64 = Shopping::read().unwrap().invocations(0.0).iter().map(|(_, times)| times).sum();
        assert_eq!(ran, 730.0);
    }

    #[test]
    fn numbers_can_be_changed_by_name() {
        let changes = [("own_ms".to_owned(), 9.0), ("cart-get".to_owned(), 2.0)];
        let changed = Shopping::read().unwrap().with(&changes).unwrap();
        assert_eq!(changed.assumed("own_ms"), Ok(9.0));
        assert!(changed.invocations(10.0).contains(&("cart-get", 20.0)));
        let error = Shopping::read().unwrap().with(&[("own_s".to_owned(), 9.0)]).unwrap_err();
        assert!(error.starts_with("own_s: "), "{error}");
    }
}
