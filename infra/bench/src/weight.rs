//! What a binary weighs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::subject::{binary, functions, of_the_local_stack};

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
    let path = binary(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bytes).map_err(|error| error.to_string())?;
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
