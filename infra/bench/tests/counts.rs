//! No function asks more of AWS than it did: round trips, calls and capacity units are those of the baseline.

// The futures of whole runs nest deeper than the usual limit looks.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "tests")]

use bench::baseline::{self, COUNTS};
use bench::counts::{self, Counts};
use bench::report::Report;

/// What a thread has for the longest story, told without optimisation; a test's own has too little.
const STACK: usize = 32 * 1024 * 1024;

#[test]
fn no_function_asks_more_of_aws_than_it_did() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let counting = std::thread::Builder::new().stack_size(STACK).spawn(move || runtime.block_on(count()));
    if let Err(panic) = counting.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}

async fn count() {
    let counted = counts::all("", |_| ()).await;
    // Before anything is written down: a budget is not changed by counting anew.
    let mut report = Report::default();
    report.add_counts(counted.clone());
    let missed: Vec<_> = report.missed().iter().map(ToString::to_string).collect();
    assert!(missed.is_empty(), "docs/performance.md has other budgets:\n{}", missed.join("\n"));
    let trips = |name: &str| counted.scenarios.get(name).map(|count| count.trips);
    assert!(trips("checkout, 1 line").is_some_and(|trips| trips > 0));
    assert_eq!(trips("checkout, 1 line on record"), trips("checkout, 1 line"), "screening takes no trip of its own");
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
