//! The second factor of a person in DynamoDB: `USER#<id>` / `SECOND_FACTOR` in the accounts' table.
//!
//! The authenticator's secret is sealed under the house's key, and recovery codes are digests.

use serde::{Deserialize, Serialize};

use crate::platform::dynamo::{Expression, Key, Outcome, Table, Write, from_item, s, transact, value, write};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// What is stored of a person's second factor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SecondFactor {
    /// The authenticator that counts, sealed.
    #[serde(default)]
    pub(super) active: Option<String>,
    /// The recovery codes that are left, as digests.
    #[serde(default)]
    pub(super) recovery: Vec<String>,
    /// The latest step whose code was used; it and those before it are good no more.
    #[serde(default)]
    pub(super) last_step: u64,
    /// The step whose code has confirmed the authenticator, until one is used to sign in.
    #[serde(default)]
    pub(super) confirmed_step: Option<u64>,
    /// The authenticator that is being enrolled, sealed.
    #[serde(default)]
    pub(super) pending: Option<String>,
    /// Its recovery codes.
    #[serde(default)]
    pub(super) pending_recovery: Vec<String>,
}

/// Second factors, in the accounts' table.
#[derive(Clone, Debug)]
pub struct SecondFactorStore {
    table: Table,
}

fn key(user: &UserId) -> Key {
    Key::new(format!("USER#{user}"), "SECOND_FACTOR")
}

impl SecondFactorStore {
    /// In the accounts' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    pub(super) async fn find(&self, user: &UserId) -> Result<Option<SecondFactor>> {
        self.table.get_latest(&key(user)).await?.map(from_item).transpose()
    }

    /// Notes what is being enrolled, in place of an earlier attempt. Whether nothing is active yet.
    pub(super) async fn begin(&self, user: &UserId, sealed: &str, recovery: &[String]) -> Result<bool> {
        let condition = Expression::new("attribute_not_exists(active)")
            .value(":pending", s(sealed))
            .value(":recovery", value(recovery)?);
        let update = "SET pending = :pending, pending_recovery = :recovery";
        let action = self.table.update(&key(user), update, condition)?;
        Ok(matches!(write(self.table.client(), action).await?, Outcome::Done))
    }

    /// Makes what was being enrolled count by the code of `step`, together with `others`. Whether it is still what `read`
    /// has.
    pub(super) async fn activate(
        &self,
        user: &UserId,
        read: &SecondFactor,
        step: u64,
        others: Vec<Write>,
    ) -> Result<bool> {
        let Some(pending) = &read.pending else { return Ok(false) };
        let condition = Expression::new("pending = :pending AND attribute_not_exists(active)")
            .value(":pending", s(pending))
            .value(":recovery", value(&read.pending_recovery)?)
            .value(":step", value(step)?);
        let update = "SET active = :pending, recovery = :recovery, last_step = :step, confirmed_step = :step \
            REMOVE pending, pending_recovery";
        self.transact(self.table.update(&key(user), update, condition)?, others).await
    }

    /// Uses up the code of `step`, together with `others`. The one that has confirmed the authenticator is good once more:
    /// who has just enrolled signs in without waiting for the next. Whether nobody was quicker.
    pub(super) async fn spend_step(&self, user: &UserId, step: u64, others: Vec<Write>) -> Result<bool> {
        let unused = "attribute_exists(active) AND (last_step < :step OR confirmed_step = :step)";
        let condition = Expression::new(unused).value(":step", value(step)?);
        let update = "SET last_step = :step REMOVE confirmed_step";
        self.transact(self.table.update(&key(user), update, condition)?, others).await
    }

    /// Leaves `left` of the recovery codes that `read` has, together with `others`. Whether nobody was quicker.
    pub(super) async fn spend_recovery(
        &self,
        user: &UserId,
        read: &SecondFactor,
        left: &[String],
        others: Vec<Write>,
    ) -> Result<bool> {
        let condition = Expression::new("attribute_exists(active) AND recovery = :read")
            .value(":read", value(&read.recovery)?)
            .value(":left", value(left)?);
        self.transact(self.table.update(&key(user), "SET recovery = :left", condition)?, others).await
    }

    /// Forgets a person's second factor, together with `others`.
    pub(super) async fn remove(&self, user: &UserId, others: Vec<Write>) -> Result<bool> {
        self.transact(self.table.delete(&key(user), Expression::new("attribute_exists(pk)"))?, others).await
    }

    /// Forgets a person's second factor, who leaves. To do it again is no error.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, user: &UserId) -> Result<()> {
        self.remove(user, Vec::new()).await.map(|_| ())
    }

    /// Whether an authenticator counts for `user`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn is_active(&self, user: &UserId) -> Result<bool> {
        Ok(self.find(user).await?.is_some_and(|factor| factor.active.is_some()))
    }

    async fn transact(&self, first: Write, others: Vec<Write>) -> Result<bool> {
        let writes = std::iter::once(first).chain(others).collect();
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::dynamo::to_item;

    #[test]
    fn an_item_reads_what_was_written() {
        let user = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let factor = SecondFactor {
            active: Some("sealed".to_owned()),
            recovery: vec!["digest".to_owned()],
            last_step: 7,
            ..SecondFactor::default()
        };
        assert_eq!(from_item::<SecondFactor>(to_item(&key(&user), &factor).unwrap()).unwrap(), factor);
    }
}
