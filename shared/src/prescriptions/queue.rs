//! Listing prescriptions: a patient's own, and the queue of the staff.

use super::prescription::{Prescription, Status};
use super::service::Prescriptions;
use super::store::Index;
use super::view::{Moment, PrescriptionSummary, Viewer};
use crate::platform::error::Result;
use crate::platform::ids::{PrescriptionId, UserId};

/// How many prescriptions are read at once where a filter will drop some.
const FILTERED_BATCH: u16 = 50;
/// How many batches one page may read. What is left comes with the next page, which is why a page of a filtered list may
/// be short and still not be the last.
const MOST_BATCHES: usize = 5;

/// Which prescriptions to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// One patient's, newest first.
    Own {
        /// Whose.
        owner: UserId,
        /// In this state alone.
        status: Option<Status>,
    },
    /// Everybody's in one state, oldest first.
    Queue {
        /// The state.
        status: Status,
    },
}

impl Listing {
    /// A name for cursors, which serve this list alone.
    pub fn name(&self) -> String {
        match self {
            Self::Own { owner, status } => {
                format!("prescriptions of {owner} {}", status.map_or("any", Status::as_str))
            }
            Self::Queue { status } => format!("prescriptions queue {}", status.as_str()),
        }
    }

    fn status(&self) -> Option<Status> {
        match self {
            Self::Own { status, .. } => *status,
            Self::Queue { status } => Some(*status),
        }
    }

    fn index(&self) -> Index<'_> {
        match self {
            Self::Own { owner, .. } => Index::Owner(owner),
            // What has expired is stored as approved: no write happens when a day passes.
            Self::Queue { status: Status::Expired } => Index::Status(Status::Approved),
            Self::Queue { status } => Index::Status(*status),
        }
    }

    fn drops_some(&self) -> bool {
        match self {
            Self::Own { status, .. } => status.is_some(),
            Self::Queue { status } => matches!(status, Status::Approved | Status::Expired),
        }
    }

    fn viewer(&self) -> Viewer {
        match self {
            Self::Own { .. } => Viewer::Owner,
            Self::Queue { .. } => Viewer::Staff,
        }
    }
}

impl Prescriptions {
    /// A page of a list and the position it ends at, where more may come.
    ///
    /// The queue is not on the audit trail: it shows that work waits and nothing of any patient.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        listing: &Listing,
        after: Option<PrescriptionId>,
        limit: u16,
    ) -> Result<(Vec<PrescriptionSummary>, Option<PrescriptionId>)> {
        let now = self.clock.now();
        let today = self.zone.day(now)?;
        let fits = |one: &Prescription| listing.status().is_none_or(|status| one.status_on(today) == status);
        // One more than asked for tells whether there is more.
        let size = if listing.drops_some() { limit.max(FILTERED_BATCH) } else { limit.saturating_add(1) };
        let (mut found, mut position) = (Vec::new(), after);
        for _ in 0..MOST_BATCHES {
            let batch = self.store.batch(listing.index(), position, i32::from(size)).await?;
            let mut unread = batch.prescriptions.into_iter();
            while found.len() < usize::from(limit)
                && let Some(prescription) = unread.next()
            {
                position = Some(prescription.id);
                if fits(&prescription) {
                    found.push(PrescriptionSummary::of(&prescription, listing.viewer(), Moment { now, today }));
                }
            }
            let more = batch.more || unread.any(|prescription| fits(&prescription));
            if !more || found.len() == usize::from(limit) {
                return Ok((found, position.filter(|_| more)));
            }
        }
        Ok((found, position))
    }
}
