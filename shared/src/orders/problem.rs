//! What stands between a cart and an order, as typed problems for each line.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalog::schedule::Limits;
use crate::catalog::{MedicinePart, Offer};
use crate::coupons::{Refusal, RefusalCode};
use crate::platform::error::{Error, Kind};
use crate::platform::ids::ProductId;
use crate::platform::wording::{self, Words};
use crate::prescriptions::{Shortfall, ShortfallCode};

/// The kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// There is nothing to order.
    CartEmpty,
    /// Fewer units are left than asked for.
    OutOfStock,
    /// The product is not on sale any more.
    Unavailable,
    /// The price is not the one in the cart.
    PriceChanged,
    /// It is another medicine than the one that was agreed to, or sold under a stricter law.
    MedicineChanged,
    /// The total is not the expected one.
    TotalChanged,
    /// A prescription is needed and none was given.
    PrescriptionRequired,
    /// None of the given prescriptions covers it.
    PrescriptionInsufficient,
    /// The law where the pharmacy is lets nobody send it to a patient.
    NotSoldRemotely,
    /// The prescription that covers it is for somebody else, or whom it is for was removed.
    WrongPatient,
    /// The prescription covers it, but not yet.
    TooEarly,
    /// More than one order can hold.
    LimitExceeded,
    /// It must not be used with another line, with what the patient takes, or by the patient.
    Contraindicated,
    /// A pharmacist has to decide about it first.
    Screening,
    /// There is no such coupon, it is not good now, or its terms have changed since it was set.
    CouponInvalid,
    /// The coupon was used as often as it may be.
    CouponSpent,
    /// What is in the cart does not come to what the coupon asks for.
    CouponNotReached,
    /// Nothing is delivered to the address.
    NotDeliverable,
    /// It cannot be paid like this there, or so little cannot be.
    MethodUnavailable,
}

impl ProblemCode {
    /// Why a coupon takes nothing off.
    pub const fn of_coupon(code: RefusalCode) -> Self {
        match code {
            RefusalCode::Invalid => Self::CouponInvalid,
            RefusalCode::Spent => Self::CouponSpent,
            RefusalCode::NotReached => Self::CouponNotReached,
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckoutProblem {
    /// The line; `null` where it is the whole order.
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
    /// What.
    pub code: ProblemCode,
    /// A sentence for the customer.
    #[schema(value_type = String)]
    pub detail: Words,
    /// How many units could be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<i64>,
    /// From which day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub eligible_on: Option<crate::platform::clock::Date>,
    /// What of the medicine has changed, where that can be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<MedicinePart>,
}

impl CheckoutProblem {
    /// A problem of one line.
    pub fn line(product_id: ProductId, code: ProblemCode, detail: Words) -> Self {
        Self { product_id: Some(product_id), ..Self::order(code, detail) }
    }

    /// That whom a line is for was removed since it was put in the cart.
    pub fn patient_removed(product_id: ProductId) -> Self {
        Self::line(product_id, ProblemCode::WrongPatient, wording::orders::patient_removed())
    }

    /// A problem of the whole order.
    pub fn order(code: ProblemCode, detail: Words) -> Self {
        Self { product_id: None, code, detail, available: None, eligible_on: None, changed: Vec::new() }
    }

    /// The coupon takes nothing off.
    pub fn coupon(refusal: &Refusal) -> Self {
        Self::order(ProblemCode::of_coupon(refusal.code), refusal.detail.clone())
    }

    /// Fewer units are left than asked for.
    pub fn out_of_stock(product_id: ProductId, available: i64) -> Self {
        // Below zero where units are missing for orders that were placed.
        let available = available.max(0);
        let detail = match available {
            0 => wording::orders::out_of_stock(),
            left => wording::orders::only_left(left),
        };
        Self { available: Some(available), ..Self::line(product_id, ProblemCode::OutOfStock, detail) }
    }

    /// It is another medicine `today` than was agreed to; what can be done about it depends on whether it is still `in_cart`.
    pub fn medicine_changed(today: &Offer, changed: Vec<MedicinePart>, in_cart: bool) -> Self {
        let name = &today.name;
        let detail =
            if in_cart { wording::orders::changed_in_cart(name) } else { wording::orders::not_what_was_ordered(name) };
        Self { changed, ..Self::line(today.product_id, ProblemCode::MedicineChanged, detail) }
    }

    /// A prescription is needed and none was given.
    pub fn prescription_required(product_id: ProductId) -> Self {
        let detail = wording::orders::prescription_required();
        Self::line(product_id, ProblemCode::PrescriptionRequired, detail)
    }

    /// The law where the pharmacy is lets nobody send it to a patient.
    pub fn not_sold_remotely(product_id: ProductId, limits: &Limits) -> Self {
        let detail = wording::orders::not_sold_remotely(limits.source);
        Self::line(product_id, ProblemCode::NotSoldRemotely, detail)
    }

    /// None of the given prescriptions covers the line.
    pub fn shortfall(shortfall: &Shortfall) -> Self {
        let line = |detail: Words| Self::line(shortfall.product_id, ProblemCode::PrescriptionInsufficient, detail);
        match shortfall.code {
            ShortfallCode::NotPrescribed => line(wording::orders::not_prescribed()),
            ShortfallCode::WrongPatient => {
                let detail = wording::orders::wrong_patient();
                Self { code: ProblemCode::WrongPatient, ..line(detail) }
            }
            ShortfallCode::Changed => line(wording::orders::changed_since_approval()),
            ShortfallCode::Expired => line(wording::orders::prescription_expired()),
            ShortfallCode::Spent => line(wording::orders::fills_used()),
            ShortfallCode::TooMany(most) => {
                Self { available: Some(i64::from(most)), ..line(wording::orders::at_a_time(most)) }
            }
            ShortfallCode::TooEarly(day) => {
                Self { code: ProblemCode::TooEarly, eligible_on: Some(day), ..line(wording::orders::next_fill(day)) }
            }
        }
    }
}

/// The refusal of an order, with every reason.
pub fn refusal(problems: &[CheckoutProblem]) -> Error {
    Error::new(Kind::Unprocessable, "checkout_problems", wording::orders::cannot_be_placed()).with_problems(&problems)
}

/// The refusal to dispense an order, with every reason.
pub fn dispensing_refused(problems: &[CheckoutProblem]) -> Error {
    Error::new(Kind::Unprocessable, "dispensing_refused", wording::orders::must_not_be_dispensed())
        .with_problems(&problems)
}

/// The refusal of a coupon by itself.
pub fn coupon_refused(refusal: &Refusal) -> Error {
    let code = match refusal.code {
        RefusalCode::Invalid => "coupon_invalid",
        RefusalCode::Spent => "coupon_spent",
        RefusalCode::NotReached => "coupon_not_reached",
    };
    Error::new(Kind::Unprocessable, code, refusal.detail.clone())
}
