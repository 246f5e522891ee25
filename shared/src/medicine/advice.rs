//! Answering questions about medicines with what pharmacists have reviewed.

use std::sync::Arc;

use super::allergy;
use super::contraindication;
use super::dose::{Asked, Missing, Outcome, calculate};
use super::item::Named;
use super::kidneys::Kidneys;
use super::knowledge::Knowledge;
use super::memory::MedicineMemory;
use super::patient::Patient;
use super::screening::Taken;
use super::store::RuleStore;
use super::view::{AllergyView, CheckView, ContraindicationView};
use crate::platform::clock::Clock;
use crate::platform::error::Result;

/// Answers about medicines.
#[derive(Debug)]
pub struct Medicines<'a> {
    memory: &'a MedicineMemory,
    store: RuleStore,
    clock: Clock,
}

impl<'a> Medicines<'a> {
    /// With a memory, and where it is filled from.
    pub fn new(memory: &'a MedicineMemory, store: RuleStore, clock: Clock) -> Self {
        Self { memory, store, clock }
    }

    /// What counts.
    ///
    /// # Errors
    /// DynamoDB does not answer, and has not for minutes.
    pub async fn knowledge(&self) -> Result<Arc<Knowledge>> {
        self.memory.knowledge(&self.store, &self.clock).await
    }
}

impl Knowledge {
    /// Checks medicines against each other and against a patient.
    ///
    /// # Errors
    /// 503 `not_reviewed`: nothing found would mean nothing.
    pub fn check(&self, named: &[Named], patient: &Patient) -> Result<CheckView> {
        let items: Vec<_> = named.iter().map(|named| named.item.clone()).collect();
        let labels: Vec<String> = items.iter().map(|item| item.label.clone()).collect();
        let findings = self.interactions()?.check(&items, patient);
        let mut view = CheckView::of(&findings, &labels, self);
        let kidneys = Kidneys::of(patient);
        let in_use = named.iter().filter(|named| named.item.ended_days_ago.is_none());
        for part in in_use.flat_map(|named| &named.item.parts) {
            let recorded = patient.allergies.as_deref().unwrap_or_default();
            view.allergies.extend(allergy::check(recorded, part.substance).iter().map(AllergyView::of));
            // Contraindications of a set that nobody reviewed do not count; the dataset of the answer says which do.
            let rules = self.contraindications().unwrap_or_default();
            let found = contraindication::check(rules, part.substance, &part.routes, patient, &kidneys);
            let said = found.iter().filter(|finding| finding.open.is_empty() || finding.is_to_be_asked(patient));
            view.contraindications.extend(said.map(|finding| ContraindicationView::of(part.substance, finding, self)));
        }
        view.unmapped = named.iter().flat_map(|named| named.unmapped.clone()).collect();
        let unknown = patient.allergies.iter().flatten().filter(|recorded| !allergy::is_known(recorded));
        view.unmapped.extend(unknown.map(|recorded| recorded.to.clone()));
        Ok(view)
    }

    /// The same beside what the patient has already: what these have to do with each other is no part of it.
    ///
    /// # Errors
    /// 503 `not_reviewed`.
    pub fn check_beside(&self, named: &[Named], taken: &[Taken], patient: &Patient) -> Result<CheckView> {
        let mut all = named.to_vec();
        all.extend(taken.iter().map(|taken| Named { item: taken.item.clone(), unmapped: taken.unmapped.clone() }));
        let mut view = self.check(&all, patient)?;
        let labels: Vec<&String> = named.iter().map(|named| &named.item.label).collect();
        let asked = |items: &[String]| items.iter().any(|item| labels.contains(&item));
        view.alerts.retain(|alert| asked(&alert.items));
        view.duplicates.retain(|duplicate| asked(&duplicate.items));
        Ok(view)
    }

    /// What stands against a medicine for a patient, what is open included.
    ///
    /// # Errors
    /// 503 `not_reviewed`.
    pub fn against(&self, named: &Named, patient: &Patient) -> Result<Vec<ContraindicationView>> {
        let kidneys = Kidneys::of(patient);
        let rules = self.contraindications()?;
        let mut all = Vec::new();
        for part in &named.item.parts {
            let found = contraindication::check(rules, part.substance, &part.routes, patient, &kidneys);
            all.extend(found.iter().map(|finding| ContraindicationView::of(part.substance, finding, self)));
        }
        Ok(all)
    }

    /// The dose for a patient.
    ///
    /// # Errors
    /// What must be known of the patient first.
    pub fn dose(&self, asked: &Asked<'_>) -> std::result::Result<Outcome<'_>, Vec<Missing>> {
        calculate(self.doses(), asked)
    }
}
