//! The figures that CI holds the house to: `infra/bench/baseline/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::callgrind::Instructions;
use crate::counts::{Count, Counts};
use crate::subject::root;
use crate::weight::Size;

/// By how much weight and instructions may rise before it is a fault: what chance does to them is far below.
const TOLERANCE: f64 = 1.02;

/// The functions whose binaries are held to the baseline, one of each kind: nothing but the frame, a read, a write, a
/// transaction, Cognito, S3.
pub const KINDS: &[&str] = &[
    "platform-health",
    "catalog-get-product",
    "cart-put-item",
    "checkout-place-order",
    "auth-login",
    "profile-start-picture",
];

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

/// Where a binary has become heavier, or runs more instructions, than is held of it.
pub fn rises(held: &Binaries, measured: &Binaries) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, now) in measured {
        let Some(held) = held.get(name) else {
            faults.push(format!("{name} is not in the baseline"));
            continue;
        };
        // TLS is not in step with the world: it is shown, and not held.
        for (what, held, now) in [
            ("bytes of the binary", held.size.file, now.size.file),
            ("bytes of the zip", held.size.zip, now.size.zip),
            ("instructions to the first question", held.instructions.start, now.instructions.start),
            ("instructions to the first answer", held.instructions.first, now.instructions.first),
            ("instructions to the third answer", held.instructions.third, now.instructions.third),
        ] {
            if now as f64 > held as f64 * TOLERANCE {
                let percent = (now as f64 / held.max(1) as f64 - 1.0) * 100.0;
                faults.push(format!("{name}: {what} {held} → {now}, {percent:.1}% more"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(file: u64, third: u64) -> Binaries {
        let size = Size { file, zip: 50, ..Size::default() };
        let instructions = Instructions { third, ..Instructions::default() };
        BTreeMap::from([("cart-get".to_owned(), Binary { size, instructions })])
    }

    #[test]
    fn what_is_within_the_tolerance_is_no_rise() {
        assert_eq!(rises(&binaries(100, 100), &binaries(102, 102)), [] as [&str; 0]);
        let faults = rises(&binaries(100, 100), &binaries(103, 105));
        assert_eq!(faults.len(), 2);
        assert!(faults[0].contains("3.0% more") && faults[1].contains("5.0% more"), "{faults:?}");
        assert_eq!(rises(&Binaries::new(), &binaries(1, 1)), ["cart-get is not in the baseline"]);
    }

    #[test]
    fn the_baseline_holds_one_of_each_kind() {
        let held: Binaries = read("binaries.json").unwrap();
        let mut kinds = KINDS.to_vec();
        kinds.sort_unstable();
        assert_eq!(held.keys().collect::<Vec<_>>(), kinds);
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
