//! Reading the trail, newest first, by whichever key is the narrowest.

use std::cmp::Reverse;
use std::time::Duration;

use futures_util::future::try_join_all;
use ulid::Ulid;

use super::entry::Entry;
use super::search::{AuditSearch, Way};
use super::store::{Audit, SHARDS, action_partition, day_partition};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, failure, from_item, s};
use crate::platform::error::{Error, Result};
use crate::platform::ids::AuditId;

/// How many entries are read at once where a filter will drop some.
const FILTERED_BATCH: usize = 100;
/// How many such batches one page may read. What is left comes with the next page.
const MOST_BATCHES: usize = 5;
/// How many days one page may look at; each is a query of every part.
const MOST_DAYS: usize = 7;

const DAY: Duration = Duration::from_hours(24);

/// Where in the trail: one partition of the table or of an index.
struct Partition {
    index: Option<&'static str>,
    attribute: &'static str,
    value: String,
}

/// Ids from and to, both included.
struct Range {
    low: String,
    high: String,
}

struct Batch {
    entries: Vec<Entry>,
    /// The last entry that was looked at, where there are more behind it.
    last: Option<AuditId>,
}

/// A page, and the position it ends at, where more may come.
pub(super) type Found = (Vec<Entry>, Option<AuditId>);

fn id(at: Timestamp, random: u128) -> String {
    format!("{}{}", AuditId::PREFIX, Ulid::from_parts(at.millis().max(0).unsigned_abs(), random))
}

/// The id before this one.
fn before(id: AuditId) -> String {
    format!("{}{}", AuditId::PREFIX, Ulid(id.ulid().0.saturating_sub(1)))
}

impl Audit {
    /// What a search finds, newest first, from the position `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn read(&self, search: &AuditSearch, after: Option<AuditId>, limit: usize) -> Result<Found> {
        let (from, to) = search.range();
        let range = Range { low: id(from, 0), high: after.map_or_else(|| id(to, u128::MAX), before) };
        let one = |index, attribute, value: &dyn ToString| Partition {
            index: Some(index),
            attribute,
            value: value.to_string(),
        };
        match search.way() {
            Way::Subject(subject) => self.read_one(one("by_subject", "subject", subject), search, range, limit).await,
            Way::Actor(actor) => self.read_one(one("by_actor", "actor", actor), search, range, limit).await,
            Way::Action(action) => {
                let parts = (0..SHARDS).map(|shard| one("by_action", "action_key", &action_partition(action, shard)));
                Ok(cut(self.read_parts(parts.collect(), search, &range, limit).await?, limit))
            }
            Way::Days => self.read_days(search, after, range, limit).await,
        }
    }

    async fn read_one(&self, of: Partition, search: &AuditSearch, mut range: Range, limit: usize) -> Result<Found> {
        let filtered = search.not_by.is_some() || search.filters() != (None, None);
        // One more than asked for tells whether there is more.
        let size = if filtered { FILTERED_BATCH } else { limit.saturating_add(1) };
        let (mut found, mut position) = (Vec::new(), None);
        for _ in 0..MOST_BATCHES {
            let batch = self.query(&of, search, &range, size).await?;
            found.extend(batch.entries);
            if found.len() > limit {
                return Ok(cut(found, limit));
            }
            let Some(last) = batch.last else { return Ok((found, None)) };
            range.high = before(last);
            position = Some(last);
        }
        Ok((found, position))
    }

    async fn read_parts(
        &self,
        parts: Vec<Partition>,
        search: &AuditSearch,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let queries = parts.iter().map(|part| self.query(part, search, range, limit.saturating_add(1)));
        let mut entries: Vec<_> = try_join_all(queries).await?.into_iter().flat_map(|batch| batch.entries).collect();
        entries.sort_by_key(|entry| Reverse(entry.id));
        Ok(entries)
    }

    async fn read_days(
        &self,
        search: &AuditSearch,
        after: Option<AuditId>,
        range: Range,
        limit: usize,
    ) -> Result<Found> {
        let (from, to) = search.range();
        let mut at = after.map_or(to, time_of).min(to);
        let mut found = Vec::new();
        for _ in 0..MOST_DAYS {
            let day = at.date();
            let part = |shard| Partition { index: None, attribute: "pk", value: day_partition(day, shard) };
            found.extend(self.read_parts((0..SHARDS).map(part).collect(), search, &range, limit).await?);
            if found.len() > limit {
                return Ok(cut(found, limit));
            }
            if day <= from.date() {
                return Ok((found, None));
            }
            at = at.minus(DAY);
        }
        // All of the day after `at` has been read.
        let position = AuditId::parse(&id(start_of_next_day(at), 0)).map_err(Error::internal)?;
        Ok((found, Some(position)))
    }

    async fn query(&self, of: &Partition, search: &AuditSearch, range: &Range, limit: usize) -> Result<Batch> {
        let mut query = self
            .table
            .client()
            .query()
            .table_name(self.table.name())
            .set_index_name(of.index.map(str::to_owned))
            .key_condition_expression("#pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_names("#pk", of.attribute)
            .expression_attribute_values(":pk", s(&of.value))
            .expression_attribute_values(":low", s(&range.low))
            .expression_attribute_values(":high", s(&range.high))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).map_err(Error::internal)?);
        if range.low > range.high {
            return Ok(Batch { entries: Vec::new(), last: None });
        }
        let mut filters = Vec::new();
        let (actor, action) = search.filters();
        if let Some(actor) = actor {
            filters.push("#actor = :actor");
            query = query.expression_attribute_names("#actor", "actor").expression_attribute_values(":actor", s(actor));
        }
        if let Some(not_by) = &search.not_by {
            filters.push("(attribute_not_exists(#by) OR #by <> :not_by)");
            query = query.expression_attribute_names("#by", "actor").expression_attribute_values(":not_by", s(not_by));
        }
        if let Some(action) = action {
            filters.push("#action = :action");
            query = query.expression_attribute_names("#action", "action");
            query = query.expression_attribute_values(":action", s(action));
        }
        let filter = (!filters.is_empty()).then(|| filters.join(" AND "));
        let answer = query.set_filter_expression(filter).send().await.map_err(failure)?;
        let last = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| AuditId::parse(&key.sk));
        Ok(Batch {
            entries: answer.items.unwrap_or_default().into_iter().map(from_item).collect::<Result<_>>()?,
            last: last.transpose().map_err(Error::internal)?,
        })
    }
}

/// The first `limit`, and where they end if there are more.
fn cut(mut found: Vec<Entry>, limit: usize) -> Found {
    let more = found.len() > limit;
    found.truncate(limit);
    let position = found.last().filter(|_| more).map(|entry| entry.id);
    (found, position)
}

fn time_of(id: AuditId) -> Timestamp {
    Timestamp::from_millis(i64::try_from(id.ulid().timestamp_ms()).unwrap_or(i64::MAX))
}

fn start_of_next_day(at: Timestamp) -> Timestamp {
    let day = i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.millis().div_euclid(day).saturating_add(1).saturating_mul(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_was_read_ends_where_the_next_begins() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(start_of_next_day(at("2026-11-20T10:00:00Z")), at("2026-11-21T00:00:00Z"));
        assert_eq!(start_of_next_day(at("2026-11-20T00:00:00Z")), at("2026-11-21T00:00:00Z"));
        let id = AuditId::parse(&id(at("2026-11-21T00:00:00Z"), 0)).unwrap();
        assert!(before(id).as_str() < id.to_string().as_str());
        assert_eq!(time_of(id), at("2026-11-21T00:00:00Z"));
    }
}
