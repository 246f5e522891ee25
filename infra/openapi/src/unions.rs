//! Bodies of several forms, each as a schema of its own: those whose members depend on one of them (the discriminator), and
//! those of which exactly one of two members is there. What is read into one type has whatever may be absent as an `Option`,
//! which says nothing of what goes with what.

use serde_json::{Map, Value, json};

use crate::schemas::PREFIX;
use crate::sent;

/// A body that is read into one type: the member that says which form it is, if there is one, and by the name of each form
/// the members that it alone has, all of which it needs.
struct Union {
    schema: &'static str,
    tag: Option<&'static str>,
    forms: [(&'static str, &'static [&'static str]); 2],
}

const UNIONS: [Union; 2] = [
    Union {
        schema: "ReviewPrescriptionRequest",
        tag: Some("decision"),
        forms: [("approve", &["items", "valid_until", "has_signature"]), ("reject", &["reason_code", "reason"])],
    },
    Union {
        schema: "StartPrescriptionRequest",
        tag: None,
        forms: [("file", &["content_type", "size_bytes"]), ("files", &["files"])],
    },
];

/// The forms of a schema by name, and the member that says which it is.
type Forms = (Option<String>, Vec<(String, Value)>);

/// Gives each form of a body its own schema. A name that there is already is a fault.
pub(crate) fn describe(schemas: &mut Value) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(schemas) = schemas.as_object_mut() else { return faults };
    let found: Vec<_> =
        schemas.iter().filter_map(|(name, schema)| Some((name.clone(), forms_of(name, schema)?))).collect();
    for (name, (tag, forms)) in found {
        let (mut either, mut mapping) = (Vec::new(), Map::new());
        for (form, schema) in forms {
            let own = format!("{name}{}", camel(&form));
            let reference = format!("{PREFIX}{own}");
            either.push(json!({"$ref": reference}));
            mapping.insert(form, json!(reference));
            if schemas.insert(own.clone(), schema).is_some() {
                faults.push(format!("the schema {own} is there already, and a form of {name}"));
            }
        }
        let Some(union) = schemas.get_mut(&name) else { continue };
        let mut whole = Map::from_iter([("oneOf".to_owned(), json!(either))]);
        if let Some(description) = union.get("description") {
            whole.insert("description".to_owned(), description.clone());
        }
        if let Some(tag) = tag {
            whole.insert("discriminator".to_owned(), json!({"propertyName": tag, "mapping": mapping}));
        }
        *union = Value::Object(whole);
    }
    faults
}

fn forms_of(name: &str, schema: &Value) -> Option<Forms> {
    if let Some(union) = UNIONS.iter().find(|union| union.schema == name) {
        return Some((union.tag.map(str::to_owned), split(schema, union.tag, &union.forms)));
    }
    if let Some([one, other]) = exactly_one(schema) {
        return Some((None, split(schema, None, &[(one, &[one]), (other, &[other])])));
    }
    tagged(schema)
}

/// The two members of which a description says that exactly one is there.
fn exactly_one(schema: &Value) -> Option<[&str; 2]> {
    let (_, said) = schema.get("description")?.as_str()?.split_once("exactly one of `")?;
    let (one, said) = said.split_once("` and `")?;
    let both = [one, said.split('`').next()?];
    let members = schema.get("properties")?;
    both.iter().all(|member| members.get(member).is_some()).then_some(both)
}

/// The forms of a body that is read into one type.
fn split(schema: &Value, tag: Option<&str>, forms: &[(&str, &[&str])]) -> Vec<(String, Value)> {
    let one = |(name, own): &(&str, &[&str])| {
        let mut form = schema.clone();
        let others = forms.iter().filter(|(other, _)| other != name).flat_map(|(_, members)| *members);
        let Some(schema) = form.as_object_mut() else { return ((*name).to_owned(), form) };
        schema.remove("description");
        if let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            for other in others {
                members.remove(*other);
            }
            for own in *own {
                if let Some(member) = members.get_mut(*own) {
                    sent::never_null(member);
                }
            }
            if let Some(tag) = tag.and_then(|tag| members.get_mut(tag)).and_then(Value::as_object_mut) {
                tag.remove("$ref");
                tag.extend([("type".to_owned(), json!("string")), ("enum".to_owned(), json!([name]))]);
            }
        }
        if let Some(required) = schema.entry("required").or_insert_with(|| json!([])).as_array_mut() {
            required.extend(own.iter().map(|own| json!(own)));
        }
        ((*name).to_owned(), form)
    };
    forms.iter().map(one).collect()
}

/// The forms of a type whose variants serde tells apart by one of their members.
fn tagged(schema: &Value) -> Option<Forms> {
    let forms = schema.get("oneOf")?.as_array()?;
    let value = |form: &Value, tag: &str| match form.get("properties")?.get(tag)?.get("enum")?.as_array()?.as_slice() {
        [Value::String(value)] => Some(value.clone()),
        _ => None,
    };
    let tag = forms.first()?.get("properties")?.as_object()?.keys().find(|tag| {
        let mut values: Vec<_> = forms.iter().filter_map(|form| value(form, tag)).collect();
        values.sort_unstable();
        values.dedup();
        values.len() == forms.len()
    })?;
    let forms = forms.iter().filter_map(|form| Some((value(form, tag)?, form.clone()))).collect();
    Some((Some(tag.clone()), forms))
}

/// `product_id` → `ProductId`.
fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_says_which_members_go_with_it() {
        let reference = json!({"oneOf": [{"$ref": "#/x"}, {"type": "null"}]});
        let optional = |of: &str| json!({"type": [of, "null"]});
        let mut schemas = json!({"ReviewPrescriptionRequest": {
            "type": "object", "description": "A decision.", "additionalProperties": false, "required": ["decision"],
            "properties": {
                "decision": {"$ref": "#/verdict", "description": "Which."}, "items": optional("array"),
                "valid_until": optional("string"), "has_signature": optional("boolean"), "reason_code": reference,
                "reason": optional("string"),
            },
        }});
        assert_eq!(describe(&mut schemas), [""; 0]);
        let named = |form: &str| format!("{PREFIX}ReviewPrescriptionRequest{form}");
        let mapping = json!({"approve": named("Approve"), "reject": named("Reject")});
        let expected = json!({
            "description": "A decision.", "oneOf": [{"$ref": named("Approve")}, {"$ref": named("Reject")}],
            "discriminator": {"propertyName": "decision", "mapping": mapping},
        });
        assert_eq!(schemas["ReviewPrescriptionRequest"], expected);
        let reject = json!({
            "type": "object", "additionalProperties": false, "required": ["decision", "reason_code", "reason"],
            "properties": {
                "decision": {"type": "string", "enum": ["reject"], "description": "Which."},
                "reason_code": {"$ref": "#/x"}, "reason": {"type": "string"},
            },
        });
        assert_eq!(schemas["ReviewPrescriptionRequestReject"], reject);
    }

    #[test]
    fn exactly_one_of_two_is_there() {
        let mut schemas = json!({"Login": {
            "description": "Who: exactly one of `email` and `phone`.", "required": ["password"],
            "properties": {"email": {"type": ["string", "null"]}, "phone": {"type": "string"}, "password": {}},
        }});
        assert_eq!(describe(&mut schemas), [""; 0]);
        let email =
            json!({"required": ["password", "email"], "properties": {"email": {"type": "string"}, "password": {}}});
        assert_eq!(schemas["LoginEmail"], email);
        assert!(schemas["LoginPhone"]["properties"].get("email").is_none(), "{schemas}");
        assert!(schemas["Login"].get("discriminator").is_none(), "{schemas}");
    }

    #[test]
    fn variants_are_told_apart_by_their_tag() {
        let variant =
            |kind: &str| json!({"properties": {"kind": {"type": "string", "enum": [kind]}}, "description": kind});
        let mut schemas = json!({"Client": {"oneOf": [variant("form"), variant("pay_now")]}, "ClientForm": {}});
        assert_eq!(describe(&mut schemas), ["the schema ClientForm is there already, and a form of Client"]);
        assert_eq!(schemas["ClientPayNow"], variant("pay_now"));
        assert_eq!(schemas["Client"]["discriminator"]["propertyName"], "kind");
        let mut same = json!({"Client": {"oneOf": [variant("form"), variant("form")]}});
        let before = same.clone();
        assert_eq!(describe(&mut same), [""; 0]);
        assert_eq!(same, before);
    }
}
