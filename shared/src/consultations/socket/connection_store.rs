//! Connections in DynamoDB, each as two base items, since an index would be late: `CONN#<id>` / `CONN`, by which a frame is counted,
//! and `USER#<user>` / `CONN#<id>`, by which somebody's connections are found.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::connection::{Connection, ConnectionId, FRAMES_A_MINUTE, KEPT, TYPING_EVERY};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Updated, Write, failure, from_item, n, s, to_item, transact,
    update_returning, write,
};
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, UserId};

const MINUTE: i64 = 60_000;

/// The item that counts frames.
#[derive(Clone, Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    connection: Connection,
    /// The minute that is counted, since 1970.
    minute: i64,
    /// How many frames came in it.
    frames: i64,
    /// How many of them were refused.
    refused: i64,
    /// When it last said that somebody types, in milliseconds since 1970.
    typed_at: i64,
    expires_at: i64,
}

/// The item that finds a connection.
#[derive(Serialize, Deserialize)]
struct Place {
    #[serde(flatten)]
    connection: Connection,
    /// The consultations of which it was sent something that is another's, and that the trail knows of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    read: Vec<ConsultationId>,
    expires_at: i64,
}

/// A connection, and what it was sent.
#[derive(Clone, Debug)]
pub(super) struct Reached {
    pub(super) connection: Connection,
    pub(super) read: Vec<ConsultationId>,
}

/// Whether a frame is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It is.
    In(Connection),
    /// There is no such connection.
    Unknown,
    /// Too many frames this minute; so many were refused.
    TooMany(Connection, i64),
    /// It says that somebody types, which was said just now.
    SaidJustNow,
}

/// The table of connections, which is that of consultations.
#[derive(Clone, Debug)]
pub struct ConnectionStore {
    table: Table,
}

fn key(id: &ConnectionId) -> Key {
    Key::new(format!("CONN#{}", id.as_str()), "CONN")
}

fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

fn place(user: &UserId, id: &ConnectionId) -> Key {
    Key::new(user_partition(user), format!("CONN#{}", id.as_str()))
}

fn minute_of(now: Timestamp) -> i64 {
    now.millis().div_euclid(MINUTE)
}

/// When the next minute begins.
pub(super) fn until_next_minute(now: Timestamp) -> Duration {
    let left = MINUTE - now.millis().rem_euclid(MINUTE);
    Duration::from_millis(u64::try_from(left).unwrap_or_default())
}

impl ConnectionStore {
    /// In the table of consultations.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Registers a connection with `spend`, which takes its ticket: both or neither; whether the ticket was there to be taken.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn register(&self, new: &Connection, spend: Write) -> Result<bool> {
        let expires_at = new.opened.plus(KEPT).seconds();
        let record = Record {
            connection: new.clone(),
            minute: minute_of(new.opened),
            frames: 0,
            refused: 0,
            typed_at: 0,
            expires_at,
        };
        let found = Place { connection: new.clone(), read: Vec::new(), expires_at };
        let writes = vec![
            spend,
            self.table.create(to_item(&key(&new.id), record)?)?,
            self.table.create(to_item(&place(&new.user, &new.id), found)?)?,
        ];
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }

    /// Counts a frame and says when it came. The limits are conditions on the item, so they hold however many instances a flood is
    /// spread over. The first frame of a minute takes a second try.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn count(&self, id: &ConnectionId, types: bool, now: Timestamp) -> Result<Counted> {
        let mut minute = minute_of(now);
        let mut known: Option<i64> = None;
        for _ in 0..4 {
            let update = match known {
                Some(before) => self.first_of(id, before, minute, types, now)?,
                None => self.another_of(id, minute, types, now)?,
            };
            let record: Record = match update_returning(self.table.client(), update).await? {
                Updated::Done(item) => return Ok(Counted::In(from_item::<Record>(item)?.connection)),
                Updated::Refused(Some(item)) if is_whole(&item) => from_item(item)?,
                Updated::Refused(_) => return Ok(Counted::Unknown),
            };
            if types && record.typed_at > typed_before(now) {
                return Ok(Counted::SaidJustNow);
            }
            // An instance whose clock is behind counts in the minute that is counted.
            minute = minute.max(record.minute);
            if record.minute == minute && record.frames >= FRAMES_A_MINUTE {
                if types {
                    return Ok(Counted::SaidJustNow);
                }
                return self.refuse(record.connection).await;
            }
            known = (record.minute < minute).then_some(record.minute);
        }
        Ok(Counted::Unknown)
    }

    /// One more frame of the minute that is counted.
    fn another_of(&self, id: &ConnectionId, minute: i64, types: bool, now: Timestamp) -> Result<Write> {
        let condition = Expression::new(format!("#minute = :minute AND frames < :most{}", also_not_typed(types)))
            .name("#minute", "minute")
            .value(":minute", n(minute))
            .value(":most", n(FRAMES_A_MINUTE))
            .value(":one", n(1))
            .value(":seen", s(now));
        let sets = format!("SET frames = frames + :one, seen_at = :seen{}", and_typed(types));
        self.table.update(&key(id), &sets, typed(condition, types, now))
    }

    /// The first frame of another minute.
    fn first_of(&self, id: &ConnectionId, before: i64, minute: i64, types: bool, now: Timestamp) -> Result<Write> {
        let condition = Expression::new(format!("#minute = :before{}", also_not_typed(types)))
            .name("#minute", "minute")
            .value(":before", n(before))
            .value(":minute", n(minute))
            .value(":one", n(1))
            .value(":none", n(0))
            .value(":seen", s(now));
        let sets =
            format!("SET #minute = :minute, frames = :one, refused = :none, seen_at = :seen{}", and_typed(types));
        self.table.update(&key(id), &sets, typed(condition, types, now))
    }

    async fn refuse(&self, connection: Connection) -> Result<Counted> {
        let there = Expression::new("attribute_exists(pk)").value(":one", n(1));
        let update = self.table.update(&key(&connection.id), "SET refused = refused + :one", there)?;
        match update_returning(self.table.client(), update).await? {
            Updated::Done(item) => Ok(Counted::TooMany(connection, from_item::<Record>(item)?.refused)),
            Updated::Refused(_) => Ok(Counted::Unknown),
        }
    }

    /// Says that a connection was heard of, where others look for it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn stamp(&self, connection: &Connection, now: Timestamp) -> Result<()> {
        let there = Expression::new("attribute_exists(pk)").value(":seen", s(now));
        let place = place(&connection.user, &connection.id);
        write(self.table.client(), self.table.update(&place, "SET seen_at = :seen", there)?).await.map(|_| ())
    }

    /// The connections of a person, of all that were registered before this was asked.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn of(&self, user: &UserId) -> Result<Vec<Reached>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :conn)")
            .expression_attribute_values(":pk", s(user_partition(user)))
            .expression_attribute_values(":conn", s("CONN#"))
            .send()
            .await
            .map_err(failure)?;
        let reached = |item| {
            let Place { connection, read, .. } = from_item(item)?;
            Ok(Reached { connection, read })
        };
        answer.items.unwrap_or_default().into_iter().map(reached).collect()
    }

    /// Notes that a connection is about to be sent something of a consultation for the first time, together with `trail`; whether
    /// it may be sent that: both are written, or were before.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn note_reading(&self, connection: &Connection, of: ConsultationId, trail: Write) -> Result<bool> {
        let first = Expression::new("attribute_exists(pk) AND NOT contains(#read, :this)")
            .name("#read", "read")
            .value(":this", s(of))
            .value(":these", crate::platform::dynamo::value(vec![of])?)
            .value(":none", crate::platform::dynamo::value(Vec::<ConsultationId>::new())?);
        let place = place(&connection.user, &connection.id);
        let update =
            self.table.update(&place, "SET #read = list_append(if_not_exists(#read, :none), :these)", first)?;
        Ok(match transact(self.table.client(), vec![update, trail]).await? {
            Outcome::Done => true,
            Outcome::Refused(refusals) => {
                let current = refusals.into_iter().find(|refusal| refusal.index == 0).and_then(|one| one.current);
                current.map(from_item::<Place>).transpose()?.is_some_and(|place| place.read.contains(&of))
            }
        })
    }

    /// A connection by its id, as it was registered.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn find(&self, id: &ConnectionId) -> Result<Option<Connection>> {
        let item = self.table.get_latest(&key(id)).await?.filter(is_whole);
        Ok(item.map(from_item::<Record>).transpose()?.map(|record| record.connection))
    }

    /// Forgets a connection; one that is gone is forgotten already, and another that has the same id since is not this one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn forget(&self, connection: &Connection) -> Result<()> {
        let same =
            || Expression::new("attribute_not_exists(pk) OR opened = :opened").value(":opened", s(connection.opened));
        let writes = vec![
            self.table.delete(&key(&connection.id), same())?,
            self.table.delete(&place(&connection.user, &connection.id), same())?,
        ];
        transact(self.table.client(), writes).await.map(|_| ())
    }

    /// Forgets all connections of a person.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget_all(&self, user: &UserId) -> Result<()> {
        for reached in self.of(user).await? {
            self.forget(&reached.connection).await?;
        }
        Ok(())
    }
}

/// An item of which an update has made something, after it was deleted, is none.
fn is_whole(item: &Item) -> bool {
    item.contains_key("session")
}

fn typed_before(now: Timestamp) -> i64 {
    now.minus(TYPING_EVERY).millis()
}

const fn also_not_typed(types: bool) -> &'static str {
    if types { " AND typed_at <= :typed_before" } else { "" }
}

const fn and_typed(types: bool) -> &'static str {
    if types { ", typed_at = :typed" } else { "" }
}

fn typed(condition: Expression, types: bool, now: Timestamp) -> Expression {
    if types {
        condition.value(":typed_before", n(typed_before(now))).value(":typed", n(now.millis()))
    } else {
        condition
    }
}
