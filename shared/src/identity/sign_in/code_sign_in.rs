//! Codes by mail and text message, to register or to sign in with.
//!
//! Whoever asks for a code, the same calls are made and one message is sent: a code where there is somebody to get it,
//! and otherwise word of what is wrong. So its reader alone learns whether there is an account.

use crate::accounts::{Language, Profiles};
use crate::identity::codes::code::{Code, invalid_code};
use crate::identity::codes::one_time_code::{OneTimeCodes, Proof, Purpose};
use crate::identity::identifier::Identifier;
use crate::identity::registering::registration_token::{RegistrationToken, RegistrationTokens};
use crate::identity::sign_in::lockout::{Guess, Lockout, Try};
use crate::identity::sign_in::{SignIn, SignInOutcome};
use crate::identity::user_pool::cognito::UserPool;
use crate::notifications::{Message, Notifier};
use crate::platform::dynamo::{Outcome, Table, transact};
use crate::platform::error::Result;

/// The use-cases of codes that register and sign in.
#[derive(Clone, Debug)]
pub struct CodeSignIn<'a> {
    /// The codes.
    pub codes: OneTimeCodes,
    /// Where users are.
    pub pool: UserPool,
    /// Knows in which language they are written to.
    pub profiles: Profiles,
    /// Writes to them.
    pub notifier: Notifier,
    /// Counts wrong codes, whichever code they were tried on.
    pub lockout: Lockout,
    /// What a code is exchanged for by who registers.
    pub tokens: RegistrationTokens,
    /// Signs them in.
    pub sign_in: SignIn<'a>,
    /// Where codes and tokens are, for the one transaction of both.
    pub guard: Table,
}

impl CodeSignIn<'_> {
    /// Sends a code that registers `to`, or word that there is an account.
    ///
    /// # Errors
    /// 429 `too_many_requests`; 503 where the message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn request_registration(&self, to: &Identifier, accepted: Language) -> Result<()> {
        self.codes.count_send(to).await?;
        let user = self.pool.find(to.as_str()).await?.filter(|user| user.confirmed);
        let language = self.profiles.language(user.as_ref().map(|user| &user.id)).await?.unwrap_or(accepted);
        let message = if let Some(owner) = &user {
            self.codes.issue_none(&Purpose::Register, to).await?;
            owner.owner_message()
        } else {
            let code = self.codes.issue(&Purpose::Register, to).await?;
            Message::RegistrationCode(code.as_str().to_owned())
        };
        self.notifier.send(to.to(), language, &message).await
    }

    /// Sends a code that signs `to` in, or word that there is no account.
    ///
    /// # Errors
    /// 429 `too_many_requests`; 503 where the message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn request_sign_in(&self, to: &Identifier, accepted: Language) -> Result<()> {
        self.codes.count_send(to).await?;
        let user = self.pool.find(to.as_str()).await?.filter(|user| user.confirmed);
        let language = self.profiles.language(user.as_ref().map(|user| &user.id)).await?.unwrap_or(accepted);
        let message = if user.as_ref().is_some_and(|user| user.enabled) {
            let code = self.codes.issue(&Purpose::SignIn, to).await?;
            Message::SignInCode(code.as_str().to_owned())
        } else {
            self.codes.issue_none(&Purpose::SignIn, to).await?;
            user.map_or(Message::NoAccount, |_| Message::AccountClosed)
        };
        self.notifier.send(to.to(), language, &message).await
    }

    /// Exchanges the code that was sent to `to` for a token to register with. Both happen or none, once.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 423 `account_locked`; DynamoDB does not answer.
    pub async fn prove(&self, to: &Identifier, code: &Code) -> Result<RegistrationToken> {
        let proved = self.exchange(to, code).await;
        self.sign_in.trail.noting(proved, to.as_str()).await
    }

    async fn exchange(&self, to: &Identifier, code: &Code) -> Result<RegistrationToken> {
        let (proof, tried) = self.check(&Purpose::Register, to, code).await?;
        let (token, issue) = self.tokens.issue(to)?;
        match transact(self.guard.client(), vec![self.codes.spending(&proof)?, issue]).await? {
            Outcome::Done => self.lockout.succeeded(tried).await.map(|()| token),
            Outcome::Refused(_) => Err(invalid_code()),
        }
    }

    /// Signs in by the code that was sent to `to`, once.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 423 `account_locked`; 401 `sign_in_refused` for an account that is disabled
    /// meanwhile; Cognito or DynamoDB does not answer.
    pub async fn sign_in(&self, to: &Identifier, code: &Code) -> Result<SignInOutcome> {
        let outcome = self.by_code(to, code).await;
        self.sign_in.trail.noting(outcome, to.as_str()).await
    }

    async fn by_code(&self, to: &Identifier, code: &Code) -> Result<SignInOutcome> {
        let (proof, tried) = self.check(&Purpose::SignIn, to, code).await?;
        if !self.codes.spend(&proof).await? {
            return Err(invalid_code());
        }
        self.lockout.succeeded(tried).await?;
        self.sign_in.by_code(to).await
    }

    async fn check(&self, purpose: &Purpose, to: &Identifier, code: &Code) -> Result<(Proof, Try)> {
        let tried = self.lockout.reserve(Guess::OneTimeCode, to).await?;
        let (tried, checked) = self.lockout.answered(tried, self.codes.check(purpose, to, code).await).await?;
        let refusal = match checked.proof() {
            Ok(proof) => return Ok((proof, tried)),
            Err(refusal) => refusal,
        };
        self.lockout.failed(tried).await?;
        Err(refusal)
    }
}
