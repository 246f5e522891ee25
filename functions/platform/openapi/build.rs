//! Packs the document as it is sent: without the white space that it is kept with, and compressed once for all requests.

use std::io::Write;
use std::path::Path;
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

const DOCUMENT: &str = "../../../docs/openapi.json";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={DOCUMENT}");
    let packed = packed(&fs::read_to_string(DOCUMENT)?);
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("openapi.json"), &packed)?;
    let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
    compressed.write_all(packed.as_bytes())?;
    fs::write(Path::new(&out).join("openapi.json.gz"), compressed.finish()?)
}

/// JSON without the white space between its tokens; the order of members stays.
fn packed(json: &str) -> String {
    let (mut within_text, mut escaped) = (false, false);
    let keep = |c: &char| {
        let ends = *c == '"' && !escaped;
        escaped = within_text && *c == '\\' && !escaped;
        let kept = within_text || !c.is_ascii_whitespace();
        within_text ^= ends;
        kept
    };
    json.chars().filter(keep).collect()
}
