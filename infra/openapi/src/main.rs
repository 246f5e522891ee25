//! Writes the API's OpenAPI document to `docs/openapi.json`: `cargo run --bin openapi`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let written = openapi::render()
        .and_then(|text| std::fs::write(openapi::path(), text).map_err(|error| vec![error.to_string()]));
    let Err(faults) = written else { return ExitCode::SUCCESS };
    for fault in faults {
        eprintln!("{fault}");
    }
    ExitCode::FAILURE
}
