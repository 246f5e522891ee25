//! Holds values against the schemas of the document: as much of JSON Schema as the document uses. A keyword that is not known
//! here stops the test, so that none is passed over.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::{Map, Value, json};
use shared::accounts::Email;
use shared::platform::clock::{Date, Timestamp};
use shared::platform::ids::UserId;

/// What says nothing about which values there may be.
const WORDS: [&str; 8] =
    ["default", "deprecated", "description", "discriminator", "example", "examples", "title", "writeOnly"];

/// The names of members.
type Members = BTreeSet<String>;

pub struct Checker<'a> {
    document: &'a Value,
}

impl<'a> Checker<'a> {
    pub const fn new(document: &'a Value) -> Self {
        Self { document }
    }

    /// Where `value` is not what `schema` says, or has a member that it does not tell of.
    pub fn faults(&self, at: &str, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(at, schema, value, &mut faults);
        if let (Some(told), Some(members)) = (self.members(schema), value.as_object()) {
            let untold = members.keys().filter(|name| !told.contains(*name));
            faults.extend(untold.map(|name| format!("{at}/{name} is not in the schema")));
        }
        faults
    }

    fn named(&self, reference: &Value) -> &'a Value {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        self.document.pointer(pointer).unwrap_or_else(|| panic!("there is no {pointer}"))
    }

    /// The members that a schema tells of, in all of its forms; nothing where any may be there.
    fn members(&self, schema: &Value) -> Option<Members> {
        if schema.get("additionalProperties").is_some_and(|more| *more != json!(false)) {
            return None;
        }
        let mut told: Members =
            schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let mut some = schema.get("properties").is_some();
        let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
        for part in parts.chain(schema.get("$ref").map(|reference| self.named(reference))) {
            if part["type"] == "null" {
                continue;
            }
            told.extend(self.members(part)?);
            some = true;
        }
        some.then_some(told)
    }

    fn check(&self, at: &str, schema: &Value, value: &Value, faults: &mut Vec<String>) {
        let schema = match schema {
            Value::Bool(true) => return,
            schema => schema.as_object().unwrap_or_else(|| panic!("{at}: {schema} is no schema")),
        };
        for (keyword, said) in schema {
            match keyword.as_str() {
                "$ref" => self.check(at, self.named(said), value, faults),
                "allOf" => said.as_array().unwrap().iter().for_each(|part| self.check(at, part, value, faults)),
                "anyOf" | "oneOf" => self.forms(at, keyword, said, value, faults),
                "properties" => self.properties(at, said, value, faults),
                "additionalProperties" => self.others(at, (schema, said), value, faults),
                "items" => {
                    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                        faults.extend(self.faults(&format!("{at}/{n}"), said, item));
                    }
                }
                "propertyNames" => {
                    let names = value.as_object().into_iter().flatten().map(|(name, _)| json!(name));
                    names.for_each(|name| self.check(at, said, &name, faults));
                }
                word if WORDS.contains(&word) || word.starts_with("x-") => {}
                keyword => {
                    if !holds(keyword, said, value) {
                        faults.push(format!("{at}: {value} against {keyword} {said}"));
                    }
                }
            }
        }
    }

    /// Of several forms one, and of those that exclude each other no second.
    fn forms(&self, at: &str, keyword: &str, forms: &Value, value: &Value, faults: &mut Vec<String>) {
        let tried: Vec<_> = forms
            .as_array()
            .unwrap()
            .iter()
            .map(|form| {
                let mut own = Vec::new();
                self.check(at, form, value, &mut own);
                own
            })
            .collect();
        let fitting = tried.iter().filter(|own| own.is_empty()).count();
        if fitting == 0 {
            faults.push(format!("{at} has none of its forms: {tried:?}"));
        } else if fitting > 1 && keyword == "oneOf" {
            faults.push(format!("{at} has {fitting} forms at once"));
        }
    }

    fn properties(&self, at: &str, said: &Value, value: &Value, faults: &mut Vec<String>) {
        let Some(members) = value.as_object() else { return };
        for (name, schema) in said.as_object().unwrap() {
            if let Some(member) = members.get(name) {
                faults.extend(self.faults(&format!("{at}/{name}"), schema, member));
            }
        }
    }

    /// Members beyond those that have names.
    fn others(&self, at: &str, (schema, said): (&Map<String, Value>, &Value), value: &Value, faults: &mut Vec<String>) {
        let named = |name: &str| schema.get("properties").is_some_and(|properties| properties.get(name).is_some());
        for (name, member) in value.as_object().into_iter().flatten().filter(|(name, _)| !named(name)) {
            match said {
                Value::Bool(true) => {}
                Value::Bool(false) => faults.push(format!("{at}/{name} is one too many")),
                said => faults.extend(self.faults(&format!("{at}/{name}"), said, member)),
            }
        }
    }
}

/// Whether a plain keyword holds; what is said of another type holds of every value.
fn holds(keyword: &str, said: &Value, value: &Value) -> bool {
    let limit = || usize::try_from(said.as_u64().unwrap()).unwrap();
    let number =
        |compares: fn(&f64, &f64) -> bool| value.as_f64().is_none_or(|own| compares(&own, &said.as_f64().unwrap()));
    let text =
        |length: fn(&usize, &usize) -> bool| value.as_str().is_none_or(|text| length(&text.chars().count(), &limit()));
    let items = |count: fn(&usize, &usize) -> bool| value.as_array().is_none_or(|items| count(&items.len(), &limit()));
    match keyword {
        "type" => said.as_array().map_or_else(|| is_a(said, value), |types| types.iter().any(|one| is_a(one, value))),
        "enum" => said.as_array().unwrap().contains(value),
        "const" => said == value,
        "required" => {
            let needed = said.as_array().unwrap();
            value
                .as_object()
                .is_none_or(|members| needed.iter().all(|name| members.contains_key(name.as_str().unwrap())))
        }
        "pattern" => value.as_str().is_none_or(|text| Regex::new(said.as_str().unwrap()).unwrap().is_match(text)),
        "format" => is_formed(said.as_str().unwrap(), value),
        "minimum" => number(f64::ge),
        "maximum" => number(f64::le),
        "minLength" => text(usize::ge),
        "maxLength" => text(usize::le),
        "minItems" => items(usize::ge),
        "maxItems" => items(usize::le),
        "uniqueItems" => value.as_array().is_none_or(|items| {
            let different: BTreeSet<_> = items.iter().map(ToString::to_string).collect();
            different.len() == items.len()
        }),
        other => panic!("the keyword {other} is not known here"),
    }
}

fn is_a(said: &Value, value: &Value) -> bool {
    match said.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}

fn is_formed(format: &str, value: &Value) -> bool {
    let text = value.as_str();
    match format {
        "date-time" => text.is_none_or(|text| Timestamp::parse(text).is_ok()),
        "date" => text.is_none_or(|text| Date::parse(text).is_ok()),
        "uuid" => text.is_none_or(|text| UserId::parse(text).is_ok()),
        "email" => text.is_none_or(|text| Email::parse(text).is_ok()),
        "int32" => value.as_i64().is_none_or(|number| i32::try_from(number).is_ok()),
        "int64" => !value.is_number() || value.is_i64() || value.is_u64(),
        "uri-reference" => text.is_none_or(|text| !text.contains(char::is_whitespace)),
        "password" => true,
        other => panic!("the format {other} is not known here"),
    }
}

#[test]
fn a_value_is_held_against_all_that_is_said_of_it() {
    let document = json!({"components": {"schemas": {"Money": {
        "type": "object", "required": ["amount", "currency"], "description": "Money.",
        "properties": {"amount": {"type": "integer", "minimum": 0}, "currency": {"enum": ["USD", "NPR"]}},
    }}}});
    let checker = Checker::new(&document);
    let money = json!({"$ref": "#/components/schemas/Money"});
    let order = json!({"allOf": [
        {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "pattern": "^ord_[0-9]+$", "maxLength": 6},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "fee": {"oneOf": [{"type": "null"}, money]},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": true},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        }},
        {"type": "object", "properties": {"total": money}},
    ]});
    let usd = |amount: i64| json!({"amount": amount, "currency": "USD"});
    for good in [
        json!({"id": "ord_1"}),
        json!({"id": "ord_1", "at": null, "fee": null, "total": usd(3), "tags": ["a", "b"], "counts": {"x": 1}}),
        json!({"id": "ord_1", "at": "2026-11-20T10:00:00Z", "fee": usd(0)}),
    ] {
        assert_eq!(checker.faults("order", &order, &good), Vec::<String>::new());
    }
    for bad in [
        json!([]),
        json!({}),
        json!({"id": "rx_1"}),
        json!({"id": "ord_123"}),
        json!({"id": "ord_1", "at": "yesterday"}),
        json!({"id": "ord_1", "at": 3}),
        json!({"id": "ord_1", "fee": usd(-1)}),
        json!({"id": "ord_1", "total": {"amount": 1}}),
        json!({"id": "ord_1", "total": {"amount": 1.5, "currency": "USD"}}),
        json!({"id": "ord_1", "total": {"amount": 1, "currency": "EUR"}}),
        json!({"id": "ord_1", "total": {"amount": 1, "currency": "USD", "rate": 1}}),
        json!({"id": "ord_1", "tags": ["a", "a"]}),
        json!({"id": "ord_1", "tags": ["a", "b", "c"]}),
        json!({"id": "ord_1", "counts": {"x": "many"}}),
        json!({"id": "ord_1", "untold": true}),
    ] {
        assert!(!checker.faults("order", &order, &bad).is_empty(), "{bad}");
    }
}

#[test]
fn of_forms_that_exclude_each_other_one_fits() {
    let document = json!({});
    let checker = Checker::new(&document);
    let one = json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"const": 3}]});
    let any = json!({"anyOf": [{"type": "integer"}, {"const": 3}]});
    assert_eq!(checker.faults("x", &one, &json!("a")), Vec::<String>::new());
    assert_eq!(checker.faults("x", &any, &json!(3)), Vec::<String>::new());
    assert_eq!(checker.faults("x", &one, &json!(3)).len(), 1);
    assert_eq!(checker.faults("x", &one, &json!(true)).len(), 1);
}
