//! One operation: what its function says of it, completed by what the house says of all.

use registry::Registered;
use serde_json::{Map, Value, json};
use shared::identity::access::{self, Access};
use shared::identity::{Permission, Role, Scope, scope};

use crate::{info, problem, sample};

/// The path, the method and the operation of `function`, with what it has `answered`.
pub(crate) fn complete(function: &Registered, answered: Option<&Value>) -> Result<(String, String, Value), String> {
    let fault = |what: &str| format!("{}: {what}", function.name());
    let route = access::route(function.name()).ok_or_else(|| fault("has no row in the access table"))?;
    let methods: Vec<Value> = function.methods().iter().map(|method| json!(method)).collect();
    let [Value::String(method)] = methods.as_slice() else { return Err(fault("does not answer exactly one method")) };
    let operation = serde_json::to_value(function.operation()).map_err(|error| fault(&error.to_string()))?;
    let Value::Object(mut operation) = operation else { return Err(fault("has no operation")) };
    match operation.get("tags").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(tag)]) if info::is_tag(tag) => {}
        _ => return Err(fault("does not have exactly one of the known tags")),
    }
    operation.insert("operationId".to_owned(), json!(function.name()));
    let (summary, description) = words(&operation, route.access);
    operation.insert("summary".to_owned(), json!(summary));
    operation.insert("description".to_owned(), json!(description));
    let cookie = has_parameter(&operation, "X-CSRF-Token");
    operation.insert("security".to_owned(), security(route.access, cookie));
    if let Access::Needs(permission) = route.access {
        operation.insert("x-roles".to_owned(), roles(permission));
    }
    if let Some(body) = operation.get_mut("requestBody") {
        let example = sample::body(function.name()).ok_or_else(|| fault("has no sample event with a body"))?;
        let media = body.pointer_mut("/content/application~1json").and_then(Value::as_object_mut);
        let media = media.ok_or_else(|| fault("has a body that is not JSON"))?;
        media.insert("example".to_owned(), example);
        if method == "patch" {
            let media = Value::Object(media.clone());
            body.pointer_mut("/content").and_then(Value::as_object_mut).into_iter().for_each(|content| {
                content.insert("application/merge-patch+json".to_owned(), media.clone());
            });
        }
    }
    let mut responses = match operation.remove("responses") {
        Some(Value::Object(responses)) if responses.keys().any(|status| status.starts_with(['2', '3'])) => responses,
        _ => return Err(fault("does not say how it answers when all is well")),
    };
    sample::answered(&mut responses, answered.unwrap_or(&Value::Null)).map_err(|what| fault(&what))?;
    problem::complete(&mut responses, &Shape::of(&operation, route.access), function.name());
    operation.insert("responses".to_owned(), Value::Object(responses));
    Ok((function.path(), method.clone(), Value::Object(operation)))
}

/// What decides which of the common refusals an operation can answer.
pub(crate) struct Shape {
    pub(crate) access: Access,
    pub(crate) has_body: bool,
    pub(crate) has_path: bool,
    /// Whether each request has a key of its own (`Idempotency-Key`).
    pub(crate) has_key: bool,
}

impl Shape {
    fn of(operation: &Map<String, Value>, access: Access) -> Self {
        let mut parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        Self {
            access,
            has_key: has_parameter(operation, "Idempotency-Key"),
            has_body: operation.contains_key("requestBody"),
            has_path: parameters.any(|parameter| parameter.get("in").is_some_and(|at| at == "path")),
        }
    }
}

pub(crate) fn has_parameter(operation: &Map<String, Value>, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    parameters.filter_map(|parameter| parameter.get("name")?.as_str()).any(|one| one == name)
}

/// What shows who calls; `cookie` where the one of a session counts, which it never does without its CSRF token.
fn security(access: Access, cookie: bool) -> Value {
    let mut ways = match access {
        Access::Anyone if cookie => vec![json!({})],
        Access::Anyone => Vec::new(),
        Access::AnyoneOrCaller => vec![json!({}), json!({"access_token": []})],
        Access::SignedIn | Access::Needs(_) => vec![json!({"access_token": []})],
    };
    ways.extend(cookie.then(|| json!({"session_cookie": []})));
    Value::Array(ways)
}

pub(crate) fn security_schemes() -> Value {
    json!({
        "access_token": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The `access_token` that `POST /v1/auth/login` answers with; it lives fifteen minutes.",
        },
        "session_cookie": {
            "type": "apiKey", "in": "cookie", "name": "__Host-refresh",
            "description": "The refresh token of a session that was asked for with `session: cookie`; it counts together with the `X-CSRF-Token` that came with the session.",
        },
    })
}

/// The first sentence, and all the rest: what follows it, the refusals, and who may call.
fn words(operation: &Map<String, Value>, access: Access) -> (String, String) {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
    let summary = text("summary");
    let (first, more) = summary.split_once(". ").map_or((summary.as_str(), ""), |(first, more)| (first, more));
    let own = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    let (own, refusals) = own.split_once("# Errors").unwrap_or((own, ""));
    let refusals = match refusals.trim() {
        "" | "None." => String::new(),
        refusals => format!("Refusals: {refusals}"),
    };
    let paragraphs = [more, own.trim(), &refusals, &callers(access)];
    let paragraphs: Vec<_> = paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect();
    (format!("{}.", first.trim_end_matches(['.', '?'])), paragraphs.join("\n\n"))
}

/// The roles that may call, each with how far it reaches: what `/v1/docs` shows beside the path.
fn roles(permission: Permission) -> Value {
    let reach = |role: Role| Some((role.group().to_owned(), json!(scope(role, permission)?.as_str())));
    Value::Object(Role::ALL.into_iter().filter_map(reach).collect())
}

/// Who may call, in words: the permission matrix for one permission.
fn callers(access: Access) -> String {
    match access {
        Access::Anyone => "Roles: everybody, signed in or not.".to_owned(),
        Access::AnyoneOrCaller => "Roles: everybody; a token is optional.".to_owned(),
        Access::SignedIn => "Roles: everybody who is signed in.".to_owned(),
        Access::Needs(permission) => {
            let roles: Vec<_> = Role::ALL.into_iter().filter_map(|role| reach(role, permission)).collect();
            format!("Roles: {}.", roles.join(", "))
        }
    }
}

fn reach(role: Role, permission: Permission) -> Option<String> {
    let suffix = match scope(role, permission)? {
        Scope::All => "",
        Scope::Own => " (own)",
        Scope::OwnLines => " (lines of own products)",
    };
    Some(format!("`{}`{suffix}", role.group()))
}
