//! The sample events as examples: the tests send them, so they are known to go well; and what they are answered, which a test
//! of the handlers has recorded.

use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value};

/// The body of a function's event for when all is well.
pub(crate) fn body(function: &str) -> Option<Value> {
    let (area, operation) = function.split_once('-')?;
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let text = fs::read_to_string(events.join(area).join(operation).join("ok.json")).ok()?;
    let event: Value = serde_json::from_str(&text).ok()?;
    serde_json::from_str(event.get("body")?.as_str()?).ok()
}

/// What was answered, by function, status and media type.
///
/// # Errors
/// `examples.json` cannot be read, or is none.
pub(crate) fn answers() -> io::Result<Map<String, Value>> {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/examples.json"))?;
    Ok(serde_json::from_str(&text)?)
}

/// Puts what was `answered` by a function into its `responses`. What the function does not say that it answers is a fault.
pub(crate) fn answered(responses: &mut Map<String, Value>, answered: &Value) -> Result<(), String> {
    for (status, bodies) in answered.as_object().into_iter().flatten() {
        for (media, body) in bodies.as_object().into_iter().flatten() {
            let content = responses.get_mut(status).and_then(|response| response.get_mut("content")?.get_mut(media));
            let content = content.and_then(Value::as_object_mut);
            let content = content.ok_or_else(|| format!("has answered {status} in {media}, which it does not say"))?;
            content.insert("example".to_owned(), body.clone());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_answered_stands_at_its_status_and_media_type() {
        let mut responses = Map::from_iter([("200".to_owned(), json!({"content": {"application/json": {}}}))]);
        let good = json!({"200": {"application/json": {"id": "x"}}});
        assert_eq!(answered(&mut responses, &good), Ok(()));
        assert_eq!(responses["200"]["content"]["application/json"], json!({"example": {"id": "x"}}));
        for other in [json!({"201": {"application/json": {}}}), json!({"200": {"text/csv": ""}})] {
            assert!(answered(&mut responses, &other).is_err(), "{other}");
        }
    }
}
