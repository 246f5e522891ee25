//! All records of somebody, for a copy, and their end.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::bundle::{BundleView, UploadedBundle};
use super::exchange::{Format, export_key};
use super::file::UploadedFile;
use super::grant::GrantView;
use super::look_up::LookUp;
use super::service::Records;
use super::view::RecordView;
use crate::patients::Patient;
use crate::platform::error::Result;
use crate::platform::ids::{PatientId, RecordId};

/// What is on record about one patient.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldRecords {
    /// About whom.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// All versions of all records, those that were taken away included; the newest version has links to its files.
    pub records: Vec<RecordView>,
    /// Who else may read them.
    pub grants: Vec<GrantView>,
    /// What pharmacists have looked up of names on record that no substance answers to.
    pub looked_up: Vec<LookUp>,
    /// Bundles that were uploaded within a month, and what became of them.
    pub imports: Vec<BundleView>,
}

impl Records {
    /// Everything that is on record about these patients; of those with nothing, nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, patients: &[Patient]) -> Result<Vec<HeldRecords>> {
        let now = self.clock.now();
        let mut held = Vec::new();
        for patient in patients {
            let versions = self.store.everything(patient.id).await?;
            let grants = self.store.grants(patient.id, now).await?;
            let imports = self.store.bundle_imports(patient.id).await?;
            let looked_up = self.store.looked_up(patient.id).await?;
            if versions.is_empty() && grants.is_empty() && imports.is_empty() {
                continue;
            }
            let mut records = Vec::with_capacity(versions.len());
            // The newest of each first, of which alone files are linked.
            let mut seen: BTreeSet<RecordId> = BTreeSet::new();
            for version in versions.into_iter().rev() {
                let newest = seen.insert(version.id) && version.removed_at.is_none();
                records.push(if newest { self.view(version).await? } else { RecordView::of(version) });
            }
            let grants = grants.into_iter().map(GrantView::from).collect();
            let imports = imports.into_iter().map(BundleView::from).collect();
            held.push(HeldRecords { patient_id: patient.id, records, grants, looked_up, imports });
        }
        Ok(held)
    }

    /// Deletes everything that is on record about these patients, and its files: how many records. Files go first, and the
    /// versions that name them after: killed anywhere, the next run finds the rest.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn forget(&self, patients: &[Patient]) -> Result<u32> {
        let mut records: BTreeSet<RecordId> = BTreeSet::new();
        for patient in patients.iter().map(|patient| patient.id) {
            for version in self.store.everything(patient).await? {
                records.insert(version.id);
                for file in &version.files {
                    let place = UploadedFile { patient, kind: version.kind(), record: version.id, file: file.id };
                    self.files.delete(&place.checked_key()).await?;
                    self.files.delete(&place.incoming_key()).await?;
                }
            }
            for format in [Format::Ips, Format::Json, Format::Csv] {
                self.files.delete(&export_key(patient, format)).await?;
            }
            for import in self.store.bundle_imports(patient).await? {
                self.files.delete(&UploadedBundle { patient, import: import.id }.key()).await?;
            }
            loop {
                let keys = self.store.keys(patient).await?;
                if keys.is_empty() {
                    break;
                }
                for key in &keys {
                    self.store.delete(key).await?;
                }
            }
        }
        Ok(u32::try_from(records.len()).unwrap_or(u32::MAX))
    }
}
