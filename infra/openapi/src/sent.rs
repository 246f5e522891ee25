//! What always comes in an answer. The annotations call every `Option` a member that may be left out and may be `null`, which
//! is never both: serde's attributes in the source say which of the two it is.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value, json};

/// The types that are schemas, by the names of these: of each the members that may be left out, and whether that is in place
/// of `null`.
pub(crate) type Types = BTreeMap<String, BTreeMap<String, bool>>;

/// The types of the library and of the functions.
///
/// # Errors
/// The source cannot be read.
pub(crate) fn types() -> io::Result<Types> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut types = Types::new();
    let mut folders = vec![root.join("shared/src"), root.join("functions")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                read(&fs::read_to_string(path)?, &mut types);
            }
        }
    }
    Ok(types)
}

/// Reads a file as `rustfmt` leaves it: a member is one line, below its attributes.
fn read(source: &str, types: &mut Types) {
    let (mut described, mut named, mut within) = (false, None, None::<String>);
    let (mut skipped, mut renamed) = (None, None);
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        described |= line.starts_with("#[derive(") && line.contains("ToSchema");
        named = line.split_once("schema(as = ").map(|(_, name)| word(name).to_owned()).or(named);
        let bare = unscoped(line);
        if let Some(name) = ["struct ", "enum "].into_iter().find_map(|kind| bare.strip_prefix(kind)) {
            let name = named.take().unwrap_or_else(|| word(name).to_owned());
            within = described.then_some(name);
            types.extend(within.iter().map(|name| (name.clone(), BTreeMap::new())));
            (described, skipped, renamed) = (false, None, None);
        } else if line.starts_with('#') || line.contains("skip_serializing") {
            if line.contains("skip_serializing") {
                skipped = Some(line.contains("::is_none\"") || line.contains("::is_null\""));
            }
            let name = line.split_once("rename = \"").and_then(|(_, name)| name.split('"').next());
            renamed = name.map(str::to_owned).or(renamed);
        } else if let Some((name, _)) = bare.split_once(": ").filter(|(name, _)| word(name) == *name) {
            let name = renamed.take().unwrap_or_else(|| name.to_owned());
            let members = within.as_ref().and_then(|within| types.get_mut(within));
            if let (Some(members), Some(skipped)) = (members, skipped.take()) {
                members.entry(name).and_modify(|all| *all &= skipped).or_insert(skipped);
            }
        } else if line.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            // A variant: its attributes are not those of the next member.
            (skipped, renamed) = (None, None);
        }
    }
}

/// Without `pub`, or how far it reaches.
fn unscoped(line: &str) -> &str {
    let scoped = || Some(line.strip_prefix("pub(")?.split_once(") ")?.1);
    line.strip_prefix("pub ").or_else(scoped).unwrap_or(line)
}

/// What a text begins with, as far as it is a name.
fn word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap_or_default()
}

/// Says of a schema that is answered, and never asked with, which of its members always come, and that those that are left
/// out in place of `null` are never that.
pub(crate) fn describe(name: &str, schema: &mut Value, types: &Types) {
    // `Page_Order` is of the type `Page`.
    let of = types.get(name).or_else(|| types.get(name.split_once('_')?.0));
    if let (Some(left_out), Some(schema)) = (of, schema.as_object_mut()) {
        complete(schema, left_out);
    }
}

fn complete(schema: &mut Map<String, Value>, left_out: &BTreeMap<String, bool>) {
    for parts in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get_mut(parts).and_then(Value::as_array_mut).into_iter().flatten();
        parts.filter_map(Value::as_object_mut).for_each(|part| complete(part, left_out));
    }
    let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let mut sent: Vec<_> = members.keys().filter(|name| !left_out.contains_key(*name)).cloned().collect();
    for (_, member) in members.iter_mut().filter(|(name, _)| left_out.get(*name) == Some(&true)) {
        never_null(member);
    }
    sent.sort_unstable();
    if !sent.is_empty() {
        schema.insert("required".to_owned(), json!(sent));
    }
}

/// The same without `null`.
pub(crate) fn never_null(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Some(Value::Array(kinds)) = members.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            members.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(forms)) = members.get_mut("oneOf") {
        forms.retain(|form| form["type"] != "null");
        if let [Value::Object(form)] = forms.as_slice() {
            let form = form.clone();
            members.remove("oneOf");
            form.into_iter().for_each(|(key, value)| {
                members.entry(key).or_insert(value);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
/// An order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    /// What it is: a number.
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) note: Option<Text>,
    pub_date: Option<Date>,
    #[serde(rename = "parts", default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Stored {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub enum Kind {
    #[serde(rename = "self")]
    Own,
    Other {
        name: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        age: Option<u32>,
    },
}
"#;

    fn source() -> Types {
        let mut types = Types::new();
        read(SOURCE, &mut types);
        types
    }

    #[test]
    fn types_say_what_they_leave_out() {
        let of = |members: &[(&str, bool)]| -> BTreeMap<_, _> {
            members.iter().map(|(name, null)| ((*name).to_owned(), *null)).collect()
        };
        let expected = [("Kind", of(&[("age", true)])), ("Order", of(&[("note", true), ("parts", false)]))];
        assert_eq!(source(), Types::from(expected.map(|(name, members)| (name.to_owned(), members))));
    }

    #[test]
    fn what_is_not_left_out_always_comes() {
        let text = json!({"type": ["string", "null"]});
        let properties = json!({"id": {"type": "string"}, "note": text, "pub_date": text, "parts": {"type": "array"}});
        let mut order = json!({"type": "object", "required": ["id"], "properties": properties});
        describe("Order", &mut order, &source());
        assert_eq!(order["required"], json!(["id", "pub_date"]));
        assert_eq!(order["properties"]["note"], json!({"type": "string"}));
        assert_eq!(order["properties"]["pub_date"], text);
        let mut kinds = json!({"oneOf": [{"type": "object", "properties": {"name": text, "age": {
            "description": "Of them.", "oneOf": [{"type": "null"}, {"$ref": "#/x"}]}}}]});
        describe("Kind", &mut kinds, &source());
        let other = &kinds["oneOf"][0];
        assert_eq!(other["required"], json!(["name"]));
        assert_eq!(other["properties"]["age"], json!({"description": "Of them.", "$ref": "#/x"}));
        let mut foreign = order.clone();
        describe("Foreign", &mut foreign, &source());
        assert_eq!(foreign, order);
    }
}
