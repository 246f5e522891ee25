//! Listing consultations: a patient's own, those that a doctor has, and all of them for the staff.

use std::cmp::Reverse;

use futures_util::future::try_join_all;

use super::consultation::{Part, Status};
use super::mark::Mark;
use super::service::Consultations;
use super::store::Index;
use super::view::ConsultationView;
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, UserId};

/// How many ids are read at once where a filter will drop some.
const FILTERED_BATCH: u16 = 50;
/// How many batches one page may read. What is left comes with the next page, which is why a page of a filtered list may be short
/// and still not be the last.
const MOST_BATCHES: usize = 5;

/// Which consultations to list, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Those of a patient.
    Own(UserId, Option<Status>),
    /// Those that a doctor has.
    Assigned(UserId, Option<Status>),
    /// Everybody's.
    All(Option<Status>),
}

impl Listing {
    /// A name for cursors, which serve this list alone.
    pub fn name(&self) -> String {
        let (whose, status) = match self {
            Self::Own(user, status) => (format!("of {user}"), status),
            Self::Assigned(user, status) => (format!("for {user}"), status),
            Self::All(status) => ("of all".to_owned(), status),
        };
        format!("consultations {whose} {}", status.map_or("any", Status::as_str))
    }

    fn indexes(&self) -> Vec<Index<'_>> {
        match self {
            Self::Own(user, _) => vec![Index::Patient(user)],
            Self::Assigned(user, _) => vec![Index::Doctor(user)],
            Self::All(Some(status)) => vec![Index::Status(*status)],
            Self::All(None) => Status::ALL.map(Index::Status).to_vec(),
        }
    }

    /// Whether it shows what its reader is on this side of: an index lags behind, and may name what somebody has lost meanwhile.
    fn shows(&self, part: Option<Part>) -> bool {
        match self {
            Self::Own(..) => part == Some(Part::Patient),
            Self::Assigned(..) => part == Some(Part::Doctor),
            Self::All(_) => true,
        }
    }

    /// The state that the index does not know of.
    fn filter(&self) -> Option<Status> {
        match self {
            Self::Own(_, status) | Self::Assigned(_, status) => *status,
            Self::All(_) => None,
        }
    }
}

impl Consultations<'_> {
    /// A page of a list and the position it ends at, where more may come. What is shown to others than its patient is on the
    /// trail first, an entry for each.
    ///
    /// # Errors
    /// DynamoDB does not answer; 503 where the trail cannot be written.
    pub async fn list(
        &self,
        actor: &Actor,
        listing: &Listing,
        after: Option<ConsultationId>,
        limit: u16,
    ) -> Result<(Vec<ConsultationView>, Option<ConsultationId>)> {
        let size = if listing.filter().is_some() { limit.max(FILTERED_BATCH) } else { limit.saturating_add(1) };
        let (mut found, mut position) = (Vec::new(), after);
        for _ in 0..MOST_BATCHES {
            let (batch, more) = self.batch(listing, position, size).await?;
            let mut unread = self.views(actor, listing, &batch).await?.into_iter().peekable();
            while found.len() < usize::from(limit)
                && let Some((id, view)) = unread.next()
            {
                position = Some(id);
                found.extend(view.filter(|view| listing.filter().is_none_or(|status| view.status == status)));
            }
            let more = more || unread.peek().is_some();
            if !more || found.len() == usize::from(limit) {
                self.note_listed(actor, &found).await?;
                return Ok((found, position.filter(|_| more)));
            }
        }
        self.note_listed(actor, &found).await?;
        Ok((found, position))
    }

    /// The next ids of a list, the newest first, and whether others come after them.
    async fn batch(
        &self,
        listing: &Listing,
        after: Option<ConsultationId>,
        size: u16,
    ) -> Result<(Vec<ConsultationId>, bool)> {
        let indexes = listing.indexes();
        let batches = indexes.iter().map(|index| self.store.batch(*index, after, i32::from(size)));
        let batches = try_join_all(batches).await?;
        let mut more = batches.iter().any(|batch| batch.more);
        let mut ids: Vec<_> = batches.into_iter().flat_map(|batch| batch.ids).collect();
        ids.sort_by_key(|id| Reverse(*id));
        // While it changes its state, one may be in the index twice.
        ids.dedup();
        more |= ids.len() > usize::from(size);
        ids.truncate(usize::from(size));
        Ok((ids, more))
    }

    /// Each with what is shown of it; nothing of what is gone meanwhile, or theirs no more.
    async fn views(
        &self,
        viewer: &Actor,
        listing: &Listing,
        ids: &[ConsultationId],
    ) -> Result<Vec<(ConsultationId, Option<ConsultationView>)>> {
        let now = self.clock.now();
        let (mut found, marks) =
            futures_util::try_join!(self.store.get_many(ids, now), self.store.marks_of(&viewer.user, ids))?;
        let view = |id: ConsultationId| {
            let place = found.iter().position(|(one, _)| one.id == id)?;
            let (consultation, head) = found.swap_remove(place);
            let mark = marks.iter().find(|(one, _)| *one == id).map_or_else(Mark::default, |(_, mark)| *mark);
            let part = consultation.part_of(&viewer.user, &viewer.roles);
            listing.shows(part).then(|| ConsultationView::of(consultation, &head, part, mark))
        };
        let mut view = view;
        Ok(ids.iter().map(|id| (*id, view(*id))).collect())
    }

    async fn note_listed(&self, actor: &Actor, shown: &[ConsultationView]) -> Result<()> {
        let of_others = shown.iter().filter(|one| one.patient != actor.user);
        let now = self.clock.now();
        let entries: Vec<_> =
            of_others.map(|one| Entry::allowed(actor, Action::ReadConsultation, &one.patient, one.id, now)).collect();
        if entries.is_empty() { Ok(()) } else { self.audit.append_all(&entries).await }
    }
}
