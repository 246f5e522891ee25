//! The examples of answers in the API's document are what the handlers answer to the sample events.
//!
//! `UPDATE_DOCS=1 cargo test --workspace --test handlers examples` records them anew; `cargo run --bin openapi` puts them into
//! the document.

use std::fs;

use http::header::{CONTENT_TYPE, ETAG};
use registry::Registered;
use serde_json::{Map, Value, json};
use support::Answer;
use support::play::{Stage, sample, story};

use crate::settled::settled;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/openapi/src/examples.json");

/// Describes all the others, and is one itself only as a whole.
const WHOLE: &str = "platform-openapi";

/// The functions that make something the first time, and change it afterwards.
const MADE: [&str; 5] = ["catalog-put-category", "content-put", "coupons-put", "delivery-put-zone", "webhooks-put"];

/// A function, and what is changed of its good event.
type Changed = (&'static str, fn(&mut Value));

/// The functions that answer in a second way, to the good event once it is changed.
const OTHERWISE: [Changed; 3] = [
    ("auth-confirm", |event| body(event, |body| body["session"] = json!("token"))),
    ("consultations-request", |event| body(event, |body| body["text"] = json!("I have a crushing pain in my chest"))),
    ("records-export", |event| {
        event["rawQueryString"] = json!("format=json");
        event["queryStringParameters"] = json!({"format": "json"});
    }),
];

fn body(event: &mut Value, change: impl Fn(&mut Value)) {
    let mut body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    change(&mut body);
    event["body"] = json!(body.to_string());
}

/// What a function answers to its good event, once its story is told.
async fn good(function: &Registered) -> Answer {
    let mut stage = Stage::open_for(function.name()).await;
    story::tell(&mut stage, function.name()).await;
    stage.play_ok(function.name()).await
}

/// What a function answers otherwise; nothing where it has one way alone.
async fn other(function: &Registered) -> Option<Answer> {
    let name = function.name();
    let change = OTHERWISE.iter().find(|(one, _)| *one == name).map(|(_, change)| change);
    let (made, witnessed) = (MADE.contains(&name), name == "catalog-adjust-stock");
    if change.is_none() && !made && !witnessed {
        return None;
    }
    let mut stage = Stage::open_for(name).await;
    story::tell(&mut stage, name).await;
    if witnessed {
        return Some(story::disposal(&mut stage).await);
    }
    let mut event = stage.event(&sample::ok(name).text);
    if made {
        let first = stage.play_ok(name).await;
        event["headers"]["if-match"] = json!(first.headers[ETAG].to_str().unwrap());
    }
    change.into_iter().for_each(|change| change(&mut event));
    let answer = stage.world.send(function.endpoint, &event).await;
    assert!((200..300).contains(&answer.status), "{name}: {} {}", answer.status, answer.text);
    Some(answer)
}

/// By function, status and media type: what was answered.
async fn recorded() -> Value {
    let mut all = Map::new();
    for function in registry::ENDPOINTS.iter().filter(|function| function.name() != WHOLE) {
        let mut own = json!({});
        for answer in [Some(good(function).await), other(function).await].into_iter().flatten() {
            let media = answer.headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
            let media = media.split(';').next().unwrap_or_default();
            if (200..300).contains(&answer.status) && media.ends_with("json") {
                own[answer.status.to_string()][media] = settled(&answer);
            }
        }
        if own != json!({}) {
            all.insert(function.name().to_owned(), own);
        }
    }
    let mut all = Value::Object(all);
    all.sort_all_objects();
    all
}

/// Where two values differ.
fn differences(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
                let member = |of: &Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                differences(&format!("{at}/{name}"), &member(a), &member(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (one, other)) in a.iter().zip(b).enumerate() {
                differences(&format!("{at}/{n}"), one, other, found);
            }
        }
        _ if one != other => found.push(format!("{at}: {one} is {other}")),
        _ => {}
    }
}

#[tokio::test]
async fn the_examples_of_answers_are_what_comes() {
    let recorded = recorded().await;
    let mut found = Vec::new();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        differences("", &recorded, &self::recorded().await, &mut found);
        assert!(found.is_empty(), "what differs each time needs a sample in settled.rs:\n{}", found.join("\n"));
        fs::write(EXAMPLES, serde_json::to_string_pretty(&recorded).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(EXAMPLES).unwrap()).unwrap();
    differences("", &kept, &recorded, &mut found);
    let how = "UPDATE_DOCS=1 cargo test --workspace --test handlers examples, then cargo run --bin openapi";
    assert!(found.is_empty(), "infra/openapi/src/examples.json is not current: {how}\n{}", found.join("\n"));
}
