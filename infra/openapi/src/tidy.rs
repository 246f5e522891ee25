//! Puts plainly what the annotations can only say in a roundabout way.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::schemas::PREFIX;

/// What stands for the schema of a [`Field`](shared::platform::fields::Field), by its name: `Money_Money` is `Money`, and
/// `String_String` simply a string.
pub(crate) type Wrappers = BTreeMap<String, Value>;

/// Takes the wrappers out of `schemas`; what each wraps stays, under its own name.
pub(crate) fn unwrap_fields(schemas: &mut Map<String, Value>) -> Wrappers {
    let mut wrappers = Wrappers::new();
    for (name, inner) in
        schemas.keys().filter_map(|name| Some((name.clone(), wrapped(name)?.to_owned()))).collect::<Vec<_>>()
    {
        let Some(schema) = schemas.remove(&name) else { continue };
        let is_plain = ["properties", "oneOf", "enum"].iter().all(|key| schema.get(*key).is_none());
        if is_plain {
            wrappers.insert(name, schema);
        } else {
            wrappers.insert(name, json!({"$ref": format!("{PREFIX}{inner}")}));
            schemas.entry(inner).or_insert(schema);
        }
    }
    wrappers
}

/// `Money_Money` → `Money`.
fn wrapped(name: &str) -> Option<&str> {
    let (first, second) = name.split_at_checked(name.len() / 2)?;
    (second.strip_prefix('_') == Some(first)).then_some(first)
}

/// Tidies everything inside `value`.
pub(crate) fn tidy(value: &mut Value, wrappers: &Wrappers) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| tidy(member, wrappers));
            replace_wrapper(members, wrappers);
            lift_description(members);
            name_values(members);
            for text in ["description", "summary"] {
                if let Some(Value::String(text)) = members.get_mut(text) {
                    *text = unbroken(text);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tidy(item, wrappers)),
        _ => {}
    }
}

/// A reference to a wrapper becomes what the wrapper stands for; a description beside it stays.
fn replace_wrapper(members: &mut Map<String, Value>, wrappers: &Wrappers) {
    let name = members.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(PREFIX));
    if let Some(Value::Object(meant)) = name.and_then(|name| wrappers.get(name)).cloned() {
        members.remove("$ref");
        for (key, value) in meant {
            members.entry(key).or_insert(value);
        }
    }
}

/// Of a value that may be `null`, the description belongs to the whole; a plain type says so in its `type`.
fn lift_description(members: &mut Map<String, Value>) {
    let Some(Value::Array(kinds)) = members.get_mut("oneOf") else { return };
    let null = json!({"type": "null"});
    let [first, second] = kinds.as_mut_slice() else { return };
    let kind = match (*first == null, *second == null) {
        (true, false) => second,
        (false, true) => first,
        _ => return,
    };
    let Some(kind) = kind.as_object_mut() else { return };
    let description = kind.remove("description");
    let plain = kind.get("type").filter(|of| of.is_string() && !kind.contains_key("properties")).cloned();
    if let Some(of) = plain {
        let mut kind = kind.clone();
        kind.insert("type".to_owned(), json!([of, "null"]));
        members.remove("oneOf");
        members.extend(kind);
    }
    if let Some(description) = description {
        members.entry("description").or_insert(description);
    }
}

/// A text that is one of some values, which the annotations of a field say by a pattern of alternatives, names them: clients
/// that are made from the document know them then.
fn name_values(members: &mut Map<String, Value>) {
    let pattern = members.get("pattern").and_then(Value::as_str);
    let values = pattern.and_then(|pattern| pattern.strip_prefix("^(")?.strip_suffix(")$"));
    let plain =
        |value: &str| !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_/".contains(c));
    let Some(values) = values.filter(|values| values.split('|').all(plain)) else { return };
    let mut values: Vec<Value> = values.split('|').map(|value| json!(value)).collect();
    if members.get("type").and_then(Value::as_array).is_some_and(|types| types.contains(&json!("null"))) {
        values.push(Value::Null);
    }
    members.remove("pattern");
    members.insert("enum".to_owned(), Value::Array(values));
}

/// Paragraphs without the line breaks that the source code has inside them.
fn unbroken(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_give_way_to_what_they_wrap() {
        let money = json!({"type": "object", "properties": {"amount": {"type": "integer"}}});
        let mut schemas = Map::from_iter([
            ("String_String".to_owned(), json!({"type": "string"})),
            ("Money_Money".to_owned(), money.clone()),
            ("Page_Order".to_owned(), json!({})),
        ]);
        let wrappers = unwrap_fields(&mut schemas);
        assert_eq!(Value::Object(schemas), json!({"Money": money, "Page_Order": {}}));
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}"), "description": "A\nb."});
        let mut body = json!({"name": reference("String_String"), "price": reference("Money_Money")});
        tidy(&mut body, &wrappers);
        let price = json!({"$ref": "#/components/schemas/Money", "description": "A b."});
        assert_eq!(body, json!({"name": {"type": "string", "description": "A b."}, "price": price}));
    }

    #[test]
    fn what_may_be_null_says_so_plainly() {
        let mut plain = json!({"oneOf": [{"type": "string", "description": "A note."}, {"type": "null"}]});
        tidy(&mut plain, &Wrappers::new());
        assert_eq!(plain, json!({"type": ["string", "null"], "description": "A note."}));
        let mut named = json!({"oneOf": [{"type": "null"}, {"$ref": "#/x", "description": "A price."}]});
        tidy(&mut named, &Wrappers::new());
        assert_eq!(named, json!({"oneOf": [{"type": "null"}, {"$ref": "#/x"}], "description": "A price."}));
    }

    #[test]
    fn a_pattern_of_alternatives_names_the_values() {
        let mut said = json!({"type": "string", "pattern": "^(fhir-ips|image/png)$"});
        tidy(&mut said, &Wrappers::new());
        assert_eq!(said, json!({"type": "string", "enum": ["fhir-ips", "image/png"]}));
        let mut optional = json!({"type": ["string", "null"], "pattern": "^(female|male)$"});
        tidy(&mut optional, &Wrappers::new());
        assert_eq!(optional, json!({"type": ["string", "null"], "enum": ["female", "male", null]}));
        for pattern in ["^prd_[0-9]$", "^(a|b)+$", "^(a.|b)$", "^(a|)$"] {
            let mut other = json!({"type": "string", "pattern": pattern});
            tidy(&mut other, &Wrappers::new());
            assert_eq!(other, json!({"type": "string", "pattern": pattern}));
        }
    }
}
