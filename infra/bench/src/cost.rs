//! What a month costs: `bench cost [free_tier=yes] [cognito=essentials] [counts=FILE] [NAME=NUMBER …]`.
//!
//! Counted units (`infra/bench/baseline/counts.json`) times what an order brings with it (`infra/bench/shopping.json`)
//! times AWS's list prices (`infra/bench/prices.json`). A `NAME` is an assumption or a function of the shopping.

mod bill;
mod counts;
mod memory;
mod prices;
mod shopping;
mod table;
mod usage;
mod words;

use std::process::exit;

use self::bill::Bill;
use self::counts::Counts;
use self::memory::Memory;
use self::prices::Prices;
use self::shopping::Shopping;
use self::words::Words;

/// The orders a day that a month is reckoned for.
pub const SCALES: [u32; 3] = [1, 100, 10_000];

/// Prints a month at each scale.
///
/// Ends the process with 1 where a file or a word on the command line is not understood.
pub fn run() {
    let told = Words::parse(std::env::args().skip(2))
        .and_then(|words| bills(&words))
        .and_then(|bills| table::text(&bills, &Prices::read()?));
    match told {
        Ok(text) => println!("{text}"),
        Err(problem) => {
            eprintln!("bench cost: {problem}");
            exit(1);
        }
    }
}

/// The tables of docs/performance.md: a month at each scale without any free tier, with what the free tiers save and what the larger plan of Cognito
/// would cost.
///
/// # Panics
/// Where a file is missing or not understood, with what is wrong.
pub fn markdown() -> String {
    let at = |words: Words| bills(&words).unwrap_or_else(|problem| panic!("bench cost: {problem}"));
    let variants = [
        ("with what is always free", at(Words { free_tier: true, ..Words::default() })),
        ("and with Cognito's plan Essentials", at(Words { free_tier: true, essentials: true, ..Words::default() })),
    ];
    table::markdown(&at(Words::default()), &variants)
}

/// A month at each scale.
fn bills(words: &Words) -> Result<Vec<Bill>, String> {
    let shopping = Shopping::read()?.with(&words.changes)?;
    let (counts, prices, memory) = (Counts::read(words.counts.as_deref())?, Prices::read()?, Memory::read()?);
    SCALES
        .iter()
        .map(|orders| {
            let used = usage::of_a_month(f64::from(*orders), words.essentials, &shopping, &counts, &memory)?;
            Bill::of(*orders, &used, &prices, words.free_tier)
        })
        .collect()
}
