//! Applications in the accounts' table.
//!
//! - `USER#<user>` / `SELLER_APPLICATION`: somebody's last application.
//! - `SELLER_APPLICATIONS` / `<id>`: whose it is, while it is open; the list of the staff.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::application::Application;
use crate::platform::dynamo::{
    Expression, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact, write,
};
use crate::platform::error::Result;
use crate::platform::ids::{SellerApplicationId, UserId};

const LIST: &str = "SELLER_APPLICATIONS";

/// The applications.
#[derive(Clone, Debug)]
pub struct ApplicationStore {
    accounts: Table,
}

#[derive(Serialize, Deserialize)]
struct OpenRecord {
    user: UserId,
}

fn key(user: &UserId) -> Key {
    Key::new(format!("USER#{user}"), "SELLER_APPLICATION")
}

fn open_key(id: SellerApplicationId) -> Key {
    Key::new(LIST, id.to_string())
}

/// A condition that always holds.
fn any() -> Expression {
    Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)")
}

/// The condition that nothing was written since `version` was read; zero is what was never written.
fn unmoved(version: u64) -> Expression {
    match version {
        0 => Expression::new("attribute_not_exists(pk)"),
        read => Expression::new("version = :read").value(":read", AttributeValue::N(read.to_string())),
    }
}

impl ApplicationStore {
    /// In the accounts' table.
    pub fn new(accounts: Table) -> Self {
        Self { accounts }
    }

    /// The last application of somebody.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of(&self, user: &UserId) -> Result<Option<Application>> {
        self.accounts.get_latest(&key(user)).await?.map(from_item).transpose()
    }

    /// An open application.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn open(&self, id: SellerApplicationId) -> Result<Option<Application>> {
        let Some(item) = self.accounts.get_latest(&open_key(id)).await? else { return Ok(None) };
        let OpenRecord { user } = from_item(item)?;
        Ok(self.of(&user).await?.filter(|found| found.id == id))
    }

    /// A page of the open applications, the oldest first, and the id that the next page comes after.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        after: Option<SellerApplicationId>,
        limit: u16,
    ) -> Result<(Vec<Application>, Option<SellerApplicationId>)> {
        let start = after.map(|after| open_key(after).attributes());
        let request = self.accounts.client().query().table_name(self.accounts.name()).limit(i32::from(limit));
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(LIST));
        let answer = request.set_exclusive_start_key(start).send().await.map_err(failure)?;
        let last = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let next = last.and_then(|key| SellerApplicationId::parse(&key.sk).ok());
        let open = answer.items.unwrap_or_default().into_iter().map(from_item::<OpenRecord>);
        let keys = open.map(|open| open.map(|open| key(&open.user))).collect::<Result<Vec<_>>>()?;
        let items = self.accounts.get_many(&keys).await?;
        let mut found = items.into_iter().map(from_item::<Application>).collect::<Result<Vec<_>>>()?;
        found.sort_by_key(|application| application.id);
        Ok((found, next))
    }

    /// Writes a new application with its place in the list. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn apply(&self, application: &Application, trail: Write) -> Result<bool> {
        let open = OpenRecord { user: application.user.clone() };
        let actions = vec![
            self.accounts.replace(to_item(&key(&application.user), application)?, unmoved(application.version - 1))?,
            self.accounts.create(to_item(&open_key(application.id), open)?)?,
            trail,
        ];
        Ok(matches!(transact(self.accounts.client(), actions).await?, Outcome::Done))
    }

    /// Stores `next` in place of the version before it. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(&self, next: &Application) -> Result<bool> {
        let save = self.accounts.replace(to_item(&key(&next.user), next)?, unmoved(next.version - 1))?;
        Ok(matches!(write(self.accounts.client(), save).await?, Outcome::Done))
    }

    /// Writes down what was decided, with `others`, and takes the application off the list. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn decide(&self, decided: &Application, others: Vec<Write>) -> Result<bool> {
        let mut actions = vec![
            self.accounts.replace(to_item(&key(&decided.user), decided)?, unmoved(decided.version - 1))?,
            self.accounts.delete(&open_key(decided.id), any())?,
        ];
        actions.extend(others);
        Ok(matches!(transact(self.accounts.client(), actions).await?, Outcome::Done))
    }

    /// Forgets the application of somebody who leaves, and its place in the list. Twice is once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, user: &UserId) -> Result<()> {
        let Some(application) = self.of(user).await? else { return Ok(()) };
        let actions =
            vec![self.accounts.delete(&open_key(application.id), any())?, self.accounts.delete(&key(user), any())?];
        transact(self.accounts.client(), actions).await.map(|_| ())
    }
}
