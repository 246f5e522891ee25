//! The worker's use-case: takes the rows of a file in, a hundred at a time.
//!
//! - It runs twice: a row that says what is so already changes nothing, and what has ended is not begun again.
//! - It runs twice at once: both may do the same rows, of which each is written once; the version of the import lets one of
//!   them count, and the other stops.
//! - It dies in the middle: what was counted is done. The rows behind it are done over, and what they wrote bears their mark,
//!   so that they are counted as what they did. The report is written before the import has ended, and the same each time.
//! - Its time runs out: it leaves a note where uploads arrive, and that begins the next run.

use futures_util::future::try_join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;

use super::fda_row::{self, UNSORTED};
use super::import::{Import, ImportKind, Incoming, MAX_BYTES, Refusal};
use super::reading::read;
use super::row::{Entry, Row};
use super::store::ImportStore;
use super::{product_row, report, stock_row};
use crate::audit::{Action, Audit, Entry as Line, Origin, Outcome as Ended};
use crate::catalog::categories::PutCategory;
use crate::catalog::lots::Receiving;
use crate::catalog::{Brought, Categories, Category, CategoryId, Manager, Product, Products, Tree};
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ProductId;
use crate::platform::money::Currency;
use crate::platform::objects::Bucket;
use crate::platform::precondition::Precondition;

/// How many rows are counted together.
const BATCH: usize = 100;
/// How many are written side by side.
const AT_ONCE: usize = 10;
/// How long a run goes on before it hands over: Lambda ends it after fifteen minutes.
pub const PATIENCE: Duration = Duration::from_mins(12);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// There was nothing to do.
    Nothing,
    /// Every row is done, or the file cannot be read.
    Over,
    /// The next run goes on.
    HandedOver,
    /// Another run was quicker, and goes on.
    Overtaken,
}

/// Takes imports in.
#[derive(Clone, Debug)]
pub struct Importing {
    /// Where imports are.
    pub store: ImportStore,
    /// Where their files and reports are.
    pub files: Bucket,
    /// Products.
    pub products: Products,
    /// Lots.
    pub receiving: Receiving,
    /// Categories.
    pub categories: Categories,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// What the pharmacy sells in.
    pub currency: Currency,
    /// How long a run goes on.
    pub patience: Duration,
}

/// What was done of a batch.
struct Done {
    outcomes: Vec<Option<Brought>>,
    refused: Vec<Refusal>,
}

impl Importing {
    /// Does what there is to do about something that has arrived.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer: the event is delivered again.
    pub async fn run(&self, arrived: Incoming) -> Result<Ran> {
        let file = Incoming::file(arrived.import);
        let ran = match self.store.get(arrived.import).await? {
            Some(import) if !import.is_over() => self.go_on(import, &file).await?,
            _ => Ran::Over,
        };
        if ran == Ran::Over {
            self.files.delete(&file.key()).await?;
        }
        if arrived != file {
            self.files.delete(&arrived.key()).await?;
        }
        Ok(ran)
    }

    async fn go_on(&self, import: Import, file: &Incoming) -> Result<Ran> {
        let until = self.clock.now().plus(self.patience);
        let bytes = match self.files.read(&file.key(), MAX_BYTES).await {
            Ok(Some(bytes)) => bytes,
            // Its file has not come, and what came is a note of nobody's.
            Ok(None) if import.sha256.is_none() => return Ok(Ran::Nothing),
            Ok(None) => return self.fail(&import, "file_gone", "the file is gone, with rows that were not read").await,
            Err(error) if error.is_refusal() => return self.fail(&import, "too_large", error.detail().english()).await,
            Err(error) => return Err(error),
        };
        let sha256 = crypto::sha256_hex(&bytes);
        if import.sha256.as_ref().is_some_and(|begun| *begun != sha256) {
            return self.fail(&import, "file_changed", "another file was uploaded while this one was read").await;
        }
        let rows = match read(&bytes, import.kind, import.id, self.currency) {
            Ok(rows) => rows,
            Err(refusal) => return self.end(&import, Some(refusal)).await,
        };
        drop(bytes);
        let begun = import.begun(&sha256, rows.skipped, self.clock.now());
        let Some(mut import) = self.saved(&import, &begun, &[]).await? else { return Ok(Ran::Overtaken) };
        let manager = Manager::Staff(import.by.clone());
        let tree = self.prepared(&import).await?;
        let done = usize::try_from(import.done).unwrap_or(usize::MAX);
        let mut batches = rows.entries.get(done..).unwrap_or_default().chunks(BATCH).peekable();
        while let Some(batch) = batches.next() {
            let Done { outcomes, refused } = self.take(&manager, import.kind, batch, tree.as_ref()).await?;
            let further = import.further(&outcomes);
            match self.saved(&import, &further, &refused).await? {
                Some(saved) => import = saved,
                None => return Ok(Ran::Overtaken),
            }
            if batches.peek().is_some() && self.clock.now() >= until {
                let note = Incoming::note(import.id, import.done);
                self.files.write(&note.key(), b"go on".to_vec(), "text/plain", "private, no-store").await?;
                return Ok(Ran::HandedOver);
            }
        }
        self.end(&import, None).await
    }

    /// Makes the category of what nobody has sorted, where rows will stand in it. The categories, where nothing is to be
    /// written.
    async fn prepared(&self, import: &Import) -> Result<Option<Tree>> {
        let id = CategoryId::parse(UNSORTED).map_err(Error::internal)?;
        let unsorted = PutCategory { name: "Not sorted yet".to_owned(), parent_id: None, position: 999 };
        match (import.kind, import.dry_run) {
            (ImportKind::Drugsfda, false) => {
                let there = self.categories.tree().await?.get(&id).is_some();
                // Others may make it meanwhile, and call it otherwise: then it is theirs.
                let first = Precondition::default();
                if !there {
                    self.categories.put(id, unsorted, &first).await?;
                }
                Ok(None)
            }
            (_, false) => Ok(None),
            (ImportKind::Drugsfda, true) => {
                let PutCategory { name, parent_id, position } = unsorted;
                Ok(Some(std::iter::once(Category { id, name, parent_id, position, version: 1 }).collect()))
            }
            (_, true) => self.categories.tree().await.map(Some),
        }
    }

    /// Takes some rows in, one beside the other.
    async fn take(&self, manager: &Manager, kind: ImportKind, batch: &[Entry], tree: Option<&Tree>) -> Result<Done> {
        let mut found = self.found(batch).await?;
        // New products are counted in their category, often all in the same one: side by side they would refuse each other.
        let creating = Mutex::new(());
        let mut done = Done { outcomes: Vec::with_capacity(batch.len()), refused: Vec::new() };
        for some in batch.chunks(AT_ONCE) {
            let rows: Vec<_> =
                some.iter().map(|entry| (entry, product_of(entry).and_then(|id| found.remove(&id)))).collect();
            let taken = rows
                .into_iter()
                .map(|(entry, product)| self.take_one(manager, kind, entry, product, (tree, &creating)));
            for outcome in try_join_all(taken).await? {
                match outcome {
                    Ok(brought) => done.outcomes.push(Some(brought)),
                    Err(refusals) => {
                        done.outcomes.push(None);
                        done.refused.extend(refusals);
                    }
                }
            }
        }
        Ok(done)
    }

    /// The products that rows of products speak of, as far as they are there.
    async fn found(&self, batch: &[Entry]) -> Result<HashMap<ProductId, Product>> {
        let ids: Vec<_> = batch.iter().filter_map(product_of).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let products = self.products.latest_of(&ids).await?;
        Ok(products.into_iter().map(|product| (product.id, product)).collect())
    }

    /// What became of a row, or why it was refused.
    async fn take_one(
        &self,
        manager: &Manager,
        kind: ImportKind,
        entry: &Entry,
        found: Option<Product>,
        (tree, creating): (Option<&Tree>, &Mutex<()>),
    ) -> Result<std::result::Result<Brought, Vec<Refusal>>> {
        let outcome = match &entry.row {
            Err(refusals) => return Ok(Err(refusals.clone())),
            Ok(Row::Product(row)) if found.is_none() => {
                let _one_at_a_time = creating.lock().await;
                self.products.bring(manager, row, None, tree).await
            }
            Ok(Row::Product(row)) => self.products.bring(manager, row, found, tree).await,
            Ok(Row::Stock(row)) => self.receiving.bring(manager, row.product, &row.lot, row.mark, tree.is_some()).await,
        };
        match outcome {
            Ok(brought) => Ok(Ok(brought)),
            Err(error) if error.is_refusal() => Ok(Err(entry.refusals(&error, column_of(kind)))),
            Err(error) => Err(error),
        }
    }

    async fn saved(&self, read: &Import, next: &Import, refused: &[Refusal]) -> Result<Option<Import>> {
        self.store.save(read, next, refused, (None, self.clock.now())).await
    }

    async fn fail(&self, import: &Import, code: &str, message: &str) -> Result<Ran> {
        self.end(import, Some(Refusal::of_file(code, "", message))).await
    }

    /// Writes the report, then that the import has ended, with its line on the trail.
    async fn end(&self, import: &Import, failed: Option<Refusal>) -> Result<Ran> {
        let mut refused = self.store.refused(import.id).await?;
        refused.extend(failed.clone());
        let report = report::written(&refused);
        self.files.write(&import.report_key(), report, "text/csv; charset=utf-8", "private, no-store").await?;
        let now = self.clock.now();
        let rows = import.rows;
        let detail = match &failed {
            Some(failed) => format!("failed: {}", failed.code),
            None => format!(
                "{} read, {} created, {} updated, {} unchanged, {} refused",
                rows.read, rows.created, rows.updated, rows.unchanged, rows.refused
            ),
        };
        let origin = Origin::new("catalog-import", None);
        let actor = origin.actor(&import.by, &std::collections::BTreeSet::new());
        let entry = Line::new(&origin, Action::FinishImport, Ended::Allowed, import.id, now).by(&actor).detail(detail);
        let trail = self.audit.action(&entry)?;
        let ended = import.ended(failed, now);
        match self.store.save(import, &ended, &[], (Some(trail), now)).await? {
            Some(_) => Ok(Ran::Over),
            None => Ok(Ran::Overtaken),
        }
    }
}

fn product_of(entry: &Entry) -> Option<ProductId> {
    match &entry.row {
        Ok(Row::Product(row)) => Some(row.id),
        Ok(Row::Stock(_)) | Err(_) => None,
    }
}

fn column_of(kind: ImportKind) -> fn(&str) -> String {
    match kind {
        ImportKind::Products => product_row::column_of,
        ImportKind::Stock => stock_row::column_of,
        ImportKind::Drugsfda => fda_row::column_of,
    }
}
