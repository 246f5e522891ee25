//! Writes what is made from the code: the API's OpenAPI document to `docs/openapi.json`, the routes of the deployed API into
//! `infra/api.yaml`, and the dashboards of the areas to `infra/dashboards.yaml`. `cargo run --bin openapi`

use std::path::Path;
use std::process::ExitCode;

use openapi::{dashboards, routes};

fn main() -> ExitCode {
    let written = openapi::render().and_then(|text| write(&openapi::path(), text)).and_then(|()| {
        let template = std::fs::read_to_string(routes::path()).map_err(|error| vec![error.to_string()])?;
        write(&routes::path(), routes::render(&template)?)
    });
    let written = written.and_then(|()| {
        let drawn = dashboards::render().map_err(|error| vec![error.to_string()])?;
        write(&dashboards::path(), drawn)
    });
    let Err(faults) = written else { return ExitCode::SUCCESS };
    for fault in faults {
        eprintln!("{fault}");
    }
    ExitCode::FAILURE
}

fn write(path: &Path, text: String) -> Result<(), Vec<String>> {
    std::fs::write(path, text).map_err(|error| vec![format!("{}: {error}", path.display())])
}
