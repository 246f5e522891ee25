//! No function asks more of AWS than it did: round trips, calls and capacity units are those of the baseline.

#![allow(clippy::unwrap_used, reason = "tests")]

use bench::baseline;
use bench::counts::{self, Counts};

const FILE: &str = "counts.json";

#[tokio::test]
async fn no_function_asks_more_of_aws_than_it_did() {
    let counted = counts::all("", |_| ()).await;
    if std::env::var_os("UPDATE_BASELINE").is_some() {
        return baseline::write(FILE, &counted).unwrap();
    }
    let held: Counts = baseline::read(FILE).unwrap();
    let faults = baseline::differences(&held, &counted);
    assert!(
        faults.is_empty(),
        "{}\nIf that is meant: UPDATE_BASELINE=1 cargo test --workspace --test counts",
        faults.join("\n")
    );
}
