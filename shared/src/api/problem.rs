//! The one mapping from an [`Error`] to HTTP: RFC 9457 `application/problem+json`.

use http::StatusCode;
use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use serde_json::Value;

use super::response::ApiResponse;
use crate::platform::error::{Error, Kind};
use crate::platform::fields::FieldError;
use crate::platform::wording::{self, Words};

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: Words,
    status: u16,
    detail: &'a Words,
    code: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<&'a Value>,
    request_id: &'a str,
}

/// The answer to a request that failed.
pub(super) fn render(error: &Error, request_id: &str) -> ApiResponse {
    let status = status(error.kind());
    let problem = Problem {
        kind: format!("/v1/problems/{}", error.code()),
        title: title(error.kind()),
        status: status.as_u16(),
        detail: error.detail(),
        code: error.code(),
        errors: error.fields(),
        problems: error.problems(),
        request_id,
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = ApiResponse::new(status, "application/problem+json", body);
    let mut header = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers.insert(name, value);
        }
    };
    if let Some(wait) = error.wait() {
        header(RETRY_AFTER, &wait.as_secs().max(1).to_string());
    }
    match error.kind() {
        // RFC 6750: the reason stands here where an access token was the fault, and nowhere else.
        Kind::Unauthenticated if TOKEN_FAULTS.contains(&error.code()) => {
            header(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        // RFC 9470: the token is good, the sign-in behind it is too long ago.
        Kind::Unauthenticated if error.code() == "insufficient_user_authentication" => {
            header(WWW_AUTHENTICATE, "Bearer error=\"insufficient_user_authentication\"");
        }
        Kind::Unauthenticated => header(WWW_AUTHENTICATE, "Bearer"),
        // RFC 9110, 15.5.16: what would have been understood.
        Kind::UnsupportedMedia if error.code() == "unsupported_encoding" => header(ACCEPT_ENCODING, "identity"),
        Kind::UnsupportedMedia => header(ACCEPT, "application/json"),
        _ => {}
    }
    response
}

/// What can be wrong with an access token.
const TOKEN_FAULTS: [&str; 3] = ["invalid_token", "expired_token", "session_ended"];

/// What a status means, for a person.
fn title(kind: Kind) -> Words {
    match kind {
        Kind::Invalid => wording::title::invalid(),
        Kind::Unauthenticated => wording::title::unauthenticated(),
        Kind::Forbidden => wording::title::forbidden(),
        Kind::NotFound => wording::title::not_found(),
        Kind::MethodNotAllowed => wording::title::method_not_allowed(),
        Kind::Conflict => wording::title::conflict(),
        Kind::PreconditionFailed => wording::title::precondition_failed(),
        Kind::TooLarge => wording::title::too_large(),
        Kind::UnsupportedMedia => wording::title::unsupported_media(),
        Kind::Unprocessable => wording::title::unprocessable(),
        Kind::Locked => wording::title::locked(),
        Kind::TooMany => wording::title::too_many(),
        Kind::Unavailable => wording::title::unavailable(),
        Kind::Internal => wording::title::internal(),
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Locked => StatusCode::LOCKED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::fields::Invalid;

    #[test]
    fn the_cause_never_reaches_the_caller() {
        let response = render(&Error::internal("table orders-prod is on fire"), "req-1");
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.contains("fire"), "{body}");
    }

    #[test]
    fn fields_are_named() {
        let errors = vec![Invalid::new("required", wording::field::required()).at("email")];
        let response = render(&Error::invalid_fields(errors), "req-1");
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(body["type"], "/v1/problems/invalid_request");
        assert_eq!(body["errors"][0]["field"], "email");
        assert_eq!(body["request_id"], "req-1");
    }

    #[test]
    fn what_would_have_been_understood_is_said() {
        let refused =
            |code| render(&Error::new(Kind::UnsupportedMedia, code, wording::edge::in_utf8()), "req-1").headers;
        assert_eq!(refused("unsupported_encoding")[ACCEPT_ENCODING], "identity");
        assert_eq!(refused("unsupported_media_type")[ACCEPT], "application/json");
    }

    #[test]
    fn a_passing_failure_says_when_to_try_again() {
        let response = render(&Error::unavailable("timed out"), "req-1");
        assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers[RETRY_AFTER], "2");
    }
}
