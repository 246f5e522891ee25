//! What was told on which way: `USER#<user>` / `NOTE#<event>#<kind>#<channel>`. Whoever is about to send holds the note, so that of
//! many one sends, and keeps it once it is sent.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::notice::{Channel, Notice};
use super::store::{NoticeStore, partition};
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, from_item, n, to_item, value, write};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// For how long nobody else sends what somebody is sending.
const LEASE: Duration = Duration::from_mins(10);
/// For how long it is known what was sent: longer than a queue keeps a message, and a stream a record.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// How far a way is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Somebody is at it.
    Sending,
    /// It is sent.
    Sent,
}

#[derive(Debug, Serialize, Deserialize)]
struct Note {
    state: State,
    /// In milliseconds since 1970.
    leased_until: i64,
    /// Who is at it.
    holder: String,
    expires_at: i64,
}

/// Whether it is ours to send.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is.
    Mine(Held),
    /// It is sent, or was tried and must not be tried again.
    Done,
    /// Somebody else is at it.
    Theirs,
}

/// A note that we hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Held {
    key: Key,
    holder: String,
}

fn note_key(notice: &Notice, person: &UserId, channel: Channel) -> Key {
    Key::new(partition(person), format!("NOTE#{}#{}", notice.key(), channel.as_str()))
}

impl NoticeStore {
    /// Takes a way for ourselves. A lease that is over was held by who was killed: a mail is then sent again; of a text message
    /// nobody knows whether it was sent, and it is not.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn claim(
        &self,
        notice: &Notice,
        person: &UserId,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Claim> {
        let (key, holder) = (note_key(notice, person, channel), crypto::random_token::<16>());
        let note = Note {
            state: State::Sending,
            leased_until: now.plus(LEASE).millis(),
            holder: holder.clone(),
            expires_at: now.plus(KEPT).seconds(),
        };
        let free = match channel {
            Channel::Sms => Expression::new("attribute_not_exists(pk)"),
            Channel::Mail => {
                Expression::new("attribute_not_exists(pk) OR (#state = :sending AND leased_until <= :now)")
                    .name("#state", "state")
                    .value(":sending", value(State::Sending)?)
                    .value(":now", n(now.millis()))
            }
        };
        let put = self.table.replace(to_item(&key, note)?, free)?;
        let refusals = match write(self.table.client(), put).await? {
            Outcome::Done => return Ok(Claim::Mine(Held { key, holder })),
            Outcome::Refused(refusals) => refusals,
        };
        let current = refusals.into_iter().find_map(|refusal| refusal.current);
        let current: Note = from_item(current.ok_or_else(|| Error::internal("a note that is none"))?)?;
        // A time-out whose write arrived all the same meets itself.
        if current.holder == holder {
            return Ok(Claim::Mine(Held { key, holder }));
        }
        let over = current.leased_until <= now.millis();
        Ok(if current.state == State::Sent || over { Claim::Done } else { Claim::Theirs })
    }

    /// Notes that what we hold is sent.
    ///
    /// # Errors
    /// DynamoDB does not answer: a mail may go out once more, after the lease.
    pub(super) async fn sent(&self, held: &Held) -> Result<()> {
        let ours = self.ours(held).name("#state", "state").value(":sent", value(State::Sent)?);
        let update = self.table.update(&held.key, "SET #state = :sent", ours)?;
        write(self.table.client(), update).await.map(|_| ())
    }

    /// Gives back what we hold: it was surely not sent, and may be tried again at once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn give_back(&self, held: &Held) -> Result<()> {
        let delete = self.table.delete(&held.key, self.ours(held))?;
        write(self.table.client(), delete).await.map(|_| ())
    }

    fn ours(&self, held: &Held) -> Expression {
        Expression::new("holder = :holder").value(":holder", AttributeValue::S(held.holder.clone()))
    }

    /// Whether it was sent, or is being sent, on this way.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn is_noted(&self, notice: &Notice, person: &UserId, channel: Channel) -> Result<bool> {
        Ok(self.table.get_latest(&note_key(notice, person, channel)).await?.is_some())
    }
}
