//! The other providers.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Another provider that people may sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google.
    Google,
    /// Facebook.
    Facebook,
}

impl Provider {
    /// As paths and keys have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Facebook => "facebook",
        }
    }

    /// As Cognito has it.
    pub const fn pool_name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Facebook => "Facebook",
        }
    }

    /// Whether its word counts that an address has been verified. Facebook does not give it.
    pub const fn vouches_for_addresses(self) -> bool {
        match self {
            Self::Google => true,
            Self::Facebook => false,
        }
    }
}

impl FromStr for Provider {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Google, Self::Facebook].into_iter().find(|provider| provider.name() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_read_by_its_exact_name() {
        assert_eq!("google".parse(), Ok(Provider::Google));
        for wrong in ["", "Google", "google ", "COGNITO", "cognito", "twitter"] {
            assert_eq!(wrong.parse::<Provider>(), Err(()), "{wrong}");
        }
    }
}
