//! The worker of recalls: finds every order that has units of a lot that was called back, and marks it.
//!
//! Whoever packs notes first that the order may have the lot, and packs only what may go out. So once a lot is called back its
//! notes name every order that has it. What is in a parcel is held by what the stock says; the mark keeps that it was. What is
//! out is told to its customer by the stream of the table, as every step of an order is: the mark is the event.
//!
//! - It runs twice: an order is marked once, and its customer told once of each recall, however many orders they have.
//! - Two at once: the order's version lets one through; the other finds the mark.
//! - It dies in the middle: the recall stays open. The next run looks at all orders again, marks those that have no mark, and
//!   counts the marks.

use std::time::Duration;

use super::order::Order;
use super::recalled::Tally;
use super::store::OrderStore;
use crate::audit::{Action, Audit, Entry, Origin, Outcome as Ended};
use crate::catalog::lots::LotStore;
use crate::catalog::recalls::{Recall, RecallStore};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::RecallId;

const ATTEMPTS: u32 = 6;
/// How many orders are read at once.
const PAGE: i32 = 100;
/// After this long a run begins nothing more, so that it is over when the next begins.
const ENOUGH: Duration = Duration::from_secs(45);

/// Follows recalls.
#[derive(Clone, Debug)]
pub struct Following {
    /// Where orders are.
    pub store: OrderStore,
    /// Which orders a lot may have gone into.
    pub lots: LotStore,
    /// Where recalls are.
    pub recalls: RecallStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// For transactions over all these tables.
    pub dynamo: Client,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FollowedUp {
    /// How many orders were marked.
    pub marked: u32,
    /// How many recalls were finished.
    pub finished: u32,
    /// How many orders or recalls could not be dealt with now; they stay for the next run.
    pub failed: u32,
}

impl Following {
    /// Follows every recall that is not finished. What fails holds up no other.
    ///
    /// # Errors
    /// The list of them cannot be read.
    pub async fn run(&self, origin: &Origin) -> Result<FollowedUp> {
        let started = self.clock.now();
        let mut run = FollowedUp::default();
        for id in self.recalls.open().await? {
            if let Err(error) = self.follow(id, origin, started, &mut run).await {
                run.failed += 1;
                tracing::error!(
                    recall.id = %id,
                    error.code = error.code(),
                    error.cause = error.cause(),
                    "a recall could not be followed"
                );
            }
        }
        Ok(run)
    }

    async fn follow(&self, id: RecallId, origin: &Origin, started: Timestamp, run: &mut FollowedUp) -> Result<()> {
        let Some(mut recall) = self.recalls.get(id).await? else { return Ok(()) };
        let (mut tally, mut after, failed) = (Tally::default(), None, run.failed);
        loop {
            let noted = self.lots.orders_of(recall.lot, after, PAGE).await?;
            let Some(last) = noted.last().copied() else { break };
            for order in self.store.get_many(&noted).await? {
                if self.clock.now().since(started) > ENOUGH {
                    return Ok(());
                }
                let order_id = order.id;
                match self.mark(order, &recall, origin).await {
                    Ok((order, new)) => {
                        run.marked += u32::from(new);
                        tally.count(&order, &recall);
                    }
                    Err(error) => {
                        run.failed += 1;
                        tracing::error!(
                            order.id = %order_id,
                            error.code = error.code(),
                            error.cause = error.cause(),
                            "an order was not marked"
                        );
                    }
                }
            }
            if let Some(further) = recall.further(tally.followed()) {
                // Refused: another run was quicker, and has counted the same.
                let (Outcome::Done | Outcome::Refused(_)) = self.recalls.save(&further).await?;
                recall = self.recalls.get(id).await?.ok_or_else(|| Error::internal("a recall is gone"))?;
            }
            after = Some(last);
        }
        if run.failed == failed && recall.finished_at.is_none() {
            let finished = recall.finished(tally.followed(), self.clock.now());
            run.finished += u32::from(matches!(self.recalls.finish(&finished).await?, Outcome::Done));
        }
        Ok(())
    }

    /// The order with the mark of a recall where it is to have one, and whether that is new.
    async fn mark(&self, mut order: Order, recall: &Recall, origin: &Origin) -> Result<(Order, bool)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            if attempt > 0 {
                let read = self.store.get_many(&[order.id]).await?.pop();
                order = read.ok_or_else(|| Error::internal("an order is gone"))?;
            }
            let Some(next) = order.marked(recall) else { return Ok((order, false)) };
            let now = self.clock.now();
            let entry = Entry::new(origin, Action::RecallOrder, Ended::Allowed, order.id, now).about(&order.customer);
            let writes = vec![self.store.save(&next)?, self.audit.action(&entry.detail(recall.id.to_string()))?];
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok((Order { version: order.version + 1, ..next }, true));
            }
        }
        Err(Error::busy())
    }
}
