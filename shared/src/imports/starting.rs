//! The use-cases of who imports: announce a file, see what became of it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::import::{Import, ImportKind, Incoming, MAX_BYTES};
use super::store::ImportStore;
use super::view::{ImportView, StartedImport};
use crate::audit::{Action, Actor, Audit, Entry, Outcome as Ended};
use crate::platform::clock::Clock;
use crate::platform::dynamo::Outcome;
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::ImportId;
use crate::platform::objects::{Bucket, UploadRule};
use crate::platform::wording;

/// A file to be imported.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartImportRequest {
    /// What its rows are.
    #[schema(value_type = ImportKind)]
    kind: Field<String>,
    /// `text/csv`; of `drugsfda`, `application/zip`.
    #[schema(value_type = String, pattern = "^(text/csv|application/zip)$", example = "text/csv")]
    content_type: Field<String>,
    /// The size of the file, at most 20 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 20_971_520)]
    size_bytes: Field<u64>,
    /// Whether to write nothing and only tell what would come of it.
    #[schema(value_type = Option<bool>)]
    dry_run: Option<Field<bool>>,
}

/// A file that is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartImport {
    /// What its rows are.
    pub kind: ImportKind,
    /// The most bytes.
    pub size_bytes: u64,
    /// Whether to write nothing.
    pub dry_run: bool,
}

impl TryFrom<StartImportRequest> for StartImport {
    type Error = FieldErrors;

    fn try_from(body: StartImportRequest) -> Result<Self, FieldErrors> {
        let kind = body.kind.parse("kind", |text| ImportKind::parse(&text));
        let expected = kind.as_ref().ok().map(|kind| kind.content_type());
        let (kind, (), size_bytes, dry_run) = all((
            kind,
            body.content_type.parse("content_type", |text| match expected {
                Some(expected) if text != expected => {
                    Err(Invalid::new("unknown_value", wording::field::one_of(expected)))
                }
                _ => Ok(()),
            }),
            body.size_bytes.parse("size_bytes", |size| match size {
                1..=MAX_BYTES => Ok(size),
                _ => Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BYTES))),
            }),
            body.dry_run.optional("dry_run"),
        ))?;
        Ok(Self { kind, size_bytes, dry_run: dry_run.unwrap_or_default() })
    }
}

/// Imports.
#[derive(Clone, Debug)]
pub struct Imports {
    /// Where they are.
    pub store: ImportStore,
    /// Where their files and reports are.
    pub files: Bucket,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Imports {
    /// Announces a file; the answer says how to upload it.
    ///
    /// The form is signed before anything is stored. Each call is an import of its own; one whose file never comes is nobody's
    /// burden. The import and its line on the trail are one transaction.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn start(&self, actor: &Actor, start: StartImport) -> Result<StartedImport> {
        let now = self.clock.now();
        let id = ImportId::generate(now);
        let key = Incoming::file(id).key();
        let rule = UploadRule { key: &key, content_type: start.kind.content_type(), max_bytes: start.size_bytes };
        let upload = self.files.upload_form(rule).await?;
        let import = Import::announced(id, start.kind, start.dry_run, actor.user.clone(), now);
        let dry = if start.dry_run { " dry run" } else { "" };
        let entry = Entry::new(&actor.origin, Action::StartImport, Ended::Allowed, id, now).by(actor);
        let trail = self.audit.action(&entry.detail(format!("{}{dry}", start.kind.as_str())))?;
        match self.store.announce(&import, trail).await? {
            Outcome::Done => Ok(StartedImport { id, upload }),
            Outcome::Refused(_) => Err(Error::internal("a new import was there already")),
        }
    }

    /// An import, with a link to its report once it has ended.
    ///
    /// # Errors
    /// 404 for what does not exist; or DynamoDB does not answer.
    pub async fn get(&self, id: ImportId) -> Result<ImportView> {
        let import = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let report = if import.is_over() {
            Some(self.files.link(&import.report_key(), &format!("{id}.csv")).await?)
        } else {
            None
        };
        let mut view = ImportView::from(import);
        if let Some((url, expires_at)) = report {
            (view.report_url, view.report_url_expires_at) = (Some(url), Some(expires_at));
        }
        Ok(view)
    }

    /// Up to `limit` imports, the latest first, and the id after which more come.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, limit: u16, after: Option<ImportId>) -> Result<(Vec<ImportView>, Option<ImportId>)> {
        let (imports, next) = self.store.page(limit, after).await?;
        Ok((imports.into_iter().map(Into::into).collect(), next))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::fields;

    fn read(body: serde_json::Value) -> Result<StartImport, Vec<(String, &'static str)>> {
        let read = fields::from_json::<StartImportRequest>(body).and_then(TryInto::try_into);
        read.map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
    }

    #[test]
    fn a_file_is_of_the_type_of_its_kind() {
        let body = |kind: &str, sort: &str| json!({"kind": kind, "content_type": sort, "size_bytes": 9});
        assert!(read(body("products", "text/csv")).is_ok() && read(body("drugsfda", "application/zip")).is_ok());
        let wrong = Err(vec![("content_type".to_owned(), "unknown_value")]);
        assert_eq!(read(body("stock", "application/zip")), wrong);
        assert_eq!(read(body("drugsfda", "text/csv")), wrong);
        assert_eq!(read(body("people", "text/csv")), Err(vec![("kind".to_owned(), "unknown_value")]));
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let errors = read(json!({"kind": 7, "size_bytes": MAX_BYTES + 1, "dry_run": "yes"})).unwrap_err();
        let named: Vec<_> = errors.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(named, ["kind", "content_type", "size_bytes", "dry_run"]);
        let dry = json!({"kind": "stock", "content_type": "text/csv", "size_bytes": MAX_BYTES, "dry_run": true});
        assert!(read(dry).unwrap().dry_run);
    }
}
