//! Every test that `docs/security.md` and `docs/compliance.md` name exists.

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The tests that a document names as `path/to/file.rs::name` in backticks.
fn named(document: &str) -> Vec<(&str, &str)> {
    let quoted = document.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once("::")).filter(|(file, _)| file.ends_with(".rs")).collect()
}

/// The document names at least so many tests, and each of them exists.
fn names_tests_that_exist(document: &str, at_least: usize) {
    let root = Path::new(ROOT);
    let text = std::fs::read_to_string(root.join(document)).unwrap_or_default();
    let named = named(&text);
    assert!(named.len() > at_least, "{document}: {} tests are named", named.len());
    for (file, test) in named {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(source.contains(&format!("fn {test}(")), "{document} names {file}::{test}, which does not exist");
    }
}

#[test]
fn every_test_that_is_named_exists() {
    names_tests_that_exist("docs/security.md", 50);
}

#[test]
fn every_test_that_compliance_rests_on_exists() {
    names_tests_that_exist("docs/compliance.md", 30);
}
