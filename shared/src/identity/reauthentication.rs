//! A password asked for once more, before something that cannot be undone.

use super::cognito::Authentication;
use super::credentials::Credentials;
use super::lockout::{Guess, Reserved, account_locked};
use super::password::PasswordClaim;
use crate::platform::error::Result;
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;

impl Credentials {
    /// Holds somebody who is signed in to their password. A wrong one counts like a wrong one at sign-in.
    ///
    /// Answers an access token that says what they may do by now, where their own may be a quarter of an hour old. It is
    /// of no session of ours; who has still to set a password of their own gets none.
    ///
    /// # Errors
    /// 400 `wrong_password` at `password`; 404 where the user is gone; 423 `account_locked`; Cognito or DynamoDB does not
    /// answer.
    pub async fn reauthenticate(&self, user: &UserId, password: &PasswordClaim) -> Result<Option<String>> {
        let owner = self.owner(user).await?;
        let tried = match self.lockout.reserve(Guess::Password, &owner.identifier).await? {
            Reserved::Granted(tried) => tried,
            Reserved::Locked(wait) => return Err(account_locked(wait)),
        };
        let access = match self.pool.authenticate(&owner.identifier, password).await? {
            Authentication::Tokens(tokens) => {
                // Nobody asked for a session.
                self.pool.revoke(&tokens.refresh).await?;
                Some(tokens.access)
            }
            Authentication::Temporary | Authentication::ResetRequired => None,
            Authentication::Refused | Authentication::Unconfirmed => {
                self.lockout.failed(tried).await?;
                let wrong = Invalid::new("wrong_password", "this is not your current password");
                return Err(vec![wrong.at("password")].into());
            }
        };
        self.lockout.succeeded(tried).await?;
        Ok(access)
    }
}
