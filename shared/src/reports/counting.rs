//! Counting: what a thing counts for now becomes what it was counted for, and the counters with it.
//!
//! A message names a thing and nothing of it, and the thing is read when it is counted. So a message that comes twice, late or
//! after a later one is as good as any; killed anywhere, it comes again, and goes on from what was counted.

use std::collections::BTreeMap;

use super::cell::{Cell, Measures};
use super::counted::Counted;
use super::of_order::of_order;
use super::of_prescription::of_prescription;
use super::store::ReportStore;
use super::subject::Subject;
use crate::orders::OrderStore;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::zone::Zone;
use crate::prescriptions::PrescriptionStore;

/// How often somebody else may be first.
const ATTEMPTS: u32 = 8;

/// How counting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The counters have it as it is now.
    Counted,
    /// They had it already, or there is no such thing any more: what it was counted for stays.
    Nothing,
}

/// Counts things.
#[derive(Debug)]
pub struct Counting {
    /// Where orders are.
    pub orders: OrderStore,
    /// Where prescriptions are.
    pub prescriptions: PrescriptionStore,
    /// Where counters are.
    pub store: ReportStore,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

impl Counting {
    /// Counts a thing as it is now.
    ///
    /// # Errors
    /// DynamoDB does not answer; 503 where others keep being first.
    pub async fn count(&self, subject: Subject) -> Result<Done> {
        self.count_telling(subject, |_| ()).await
    }

    /// The same, telling `told` by how much the counters have changed, once for each change.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub async fn count_telling(&self, subject: Subject, told: impl Fn(&BTreeMap<Cell, Measures>)) -> Result<Done> {
        let (mut done, mut lost) = (Done::Nothing, 0);
        loop {
            // What was counted is read first: who counts meanwhile makes the step fail.
            let read = self.store.counted(subject).await?;
            match self.step(subject, &read).await? {
                None => return Ok(done),
                Some(Some(changes)) => {
                    told(&changes);
                    done = Done::Counted;
                }
                Some(None) => {
                    lost += 1;
                    if lost >= ATTEMPTS {
                        return Err(Error::busy());
                    }
                    back_off(lost).await;
                }
            }
        }
    }

    /// Takes one step; what it has changed, or nothing where somebody else was first, and `None` where there is none to take.
    async fn step(&self, subject: Subject, read: &Counted) -> Result<Option<Option<BTreeMap<Cell, Measures>>>> {
        let (version, wanted) = match subject {
            Subject::Order(id) => {
                let Some(order) = self.orders.get(id).await? else { return Ok(None) };
                (order.version, of_order(&order, &self.zone)?)
            }
            Subject::Prescription(id) => {
                let Some(prescription) = self.prescriptions.get(id).await? else { return Ok(None) };
                (prescription.version, of_prescription(&prescription, &self.zone)?)
            }
        };
        let Some(step) = read.step(version, &wanted) else { return Ok(None) };
        let taken = self.store.take(subject, read, &step).await?;
        Ok(Some(taken.then_some(step.changes)))
    }
}
