//! The load of all areas beside faults, and afterwards all invariants of all areas: `bench soak [minutes=30] [seed=1]
//! [shoppers=6]`, in a stack that `stack.py test-stack faults` has made.
//!
//! Calls of the functions fail, are throttled, break off and lose their answers all the time but for the last two minutes. Then
//! the workers run until nothing is left to do, and what must hold is held against the tables, the providers' ledger, the logs,
//! and what clients were told. How to read it: docs/performance/load.md.

mod faults;
mod invariants;
mod outcome;
mod quiet;
mod report;
mod weather;
mod words;

use std::process::exit;
use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::Stack;

use self::faults::Faults;
use self::outcome::Outcome;
use self::words::Words;
use crate::load::market::Market;
use crate::load::shoppers;

/// For how long nothing goes wrong at the end of the load, where it is long enough.
const CALM: Duration = Duration::from_mins(2);

/// Runs it, prints what came of it, and leaves it in `target/bench/soak.json`.
///
/// Ends the process with 2 where the words on the command line are not understood or nothing can go wrong in the stack, and with
/// 1 where something does not hold, or the run shows nothing: no faults, nothing to hold something against, an operation that was
/// never done.
///
/// # Panics
/// Where there is no stack, it does not answer, or its tables hold what the code does not know.
pub async fn run() {
    let words = Words::parse(std::env::args().skip(2)).unwrap_or_else(|problem| refuse(&problem));
    let Some(url) = Stack::read().faults_url else {
        refuse("nothing can go wrong in this stack; `make soak` makes one where it can")
    };
    let market = Arc::new(Market::open().await);
    let faults = Faults::at(market.shop.guest.http().clone(), url);
    let stormy = words.duration().saturating_sub(CALM).max(words.duration() / 2);
    println!("Calls go wrong for {} s of {} s, by seed {}", stormy.as_secs(), words.duration().as_secs(), words.seed);
    let weather = tokio::spawn(weather::blow(faults.clone(), words.seed, stormy));
    let tally = shoppers::run(&market, words.shoppers, words.duration(), words.seed).await;
    let calm_since = weather.await.expect("weather that comes to its end");
    let (start, asked) = (Instant::now(), faults.asked().await);
    println!("What must hold at every moment is read before a worker mends it");
    let before = quiet::as_left().await;
    println!("The workers do what is left to do");
    let tables = quiet::come_to_rest(&market).await;
    let quiet = start.elapsed();
    println!("What must hold is held against what is");
    let verdicts = invariants::all(&market, before.as_ref(), &tables).await;
    let (items, orders) = (tables.len(), tables.orders());
    let outcome = Outcome { words, tally, asked, calm_since, quiet, items, orders, verdicts };
    let mut broken = market.book.pages().broken;
    invariants::logs::explain(&market, &mut broken).await;
    println!("{}", report::text(&outcome, &broken));
    report::save(&outcome, &broken);
    if !outcome.faults(&broken).is_empty() {
        exit(1);
    }
}

fn refuse(problem: &str) -> ! {
    eprintln!("bench soak: {problem}");
    exit(2)
}
