//! Notices in DynamoDB. All of a person is in one partition, `USER#<user>`, so that all of it can be shown to them and erased:
//!
//! - `INBOX#<ulid>`: what they were told, to be read.
//! - `NOTE#<event>#<kind>#<channel>`: that it was sent on a way; see `note_store.rs`.
//! - `DUE#<event>#<kind>#<channel or later>`: what waits for its time. Index `by_due`: `DUE#<0…3>` / `<time>#<user>#…`.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use serde::{Deserialize, Serialize};

use super::inbox::Told;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, failure, from_item, s, to_item, write};
use crate::platform::error::Result;
use crate::platform::ids::{NoticeId, UserId};

/// For how long a notice lies in an inbox.
const KEPT: Duration = Duration::from_hours(180 * 24);
/// How many unread notices are marked at once.
const PAGE: i32 = 100;

/// The table of notices.
#[derive(Clone, Debug)]
pub struct NoticeStore {
    pub(super) table: Table,
}

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    told: Told,
    /// In seconds since 1970.
    expires_at: i64,
}

/// A part of an inbox, the newest first.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) told: Vec<Told>,
    /// The last that was looked at, where there may be more.
    pub(super) next: Option<NoticeId>,
}

pub(super) fn partition(user: &UserId) -> String {
    format!("USER#{user}")
}

fn inbox_key(user: &UserId, id: NoticeId) -> Key {
    Key::new(partition(user), format!("INBOX#{}", id.ulid()))
}

impl NoticeStore {
    /// In the table of notices.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Puts a notice into an inbox; one that lies there already stays as it is, read or not.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn put(&self, user: &UserId, told: &Told) -> Result<()> {
        let record = Record { told: told.clone(), expires_at: told.at.plus(KEPT).seconds() };
        let create = self.table.create(to_item(&inbox_key(user, told.id), record)?)?;
        write(self.table.client(), create).await.map(|_| ())
    }

    /// Up to `limit` notices of an inbox before one, or the newest; those that are not read alone, where that is asked for.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn batch(
        &self,
        user: &UserId,
        before: Option<NoticeId>,
        unread: bool,
        limit: u16,
    ) -> Result<Batch> {
        let wanted = usize::from(limit);
        let (mut told, mut start) = (Vec::new(), before.map(|id| inbox_key(user, id).attributes()));
        loop {
            let answer = self.inbox(user, unread).set_exclusive_start_key(start).limit(PAGE).send().await;
            let answer = answer.map_err(failure)?;
            for item in answer.items.unwrap_or_default() {
                told.push(from_item::<Record>(item)?.told);
            }
            start = answer.last_evaluated_key;
            if start.is_none() || told.len() > wanted {
                break;
            }
        }
        let more = told.len() > wanted || start.is_some();
        told.truncate(wanted);
        let next = told.last().map(|one| one.id).filter(|_| more);
        Ok(Batch { told, next })
    }

    fn inbox(&self, user: &UserId, unread: bool) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let query = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :inbox)")
            .expression_attribute_values(":pk", s(partition(user)))
            .expression_attribute_values(":inbox", s("INBOX#"))
            .scan_index_forward(false);
        if unread { query.filter_expression("attribute_not_exists(read_at)") } else { query }
    }

    /// How many notices of an inbox are not read: counted, and written down nowhere.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn count_unread(&self, user: &UserId) -> Result<u32> {
        let (mut count, mut start) = (0_u32, None);
        loop {
            let query = self.inbox(user, true).select(Select::Count).set_exclusive_start_key(start);
            let answer = query.send().await.map_err(failure)?;
            count = count.saturating_add(u32::try_from(answer.count).unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(count);
            }
        }
    }

    /// Notes that a notice was read; the first time counts. One that is not there, or no more, is not made.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn read(&self, user: &UserId, id: NoticeId, at: Timestamp) -> Result<()> {
        let unread = Expression::new("attribute_exists(pk) AND attribute_not_exists(read_at)").value(":at", s(at));
        let update = self.table.update(&inbox_key(user, id), "SET read_at = :at", unread)?;
        write(self.table.client(), update).await.map(|_: Outcome| ())
    }

    /// The ids of the unread notices of an inbox up to one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn unread_up_to(&self, user: &UserId, last: NoticeId) -> Result<Vec<NoticeId>> {
        let (mut ids, mut start) = (Vec::new(), None);
        loop {
            let query = self.inbox(user, true).projection_expression("id").set_exclusive_start_key(start);
            let answer = query.send().await.map_err(failure)?;
            #[derive(Deserialize)]
            struct Listed {
                id: NoticeId,
            }
            for item in answer.items.unwrap_or_default() {
                ids.extend(Some(from_item::<Listed>(item)?.id).filter(|id| *id <= last));
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(ids);
            }
        }
    }

    /// Everything in an inbox, the newest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn all(&self, user: &UserId) -> Result<Vec<Told>> {
        Ok(self.batch(user, None, false, u16::MAX).await?.told)
    }

    /// Deletes everything of a person; how many notices of their inbox.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, user: &UserId) -> Result<u32> {
        let (mut told, mut start) = (0_u32, None);
        loop {
            let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
            let answer = query
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s(partition(user)))
                .projection_expression("pk, sk")
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(failure)?;
            for key in answer.items.unwrap_or_default().iter().filter_map(Key::of) {
                told = told.saturating_add(u32::from(key.sk.starts_with("INBOX#")));
                self.delete(&key).await?;
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(told);
            }
        }
    }

    /// Deletes an item; what is gone stays so.
    pub(super) async fn delete(&self, key: &Key) -> Result<()> {
        let whatever = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        write(self.table.client(), self.table.delete(key, whatever)?).await.map(|_| ())
    }
}

/// A text attribute of an item.
pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value: &AttributeValue| value.as_s().ok()).map(String::as_str)
}
