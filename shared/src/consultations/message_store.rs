//! Messages in DynamoDB: `CON#<id>` / `MSG#<ulid>`, and beside each that came from a client `SENT#<user>#<client id>`, by which it
//! is known again.
//!
//! The id of a message is greater than that of the one before it, which the head names; and the head is written with it, on the
//! condition that it still names that one. Transactions on one head come one after the other, so messages are stored in the
//! order of their ids, and who has read up to some id never misses one that is stored later.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::message::{ClientId, StoredMessage};
use super::store::{ConsultationStore, partition};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Item, Key, Write, failure, from_item, n, s, to_item};
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, MessageId, UserId};

/// For how long a message is known again by what its client calls it.
const SENT_KEPT: Duration = Duration::from_hours(7 * 24);

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    message: StoredMessage,
    /// In seconds since 1970.
    expires_at: i64,
}

/// That a client has sent a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    /// Which message it became.
    pub(super) message: MessageId,
    /// What it said, as a keyed hash.
    pub(super) fingerprint: String,
    /// Under which key of the consultation.
    pub(super) key_no: u32,
    /// In seconds since 1970.
    expires_at: i64,
}

/// A part of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The latest ones.
    Latest,
    /// The first ones after one.
    After(MessageId),
    /// The last ones before one.
    Before(MessageId),
}

fn message_key(consultation: ConsultationId, id: MessageId) -> Key {
    Key::new(partition(consultation), format!("MSG#{}", id.ulid()))
}

fn sent_key(consultation: ConsultationId, by: &UserId, client_id: &ClientId) -> Key {
    Key::new(partition(consultation), format!("SENT#{by}#{}", client_id.as_str()))
}

impl ConsultationStore {
    /// The write of a transaction that stores a new message.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn create_message(&self, message: &StoredMessage) -> Result<Write> {
        let record = Record { message: message.clone(), expires_at: message.at.plus(self.retention).seconds() };
        self.table.create(to_item(&message_key(message.consultation, message.id), record)?)
    }

    /// The write of a transaction that knows a message of a client again.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn create_sent(
        &self,
        message: &StoredMessage,
        by: &UserId,
        client_id: &ClientId,
        fingerprint: String,
    ) -> Result<Write> {
        let expires_at = message.at.plus(SENT_KEPT).seconds();
        let record = Sent { message: message.id, fingerprint, key_no: message.key_no, expires_at };
        self.table.create(to_item(&sent_key(message.consultation, by, client_id), record)?)
    }

    /// What a client has sent under a name, if it has.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn sent(
        &self,
        consultation: ConsultationId,
        by: &UserId,
        client_id: &ClientId,
    ) -> Result<Option<Sent>> {
        self.table.get_latest(&sent_key(consultation, by, client_id)).await?.map(Self::sent_of).transpose()
    }

    /// The same in an item that has refused a write.
    ///
    /// # Errors
    /// An item of another shape.
    pub(super) fn sent_of(item: Item) -> Result<Sent> {
        from_item(item)
    }

    /// One message as it is stored, unless its time is over.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn message(
        &self,
        consultation: ConsultationId,
        id: MessageId,
        now: Timestamp,
    ) -> Result<Option<StoredMessage>> {
        let Some(item) = self.table.get_latest(&message_key(consultation, id)).await? else { return Ok(None) };
        let record: Record = from_item(item)?;
        Ok((record.expires_at > now.seconds()).then_some(record.message))
    }

    /// Up to `limit` messages of a range in the order they were stored, and whether there are more beyond the far end of it.
    /// What was committed before this was asked is there.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn messages(
        &self,
        consultation: ConsultationId,
        range: Range,
        limit: u16,
        now: Timestamp,
    ) -> Result<(Vec<StoredMessage>, bool)> {
        let forward = matches!(range, Range::After(_));
        let (low, high) = match range {
            Range::Latest => ("MSG#".to_owned(), "MSG$".to_owned()),
            // `~` is after every character of an id.
            Range::After(id) => (format!("MSG#{}~", id.ulid()), "MSG$".to_owned()),
            Range::Before(id) => ("MSG#".to_owned(), format!("MSG#{}", id.ulid())),
        };
        let client = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let mut query = client
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", s(partition(consultation)))
            .expression_attribute_values(":low", s(low))
            .expression_attribute_values(":high", s(high))
            .filter_expression("expires_at > :now")
            .expression_attribute_values(":now", n(now.seconds()))
            .scan_index_forward(forward)
            // One more tells whether there is more; of a range before one, that one itself is another.
            .limit(i32::from(limit) + 2);
        let (mut found, wanted) = (Vec::new(), usize::from(limit) + 1);
        loop {
            let answer = query.clone().send().await.map_err(failure)?;
            for item in answer.items.unwrap_or_default() {
                let record: Record = from_item(item)?;
                if range != Range::Before(record.message.id) {
                    found.push(record.message);
                }
            }
            match answer.last_evaluated_key {
                Some(next) if found.len() < wanted => query = query.set_exclusive_start_key(Some(next)),
                _ => break,
            }
        }
        let more = found.len() > usize::from(limit);
        found.truncate(usize::from(limit));
        if !forward {
            found.reverse();
        }
        Ok((found, more))
    }
}
