//! One attempt to sign in with another provider: what is written down when it begins, and what the browser carries.
//!
//! The state goes round by way of the provider and the client's page; the binding stays in a cookie of the browser that
//! began. Only hashes of both are written down, and the PKCE verifier and the nonce are sealed with the state: who reads
//! the table can finish nobody's attempt.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::provider::Provider;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::form;

/// How long somebody may take at the other provider.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// What is asked of Cognito: who somebody is, and no right to do anything in their name.
const SCOPES: &str = "openid email profile";

/// The state of an attempt: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct State([u8; 32]);

impl State {
    /// A new one.
    pub fn new() -> Self {
        Self(crypto::random())
    }

    /// Reads one; what cannot be one belongs to no attempt.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As it goes round.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the attempt is found by.
    pub fn digest(&self) -> String {
        crypto::fingerprint(&self.0)
    }
}

impl std::fmt::Debug for State {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("State(…)")
    }
}

/// What ties an attempt to the browser that began it: 256 random bits in a cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Binding(String);

impl Binding {
    /// As it stands in the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Binding {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Binding(…)")
    }
}

/// An attempt that has begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// Where the browser is to go.
    pub location: String,
    /// What it is to bring back.
    pub binding: Binding,
}

/// An attempt as it is written down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// With whom.
    pub provider: Provider,
    /// Where the code was to be sent.
    pub redirect_uri: String,
    /// The hash of the binding.
    binding: String,
    /// Verifier and nonce, under the state.
    sealed: String,
    /// In milliseconds since 1970.
    pub valid_until: i64,
    /// In seconds; the item's time to live.
    expires_at: i64,
}

/// What only who has the state can read.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// What the code is bound to (RFC 7636).
    pub verifier: String,
    /// What the ID token is bound to.
    pub nonce: String,
}

/// Where the hosted UI is, and for whom it is asked.
#[derive(Clone, Copy, Debug)]
pub struct HostedUi<'a> {
    /// Without a slash at the end.
    pub url: &'a str,
    /// The app client.
    pub client_id: &'a str,
}

impl Attempt {
    /// A new attempt, its state, and what the browser gets.
    ///
    /// # Errors
    /// None in practice.
    pub fn begin(
        hosted_ui: HostedUi<'_>,
        provider: Provider,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<(State, Self, Started)> {
        let (state, binding) = (State::new(), Binding(crypto::random_token::<32>()));
        let secrets = Secrets { verifier: crypto::random_token::<32>(), nonce: crypto::random_token::<32>() };
        let text = serde_json::to_vec(&secrets).map_err(Error::internal)?;
        let sealed = crypto::seal(&state.0, provider.name(), &text).map_err(Error::internal)?;
        let until = now.plus(LIFETIME);
        let attempt = Self {
            provider,
            redirect_uri: redirect_uri.to_owned(),
            binding: crypto::fingerprint(binding.0.as_bytes()),
            sealed: STANDARD_NO_PAD.encode(sealed),
            valid_until: until.millis(),
            expires_at: until.seconds(),
        };
        let location = location(hosted_ui, &attempt, &state, &secrets);
        Ok((state, attempt, Started { location, binding }))
    }

    /// Whether it is still good at `now`, for who brings `binding`. Some must bring one; who brings one brings the right one.
    pub fn admits(&self, now: Timestamp, binding: Option<&str>, needs_binding: bool) -> bool {
        let bound = match binding {
            Some(binding) => crypto::equal(crypto::fingerprint(binding.as_bytes()).as_bytes(), self.binding.as_bytes()),
            None => !needs_binding,
        };
        bound && now.millis() < self.valid_until
    }

    /// What was sealed with `state`.
    ///
    /// # Errors
    /// None in practice: the attempt was found by its state.
    pub fn secrets(&self, state: &State) -> Result<Secrets> {
        let sealed = STANDARD_NO_PAD.decode(&self.sealed).map_err(Error::internal)?;
        let text = crypto::unseal(&state.0, self.provider.name(), &sealed).map_err(Error::internal)?;
        serde_json::from_slice(&text).map_err(Error::internal)
    }
}

fn location(hosted_ui: HostedUi<'_>, attempt: &Attempt, state: &State, secrets: &Secrets) -> String {
    let query = form::encoded(&[
        ("response_type", "code"),
        ("client_id", hosted_ui.client_id),
        ("redirect_uri", &attempt.redirect_uri),
        ("identity_provider", attempt.provider.pool_name()),
        ("scope", SCOPES),
        ("state", &state.expose()),
        ("nonce", &secrets.nonce),
        ("code_challenge_method", "S256"),
        ("code_challenge", &crypto::fingerprint(secrets.verifier.as_bytes())),
    ]);
    format!("{}/oauth2/authorize?{query}", hosted_ui.url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UI: HostedUi<'_> = HostedUi { url: "https://ui.example", client_id: "c" };

    fn begin() -> (State, Attempt, Started) {
        let now = Timestamp::from_millis(0);
        Attempt::begin(UI, Provider::Google, "https://a.example/in?x=1&y", now).unwrap()
    }

    #[test]
    fn the_challenge_is_of_the_sealed_verifier() {
        let (state, attempt, started) = begin();
        let secrets = attempt.secrets(&state).unwrap();
        let challenge = crypto::fingerprint(secrets.verifier.as_bytes());
        assert!(started.location.ends_with(&format!("&code_challenge_method=S256&code_challenge={challenge}")));
        assert!(started.location.contains("redirect_uri=https%3A%2F%2Fa.example%2Fin%3Fx%3D1%26y&"));
        assert!(!started.location.contains(&secrets.verifier) && !started.location.contains(started.binding.expose()));
    }

    #[test]
    fn what_is_written_down_finishes_nothing() {
        let (state, attempt, started) = begin();
        let secrets = attempt.secrets(&state).unwrap();
        let written = serde_json::to_string(&attempt).unwrap();
        for secret in [&state.expose(), started.binding.expose(), &secrets.verifier, &secrets.nonce] {
            assert!(!written.contains(secret));
        }
        assert!(attempt.secrets(&State::new()).is_err());
    }

    #[test]
    fn an_attempt_is_for_its_browser_and_ten_minutes() {
        let (_, attempt, started) = begin();
        let right = Some(started.binding.expose());
        let at = |millis| Timestamp::from_millis(millis);
        for (now, binding, needed, admitted) in [
            (at(0), right, true, true),
            (at(599_999), right, true, true),
            (at(600_000), right, true, false),
            (at(0), None, false, true),
            (at(0), None, true, false),
            (at(0), Some("another"), true, false),
            (at(0), Some("another"), false, false),
            (at(0), Some(""), false, false),
        ] {
            assert_eq!(attempt.admits(now, binding, needed), admitted, "{now:?} {binding:?} {needed}");
        }
    }

    #[test]
    fn a_state_reads_as_itself_and_nothing_else_is_one() {
        let state = State::new();
        assert_eq!(State::parse(&state.expose()), Some(state.clone()));
        for wrong in ["", "x", &state.expose()[1..], &format!("{}A", state.expose())] {
            assert_eq!(State::parse(wrong), None);
        }
    }
}
