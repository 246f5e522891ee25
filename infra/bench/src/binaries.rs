//! What a function weighs, and how many instructions it runs: the same at every run of the same binary.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::sandbox::Sandbox;
use crate::subject::{Subject, binary, is_good, root};
use crate::tls::Door;

/// What a zip archive of one file adds to its compressed bytes.
const ARCHIVE: u64 = 124;

/// Lets the kernel put nothing anywhere by chance, and the C library choose no code by the machine.
const CALLGRIND: &[&str] = &["setarch", "-R", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];

/// What a function weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// The binary, in bytes.
    pub file: u64,
    /// What is uploaded, in bytes.
    pub zip: u64,
}

/// What a function runs, from its start to several moments.
///
/// All that chance can do is to add: a start that waits too long for AWS leaves its work to the first request, and a
/// connection that is not free yet is joined by another. So the least of several runs is what counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instructions {
    /// To its first question for an event.
    pub start: u64,
    /// To its first answer, without TLS.
    pub first: u64,
    /// To its third.
    pub third: u64,
    /// To its first answer, with TLS.
    pub first_tls: u64,
}

impl Instructions {
    /// One more request.
    pub fn of_a_request(&self) -> u64 {
        self.third.saturating_sub(self.first) / 2
    }

    /// What TLS adds.
    pub fn of_tls(&self) -> u64 {
        self.first_tls.saturating_sub(self.first)
    }

    /// The lesser of each.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        Self {
            start: self.start.min(other.start),
            first: self.first.min(other.first),
            third: self.third.min(other.third),
            first_tls: self.first_tls.min(other.first_tls),
        }
    }
}

/// Weighs a release binary.
///
/// # Errors
/// It has not been built.
pub fn size(name: &str) -> Result<Size, String> {
    let path = binary(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bytes).map_err(|error| error.to_string())?;
    let packed = packed.finish().map_err(|error| error.to_string())?;
    Ok(Size { file: bytes.len() as u64, zip: packed.len() as u64 + ARCHIVE })
}

/// Counts the instructions of a function under callgrind.
///
/// # Errors
/// valgrind is not there, or the function does not answer.
pub async fn instructions(name: &'static str) -> Result<Instructions, String> {
    Ok(Instructions {
        start: collected(name, 0, Way::Plain).await?,
        first: collected(name, 1, Way::Plain).await?,
        third: collected(name, 3, Way::Plain).await?,
        first_tls: collected(name, 1, Way::Tls).await?,
    })
}

/// The same for several.
pub async fn all_instructions(
    functions: &[&'static str],
    mut progress: impl FnMut(&str),
) -> BTreeMap<String, Result<Instructions, String>> {
    let mut counted = BTreeMap::new();
    for name in functions {
        progress(name);
        counted.insert((*name).to_owned(), instructions(name).await);
    }
    counted
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Tls,
}

async fn collected(name: &'static str, events: usize, way: Way) -> Result<u64, String> {
    let mut subject = Subject::prepare(name).await;
    if let Some(stage) = &subject.stage {
        stage.cloud.note_answers();
        if way == Way::Tls {
            let behind = subject.environment["AWS_ENDPOINT_URL"].trim_start_matches("http://").parse();
            let door = Door::open(behind.expect("an address"), &root().join("target/bench")).await;
            subject.by_way_of(&door.endpoint, &door.certificates);
        }
    }
    let mut sandbox = Sandbox::spawn(&binary(name), &subject.environment, CALLGRIND).await?;
    sandbox.ready().await?;
    for _ in 0..events {
        let (_, answer) = sandbox.invoke(&subject.event).await?;
        if !is_good(&answer) {
            return Err(format!("its good event went wrong: {}", String::from_utf8_lossy(&answer)));
        }
        if let Some(stage) = &subject.stage {
            stage.cloud.repeat_answers();
        }
    }
    let said = sandbox.end();
    let count = said.lines().find_map(|line| line.split_once("Collected : "));
    count.and_then(|(_, number)| number.trim().parse().ok()).ok_or_else(|| format!("callgrind said nothing: {said}"))
}
