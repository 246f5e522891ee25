//! By which way a medicine enters the body, since most rules are about what reaches the whole of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A route of administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Swallowed.
    Oral,
    /// Between cheek and gum.
    Buccal,
    /// Under the tongue.
    Sublingual,
    /// Into the rectum.
    Rectal,
    /// Into a vein.
    Intravenous,
    /// Into a muscle.
    Intramuscular,
    /// Under the skin.
    Subcutaneous,
    /// Injected, not said where.
    Injection,
    /// Through the skin into the body: patches.
    Transdermal,
    /// On the skin.
    Topical,
    /// Into the eye.
    Ophthalmic,
    /// Into the ear.
    Otic,
    /// Into the nose.
    Nasal,
    /// Breathed in.
    Inhaled,
    /// Into the vagina.
    Vaginal,
    /// On teeth and gums.
    Dental,
}

const NAMES: [(&str, Route); 22] = [
    ("oral", Route::Oral),
    ("buccal", Route::Buccal),
    ("sublingual", Route::Sublingual),
    ("rectal", Route::Rectal),
    ("intravenous", Route::Intravenous),
    ("intramuscular", Route::Intramuscular),
    ("subcutaneous", Route::Subcutaneous),
    ("injection", Route::Injection),
    ("transdermal", Route::Transdermal),
    ("topical", Route::Topical),
    ("ophthalmic", Route::Ophthalmic),
    ("otic", Route::Otic),
    ("nasal", Route::Nasal),
    ("inhaled", Route::Inhaled),
    ("inhalation", Route::Inhaled),
    ("vaginal", Route::Vaginal),
    ("dental", Route::Dental),
    ("iv", Route::Intravenous),
    ("im", Route::Intramuscular),
    ("sc", Route::Subcutaneous),
    ("by mouth", Route::Oral),
    ("cutaneous", Route::Topical),
];

impl Route {
    /// Reads a route as this API or a catalogue writes it; `None` for one that is not known.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        NAMES.iter().find(|(name, _)| *name == text).map(|(_, route)| *route)
    }

    /// The routes of a catalogue's text, several parted by commas: `buccal, sublingual`. Empty where one of them is not
    /// known: then any route must be reckoned with.
    pub fn parse_all(text: &str) -> Vec<Self> {
        text.split(',').map(Self::parse).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// Whether what is given this way is meant to reach the whole body. What is not meets only those rules that a
    /// reviewed list lets it meet.
    pub fn systemic(self) -> bool {
        !matches!(
            self,
            Self::Topical | Self::Ophthalmic | Self::Otic | Self::Nasal | Self::Inhaled | Self::Vaginal | Self::Dental
        )
    }

    /// Whether a rule about `other` means this route too: an injection, not said where, may be any.
    pub fn covers(self, other: Self) -> bool {
        let injected =
            |route| matches!(route, Self::Intravenous | Self::Intramuscular | Self::Subcutaneous | Self::Injection);
        self == other || (self == Self::Injection && injected(other)) || (other == Self::Injection && injected(self))
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, route)| *route == self).map_or("oral", |(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogue_routes_are_read_and_what_is_unknown_leaves_all_open() {
        assert_eq!(Route::parse_all("buccal, sublingual"), [Route::Buccal, Route::Sublingual]);
        assert_eq!(Route::parse_all("Inhalation"), [Route::Inhaled]);
        assert!(Route::parse_all("oral, by drone").is_empty());
    }

    #[test]
    fn an_injection_may_be_into_a_vein() {
        assert!(Route::Injection.covers(Route::Intravenous) && Route::Intravenous.covers(Route::Injection));
        assert!(!Route::Oral.covers(Route::Intravenous) && !Route::Intravenous.covers(Route::Intramuscular));
    }

    #[test]
    fn every_route_has_a_name_that_reads_back() {
        for (_, route) in NAMES {
            assert_eq!(Route::parse(route.name()), Some(route));
        }
    }
}
