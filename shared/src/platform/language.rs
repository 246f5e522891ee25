//! The languages that the pharmacy writes in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::Invalid;
use super::wording;

/// The one list of them: a name, the file of its texts in `notifications/texts` and the field of its sentences in [`Words`](super::wording::Words), and its tag (BCP 47, the language alone). A
/// new language takes a line here and that file.
macro_rules! languages {
    ($then:ident) => {
        $then! {
            /// English.
            #[default]
            English en "en";
            /// Bengali.
            Bengali bn "bn";
            /// Nepali.
            Nepali ne "ne";
        }
    };
}
pub(crate) use languages;

macro_rules! language {
    ($($(#[$meta:meta])* $language:ident $file:ident $tag:tt;)*) => {
        /// A language that the pharmacy writes in.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub enum Language {
            $($(#[$meta])* #[serde(rename = $tag)] $language,)*
        }

        impl Language {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$language),*];

            /// Reads a tag.
            ///
            /// # Errors
            /// No language has it.
            pub fn parse(tag: &str) -> Result<Self, Invalid> {
                let found = Self::ALL.iter().copied().find(|language| language.tag() == tag);
                found.ok_or_else(|| Invalid::new("unknown_language", wording::field::one_of("en, bn, ne")))
            }

            /// The tag, as preferences and `Accept-Language` have it.
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Self::$language => $tag,)*
                }
            }
        }
    };
}
languages!(language);

impl std::str::FromStr for Language {
    type Err = Invalid;

    fn from_str(tag: &str) -> Result<Self, Invalid> {
        Self::parse(tag)
    }
}

impl Language {
    /// The language that a text is written in, as far as its letters say so: Latin letters may be of any.
    pub fn written(text: &str) -> Option<Self> {
        let of = |is: fn(char) -> bool| text.chars().filter(|c| is(*c)).count();
        let (devanagari, bengali) = (of(is_devanagari), of(is_bengali));
        let latin = of(|c| c.is_ascii_alphabetic());
        if devanagari > bengali && devanagari * 2 > latin {
            Some(Self::Nepali)
        } else if bengali > 0 && bengali * 2 > latin {
            Some(Self::Bengali)
        } else {
            None
        }
    }
}

/// Whether a letter is of Devanagari.
pub(crate) fn is_devanagari(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97f}')
}

/// Whether a letter is of Bengali.
pub(crate) fn is_bengali(c: char) -> bool {
    matches!(c, '\u{980}'..='\u{9ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_say_the_language_where_they_can() {
        for (text, language) in [
            ("मेरो छाती दुखेको छ", Some(Language::Nepali)),
            ("Paracetamol खाए पछि ज्वरो", Some(Language::Nepali)),
            ("আমার শ্বাসকষ্ট হচ্ছে", Some(Language::Bengali)),
            ("chhati dukheko cha", None),
            ("My chest hurts", None),
            ("12:30", None),
            ("", None),
        ] {
            assert_eq!(Language::written(text), language, "{text}");
        }
    }
}
