//! What came of a run: for people, for the page, and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::faults::Counts;
use super::outcome::Outcome;
use crate::load::book::Broken;
use crate::load::report::mixed;

/// Where the numbers are kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench/soak.json");
/// How much is shown of what does not hold; the file has all of it.
const SHOWN: usize = 8;
/// What may befall a call, as the proxy calls it.
const BEFALLS: [&str; 6] = ["passed", "latency", "error", "throttle", "reset", "lost"];

/// The tables for docs/performance/load.md, and what does not hold.
pub fn text(outcome: &Outcome, broken: &[Broken]) -> String {
    let mut text = mixed(outcome.words.shoppers, &outcome.tally);
    let _ = writeln!(
        text,
        "\nWhat befell the calls of the functions, by seed {}:\n\n{}",
        outcome.words.seed,
        befell(&outcome.asked)
    );
    let _ = writeln!(
        text,
        "{} orders and {} items in the tables; in its place {} s after the last request\n",
        outcome.orders,
        outcome.items,
        outcome.quiet.as_secs()
    );
    let _ = writeln!(text, "Answered 5xx:\n\n{}", answered(broken));
    let _ = writeln!(text, "| what must hold | held against | |\n|---|---:|---|");
    for verdict in &outcome.verdicts {
        let of = verdict.of;
        let holds =
            if verdict.holds() { "holds".to_owned() } else { format!("**{} do not hold**", verdict.found.len()) };
        let _ = writeln!(text, "| {} | {of} | {holds} |", verdict.name);
    }
    for verdict in outcome.verdicts.iter().filter(|verdict| !verdict.holds()) {
        let _ = writeln!(text, "\n{}:", verdict.name);
        for found in verdict.found.iter().take(SHOWN) {
            let _ = writeln!(text, "  {found}");
        }
        if verdict.found.len() > SHOWN {
            let _ = writeln!(text, "  and {} more", verdict.found.len() - SHOWN);
        }
    }
    let faults = outcome.faults(broken);
    let _ = writeln!(text, "\n{}", if faults.is_empty() { "Nothing is wrong" } else { "Wrong:" });
    for fault in &faults {
        let _ = writeln!(text, "  {fault}");
    }
    text
}

fn befell(counts: &Counts) -> String {
    let mut table = format!("| service | {} |\n|---|{}\n", BEFALLS.join(" | "), "---:|".repeat(BEFALLS.len()));
    for (service, of) in counts {
        let of = BEFALLS.map(|name| of.get(name).copied().unwrap_or(0).to_string());
        let _ = writeln!(table, "| {service} | {} |", of.join(" | "));
    }
    table
}

/// What was answered 5xx, by what was asked and by whether a function or the gateway has answered.
fn grouped(broken: &[Broken]) -> BTreeMap<(&str, u16, bool), usize> {
    let mut times = BTreeMap::new();
    for one in broken {
        *times.entry((one.to.as_str(), one.status, one.request_id.is_some())).or_insert(0) += 1;
    }
    times
}

fn answered(broken: &[Broken]) -> String {
    let mut table = "| request | status | by | times |\n|---|---:|---|---:|\n".to_owned();
    for ((to, status, ours), times) in grouped(broken) {
        let by = if ours { "function" } else { "gateway" };
        let _ = writeln!(table, "| `{to}` | {status} | {by} | {times} |");
    }
    table
}

/// Keeps it for programs.
///
/// # Panics
/// Where the file cannot be written.
pub fn save(outcome: &Outcome, broken: &[Broken]) {
    let verdicts: Vec<Value> = outcome
        .verdicts
        .iter()
        .map(
            |verdict| json!({"name": verdict.name, "of": verdict.of, "holds": verdict.holds(), "found": verdict.found}),
        )
        .collect();
    let answered: Vec<Value> = grouped(broken)
        .into_iter()
        .map(|((to, status, ours), times)| json!({"to": to, "status": status, "by_function": ours, "times": times}))
        .collect();
    let numbers = json!({
        "minutes": outcome.words.minutes,
        "seed": outcome.words.seed,
        "shoppers": outcome.words.shoppers,
        "operations": outcome.tally.json(),
        "all": outcome.tally.all().json(outcome.tally.during),
        "calls": outcome.asked,
        "answered_5xx": answered,
        "quiet_seconds": outcome.quiet.as_secs(),
        "orders": outcome.orders,
        "items": outcome.items,
        "invariants": verdicts,
        "faults": outcome.faults(broken),
    });
    let path = Path::new(FILE);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the numbers");
    std::fs::write(path, format!("{numbers:#}\n")).expect("the numbers written");
    println!("The numbers, and all that does not hold, are in target/bench/soak.json");
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::invariants::Verdict;
    use super::super::outcome::sample;
    use super::*;

    fn outcome(found: &[&str]) -> Outcome {
        let found = found.iter().map(|one| (*one).to_owned()).collect();
        Outcome {
            asked: Counts::from([("kms".to_owned(), BTreeMap::from([("lost".to_owned(), 3)]))]),
            verdicts: vec![Verdict { name: "units are counted once".to_owned(), of: 4, found }],
            ..sample()
        }
    }

    #[test]
    fn what_holds_is_said_and_what_does_not_is_shown() {
        let began = Instant::now();
        let broken = |id: Option<&str>| Broken {
            to: "GET /v1/cart".to_owned(),
            status: 503,
            began,
            request_id: id.map(str::to_owned),
            cause: None,
        };
        let good = text(&outcome(&[]), &[broken(Some("a")), broken(Some("b")), broken(None)]);
        for line in [
            "| units are counted once | 4 | holds |",
            "| kms | 0 | 0 | 0 | 0 | 0 | 3 |",
            "| `GET /v1/cart` | 503 | function | 2 |",
            "| `GET /v1/cart` | 503 | gateway | 1 |",
        ] {
            assert!(good.lines().any(|one| one == line), "{line}:\n{good}");
        }
        let bad = text(&outcome(&["a unit"; 11]), &[]);
        assert!(
            bad.contains("\nWrong:\n  11 do not hold: units are counted once\n")
                && bad.contains("| **11 do not hold** |")
                && bad.contains("\n  a unit\n")
                && bad.contains("and 3 more"),
            "{bad}"
        );
    }
}
