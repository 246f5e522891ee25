//! Whose law the pharmacy sells under: what schedules and limits go by.

use super::fields::Invalid;
use crate::platform::wording;

/// A jurisdiction that there are rows for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Jurisdiction {
    /// None in particular: what is careful everywhere.
    #[default]
    Default,
    /// The United States.
    Us,
    /// India.
    In,
    /// Bangladesh.
    Bd,
    /// Nepal.
    Np,
}

impl Jurisdiction {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Default, Self::Us, Self::In, Self::Bd, Self::Np];

    /// Reads a name as the settings write it.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::field::one_of("default, us, in, bd, np")))
    }

    /// As the settings write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Us => "us",
            Self::In => "in",
            Self::Bd => "bd",
            Self::Np => "np",
        }
    }

    /// The ISO 3166 code by which rolling limits name it; nothing where it is no country.
    pub const fn country(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::Us => "US",
            Self::In => "IN",
            Self::Bd => "BD",
            Self::Np => "NP",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_jurisdiction_reads_back() {
        for one in Jurisdiction::ALL {
            assert_eq!(Jurisdiction::parse(one.as_str()), Ok(one));
        }
        assert!(Jurisdiction::parse("US").is_err() && Jurisdiction::parse("").is_err());
    }
}
