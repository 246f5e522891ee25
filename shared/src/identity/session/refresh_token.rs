//! Refresh tokens of our own: opaque to clients, good once each.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

/// A refresh token: which session, the how-many-th of it, and a secret that nobody else has.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session, 128 random bits.
    pub(in crate::identity) session: String,
    /// Counts the tokens of a session; each refresh hands out the next.
    pub(in crate::identity) generation: u32,
    /// What the stored digest is of, and what Cognito's own token is sealed with.
    pub(in crate::identity) secret: [u8; 32],
}

impl RefreshToken {
    /// The first token of a new session.
    pub(in crate::identity) fn first() -> Self {
        Self { session: crypto::random_token::<16>(), generation: 0, secret: crypto::random() }
    }

    /// The token that takes the place of this one.
    pub(in crate::identity) fn next(&self) -> Self {
        let generation = self.generation.saturating_add(1);
        Self { session: self.session.clone(), generation, secret: crypto::random() }
    }

    /// Reads a token; what cannot be one is nobody's.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (session, generation, secret) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || URL_SAFE_NO_PAD.decode(session).ok()?.len() != 16 {
            return None;
        }
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { session: session.to_owned(), generation: generation.parse().ok()?, secret })
    }

    /// The token that a client has presented.
    ///
    /// # Errors
    /// 401 `invalid_refresh_token` for what cannot be one.
    pub fn presented(text: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(invalid_refresh_token)
    }

    /// Which session it is of.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// As the client keeps it.
    pub fn expose(&self) -> String {
        format!("{}.{}.{}", self.session, self.generation, URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// What is stored of it.
    pub(in crate::identity) fn digest(&self) -> String {
        crypto::fingerprint(&self.secret)
    }
}

/// The answer to a refresh token that is good for nothing.
pub(in crate::identity) fn invalid_refresh_token() -> Error {
    Error::new(Kind::Unauthenticated, "invalid_refresh_token", wording::identity::invalid_refresh_token())
}

impl fmt::Debug for RefreshToken {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken(…, {})", self.generation)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_reads_as_itself() {
        let token = RefreshToken::first().next();
        assert_eq!(RefreshToken::parse(&token.expose()), Some(token.clone()));
        assert_eq!(token.generation, 1);
    }

    #[test]
    fn what_is_no_token_is_nobodys() {
        let token = RefreshToken::first().expose();
        let more = format!("{token}.x");
        for wrong in ["", "a.b.c", "..", more.as_str(), &token[..token.len() - 1], &token[1..]] {
            assert_eq!(RefreshToken::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,120}") {
            let _ = RefreshToken::parse(&text);
        }
    }
}
