//! Word of a change to how one signs in, for whoever did not make it.

use std::time::Duration;

use super::identifier::Identifier;
use crate::accounts::Profiles;
use crate::notifications::{Message, Notifier};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// How long the answer to a change waits for its notice at most. SES takes a fraction of it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tells people what has changed of their account.
#[derive(Clone, Debug)]
pub struct AccountNotices {
    /// Knows how somebody is reached, and in which language.
    pub profiles: Profiles,
    /// Writes to them.
    pub notifier: Notifier,
}

impl AccountNotices {
    /// Writes `message` to `user`: by mail, or else by text message; to nobody where there is neither.
    ///
    /// It comes after the change, which stands whether the message arrives or not: what cannot be sent is logged and is no
    /// error. Killed before it, nobody is told, and the trail has the change.
    pub async fn tell(&self, user: &UserId, message: &Message) {
        match tokio::time::timeout(PATIENCE, self.send(user, message)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "a notice was not sent");
            }
            Err(_) => tracing::warn!("a notice took too long and may not have been sent"),
        }
    }

    async fn send(&self, user: &UserId, message: &Message) -> Result<()> {
        let Some(profile) = self.profiles.find(user).await? else { return Ok(()) };
        let (email, phone) = (profile.email.map(Identifier::Email), profile.phone.map(Identifier::Phone));
        match email.or(phone) {
            Some(to) => self.notifier.send(to.to(), profile.preferences.language, message).await,
            None => Ok(()),
        }
    }
}
