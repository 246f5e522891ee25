//! Grants: how the house signs somebody in whom it has recognised by other means than their password - by a code, or by
//! another provider's word.
//!
//! Cognito alone signs tokens. It is asked for them through its custom authentication, whose one question is answered by
//! a grant: 256 random bits, written down as a digest just before, good for one user, once, for a minute. Cognito hands
//! the answer to `auth-verify-challenge`, which takes the grant by a conditional delete.

use std::time::Duration;

use serde::Serialize;

use crate::identity::user_pool::cognito::{PoolTokens, UserPool};
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, n, s, to_item, transact, write};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How long a grant waits for Cognito's question.
const LIFETIME: Duration = Duration::from_mins(1);

/// Hands out grants, and takes them.
#[derive(Clone, Debug)]
pub struct Grants {
    /// Where they are written down.
    pub guard: Table,
    /// Who signs tokens for them.
    pub pool: UserPool,
    /// The clock.
    pub clock: Clock,
}

#[derive(Serialize)]
struct Grant {
    holder: UserId,
    valid_until: i64,
    expires_at: i64,
}

fn key(secret: &str) -> Key {
    Key::new(format!("GRANT#{}", crypto::fingerprint(secret.as_bytes())), "GRANT")
}

impl Grants {
    /// Tokens for `user`, who has been recognised.
    ///
    /// # Errors
    /// 401 `sign_in_refused` where the user is gone, disabled or not confirmed; Cognito or DynamoDB does not answer.
    pub async fn tokens_for(&self, user: &UserId) -> Result<PoolTokens> {
        let secret = crypto::random_token::<32>();
        let until = self.clock.now().plus(LIFETIME);
        let grant = Grant { holder: user.clone(), valid_until: until.millis(), expires_at: until.seconds() };
        // Nobody else has this key, so what is there already can only be this very grant, tried again.
        write(self.guard.client(), self.guard.create(to_item(&key(&secret), grant)?)?).await?;
        self.pool.authenticate_by_grant(user, &secret).await?.ok_or_else(refused)
    }

    /// Takes a grant. Whether it was good for `user`; it is so no more.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn redeem(&self, user: &UserId, secret: &str) -> Result<bool> {
        let condition = Expression::new("holder = :holder AND valid_until > :now")
            .value(":holder", s(user))
            .value(":now", n(self.clock.now().millis()));
        let delete = self.guard.delete(&key(secret), condition)?;
        // A transaction of one: tried again after a time-out it is the same write, and not a rival of itself.
        Ok(matches!(transact(self.guard.client(), vec![delete]).await?, Outcome::Done))
    }
}

fn refused() -> Error {
    Error::new(Kind::Unauthenticated, "sign_in_refused", wording::identity::sign_in_refused())
}
