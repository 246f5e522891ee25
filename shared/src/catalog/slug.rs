//! Names for URLs: lower-case letters, digits and hyphens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::{latin, text};

macro_rules! slug {
    ($(#[$meta:meta])* $name:ident, $max:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The longest there is, in characters.
            pub const MAX: usize = $max;

            /// Reads one.
            ///
            /// # Errors
            /// Other characters, doubled or outer hyphens, or too long.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                text::slug(text, Self::MAX).map(Self)
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

slug!(
    /// The name of a product in URLs; no two products ever have the same.
    Slug, 120
);
slug!(
    /// The id of a category, chosen by whoever makes it.
    CategoryId, 60
);

/// How many characters of the product's id tell apart slugs that are made of the same name.
const SUFFIX: usize = 6;

impl Slug {
    /// Made of a product's name, in Latin letters. Where not all of the name is in it, it has an end of its own, since what is
    /// missing may be all that tells two products apart; a name of signs alone gives that of the id.
    pub fn of_name(name: &str, id: ProductId) -> Self {
        // Room for being told apart from another, and once more where not all fits.
        let (made, whole) = latin::slug(name, Self::MAX - SUFFIX - 1);
        if !made.is_empty() && whole {
            return Self(made);
        }
        let (made, _) = latin::slug(name, Self::MAX - 2 * (SUFFIX + 1));
        if made.is_empty() { Self(id.ulid().to_string().to_lowercase()) } else { Self(made).told_apart(id) }
    }

    /// The same with an end of its own, for when another product has it.
    #[must_use]
    pub fn told_apart(&self, id: ProductId) -> Self {
        let ulid = id.ulid().to_string().to_lowercase();
        let end = ulid.get(ulid.len().saturating_sub(SUFFIX)..).unwrap_or(&ulid);
        Self(format!("{}-{end}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::clock::Timestamp;

    fn made(name: &str) -> String {
        Slug::of_name(name, ProductId::generate(Timestamp::from_millis(1))).to_string()
    }

    #[test]
    fn a_slug_says_the_whole_name_in_any_script() {
        assert_eq!(made("Straße Łódź"), "strasse-lodz");
        assert_eq!(made("Ибупрофен 200 мг"), "ibuprofen-200-mg");
        assert_eq!(made("নাপা ৫০০"), "napa-500");
        assert_ne!(made("Ибупрофен"), made("Аспирин"));
    }

    #[test]
    fn what_does_not_fit_is_told_apart_by_an_end() {
        let long = |strength: &str| made(&format!("{} {strength}", "calcium ".repeat(15)));
        let (weak, strong) = (long("50 mg"), long("500 mg"));
        assert!(weak.len() <= Slug::MAX && weak.starts_with("calcium-calcium"), "{weak}");
        assert_ne!(weak, strong, "only the end of the names differs");
        assert_eq!(made("💊").len(), 26, "the id's");
    }

    proptest! {
        #[test]
        fn a_slug_made_of_any_name_is_one(name in "\\PC{1,200}") {
            let id = ProductId::generate(Timestamp::from_millis(1));
            let made = Slug::of_name(&name, id);
            prop_assert_eq!(Slug::parse(made.as_str()), Ok(made.clone()));
            let apart = made.told_apart(id);
            prop_assert_eq!(Slug::parse(apart.as_str()), Ok(apart.clone()));
            prop_assert_ne!(apart, made);
        }
    }
}
