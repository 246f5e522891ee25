//! API Gateway events (HTTP API, payload 2.0) and the answers to them.

use http::HeaderMap;
use lambda_http::Body;
use serde_json::{Value, json};

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; `null` where it is empty or something else.
    pub body: Value,
    /// The body as text.
    pub text: String,
    /// How many bytes the body has.
    pub bytes: usize,
}

impl Answer {
    /// The same, where it has this status.
    ///
    /// # Panics
    /// It has another.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// That it is a problem with this status and code.
    ///
    /// # Panics
    /// It is another answer.
    pub fn problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
    }

    /// An answer as a function has given it.
    pub fn of(response: http::Response<Body>) -> Self {
        Self::read(response)
    }

    pub(crate) fn read(response: http::Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.len();
        let text = match body {
            Body::Text(text) => text,
            Body::Binary(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => String::new(),
        };
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status: parts.status.as_u16(), headers: parts.headers, body, text, bytes }
    }

    /// The problem's code; empty where there is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The fields that the problem names.
    pub fn fields(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|error| error["field"].as_str()).collect()
    }
}

/// An event: `path` may have a query; `parameters` are the path's.
pub fn event(
    method: &str,
    path: &str,
    parameters: &[(&str, &str)],
    token: Option<&str>,
    body: Option<&Value>,
) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parameters: serde_json::Map<_, _> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let mut headers = json!({"content-type": "application/json", "host": "api.example"});
    if let Some(token) = token {
        headers["authorization"] = json!(format!("Bearer {token}"));
    }
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
        "pathParameters": parameters, "body": body.map(Value::to_string), "isBase64Encoded": false,
        "requestContext": {
            "accountId": "000000000000", "apiId": "test", "domainName": "api.example", "requestId": "test-request",
            "routeKey": "$default", "stage": "$default", "time": "20/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_168_800_000_i64,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "test"},
        },
    })
}
