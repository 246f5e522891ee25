//! Mixed shoppers against a deployed stack, and a race for its last units: `bench load [shoppers=8] [seconds=30]
//! [units=20] [buyers=64]`.
//!
//! The stack is the one of `make dev`, or the one whose description `APOTHECARY_STACK` names. How to read the numbers:
//! docs/performance/load.md.

mod dice;
mod mix;
mod race;
mod report;
mod shoppers;
mod tally;
mod words;

use std::process::exit;

use e2e::Shop;

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
    let shop = Shop::open();
    let mixed = shoppers::run(&shop, words.shoppers, words.duration()).await;
    println!("{}", report::mixed(&words, &mixed));
    let race = race::run(&shop, words.units, words.buyers).await;
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
