//! What is answered where no route leads: that there is nothing, or by which methods there is.
//!
//! API Gateway's own answer has neither a problem nor the headers that let a page read it. It adds these to the answer of any
//! function ("Configure CORS for HTTP APIs in API Gateway"), so a function answers. It asks nobody: no token, no table.

use http::header::ALLOW;
use lambda_http::Body;
use serde_json::{Map, Value, json};

use super::problem;
use super::response::{ApiResponse, Asked};
use crate::identity::access;
use crate::platform::error::{Error, Kind};
use crate::platform::language::Language;
use crate::platform::{speech, wording};

/// The answer to an event of API Gateway that no route of the table takes, as API Gateway wants it.
pub async fn elsewhere(event: &Value) -> Value {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (method, path) = (text("/requestContext/http/method"), text("/rawPath"));
    let asked = Asked {
        request_id: text("/requestContext/requestId").to_owned(),
        if_none_match: None,
        head: method == "HEAD",
        tells_callers_apart: false,
        path: path.to_owned(),
        has_members: false,
        function: "platform-not-found",
        accepts: None,
        version: None,
    };
    let methods = access::methods_at(path).into_iter().collect::<Vec<_>>().join(", ");
    let language = Language::asked_for(event.pointer("/headers/accept-language").and_then(Value::as_str));
    let said = async { refusal(&methods, &asked.request_id) };
    let (response, spoken) = speech::answering(language, said).await;
    let response = response.spoken(spoken).finish(&asked);
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        Some((name.as_str().to_owned(), json!(value.to_str().ok()?)))
    };
    let headers: Map<String, Value> = response.headers().iter().filter_map(header).collect();
    let body = match response.body() {
        Body::Text(text) => text.as_str(),
        _ => "",
    };
    json!({
        "statusCode": response.status().as_u16(),
        "headers": headers,
        "body": body,
        "isBase64Encoded": false,
    })
}

/// The refusal where no method leads anywhere, or only these do.
fn refusal(methods: &str, request_id: &str) -> ApiResponse {
    if methods.is_empty() {
        return problem::render(&Error::new(Kind::NotFound, "unknown_path", wording::edge::unknown_path()), request_id);
    }
    let error = Error::new(Kind::MethodNotAllowed, "method_not_allowed", wording::edge::path_takes(methods));
    // RFC 9110, 15.5.6: which methods it takes.
    problem::render(&error, request_id).header(ALLOW, methods)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(method: &str, path: &str) -> (u64, Option<String>, Value) {
        let http = json!({"method": method, "path": path});
        let event = json!({"rawPath": path, "requestContext": {"requestId": "req-1", "http": http}});
        let answer = elsewhere(&event).await;
        let allow = answer["headers"]["allow"].as_str().map(str::to_owned);
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap_or(Value::Null);
        (answer["statusCode"].as_u64().unwrap(), allow, body)
    }

    #[tokio::test]
    async fn an_unknown_path_is_not_found_as_a_problem() {
        for path in ["/", "/v1", "/v1/nothing", "/v1/orders/x/y/z", "/v1/orders/", "//v1/orders"] {
            let (status, allow, body) = answer("GET", path).await;
            assert_eq!((status, allow, body["code"].as_str()), (404, None, Some("unknown_path")), "{path}");
            assert_eq!(body["request_id"], "req-1");
        }
    }

    #[tokio::test]
    async fn a_known_path_says_which_methods_it_takes() {
        let (status, allow, body) = answer("DELETE", "/v1/products").await;
        assert_eq!(
            (status, allow.as_deref(), body["code"].as_str()),
            (405, Some("GET, HEAD, POST"), Some("method_not_allowed"))
        );
        let (status, allow, _) = answer("PUT", "/v1/orders/ord_01J9Z3NDEKTSV4RRFFQ69G5FAV").await;
        assert_eq!((status, allow.as_deref()), (405, Some("GET")));
    }

    #[tokio::test]
    async fn it_is_said_in_the_language_that_is_asked_for() {
        let event = json!({"rawPath": "/x", "headers": {"accept-language": "ne"}, "requestContext": {"http": {"method": "GET"}}});
        let answer = elsewhere(&event).await;
        assert_eq!(answer["headers"]["content-language"], "ne");
        assert!(answer["body"].as_str().unwrap().contains("बाटोमा"));
    }

    #[tokio::test]
    async fn head_has_no_body() {
        let (status, _, body) = answer("HEAD", "/v1/orders").await;
        assert_eq!((status, body), (405, Value::Null));
    }

    #[tokio::test]
    async fn it_is_no_page_and_kept_by_nobody() {
        let answer = elsewhere(&json!({"rawPath": "/x", "requestContext": {"http": {"method": "GET"}}})).await;
        assert_eq!(answer["headers"]["content-type"], "application/problem+json");
        assert_eq!(answer["headers"]["cache-control"], "no-store");
        assert_eq!(answer["headers"]["x-content-type-options"], "nosniff");
    }
}
