//! Answers: built by a handler, finished by the edge.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION, VARY};
use http::{Response, StatusCode};
use lambda_http::Body;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::crypto;
use crate::platform::error::{Allowance, Error, Result};

/// What the edge keeps of a request for its answer.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// In every answer.
    pub(super) request_id: String,
    /// What the client has already.
    pub(super) if_none_match: Option<HeaderValue>,
    /// Whether it wants to know how it would be answered, and not the answer (HEAD).
    pub(super) head: bool,
    /// Whether the route looks at who calls.
    pub(super) tells_callers_apart: bool,
}

/// What a handler returns.
pub type ApiResult = Result<ApiResponse>;

/// One answer.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

impl ApiResponse {
    /// An answer with a body of `content_type`.
    pub fn new(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ]);
        Self { status, headers, body }
    }

    /// With one more header, in place of one of the same name. A value that no header may hold is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// With the version of what it shows, for `If-Match`.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        self.header(ETAG, &format!("\"{version}\""))
    }

    /// As 201: something was created with it.
    #[must_use]
    pub fn created(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }

    /// With where the created resource is.
    #[must_use]
    pub fn location(self, path: &str) -> Self {
        self.header(LOCATION, path)
    }

    /// The same for everybody: caches may keep it `seconds` long, and ask again by its ETag after that.
    #[must_use]
    pub fn public(self, seconds: u32) -> Self {
        let tag = crypto::fingerprint(&self.body);
        self.public_as(&tag, seconds)
    }

    /// As [`Self::public`], for what is known by a tag already.
    #[must_use]
    pub fn public_as(self, tag: &str, seconds: u32) -> Self {
        self.header(ETAG, &format!("\"{tag}\"")).header(CACHE_CONTROL, &format!("public, max-age={seconds}"))
    }

    /// As [`Self::public`], for what also has a version: its ETag serves `If-None-Match` and `If-Match` alike.
    #[must_use]
    pub fn public_version(self, version: u64, seconds: u32) -> Self {
        let tag = format!("{version}-{}", crypto::fingerprint(&self.body));
        self.public_as(&tag, seconds)
    }

    /// With how it stands with the caller's rate limit (IETF draft-ietf-httpapi-ratelimit-headers).
    #[must_use]
    pub(super) fn limited(self, allowance: Option<Allowance>) -> Self {
        let Some(limit) = allowance else { return self };
        let policy = format!("\"{}\";q={};w={}", limit.name, limit.most, limit.window.as_secs());
        let state = format!("\"{}\";r={};t={}", limit.name, limit.left, limit.resets_in.as_secs());
        self.header(HeaderName::from_static("ratelimit-policy"), &policy)
            .header(HeaderName::from_static("ratelimit"), &state)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Marks the stored answer of an earlier request with the same `Idempotency-Key`.
    #[must_use]
    pub fn replayed(self, replayed: bool) -> Self {
        if replayed { self.header(HeaderName::from_static("idempotency-replayed"), "true") } else { self }
    }

    /// As Lambda hands it to API Gateway, with the headers that every answer carries.
    pub(super) fn finish(self, asked: &Asked) -> Response<Body> {
        let public = self.headers.get(CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
        let unchanged = public
            && self.status == StatusCode::OK
            && asked.if_none_match.as_ref().is_some_and(|seen| matches_tag(seen, self.headers.get(ETAG)));
        let status = if unchanged { StatusCode::NOT_MODIFIED } else { self.status };
        let body = if unchanged || asked.head || self.body.is_empty() { Body::Empty } else { into_body(self.body) };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        for (name, value) in SECURITY {
            headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
        }
        if public {
            // A cache keeps it for those alone who would be answered the same: API Gateway names the page's origin in it,
            // and where the route looks at who calls, somebody with a token may get more, or what is newer.
            let by = if asked.tells_callers_apart { "Authorization, Origin" } else { "Origin" };
            let by = match headers.get(VARY).map(HeaderValue::to_str) {
                Some(Ok(own)) => format!("{own}, {by}"),
                _ => by.to_owned(),
            };
            if let Ok(by) = HeaderValue::from_str(&by) {
                headers.insert(VARY, by);
            }
        }
        if let Ok(id) = HeaderValue::from_str(&asked.request_id) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }
}

/// OWASP's REST security headers: nothing here is a page, a frame or a script.
const SECURITY: [(&str, &str); 5] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
];

/// Text stays text, so that API Gateway need not decode it.
fn into_body(bytes: Vec<u8>) -> Body {
    match String::from_utf8(bytes) {
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    }
}

fn matches_tag(seen: &HeaderValue, tag: Option<&HeaderValue>) -> bool {
    let (Ok(seen), Some(Ok(tag))) = (seen.to_str(), tag.map(HeaderValue::to_str)) else { return false };
    seen.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn json(status: StatusCode, view: &impl Serialize) -> ApiResult {
    let body = serde_json::to_vec(view).map_err(Error::internal)?;
    Ok(ApiResponse::new(status, "application/json", body))
}

/// 200 with a body.
///
/// # Errors
/// None in practice: views serialize.
pub fn ok(view: &impl Serialize) -> ApiResult {
    json(StatusCode::OK, view)
}

/// 201 with what was created.
///
/// # Errors
/// None in practice: views serialize.
pub fn created(view: &impl Serialize) -> ApiResult {
    json(StatusCode::CREATED, view)
}

/// 202 with what will happen.
///
/// # Errors
/// None in practice: views serialize.
pub fn accepted(view: &impl Serialize) -> ApiResult {
    json(StatusCode::ACCEPTED, view)
}

/// 204: done, nothing to say.
///
/// # Errors
/// Never; a `Result` so that it ends a handler as the others do.
pub fn no_content() -> ApiResult {
    let mut response = ApiResponse::new(StatusCode::NO_CONTENT, "application/json", Vec::new());
    response.headers.remove(CONTENT_TYPE);
    Ok(response)
}

/// 302: the answer is at `location`.
///
/// # Errors
/// An address that no header may hold.
pub fn found(location: &str) -> ApiResult {
    let location = HeaderValue::from_str(location).map_err(Error::internal)?;
    let mut response = no_content()?;
    response.status = StatusCode::FOUND;
    response.headers.insert(LOCATION, location);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(if_none_match: Option<HeaderValue>) -> Asked {
        Asked { request_id: "r".to_owned(), if_none_match, head: false, tells_callers_apart: true }
    }

    #[test]
    fn a_private_answer_is_never_stored() {
        let response = ok(&"secret").unwrap().version(3).finish(&asked(Some(HeaderValue::from_static("\"3\""))));
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(!response.headers().contains_key(VARY));
    }

    #[test]
    fn a_public_answer_that_the_client_has_is_not_sent_again() {
        let first = ok(&"same").unwrap().public(60).finish(&asked(None));
        let tag = first.headers()[ETAG].clone();
        let second = ok(&"same").unwrap().public(60).finish(&asked(Some(tag.clone())));
        assert_eq!((second.status(), second.body()), (StatusCode::NOT_MODIFIED, &Body::Empty));
        let other = ok(&"other").unwrap().public(60).finish(&asked(Some(tag)));
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn a_cache_is_told_for_whom_it_keeps_an_answer() {
        let tag = ok(&"same").unwrap().public(60).finish(&asked(None)).headers()[ETAG].clone();
        for if_none_match in [None, Some(tag)] {
            let open = ok(&"same").unwrap().public(60).finish(&asked(if_none_match.clone()));
            assert_eq!(open.headers()[VARY], "Authorization, Origin");
            let same = Asked { tells_callers_apart: false, ..asked(if_none_match) };
            assert_eq!(ok(&"same").unwrap().public(60).finish(&same).headers()[VARY], "Origin");
            let zipped = ok(&"same").unwrap().public(60).header(VARY, "Accept-Encoding");
            assert_eq!(zipped.finish(&same).headers()[VARY], "Accept-Encoding, Origin");
        }
    }

    #[test]
    fn head_is_answered_as_get_is_without_the_body() {
        let get = ok(&"same").unwrap().public(60).finish(&asked(None));
        let head = ok(&"same").unwrap().public(60).finish(&Asked { head: true, ..asked(None) });
        assert_eq!((head.status(), head.body(), head.headers()), (get.status(), &Body::Empty, get.headers()));
    }
}
