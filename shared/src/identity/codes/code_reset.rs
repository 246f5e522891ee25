//! Passwords that are forgotten: a code by mail or text message, and a new password for it.

use crate::accounts::{Language, Profiles};
use crate::identity::codes::code::{Code, invalid_code};
use crate::identity::codes::one_time_code::{OneTimeCodes, Proof, Purpose};
use crate::identity::identifier::Identifier;
use crate::identity::limits::mail_limit::{Mail, MailLimit};
use crate::identity::sign_in::password::Password;
use crate::identity::user_pool::cognito::{PoolUser, UserPool};
use crate::notifications::{Message, Notifier};
use crate::platform::error::Result;

/// The use-cases of resetting a password by a code.
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
    /// How often one address or number is written to.
    pub mails: MailLimit,
}

/// Who may set a password by a code.
#[derive(Debug)]
pub struct ResetBy {
    /// Whose.
    pub user: PoolUser,
    /// The code, still to be used up.
    pub proof: Proof,
}

impl CodeReset {
    /// Sends a code that resets the password, or word that there is no account.
    ///
    /// # Errors
    /// 429 `too_many_requests` after three in an hour; 503 where the message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn forgot(&self, who: &Identifier, accepted: Language) -> Result<()> {
        self.mails.count(Mail::Reset, who).await?;
        let user = self.pool.find(who.as_str()).await?.filter(|user| user.confirmed);
        let language = self.profiles.language(user.as_ref().map(|user| &user.id)).await?.unwrap_or(accepted);
        let message = if user.as_ref().is_some_and(|user| user.enabled) {
            Message::ResetCode(self.codes.issue(&Purpose::Reset, who).await?.as_str().to_owned())
        } else {
            self.codes.issue_none(&Purpose::Reset, who).await?;
            user.map_or(Message::NoAccount, |_| Message::AccountClosed)
        };
        self.notifier.send(who.to(), language, &message).await
    }

    /// Whose password may be set by the code; or else that it is wrong or too old, or nobody's.
    ///
    /// # Errors
    /// Cognito or DynamoDB does not answer.
    pub async fn check(&self, who: &Identifier, code: &Code) -> Result<Result<ResetBy>> {
        let proof = match self.codes.check(&Purpose::Reset, who, code).await?.proof() {
            Ok(proof) => proof,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let user = self.pool.find(who.as_str()).await?;
        Ok(user.map(|user| ResetBy { user, proof }).ok_or_else(invalid_code))
    }

    /// Binds the code to the new password. It is used up by [`Self::finish`] when all is done: killed in between, the same
    /// request goes on. Whether it is not bound to another password.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn claim(&self, proof: &Proof, password: &Password) -> Result<bool> {
        self.codes.claim(proof, password.expose()).await
    }

    /// Uses the code up.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn finish(&self, proof: &Proof) -> Result<()> {
        self.codes.spend(proof).await.map(|_| ())
    }
}
