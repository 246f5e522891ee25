//! Postal addresses, alone and in a customer's address book.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::country::Country;
use super::phone::Phone;
use crate::platform::fields::{Change, Field, FieldErrors, Invalid, Optional, Patch, all};
use crate::platform::ids::AddressId;
use crate::platform::text;
use crate::platform::wording;

/// Where something is delivered, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostalAddress {
    /// Who takes it in.
    pub recipient: String,
    /// Street and number.
    pub line1: String,
    /// Flat, floor, care of.
    pub line2: Option<String>,
    /// City, town or village.
    pub city: String,
    /// District, state or province.
    pub district: Option<String>,
    /// Where the country has them.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NP")]
    pub country: Country,
    /// E.164, for the courier.
    #[schema(value_type = String, example = "+9779812345678")]
    pub phone: Phone,
}

/// An address of an address book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Address {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AddressId,
    /// What its owner calls it.
    pub label: Option<String>,
    /// The address itself.
    #[serde(flatten)]
    pub postal: PostalAddress,
    /// Whether it is the one that is used when none is named; exactly one of a book is.
    pub is_default: bool,
    /// Grows with every change.
    pub version: u64,
}

/// An address that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAddress {
    /// What its owner calls it.
    pub label: Option<String>,
    /// The address itself.
    pub postal: PostalAddress,
    /// Whether it becomes the default; the first one does in any case.
    pub is_default: bool,
}

/// What is to be changed of an address; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressChange {
    pub(super) label: Change<String>,
    pub(super) recipient: Option<String>,
    pub(super) line1: Option<String>,
    pub(super) line2: Change<String>,
    pub(super) city: Option<String>,
    pub(super) district: Change<String>,
    pub(super) postal_code: Change<String>,
    pub(super) country: Option<Country>,
    pub(super) phone: Option<Phone>,
    /// Whether it becomes the default, or stops being it.
    pub(super) is_default: Option<bool>,
}

/// A postal address as a request carries it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct PostalAddressInput {
    /// Who takes it in, at most 100 characters.
    pub recipient: Field<String>,
    /// Street and number, at most 200 characters.
    pub line1: Field<String>,
    /// Flat, floor, care of, at most 200 characters.
    pub line2: Option<Field<String>>,
    /// City, town or village, at most 100 characters.
    pub city: Field<String>,
    /// District, state or province, at most 100 characters.
    pub district: Option<Field<String>>,
    /// At most 12 letters, digits, spaces and hyphens.
    pub postal_code: Option<Field<String>>,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NP")]
    pub country: Field<String>,
    /// E.164, for the courier.
    #[schema(value_type = String, example = "+9779812345678")]
    pub phone: Field<String>,
}

/// A change of an address as a request carries it: absent keeps, `null` clears what is optional.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct UpdateAddressRequest {
    /// At most 40 characters; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    label: Patch<String>,
    /// At most 100 characters.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    recipient: Patch<String>,
    /// At most 200 characters.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    line1: Patch<String>,
    /// At most 200 characters; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    line2: Patch<String>,
    /// At most 100 characters.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    city: Patch<String>,
    /// At most 100 characters; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    district: Patch<String>,
    /// At most 12 characters; `null` clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    postal_code: Patch<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    country: Patch<String>,
    /// E.164.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    phone: Patch<String>,
    /// `true` makes it the default; `false` hands that to the oldest other one.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    is_default: Patch<bool>,
}

/// What the owner of an address calls it.
///
/// # Errors
/// Empty, or longer than 40 characters.
pub fn label(text: &str) -> Result<String, Invalid> {
    text::line(text, 40)
}

fn name(text: &str) -> Result<String, Invalid> {
    text::line(text, 100)
}

fn street(text: &str) -> Result<String, Invalid> {
    text::line(text, 200)
}

fn postal_code(text: &str) -> Result<String, Invalid> {
    let code = text::line(text, 12)?.to_uppercase();
    let good = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-');
    good.then_some(code).ok_or_else(|| Invalid::new("invalid_postal_code", wording::accounts::a_postal_code()))
}

impl PostalAddressInput {
    /// The address, when all of it is valid.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self) -> Result<PostalAddress, FieldErrors> {
        let (recipient, line1, line2, city, district, postal_code, country, phone) = all((
            self.recipient.parse("recipient", |text| name(&text)),
            self.line1.parse("line1", |text| street(&text)),
            self.line2.parse_optional("line2", |text| street(&text)),
            self.city.parse("city", |text| name(&text)),
            self.district.parse_optional("district", |text| name(&text)),
            self.postal_code.parse_optional("postal_code", |text| postal_code(&text)),
            self.country.parse("country", |text| Country::parse(&text)),
            self.phone.parse("phone", |text| Phone::parse(&text)),
        ))?;
        Ok(PostalAddress { recipient, line1, line2, city, district, postal_code, country, phone })
    }
}

impl TryFrom<UpdateAddressRequest> for AddressChange {
    type Error = FieldErrors;

    fn try_from(body: UpdateAddressRequest) -> Result<Self, FieldErrors> {
        let (label, recipient, line1, line2, city, district, postal_code, country, phone, is_default) = all((
            body.label.parse("label", |text| label(&text)),
            body.recipient.parse_required("recipient", |text| name(&text)),
            body.line1.parse_required("line1", |text| street(&text)),
            body.line2.parse("line2", |text| street(&text)),
            body.city.parse_required("city", |text| name(&text)),
            body.district.parse("district", |text| name(&text)),
            body.postal_code.parse("postal_code", |text| postal_code(&text)),
            body.country.parse_required("country", |text| Country::parse(&text)),
            body.phone.parse_required("phone", |text| Phone::parse(&text)),
            body.is_default.parse_required("is_default", Ok),
        ))?;
        Ok(Self { label, recipient, line1, line2, city, district, postal_code, country, phone, is_default })
    }
}

impl AddressChange {
    /// Changes `address`; its version and whether it is the default are the book's affair.
    pub(super) fn apply(self, address: &mut Address) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        let postal = &mut address.postal;
        address.label = self.label.apply(address.label.take());
        set(&mut postal.recipient, self.recipient);
        set(&mut postal.line1, self.line1);
        postal.line2 = self.line2.apply(postal.line2.take());
        set(&mut postal.city, self.city);
        postal.district = self.district.apply(postal.district.take());
        postal.postal_code = self.postal_code.apply(postal.postal_code.take());
        set(&mut postal.country, self.country);
        set(&mut postal.phone, self.phone);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    pub(crate) fn home() -> Value {
        json!({"recipient": "Anna K", "line1": "Durbar Marg 7", "city": "Kathmandu", "country": "NP",
            "phone": "+9779812345678", "postal_code": "44600"})
    }

    pub(crate) fn read(value: Value) -> Result<PostalAddress, FieldErrors> {
        fields::from_json::<PostalAddressInput>(value)?.check()
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let errors = read(json!({"line1": " ", "city": "x".repeat(101), "country": "np", "phone": "123",
            "postal_code": "<b>", "line2": 7}))
        .unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(
            named,
            [
                ("recipient", "required"),
                ("line1", "empty"),
                ("line2", "wrong_type"),
                ("city", "too_long"),
                ("postal_code", "invalid_postal_code"),
                ("country", "invalid_country"),
                ("phone", "invalid_phone"),
            ]
        );
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let mut address = Address {
            id: AddressId::generate(crate::platform::clock::Timestamp::from_millis(0)),
            label: Some("Home".to_owned()),
            postal: read(home()).unwrap(),
            is_default: true,
            version: 1,
        };
        let body = json!({"label": null, "city": "Patan", "line2": "3rd floor"});
        let change = AddressChange::try_from(fields::from_json::<UpdateAddressRequest>(body).unwrap()).unwrap();
        change.apply(&mut address);
        assert_eq!((address.label, address.postal.city.as_str()), (None, "Patan"));
        assert_eq!(address.postal.line2.as_deref(), Some("3rd floor"));
        assert_eq!(address.postal.recipient, "Anna K");
    }

    #[test]
    fn what_an_address_needs_cannot_be_cleared() {
        let body = fields::from_json::<UpdateAddressRequest>(json!({"city": null, "phone": null})).unwrap();
        let errors = AddressChange::try_from(body).unwrap_err();
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(named, [("city", "required"), ("phone", "required")]);
    }
}
