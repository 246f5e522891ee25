//! An import: what was announced, how far it has come, and how it ended. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::Brought;
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ImportId, UserId};
use crate::platform::wording;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;
/// Where uploads arrive, and the notes by which a run hands over to the next.
const INCOMING: &str = "incoming/imports/";

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Products, as CSV.
    Products,
    /// Lots and how many units of them have come in, as CSV.
    Stock,
    /// The products of Drugs@FDA: a zip of the published tables.
    Drugsfda,
}

impl ImportKind {
    const ALL: [Self; 3] = [Self::Products, Self::Stock, Self::Drugsfda];

    /// As requests name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Stock => "stock",
            Self::Drugsfda => "drugsfda",
        }
    }

    /// What its file is.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Products | Self::Stock => "text/csv",
            Self::Drugsfda => "application/zip",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// There is no such kind.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::field::one_of("products, stock, drugsfda")))
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Announced.
    AwaitingUpload,
    /// Its rows are being read.
    Running,
    /// Every row was read; the report says what became of them.
    Finished,
    /// Its file cannot be read as what it was announced as. Where it says `file_changed` or `file_gone`, rows were read before.
    Failed,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportRows)]
pub struct Rows {
    /// How many were read: as many as the four below.
    pub read: u64,
    /// Created something.
    pub created: u64,
    /// Changed something.
    pub updated: u64,
    /// Said what was so already.
    pub unchanged: u64,
    /// Were refused; the report says why.
    pub refused: u64,
    /// Were passed over: of Drugs@FDA, products that are not marketed.
    pub skipped: u64,
}

impl Rows {
    /// With one more that came to this; `None` is one that was refused.
    pub fn count(&mut self, outcome: Option<Brought>) {
        self.read += 1;
        let counted = match outcome {
            Some(Brought::Created) => &mut self.created,
            Some(Brought::Updated) => &mut self.updated,
            Some(Brought::Unchanged) => &mut self.unchanged,
            None => &mut self.refused,
        };
        *counted += 1;
    }
}

/// Why a file cannot be read, or a row not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// In which line of the file the row begins; zero where it is about the file.
    pub line: u64,
    /// The column; empty where it is about the row.
    pub column: String,
    /// The stable code.
    pub code: String,
    /// A sentence for a person.
    pub message: String,
    /// What the row calls itself.
    pub key: String,
}

impl Refusal {
    /// Of a whole file.
    pub fn of_file(code: &str, column: &str, message: impl Into<String>) -> Self {
        let (code, column) = (code.to_owned(), column.to_owned());
        Self { line: 0, column, code, message: message.into(), key: String::new() }
    }
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// What the rows are.
    pub kind: ImportKind,
    /// Whether it only tells what would come of it.
    pub dry_run: bool,
    /// How far it has come.
    pub status: ImportStatus,
    /// Who has begun it, on whose behalf the rows are written.
    pub by: UserId,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// When its rows began to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// SHA-256 of the file that is being read: another under the same key is not gone on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How many rows are done: where the next run goes on.
    pub done: u64,
    /// What became of them.
    pub rows: Rows,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Refusal>,
    /// Grows by one with every change.
    pub version: u64,
}

impl Import {
    /// One that is announced.
    pub fn announced(id: ImportId, kind: ImportKind, dry_run: bool, by: UserId, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            dry_run,
            status: ImportStatus::AwaitingUpload,
            by,
            announced_at: now,
            started_at: None,
            finished_at: None,
            sha256: None,
            done: 0,
            rows: Rows::default(),
            failed: None,
            version: 1,
        }
    }

    /// Whether it has ended, one way or the other.
    pub const fn is_over(&self) -> bool {
        matches!(self.status, ImportStatus::Finished | ImportStatus::Failed)
    }

    /// Once the file with this digest is being read, of which so many rows are passed over.
    #[must_use]
    pub fn begun(&self, sha256: &str, skipped: u64, now: Timestamp) -> Self {
        let started_at = self.started_at.or(Some(now));
        let rows = Rows { skipped, ..self.rows };
        Self { status: ImportStatus::Running, sha256: Some(sha256.to_owned()), started_at, rows, ..self.clone() }
    }

    /// Once so many more rows are done.
    #[must_use]
    pub fn further(&self, outcomes: &[Option<Brought>]) -> Self {
        let mut rows = self.rows;
        outcomes.iter().for_each(|outcome| rows.count(*outcome));
        let more = u64::try_from(outcomes.len()).unwrap_or(u64::MAX);
        Self { rows, done: self.done.saturating_add(more), ..self.clone() }
    }

    /// Once it has ended.
    #[must_use]
    pub fn ended(&self, failed: Option<Refusal>, now: Timestamp) -> Self {
        let status = if failed.is_some() { ImportStatus::Failed } else { ImportStatus::Finished };
        let started_at = self.started_at.or(Some(now));
        Self { status, failed, started_at, finished_at: Some(now), ..self.clone() }
    }

    /// Where its report lies once it has ended.
    pub fn report_key(&self) -> String {
        format!("clean/imports/{}.csv", self.id)
    }
}

/// What arrives: the file of an import, or the note by which a run hands over to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Of which import.
    pub import: ImportId,
    /// How many rows were done when a run handed over; `None`: it is the file.
    pub handed_over_after: Option<u64>,
}

impl Incoming {
    /// The file of an import.
    pub const fn file(import: ImportId) -> Self {
        Self { import, handed_over_after: None }
    }

    /// The note of a run that ends after so many rows.
    pub const fn note(import: ImportId, done: u64) -> Self {
        Self { import, handed_over_after: Some(done) }
    }

    /// Where it lies.
    pub fn key(&self) -> String {
        match self.handed_over_after {
            None => format!("{INCOMING}{}", self.import),
            Some(done) => format!("{INCOMING}{}/after-{done}", self.import),
        }
    }

    /// What lies under a key.
    pub fn of_key(key: &str) -> Option<Self> {
        let rest = key.strip_prefix(INCOMING)?;
        match rest.split_once("/after-") {
            None => Some(Self::file(ImportId::parse(rest).ok()?)),
            Some((import, done)) => Some(Self::note(ImportId::parse(import).ok()?, done.parse().ok()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import() -> Import {
        let at = Timestamp::from_millis(1_795_168_800_000);
        Import::announced(ImportId::first_at(at), ImportKind::Products, false, UserId::nobody(), at)
    }

    #[test]
    fn every_row_is_counted_once() {
        let outcomes = [Some(Brought::Created), Some(Brought::Updated), Some(Brought::Unchanged), None, None];
        let further = import().begun("digest", 7, Timestamp::from_millis(2)).further(&outcomes).further(&[None]);
        let rows = Rows { read: 6, created: 1, updated: 1, unchanged: 1, refused: 3, skipped: 7 };
        assert_eq!((further.rows, further.done), (rows, 6));
    }

    #[test]
    fn who_goes_on_does_not_begin_anew() {
        let begun = import().begun("digest", 0, Timestamp::from_millis(2));
        let again = begun.begun("digest", 0, Timestamp::from_millis(9));
        assert_eq!((again.started_at, again.status), (Some(Timestamp::from_millis(2)), ImportStatus::Running));
        let ended = again.ended(None, Timestamp::from_millis(10));
        assert!(ended.is_over() && !again.is_over() && ended.status == ImportStatus::Finished);
        let failed = import().ended(Some(Refusal::of_file("no_rows", "", "no rows")), Timestamp::from_millis(3));
        assert_eq!((failed.status, failed.started_at), (ImportStatus::Failed, Some(Timestamp::from_millis(3))));
    }

    #[test]
    fn only_our_own_keys_name_an_import() {
        let id = import().id;
        for place in [Incoming::file(id), Incoming::note(id, 700)] {
            assert_eq!(Incoming::of_key(&place.key()), Some(place));
        }
        let file = Incoming::file(id).key();
        let wrong =
            [String::new(), INCOMING.to_owned(), format!("{file}/x"), format!("{file}/after-x"), format!("{file}x")];
        for wrong in wrong.iter().chain([&import().report_key()]) {
            assert_eq!(Incoming::of_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_kind_is_read_by_its_name() {
        for kind in ImportKind::ALL {
            assert_eq!(ImportKind::parse(kind.as_str()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!(ImportKind::parse("people").unwrap_err().code, "unknown_value");
    }
}
