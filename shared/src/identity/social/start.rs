//! Leading a browser to another provider.

use super::attempt::{Attempt, HostedUi, Started};
use super::provider::Provider;
use super::store::AttemptStore;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

/// The way to the other providers.
#[derive(Clone, Debug)]
pub struct StartSocial<'a> {
    /// Which providers there are, and where people may come back to.
    pub config: &'a Config,
    /// Where attempts are written down.
    pub attempts: AttemptStore,
    /// The clock.
    pub clock: Clock,
}

impl<'a> StartSocial<'a> {
    /// Where Cognito's pages are that lead to the providers.
    ///
    /// # Errors
    /// 404 `provider_unavailable` where there are none.
    pub fn hosted_ui(&self) -> Result<&'a str> {
        self.config.hosted_ui().ok_or_else(provider_unavailable)
    }

    /// Whether codes may be sent to `uri`: it is one of those that were listed, byte for byte.
    pub fn may_return_to(&self, uri: &str) -> bool {
        self.config.social_redirect_uris.iter().any(|listed| listed == uri)
    }

    /// Begins an attempt whose code is sent to `redirect_uri`.
    ///
    /// # Errors
    /// 404 `provider_unavailable`; DynamoDB does not answer.
    pub async fn start(&self, provider: Provider, redirect_uri: &str) -> Result<Started> {
        if !self.may_return_to(redirect_uri) {
            return Err(Error::internal("an address that is not listed was let through"));
        }
        let offered = self.config.social_providers.iter().any(|offered| offered == provider.name());
        if !offered {
            return Err(provider_unavailable());
        }
        let hosted_ui = HostedUi { url: self.hosted_ui()?, client_id: &self.config.user_pool_client_id };
        let (state, attempt, started) = Attempt::begin(hosted_ui, provider, redirect_uri, self.clock.now())?;
        self.attempts.write(&state, &attempt).await?;
        Ok(started)
    }
}

/// The answer where a provider is not set up.
fn provider_unavailable() -> Error {
    Error::new(Kind::NotFound, "provider_unavailable", wording::identity::provider_unavailable())
}
