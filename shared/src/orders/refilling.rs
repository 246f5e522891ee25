//! Refills: the next fill of a prescription, through the same checkout and the same gate as a cart.
//!
//! - It runs twice, at once, or dies in the middle: as with a cart. The `Idempotency-Key` is marked on the customer's cart,
//!   which the order's transaction writes under its version; what lies in the cart stays there.

use futures_util::future::join;

use super::cart::{Cart, CartLine, PlacedMark, Quantity};
use super::checkout::{ATTEMPTS, Checkout, Known};
use super::order::Order;
use super::problem::{CheckoutProblem, ProblemCode, refusal};
use super::request::{DeliverTo, PlaceOrder};
use crate::audit::Actor as Trace;
use crate::catalog::Offer;
use crate::payments::PaymentMethod;
use crate::platform::clock::Date;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::idempotency::{Answered, Idempotency};
use crate::platform::ids::{AddressId, OrderId, PrescriptionId, ProductId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording;
use crate::prescriptions::{AuthorizedLine, Medicine, Prescription, Status};

/// A line of a prescription that is wanted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefillItem {
    /// Its place among the prescription's items, from 0.
    pub line: usize,
    /// How many packs; as many as the line allows, where it is not said.
    pub quantity: Option<Quantity>,
}

/// What is wanted again.
#[derive(Clone, Debug)]
pub struct Refill {
    /// Of which prescription.
    pub prescription: PrescriptionId,
    /// Which of its lines; all that are due, where it is not said.
    pub items: Option<Vec<RefillItem>>,
    /// Where it goes.
    pub address: AddressId,
    /// How it is paid.
    pub payment_method: PaymentMethod,
}

/// A product that is wanted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wanted {
    product: ProductId,
    quantity: Quantity,
    /// The order that it was dispensed with last, where that alone says which product it is.
    last: Option<OrderId>,
}

/// Why a line cannot be filled again now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotDue {
    NoFillsLeft,
    TooEarly(Date),
    /// Nothing says which product of its ingredient.
    NoProduct,
}

impl Checkout {
    /// Places an order of what is due again of a prescription.
    ///
    /// # Errors
    /// 404 for another's prescription, which is on the trail first; 400 for lines that are not there; 409 `too_early`,
    /// `no_fills_left`, `expired`, `not_approved`; all that [`Self::place`] says.
    pub async fn refill(&self, customer: &Trace, refill: &Refill, key: &Idempotency) -> Result<Answered<Order>> {
        let user = &customer.user;
        let command = PlaceOrder {
            deliver_to: DeliverTo::Saved(refill.address),
            payment_method: refill.payment_method,
            prescription_ids: vec![refill.prescription],
            patient_id: None,
            note: None,
            expected_total: None,
        };
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let mut situation = self.read(customer, &command).await?;
            let now = self.clock.now();
            if let Some(mark) = situation.cart.placed_under(&key.key, now) {
                return self.replay(mark, key).await;
            }
            let prescription = situation.prescriptions.first().ok_or_else(Error::not_found)?;
            let today = self.zone.day(now)?;
            let wanted = wanted(prescription, refill.items.as_deref(), self.screener.jurisdiction, today)?;
            let patient = prescription.patient;
            let products: Vec<_> = wanted.iter().map(|one| one.product).collect();
            let stocks = join(self.stock.get_many(&products), self.read_more(&mut situation, patient)).await.0?;
            let mut lines = Vec::with_capacity(wanted.len());
            for one in &wanted {
                let Some(stock) = stocks.iter().find(|stock| stock.offer.product_id == one.product) else {
                    let detail = wording::orders::not_on_sale();
                    return Err(refusal(&[CheckoutProblem::line(one.product, ProblemCode::Unavailable, detail)]));
                };
                lines.push(CartLine { offer: self.again(one, &stock.offer).await?, quantity: one.quantity, patient });
            }
            let kept = std::mem::replace(&mut situation.cart.lines, lines);
            let coupon = situation.cart.coupon.take();
            let stocks = stocks.into_iter().map(|stock| (stock.offer.product_id, Some(stock))).collect();
            let known = Known { stocks, coupon: None };
            let draft = self.draft(user, &command, &situation, &known, now)?;
            if !draft.problems.is_empty() {
                return Err(refusal(&draft.problems));
            }
            let (order_id, fingerprint) = (draft.order.id, key.fingerprint.clone());
            let mark = PlacedMark { key: key.key.clone(), fingerprint, order_id, at: now };
            let cart = Cart { lines: kept, coupon, ..situation.cart.ordered(mark)? };
            match transact(&self.dynamo, self.writes(user, &draft, &cart, now)?).await? {
                Outcome::Done => return Ok(Answered { answer: draft.order, replayed: false }),
                // Stock, cart, prescription or supplies have changed: everything is read again.
                Outcome::Refused(_) => {}
            }
        }
        Err(Error::busy())
    }

    /// The terms of today, of the medicine that was dispensed last where the prescription names an ingredient alone: another
    /// strength, form or pack under the same id is what nobody has asked for, and the gate says so.
    async fn again(&self, wanted: &Wanted, today: &Offer) -> Result<Offer> {
        let Some(order) = wanted.last else { return Ok(today.clone()) };
        let order = self.orders.get(order).await?;
        let mut lines = order.iter().flat_map(|order| &order.lines);
        let line = lines.find(|line| line.offer.product_id == wanted.product);
        Ok(Offer { fingerprint: line.and_then(|line| line.offer.fingerprint.clone()), ..today.clone() })
    }
}

/// Which products, and how many of each. Of a product that two lines come to, a refill takes one.
fn wanted(
    prescription: &Prescription,
    items: Option<&[RefillItem]>,
    place: Jurisdiction,
    today: Date,
) -> Result<Vec<Wanted>> {
    match prescription.status_on(today) {
        Status::Approved => {}
        Status::Expired => return Err(expired()),
        Status::Spent if prescription.valid_until.is_some_and(|last| today > last) => return Err(expired()),
        Status::Spent => return Err(not_due(NotDue::NoFillsLeft)),
        _ => {
            return Err(Error::conflict("not_approved", wording::orders::not_approved()));
        }
    }
    let Some(items) = items else {
        let due: Vec<_> = prescription.lines.iter().map(|line| due(line, None, place, today)).collect();
        let mut ready: Vec<Wanted> = Vec::new();
        for one in due.iter().filter_map(|one| one.as_ref().ok()) {
            if ready.iter().all(|other| other.product != one.product) {
                ready.push(*one);
            }
        }
        if !ready.is_empty() {
            return Ok(ready);
        }
        let early = due.iter().filter_map(|one| match one {
            Err(NotDue::TooEarly(day)) => Some(*day),
            _ => None,
        });
        return Err(not_due(early.min().map_or(NotDue::NoFillsLeft, NotDue::TooEarly)));
    };
    let mut all: Vec<Wanted> = Vec::with_capacity(items.len());
    for (place_in_request, item) in items.iter().enumerate() {
        let field = format!("items[{place_in_request}].line");
        let line = prescription.lines.get(item.line).ok_or_else(|| {
            Error::invalid_fields(vec![
                Invalid::new("not_found", wording::orders::no_such_prescription_line()).at(field.clone()),
            ])
        })?;
        match due(line, item.quantity, place, today) {
            Ok(one) if all.iter().any(|other| other.product == one.product) => {
                let message = wording::orders::same_product_above();
                return Err(Error::invalid_fields(vec![Invalid::new("repeated", message).at(field)]));
            }
            Ok(one) => all.push(one),
            Err(NotDue::NoProduct) => {
                let message = wording::orders::nothing_dispensed_yet();
                return Err(Error::invalid_fields(vec![Invalid::new("no_product", message).at(field)]));
            }
            Err(why) => return Err(not_due(why)),
        }
    }
    Ok(all)
}

fn due(
    line: &AuthorizedLine,
    quantity: Option<Quantity>,
    place: Jurisdiction,
    today: Date,
) -> std::result::Result<Wanted, NotDue> {
    if line.fills_left() == 0 {
        return Err(NotDue::NoFillsLeft);
    }
    if let Some(day) = line.eligible_on(line.early_percent(place)).filter(|day| today < *day) {
        return Err(NotDue::TooEarly(day));
    }
    let (product, last) = match &line.medicine {
        Medicine::Product(product) => (*product, None),
        Medicine::Ingredient(_) => {
            let fill = line.fills.last().ok_or(NotDue::NoProduct)?;
            (fill.product_id, Some(fill.order_id))
        }
    };
    let allowed = Quantity::parse(line.quantity).map_err(|_| NotDue::NoFillsLeft)?;
    Ok(Wanted { product, quantity: quantity.unwrap_or(allowed), last })
}

fn expired() -> Error {
    Error::conflict("expired", wording::orders::prescription_is_over())
}

fn not_due(why: NotDue) -> Error {
    match why {
        NotDue::NoFillsLeft | NotDue::NoProduct => Error::conflict("no_fills_left", wording::orders::fills_used()),
        NotDue::TooEarly(day) => {
            let detail = wording::orders::next_fill(day);
            let problem = CheckoutProblem::order(ProblemCode::TooEarly, detail.clone());
            Error::conflict("too_early", detail).with_problems(&[CheckoutProblem { eligible_on: Some(day), ..problem }])
        }
    }
}
