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

    /// Whether `username` is what the pool calls a copy of somebody there, such as `Google_1048…`. Its own users have no
    /// such names.
    pub fn names_copy(self, username: &str) -> bool {
        let named_by = username.split_once('_').map(|(provider, _)| provider);
        named_by.is_some_and(|provider| provider.eq_ignore_ascii_case(self.pool_name()))
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

    #[test]
    fn a_copy_is_told_from_a_user_by_its_name() {
        for copy in ["Google_104857600000000000001", "google_1", "Google_a_b"] {
            assert!(Provider::Google.names_copy(copy) && !Provider::Facebook.names_copy(copy), "{copy}");
        }
        for user in ["", "Google", "Googlex_1", "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11", "anna_1@example.org"] {
            assert!(!Provider::Google.names_copy(user), "{user}");
        }
    }
}
