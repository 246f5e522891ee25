//! Problems: their schema, and the ones that every operation of a shape can answer.

use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::identity::access::Access;

use crate::operation::Shape;
use crate::{codes, headers};

const MEDIA: &str = "application/problem+json";

/// Status, what it means, the headers that come along beside those of every answer.
type Refusal = (StatusCode, &'static str, &'static [&'static str]);

/// The refusals that the edge makes before or around every handler.
const COMMON: [Refusal; 9] = [
    (StatusCode::BAD_REQUEST, "The request is not valid: `invalid_request`.", &[]),
    (
        StatusCode::UNAUTHORIZED,
        "No access token, or one that is not good: `unauthenticated`, `invalid_token`, `expired_token`, `session_ended`.",
        &["WWW-Authenticate"],
    ),
    (StatusCode::FORBIDDEN, "The caller's role does not allow it: `forbidden`.", &[]),
    (StatusCode::NOT_FOUND, "It does not exist, or is not the caller's to see: `not_found`.", &[]),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 256 KB: `body_too_large`.", &[]),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The body is not sent as JSON in UTF-8: `unsupported_media_type`, `unsupported_charset`, `unsupported_encoding`.",
        &[],
    ),
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests of this caller: `rate_limited`.", &["Retry-After"]),
    (StatusCode::INTERNAL_SERVER_ERROR, "A fault of ours: `internal`.", &[]),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "Something behind the API is slow or down; trying again may help: `unavailable`, `busy`.",
        &["Retry-After"],
    ),
];

/// The schemas of a problem, by name.
pub(crate) fn schemas() -> [(&'static str, Value); 3] {
    let problem = json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference", "examples": ["/v1/problems/invalid_request"]},
            "title": {"type": "string", "description": "What the status means: a sentence for a person, in the language of the answer."},
            "status": {"type": "integer", "format": "int32"},
            "detail": {"type": "string", "description": "A sentence for a person, in the language of the answer."},
            "code": {"type": "string", "description": "What to switch on; it never changes.", "examples": ["invalid_request"]},
            "errors": {
                "type": "array", "items": {"$ref": "#/components/schemas/FieldError"},
                "description": "The fields at fault, if it is fields.",
            },
            "problems": {
                "type": "array", "items": {"$ref": "#/components/schemas/ProblemReason"},
                "description": "The reasons, where there may be several: of a refused checkout, dispensing or adjustment of stock.",
            },
            "request_id": {"type": "string", "description": "Finds the request in the logs."},
        },
    });
    let field_error = json!({
        "type": "object",
        "description": "A field that is not valid.",
        "required": ["field", "code", "message"],
        "properties": {
            "field": {"type": "string", "description": "Where it is.", "examples": ["items[2].quantity"]},
            "code": {"type": "string", "description": "What to switch on.", "examples": ["required"]},
            "message": {"type": "string", "description": "A sentence for a person, in the language of the answer; it names the field."},
        },
    });
    let reason = json!({
        "type": "object",
        "description": "One of the reasons why something was refused. There may be more members than these.",
        "required": ["code"],
        "properties": {
            "code": {"type": "string", "description": "What to switch on.", "examples": ["out_of_stock"]},
            "product_id": {
                "type": ["string", "null"],
                "description": "The line it is about; `null` where it is the whole order.",
            },
            "detail": {"type": "string", "description": "A sentence for a person."},
            "available": {
                "type": "integer", "format": "int64", "minimum": 0,
                "description": "How many units could be had; with `out_of_stock` and `insufficient_stock`.",
            },
            "eligible_on": {
                "type": "string", "format": "date", "description": "From which day on; with `too_early`.",
            },
        },
    });
    [("Problem", problem), ("FieldError", field_error), ("ProblemReason", reason)]
}

/// The common refusals as components, by [`name`]; but 400, which is another for each operation.
pub(crate) fn responses() -> Value {
    let response = |(status, description, headers): &Refusal| {
        let mut own = headers::always(headers);
        own.extend(headers::references(headers::REFUSED));
        let content = content(status.as_str(), description, &[]);
        (name(*status), json!({"description": description, "content": content, "headers": own}))
    };
    let common = COMMON.iter().filter(|(status, ..)| *status != StatusCode::BAD_REQUEST);
    Value::Object(common.map(response).collect())
}

/// Adds the refusals that an operation of this shape can answer to those that it names itself, and says of the latter that
/// they are problems, and with which codes.
pub(crate) fn complete(responses: &mut Map<String, Value>, shape: &Shape, function: &str) {
    for (status, general, _) in COMMON.iter().filter(|(status, ..)| answers(*status, shape)) {
        let general = if *status == StatusCode::BAD_REQUEST { bad_request(shape) } else { (*general).to_owned() };
        match responses.get_mut(status.as_str()).and_then(|response| response.get_mut("description")) {
            Some(Value::String(specific)) => *specific = format!("{general} Here also: {specific}"),
            _ if *status == StatusCode::BAD_REQUEST => {
                responses.insert(status.as_str().to_owned(), json!({"description": general}));
            }
            _ => {
                let shared = json!({"$ref": format!("#/components/responses/{}", name(*status))});
                responses.insert(status.as_str().to_owned(), shared);
            }
        }
    }
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with(['4', '5'])) {
        let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("content")) else {
            continue;
        };
        let Some(Value::String(description)) = response.get("description").cloned() else { continue };
        let fields = match status.as_str() {
            "400" => codes::of_fields(function),
            // What no living person has is refused as the field that says so.
            "422" if description.contains("`implausible_value`") => vec!["implausible"],
            _ => Vec::new(),
        };
        response.insert("content".to_owned(), content(status, &description, &fields));
    }
}

/// What can be wrong with the request itself; the version that it asks for can be at every operation.
fn bad_request(shape: &Shape) -> String {
    let body = if shape.has_body { "; `malformed_json`, `too_deep`, `not_utf8`" } else { "" };
    let key = if shape.has_key { "; `idempotency_key_required`" } else { "" };
    format!(
        "The request is not valid: `invalid_request`, with every field at fault, `Apothecary-Version` among them{body}{key}."
    )
}

fn answers(status: StatusCode, shape: &Shape) -> bool {
    match status {
        StatusCode::UNAUTHORIZED => shape.access != Access::Anyone,
        StatusCode::FORBIDDEN => matches!(shape.access, Access::Needs(_)),
        StatusCode::NOT_FOUND => shape.has_path,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE => shape.has_body,
        _ => true,
    }
}

fn content(status: &str, description: &str, fields: &[&str]) -> Value {
    json!({MEDIA: {"schema": codes::problem(status, &codes::named(status, description), fields)}})
}

/// `413 Payload Too Large` → `PayloadTooLarge`.
fn name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or_default().replace(' ', "")
}
