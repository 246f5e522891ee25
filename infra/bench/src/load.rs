//! Customers and staff of all areas against a deployed stack, and a race for its last units: `bench load [shoppers=8]
//! [seconds=30] [units=20] [buyers=64]`.
//!
//! The stack is the one of `make dev`, or the one whose description `APOTHECARY_STACK` names. How to read the numbers:
//! docs/performance/load.md.

pub mod book;
pub mod caller;
pub mod dice;
pub mod market;
pub mod mix;
mod operations;
mod race;
pub mod report;
mod shopper;
pub mod shoppers;
pub mod tally;
mod words;

use std::process::exit;
use std::sync::Arc;

use self::market::Market;
use self::words::Words;

/// Runs the shoppers and the race, prints what came of them, and leaves it in `target/bench/load.json`.
///
/// Ends the process with 2 where the words on the command line are not understood, and with 1 where a unit was sold
/// twice or an answer was 5xx.
///
/// # Panics
/// Where there is no stack, or it does not answer.
pub async fn run() {
    let words = Words::parse(std::env::args().skip(2)).unwrap_or_else(|problem| {
        eprintln!("bench load: {problem}");
        exit(2);
    });
    let market = Arc::new(Market::open().await);
    let mixed = shoppers::run(&market, words.shoppers, words.duration(), 0).await;
    println!("{}", report::mixed(words.shoppers, &mixed));
    let race = race::run(&market.shop, words.units, words.buyers).await;
    println!("{}", report::race(&race));
    report::save(&words, &mixed, &race);
    let faults = report::faults(&mixed, &race);
    for fault in &faults {
        eprintln!("bench load: {fault}");
    }
    if !faults.is_empty() {
        exit(1);
    }
}
