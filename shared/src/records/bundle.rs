//! The import of a bundle that is too large for a request: what was announced, how far it has come, and how it ended. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fhir::{Imported, Outcome};
use super::record::Author;
use super::sight::Sight;
use crate::platform::clock::Timestamp;
use crate::platform::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::ids::{ImportId, PatientId, UserId};
use crate::platform::objects::Upload;
use crate::platform::wording;

/// The largest bundle, in bytes.
pub const MAX_BUNDLE_BYTES: u64 = 20 * 1024 * 1024;
/// The most resources of one.
pub const MAX_BUNDLE_ENTRIES: usize = 20_000;
/// How many of those that were refused an import names; the others are counted.
const MAX_TOLD: usize = 300;
/// Where uploads arrive.
const INCOMING: &str = "incoming/record-imports/";
/// What a bundle is uploaded as.
const CONTENT_TYPES: [&str; 2] = ["application/fhir+json", "application/json"];

/// How far the import of a bundle has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BundleStatus {
    /// Announced.
    AwaitingUpload,
    /// Its resources are being taken in.
    Running,
    /// Each resource was looked at.
    Finished,
    /// It is no bundle, or could not be read to its end.
    Failed,
}

/// What became of the resources so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleCounts {
    /// How many were looked at: as many as the four below.
    pub read: usize,
    /// How many are on record now.
    pub created: usize,
    /// How many were on record already.
    pub duplicates: usize,
    /// How many were not taken.
    pub refused: usize,
    /// How many of other types were passed over: patients, practitioners, encounters.
    pub passed_over: usize,
}

/// The import of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleImport {
    /// Which.
    pub id: ImportId,
    /// About whom.
    pub patient: PatientId,
    /// Whose account the patient is of.
    pub owner: UserId,
    /// Who has announced it, in whose name records are written.
    pub author: Author,
    /// How far it has come.
    pub status: BundleStatus,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// When its resources began to be read: what is in the future is in the future of that moment, in each run.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub finished_at: Option<Timestamp>,
    /// SHA-256 of the file that is being read.
    #[serde(default)]
    pub sha256: Option<String>,
    /// How many resources it has.
    #[serde(default)]
    pub entries: Option<usize>,
    /// What became of them; where the next run goes on.
    pub counts: BundleCounts,
    /// The first that were refused.
    pub refusals: Vec<Imported>,
    /// Why it failed.
    #[serde(default)]
    pub failed: Option<String>,
    /// Grows by one with every change.
    pub version: u64,
}

impl BundleImport {
    /// One that somebody who may write announces.
    pub fn announced(id: ImportId, sight: &Sight, author: Author, now: Timestamp) -> Self {
        Self {
            id,
            patient: sight.patient,
            owner: sight.owner.clone(),
            author,
            status: BundleStatus::AwaitingUpload,
            announced_at: now,
            started_at: None,
            finished_at: None,
            sha256: None,
            entries: None,
            counts: BundleCounts::default(),
            refusals: Vec::new(),
            failed: None,
            version: 1,
        }
    }

    /// What its author may do here: it was found out when the upload was signed, which is good for minutes.
    pub fn sight(&self) -> Sight {
        let Author { user, part } = self.author.clone();
        Sight { user, part, owner: self.owner.clone(), patient: self.patient, writes: true }
    }

    /// Whether nothing more comes of it.
    pub const fn is_over(&self) -> bool {
        matches!(self.status, BundleStatus::Finished | BundleStatus::Failed)
    }

    /// Begun, or gone on with.
    #[must_use]
    pub fn begun(&self, sha256: &str, entries: usize, now: Timestamp) -> Self {
        Self {
            status: BundleStatus::Running,
            started_at: self.started_at.or(Some(now)),
            sha256: Some(sha256.to_owned()),
            entries: Some(entries),
            ..self.clone()
        }
    }

    /// With some more resources looked at; `None` is one that was passed over.
    #[must_use]
    pub fn further(&self, outcomes: Vec<Option<Imported>>) -> Self {
        let mut next = self.clone();
        for outcome in outcomes {
            let counts = &mut next.counts;
            counts.read += 1;
            match outcome {
                None => counts.passed_over += 1,
                Some(one) => match one.outcome {
                    Outcome::Created => counts.created += 1,
                    Outcome::Duplicate => counts.duplicates += 1,
                    Outcome::Refused => {
                        counts.refused += 1;
                        if next.refusals.len() < MAX_TOLD {
                            next.refusals.push(one);
                        }
                    }
                },
            }
        }
        next
    }

    /// Ended; `failed` says why it did so before its end.
    #[must_use]
    pub fn ended(&self, failed: Option<&str>, now: Timestamp) -> Self {
        let status = if failed.is_some() { BundleStatus::Failed } else { BundleStatus::Finished };
        Self { status, finished_at: Some(now), failed: failed.map(str::to_owned), ..self.clone() }
    }
}

/// Which import an upload is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadedBundle {
    /// About whom.
    pub patient: PatientId,
    /// The import.
    pub import: ImportId,
}

impl UploadedBundle {
    /// Where the upload arrives.
    pub fn key(self) -> String {
        format!("{INCOMING}{}/{}", self.patient, self.import)
    }

    /// The import of a key that uploads arrive under.
    pub fn of_key(key: &str) -> Option<Self> {
        let (patient, import) = key.strip_prefix(INCOMING)?.split_once('/')?;
        Some(Self { patient: PatientId::parse(patient).ok()?, import: ImportId::parse(import).ok()? })
    }
}

/// A bundle that is announced.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartBundleRequest {
    /// `application/fhir+json` or `application/json`.
    #[schema(value_type = String, example = "application/fhir+json")]
    content_type: Field<String>,
    /// In bytes, at most 20 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 20_971_520)]
    size_bytes: Field<u64>,
}

impl StartBundleRequest {
    /// As what it is uploaded, and how large it may be.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self) -> Result<(&'static str, u64), FieldErrors> {
        all((
            self.content_type.parse("content_type", |text| {
                let unknown =
                    || Invalid::new("unknown_value", wording::field::one_of("application/fhir+json, application/json"));
                CONTENT_TYPES.into_iter().find(|known| *known == text).ok_or_else(unknown)
            }),
            self.size_bytes.parse("size_bytes", |size| match size {
                1..=MAX_BUNDLE_BYTES => Ok(size),
                _ => Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BUNDLE_BYTES))),
            }),
        ))
    }
}

/// An announced bundle, and how to upload it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedBundle {
    /// The import.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// How to upload it.
    pub upload: Upload,
}

/// The import of a bundle as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BundleImport)]
pub struct BundleView {
    /// Which.
    #[schema(value_type = String)]
    id: ImportId,
    /// About whom.
    #[schema(value_type = String)]
    patient_id: PatientId,
    /// How far it has come.
    status: BundleStatus,
    /// How many resources the bundle has; `null` as long as it was not read.
    entries: Option<usize>,
    /// What became of them so far.
    counts: BundleCounts,
    /// Those that were refused, with the reason; the first 300.
    refused: Vec<Imported>,
    /// When it was announced.
    #[schema(value_type = String, format = DateTime)]
    announced_at: Timestamp,
    /// When its resources began to be read.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Why it failed: `not_json`, `not_a_bundle`, `too_many`, `too_large`; and where resources were taken in before, which stay,
    /// `file_changed`, `file_gone` or `patient_closed`.
    failed: Option<String>,
}

impl From<BundleImport> for BundleView {
    fn from(import: BundleImport) -> Self {
        Self {
            id: import.id,
            patient_id: import.patient,
            status: import.status,
            entries: import.entries,
            counts: import.counts,
            refused: import.refusals,
            announced_at: import.announced_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
            failed: import.failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::record::Part;
    use super::*;
    use crate::patients::of_owner;
    use crate::platform::fields;

    fn import() -> BundleImport {
        let user = UserId::nobody();
        let sight = Sight {
            user: user.clone(),
            part: Part::Owner,
            owner: user.clone(),
            patient: of_owner(&user),
            writes: true,
        };
        let now = Timestamp::from_millis(1);
        BundleImport::announced(ImportId::generate(now), &sight, sight.author().unwrap(), now)
    }

    fn imported(outcome: Outcome) -> Option<Imported> {
        Some(Imported { entry: 0, resource: "Observation".to_owned(), outcome, reason: None })
    }

    #[test]
    fn everything_that_was_read_is_counted_once_and_a_few_refusals_are_told() {
        let begun = import().begun("ab", 1000, Timestamp::from_millis(2));
        let some = vec![None, imported(Outcome::Created), imported(Outcome::Duplicate), imported(Outcome::Refused)];
        let further = begun.further(some);
        let expected = BundleCounts { read: 4, created: 1, duplicates: 1, refused: 1, passed_over: 1 };
        assert_eq!((further.counts, further.refusals.len()), (expected, 1));
        let many = further.further(vec![imported(Outcome::Refused); MAX_TOLD]);
        assert_eq!((many.counts.refused, many.refusals.len()), (MAX_TOLD + 1, MAX_TOLD));
        let again = many.begun("ab", 1000, Timestamp::from_millis(9));
        assert_eq!(again.started_at, Some(Timestamp::from_millis(2)), "what is future stays what it was");
        assert!(!again.is_over() && again.ended(None, Timestamp::from_millis(10)).is_over());
        assert_eq!(again.ended(Some("too_many"), Timestamp::from_millis(10)).status, BundleStatus::Failed);
    }

    #[test]
    fn an_import_is_read_as_it_was_written() {
        let import = import().begun("ab", 2, Timestamp::from_millis(2)).further(vec![imported(Outcome::Refused)]);
        let text = serde_json::to_string(&import).unwrap();
        assert_eq!(serde_json::from_str::<BundleImport>(&text).unwrap(), import);
    }

    #[test]
    fn only_our_own_keys_name_a_bundle() {
        let place = UploadedBundle { patient: import().patient, import: import().id };
        assert_eq!(UploadedBundle::of_key(&place.key()), Some(place));
        for wrong in ["", INCOMING, "incoming/records/x/y", &format!("{}/x", place.key())] {
            assert_eq!(UploadedBundle::of_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let read = |body| fields::from_json::<StartBundleRequest>(body).unwrap().check();
        let good = json!({"content_type": "application/fhir+json", "size_bytes": MAX_BUNDLE_BYTES});
        assert_eq!(read(good), Ok(("application/fhir+json", MAX_BUNDLE_BYTES)));
        let wrong = read(json!({"content_type": "text/csv", "size_bytes": MAX_BUNDLE_BYTES + 1})).unwrap_err();
        let named: Vec<_> = wrong.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(named, ["content_type", "size_bytes"]);
    }
}
