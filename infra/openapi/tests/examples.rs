//! Every answer in JSON has an example, and each example is what its schema says.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken document must stop the test"
)]

mod schema;

use schema::Checker;
use serde_json::{Value, json};

/// Whose answers have no example, and why.
const WITHOUT: [(&str, &str); 1] = [("platform-openapi", "the answer is this document")];

/// What may be seen of anything that lets somebody in somewhere.
const SHOWN: &str = "a-sample-";

fn document() -> Value {
    openapi::document().unwrap_or_else(|faults| panic!("{}", faults.join("\n")))
}

/// The good answers in JSON: the operation, status and media type, and what is said of it.
fn answers(document: &Value) -> Vec<(String, &Value)> {
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut found = Vec::new();
    for operation in operations {
        let name = operation["operationId"].as_str().unwrap();
        if WITHOUT.iter().any(|(without, _)| *without == name) {
            continue;
        }
        for (status, response) in operation["responses"].as_object().unwrap().iter().filter(|(s, _)| s.starts_with('2'))
        {
            let content = response["content"].as_object().into_iter().flatten();
            let json = content.filter(|(media, _)| media.ends_with("json"));
            found.extend(json.map(|(media, body)| (format!("{name} {status} {media}"), body)));
        }
    }
    found
}

#[test]
fn every_answer_in_json_has_an_example_that_is_what_its_schema_says() {
    let document = document();
    let checker = Checker::new(&document);
    let mut faults = Vec::new();
    for (at, body) in answers(&document) {
        match body.get("example") {
            None => faults.push(format!("{at} has no example")),
            Some(example) => faults.extend(checker.faults(&at, &body["schema"], example)),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (name, why) in WITHOUT {
        let mut there =
            document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        assert!(there.any(|operation| operation["operationId"] == name), "{name}: {why}");
    }
}

/// What is in a text that no sample should have: a token, or a signature.
fn looks_secret(name: &str, value: &Value) -> bool {
    let named = ["secret", "ticket", "otpauth_uri", "challenge_session"].contains(&name)
        || ["_token", "_secret"].iter().any(|ending| name.ends_with(ending));
    let text = value.as_str().unwrap_or_default();
    (named && !text.is_empty() && !text.contains(SHOWN))
        || text.contains("eyJ")
        || (text.contains("X-Amz-Signature=") && !text.contains(SHOWN))
}

fn secrets(name: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| secrets(name, member, found)),
        Value::Array(items) => items.iter().for_each(|item| secrets(name, item, found)),
        value if looks_secret(name, value) => found.push(format!("{name}: {value}")),
        _ => {}
    }
}

#[test]
fn no_example_shows_a_secret() {
    let document = document();
    let mut found = Vec::new();
    answers(&document).iter().for_each(|(_, body)| secrets("", &body["example"], &mut found));
    assert!(found.is_empty(), "{}", found.join("\n"));
    for seen in [json!({"access_token": "x"}), json!(["eyJhbGciOi"]), json!({"url": "https://x/?X-Amz-Signature=0f"})] {
        secrets("", &seen, &mut found);
    }
    assert_eq!(found.len(), 3, "{found:?}");
}
