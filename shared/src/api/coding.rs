//! How an answer is packed for its way: as gzip, for who takes it (RFC 9110, sections 8.4 and 12.5.3).

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE};

/// Shorter bodies travel as they are: they fit a packet or two, and packing costs more time than it saves.
pub(super) const WORTH_PACKING: usize = 1024;

/// What the ETag of a packed answer ends in. It is another representation, so it needs another strong tag (RFC 9110, section
/// 8.8.3.3); what stands before it is the tag of the plain one.
const SUFFIX: &str = "-gzip";

/// Whether a client that accepts `accepted` is sent `bytes` bytes as gzip. Whoever takes nothing that is left over is sent
/// the plain answer (RFC 9110, section 12.5.3).
pub(super) fn is_wanted(accepted: &str, bytes: usize) -> bool {
    let any = weight_of(accepted, &["*"]);
    let gzip = weight_of(accepted, &["gzip", "x-gzip"]).or(any).unwrap_or_default();
    let plain = weight_of(accepted, &["identity"]).or(any.filter(|weight| *weight == 0));
    match (gzip, plain) {
        (0, _) => false,
        (_, Some(0)) => true,
        (gzip, Some(plain)) => bytes >= WORTH_PACKING && gzip >= plain,
        (_, None) => bytes >= WORTH_PACKING,
    }
}

/// The weight of a coding by one of its names, in thousandths; `None` where the list does not name it.
fn weight_of(accepted: &str, names: &[&str]) -> Option<u16> {
    accepted.split(',').find_map(|member| {
        let (name, parameters) = member.split_once(';').unwrap_or((member, ""));
        let named = names.iter().any(|one| name.trim().eq_ignore_ascii_case(one));
        named.then(|| weight(parameters.trim())).flatten()
    })
}

/// `q=0.5` as thousandths; nothing is the whole weight. What is no weight makes no preference known.
fn weight(parameter: &str) -> Option<u16> {
    if parameter.is_empty() {
        return Some(1000);
    }
    let text = parameter.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim_start();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Whether an answer with these headers may be packed: it is text, not packed yet, and hands out no cookie.
pub(super) fn is_packable(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_text = kind.starts_with("text/") || kind == "application/json" || kind.ends_with("+json");
    is_text && !headers.contains_key(CONTENT_ENCODING) && !headers.contains_key(SET_COOKIE)
}

/// The bytes as gzip. The fastest level: at 256 MB a function has a seventh of a processor, and the slowest makes JSON
/// a tenth smaller.
pub(super) fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The tag of the packed answer whose plain one has `tag`.
pub(super) fn packed_tag(tag: &HeaderValue) -> Option<HeaderValue> {
    let opaque = tag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{opaque}{SUFFIX}\"")).ok()
}

/// A tag without what it says of the coding: one names the same state in either.
pub(super) fn plain_tag(tag: &str) -> &str {
    tag.strip_suffix('"').and_then(|opaque| opaque.strip_suffix(SUFFIX)).unwrap_or_else(|| tag.trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    const LONG: usize = WORTH_PACKING;
    const SHORT: usize = WORTH_PACKING - 1;

    #[test]
    fn a_long_answer_is_packed_for_who_takes_gzip() {
        for takes in [
            "gzip",
            "br, GZIP",
            "deflate;q=0.5, gzip;q=0.1",
            "gzip; q=1",
            "gzip;q=1.000",
            "x-gzip",
            "*",
            "br;q=1.0, *;q=0.5",
            "gzip;q=0.5, identity;q=0.5",
            "identity;q=0.2, gzip",
        ] {
            assert!(is_wanted(takes, LONG), "{takes}");
            assert!(!is_wanted(takes, SHORT), "{takes}");
        }
    }

    #[test]
    fn nobody_else_is_sent_gzip() {
        for does_not in [
            "",
            "br",
            "gzip;q=0",
            "gzip; q=0.000",
            "identity, xgzip",
            "*;q=0",
            "*, gzip;q=0",
            "gzip;q=0.4, identity;q=0.5",
            "gzip;q=2",
            "gzip;q=-1",
            "gzip;q=0.0001",
            "gzip;level=9",
            "identity;q=0",
        ] {
            assert!(!is_wanted(does_not, LONG), "{does_not}");
        }
    }

    #[test]
    fn who_refuses_plain_answers_is_sent_short_ones_packed_too() {
        assert!(is_wanted("gzip, identity;q=0", SHORT));
        assert!(is_wanted("gzip, *;q=0", SHORT));
        assert!(!is_wanted("gzip, *;q=0.1", SHORT));
    }

    #[test]
    fn text_is_packed_once_and_never_with_a_cookie() {
        let headers = |pairs: &[(http::HeaderName, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
            HeaderMap::from_iter(pairs)
        };
        for kind in ["application/json", "application/problem+json", "text/csv; charset=utf-8", "application/fhir+json"]
        {
            assert!(is_packable(&headers(&[(CONTENT_TYPE, kind)])), "{kind}");
        }
        for kind in ["application/pdf", "image/webp", "application/zip"] {
            assert!(!is_packable(&headers(&[(CONTENT_TYPE, kind)])), "{kind}");
        }
        assert!(!is_packable(&HeaderMap::new()));
        assert!(!is_packable(&headers(&[(CONTENT_TYPE, "text/html"), (CONTENT_ENCODING, "gzip")])));
        assert!(!is_packable(&headers(&[(CONTENT_TYPE, "application/json"), (SET_COOKIE, "__Host-refresh=x")])));
    }

    #[test]
    fn a_tag_says_which_coding_it_is_of() {
        let plain = HeaderValue::from_static("\"3-Zm9v\"");
        let packed = packed_tag(&plain).unwrap();
        assert_eq!(packed, "\"3-Zm9v-gzip\"");
        assert_eq!(plain_tag(packed.to_str().unwrap()), plain_tag(plain.to_str().unwrap()));
        assert_ne!(plain_tag("\"3-Zm9w\""), plain_tag("\"3-Zm9v-gzip\""));
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let mut unpacked = Vec::new();
            GzDecoder::new(pack(&bytes).unwrap().as_slice()).read_to_end(&mut unpacked).unwrap();
            prop_assert_eq!(unpacked, bytes);
        }

        #[test]
        fn whatever_a_client_says_it_accepts_is_read(accepted in "\\PC{0,60}", bytes in 0usize..4000) {
            let _ = is_wanted(&accepted, bytes);
        }
    }
}
