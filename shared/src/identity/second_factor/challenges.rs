//! Sign-ins that wait for a second factor: the first was right, and the tokens lie sealed in the guard table until the
//! second comes. Only the challenge session that the client holds opens them, for five minutes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::identity::user_pool::cognito::PoolTokens;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Table, Write, from_item, to_item, write};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How long a second factor is waited for.
const LIFETIME: Duration = Duration::from_mins(5);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// A code of the authenticator, or a recovery code.
    SoftwareTokenMfa,
    /// To enrol an authenticator first: the role demands a second factor and there is none.
    MfaSetup,
}

/// A sign-in that waits.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Who signs in.
    pub user: UserId,
    /// What they are asked for.
    pub demand: Demand,
    /// What they get then.
    pub(in crate::identity) tokens: PoolTokens,
    /// When the sign-in began.
    pub(in crate::identity) started_at: Timestamp,
    key: Key,
}

#[derive(Serialize, Deserialize)]
struct Record {
    user: UserId,
    demand: Demand,
    sealed: String,
    started_at: Timestamp,
    valid_until: Timestamp,
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    access: String,
    refresh: String,
}

/// The sign-ins that wait.
#[derive(Clone, Debug)]
pub struct Challenges {
    guard: Table,
    clock: Clock,
}

fn key(secret: &[u8; 32]) -> Key {
    Key::new(format!("CHALLENGE#{}", crypto::fingerprint(secret)), "CHALLENGE")
}

impl Challenges {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// Puts a sign-in off; gives the challenge session.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(in crate::identity) async fn begin(
        &self,
        user: &UserId,
        demand: Demand,
        tokens: &PoolTokens,
        started_at: Timestamp,
    ) -> Result<String> {
        let secret: [u8; 32] = crypto::random();
        let key = key(&secret);
        let tokens = Sealed { access: tokens.access.clone(), refresh: tokens.refresh.clone() };
        let tokens = serde_json::to_vec(&tokens).map_err(Error::internal)?;
        let sealed = crypto::seal(&secret, &key.pk, &tokens).map_err(Error::internal)?;
        let until = self.clock.now().plus(LIFETIME);
        let record = Record {
            user: user.clone(),
            demand,
            sealed: STANDARD_NO_PAD.encode(sealed),
            started_at,
            valid_until: until,
            expires_at: until.seconds(),
        };
        // The key is new: what is there already is this very record, written by a try whose answer was lost.
        write(self.guard.client(), self.guard.create(to_item(&key, record)?)?).await?;
        Ok(URL_SAFE_NO_PAD.encode(secret))
    }

    /// The sign-in of a challenge session.
    ///
    /// # Errors
    /// 401 `invalid_challenge_session` for one that is unknown, used or older than five minutes; DynamoDB does not answer.
    pub async fn find(&self, session: &str) -> Result<Challenge> {
        let secret: Option<[u8; 32]> = URL_SAFE_NO_PAD.decode(session).ok().and_then(|bytes| bytes.try_into().ok());
        let secret = secret.ok_or_else(invalid_challenge_session)?;
        let key = key(&secret);
        let record: Record =
            self.guard.get_latest(&key).await?.map(from_item).transpose()?.ok_or_else(invalid_challenge_session)?;
        if record.valid_until <= self.clock.now() {
            return Err(invalid_challenge_session());
        }
        let sealed = STANDARD_NO_PAD.decode(&record.sealed).map_err(Error::internal)?;
        let tokens = crypto::unseal(&secret, &key.pk, &sealed).map_err(Error::internal)?;
        let Sealed { access, refresh } = serde_json::from_slice(&tokens).map_err(Error::internal)?;
        let tokens = PoolTokens { access, refresh };
        Ok(Challenge { user: record.user, demand: record.demand, tokens, started_at: record.started_at, key })
    }

    /// The write that uses a challenge session up.
    pub(super) fn end(&self, challenge: &Challenge) -> Result<Write> {
        self.guard.delete(&challenge.key, Expression::new("attribute_exists(pk)"))
    }
}

/// The answer to a challenge session that is good for nothing.
pub(in crate::identity) fn invalid_challenge_session() -> Error {
    let detail = wording::identity::challenge_over();
    Error::new(Kind::Unauthenticated, "invalid_challenge_session", detail)
}
