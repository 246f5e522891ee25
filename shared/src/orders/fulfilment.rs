//! The use-cases of orders that were placed: seeing them, moving them along, cancelling them.

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join_all};

use super::gate::{self, Stage};
use super::holds::{self, Hold};
use super::listing::Listing;
use super::lot_holds;
use super::order::{Actor, Order, OrderLine, Step};
use super::packing::{Packing, was_packed};
use super::paid;
use super::problem::dispensing_refused;
use super::screener::Screener;
use super::screening::Screened;
use super::status::Status;
use super::store::OrderStore;
use super::supply_book::Supplied;
use super::view::Viewer;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::catalog::lots::LotStore;
use crate::catalog::{Stock, StockStore};
use crate::coupons::CouponStore;
use crate::identity::{Caller, Permission, Scope};
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Client, Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording::{self, Words};
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, PrescriptionStore, ledger};

pub(super) const ATTEMPTS: u32 = 6;
/// How many pages a filtered list reads before it answers with what it has and a cursor.
const MAX_PAGES: usize = 10;

/// Reads orders and moves them along.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Where orders are.
    pub store: OrderStore,
    /// Where stock is.
    pub stock: StockStore,
    /// Where lots are.
    pub lots: LotStore,
    /// Where prescriptions are.
    pub prescriptions: PrescriptionStore,
    /// What lines are screened with.
    pub screener: Screener,
    /// Where coupons are.
    pub coupons: CouponStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
    /// For transactions over all these tables.
    pub dynamo: Client,
    /// Where pictures are served from.
    pub media_base_url: String,
}

/// Which orders to list.
#[derive(Clone, Debug)]
pub struct ListOrders {
    /// Which of them.
    pub which: Listing,
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
    /// What whoever packs says of the parcel, when it is packed.
    pub packing: Packing,
    /// Products that the pharmacist leaves out, when it is verified.
    pub reject: Vec<ProductId>,
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

    /// What an order waits for. While it is placed or verified this costs a round trip, of its products' stock, its
    /// prescriptions and what is known of the patients side by side; in its parcel one of the stock, later nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn holds(&self, order: &Order) -> Result<Vec<Hold>> {
        let now = self.clock.now();
        let mut holds = paid::holds(order, now);
        holds.extend(order.return_holds());
        if matches!(order.status, Status::Placed | Status::Verified) {
            let reads = try_join(self.stands_on(order), self.screener.read_of(order));
            let ((stocks, prescriptions), reading) = reads.await?;
            let care = reading.care(Some(order.id), &order.overrides, self.zone.day(now)?);
            holds.extend(holds::of(order, &stocks, &prescriptions, &care, now, &self.zone)?);
            holds.extend(lot_holds::of(order, &stocks, &prescriptions, self.zone.day(now)?));
        } else if order.status == Status::Packed {
            let products: Vec<_> = order.lines.iter().map(|line| line.offer.product_id).collect();
            let stocks = self.stock.get_many_plain(&products).await?;
            holds.extend(lot_holds::of(order, &stocks, &[], self.zone.day(now)?));
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
        if !all {
            return self.list_own(caller, &scopes, list).await;
        }
        let start = list.which.start(list.after);
        let states = list.which.states(&Status::ALL).into_iter();
        let read = states.map(|status| self.store.in_status(status, limit, start));
        let mut orders: Vec<_> = try_join_all(read).await?.into_iter().flatten().collect();
        orders.sort_by_key(|order| std::cmp::Reverse(order.id));
        // It may have moved from one state to another between the reads.
        orders.dedup_by_key(|order| order.id);
        orders.retain(|order| !list.which.ends_before(order.id));
        Ok(cut(orders, list.limit))
    }

    /// The caller's own orders and those with their products. The state is filtered after the read, so several pages may
    /// be read for one.
    pub(super) async fn list_own(
        &self,
        caller: &Caller,
        scopes: &BTreeSet<Scope>,
        list: &ListOrders,
    ) -> Result<OrderPage> {
        let limit = list.limit.saturating_add(1);
        let mut found: Vec<Order> = Vec::new();
        let mut after = list.which.start(list.after);
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
            let oldest = page.last().map(|order| order.id);
            let last_page =
                page.len() < usize::from(limit) || oldest.is_some_and(|oldest| list.which.ends_before(oldest));
            after = oldest;
            found.extend(page.into_iter().filter(|order| list.which.takes(order)));
            if last_page || found.len() >= usize::from(limit) {
                return Ok(cut(found, list.limit));
            }
        }
        Ok(OrderPage { next: after, ..cut(found, list.limit) })
    }

    /// Moves an order along. At `verified` and `packed` it goes through the dispensing gate, and needs somebody else than
    /// who has ordered. One that is packed is packed anew where something in its parcel may not leave any more.
    ///
    /// Lines that are rejected at `verified` are left out: their units and fills go back, and the rest costs what it comes to.
    /// An order of which nothing would be left is cancelled.
    ///
    /// # Errors
    /// 400 for products at `reject` that are not in the order; 404; 403 `own_order`; 409 `invalid_transition`, `no_suitable_lot`,
    /// `serial_packed`; 412 where `precondition` does not hold; 422 `wrong_pack`, `dispensing_refused`; 503.
    pub async fn step(
        &self,
        caller: &Caller,
        id: OrderId,
        transition: &Transition,
        precondition: &Precondition,
        trace: &Trace,
    ) -> Result<(Order, Vec<Words>)> {
        let decide = |order: &Order| {
            four_eyes(order, &caller.user, transition.to)?;
            may_become(order, transition.to)?;
            order.check_rejected(&transition.reject)?;
            let nothing_left = !order.lines.is_empty() && transition.reject.len() == order.lines.len();
            let to = if nothing_left { Status::Cancelled } else { transition.to };
            let step = self.taken_by(caller, Actor::Pharmacy, to, transition.note.clone());
            let mut next = stepped(order, step)?;
            if !transition.reject.is_empty() && !nothing_left {
                next = next.without(&transition.reject, self.clock.now())?;
            }
            next.tracking = transition.tracking.clone().or(next.tracking);
            Ok(Some(next))
        };
        self.advance(id, precondition, (trace, Action::MoveOrder), &transition.packing, decide).await
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
        let step = (trace, Action::CancelOrder);
        Ok(self.advance(id, precondition, step, &Packing::default(), decide).await?.0)
    }

    /// Reads an order, decides on the next one, and writes it with all that it changes elsewhere and its entry on the
    /// trail, in one transaction; from the start again when anything it stands on has changed meanwhile. Of another's
    /// order a refusal is on the trail too, and so is that it was shown where there is nothing to do.
    async fn advance(
        &self,
        id: OrderId,
        precondition: &Precondition,
        (trace, action): (&Trace, Action),
        packing: &Packing,
        decide: impl Fn(&Order) -> Result<Option<Order>>,
    ) -> Result<(Order, Vec<Words>)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let order = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            let prepared = self.prepared(&order, decide(&order), precondition, packing).await;
            let Some((next, mut writes, warnings)) = self.noted(trace, action, &order, prepared).await? else {
                self.shown(trace, std::slice::from_ref(&order)).await?;
                return Ok((order, Vec::new()));
            };
            writes.push(self.audit.action(&Entry::allowed(trace, action, &order.customer, id, self.clock.now()))?);
            if let Outcome::Done = transact(&self.dynamo, writes).await? {
                return Ok((Order { version: order.version + 1, ..next }, warnings));
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
        packing: &Packing,
    ) -> Result<Option<(Order, Vec<Write>, Vec<Words>)>> {
        let Some(mut next) = decided? else { return Ok(None) };
        precondition.check(Some(order.version))?;
        let (mut writes, warnings) = self.effects(&mut next, packing).await?;
        writes.push(self.store.save(&next)?);
        Ok(Some((next, writes, warnings)))
    }

    /// `outcome`; where somebody was refused a step of another's order, that is on the trail first.
    pub(super) async fn noted<T>(&self, trace: &Trace, action: Action, order: &Order, outcome: Result<T>) -> Result<T> {
        if order.customer == trace.user {
            return outcome;
        }
        let refused = || Entry::refused(trace, action, &order.customer, order.id, self.clock.now());
        self.audit.noting(outcome, refused).await
    }

    pub(super) fn taken_by(&self, caller: &Caller, by: Actor, status: Status, note: Option<String>) -> Step {
        Step { status, at: self.clock.now(), by, user: caller.user.clone(), note }
    }

    /// What a step changes outside the order, as writes of its transaction; and what whoever takes it should know.
    async fn effects(&self, next: &mut Order, packing: &Packing) -> Result<(Vec<Write>, Vec<Words>)> {
        let writes = match next.status {
            Status::Verified => return self.through_gate(Stage::Verify, next, packing).await,
            Status::Packed => {
                if was_packed(next) && !self.is_to_be_packed_anew(next).await? {
                    return Err(invalid_transition(Status::Packed, Status::Packed));
                }
                return self.through_gate(Stage::Pack, next, packing).await;
            }
            Status::Shipped => self.ship(next).await?,
            Status::Cancelled => self.give_back(next, &next.customer).await?,
            // What was delivered is sold already, and what came back is quarantined: neither is stock again.
            Status::Placed | Status::Delivered | Status::Returned => Vec::new(),
        };
        Ok((writes, Vec::new()))
    }

    /// Everything is read anew and held to by the transaction: prescriptions that were withdrawn or have expired, and
    /// products that are another medicine or sold under a stricter law, stop the order here, and so does what screening
    /// finds by now and no pharmacist has decided about.
    async fn through_gate(
        &self,
        stage: Stage,
        next: &mut Order,
        packing: &Packing,
    ) -> Result<(Vec<Write>, Vec<Words>)> {
        let reads = try_join(self.stands_on(next), self.screener.read_of(next));
        let ((stocks, mut prescriptions), reading) = reads.await?;
        let before = prescriptions.clone();
        let mut released = Vec::new();
        // What was left out was left out in this step: an order is verified once.
        if stage == Stage::Verify {
            let rejected: Vec<_> = next.rejected_lines().map(|line| line.offer.product_id).collect();
            for line in next.rejected_lines() {
                released.push(self.stock.release(line.offer.product_id, line.quantity, &line.lots)?);
            }
            for prescription in &mut prescriptions {
                ledger::give_back_of(prescription, next.id, &rejected);
            }
        }
        let now = self.clock.now();
        let today = self.zone.day(now)?;
        let agreed = next.lines.clone();
        let lines: Vec<_> = agreed.iter().map(|line| line.in_gate(&stocks)).collect();
        let care = reading.care(Some(next.id), &next.overrides, today);
        let judgement = gate::judge(stage, next.id, &lines, &mut prescriptions, today, &care);
        let (pass, screening) = judgement.passed().map_err(|problems| dispensing_refused(&problems))?;
        let (mut writes, warnings) = match stage {
            Stage::Pack => self.pack(next, packing, &stocks, &prescriptions, today).await?,
            Stage::Place | Stage::Verify => {
                let offers = lines.iter().filter_map(|line| line.today);
                let checks = offers.map(|offer| self.stock.still_offered_as(offer));
                (checks.collect::<Result<Vec<_>>>()?, Vec::new())
            }
        };
        writes.extend(released);
        let changed = prescriptions.iter().filter(|after| !before.contains(after));
        for prescription in changed.clone() {
            writes.push(self.prescriptions.save(prescription)?);
        }
        for id in pass.relied_on.iter().filter(|id| changed.clone().all(|prescription| prescription.id != **id)) {
            writes.push(self.prescriptions.still_good(*id, today)?);
        }
        next.cover(&pass);
        // What is covered only now lasts as long as its prescription says, and what was left out is not taken.
        let left_out = stage == Stage::Verify && next.rejected_lines().next().is_some();
        if left_out || !pass.covered.is_empty() {
            let supplied = Supplied::by(next, &prescriptions, reading.supplied_on(next.id).unwrap_or(today));
            writes.push(self.screener.supplies.put_down(&next.customer, next.id, &supplied, now)?);
        }
        next.screened.push(Screened::of(&screening, next.status, now));
        Ok((writes, warnings))
    }

    /// The writes that give back what an order of `customer` has set aside: units, fills, the use of its coupon, and what the
    /// patients were to be supplied with.
    pub(super) async fn give_back(&self, next: &Order, customer: &UserId) -> Result<Vec<Write>> {
        let release = |line: &OrderLine| self.stock.release(line.offer.product_id, line.quantity, &line.lots);
        let mut writes = next.lines.iter().map(release).collect::<Result<Vec<_>>>()?;
        writes.push(self.screener.supplies.take_out(customer, next.id, self.clock.now())?);
        writes.extend(self.unpack_serials(next)?);
        let ids: Vec<PrescriptionId> = next.filled_from();
        let coupon = async {
            match &next.coupon {
                Some(agreed) => self.coupons.give_back(&agreed.code, customer, next.id).await,
                None => Ok(Vec::new()),
            }
        };
        let (prescriptions, coupon) = try_join(self.prescriptions.get_many(&ids), coupon).await?;
        writes.extend(coupon);
        for mut prescription in prescriptions {
            if ledger::give_back(&mut prescription, next.id) {
                writes.push(self.prescriptions.save(&prescription)?);
            }
        }
        Ok(writes)
    }

    /// Through whose eyes the caller sees an order that they may see.
    pub fn viewer<'a>(order: &Order, caller: &'a Caller) -> Viewer<'a> {
        let own = order.customer == caller.user;
        match caller.may_all(Permission::MoveOrders) {
            true => Viewer::Pharmacy { own },
            false if own => Viewer::Customer,
            false => Viewer::Seller(&caller.user),
        }
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
        let detail = wording::orders::own_order();
        return Err(Error::new(Kind::Forbidden, "own_order", detail));
    }
    Ok(())
}

/// The order after a step, if it may be taken.
pub(super) fn stepped(order: &Order, step: Step) -> Result<Order> {
    may_become(order, step.status)?;
    paid::admits(order, step.status)?;
    Ok(order.stepped(step))
}

fn may_become(order: &Order, to: Status) -> Result<()> {
    // Whether there is a reason to pack anew, the lots say.
    let anew = order.status == Status::Packed && to == Status::Packed;
    if anew || order.status.may_become(to) { Ok(()) } else { Err(invalid_transition(order.status, to)) }
}

fn invalid_transition(from: Status, to: Status) -> Error {
    let next: Vec<_> = from.next().iter().map(|status| status.as_str()).collect();
    let detail = match next.as_slice() {
        [] => wording::orders::is_at_its_end(from.as_str(), to.as_str()),
        next => wording::orders::invalid_transition(from.as_str(), to.as_str(), &next.join(", ")),
    };
    Error::conflict("invalid_transition", detail)
}
