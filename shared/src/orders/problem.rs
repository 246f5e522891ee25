//! What stands between a cart and an order, as typed problems for each line.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalog::{MedicinePart, Offer};
use crate::platform::error::{Error, Kind};
use crate::platform::ids::ProductId;
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
    /// The prescription covers it, but not yet.
    TooEarly,
    /// More than one order can hold.
    LimitExceeded,
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
    pub detail: String,
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
    pub fn line(product_id: ProductId, code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { product_id: Some(product_id), ..Self::order(code, detail) }
    }

    /// A problem of the whole order.
    pub fn order(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { product_id: None, code, detail: detail.into(), available: None, eligible_on: None, changed: Vec::new() }
    }

    /// Fewer units are left than asked for.
    pub fn out_of_stock(product_id: ProductId, available: i64) -> Self {
        let detail = match available {
            0 => "This product is out of stock.".to_owned(),
            left => format!("Only {left} left."),
        };
        Self { available: Some(available), ..Self::line(product_id, ProblemCode::OutOfStock, detail) }
    }

    /// It is another medicine `today` than was agreed to; what can be done about it depends on whether it is still `in_cart`.
    pub fn medicine_changed(today: &Offer, changed: Vec<MedicinePart>, in_cart: bool) -> Self {
        let name = &today.name;
        let detail = if in_cart {
            format!("{name} has changed since you put it in your cart; look at it, and put it in again to accept it.")
        } else {
            format!("{name} is not the medicine that was ordered any more.")
        };
        Self { changed, ..Self::line(today.product_id, ProblemCode::MedicineChanged, detail) }
    }

    /// A prescription is needed and none was given.
    pub fn prescription_required(product_id: ProductId) -> Self {
        let detail = "This medicine needs a prescription.";
        Self::line(product_id, ProblemCode::PrescriptionRequired, detail)
    }

    /// None of the given prescriptions covers the line.
    pub fn shortfall(shortfall: &Shortfall) -> Self {
        let line = |detail: String| Self::line(shortfall.product_id, ProblemCode::PrescriptionInsufficient, detail);
        match shortfall.code {
            ShortfallCode::NotPrescribed => line("No approved prescription names this medicine.".to_owned()),
            ShortfallCode::Changed => {
                line("The medicine has changed since the prescription for it was approved.".to_owned())
            }
            ShortfallCode::Expired => line("The prescription for this medicine has expired.".to_owned()),
            ShortfallCode::Spent => line("All fills of the prescription have been used.".to_owned()),
            ShortfallCode::TooMany(most) => {
                Self { available: Some(i64::from(most)), ..line(format!("The prescription allows {most} at a time.")) }
            }
            ShortfallCode::TooEarly(day) => Self {
                code: ProblemCode::TooEarly,
                eligible_on: Some(day),
                ..line(format!("The next fill may be had from {day}."))
            },
        }
    }
}

/// The refusal of an order, with every reason.
pub fn refusal(problems: &[CheckoutProblem]) -> Error {
    Error::new(Kind::Unprocessable, "checkout_problems", "The order cannot be placed as it is.")
        .with_problems(&problems)
}

/// The refusal to dispense an order, with every reason.
pub fn dispensing_refused(problems: &[CheckoutProblem]) -> Error {
    Error::new(Kind::Unprocessable, "dispensing_refused", "This order must not be dispensed as it is.")
        .with_problems(&problems)
}
