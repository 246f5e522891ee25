//! The schemas of all operations in one map.

use std::collections::{BTreeMap, BTreeSet};

use registry::Registered;
use serde_json::{Map, Value, json};

use crate::sent::Types;
use crate::{codes, problem, sent, tidy};

/// How a schema is referred to.
pub(crate) const PREFIX: &str = "#/components/schemas/";

/// What has been gathered so far: each schema, and the function that brought it.
#[derive(Default)]
pub(crate) struct Schemas {
    found: BTreeMap<String, (&'static str, Value)>,
}

impl Schemas {
    /// Adds the schemas of `function`; one name for two different schemas is a fault.
    pub(crate) fn add(&mut self, function: &Registered, faults: &mut Vec<String>) {
        for (name, schema) in function.schemas() {
            let schema = json!(schema);
            match self.found.get(&name) {
                Some((_, known)) if *known == schema => {}
                Some((other, _)) => faults.push(format!(
                    "the schema {name} of {} is another one than that of {other}; rename one of the types",
                    function.name()
                )),
                None => {
                    self.found.insert(name, (function.name(), schema));
                }
            }
        }
    }

    /// All of them with the problem's own, and `paths` with them, put plainly. Those that request bodies are made of refuse
    /// what they do not know; those that answers alone are made of say what always comes, going by `types`.
    pub(crate) fn finish(self, paths: &mut Map<String, Value>, types: &Types) -> Value {
        let own = problem::schemas().into_iter().map(|(name, schema)| (name.to_owned(), schema));
        let own = own.chain(codes::schemas().into_iter().map(|(name, schema)| (name, json!(schema))));
        let mut schemas: Map<String, Value> =
            self.found.into_iter().map(|(name, (_, schema))| (name, schema)).chain(own).collect();
        let wrappers = tidy::unwrap_fields(&mut schemas);
        for value in schemas.values_mut().chain(paths.values_mut()) {
            tidy::tidy(value, &wrappers);
        }
        let mut waiting = BTreeSet::new();
        for item in paths.values() {
            for operation in item.as_object().into_iter().flat_map(Map::values) {
                waiting.extend(operation.get("requestBody").map(references).unwrap_or_default());
            }
        }
        let mut sealed = BTreeSet::new();
        while let Some(name) = waiting.pop_first() {
            if let Some(schema) = schemas.get_mut(&name).filter(|_| sealed.insert(name)) {
                // A whole body without members has nothing else that tells it from a free form.
                if let Some(members) = schema.as_object_mut().filter(|one| one.len() <= 2 && one.contains_key("type")) {
                    let empty = members.get("type") == Some(&json!("object"));
                    empty.then(|| members.entry("additionalProperties").or_insert_with(|| json!(false)));
                }
                seal(schema);
                waiting.extend(references(schema));
            }
        }
        for (name, schema) in schemas.iter_mut().filter(|(name, _)| !sealed.contains(*name)) {
            sent::describe(name, schema, types);
        }
        Value::Object(schemas)
    }
}

/// Every object with named properties in `value` takes no others.
fn seal(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(seal);
        }
        Value::Array(items) => items.iter_mut().for_each(seal),
        _ => {}
    }
}

/// The names of the schemas that `value` refers to.
fn references(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(PREFIX));
            own.map(ToOwned::to_owned).into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => BTreeSet::new(),
    }
}

/// References to schemas that are not there.
pub(crate) fn dangling(document: &Value) -> Vec<String> {
    let there = document.pointer("/components/schemas");
    let missing = |name: &String| there.is_none_or(|schemas| schemas.get(name).is_none());
    references(document).into_iter().filter(missing).map(|name| format!("there is no schema {name}")).collect()
}
