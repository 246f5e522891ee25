//! A coupon as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::coupon::Coupon;
use super::terms::Benefit;
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::money::Money;
use crate::platform::wording;

/// What a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CouponKind {
    /// So many hundredths.
    Percent,
    /// A sum.
    Amount,
    /// The delivery fee.
    FreeDelivery,
}

impl CouponKind {
    /// Reads a kind.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "percent" => Ok(Self::Percent),
            "amount" => Ok(Self::Amount),
            "free_delivery" => Ok(Self::FreeDelivery),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("percent, amount, free_delivery"))),
        }
    }
}

/// A coupon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Coupon)]
pub struct CouponView {
    /// What customers type.
    pub code: String,
    /// What it takes off.
    pub kind: CouponKind,
    /// How much: hundredths, or minor units; `null` for free delivery.
    pub value: Option<i64>,
    /// What the lines it counts for must come to.
    pub min_subtotal: Option<Money>,
    /// The most that it takes off.
    pub max_discount: Option<Money>,
    /// From when on it is good.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Timestamp>,
    /// Until when, exclusive.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    /// How many orders may use it.
    pub max_uses: Option<u32>,
    /// How many orders of one customer.
    pub per_customer: Option<u32>,
    /// Whether lines that need a prescription do not count.
    pub excludes_prescription: bool,
    /// How many orders that were not called off use it.
    pub uses: u32,
    /// For `If-Match`.
    pub version: u64,
}

impl From<&Coupon> for CouponView {
    fn from(coupon: &Coupon) -> Self {
        let terms = &coupon.terms;
        let (kind, value) = match terms.benefit {
            Benefit::Percent(percent) => (CouponKind::Percent, Some(i64::from(percent))),
            Benefit::Amount(amount) => (CouponKind::Amount, Some(amount.amount())),
            Benefit::FreeDelivery => (CouponKind::FreeDelivery, None),
        };
        Self {
            code: coupon.code.to_string(),
            kind,
            value,
            min_subtotal: terms.min_subtotal,
            max_discount: terms.max_discount,
            starts_at: terms.starts_at,
            ends_at: terms.ends_at,
            max_uses: terms.max_uses,
            per_customer: terms.per_customer,
            excludes_prescription: terms.excludes_prescription,
            uses: coupon.uses,
            version: coupon.version,
        }
    }
}
