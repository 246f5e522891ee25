//! What somebody wants to be told of a product.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::Timestamp;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::ProductId;
use crate::platform::money::{Currency, Money, MoneyInput};
use crate::platform::wording;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// That a pack costs less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Money>,
    /// That it can be had again.
    #[serde(default)]
    pub back_in_stock: bool,
}

/// A product that somebody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Which.
    pub product_id: ProductId,
    /// What they wait for.
    #[serde(flatten)]
    pub terms: Terms,
    /// Since when they wait for it.
    pub since: Timestamp,
}

/// What somebody wants to be told of a product; one of the two at least.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WatchRequest {
    /// Once a pack costs less than this.
    #[schema(value_type = Option<MoneyInput>)]
    below: Option<Field<MoneyInput>>,
    /// Once it can be had again; not where nothing is said.
    #[schema(value_type = Option<bool>)]
    back_in_stock: Option<Field<bool>>,
}

impl WatchRequest {
    /// What is waited for, in the currency that the pharmacy sells in.
    ///
    /// # Errors
    /// Every field at fault; `below`, where nothing is waited for.
    pub fn check(self, currency: Currency) -> Result<Terms, FieldErrors> {
        let below = match self.below {
            None | Some(Field::Missing) => Ok(None),
            Some(field) => field.nested("below", |price| price.price(currency)).map(Some),
        };
        let (below, back_in_stock) = all((below, self.back_in_stock.parse_optional("back_in_stock", Ok)))?;
        let terms = Terms { below, back_in_stock: back_in_stock.unwrap_or(false) };
        if terms == (Terms { below: None, back_in_stock: false }) {
            return Err(vec![Invalid::new("required", wording::catalog::price_or_back_in_stock()).at("below")]);
        }
        Ok(terms)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    fn check(body: Value) -> Result<Terms, FieldErrors> {
        fields::from_json::<WatchRequest>(body)?.check(Currency::parse("USD").unwrap())
    }

    #[test]
    fn something_is_waited_for() {
        let price = json!({"amount": 500, "currency": "USD"});
        let both = check(json!({"below": price, "back_in_stock": true})).unwrap();
        assert_eq!((both.below.map(Money::amount), both.back_in_stock), (Some(500), true));
        assert!(!check(json!({ "below": price })).unwrap().back_in_stock);
        for nothing in [json!({}), json!({"back_in_stock": false})] {
            assert_eq!(check(nothing).unwrap_err()[0].field, "below");
        }
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let wrong = check(json!({"below": {"amount": 0, "currency": "EUR"}, "back_in_stock": "yes"})).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["below.amount", "below.currency", "back_in_stock"]);
    }
}
