//! The proxy in which calls go wrong (`infra/local/fault_proxy`), by its control.

use std::collections::BTreeMap;

use serde_json::Value;

/// Rates by service and by what goes wrong.
pub type Rates = BTreeMap<&'static str, BTreeMap<&'static str, f64>>;

/// What has befallen the calls of each service so far.
pub type Counts = BTreeMap<String, BTreeMap<String, u64>>;

/// The control.
#[derive(Clone, Debug)]
pub struct Faults {
    http: e2e::Http,
    url: String,
}

impl Faults {
    /// At an address.
    pub fn at(http: e2e::Http, url: String) -> Self {
        Self { http, url: format!("{url}/faults") }
    }

    /// Sets the rates; those of services that are not named are gone.
    ///
    /// # Panics
    /// Where the proxy does not take them.
    pub async fn set(&self, rates: &Rates) {
        let body = serde_json::to_string(rates).expect("rates as JSON");
        let answer = self.http.put(&self.url).body(body).send().await.expect("an answer of the proxy");
        let (status, said) = (answer.status().as_u16(), answer.text().await.unwrap_or_default());
        assert_eq!(status, 200, "{said}");
    }

    /// What has befallen the calls so far.
    ///
    /// # Panics
    /// Where the proxy does not say.
    pub async fn asked(&self) -> Counts {
        let answer = self.http.get(&self.url).send().await.expect("an answer of the proxy");
        let state: Value = serde_json::from_str(&answer.text().await.expect("its text")).expect("JSON");
        serde_json::from_value(state["counts"].clone()).expect("counts by service")
    }
}
