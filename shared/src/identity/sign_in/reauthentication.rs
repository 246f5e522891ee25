//! A proof asked for once more, before something that cannot be undone or that stays: the password, or a sign-in just now.

use std::time::Duration;

use crate::audit::{Action, Actor, Entry};
use crate::identity::caller::Caller;
use crate::identity::identifier::Identifier;
use crate::identity::sign_in::credentials::Credentials;
use crate::identity::sign_in::password::PasswordClaim;
use crate::identity::user_pool::cognito::Authentication;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How long a sign-in proves by itself that it is the person.
const FRESH: Duration = Duration::from_mins(10);

impl Credentials {
    /// Has somebody who is signed in prove once more that it is them: by their password, of which a wrong one counts like a
    /// wrong one at sign-in. Who came by another provider and has neither address nor number has no password; they must
    /// have signed in within the last ten minutes.
    ///
    /// Answers an access token that says what they may do by now, where their own may be a quarter of an hour old. It is
    /// of no session of ours; who has no password, or has still to set one of their own, gets none. A change of roles ends
    /// all sessions, and with them what a sign-in proves.
    ///
    /// Whom it refuses is on the trail before they are answered, with the `action` that they wanted to take.
    ///
    /// # Errors
    /// 400 `required` or `wrong_password` at `password`; 401 `insufficient_user_authentication` (RFC 9470); 404 where the user
    /// is gone; 423 `account_locked`; Cognito or DynamoDB does not answer.
    pub async fn reauthenticate(
        &self,
        caller: &Caller,
        password: Option<&PasswordClaim>,
        (actor, action): (&Actor, Action),
    ) -> Result<Option<String>> {
        let proved = self.prove(caller, password).await;
        let entry = || Entry::refused(actor, action, &caller.user, &caller.user, self.clock.now());
        self.audit.noting(proved, entry).await
    }

    /// Has somebody who is signed in have signed in within the last ten minutes, before there is another way into their
    /// account: an access token lives for a quarter of an hour, and who has stolen one must not stay for good.
    ///
    /// Whom it refuses is on the trail before they are answered, with the `action` that they wanted to take.
    ///
    /// # Errors
    /// 401 `insufficient_user_authentication` (RFC 9470); 503 where the trail cannot be written; DynamoDB does not answer.
    pub async fn signed_in_just_now(&self, caller: &Caller, (actor, action): (&Actor, Action)) -> Result<()> {
        let fresh = self.is_fresh(caller).await;
        let entry = || Entry::refused(actor, action, &caller.user, &caller.user, self.clock.now());
        self.audit.noting(fresh, entry).await
    }

    async fn is_fresh(&self, caller: &Caller) -> Result<()> {
        let age = self.sessions.age_of(caller).await?;
        if age.is_some_and(|age| age <= FRESH) { Ok(()) } else { Err(too_long_ago()) }
    }

    async fn prove(&self, caller: &Caller, password: Option<&PasswordClaim>) -> Result<Option<String>> {
        let user = self.pool.find(caller.user.as_str()).await?.ok_or_else(Error::not_found)?;
        let Some(identifier) = user.identifier() else { return self.is_fresh(caller).await.map(|()| None) };
        let required = || vec![Invalid::new("required", wording::field::required()).at("password")];
        self.check_password(&user.id, &identifier, password.ok_or_else(required)?).await
    }

    async fn check_password(
        &self,
        user: &UserId,
        identifier: &Identifier,
        password: &PasswordClaim,
    ) -> Result<Option<String>> {
        let tried = self.lockout.reserve_own_password(user, identifier).await?;
        let authenticated = self.pool.authenticate(identifier, password).await;
        let (tried, answer) = self.lockout.answered(tried, authenticated).await?;
        let access = match answer {
            Authentication::Tokens(tokens) => {
                // Nobody asked for a session.
                self.pool.revoke(&tokens.refresh).await?;
                Some(tokens.access)
            }
            Authentication::Temporary | Authentication::ResetRequired => None,
            Authentication::Refused => {
                self.lockout.failed_password(tried, identifier, Some(user)).await?;
                let wrong = Invalid::new("wrong_password", wording::identity::wrong_password());
                return Err(vec![wrong.at("password")].into());
            }
        };
        self.lockout.succeeded(tried).await?;
        Ok(access)
    }
}

fn too_long_ago() -> Error {
    Error::new(Kind::Unauthenticated, "insufficient_user_authentication", wording::identity::signed_in_too_long_ago())
}
