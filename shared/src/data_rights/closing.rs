//! Asking to be erased: the account is closed at once, and erased soon after.

use super::request::{ErasureRequest, may_be_closed};
use super::store::ErasureStore;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::identity::{Caller, Credentials, PasswordClaim, TokenVerifier};
use crate::platform::clock::Clock;
use crate::platform::error::Result;

/// Closes accounts.
#[derive(Clone, Debug)]
pub struct Closing<'a> {
    /// Where requests are.
    pub requests: ErasureStore,
    /// Asks for a proof, and knows users and sessions.
    pub credentials: Credentials,
    /// Reads access tokens.
    pub verifier: &'a TokenVerifier,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Closing<'_> {
    /// Closes the caller's account for good: it is on the list of those to be erased, hidden from others, disabled and
    /// signed out everywhere. Who works here is refused, by the roles they have now: what they had when their token was
    /// made does not matter.
    ///
    /// The request comes first. Killed after it, the worker that erases closes what is still open, and so does the same
    /// call again, which then asks for no proof: there was one before.
    ///
    /// # Errors
    /// 400 `required` or `wrong_password` at `password`; 401 `insufficient_user_authentication`; 409 `staff_account`; 423
    /// `account_locked`; Cognito or DynamoDB does not answer.
    pub async fn close(
        &self,
        caller: &Caller,
        actor: &Actor,
        password: Option<&PasswordClaim>,
    ) -> Result<ErasureRequest> {
        let user = &caller.user;
        let request = match self.requests.request(user).await? {
            Some(request) => request,
            None => match self.open(caller, actor, password).await {
                Ok(request) => request,
                // The same call made twice may have shut the account meanwhile, and then no password is right any more.
                Err(refusal) if refusal.is_refusal() => self.requests.request(user).await?.ok_or(refusal)?,
                Err(error) => return Err(error),
            },
        };
        // Disabled first: a sign-in that began before is among the sessions that end, and none begins after.
        self.credentials.pool.disable(user).await?;
        self.credentials.sessions.end_all(user, None).await?;
        self.credentials.pool.sign_out_everywhere(user).await?;
        Ok(request)
    }

    async fn open(&self, caller: &Caller, actor: &Actor, password: Option<&PasswordClaim>) -> Result<ErasureRequest> {
        let (user, action) = (&caller.user, Action::DeleteAccount);
        let refused = || Entry::refused(actor, action, user, user, self.clock.now());
        self.audit.noting(may_be_closed(&caller.roles), refused).await?;
        let access = self.credentials.reauthenticate(caller, password, (actor, action)).await?;
        let now = self.clock.now();
        if let Some(access) = access {
            let roles = self.verifier.verify(&access, now).await?.roles;
            self.audit.noting(may_be_closed(&roles), refused).await?;
        }
        let entry = self.audit.action(&Entry::allowed(actor, action, user, user, now))?;
        self.requests.open(ErasureRequest::new(user.clone(), now)?, &entry).await
    }
}
