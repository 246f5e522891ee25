//! Every test that `docs/security.md` names exists.

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The tests that a document names as `path/to/file.rs::name` in backticks.
fn named(document: &str) -> Vec<(&str, &str)> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once("::")).filter(|(file, _)| file.ends_with(".rs")).collect()
}

#[test]
fn every_test_that_is_named_exists() {
    let root = Path::new(ROOT);
    let document = std::fs::read_to_string(root.join("docs/security.md")).unwrap();
    let named = named(&document);
    assert!(named.len() > 50, "{} tests are named", named.len());
    for (file, test) in named {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(source.contains(&format!("fn {test}(")), "docs/security.md names {file}::{test}, which does not exist");
    }
}
