//! What waits for its time: held back over the night, or to be remembered on a day. A worker looks every quarter of an hour.
//!
//! - It runs twice, or two at once: what is due comes into the queue twice and is told once.
//! - It dies in the middle: what was not deleted is due at the next run.

use std::time::Duration;

use super::due_store::Waiting;
use super::notice::{About, Addressee, Notice};
use super::plan::carts::LEFT_AFTER;
use super::plan::prescriptions::is_still_so;
use super::queue::Queue;
use super::store::NoticeStore;
use crate::accounts::Profiles;
use crate::consultations::{ConsultationStore, consultation};
use crate::notifications::{NoticeKind, Topic};
use crate::orders::OrderStore;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::Key;
use crate::platform::error::{Error, Result};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::zone::Zone;
use crate::prescriptions::PrescriptionStore;
use crate::prescriptions::Status;
use crate::prescriptions::store::Index;

/// How many in each partition of the index are looked at, before it is asked again.
const PAGE: i32 = 50;
/// After this long a run begins nothing more.
const ENOUGH: Duration = Duration::from_secs(90);
/// When on a day somebody is reminded.
const NINE: Duration = Duration::from_hours(9);
/// How long a prescription may wait for its review before the staff is told.
const REVIEW_WITHIN: Duration = Duration::from_hours(4);
/// How many may.
const MANY: usize = 5;
/// How long a consultation may wait for a doctor, and for the doctor to begin.
const ANSWER_WITHIN: Duration = Duration::from_hours(4);
/// How many of those that wait are looked at.
const QUEUE_PAGE: i32 = 100;

/// Reminds people.
#[derive(Debug)]
pub struct Reminding<'a> {
    /// What waits.
    pub store: NoticeStore,
    /// Where it goes.
    pub queue: &'a Queue,
    /// What reminders are about, read anew before anybody is reminded.
    pub prescriptions: PrescriptionStore,
    /// The consultations, of which some wait.
    pub consultations: ConsultationStore,
    /// The carts, for the same.
    pub orders: OrderStore,
    /// Knows where people are.
    pub profiles: Profiles,
    /// Where the pharmacy is.
    pub zone: Zone,
    /// Whose schedules count.
    pub place: Jurisdiction,
    /// The time.
    pub clock: Clock,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminded {
    /// How many notices are on their way.
    pub queued: u32,
    /// How many are no longer true, and were dropped.
    pub dropped: u32,
    /// How many could not be dealt with now.
    pub failed: u32,
}

/// What becomes of something that is due.
enum Fate {
    Queue(Notice),
    Drop,
    Wait(Timestamp),
}

impl Reminding<'_> {
    /// Does what is due. What fails stays for the next run and holds up nothing else.
    ///
    /// # Errors
    /// What is due cannot be read.
    pub async fn run(&self) -> Result<Reminded> {
        let started = self.clock.now();
        let mut run = Reminded::default();
        loop {
            let due = self.store.due(started, PAGE).await?;
            let (before, failed) = ((run.queued, run.dropped), run.failed);
            for key in &due {
                if self.clock.now().since(started) > ENOUGH {
                    return Ok(run);
                }
                if let Err(error) = self.deal_with(key, started, &mut run).await {
                    run.failed += 1;
                    tracing::error!(error.code = error.code(), error.cause = error.cause(), "nobody was reminded");
                }
            }
            // The index lags behind, and what fails stays: a run that gets nowhere is over.
            if due.is_empty() || before == (run.queued, run.dropped) || run.failed > failed {
                break;
            }
        }
        self.look_at_the_queue(started).await?;
        Ok(run)
    }

    async fn deal_with(&self, key: &Key, now: Timestamp, run: &mut Reminded) -> Result<()> {
        let Some(waiting) = self.store.waiting(key).await? else { return Ok(()) };
        match self.fate(&waiting, now).await? {
            Fate::Queue(notice) => {
                self.queue.put(&[(notice, 0)]).await?;
                self.store.done_waiting(key, &waiting).await?;
                run.queued += 1;
            }
            Fate::Drop => {
                self.store.done_waiting(key, &waiting).await?;
                run.dropped += 1;
            }
            Fate::Wait(until) => self.store.wait_longer(key, &waiting, until).await?,
        }
        Ok(())
    }

    async fn fate(&self, waiting: &Waiting, now: Timestamp) -> Result<Fate> {
        let notice = &waiting.notice;
        if !matches!(notice.kind.topic(), Topic::Reminders | Topic::Carts) {
            return Ok(Fate::Queue(notice.clone()));
        }
        let Addressee::Person(person) = &notice.to else { return Ok(Fate::Drop) };
        let Some(profile) = self.profiles.living(person).await? else { return Ok(Fate::Drop) };
        let mut notice = notice.clone();
        if notice.kind == NoticeKind::CartWaiting {
            // Nobody is told of their cart, not even in their inbox, who has not asked for it.
            if !profile.preferences.notifications.kinds.carts {
                return Ok(Fate::Drop);
            }
            let Some(cart) = self.orders.cart_at_rest(person).await? else { return Ok(Fate::Drop) };
            // Each state of a cart is told once, however often it is due.
            let event = format!("cart#{}", cart.version);
            if notice.only.is_some() {
                return Ok(if notice.event == event { Fate::Queue(notice) } else { Fate::Drop });
            }
            let left_at = cart.changed_at.plus(LEFT_AFTER);
            if left_at > now {
                return Ok(Fate::Wait(left_at));
            }
            (notice.event, notice.at) = (event, cart.changed_at);
        } else if !self.is_still_so(&notice, now).await? {
            return Ok(Fate::Drop);
        }
        // Nine in the morning where they are, which may be later than where the pharmacy is.
        let settings = profile.preferences.notifications;
        let zone = settings.time_zone.as_ref().unwrap_or(&self.zone);
        let nine = zone.beginning(zone.day(now)?)?.plus(NINE);
        Ok(if notice.only.is_none() && nine > now { Fate::Wait(nine) } else { Fate::Queue(notice) })
    }

    async fn is_still_so(&self, notice: &Notice, now: Timestamp) -> Result<bool> {
        let Some(About::Prescription(id)) = notice.about else { return Ok(true) };
        let Some(prescription) = self.prescriptions.get(id).await? else { return Ok(false) };
        Ok(is_still_so(notice, &prescription, self.zone.day(now)?, self.place))
    }

    /// Tells the staff, once a day each, that prescriptions and that consultations wait for too long.
    async fn look_at_the_queue(&self, now: Timestamp) -> Result<()> {
        let batch = self.prescriptions.batch(Index::Status(Status::Pending), None, QUEUE_PAGE).await?;
        let late = batch.prescriptions.iter().filter(|one| now.since(one.created_at) > REVIEW_WITHIN).count();
        if late >= MANY {
            self.tell_staff(NoticeKind::QueueGrowing, late, batch.more, now).await?;
        }
        let mut waiting = 0;
        let mut more = false;
        // Who has a doctor who has not begun after hours has none: the doctor may have lost their role meanwhile.
        for status in [consultation::Status::Requested, consultation::Status::Assigned] {
            let oldest = self.consultations.oldest(status, QUEUE_PAGE).await?;
            more |= oldest.len() == usize::try_from(QUEUE_PAGE).unwrap_or(usize::MAX);
            waiting += oldest.iter().filter(|one| now.since(one.waits_since()) > ANSWER_WITHIN).count();
        }
        if waiting > 0 {
            self.tell_staff(NoticeKind::ConsultationsWaiting, waiting, more, now).await?;
        }
        Ok(())
    }

    async fn tell_staff(&self, kind: NoticeKind, count: usize, more: bool, now: Timestamp) -> Result<()> {
        let day = self.zone.day(now)?;
        let more = if more { "+" } else { "" };
        let notice = Notice {
            event: format!("queue#{day}"),
            kind,
            to: Addressee::Pharmacists,
            about: None,
            value: format!("{count}{more}"),
            detail: None,
            message: None,
            at: self.zone.beginning(day)?,
            only: None,
        };
        self.queue.put(&[(notice, 0)]).await.map_err(|error| Error::unavailable(error.code()))
    }
}
