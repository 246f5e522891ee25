//! Where the instructions of a function go: `make bench-profile only=cart-put-item`.
//!
//! It is built once more as it is deployed, but with the names of its functions in it, which changes nothing of what it does.
//! Its own tape is heard up to its first question for an event, its first answer and its third; what callgrind wrote down of
//! each stays in `target/bench/profile`, for other tools.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Callgrind, Tape};
use crate::subject::{profiled, root};

/// How many functions are shown.
const SHOWN: usize = 25;
/// Whoever has a larger part than this is what everything runs in.
const FRAME: f64 = 0.97;

/// What functions of the program ran, with what they called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    total: u64,
    functions: BTreeMap<String, u64>,
}

impl Part {
    /// Reads what `callgrind_annotate` says.
    fn read(said: &str) -> Self {
        let mut part = Self::default();
        for (count, name) in said.lines().filter_map(counted) {
            match name {
                "PROGRAM TOTALS" => part.total = count,
                name => {
                    // The same function may come from several files.
                    let most = part.functions.entry(function(name).to_owned()).or_default();
                    *most = (*most).max(count);
                }
            }
        }
        part
    }

    /// What of it came after `before`, for each of so many times.
    fn since(&self, before: &Self, times: u64) -> Self {
        let more = |(name, count): (&String, &u64)| {
            let before = before.functions.get(name).copied().unwrap_or_default();
            (name.clone(), count.saturating_sub(before) / times)
        };
        Self {
            total: self.total.saturating_sub(before.total) / times,
            functions: self.functions.iter().map(more).collect(),
        }
    }

    /// A row for each of those that run most.
    fn table(&self) -> String {
        let total = self.total.max(1) as f64;
        let mut functions: Vec<_> = self.functions.iter().map(|(name, count)| (*count as f64, name)).collect();
        functions.retain(|(count, _)| count / total <= FRAME);
        functions.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let row = |(count, name): &(f64, &String)| {
            format!("| {:.1}% | {:.3} | `{}` |", count / total * 100.0, count / 1e6, name.replace('|', "\\|"))
        };
        let rows: Vec<_> = functions.iter().take(SHOWN).map(row).collect();
        format!("| of it | M | function, with what it calls |\n|---:|---:|---|\n{}", rows.join("\n"))
    }
}

/// A count and what it is of, as in `1,234 (5.60%)  file.rs:function [object]`.
fn counted(line: &str) -> Option<(u64, &str)> {
    let (count, name) = line.trim_start().split_once(' ')?;
    let count = count.replace(',', "").parse().ok()?;
    let name = match name.trim_start().strip_prefix('(') {
        Some(percent) => percent.split_once(')')?.1,
        None => name,
    };
    Some((count, name.trim()))
}

/// The name of a function without the file before it and the object behind it.
fn function(name: &str) -> &str {
    let name = name.split_once(':').map_or(name, |(_, name)| name);
    match name.rsplit_once(" [") {
        Some((name, object)) if object.ends_with(']') && object.starts_with('/') => name,
        _ => name,
    }
}

/// What `callgrind_annotate` says of a file; nothing where it is missing.
fn annotated(file: &Path) -> Option<String> {
    let said = Command::new("callgrind_annotate")
        .args(["--inclusive=yes", "--threshold=100", "--auto=no"])
        .arg(file)
        .output()
        .ok()?;
    said.status.success().then(|| String::from_utf8_lossy(&said.stdout).into_owned())
}

impl Callgrind {
    /// Where the instructions of a start and of one more request go, as tables.
    ///
    /// # Errors
    /// It has not been built, or does not answer.
    pub async fn profile(&self, name: &'static str) -> Result<String, String> {
        let (binary, kept) = (profiled(name), format!("{name}.profiled"));
        if !binary.exists() {
            return Err(format!("{} is missing. Run make bench-profile only={name}", binary.display()));
        }
        let folder = root().join("target/bench/profile");
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let files = ["start", "first", "third"].map(|moment| folder.join(format!("{name}.{moment}.callgrind")));
        let heard = Tape::kept(&kept).is_some_and(|tape| tape.write_to(&files).is_ok());
        if !heard {
            self.record(name, &binary, &kept).await?.write_to(&files)?;
        }
        let said: Option<Vec<_>> = files.iter().map(|file| annotated(file)).collect();
        let told = match said.as_deref() {
            Some([start, first, third]) => {
                let [start, first, third] = [start, first, third].map(|said| Part::read(said));
                let request = third.since(&first, 2);
                let part = |what: &str, part: &Part| {
                    format!("{name}, {what}: {:.2} M instructions\n\n{}\n", part.total as f64 / 1e6, part.table())
                };
                format!("{}\n{}", part("a start", &start), part("one more request", &request))
            }
            _ => "callgrind_annotate, which would tell them in order, is missing.\n".to_owned(),
        };
        Ok(format!("{told}\nAll of it: {}\n", files.map(|file| file.display().to_string()).join(", ")))
    }
}

impl Tape {
    /// Lets the function hear the tape up to each moment, and writes down what it runs.
    fn write_to(&self, files: &[PathBuf; 3]) -> Result<(), String> {
        for (until, file) in self.until.into_iter().zip(files) {
            self.replay(until, file)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
--------------------------------------------------------------------------------
Profile data file 'x' (creator: callgrind-3.19.0)
--------------------------------------------------------------------------------
Timerange: Basic block 0 - 28934
Events recorded:  Ir
--------------------------------------------------------------------------------
2,000 (100.0%)  PROGRAM TOTALS

--------------------------------------------------------------------------------
Ir              file:function
--------------------------------------------------------------------------------
2,000 (100.0%)  ???:main [/work/target/profiled/release/cart-get]
1,000 (50.00%)  ???:<shared::api::App as core::fmt::Debug>::fmt [/work/target/profiled/release/cart-get]
  120 ( 6.00%)  ./string/memcpy.S:memcpy [/usr/lib/libc.so.6]
   20 ( 1.00%)  ./string/memcpy-other.S:memcpy
   10  ???:plain::name
";

    #[test]
    fn what_is_annotated_is_read() {
        let part = Part::read(SAID);
        let found = |name: &str| part.functions.get(name).copied();
        assert_eq!(part.total, 2000);
        assert_eq!(found("<shared::api::App as core::fmt::Debug>::fmt"), Some(1000));
        assert_eq!((found("memcpy"), found("plain::name"), part.functions.len()), (Some(120), Some(10), 4));
    }

    #[test]
    fn a_request_is_the_half_of_what_two_more_ran() {
        let part = |total, count| Part { total, functions: BTreeMap::from([("f".to_owned(), count)]) };
        assert_eq!(part(1000, 700).since(&part(400, 100), 2), part(300, 300));
    }

    #[test]
    fn what_everything_runs_in_is_left_out_and_the_largest_comes_first() {
        let table = Part::read(SAID).table();
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| 50.0% | 0.001 | `<shared::api::App as core::fmt::Debug>::fmt` |");
        assert!(rows[1].contains("memcpy") && rows.len() == 3, "{table}");
    }
}
