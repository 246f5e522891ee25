//! The use-cases of orders that were placed: seeing them, moving them along, cancelling them.

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join_all};

use super::gate::{self, Stage};
use super::holds::{self, Hold};
use super::order::{Actor, Order, Step};
use super::paid;
use super::problem::dispensing_refused;
use super::status::Status;
use super::store::OrderStore;
use super::view::Viewer;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::catalog::{Stock, StockStore};
use crate::identity::{Caller, Permission, Scope};
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Client, Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{OrderId, PrescriptionId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, PrescriptionStore, ledger};

const ATTEMPTS: u32 = 6;
/// How many pages a filtered list reads before it answers with what it has and a cursor.
const MAX_PAGES: usize = 10;

/// Reads orders and moves them along.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Where orders are.
    pub store: OrderStore,
    /// Where stock is.
    pub stock: StockStore,
    /// Where prescriptions are.
    pub prescriptions: PrescriptionStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
    /// For transactions over all these tables.
    pub dynamo: Client,
}

/// Which orders to list.
#[derive(Clone, Debug)]
pub struct ListOrders {
    /// Those in this state alone.
    pub status: Option<Status>,
    /// How many at most.
    pub limit: u16,
    /// Those placed before this one.
    pub after: Option<OrderId>,
}

/// A page of orders, the newest first.
#[derive(Clone, Debug)]
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<Order>,
    /// Where the next page goes on, if there may be one.
    pub next: Option<OrderId>,
}

/// A step that the staff takes.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The state it shall come to.
    pub to: Status,
    /// A note for the history.
    pub note: Option<String>,
    /// The carrier's number or link, when it ships.
    pub tracking: Option<String>,
}

impl Orders {
    /// An order with what it waits for. A read by the staff is on the trail before it is answered.
    ///
    /// # Errors
    /// 404 for what does not exist or is not the caller's to see; 503, also when the trail cannot be written.
    pub async fn get(&self, caller: &Caller, id: OrderId, trace: &Trace) -> Result<(Order, Vec<Hold>)> {
        let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let scopes = caller.require(Permission::ReadOrders)?;
        if order.customer != caller.user {
            let visible = scopes.contains(&Scope::All)
                || (scopes.contains(&Scope::OwnLines) && order.sellers().contains(&caller.user));
            let entry = if visible { Entry::allowed } else { Entry::refused };
            let entry = entry(trace, Action::ReadOrder, &order.customer, id, self.clock.now());
            self.audit.append(&entry).await?;
            if !visible {
                return Err(Error::not_found());
            }
        }
        let holds = self.holds(&order).await?;
        Ok((order, holds))
    }

    /// What an order waits for. While it is placed or verified this costs a round trip, of its products' stock and its
    /// prescriptions side by side; later nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn holds(&self, order: &Order) -> Result<Vec<Hold>> {
        let now = self.clock.now();
        let mut holds = paid::holds(order, now);
        if matches!(order.status, Status::Placed | Status::Verified) {
            let (stocks, prescriptions) = self.stands_on(order).await?;
            holds.extend(holds::of(order, &stocks, &prescriptions, now, &self.zone)?);
        }
        Ok(holds)
    }

    /// What an order stands on: today's stock of its products, and those of the prescriptions given with it that are the
    /// customer's, the oldest first.
    pub(super) async fn stands_on(&self, order: &Order) -> Result<(Vec<Stock>, Vec<Prescription>)> {
        let products: Vec<_> = order.lines.iter().map(|line| line.offer.product_id).collect();
        let reads = try_join(self.stock.get_many(&products), self.prescriptions.get_many(&order.prescription_ids));
        let (stocks, mut prescriptions) = reads.await?;
        prescriptions.retain(|prescription| prescription.owner == order.customer);
        prescriptions.sort_unstable_by_key(|prescription| prescription.id);
        Ok((stocks, prescriptions))
    }

    /// A page of the orders that the caller may see, of at most a hundred. Each of them that is another's is on the trail
    /// before it is shown.
    ///
    /// # Errors
    /// 403 for a role that sees none; 503, also when the trail cannot be written.
    pub async fn list(&self, caller: &Caller, list: &ListOrders, trace: &Trace) -> Result<OrderPage> {
        let page = self.page(caller, list).await?;
        self.shown(trace, &page.orders).await?;
        Ok(page)
    }

    /// Puts on the trail which of `orders`, about to be shown, are others'.
    pub(super) async fn shown(&self, trace: &Trace, orders: &[Order]) -> Result<()> {
        let now = self.clock.now();
        let others = orders.iter().filter(|order| order.customer != trace.user);
        let read = |order: &Order| Entry::allowed(trace, Action::ReadOrder, &order.customer, order.id, now);
        let entries: Vec<_> = others.map(read).collect();
        if entries.is_empty() { Ok(()) } else { self.audit.append_all(&entries).await }
    }

    async fn page(&self, caller: &Caller, list: &ListOrders) -> Result<OrderPage> {
        let scopes = caller.require(Permission::ReadOrders)?;
        // One more than asked for tells whether there is a next page.
        let limit = list.limit.saturating_add(1);
        let all = scopes.contains(&Scope::All);
        let mut orders = match list.status {
            Some(status) if all => self.store.in_status(status, limit, list.after).await?,
            None if all => {
                let states = Status::ALL.map(|status| self.store.in_status(status, limit, list.after));
                try_join_all(states).await?.into_iter().flatten().collect()
            }
            _ => return self.list_own(caller, &scopes, list).await,
        };
        orders.sort_by_key(|order| std::cmp::Reverse(order.id));
        Ok(cut(orders, list.limit))
    }

    /// The caller's own orders and those with their products. The state is filtered after the read, so several pages may
    /// be read for one.
    async fn list_own(&self, caller: &Caller, scopes: &BTreeSet<Scope>, list: &ListOrders) -> Result<OrderPage> {
        let limit = list.limit.saturating_add(1);
        let mut found: Vec<Order> = Vec::new();
        let mut after = list.after;
        for _ in 0..MAX_PAGES {
            let own = async {
                if scopes.contains(&Scope::Own) {
                    self.store.of_customer(&caller.user, limit, after).await
                } else {
                    Ok(Vec::new())
                }
            };
            let sold = async {
                if scopes.contains(&Scope::OwnLines) {
                    self.store.of_seller(&caller.user, limit, after).await
                } else {
                    Ok(Vec::new())
                }
            };
            let (own, sold) = try_join(own, sold).await?;
            let mut page: Vec<Order> = own.into_iter().chain(sold).collect();
            page.sort_by_key(|order| std::cmp::Reverse(order.id));
            page.dedup_by_key(|order| order.id);
            page.truncate(usize::from(limit));
            let last_page = page.len() < usize::from(limit);
            after = page.last().map(|order| order.id);
            found.extend(page.into_iter().filter(|order| list.status.is_none_or(|status| order.status == status)));
            if last_page || found.len() >= usize::from(limit) {
                return Ok(cut(found, list.limit));
            }
        }
        Ok(OrderPage { next: after, ..cut(found, list.limit) })
    }

    /// Moves an order along. At `verified` and `packed` it goes through the dispensing gate, and needs somebody else than
    /// who has ordered.
    ///
    /// # Errors
    /// 404; 403 `own_order`; 409 `invalid_transition`; 412 where `precondition` does not hold; 422 `dispensing_refused`; 503.
    pub async fn step(
        &self,
        caller: &Caller,
        id: OrderId,
        transition: &Transition,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<Order> {
        let decide = |order: &Order| {
            four_eyes(order, &caller.user, transition.to)?;
            let step = self.taken_by(caller, Actor::Pharmacy, transition.to, transition.note.clone());
            let mut next = stepped(order, step)?;
            next.tracking = transition.tracking.clone().or(next.tracking);
            Ok(Some(next))
        };
        self.advance(id, precondition, (trace, Action::MoveOrder), decide).await
    }

    /// Cancels an order that has not left the house: stock, fills and payment go back, once. An order that is cancelled
    /// already stays so.
    ///
    /// # Errors
    /// 404 for what does not exist or is another's; 409 `invalid_transition` once shipped; 412; 503.
    pub async fn cancel(
        &self,
        caller: &Caller,
        id: OrderId,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<Order> {
        let everybodys = caller.may_all(Permission::CancelOrders);
        let decide = |order: &Order| {
            let own = order.customer == caller.user;
            if !own && !everybodys {
                return Err(Error::not_found());
            }
            if order.status == Status::Cancelled {
                return Ok(None);
            }
            let actor = if own { Actor::Customer } else { Actor::Pharmacy };
            stepped(order, self.taken_by(caller, actor, Status::Cancelled, None)).map(Some)
        };
        self.advance(id, precondition, (trace, Action::CancelOrder), decide).await
    }

    /// Reads an order, decides on the next one, and writes it with all that it changes elsewhere and its entry on the
    /// trail, in one transaction; from the start again when anything it stands on has changed meanwhile. Of another's
    /// order a refusal is on the trail too, and so is that it was shown where there is nothing to do.
    async fn advance(
        &self,
        id: OrderId,
        precondition: &Precondition,
        (trace, action): (&Trace, Action),
        decide: impl Fn(&Order) -> Result<Option<Order>>,
    ) -> Result<Order> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            let prepared = self.prepared(&order, decide(&order), precondition).await;
            let Some((next, mut writes)) = self.noted(trace, action, &order, prepared).await? else {
                self.shown(trace, std::slice::from_ref(&order)).await?;
                return Ok(order);
            };
            writes.push(self.audit.action(&Entry::allowed(trace, action, &order.customer, id, self.clock.now()))?);
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok(Order { version: order.version + 1, ..next });
            }
        }
        Err(Error::busy())
    }

    /// The order as it was decided to be, with the writes that make it so; nothing where it is so already.
    async fn prepared(
        &self,
        order: &Order,
        decided: Result<Option<Order>>,
        precondition: &Precondition,
    ) -> Result<Option<(Order, Vec<Write>)>> {
        let Some(mut next) = decided? else { return Ok(None) };
        precondition.check(Some(order.version))?;
        let mut writes = self.effects(&mut next).await?;
        writes.push(self.store.save(&next)?);
        Ok(Some((next, writes)))
    }

    /// `outcome`; where somebody was refused a step of another's order, that is on the trail first.
    async fn noted<T>(&self, trace: &Trace, action: Action, order: &Order, outcome: Result<T>) -> Result<T> {
        if order.customer == trace.user {
            return outcome;
        }
        let refused = || Entry::refused(trace, action, &order.customer, order.id, self.clock.now());
        self.audit.noting(outcome, refused).await
    }

    fn taken_by(&self, caller: &Caller, by: Actor, status: Status, note: Option<String>) -> Step {
        Step { status, at: self.clock.now(), by, user: caller.user.clone(), note }
    }

    /// What a step changes outside the order, as writes of its transaction.
    async fn effects(&self, next: &mut Order) -> Result<Vec<Write>> {
        match next.status {
            Status::Verified => self.through_gate(Stage::Verify, next).await,
            Status::Packed => self.through_gate(Stage::Pack, next).await,
            Status::Shipped => {
                let ship = |line: &super::order::OrderLine| self.stock.ship(line.offer.product_id, line.quantity);
                next.lines.iter().map(ship).collect()
            }
            Status::Cancelled => self.give_back(next).await,
            // What was delivered is sold already, and what came back is quarantined: neither is stock again.
            Status::Placed | Status::Delivered | Status::Returned => Ok(Vec::new()),
        }
    }

    /// Everything is read anew and held to by the transaction: prescriptions that were withdrawn or have expired, and
    /// products that are another medicine or sold under a stricter law, stop the order here.
    async fn through_gate(&self, stage: Stage, next: &mut Order) -> Result<Vec<Write>> {
        let (stocks, mut prescriptions) = self.stands_on(next).await?;
        let before = prescriptions.clone();
        let lines: Vec<_> = next.lines.iter().map(|line| line.in_gate(&stocks)).collect();
        let today = self.zone.day(self.clock.now())?;
        let judgement = gate::judge(stage, next.id, &lines, &mut prescriptions, today);
        let pass = judgement.passed().map_err(|problems| dispensing_refused(&problems))?;
        let mut writes = Vec::new();
        for offer in lines.iter().filter_map(|line| line.today) {
            writes.push(self.stock.still_offered_as(offer)?);
        }
        let changed = prescriptions.iter().filter(|after| !before.contains(after));
        for prescription in changed.clone() {
            writes.push(self.prescriptions.save(prescription)?);
        }
        for id in pass.relied_on.iter().filter(|id| changed.clone().all(|prescription| prescription.id != **id)) {
            writes.push(self.prescriptions.still_good(*id, today)?);
        }
        next.cover(&pass);
        Ok(writes)
    }

    pub(super) async fn give_back(&self, next: &Order) -> Result<Vec<Write>> {
        let release = |line: &super::order::OrderLine| self.stock.release(line.offer.product_id, line.quantity);
        let mut writes = next.lines.iter().map(release).collect::<Result<Vec<_>>>()?;
        let ids: Vec<PrescriptionId> = next.filled_from();
        for mut prescription in self.prescriptions.get_many(&ids).await? {
            if ledger::give_back(&mut prescription, next.id) {
                writes.push(self.prescriptions.save(&prescription)?);
            }
        }
        Ok(writes)
    }

    /// Through whose eyes the caller sees an order that they may see.
    pub fn viewer<'a>(order: &Order, caller: &'a Caller) -> Viewer<'a> {
        let whole = order.customer == caller.user || caller.may_all(Permission::ReadOrders);
        if whole { Viewer::Whole } else { Viewer::Seller(&caller.user) }
    }
}

fn cut(mut orders: Vec<Order>, limit: u16) -> OrderPage {
    let more = orders.len() > usize::from(limit);
    orders.truncate(usize::from(limit));
    OrderPage { next: orders.last().filter(|_| more).map(|order| order.id), orders }
}

/// Two people look at what is dispensed: nobody verifies or packs what they have ordered themselves.
fn four_eyes(order: &Order, user: &UserId, to: Status) -> Result<()> {
    if order.customer == *user && matches!(to, Status::Verified | Status::Packed) {
        let detail = "Somebody else has to verify and pack what you have ordered yourself.";
        return Err(Error::new(Kind::Forbidden, "own_order", detail));
    }
    Ok(())
}

/// The order after a step, if it may be taken.
fn stepped(order: &Order, step: Step) -> Result<Order> {
    if !order.status.may_become(step.status) {
        return Err(invalid_transition(order.status, step.status));
    }
    paid::admits(order, step.status)?;
    Ok(order.stepped(step))
}

fn invalid_transition(from: Status, to: Status) -> Error {
    let next: Vec<_> = from.next().iter().map(|status| status.as_str()).collect();
    let next = if next.is_empty() { "nothing".to_owned() } else { next.join(" or ") };
    let detail = format!("An order that is {} cannot become {}; next is {next}.", from.as_str(), to.as_str());
    Error::conflict("invalid_transition", detail)
}
