//! The report as text.

use super::{Line, Measured, Report, of_function};
use crate::callgrind::Instructions;
use crate::subject::HELLO;

const COLUMNS: [&str; 14] = [
    "function",
    "start ms",
    "x hello",
    "first ms cpu",
    "request ms cpu",
    "first ms at 7%",
    "zip MB",
    "memory MB",
    "warm ms cpu",
    "M instr start",
    "M instr request",
    "trips",
    "RCU / WCU",
    "of its budgets at most",
];

fn row(name: &str, one: &Measured, hello: &Measured) -> [String; 14] {
    let ms = |micros: Option<u64>| micros.map_or_else(String::new, |micros| format!("{:.2}", micros as f64 / 1000.0));
    let mega = |count: Option<u64>| count.map_or_else(String::new, |count| format!("{:.2}", count as f64 / 1e6));
    let speed = one.speed.as_ref();
    let ratio =
        speed.zip(hello.speed.as_ref()).map(|(one, hello)| one.start.p50 as f64 / hello.start.p50.max(1) as f64);
    let instructions = one.instructions.as_ref();
    let count = one.count.as_ref();
    let tightest = of_function(one, hello).into_iter().max_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let tightest = tightest.filter(|_| name != HELLO);
    [
        name.to_owned(),
        ms(speed.map(|speed| speed.start.p50)),
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        ms(speed.map(|speed| speed.first_cpu.p50)),
        ms(speed.map(|speed| speed.request_cpu.p50)),
        ms(speed.and_then(|speed| Some(speed.small_share.as_ref()?.p50))),
        mega(one.size.as_ref().map(|size| size.zip)),
        mega(speed.map(|speed| speed.peak_memory)),
        ms(speed.map(|speed| speed.warm_cpu)),
        mega(instructions.map(|counted| counted.start)),
        mega(instructions.map(Instructions::of_a_request)),
        count.map_or_else(String::new, |count| count.trips.to_string()),
        count.map_or_else(String::new, |count| format!("{} / {}", count.read_units, count.write_units)),
        tightest.map_or_else(String::new, |line| format!("{:.0}%, {}", line.ratio() * 100.0, line.what)),
    ]
}

fn rows(report: &Report) -> Vec<[String; 14]> {
    let hello = report.functions.get(HELLO).cloned().unwrap_or_default();
    report.functions.iter().map(|(name, one)| row(name, one, &hello)).collect()
}

fn missed(report: &Report) -> Vec<Line> {
    report.lines().into_iter().filter(|line| !line.is_met()).collect()
}

fn sentence(line: &Line) -> String {
    format!("{}: {:.2} {}, budget {} is {:.2}", line.what, line.figure, line.unit, line.budget, line.limit)
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
    lines.extend(report.failed.iter().map(|(name, why)| format!("{name} was not measured: {why}")));
    if !report.not_built.is_empty() {
        lines.push(format!("Not built, so only counted: {}", report.not_built.join(", ")));
    }
    let (all, missed) = (report.lines(), missed(report));
    lines.push(format!("{} of {} figures keep their budget.", all.len() - missed.len(), all.len()));
    lines.extend(missed.iter().map(|line| format!("  {}", sentence(line))));
    lines.join("\n") + "\n"
}

/// For docs/performance.md: the same as tables.
pub fn markdown(report: &Report) -> String {
    let mut lines = vec![format!("| {} |", COLUMNS.join(" | ")), format!("|---|{}", "---:|".repeat(COLUMNS.len() - 1))];
    lines.extend(rows(report).iter().map(|row| format!("| {} |", row.join(" | "))));
    lines.push(String::new());
    lines.push("| scenario | trips | calls | RCU | WCU |\n|---|---:|---:|---:|---:|".to_owned());
    lines.extend(report.scenarios.iter().map(|(name, count)| {
        format!("| {name} | {} | {} | {} | {} |", count.trips, count.calls, count.read_units, count.write_units)
    }));
    let (all, missed) = (report.lines(), missed(report));
    lines.push(format!("\n{} of {} figures keep their budget.", all.len() - missed.len(), all.len()));
    lines.extend(missed.iter().map(|line| format!("- {}", sentence(line))));
    lines.join("\n") + "\n"
}
