//! The document that is checked in is the one that the code makes, and holds what clients rely on.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken document must stop the test"
)]

use serde_json::{Value, json};
use shared::identity::access::{Access, ROUTES};

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
        assert_eq!(operation["security"] == bearer, closed, "{method} {path}");
        assert!(operation["description"].as_str().unwrap().contains("Roles: "), "{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        let expected = [
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
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
        }
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
        let schema = &body["content"]["application/json"]["schema"];
        // Of a body that may be left out, one of the two forms is `null`.
        let forms = schema["oneOf"].as_array().map_or_else(|| vec![schema], |forms| forms.iter().collect());
        let named: Vec<_> = forms.iter().filter_map(|form| form["$ref"].as_str()).collect();
        let [reference] = named.as_slice() else { panic!("{method} {path}: a body without one named schema") };
        let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
        assert_eq!(schema["additionalProperties"], json!(false), "{method} {path}: {schema}");
        assert!(body["content"]["application/json"]["example"].is_object(), "{method} {path}: no example");
        bodies += 1;
    }
    assert!(bodies > 0);
}
