//! The headers of answers, and the conditions that requests may carry: what the edge adds to every answer stands in no
//! annotation.

use serde_json::{Map, Value, json};
use shared::identity::access::{self, Route};

use crate::schemas::PREFIX;

/// How a header is referred to.
const HEADERS: &str = "#/components/headers/";

/// What comes with every answer of ours. The five headers that are for browsers alone, always the same, stand among the
/// components and in the description of the API: repeated at each answer they would make the document half as long again.
const ALWAYS: [&str; 4] = ["X-Request-Id", "Cache-Control", "RateLimit", "RateLimit-Policy"];

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
const WITHOUT_TAG: [&str; 2] = ["catalog-adjust-stock", "platform-health"];

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
        "Content-Security-Policy": text("That nothing in the answer is run or shown as a page, but for the page about the API."),
        "Referrer-Policy": text("That the address of the answer is told to nobody."),
        "X-Frame-Options": text("That the answer is shown in no frame."),
        "ETag": with(
            "The version, for `If-Match`; of public answers with a digest, for `If-None-Match` too.",
            json!({"type": "string", "pattern": "^\"[^\"]+\"$", "examples": ["\"3\""]}),
        ),
        "Vary": text("What else the answer depends on: `Authorization`, `Origin`."),
        "Location": text("Where what was made is."),
        "Idempotency-Replayed": with(
            "That this is the answer of an earlier request with the same key; absent in the first.",
            json!({"type": "string", "const": "true"}),
        ),
        "Set-Cookie": text("`__Host-refresh`, of cookie sessions alone."),
        "Content-Disposition": text("The name to store it under."),
        "Content-Encoding": with("`gzip` for who takes it.", json!({"type": "string", "const": "gzip"})),
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
        if is_public(route) {
            conditional(operation);
        }
        let keyed = has_parameter(operation, "Idempotency-Key");
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        for (status, response) in responses {
            let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref")) else {
                continue;
            };
            let names = of_answer(route, status, keyed, has_version(response, schemas));
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
    route.head && route.function != "platform-health"
}

fn of_answer(route: &Route, status: &str, keyed: bool, versioned: bool) -> Vec<&'static str> {
    let good = status.starts_with('2');
    let public = is_public(route) && matches!(status, "200" | "304");
    let mut names = ALWAYS.to_vec();
    let mut add = |name: &'static str, there: bool| names.extend(there.then_some(name));
    add("ETag", public || (good && versioned && !WITHOUT_TAG.contains(&route.function)));
    add("Vary", public);
    add("Location", status == "201" && ["catalog-create-product", "consultations-request"].contains(&route.function));
    add("Idempotency-Replayed", good && keyed);
    add("Set-Cookie", good && COOKIES.contains(&route.function));
    add("Content-Disposition", good && route.function == "profile-export");
    add("Content-Encoding", public && route.function == "platform-openapi");
    add("Retry-After", matches!(status, "423" | "429" | "503"));
    add("WWW-Authenticate", status == "401");
    names
}

/// A client that has the answer already may say so.
fn conditional(operation: &mut Map<String, Value>) {
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
    if let Some(Value::String(text)) = operation.get_mut("description") {
        text.push_str("\n\nAnswers HEAD too, without the body.");
    }
}

fn has_parameter(operation: &Map<String, Value>, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.filter_map(|parameter| parameter.get("name")?.as_str()).any(|one| one == name)
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
