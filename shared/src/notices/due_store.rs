//! What waits for its time: `USER#<user>` / `DUE#<event>#<kind>#<way>`, with the index `by_due` (keys alone): `DUE#<0…3>` /
//! `<time>#<user>#<event>…`. There is no schedule for each person elsewhere: what waits can be shown, erased and restored.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::notice::{Addressee, Channel, Notice};
use super::store::{NoticeStore, partition, text};
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, failure, from_item, s, to_item, write};
use crate::platform::error::{Error, Result};

/// Over how many partitions of the index what waits is spread.
const SHARDS: u8 = 4;

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// What is told then.
    pub(super) notice: Notice,
    due_shard: String,
    due_at: String,
}

impl Waiting {
    fn new(notice: Notice, at: Timestamp) -> Result<(Key, Self)> {
        let Addressee::Person(person) = &notice.to else {
            return Err(Error::internal("what waits is for one person"));
        };
        let way = notice.only.map_or("later", Channel::as_str);
        let key = Key::new(partition(person), format!("DUE#{}#{way}", notice.key()));
        let digest = crypto::keyed_hash(b"due", format!("{}\0{}", key.pk, key.sk).as_bytes());
        let shard = digest.first().map_or(0, |byte| byte % SHARDS);
        let due_shard = format!("DUE#{shard}");
        Ok((key, Self { notice, due_shard, due_at: due_at(at, &digest) }))
    }
}

fn due_at(at: Timestamp, digest: &[u8]) -> String {
    use base64::Engine;
    let end = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default());
    format!("{at}#{end}")
}

impl NoticeStore {
    /// Lets a notice wait until `at`; one that waits already stays as it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn wait(&self, notice: &Notice, at: Timestamp) -> Result<()> {
        let (key, waiting) = Waiting::new(notice.clone(), at)?;
        let create = self.table.create(to_item(&key, waiting)?)?;
        write(self.table.client(), create).await.map(|_| ())
    }

    /// Lets a notice wait until `at`, also where it waits already for an earlier time.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn hold(&self, notice: &Notice, at: Timestamp) -> Result<()> {
        let (key, waiting) = Waiting::new(notice.clone(), at)?;
        let Outcome::Refused(refusals) =
            write(self.table.client(), self.table.create(to_item(&key, &waiting)?)?).await?
        else {
            return Ok(());
        };
        let there = refusals.into_iter().find_map(|refusal| refusal.current);
        match there.map(from_item::<Waiting>).transpose()? {
            Some(there) if there.due_at < waiting.due_at => self.wait_longer(&key, &there, at).await,
            _ => Ok(()),
        }
    }

    /// Forgets what waited at `key`, unless it waits for another time since it was read.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn done_waiting(&self, key: &Key, waiting: &Waiting) -> Result<()> {
        let as_read = Expression::new("due_at = :was").value(":was", s(&waiting.due_at));
        write(self.table.client(), self.table.delete(key, as_read)?).await.map(|_: Outcome| ())
    }

    /// Lets what waits at `key` wait longer.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn wait_longer(&self, key: &Key, waiting: &Waiting, at: Timestamp) -> Result<()> {
        let end = waiting.due_at.rsplit('#').next().unwrap_or_default();
        let as_read = Expression::new("due_at = :was")
            .value(":was", s(&waiting.due_at))
            .value(":at", AttributeValue::S(format!("{at}#{end}")));
        let update = self.table.update(key, "SET due_at = :at", as_read)?;
        write(self.table.client(), update).await.map(|_: Outcome| ())
    }

    /// Up to `limit` keys in each partition of the index of what is due at `now`, the longest due first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn due(&self, now: Timestamp, limit: i32) -> Result<Vec<Key>> {
        let shards = (0..SHARDS).map(|shard| async move {
            let query = self.table.client().query().table_name(self.table.name()).index_name("by_due");
            let answer = query
                .key_condition_expression("due_shard = :shard AND due_at < :now")
                .expression_attribute_values(":shard", s(format!("DUE#{shard}")))
                // `~` comes after `#`: all of this millisecond are in.
                .expression_attribute_values(":now", s(format!("{now}~")))
                .limit(limit)
                .send()
                .await
                .map_err(failure)?;
            let items = answer.items.unwrap_or_default();
            let keyed = items.iter().filter_map(|item| Some((text(item, "due_at")?.to_owned(), Key::of(item)?)));
            Ok::<_, Error>(keyed.collect::<Vec<_>>())
        });
        let mut due: Vec<_> = try_join_all(shards).await?.into_iter().flatten().collect();
        due.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(due.into_iter().map(|(_, key)| key).collect())
    }

    /// What waits at `key`, as it is now.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn waiting(&self, key: &Key) -> Result<Option<Waiting>> {
        self.table.get_latest(key).await?.map(from_item).transpose()
    }
}
