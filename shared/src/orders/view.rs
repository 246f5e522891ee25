//! Carts and orders as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use super::cart::Cart;
use super::gate::{self, Stage};
use super::holds::{self, Hold, HoldCode};
use super::order::{Actor, Order, OrderLine};
use super::paid;
use super::pricing::{DeliveryRule, PricedLine, Totals};
use super::problem::{CheckoutProblem, ProblemCode};
use super::recalled::RecalledView;
use super::returning::ReturnView;
use super::screening_view::ScreeningView;
use super::status::Status;
use crate::accounts::address::PostalAddress;
use crate::catalog::lots::PackedLot;
use crate::catalog::view::{ImageView, SellerView};
use crate::catalog::{MedicinePart, Offer, Stock};
use crate::coupons::Standing;
use crate::patients::of_owner;
use crate::payments::PaymentView;
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId, UserId};
use crate::platform::money::Money;
use crate::platform::wording::Words;

/// What is wrong with a line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineProblem {
    /// What.
    pub code: ProblemCode,
    /// A sentence for the customer.
    #[schema(value_type = String)]
    pub detail: Words,
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
    /// Its name in URLs.
    pub slug: Option<String>,
    /// What one pack holds.
    pub pack_size: Option<String>,
    /// Its first picture.
    pub image: Option<ImageView>,
    /// Who sells it; `null` is the pharmacy itself.
    pub seller: Option<SellerView>,
    /// How many.
    pub quantity: u32,
    /// For whom.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// For one.
    pub unit_price: Money,
    /// For all of them.
    pub line_total: Money,
    /// Whether a prescription is needed to buy it.
    pub prescription_required: bool,
    /// What stands between this line and an order.
    pub problems: Vec<LineProblem>,
}

/// Why a coupon takes nothing off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CouponProblem {
    /// What.
    pub code: ProblemCode,
    /// A sentence for the customer.
    #[schema(value_type = String)]
    pub detail: Words,
}

/// A cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Cart)]
pub struct CartView {
    /// Its lines.
    pub items: Vec<CartItem>,
    /// The coupon that is set.
    pub coupon: Option<String>,
    /// Why it takes nothing off.
    pub coupon_problem: Option<CouponProblem>,
    /// The sums, over the lines that can be bought at all.
    pub totals: Totals,
    /// For `If-Match`.
    pub version: u64,
}

impl CartView {
    /// A cart of `owner` beside the stock of its products, whom its lines may be for, and how it stands with its coupon now;
    /// pictures are served from `media_base_url`. A product without stock is one that does not exist any more.
    ///
    /// # Errors
    /// Prices that do not add up.
    pub fn new(
        (owner, cart): (&UserId, &Cart),
        (stocks, whom): (&[Stock], &[PatientId]),
        delivery: &DeliveryRule,
        coupon: &Standing,
        (now, media_base_url): (Timestamp, &str),
    ) -> Result<Self> {
        let mut items = Vec::with_capacity(cart.lines.len());
        let mut payable = Vec::with_capacity(cart.lines.len());
        for line in &cart.lines {
            let product_id = line.offer.product_id;
            let stock = stocks.iter().find(|stock| stock.offer.product_id == product_id);
            let today = stock.map_or(&line.offer, |stock| &stock.offer);
            let problems = gate::terms(Stage::Place, &line.in_gate(stock));
            if !problems.iter().any(|problem| problem.code == ProblemCode::Unavailable) {
                let prescription = today.legal_status.prescription_required();
                payable.push(PricedLine { price: today.price, quantity: line.quantity.get(), prescription });
            }
            let gone = line
                .patient
                .filter(|patient| !whom.contains(patient))
                .map(|_| CheckoutProblem::patient_removed(product_id));
            items.push(CartItem {
                product_id,
                name: today.name.clone(),
                slug: slug(today),
                pack_size: pack_size(today),
                image: image(today, media_base_url),
                seller: seller(today),
                quantity: line.quantity.get(),
                patient_id: line.patient.unwrap_or_else(|| of_owner(owner)),
                unit_price: today.price,
                line_total: delivery.line_total(today.price, line.quantity.get())?,
                prescription_required: today.legal_status.prescription_required(),
                problems: problems.into_iter().chain(gone).map(LineProblem::from).collect(),
            });
        }
        let held = cart.coupon.as_ref().map(|agreed| coupon.holds(agreed, now)).transpose();
        let terms = cart.coupon.as_ref().filter(|_| held.is_ok()).map(|agreed| &agreed.terms);
        let priced = delivery.priced(&payable, terms)?;
        let refusal = held.err().or(priced.refusal);
        Ok(Self {
            items,
            coupon: cart.coupon.as_ref().map(|agreed| agreed.code.to_string()),
            coupon_problem: refusal
                .map(|refusal| CouponProblem { code: ProblemCode::of_coupon(refusal.code), detail: refusal.detail }),
            totals: priced.totals,
            version: cart.version,
        })
    }
}

fn slug(offer: &Offer) -> Option<String> {
    offer.slug.as_ref().map(ToString::to_string)
}

fn pack_size(offer: &Offer) -> Option<String> {
    offer.label.as_ref().map(|label| label.pack_size.clone())
}

fn image(offer: &Offer, media_base_url: &str) -> Option<ImageView> {
    offer.picture().map(|picture| ImageView::new(picture.clone(), &offer.name, media_base_url))
}

fn seller(offer: &Offer) -> Option<SellerView> {
    offer.seller().map(|seller| SellerView::new(seller.id, seller.name.as_ref()))
}

/// Why a product was not put into a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotAdded {
    /// There is no such product on sale.
    NotOnSale,
    /// The cart holds as many products as it can.
    CartFull,
    /// The cart has it for somebody else.
    ForSomebodyElse,
}

/// A product that was not put into a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// Which.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Why.
    pub code: NotAdded,
}

/// A cart that others' lines were added to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedCart {
    /// The cart.
    #[serde(flatten)]
    pub cart: CartView,
    /// What could not be added.
    pub not_added: Vec<LeftOut>,
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
    /// Its name in URLs.
    pub slug: Option<String>,
    /// What one pack held when it was ordered.
    pub pack_size: Option<String>,
    /// Its first picture when it was put into the cart.
    pub image: Option<ImageView>,
    /// How many.
    pub quantity: u32,
    /// For one.
    pub unit_price: Money,
    /// For all of them, before the discount.
    pub line_total: Money,
    /// What the coupon takes off it.
    pub discount: Money,
    /// Whether a prescription was needed.
    pub prescription_required: bool,
    /// The prescription it is dispensed on, once a fill was taken.
    #[schema(value_type = Option<String>)]
    pub prescription_id: Option<PrescriptionId>,
    /// For whom; absent in lists, and to a seller.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub patient_id: Option<PatientId>,
    /// Who sells it; `null` is the pharmacy itself.
    #[schema(value_type = Option<String>)]
    pub seller_id: Option<UserId>,
    /// The same with what they were called when it was put into the cart; `null` is the pharmacy itself.
    pub seller: Option<SellerView>,
    /// The lots that it was packed from; empty until then.
    pub lots: Vec<PackedLot>,
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
    /// What the pharmacist has left out; of a seller, of their own products.
    pub rejected_items: Vec<OrderItem>,
    /// What it costs; `null` for a seller, who sees a part of it.
    pub totals: Option<Totals>,
    /// The coupon it was placed with; `null` for a seller.
    pub coupon: Option<String>,
    /// Where it goes; `null` for a seller, and once who ordered it was erased.
    pub address: Option<PostalAddress>,
    /// How it is paid.
    pub payment: PaymentView,
    /// The prescriptions that were given with it; empty for a seller.
    #[schema(value_type = Vec<String>)]
    pub prescription_ids: Vec<PrescriptionId>,
    /// What the customer noted; `null` for a seller.
    pub note: Option<String>,
    /// What its customer has asked to give back; empty for a seller.
    pub returns: Vec<ReturnView>,
    /// What was called back of it after it had left the house; of a seller, of their own products.
    pub recalls: Vec<RecalledView>,
    /// What it waits for.
    pub holds: Vec<Hold>,
    /// What its lines were last screened with, and what was found; `null` for a seller, and of orders from before there was
    /// screening.
    pub screening: Option<ScreeningView>,
    /// Every state it came to.
    pub history: Vec<HistoryEntry>,
    /// The states that the caller may bring it to.
    pub next_statuses: Vec<Status>,
    /// The carrier's number or link.
    pub tracking: Option<String>,
    /// What whoever took the last step should know; empty where it is read.
    #[schema(value_type = Vec<String>)]
    pub warnings: Vec<Words>,
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
    /// What was called back of it after it had left the house; of a seller, of their own products.
    pub recalls: Vec<RecalledView>,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    /// What it waits for, where the list is asked for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Vec<Hold>>,
    /// The states that the caller may bring it to.
    pub next_statuses: Vec<Status>,
    /// For `If-Match`.
    pub version: u64,
}

/// Through whose eyes an order is seen.
#[derive(Clone, Debug)]
pub enum Viewer<'a> {
    /// The customer.
    Customer,
    /// The pharmacy, who sees all of it.
    Pharmacy {
        /// Whether it is their own order, which somebody else has to verify and pack.
        own: bool,
    },
    /// A seller, who sees the lines of their own products.
    Seller(&'a UserId),
}

impl Viewer<'_> {
    fn sees(&self, line: &OrderLine) -> bool {
        match self {
            Self::Customer | Self::Pharmacy { .. } => true,
            Self::Seller(seller) => line.offer.seller_id.as_ref() == Some(*seller),
        }
    }

    fn items<'a>(&self, lines: impl IntoIterator<Item = &'a OrderLine>, media_base_url: &str) -> Vec<OrderItem> {
        lines.into_iter().filter(|line| self.sees(line)).map(|line| OrderItem::new(line, media_base_url)).collect()
    }

    /// The same with whom each is for, where that may be seen.
    fn items_with_patients<'a>(
        &self,
        order: &Order,
        lines: impl IntoIterator<Item = &'a OrderLine>,
        media_base_url: &str,
    ) -> Vec<OrderItem> {
        let lines: Vec<_> = lines.into_iter().collect();
        let mut items = self.items(lines.iter().copied(), media_base_url);
        if self.sees_all() {
            for (item, line) in items.iter_mut().zip(lines) {
                item.patient_id = Some(line.patient.unwrap_or_else(|| of_owner(&order.customer)));
            }
        }
        items
    }

    /// What was called back of the lines that may be seen.
    fn recalls(&self, order: &Order) -> Vec<RecalledView> {
        let visible: Vec<_> = order.lines.iter().filter(|line| self.sees(line)).collect();
        let of_it = |product| visible.iter().any(|line| line.offer.product_id == product);
        order.recalls.iter().filter(|mark| mark.out && of_it(mark.product_id)).map(RecalledView::from).collect()
    }

    fn payment(&self, order: &Order) -> PaymentView {
        let mut view = PaymentView::new(&order.payment, order.totals.total, self.sees_all());
        if order.payment.online().is_none() && self.sees_all() {
            // What was paid at the door goes back by hand.
            view.refunded = Some(Money::new(order.paid_out(), order.totals.total.currency()));
        }
        view
    }

    fn holds(&self, holds: Vec<Hold>) -> Vec<Hold> {
        match self {
            Self::Customer | Self::Pharmacy { .. } => holds,
            Self::Seller(_) => holds.into_iter().map(Hold::for_a_seller).collect(),
        }
    }

    const fn sees_all(&self) -> bool {
        !matches!(self, Self::Seller(_))
    }

    /// The states that they may bring an order to themselves, as it stands and as far as its `holds` are known: customers
    /// cancel, what is not paid yet is not moved along, what the gate holds is not packed, and a parcel with what was called
    /// back is packed anew before it is shipped. An order that is held can be verified without the lines that hold it, unless
    /// these are all that there are.
    fn next(&self, order: &Order, holds: &[Hold]) -> Vec<Status> {
        let is_recalled = holds.iter().any(|hold| hold.code == HoldCode::RecalledLot);
        let is_held = holds.iter().any(|hold| hold.code.forbids_packing());
        let may = |to: Status| match self {
            Self::Customer => to == Status::Cancelled,
            Self::Pharmacy { own } => !own || !matches!(to, Status::Verified | Status::Packed),
            Self::Seller(_) => false,
        };
        let stands = |to: Status| match to {
            Status::Verified => !is_held || holds::leave_a_line(holds, order),
            Status::Packed => !is_held,
            Status::Shipped => !is_recalled,
            _ => true,
        };
        let anew = (order.status == Status::Packed && is_recalled).then_some(Status::Packed);
        let next = anew.into_iter().chain(order.status.next().iter().copied());
        next.filter(|to| may(*to) && stands(*to) && paid::admits(order, *to).is_ok()).collect()
    }

    fn whole<T>(&self, value: T) -> Option<T> {
        self.sees_all().then_some(value)
    }
}

impl OrderItem {
    /// A line of an order whose pictures are served from `media_base_url`.
    fn new(line: &OrderLine, media_base_url: &str) -> Self {
        let price = line.offer.price;
        Self {
            product_id: line.offer.product_id,
            name: line.offer.name.clone(),
            slug: slug(&line.offer),
            pack_size: pack_size(&line.offer),
            image: image(&line.offer, media_base_url),
            quantity: line.quantity,
            unit_price: price,
            // The order's total was computed of the same figures and did fit.
            line_total: price.times(line.quantity).unwrap_or(price),
            discount: line.discount(),
            prescription_required: line.offer.legal_status.prescription_required(),
            prescription_id: line.prescription_id,
            patient_id: None,
            seller_id: line.offer.seller_id.clone(),
            seller: seller(&line.offer),
            lots: line.lots.clone(),
        }
    }
}

impl OrderView {
    /// An order with what it waits for, as `viewer` may see it; pictures are served from `media_base_url`.
    pub fn new(order: &Order, holds: Vec<Hold>, viewer: &Viewer<'_>, media_base_url: &str) -> Self {
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
            items: viewer.items_with_patients(order, &order.lines, media_base_url),
            rejected_items: viewer.items_with_patients(order, order.rejected_lines(), media_base_url),
            totals: viewer.whole(order.totals),
            coupon: viewer.whole(order.coupon.as_ref().map(|agreed| agreed.code.to_string())).flatten(),
            address: viewer.whole(order.address.clone()).flatten(),
            payment: viewer.payment(order),
            prescription_ids: viewer.whole(order.prescription_ids.clone()).unwrap_or_default(),
            note: viewer.whole(order.note.clone()).flatten(),
            returns: viewer.whole(ReturnView::all(order)).unwrap_or_default(),
            recalls: viewer.recalls(order),
            next_statuses: viewer.next(order, &holds),
            holds: viewer.holds(holds),
            screening: viewer.whole(order.screened.last().map(ScreeningView::from)).flatten(),
            history: history.collect(),
            tracking: order.tracking.clone(),
            warnings: Vec::new(),
            version: order.version,
        }
    }
}

impl OrderSummary {
    /// The same with what it waits for.
    pub fn with_holds(order: &Order, holds: Vec<Hold>, viewer: &Viewer<'_>, media_base_url: &str) -> Self {
        Self {
            next_statuses: viewer.next(order, &holds),
            holds: Some(viewer.holds(holds)),
            ..Self::new(order, viewer, media_base_url)
        }
    }

    /// An order in a list, as `viewer` may see it; pictures are served from `media_base_url`.
    pub fn new(order: &Order, viewer: &Viewer<'_>, media_base_url: &str) -> Self {
        Self {
            id: order.id,
            number: order.number(),
            status: order.status,
            items: viewer.items(&order.lines, media_base_url),
            totals: viewer.whole(order.totals),
            payment: viewer.payment(order),
            recalls: viewer.recalls(order),
            placed_at: order.history.first().map_or(Timestamp::from_millis(0), |step| step.at),
            holds: None,
            next_statuses: viewer.next(order, &[]),
            version: order.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::holds::NextActor;
    use crate::orders::rejecting::tests::order;
    use crate::payments::{Payment, PaymentMethod};
    use crate::platform::wording;

    #[test]
    fn everybody_is_told_of_what_they_may_do_alone() {
        let seller = UserId::parse("00000000-0000-4000-8000-000000000002").unwrap();
        let next = |status, viewer: Viewer<'_>| {
            let by_card = order(&[(100, 1)], None);
            let payment = Payment::new(PaymentMethod::Cod, by_card.totals.total, Timestamp::from_millis(1));
            let order = Order { status, payment, ..by_card };
            (
                OrderSummary::new(&order, &viewer, "").next_statuses,
                OrderView::new(&order, Vec::new(), &viewer, "").next_statuses,
            )
        };
        let pharmacy = |own| Viewer::Pharmacy { own };
        for (status, viewer, expected) in [
            (Status::Placed, Viewer::Customer, &[Status::Cancelled][..]),
            (Status::Shipped, Viewer::Customer, &[]),
            (Status::Placed, pharmacy(false), &[Status::Verified, Status::Cancelled]),
            (Status::Placed, pharmacy(true), &[Status::Cancelled]),
            (Status::Verified, pharmacy(true), &[Status::Cancelled]),
            (Status::Packed, pharmacy(true), &[Status::Shipped, Status::Cancelled]),
            (Status::Delivered, pharmacy(false), &[Status::Returned]),
            (Status::Placed, Viewer::Seller(&seller), &[]),
        ] {
            let told = next(status, viewer.clone());
            assert_eq!(told, (expected.to_vec(), expected.to_vec()), "{status:?} {viewer:?}");
        }
        let anna = pharmacy(false);
        for (status, code, expected) in [
            (Status::Placed, HoldCode::Screening, &[Status::Cancelled][..]),
            (Status::Placed, HoldCode::StockShort, &[Status::Verified, Status::Cancelled]),
            (Status::Verified, HoldCode::Screening, &[Status::Cancelled]),
            (Status::Verified, HoldCode::StockShort, &[Status::Packed, Status::Cancelled]),
            (Status::Packed, HoldCode::RecalledLot, &[Status::Packed, Status::Cancelled]),
        ] {
            let by_card = order(&[(100, 1)], None);
            let at = Timestamp::from_millis(1);
            let payment = Payment::new(PaymentMethod::Cod, by_card.totals.total, at);
            let order = Order { status, payment, ..by_card };
            let holds = vec![Hold::of_payment(code, NextActor::Pharmacy, at, wording::orders::looked_at())];
            let told = OrderView::new(&order, holds.clone(), &anna, "").next_statuses;
            assert_eq!(told, expected, "{status:?} {code:?}");
            assert_eq!(OrderSummary::with_holds(&order, holds, &anna, "").next_statuses, expected);
        }
        let two = order(&[(100, 1), (200, 1)], None);
        let payment = Payment::new(PaymentMethod::Cod, two.totals.total, Timestamp::from_millis(1));
        let two = Order { payment, ..two };
        let [first, second] = [&two.lines[0], &two.lines[1]].map(|line| {
            let (code, at) = (HoldCode::LimitExceeded, Timestamp::from_millis(1));
            Hold::of_product(code, line.offer.product_id, NextActor::System, at, wording::orders::looked_at())
        });
        for (holds, expected) in [
            (vec![first.clone()], &[Status::Verified, Status::Cancelled][..]),
            (vec![first, second], &[Status::Cancelled]),
        ] {
            assert_eq!(
                OrderView::new(&two, holds, &anna, "").next_statuses,
                expected,
                "without the lines that hold it"
            );
        }
        let unpaid = OrderSummary::new(&order(&[(100, 1)], None), &pharmacy(false), "");
        assert_eq!(unpaid.next_statuses, [Status::Cancelled], "what is not paid yet is not verified");
    }
}
