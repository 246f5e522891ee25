//! Passwords that are forgotten by who has a telephone: a code of our own, where Cognito would send a mail.

use super::code::{Code, expired_code, invalid_code};
use super::cognito::UserPool;
use super::identifier::Identifier;
use super::lockout::{Guess, Lockout, Reserved};
use super::one_time_code::{Checked, OneTimeCodes, Proof, Purpose};
use super::password::Password;
use crate::accounts::{Language, Profiles};
use crate::notifications::{Message, Notifier};
use crate::platform::error::{Error, Result};

/// The use-cases of resetting a password by a text message.
#[derive(Clone, Debug)]
pub struct CodeReset {
    /// The codes.
    pub codes: OneTimeCodes,
    /// Where users are.
    pub pool: UserPool,
    /// Knows in which language they are written to.
    pub profiles: Profiles,
    /// Writes to them.
    pub notifier: Notifier,
    /// Counts wrong codes.
    pub lockout: Lockout,
}

impl CodeReset {
    /// Sends a code that resets the password, or word that there is no account.
    ///
    /// # Errors
    /// 429 `too_many_requests`; 503 where the message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn forgot(&self, who: &Identifier, accepted: Language) -> Result<()> {
        self.codes.count_send(who).await?;
        self.lockout.reset(Guess::ResetCode, who).await?;
        let user = self.pool.find(who.as_str()).await?.filter(|user| user.confirmed && user.enabled);
        let language = self.profiles.language(user.as_ref().map(|user| &user.id)).await?.unwrap_or(accepted);
        let message = if user.is_some() {
            Message::ResetCode(self.codes.issue(&Purpose::Reset, who).await?.as_str().to_owned())
        } else {
            self.codes.issue_none(&Purpose::Reset, who).await?;
            Message::NoAccount
        };
        self.notifier.send(who.to(), language, &message).await
    }

    /// Sets a new password by a code, or says why not.
    ///
    /// The code is bound to the new password before anything is done with it, and used up by [`Self::finish`] when all is
    /// done: killed in between, the same request goes on.
    ///
    /// # Errors
    /// Cognito or DynamoDB does not answer.
    pub async fn set(&self, who: &Identifier, code: &Code, password: &Password) -> Result<Result<Proof, Error>> {
        let Reserved::Granted(tried) = self.lockout.reserve(Guess::ResetCode, who).await? else {
            return Ok(Err(invalid_code()));
        };
        let refusal = match self.codes.check(&Purpose::Reset, who, code).await? {
            Checked::Right(proof) if self.codes.claim(&proof, password.expose()).await? => {
                let Some(user) = self.pool.find(who.as_str()).await? else { return Ok(Err(invalid_code())) };
                self.pool.set_password(user.id.as_str(), password.expose()).await?;
                self.lockout.succeeded(tried).await?;
                return Ok(Ok(proof));
            }
            Checked::Expired => expired_code(),
            _ => invalid_code(),
        };
        self.lockout.failed(tried).await?;
        Ok(Err(refusal))
    }

    /// Uses the code up.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn finish(&self, proof: &Proof) -> Result<()> {
        self.codes.spend(proof).await.map(|_| ())
    }
}
