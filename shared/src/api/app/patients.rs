//! The wiring of patients.

use super::App;
use crate::patients::{PatientStore, Patients};

impl App {
    /// Whom medicine is for.
    pub fn patients(&self) -> Patients {
        Patients {
            store: PatientStore::new(self.table(&self.config.tables.accounts)),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }
}
