//! What is said to ask for a quote, and what the staff says to make or change a zone.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::zone::{Days, ZoneTerms, district_key, postal_key};
use crate::accounts::Country;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all, each, nest};
use crate::platform::money::{Currency, MAX_AMOUNT, Money, MoneyInput};
use crate::platform::text;
use crate::platform::wording;

/// The most districts of a zone, and the most prefixes.
const MAX_PARTS: usize = 50;
/// The longest that something may take to arrive.
const MAX_DAYS: u32 = 60;

/// Where to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuoteQuery {
    /// ISO 3166-1 alpha-2.
    #[param(value_type = String, example = "NP")]
    country: Field<String>,
    /// District, state or province, at most 100 characters.
    #[param(value_type = Option<String>)]
    district: Option<Field<String>>,
    /// At most 12 characters.
    #[param(value_type = Option<String>)]
    postal_code: Option<Field<String>>,
}

impl QuoteQuery {
    /// Country, district and postal code.
    ///
    /// # Errors
    /// All parameters at fault.
    pub fn check(self) -> Result<(Country, Option<String>, Option<String>), FieldErrors> {
        all((
            self.country.parse("country", |country| Country::parse(&country)),
            self.district.parse_optional("district", |district| text::line(&district, 100)),
            self.postal_code.parse_optional("postal_code", |code| text::line(&code, 12)),
        ))
    }
}

/// Within how many days something arrives.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DaysInput {
    /// At the earliest, 0 to 60.
    #[schema(value_type = u32, maximum = 60)]
    min: Field<u32>,
    /// At the latest, `min` to 60.
    #[schema(value_type = u32, maximum = 60)]
    max: Field<u32>,
}

/// What a zone is to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PutZoneRequest {
    /// What the staff calls it, at most 100 characters.
    #[schema(value_type = String)]
    name: Field<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NP")]
    country: Field<String>,
    /// Its districts, at most 50; with neither districts nor prefixes it is the whole country.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    districts: Option<Field<Vec<String>>>,
    /// What its postal codes begin with, at most 50.
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    postal_prefixes: Option<Field<Vec<String>>>,
    /// What delivery costs; zero is free.
    #[schema(value_type = MoneyInput)]
    fee: Field<MoneyInput>,
    /// From which subtotal on it costs nothing.
    free_from: Option<Field<MoneyInput>>,
    /// How long it takes.
    #[schema(value_type = DaysInput)]
    days: Field<DaysInput>,
    /// Whether cash is taken at the door; it is where it is not said.
    cod: Option<Field<bool>>,
}

impl PutZoneRequest {
    /// The terms, in a pharmacy that sells in `currency`.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, currency: Currency) -> Result<ZoneTerms, FieldErrors> {
        let (name, country, districts, postal_prefixes, fee, free_from, days, cod) = all((
            self.name.parse("name", |name| text::line(&name, 100)),
            self.country.parse("country", |country| Country::parse(&country)),
            parts(self.districts, "districts", district_key, |text| text::line(text, 100)),
            parts(self.postal_prefixes, "postal_prefixes", postal_key, prefix),
            self.fee.nested("fee", |fee| fee_in(fee, currency)),
            self.free_from.map(|sum| sum.nested("free_from", |sum| sum.price(currency))).transpose(),
            self.days.nested("days", days),
            self.cod.optional("cod"),
        ))?;
        let cod = cod.unwrap_or(true);
        Ok(ZoneTerms { name, country, districts, postal_prefixes, fee, free_from, days, cod })
    }
}

fn fee_in(fee: MoneyInput, currency: Currency) -> Result<Money, FieldErrors> {
    let fee = fee.sum()?;
    if fee.currency() != currency {
        let detail = wording::field::sold_in(currency);
        return Err(vec![Invalid::new("wrong_currency", detail).at("currency")]);
    }
    if fee.amount() > MAX_AMOUNT {
        return Err(vec![
            Invalid::new("out_of_range", wording::field::minor_units_between(0, MAX_AMOUNT)).at("amount"),
        ]);
    }
    Ok(fee)
}

fn days(input: DaysInput) -> Result<Days, FieldErrors> {
    let within = |days| match days {
        0..=MAX_DAYS => Ok(days),
        _ => Err(Invalid::new("out_of_range", wording::field::between(0, MAX_DAYS))),
    };
    let (min, max) = all((input.min.parse("min", within), input.max.parse("max", within)))?;
    if min > max {
        return Err(vec![Invalid::new("out_of_range", wording::field::not_before_beginning()).at("max")]);
    }
    Ok(Days { min, max })
}

fn prefix(text: &str) -> Result<String, Invalid> {
    let key = postal_key(text);
    match key.len() {
        1..=12 => Ok(key),
        _ => Err(Invalid::new("invalid_prefix", wording::delivery::a_prefix())),
    }
}

/// A list of texts that differ in how they are compared.
fn parts(
    list: Option<Field<Vec<String>>>,
    name: &str,
    key: fn(&str) -> String,
    check: fn(&str) -> Result<String, Invalid>,
) -> Result<Vec<String>, FieldErrors> {
    let Some(list) = list.optional(name)? else { return Ok(Vec::new()) };
    if list.len() > MAX_PARTS {
        return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_PARTS)).at(name)]);
    }
    let keys: Vec<_> = list.iter().map(|text| key(text)).collect();
    let numbered: Vec<_> = list.into_iter().enumerate().collect();
    let one = |(place, text): (usize, String)| {
        let checked = check(&text).map_err(|invalid| vec![invalid.at("")])?;
        let (own, before) = (keys.get(place), keys.get(..place).unwrap_or_default());
        match own.filter(|own| !own.is_empty()) {
            None => Err(vec![Invalid::new("blank", wording::delivery::blank()).at("")]),
            Some(own) if before.contains(own) => Err(vec![Invalid::new("repeated", wording::field::repeated()).at("")]),
            Some(_) => Ok(checked),
        }
    };
    each(numbered, one).map_err(|errors| nest(name, errors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<ZoneTerms, Vec<String>> {
        let request: PutZoneRequest = serde_json::from_str(body).unwrap();
        let checked = request.check(Currency::parse("USD").unwrap());
        checked.map_err(|errors| errors.into_iter().map(|error| format!("{} {}", error.field, error.code)).collect())
    }

    #[test]
    fn every_field_at_fault_is_named_at_once() {
        let errors = check(
            r#"{"name": "", "country": "XX", "districts": ["Kaski", "kaski"], "postal_prefixes": ["33", "--"],
                "fee": {"amount": 1, "currency": "NPR"}, "days": {"min": 3, "max": 2}}"#,
        )
        .unwrap_err();
        for wanted in [
            "country invalid_country",
            "districts[1] repeated",
            "postal_prefixes[1] invalid_prefix",
            "fee.currency wrong_currency",
            "days.max out_of_range",
        ] {
            assert!(errors.iter().any(|error| error == wanted), "{wanted} in {errors:?}");
        }
        assert!(errors.iter().any(|error| error.starts_with("name ")), "{errors:?}");
    }

    #[test]
    fn cash_is_taken_unless_it_is_said_otherwise() {
        let zone = r#"{"name": "Nepal", "country": "NP", "fee": {"amount": 0, "currency": "USD"}, "days": {"min": 0, "max": 1}}"#;
        let terms = check(zone).unwrap();
        assert!(terms.cod && terms.fee.amount() == 0 && terms.districts.is_empty());
    }
}
