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

use super::cart::{Cart, CartLine, PlacedMark};
use super::gate::{self, Judgement, Stage};
use super::number::OrderNumber;
use super::order::{Actor, Order, OrderLine, Step};
use super::pricing::{DeliveryRule, Totals};
use super::problem::{CheckoutProblem, ProblemCode, refusal};
use super::request::{DeliverTo, PlaceOrder};
use super::status::Status;
use super::store::OrderStore;
use crate::accounts::AddressBook;
use crate::accounts::address::PostalAddress;
use crate::audit::{Action, Actor as Trace, Audit, Entry};
use crate::catalog::{Stock, StockStore};
use crate::payments::Payment;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Client, Outcome, Refusal, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::idempotency::{self, Answered, Idempotency};
use crate::platform::ids::{ProductId, UserId};
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
    /// The customer's own of those that were named.
    prescriptions: Vec<Prescription>,
}

/// Today's stock of products of the cart, as far as it is known; `None` where there is no such product. Of the others the
/// terms that were agreed to are taken for today's, which the transaction makes sure of.
type Known = Vec<(ProductId, Option<Stock>)>;

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
        let mut known = Known::new();
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let situation = self.read(customer, command).await?;
            let now = self.clock.now();
            if let Some(mark) = situation.cart.placed_under(&key.key, now) {
                return self.replay(mark, key).await;
            }
            let mut draft = self.draft(user, command, &situation, &known, now)?;
            if !draft.problems.is_empty() {
                // What stands against it may be what the cart remembers and not what holds today. Only this path pays for
                // the extra read.
                known = self.stock_of(&situation.cart).await?;
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
        let known = self.stock_of(&situation.cart).await?;
        let Draft { order, problems, .. } =
            self.draft(&customer.user, command, &situation, &known, self.clock.now())?;
        let needs = |line: &OrderLine| line.offer.legal_status.prescription_required();
        let requires = order.lines.iter().any(needs).then_some(Requirement::Prescription);
        Ok(Preview { totals: order.totals, problems, requires: requires.into_iter().collect() })
    }

    /// The cart and what is named beside it. Who names another's prescription is on the trail before anything is answered.
    async fn read(&self, customer: &Trace, command: &PlaceOrder) -> Result<Situation> {
        let user = &customer.user;
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
        self.note_others(customer, &others, self.clock.now()).await?;
        Ok(Situation { cart, address, prescriptions })
    }

    /// Puts on the trail that `customer` named prescriptions of others, which [`named`] refuses.
    async fn note_others(&self, customer: &Trace, others: &[Prescription], now: Timestamp) -> Result<()> {
        let action = Action::ReadPrescription;
        let refused = |other: &Prescription| Entry::refused(customer, action, &other.owner, other.id, now);
        let entries: Vec<_> = others.iter().map(refused).collect();
        if entries.is_empty() { Ok(()) } else { self.audit.append_all(&entries).await }
    }

    /// The order as it would be, and everything that stands against it.
    fn draft(
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
        let Judgement { pass, mut problems } =
            gate::judge(Stage::Place, id, &lines, &mut prescriptions, self.zone.day(now)?);
        let offer = |line: &gate::Line<'_>| line.today.unwrap_or(line.agreed).clone();
        let totals = self.delivery.totals(lines.iter().map(|line| (offer(line).price, line.quantity)))?;
        let mut order = Order {
            id,
            customer: customer.clone(),
            status: Status::Placed,
            lines: lines
                .iter()
                .map(|line| OrderLine {
                    offer: offer(line),
                    quantity: line.quantity,
                    prescription_id: None,
                    waited: pass.waiting.contains(&line.agreed.product_id),
                })
                .collect(),
            totals,
            address: Some(address),
            payment: Payment::new(command.payment_method, totals.total, now),
            prescription_ids: command.prescriptions(),
            note: command.note.clone(),
            tracking: None,
            history: vec![Step {
                status: Status::Placed,
                at: now,
                by: Actor::Customer,
                user: customer.clone(),
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

    /// The transaction, the stock of each line first, in the cart's order, then the cart: [`Self::learn`] counts on it.
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

    async fn stock_of(&self, cart: &Cart) -> Result<Known> {
        let products: Vec<_> = cart.lines.iter().map(|line| line.offer.product_id).collect();
        let mut stocks = self.stock.get_many(&products).await?;
        let mut of = |product| {
            let place = stocks.iter().position(|stock| stock.offer.product_id == product);
            (product, place.map(|place| stocks.swap_remove(place)))
        };
        Ok(products.into_iter().map(&mut of).collect())
    }

    /// What a refused transaction tells of today's stock. Nothing where anything else has changed too: it may be that the
    /// same request, sent twice, has just taken the last units, and the next attempt finds its order.
    async fn learn(&self, refusals: Vec<Refusal>, cart: &Cart) -> Result<Known> {
        if refusals.iter().any(|refusal| refusal.index >= cart.lines.len()) {
            return Ok(Known::new());
        }
        let mut known = Known::new();
        for refused in refusals {
            let Some(line) = cart.lines.get(refused.index) else { continue };
            let stock = match refused.current {
                Some(item) => self.stock.completed(vec![StockStore::from_item(item)?]).await?.pop(),
                None => None,
            };
            known.push((line.offer.product_id, stock));
        }
        Ok(known)
    }
}

fn in_gate<'a>(line: &'a CartLine, known: &'a Known) -> gate::Line<'a> {
    match known.iter().find(|(product, _)| *product == line.offer.product_id) {
        Some((_, stock)) => line.in_gate(stock.as_ref()),
        None => line.as_agreed(),
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
