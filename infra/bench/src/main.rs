//! `make bench`: measures the release binaries and prints a table. `make bench-gate`: holds them to the baseline.

#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a tool of the developers that prints what it finds"
)]

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use bench::baseline::{self, Binaries, Binary, KINDS};
use bench::callgrind::Callgrind;
use bench::counts::{self, Counts};
use bench::report::{self, Measured, Report};
use bench::subject::{self, HELLO};
use bench::{cost, document, load, speed, weight};

const HELP: &str = "\
bench [only=cart,orders] [runs=200] [instructions=kinds|all|none] [write=yes]
                    measures the release binaries whose name contains one of the words; write=yes puts it into docs/performance.md
bench show [write=yes]
                    shows the last run once more
bench search [products=100000]
                    measures catalog-list-products with a large catalogue
bench gate [update=yes]
                    holds the binaries of one function of each kind to infra/bench/baseline/binaries.json
bench load …        mixed shoppers against a deployed stack
bench cost …        what a month costs";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        // What these find wrong ends the process itself.
        Some("load") => {
            load::run().await;
            Ok(())
        }
        Some("cost") => {
            cost::run();
            Ok(())
        }
        Some("show") => show(&words[1..]),
        Some("search") => search(&words[1..]).await,
        Some("gate") => gate(&words[1..]).await,
        _ => measure(&words).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// `name=value` words, of names that there are.
fn parse(words: &[String], known: &[&str]) -> Result<BTreeMap<String, String>, String> {
    let pair = |word: &String| {
        let pair = word.split_once('=').filter(|(name, _)| known.contains(name));
        pair.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| format!("{word}?\n{HELP}"))
    };
    words.iter().map(pair).collect()
}

fn say(what: &str) {
    eprintln!("  {what}");
}

async fn measure(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["only", "runs", "instructions", "write"])?;
    let only = words.get("only").map_or("", String::as_str);
    let runs = words.get("runs").map_or("200", String::as_str);
    let runs = runs.parse().map_err(|_| format!("runs={runs} is no number"))?;
    let named = |name: &&str| only.split(',').any(|word| name.contains(word));
    let functions: Vec<_> = subject::functions().into_iter().filter(named).collect();
    if functions.is_empty() {
        return Err(format!("There is no function whose name contains {only}."));
    }
    let mut report = Report::default();
    eprintln!("Counting what each function asks of AWS");
    report.add_counts(counts::all(only, say).await);
    eprintln!("Weighing the binaries");
    let (functions, not_built): (Vec<_>, Vec<_>) =
        functions.into_iter().partition(|name| subject::binary(name).exists());
    report.not_built = not_built.into_iter().map(str::to_owned).collect();
    for name in functions.iter().chain([&HELLO]) {
        report.functions.entry((*name).to_owned()).or_default().size = Some(weight::size(name)?);
    }
    eprintln!("Timing");
    for (name, speed) in speed::measure(&functions, runs, say).await {
        match speed {
            Ok(speed) => report.functions.entry(name).or_default().speed = Some(speed),
            Err(problem) => drop(report.failed.insert(name, problem)),
        }
    }
    let counted: Vec<_> = match words.get("instructions").map_or("kinds", String::as_str) {
        "all" => functions.clone(),
        "kinds" => functions.iter().copied().filter(|name| KINDS.contains(name)).collect(),
        "none" => Vec::new(),
        other => return Err(format!("instructions={other}?\n{HELP}")),
    };
    if !counted.is_empty() {
        eprintln!("Counting instructions");
    }
    let instructions =
        if counted.is_empty() { BTreeMap::new() } else { Callgrind::prepare()?.all(&counted, say).await };
    for (name, instructions) in instructions {
        match instructions {
            Ok(instructions) => report.functions.entry(name).or_default().instructions = Some(instructions),
            Err(problem) => drop(report.failed.insert(format!("{name} under callgrind"), problem)),
        }
    }
    publish(&report, words.get("write").is_some_and(|write| write == "yes"))
}

/// Shows the last run beside the budgets of today.
fn show(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["write"])?;
    let path = subject::root().join("target/bench/last.json");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}. Run make bench first.", path.display()))?;
    let mut last: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let report = serde_json::from_value(last["measured"].take()).map_err(|error| error.to_string())?;
    publish(&report, words.get("write").is_some_and(|write| write == "yes"))
}

fn publish(report: &Report, write: bool) -> Result<(), String> {
    println!("{}", report::text(report));
    keep(report)?;
    if write { document::write(report) } else { Ok(()) }
}

async fn search(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["products"])?;
    let products = words.get("products").map_or("100000", String::as_str);
    let products = products.parse().map_err(|_| format!("products={products} is no number"))?;
    println!("{}", bench::search::text(&bench::search::measure(products).await?));
    Ok(())
}

/// Keeps the last run beside what was built.
fn keep(report: &Report) -> Result<(), String> {
    let folder = subject::root().join("target/bench");
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let all = serde_json::json!({"measured": report, "figures": report.lines()});
    write("last.json", serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?)?;
    write("last.svg", report::svg(report))?;
    eprintln!("The same as JSON and as a picture: target/bench/last.json, target/bench/last.svg");
    Ok(())
}

async fn gate(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["update"])?;
    let updating = words.get("update").is_some_and(|update| update == "yes");
    let held = if updating { Binaries::new() } else { baseline::read("binaries.json")? };
    let callgrind = Callgrind::prepare()?;
    let mut measured = Binaries::new();
    eprintln!("Weighing binaries and counting their instructions");
    for name in KINDS {
        say(name);
        let one = Binary { size: weight::size(name)?, instructions: callgrind.instructions(name).await? };
        measured.insert((*name).to_owned(), one);
    }
    if updating {
        return baseline::write("binaries.json", &measured);
    }
    let counts: Counts = baseline::read("counts.json")?;
    let shown = |(name, one): (&String, &Binary)| {
        let (size, instructions) = (Some(one.size.clone()), Some(one.instructions.clone()));
        let count = counts.functions.get(name).cloned();
        (name.clone(), Measured { size, instructions, count, ..Measured::default() })
    };
    let report = Report { functions: measured.iter().map(shown).collect(), ..Report::default() };
    println!("{}", report::text(&report));
    let faults = baseline::rises(&held, &measured);
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nIf that is meant: make bench-gate update=yes", faults.join("\n")))
}
