//! What is measured, and how it is shown.

use std::time::Duration;

use cpu_time::ThreadTime;

/// The sorts of queries.
pub const SORTS: [&str; 3] = ["word", "beginning", "misspelt"];

/// What was to be reached at a size, in the units of the figures.
pub fn goals(size: usize) -> Vec<(&'static str, f64)> {
    // Ten milliseconds of a processor for each ten thousand products, and half a second at most.
    let mut goals = vec![("opened", (size as f64).min(500_000.0))];
    match size {
        100_000 => goals.extend([("memory", 64e6), ("word p99", 1_000.0), ("misspelt p99", 5_000.0)]),
        1_000_000 => goals.push(("memory", 400e6)),
        _ => {}
    }
    goals
}

/// The figures of one part, by name; times in microseconds of the processor, sizes in bytes.
#[derive(Clone, Debug, Default)]
pub struct Measured(Vec<(String, f64)>);

/// What something gives, and how long the processor took for it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = ThreadTime::now();
    let given = work();
    (given, begun.elapsed())
}

/// The most memory that this process ever had, in bytes.
pub fn peak_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number");
    kilobytes * 1024.0
}

impl Measured {
    /// The heading of the table.
    pub const HEADING: &'static str = "| products | | size | written in | opened in | memory at most | a word, p50 | p99 | a beginning, p50 | p99 | misspelt, p50 | p99 |\n\
        |---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    /// Notes a figure.
    pub fn note(&mut self, name: impl Into<String>, figure: f64) {
        self.0.push((name.into(), figure));
    }

    /// Notes a time.
    pub fn note_time(&mut self, name: &str, time: Duration) {
        self.note(name, time.as_secs_f64() * 1e6);
    }

    /// Notes the times of many queries of a sort.
    pub fn note_queries(&mut self, sort: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        for (name, of_hundred) in [("p50", 50), ("p99", 99)] {
            let place = (times.len() * of_hundred / 100).min(times.len().saturating_sub(1));
            self.note_time(&format!("{sort} {name}"), times.get(place).copied().expect("a query"));
        }
    }

    /// One figure a line.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(name, figure)| format!("{name}\t{figure}")).collect::<Vec<_>>().join("\n")
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn of_text(text: &str) -> Self {
        let figure =
            |line: &str| line.split_once('\t').map(|(name, figure)| (name.to_owned(), figure.parse().unwrap()));
        Self(text.lines().filter_map(figure).collect())
    }

    /// A row of the table. Beside a figure stands its goal, where there is one; in bold type what misses it.
    pub fn row(size: usize, name: &str, parts: &[Self], goals: &[(&str, f64)]) -> String {
        let cell = |wanted: &str, show: &dyn Fn(f64) -> String| {
            let mut all = parts.iter().flat_map(|part| &part.0);
            let figure = all.find(|(name, _)| name == wanted).map(|(_, figure)| *figure).expect(wanted);
            let shown = show(figure);
            match goals.iter().find(|(name, _)| *name == wanted) {
                None => shown,
                Some((_, goal)) if figure <= *goal => format!("{shown} (≤ {})", show(*goal)),
                Some((_, goal)) => format!("**{shown}** (≤ {})", show(*goal)),
            }
        };
        let mb = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
        let mut cells = vec![size.to_string(), name.to_owned(), cell("size", &mb)];
        cells.push(cell("written", &|time| format!("{:.2} s", time / 1e6)));
        cells.push(cell("opened", &|time| format!("{:.1} ms", time / 1e3)));
        cells.push(cell("memory", &mb));
        for sort in SORTS {
            for p in ["p50", "p99"] {
                cells.push(cell(&format!("{sort} {p}"), &|time| format!("{:.3} ms", time / 1e3)));
            }
        }
        format!("| {} |", cells.join(" | "))
    }
}
