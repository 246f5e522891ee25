//! What one invocation of each function uses, as it was counted.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

/// Where `bench` keeps what it counted.
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline/counts.json");

/// What one invocation uses.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Count {
    /// Steps that wait for the one before; calls side by side are one.
    pub trips: f64,
    /// DynamoDB's read request units.
    pub read_units: f64,
    /// DynamoDB's write request units, indexes included.
    pub write_units: f64,
    /// Calls of Cognito.
    #[serde(default)]
    pub cognito: f64,
    /// Calls of S3.
    #[serde(default)]
    pub s3: f64,
    /// Calls of SES and SNS.
    #[serde(default)]
    pub messages: f64,
}

impl Count {
    /// The mean of many, of which a share is like `other`.
    #[must_use]
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let mean = |one: f64, other: f64| one + (other - one) * share;
        Self {
            trips: mean(self.trips, other.trips),
            read_units: mean(self.read_units, other.read_units),
            write_units: mean(self.write_units, other.write_units),
            cognito: mean(self.cognito, other.cognito),
            s3: mean(self.s3, other.s3),
            messages: mean(self.messages, other.messages),
        }
    }
}

/// What one invocation of each function uses.
#[derive(Clone, Debug, Deserialize)]
pub struct Counts {
    functions: BTreeMap<String, Count>,
    /// The same on an instance that has never met its caller.
    first: BTreeMap<String, Count>,
}

impl Counts {
    /// Reads a file, or the baseline.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(file: Option<&str>) -> Result<Self, String> {
        let file = file.unwrap_or(BASELINE);
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        Self::parse(&text).map_err(|error| format!("{file}: {error}"))
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Why it is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// What one invocation of each of these uses, in their order, where this share of them is by callers whom the instance
    /// has never met.
    ///
    /// # Errors
    /// The names of all that were not counted.
    pub fn of_all(&self, functions: &[&str], unknown: f64) -> Result<Vec<Count>, String> {
        let count = |name: &&str| Some(self.functions.get(*name)?.mixed(*self.first.get(*name)?, unknown));
        let missing: Vec<_> = functions.iter().filter(|name| count(name).is_none()).copied().collect();
        if missing.is_empty() {
            Ok(functions.iter().filter_map(count).collect())
        } else {
            Err(format!("the counts have no {}", missing.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{"functions": {
        "cart-get": {"trips": 2, "calls": 3, "read_units": 1.5, "write_units": 0, "cognito": 0, "s3": 0},
        "auth-login": {"trips": 7, "calls": 8, "read_units": 2, "write_units": 13, "cognito": 1, "messages": 1}
    }, "first": {
        "cart-get": {"trips": 3, "calls": 5, "read_units": 2, "write_units": 1, "cognito": 0, "s3": 0},
        "auth-login": {"trips": 7, "calls": 8, "read_units": 2, "write_units": 13, "cognito": 1, "messages": 1},
        "half": {"trips": 7, "read_units": 2, "write_units": 13}
    }, "scenarios": {"anything": [1, 2]}}"#;

    #[test]
    fn functions_are_found_in_the_order_they_are_asked_for() {
        let counts = Counts::parse(TWO).unwrap().of_all(&["cart-get", "auth-login"], 0.0).unwrap();
        assert_eq!(counts.iter().map(|count| count.trips).collect::<Vec<_>>(), [2.0, 7.0]);
        assert_eq!((counts[1].cognito, counts[1].s3, counts[1].messages), (1.0, 0.0, 1.0));
    }

    #[test]
    fn callers_whom_an_instance_has_never_met_cost_more() {
        let counts = Counts::parse(TWO).unwrap().of_all(&["cart-get", "auth-login"], 0.5).unwrap();
        assert_eq!((counts[0].trips, counts[0].read_units, counts[0].write_units), (2.5, 1.75, 0.5));
        assert_eq!((counts[1].trips, counts[1].write_units), (7.0, 13.0));
    }

    #[test]
    fn all_that_are_missing_are_named() {
        let error = Counts::parse(TWO).unwrap().of_all(&["a", "cart-get", "half"], 0.2).unwrap_err();
        assert_eq!(error, "the counts have no a, half");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        assert!(Counts::read(Some("/nowhere.json")).unwrap_err().starts_with("/nowhere.json: "));
    }
}
