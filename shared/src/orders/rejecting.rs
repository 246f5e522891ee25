//! Lines that a pharmacist leaves out of an order when checking it. Pure rules.

use serde::{Deserialize, Serialize};

use super::order::{Order, OrderLine};
use super::pricing::Totals;
use crate::coupons::{Counted, Discount, spread, sum};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::ProductId;
use crate::platform::money::Money;
use crate::platform::wording;

/// The order as it was placed, kept where lines were left out of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsPlaced {
    /// All lines.
    pub lines: Vec<OrderLine>,
    /// What they cost.
    pub totals: Totals,
}

fn misfit() -> Error {
    Error::internal("what is left of an order does not add up")
}

impl Order {
    /// The lines that were left out.
    pub fn rejected_lines(&self) -> impl Iterator<Item = &OrderLine> {
        let left = |line: &&OrderLine| !self.lines.iter().any(|kept| kept.offer.product_id == line.offer.product_id);
        self.as_placed.iter().flat_map(|placed| &placed.lines).filter(left)
    }

    /// Whether these are products of it, each once.
    ///
    /// # Errors
    /// Those that are not, by their places in `reject`.
    pub fn check_rejected(&self, products: &[ProductId]) -> Result<(), FieldErrors> {
        let wrong = |(place, product): (usize, &ProductId)| {
            let invalid = if products.iter().take(place).any(|before| before == product) {
                Invalid::new("repeated", wording::field::repeated())
            } else if self.lines.iter().any(|line| line.offer.product_id == *product) {
                return None;
            } else {
                Invalid::new("not_found", wording::orders::no_such_line())
            };
            Some(invalid.at(format!("reject[{place}]")))
        };
        let errors: FieldErrors = products.iter().enumerate().filter_map(wrong).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The order without the lines of these products, of which at least one other must be left. Its sums are computed again,
    /// on the terms of its coupon; what delivery costs stays. It never costs more than before: where the coupon counts no
    /// more, the customer has that much off all the same. What is paid online is lowered to the new total.
    ///
    /// # Errors
    /// Sums that do not fit.
    pub fn without(&self, products: &[ProductId], now: Timestamp) -> Result<Self> {
        let mut next = self.clone();
        next.lines.retain(|line| !products.contains(&line.offer.product_id));
        let (totals, discounts) = next.priced_below(self.totals)?;
        for (line, discount) in next.lines.iter_mut().zip(discounts) {
            line.discount = discount.amount();
        }
        next.as_placed = Some(Box::new(AsPlaced { lines: self.lines.clone(), totals: self.totals }));
        next.totals = totals;
        next.payment = self.payment.lowered(totals.total, now);
        Ok(next)
    }

    /// What its lines cost, and what is off each of them, where all together may not cost more than `before`.
    fn priced_below(&self, before: Totals) -> Result<(Totals, Vec<Money>)> {
        let total = |line: &OrderLine| line.offer.price.times(line.quantity).ok_or_else(misfit);
        let costs = self.lines.iter().map(total).collect::<Result<Vec<_>>>()?;
        let counted = |(line, total): (&OrderLine, &Money)| Counted {
            total: *total,
            prescription: line.offer.legal_status.prescription_required(),
        };
        let counted: Vec<_> = self.lines.iter().zip(&costs).map(counted).collect();
        let nothing = Money::zero(before.total.currency());
        let subtotal = sum(nothing, &costs)?;
        let by_coupon = self.coupon.as_ref().map(|agreed| agreed.terms.discount(&counted)).transpose()?;
        let off = by_coupon.and_then(std::result::Result::ok).map(|Discount { of_lines, .. }| of_lines);
        let off = off.unwrap_or_else(|| vec![nothing; costs.len()]);
        let off_together = sum(nothing, &off)?;
        let whole = subtotal.plus(before.delivery).ok_or_else(misfit)?;
        let at_least = whole.minus(before.total).ok_or_else(misfit)?;
        if at_least.amount() <= off_together.amount() {
            return Ok((Totals::of(subtotal, off_together, before.delivery)?, off));
        }
        Ok((Totals::of(subtotal, at_least, before.delivery)?, spread(at_least, &costs)?))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::{LegalStatus, Offer};
    use crate::coupons::{Agreed, Benefit, CouponCode, Terms};
    use crate::orders::cart::tests::offer_of;
    use crate::orders::order::{Actor, Step};
    use crate::orders::pricing::{DeliveryRule, PricedLine};
    use crate::orders::status::Status;
    use crate::payments::{Payment, PaymentMethod};
    use crate::platform::ids::{OrderId, UserId};
    use crate::platform::money::Currency;

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency::parse("USD").unwrap())
    }

    fn terms(percent: u32, least: i64) -> Terms {
        Terms {
            benefit: Benefit::Percent(percent),
            min_subtotal: Some(usd(least)),
            max_discount: None,
            starts_at: None,
            ends_at: None,
            max_uses: None,
            per_customer: None,
            excludes_prescription: true,
        }
    }

    /// An order of lines of `(price, quantity)`, paid by card.
    pub(crate) fn order(lines: &[(i64, u32)], coupon: Option<Terms>) -> Order {
        let now = Timestamp::from_millis(1);
        let rule = DeliveryRule { currency: usd(0).currency(), fee: 499, free_from: 5000 };
        let to_price: Vec<_> = lines
            .iter()
            .map(|(price, quantity)| PricedLine { price: usd(*price), quantity: *quantity, prescription: false })
            .collect();
        let priced = rule.priced(&to_price, coupon.as_ref()).unwrap();
        let line = |(n, ((price, quantity), discount)): (usize, (&(i64, u32), &Money))| OrderLine {
            offer: Offer { price: usd(*price), ..offer_of(n as u128, "500 mg", LegalStatus::Otc) },
            quantity: *quantity,
            prescription_id: None,
            waited: false,
            patient: None,
            lots: Vec::new(),
            discount: discount.amount(),
        };
        let customer = UserId::parse("00000000-0000-4000-8000-000000000001").unwrap();
        let step = Step { status: Status::Placed, at: now, by: Actor::Customer, user: customer.clone(), note: None };
        Order {
            id: OrderId::generate(now),
            customer,
            status: Status::Placed,
            lines: lines.iter().zip(&priced.discounts).enumerate().map(line).collect(),
            totals: priced.totals,
            coupon: coupon.map(|terms| Agreed { code: CouponCode::parse("SPRING").unwrap(), version: 1, terms }),
            zone: None,
            as_placed: None,
            returns: Vec::new(),
            seller_fee: 0,
            address: None,
            payment: Payment::new(PaymentMethod::Card, priced.totals.total, now),
            prescription_ids: Vec::new(),
            given_first: None,
            given_anew: None,
            note: None,
            tracking: None,
            history: vec![step],
            screened: Vec::new(),
            overrides: Vec::new(),
            recalls: Vec::new(),
            erased: None,
            version: 1,
        }
    }

    fn product(order: &Order, place: usize) -> ProductId {
        order.lines[place].offer.product_id
    }

    #[test]
    fn what_is_left_is_priced_again_and_due() {
        let order = order(&[(1000, 2), (500, 1)], Some(terms(10, 500)));
        assert_eq!(order.totals.total, usd(2500 - 250 + 499));
        let left = order.without(&[product(&order, 0)], Timestamp::from_millis(2)).unwrap();
        assert_eq!((left.totals.subtotal, left.totals.discount, left.totals.total), (usd(500), usd(50), usd(949)));
        assert_eq!(left.payment.online().unwrap().due, usd(949));
        assert_eq!(left.rejected_lines().map(|line| line.offer.product_id).collect::<Vec<_>>(), [product(&order, 0)]);
        assert_eq!(left.first().lines, order.lines);
        assert_eq!((left.first().totals, left.first().payment), (order.totals, order.payment));
    }

    #[test]
    fn it_never_costs_more_though_the_coupon_counts_no_more() {
        let order = order(&[(100, 1), (1000, 1)], Some(terms(50, 1100)));
        assert_eq!(order.totals.total, usd(550 + 499));
        let left = order.without(&[product(&order, 0)], Timestamp::from_millis(2)).unwrap();
        assert_eq!((left.totals.total, left.totals.discount), (order.totals.total, usd(450)));
        assert_eq!(left.lines[0].discount, 450);
    }

    #[test]
    fn delivery_that_was_free_stays_free() {
        let order = order(&[(5000, 1), (100, 1)], None);
        assert_eq!(order.totals.delivery, usd(0));
        let left = order.without(&[product(&order, 0)], Timestamp::from_millis(2)).unwrap();
        assert_eq!(left.totals.total, usd(100));
    }

    #[test]
    fn only_its_own_products_can_be_left_out_each_once() {
        let order = order(&[(100, 1), (200, 1)], None);
        let stranger = offer_of(77, "1 g", LegalStatus::Otc).product_id;
        let own = product(&order, 0);
        let errors = order.check_rejected(&[own, stranger, own]).unwrap_err();
        let errors: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(errors, [("reject[1]", "not_found"), ("reject[2]", "repeated")]);
        assert!(order.check_rejected(&[own]).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_left_out_the_rest_adds_up_and_costs_no_more(
            lines in prop::collection::vec((1i64..100_000, 1u32..20), 2..20),
            out in prop::collection::vec(any::<bool>(), 20),
            coupon in prop::option::of((1u32..=100, 1i64..200_000)),
        ) {
            let order = order(&lines, coupon.map(|(percent, least)| terms(percent, least)));
            let products: Vec<_> = (1..lines.len()).filter(|place| out[*place]).map(|place| product(&order, place)).collect();
            let left = order.without(&products, Timestamp::from_millis(2)).unwrap();
            let totals = left.totals;
            prop_assert!(totals.total.amount() <= order.totals.total.amount());
            prop_assert!(totals.total.amount() >= 0);
            prop_assert_eq!(totals.subtotal.amount() - totals.discount.amount() + totals.delivery.amount(), totals.total.amount());
            prop_assert_eq!(left.lines.iter().map(|line| line.discount).sum::<i64>(), totals.discount.amount());
            for line in &left.lines {
                let cost = line.offer.price.times(line.quantity).unwrap().amount();
                prop_assert!((0..=cost).contains(&line.discount));
            }
        }
    }
}
