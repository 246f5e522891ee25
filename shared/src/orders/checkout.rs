//! Checkout: from a cart to an order in two round trips, whatever the cart holds.
//!
//! The first reads the cart, the address and the prescriptions side by side. The second is one transaction: each line's
//! stock under the terms that the customer agreed to, the fill ledgers, the order, and the cart at the version that was
//! read. All of it happens or none of it.
//!
//! - It runs twice: the order's `Idempotency-Key` is marked on the cart that the same transaction writes. The second run
//!   finds the mark and answers with the first run's order.
//! - It runs twice at once: the cart's version lets one through; the other reads again and finds the mark.
//! - It dies in the middle: before the transaction nothing has happened, after it everything has, mark included.

use futures_util::future::try_join3;
use serde::Serialize;
use utoipa::ToSchema;

use super::cart::{Cart, PlacedMark};
use super::gate::{self, Stage};
use super::number::OrderNumber;
use super::order::{Actor, Order, OrderLine, Step};
use super::pricing::{DeliveryRule, Totals};
use super::problem::{CheckoutProblem, ProblemCode, refusal};
use super::request::{DeliverTo, PlaceOrder};
use super::status::Status;
use super::store::OrderStore;
use super::view::line_problems;
use crate::accounts::AddressBook;
use crate::accounts::address::PostalAddress;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::catalog::{Offer, Stock, StockStore};
use crate::payments::Payment;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, Refusal, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::idempotency::{self, Answered, Idempotency};
use crate::platform::ids::UserId;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, PrescriptionStore};

const ATTEMPTS: u32 = 6;
/// A transaction holds a hundred actions: 50 lines, 10 prescriptions, the order and the cart leave room for these.
const MAX_SELLERS: usize = 38;

/// Places orders.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// Where carts and orders are.
    pub orders: OrderStore,
    /// Where stock is.
    pub stock: StockStore,
    /// Where prescriptions are.
    pub prescriptions: PrescriptionStore,
    /// Where saved addresses are.
    pub addresses: AddressBook,
    /// What delivery costs.
    pub delivery: DeliveryRule,
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
}

/// What a checkout reads in its first round trip.
struct Situation {
    cart: Cart,
    address: Option<PostalAddress>,
    prescriptions: Vec<Prescription>,
    /// Prescriptions that were named and are not the customer's.
    others: Vec<Prescription>,
}

/// An order that only needs the transaction's consent.
struct Draft {
    order: Order,
    prescriptions: Vec<Prescription>,
    problems: Vec<CheckoutProblem>,
}

impl Checkout {
    /// Places an order, or says for every line why not. Who names another's prescription is on the trail before they
    /// are refused.
    ///
    /// # Errors
    /// 422 `checkout_problems` with nothing changed; 422 `idempotency_key_reused`; 400 for an address or prescription that
    /// is not the customer's; 429 after too many orders in a day; 503, also when the trail cannot be written.
    pub async fn place(&self, customer: &Trace, command: &PlaceOrder, key: &Idempotency) -> Result<Answered<Order>> {
        let user = &customer.user;
        // Offers that changed in ways the customer need not agree to, such as the name.
        let mut newer: Vec<Offer> = Vec::new();
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let mut situation = self.read(user, command).await?;
            let now = self.clock.now();
            if let Some(mark) = situation.cart.placed_under(&key.key, now) {
                return self.replay(mark, key).await;
            }
            for line in &mut situation.cart.lines {
                if let Some(offer) = newer.iter().rev().find(|offer| offer.product_id == line.offer.product_id) {
                    line.offer = offer.clone();
                }
            }
            let draft = self.draft(customer, command, &situation, now).await?;
            if !draft.problems.is_empty() {
                return Err(self.refuse(&situation.cart, draft.problems).await);
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
                Outcome::Refused(refusals) => newer.extend(explain(refusals, &situation.cart)?),
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
        let mut situation = self.read(&customer.user, command).await?;
        let stocks = self.stock_of(&situation.cart).await?;
        let mut problems = Vec::new();
        for line in &mut situation.cart.lines {
            let stock = stocks.iter().find(|stock| stock.offer.product_id == line.offer.product_id);
            problems.extend(line_problems(&line.offer, line.quantity.get(), stock));
            if let Some(stock) = stock {
                line.offer = stock.offer.clone();
            }
        }
        let draft = self.draft(customer, command, &situation, self.clock.now()).await?;
        problems.extend(draft.problems);
        let needs = |line: &OrderLine| line.offer.legal_status.prescription_required();
        let requires = draft.order.lines.iter().any(needs).then_some(Requirement::Prescription);
        Ok(Preview { totals: draft.order.totals, problems, requires: requires.into_iter().collect() })
    }

    async fn read(&self, user: &UserId, command: &PlaceOrder) -> Result<Situation> {
        let address = async {
            match &command.deliver_to {
                DeliverTo::Given(address) => Ok(Some(address.clone())),
                DeliverTo::Saved(id) => Ok(self.addresses.find(user, *id).await?.map(|saved| saved.postal)),
            }
        };
        let named = command.prescriptions();
        let prescriptions = self.prescriptions.get_many(&named);
        let (cart, address, found) = try_join3(self.orders.cart(user), address, prescriptions).await?;
        let (mut prescriptions, others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|prescription| prescription.owner == *user);
        // The oldest first, so that what expires first is used first and the same request does the same twice.
        prescriptions.sort_unstable_by_key(|prescription| prescription.id);
        Ok(Situation { cart, address, prescriptions, others })
    }

    /// Puts on the trail that `customer` named prescriptions of others, which [`named`] refuses.
    async fn note_others(&self, customer: &Trace, others: &[Prescription], now: Timestamp) -> Result<()> {
        let action = Action::ReadPrescription;
        let refused = |other: &Prescription| Entry::refused(customer, action, &other.owner, other.id, now);
        let entries: Vec<_> = others.iter().map(refused).collect();
        if entries.is_empty() { Ok(()) } else { self.audit.append_all(&entries).await }
    }

    /// The order as it would be, and what the cart alone tells against it.
    async fn draft(
        &self,
        customer: &Trace,
        command: &PlaceOrder,
        situation: &Situation,
        now: Timestamp,
    ) -> Result<Draft> {
        self.note_others(customer, &situation.others, now).await?;
        let address = named(command, situation)?;
        let id = OrderNumber::draw(now).id();
        let cart_lines = &situation.cart.lines;
        let lines: Vec<_> = cart_lines
            .iter()
            .map(|line| gate::Line { offer: &line.offer, quantity: line.quantity.get(), covered_by: None })
            .collect();
        let mut prescriptions = situation.prescriptions.clone();
        let (pass, mut problems) = match gate::pass(Stage::Place, id, &lines, &mut prescriptions, self.zone.day(now)?) {
            Ok(pass) => (pass, Vec::new()),
            Err(problems) => (gate::Pass::default(), problems),
        };
        let waited = |line: &gate::Line<'_>| pass.waiting.contains(&line.offer.product_id);
        let totals = self.delivery.totals(lines.iter().map(|line| (line.offer.price, line.quantity)))?;
        let mut order = Order {
            id,
            customer: customer.user.clone(),
            status: Status::Placed,
            lines: lines
                .iter()
                .map(|line| OrderLine {
                    offer: line.offer.clone(),
                    quantity: line.quantity,
                    prescription_id: None,
                    waited: waited(line),
                })
                .collect(),
            totals,
            address: Some(address),
            payment: Payment::new(command.payment_method),
            prescription_ids: command.prescriptions(),
            note: command.note.clone(),
            tracking: None,
            history: vec![Step {
                status: Status::Placed,
                at: now,
                by: Actor::Customer,
                user: customer.user.clone(),
                note: None,
            }],
            erased: None,
            version: 1,
        };
        order.cover(&pass);
        problems.extend(whole_order_problems(command, &order));
        prescriptions.retain(|after| !situation.prescriptions.contains(after));
        Ok(Draft { order, prescriptions, problems })
    }

    /// The transaction, the stock of each line first, in the cart's order, then the cart: [`explain`] counts on it.
    fn writes(&self, user: &UserId, draft: &Draft, cart: &Cart, now: Timestamp) -> Result<Vec<Write>> {
        let reserve = |line: &OrderLine| self.stock.reserve(&line.offer, line.quantity);
        let mut writes = draft.order.lines.iter().map(reserve).collect::<Result<Vec<_>>>()?;
        writes.push(self.orders.replace_cart(user, cart, now)?);
        writes.extend(self.orders.create(&draft.order)?);
        for prescription in &draft.prescriptions {
            writes.push(self.prescriptions.save(prescription)?);
        }
        Ok(writes)
    }

    async fn replay(&self, mark: &PlacedMark, key: &Idempotency) -> Result<Answered<Order>> {
        if mark.fingerprint != key.fingerprint {
            return Err(idempotency::reused());
        }
        let order = self.orders.get(mark.order_id).await?;
        let order = order.ok_or_else(|| Error::internal("a cart's mark names no order"))?;
        Ok(Answered { answer: order.as_placed(), replayed: true })
    }

    /// A refusal with everything that is wrong, what the stock says included. Only this path pays for the extra read.
    async fn refuse(&self, cart: &Cart, mut problems: Vec<CheckoutProblem>) -> Error {
        match self.stock_of(cart).await {
            Ok(stocks) => {
                for line in &cart.lines {
                    let stock = stocks.iter().find(|stock| stock.offer.product_id == line.offer.product_id);
                    problems.extend(line_problems(&line.offer, line.quantity.get(), stock));
                }
                refusal(&problems)
            }
            Err(error) => error,
        }
    }

    async fn stock_of(&self, cart: &Cart) -> Result<Vec<Stock>> {
        let products: Vec<_> = cart.lines.iter().map(|line| line.offer.product_id).collect();
        self.stock.get_many(&products).await
    }
}

/// The address of the order, when everything that the command names is the customer's.
fn named(command: &PlaceOrder, situation: &Situation) -> Result<PostalAddress> {
    let mut errors = FieldErrors::new();
    for (index, id) in command.prescription_ids.iter().enumerate() {
        if !situation.prescriptions.iter().any(|prescription| prescription.id == *id) {
            errors.push(
                Invalid::new("not_found", "you have no such prescription").at(format!("prescription_ids[{index}]")),
            );
        }
    }
    match &situation.address {
        Some(address) if errors.is_empty() => return Ok(address.clone()),
        Some(_) => {}
        None => {
            errors.push(Invalid::new("not_found", "there is no such address in your address book").at("address_id"))
        }
    }
    Err(errors.into())
}

fn whole_order_problems(command: &PlaceOrder, order: &Order) -> Vec<CheckoutProblem> {
    let mut problems = Vec::new();
    if order.lines.is_empty() {
        problems.push(CheckoutProblem::order(ProblemCode::CartEmpty, "There is nothing in your cart."));
    }
    if order.sellers().len() > MAX_SELLERS {
        let detail = format!("An order may hold products of at most {MAX_SELLERS} sellers.");
        problems.push(CheckoutProblem::order(ProblemCode::LimitExceeded, detail));
    }
    if command.expected_total.is_some_and(|expected| expected != order.totals.total) {
        let detail = "The total is not the one you have seen; look at the cart again.";
        problems.push(CheckoutProblem::order(ProblemCode::TotalChanged, detail));
    }
    problems
}

/// Why the transaction was refused: an error that tells every line, or the offers to try again with.
///
/// A cart that has changed comes first. It may be that the same request, sent twice, has just taken the last units: the
/// next attempt finds its order.
fn explain(refusals: Vec<Refusal>, cart: &Cart) -> Result<Vec<Offer>> {
    let lines = cart.lines.len();
    if refusals.iter().any(|refusal| refusal.index >= lines) {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let mut newer = Vec::new();
    for refused in refusals {
        let Some(line) = cart.lines.get(refused.index) else { continue };
        let stock = refused.current.map(StockStore::from_item).transpose()?;
        let found = line_problems(&line.offer, line.quantity.get(), stock.as_ref());
        match stock {
            Some(stock) if found.is_empty() => newer.push(stock.offer),
            _ => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(newer) } else { Err(refusal(&problems)) }
}
