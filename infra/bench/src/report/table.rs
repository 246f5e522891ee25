//! The report as text.

use super::{Line, Measured, Report, of_function};
use crate::callgrind::Instructions;
use crate::counts::Count;
use crate::subject::HELLO;
use crate::weight::Size;

const COLUMNS: [&str; 17] = [
    "function",
    "start ms",
    "x hello",
    "first ms cpu",
    "request ms cpu",
    "first ms at 7%",
    "zip MB",
    "zip MB, arm64",
    "memory MB",
    "warm ms cpu",
    "M instr start",
    "M instr request",
    "trips",
    "RCU / WCU",
    "trips, new caller",
    "RCU / WCU, new caller",
    "of its budgets at most",
];

fn row(name: &str, one: &Measured, hello: &Measured) -> [String; 17] {
    let ms = |micros: Option<u64>| micros.map_or_else(String::new, |micros| format!("{:.2}", micros as f64 / 1000.0));
    let mega = |count: Option<u64>| count.map_or_else(String::new, |count| format!("{:.2}", count as f64 / 1e6));
    let speed = one.speed.as_ref();
    let ratio =
        speed.zip(hello.speed.as_ref()).map(|(one, hello)| one.start.p50 as f64 / hello.start.p50.max(1) as f64);
    let instructions = one.instructions.as_ref();
    let trips = |count: Option<&Count>| count.map_or_else(String::new, |count| count.trips.to_string());
    let units = |count: Option<&Count>| {
        count.map_or_else(String::new, |count| format!("{} / {}", count.read_units, count.write_units))
    };
    let tightest = of_function(name, one, hello).into_iter().max_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let tightest = tightest.filter(|_| name != HELLO);
    [
        name.to_owned(),
        ms(speed.map(|speed| speed.start.p50)),
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        ms(speed.map(|speed| speed.first_cpu.p50)),
        ms(speed.map(|speed| speed.request_cpu.p50)),
        ms(speed.and_then(|speed| Some(speed.small_share.as_ref()?.p50))),
        mega(one.size.as_ref().map(|size| size.zip)),
        mega(one.arm64.as_ref().map(|size| size.zip)),
        mega(speed.map(|speed| speed.peak_memory)),
        ms(speed.map(|speed| speed.warm_cpu)),
        mega(instructions.map(|counted| counted.start)),
        mega(instructions.map(Instructions::of_a_request)),
        trips(one.count.as_ref()),
        units(one.count.as_ref()),
        trips(one.first.as_ref()),
        units(one.first.as_ref()),
        tightest.map_or_else(String::new, |line| format!("{:.0}%, {}", line.ratio() * 100.0, line.what)),
    ]
}

fn rows(report: &Report) -> Vec<[String; 17]> {
    let hello = report.functions.get(HELLO).cloned().unwrap_or_default();
    report.functions.iter().map(|(name, one)| row(name, one, &hello)).collect()
}

/// For the terminal: a row for each function and scenario, then every budget that is missed.
pub fn text(report: &Report) -> String {
    let mut rows = rows(report);
    rows.insert(0, COLUMNS.map(str::to_owned));
    let widths: Vec<_> =
        (0..COLUMNS.len()).map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0)).collect();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).enumerate();
            let cell = |(column, (cell, width)): (usize, (&String, &usize))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            };
            cells.map(cell).collect::<Vec<_>>().join("  ")
        })
        .collect();
    for (name, count) in &report.scenarios {
        lines.push(format!(
            "{name}: {} trips, {} calls, {} RCU, {} WCU",
            count.trips, count.calls, count.read_units, count.write_units
        ));
    }
    lines.push(String::new());
    lines.extend(report.tightest().iter().map(|line| format!("{:>4.0}% of its budget: {line}", line.ratio() * 100.0)));
    lines.push(String::new());
    lines.extend(gaps(report));
    lines.push(kept(report));
    lines.extend(report.missed().iter().map(|line| format!("  {line}")));
    lines.join("\n") + "\n"
}

/// The weight of each function beside its budget, and the least that there is.
pub fn weights(report: &Report, hello: Option<&Size>) -> String {
    let row = |line: Line| {
        format!("{:32} {:>5.2} MB of {:.2}, {:>3.0}%\n", line.of, line.figure, line.limit, line.ratio() * 100.0)
    };
    let least = hello.map(|hello| format!("{HELLO:32} {:>5.2} MB, the least that there is\n", hello.zip as f64 / 1e6));
    report.lines().into_iter().map(row).chain(least).collect()
}

/// What is missing of the report, a sentence for each.
fn gaps(report: &Report) -> Vec<String> {
    let mut gaps: Vec<_> =
        report.failed.iter().map(|(name, why)| format!("{name} was not measured: {}", why.trim())).collect();
    if !report.not_built.is_empty() {
        gaps.push(format!("Not built, so only counted: {}.", report.not_built.join(", ")));
    }
    gaps
}

fn kept(report: &Report) -> String {
    let (all, missed) = (report.lines().len(), report.missed().len());
    format!("{} of {all} figures keep their budget.", all - missed)
}

/// A row for each budget: the figure that uses most of it.
fn budgets(report: &Report) -> Vec<String> {
    let row = |Line { budget, of, what, figure, limit, unit }: &Line, ratio: f64| {
        format!("| {budget} | {what} | {of} | {figure:.2} {unit} | {limit:.2} | {:.0}% |", ratio * 100.0)
    };
    let head = "| # | budget | its tightest | figure | limit | of it |\n|---:|---|---|---:|---:|---:|".to_owned();
    std::iter::once(head).chain(report.tightest().iter().map(|line| row(line, line.ratio()))).collect()
}

/// The picture that is written beside the page.
const PICTURE: &str = "![Start and weight beside their budgets](performance/bench.svg)\n";

/// How writes are counted that come to nothing.
const REFUSED: &str = "RCU and WCU are what DynamoDB says that it charges. Of a write that is refused it says nothing and charges \
    as if it were done: it is counted by the size of the item, twice in a transaction and there for every action.";

/// For docs/performance.md: the same as tables.
pub fn markdown(report: &Report) -> String {
    let mut lines = vec![PICTURE.to_owned()];
    lines.extend(budgets(report));
    lines.push(format!("\n{}", kept(report)));
    lines.extend(report.missed().iter().map(|line| format!("- {line}")));
    let gaps = gaps(report);
    if !gaps.is_empty() {
        lines.push(String::new());
        lines.extend(gaps.iter().map(|gap| format!("- {}", gap.lines().collect::<Vec<_>>().join(" "))));
    }
    lines.push(format!("\n| {} |", COLUMNS.join(" | ")));
    lines.push(format!("|---|{}", "---:|".repeat(COLUMNS.len() - 1)));
    lines.extend(rows(report).iter().map(|row| format!("| {} |", row.join(" | "))));
    lines.push("\n| scenario | trips | calls | RCU | WCU |\n|---|---:|---:|---:|---:|".to_owned());
    lines.extend(report.scenarios.iter().map(|(name, count)| {
        format!("| {name} | {} | {} | {} | {} |", count.trips, count.calls, count.read_units, count.write_units)
    }));
    lines.push(format!("\n{REFUSED}"));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn report() -> Report {
        let count = Count { trips: 3, write_units: 14, ..Count::default() };
        Report {
            scenarios: BTreeMap::from([("checkout, 1 line".to_owned(), count)]),
            not_built: vec!["cart-get".to_owned()],
            failed: BTreeMap::from([("cart-clear".to_owned(), "it ended:\nbadly\n".to_owned())]),
            ..Report::default()
        }
    }

    #[test]
    fn the_page_has_each_budget_and_says_what_is_missing() {
        let page = markdown(&report());
        for line in [
            "| 9 | trips | checkout, 1 line | 3.00 trips | 2.00 | 150% |",
            "| 9 | writes | checkout, 1 line | 14.00 WCU | 14.00 | 100% |",
            "1 of 2 figures keep their budget.",
            "- checkout, 1 line: trips: 3.00 trips, budget 9 is 2.00",
            "- cart-clear was not measured: it ended: badly",
            "- Not built, so only counted: cart-get.",
            "| checkout, 1 line | 3 | 0 | 0 | 14 |",
        ] {
            assert!(page.lines().any(|one| one == line), "{line}\n{page}");
        }
    }

    #[test]
    fn a_function_is_shown_for_who_is_known_and_for_who_is_new() {
        let count = |trips| Some(Count { trips, read_units: 0.5, write_units: trips, ..Count::default() });
        let one = Measured { count: count(1), first: count(2), ..Measured::default() };
        let report = Report { functions: BTreeMap::from([("cart-get".to_owned(), one)]), ..Report::default() };
        let page = markdown(&report);
        let row = page.lines().find(|line| line.starts_with("| cart-get |")).unwrap();
        assert!(row.contains("| 1 | 0.5 / 1 | 2 | 0.5 / 2 |"), "{row}");
    }

    #[test]
    fn a_terminal_shows_the_same() {
        let text = text(&report());
        assert!(text.contains("150% of its budget: checkout, 1 line: trips: 3.00 trips"), "{text}");
        assert!(text.contains("cart-clear was not measured") && text.contains("1 of 2 figures"), "{text}");
    }
}
