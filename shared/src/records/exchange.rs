//! Taking records in from other systems, and handing them out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::details::{Details, RecordDetails};
use super::fhir::{self, Imported, Outcome};
use super::input::Moment;
use super::ips::{Named, Summary};
use super::kind::Kind;
use super::picture;
use super::progress::{Bucket, Progress, Series};
use super::record::Record;
use super::service::Records;
use super::sight::Sight;
use super::taking::Taking;
use super::view::RecordView;
use crate::audit::Actor;
use crate::catalog::ProductStore;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::csv::{Rows, harmless};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PatientId, ProductId};

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

/// The largest document that is the answer itself. Lambda hands on at most 6 MB, in which every quotation mark of the document takes
/// two bytes.
pub const MOST_IN_AN_ANSWER: usize = 3 * 1024 * 1024;

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

impl Format {
    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Ips => "application/fhir+json",
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What a file of it is called.
    pub const fn filename(self) -> &'static str {
        match self {
            Self::Ips => "summary.json",
            Self::Json => "records.json",
            Self::Csv => "records.csv",
        }
    }
}

/// Where a document is that is too large for an answer.
#[derive(Debug, Serialize)]
pub struct RecordsLink {
    /// The document; the address is good for a minute.
    download_url: String,
    /// Until when.
    expires_at: Timestamp,
    /// How large it is.
    size_bytes: usize,
}

/// What somebody gets who asks for all that is on record.
#[derive(Debug)]
pub enum ExportedRecords {
    /// The document.
    Document(Vec<u8>),
    /// Where it is.
    Link(RecordsLink),
}

/// Where the document of a patient lies, one for each form: the next takes its place.
pub(super) fn export_key(patient: PatientId, format: Format) -> String {
    let end = match format {
        Format::Ips => "summary.json",
        Format::Json => "json",
        Format::Csv => "csv",
    };
    format!("exports/records/{patient}.{end}")
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
        let document = fhir::Document::of(bundle, fhir::MAX_ENTRIES)?;
        let reading = fhir::Reading { patient: sight.patient, moment, zone: &self.zone, document: &document };
        let taking = Taking { actor, sight, author: &author, reading, import: None };
        let mut known = self.known(sight.patient).await?;
        let (mut resources, mut passed_over) = (Vec::new(), 0);
        for (entry, resource) in document.resources.iter().copied().enumerate() {
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

    /// Everything on record about a patient as it is now, in a form for other systems. `most` is the largest document that is handed
    /// over itself; a larger one is stored for a day and linked to.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn export(
        &self,
        sight: &Sight,
        format: Format,
        catalogue: &ProductStore,
        most: usize,
    ) -> Result<ExportedRecords> {
        let document = self.document(sight, format, catalogue).await?;
        if document.len() <= most {
            return Ok(ExportedRecords::Document(document));
        }
        let (key, size_bytes) = (export_key(sight.patient, format), document.len());
        self.files.write(&key, document, format.content_type(), "private, no-store").await?;
        let (download_url, expires_at) = self.files.link(&key, format.filename()).await?;
        Ok(ExportedRecords::Link(RecordsLink { download_url, expires_at, size_bytes }))
    }

    async fn document(&self, sight: &Sight, format: Format, catalogue: &ProductStore) -> Result<Vec<u8>> {
        let patient = self.patients.get(&sight.owner, Some(sight.patient)).await?;
        let mut records = Vec::new();
        for kind in Kind::ALL {
            records.extend(self.store.of_kind(sight.patient, kind).await?);
        }
        let Moment { now, today } = self.moment()?;
        match format {
            Format::Ips => {
                let id = u128::from_be_bytes(crypto::random());
                let products = &named(catalogue, &records).await?;
                let summary = Summary { patient: &patient, records: &records, products, at: now, today, id };
                summary.written().map(String::into_bytes).map_err(Error::internal)
            }
            Format::Json => {
                let views: Vec<_> = records.into_iter().map(RecordView::of).collect();
                let whole = serde_json::json!({"exported_at": now, "patient": patient, "records": views});
                serde_json::to_vec_pretty(&whole).map_err(Error::internal)
            }
            Format::Csv => Ok(table(&records, &named(catalogue, &records).await?)),
        }
    }
}

/// What the products are that medications name.
async fn named(catalogue: &ProductStore, records: &[Record]) -> Result<BTreeMap<ProductId, Named>> {
    let ids: BTreeSet<_> = records.iter().filter_map(product).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let products = catalogue.get_many(&ids.into_iter().collect::<Vec<_>>()).await?;
    let named = products.into_iter().map(|product| {
        let ingredients = product.medicine.ingredients.into_iter().map(|one| one.name).collect();
        (product.id, Named { name: product.medicine.name, ingredients })
    });
    Ok(named.collect())
}

/// The product that a medication names.
fn product(record: &Record) -> Option<ProductId> {
    match &record.details {
        Details::Medications(medication) => medication.product_id,
        _ => None,
    }
}

/// A table of records: a row for each, what it says in a column for each of the fields that any of them has.
fn table(records: &[Record], products: &BTreeMap<ProductId, Named>) -> Vec<u8> {
    let said = |record: &Record| {
        let mut fields = match serde_json::to_value(RecordDetails::from(record.details.clone())) {
            Ok(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        if let Some(named) = product(record).and_then(|id| products.get(&id)) {
            fields.insert("substance".to_owned(), named.line().into());
        }
        fields
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
