//! Identities elsewhere in DynamoDB: `IDENTITY#<provider>#<digest>` says whose account it is, and `USER#<id>` /
//! `IDENTITY#<provider>` that this person has one there. The two are written and deleted together.

use serde::{Deserialize, Serialize};

use super::external::ExternalIdentity;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{
    Expression, Key, Outcome, Refusal, Table, Write, failure, from_item, s, to_item, transact,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// Which accounts the identities elsewhere belong to.
#[derive(Clone, Debug)]
pub struct ExternalIdentities {
    accounts: Table,
    clock: Clock,
}

/// An identity elsewhere that a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    /// Whose.
    pub user: UserId,
    /// `google`, `facebook`.
    pub provider: String,
    /// What stands for the subject.
    pub digest: String,
    /// What Cognito calls the copy of what the provider has said.
    pub pool_name: String,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What came of linking an identity to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It belongs to the account, since now or since before.
    Done,
    /// It belongs to this other account.
    Taken(UserId),
    /// The account has another identity of the same provider.
    Another,
}

fn identity_key(provider: &str, digest: &str) -> Key {
    Key::new(format!("IDENTITY#{provider}#{digest}"), "IDENTITY")
}

fn entry_key(user: &UserId, provider: &str) -> Key {
    Key::new(format!("USER#{user}"), format!("IDENTITY#{provider}"))
}

impl ExternalIdentities {
    /// In the accounts' table.
    pub fn new(accounts: Table, clock: Clock) -> Self {
        Self { accounts, clock }
    }

    /// Whose account `identity` belongs to.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn owner(&self, identity: &ExternalIdentity) -> Result<Option<UserId>> {
        let key = identity_key(identity.provider(), &identity.digest());
        let found = self.accounts.get_latest(&key).await?.map(from_item::<LinkedIdentity>).transpose()?;
        Ok(found.map(|linked| linked.user))
    }

    /// Links `identity`, which Cognito calls `pool_name`, to the account of `user`, together with `trail`. Of two at once one
    /// wins, and to do it again changes nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn link(
        &self,
        user: &UserId,
        identity: &ExternalIdentity,
        pool_name: &str,
        trail: Write,
    ) -> Result<Link> {
        let linked = LinkedIdentity {
            user: user.clone(),
            provider: identity.provider().to_owned(),
            digest: identity.digest(),
            pool_name: pool_name.to_owned(),
            linked_at: self.clock.now(),
        };
        let writes = vec![
            self.accounts.create(to_item(&identity_key(&linked.provider, &linked.digest), &linked)?)?,
            self.accounts.create(to_item(&entry_key(user, &linked.provider), &linked)?)?,
            trail,
        ];
        match transact(self.accounts.client(), writes).await? {
            Outcome::Done => Ok(Link::Done),
            Outcome::Refused(refusals) => refused(user, refusals),
        }
    }

    /// The identities elsewhere that `user` signs in with, at most one of each provider.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of(&self, user: &UserId) -> Result<Vec<LinkedIdentity>> {
        let query = self
            .accounts
            .client()
            .query()
            .table_name(self.accounts.name())
            .key_condition_expression("pk = :pk AND begins_with(sk, :identity)")
            .expression_attribute_values(":pk", s(format!("USER#{user}")))
            .expression_attribute_values(":identity", s("IDENTITY#"))
            .consistent_read(true);
        query.send().await.map_err(failure)?.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    /// Forgets all identities of `user`, who leaves. To do it again is no error.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget_all(&self, user: &UserId) -> Result<()> {
        for linked in self.of(user).await? {
            let still_theirs = Expression::new("attribute_not_exists(pk) OR #user = :user")
                .name("#user", "user")
                .value(":user", s(user));
            let writes = vec![
                self.accounts.delete(&identity_key(&linked.provider, &linked.digest), still_theirs.clone())?,
                self.accounts.delete(&entry_key(user, &linked.provider), still_theirs)?,
            ];
            if let Outcome::Refused(_) = transact(self.accounts.client(), writes).await? {
                return Err(Error::internal("an identity stands with one person and belongs to another"));
            }
        }
        Ok(())
    }
}

fn refused(user: &UserId, refusals: Vec<Refusal>) -> Result<Link> {
    let identity = refusals.into_iter().find(|refusal| refusal.index == 0);
    let Some(identity) = identity else { return Ok(Link::Another) };
    let there = identity.current.ok_or_else(|| Error::internal("an identity is taken by nobody"))?;
    let owner = from_item::<LinkedIdentity>(there)?.user;
    Ok(if owner == *user { Link::Done } else { Link::Taken(owner) })
}
