//! The sample events, as they are written.

use std::fs;
use std::path::PathBuf;

use registry::Registered;

/// A sample event of a function.
pub struct Sample {
    /// Its function.
    pub function: &'static str,
    /// What it is named for: `ok`, `invalid`, …
    pub outcome: String,
    /// The event, with `${CUSTOMER_TOKEN}` and its like where secrets go.
    pub text: String,
}

/// The sample events of a function, by outcome.
pub fn samples(function: &'static str) -> Vec<Sample> {
    let mut files: Vec<_> = fs::read_dir(folder(function))
        .unwrap_or_else(|error| panic!("the events of {function}: {error}"))
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let sample = |file: PathBuf| Sample {
        function,
        outcome: file.file_stem().unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(&file).unwrap(),
    };
    files.into_iter().map(sample).collect()
}

/// The sample events of all endpoints that are named for `outcome`.
pub fn all(outcome: &str) -> Vec<(&'static Registered, Sample)> {
    let of = |function: &'static Registered| samples(function.name()).into_iter().map(move |sample| (function, sample));
    let samples = registry::ENDPOINTS.iter().flat_map(of);
    samples.filter(|(_, sample)| sample.outcome == outcome).collect()
}

/// The event of `function` for when all is well.
pub fn ok(function: &'static str) -> Sample {
    let sample = samples(function).into_iter().find(|sample| sample.outcome == "ok");
    sample.unwrap_or_else(|| panic!("{function} has no event for when all is well"))
}

fn folder(function: &str) -> PathBuf {
    let events = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events"));
    // Areas are one word; operations may be several.
    let (area, operation) = function.split_once('-').unwrap();
    events.join(area).join(operation)
}
