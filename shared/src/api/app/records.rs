//! The wiring of records, and of who may look into them.

use super::App;
use crate::api::request::ApiRequest;
use crate::care::Sights;
use crate::orders::screening::Person;
use crate::platform::error::Result;
use crate::platform::ids::PatientId;
use crate::records::{RecordStore, Records, SCREENED_KINDS};
use crate::triage::{TriageStore, Triages};

impl App {
    /// What is on record about patients.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn records(&self) -> Result<Records> {
        Ok(Records {
            store: self.record_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            patients: self.patients(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        })
    }

    /// Who may look into it.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn sights(&self) -> Result<Sights> {
        Ok(Sights {
            patients: self.patients(),
            records: self.record_store(),
            consultations: self.consultation_store(),
            prescriptions: self.prescriptions()?,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// What the rules of medicine go by for a patient whose records the caller may look into: who they are, what is on record
    /// about them, and what they have. Who asks and is not the owner is on the trail first.
    ///
    /// # Errors
    /// 401 for a guest; 404: it is not theirs to see; 503, also where the trail does not answer.
    pub async fn screened_person(&self, request: &ApiRequest, patient: PatientId) -> Result<Person> {
        let (caller, actor) = (request.caller()?, request.actor()?);
        let sight = self.sights()?.of(caller, &actor, Some(patient), &SCREENED_KINDS).await?;
        self.screener().person(&sight.owner, sight.patient, self.today()?).await
    }

    /// Triage.
    pub fn triages(&self) -> Triages {
        Triages {
            store: TriageStore::new(self.table(&self.config.tables.records)),
            patients: self.patients(),
            flags: self.red_flags(),
            audit: self.audit(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
            guests: self.config.triage_guests,
        }
    }

    pub(super) fn record_store(&self) -> RecordStore {
        RecordStore::new(self.table(&self.config.tables.records))
    }
}
