//! What a binary weighs.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::subject::binary;

/// What a zip archive of one file adds to its compressed bytes.
const ARCHIVE: u64 = 124;

/// What a function weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// The binary, in bytes.
    pub file: u64,
    /// What is uploaded, in bytes.
    pub zip: u64,
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
