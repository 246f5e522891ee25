//! Letting go of what is set aside for orders that can never go out: their prescriptions were rejected or taken back, and
//! their customers have had time to call them off themselves.
//!
//! - It runs twice, or two runs at once: the order's version lets one through; the other finds a cancelled order.
//! - It dies in the middle: the order is cancelled with its notice in one transaction, or not at all. A notice is deleted
//!   once it is sent; killed in between, it is sent again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::fulfilment::Orders;
use super::holds;
use super::notice_store::{Notice, NoticeStore};
use super::order::{Actor, Order, Step};
use super::status::Status;
use crate::accounts::Profiles;
use crate::audit::{Action, Entry, Origin};
use crate::notifications::{Message, Notifier, To};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrderId;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, Status as Rx};

const ATTEMPTS: u32 = 6;
/// How many orders are read at once.
const PAGE: u16 = 50;
/// After this long a run begins nothing more; the function itself may run for five minutes.
const ENOUGH: Duration = Duration::from_secs(200);
/// How long it is tried to send a notice.
const NOTICE_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Lets go.
#[derive(Clone, Debug)]
pub struct Releasing {
    /// Orders and what they stand on.
    pub orders: Orders,
    /// Notices that are to be sent.
    pub notices: NoticeStore,
    /// Knows how customers are reached, and in which language.
    pub profiles: Profiles,
    /// Writes to them.
    pub notifier: Notifier,
    /// How long an order is kept that nothing covers any more.
    pub after: Duration,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// How many orders were called off.
    pub released: u32,
    /// How many customers were told.
    pub told: u32,
    /// How many of either could not be dealt with now.
    pub failed: u32,
}

/// Since when nothing can cover an order any more: lines of it waited for a review when it was placed and have no fill,
/// and each of its prescriptions was rejected or taken back. `None` where one of them may still come to cover it, or only
/// the customer can tell what to do.
fn given_up_since(
    order: &Order,
    prescriptions: &[Prescription],
    now: Timestamp,
    zone: &Zone,
) -> Result<Option<Timestamp>> {
    let waits = order.status == Status::Placed && order.uncovered().any(|line| line.waited);
    let gone = |prescription: &Prescription| matches!(prescription.status, Rx::Rejected | Rx::Withdrawn);
    if !waits || prescriptions.is_empty() || !prescriptions.iter().all(gone) {
        return Ok(None);
    }
    let placed = order.history.last().map(|step| step.at);
    let since = holds::without_cover_since(prescriptions, zone.day(now)?, zone)?;
    Ok(since.zip(placed).map(|(since, placed)| since.max(placed)))
}

impl Releasing {
    /// Calls off what is due, then tells whom it concerns. What fails stays for the next run and holds up nothing else.
    ///
    /// # Errors
    /// The orders or the notices cannot be read.
    pub async fn run(&self) -> Result<Released> {
        let started = self.orders.clock.now();
        let mut run = Released::default();
        // What was placed later has not waited long enough, whatever became of its prescriptions.
        let mut after = OrderId::generate(started.minus(self.after));
        loop {
            let page = self.orders.store.in_status(Status::Placed, PAGE, Some(after)).await?;
            for order in page.iter().filter(|order| order.uncovered().any(|line| line.waited)) {
                if self.orders.clock.now().since(started) > ENOUGH {
                    return Ok(run);
                }
                match self.release(order.id, self.after).await {
                    Ok(released) => run.released += u32::from(released),
                    Err(error) => {
                        run.failed += 1;
                        tracing::error!(
                            error.code = error.code(),
                            error.cause = error.cause(),
                            "an order was not released"
                        );
                    }
                }
            }
            match page.last() {
                Some(last) if page.len() >= usize::from(PAGE) => after = last.id,
                _ => break,
            }
        }
        self.tell_all(&mut run).await?;
        Ok(run)
    }

    /// Calls off one order without waiting, if nothing can cover it any more, and tells whom it concerns.
    ///
    /// # Errors
    /// A service does not answer; the next run goes on.
    pub async fn run_for(&self, order: OrderId) -> Result<Released> {
        let released = u32::from(self.release(order, Duration::ZERO).await?);
        let mut run = Released { released, ..Released::default() };
        self.tell_all(&mut run).await?;
        Ok(run)
    }

    async fn tell_all(&self, run: &mut Released) -> Result<()> {
        for notice in self.notices.all().await? {
            match self.tell(&notice).await {
                Ok(told) => run.told += u32::from(told),
                Err(error) => {
                    run.failed += 1;
                    tracing::error!(error.code = error.code(), error.cause = error.cause(), "a customer was not told");
                }
            }
        }
        Ok(())
    }

    /// Whether the order was called off; one that has not waited so long for nothing is not.
    async fn release(&self, id: OrderId, wait: Duration) -> Result<bool> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            // Read anew: the index may lag behind, and every condition below is on this version.
            let Some(order) = self.orders.store.get(id).await? else { return Ok(false) };
            let (_, prescriptions) = self.orders.stands_on(&order).await?;
            let now = self.orders.clock.now();
            let since = given_up_since(&order, &prescriptions, now, &self.orders.zone)?;
            if since.is_none_or(|since| now.since(since) < wait) {
                return Ok(false);
            }
            let user = order.customer.clone();
            let next = order.stepped(Step { status: Status::Cancelled, at: now, by: Actor::System, user, note: None });
            // The trail names whose order it is: nobody else has done this.
            let actor = Origin::new("orders-release", None).actor(&order.customer, &BTreeSet::new());
            let entry = Entry::allowed(&actor, Action::ReleaseOrder, &order.customer, order.id, now);
            let mut writes = self.orders.give_back(&next).await?;
            writes.push(self.orders.store.save(&next)?);
            writes.push(self.orders.audit.action(&entry)?);
            writes.push(self.notices.write_down(&Notice::of(&next, now))?);
            if let Outcome::Done = transact(&self.orders.dynamo, writes).await? {
                return Ok(true);
            }
        }
        Err(Error::busy())
    }

    /// Whether somebody was told: nobody is who has gone meanwhile, or could not be reached for a week.
    async fn tell(&self, notice: &Notice) -> Result<bool> {
        let profile = self.profiles.find(&notice.customer).await?;
        let fresh = self.orders.clock.now().since(notice.at) < NOTICE_LIFETIME;
        let profile = profile.filter(|_| fresh);
        let language = profile.as_ref().map(|profile| profile.preferences.language).unwrap_or_default();
        let email = profile.as_ref().and_then(|profile| profile.email.as_ref()).map(To::Email);
        let phone = profile.as_ref().and_then(|profile| profile.phone.as_ref()).map(To::Phone);
        let to = email.or(phone);
        if let Some(to) = to {
            self.notifier.send(to, language, &Message::OrderReleased(notice.number.clone())).await?;
        }
        self.notices.forget(notice.order_id).await?;
        Ok(to.is_some())
    }
}
