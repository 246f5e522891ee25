//! `cargo run --release --package search-bench --features measure`: searching products beside tantivy, in one run, at 10,000, 100,000 and 1,000,000 products
//! or as many as are named. Each part runs in a process of its own, so that memory is that part's alone; time is the processor's.

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

use measured::Measured;

/// The sizes that are measured where none is named.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["part", part, size, place] => run(part, size.parse().expect("how many products"), Path::new(place)),
        sizes => {
            let named: Vec<usize> = sizes.iter().map(|size| size.parse().expect("how many products")).collect();
            compare(if named.is_empty() { &SIZES } else { &named });
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

fn compare(sizes: &[usize]) {
    let place = std::env::temp_dir().join(format!("search-bench-{}", std::process::id()));
    println!("{}", Measured::HEADING);
    for size in sizes {
        let place = place.join(size.to_string());
        std::fs::create_dir_all(&place).expect("a place for indexes");
        for (name, parts) in [("ours", ["write", "search"]), ("tantivy", ["tantivy-write", "tantivy-search"])] {
            let parts = parts.map(|part| part_of(part, *size, &place));
            println!("{}", Measured::row(*size, name, &parts));
        }
    }
    // Whatever is left there is the operating system's to clear.
    let _ = std::fs::remove_dir_all(place);
}

fn part_of(part: &str, size: usize, place: &Path) -> Measured {
    let myself = std::env::current_exe().expect("this program");
    let size = size.to_string();
    let output = Command::new(myself).args(["part", part, &size]).arg(place).output().expect("a process");
    assert!(output.status.success(), "{part}: {}", String::from_utf8_lossy(&output.stderr));
    Measured::of_text(&String::from_utf8_lossy(&output.stdout))
}
