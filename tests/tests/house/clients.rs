//! The clients that docs/clients holds for frontend developers, each run by node against a server of its own.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_browser_clients_keep_what_they_promise() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/clients");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let (tests, clients): (Vec<PathBuf>, Vec<PathBuf>) = files
        .filter(|path| path.to_str().unwrap().ends_with("js"))
        .partition(|path| path.to_str().unwrap().ends_with(".test.mjs"));
    assert!(!clients.is_empty() && clients.iter().all(|client| tests.contains(&client.with_extension("test.mjs"))));
    match Command::new("node").arg("--test").args(&tests).output() {
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("There is no node here; docs/clients was not tried.")
        }
        Err(error) => panic!("node does not start: {error}"),
    }
}

#[test]
fn what_is_written_from_the_document_is_current_and_every_code_has_its_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let run = Command::new("python3").arg(root.join("infra/clients/write.py")).arg("--check").output().unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

#[test]
fn every_code_of_a_field_has_its_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (page, given) = (text("docs/api/errors.md"), text("infra/openapi/src/field_codes.tsv"));
    let (_, table) = page.split_once("## The codes of fields").unwrap();
    let code = |line: &str| line.strip_prefix("| `")?.split_once("` | ").map(|(code, _)| code.to_owned());
    let told: BTreeSet<String> = table.lines().filter_map(code).collect();
    let given: BTreeSet<String> = given
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .flat_map(|(_, codes)| codes.split(' '))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = given.iter().filter(|code| !code.is_empty() && !told.contains(*code)).collect();
    assert!(missing.is_empty(), "docs/api/errors.md has no sentence for {missing:?} of fields");
}

#[test]
fn the_codes_of_fields_are_those_that_the_code_gives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = root.join("infra/openapi/field_codes.py");
    let run = Command::new("python3").arg(script).arg("--check").output().unwrap();
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}
