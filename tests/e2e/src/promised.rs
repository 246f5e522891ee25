//! What docs/openapi.json promises of refusals: the codes that each operation lists for each status.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).expect("the document")
    })
}

/// The operation that a request such as `GET /v1/orders/ord_1?x=y` goes to, where there is one: a segment that is written out
/// counts before a parameter.
fn operation(request: &str) -> Option<&'static Value> {
    let (method, target) = request.split_once(' ')?;
    let path = target.split('?').next()?;
    let paths = document()["paths"].as_object()?;
    let of = |template: &str| {
        let (wanted, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        let fits = |(wanted, given): (&&str, &&str)| wanted == given || wanted.starts_with('{');
        (wanted.len() == given.len() && wanted.iter().zip(&given).all(fits))
            .then(|| wanted.iter().filter(|segment| segment.starts_with('{')).count())
    };
    let found = paths.iter().filter_map(|(template, item)| Some((of(template)?, item)));
    let (_, item) = found.min_by_key(|(parameters, _)| *parameters)?;
    item.get(method.to_lowercase())
}

/// The codes of a problem that its operation does not list.
pub(crate) fn unlisted(request: &str, status: u16, problem: &Value) -> Vec<String> {
    let Some(operation) = operation(request) else { return Vec::new() };
    let response = &operation["responses"][status.to_string()];
    let response = match response["$ref"].as_str() {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).expect("a response"),
        None => response,
    };
    let own = response.pointer("/content/application~1problem+json/schema/allOf/1/properties");
    let listed = |at: &str, code: &Value| {
        let codes = own.and_then(|own| own.pointer(at)).and_then(Value::as_array);
        codes.is_some_and(|codes| codes.contains(code))
    };
    let mut found = Vec::new();
    if !listed("/code/enum", &problem["code"]) {
        found.push(format!("{status} {}", problem["code"]));
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        if !listed("/errors/items/allOf/1/properties/code/enum", &error["code"]) {
            found.push(format!("{status} with {} at {}", error["code"], error["field"]));
        }
    }
    found
}
