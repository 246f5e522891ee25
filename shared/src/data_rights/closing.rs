//! Asking to be erased: the account is closed at once, and erased soon after.

use super::request::{ErasureRequest, may_be_closed};
use super::store::ErasureStore;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::identity::{Caller, Credentials, PasswordClaim};
use crate::platform::clock::Clock;
use crate::platform::error::Result;

/// Closes accounts.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Where requests are.
    pub requests: ErasureStore,
    /// Asks for the password, and knows users and sessions.
    pub credentials: Credentials,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Closing {
    /// Closes the caller's account for good: it is on the list of those to be erased, hidden from others, disabled and
    /// signed out everywhere.
    ///
    /// The request comes first. Killed after it, the worker that erases closes what is still open, and so does the same
    /// call again, which then asks for no password: it was right before.
    ///
    /// # Errors
    /// 400 `wrong_password` at `password`; 409 `staff_account`; 423 `account_locked`; Cognito or DynamoDB does not answer.
    pub async fn close(&self, caller: &Caller, actor: &Actor, password: &PasswordClaim) -> Result<ErasureRequest> {
        may_be_closed(caller)?;
        let user = &caller.user;
        let request = match self.requests.request(user).await? {
            Some(request) => request,
            None => {
                self.credentials.reauthenticate(user, password).await?;
                let now = self.clock.now();
                let entry = self.audit.action(&Entry::allowed(actor, Action::DeleteAccount, user, user, now))?;
                self.requests.open(ErasureRequest::new(user.clone(), now)?, &entry).await?
            }
        };
        // Disabled first: a sign-in that began before is among the sessions that end, and none begins after.
        self.credentials.pool.disable(user).await?;
        self.credentials.pool.sign_out_everywhere(user).await?;
        self.credentials.sessions.end_all(user, None).await?;
        Ok(request)
    }
}
