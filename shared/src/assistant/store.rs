//! Whether answers helped, in the accounts' table: `USER#<id>` / `ASKED#<question>`. Neither question nor answer is stored.

use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Key, Table, failure, from_item, s, to_item, write};
use crate::platform::error::Result;
use crate::platform::ids::{QuestionId, UserId};

/// Where it is noted whether answers helped.
#[derive(Clone, Debug)]
pub struct FeedbackStore {
    table: Table,
}

/// Whether an answer helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Feedback {
    pub(super) question: QuestionId,
    pub(super) helpful: bool,
    pub(super) at: Timestamp,
}

fn key(user: &UserId, question: QuestionId) -> Key {
    Key::new(format!("USER#{user}"), format!("ASKED#{question}"))
}

impl FeedbackStore {
    /// In the accounts' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Notes it, in place of what was noted of the same answer.
    pub(super) async fn put(&self, user: &UserId, feedback: &Feedback) -> Result<()> {
        let item = to_item(&key(user, feedback.question), feedback)?;
        let whatever_is_there = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        write(self.table.client(), self.table.replace(item, whatever_is_there)?).await.map(|_| ())
    }

    /// All that a person has said, the oldest first.
    pub(super) async fn of(&self, user: &UserId) -> Result<Vec<Feedback>> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let request = request
            .key_condition_expression("pk = :pk AND begins_with(sk, :asked)")
            .expression_attribute_values(":pk", s(format!("USER#{user}")))
            .expression_attribute_values(":asked", s("ASKED#"));
        let mut items = request.into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(from_item(item.map_err(failure)?)?);
        }
        Ok(found)
    }

    /// Forgets one; what is gone already stays so.
    pub(super) async fn forget(&self, user: &UserId, question: QuestionId) -> Result<()> {
        let whatever_is_there = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        let delete = self.table.delete(&key(user, question), whatever_is_there)?;
        write(self.table.client(), delete).await.map(|_| ())
    }
}
