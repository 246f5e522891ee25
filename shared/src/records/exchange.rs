//! Taking records in from other systems, and handing them out.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::details::RecordDetails;
use super::fhir::{self, Imported, Outcome};
use super::ips::Summary;
use super::kind::Kind;
use super::picture;
use super::progress::{Bucket, Progress, Series};
use super::record::Record;
use super::service::Records;
use super::sight::Sight;
use super::taking::Taking;
use super::view::RecordView;
use crate::audit::Actor;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::csv::{Rows, harmless};
use crate::platform::error::{Error, Result};

/// What became of a bundle.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// How many are on record now.
    pub created: usize,
    /// How many were on record already.
    pub duplicates: usize,
    /// How many were not taken.
    pub refused: usize,
    /// Each resource that could have been a record.
    pub resources: Vec<Imported>,
    /// How many resources of other types were passed over: patients, practitioners, encounters.
    pub passed_over: usize,
}

/// In which form records are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An International Patient Summary.
    Ips,
    /// As the API shows them.
    Json,
    /// A table.
    Csv,
}

/// Which values of which time, put together how.
#[derive(Clone, Debug)]
pub struct ProgressQuery {
    /// Which series.
    pub series: Vec<Series>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Before when.
    pub to: Option<Timestamp>,
    /// Over which time values are put together.
    pub bucket: Option<Bucket>,
}

impl ProgressQuery {
    /// The kinds of records that it looks into.
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        if self.series.iter().any(|one| matches!(one, Series::Measured(_))) {
            kinds.push(Kind::Measurements);
        }
        if self.series.iter().any(|one| matches!(one, Series::Lab(_))) {
            kinds.push(Kind::Labs);
        }
        kinds
    }
}

impl Records {
    /// How what was measured went on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn progress(&self, sight: &Sight, query: &ProgressQuery) -> Result<Progress> {
        let mut records = Vec::new();
        for kind in query.kinds() {
            records.extend(self.store.of_kind(sight.patient, kind).await?);
        }
        Ok(Progress::of(&query.series, &records, query.from, query.to, query.bucket))
    }

    /// The same as a picture.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn progress_picture(&self, sight: &Sight, query: &ProgressQuery) -> Result<String> {
        Ok(picture::draw(&self.progress(sight, query).await?))
    }

    /// Takes in the resources of a bundle, each by itself. What was imported before is known by its key, so the same bundle again
    /// creates nothing, and one that died in the middle is finished by sending it again.
    ///
    /// # Errors
    /// 403 `read_only`; 422 `not_a_bundle`, `too_many`; DynamoDB does not answer.
    pub async fn import(&self, actor: &Actor, sight: &Sight, bundle: &Value) -> Result<ImportReport> {
        let author = sight.author()?;
        let moment = self.moment()?;
        let entries = fhir::entries(bundle, fhir::MAX_ENTRIES)?;
        let taking = Taking { actor, sight, author: &author, moment, import: None };
        let mut known = self.known(sight.patient).await?;
        let (mut resources, mut passed_over) = (Vec::new(), 0);
        for (entry, resource) in entries.into_iter().enumerate() {
            match self.take_in(&taking, &mut known, (entry, resource)).await? {
                Some(imported) => resources.push(imported),
                None => passed_over += 1,
            }
        }
        let count = |wanted: Outcome| resources.iter().filter(|one| one.outcome == wanted).count();
        Ok(ImportReport {
            created: count(Outcome::Created),
            duplicates: count(Outcome::Duplicate),
            refused: count(Outcome::Refused),
            passed_over,
            resources,
        })
    }

    /// Everything on record about a patient as it is now, in a form for other systems.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn export(&self, sight: &Sight, format: Format) -> Result<Vec<u8>> {
        let patient = self.patients.get(&sight.owner, Some(sight.patient)).await?;
        let mut records = Vec::new();
        for kind in Kind::ALL {
            records.extend(self.store.of_kind(sight.patient, kind).await?);
        }
        let now = self.clock.now();
        match format {
            Format::Ips => {
                let id = u128::from_be_bytes(crypto::random());
                let summary = Summary { patient: &patient, records: &records, at: now, id };
                summary.written().map(String::into_bytes).map_err(Error::internal)
            }
            Format::Json => {
                let views: Vec<_> = records.into_iter().map(RecordView::of).collect();
                let whole = serde_json::json!({"exported_at": now, "patient": patient, "records": views});
                serde_json::to_vec_pretty(&whole).map_err(Error::internal)
            }
            Format::Csv => Ok(table(&records)),
        }
    }
}

/// A table of records: a row for each, what it says in a column for each of the fields that any of them has.
fn table(records: &[Record]) -> Vec<u8> {
    let said = |record: &Record| match serde_json::to_value(RecordDetails::from(record.details.clone())) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let rows: Vec<_> = records.iter().map(|record| (record, said(record))).collect();
    let names: BTreeSet<_> = rows.iter().flat_map(|(_, fields)| fields.keys().cloned()).collect();
    let fixed = ["category", "id", "author", "recorded_at", "updated_at", "version", "comment"];
    let mut table = Rows::new(false, fixed.into_iter().chain(names.iter().map(String::as_str)));
    for (record, fields) in rows {
        let part = serde_json::to_value(record.author.part).ok().and_then(|part| part.as_str().map(str::to_owned));
        let fixed = [
            record.kind().to_string(),
            record.id.to_string(),
            part.unwrap_or_default(),
            record.recorded_at.to_string(),
            record.updated_at.to_string(),
            record.version.to_string(),
            record.comment.clone().unwrap_or_default(),
        ];
        let own = names.iter().map(|name| match fields.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        });
        let cells: Vec<_> = fixed.into_iter().chain(own).collect();
        table.add(cells.iter().map(|text| harmless(text)));
    }
    table.finish()
}
