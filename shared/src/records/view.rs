//! Records as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::details::{Details, RecordDetails};
use super::file::{FileView, RecordFile};
use super::flag::Flag;
use super::kind::Kind;
use super::record::{Part, Record};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{PatientId, RecordId, UserId};

/// A record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct RecordView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RecordId,
    /// About whom.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// Of which kind.
    pub category: Kind,
    /// What it says; which fields there are depends on the kind.
    #[serde(flatten)]
    pub details: RecordDetails,
    /// How a result of a laboratory stands; of labs alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// In which part it was written first.
    pub author: Part,
    /// Who has written it first, where they are a clinician.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub author_id: Option<UserId>,
    /// In which part this version was written.
    pub changed_by: Part,
    /// Whether it came from another system.
    pub imported: bool,
    /// What the owner notes beside it.
    pub comment: Option<String>,
    /// What hangs on it.
    pub files: Vec<FileView>,
    /// When it was written first.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// When this version was written.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it was taken away; among the versions alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub removed_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: u64,
}

impl RecordView {
    /// Of a record, without links to its files.
    pub fn of(record: Record) -> Self {
        let files = record.files.iter().map(RecordFile::view).collect();
        Self::with_files(record, files)
    }

    /// Of a record with its files.
    pub fn with_files(record: Record, files: Vec<FileView>) -> Self {
        let flag = match &record.details {
            Details::Labs(lab) => Some(Flag::of(lab)),
            _ => None,
        };
        Self {
            id: record.id,
            patient_id: record.patient,
            category: record.kind(),
            flag,
            author: record.author.part,
            author_id: (record.author.part != Part::Owner).then_some(record.author.user),
            changed_by: record.changed_by.part,
            imported: record.imported_as.is_some(),
            comment: record.comment,
            files,
            recorded_at: record.recorded_at,
            updated_at: record.updated_at,
            removed_at: record.removed_at,
            version: record.version,
            details: record.details.into(),
        }
    }
}
