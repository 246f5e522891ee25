//! Names for URLs: lower-case letters, digits and hyphens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::text;

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
    /// Made of a product's name; a name without Latin letters or digits gives that of the id.
    pub fn of_name(name: &str, id: ProductId) -> Self {
        let made = text::to_slug(name, Self::MAX - SUFFIX - 1);
        if made.is_empty() { Self(id.ulid().to_string().to_lowercase()) } else { Self(made) }
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
