//! What docs/openapi.json says of answers is what comes: every status, every header, and no tag that does not come.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use shared::identity::access;
use support::Answer;
use support::play::{Stage, sample, story};

/// What the document says of all answers at once, or by the type of their body.
const OF_ALL: [&str; 6] = [
    "content-security-policy",
    "content-type",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
];

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The answer that the document promises for a status.
fn promised<'a>(document: &'a Value, function: &str, status: u16) -> Option<&'a Value> {
    let route = access::route(function).unwrap();
    let operation = &document["paths"][route.path][route.method.to_lowercase()];
    let response = operation["responses"].get(status.to_string())?;
    match response["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')),
        None => Some(response),
    }
}

fn faults(document: &Value, function: &str, answer: &Answer) -> Vec<String> {
    let status = answer.status;
    let Some(response) = promised(document, function, status) else {
        return vec![format!("{function} answers {status}, which it does not say")];
    };
    let told: BTreeSet<_> =
        response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect();
    let came = answer.headers.keys().map(|name| name.as_str().to_owned());
    let came: BTreeSet<_> = came.filter(|name| !OF_ALL.contains(&name.as_str())).collect();
    let mut faults: Vec<_> = came
        .difference(&told)
        .map(|name| format!("{function} answers {status} with {name}, which it does not say"))
        .collect();
    faults.extend(
        unlisted(response, answer).map(|code| format!("{function} answers {status} {code}, which it does not list")),
    );
    let tags = ["etag", "location", "vary"].map(str::to_owned);
    faults.extend(
        tags.iter()
            .filter(|name| told.contains(*name) && !came.contains(*name))
            .map(|name| format!("{function} answers {status} without {name}, which it promises")),
    );
    faults
}

/// The codes of a problem and of its fields that the document does not list for this operation and status.
fn unlisted<'a>(response: &'a Value, answer: &'a Answer) -> impl Iterator<Item = String> + 'a {
    let own = response.pointer("/content/application~1problem+json/schema/allOf/1/properties");
    let listed = move |at: &str, code: &str| {
        let codes = own.and_then(|own| own.pointer(at)).and_then(Value::as_array);
        codes.is_some_and(|codes| codes.iter().any(|known| known == code))
    };
    let problem = answer.body["code"].as_str().filter(|_| answer.status >= 400);
    let problem = problem.filter(move |code| !listed("/code/enum", code)).map(str::to_owned);
    let fields = answer.body["errors"].as_array().filter(|_| answer.status >= 400).into_iter().flatten();
    let fields = fields.filter_map(move |error| {
        let code = error["code"].as_str().unwrap_or_default();
        let known = listed("/errors/items/allOf/1/properties/code/enum", code);
        (!known).then(|| format!("{code} at {}", error["field"]))
    });
    problem.into_iter().chain(fields)
}

#[tokio::test]
async fn every_status_and_header_that_comes_is_in_the_document() {
    let document = document();
    let mut found = Vec::new();
    for function in registry::ENDPOINTS {
        let mut stage = Stage::open_for(function.name()).await;
        story::tell(&mut stage, function.name()).await;
        let good = stage.play_ok(function.name()).await;
        found.extend(faults(&document, function.name(), &good));
        for other in sample::samples(function.name()).into_iter().filter(|sample| sample.outcome != "ok") {
            let answer = Stage::open().await.play(function.endpoint, &other.text).await;
            found.extend(faults(&document, function.name(), &answer));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn what_answers_no_head_is_not_sent_again_either() {
    let document = document();
    for name in ["cart-get", "conditions-get", "orders-list", "payments-methods", "platform-problem", "profile-view"] {
        let function = registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap();
        let mut stage = Stage::open_for(name).await;
        story::tell(&mut stage, name).await;
        let get = stage.play_ok(name).await;
        let mut event = stage.event(&sample::ok(name).text);
        event["headers"]["if-none-match"] = get.headers["etag"].to_str().unwrap().into();
        let again = stage.world.send(function.endpoint, &event).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{name}");
        assert_eq!(faults(&document, name, &again), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_the_client_has_already_is_not_sent_again_and_head_sends_no_body() {
    let document = document();
    let mut seen = 0;
    for function in registry::ENDPOINTS.iter().filter(|function| access::route(function.name()).unwrap().head) {
        let name = function.name();
        let mut stage = Stage::open().await;
        story::tell(&mut stage, name).await;
        let get = stage.play_ok(name).await;
        let mut event = stage.event(&sample::ok(name).text);
        event["requestContext"]["http"]["method"] = "HEAD".into();
        let head = stage.world.send(function.endpoint, &event).await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{name}");
        let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(names(&head), names(&get), "{name}");
        let Some(tag) = get.headers.get("etag") else { continue };
        let mut event = stage.event(&sample::ok(name).text);
        event["headers"]["if-none-match"] = tag.to_str().unwrap().into();
        let again = stage.world.send(function.endpoint, &event).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{name}");
        assert_eq!(faults(&document, name, &again), Vec::<String>::new());
        seen += 1;
    }
    let heads = access::ROUTES.iter().filter(|route| route.head).count();
    assert_eq!(seen + 1, heads, "all but the health are known by a tag");
}

#[tokio::test]
async fn a_version_that_is_not_served_is_refused_by_every_function() {
    let document = document();
    // As many as can be asked before the tokens of a stage expire.
    for functions in registry::ENDPOINTS.chunks(40) {
        let stage = Stage::open().await;
        for function in functions {
            // All routes together are limited, too.
            stage.world.clock.advance(std::time::Duration::from_secs(20));
            let mut event = stage.event(&sample::ok(function.name()).text);
            event["headers"]["apothecary-version"] = "2001-01-01".into();
            let answer = stage.world.send(function.endpoint, &event).await;
            answer.problem(400, "invalid_request");
            assert_eq!(answer.fields(), ["Apothecary-Version"], "{}", function.name());
            assert_eq!(faults(&document, function.name(), &answer), Vec::<String>::new());
        }
    }
}
