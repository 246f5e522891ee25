//! Listing prescriptions: a patient's own, and the queue of the staff.

use super::prescription::{Prescription, Status};
use super::service::Prescriptions;
use super::store::Index;
use super::view::{Moment, PrescriptionCount, PrescriptionSummary, Viewer};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PrescriptionId, UserId};

/// How many prescriptions are read at once where a filter will drop some.
const FILTERED_BATCH: u16 = 50;
/// How many batches one page may read. What is left comes with the next page, which is why a page of a filtered list may
/// be short and still not be the last.
const MOST_BATCHES: usize = 5;
/// Up to where a queue is counted.
const COUNTED: usize = 1000;

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
        /// Those alone that nobody works on.
        unclaimed: bool,
    },
}

impl Listing {
    /// A name for cursors, which serve this list alone.
    pub fn name(&self) -> String {
        match self {
            Self::Own { owner, status } => {
                format!("prescriptions of {owner} {}", status.map_or("any", Status::as_str))
            }
            Self::Queue { status, unclaimed } => {
                format!("prescriptions queue {}{}", status.as_str(), if *unclaimed { " unclaimed" } else { "" })
            }
        }
    }

    fn status(&self) -> Option<Status> {
        match self {
            Self::Own { status, .. } => *status,
            Self::Queue { status, .. } => Some(*status),
        }
    }

    fn index(&self) -> Index<'_> {
        match self {
            Self::Own { owner, .. } => Index::Owner(owner),
            // What has expired is stored as approved: no write happens when a day passes.
            Self::Queue { status: Status::Expired, .. } => Index::Status(Status::Approved),
            Self::Queue { status, .. } => Index::Status(*status),
        }
    }

    fn drops_some(&self) -> bool {
        match self {
            Self::Own { status, .. } => status.is_some(),
            Self::Queue { status, unclaimed } => *unclaimed || matches!(status, Status::Approved | Status::Expired),
        }
    }

    /// Whether a prescription belongs into it.
    fn holds(&self, prescription: &Prescription, now: Timestamp, today: Date) -> bool {
        let unclaimed = matches!(self, Self::Queue { unclaimed: true, .. });
        self.status().is_none_or(|status| prescription.status_on(today) == status)
            && !(unclaimed && prescription.live_claim(now).is_some())
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
        let fits = |one: &Prescription| listing.holds(one, now, today);
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
                    let moment = Moment { now, today, place: self.jurisdiction };
                    let shown = PrescriptionSummary::of(&prescription, listing.viewer(), moment);
                    found.push((prescription, shown));
                }
            }
            let more = batch.more || unread.any(|prescription| fits(&prescription));
            if !more || found.len() == usize::from(limit) {
                return Ok((self.with_claimers(found).await?, position.filter(|_| more)));
            }
        }
        Ok((self.with_claimers(found).await?, position))
    }

    /// Those of `ids` that the listing's viewer may see, the newest first, as the list shows them: in `status` alone, where
    /// one is asked for, and the others in any.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list_these(
        &self,
        listing: &Listing,
        status: Option<Status>,
        mut ids: Vec<PrescriptionId>,
    ) -> Result<Vec<PrescriptionSummary>> {
        ids.sort_unstable_by(|one, other| other.cmp(one));
        ids.dedup();
        let now = self.clock.now();
        let today = self.zone.day(now)?;
        let mut found = self.store.get_many(&ids).await?;
        found.sort_unstable_by_key(|one| std::cmp::Reverse(one.id));
        let (owner, unclaimed) = match listing {
            Listing::Own { owner, .. } => (Some(owner), false),
            Listing::Queue { unclaimed, .. } => (None, *unclaimed),
        };
        found.retain(|one| {
            owner.is_none_or(|owner| one.owner == *owner)
                && status.is_none_or(|status| one.status_on(today) == status)
                && !(unclaimed && one.live_claim(now).is_some())
        });
        let moment = Moment { now, today, place: self.jurisdiction };
        let shown = found.iter().map(|one| (one, PrescriptionSummary::of(one, listing.viewer(), moment)));
        self.with_claimers(shown.map(|(one, summary)| (one.clone(), summary)).collect()).await
    }

    /// How many prescriptions a queue holds, among the thousand that have waited longest in the state.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn count(&self, listing: &Listing) -> Result<PrescriptionCount> {
        let now = self.clock.now();
        let today = self.zone.day(now)?;
        let (mut count, mut read, mut position) = (0, 0, None);
        while read < COUNTED {
            let size = i32::try_from(COUNTED - read).map_err(Error::internal)?;
            let batch = self.store.batch(listing.index(), position, size).await?;
            read += batch.prescriptions.len();
            count += batch.prescriptions.iter().filter(|one| listing.holds(one, now, today)).count();
            position = batch.prescriptions.last().map(|last| last.id);
            if !batch.more {
                return Ok(PrescriptionCount { count, more: false });
            }
        }
        Ok(PrescriptionCount { count, more: true })
    }

    /// Says of what is worked on who does.
    async fn with_claimers(&self, found: Vec<(Prescription, PrescriptionSummary)>) -> Result<Vec<PrescriptionSummary>> {
        let claimed = |(one, shown): &(Prescription, PrescriptionSummary)| {
            one.claim.as_ref().filter(|_| shown.claimed_until.is_some()).map(|claim| claim.by.clone())
        };
        let mut claimers: Vec<_> = found.iter().filter_map(claimed).collect();
        claimers.sort_unstable();
        claimers.dedup();
        let names = self.profiles.names(&claimers).await?;
        let named = |entry: (Prescription, PrescriptionSummary)| {
            let by = claimed(&entry);
            let name = names.iter().find(|(user, _)| Some(user) == by.as_ref()).map(|(_, name)| name.clone());
            PrescriptionSummary { claimed_by: name, ..entry.1 }
        };
        Ok(found.into_iter().map(named).collect())
    }
}
