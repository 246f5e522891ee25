//! What came of a run: for people, and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::race::Race;
use super::tally::{Ends, Tally};
use super::words::Words;

/// Where the numbers are kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench/load.json");

/// The table of the shoppers.
pub fn mixed(shoppers: usize, tally: &Tally) -> String {
    let mut table = format!(
        "\n{shoppers} customers for {:.0} s; times in milliseconds, as the client saw them on this machine\n\n\
         | operation           | requests |    /s |   p50 |   p90 |   p99 |   max |  429 | refused            | 5xx    |\n\
         |---------------------|---------:|------:|------:|------:|------:|------:|-----:|--------------------|--------|\n",
        tally.during.as_secs_f64()
    );
    for (name, ends) in tally.each().chain([("all", &tally.all())]) {
        row(&mut table, name, ends, tally);
    }
    table
}

fn row(table: &mut String, name: &str, ends: &Ends, tally: &Tally) {
    let [p50, p90, p99, max] = [50, 90, 99, 100].map(|percent| ends.percentile(percent));
    let rate = ends.count() as f64 / tally.during.as_secs_f64();
    let limited = ends.with(|status| status == 429);
    let _ = writeln!(
        table,
        "| {name:<19} | {:>8} | {rate:>5.1} | {p50:>5.0} | {p90:>5.0} | {p99:>5.0} | {max:>5.0} | {limited:>4} | {:<18} | {:<6} |",
        ends.count(),
        by_status(&ends.refusals()),
        by_status(&ends.errors())
    );
}

/// `404: 2, 422: 1`, or `none`.
fn by_status(statuses: &BTreeMap<u16, usize>) -> String {
    let each: Vec<_> = statuses.iter().map(|(status, times)| format!("{status}: {times}")).collect();
    if each.is_empty() { "none".to_owned() } else { each.join(", ") }
}

/// What came of the race.
pub fn race(race: &Race) -> String {
    format!(
        "\n{} customers checked out the last {} units at once, in {:.1} s\n\n\
         placed {}, refused {}, oversold {}, units unaccounted for {}\n\
         {:.2} checkouts for each success; p50 {:.0} ms, p99 {:.0} ms; answered 5xx {}",
        race.buyers,
        race.units,
        race.during.as_secs_f64(),
        race.placed,
        race.refused,
        race.oversold(),
        race.unaccounted(),
        race.checkouts_for_each_success(),
        race.answers.percentile(50),
        race.answers.percentile(99),
        race.answers.with(|status| status >= 500),
    )
}

/// What must not be: a line each.
pub fn faults(mixed: &Tally, race: &Race) -> Vec<String> {
    let mut faults = Vec::new();
    if race.oversold() > 0 {
        faults.push(format!("{} units were sold that there were not", race.oversold()));
    }
    if race.unaccounted() > 0 {
        faults.push("units are neither free nor promised to a customer who knows of it".to_owned());
    }
    if race.placed + race.refused != race.buyers {
        let other = race.buyers - race.placed - race.refused;
        faults.push(format!("{other} buyers were answered with neither an order nor a refusal for want of stock"));
    }
    for (what, ends) in [("shoppers", mixed.all()), ("race", race.answers.clone())] {
        let broken = ends.with(|status| status >= 500);
        if broken > 0 {
            faults.push(format!("{broken} answers to the {what} were 5xx: {}", by_status(&ends.errors())));
        }
    }
    faults
}

/// Keeps the numbers for programs.
///
/// # Panics
/// Where the file cannot be written.
pub fn save(words: &Words, mixed: &Tally, race: &Race) {
    let numbers = json!({
        "shoppers": words.shoppers,
        "seconds": mixed.during.as_secs_f64(),
        "operations": mixed.json(),
        "all": mixed.all().json(mixed.during),
        "race": race.json(),
    });
    let path = Path::new(FILE);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the numbers");
    std::fs::write(path, format!("{numbers:#}\n")).expect("the numbers written");
    println!("\nThe numbers are in target/bench/load.json");
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn during(seconds: u64) -> Tally {
        Tally::default().lasting(Duration::from_secs(seconds))
    }

    fn right() -> Race {
        let (answers, during) = (Ends::default(), Duration::from_secs(1));
        Race { units: 20, buyers: 64, placed: 20, refused: 44, reserved: 20, available: 0, answers, during }
    }

    #[test]
    fn nothing_is_wrong_with_a_run_that_is_right() {
        let mut tally = during(1);
        tally.note("search", 429, Duration::from_millis(1));
        assert_eq!(faults(&tally, &right()), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_said() {
        let mut tally = Tally::default();
        tally.note("search", 503, Duration::ZERO);
        assert_eq!(faults(&tally, &right()), ["1 answers to the shoppers were 5xx: 503: 1"]);
        let oversold = Race { placed: 21, refused: 43, reserved: 21, ..right() };
        assert_eq!(faults(&Tally::default(), &oversold).first().unwrap(), "1 units were sold that there were not");
        let odd = Race { refused: 43, ..right() };
        assert!(faults(&Tally::default(), &odd).concat().starts_with("1 buyers"));
    }

    #[test]
    fn the_table_names_errors_and_what_was_too_much() {
        let mut tally = during(2);
        for status in [200, 429, 404, 404] {
            tally.note("product get", status, Duration::from_millis(12));
        }
        let table = mixed(8, &tally);
        let line = table.lines().find(|line| line.starts_with("| product get")).unwrap();
        let cells: Vec<_> = line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(cells, ["product get", "4", "2.0", "12", "12", "12", "12", "1", "404: 2", "none"]);
    }
}
