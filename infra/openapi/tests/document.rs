//! The document that is checked in is the one that the code makes, and holds what clients rely on.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken document must stop the test"
)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::identity::access::{Access, ROUTES};
use shared::identity::{Role, scope};

fn document() -> Value {
    openapi::document().unwrap_or_else(|faults| panic!("{}", faults.join("\n")))
}

fn operations(document: &Value) -> Vec<(&String, &String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(m, op)| (path, m, op))).collect()
}

#[test]
fn the_checked_in_document_is_current() {
    let text = openapi::render().unwrap_or_else(|faults| panic!("{}", faults.join("\n")));
    let checked_in = std::fs::read_to_string(openapi::path()).unwrap();
    assert!(checked_in == text, "docs/openapi.json is not current: cargo run --bin openapi");
}

#[test]
fn the_dashboards_are_current() {
    let checked_in = std::fs::read_to_string(openapi::dashboards::path()).unwrap();
    let drawn = openapi::dashboards::render().unwrap();
    assert!(checked_in == drawn, "infra/dashboards.yaml is not current: cargo run --bin openapi");
}

#[test]
fn the_deployed_routes_are_current() {
    let template = std::fs::read_to_string(openapi::routes::path()).unwrap();
    assert!(
        openapi::routes::render(&template).unwrap() == template,
        "infra/api.yaml is not current: cargo run --bin openapi"
    );
    assert!(openapi::routes::render("Resources: {}").is_err());
    let fewer = template.replacen("-cart-get/", "-cart-clear/", 1);
    assert_eq!(openapi::routes::render(&fewer).unwrap(), template);
}

#[test]
fn every_operation_is_the_route_of_the_access_table() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        let route = ROUTES.iter().find(|route| route.function == name).unwrap();
        assert_eq!((path.as_str(), method.to_uppercase()), (route.path, route.method.to_owned()), "{name}");
    }
}

#[test]
fn who_may_call_is_said_and_so_are_the_refusals() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        let route = ROUTES.iter().find(|route| route.function == name).unwrap();
        let closed = matches!(route.access, Access::SignedIn | Access::Needs(_));
        let bearer = json!([{"access_token": []}]);
        let cookie = operation["security"].as_array().unwrap().contains(&json!({"session_cookie": []}));
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        assert_eq!(cookie, parameters.any(|one| one["name"] == "X-CSRF-Token"), "{method} {path}");
        assert_eq!(operation["security"] == bearer, closed, "{method} {path}");
        assert!(operation["description"].as_str().unwrap().contains("Roles: "), "{method} {path}");
        let roles: Vec<_> = operation["x-roles"].as_object().into_iter().flatten().map(|(role, _)| role).collect();
        let needed = |permission| Role::ALL.into_iter().filter(move |role| scope(*role, permission).is_some());
        match route.access {
            Access::Needs(permission) => {
                let mut needed: Vec<_> = needed(permission).map(Role::group).collect();
                needed.sort_unstable();
                assert_eq!(roles, needed, "{method} {path}");
            }
            _ => assert!(roles.is_empty(), "{method} {path}"),
        }
        let responses = operation["responses"].as_object().unwrap();
        let expected = [
            // For an `Apothecary-Version` that is not served, wherever there is nothing else to be wrong.
            ("400", true),
            ("401", route.access != Access::Anyone),
            ("403", matches!(route.access, Access::Needs(_)) || responses.contains_key("403")),
            ("404", path.contains('{') || responses.contains_key("404")),
            ("415", operation.get("requestBody").is_some()),
            ("500", true),
            ("503", true),
        ];
        for (status, there) in expected {
            // A handler may name a status of its own; the common ones must be there in any case.
            assert!(!there || responses.contains_key(status), "{method} {path} does not tell of {status}");
        }
    }
}

#[test]
fn every_refusal_is_a_problem() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if status.starts_with(['4', '5']) {
                let response = match response["$ref"].as_str() {
                    Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                    None => response,
                };
                let [problem, own] = response["content"]["application/problem+json"]["schema"]["allOf"]
                    .as_array()
                    .map_or(&[][..], Vec::as_slice)
                else {
                    panic!("{method} {path} {status}: no schema")
                };
                assert_eq!(problem["$ref"], "#/components/schemas/Problem", "{method} {path} {status}");
                let codes = own["properties"]["code"]["enum"].as_array().unwrap();
                assert!(!codes.is_empty(), "{method} {path} {status} names no code");
                assert_eq!(own["properties"]["status"]["const"], json!(status.parse::<u16>().unwrap()));
            }
        }
    }
}

#[test]
fn every_id_in_a_path_says_what_it_looks_like() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["in"] == "path" && (["id", "code"].contains(&name) || name.ends_with("_id")) {
                let schema = &parameter["schema"];
                assert!(schema["pattern"].is_string() || schema["format"] == "uuid", "{method} {path}: {name}");
            }
        }
    }
}

#[test]
fn what_caches_may_keep_says_how_it_is_asked_for_again() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        let (area, rest) = name.split_once('-').unwrap();
        let file = format!("{}/../../functions/{area}/{rest}/src/lib.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let kept = [".public(", ".public_as(", ".public_version(", ".private(", ".private_version("]
            .iter()
            .any(|call| source.contains(call));
        assert_eq!(operation["responses"]["304"].is_object(), kept, "{method} {path}: 304");
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        let asked = parameters.any(|parameter| parameter["name"] == "If-None-Match");
        assert!(asked || !kept, "{method} {path}: If-None-Match");
    }
}

#[test]
fn every_answer_is_described() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() > 1), "{method} {path}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let described = response["description"].as_str().is_some_and(|text| !text.is_empty());
            assert!(described || response["$ref"].is_string(), "{method} {path} {status}");
        }
    }
}

#[test]
fn request_bodies_refuse_what_they_do_not_know() {
    let document = document();
    let mut bodies = 0;
    for (path, method, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        // A Bundle is FHIR's own to describe, and whatever else is in one is refused resource by resource.
        if path == "/v1/records/import" {
            continue;
        }
        let schema = &body["content"]["application/json"]["schema"];
        // Of a body that may be left out, one of the two forms is `null`.
        let forms = schema["oneOf"].as_array().map_or_else(|| vec![schema], |forms| forms.iter().collect());
        let named: Vec<_> = forms.iter().filter_map(|form| form["$ref"].as_str()).collect();
        let [reference] = named.as_slice() else { panic!("{method} {path}: a body without one named schema") };
        let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
        // Where a parameter of the path decides what is in it, each of the forms refuses.
        let forms = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        let forms = forms.map_or_else(|| vec![schema], |forms| forms.iter().collect());
        for form in forms {
            let named = form["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
            let form = named.map_or(form, |pointer| document.pointer(pointer).unwrap());
            assert_eq!(form["additionalProperties"], json!(false), "{method} {path}: {form}");
        }
        assert!(body["content"]["application/json"]["example"].is_object(), "{method} {path}: no example");
        bodies += 1;
    }
    assert!(bodies > 0);
}

/// The names of the schemas that `value` refers to, and those that these refer to.
fn reached(document: &Value, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|reference| reference.strip_prefix("#/components/schemas/"))
                && names.insert(name.to_owned())
            {
                reached(document, &document["components"]["schemas"][name], names);
            }
            members.values().for_each(|member| reached(document, member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| reached(document, item, names)),
        _ => {}
    }
}

/// The objects with members that a schema is made of itself.
fn objects(schema: &Value) -> Vec<&Value> {
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
    let own = schema["properties"].is_object().then_some(schema);
    own.into_iter().chain(parts.filter(|part| part["properties"].is_object())).collect()
}

fn may_be_null(schema: &Value) -> bool {
    schema["type"] == "null"
        || schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        || schema["oneOf"].as_array().is_some_and(|forms| forms.iter().any(may_be_null))
}

/// A member is left out or `null` where there is nothing, never the one or the other.
#[test]
fn what_may_be_null_in_an_answer_always_comes() {
    let document = document();
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(&document) {
        reached(&document, &operation["requestBody"], &mut asked);
        for (_, response) in operation["responses"].as_object().unwrap().iter().filter(|(s, _)| s.starts_with('2')) {
            reached(&document, response, &mut answered);
        }
    }
    let schemas = &document["components"]["schemas"];
    for name in answered.difference(&asked) {
        for object in objects(&schemas[name]) {
            for (member, schema) in object["properties"].as_object().unwrap() {
                let required = object["required"].as_array().is_some_and(|names| names.contains(&json!(member)));
                assert!(required || !may_be_null(schema), "{name}.{member}");
            }
        }
    }
    let [list, order] = ["Page_OrderSummary", "OrderSummary"].map(|name| &schemas[name]);
    let required = |schema: &Value, member: &str| schema["required"].as_array().unwrap().contains(&json!(member));
    assert!(required(list, "next_cursor") && required(order, "totals") && !required(order, "holds"));
    assert!(may_be_null(&order["properties"]["totals"]) && !may_be_null(&order["properties"]["holds"]));
}

#[test]
fn bodies_of_several_forms_say_which_members_go_together() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let form = |name: &str, members: &[&str]| {
        let schema = &schemas[name];
        members.iter().all(|member| schema["required"].as_array().unwrap().contains(&json!(member)))
            && schema["additionalProperties"] == false
    };
    let review = &schemas["ReviewPrescriptionRequest"];
    assert_eq!(review["discriminator"]["propertyName"], "decision");
    assert!(form("ReviewPrescriptionRequestApprove", &["decision", "items", "valid_until", "has_signature"]));
    assert!(form("ReviewPrescriptionRequestReject", &["decision", "reason_code", "reason"]));
    assert!(form("StartPrescriptionRequestFiles", &["files", "issued_on"]));
    assert!(schemas["StartPrescriptionRequestFiles"]["properties"].get("size_bytes").is_none());
    for (name, schema) in schemas.as_object().unwrap() {
        let told = schema["description"].as_str().is_some_and(|text| text.contains("exactly one of `"));
        assert!(!told || schema["oneOf"].is_array(), "{name}");
        let Some(mapping) = schema["discriminator"]["mapping"].as_object() else { continue };
        let tag = schema["discriminator"]["propertyName"].as_str().unwrap();
        assert_eq!(mapping.len(), schema["oneOf"].as_array().unwrap().len(), "{name}");
        for (value, reference) in mapping {
            let form = document.pointer(reference.as_str().unwrap().trim_start_matches('#')).unwrap();
            assert_eq!(form["properties"][tag]["enum"], json!([value]), "{name}: {value}");
        }
    }
}

/// The reasons why an order is not placed, or not moved, are those that the preview shows.
#[test]
fn reasons_of_refusals_are_of_their_own_type() {
    let document = document();
    let reasons = |path: &str| {
        let at = "/post/responses/422/content/application~1problem+json/schema/allOf/1/properties/problems/items";
        document["paths"][path].pointer(at).unwrap()
    };
    let [checkout, scan] =
        ["CheckoutProblem", "ScanProblem"].map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    assert_eq!(reasons("/v1/orders"), &checkout);
    assert_eq!(reasons("/v1/orders/{id}/transitions"), &json!({"anyOf": [checkout, scan]}));
}

/// What is wrong with a field is told by operations that take one, each by its own codes.
#[test]
fn the_codes_of_fields_are_those_of_the_operation() {
    let document = document();
    let mut lists = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = "/400/content/application~1problem+json/schema/allOf/1/properties/errors/items/allOf/1/properties/code/enum";
        let codes = operation["responses"].pointer(at);
        if operation.get("requestBody").is_some() && operation["operationId"] != "records-import" {
            let codes =
                codes.unwrap_or_else(|| panic!("{method} {path} has a body and says of no field what is wrong"));
            for code in ["unknown", "wrong_type"] {
                assert!(codes.as_array().unwrap().contains(&json!(code)), "{method} {path}: {code}");
            }
        }
        lists.extend(codes.map(ToString::to_string));
    }
    assert!(lists.len() > 60, "{} lists", lists.len());
}

#[test]
fn a_change_of_a_record_takes_its_own_example() {
    let document = document();
    let body = &document["paths"]["/v1/records/{kind}/{id}"]["patch"]["requestBody"]["content"]["application/json"];
    assert_eq!(body["schema"]["$ref"], "#/components/schemas/RecordPatch");
    let forms = document["components"]["schemas"]["RecordPatch"]["anyOf"].as_array().unwrap();
    let example = body["example"].as_object().unwrap();
    let takes = |form: &Value| {
        let form = document.pointer(form["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
        assert!(form.get("required").is_none(), "{form}");
        example.keys().all(|name| form["properties"].get(name).is_some())
    };
    assert!(forms.iter().any(takes), "{example:?}");
}
