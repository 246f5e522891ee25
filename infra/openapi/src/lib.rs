//! The API's OpenAPI 3.1 document, made from the code: operations and schemas from the annotations of the functions, who
//! may call them from the access table and the permission matrix, examples from the sample events and what they were answered, the answers that all of
//! them share from the edge.

mod answers;
mod codes;
pub mod dashboards;
mod headers;
mod ids;
mod info;
mod operation;
mod patches;
mod problem;
pub mod routes;
mod sample;
mod schemas;
mod sent;
mod tidy;
mod unions;

use std::path::PathBuf;

use registry::ENDPOINTS;
use serde_json::{Map, Value, json};

/// Where the document is checked in.
pub fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json"))
}

/// The document.
///
/// # Errors
/// Every contradiction in what the functions say of themselves; or their source cannot be read.
pub fn document() -> Result<Value, Vec<String>> {
    let types = sent::types().map_err(|error| vec![format!("the types of the code: {error}")])?;
    let answers = sample::answers().map_err(|error| vec![format!("the examples of answers: {error}")])?;
    let mut faults = Vec::new();
    let mut schemas = schemas::Schemas::default();
    let mut paths = Map::new();
    for function in ENDPOINTS {
        schemas.add(function, &mut faults);
        match operation::complete(function, answers.get(function.name())) {
            Ok((path, method, operation)) => {
                let item = paths.entry(path).or_insert_with(|| json!({}));
                if item.as_object_mut().and_then(|item| item.insert(method, operation)).is_some() {
                    faults.push(format!("{} answers a route that another function answers", function.name()));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    let mut schemas = schemas.finish(&mut paths, &types);
    patches::describe(&mut paths, &mut schemas);
    ids::describe(&mut paths, &mut schemas);
    faults.extend(unions::describe(&mut schemas));
    headers::describe(&mut paths, &schemas);
    answers::describe(&mut paths, &schemas);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": info::info(),
        "servers": [{"url": "/", "description": "Where this document came from"}],
        "tags": info::tags(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": headers::components(),
            "responses": problem::responses(),
            "securitySchemes": operation::security_schemes(),
        },
    });
    faults.extend(schemas::dangling(&document));
    // Whether maps keep the order of insertion is up to whoever else is built along; the text must not depend on that.
    document.sort_all_objects();
    if faults.is_empty() { Ok(document) } else { Err(faults) }
}

/// The document as text.
///
/// # Errors
/// As [`document`].
pub fn render() -> Result<String, Vec<String>> {
    let document = document()?;
    serde_json::to_string_pretty(&document).map(|text| text + "\n").map_err(|error| vec![error.to_string()])
}
