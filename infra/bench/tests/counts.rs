//! No function asks more of AWS than it did: round trips, calls and capacity units are those of the baseline.

// The futures of a whole run are nested deeply.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "tests")]

use bench::baseline::{self, COUNTS};
use bench::counts::{self, Counts};
use bench::report::Report;

#[tokio::test]
async fn no_function_asks_more_of_aws_than_it_did() {
    let counted = counts::all("", |_| ()).await;
    // Before anything is written down: a budget is not changed by counting anew.
    let mut report = Report::default();
    report.add_counts(counted.clone());
    let missed: Vec<_> = report.missed().iter().map(ToString::to_string).collect();
    assert!(missed.is_empty(), "docs/performance.md has other budgets:\n{}", missed.join("\n"));
    if std::env::var_os("UPDATE_BASELINE").is_some() {
        return baseline::write(COUNTS, &counted).unwrap();
    }
    let held: Counts = baseline::read(COUNTS).unwrap();
    let faults = baseline::differences(&held, &counted);
    assert!(
        faults.is_empty(),
        "{}\nIf that is meant: UPDATE_BASELINE=1 cargo test --workspace --test counts",
        faults.join("\n")
    );
}
