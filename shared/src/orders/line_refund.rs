//! What units of an order's lines are worth when they go back. Pure rules.
//!
//! A line's units share its discount. What so many of them are worth is rounded down over all that went back before and these
//! together, less what went back before: whatever the parts, the last unit brings the sum to what the line cost, exactly.

use super::cart::Quantity;
use super::order::{Order, OrderLine};
use crate::payments::{Refund, RefundedLine};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, all, each};
use crate::platform::ids::ProductId;
use crate::platform::money::Money;

use crate::platform::wording;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So many units of a product, as a request carries it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UnitsInput {
    /// The product.
    #[schema(value_type = String)]
    product_id: Field<String>,
    /// How many, 1 to 99.
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Field<u32>,
}

/// So many units of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Units {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// How many.
    pub quantity: u32,
}

impl UnitsInput {
    /// A list of units, each product once.
    ///
    /// # Errors
    /// All that are at fault, below `name`; an empty list, or one that is too long.
    pub fn check(list: Vec<Self>, name: &str) -> Result<Vec<Units>, FieldErrors> {
        if !(1..=super::cart::MAX_LINES).contains(&list.len()) {
            let message = wording::field::entries_between(super::cart::MAX_LINES);
            return Err(vec![Invalid::new("out_of_range", message).at(name)]);
        }
        let one = |input: Self| {
            let (product_id, quantity) = all((
                input.product_id.parse("product_id", |id| ProductId::parse(&id)),
                input.quantity.parse("quantity", Quantity::parse),
            ))?;
            Ok(Units { product_id, quantity: quantity.get() })
        };
        let units = each(list, one).map_err(|errors| crate::platform::fields::nest(name, errors))?;
        for (place, one) in units.iter().enumerate() {
            if units.iter().take(place).any(|before| before.product_id == one.product_id) {
                let field = format!("{name}[{place}].product_id");
                return Err(vec![Invalid::new("repeated", wording::field::repeated()).at(field)]);
            }
        }
        Ok(units)
    }
}

/// How many units of a product are left that did not go back.
#[derive(Debug, Serialize)]
struct Left {
    product_id: ProductId,
    quantity: u32,
}

/// What a line cost, after its discount, in minor units.
pub fn net(line: &OrderLine) -> i64 {
    let whole = line.offer.price.times(line.quantity).map_or(0, Money::amount);
    whole - line.discount
}

/// What `quantity` units of a line cost by themselves, rounded down.
pub fn share(line: &OrderLine, quantity: u32) -> i64 {
    worth(line, 0, 0, quantity.min(line.quantity))
}

/// What `quantity` more units of a line are worth, where `before` units went back already for `paid`.
fn worth(line: &OrderLine, before: u32, paid: i64, quantity: u32) -> i64 {
    let units = i128::from(before) + i128::from(quantity);
    let so_far = i128::from(net(line)) * units / i128::from(line.quantity.max(1));
    i64::try_from(so_far).unwrap_or(i64::MAX).saturating_sub(paid).max(0)
}

/// What these units of an order are worth beside the refunds and returns that there were, line by line.
///
/// # Errors
/// 400 for a product that the order does not have; 422 `refund_too_large` with how many units are left.
pub fn of_units(order: &Order, units: &[Units]) -> Result<Vec<RefundedLine>> {
    let refunds = order.payment.refunds();
    let (mut lines, mut unknown, mut left) = (Vec::new(), FieldErrors::new(), Vec::new());
    for (place, Units { product_id, quantity }) in units.iter().enumerate() {
        let Some(line) = order.lines.iter().find(|line| line.offer.product_id == *product_id) else {
            let invalid = Invalid::new("not_found", wording::orders::no_such_line());
            unknown.push(invalid.at(format!("lines[{place}].product_id")));
            continue;
        };
        let gone = refunds.iter().filter(|refund| refund.counts()).flat_map(|refund: &Refund| &refund.lines);
        let gone = gone.filter(|gone| gone.product_id == *product_id);
        let (before, paid) = gone.fold(order.units_paid_back(line), |(units, paid), gone| {
            (units.saturating_add(gone.quantity), paid + gone.amount)
        });
        if before.saturating_add(*quantity) > line.quantity {
            left.push(Left { product_id: *product_id, quantity: line.quantity.saturating_sub(before) });
        }
        let amount = worth(line, before, paid, *quantity);
        lines.push(RefundedLine { product_id: *product_id, quantity: *quantity, amount });
    }
    if !unknown.is_empty() {
        return Err(unknown.into());
    }
    if !left.is_empty() {
        let detail = wording::orders::too_many_units_back();
        return Err(Error::new(Kind::Unprocessable, "refund_too_large", detail).with_problems(&left));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::{LegalStatus, Offer};
    use crate::orders::cart::tests::offer_of;
    use crate::platform::money::Currency;

    fn line(currency: &str, price: i64, quantity: u32, discount: i64) -> OrderLine {
        let price = Money::new(price, Currency::parse(currency).unwrap());
        OrderLine {
            offer: Offer { price, ..offer_of(1, "500 mg", LegalStatus::Otc) },
            quantity,
            prescription_id: None,
            waited: false,
            patient: None,
            lots: Vec::new(),
            discount,
        }
    }

    #[test]
    fn units_share_the_discount_of_their_line() {
        let line = line("USD", 1000, 3, 100);
        assert_eq!((net(&line), worth(&line, 0, 0, 1), worth(&line, 0, 0, 3)), (2900, 966, 2900));
        assert_eq!((worth(&line, 1, 966, 1), worth(&line, 2, 1933, 1)), (967, 967));
    }

    proptest! {
        #[test]
        fn however_a_line_goes_back_it_adds_up(
            currency in prop_oneof![Just("JPY"), Just("USD"), Just("KWD")],
            price in 1i64..1_000_000,
            quantity in 1u32..=99,
            off in 0u32..=100,
            parts in prop::collection::vec((1u32..10, any::<bool>()), 1..60),
        ) {
            let whole = price * i64::from(quantity);
            let line = line(currency, price, quantity, whole * i64::from(off) / 100);
            let (mut units, mut paid) = (0, 0);
            for (part, fails) in parts.into_iter().chain([(quantity, false)]) {
                let part = part.min(quantity - units);
                let amount = worth(&line, units, paid, part);
                prop_assert!(amount >= 0);
                // A refund that fails is as if it had not been asked for.
                if !fails {
                    units += part;
                    paid += amount;
                }
                prop_assert!(paid <= net(&line));
            }
            prop_assert_eq!((units, paid), (quantity, net(&line)));
        }
    }
}
