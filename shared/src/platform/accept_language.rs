//! In which language somebody is spoken to of whom nothing is known but what their client says.

use super::language::Language;

impl Language {
    /// The one of ours that an `Accept-Language` header (RFC 9110) likes best; the standard one where it likes none.
    pub fn accepted(header: Option<&str>) -> Self {
        Self::asked_for(header).unwrap_or_default()
    }

    /// The one of ours that it likes best, if it likes any.
    pub fn asked_for(header: Option<&str>) -> Option<Self> {
        let mut best = (None, 0);
        for range in header.unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let language = parts.next().and_then(Self::of_tag);
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
            if language.is_some() && weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The language of a tag such as `ne-NP`.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// A weight such as `0.8`; what is none weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let decimals = decimals.get(..3.min(decimals.len())).unwrap_or_default();
    let decimals = format!("{decimals:0<3}").parse::<u16>();
    match (whole, decimals) {
        ("1", Ok(_)) => 1000,
        ("0" | "", Ok(decimals)) => decimals,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_language_that_is_liked_best_is_chosen() {
        for (header, language) in [
            (None, Language::English),
            (Some(""), Language::English),
            (Some("ne"), Language::Nepali),
            (Some("bn-BD, en;q=0.8"), Language::Bengali),
            (Some("en;q=0.5, ne-NP;q=0.9"), Language::Nepali),
            (Some("fr, de;q=0.9"), Language::English),
            (Some("fr, NE;q=0.1"), Language::Nepali),
            (Some("bn;q=0"), Language::English),
            (Some("bn;q=x, ne;q=0.25"), Language::Nepali),
            (Some("bn;q=0.123, ne;q=0.1239"), Language::Bengali),
        ] {
            assert_eq!(Language::accepted(header), language, "{header:?}");
        }
    }

    #[test]
    fn who_likes_none_of_ours_has_not_asked() {
        for header in [None, Some(""), Some("fr"), Some("*"), Some("bn;q=0"), Some(";;q=,=,\u{7f}"), Some("q=1")] {
            assert_eq!(Language::asked_for(header), None, "{header:?}");
        }
        assert_eq!(Language::asked_for(Some("en")), Some(Language::English));
    }

    #[test]
    fn every_language_is_asked_for_by_its_tag() {
        for language in Language::ALL {
            let tag = language.tag();
            assert!(tag.bytes().all(|byte| byte.is_ascii_lowercase()), "{tag}");
            assert_eq!(Language::accepted(Some(&format!("{tag}-XX, en;q=0.1"))), *language, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in "\\PC{0,60}") {
            let _ = Language::accepted(Some(&header));
        }
    }
}
