//! Checkout: from a cart to an order in two round trips, whatever the cart holds.
//!
//! The first reads the cart, the address, the prescriptions and what is known of the patient side by side. The second is
//! one transaction: each line's stock under the terms that the customer agreed to, the fill ledgers, the order, the book of
//! what the patient was supplied with, and the cart at the version that was read. All of it happens or none of it.
//!
//! - It runs twice: the order's `Idempotency-Key` is marked on the cart that the same transaction writes. The second run
//!   finds the mark and answers with the first run's order.
//! - It runs twice at once: the cart's version lets one through; the other reads again and finds the mark.
//! - It dies in the middle: before the transaction nothing has happened, after it everything has, mark included.

use std::sync::Arc;

use futures_util::future::{join, try_join, try_join5};
use serde::Serialize;
use utoipa::ToSchema;

use super::cart::{Cart, CartLine, PlacedMark};
use super::gate::{self, Judgement, Stage};
use super::number::OrderNumber;
use super::order::{Actor, Order, OrderLine, Step};
use super::pricing::{DeliveryRule, Priced, PricedLine, Totals};
use super::problem::{CheckoutProblem, ProblemCode, refusal};
use super::request::{DeliverTo, PlaceOrder, address_required};
use super::screener::{Reading, Screener};
use super::screening::Screened;
use super::screening_view::ScreeningView;
use super::status::Status;
use super::store::OrderStore;
use super::supply_book::{Supplied, SupplyBook};
use crate::accounts::AddressBook;
use crate::accounts::address::PostalAddress;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::catalog::{Stock, StockStore};
use crate::coupons::{CouponStore, Standing};
use crate::delivery::{Deliveries, Place, Rate, Zones};
use crate::patients::{Patient, Patients};
use crate::payments::{Payment, PaymentMethod};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, Refusal, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::idempotency::{self, Answered, Idempotency};
use crate::platform::ids::{PatientId, ProductId, UserId};
use crate::platform::wording::{self, Words};
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, PrescriptionStore};

pub(super) const ATTEMPTS: u32 = 6;
/// A transaction holds a hundred actions: 50 lines, 10 prescriptions, the coupon and its use, the order, the cart and the book
/// of supplies leave room for these, and for the patients of other lines.
const MAX_SELLERS: usize = 25;
/// How many patients beside the customer one order is for.
const MAX_OTHERS: usize = 10;

/// Places orders.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// Where carts and orders are.
    pub orders: OrderStore,
    /// Where stock is.
    pub stock: StockStore,
    /// Where prescriptions are.
    pub prescriptions: PrescriptionStore,
    /// Where coupons are.
    pub coupons: CouponStore,
    /// Where saved addresses are.
    pub addresses: AddressBook,
    /// Whom lines are for.
    pub patients: Patients,
    /// What lines are screened with.
    pub screener: Screener,
    /// What the pharmacy keeps of what sellers earn, in hundredths of a percent.
    pub seller_fee: u32,
    /// What delivery costs where.
    pub delivery: Deliveries,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
    /// For the transaction over all these tables.
    pub dynamo: Client,
}

/// What an order needs beside the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// A prescription.
    Prescription,
}

/// What would happen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CheckoutPreview)]
pub struct Preview {
    /// The sums.
    pub totals: Totals,
    /// What stands between the cart and an order; empty when it can be placed.
    pub problems: Vec<CheckoutProblem>,
    /// What the order needs.
    pub requires: Vec<Requirement>,
    /// What the rules of medicine say of the lines. What is to be held for a pharmacist holds the order, and is no problem.
    pub screening: ScreeningView,
}

/// What a checkout reads in its first round trip.
pub(super) struct Situation {
    pub(super) cart: Cart,
    address: Option<PostalAddress>,
    /// The customer's own of those that were named.
    pub(super) prescriptions: Vec<Prescription>,
    /// What the lines are screened with.
    reading: Reading,
    /// The delivery zones.
    zones: Arc<Zones>,
}

/// What is known of today beside what the cart remembers: the rest is taken for today's, which the transaction makes sure of.
#[derive(Default)]
pub(super) struct Known {
    /// The stock of products of the cart; `None` where there is no such product.
    pub(super) stocks: Vec<(ProductId, Option<Stock>)>,
    /// How it stands with the coupon of the cart.
    pub(super) coupon: Option<Standing>,
}

impl Known {
    const fn is_empty(&self) -> bool {
        self.stocks.is_empty() && self.coupon.is_none()
    }
}

/// An order that only needs the transaction's consent.
pub(super) struct Draft {
    pub(super) order: Order,
    book: SupplyBook,
    prescriptions: Vec<Prescription>,
    pub(super) problems: Vec<CheckoutProblem>,
}

impl Checkout {
    /// Places an order, or says for every line why not. Who names another's prescription is on the trail before they
    /// are refused.
    ///
    /// # Errors
    /// 422 `checkout_problems` with nothing changed; 422 `idempotency_key_reused`; 400 for an address or prescription that
    /// is not the customer's; 429 after too many orders in a day; 503, also when the trail cannot be written.
    pub async fn place(&self, customer: &Trace, command: &PlaceOrder, key: &Idempotency) -> Result<Answered<Order>> {
        if command.deliver_to == DeliverTo::Unsaid {
            return Err(vec![address_required()].into());
        }
        let user = &customer.user;
        let mut known = Known::default();
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let situation = self.read(customer, command).await?;
            let now = self.clock.now();
            if let Some(mark) = situation.cart.placed_under(&key.key, now) {
                return self.replay(mark, key).await;
            }
            // What was put in before offers said what their labels say is looked up, to be screened by it.
            if known.is_empty() && situation.cart.lines.iter().any(|line| line.offer.label.is_none()) {
                known = self.today(user, &situation.cart).await?;
            }
            let mut draft = self.draft(user, command, &situation, &known, now)?;
            if !draft.problems.is_empty() {
                // What stands against it may be what the cart remembers and not what holds today. Only this path pays for
                // the extra read.
                known = self.today(user, &situation.cart).await?;
                draft = self.draft(user, command, &situation, &known, now)?;
            }
            if !draft.problems.is_empty() {
                return Err(refusal(&draft.problems));
            }
            let mark = PlacedMark {
                key: key.key.clone(),
                fingerprint: key.fingerprint.clone(),
                order_id: draft.order.id,
                at: now,
            };
            let cart = situation.cart.ordered(mark)?;
            match transact(&self.dynamo, self.writes(user, &draft, &cart, now)?).await? {
                Outcome::Done => return Ok(Answered { answer: draft.order, replayed: false }),
                Outcome::Refused(refusals) => known = self.learn(refusals, &situation.cart).await?,
            }
            if !known.is_empty() {
                let draft = self.draft(user, command, &situation, &known, now)?;
                if !draft.problems.is_empty() {
                    return Err(refusal(&draft.problems));
                }
            }
        }
        Err(Error::busy())
    }

    /// What would happen if the order were placed now; nothing changes. Another's prescription is refused as by
    /// [`Self::place`].
    ///
    /// # Errors
    /// 400 for an address or prescription that is not the customer's; 503, also when the trail cannot be written.
    pub async fn preview(&self, customer: &Trace, command: &PlaceOrder) -> Result<Preview> {
        let situation = self.read(customer, command).await?;
        let known = self.today(&customer.user, &situation.cart).await?;
        let now = self.clock.now();
        let Draft { order, problems, .. } = self.draft(&customer.user, command, &situation, &known, now)?;
        let needs = |line: &OrderLine| line.offer.legal_status.prescription_required();
        let requires = order.lines.iter().any(needs).then_some(Requirement::Prescription);
        let requires = requires.into_iter().collect();
        let screened = order.screened.first().ok_or_else(|| Error::internal("a draft was not screened"))?;
        Ok(Preview { totals: order.totals, problems, requires, screening: screened.into() })
    }

    /// The cart and what is named beside it. Who names another's prescription is on the trail before anything is answered.
    pub(super) async fn read(&self, customer: &Trace, command: &PlaceOrder) -> Result<Situation> {
        let user = &customer.user;
        let address = async {
            match &command.deliver_to {
                DeliverTo::Given(address) => Ok(Some(address.clone())),
                DeliverTo::Saved(id) => Ok(self.addresses.find(user, *id).await?.map(|saved| saved.postal)),
                DeliverTo::Unsaid => Ok(None),
            }
        };
        let named = command.prescriptions();
        let prescriptions = self.prescriptions.get_many(&named);
        let (carts, zones) = (self.orders.cart(user), self.delivery.zones());
        let reads = try_join5(carts, address, prescriptions, self.screener.read(user), zones);
        let (cart, address, found, reading, zones) = reads.await?;
        let (mut prescriptions, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|prescription| prescription.owner == *user);
        // The oldest first, so that what expires first is used first and the same request does the same twice.
        prescriptions.sort_unstable_by_key(|prescription| prescription.id);
        self.note_others(customer, &others, self.clock.now()).await?;
        let mut situation = Situation { cart, address, prescriptions, reading, zones };
        self.for_whom(user, command, &mut situation).await?;
        Ok(situation)
    }

    /// Puts down the order's patient where a line names none, and reads what is on record about whom the lines are for beside
    /// the owner of the account, whose records were read with the cart.
    async fn for_whom(&self, user: &UserId, command: &PlaceOrder, situation: &mut Situation) -> Result<()> {
        let Situation { cart, reading, .. } = situation;
        let patients = cart.lines.iter().filter_map(|line| line.patient).chain(command.patient_id);
        let patients: Vec<_> = patients.collect();
        let chosen = self.patients.chosen(user, command.patient_id);
        let (chosen, ()) = join(chosen, self.screener.read_more(reading, patients)).await;
        if let Some(patient) = chosen? {
            for line in &mut cart.lines {
                line.patient = line.patient.or(Some(patient));
            }
        }
        Ok(())
    }

    /// Reads what is on record about one more patient.
    pub(super) async fn read_more(&self, situation: &mut Situation, patient: Option<PatientId>) {
        self.screener.read_more(&mut situation.reading, patient).await;
    }

    /// Puts on the trail that `customer` named prescriptions of others, which [`named`] refuses.
    async fn note_others(&self, customer: &Trace, others: &[Prescription], now: Timestamp) -> Result<()> {
        let action = Action::ReadPrescription;
        let refused = |other: &Prescription| Entry::refused(customer, action, &other.owner, other.id, now);
        let entries: Vec<_> = others.iter().map(refused).collect();
        if entries.is_empty() { Ok(()) } else { self.audit.append_all(&entries).await }
    }

    /// The order as it would be, and everything that stands against it.
    pub(super) fn draft(
        &self,
        customer: &UserId,
        command: &PlaceOrder,
        situation: &Situation,
        known: &Known,
        now: Timestamp,
    ) -> Result<Draft> {
        let address = named(command, situation)?;
        let id = OrderNumber::draw(now).id();
        let lines: Vec<_> = situation.cart.lines.iter().map(|line| in_gate(line, known)).collect();
        let mut prescriptions = situation.prescriptions.clone();
        let today = self.zone.day(now)?;
        let care = situation.reading.care(None, &[], today);
        let Judgement { pass, mut problems, screening } =
            gate::judge(Stage::Place, id, &lines, &mut prescriptions, today, &care);
        let offer = |line: &gate::Line<'_>| line.today.unwrap_or(line.agreed).clone();
        let agreed = situation.cart.coupon.as_ref();
        let held = agreed.map(|agreed| known.coupon.clone().unwrap_or_default().holds(agreed, now)).transpose();
        let coupon = agreed.filter(|_| held.is_ok());
        let priced = |line: &gate::Line<'_>| {
            let offer = line.today.unwrap_or(line.agreed);
            let prescription = offer.legal_status.prescription_required();
            PricedLine { price: offer.price, quantity: line.quantity, prescription }
        };
        let to_price: Vec<_> = lines.iter().map(priced).collect();
        // Who has not said where to sees what delivery costs where no zone says otherwise, as in the cart.
        let rate = match &address {
            Some(address) => self.delivery.rate(&situation.zones, &Place::from(address)),
            None => Some(self.delivery.flat.clone()),
        };
        let rule = DeliveryRule::from(rate.as_ref().unwrap_or(&self.delivery.flat));
        let Priced { totals, discounts, refusal } = rule.priced(&to_price, coupon.map(|agreed| &agreed.terms))?;
        problems.extend(delivery_problem(command, rate.as_ref()));
        problems.extend(held.err().or(refusal).map(|refusal| CheckoutProblem::coupon(&refusal)));
        let mut order = Order {
            id,
            customer: customer.clone(),
            status: Status::Placed,
            lines: lines
                .iter()
                .zip(&discounts)
                .map(|(line, discount)| OrderLine {
                    offer: offer(line),
                    quantity: line.quantity,
                    prescription_id: None,
                    waited: pass.waiting.contains(&line.agreed.product_id),
                    patient: line.patient,
                    lots: Vec::new(),
                    discount: discount.amount(),
                })
                .collect(),
            totals,
            coupon: coupon.cloned(),
            zone: rate.and_then(|rate| rate.zone),
            as_placed: None,
            returns: Vec::new(),
            seller_fee: self.seller_fee,
            address,
            payment: Payment::new(command.payment_method, totals.total, now),
            prescription_ids: command.prescriptions(),
            given_first: None,
            given_anew: None,
            note: command.note.clone(),
            tracking: None,
            history: vec![Step {
                status: Status::Placed,
                at: now,
                by: Actor::Customer,
                user: customer.clone(),
                note: None,
            }],
            screened: vec![Screened::of(&screening, Status::Placed, now)],
            overrides: Vec::new(),
            recalls: Vec::new(),
            erased: None,
            version: 1,
        };
        order.cover(&pass);
        problems.extend(patient_problems(&order, &situation.reading.patients));
        problems.extend(whole_order_problems(command, &order));
        let taken_from = prescriptions.clone();
        prescriptions.retain(|after| !situation.prescriptions.contains(after));
        let book = situation.reading.book.with(id, Supplied::by(&order, &taken_from, today), today);
        if book.is_none() {
            let detail = wording::orders::too_much_for_a_patient();
            problems.push(CheckoutProblem::order(ProblemCode::LimitExceeded, detail));
        }
        Ok(Draft { order, book: book.unwrap_or_default(), prescriptions, problems })
    }

    /// The transaction, the stock of each line first, in the cart's order, then the coupon and its use, then the cart:
    /// [`Self::learn`] counts on it.
    pub(super) fn writes(&self, user: &UserId, draft: &Draft, cart: &Cart, now: Timestamp) -> Result<Vec<Write>> {
        let reserve = |line: &OrderLine| self.stock.reserve(&line.offer, line.quantity);
        let mut writes = draft.order.lines.iter().map(reserve).collect::<Result<Vec<_>>>()?;
        if let Some(agreed) = &draft.order.coupon {
            writes.extend(self.coupons.take(agreed, user, draft.order.id)?);
        }
        writes.push(self.orders.replace_cart(user, cart, now)?);
        writes.extend(self.orders.create(&draft.order)?);
        writes.push(self.screener.supplies.replace(user, &draft.book, now)?);
        for prescription in &draft.prescriptions {
            writes.push(self.prescriptions.save(prescription)?);
        }
        for patient in draft.order.patients() {
            writes.extend(self.patients.keep(user, Some(patient))?);
        }
        Ok(writes)
    }

    pub(super) async fn replay(&self, mark: &PlacedMark, key: &Idempotency) -> Result<Answered<Order>> {
        if mark.fingerprint != key.fingerprint {
            return Err(idempotency::reused());
        }
        let order = self.orders.get(mark.order_id).await?;
        let order = order.ok_or_else(|| Error::internal("a cart's mark names no order"))?;
        Ok(Answered { answer: order.first(), replayed: true })
    }

    /// Today's stock of all products of the cart, and how it stands with its coupon.
    async fn today(&self, user: &UserId, cart: &Cart) -> Result<Known> {
        let products: Vec<_> = cart.lines.iter().map(|line| line.offer.product_id).collect();
        let coupon = async {
            match &cart.coupon {
                Some(agreed) => self.coupons.standing(&agreed.code, user).await.map(Some),
                None => Ok(None),
            }
        };
        let (mut stocks, coupon) = try_join(self.stock.get_many(&products), coupon).await?;
        let mut of = |product| {
            let place = stocks.iter().position(|stock| stock.offer.product_id == product);
            (product, place.map(|place| stocks.swap_remove(place)))
        };
        Ok(Known { stocks: products.into_iter().map(&mut of).collect(), coupon })
    }

    /// What a refused transaction tells of today's stock and of the coupon. Nothing where anything else has changed too: it may
    /// be that the same request, sent twice, has just taken the last units, and the next attempt finds its order.
    async fn learn(&self, refusals: Vec<Refusal>, cart: &Cart) -> Result<Known> {
        let coupon = cart.lines.len();
        let after = coupon + if cart.coupon.is_some() { 2 } else { 0 };
        if refusals.iter().any(|refusal| refusal.index >= after) {
            return Ok(Known::default());
        }
        let mut known = Known::default();
        for refused in refusals {
            let Some(line) = cart.lines.get(refused.index) else {
                let standing = known.coupon.get_or_insert_default();
                CouponStore::learn(standing, refused.index == coupon, refused.current)?;
                continue;
            };
            let stock = match refused.current {
                Some(item) => self.stock.completed(vec![StockStore::from_item(item)?]).await?.pop(),
                None => None,
            };
            known.stocks.push((line.offer.product_id, stock));
        }
        Ok(known)
    }
}

fn in_gate<'a>(line: &'a CartLine, known: &'a Known) -> gate::Line<'a> {
    match known.stocks.iter().find(|(product, _)| *product == line.offer.product_id) {
        Some((_, stock)) => line.in_gate(stock.as_ref()),
        None => line.as_agreed(),
    }
}

/// The address of the order, where one is said, when everything that the command names is the customer's.
fn named(command: &PlaceOrder, situation: &Situation) -> Result<Option<PostalAddress>> {
    let mut errors = FieldErrors::new();
    for (index, id) in command.prescription_ids.iter().enumerate() {
        if !situation.prescriptions.iter().any(|prescription| prescription.id == *id) {
            errors.push(
                Invalid::new("not_found", wording::orders::no_such_prescription())
                    .at(format!("prescription_ids[{index}]")),
            );
        }
    }
    if situation.address.is_none() && command.deliver_to != DeliverTo::Unsaid {
        errors.push(Invalid::new("not_found", wording::orders::no_such_address()).at("address_id"));
    }
    if errors.is_empty() { Ok(situation.address.clone()) } else { Err(errors.into()) }
}

/// Lines for somebody who was removed since they were put in the cart.
fn patient_problems(order: &Order, patients: &[Patient]) -> Vec<CheckoutProblem> {
    let open = |id: PatientId| patients.iter().any(|patient| patient.id == id && patient.closed_at.is_none());
    let gone = order.lines.iter().filter(|line| line.patient.is_some_and(|id| !open(id)));
    gone.map(|line| CheckoutProblem::patient_removed(line.offer.product_id)).collect()
}

/// What stands against delivering there, and against being paid like that at the door.
fn delivery_problem(command: &PlaceOrder, rate: Option<&Rate>) -> Option<CheckoutProblem> {
    let problem = |code, detail: Words| Some(CheckoutProblem::order(code, detail));
    match rate {
        None => problem(ProblemCode::NotDeliverable, wording::orders::not_delivered_there()),
        Some(rate) if command.payment_method == PaymentMethod::Cod && !rate.cod => {
            problem(ProblemCode::MethodUnavailable, wording::orders::no_cash_there())
        }
        Some(_) => None,
    }
}

fn whole_order_problems(command: &PlaceOrder, order: &Order) -> Vec<CheckoutProblem> {
    let mut problems = Vec::new();
    if order.lines.is_empty() {
        problems.push(CheckoutProblem::order(ProblemCode::CartEmpty, wording::orders::cart_empty()));
    }
    if order.patients().len() > MAX_OTHERS {
        let detail = wording::orders::too_many_others(MAX_OTHERS);
        problems.push(CheckoutProblem::order(ProblemCode::LimitExceeded, detail));
    }
    if order.sellers().len() > MAX_SELLERS {
        let detail = wording::orders::too_many_sellers(MAX_SELLERS);
        problems.push(CheckoutProblem::order(ProblemCode::LimitExceeded, detail));
    }
    let total = order.totals.total;
    // What costs nothing is not paid for at all.
    if total.amount() > 0 && total.amount() < command.payment_method.least(total.currency()) {
        let detail = wording::orders::too_little_for_method();
        problems.push(CheckoutProblem::order(ProblemCode::MethodUnavailable, detail));
    }
    if command.expected_total.is_some_and(|expected| expected != order.totals.total) {
        let detail = wording::orders::total_changed();
        problems.push(CheckoutProblem::order(ProblemCode::TotalChanged, detail));
    }
    problems
}
