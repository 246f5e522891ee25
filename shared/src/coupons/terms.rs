//! What a coupon takes off, and under which terms. Sums are whole minor units; what does not divide is rounded down.

use serde::{Deserialize, Serialize};

use super::coupon::{Refusal, RefusalCode};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::money::Money;
use crate::platform::wording;

/// How often one customer may use a coupon that does not say it; it bounds the item that remembers their orders.
pub const MAX_PER_CUSTOMER: u32 = 100;

/// What a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Benefit {
    /// So many hundredths of what it counts for, 1 to 100.
    Percent(u32),
    /// A sum.
    Amount(Money),
    /// The delivery fee.
    FreeDelivery,
}

/// The terms of a coupon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What it takes off.
    pub benefit: Benefit,
    /// What the lines it counts for must come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_subtotal: Option<Money>,
    /// The most that it takes off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_discount: Option<Money>,
    /// From when on it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// Until when, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// How many orders may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
    /// How many orders of one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_customer: Option<u32>,
    /// Whether lines that need a prescription do not count: what is prescribed is not to be advertised.
    pub excludes_prescription: bool,
}

/// A line as a coupon sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What it costs, all units together.
    pub total: Money,
    /// Whether it needs a prescription.
    pub prescription: bool,
}

/// What is taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Off each line, in their order; never more than the line costs.
    pub of_lines: Vec<Money>,
    /// Whether delivery costs nothing.
    pub free_delivery: bool,
}

fn misfit() -> Error {
    Error::internal("a discount does not fit the sums it is taken off")
}

impl Terms {
    /// How often one customer may use it.
    pub fn most_per_customer(&self) -> u32 {
        self.per_customer.unwrap_or(MAX_PER_CUSTOMER)
    }

    /// Whether it is good at this time.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| now >= start) && self.ends_at.is_none_or(|end| now < end)
    }

    fn counts(&self, line: &Counted) -> bool {
        !(self.excludes_prescription && line.prescription)
    }

    /// What it takes off these lines, or why nothing.
    ///
    /// # Errors
    /// Sums that do not fit.
    pub fn discount(&self, lines: &[Counted]) -> Result<std::result::Result<Discount, Refusal>> {
        let Some(first) = lines.first() else {
            return Ok(Err(Refusal::new(RefusalCode::NotReached, wording::coupons::nothing_in_cart())));
        };
        let nothing = Money::zero(first.total.currency());
        let counting: Vec<Money> =
            lines.iter().map(|line| if self.counts(line) { line.total } else { nothing }).collect();
        let base = sum(nothing, &counting)?;
        if base.amount() <= 0 {
            let detail = wording::coupons::not_for_prescriptions();
            return Ok(Err(Refusal::new(RefusalCode::NotReached, detail)));
        }
        if let Some(least) = self.min_subtotal.filter(|least| least.amount() > base.amount()) {
            let detail = wording::coupons::from_sum(least.to_decimal(), least.currency());
            return Ok(Err(Refusal::new(RefusalCode::NotReached, detail)));
        }
        let whole = match self.benefit {
            Benefit::FreeDelivery => {
                return Ok(Ok(Discount { of_lines: vec![nothing; lines.len()], free_delivery: true }));
            }
            Benefit::Percent(percent) => i128::from(base.amount()) * i128::from(percent) / 100,
            Benefit::Amount(amount) => i128::from(amount.amount()),
        };
        let most = self.max_discount.map_or(base.amount(), |most| most.amount().min(base.amount()));
        let whole = i64::try_from(whole.min(i128::from(most)).max(0)).map_err(|_| misfit())?;
        Ok(Ok(Discount { of_lines: spread(Money::new(whole, nothing.currency()), &counting)?, free_delivery: false }))
    }
}

/// The sum of what is in one currency.
///
/// # Errors
/// A sum that does not fit.
pub fn sum(start: Money, parts: &[Money]) -> Result<Money> {
    parts.iter().try_fold(start, |sum, part| sum.plus(*part)).ok_or_else(misfit)
}

/// `discount` over lines of these totals, by their shares, so that it adds up exactly and no line becomes cheaper than
/// nothing. The discount must not be more than all of them.
///
/// # Errors
/// It is more, or the sums do not fit.
pub fn spread(discount: Money, totals: &[Money]) -> Result<Vec<Money>> {
    let nothing = Money::zero(discount.currency());
    if discount.amount() == 0 {
        return Ok(vec![nothing; totals.len()]);
    }
    if sum(nothing, totals)?.amount() < discount.amount() {
        return Err(misfit());
    }
    let weights: Vec<u64> = totals.iter().map(|total| u64::try_from(total.amount()).unwrap_or(0)).collect();
    discount.split(&weights).ok_or_else(misfit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::money::Currency;

    fn in_currency(code: &str, amount: i64) -> Money {
        Money::new(amount, Currency::parse(code).unwrap())
    }

    fn usd(amount: i64) -> Money {
        in_currency("USD", amount)
    }

    fn line(amount: i64, prescription: bool) -> Counted {
        Counted { total: usd(amount), prescription }
    }

    fn terms(benefit: Benefit) -> Terms {
        Terms {
            benefit,
            min_subtotal: None,
            max_discount: None,
            starts_at: None,
            ends_at: None,
            max_uses: None,
            per_customer: None,
            excludes_prescription: true,
        }
    }

    fn off(terms: &Terms, lines: &[Counted]) -> Result<Vec<i64>, RefusalCode> {
        let discount = terms.discount(lines).unwrap().map_err(|refusal| refusal.code)?;
        Ok(discount.of_lines.into_iter().map(Money::amount).collect())
    }

    #[test]
    fn hundredths_are_rounded_down() {
        assert_eq!(off(&terms(Benefit::Percent(15)), &[line(999, false)]), Ok(vec![149]));
        assert_eq!(off(&terms(Benefit::Percent(1)), &[line(99, false)]), Ok(vec![0]));
        assert_eq!(off(&terms(Benefit::Percent(100)), &[line(99, false), line(1, false)]), Ok(vec![99, 1]));
    }

    #[test]
    fn a_sum_is_never_more_than_what_it_counts_for() {
        assert_eq!(off(&terms(Benefit::Amount(usd(500))), &[line(300, false), line(900, true)]), Ok(vec![300, 0]));
        let capped = Terms { max_discount: Some(usd(100)), ..terms(Benefit::Percent(50)) };
        assert_eq!(off(&capped, &[line(1000, false)]), Ok(vec![100]));
    }

    #[test]
    fn what_needs_a_prescription_counts_only_where_the_terms_say_so() {
        let percent = terms(Benefit::Percent(10));
        assert_eq!(off(&percent, &[line(1000, true)]), Err(RefusalCode::NotReached));
        let all = Terms { excludes_prescription: false, ..percent };
        assert_eq!(off(&all, &[line(1000, true), line(1000, false)]), Ok(vec![100, 100]));
    }

    #[test]
    fn the_least_is_asked_of_what_counts() {
        let from = Terms { min_subtotal: Some(usd(1000)), ..terms(Benefit::Percent(10)) };
        assert_eq!(off(&from, &[line(999, false), line(5000, true)]), Err(RefusalCode::NotReached));
        assert_eq!(off(&from, &[line(1000, false)]), Ok(vec![100]));
        assert_eq!(off(&from, &[]), Err(RefusalCode::NotReached));
    }

    #[test]
    fn free_delivery_takes_nothing_off_the_lines() {
        let discount = terms(Benefit::FreeDelivery).discount(&[line(1000, false)]).unwrap().unwrap();
        assert_eq!((discount.of_lines, discount.free_delivery), (vec![usd(0)], true));
    }

    #[test]
    fn a_coupon_is_good_from_its_first_moment_to_before_its_last() {
        let at = Timestamp::from_millis;
        let window = Terms { starts_at: Some(at(10)), ends_at: Some(at(20)), ..terms(Benefit::FreeDelivery) };
        let good: Vec<_> = [9, 10, 19, 20].into_iter().filter(|now| window.is_good_at(at(*now))).collect();
        assert_eq!(good, [10, 19]);
    }

    proptest! {
        #[test]
        fn a_discount_adds_up_over_the_lines_in_every_currency(
            code in prop_oneof![Just("JPY"), Just("USD"), Just("KWD")],
            lines in prop::collection::vec((0i64..1_000_000, any::<bool>()), 1..50),
            benefit in prop_oneof![(1u32..=100).prop_map(Err), (1i64..10_000_000).prop_map(Ok)],
            most in prop::option::of(1i64..1_000_000),
            excludes_prescription in any::<bool>(),
        ) {
            let benefit = match benefit {
                Err(percent) => Benefit::Percent(percent),
                Ok(amount) => Benefit::Amount(in_currency(code, amount)),
            };
            let max_discount = most.map(|most| in_currency(code, most));
            let terms = Terms { max_discount, excludes_prescription, ..terms(benefit) };
            let counted: Vec<_> = lines.iter()
                .map(|(total, prescription)| Counted { total: in_currency(code, *total), prescription: *prescription })
                .collect();
            if let Ok(discount) = terms.discount(&counted).unwrap() {
                let base: i64 = counted.iter().filter(|line| !(excludes_prescription && line.prescription))
                    .map(|line| line.total.amount()).sum();
                let expected = match benefit {
                    Benefit::Percent(percent) => base * i64::from(percent) / 100,
                    Benefit::Amount(amount) => amount.amount(),
                    Benefit::FreeDelivery => 0,
                }.min(base).min(most.unwrap_or(i64::MAX));
                let off: Vec<i64> = discount.of_lines.iter().map(|part| part.amount()).collect();
                prop_assert_eq!(off.iter().sum::<i64>(), expected);
                for (part, line) in off.iter().zip(&counted) {
                    prop_assert!((0..=line.total.amount()).contains(part), "{} of {}", part, line.total.amount());
                    prop_assert!(*part == 0 || !(excludes_prescription && line.prescription));
                }
            }
        }
    }
    #[test]
    fn nothing_is_taken_off_what_costs_nothing() {
        assert_eq!(off(&terms(Benefit::Percent(10)), &[line(0, false)]), Err(RefusalCode::NotReached));
        assert_eq!(off(&terms(Benefit::Percent(100)), &[line(1, false)]), Ok(vec![1]));
    }

    #[test]
    fn a_discount_is_spread_over_as_much_as_there_is() {
        let parts = |discount, totals: &[i64]| {
            let totals: Vec<_> = totals.iter().copied().map(usd).collect();
            spread(usd(discount), &totals).map(|parts| parts.into_iter().map(Money::amount).collect::<Vec<_>>()).ok()
        };
        assert_eq!(parts(0, &[0, 5]), Some(vec![0, 0]));
        assert_eq!(parts(8, &[3, 5]), Some(vec![3, 5]));
        assert_eq!(parts(9, &[3, 5]), None);
    }

    #[test]
    fn a_customer_uses_a_coupon_as_often_as_it_says() {
        assert_eq!(terms(Benefit::FreeDelivery).most_per_customer(), MAX_PER_CUSTOMER);
        let twice = Terms { per_customer: Some(2), ..terms(Benefit::FreeDelivery) };
        assert_eq!(twice.most_per_customer(), 2);
    }
}
