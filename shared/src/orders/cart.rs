//! A customer's cart: lines with the offers they were chosen under. Pure rules.

use serde::{Deserialize, Serialize};

use super::gate;
use crate::catalog::{Offer, Stock};
use crate::coupons::Agreed;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{OrderId, PatientId, ProductId};
use crate::platform::wording;

/// The most lines of a cart, and so of an order: a transaction holds a hundred actions.
pub const MAX_LINES: usize = 50;
/// How long the answer to an `Idempotency-Key` is kept.
pub const KEY_LIFETIME: std::time::Duration = std::time::Duration::from_hours(24);
/// The most orders that one customer may place within [`KEY_LIFETIME`]; it bounds the cart's item.
pub const MAX_ORDERS_A_DAY: usize = 50;

/// How many of a product: 1 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quantity(u32);

impl Quantity {
    /// Reads 1 to 99.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(number: u32) -> Result<Self, Invalid> {
        match number {
            1..=99 => Ok(Self(number)),
            _ => Err(Invalid::new("out_of_range", wording::field::between(1, 99))),
        }
    }

    /// As a number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A product in the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// The terms as they were when it was put in; the customer agreed to these.
    pub offer: Offer,
    /// How many.
    pub quantity: Quantity,
    /// For whom; `None`: for the customer, unless the order says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
}

impl CartLine {
    /// As the gate sees it beside its stock; without, there is no such product.
    pub fn in_gate<'a>(&'a self, stock: Option<&'a Stock>) -> gate::Line<'a> {
        gate::Line {
            agreed: &self.offer,
            today: stock.map(|stock| &stock.offer),
            available: stock.map(|stock| stock.available),
            quantity: self.quantity.get(),
            covered_by: None,
            patient: self.patient,
        }
    }

    /// As the gate sees it where the terms that were agreed to are taken for today's.
    pub const fn as_agreed(&self) -> gate::Line<'_> {
        gate::Line {
            agreed: &self.offer,
            today: Some(&self.offer),
            available: None,
            quantity: self.quantity.get(),
            covered_by: None,
            patient: self.patient,
        }
    }
}

/// That an order came of an `Idempotency-Key`. Kept on the cart, because every order writes its cart anyway: one item,
/// one condition, no moment at which the order exists and the mark does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedMark {
    /// The digest of the key.
    pub key: String,
    /// The digest of the body.
    pub fingerprint: String,
    /// The order.
    pub order_id: OrderId,
    /// When.
    pub at: Timestamp,
}

/// The code of the refusal to put one more product into a cart.
pub(super) const CART_FULL: &str = "cart_full";

/// A cart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// One line for each product, in the order they were put in.
    pub lines: Vec<CartLine>,
    /// The coupon that is set, on the terms that were agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Agreed>,
    /// The orders of the last day.
    pub placed: Vec<PlacedMark>,
    /// Grows by one with every change; zero for a cart that was never written.
    pub version: u64,
}

impl Cart {
    /// Sets how many of a product there are and for whom, under today's offer.
    ///
    /// # Errors
    /// 422 when the cart is full.
    pub fn put(&mut self, offer: Offer, quantity: Quantity, patient: Option<PatientId>) -> Result<()> {
        if let Some(line) = self.lines.iter_mut().find(|line| line.offer.product_id == offer.product_id) {
            *line = CartLine { offer, quantity, patient };
            return Ok(());
        }
        if self.lines.len() >= MAX_LINES {
            let detail = wording::orders::cart_full(MAX_LINES);
            return Err(Error::new(Kind::Unprocessable, CART_FULL, detail));
        }
        self.lines.push(CartLine { offer, quantity, patient });
        Ok(())
    }

    /// Adds a guest's line: the larger quantity stays, so that merging twice changes nothing more. So do the terms that
    /// were agreed to: merging happens by itself at sign-in, and is nobody's consent to others.
    ///
    /// # Errors
    /// 422 when the cart is full.
    pub fn merge(&mut self, offer: Offer, quantity: Quantity, patient: Option<PatientId>) -> Result<()> {
        match self.lines.iter_mut().find(|line| line.offer.product_id == offer.product_id) {
            Some(line) => {
                line.quantity = line.quantity.max(quantity);
                Ok(())
            }
            None => self.put(offer, quantity, patient),
        }
    }

    /// Whether a product is there for somebody else than `patient`. Of whom a line is for it is checked whether it suits them.
    pub fn is_for_another(&self, product: ProductId, patient: Option<PatientId>) -> bool {
        self.lines.iter().any(|line| line.offer.product_id == product && line.patient != patient)
    }

    /// Takes a product out. Whether it was there.
    pub fn remove(&mut self, product: ProductId) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| line.offer.product_id != product);
        self.lines.len() != before
    }

    /// The order that came of this key, if one did within its lifetime.
    pub fn placed_under(&self, key: &str, now: Timestamp) -> Option<&PlacedMark> {
        self.placed.iter().find(|mark| mark.key == key && now.since(mark.at) < KEY_LIFETIME)
    }

    /// The cart after an order: empty, with the order's mark.
    ///
    /// # Errors
    /// 429 for a customer who has placed [`MAX_ORDERS_A_DAY`] orders within a day.
    pub fn ordered(&self, mark: PlacedMark) -> Result<Self> {
        let mut placed: Vec<_> =
            self.placed.iter().filter(|old| mark.at.since(old.at) < KEY_LIFETIME).cloned().collect();
        if placed.len() >= MAX_ORDERS_A_DAY {
            let oldest = placed.iter().map(|old| old.at).min().unwrap_or(mark.at);
            let wait = KEY_LIFETIME.saturating_sub(mark.at.since(oldest));
            let detail = wording::orders::too_many_orders(MAX_ORDERS_A_DAY);
            return Err(Error::new(Kind::TooMany, "too_many_orders", detail).retry_after(wait));
        }
        placed.push(mark);
        Ok(Self { lines: Vec::new(), coupon: None, placed, version: self.version })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::product::Medicine;
    use crate::catalog::{Fingerprint, Ingredient, Label, LegalStatus, Shown};
    use crate::platform::money::{Currency, Money};

    /// As it was stored before there were patients, coupons, labels and schedules.
    #[test]
    fn what_was_stored_before_there_were_patients_is_nobodys_in_particular() {
        let offer = serde_json::json!({
            "product_id": "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV", "version": 3, "name": "Ibuprofen 200 mg",
            "price": {"amount": 499, "currency": "USD"}, "legal_status": "otc", "ingredients": ["ibuprofen"],
            "sellable": true,
        });
        let cart: Cart = serde_json::from_value(serde_json::json!({
            "lines": [{"offer": offer, "quantity": 2}],
            "placed": [{"key": "k", "fingerprint": "f", "order_id": "ord_01J9Z3NDEKTSV4RRFFQ69G5FAV",
                "at": "2026-11-01T08:00:00.000Z"}],
            "version": 7,
        }))
        .unwrap();
        assert_eq!((cart.lines[0].quantity.get(), cart.lines[0].patient, cart.version), (2, None, 7));
        assert!(cart.coupon.is_none());
        let ordered: super::super::order::OrderLine = serde_json::from_value(serde_json::json!({
            "offer": offer, "quantity": 1, "prescription_id": "rx_01J9Z3NDEKTSV4RRFFQ69G5FAV", "waited": true,
        }))
        .unwrap();
        assert_eq!((ordered.patient, ordered.discount, ordered.lots.len()), (None, 0, 0));
    }

    /// The offer of the `n`th product: over the counter, at 1.00 USD.
    pub(crate) fn offer(n: u128) -> Offer {
        offer_of(n, "500 mg", LegalStatus::Otc)
    }

    /// The same of another strength, or sold otherwise.
    pub(crate) fn offer_of(n: u128, strength: &str, legal_status: LegalStatus) -> Offer {
        let medicine = Medicine {
            name: format!("Product {n}"),
            brand: None,
            ingredients: vec![Ingredient { name: "Paracetamol".to_owned(), strength: strength.to_owned() }],
            dosage_form: "tablet".to_owned(),
            route: "oral".to_owned(),
            pack_size: "20 tablets".to_owned(),
            legal_status,
        };
        Offer {
            product_id: format!("prd_{}", ulid::Ulid::from_parts(0, n)).parse().unwrap(),
            version: 1,
            fingerprint: Some(Fingerprint::of(&medicine)),
            label: Some(Label::of(&medicine)),
            name: medicine.name,
            price: Money::new(100, Currency::parse("USD").unwrap()),
            legal_status,
            schedule: None,
            ingredients: vec!["paracetamol".to_owned()],
            gtin: None,
            slug: None,
            seller_id: None,
            shown: Some(Shown::default()),
            sellable: true,
        }
    }

    fn quantity(n: u32) -> Quantity {
        Quantity::parse(n).unwrap()
    }

    fn mark(key: &str, at: i64) -> PlacedMark {
        let at = Timestamp::from_millis(at);
        PlacedMark { key: key.to_owned(), fingerprint: "f".to_owned(), order_id: OrderId::generate(at), at }
    }

    #[test]
    fn a_product_has_one_line() {
        let mut cart = Cart::default();
        cart.put(offer(1), quantity(2), None).unwrap();
        cart.put(offer(1), quantity(5), None).unwrap();
        assert_eq!(cart.lines.iter().map(|line| line.quantity.get()).collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn a_full_cart_takes_changes_but_no_new_line() {
        let mut cart = Cart::default();
        for n in 0..50 {
            cart.put(offer(n), quantity(1), None).unwrap();
        }
        assert_eq!(cart.put(offer(50), quantity(1), None).unwrap_err().code(), "cart_full");
        assert!(cart.put(offer(49), quantity(9), None).is_ok());
    }

    #[test]
    fn merging_twice_changes_nothing_more() {
        let mut cart = Cart::default();
        cart.put(offer(1), quantity(2), None).unwrap();
        cart.merge(offer(1), quantity(5), None).unwrap();
        let once = cart.clone();
        cart.merge(offer(1), quantity(5), None).unwrap();
        assert_eq!(cart, once);
    }

    #[test]
    fn merging_accepts_no_new_terms_and_putting_does() {
        let mut cart = Cart::default();
        cart.put(offer(1), quantity(2), None).unwrap();
        let dearer = Offer { price: Money::new(900, Currency::parse("USD").unwrap()), version: 2, ..offer(1) };
        cart.merge(dearer.clone(), quantity(3), None).unwrap();
        assert_eq!((&cart.lines[0].offer, cart.lines[0].quantity.get()), (&offer(1), 3));
        cart.merge(offer_of(2, "5 g", LegalStatus::Otc), quantity(1), None).unwrap();
        assert_eq!(
            cart.lines[1].offer,
            offer_of(2, "5 g", LegalStatus::Otc),
            "what was not there comes as it is today"
        );
        cart.put(dearer.clone(), quantity(3), None).unwrap();
        assert_eq!(cart.lines[0].offer, dearer);
    }

    #[test]
    fn whom_a_line_is_for_is_told() {
        let (mira, anna) = (Some(PatientId::generate(Timestamp::from_millis(0))), None);
        let mut cart = Cart::default();
        cart.put(offer(1), quantity(1), mira).unwrap();
        let of = |n, patient| cart.is_for_another(offer(n).product_id, patient);
        assert_eq!((of(1, anna), of(1, mira), of(2, anna)), (true, false, false));
    }

    #[test]
    fn a_key_is_remembered_for_a_day() {
        let day = i64::try_from(KEY_LIFETIME.as_millis()).unwrap();
        let cart = Cart::default().ordered(mark("a", 0)).unwrap();
        assert!(cart.placed_under("a", Timestamp::from_millis(day - 1)).is_some());
        assert!(cart.placed_under("a", Timestamp::from_millis(day)).is_none());
        assert!(cart.placed_under("b", Timestamp::from_millis(0)).is_none());
        assert_eq!(cart.ordered(mark("b", day)).unwrap().placed.len(), 1, "old marks are let go");
    }

    #[test]
    fn a_day_holds_only_so_many_orders() {
        let mut cart = Cart::default();
        for n in 0..50 {
            cart = cart.ordered(mark(&n.to_string(), n)).unwrap();
        }
        assert_eq!(cart.ordered(mark("more", 60)).unwrap_err().code(), "too_many_orders");
    }

    proptest! {
        #[test]
        fn whatever_is_done_lines_stay_unique_and_bounded(steps in prop::collection::vec((0u128..60, 0u32..120, any::<bool>()), 0..200)) {
            let mut cart = Cart::default();
            for (n, amount, add) in steps {
                match Quantity::parse(amount) {
                    Ok(quantity) if add => { let _ = cart.merge(offer(n), quantity, None); }
                    Ok(quantity) => { let _ = cart.put(offer(n), quantity, None); }
                    Err(_) => { cart.remove(offer(n).product_id); }
                }
                let mut products: Vec<_> = cart.lines.iter().map(|line| line.offer.product_id).collect();
                products.sort_unstable();
                products.dedup();
                prop_assert_eq!(products.len(), cart.lines.len());
                prop_assert!(cart.lines.len() <= MAX_LINES);
            }
        }
    }
}
