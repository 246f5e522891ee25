//! A review as a request carries it.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;

use super::prescription::{AuthorizedLine, Medicine, Rejection};
use super::review::{Approval, Decision};
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all, each};
use crate::platform::ids::ProductId;
use crate::platform::text;
use crate::platform::wording;

/// The most medicines on one prescription.
const MOST_ITEMS: usize = 20;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// `items` may be dispensed until `valid_until`.
    Approve,
    /// Nothing may be dispensed, for `reason_code` and `reason`.
    Reject,
}

/// Why a prescription is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// It cannot be read.
    Illegible,
    /// Something that must be on it is not.
    Incomplete,
    /// Nobody has signed it.
    NoSignature,
    /// It is too old.
    Expired,
    /// It is something else.
    NotAPrescription,
    /// It may have been forged.
    SuspectedForgery,
    /// What `reason` says.
    Other,
}

/// A decision: the fields of the other one must be absent.
#[derive(Deserialize, ToSchema)]
pub struct ReviewPrescriptionRequest {
    /// Approve or reject.
    #[schema(value_type = Verdict)]
    decision: Field<Verdict>,
    /// What may be dispensed, 1 to 20 medicines.
    #[schema(value_type = Option<Vec<ReviewItemRequest>>, min_items = 1, max_items = 20)]
    items: Option<Field<Vec<ReviewItemRequest>>>,
    /// The last day on which it may be filled, at most a year after the day on it.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Field<String>>,
    /// That the prescriber has signed it; only `true` approves.
    #[schema(value_type = Option<bool>)]
    has_signature: Option<Field<bool>>,
    /// Why it is rejected.
    #[schema(value_type = Option<ReasonCode>)]
    reason_code: Option<Field<ReasonCode>>,
    /// A sentence for the patient.
    #[schema(value_type = Option<String>, max_length = 500)]
    reason: Option<Field<String>>,
}

/// A medicine that may be dispensed: exactly one of `product_id` and `ingredient`.
#[derive(Deserialize, ToSchema)]
pub struct ReviewItemRequest {
    /// Exactly this product.
    #[schema(value_type = Option<String>)]
    product_id: Option<Field<String>>,
    /// Any product whose only active ingredient this is; never one with a controlled substance.
    #[schema(value_type = Option<String>, max_length = 100)]
    ingredient: Option<Field<String>>,
    /// At most this many packs in one fill.
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Field<u32>,
    /// How many fills in all.
    #[schema(value_type = u32, minimum = 1, maximum = 12)]
    fills_allowed: Field<u32>,
    /// At least this many days from one fill to the next.
    #[schema(value_type = u32, minimum = 0, maximum = 365)]
    min_days_between: Field<u32>,
    /// For how many days one fill lasts.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 90)]
    days_supply: Option<Field<u32>>,
    /// How it is to be used, as the prescriber has written it.
    #[schema(value_type = Option<String>, max_length = 300)]
    directions: Option<Field<String>>,
}

impl ReviewPrescriptionRequest {
    /// The decision, as far as it can be checked without the prescription.
    ///
    /// # Errors
    /// Every field that is not valid, or belongs to the other decision.
    pub fn check(self, today: Date) -> Result<Decision, FieldErrors> {
        match self.decision.value("decision") {
            Ok(Verdict::Approve) => {
                let (items, valid_until, _, (), ()) = all((
                    self.items.unwrap_or_default().nested("items", check_items),
                    self.valid_until.unwrap_or_default().parse("valid_until", |day| last_day(&day, today)),
                    self.has_signature.unwrap_or_default().parse("has_signature", signed),
                    absent(self.reason_code.is_some(), "reason_code"),
                    absent(self.reason.is_some(), "reason"),
                ))?;
                Ok(Decision::Approve(Approval { lines: items, valid_until }))
            }
            Ok(Verdict::Reject) => {
                let (code, reason, (), (), ()) = all((
                    self.reason_code.unwrap_or_default().value("reason_code"),
                    self.reason.unwrap_or_default().parse("reason", |reason| text::paragraph(&reason, 500)),
                    absent(self.items.is_some(), "items"),
                    absent(self.valid_until.is_some(), "valid_until"),
                    absent(self.has_signature.is_some(), "has_signature"),
                ))?;
                Ok(Decision::Reject(Rejection { code: code.as_str().to_owned(), reason }))
            }
            Err(errors) => Err(errors),
        }
    }
}

impl ReasonCode {
    /// As the API and the table write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Illegible => "illegible",
            Self::Incomplete => "incomplete",
            Self::NoSignature => "no_signature",
            Self::Expired => "expired",
            Self::NotAPrescription => "not_a_prescription",
            Self::SuspectedForgery => "suspected_forgery",
            Self::Other => "other",
        }
    }
}

fn absent(present: bool, field: &str) -> Result<(), FieldErrors> {
    if present {
        return Err(vec![Invalid::new("not_allowed", wording::prescriptions::other_decision()).at(field)]);
    }
    Ok(())
}

fn last_day(text: &str, today: Date) -> Result<Date, Invalid> {
    let day = Date::parse(text)?;
    if day < today { Err(Invalid::new("in_the_past", wording::field::today_or_later())) } else { Ok(day) }
}

fn signed(has_signature: bool) -> Result<(), Invalid> {
    let message = wording::prescriptions::signature_required();
    if has_signature { Ok(()) } else { Err(Invalid::new("signature_required", message)) }
}

fn check_items(items: Vec<ReviewItemRequest>) -> Result<Vec<AuthorizedLine>, FieldErrors> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(vec![Invalid::new("out_of_range", wording::field::entries_between(MOST_ITEMS)).at("")]);
    }
    let lines = each(items, ReviewItemRequest::check)?;
    let mut seen = HashSet::new();
    let twice = lines.iter().enumerate().filter(|(_, line)| !seen.insert(line.medicine.key()));
    let errors: FieldErrors = twice
        .map(|(index, _)| Invalid::new("repeated", wording::prescriptions::medicine_above()).at(format!("[{index}]")))
        .collect();
    if errors.is_empty() { Ok(lines) } else { Err(errors) }
}

impl ReviewItemRequest {
    fn check(self) -> Result<AuthorizedLine, FieldErrors> {
        let (product, ingredient) = (self.product_id, self.ingredient);
        let (medicine, quantity, fills_allowed, min_days_between, days_supply, directions) = all((
            medicine(product, ingredient),
            self.quantity.parse("quantity", |number| within(number, 1, 99)),
            self.fills_allowed.parse("fills_allowed", |number| within(number, 1, 12)),
            self.min_days_between.parse("min_days_between", |number| within(number, 0, 365)),
            self.days_supply.parse_optional("days_supply", |number| within(number, 1, 90)),
            self.directions.parse_optional("directions", |text| text::paragraph(&text, 300)),
        ))?;
        let (fingerprint, fills) = (None, Vec::new());
        Ok(AuthorizedLine {
            medicine,
            fingerprint,
            quantity,
            fills_allowed,
            min_days_between,
            days_supply,
            directions,
            schedule: None,
            fills,
        })
    }
}

fn medicine(product: Option<Field<String>>, ingredient: Option<Field<String>>) -> Result<Medicine, FieldErrors> {
    let (product, ingredient) = all((
        product.parse_optional("product_id", |id| ProductId::parse(&id)),
        ingredient.parse_optional("ingredient", |name| text::line(&name, 100)),
    ))?;
    let one = wording::prescriptions::product_or_ingredient();
    match (product, ingredient) {
        (Some(product), None) => Ok(Medicine::Product(product)),
        (None, Some(ingredient)) => Ok(Medicine::Ingredient(ingredient)),
        (None, None) => Err(vec![Invalid::new("required", one).at("product_id")]),
        (Some(_), Some(_)) => Err(vec![Invalid::new("not_allowed", one).at("ingredient")]),
    }
}

fn within(number: u32, least: u32, most: u32) -> Result<u32, Invalid> {
    let good = (least..=most).contains(&number);
    if good { Ok(number) } else { Err(Invalid::new("out_of_range", wording::field::between(least, most))) }
}
