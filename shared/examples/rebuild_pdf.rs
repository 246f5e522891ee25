//! Rebuilds every PDF of a directory as the check of uploads does: `rebuild_pdf <from> <to>`. What is refused becomes a file
//! with the reason, `<name>.refused`. For readers that are not written in Rust (`tests/pdf_judges`).

use std::error::Error;
use std::fs;
use std::path::Path;

use shared::prescriptions::document::{DocumentType, check};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("which directories? rebuild_pdf <from> <to>".into());
    };
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        match check(&fs::read(&path)?, DocumentType::Pdf) {
            Ok(document) => fs::write(Path::new(&to).join(name), document.bytes)?,
            Err(refusal) => fs::write(Path::new(&to).join(name).with_extension("refused"), refusal.as_str())?,
        }
    }
    Ok(())
}
