//! What the staff says to make or change a coupon.

use serde::Deserialize;
use utoipa::ToSchema;

use super::terms::{Benefit, MAX_PER_CUSTOMER, Terms};
use super::view::CouponKind;
use crate::platform::clock::Timestamp;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::money::{Currency, MAX_AMOUNT, Money, MoneyInput};
use crate::platform::wording::{self, Words};

/// The most uses that can be asked for.
const MAX_USES: u32 = 1_000_000_000;

/// What a coupon is to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutCouponRequest {
    /// What it takes off.
    #[schema(value_type = CouponKind)]
    kind: Field<String>,
    /// How much: 1 to 100 of `percent`; minor units of the pharmacy's currency of `amount`; not for `free_delivery`.
    #[schema(value_type = Option<i64>, minimum = 1)]
    value: Option<Field<i64>>,
    /// What the lines it counts for must come to.
    min_subtotal: Option<Field<MoneyInput>>,
    /// The most that it takes off; not for `free_delivery`.
    max_discount: Option<Field<MoneyInput>>,
    /// From when on it is good.
    #[schema(value_type = Option<String>, format = DateTime)]
    starts_at: Option<Field<String>>,
    /// Until when, exclusive.
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Field<String>>,
    /// How many orders may use it; as many as there are where it is not said.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000_000)]
    max_uses: Option<Field<u32>>,
    /// How many orders of one customer; 100 where it is not said.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    per_customer: Option<Field<u32>>,
    /// Whether lines that need a prescription do not count; they do not where it is not said.
    excludes_prescription: Option<Field<bool>>,
}

impl PutCouponRequest {
    /// The terms, in a pharmacy that sells in `currency`.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, currency: Currency) -> Result<Terms, FieldErrors> {
        let sum = |field: Option<Field<MoneyInput>>, name: &str| {
            field.map(|sum| sum.nested(name, |sum| sum.price(currency))).transpose()
        };
        let kind = self.kind.parse("kind", |kind| CouponKind::parse(&kind));
        let no_cap = matches!(kind, Ok(CouponKind::FreeDelivery)) && self.max_discount.is_some();
        let benefit = benefit(kind, self.value, currency);
        let max_discount = if no_cap {
            Err(vec![Invalid::new("conflict", wording::coupons::free_or_not()).at("max_discount")])
        } else {
            sum(self.max_discount, "max_discount")
        };
        let (benefit, min_subtotal, max_discount, starts_at, ends_at, max_uses, per_customer, excludes) = all((
            benefit,
            sum(self.min_subtotal, "min_subtotal"),
            max_discount,
            self.starts_at.parse_optional("starts_at", |text| Timestamp::parse(&text)),
            self.ends_at.parse_optional("ends_at", |text| Timestamp::parse(&text)),
            self.max_uses.parse_optional("max_uses", |uses| within(uses, MAX_USES)),
            self.per_customer.parse_optional("per_customer", |uses| within(uses, MAX_PER_CUSTOMER)),
            self.excludes_prescription.optional("excludes_prescription"),
        ))?;
        if starts_at.zip(ends_at).is_some_and(|(start, end)| start >= end) {
            return Err(vec![Invalid::new("out_of_range", wording::field::after_beginning()).at("ends_at")]);
        }
        let excludes_prescription = excludes.unwrap_or(true);
        Ok(Terms {
            benefit,
            min_subtotal,
            max_discount,
            starts_at,
            ends_at,
            max_uses,
            per_customer,
            excludes_prescription,
        })
    }
}

fn within(number: u32, most: u32) -> Result<u32, Invalid> {
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Invalid::new("out_of_range", wording::field::between(1, most)))
    }
}

fn benefit(
    kind: Result<CouponKind, FieldErrors>,
    value: Option<Field<i64>>,
    currency: Currency,
) -> Result<Benefit, FieldErrors> {
    let kind = match kind {
        Ok(kind) => kind,
        // What is wrong with the value is told beside it where that can be told without the kind.
        Err(mut errors) => {
            errors.extend(value.optional("value").err().unwrap_or_default());
            return Err(errors);
        }
    };
    let value = value.optional("value")?;
    let wrong = |code, message: Words| Err(vec![Invalid::new(code, message).at("value")]);
    match (kind, value) {
        (CouponKind::FreeDelivery, None) => Ok(Benefit::FreeDelivery),
        (CouponKind::FreeDelivery, Some(_)) => wrong("conflict", wording::coupons::free_or_not()),
        (_, None) => wrong("required", wording::field::required()),
        (CouponKind::Percent, Some(value)) => match u32::try_from(value) {
            Ok(percent @ 1..=100) => Ok(Benefit::Percent(percent)),
            _ => wrong("out_of_range", wording::field::between(1, 100)),
        },
        (CouponKind::Amount, Some(value)) => match value {
            1..=MAX_AMOUNT => Ok(Benefit::Amount(Money::new(value, currency))),
            _ => wrong("out_of_range", wording::field::minor_units_between(1, MAX_AMOUNT)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<Terms, Vec<String>> {
        let request: PutCouponRequest = serde_json::from_str(body).unwrap();
        let checked = request.check(Currency::parse("USD").unwrap());
        checked.map_err(|errors| errors.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect())
    }

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let errors = check(
            r#"{"kind": "percent", "value": 101, "min_subtotal": {"amount": 1, "currency": "NPR"}, "ends_at": "soon",
                "max_uses": 0, "per_customer": 101}"#,
        );
        assert_eq!(
            errors.unwrap_err(),
            [
                "value out_of_range",
                "min_subtotal.currency wrong_currency",
                "ends_at invalid_time",
                "max_uses out_of_range",
                "per_customer out_of_range"
            ]
        );
        assert_eq!(check(r#"{"kind": "gift", "value": "x"}"#).unwrap_err(), ["kind unknown_value", "value wrong_type"]);
        assert_eq!(check(r#"{"kind": "amount"}"#).unwrap_err(), ["value required"]);
        let free = r#"{"kind": "free_delivery", "value": 1, "max_discount": {"amount": 1, "currency": "USD"}}"#;
        assert_eq!(check(free).unwrap_err(), ["value conflict", "max_discount conflict"]);
        let backwards =
            r#"{"kind": "free_delivery", "starts_at": "2026-12-02T00:00:00Z", "ends_at": "2026-12-01T00:00:00Z"}"#;
        assert_eq!(check(backwards).unwrap_err(), ["ends_at out_of_range"]);
    }

    #[test]
    fn what_is_prescribed_does_not_count_unless_it_is_said() {
        assert!(check(r#"{"kind": "free_delivery"}"#).unwrap().excludes_prescription);
        let all = check(r#"{"kind": "amount", "value": 500, "excludes_prescription": false}"#).unwrap();
        assert_eq!(all.benefit, Benefit::Amount(Money::new(500, Currency::parse("USD").unwrap())));
        assert!(!all.excludes_prescription);
    }
}
