//! The sentences that people are told, in every language, a room for each area.
//!
//! A room is a list of [`sentences!`], each a function that takes what the sentence names and gives [`Words`]. A language
//! that is missing, an argument that a sentence does not use, and one that it uses and is not given do not compile. Numbers,
//! days and sums are written the same in all languages, with ASCII digits.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::language::{Language, languages};
use super::speech;

pub mod accounts;
pub mod assistant;
pub mod catalog;
mod catalog_names;
pub mod consultations;
pub mod content;
pub mod coupons;
pub mod delivery;
pub mod edge;
pub mod field;
pub mod identity;
pub mod imports;
mod labels;
pub mod medicine;
pub mod orders;
pub mod patients;
pub mod payments;
pub mod prescriptions;
pub mod records;
pub mod sellers;
#[cfg(test)]
mod tests;
pub mod title;
pub mod triage;
pub mod webhooks;

pub use catalog_names::{category, category_as_stored};

/// What stands in a sentence for the field that it is about, until the field is known.
pub(crate) const FIELD: &str = "{field}";

macro_rules! words {
    ($($(#[$meta:meta])* $language:ident $file:ident $tag:tt;)*) => {
        /// A sentence, or a name, in every language.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Words {
            $(#[doc = concat!("In `", $tag, "`.")] pub $file: Cow<'static, str>,)*
        }

        impl Words {
            /// In one of the languages.
            pub fn of(&self, language: Language) -> &str {
                match language {
                    $(Language::$language => &self.$file,)*
                }
            }

            /// Changes it, in each language.
            #[must_use]
            pub fn map(&self, change: impl Fn(Language, &str) -> String) -> Self {
                Self { $($file: change(Language::$language, &self.$file).into(),)* }
            }

            /// What is called the same everywhere, as a name is.
            pub fn name(name: impl Into<Cow<'static, str>>) -> Self {
                let name = name.into();
                Self { $($file: name.clone(),)* }
            }
        }
    };
}
languages!(words);

impl Words {
    /// In the language of the answer that is being written.
    pub fn spoken(&self) -> &str {
        self.of(speech::language())
    }

    /// In English, for logs and for what is written where nobody has said what they understand.
    pub fn english(&self) -> &str {
        self.of(Language::English)
    }

    /// With another sentence after it.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        self.map(|language, text| format!("{text} {}", next.of(language)))
    }

    /// Said of a field.
    pub(crate) fn about(&self, field: &str) -> Self {
        self.map(|language, text| match text.contains(FIELD) {
            true => text.replacen(FIELD, &labels::of(field, language), 1),
            false => text.to_owned(),
        })
    }
}

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.english())
    }
}

/// As an answer has it: in its language.
impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.spoken())
    }
}

/// As it is stored: in every language, so that whoever reads it later has it in theirs. What was stored in one language alone is
/// read as said so in all.
pub mod stored {
    use std::collections::BTreeMap;

    use super::{Deserialize, Deserializer, Language, SerializeMap, Serializer, Words};

    /// In every language, by its tag.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(words: &Words, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Language::ALL.len()))?;
        for language in Language::ALL {
            map.serialize_entry(language.tag(), words.of(*language))?;
        }
        map.end()
    }

    /// Reads it.
    ///
    /// # Errors
    /// It is neither a text nor texts by language.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        Ok(match Stored::deserialize(deserializer)? {
            Stored::One(text) => Words::name(text),
            Stored::All(all) => {
                let text = |language: Language| all.get(language.tag()).or_else(|| all.get(Language::English.tag()));
                Words::name("").map(|language, _| text(language).cloned().unwrap_or_default())
            }
        })
    }

    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Stored {
        One(String),
        All(BTreeMap<String, String>),
    }
}

/// Sentences of a room: each is a function of what it names.
///
/// A sentence about a field begins its arguments with `field`, and has `{field}` where that is named: the field is told where it
/// is known, by [`Invalid::at`](crate::platform::fields::Invalid::at).
macro_rules! sentences {
    ($($(#[$meta:meta])* fn $name:ident $args:tt { $($language:ident: $text:literal,)+ })*) => {
        $($crate::platform::wording::sentence! { [$(#[$meta])*] $name $args { $($language: $text,)+ } })*

        /// Every sentence of this room as it is written, for the tests of them all.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &[(&str, &str)])] =
            &[$((stringify!($name), stringify!($args), &[$((stringify!($language), $text)),+])),*];
    };
}
use sentences;

macro_rules! sentence {
    ([$($meta:tt)*] $name:ident () { $($language:ident: $text:literal,)+ }) => {
        $($meta)*
        $(#[doc = $text])+
        pub fn $name() -> $crate::platform::wording::Words {
            $crate::platform::wording::Words { $($language: std::borrow::Cow::Borrowed($text)),+ }
        }
    };
    ([$($meta:tt)*] $name:ident (field) { $($language:ident: $text:literal,)+ }) => {
        $crate::platform::wording::sentence! { [$($meta)*] $name () { $($language: $text,)+ } }
    };
    ([$($meta:tt)*] $name:ident (field, $($arg:ident: $type:ty),+) { $($language:ident: $text:literal,)+ }) => {
        $($meta)*
        $(#[doc = $text])+
        pub fn $name($($arg: $type),+) -> $crate::platform::wording::Words {
            $crate::platform::wording::formatted! { (field = $crate::platform::wording::FIELD, $($arg = $arg),+) { $($language: $text,)+ } }
        }
    };
    ([$($meta:tt)*] $name:ident ($($arg:ident: $type:ty),+) { $($language:ident: $text:literal,)+ }) => {
        $($meta)*
        $(#[doc = $text])+
        pub fn $name($($arg: $type),+) -> $crate::platform::wording::Words {
            $crate::platform::wording::formatted! { ($($arg = $arg),+) { $($language: $text,)+ } }
        }
    };
}
use sentence;

/// The sentence with its arguments; `format!` refuses one that is not used.
macro_rules! formatted {
    ($args:tt { $($language:ident: $text:literal,)+ }) => {
        $crate::platform::wording::Words { $($language: $crate::platform::wording::formatted!(@ $text $args)),+ }
    };
    (@ $text:literal ($($arg:ident = $value:expr),+)) => {
        std::borrow::Cow::Owned(format!($text, $($arg = $value),+))
    };
}
use formatted;
