//! Counters, and what things were counted for, in DynamoDB: beside the orders, in their table.
//!
//! - `REPORT#<book>#<0…7>` / `<day>#<part>`: a counter. Each thing is counted in one of eight, by its id, so that no item and no
//!   partition has all writes of a day; whoever reads adds the eight up.
//! - `COUNTED#<id>` / `COUNTED`: what an order or a prescription was counted for, and at which version.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::cell::{Book, Cell, Measures, add};
use super::counted::{Counted, Step};
use super::subject::Subject;
use crate::platform::clock::Date;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, to_item, transact, write,
};
use crate::platform::error::{Error, Result};

/// Over how many counters a day of a book is spread.
const SHARDS: u8 = 8;

/// The counters.
#[derive(Clone, Debug)]
pub struct ReportStore {
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct CountedRecord {
    revision: u64,
    scheme: u64,
    version: u64,
    cells: BTreeMap<String, Measures>,
}

fn counted_key(subject: Subject) -> Key {
    Key::new(format!("COUNTED#{subject}"), "COUNTED")
}

fn partition(book: &Book, shard: u8) -> String {
    format!("REPORT#{book}#{shard}")
}

impl ReportStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// What a thing was counted for, as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn counted(&self, subject: Subject) -> Result<Counted> {
        let Some(item) = self.table.get_latest(&counted_key(subject)).await? else { return Ok(Counted::default()) };
        let record: CountedRecord = from_item(item)?;
        let cell = |(name, measures): (String, Measures)| {
            Cell::parse(&name).map(|cell| (cell, measures)).ok_or_else(|| Error::internal("a cell of no report"))
        };
        Ok(Counted {
            revision: record.revision,
            scheme: record.scheme,
            version: record.version,
            cells: record.cells.into_iter().map(cell).collect::<Result<_>>()?,
        })
    }

    /// Takes a step from what a thing was counted for, as it was read, and changes the counters by it: both or neither. Whether
    /// nobody else was first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn take(&self, subject: Subject, read: &Counted, step: &Step) -> Result<bool> {
        let note = self.note(subject, read, &step.next)?;
        let outcome = if step.changes.is_empty() {
            write(self.table.client(), note).await?
        } else {
            let mut writes = vec![note];
            for (cell, changes) in &step.changes {
                writes.push(self.change(subject, cell, changes)?);
            }
            transact(self.table.client(), writes).await?
        };
        Ok(matches!(outcome, Outcome::Done))
    }

    fn note(&self, subject: Subject, read: &Counted, next: &Counted) -> Result<Write> {
        let record = CountedRecord {
            revision: next.revision,
            scheme: next.scheme,
            version: next.version,
            cells: next.cells.iter().map(|(cell, measures)| (cell.to_string(), measures.clone())).collect(),
        };
        let unchanged = match read.revision {
            0 => Expression::new("attribute_not_exists(pk)"),
            revision => Expression::new("revision = :read").value(":read", AttributeValue::N(revision.to_string())),
        };
        self.table.replace(to_item(&counted_key(subject), record)?, unchanged)
    }

    fn change(&self, subject: Subject, cell: &Cell, changes: &Measures) -> Result<Write> {
        let key = Key::new(partition(&cell.book, subject.shard(SHARDS)), format!("{}#{}", cell.day, cell.part));
        // A counter may be there or not: adding makes it.
        let mut expression = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        let mut parts = Vec::new();
        for (place, (name, by)) in changes.iter().enumerate() {
            expression = expression.name(&format!("#m{place}"), name).value(&format!(":m{place}"), n(*by));
            parts.push(format!("#m{place} :m{place}"));
        }
        self.table.update(&key, &format!("ADD {}", parts.join(", ")), expression)
    }

    /// The counters of a book from one day to another, each added up over its shards; a day on which nothing was counted is absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn cells(&self, book: &Book, from: Date, to: Date) -> Result<BTreeMap<(Date, String), Measures>> {
        let shards = (0..SHARDS).map(|shard| self.cells_in(partition(book, shard), from, to));
        let mut sums = BTreeMap::<(Date, String), Measures>::new();
        for (place, measures) in try_join_all(shards).await?.into_iter().flatten() {
            add(sums.entry(place).or_default(), &measures);
        }
        sums.retain(|_, measures| !measures.is_empty());
        Ok(sums)
    }

    async fn cells_in(&self, partition: String, from: Date, to: Date) -> Result<Vec<((Date, String), Measures)>> {
        let query = self.table.client().query().table_name(self.table.name());
        // `~` comes after `#` and every letter: all of the last day are in.
        let mut pages = query
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(partition))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":to", s(format!("{to}~")))
            .into_paginator()
            .items()
            .send();
        let mut cells = Vec::new();
        while let Some(item) = pages.next().await {
            cells.push(cell_of(&item.map_err(failure)?)?);
        }
        Ok(cells)
    }
}

fn cell_of(item: &Item) -> Result<((Date, String), Measures)> {
    let unknown = || Error::internal("a counter that nobody keeps");
    let key = Key::of(item).ok_or_else(unknown)?;
    let (day, part) = key.sk.split_once('#').ok_or_else(unknown)?;
    let day = Date::parse(day).map_err(Error::internal)?;
    let mut measures = Measures::new();
    for (name, value) in item {
        if let Ok(number) = value.as_n() {
            measures.insert(name.clone(), number.parse().map_err(Error::internal)?);
        }
    }
    Ok(((day, part.to_owned()), measures))
}
