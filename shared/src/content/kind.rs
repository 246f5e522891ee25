//! What sort of page it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// What sort of page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A page of the shop: about us, contact.
    Page,
    /// Something to read about health.
    Article,
    /// A question that is often asked, with its answer.
    Faq,
    /// A short notice above the shop.
    Banner,
    /// Terms, privacy, returns.
    Policy,
    /// What there is to know about a medicine.
    Leaflet,
}

impl PageKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Page, Self::Article, Self::Faq, Self::Banner, Self::Policy, Self::Leaflet];

    /// The name in requests and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Article => "article",
            Self::Faq => "faq",
            Self::Banner => "banner",
            Self::Policy => "policy",
            Self::Leaflet => "leaflet",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// No kind has it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            Invalid::new("unknown_value", wording::field::one_of("page, article, faq, banner, policy, leaflet"))
        })
    }

    /// Whether it speaks of medicine: it is published only with a source and after somebody else than its author has
    /// reviewed it, and the assistant answers from it.
    pub const fn is_medical(self) -> bool {
        matches!(self, Self::Article | Self::Faq | Self::Leaflet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_by_its_name() {
        for kind in PageKind::ALL {
            assert_eq!(PageKind::parse(kind.as_str()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert!(PageKind::parse("Leaflet").is_err());
    }
}
