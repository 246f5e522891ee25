//! Letting go of what is set aside for orders that can never go out: their prescriptions were rejected, refused or taken back,
//! or others were given that cover nothing, and their customers have had time to call them off themselves.
//!
//! - It runs twice, or two runs at once: the order's version lets one through; the other finds a cancelled order.
//! - It dies in the middle: the order is cancelled in one transaction, or not at all. Its customer is told of the step by the
//!   stream of the table, as of every other.

use std::collections::BTreeSet;
use std::time::Duration;

use super::fulfilment::Orders;
use super::gate::{self, Stage};
use super::holds;
use super::order::{Actor, Order, OrderLine, Step};
use super::problem::ProblemCode;
use super::screening::Care;
use super::status::Status;
use crate::audit::{Action, Entry, Origin};
use crate::catalog::Stock;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrderId;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, Status as Rx};

const ATTEMPTS: u32 = 6;
/// How many orders are read at once.
const PAGE: u16 = 50;
/// After this long a run begins nothing more; the function itself may run for five minutes.
const ENOUGH: Duration = Duration::from_secs(200);

/// Lets go.
#[derive(Clone, Debug)]
pub struct Releasing {
    /// Orders and what they stand on.
    pub orders: Orders,
    /// How long an order is kept that nothing covers any more.
    pub after: Duration,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// How many orders were called off.
    pub released: u32,
    /// How many could not be dealt with now.
    pub failed: u32,
}

/// Since when nothing can cover an order any more: lines of it waited for a review when it was placed and have no fill, of
/// its prescriptions some were rejected, refused or taken back, or are not those it was placed with, none is still to be
/// reviewed, and the gate finds none among the rest that covers these lines now or on a later day. `None` where one may, or
/// only the customer can tell what to do.
///
/// Giving others puts it off once: whoever gives any again and again, or none, keeps nothing from others by it.
fn given_up_since(
    order: &Order,
    stocks: &[Stock],
    prescriptions: &[Prescription],
    now: Timestamp,
    (zone, jurisdiction): (&Zone, Jurisdiction),
) -> Result<Option<Timestamp>> {
    let gone = |one: &Prescription| matches!(one.status, Rx::Rejected | Rx::Refused | Rx::Withdrawn);
    let to_come = |prescription: &Prescription| matches!(prescription.status, Rx::AwaitingUpload | Rx::Pending);
    let lost = order.given_anew.is_some() || prescriptions.iter().any(gone);
    if order.status != Status::Placed || !lost || prescriptions.iter().any(to_come) {
        return Ok(None);
    }
    let today = zone.day(now)?;
    let lines: Vec<_> = order.lines.iter().map(|line| line.in_gate(stocks)).collect();
    // What screening finds is passed over: it gives no order up.
    let care = Care { jurisdiction, ..Care::default() };
    let problems = gate::judge(Stage::Verify, order.id, &lines, &mut prescriptions.to_vec(), today, &care).problems;
    let refused = |line: &OrderLine| {
        let of_line = problems.iter().filter(|problem| problem.product_id == Some(line.offer.product_id));
        let codes =
            [ProblemCode::PrescriptionRequired, ProblemCode::PrescriptionInsufficient, ProblemCode::WrongPatient];
        of_line.into_iter().any(|problem| codes.contains(&problem.code))
    };
    if !order.uncovered().any(|line| line.waited && refused(line)) {
        return Ok(None);
    }
    let ends = prescriptions.iter().map(|one| holds::ended(one, today, zone)).collect::<Result<Vec<_>>>()?;
    let placed = order.history.last().map(|step| step.at);
    Ok(ends.into_iter().flatten().chain(order.given_anew).chain(placed).max())
}

impl Releasing {
    /// Calls off what is due. What fails stays for the next run and holds up nothing else.
    ///
    /// # Errors
    /// The orders cannot be read.
    pub async fn run(&self) -> Result<Released> {
        let started = self.orders.clock.now();
        let mut run = Released::default();
        // What was placed later has not waited long enough, whatever became of its prescriptions.
        let mut after = OrderId::generate(started.minus(self.after).plus(Duration::from_millis(1)));
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
        Ok(run)
    }

    /// Calls off one order without waiting, if nothing can cover it any more.
    ///
    /// # Errors
    /// A service does not answer; the next run goes on.
    pub async fn run_for(&self, order: OrderId) -> Result<Released> {
        let released = u32::from(self.release(order, Duration::ZERO).await?);
        Ok(Released { released, ..Released::default() })
    }

    /// Whether the order was called off; one that has not waited so long for nothing is not.
    async fn release(&self, id: OrderId, wait: Duration) -> Result<bool> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            // Read anew: the index may lag behind, and every condition below is on this version.
            let Some(order) = self.orders.store.get(id).await? else { return Ok(false) };
            let (stocks, prescriptions) = self.orders.stands_on(&order).await?;
            let now = self.orders.clock.now();
            let place = (&self.orders.zone, self.orders.screener.jurisdiction);
            let since = given_up_since(&order, &stocks, &prescriptions, now, place)?;
            if since.is_none_or(|since| now.since(since) < wait) {
                return Ok(false);
            }
            let user = order.customer.clone();
            let next = order.stepped(Step { status: Status::Cancelled, at: now, by: Actor::System, user, note: None });
            // The trail names whose order it is: nobody else has done this.
            let actor = Origin::new("orders-release", None).actor(&order.customer, &BTreeSet::new());
            let entry = Entry::allowed(&actor, Action::ReleaseOrder, &order.customer, order.id, now);
            let mut writes = self.orders.give_back(&next, &order.customer).await?;
            writes.push(self.orders.store.save(&next)?);
            writes.push(self.orders.audit.action(&entry)?);
            if let Outcome::Done = transact(&self.orders.dynamo, writes).await? {
                return Ok(true);
            }
        }
        Err(Error::busy())
    }
}
