//! Measures how well triage ranks, with the ranking that answers: `measure_triage [evidences.json] [seed]`. Prints the rows that
//! docs/diagnosis.md has.
//!
//! Patients are drawn from the published shares. `evidences.json` is `release_evidences.json` of DDXPlus: it tells what is somebody's
//! history, with which nobody comes. Without it people come with anything that they have.

#![allow(clippy::print_stdout, reason = "a tool of the developers that prints what it finds")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

use serde_json::Value;
use shared::triage::facts::Facts;
use shared::triage::measure::{Asked, Draw, Slips, percent, place};

/// Of each condition.
const EACH: usize = 40;
/// How many questions are asked at most.
const MOST: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let evidences = arguments.next().map(fs::read_to_string).transpose()?;
    let seed = arguments.next().map_or(Ok(20_261_130), |seed| seed.parse())?;
    let history = match evidences {
        Some(text) => history(&serde_json::from_str(&text)?),
        None => BTreeSet::new(),
    };
    println!("seed {seed}, {EACH} of each condition, {} findings are history", history.len());
    said(&mut Draw::new(seed));
    for (what, slips) in [
        ("answers as the share says", Slips::default()),
        ("5% of the answers wrong, 10% unsure", Slips { wrong: 5, unsure: 10 }),
        ("10% of the answers wrong, 20% unsure", Slips { wrong: 10, unsure: 20 }),
    ] {
        asked(&mut Draw::new(seed), &history, (what, slips));
    }
    Ok(())
}

/// The findings that are somebody's history, by the release.
fn history(evidences: &Value) -> BTreeSet<usize> {
    let found = evidences.as_object().into_iter().flatten().filter(|(_, one)| one["is_antecedent"] == true);
    found.filter_map(|(name, _)| Facts::get().place(&name.to_lowercase().replace('_', ""))).collect()
}

/// Who has said everything: of each condition as many, and as often as they are there.
fn said(draw: &mut Draw) {
    let equally = Facts::get().ranked().flat_map(|condition| std::iter::repeat_n(condition, EACH));
    let equally: Vec<_> = equally.collect();
    let all = equally.len();
    let often: Vec<_> = (0..all).filter_map(|_| draw.condition()).collect();
    for (what, conditions) in [("as many of each", equally), ("as often as they are there", often)] {
        let places: Vec<_> = conditions.iter().map(|condition| place(&draw.patient(condition), condition, 5)).collect();
        println!("everything said, {what} ({all}): {}", within(&places));
    }
}

/// Who comes with one complaint and is asked.
fn asked(draw: &mut Draw, history: &BTreeSet<usize>, (what, slips): (&str, Slips)) {
    let mut all: Vec<Asked> = Vec::new();
    for condition in Facts::get().ranked() {
        for _ in 0..EACH {
            let whole = draw.patient(condition);
            all.extend(draw.asked((condition, &whole), |symptom| !history.contains(&symptom), (MOST, slips)));
        }
    }
    let count = |most: usize| all.iter().filter(|one| one.until_third.is_some_and(|count| count <= most)).count();
    let share = |most: usize| percent(count(most), all.len());
    println!(
        "one complaint, {what} ({}): among the first three after 0 questions {}%, 3 {}%, 5 {}%, 10 {}%, {MOST} {}%",
        all.len(),
        share(0),
        share(3),
        share(5),
        share(10),
        share(MOST)
    );
    let places: Vec<_> = all.iter().map(|one| one.place).collect();
    println!("  after {MOST} questions: {}", within(&places));
}

/// First, among three, among five.
fn within(places: &[Option<usize>]) -> String {
    let share = |most: usize| {
        let within = places.iter().filter(|place| place.is_some_and(|place| place < most)).count();
        percent(within, places.len())
    };
    format!("{}% / {}% / {}%", share(1), share(3), share(5))
}
