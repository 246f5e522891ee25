//! What is measured, and how it is shown.

use std::time::Duration;

use cpu_time::ThreadTime;

/// The sorts of queries.
pub const SORTS: [&str; 3] = ["word", "beginning", "misspelt"];

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

    /// A row of the table.
    pub fn row(size: usize, name: &str, parts: &[Self]) -> String {
        let find = |wanted: &str| {
            let mut all = parts.iter().flat_map(|part| &part.0);
            all.find(|(name, _)| name == wanted).map(|(_, figure)| *figure).expect(wanted)
        };
        let mb = |name: &str| format!("{:.1} MB", find(name) / 1e6);
        let mut cells = vec![size.to_string(), name.to_owned(), mb("size")];
        cells.push(format!("{:.2} s", find("written") / 1e6));
        cells.push(format!("{:.1} ms", find("opened") / 1e3));
        cells.push(mb("memory"));
        for sort in SORTS {
            for p in ["p50", "p99"] {
                cells.push(format!("{:.3} ms", find(&format!("{sort} {p}")) / 1e3));
            }
        }
        format!("| {} |", cells.join(" | "))
    }
}
