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
}

/// What one invocation of each function uses.
#[derive(Clone, Debug, Deserialize)]
pub struct Counts {
    functions: BTreeMap<String, Count>,
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

    /// What one invocation of each of these uses, in their order.
    ///
    /// # Errors
    /// The names of all that were not counted.
    pub fn of_all(&self, functions: &[&str]) -> Result<Vec<Count>, String> {
        let missing: Vec<_> = functions.iter().filter(|name| !self.functions.contains_key(**name)).copied().collect();
        if missing.is_empty() {
            Ok(functions.iter().filter_map(|name| self.functions.get(*name)).copied().collect())
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
        "auth-login": {"trips": 7, "calls": 8, "read_units": 2, "write_units": 13, "cognito": 1}
    }, "scenarios": {"anything": [1, 2]}}"#;

    #[test]
    fn functions_are_found_in_the_order_they_are_asked_for() {
        let counts = Counts::parse(TWO).unwrap().of_all(&["cart-get", "auth-login"]).unwrap();
        assert_eq!(counts.iter().map(|count| count.trips).collect::<Vec<_>>(), [2.0, 7.0]);
        assert_eq!((counts[1].cognito, counts[1].s3), (1.0, 0.0));
    }

    #[test]
    fn all_that_are_missing_are_named() {
        let error = Counts::parse(TWO).unwrap().of_all(&["a", "cart-get", "b"]).unwrap_err();
        assert_eq!(error, "the counts have no a, b");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        assert!(Counts::read(Some("/nowhere.json")).unwrap_err().starts_with("/nowhere.json: "));
    }
}
