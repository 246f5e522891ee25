//! Watches in the table of notices:
//!
//! - `USER#<user>` / `WATCHES`: all that a person watches.
//! - `WATCHED#<product>` / `USER#<user>`: that they watch it, and on which terms; written with the former, for who asks by product.

use serde::{Deserialize, Serialize};

use super::book::WatchBook;
use super::watch::Terms;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, failure, from_item, n, s, to_item, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ProductId, UserId};

/// How many of a product's watchers are read at once.
const PAGE: i32 = 500;
/// How many items are deleted in one transaction, beside the book.
const TOGETHER: usize = 90;

/// The watches.
#[derive(Clone, Debug)]
pub struct WatchStore {
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct Watcher {
    user: UserId,
    #[serde(flatten)]
    terms: Terms,
}

/// Some who watch a product.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) watchers: Vec<(UserId, Terms)>,
    /// The last of them, where there may be more.
    pub(super) next: Option<Key>,
}

fn book_key(user: &UserId) -> Key {
    Key::new(format!("USER#{user}"), "WATCHES")
}

fn watcher_key(product: ProductId, user: &UserId) -> Key {
    Key::new(format!("WATCHED#{product}"), format!("USER#{user}"))
}

/// A condition that always holds.
fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

/// The condition that nothing was written since a book was read.
fn as_read(book: &WatchBook) -> Expression {
    match i64::try_from(book.version) {
        Ok(0) => Expression::new("attribute_not_exists(pk)"),
        version => Expression::new("version = :read_at").value(":read_at", n(version.unwrap_or(i64::MAX))),
    }
}

impl WatchStore {
    /// In the table of notices.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// What a person watches, as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn book(&self, user: &UserId) -> Result<WatchBook> {
        let item = self.table.get_latest(&book_key(user)).await?;
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Writes `next` in place of the book that was read, with what becomes of one product in it. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn save(&self, user: &UserId, next: &WatchBook, product: ProductId) -> Result<bool> {
        let written = WatchBook { version: next.version + 1, ..next.clone() };
        let key = watcher_key(product, user);
        let watcher = match next.get(product) {
            Some(watch) => {
                let watcher = Watcher { user: user.clone(), terms: watch.terms };
                self.table.replace(to_item(&key, watcher)?, whatever_is_there())?
            }
            None => self.table.delete(&key, whatever_is_there())?,
        };
        let writes = vec![self.table.replace(to_item(&book_key(user), written)?, as_read(next))?, watcher];
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }

    /// Some who watch a product, after `after`, as the last writes left them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn watchers(&self, product: ProductId, after: Option<&Key>) -> Result<Batch> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true).limit(PAGE);
        let answer = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(format!("WATCHED#{product}")))
            .set_exclusive_start_key(after.map(Key::attributes))
            .send()
            .await
            .map_err(failure)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let watchers = answer.items.unwrap_or_default().into_iter().map(from_item::<Watcher>);
        let watchers = watchers.map(|watcher| watcher.map(|one| (one.user, one.terms))).collect::<Result<_>>()?;
        Ok(Batch { watchers, next })
    }

    /// Deletes all that a person watches. The book goes last: as long as it is there, the next run finds the rest.
    ///
    /// # Errors
    /// DynamoDB does not answer, or they have begun to watch something meanwhile.
    pub async fn forget(&self, user: &UserId) -> Result<()> {
        let book = self.book(user).await?;
        if book.version == 0 {
            return Ok(());
        }
        for watches in book.watches.chunks(TOGETHER) {
            let deletes = watches.iter().map(|watch| {
                let key = watcher_key(watch.product_id, user);
                self.table.delete(&key, whatever_is_there())
            });
            transact(self.table.client(), deletes.collect::<Result<_>>()?).await?;
        }
        let delete = self.table.delete(&book_key(user), as_read(&book))?;
        match transact(self.table.client(), vec![delete]).await? {
            Outcome::Done => Ok(()),
            Outcome::Refused(_) => Err(Error::busy()),
        }
    }
}
