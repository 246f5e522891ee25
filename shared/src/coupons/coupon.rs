//! A coupon, what a cart has agreed to of it, and whether it can be used now. Pure rules.

use serde::{Deserialize, Serialize};

use super::code::CouponCode;
use super::terms::Terms;
use crate::platform::clock::Timestamp;
use crate::platform::wording::{self, Words};

/// A coupon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    /// What customers type.
    pub code: CouponCode,
    /// Its terms.
    pub terms: Terms,
    /// How many orders that were not called off use it.
    pub uses: u32,
    /// Grows by one with every change of its terms; uses do not change it.
    pub version: u64,
    /// Since when it is no more, if it was removed. What its uses are counted by stays, so that they can be given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}

/// A coupon on the terms that a customer has agreed to, as carts and orders keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Which.
    pub code: CouponCode,
    /// In which version.
    pub version: u64,
    /// On which terms.
    pub terms: Terms,
}

/// Why a coupon takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// There is none, it is not good now, or its terms are others than those agreed to.
    Invalid,
    /// It was used as often as it may be, by all or by this customer.
    Spent,
    /// What it counts for does not come to what it asks for.
    NotReached,
}

/// The same with a sentence for the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// In a sentence.
    pub detail: Words,
}

impl Refusal {
    /// With a sentence.
    pub fn new(code: RefusalCode, detail: Words) -> Self {
        Self { code, detail }
    }
}

/// How it stands with a coupon now, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The coupon; `None` within where there is none, and without where that was not looked up.
    pub coupon: Option<Option<Coupon>>,
    /// How many orders of this customer use it.
    pub used: u32,
}

impl Coupon {
    /// On its terms of now.
    pub fn agreed(&self) -> Agreed {
        Agreed { code: self.code.clone(), version: self.version, terms: self.terms.clone() }
    }
}

impl Standing {
    /// The coupon, where it can be had now by this customer.
    ///
    /// # Errors
    /// Why not.
    pub fn usable(&self, now: Timestamp) -> Result<&Coupon, Refusal> {
        let coupon = self.coupon.as_ref().and_then(Option::as_ref).filter(|coupon| coupon.removed_at.is_none());
        let coupon = coupon.ok_or_else(|| Refusal::new(RefusalCode::Invalid, wording::coupons::unknown()))?;
        good(&coupon.terms, now)?;
        if coupon.terms.max_uses.is_some_and(|most| coupon.uses >= most) {
            return Err(Refusal::new(RefusalCode::Spent, wording::coupons::spent()));
        }
        self.left(&coupon.terms)?;
        Ok(coupon)
    }

    /// Whether what was agreed to holds now, as far as it is known; the transaction makes sure of the rest.
    ///
    /// # Errors
    /// Why not.
    pub fn holds(&self, agreed: &Agreed, now: Timestamp) -> Result<(), Refusal> {
        if self.coupon.is_none() {
            good(&agreed.terms, now)?;
            return self.left(&agreed.terms);
        }
        if self.usable(now)?.version == agreed.version {
            return Ok(());
        }
        let detail = wording::coupons::changed();
        Err(Refusal::new(RefusalCode::Invalid, detail))
    }

    fn left(&self, terms: &Terms) -> Result<(), Refusal> {
        if self.used >= terms.most_per_customer() {
            return Err(Refusal::new(RefusalCode::Spent, wording::coupons::spent_by_you()));
        }
        Ok(())
    }
}

fn good(terms: &Terms, now: Timestamp) -> Result<(), Refusal> {
    if terms.is_good_at(now) { Ok(()) } else { Err(Refusal::new(RefusalCode::Invalid, wording::coupons::not_now())) }
}

#[cfg(test)]
mod tests {
    use super::super::terms::Benefit;
    use super::*;

    fn coupon(uses: u32, max_uses: Option<u32>, per_customer: Option<u32>) -> Coupon {
        let terms = Terms {
            benefit: Benefit::FreeDelivery,
            min_subtotal: None,
            max_discount: None,
            starts_at: None,
            ends_at: Some(Timestamp::from_millis(10)),
            max_uses,
            per_customer,
            excludes_prescription: true,
        };
        Coupon { code: CouponCode::parse("SPRING").unwrap(), terms, uses, version: 3, removed_at: None }
    }

    fn refused(coupon: Option<Coupon>, used: u32, now: i64) -> Option<RefusalCode> {
        let standing = Standing { coupon: Some(coupon), used };
        standing.usable(Timestamp::from_millis(now)).err().map(|refusal| refusal.code)
    }

    #[test]
    fn a_coupon_can_be_used_while_there_is_one_and_something_of_it_is_left() {
        assert_eq!(refused(Some(coupon(1, Some(2), Some(1))), 0, 9), None);
        assert_eq!(refused(Some(coupon(2, Some(2), None)), 0, 9), Some(RefusalCode::Spent));
        assert_eq!(refused(Some(coupon(0, None, Some(1))), 1, 9), Some(RefusalCode::Spent));
        assert_eq!(refused(Some(coupon(0, None, None)), 0, 10), Some(RefusalCode::Invalid));
        assert_eq!(refused(None, 0, 9), Some(RefusalCode::Invalid));
        let removed = Coupon { removed_at: Some(Timestamp::from_millis(1)), ..coupon(0, None, None) };
        assert_eq!(refused(Some(removed), 0, 9), Some(RefusalCode::Invalid));
    }

    #[test]
    fn other_terms_than_those_agreed_to_do_not_hold() {
        let now = Timestamp::from_millis(9);
        let agreed = coupon(0, None, None).agreed();
        let standing = |version| Standing { coupon: Some(Some(Coupon { version, ..coupon(0, None, None) })), used: 0 };
        assert_eq!(standing(3).holds(&agreed, now), Ok(()));
        assert_eq!(standing(4).holds(&agreed, now).unwrap_err().code, RefusalCode::Invalid);
        assert_eq!(Standing::default().holds(&agreed, now), Ok(()), "the transaction makes sure of it");
        let over = Standing::default().holds(&agreed, Timestamp::from_millis(10));
        assert_eq!(over.unwrap_err().code, RefusalCode::Invalid);
    }
}
