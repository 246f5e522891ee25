//! Merge patches of what has several forms (RFC 7396): each form with what changes alone, and `null` for what is cleared.

use serde_json::{Map, Value, json};

use crate::schemas::PREFIX;

/// What is written when it is made, and what when it is changed.
const WHOLE: &str = "RecordInput";
const PATCH: &str = "RecordPatch";

/// Gives the operations that change something of several forms a body of their own: what they are made of asks for more.
pub(crate) fn describe(paths: &mut Map<String, Value>, schemas: &mut Value) {
    let Some(schemas) = schemas.as_object_mut() else { return };
    let forms = schemas.get(WHOLE).and_then(|whole| whole.get("oneOf")).and_then(Value::as_array).cloned();
    let mut patches = Vec::new();
    for form in forms.unwrap_or_default() {
        let name = form.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(PREFIX));
        let Some((name, schema)) = name.and_then(|name| Some((name.to_owned(), schemas.get(name)?))) else { continue };
        let name = format!("{}Patch", name.trim_end_matches("Input"));
        let patch = partial(schema);
        schemas.insert(name.clone(), patch);
        let mut form = form.clone();
        if let Some(form) = form.as_object_mut() {
            form.insert("$ref".to_owned(), json!(format!("{PREFIX}{name}")));
        }
        patches.push(form);
    }
    if patches.is_empty() {
        return;
    }
    let description =
        "What changes of a record: the members of its kind, each of which may be left out, and `comment`.";
    schemas.insert(PATCH.to_owned(), json!({"description": description, "anyOf": patches}));
    let changing = paths.values_mut().filter_map(|item| item.get_mut("patch")?.pointer_mut("/requestBody/content"));
    for media in changing.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        if let Some(schema) = media.get_mut("schema").filter(|schema| schema["$ref"] == format!("{PREFIX}{WHOLE}")) {
            *schema = json!({"$ref": format!("{PREFIX}{PATCH}")});
        }
    }
}

/// The same where everything may be left out, and be cleared.
fn partial(schema: &Value) -> Value {
    let mut patch = schema.clone();
    if let Some(members) = patch.as_object_mut() {
        members.remove("required");
        let properties = members.entry("properties").or_insert_with(|| json!({})).as_object_mut();
        if let Some(properties) = properties {
            properties.values_mut().for_each(nullable);
            let comment = "What the owner of the record says to it; `null` clears it.";
            properties.insert(
                "comment".to_owned(),
                json!({"type": ["string", "null"], "maxLength": 1000, "description": comment}),
            );
        }
    }
    patch
}

/// The same, or `null`.
fn nullable(schema: &mut Value) {
    let none = json!({"type": "null"});
    let Some(members) = schema.as_object_mut() else { return };
    let may_be =
        |kinds: &Value| kinds.as_array().is_some_and(|kinds| kinds.contains(&json!("null")) || kinds.contains(&none));
    if members.get("type").is_some_and(may_be) || members.get("oneOf").is_some_and(may_be) {
        return;
    }
    if let Some(Value::String(kind)) = members.get("type").cloned() {
        members.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            values.push(Value::Null);
        }
        return;
    }
    let description = members.remove("description");
    let mut either = json!({"oneOf": [Value::Object(members.clone()), none]});
    if let (Some(description), Some(either)) = (description, either.as_object_mut()) {
        either.insert("description".to_owned(), description);
    }
    *schema = either;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_may_leave_out_and_clear_everything() {
        let reference = json!({"$ref": format!("{PREFIX}RecordNoteInput"), "title": "note"});
        let note = json!({
            "type": "object", "additionalProperties": false, "required": ["title", "kind"],
            "properties": {
                "title": {"type": "string"}, "text": {"type": ["string", "null"]},
                "kind": {"$ref": "#/x", "description": "Of what kind."},
            },
        });
        let mut schemas = json!({"RecordInput": {"oneOf": [reference]}, "RecordNoteInput": note});
        let whole = json!({"$ref": format!("{PREFIX}RecordInput")});
        let body = json!({"requestBody": {"content": {"application/json": {"schema": whole}}}});
        let mut paths = Map::from_iter([("/v1/x".to_owned(), json!({"patch": body, "post": body}))]);
        describe(&mut paths, &mut schemas);
        let at = "/requestBody/content/application~1json/schema/$ref";
        assert_eq!(paths["/v1/x"]["patch"].pointer(at), Some(&json!(format!("{PREFIX}RecordPatch"))));
        assert_eq!(paths["/v1/x"]["post"].pointer(at), Some(&json!(format!("{PREFIX}RecordInput"))));
        assert_eq!(schemas["RecordPatch"]["anyOf"][0]["$ref"], format!("{PREFIX}RecordNotePatch"));
        let patch = &schemas["RecordNotePatch"];
        assert!(patch.get("required").is_none() && patch["additionalProperties"] == false, "{patch}");
        for member in ["title", "text"] {
            assert_eq!(patch["properties"][member]["type"], json!(["string", "null"]));
        }
        let kind = json!({"oneOf": [{"$ref": "#/x"}, {"type": "null"}], "description": "Of what kind."});
        assert_eq!(patch["properties"]["kind"], kind);
        assert_eq!(patch["properties"]["comment"]["maxLength"], 1000);
    }
}
