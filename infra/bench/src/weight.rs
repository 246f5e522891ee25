//! What a binary weighs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::subject::{binary, for_arm64, functions, of_the_local_stack};

/// What a zip archive of one file adds to its compressed bytes.
const ARCHIVE: u64 = 124;

/// The clients of AWS beside the database's.
const CLIENTS: [&str; 4] = ["/aws-sdk-cognitoidentityprovider-", "/aws-sdk-s3-", "/aws-sdk-sesv2-", "/aws-sdk-sns-"];

/// What a function weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// The binary, in bytes.
    pub file: u64,
    /// What is uploaded, in bytes.
    pub zip: u64,
    /// How many clients of AWS are in it, beside the database's.
    #[serde(default)]
    pub clients: u32,
    /// Whether it reads pictures.
    #[serde(default)]
    pub pictures: bool,
}

/// Weighs a release binary.
///
/// # Errors
/// It has not been built.
pub fn size(name: &str) -> Result<Size, String> {
    weigh(&read(&binary(name))?)
}

/// Weighs a binary that was built for arm64 (`make weigh`); `None` where it was not.
///
/// # Errors
/// It cannot be read, or is for another processor.
pub fn size_for_arm64(name: &str) -> Result<Option<Size>, String> {
    let path = for_arm64(name);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = read(&path)?;
    match is_for_arm64(&bytes) {
        true => weigh(&bytes).map(Some),
        false => Err(format!("{} is not for arm64.", path.display())),
    }
}

/// Whether a binary says so of itself.
fn is_for_arm64(bytes: &[u8]) -> bool {
    // The kind of the machine in the header of an ELF file.
    bytes.starts_with(b"\x7fELF") && bytes.get(18..20) == Some(&[0xB7, 0x00][..])
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn weigh(bytes: &[u8]) -> Result<Size, String> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).map_err(|error| error.to_string())?;
    let packed = packed.finish().map_err(|error| error.to_string())?;
    // A binary names the source files of what can fail in it.
    let names = |source: &str| bytes.windows(source.len()).any(|window| window == source.as_bytes());
    Ok(Size {
        file: bytes.len() as u64,
        zip: packed.len() as u64 + ARCHIVE,
        clients: CLIENTS.iter().map(|client| u32::from(names(client))).sum(),
        pictures: names("/zune-jpeg"),
    })
}

/// The bytes of each function as the local stack runs it: all of them are built by every run of the tests. They say little
/// of what is deployed, but a function that links something new is heavier here as well.
///
/// # Errors
/// One has not been built.
pub fn in_the_local_stack() -> Result<BTreeMap<String, u64>, String> {
    let weigh = |name: &'static str| {
        let path = of_the_local_stack(name);
        match fs::metadata(&path) {
            Ok(file) => Ok((name.to_owned(), file.len())),
            Err(error) => Err(format!("{}: {error}. Build first: python3 infra/local/stack.py build", path.display())),
        }
    };
    functions().into_iter().map(weigh).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_says_what_it_is_for() {
        let of = |machine: u8| {
            let mut header = b"\x7fELF\x02\x01\x01".to_vec();
            header.resize(18, 0);
            header.extend([machine, 0]);
            header
        };
        assert!(is_for_arm64(&of(0xB7)));
        // What this test is run as most of the time, and what is too short to say anything.
        assert!(!is_for_arm64(&of(0x3E)) && !is_for_arm64(b"\x7fELF") && !is_for_arm64(b"#!/bin/sh"));
    }

    #[test]
    fn what_is_linked_is_told_by_the_names_in_a_binary() {
        let plain = weigh(b"/aws-sdk-dynamodb-1.136/src/lib.rs").unwrap();
        assert_eq!((plain.clients, plain.pictures), (0, false));
        let more = weigh(b"/aws-sdk-s3-1.157/src/x.rs /aws-sdk-sns-1.121/src/x.rs /zune-jpeg-0.5/src/x.rs").unwrap();
        assert_eq!((more.clients, more.pictures), (2, true));
        assert!(plain.zip > ARCHIVE && plain.file == 34, "{plain:?}");
    }
}
