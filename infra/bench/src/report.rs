//! Everything that was measured, in one place: beside its budget, as text, as JSON and as a picture.

mod picture;
mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::callgrind::Instructions;
use crate::counts::{Count, Counts};
use crate::speed::Speed;
use crate::subject::HELLO;
use crate::weight::Size;

pub use picture::svg;
pub use table::{markdown, text};

/// What was measured of a function; what was not is absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Its times and memory.
    pub speed: Option<Speed>,
    /// Its weight.
    pub size: Option<Size>,
    /// Its instructions.
    pub instructions: Option<Instructions>,
    /// What its good event asks of AWS.
    pub count: Option<Count>,
    /// The same of an instance that meets its caller for the first time.
    pub first: Option<Count>,
    /// Whether it waits for the next second before it answers.
    pub ends_sessions: bool,
}

/// A whole run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The functions, hello among them.
    pub functions: BTreeMap<String, Measured>,
    /// Carts, checkouts and pages of certain sizes.
    pub scenarios: BTreeMap<String, Count>,
    /// The functions whose binaries were not there, so that they were only counted.
    pub not_built: Vec<String>,
    /// What could not be measured, and why.
    pub failed: BTreeMap<String, String>,
}

/// A figure beside its budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The number of the budget in docs/performance.md.
    pub budget: u8,
    /// What it is a figure of.
    pub what: String,
    /// The figure, in `unit`.
    pub figure: f64,
    /// The budget, in the same.
    pub limit: f64,
    /// What is counted.
    pub unit: &'static str,
}

impl Line {
    /// The figure as a part of the budget: above one it is missed.
    pub fn ratio(&self) -> f64 {
        self.figure / self.limit
    }

    /// Whether the budget is met.
    pub fn is_met(&self) -> bool {
        self.figure <= self.limit
    }
}

/// The share of a processor that the smallest function of Lambda has.
const SHARE: f64 = 0.07;

/// Functions that end sessions answer when the second in which they did so is over, so that no token of it is left.
const ENDS_SESSIONS: [&str; 6] = [
    "admin-end-sessions",
    "admin-set-enabled",
    "admin-set-roles",
    "auth-change-password",
    "auth-reset-password",
    "profile-delete",
];

/// How the budgets of the functions are reckoned, each with its number.
struct Rule {
    budget: u8,
    name: &'static str,
    unit: &'static str,
    figure: fn(&Measured, &Measured) -> Option<f64>,
    limit: fn(&Measured, &Measured) -> f64,
}

fn micros(of: Option<&Speed>, which: fn(&Speed) -> u64) -> Option<f64> {
    of.map(|speed| which(speed) as f64)
}

fn times_hello(one: &Measured, hello: &Measured, which: fn(&Speed) -> u64) -> Option<f64> {
    Some(micros(one.speed.as_ref(), which)? / micros(hello.speed.as_ref(), which)?)
}

/// What the first request of an instance may take of a processor, in milliseconds: by its calls, each of which is signed, written
/// and read, and by the connections that the start has not opened. Those are the hosts beside the database, and one for each
/// call that does not wait for another: HTTP/1.1 carries one at a time.
fn request_limit(one: &Measured) -> f64 {
    let count = one.first.clone().unwrap_or_default();
    let hosts = [count.cognito, count.s3, count.messages].iter().filter(|calls| **calls > 0).count();
    1.0 + 0.5 * f64::from(count.calls) + 0.5 * (f64::from(count.calls - count.trips) + hosts as f64)
}

/// What it may take by the clock with 7% of a processor: the same, divided by that, and a turn of 20 ms for each time that it
/// waits for AWS, since what is left of a turn is lost.
fn small_share_limit(one: &Measured) -> f64 {
    let trips = one.first.as_ref().map_or(0, |count| count.trips);
    request_limit(one) / SHARE + 20.0 * f64::from(trips) + if one.ends_sessions { 1100.0 } else { 0.0 }
}

/// What a zip may weigh, in megabytes: what all functions have, each client beside the database's, and what reads pictures.
fn zip_limit(size: &Size) -> f64 {
    3.8 + 0.4 * f64::from(size.clients) + if size.pictures { 0.4 } else { 0.0 }
}

/// The processor time of hello's first answer, in milliseconds.
fn hello_first(hello: &Measured) -> f64 {
    micros(hello.speed.as_ref(), |speed| speed.first_cpu.p50).map_or(f64::INFINITY, |micros| micros / 1000.0)
}

const RULES: &[Rule] = &[
    Rule {
        budget: 1,
        name: "start, median",
        unit: "x hello",
        figure: |one, hello| times_hello(one, hello, |speed| speed.start.p50),
        limit: |_, _| 2.5,
    },
    Rule {
        budget: 1,
        name: "instructions of a start",
        unit: "M",
        figure: |one, _| Some(one.instructions.as_ref()?.start as f64 / 1e6),
        limit: |_, _| 3.0,
    },
    Rule {
        budget: 2,
        name: "first answer with TLS, processor time",
        unit: "x hello",
        figure: |one, hello| times_hello(one, hello, |speed| speed.first_cpu.p50),
        limit: |one, hello| 4.0 + request_limit(one) / hello_first(hello),
    },
    Rule {
        budget: 2,
        name: "the request's part of it",
        unit: "ms",
        figure: |one, _| Some(micros(one.speed.as_ref(), |speed| speed.request_cpu.p50)? / 1000.0),
        limit: |one, _| request_limit(one),
    },
    Rule {
        budget: 2,
        name: "first answer at 7% of a processor",
        unit: "ms",
        figure: |one, _| Some(one.speed.as_ref()?.small_share.as_ref()?.p50 as f64 / 1000.0),
        limit: |one, _| small_share_limit(one),
    },
    Rule {
        budget: 3,
        name: "a TLS handshake",
        unit: "M instructions",
        // Where the start connects and nothing else does, it is one handshake.
        figure: |one, _| {
            let asks_nothing = one.count.as_ref().is_some_and(|count| count.calls == 0);
            asks_nothing.then_some(one.instructions.as_ref()?.of_tls() as f64 / 1e6)
        },
        limit: |_, _| 5.0,
    },
    Rule {
        budget: 4,
        name: "zip",
        unit: "MB",
        figure: |one, _| Some(one.size.as_ref()?.zip as f64 / 1e6),
        limit: |one, _| one.size.as_ref().map_or(0.0, zip_limit),
    },
    Rule {
        budget: 5,
        name: "memory",
        unit: "x hello",
        figure: |one, hello| times_hello(one, hello, |speed| speed.peak_memory),
        limit: |_, _| 3.0,
    },
    Rule {
        budget: 6,
        name: "instructions of a request",
        unit: "M, and as much a call",
        figure: |one, _| {
            let calls = f64::from(one.count.as_ref()?.calls);
            Some(one.instructions.as_ref()?.of_a_request() as f64 / 1e6 / (1.0 + calls))
        },
        limit: |_, _| 1.2,
    },
];

impl Report {
    /// Puts what was counted to what was measured.
    pub fn add_counts(&mut self, counts: Counts) {
        for (name, count) in counts.functions {
            let one = self.functions.entry(name.clone()).or_default();
            one.ends_sessions = ENDS_SESSIONS.contains(&name.as_str());
            one.count = Some(count);
        }
        for (name, count) in counts.first {
            self.functions.entry(name).or_default().first = Some(count);
        }
        self.scenarios = counts.scenarios;
    }

    /// Every figure that has a budget.
    pub fn lines(&self) -> Vec<Line> {
        let hello = self.functions.get(HELLO).cloned().unwrap_or_default();
        let mut lines = Vec::new();
        for (name, one) in self.functions.iter().filter(|(name, _)| *name != HELLO) {
            let named = |line: Line| Line { what: format!("{name}: {}", line.what), ..line };
            lines.extend(of_function(one, &hello).into_iter().map(named));
        }
        lines.extend(self.scenarios.iter().flat_map(|(name, count)| of_scenario(name, count)));
        lines
    }
}

/// The figures of one function that have a budget, beside those of hello.
fn of_function(one: &Measured, hello: &Measured) -> Vec<Line> {
    let line = |rule: &Rule| {
        let (figure, limit) = ((rule.figure)(one, hello)?, (rule.limit)(one, hello));
        Some(Line { budget: rule.budget, what: rule.name.to_owned(), figure, limit, unit: rule.unit })
    };
    RULES.iter().filter_map(line).collect()
}

/// The budgets of a scenario, in trips and units.
fn of_scenario(name: &str, count: &Count) -> Vec<Line> {
    let line =
        |budget, what: &str, figure, limit, unit| Line { budget, what: format!("{name}{what}"), figure, limit, unit };
    let trips = |budget, limit| line(budget, ": trips", f64::from(count.trips), limit, "trips");
    let reads = |budget, limit| line(budget, ": reads", count.read_units, limit, "RCU");
    let writes = |budget, limit| line(budget, ": writes", f64::from(count.write_units), limit, "WCU");
    let lines: u32 = name.split(' ').find_map(|word| word.parse().ok()).unwrap_or_default();
    match name.split(&[',', ' ']).next().unwrap_or_default() {
        "product" => vec![trips(7, 1.0), reads(7, 0.5)],
        "list" | "search" => vec![trips(7, 1.0), reads(7, 1.0)],
        "cart" if name.contains("put") => {
            vec![trips(8, 2.0), reads(8, f64::from(lines) + 1.0), writes(8, lines.div_ceil(4).into())]
        }
        "cart" => vec![trips(8, 2.0), reads(8, f64::from(lines) + lines.div_ceil(20).max(1) as f64)],
        "checkout" => vec![trips(9, 2.0), writes(9, checkout_writes(lines).into())],
        _ => Vec::new(),
    }
}

/// What a checkout of `lines` lines may write: its stocks, the order and the cart twice, since it is a transaction, and the
/// order's entries in two indexes. Sizes by docs/data.md: an order is 0.7 KB and 0.3 KB a line, a cart 0.1 and 0.2.
fn checkout_writes(lines: u32) -> u32 {
    let (order, cart) = ((7 + 3 * lines).div_ceil(10), (1 + 2 * lines).div_ceil(10));
    2 * (lines + order + cart) + 2 * order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_of_fifty_lines_may_write_what_it_must() {
        assert_eq!(checkout_writes(1), 2 * (1 + 1 + 1) + 2);
        assert_eq!(checkout_writes(50), 2 * (50 + 16 + 11) + 32);
    }

    #[test]
    fn a_figure_above_its_budget_is_told() {
        let count = Count { trips: 3, write_units: 8, ..Count::default() };
        let lines = of_scenario("checkout, 1 line", &count);
        assert!(!lines[0].is_met() && lines[1].is_met());
        assert!((lines[0].ratio() - 1.5).abs() < 1e-9);
    }

    #[test]
    fn every_scenario_has_a_budget() {
        for name in crate::counts::scenarios() {
            assert!(!of_scenario(name, &Count::default()).is_empty(), "{name}");
        }
    }
}
