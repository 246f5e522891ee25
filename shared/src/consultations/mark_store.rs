//! Marks in DynamoDB: `CON#<id>` / `MARK#<user>`. One is kept as long as the message that it stands at.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::mark::{Mark, Receipt};
use super::message::StoredMessage;
use super::store::{ConsultationStore, partition};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Key, Outcome, failure, from_item, n, s, value, write};
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, MessageId, UserId};

/// A mark as its item holds it; who else keeps something there keeps it.
#[derive(Serialize, Deserialize)]
struct Record {
    user: UserId,
    #[serde(flatten)]
    mark: Mark,
}

fn mark_key(consultation: ConsultationId, user: &UserId) -> Key {
    Key::new(partition(consultation), format!("MARK#{user}"))
}

impl ConsultationStore {
    /// How far somebody is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn mark(&self, consultation: ConsultationId, user: &UserId) -> Result<Mark> {
        let item = self.table.get_latest(&mark_key(consultation, user)).await?;
        Ok(item.map(from_item::<Record>).transpose()?.map(|record| record.mark).unwrap_or_default())
    }

    /// How far everybody is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn marks(&self, consultation: ConsultationId) -> Result<Vec<(UserId, Mark)>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :mark)")
            .expression_attribute_values(":pk", s(partition(consultation)))
            .expression_attribute_values(":mark", s("MARK#"))
            .send()
            .await
            .map_err(failure)?;
        let records = answer.items.unwrap_or_default().into_iter().map(from_item::<Record>);
        records.map(|record| record.map(|record| (record.user, record.mark))).collect()
    }

    /// How far one person is in several consultations; where they have read nothing, there is nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn marks_of(
        &self,
        user: &UserId,
        consultations: &[ConsultationId],
    ) -> Result<Vec<(ConsultationId, Mark)>> {
        let keys: Vec<Key> = consultations.iter().map(|id| mark_key(*id, user)).collect();
        let mut found = Vec::new();
        for item in self.table.get_many(&keys).await? {
            let id = Key::of(&item).and_then(|key| ConsultationId::parse(key.pk.trim_start_matches("CON#")).ok());
            let record: Record = from_item(item)?;
            found.extend(id.map(|id| (id, record.mark)));
        }
        Ok(found)
    }

    /// Whether `user` is to be told of a message: they are still on one side of the consultation, have not read it, and were told
    /// of none since they last read. From then on they were told, of this one; asked again for the same one, they still are.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn tell(
        &self,
        consultation: ConsultationId,
        user: &UserId,
        message: MessageId,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(head) = self.head(consultation, now).await? else { return Ok(false) };
        if head.participants().all(|one| one != user) {
            return Ok(false);
        }
        let unread = "(attribute_not_exists(#read) OR #read < :message)";
        let untold = "(attribute_not_exists(told) OR told = :message OR (attribute_exists(#read) AND told <= #read))";
        let condition = Expression::new(format!("{unread} AND {untold}"))
            .name("#read", "read")
            .name("#user", "user")
            .name("#expires", "expires_at")
            .value(":user", s(user))
            .value(":message", s(message))
            .value(":until", n(now.plus(self.retention).seconds()));
        let sets = "SET #user = :user, told = :message, #expires = :until";
        let update = self.table.update(&mark_key(consultation, user), sets, condition)?;
        Ok(matches!(write(self.table.client(), update).await?, Outcome::Done))
    }

    /// Moves a mark to a message, where that is forward; whether it is. It is hidden from the other side, or not, from then on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn move_mark(
        &self,
        user: &UserId,
        receipt: Receipt,
        to: &StoredMessage,
        hidden: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let forward = "(attribute_not_exists(#read) OR #read < :to)";
        let condition = Expression::new(match receipt {
            Receipt::Read => forward.to_owned(),
            Receipt::Delivered => format!("{forward} AND (attribute_not_exists(delivered) OR delivered < :to)"),
        });
        let condition = condition
            .name("#read", "read")
            .name("#user", "user")
            .name("#hidden", "hidden")
            .name("#expires", "expires_at")
            .value(":until", n(now.plus(self.retention).seconds()))
            .value(":user", s(user))
            .value(":hidden", AttributeValue::Bool(hidden))
            .value(":to", s(to.id));
        let (sets, condition) = match receipt {
            Receipt::Read => (
                "SET #user = :user, #hidden = :hidden, #expires = :until, #read = :to, read_tally = :tally",
                condition.value(":tally", value(to.tally)?),
            ),
            Receipt::Delivered => {
                ("SET #user = :user, #hidden = :hidden, #expires = :until, delivered = :to", condition)
            }
        };
        let update = self.table.update(&mark_key(to.consultation, user), sets, condition)?;
        Ok(matches!(write(self.table.client(), update).await?, Outcome::Done))
    }
}
