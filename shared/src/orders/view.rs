//! Carts and orders as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::cart::Cart;
use super::gate::{self, Stage};
use super::holds::Hold;
use super::order::{Actor, Order, OrderLine};
use super::pricing::{DeliveryRule, Totals};
use super::problem::{CheckoutProblem, ProblemCode};
use super::status::Status;
use crate::accounts::address::PostalAddress;
use crate::catalog::{MedicinePart, Stock};
use crate::payments::PaymentView;
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};
use crate::platform::money::Money;

/// What is wrong with a line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineProblem {
    /// What.
    pub code: ProblemCode,
    /// A sentence for the customer.
    pub detail: String,
    /// How many units could be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<i64>,
    /// What of the medicine has changed, where that can be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<MedicinePart>,
}

/// A line of a cart, at today's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CartItem {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// For one.
    pub unit_price: Money,
    /// For all of them.
    pub line_total: Money,
    /// Whether a prescription is needed to buy it.
    pub prescription_required: bool,
    /// What stands between this line and an order.
    pub problems: Vec<LineProblem>,
}

/// A cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartView {
    /// Its lines.
    pub items: Vec<CartItem>,
    /// The coupon that is set.
    pub coupon: Option<String>,
    /// The sums, over the lines that can be bought at all.
    pub totals: Totals,
    /// For `If-Match`.
    pub version: u64,
}

impl CartView {
    /// A cart beside the stock of its products. A product without stock is one that does not exist any more.
    ///
    /// # Errors
    /// Prices that do not add up.
    pub fn new(cart: &Cart, stocks: &[Stock], delivery: &DeliveryRule) -> Result<Self> {
        let mut items = Vec::with_capacity(cart.lines.len());
        let mut payable = Vec::with_capacity(cart.lines.len());
        for line in &cart.lines {
            let product_id = line.offer.product_id;
            let stock = stocks.iter().find(|stock| stock.offer.product_id == product_id);
            let today = stock.map_or(&line.offer, |stock| &stock.offer);
            let problems = gate::terms(Stage::Place, &line.in_gate(stock));
            if !problems.iter().any(|problem| problem.code == ProblemCode::Unavailable) {
                payable.push((today.price, line.quantity.get()));
            }
            items.push(CartItem {
                product_id,
                name: today.name.clone(),
                quantity: line.quantity.get(),
                unit_price: today.price,
                line_total: delivery.line_total(today.price, line.quantity.get())?,
                prescription_required: today.legal_status.prescription_required(),
                problems: problems.into_iter().map(LineProblem::from).collect(),
            });
        }
        Ok(Self { items, coupon: None, totals: delivery.totals(payable)?, version: cart.version })
    }
}

impl From<CheckoutProblem> for LineProblem {
    fn from(problem: CheckoutProblem) -> Self {
        let CheckoutProblem { code, detail, available, changed, .. } = problem;
        Self { code, detail, available, changed }
    }
}

/// A line of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderItem {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Its name when it was ordered.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// For one.
    pub unit_price: Money,
    /// For all of them.
    pub line_total: Money,
    /// Whether a prescription was needed.
    pub prescription_required: bool,
    /// The prescription it is dispensed on, once a fill was taken.
    #[schema(value_type = Option<String>)]
    pub prescription_id: Option<PrescriptionId>,
    /// Who sells it; `null` is the pharmacy itself.
    #[schema(value_type = Option<String>)]
    pub seller_id: Option<UserId>,
}

/// A state that an order came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Which.
    pub status: Status,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Through whom.
    pub by: Actor,
    /// What they noted.
    pub note: Option<String>,
}

/// An order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrderId,
    /// The number that people read to each other.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// What was bought; a seller sees the lines of their own products.
    pub items: Vec<OrderItem>,
    /// What it costs; `null` for a seller, who sees a part of it.
    pub totals: Option<Totals>,
    /// Where it goes; `null` for a seller, and once who ordered it was erased.
    pub address: Option<PostalAddress>,
    /// How it is paid.
    pub payment: PaymentView,
    /// The prescriptions that were given with it; empty for a seller.
    #[schema(value_type = Vec<String>)]
    pub prescription_ids: Vec<PrescriptionId>,
    /// What the customer noted; `null` for a seller.
    pub note: Option<String>,
    /// What it waits for.
    pub holds: Vec<Hold>,
    /// Every state it came to.
    pub history: Vec<HistoryEntry>,
    /// The states that may come next.
    pub next_statuses: Vec<Status>,
    /// The carrier's number or link.
    pub tracking: Option<String>,
    /// For `If-Match`.
    pub version: u64,
}

/// An order in a list: nothing that tells who ordered it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: OrderId,
    /// The number that people read to each other.
    pub number: String,
    /// Where it stands.
    pub status: Status,
    /// What was bought; a seller sees the lines of their own products.
    pub items: Vec<OrderItem>,
    /// What it costs; `null` for a seller, who sees a part of it.
    pub totals: Option<Totals>,
    /// How it is paid.
    pub payment: PaymentView,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    /// The states that may come next.
    pub next_statuses: Vec<Status>,
    /// For `If-Match`.
    pub version: u64,
}

/// Through whose eyes an order is seen.
#[derive(Clone, Debug)]
pub enum Viewer<'a> {
    /// The customer, or the pharmacy.
    Whole,
    /// A seller, who sees the lines of their own products.
    Seller(&'a UserId),
}

impl Viewer<'_> {
    fn items(&self, order: &Order) -> Vec<OrderItem> {
        let visible = |line: &&OrderLine| match self {
            Self::Whole => true,
            Self::Seller(seller) => line.offer.seller_id.as_ref() == Some(*seller),
        };
        order.lines.iter().filter(visible).map(OrderItem::from).collect()
    }

    fn payment(&self, order: &Order) -> PaymentView {
        PaymentView::new(&order.payment, order.totals.total, matches!(self, Self::Whole))
    }

    fn whole<T>(&self, value: T) -> Option<T> {
        matches!(self, Self::Whole).then_some(value)
    }
}

impl From<&OrderLine> for OrderItem {
    fn from(line: &OrderLine) -> Self {
        let price = line.offer.price;
        Self {
            product_id: line.offer.product_id,
            name: line.offer.name.clone(),
            quantity: line.quantity,
            unit_price: price,
            // The order's total was computed of the same figures and did fit.
            line_total: price.times(line.quantity).unwrap_or(price),
            prescription_required: line.offer.legal_status.prescription_required(),
            prescription_id: line.prescription_id,
            seller_id: line.offer.seller_id.clone(),
        }
    }
}

impl OrderView {
    /// An order with what it waits for, as `viewer` may see it.
    pub fn new(order: &Order, holds: Vec<Hold>, viewer: &Viewer<'_>) -> Self {
        let history = order.history.iter().map(|step| HistoryEntry {
            status: step.status,
            at: step.at,
            by: step.by,
            note: viewer.whole(step.note.clone()).flatten(),
        });
        Self {
            id: order.id,
            number: order.number(),
            status: order.status,
            items: viewer.items(order),
            totals: viewer.whole(order.totals),
            address: viewer.whole(order.address.clone()).flatten(),
            payment: viewer.payment(order),
            prescription_ids: viewer.whole(order.prescription_ids.clone()).unwrap_or_default(),
            note: viewer.whole(order.note.clone()).flatten(),
            holds,
            history: history.collect(),
            next_statuses: order.status.next().to_vec(),
            tracking: order.tracking.clone(),
            version: order.version,
        }
    }
}

impl OrderSummary {
    /// An order in a list, as `viewer` may see it.
    pub fn new(order: &Order, viewer: &Viewer<'_>) -> Self {
        Self {
            id: order.id,
            number: order.number(),
            status: order.status,
            items: viewer.items(order),
            totals: viewer.whole(order.totals),
            payment: viewer.payment(order),
            placed_at: order.history.first().map_or(Timestamp::from_millis(0), |step| step.at),
            next_statuses: order.status.next().to_vec(),
            version: order.version,
        }
    }
}
