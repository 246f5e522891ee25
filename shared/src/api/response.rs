//! Answers: built by a handler, finished by the edge.

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LOCATION, VARY,
};
use http::{Response, StatusCode};
use lambda_http::Body;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::coding;
use super::version::{self, ApiVersion};
use crate::platform::crypto;
use crate::platform::error::{Allowance, Error, Result};
use crate::platform::speech::Spoken;

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
    /// The path that was asked for.
    pub(super) path: String,
    /// Whether what a POST to it makes has an address of its own below it, by its `id`.
    pub(super) has_members: bool,
    /// The function that answers.
    pub(super) function: &'static str,
    /// The codings that the client takes; nothing where the answer may hold secrets, which are never packed.
    pub(super) accepts: Option<HeaderValue>,
    /// The version that is served; nothing where one was asked for that is not.
    pub(super) version: Option<ApiVersion>,
}

/// What a handler returns.
pub type ApiResult = Result<ApiResponse>;

/// One answer.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Whether the client may have it already, though no cache keeps it.
    revalidates: bool,
}

/// The one member of an answer that tells where what was made is.
#[derive(Deserialize)]
struct Made {
    id: String,
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
        Self { status, headers, body, revalidates: false }
    }

    /// 200 with a page.
    pub fn html(page: String) -> Self {
        Self::new(StatusCode::OK, "text/html; charset=utf-8", page.into_bytes())
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

    /// With the version of what it shows and a digest of all that it says, for `If-Match` and `If-None-Match` alike: who has
    /// it already is not sent it again, though no cache keeps it.
    #[must_use]
    pub fn private_version(self, version: u64) -> Self {
        let tag = format!("\"{version}-{}\"", crypto::fingerprint(&self.body));
        Self { revalidates: true, ..self.header(ETAG, &tag) }
    }

    /// As [`Self::private_version`], for what has no version of its own, such as a list.
    #[must_use]
    pub fn private(self) -> Self {
        let tag = format!("\"{}\"", crypto::fingerprint(&self.body));
        Self { revalidates: true, ..self.header(ETAG, &tag) }
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

    /// With how it stands with the caller's rate limit (IETF draft-ietf-httpapi-ratelimit-headers). What a handler has counted
    /// itself is the narrower limit: it stays where the route's own is told after it.
    #[must_use]
    pub fn limited(self, allowance: Option<Allowance>) -> Self {
        let Some(limit) = allowance.filter(|_| !self.headers.contains_key("ratelimit")) else { return self };
        let policy = format!("\"{}\";q={};w={}", limit.name, limit.most, limit.window.as_secs());
        let state = format!("\"{}\";r={};t={}", limit.name, limit.left, limit.resets_in.as_secs());
        self.header(HeaderName::from_static("ratelimit-policy"), &policy)
            .header(HeaderName::from_static("ratelimit"), &state)
    }

    /// With why the token of the request was not heeded, where it was not.
    #[must_use]
    pub(super) fn ignoring(self, token: Option<&str>) -> Self {
        match token {
            Some(reason) => self.header(HeaderName::from_static("token-ignored"), reason),
            None => self,
        }
    }

    /// With the language that its sentences are in, where it has any.
    #[must_use]
    pub(super) fn spoken(self, spoken: Spoken) -> Self {
        let Spoken(Some(language)) = spoken else { return self };
        let named = self.headers.contains_key(CONTENT_LANGUAGE);
        let answer = if named { self } else { self.header(CONTENT_LANGUAGE, language.tag()) };
        // What no cache keeps is nobody else's answer; a problem says so too, since people read it wherever they find it.
        let kept = answer.headers.get(CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
        if kept || answer.status.as_u16() >= 400 { answer.varied() } else { answer }
    }

    /// As one of several, by `Accept-Language`.
    fn varied(self) -> Self {
        let vary = match self.headers.get(VARY).map(HeaderValue::to_str) {
            Some(Ok(own)) => format!("{own}, Accept-Language"),
            _ => "Accept-Language".to_owned(),
        };
        self.header(VARY, &vary)
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

    /// Where what was made is, where the handler has not said so: below the path that was asked for by its id, where things
    /// have an address there; else at that path itself, as HTTP has it of an answer that names no other (RFC 9110, section
    /// 15.3.2).
    fn located(self, asked: &Asked) -> Self {
        if self.status != StatusCode::CREATED || self.headers.contains_key(LOCATION) {
            return self;
        }
        let made = asked.has_members.then(|| serde_json::from_slice::<Made>(&self.body).ok()).flatten();
        let path = asked.path.trim_end_matches('/');
        match made {
            Some(Made { id }) => self.header(LOCATION, &format!("{path}/{id}")),
            None => self.header(LOCATION, path),
        }
    }

    /// As Lambda hands it to API Gateway, with the headers that every answer carries.
    pub(super) fn finish(self, asked: &Asked) -> Response<Body> {
        self.located(asked).finished(asked)
    }

    fn finished(mut self, asked: &Asked) -> Response<Body> {
        let public = self.headers.get(CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
        let seen = (public || self.revalidates) && self.status == StatusCode::OK;
        let seen = asked.if_none_match.as_ref().filter(|_| seen);
        let unchanged = seen.and_then(|seen| matching_tag(seen, self.headers.get(ETAG)?));
        let packed = self.is_packed_for(asked);
        let body = match &unchanged {
            Some(tag) => {
                // Whichever coding the client has: it goes on under the tag that it knows.
                self.headers.insert(ETAG, tag.clone());
                self.status = StatusCode::NOT_MODIFIED;
                Body::Empty
            }
            None if packed => self.packed(asked.head),
            None if asked.head || self.body.is_empty() => Body::Empty,
            None => into_body(self.body),
        };
        let good = self.status.is_success() || unchanged.is_some();
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        for (name, value) in SECURITY {
            headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
        }
        if public {
            vary(headers, asked);
        }
        if let Some(version) = asked.version {
            version.tell(asked.function, good, headers);
        }
        if let Ok(id) = HeaderValue::from_str(&asked.request_id) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }

    /// Whether the client is sent the body packed.
    fn is_packed_for(&self, asked: &Asked) -> bool {
        let accepts = asked.accepts.as_ref().and_then(|accepts| accepts.to_str().ok());
        let wanted = accepts.is_some_and(|accepts| coding::is_wanted(accepts, self.body.len()));
        wanted && !self.body.is_empty() && coding::is_packable(&self.headers)
    }

    /// Packs the body, with the headers that say so; of an answer without one the headers alone.
    fn packed(&mut self, head: bool) -> Body {
        let body = std::mem::take(&mut self.body);
        let packed = if head { Some(Vec::new()) } else { coding::pack(&body) };
        let Some(packed) = packed else { return into_body(body) };
        self.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(tag) = self.headers.get(ETAG).and_then(coding::packed_tag) {
            self.headers.insert(ETAG, tag);
        }
        if head { Body::Empty } else { Body::Binary(packed) }
    }
}

/// A cache keeps a public answer for those alone who would be answered the same: who takes the same codings and asks for the
/// same version, whose page API Gateway names in it; and where the route looks at who calls, somebody with a token may get
/// more, or what is newer.
fn vary(headers: &mut HeaderMap, asked: &Asked) {
    let own = headers.get(VARY).and_then(|own| own.to_str().ok()).map(str::to_owned);
    let mut by: Vec<_> = own.iter().flat_map(|own| own.split(',')).map(str::trim).collect();
    let mut add = |name: &'static str, there: bool| {
        if there && !by.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            by.push(name);
        }
    };
    add("Accept-Encoding", true);
    add("Apothecary-Version", version::changes_of(asked.function).next().is_some());
    add("Authorization", asked.tells_callers_apart);
    add("Origin", true);
    if let Ok(by) = HeaderValue::from_str(&by.join(", ")) {
        headers.insert(VARY, by);
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

/// The tag among those that the client has `seen` that names the answer tagged `tag`, in whichever coding.
fn matching_tag(seen: &HeaderValue, tag: &HeaderValue) -> Option<HeaderValue> {
    let (seen, plain) = (seen.to_str().ok()?, coding::plain_tag(tag.to_str().ok()?));
    let mut seen = seen.split(',').map(|one| one.trim().trim_start_matches("W/"));
    let one = seen.find(|one| *one == "*" || (one.ends_with('"') && coding::plain_tag(one) == plain))?;
    if one == "*" { Some(tag.clone()) } else { HeaderValue::from_str(one).ok() }
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
        Asked {
            request_id: "r".to_owned(),
            if_none_match,
            head: false,
            tells_callers_apart: true,
            path: "/v1/things".to_owned(),
            has_members: true,
            function: "catalog-get-product",
            accepts: None,
            version: Some(ApiVersion::UNNAMED),
        }
    }

    fn accepting(codings: &'static str) -> Asked {
        Asked { accepts: Some(HeaderValue::from_static(codings)), ..asked(None) }
    }

    fn long() -> String {
        "paracetamol ".repeat(200)
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
    fn who_has_a_private_answer_by_its_digest_is_not_sent_it_again() {
        let answer = |text: &str| ok(&text).unwrap().private_version(3);
        let first = answer("same").finish(&asked(None));
        let tag = first.headers()[ETAG].clone();
        assert!(tag.to_str().unwrap().starts_with("\"3-"), "{tag:?}");
        assert_eq!(first.headers()[CACHE_CONTROL], "no-store");
        let again = answer("same").finish(&asked(Some(tag.clone())));
        assert_eq!((again.status(), again.body()), (StatusCode::NOT_MODIFIED, &Body::Empty));
        assert_eq!(answer("other").finish(&asked(Some(tag))).status(), StatusCode::OK, "of the same version");
    }

    #[test]
    fn who_has_a_private_answer_without_a_version_is_not_sent_it_again_either() {
        let first = ok(&"same").unwrap().private().finish(&asked(None));
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CACHE_CONTROL], "no-store");
        let tag = first.headers()[ETAG].clone();
        let again = |text: &str| ok(&text).unwrap().private().finish(&asked(Some(tag.clone()))).status();
        assert_eq!((again("same"), again("other")), (StatusCode::NOT_MODIFIED, StatusCode::OK));
    }

    #[test]
    fn what_was_made_has_an_address() {
        let at = |response: ApiResponse, asked: &Asked| response.finish(asked).headers().get(LOCATION).cloned();
        let made = || created(&serde_json::json!({"id": "x_1"})).unwrap();
        let members = asked(None);
        assert_eq!(at(made(), &members).unwrap(), "/v1/things/x_1");
        assert_eq!(at(made().location("/v1/others/x_1"), &members).unwrap(), "/v1/others/x_1");
        assert_eq!(at(created(&"nothing").unwrap(), &members).unwrap(), "/v1/things");
        assert_eq!(at(made(), &Asked { has_members: false, ..members.clone() }).unwrap(), "/v1/things");
        assert_eq!(at(ok(&"read").unwrap(), &members), None);
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
            assert_eq!(open.headers()[VARY], "Accept-Encoding, Authorization, Origin");
            let same = Asked { tells_callers_apart: false, ..asked(if_none_match) };
            assert_eq!(ok(&"same").unwrap().public(60).finish(&same).headers()[VARY], "Accept-Encoding, Origin");
            let own = ok(&"same").unwrap().public(60).header(VARY, "Accept");
            assert_eq!(own.finish(&same).headers()[VARY], "Accept, Accept-Encoding, Origin");
            let listed = Asked { function: "catalog-list-products", ..same };
            let dated = ok(&"same").unwrap().public(60).finish(&listed);
            assert_eq!(dated.headers()[VARY], "Accept-Encoding, Apothecary-Version, Origin");
        }
    }

    #[test]
    fn head_is_answered_as_get_is_without_the_body() {
        let get = ok(&"same").unwrap().public(60).finish(&asked(None));
        let head = ok(&"same").unwrap().public(60).finish(&Asked { head: true, ..asked(None) });
        assert_eq!((head.status(), head.body(), head.headers()), (get.status(), &Body::Empty, get.headers()));
    }

    #[test]
    fn an_answer_with_sentences_says_in_which_language() {
        let asked = asked(None);
        let spoken = Spoken(Some(crate::platform::language::Language::Nepali));
        let kept = ok(&"x").unwrap().public(60).spoken(spoken).finish(&asked);
        assert_eq!(kept.headers()[CONTENT_LANGUAGE], "ne");
        assert!(kept.headers()[VARY].to_str().unwrap().starts_with("Accept-Language, "));
        let own = ok(&"x").unwrap().spoken(spoken).finish(&asked);
        assert_eq!(own.headers()[CONTENT_LANGUAGE], "ne");
        assert!(!own.headers().contains_key(VARY));
        let silent = ok(&"x").unwrap().public(60).spoken(Spoken(None)).finish(&asked);
        assert!(!silent.headers().contains_key(CONTENT_LANGUAGE));
        let page = ok(&"x").unwrap().header(CONTENT_LANGUAGE, "bn").spoken(spoken).finish(&asked);
        assert_eq!(page.headers()[CONTENT_LANGUAGE], "bn", "a page says its own");
    }

    #[test]
    fn a_long_answer_is_packed_for_who_takes_it_so() {
        let plain = ok(&long()).unwrap().public(60).finish(&accepting("br"));
        let packed = ok(&long()).unwrap().public(60).finish(&accepting("gzip"));
        assert!(matches!(plain.body(), Body::Text(_)) && !plain.headers().contains_key(CONTENT_ENCODING));
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
        assert!(matches!(packed.body(), Body::Binary(bytes) if bytes.len() * 5 < long().len()));
        assert_ne!(packed.headers()[ETAG], plain.headers()[ETAG]);
        assert_eq!(packed.headers()[VARY], plain.headers()[VARY]);
        let head = ok(&long()).unwrap().public(60).finish(&Asked { head: true, ..accepting("gzip") });
        assert_eq!((head.body(), head.headers()), (&Body::Empty, packed.headers()));
        let short = ok(&"short").unwrap().public(60).finish(&accepting("gzip"));
        assert!(!short.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn who_has_an_answer_in_one_coding_is_not_sent_it_in_the_other() {
        let answer = || ok(&long()).unwrap().public_version(3, 60);
        for first in ["gzip", "identity"] {
            let tag = answer().finish(&accepting(first)).headers()[ETAG].clone();
            for second in ["gzip", "identity"] {
                let again = Asked { if_none_match: Some(tag.clone()), ..accepting(second) };
                let again = answer().finish(&again);
                assert_eq!((again.status(), again.body()), (StatusCode::NOT_MODIFIED, &Body::Empty));
                assert_eq!(again.headers()[ETAG], tag, "it goes on under the tag that the client knows");
                assert!(!again.headers().contains_key(CONTENT_ENCODING));
            }
        }
    }

    #[test]
    fn a_version_that_comes_back_packed_is_still_one() {
        let tag = ok(&long()).unwrap().version(3).finish(&accepting("gzip")).headers()[ETAG].clone();
        let tag = tag.to_str().unwrap();
        assert_eq!(tag, "\"3-gzip\"");
        let precondition = crate::platform::precondition::Precondition::parse(Some(tag), None).unwrap();
        assert!(precondition.check(Some(3)).is_ok() && precondition.check(Some(4)).is_err());
    }

    #[test]
    fn an_answer_says_which_version_it_is_of() {
        let listed = |version| Asked { function: "catalog-list-products", version, ..asked(None) };
        let answer = |asked: &Asked| ok(&"same").unwrap().finish(asked);
        let old = answer(&listed(Some(ApiVersion::V2026_11_01)));
        assert_eq!(old.headers()[version::VERSION], "2026-11-01");
        assert!(old.headers().contains_key("deprecation") && old.headers().contains_key("sunset"));
        let new = answer(&listed(Some(ApiVersion::V2026_12_01)));
        assert_eq!(new.headers()[version::VERSION], "2026-12-01");
        assert!(!new.headers().contains_key("deprecation"));
        assert!(!answer(&listed(None)).headers().contains_key(version::VERSION));
    }
}
