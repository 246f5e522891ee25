//! `make bench`: measures the release binaries and prints a table. `make bench-gate`: holds them to the baseline.

// The futures of whole runs nest deeper than the usual limit looks.
#![recursion_limit = "256"]
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a tool of the developers that prints what it finds"
)]

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use bench::baseline::{
    self, ARM64, BINARIES, Binaries, Binary, COUNTS, DEV_BINARIES, Held, KINDS, QUICK, Tools, Weighed, Weights,
};
use bench::callgrind::{Callgrind, HANDSHAKE};
use bench::counts::{self, Counts};
use bench::report::{self, Measured, Report};
use bench::subject::{self, HELLO, IN_A_SHOP};
use bench::weight::Size;
use bench::{cost, document, load, soak, speed, weight};

const HELP: &str = "\
bench [only=cart,orders] [runs=200] [instructions=kinds|all|none] [write=yes]
                    measures the release binaries whose name contains one of the words; write=yes puts it into docs/performance.md
bench check …       says what stands in the way of that, before anything is built
bench show [write=yes]
                    shows the last run once more
bench profile only=cart-put-item
                    shows where the instructions of these go
bench search [products=100000]
                    measures catalog-list-products with a large catalogue
bench coding        measures what packing answers saves, and what it takes
bench medicine      measures screening twenty medicines, in memory
bench gate [whole=yes] [update=yes]
                    holds the binaries of some functions to infra/bench/baseline; whole=yes: of one of each kind, and the
                    weight of all
bench weigh [only=cart,orders] [update=yes]
                    weighs what is built for arm64, beside its budget and infra/bench/baseline
bench load …        customers and staff of all areas against a deployed stack
bench soak [minutes=30] [seed=1] [shoppers=6]
                    the same beside faults, and what must hold afterwards; make soak makes the stack that it needs
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
        Some("soak") => {
            Box::pin(soak::run()).await;
            Ok(())
        }
        Some("cost") => {
            cost::run();
            Ok(())
        }
        Some("check") => Plan::read(&words[1..]).and_then(|plan| plan.tools()).map(|_| ()),
        Some("show") => show(&words[1..]),
        Some("profile") => profile(&words[1..]).await,
        Some("search") => search(&words[1..]).await,
        Some("coding") => coding().await,
        Some("medicine") => medicine().await,
        Some("gate") => gate(&words[1..]).await,
        Some("weigh") => weigh(&words[1..]),
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

fn says_yes(words: &BTreeMap<String, String>, name: &str) -> bool {
    words.get(name).is_some_and(|said| said == "yes")
}

/// The functions whose name contains one of the words, which commas separate.
fn named(only: &str) -> Result<Vec<&'static str>, String> {
    let named = |name: &&str| only.split(',').any(|word| name.contains(word));
    let functions: Vec<_> = subject::functions().into_iter().filter(named).collect();
    match functions.is_empty() {
        true => Err(format!("There is no function whose name contains {only}.")),
        false => Ok(functions),
    }
}

/// What is to be measured.
struct Plan {
    only: String,
    functions: Vec<&'static str>,
    runs: usize,
    /// Those whose instructions are counted.
    counted: Vec<&'static str>,
    write: bool,
}

impl Plan {
    fn read(words: &[String]) -> Result<Self, String> {
        let words = parse(words, &["only", "runs", "instructions", "write"])?;
        let only = words.get("only").cloned().unwrap_or_default();
        let functions = named(&only)?;
        let runs = words.get("runs").map_or("200", String::as_str);
        let runs = runs.parse().map_err(|_| format!("runs={runs} is no number"))?;
        let counted = match words.get("instructions").map_or("kinds", String::as_str) {
            "all" => functions.clone(),
            "kinds" => functions.iter().copied().filter(|name| KINDS.contains(name)).collect(),
            "none" => Vec::new(),
            other => return Err(format!("instructions={other}?\n{HELP}")),
        };
        let write = says_yes(&words, "write");
        if write {
            require_all(&only)?;
        }
        Ok(Self { only, functions, runs, counted, write })
    }

    /// What counts instructions, where any are to be counted.
    fn tools(&self) -> Result<Option<Callgrind>, String> {
        if self.counted.is_empty() { Ok(None) } else { Callgrind::prepare().map(Some) }
    }
}

/// The page is of all functions: a run of some would take the others from it.
fn require_all(only: &str) -> Result<(), String> {
    match only {
        "" => Ok(()),
        some => {
            Err(format!("docs/performance.md shows all functions; a run of only={some} cannot be written into it."))
        }
    }
}

async fn measure(words: &[String]) -> Result<(), String> {
    // What stands in the way is said before the hour that this takes.
    let plan = Plan::read(words)?;
    let callgrind = plan.tools()?;
    let mut report = Report { only: plan.only.clone(), ..Report::default() };
    eprintln!("Counting what each function asks of AWS");
    report.add_counts(counts::all(&plan.only, say).await);
    eprintln!("Weighing the binaries");
    let is_built = |name: &&str| subject::binary(name).exists();
    let (functions, not_built): (Vec<_>, Vec<_>) = plan.functions.iter().copied().partition(is_built);
    report.not_built = not_built.into_iter().map(str::to_owned).collect();
    for name in functions.iter().chain([&HELLO]) {
        let one = report.functions.entry((*name).to_owned()).or_default();
        (one.size, one.arm64) = (Some(weight::size(name)?), weight::size_for_arm64(name)?);
    }
    eprintln!("Timing");
    let in_a_shop = IN_A_SHOP.iter().filter(|shop| functions.contains(&shop.function)).map(|shop| shop.name);
    let timed: Vec<_> = functions.iter().copied().chain(in_a_shop).collect();
    for (name, speed) in speed::measure(&timed, plan.runs, say).await {
        match speed {
            Ok(speed) => report.functions.entry(name).or_default().speed = Some(speed),
            Err(problem) => drop(report.failed.insert(name, problem)),
        }
    }
    if let Some(callgrind) = callgrind {
        eprintln!("Counting instructions");
        let counted: Vec<_> = plan.counted.into_iter().filter(is_built).collect();
        count_instructions(&callgrind, &counted, &mut report).await;
    }
    publish(&report, plan.write)?;
    match report.failed.len() {
        0 => Ok(()),
        failed => Err(format!("{failed} could not be measured: {}", name_all(&report.failed))),
    }
}

fn name_all(failed: &BTreeMap<String, String>) -> String {
    failed.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}

async fn count_instructions(callgrind: &Callgrind, functions: &[&'static str], report: &mut Report) {
    for (name, instructions) in callgrind.all(functions, say).await {
        match instructions {
            Ok(instructions) => report.functions.entry(name).or_default().instructions = Some(instructions),
            Err(problem) => drop(report.failed.insert(format!("{name} under callgrind"), problem)),
        }
    }
    let counted = report.functions.get_mut(HANDSHAKE).and_then(|one| one.instructions.as_mut());
    if let Some(instructions) = counted {
        match callgrind.first_with_tls().await {
            Ok(first) => instructions.first_tls = Some(first),
            Err(problem) => drop(report.failed.insert(format!("{HANDSHAKE} with TLS under callgrind"), problem)),
        }
    }
}

/// Shows where the instructions of some functions go.
async fn profile(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["only"])?;
    let only = words.get("only").ok_or("Say of which functions: only=cart-put-item")?;
    let callgrind = Callgrind::prepare()?;
    for name in named(only)? {
        println!("{}", callgrind.profile(name).await?);
    }
    Ok(())
}

/// Shows the last run beside the budgets of today.
fn show(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["write"])?;
    let path = subject::root().join("target/bench/last.json");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}. Run make bench first.", path.display()))?;
    let mut last: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let report: Report = serde_json::from_value(last["measured"].take()).map_err(|error| error.to_string())?;
    let write = says_yes(&words, "write");
    if write {
        require_all(&report.only)?;
    }
    publish(&report, write)
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
    let search = bench::search::measure(products).await?;
    println!("{}", bench::search::text(&search));
    let missed = search.missed();
    if missed.is_empty() { Ok(()) } else { Err(missed.join("\n")) }
}

async fn coding() -> Result<(), String> {
    println!("{:32} {:>9} {:>9} {:>9}", "function", "bytes", "as gzip", "µs more");
    for (function, coded) in Box::pin(bench::coding::measure(say)).await {
        println!("{function:32} {:>9} {:>9} {:>9}", coded.plain, coded.packed, coded.more.as_micros());
    }
    Ok(())
}

async fn medicine() -> Result<(), String> {
    let (times, found) = bench::medicine::measure().await?;
    println!("twenty medicines: p50 {} µs, p99 {} µs, {found} findings", times.p50, times.p99);
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
    let all = serde_json::json!({"measured": report, "figures": report.figures()});
    write("last.json", serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?)?;
    write("last.svg", report::svg(report))?;
    eprintln!("The same as JSON and as a picture: target/bench/last.json, target/bench/last.svg");
    Ok(())
}

async fn gate(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["update", "whole"])?;
    let updating = says_yes(&words, "update");
    // Noting some would drop the others.
    let whole = updating || says_yes(&words, "whole");
    let chosen = if whole { KINDS } else { QUICK };
    let (mut held, held_weights): (Held, Weights) = match updating {
        true => Default::default(),
        false => (baseline::read(BINARIES)?, baseline::read(DEV_BINARIES)?),
    };
    held.binaries.retain(|name, _| whole || chosen.contains(&name.as_str()));
    let (tools, callgrind) = (Tools::here()?, Callgrind::prepare()?);
    eprintln!("Weighing binaries and counting their instructions");
    let weights = if whole { weight::in_the_local_stack()? } else { Weights::new() };
    let (mut measured, mut faults) = (Binaries::new(), Vec::new());
    for name in chosen {
        say(name);
        let mut instructions = callgrind.instructions(name).await?;
        if *name == HANDSHAKE {
            match callgrind.first_with_tls().await {
                Ok(first) => instructions.first_tls = Some(first),
                Err(problem) => faults.push(format!("{name} does not answer with TLS: {problem}")),
            }
        }
        measured.insert((*name).to_owned(), Binary { size: weight::size(name)?, instructions });
    }
    let report = Report { functions: beside_counts(&measured)?, ..Report::default() };
    println!("{}", report::text(&report));
    faults.extend(report.missed().iter().filter(|line| line.is_held()).map(ToString::to_string));
    if updating {
        baseline::write(BINARIES, &Held { tools, binaries: measured })?;
        baseline::write(DEV_BINARIES, &weights)?;
        return match faults.is_empty() {
            true => Ok(()),
            false => Err(format!("It is noted, and yet:\n{}", faults.join("\n"))),
        };
    }
    let mut shifts = baseline::shifts(&held.binaries, &measured);
    if whole {
        shifts.extend(baseline::shifted_weights(&held_weights, &weights));
    }
    if !shifts.is_empty() {
        faults.extend(shifts);
        faults.push("If that is meant: make bench-gate update=yes".to_owned());
    }
    if faults.is_empty() {
        return Ok(());
    }
    faults.extend(held.tools.differences(&tools));
    Err(faults.join("\n"))
}

/// Weighs what is built for arm64, which is what is deployed.
fn weigh(words: &[String]) -> Result<(), String> {
    let words = parse(words, &["only", "update"])?;
    let only = words.get("only").map_or("kinds", String::as_str);
    let chosen = match only {
        "kinds" => KINDS.to_vec(),
        "all" => subject::functions(),
        some => named(some)?,
    };
    let mut sizes: BTreeMap<String, Size> = BTreeMap::new();
    for name in chosen {
        let size = weight::size_for_arm64(name)?;
        sizes.insert(
            name.to_owned(),
            size.ok_or_else(|| format!("{name} is not built for arm64: make weigh only={only}"))?,
        );
    }
    let measured =
        |(name, size): (&String, &Size)| (name.clone(), Measured { arm64: Some(size.clone()), ..Measured::default() });
    let report = Report { functions: sizes.iter().map(measured).collect(), ..Report::default() };
    print!("{}", report::weights(&report, weight::size_for_arm64(HELLO)?.as_ref()));
    let mut faults: Vec<_> = report.missed().iter().map(ToString::to_string).collect();
    let rustc = Tools::rustc()?;
    if says_yes(&words, "update") {
        if only != "kinds" {
            return Err("What is held is of the kinds: make weigh update=yes".to_owned());
        }
        baseline::write(ARM64, &Weighed { rustc, sizes })?;
    } else {
        let held: Weighed =
            baseline::read(ARM64).map_err(|problem| format!("{problem}\nmake weigh update=yes notes it."))?;
        let shifts = baseline::shifted_sizes(&held.sizes, &sizes);
        if !shifts.is_empty() {
            faults.extend(shifts);
            faults.push("If that is meant: make weigh update=yes".to_owned());
            if held.rustc != rustc {
                faults.push(format!("The baseline was made with {}, this with {rustc}.", held.rustc));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// What was measured for the gate, beside what is held of its calls.
fn beside_counts(measured: &Binaries) -> Result<BTreeMap<String, Measured>, String> {
    let counts: Counts = baseline::read(COUNTS)?;
    let shown = |(name, one): (&String, &Binary)| {
        let (size, instructions) = (Some(one.size.clone()), Some(one.instructions.clone()));
        let count = counts.functions.get(name).cloned();
        (name.clone(), Measured { size, instructions, count, ..Measured::default() })
    };
    Ok(measured.iter().map(shown).collect())
}
