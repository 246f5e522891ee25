//! Figures for CloudWatch, in the embedded metric format: a line of the log that CloudWatch makes metrics of.
//!
//! A metric is paid for by each combination of its dimensions, so there is one dimension at most, and only where its values are
//! few. What else there is to say stands in the line as a property: it can be searched for and costs nothing.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::clock::Timestamp;
use super::config::Config;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// How often something happened.
    Count,
    /// How long something took.
    Seconds,
}

impl Unit {
    const fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Seconds => "Seconds",
        }
    }
}

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What CloudWatch calls it.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// How many.
    pub value: i64,
}

impl Figure {
    /// That something happened `value` times.
    pub const fn count(name: &'static str, value: i64) -> Self {
        Self { name, unit: Unit::Count, value }
    }

    /// How long something took.
    pub const fn seconds(name: &'static str, value: i64) -> Self {
        Self { name, unit: Unit::Seconds, value }
    }
}

/// What goes with figures.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The dimension that they are told apart by, where there is one, and its value.
    pub dimension: Option<(&'static str, &'a str)>,
    /// What else is in the line.
    pub properties: &'a [(&'static str, &'a str)],
}

/// Tells CloudWatch figures that the function `package` has found. Elsewhere than in Lambda it tells nobody.
pub fn tell(package: &str, at: Timestamp, figures: &[Figure], beside: Beside<'_>) {
    let Some(function) = Config::function_name().filter(|_| !figures.is_empty()) else { return };
    let Some(namespace) = namespace(&function, package) else { return };
    let line = line(&namespace, at, figures, beside);
    // Whoever cannot write to the log can tell nobody so either.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// The namespace of the stack: a function is called by the stack's name and its own.
fn namespace(function: &str, package: &str) -> Option<String> {
    let stack = function.strip_suffix(package)?.strip_suffix('-')?;
    Some(format!("Apothecary/{stack}"))
}

fn line(namespace: &str, at: Timestamp, figures: &[Figure], beside: Beside<'_>) -> String {
    let metrics: Vec<_> = figures.iter().map(|one| json!({"Name": one.name, "Unit": one.unit.name()})).collect();
    let dimensions: Vec<_> = beside.dimension.iter().map(|(name, _)| *name).collect();
    let mut members = Map::new();
    let definition = json!({"Namespace": namespace, "Dimensions": [dimensions], "Metrics": metrics});
    members.insert("_aws".to_owned(), json!({"Timestamp": at.millis(), "CloudWatchMetrics": [definition]}));
    for (name, value) in beside.dimension.iter().chain(beside.properties) {
        members.insert((*name).to_owned(), json!(value));
    }
    for one in figures {
        members.insert(one.name.to_owned(), json!(one.value));
    }
    Value::Object(members).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_the_embedded_metric_format_asks_for() {
        let at = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
        let beside =
            Beside { dimension: Some(("code", "out_of_stock")), properties: &[("faas.name", "checkout-place-order")] };
        let line: Value =
            serde_json::from_str(&line("Apothecary/apothecary-prod", at, &[Figure::count("Refusals", 1)], beside))
                .unwrap();
        assert_eq!(
            line,
            json!({
                "_aws": {
                    "Timestamp": 1_796_083_200_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Apothecary/apothecary-prod",
                        "Dimensions": [["code"]],
                        "Metrics": [{"Name": "Refusals", "Unit": "Count"}],
                    }],
                },
                "code": "out_of_stock",
                "faas.name": "checkout-place-order",
                "Refusals": 1,
            })
        );
    }

    #[test]
    fn without_a_dimension_there_is_one_empty_set_of_them() {
        let at = Timestamp::parse("2026-12-01T00:00:00Z").unwrap();
        let line: Value =
            serde_json::from_str(&line("n", at, &[Figure::seconds("ReviewSeconds", 90)], Beside::default())).unwrap();
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([[]]));
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Unit"], "Seconds");
    }

    #[test]
    fn figures_belong_to_their_stack() {
        assert_eq!(
            namespace("apothecary-prod-orders-get", "orders-get").as_deref(),
            Some("Apothecary/apothecary-prod")
        );
        assert_eq!(namespace("somebody-elses", "orders-get"), None);
    }
}
