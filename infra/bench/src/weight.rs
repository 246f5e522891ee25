//! What a binary weighs.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::subject::binary;

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
