//! Imports as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::import::{Import, ImportKind, ImportStatus, Refusal, Rows};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ImportId, UserId};
use crate::platform::objects::Upload;

/// An announced import, and how to upload its file.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedImport {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// How to upload it.
    pub upload: Upload,
}

/// Why the file of an import cannot be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFailure {
    /// `not_utf8`, `not_text`, `unreadable`, `unknown_column`, `duplicate_column`, `missing_column`, `no_rows`,
    /// `too_many_rows`, `not_a_zip`, `unsafe_zip`, `missing_table`, `too_large`, `file_changed` or `file_gone`.
    #[schema(value_type = String, pattern = "^(not_utf8|not_text|unreadable|unknown_column|duplicate_column|missing_column|no_rows|too_many_rows|not_a_zip|unsafe_zip|missing_table|too_large|file_changed|file_gone)$")]
    code: String,
    /// Which column or table, where it is about one.
    column: Option<String>,
    /// A sentence for a person.
    message: String,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportView {
    /// Its id.
    #[schema(value_type = String)]
    id: ImportId,
    /// What the rows are.
    kind: ImportKind,
    /// How far it has come.
    status: ImportStatus,
    /// Whether it only tells what would come of it.
    dry_run: bool,
    /// What became of its rows so far.
    rows: Rows,
    /// Who has begun it.
    #[schema(value_type = String)]
    started_by: UserId,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    announced_at: Timestamp,
    /// When its rows began to be read.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Why its file cannot be read, where it cannot.
    failed: Option<ImportFailure>,
    /// The report, for a minute; once it has ended. Lists do not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_url: Option<String>,
    /// Until when `report_url` is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub report_url_expires_at: Option<Timestamp>,
}

impl From<Refusal> for ImportFailure {
    fn from(refusal: Refusal) -> Self {
        let column = Some(refusal.column).filter(|column| !column.is_empty());
        Self { code: refusal.code, column, message: refusal.message }
    }
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        Self {
            id: import.id,
            kind: import.kind,
            status: import.status,
            dry_run: import.dry_run,
            rows: import.rows,
            started_by: import.by,
            announced_at: import.announced_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
            failed: import.failed.map(Into::into),
            report_url: None,
            report_url_expires_at: None,
        }
    }
}
