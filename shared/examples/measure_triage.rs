//! Measures triage with the code that answers: `measure_triage [evidences.json] [seed]`. Prints the tables that docs/diagnosis.md has;
//! with `UPDATE_DOCS=1` writes them there.
//!
//! Patients are drawn from the published shares. `evidences.json` is `release_evidences.json` of DDXPlus: it tells what is somebody's
//! history, with which nobody comes. Without it people come with anything that they have.

#![allow(clippy::print_stdout, reason = "a tool of the developers that prints what it finds")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{self, Write};
use std::fs;

use serde_json::Value;
use shared::triage::facts::{Condition, Facts, Urgency};
use shared::triage::measure::{Asked, Bin, Calibration, Draw, Slips, Told, percent, place, sensitivity, told};

/// Of each condition.
const EACH: usize = 40;
/// How many questions are asked at most.
const MOST: usize = 15;
/// How people answer.
const ANSWERS: [(&str, Slips); 3] = [
    ("all answers are true", Slips { wrong: 0, unsure: 0 }),
    ("5% wrong, 10% unsure", Slips { wrong: 5, unsure: 10 }),
    ("10% wrong, 20% unsure", Slips { wrong: 10, unsure: 20 }),
];

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/diagnosis.md");
const BEGIN: &str = "<!-- measured by shared/examples/measure_triage.rs -->";
const END: &str = "<!-- measured until here -->";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let evidences = arguments.next().map(fs::read_to_string).transpose()?;
    let seed = arguments.next().map_or(Ok(20_261_130), |seed| seed.parse())?;
    let history = match evidences {
        Some(text) => history(&serde_json::from_str(&text)?),
        None => BTreeSet::new(),
    };
    let mut tables = String::new();
    writeln!(
        tables,
        "\nSeed {seed}; {EACH} patients of each condition, and as many drawn as often as the conditions are there; \
         {} of the findings are history, with which nobody comes.",
        history.len()
    )?;
    everything_said(&mut tables, &mut Draw::new(seed))?;
    asked(&mut tables, seed, &history)?;
    signs(&mut tables)?;
    urgencies(&mut tables, &mut Draw::new(seed), &history)?;
    calibrations(&mut tables, seed, &history)?;
    println!("{tables}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let document = fs::read_to_string(DOCUMENT)?;
        let (before, rest) = document.split_once(BEGIN).ok_or("docs/diagnosis.md has no place for the tables")?;
        let (_, after) = rest.split_once(END).ok_or("docs/diagnosis.md does not say where the tables end")?;
        fs::write(DOCUMENT, format!("{before}{BEGIN}\n{tables}\n{END}{after}"))?;
    }
    Ok(())
}

/// The findings that are somebody's history, by the release.
fn history(evidences: &Value) -> BTreeSet<usize> {
    let found = evidences.as_object().into_iter().flatten().filter(|(_, one)| one["is_antecedent"] == true);
    found.filter_map(|(name, _)| Facts::get().place(&name.to_lowercase().replace('_', ""))).collect()
}

/// As many of each condition.
fn equally() -> Vec<&'static Condition> {
    Facts::get().ranked().flat_map(|condition| std::iter::repeat_n(condition, EACH)).collect()
}

/// As often as the conditions are there.
fn often(draw: &mut Draw) -> Vec<&'static Condition> {
    (0..equally().len()).filter_map(|_| draw.condition()).collect()
}

/// Who comes with one complaint that is no history, and is asked one question at a time.
fn interviews(
    draw: &mut Draw,
    conditions: Vec<&'static Condition>,
    (history, slips): (&BTreeSet<usize>, Slips),
) -> Vec<(&'static Condition, Asked)> {
    let mut all = Vec::new();
    for condition in conditions {
        let whole = draw.patient(condition);
        let asked = draw.asked((condition, &whole), |symptom| !history.contains(&symptom), (MOST, slips));
        all.extend(asked.map(|asked| (condition, asked)));
    }
    all
}

fn everything_said(out: &mut String, draw: &mut Draw) -> fmt::Result {
    writeln!(
        out,
        "\n| everything is said (208 findings) | patients | first | among three | among five |\n|---|--:|--:|--:|--:|"
    )?;
    let often = often(draw);
    for (what, conditions) in [("as many of each condition", equally()), ("as often as they are there", often)] {
        let places: Vec<_> = conditions.iter().map(|condition| place(&draw.patient(condition), condition, 5)).collect();
        writeln!(out, "| {what} | {} | {} |", places.len(), within(&places))?;
    }
    Ok(())
}

fn asked(out: &mut String, seed: u64, history: &BTreeSet<usize>) -> fmt::Result {
    writeln!(
        out,
        "\n| one complaint, then one question at a time | patients | among three after 0 questions | 3 | 5 | 10 | {MOST} \
         | first after {MOST} | among three | among five |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )?;
    for (what, slips) in ANSWERS {
        let all = interviews(&mut Draw::new(seed), equally(), (history, slips));
        let until = |most: usize| {
            let within = all.iter().filter(|(_, one)| one.until_third.is_some_and(|count| count <= most)).count();
            percent(within, all.len())
        };
        let shares: Vec<_> = [0, 3, 5, 10, MOST].map(|most| format!("{}%", until(most))).to_vec();
        let places: Vec<_> = all.iter().map(|(_, one)| one.place).collect();
        writeln!(out, "| {what} | {} | {} | {} |", all.len(), shares.join(" | "), within(&places))?;
    }
    Ok(())
}

fn signs(out: &mut String) -> fmt::Result {
    let found = sensitivity();
    let told = found.signs - found.missed.len();
    writeln!(
        out,
        "\n| signs of danger | figure |\n|---|--:|\n| signs on the list that are answered as an emergency, of each of {} sorts of \
         people (eight ages from ten days to 86 years and none, four sexes, pregnant, not, not said) | {told} of {} |",
        found.persons, found.signs
    )?;
    if !found.missed.is_empty() {
        writeln!(out, "\nMissed: {}.", found.missed.join(", "))?;
    }
    Ok(())
}

/// What people are told by the urgency of what they have, after all questions.
fn urgencies(out: &mut String, draw: &mut Draw, history: &BTreeSet<usize>) -> fmt::Result {
    writeln!(
        out,
        "\n| what the patient has asks for | patients | emergency | doctor today | doctor soon | pharmacy | self-care |\n\
         |---|--:|--:|--:|--:|--:|--:|"
    )?;
    let all = interviews(draw, equally(), (history, Slips::default()));
    for (what, urgency) in [
        ("a doctor today", Urgency::DoctorToday),
        ("a doctor soon", Urgency::DoctorSoon),
        ("a pharmacy", Urgency::Pharmacy),
        ("nobody", Urgency::SelfCare),
    ] {
        let of = all.iter().filter(|(condition, _)| condition.urgency == urgency);
        let answers: Vec<_> = of.map(|(_, asked)| told(&asked.known)).collect();
        let share = |wanted: Told| percent(answers.iter().filter(|told| **told == wanted).count(), answers.len());
        writeln!(
            out,
            "| {what} | {} | {}% | {}% | {}% | {}% | {}% |",
            answers.len(),
            share(Told::Emergency),
            share(Told::To(Urgency::DoctorToday)),
            share(Told::To(Urgency::DoctorSoon)),
            share(Told::To(Urgency::Pharmacy)),
            share(Told::To(Urgency::SelfCare))
        )?;
    }
    Ok(())
}

/// Whether conditions are as often right as they weigh, after all questions.
fn calibrations(out: &mut String, seed: u64, history: &BTreeSet<usize>) -> fmt::Result {
    let mut all = Vec::new();
    for (what, slips) in ANSWERS {
        let mut draw = Draw::new(seed);
        let often = often(&mut draw);
        let mut calibration = Calibration::default();
        for (condition, asked) in interviews(&mut draw, often, (history, slips)) {
            calibration.add(&asked.known, condition);
        }
        all.push((what, calibration));
    }
    writeln!(out, "\n| calibration | Brier (0 to 2) | expected error of the first place |\n|---|--:|--:|")?;
    for (what, calibration) in &all {
        let decimal = |parts: u64| format!("{}.{:04}", parts / 10_000, parts % 10_000);
        writeln!(out, "| {what} | {} | {} |", decimal(calibration.brier()), decimal(calibration.expected_error()))?;
    }
    let names = ["weighs", "is right"].map(|name| ANSWERS.map(|(what, _)| format!("{name}, {what}")));
    let [weighs, right] = names;
    let heading: Vec<_> = weighs.into_iter().zip(right).map(|(one, other)| format!("{one} | {other}")).collect();
    writeln!(out, "\n| place | {} |\n|---|{}", heading.join(" | "), "--:|".repeat(6))?;
    for place in 0..5 {
        let cells: Vec<_> = all.iter().map(|(_, one)| one.places.get(place).map(cell).unwrap_or_default()).collect();
        writeln!(out, "| {} | {} |", place + 1, cells.join(" | "))?;
    }
    writeln!(out, "\n| weight of one of the first five | {} |\n|---|{}", heading.join(" | "), "--:|".repeat(6))?;
    for tenth in 0..10 {
        let cells: Vec<_> = all.iter().map(|(_, one)| one.tenths.get(tenth).map(cell).unwrap_or_default()).collect();
        writeln!(out, "| {}% to {}% | {} |", tenth * 10, tenth * 10 + 10, cells.join(" | "))?;
    }
    Ok(())
}

/// What they weighed, and how often they were right, of how many.
fn cell(bin: &Bin) -> String {
    let decimal = |tenths: u64| format!("{}.{}%", tenths / 10, tenths % 10);
    match bin.cases {
        0 => "– | –".to_owned(),
        cases => format!("{} | {} of {cases}", decimal(bin.weighed()), decimal(bin.was_right())),
    }
}

/// First, among three, among five.
fn within(places: &[Option<usize>]) -> String {
    let share = |most: usize| {
        let within = places.iter().filter(|place| place.is_some_and(|place| place < most)).count();
        percent(within, places.len())
    };
    format!("{}% | {}% | {}%", share(1), share(3), share(5))
}
