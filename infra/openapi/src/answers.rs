//! Answers when all is well: each must be described, and what is answered describes itself.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::schemas::PREFIX;

/// Gives every answer that has no description that of its body, or else the name of its status.
pub(crate) fn describe(paths: &mut Map<String, Value>, schemas: &Value) {
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    let responses = operations.filter_map(|operation| operation.get_mut("responses")?.as_object_mut()).flatten();
    for (status, response) in responses {
        let Some(response) = response.as_object_mut() else { continue };
        if !response.contains_key("description") && !response.contains_key("$ref") {
            let description = of_body(response, schemas).unwrap_or_else(|| reason(status));
            response.insert("description".to_owned(), json!(description));
        }
    }
}

fn of_body(response: &Map<String, Value>, schemas: &Value) -> Option<String> {
    let schema = response.get("content")?.as_object()?.values().next()?.get("schema")?;
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(PREFIX));
    let schema = name.and_then(|name| schemas.get(name)).unwrap_or(schema);
    schema.get("description").and_then(Value::as_str).map(ToOwned::to_owned)
}

fn reason(status: &str) -> String {
    let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
    status.and_then(|status| status.canonical_reason()).unwrap_or("An answer").to_owned()
}
