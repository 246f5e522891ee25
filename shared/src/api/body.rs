//! The body of a request: of a type and in an encoding that is understood, and JSON that says everything once.

use http::Method;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::Invalid;
use crate::platform::json_text;
use crate::platform::wording;

/// The largest body that is read, in bytes.
pub(super) const MAX_BODY: usize = 256 * 1024;
/// The deepest nesting of a JSON body.
const MAX_DEPTH: usize = 32;
/// What some editors and libraries put before a text in UTF-8; a reader may pass over it (RFC 8259, 8.1).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// What stands where somebody has read bytes that are not UTF-8 as if they were (U+FFFD).
const REPLACEMENT: &[u8] = b"\xef\xbf\xbd";

/// Whether a body says anything: an empty one and one of an object without members do not.
pub(super) fn says_something(body: &[u8]) -> bool {
    let spaces = |byte: &u8| byte.is_ascii_whitespace();
    let text = without_mark(body).trim_ascii();
    let members = text.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    !text.is_empty() && !members.is_some_and(|members| members.iter().all(spaces))
}

fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body)
}

/// Reads JSON, and says which members are given twice.
type Reader = fn(&[u8]) -> std::result::Result<(Value, Vec<String>), serde_json::Error>;

/// Reads a body that must be a JSON object.
///
/// # Errors
/// 413, 415, 400 `malformed_json`, `not_utf8` or `too_deep`, or 400 with every member that is given twice.
pub(super) fn read(body: &[u8], method: &Method, headers: &HeaderMap) -> Result<Value> {
    read_with(json_text::read, body, method, headers)
}

/// The same with every number as a text, as it was written.
///
/// # Errors
/// As [`read`].
pub(super) fn read_numbers_as_text(body: &[u8], method: &Method, headers: &HeaderMap) -> Result<Value> {
    read_with(json_text::read_numbers_as_text, body, method, headers)
}

fn read_with(reader: Reader, body: &[u8], method: &Method, headers: &HeaderMap) -> Result<Value> {
    if body.len() > MAX_BODY {
        return Err(too_large());
    }
    check_encoding(headers)?;
    check_type(method, headers)?;
    let text = without_mark(body);
    if std::str::from_utf8(text).is_err() || text.windows(REPLACEMENT.len()).any(|window| window == REPLACEMENT) {
        let told = wording::edge::not_utf8();
        return Err(Error::invalid("not_utf8", told));
    }
    let (value, repeated) = reader(text).map_err(|error| {
        let place = wording::edge::not_json(error.line(), error.column());
        Error::invalid("malformed_json", place)
    })?;
    if !value.is_object() {
        return Err(Error::invalid("malformed_json", wording::edge::not_an_object()));
    }
    if depth(&value) > MAX_DEPTH {
        return Err(Error::invalid("too_deep", wording::edge::too_deep(MAX_DEPTH)));
    }
    if repeated.is_empty() {
        return Ok(value);
    }
    let twice = |place: String| Invalid::new("repeated", wording::field::repeated()).at(place);
    Err(Error::invalid_fields(repeated.into_iter().map(twice).collect()))
}

/// Bodies come as they are; the answer says so (RFC 9110, 15.5.16; RFC 7694).
/// The refusal of a body that is too long.
pub(super) fn too_large() -> Error {
    Error::new(Kind::TooLarge, "body_too_large", wording::edge::body_too_large(MAX_BODY))
}

fn check_encoding(headers: &HeaderMap) -> Result<()> {
    let codings = headers.get_all(CONTENT_ENCODING).iter();
    let plain = |coding: &http::HeaderValue| {
        let coding = coding.to_str().map(str::trim).unwrap_or("?");
        coding.is_empty() || coding.eq_ignore_ascii_case("identity")
    };
    if codings.into_iter().all(plain) {
        return Ok(());
    }
    Err(Error::new(Kind::UnsupportedMedia, "unsupported_encoding", wording::edge::without_encoding()))
}

/// JSON is UTF-8 (RFC 8259, 8.1); a patch may say that it is one (RFC 7396).
fn check_type(method: &Method, headers: &HeaderMap) -> Result<()> {
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = media.split(';').map(str::trim);
    let named = parts.next().unwrap_or_default();
    let patch = *method == Method::PATCH;
    let merge_patch = patch && named.eq_ignore_ascii_case("application/merge-patch+json");
    if !merge_patch && !named.eq_ignore_ascii_case("application/json") {
        let told = if patch { wording::edge::as_merge_patch() } else { wording::edge::as_json() };
        return Err(Error::new(Kind::UnsupportedMedia, "unsupported_media_type", told));
    }
    let charsets = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    let utf8 = |charset: &str| ["utf-8", "utf8"].iter().any(|known| charset.eq_ignore_ascii_case(known));
    if charsets.into_iter().all(|(_, charset)| utf8(charset.trim().trim_matches('"'))) {
        return Ok(());
    }
    Err(Error::new(Kind::UnsupportedMedia, "unsupported_charset", wording::edge::in_utf8()))
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(method: Method, headers: &[(http::HeaderName, &str)], body: &[u8]) -> Result<Value> {
        let mut all = HeaderMap::from_iter([(CONTENT_TYPE, "application/json".parse().unwrap())]);
        for (name, value) in headers {
            all.insert(name.clone(), value.parse().unwrap());
        }
        read(body, &method, &all)
    }

    fn code(headers: &[(http::HeaderName, &str)], body: &[u8]) -> (Kind, &'static str) {
        let error = sent(Method::POST, headers, body).unwrap_err();
        (error.kind(), error.code())
    }

    #[test]
    fn malformed_bodies_are_named_for_what_they_are() {
        for malformed in [&b"{"[..], b"[]", b"", b"1", b"{} {}", b"{\"a\": NaN}", b"\xef\xbb\xbf"] {
            assert_eq!(code(&[], malformed), (Kind::Invalid, "malformed_json"), "{malformed:?}");
        }
        assert_eq!(code(&[], &vec![b' '; MAX_BODY + 1]), (Kind::TooLarge, "body_too_large"));
        let deep = format!("{{\"name\": {}1{}}}", "[".repeat(40), "]".repeat(40));
        assert_eq!(code(&[], deep.as_bytes()), (Kind::Invalid, "too_deep"));
    }

    #[test]
    fn a_body_is_utf_8_and_says_no_other() {
        let name = json!({"name": "Ænna"});
        for charset in ["utf-8", "UTF-8", "\"utf-8\"", "utf8"] {
            let media = format!("application/json; charset={charset}");
            let read = sent(Method::POST, &[(CONTENT_TYPE, &media)], "{\"name\": \"Ænna\"}".as_bytes()).unwrap();
            assert_eq!(read, name, "{charset}");
        }
        let latin = b"{\"name\": \"\xc6nna\"}";
        for charset in ["iso-8859-1", "utf-16", "\"windows-1252\""] {
            let media = format!("application/json; boundary=x; Charset={charset}");
            assert_eq!(code(&[(CONTENT_TYPE, &media)], latin), (Kind::UnsupportedMedia, "unsupported_charset"));
        }
        // As they came, and as something between the client and us has "mended" them.
        for bytes in [&latin[..], "{\"name\": \"\u{fffd}nna\"}".as_bytes()] {
            assert_eq!(code(&[], bytes), (Kind::Invalid, "not_utf8"));
        }
        assert_eq!(code(&[], br#"{"name": "\ud800"}"#), (Kind::Invalid, "malformed_json"), "half a character");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(sent(Method::POST, &[], b"\xef\xbb\xbf{\"a\": 1}").unwrap(), json!({"a": 1}));
    }

    #[test]
    fn a_body_comes_as_it_is() {
        assert!(sent(Method::POST, &[(CONTENT_ENCODING, "identity")], b"{}").is_ok());
        for coding in ["gzip", "br", "identity, gzip", "gzip, identity"] {
            let error = code(&[(CONTENT_ENCODING, coding)], b"\x1f\x8b");
            assert_eq!(error, (Kind::UnsupportedMedia, "unsupported_encoding"), "{coding}");
        }
    }

    #[test]
    fn a_patch_may_say_that_it_is_one() {
        let merge = [(CONTENT_TYPE, "application/merge-patch+json; charset=utf-8")];
        assert!(sent(Method::PATCH, &merge, b"{}").is_ok());
        assert!(sent(Method::PATCH, &[], b"{}").is_ok());
        assert_eq!(code(&merge, b"{}"), (Kind::UnsupportedMedia, "unsupported_media_type"), "of a POST");
        let lists = [(CONTENT_TYPE, "application/json-patch+json")];
        assert_eq!(sent(Method::PATCH, &lists, b"{}").unwrap_err().kind(), Kind::UnsupportedMedia);
    }

    #[test]
    fn a_member_given_twice_is_refused() {
        let error = sent(Method::POST, &[], br#"{"a": 1, "a": 1, "b": {"c": 1, "c": 2}}"#).unwrap_err();
        let named: Vec<_> = error.fields().iter().map(|field| (field.field.as_str(), field.code)).collect();
        assert_eq!(named, [("a", "repeated"), ("b.c", "repeated")]);
    }

    #[test]
    fn a_body_without_members_says_nothing() {
        for nothing in [&b""[..], b"{}", b" { \n} ", b"\xef\xbb\xbf{}", b"  "] {
            assert!(!says_something(nothing), "{nothing:?}");
        }
        for something in [&b"{\"a\": 1}"[..], b"[]", b"null", b"x", b"{"] {
            assert!(says_something(something), "{something:?}");
        }
    }
}
