//! The sample events as examples: the tests send them, so they are known to go well.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// The body of a function's event for when all is well.
pub(crate) fn body(function: &str) -> Option<Value> {
    let (area, operation) = function.split_once('-')?;
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let text = fs::read_to_string(events.join(area).join(operation).join("ok.json")).ok()?;
    let event: Value = serde_json::from_str(&text).ok()?;
    serde_json::from_str(event.get("body")?.as_str()?).ok()
}
