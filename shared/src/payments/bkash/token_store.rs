//! Where all instances share bKash's token: the guard table, `BKASH` / `TOKEN`.

use aws_sdk_dynamodb::types::TransactWriteItem;

use super::token::KeptToken;
use crate::platform::dynamo::{Client, Expression, Key, Outcome, Table, from_item, n, to_item, write};
use crate::platform::error::Result;

/// The store.
#[derive(Clone, Debug)]
pub struct TokenStore {
    table: Table,
    dynamo: Client,
}

fn key() -> Key {
    Key::new("BKASH", "TOKEN")
}

impl TokenStore {
    /// In the guard table.
    pub fn new(table: Table, dynamo: Client) -> Self {
        Self { table, dynamo }
    }

    /// What is kept; nothing yet is as good as an empty one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self) -> Result<KeptToken> {
        let item = self.table.get_latest(&key()).await?;
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Stores what comes of the version before it; whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(&self, kept: &KeptToken) -> Result<bool> {
        Ok(matches!(write(&self.dynamo, self.saving(kept)?).await?, Outcome::Done))
    }

    fn saving(&self, kept: &KeptToken) -> Result<TransactWriteItem> {
        let condition = Expression::new("attribute_not_exists(pk) OR #version = :before").name("#version", "version");
        let condition = condition.value(":before", n(kept.version.saturating_sub(1)));
        self.table.replace(to_item(&key(), kept)?, condition)
    }
}
