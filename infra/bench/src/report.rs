//! Everything that was measured, in one place: beside its budget, as text, as JSON and as a picture.

mod picture;
mod providers;
mod table;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::callgrind::Instructions;
use crate::counts::{Count, Counts};
use crate::speed::Speed;
use crate::subject::{HELLO, IN_A_SHOP};
use crate::weight::Size;

pub use picture::svg;
pub use table::{markdown, text, weights};

/// What was measured of a function; what was not is absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Its times and memory.
    pub speed: Option<Speed>,
    /// Its weight, as it is built for this machine.
    pub size: Option<Size>,
    /// The same as it is built for arm64, which is what is deployed.
    #[serde(default)]
    pub arm64: Option<Size>,
    /// Its instructions.
    pub instructions: Option<Instructions>,
    /// What its good event asks of AWS.
    pub count: Option<Count>,
    /// The same of an instance that meets its caller for the first time.
    pub first: Option<Count>,
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
    /// Of which functions it is, where it is not of all.
    #[serde(default)]
    pub only: String,
}

/// A figure beside its budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The number of the budget in docs/performance.md.
    pub budget: u8,
    /// The function or the scenario that it is a figure of.
    pub of: String,
    /// What was measured of it.
    pub what: &'static str,
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
        // Of nothing, nothing uses up nothing.
        if self.figure == 0.0 { 0.0 } else { self.figure / self.limit }
    }

    /// Whether the budget is met.
    pub fn is_met(&self) -> bool {
        self.figure <= self.limit
    }

    /// Whether it fails the gate where it is not: weight has its budget for the processor that is deployed, and is only shown
    /// for another.
    pub fn is_held(&self) -> bool {
        self.what != ZIP_ELSEWHERE
    }
}

/// The weight of what is built for arm64 …
const ZIP: &str = "zip, arm64";
/// … and for the machines that most people have.
const ZIP_ELSEWHERE: &str = "zip, x86_64";

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { budget, of, what, figure, limit, unit } = self;
        write!(f, "{of}: {what}: {figure:.2} {unit}, budget {budget} is {limit:.2}")
    }
}

/// The same for a machine.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// The figure beside its budget.
    #[serde(flatten)]
    pub line: Line,
    /// The one as a part of the other.
    pub ratio: f64,
}

/// The share of a processor that the smallest function of Lambda has …
const SHARE: f64 = 0.07;
/// … in turns of so many milliseconds …
const TURN: f64 = 20.0;
/// … of which it has so many to itself.
const PART_OF_A_TURN: f64 = TURN * SHARE;

/// Functions that end sessions answer when the second in which they did so is over, so that no token of it is left.
const ENDS_SESSIONS: [&str; 6] = [
    "admin-end-sessions",
    "admin-set-enabled",
    "admin-set-roles",
    "auth-change-password",
    "auth-reset-password",
    "profile-delete",
];

/// Whether what is built for this machine is what is deployed.
const IS_ARM64: bool = cfg!(target_arch = "aarch64");

/// What a figure and its budget are reckoned from.
struct Case<'a> {
    name: &'a str,
    one: &'a Measured,
    hello: &'a Measured,
}

impl Case<'_> {
    /// Workers and the triggers of Cognito answer no requests: no HTTP, no tokens, no limits.
    fn is_worker(&self) -> bool {
        registry::WORKERS.iter().any(|worker| worker.name == self.name)
            || registry::SOCKETS.iter().any(|socket| socket.name == self.name)
    }

    /// Whether it fetches more while it starts than the feed of ended sessions with the keys beside it: the key that opens what is
    /// sealed, the secrets of payment providers, the rules of medicine.
    fn prepares(&self) -> bool {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == self.name).map(|one| one.endpoint);
        let worker = registry::WORKERS.iter().find(|worker| worker.name == self.name);
        endpoint.is_some_and(|endpoint| endpoint.opens_sealed || endpoint.prepare.is_some())
            || worker.is_some_and(|worker| worker.prepare.is_some())
    }

    /// Its weight for arm64: built for that by the side, or this machine is one.
    fn arm64(&self) -> Option<&Size> {
        let here = self.one.size.as_ref().filter(|_| IS_ARM64);
        self.one.arm64.as_ref().or(here)
    }

    /// Its weight for `x86_64`, where this machine is one.
    fn x86_64(&self) -> Option<&Size> {
        self.one.size.as_ref().filter(|_| !IS_ARM64)
    }

    fn speed(&self, which: fn(&Speed) -> u64) -> Option<f64> {
        Some(which(self.one.speed.as_ref()?) as f64)
    }

    fn times_hello(&self, which: fn(&Speed) -> u64) -> Option<f64> {
        Some(self.speed(which)? / which(self.hello.speed.as_ref()?) as f64)
    }

    /// The hosts beside the database that the first request of an instance calls.
    fn hosts(&self) -> f64 {
        let called =
            |count: &Count| [count.cognito, count.s3, count.messages].iter().filter(|calls| **calls > 0).count();
        self.one.first.as_ref().map_or(0, called) as f64
    }

    /// What that request may take of a processor, in milliseconds: by its calls, each of which is signed, written and read, and
    /// by the hosts that it must connect to.
    fn request_limit(&self) -> f64 {
        let calls = self.one.first.as_ref().map_or(0, |count| count.calls);
        1.0 + 0.5 * f64::from(calls) + 0.5 * self.hosts()
    }

    /// What it may take by the clock with 7% of a processor: its part of the turn in which it begins is there at once, and
    /// what is more comes at that rate; a turn goes by whenever it waits for an answer, or for more connections.
    fn small_share_limit(&self) -> f64 {
        let (trips, calls) = self.one.first.as_ref().map_or((0, 0), |count| (count.trips, count.calls));
        // HTTP/1.1 carries one call at a time: those side by side have a connection each.
        let connects = if calls > trips { 1.0 } else { 0.0 };
        let (at_once, more) = (self.request_limit().min(PART_OF_A_TURN), self.request_limit() - PART_OF_A_TURN);
        let ends_sessions = if ENDS_SESSIONS.contains(&self.name) { 1100.0 } else { 0.0 };
        at_once + more.max(0.0) / SHARE + TURN * (f64::from(trips) + connects) + ends_sessions
    }

    /// The processor time of hello's first answer, in milliseconds.
    fn hello_first(&self) -> f64 {
        self.hello.speed.as_ref().map_or(f64::INFINITY, |speed| speed.first_cpu.p50 as f64 / 1000.0)
    }
}

/// What a start may take, in times of hello's.
const START: f64 = 1.6;
/// What a start with TLS may take of a processor, in times of hello's first answer; the first request comes on top.
const FIRST: f64 = 3.0;
/// What a process may have of memory, in times of hello's.
const MEMORY: f64 = 2.2;
/// What every zip may weigh, in megabytes, for arm64 and for `x86_64`.
const ZIPS: [f64; 2] = [2.5, 3.2];

/// What a zip may weigh, in megabytes: what all may, each client, and what reads pictures.
fn zip_limit(all: f64, size: Option<&Size>) -> f64 {
    size.map_or(all, |size| all + 0.35 * f64::from(size.clients) + if size.pictures { 0.9 } else { 0.0 })
}

/// How the budgets of the functions are reckoned, each with its number.
struct Rule {
    budget: u8,
    name: &'static str,
    unit: &'static str,
    figure: fn(&Case<'_>) -> Option<f64>,
    limit: fn(&Case<'_>) -> f64,
}

const RULES: &[Rule] = &[
    Rule {
        budget: 1,
        name: "start, median",
        unit: "x hello",
        figure: |case| case.times_hello(|speed| speed.start.p50),
        limit: |_| START,
    },
    Rule {
        budget: 1,
        name: "questions of a start",
        unit: "questions",
        figure: |case| case.speed(|speed| speed.questions.into()).filter(|_| !case.prepares()),
        limit: |_| 1.0,
    },
    Rule {
        budget: 1,
        name: "instructions of a start",
        unit: "M",
        figure: |case| Some(case.one.instructions.as_ref()?.start as f64 / 1e6),
        limit: |case| if case.is_worker() { 1.4 } else { 1.9 },
    },
    Rule {
        budget: 2,
        name: "first answer with TLS, processor time",
        unit: "x hello",
        figure: |case| case.times_hello(|speed| speed.first_cpu.p50),
        limit: |case| FIRST + case.request_limit() / case.hello_first(),
    },
    Rule {
        budget: 2,
        name: "the request's part of it",
        unit: "ms",
        figure: |case| Some(case.speed(|speed| speed.request_cpu.p50)? / 1000.0),
        limit: |case| case.request_limit(),
    },
    Rule {
        budget: 2,
        name: "first answer at 7% of a processor",
        unit: "ms",
        figure: |case| Some(case.one.speed.as_ref()?.small_share.as_ref()?.p50 as f64 / 1000.0),
        limit: |case| case.small_share_limit(),
    },
    Rule {
        budget: 3,
        name: "a TLS handshake",
        unit: "M instructions",
        figure: |case| Some(case.one.instructions.as_ref()?.of_tls()? as f64 / 1e6),
        limit: |_| 5.0,
    },
    Rule {
        budget: 4,
        name: ZIP,
        unit: "MB",
        figure: |case| Some(case.arm64()?.zip as f64 / 1e6),
        limit: |case| zip_limit(ZIPS[0], case.arm64()),
    },
    Rule {
        budget: 4,
        name: ZIP_ELSEWHERE,
        unit: "MB",
        figure: |case| Some(case.x86_64()?.zip as f64 / 1e6),
        limit: |case| zip_limit(ZIPS[1], case.x86_64()),
    },
    Rule {
        budget: 15,
        name: "memory",
        unit: "x hello",
        figure: |case| case.times_hello(|speed| speed.peak_memory),
        limit: |_| MEMORY,
    },
    Rule {
        budget: 6,
        name: "instructions of a request",
        unit: "M",
        figure: |case| {
            // Without its calls there is no budget to hold it to.
            let (instructions, _) = (case.one.instructions.as_ref()?, case.one.count.as_ref()?);
            Some(instructions.of_a_request() as f64 / 1e6)
        },
        limit: |case| 1.2 + 0.9 * case.one.count.as_ref().map_or(0.0, |count| f64::from(count.calls)),
    },
];

impl Report {
    /// Puts what was counted to what was measured.
    pub fn add_counts(&mut self, counts: Counts) {
        for (name, count) in counts.functions {
            self.functions.entry(name).or_default().count = Some(count);
        }
        for (name, count) in counts.first {
            self.functions.entry(name).or_default().first = Some(count);
        }
        for shop in IN_A_SHOP {
            let [known, first] = shop.counted.map(|scenario| counts.scenarios.get(scenario).cloned());
            if known.is_some() && first.is_some() {
                let one = self.functions.entry(shop.name.to_owned()).or_default();
                (one.count, one.first) = (known, first);
            }
        }
        self.scenarios = counts.scenarios;
    }

    /// Every figure that has a budget.
    pub fn lines(&self) -> Vec<Line> {
        let hello = self.functions.get(HELLO).cloned().unwrap_or_default();
        let mut lines = Vec::new();
        for (name, one) in self.functions.iter().filter(|(name, _)| *name != HELLO) {
            lines.extend(of_function(name, one, &hello));
        }
        lines.extend(self.scenarios.iter().flat_map(|(name, count)| of_scenario(name, count)));
        lines.extend(providers::lines(self));
        lines
    }

    /// The figures that miss their budget.
    pub fn missed(&self) -> Vec<Line> {
        self.lines().into_iter().filter(|line| !line.is_met()).collect()
    }

    /// Of each budget the figure that uses most of it.
    pub fn tightest(&self) -> Vec<Line> {
        let mut tightest: BTreeMap<(u8, &str), Line> = BTreeMap::new();
        for line in self.lines() {
            let place = (line.budget, line.what);
            if tightest.get(&place).is_none_or(|other| line.ratio() > other.ratio()) {
                tightest.insert(place, line);
            }
        }
        tightest.into_values().collect()
    }

    /// Every figure that has a budget, for a machine.
    pub fn figures(&self) -> Vec<Figure> {
        let figure = |line: Line| Figure { ratio: line.ratio(), line };
        self.lines().into_iter().map(figure).collect()
    }
}

/// The figures of one function that have a budget, beside those of hello.
fn of_function(name: &str, one: &Measured, hello: &Measured) -> Vec<Line> {
    let case = Case { name, one, hello };
    let line = |rule: &Rule| {
        let (figure, limit) = ((rule.figure)(&case)?, (rule.limit)(&case));
        Some(Line { budget: rule.budget, of: name.to_owned(), what: rule.name, figure, limit, unit: rule.unit })
    };
    RULES.iter().filter_map(line).collect()
}

/// The budgets of a scenario, in trips and units.
fn of_scenario(name: &str, count: &Count) -> Vec<Line> {
    let line = |budget, what, figure, limit, unit| Line { budget, of: name.to_owned(), what, figure, limit, unit };
    let trips = |budget, limit| line(budget, "trips", f64::from(count.trips), limit, "trips");
    let reads = |budget, limit| line(budget, "reads", count.read_units, limit, "RCU");
    let writes = |budget, limit| line(budget, "writes", f64::from(count.write_units), limit, "WCU");
    let lines: u32 = name.split(' ').find_map(|word| word.parse().ok()).unwrap_or_default();
    match name.split(&[',', ' ']).next().unwrap_or_default() {
        "product" => vec![trips(7, 1.0), reads(7, 0.5)],
        // What is in memory is answered from there, until it is looked whether something has changed since.
        "list" if name.ends_with("later") => vec![trips(7, 1.0), reads(7, 1.0)],
        // The snapshot, what has changed since in four parts of the index, and the caller's count, whatever is on sale.
        "list" if name.ends_with("a new instance") => vec![trips(14, 4.0), reads(14, 5.0)],
        "list" | "search" => vec![trips(7, 0.0), reads(7, 0.0)],
        "cart" if name.contains("put") => {
            vec![trips(8, 2.0), reads(8, f64::from(lines) + 1.0), writes(8, lines.div_ceil(4).into())]
        }
        // The feed of ended sessions is read beside the cart, and the request counted.
        "cart" if name.ends_with("a new caller") => {
            vec![trips(14, 2.0), reads(14, f64::from(cart_reads(lines)) + 0.5), writes(14, 1.0)]
        }
        "cart" => vec![trips(8, 2.0), reads(8, cart_reads(lines).into())],
        "checkout" => vec![trips(9, 2.0), writes(9, checkout_writes(lines).into())],
        // The work of a worker at night is held to what it was, and to no budget.
        _ => Vec::new(),
    }
}

/// What showing a cart may read: four lines of it are a kilobyte, and four of these a read unit; and its products.
fn cart_reads(lines: u32) -> u32 {
    lines + lines.div_ceil(16).max(1)
}

/// What a checkout of `lines` lines may write: its stocks, the order, the cart and what the customer is supplied with twice,
/// since it is a transaction, and the order's entries in two indexes. Sizes by docs/data.md: an order is 0.9 KB, 0.37 KB a line
/// and 0.5 KB for a finding, a cart 0.1 and 0.25, supplies 0.1 and 0.25.
fn checkout_writes(lines: u32) -> u32 {
    let order = (140 + 37 * lines).div_ceil(100);
    let (cart, supplies) = ((2 + 5 * lines).div_ceil(20), (10 + 25 * lines).div_ceil(100));
    2 * (lines + order + cart + supplies) + 2 * order
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::speed::Times;

    #[test]
    fn a_checkout_of_fifty_lines_may_write_what_it_must() {
        assert_eq!(checkout_writes(1), 2 * (1 + 2 + 1 + 1) + 4);
        assert_eq!(checkout_writes(50), 2 * (50 + 20 + 13 + 13) + 40);
    }

    #[test]
    fn a_figure_above_its_budget_is_told() {
        let count = Count { trips: 3, write_units: 8, ..Count::default() };
        let lines = of_scenario("checkout, 1 line", &count);
        assert!(!lines[0].is_met() && lines[1].is_met());
        assert!((lines[0].ratio() - 1.5).abs() < 1e-9);
        assert_eq!(lines[0].to_string(), "checkout, 1 line: trips: 3.00 trips, budget 9 is 2.00");
        let report =
            Report { scenarios: BTreeMap::from([("checkout, 1 line".to_owned(), count)]), ..Report::default() };
        assert_eq!(report.missed(), lines[..1]);
    }

    #[test]
    fn every_scenario_of_a_request_has_a_budget() {
        for name in crate::counts::scenarios().filter(|name| *name != "erasing a person") {
            assert!(!of_scenario(name, &Count::default()).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_page_from_memory_asks_for_nothing_and_a_later_one_for_what_has_changed() {
        let limits = |name| of_scenario(name, &Count::default()).iter().map(|line| line.limit).collect::<Vec<_>>();
        assert_eq!(limits("list of 24 cards"), [0.0, 0.0]);
        assert_eq!(limits("list of 24 cards, 3 s later"), [1.0, 1.0]);
        let asked = of_scenario("search", &Count { trips: 1, ..Count::default() });
        assert!(!asked[0].is_met() && asked[0].ratio().is_infinite());
        assert!(asked[1].is_met() && asked[1].ratio() == 0.0);
    }

    fn measured(first: Count) -> Measured {
        Measured { first: Some(first), ..Measured::default() }
    }

    #[test]
    fn a_small_share_of_a_processor_is_reckoned_in_turns() {
        let hello = Measured::default();
        let limit = |name, count: Count| Case { name, one: &measured(count), hello: &hello }.small_share_limit();
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} for {expected}");
        // What fits into the turn in which it begins is there at once.
        near(limit("auth-define-challenge", Count::default()), 1.0);
        // 2.5 ms, of which 1.4 are there; two waits: for the answers, and for another connection.
        let count = Count { trips: 1, calls: 3, ..Count::default() };
        near(limit("cart-get", count.clone()), 1.4 + 1.1 / 0.07 + 40.0);
        near(limit("admin-set-roles", count.clone()) - limit("cart-get", count), 1100.0);
    }

    #[test]
    fn who_answers_no_requests_has_less_to_start() {
        let hello = Measured::default();
        let instructions = Some(Instructions { start: 1_500_000, ..Instructions::default() });
        let one = Measured { instructions, ..Measured::default() };
        assert!(of_function("cart-get", &one, &hello)[0].is_met());
        assert!(!of_function("catalog-index-stock", &one, &hello)[0].is_met());
        assert!(!of_function("auth-define-challenge", &one, &hello)[0].is_met());
    }

    #[test]
    fn of_each_budget_the_tightest_figure_is_shown_and_a_machine_reads_its_part() {
        let speed = |micros| Speed { start: Times { p50: micros, p99: micros }, ..Speed::default() };
        let function = |micros| Measured { speed: Some(speed(micros)), ..Measured::default() };
        let functions = [("cart-get", 200), ("cart-clear", 220), (HELLO, 100)];
        let functions = functions.map(|(name, micros)| (name.to_owned(), function(micros))).into();
        let report = Report { functions, ..Report::default() };
        let starts: Vec<_> = report.tightest().into_iter().filter(|line| line.what == "start, median").collect();
        let starts: Vec<_> = starts.iter().map(|line| (line.of.as_str(), line.figure)).collect();
        assert_eq!(starts, [("cart-clear", 2.2)]);
        let figure = serde_json::to_value(&report.figures()[0]).unwrap();
        assert_eq!((&figure["of"], &figure["budget"]), (&json!("cart-clear"), &json!(1)));
        assert!((figure["ratio"].as_f64().unwrap() - 2.2 / 1.6).abs() < 1e-9);
    }

    #[test]
    fn weight_is_held_for_the_processor_that_is_deployed_and_shown_for_another() {
        let size = |zip| Some(Size { zip, clients: 1, ..Size::default() });
        let one = Measured { size: size(3_600_000), arm64: size(2_900_000), ..Measured::default() };
        let lines = of_function("cart-get", &one, &Measured::default());
        let zips: Vec<_> =
            lines.iter().filter(|line| line.budget == 4).map(|line| (line.what, line.is_held())).collect();
        if IS_ARM64 {
            assert_eq!(zips, [("zip, arm64", true)]);
        } else {
            assert_eq!(zips, [("zip, arm64", true), ("zip, x86_64", false)]);
        }
        assert!(lines.iter().all(|line| !line.is_met()), "2.5 and 3.2, and 0.35 for a client: {lines:?}");
        let lighter = Measured { arm64: size(2_840_000), ..Measured::default() };
        assert!(of_function("cart-get", &lighter, &Measured::default())[0].is_met());
    }

    #[test]
    fn a_start_asks_one_question_unless_the_function_has_to_fetch_more() {
        let asking =
            |questions| Measured { speed: Some(Speed { questions, ..Speed::default() }), ..Measured::default() };
        let questions = |name: &str, asked| {
            let lines = of_function(name, &asking(asked), &asking(0));
            lines.into_iter().find(|line| line.what == "questions of a start").map(|line| line.is_met())
        };
        assert_eq!([0, 1, 2].map(|asked| questions("cart-get", asked)), [Some(true), Some(true), Some(false)]);
        let sealed = registry::ENDPOINTS.iter().find(|one| one.endpoint.opens_sealed).unwrap();
        assert_eq!(questions(sealed.name(), 3), None);
    }

    #[test]
    fn memory_has_one_budget_for_all() {
        let function = |peak_memory| Measured {
            speed: Some(Speed { peak_memory, ..Speed::default() }),
            size: Some(Size { clients: 4, pictures: true, ..Size::default() }),
            ..Measured::default()
        };
        let memory = |peak| {
            let lines = of_function("profile-export", &function(peak), &function(100));
            lines.into_iter().find(|line| line.budget == 15).unwrap()
        };
        assert!(memory(220).is_met() && !memory(221).is_met());
    }

    #[test]
    fn what_a_shop_does_is_counted_by_its_scenarios_of_both_kinds_of_caller() {
        let named: Vec<_> = crate::counts::scenarios().collect();
        for shop in IN_A_SHOP {
            assert!(shop.counted.iter().all(|scenario| named.contains(scenario)), "{}", shop.name);
            assert!(crate::subject::functions().contains(&shop.function), "{}", shop.function);
        }
        let count = |trips| Count { trips, ..Count::default() };
        let scenarios = [("cart get, 5 lines", 2), ("cart get, 5 lines, a new caller", 3)];
        let scenarios = scenarios.map(|(name, trips)| (name.to_owned(), count(trips))).into();
        let mut report = Report::default();
        report.add_counts(Counts { scenarios, ..Counts::default() });
        let shown = &report.functions["cart-get, 5 lines"];
        assert_eq!((shown.count.clone(), shown.first.clone()), (Some(count(2)), Some(count(3))));
        assert_eq!(report.functions.len(), 1, "of the list nothing was counted");
        let missed: Vec<_> = report.missed().iter().map(ToString::to_string).collect();
        assert_eq!(missed, ["cart get, 5 lines, a new caller: trips: 3.00 trips, budget 14 is 2.00"]);
    }
}
