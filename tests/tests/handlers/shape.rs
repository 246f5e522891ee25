//! Every sample event is one that API Gateway could have sent for its route.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::identity::access::{self, Access};

use support::play::sample::samples;

#[test]
fn every_event_is_a_request_of_its_route() {
    let mut seen = 0;
    for function in registry::ENDPOINTS {
        let route = access::route(function.name()).unwrap();
        for sample in samples(function.name()) {
            let at = format!("{} {}", sample.function, sample.outcome);
            let event: Value = serde_json::from_str(&sample.text).unwrap();
            let context = &event["requestContext"];
            let (method, path) = (context["http"]["method"].as_str().unwrap(), event["rawPath"].as_str().unwrap());
            assert_eq!(event["version"], "2.0", "{at}");
            assert_eq!((method, &context["http"]["path"]), (route.method, &event["rawPath"]), "{at}");
            let key = format!("{} {}", route.method, route.path);
            assert_eq!((event["routeKey"].as_str(), context["routeKey"].as_str()), (Some(&*key), Some(&*key)), "{at}");
            let parameters =
                parameters(route.path, path).unwrap_or_else(|| panic!("{at}: {path} is not {}", route.path));
            let told: BTreeMap<&str, &str> = strings(&event["pathParameters"]);
            assert_eq!(told, parameters, "{at}");
            let token = event["headers"]["authorization"].as_str();
            if matches!(route.access, Access::SignedIn | Access::Needs(_)) {
                assert_eq!(token.is_none(), sample.outcome == "unauthenticated", "{at}");
            }
            assert!(
                token.is_none_or(|token| token.starts_with("Bearer ${") && token.ends_with("_TOKEN}")),
                "{at}: {token:?}"
            );
            query_is_told_twice(&event, &at);
            seen += 1;
        }
    }
    assert!(seen > registry::ENDPOINTS.len());
}

/// What a path says for the parameters of its route; nothing where it is a path of another route.
fn parameters<'a>(route: &'a str, path: &'a str) -> Option<BTreeMap<&'a str, &'a str>> {
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let mut found = BTreeMap::new();
    for (wanted, given) in route.iter().zip(&path) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => drop(found.insert(name, *given)),
            None if wanted == given => {}
            None => return None,
        }
    }
    (route.len() == path.len()).then_some(found)
}

fn strings(value: &Value) -> BTreeMap<&str, &str> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect()
}

/// API Gateway sends the query raw and taken apart.
fn query_is_told_twice(event: &Value, at: &str) {
    let raw = event["rawQueryString"].as_str().unwrap_or_default();
    let names: Vec<_> =
        raw.split('&').filter(|part| !part.is_empty()).map(|part| part.split('=').next().unwrap()).collect();
    let apart = strings(&event["queryStringParameters"]);
    assert!(
        names.iter().all(|name| apart.contains_key(name)) && apart.len() <= names.len(),
        "{at}: {raw} is {apart:?}"
    );
}
