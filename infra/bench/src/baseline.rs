//! The figures that CI holds the house to: `infra/bench/baseline/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::callgrind::Instructions;
use crate::counts::{Count, Counts};
use crate::subject::root;
use crate::weight::Size;

/// By how much weight and instructions may change before it is a fault: what chance does to them is far below.
const TOLERANCE: f64 = 0.02;

/// What is held of the binaries of [`KINDS`], as they are deployed.
pub const BINARIES: &str = "binaries.json";
/// What is held of the weight of [`KINDS`] for arm64.
pub const ARM64: &str = "arm64.json";
/// What is held of all binaries, as the local stack runs them.
pub const DEV_BINARIES: &str = "dev_binaries.json";
/// What is held of the calls of all functions.
pub const COUNTS: &str = "counts.json";

/// The functions whose binaries are held to the baseline, one of each kind: nothing but the frame, a read, a write, a
/// transaction, Cognito, Cognito with messages, S3 with pictures, a stream, and a trigger of Cognito. infra/local reads this
/// list, to build them.
pub const KINDS: &[&str] = &[
    "platform-health",
    "catalog-get-product",
    "cart-put-item",
    "checkout-place-order",
    "auth-login",
    "auth-finish-social",
    "profile-scan-picture",
    "catalog-index-stock",
    "auth-define-challenge",
];

/// Those of them that the gate looks at each time, so that it takes minutes: the frame, a write, Cognito, and a stream. The
/// others are looked at by `make bench-gate whole=yes`. infra/local reads this list as well.
pub const QUICK: &[&str] = &["platform-health", "cart-put-item", "auth-login", "catalog-index-stock"];

/// What is held of a binary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binary {
    /// Its weight.
    pub size: Size,
    /// Its instructions.
    pub instructions: Instructions,
}

/// What is held of the binaries, by name.
pub type Binaries = BTreeMap<String, Binary>;

/// How many bytes each binary has, by name.
pub type Weights = BTreeMap<String, u64>;

/// What is held of the weight for arm64: the compiler that made it, and the size of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// What `rustc -V` says.
    pub rustc: String,
    /// The sizes, by name.
    pub sizes: BTreeMap<String, Size>,
}

/// What the binaries were made and counted with: others make other figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tools {
    /// What `rustc -V` says.
    pub rustc: String,
    /// What `valgrind --version` says.
    pub valgrind: String,
    /// The kind of the machine's processor.
    pub machine: String,
}

impl Tools {
    /// Those of this machine.
    ///
    /// # Errors
    /// One of them is missing.
    pub fn here() -> Result<Self, String> {
        let machine = std::env::consts::ARCH.to_owned();
        Ok(Self { rustc: Self::rustc()?, valgrind: said("valgrind", "--version")?, machine })
    }

    /// The compiler alone.
    ///
    /// # Errors
    /// It is missing.
    pub fn rustc() -> Result<String, String> {
        said("rustc", "-V")
    }

    /// What is other than it was, a sentence for each.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let tools = [(&self.rustc, &now.rustc), (&self.valgrind, &now.valgrind), (&self.machine, &now.machine)];
        let other = tools.into_iter().filter(|(held, now)| held != now);
        other.map(|(held, now)| format!("The baseline was made with {held}, this with {now}.")).collect()
    }
}

/// What a tool answers to a question.
fn said(tool: &str, question: &str) -> Result<String, String> {
    let said = Command::new(tool).arg(question).output().map_err(|error| format!("{tool}: {error}"))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// What is held of binaries as they are deployed, and what it was made with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// With what.
    #[serde(flatten)]
    pub tools: Tools,
    /// The binaries.
    pub binaries: Binaries,
}

fn path(name: &str) -> PathBuf {
    root().join("infra/bench/baseline").join(name)
}

/// Reads a baseline.
///
/// # Errors
/// The file is missing or is not what was written.
pub fn read<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    let path = path(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a baseline.
///
/// # Errors
/// The file cannot be written.
pub fn write(name: &str, baseline: &impl Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(baseline).map_err(|error| error.to_string())? + "\n";
    fs::write(path(name), text).map_err(|error| format!("{}: {error}", path(name).display()))
}

/// What differs between the counts that are held and those that were counted: a rise is a fault, and a fall that is not
/// written down would hide the next rise.
pub fn differences(held: &Counts, counted: &Counts) -> Vec<String> {
    let mut faults = Vec::new();
    for (kind, held, counted) in [
        ("", &held.functions, &counted.functions),
        (" on a new instance", &held.first, &counted.first),
        ("", &held.scenarios, &counted.scenarios),
    ] {
        for (name, count) in counted {
            match held.get(name) {
                Some(held) if held == count => {}
                Some(held) => faults.push(format!("{name}{kind}: {}", difference(held, count))),
                None => faults.push(format!("{name}{kind} is not in the baseline")),
            }
        }
        let gone = held.keys().filter(|name| !counted.contains_key(*name));
        faults.extend(gone.map(|name| format!("{name}{kind} is in the baseline and nowhere else")));
    }
    faults
}

fn difference(held: &Count, counted: &Count) -> String {
    let figures = [
        ("trips", f64::from(held.trips), f64::from(counted.trips)),
        ("calls", f64::from(held.calls), f64::from(counted.calls)),
        ("read units", held.read_units, counted.read_units),
        ("write units", held.write_units.into(), counted.write_units.into()),
        ("calls of Cognito", held.cognito.into(), counted.cognito.into()),
        ("calls of S3", held.s3.into(), counted.s3.into()),
        ("messages", held.messages.into(), counted.messages.into()),
    ];
    let changed = figures.iter().filter(|(_, held, counted)| (held - counted).abs() > f64::EPSILON);
    changed.map(|(what, held, counted)| format!("{what} {held} → {counted}")).collect::<Vec<_>>().join(", ")
}

/// Where a binary has become heavier or lighter, or runs more or fewer instructions, than is held of it: a fall that is not
/// written down would hide the next rise.
pub fn shifts(held: &Binaries, measured: &Binaries) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, now) in measured {
        let Some(held) = held.get(name) else {
            faults.push(format!("{name} is not in {BINARIES}"));
            continue;
        };
        // TLS is not in step with the world: it has a budget, and is not held.
        let figures = [
            ("bytes of the binary", held.size.file, now.size.file),
            ("bytes of the zip", held.size.zip, now.size.zip),
            ("instructions to the first question", held.instructions.start, now.instructions.start),
            ("instructions to the first answer", held.instructions.first, now.instructions.first),
            ("instructions to the third answer", held.instructions.third, now.instructions.third),
        ];
        faults.extend(figures.into_iter().filter_map(|(what, held, now)| shift(name, what, held, now)));
    }
    faults.extend(gone(held, measured, BINARIES));
    faults
}

/// The same of the weight for arm64, of what was weighed: it may be some of them.
pub fn shifted_sizes(held: &BTreeMap<String, Size>, weighed: &BTreeMap<String, Size>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, now) in weighed.iter().filter(|(name, _)| KINDS.contains(&name.as_str())) {
        match held.get(name) {
            Some(held) => faults.extend(shift(name, "bytes of the zip for arm64", held.zip, now.zip)),
            None => faults.push(format!("{name} is not in {ARM64}")),
        }
    }
    faults
}

/// The same of the bytes of all binaries, as the local stack runs them. Of how many nothing is held is one sentence.
pub fn shifted_weights(held: &Weights, weighed: &Weights) -> Vec<String> {
    let fault = |(name, now): (&String, &u64)| {
        held.get(name).and_then(|held| shift(name, "bytes of the binary of the local stack", *held, *now))
    };
    let (new, all) = (weighed.keys().filter(|name| !held.contains_key(*name)).count(), weighed.len());
    let unheld = format!("{DEV_BINARIES} is of {} functions: nothing is held of {new} of the {all}", held.len());
    let unheld = Some(unheld).filter(|_| new > 0);
    weighed.iter().filter_map(fault).chain(unheld).chain(gone(held, weighed, DEV_BINARIES)).collect()
}

fn gone<T>(held: &BTreeMap<String, T>, measured: &BTreeMap<String, T>, file: &str) -> Vec<String> {
    let gone = held.keys().filter(|name| !measured.contains_key(*name));
    gone.map(|name| format!("{name} is in {file} and nowhere else")).collect()
}

fn shift(name: &str, what: &str, held: u64, now: u64) -> Option<String> {
    let (before, after) = (held as f64, now as f64);
    let percent = (after / before.max(1.0) - 1.0).abs() * 100.0;
    let changed = if after > before * (1.0 + TOLERANCE) {
        format!("{percent:.1}% more")
    } else if after < before * (1.0 - TOLERANCE) {
        format!("{percent:.1}% less, which is to be noted")
    } else {
        return None;
    };
    Some(format!("{name}: {what} {held} → {now}, {changed}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Measured, Report};

    fn binaries(file: u64, third: u64) -> Binaries {
        let size = Size { file, zip: 50, ..Size::default() };
        let instructions = Instructions { third, ..Instructions::default() };
        BTreeMap::from([("cart-get".to_owned(), Binary { size, instructions })])
    }

    #[test]
    fn what_is_within_the_tolerance_is_no_change() {
        for (file, third) in [(102, 102), (98, 98), (100, 100)] {
            assert_eq!(shifts(&binaries(100, 100), &binaries(file, third)), [] as [&str; 0]);
        }
        let faults = shifts(&binaries(100, 100), &binaries(103, 105));
        assert_eq!(faults.len(), 2);
        assert!(faults[0].contains("3.0% more") && faults[1].contains("5.0% more"), "{faults:?}");
        assert_eq!(shifts(&Binaries::new(), &binaries(1, 1)), ["cart-get is not in binaries.json"]);
        assert_eq!(shifts(&binaries(1, 1), &Binaries::new()), ["cart-get is in binaries.json and nowhere else"]);
    }

    #[test]
    fn what_has_become_less_is_to_be_noted() {
        let faults = shifts(&binaries(100, 100), &binaries(97, 100));
        assert_eq!(faults, ["cart-get: bytes of the binary 100 → 97, 3.0% less, which is to be noted"]);
    }

    #[test]
    fn every_binary_of_the_local_stack_is_held_to_its_weight() {
        let weights = |bytes| Weights::from([("cart-get".to_owned(), bytes)]);
        assert_eq!(shifted_weights(&weights(1000), &weights(1020)), [] as [&str; 0]);
        let faults = shifted_weights(&weights(1000), &weights(1021));
        assert_eq!(faults, ["cart-get: bytes of the binary of the local stack 1000 → 1021, 2.1% more"]);
        assert!(shifted_weights(&weights(1000), &weights(979))[0].contains("2.1% less"));
        let three: Weights =
            ["cart-clear", "cart-get", "cart-put-item"].into_iter().map(|name| (name.to_owned(), 1000)).collect();
        assert_eq!(
            shifted_weights(&weights(1000), &three),
            ["dev_binaries.json is of 1 functions: nothing is held of 2 of the 3"]
        );
        let gone = shifted_weights(&weights(1), &Weights::new());
        assert_eq!(gone, ["cart-get is in dev_binaries.json and nowhere else"]);
    }

    #[test]
    fn other_tools_are_named() {
        let tools = |rustc: &str| Tools { rustc: rustc.to_owned(), ..Tools::default() };
        assert_eq!(tools("rustc 1.94.0").differences(&tools("rustc 1.94.0")), [] as [&str; 0]);
        let other = tools("rustc 1.94.0").differences(&tools("rustc 1.95.0"));
        assert_eq!(other, ["The baseline was made with rustc 1.94.0, this with rustc 1.95.0."]);
        let held = Held { tools: tools("rustc 1.94.0"), binaries: binaries(1, 1) };
        let text = serde_json::to_string(&held).unwrap();
        assert!(text.starts_with(r#"{"rustc":"rustc 1.94.0","#), "{text}");
        assert_eq!(serde_json::from_str::<Held>(&text).unwrap(), held);
    }

    #[test]
    fn the_baseline_holds_one_of_each_kind() {
        let held: Held = read(BINARIES).unwrap();
        let mut kinds = KINDS.to_vec();
        kinds.sort_unstable();
        assert_eq!(held.binaries.keys().collect::<Vec<_>>(), kinds);
    }

    /// What stands in the way of the commands of a workflow: what they compare with was not measured, or misses a budget itself.
    fn unmeasured(workflow: &str, held: &Held, weights: &Weights, arm64: &BTreeMap<String, Size>) -> Vec<String> {
        let runs = |command: &str| workflow.lines().any(|line| line.contains("run:") && line.contains(command));
        let mut kinds = KINDS.to_vec();
        kinds.sort_unstable();
        let mut missing = Vec::new();
        if runs("make bench-gate") {
            let measured = |(name, one): (&String, &Binary)| {
                let instructions = Some(one.instructions.clone());
                (name.clone(), Measured { instructions, ..Measured::default() })
            };
            let report = Report { functions: held.binaries.iter().map(measured).collect(), ..Report::default() };
            missing.extend(report.missed().iter().map(ToString::to_string));
            if held.binaries.keys().ne(&kinds) {
                missing.push(format!("{BINARIES} is not of the kinds"));
            }
            let functions = crate::subject::functions();
            if weights.len() != functions.len() || !functions.iter().all(|name| weights.contains_key(*name)) {
                missing.push(format!("{DEV_BINARIES} is not of the functions that there are"));
            }
        }
        if runs("make weigh") && arm64.keys().ne(&kinds) {
            missing.push(format!("{ARM64} is not of the kinds"));
        }
        missing
    }

    #[test]
    fn what_every_push_is_held_to_was_measured() {
        let workflow = fs::read_to_string(root().join(".github/workflows/ci.yml")).unwrap();
        let arm64 = read::<Weighed>(ARM64).map(|weighed| weighed.sizes).unwrap_or_default();
        let missing = unmeasured(&workflow, &read(BINARIES).unwrap(), &read(DEV_BINARIES).unwrap(), &arm64);
        assert!(missing.is_empty(), "ci.yml runs what weights.yml is for: {missing:?}");
    }

    #[test]
    fn a_workflow_is_refused_that_compares_with_what_was_not_measured() {
        let good = |start| {
            let instructions = Instructions { start, first: start, third: start, ..Instructions::default() };
            let one = Binary { size: Size::default(), instructions };
            let binaries = KINDS.iter().map(|name| ((*name).to_owned(), one.clone())).collect();
            Held { tools: Tools::default(), binaries }
        };
        let weights: Weights = crate::subject::functions().into_iter().map(|name| (name.to_owned(), 1)).collect();
        let arm64: BTreeMap<_, _> = KINDS.iter().map(|name| ((*name).to_owned(), Size::default())).collect();
        let both = "      - run: make bench-gate\n      - run: make weigh\n";
        assert_eq!(unmeasured(both, &good(1), &weights, &arm64), [] as [&str; 0]);
        let slow = unmeasured(both, &good(3_000_000), &weights, &arm64);
        assert!(slow.iter().any(|line| line.starts_with("platform-health: ")), "{slow:?}");
        let (none, empty) = (Held::default(), Weights::new());
        assert_eq!(
            unmeasured(both, &none, &empty, &BTreeMap::new()),
            [
                "binaries.json is not of the kinds",
                "dev_binaries.json is not of the functions that there are",
                "arm64.json is not of the kinds"
            ]
        );
        let other = "# make bench-gate is run by hand\n      - run: make test\n";
        assert_eq!(unmeasured(other, &none, &empty, &BTreeMap::new()), [] as [&str; 0]);
    }

    #[test]
    fn what_is_looked_at_each_time_is_of_the_kinds_and_shows_its_handshake() {
        assert!(QUICK.iter().all(|name| KINDS.contains(name)) && QUICK.contains(&crate::callgrind::HANDSHAKE));
        // One that answers requests, and one that does not.
        let is_worker = |name: &&str| registry::WORKERS.iter().any(|worker| worker.name == *name);
        assert!(QUICK.iter().any(is_worker) && !QUICK.iter().all(is_worker));
    }

    #[test]
    fn weight_for_arm64_is_held_of_what_was_weighed() {
        let sizes = |name: &str, zip| BTreeMap::from([(name.to_owned(), Size { zip, ..Size::default() })]);
        assert_eq!(shifted_sizes(&sizes("auth-login", 1000), &sizes("auth-login", 1020)), [] as [&str; 0]);
        let faults = shifted_sizes(&sizes("auth-login", 1000), &sizes("auth-login", 1021));
        assert_eq!(faults, ["auth-login: bytes of the zip for arm64 1000 → 1021, 2.1% more"]);
        assert!(shifted_sizes(&sizes("auth-login", 1000), &sizes("auth-login", 979))[0].contains("2.1% less"));
        assert_eq!(
            shifted_sizes(&sizes("auth-login", 1), &sizes("cart-put-item", 1)),
            ["cart-put-item is not in arm64.json"]
        );
        assert_eq!(
            shifted_sizes(&BTreeMap::new(), &sizes("cart-get", 1)),
            [] as [&str; 0],
            "one that is no kind of its own"
        );
    }

    #[test]
    fn kinds_are_functions_and_one_of_them_shows_its_handshake() {
        let functions = crate::subject::functions();
        assert!(KINDS.iter().all(|name| functions.contains(name)), "{KINDS:?}");
        assert!(KINDS.contains(&crate::callgrind::HANDSHAKE));
    }

    #[test]
    fn a_trip_more_or_less_is_told() {
        let counts = |trips| Counts {
            functions: BTreeMap::from([("cart-get".to_owned(), Count { trips, ..Count::default() })]),
            ..Counts::default()
        };
        assert_eq!(differences(&counts(2), &counts(2)), [] as [&str; 0]);
        assert_eq!(differences(&counts(2), &counts(3)), ["cart-get: trips 2 → 3"]);
        assert_eq!(differences(&counts(2), &counts(1)), ["cart-get: trips 2 → 1"]);
        assert_eq!(differences(&Counts::default(), &counts(1)), ["cart-get is not in the baseline"]);
        assert_eq!(differences(&counts(1), &Counts::default()), ["cart-get is in the baseline and nowhere else"]);
    }
}
