//! `cargo run --release --package search-bench --features measure`: searching products beside tantivy, in one run, at 10,000, 100,000 and 1,000,000 products
//! or as many as are named. Each part runs in a process of its own, so that memory is that part's alone; time is the processor's.
//! Where no size is named, the table takes its place in docs/performance/search.md, with what was to be reached beside each figure.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a tool of the developers: it prints fractions, and stops where it cannot measure"
)]

mod measured;
mod ours;
mod products;
mod theirs;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use measured::{Measured, goals};

/// The sizes that are measured where none is named.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Between these the figures stand in the document.
const MARK: &str = "<!-- search-bench -->";
const END: &str = "<!-- /search-bench -->";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["part", part, size, place] => run(part, size.parse().expect("how many products"), Path::new(place)),
        sizes => {
            let named: Vec<usize> = sizes.iter().map(|size| size.parse().expect("how many products")).collect();
            let table = compare(if named.is_empty() { &SIZES } else { &named });
            if named.is_empty() {
                write_down(&table);
            }
        }
    }
}

/// One part, whose figures are its output.
fn run(part: &str, size: usize, place: &Path) {
    let measured = match part {
        "write" => ours::write(size, place),
        "search" => ours::search(size, place),
        "tantivy-write" => theirs::write(size, place),
        _ => theirs::search(size, place),
    };
    println!("{}", measured.to_text());
}

/// The table, which is also printed row by row.
fn compare(sizes: &[usize]) -> String {
    let begun = Instant::now();
    let place = std::env::temp_dir().join(format!("search-bench-{}", std::process::id()));
    let mut table = Measured::HEADING.to_owned();
    println!("{table}");
    for size in sizes {
        let place = place.join(size.to_string());
        std::fs::create_dir_all(&place).expect("a place for indexes");
        let goals = goals(*size);
        // Nothing was asked of tantivy.
        let none: &[(&str, f64)] = &[];
        let (ours, theirs) = (["write", "search"], ["tantivy-write", "tantivy-search"]);
        for (name, parts, goals) in [("ours", ours, goals.as_slice()), ("tantivy", theirs, none)] {
            let parts = parts.map(|part| part_of(part, *size, &place));
            let row = Measured::row(*size, name, &parts, goals);
            println!("{row}");
            table.push('\n');
            table.push_str(&row);
        }
    }
    // Whatever is left there is the operating system's to clear.
    let _ = std::fs::remove_dir_all(place);
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let note =
        format!("Measured on a machine of {processors} processors, in {} s altogether.", begun.elapsed().as_secs());
    println!("{note}");
    format!("{note} In brackets: what was to be reached; in bold type: what misses it.\n\n{table}")
}

/// Puts the figures into the document, between the marks.
fn write_down(table: &str) {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/performance/search.md");
    let text = std::fs::read_to_string(&document).expect("the document");
    let (before, rest) = text.split_once(MARK).expect("where the figures begin");
    let (_, after) = rest.split_once(END).expect("where they end");
    std::fs::write(&document, format!("{before}{MARK}\n{table}\n{END}{after}")).expect("the document");
}

fn part_of(part: &str, size: usize, place: &Path) -> Measured {
    let myself = std::env::current_exe().expect("this program");
    let size = size.to_string();
    let output = Command::new(myself).args(["part", part, &size]).arg(place).output().expect("a process");
    assert!(output.status.success(), "{part}: {}", String::from_utf8_lossy(&output.stderr));
    Measured::of_text(&String::from_utf8_lossy(&output.stdout))
}
