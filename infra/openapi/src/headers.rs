//! The headers of answers, and the conditions that requests may carry: what the edge adds to every answer stands in no
//! annotation.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use shared::api::ApiVersion;
use shared::api::version;
use shared::identity::access::{self, Route};

use crate::operation::has_parameter;
use crate::schemas::PREFIX;

/// How a header is referred to.
const HEADERS: &str = "#/components/headers/";

/// What comes with every answer of ours. The five headers that are for browsers alone, always the same, stand among the
/// components and in the description of the API: repeated at each answer they would make the document half as long again.
const ALWAYS: [&str; 5] = ["X-Request-Id", "Cache-Control", "RateLimit", "RateLimit-Policy", "Apothecary-Version"];

/// The operations whose answers set the cookie of a session, or delete it.
const COOKIES: [&str; 7] = [
    "auth-login",
    "auth-answer-challenge",
    "auth-verify-otp",
    "auth-complete-registration",
    "auth-finish-social",
    "auth-refresh",
    "auth-logout",
];

/// Answers with a version that is no resource's: levels of stock are adjusted, never replaced, and the code has one too.
const WITHOUT_TAG: [&str; 5] = [
    "catalog-adjust-stock",
    "catalog-confirm-movement",
    "catalog-receive-lot",
    "platform-health",
    "records-start-file",
];

/// Answers with a version that their bodies do not tell.
const WITH_TAG: [&str; 5] = ["content-put", "content-review", "notifications-set", "orders-list", "profile-view"];

/// Answers that no cache keeps, with a digest: who has one already is not sent it again.
const REVALIDATED: [&str; 5] = ["cart-get", "orders-get", "orders-list", "prescriptions-get", "profile-view"];

/// What caches may keep beside the catalogue and the documents.
const ALSO_PUBLIC: [&str; 4] = ["conditions-get", "delivery-quote", "payments-methods", "platform-problem"];

/// What every refusal has beside: it is a sentence.
pub(crate) const REFUSED: [&str; 2] = ["Content-Language", "Vary"];

/// The schemas that have sentences for people in them.
const SENTENCES: [&str; 10] = [
    "AlertView",
    "CategoryView",
    "CheckoutProblem",
    "CouponProblem",
    "FacetCount",
    "Hold",
    "ImportReport",
    "LineProblem",
    "Order",
    "ScreeningFinding",
];

/// All headers as components, by name.
pub(crate) fn components() -> Value {
    let text = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    let with = |description: &str, schema: Value| json!({"description": description, "schema": schema});
    json!({
        "X-Request-Id": text("Finds the request in the logs."),
        "Cache-Control": text("`no-store`, or `public` with how many seconds the answer may be kept."),
        "RateLimit": text("How much of the limit is left, and until when: `\"standard\";r=7;t=42` (draft-ietf-httpapi-ratelimit-headers). Absent where the request was not counted."),
        "RateLimit-Policy": text("The limit: `\"standard\";q=1000;w=60`."),
        "Strict-Transport-Security": text("That browsers use HTTPS alone."),
        "X-Content-Type-Options": with("That the content type is what it says.", json!({"type": "string", "const": "nosniff"})),
        "Content-Security-Policy": text("That nothing in the answer is run or shown as a page, but for the pages that are documents."),
        "Referrer-Policy": text("That the address of the answer is told to nobody."),
        "X-Frame-Options": text("That the answer is shown in no frame."),
        "ETag": with(
            "The version, for `If-Match`; of public answers with a digest, for `If-None-Match` too.",
            json!({"type": "string", "pattern": "^\"[^\"]+\"$", "examples": ["\"3\""]}),
        ),
        "Vary": text("What else the answer depends on: `Accept-Encoding`, `Apothecary-Version`, `Authorization`, `Origin`, `Accept`, `Accept-Language`."),
        "Location": text("Where what was made is."),
        "Idempotency-Replayed": with(
            "That this is the answer of an earlier request with the same key; absent in the first.",
            json!({"type": "string", "const": "true"}),
        ),
        "Set-Cookie": text("`__Host-refresh`, of cookie sessions alone."),
        "Content-Language": with(
            "The language that the page, or the sentences of the answer, are in; absent where it has none.",
            json!({"type": "string", "enum": ["en", "ne", "bn"]}),
        ),
        "Content-Disposition": text("The name to store it under, where it is a file."),
        "Next-Cursor": text("What to send as `cursor` for the next part, where the answer is a file and not the last one."),
        "Content-Encoding": with("`gzip` for who takes it; so is every text of a kilobyte and more, but for what may hold secrets.", json!({"type": "string", "const": "gzip"})),
        "Apothecary-Version": with(
            "The version of the API that the answer is of. Absent where one was asked for that is not served.",
            json!({"type": "string", "enum": version_names()}),
        ),
        "Deprecation": with(
            "Since when the form that was served is deprecated (RFC 9745): a time, as `@` and the seconds since 1970. Absent of a form that is not.",
            json!({"type": "string", "pattern": "^@[0-9]+$"}),
        ),
        "Sunset": text("From when on that form may be gone (RFC 8594). Absent of a form that stays."),
        "Link": text("Where it stands what to do instead: `rel=\"deprecation\"`. Absent of a form that stays."),
        "Token-Ignored": with(
            "Why the access token that came was not heeded, so that this is what a guest gets: refresh it.",
            json!({"type": "string", "enum": ["expired", "ended", "invalid"]}),
        ),
        "Retry-After": with("After how many seconds.", json!({"type": "string", "pattern": "^[0-9]+$"})),
        "WWW-Authenticate": text("`Bearer`, with `error=\"…\"` where the access token was at fault, or the sign-in is too long ago."),
    })
}

/// References to headers by their names.
pub(crate) fn references<'a>(names: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
    names.into_iter().map(|name| (name.to_owned(), json!({"$ref": format!("{HEADERS}{name}")}))).collect()
}

/// The headers of every answer, and more.
pub(crate) fn always(more: &[&str]) -> Map<String, Value> {
    references(ALWAYS.iter().chain(more).copied())
}

/// Says of every operation which headers come with its answers, and which conditions its requests may carry.
pub(crate) fn describe(paths: &mut Map<String, Value>, schemas: &Value) {
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations.filter_map(Value::as_object_mut) {
        let function = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(route) = access::route(&function) else { continue };
        if is_public(route) || REVALIDATED.contains(&route.function) {
            conditional(operation, route.head);
        }
        dated(operation, route);
        let keyed = has_parameter(operation, "Idempotency-Key");
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        for (status, response) in responses {
            let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref")) else {
                continue;
            };
            let mut names = of_answer(route, status, keyed, has_version(response, schemas));
            if status.starts_with(['4', '5']) {
                names.extend(REFUSED);
            } else if speaks(response, schemas) && !names.contains(&"Content-Language") {
                names.push("Content-Language");
            }
            let headers = response.entry("headers").or_insert_with(|| json!({}));
            for (name, header) in references(names) {
                if let Some(headers) = headers.as_object_mut() {
                    headers.entry(name).or_insert(header);
                }
            }
        }
    }
}

/// Whether caches may keep the answers of a route.
fn is_public(route: &Route) -> bool {
    (route.head && route.function != "platform-health") || ALSO_PUBLIC.contains(&route.function)
}

fn of_answer(route: &Route, status: &str, keyed: bool, versioned: bool) -> Vec<&'static str> {
    let good = status.starts_with('2');
    let public = is_public(route) && matches!(status, "200" | "304");
    let mut names = ALWAYS.to_vec();
    let mut add = |name: &'static str, there: bool| names.extend(there.then_some(name));
    let tagged = (versioned && !WITHOUT_TAG.contains(&route.function)) || WITH_TAG.contains(&route.function);
    let revalidated = status == "304" && REVALIDATED.contains(&route.function);
    add("ETag", public || revalidated || (good && tagged));
    add("Vary", public);
    add("Token-Ignored", route.is_public() && (good || status == "304"));
    let dated = version::changes_of(route.function).next().is_some() && (good || status == "304");
    ["Deprecation", "Sunset", "Link"].into_iter().for_each(|name| add(name, dated));
    add("Location", status == "201");
    add("Idempotency-Replayed", good && keyed);
    add("Set-Cookie", good && COOKIES.contains(&route.function));
    let file = ["profile-export", "records-export"].contains(&route.function) || route.function.starts_with("reports-");
    add("Content-Disposition", good && file);
    add("Next-Cursor", good && route.function == "reports-inventory");
    add("Content-Language", public && route.function == "content-get");
    add("Content-Encoding", public && route.function == "platform-openapi");
    add("Retry-After", matches!(status, "423" | "429" | "503"));
    add("WWW-Authenticate", status == "401");
    names
}

/// A client that has the answer already may say so.
fn conditional(operation: &mut Map<String, Value>, head: bool) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": {"type": "string"},
            "description": "The ETags of the answers that the client has.",
        }));
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    if let Some(responses) = responses {
        let unchanged = json!({"description": "What the client has (`If-None-Match`) is current; there is no body."});
        responses.entry("304").or_insert(unchanged);
    }
    if let Some(Value::String(text)) = operation.get_mut("description").filter(|_| head) {
        text.push_str("\n\nAnswers HEAD too, without the body.");
    }
}

fn version_names() -> Vec<&'static str> {
    ApiVersion::ALL.into_iter().map(ApiVersion::as_str).collect()
}

/// What has changed inside the version of the path: a client may say which form it was written for.
fn dated(operation: &mut Map<String, Value>, route: &Route) {
    let changes: Vec<_> = version::changes_of(route.function).collect();
    if changes.is_empty() {
        return;
    }
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.push(json!({
            "name": "Apothecary-Version", "in": "header", "required": false,
            "schema": {"type": "string", "enum": version_names()},
            "description": format!("The version that the client was written for; `{}` where it is left out.", ApiVersion::UNNAMED.as_str()),
        }));
    }
    if let Some(Value::String(text)) = operation.get_mut("description") {
        for change in changes {
            text.push_str(&format!("\n\nFrom `Apothecary-Version: {}` on: {}", change.since.as_str(), change.what));
        }
    }
}

/// Whether somewhere in what is answered there is a sentence for a person.
fn speaks(response: &Map<String, Value>, schemas: &Value) -> bool {
    let mut waiting: Vec<&Value> = response.get("content").into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str).and_then(|of| of.strip_prefix(PREFIX));
                if let Some(name) = name.filter(|name| seen.insert(*name)) {
                    if SENTENCES.contains(&name) {
                        return true;
                    }
                    waiting.extend(schemas.get(name));
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    false
}

/// Whether what is answered is a resource with a version.
fn has_version(response: &Map<String, Value>, schemas: &Value) -> bool {
    let schema = response.get("content").and_then(|content| content.pointer("/application~1json/schema"));
    // A part may be another schema by its name, as what is flattened is.
    let named = |schema: &Value| schemas.get(schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)?).cloned();
    let schema = schema.and_then(named);
    let parts = schema.iter().filter_map(|schema| schema.get("allOf")?.as_array()).flatten();
    let parts: Vec<_> = parts.map(|part| named(part).unwrap_or_else(|| part.clone())).collect();
    schema.iter().chain(&parts).any(|part| part.pointer("/properties/version").is_some())
}
