//! Every function has everything that belongs to it.

use std::collections::BTreeSet;

use crate::Faults;
use crate::house::{Function, House, Row, Sort};

/// What a manifest says beside its name and its dependencies.
const MANIFEST: [&str; 12] = [
    "[package]",
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
    "publish.workspace = true",
    "[lib]",
    "doctest = false",
    "[[bin]]",
    "path = \"src/main.rs\"",
    "[dependencies]",
    "[lints]",
];

/// Each binary of tests is linked by itself, and most functions have no test of their own: handlers are tested all together.
const NO_TESTS: &str = "test = false";

/// The outcomes that a sample event may be named for.
const OUTCOMES: [&str; 5] = ["ok", "invalid", "unauthenticated", "not_found", "forbidden"];

/// The package is named for its folder, its manifest takes everything from the workspace, and `main` only serves.
pub fn crates_follow_the_pattern(house: &House) -> Faults {
    let mut faults = Faults::new();
    for Function { name, folder, sort } in house.functions() {
        let manifest: Vec<_> =
            house.text(&format!("{folder}/Cargo.toml")).lines().filter(|line| !line.is_empty()).collect();
        for wanted in MANIFEST {
            if !manifest.contains(&wanted) {
                faults.push(format!("{folder}/Cargo.toml does not say {wanted}"));
            }
        }
        let named = format!("name = \"{name}\"");
        if manifest.iter().filter(|line| **line == named).count() != 2 {
            faults.push(format!("{folder}/Cargo.toml does not say {named} of its package and its binary"));
        }
        let own = house.text(&format!("{folder}/src/lib.rs")).contains("#[cfg(test)]");
        if manifest.iter().filter(|line| **line == NO_TESTS).count() != if own { 1 } else { 2 } {
            faults
                .push(format!("{folder}/Cargo.toml: its binary has no tests, and its library none unless it says so"));
        }
        let settled = |line: &str| MANIFEST.contains(&line) || line == NO_TESTS || line.starts_with("name = ");
        for line in manifest.iter().filter(|line| !line.starts_with('[') && !settled(line)) {
            if !line.ends_with("workspace = true") {
                faults.push(format!("{folder}/Cargo.toml: {line}: take it from the workspace"));
            }
        }
        let (serve, what) = match sort {
            Sort::Endpoint => ("serve", "ENDPOINT"),
            Sort::Worker => ("serve_events", "WORKER"),
            Sort::Socket => ("serve_socket", "SOCKET"),
        };
        let main = format!(
            "//! The Lambda function `{name}`.\n\nfn main() -> Result<(), shared::api::Fatal> {{\n    \
             shared::api::{serve}(&{}::{what})\n}}\n",
            name.replace('-', "_")
        );
        if house.text(&format!("{folder}/src/main.rs")) != main {
            faults.push(format!("{folder}/src/main.rs is not the three lines that serve {what}"));
        }
    }
    if house.functions().is_empty() {
        faults.push("there are no functions".to_owned());
    }
    faults
}

/// The registry lists every function once, by name, and nothing else.
pub fn every_function_is_registered(house: &House) -> Faults {
    let mut faults = Faults::new();
    for (list, sort) in [("endpoints", Sort::Endpoint), ("workers", Sort::Worker), ("sockets", Sort::Socket)] {
        let there = house.functions().into_iter().filter(|function| function.sort == sort);
        let there: Vec<_> = there.map(|function| function.name.replace('-', "_")).collect();
        let listed = house.registered(list);
        faults.extend(differences(&there, &listed, &format!("the {list} of infra/registry/src/lib.rs")));
        if !listed.is_sorted() {
            faults.push(format!("the {list} of infra/registry/src/lib.rs are not in order"));
        }
    }
    for Function { name, folder, .. } in house.functions() {
        let line = format!("\n{name} = {{ path = \"../../{folder}\" }}\n");
        if !house.text("infra/registry/Cargo.toml").contains(&line) {
            faults.push(format!("infra/registry/Cargo.toml does not name {name}"));
        }
    }
    faults
}

/// The access table has a row for every endpoint and for nothing else.
pub fn every_endpoint_has_its_row(house: &House) -> Faults {
    let there: Vec<_> = house.endpoints().into_iter().map(|function| function.name).collect();
    let rows: Vec<_> = house.rows().into_iter().map(|row| row.function).collect();
    differences(&there, &rows, "the access table")
}

/// `#[utoipa::path(…)]` and the first line of the crate say the route of the access table.
pub fn annotations_name_the_route_of_the_row(house: &House) -> Faults {
    let mut faults = Faults::new();
    for function in house.endpoints() {
        let Some(Row { method, path, .. }) = house.rows().into_iter().find(|row| row.function == function.name) else {
            continue;
        };
        let lib = format!("{}/src/lib.rs", function.folder);
        let annotation = format!("#[utoipa::path({}, path = \"{path}\"", method.to_lowercase());
        let flat: String = house.text(&lib).split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
        if !flat.contains(&annotation) {
            faults.push(format!("{lib} does not have {annotation}"));
        }
        if !house.text(&lib).starts_with(&format!("//! `{method} {path}`: ")) {
            faults.push(format!("{lib} does not begin with //! `{method} {path}`: what it does"));
        }
    }
    faults
}

/// A sample event for each outcome that a function must be tried with, and none for outcomes that do not exist.
pub fn every_function_has_its_events(house: &House) -> Faults {
    let mut faults = Faults::new();
    let functions = house.functions();
    for function in &functions {
        let folder = function.folder.replacen("functions/", "events/", 1);
        let row = house.rows().into_iter().find(|row| row.function == function.name);
        let source = house.text(&format!("{}/src/lib.rs", function.folder));
        let closed = row.as_ref().is_some_and(|row| row.access == "SignedIn" || row.access.starts_with("Needs("));
        let takes = [".json::<", ".json_with", ".body_fields", ".body_numbers_as_text", ".query::<", ".query_fields"]
            .iter()
            .any(|input| source.contains(input));
        let nested = row.as_ref().is_some_and(|row| row.path.contains('{'));
        for (outcome, wanted) in [
            ("ok", true),
            ("unauthenticated", closed),
            ("invalid", takes && row.is_some()),
            ("not_found", nested && !takes),
        ] {
            let path = format!("{folder}/{outcome}.json");
            if wanted && !house.has(&path) {
                faults.push(format!("{path} is missing"));
            }
        }
    }
    for (path, text) in house.below("events/") {
        let (folder, file) = path.rsplit_once('/').unwrap_or_default();
        if !functions.iter().any(|function| function.folder.replacen("functions/", "events/", 1) == folder) {
            faults.push(format!("{path} belongs to no function"));
        }
        if !file.strip_suffix(".json").is_some_and(|outcome| OUTCOMES.contains(&outcome)) {
            faults.push(format!("{path} is named for no outcome"));
        }
        if serde_json::from_str::<serde_json::Value>(text).is_err() {
            faults.push(format!("{path} is not JSON"));
        }
    }
    faults
}

/// Every function is named by a `covers!(…)` in an end-to-end test, and every `covers!(…)` names a function.
pub fn every_function_is_covered_end_to_end(house: &House) -> Faults {
    let there: Vec<_> = house.functions().into_iter().map(|function| function.name).collect();
    let mut covered = BTreeSet::new();
    for (_, source) in house.sources("tests/e2e/tests/") {
        for names in source.split("covers!(").skip(1).filter_map(|rest| rest.split(')').next()) {
            covered.extend(names.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
        }
    }
    differences(&there, &covered.into_iter().collect::<Vec<_>>(), "covers!(…) of tests/e2e")
}

/// What of the functions is missing in a list, and what is in the list and no function.
fn differences(functions: &[String], listed: &[String], list: &str) -> Faults {
    let missing = functions.iter().filter(|name| !listed.contains(name)).map(|name| format!("{name} is not in {list}"));
    let extra =
        listed.iter().filter(|name| !functions.contains(name)).map(|name| format!("{name}, in {list}, is no function"));
    missing.chain(extra).collect()
}
