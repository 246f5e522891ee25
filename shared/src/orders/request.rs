//! What a client says to place an order, or to see what would happen if it did.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts::address::{PostalAddress, PostalAddressInput};
use crate::payments::PaymentMethod;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all, each};
use crate::platform::ids::{AddressId, PrescriptionId};
use crate::platform::money::{Money, MoneyInput};
use crate::platform::text;

/// The most prescriptions that one order may come with.
const MAX_PRESCRIPTIONS: usize = 10;

/// An order from the caller's cart.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaceOrderRequest {
    /// An address of the caller's address book; or else `address`.
    address_id: Option<Field<String>>,
    /// An address for this order alone; or else `address_id`.
    address: Option<Field<PostalAddressInput>>,
    /// One of the methods of `GET /v1/payments/methods`.
    #[schema(value_type = PaymentMethod)]
    payment_method: Field<String>,
    /// The prescriptions for the lines that need one, at most 10.
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    prescription_ids: Option<Field<Vec<String>>>,
    /// For the pharmacy, at most 500 characters.
    note: Option<Field<String>>,
    /// The total that the customer has seen; the order is refused when it would be another.
    expected_total: Option<Field<MoneyInput>>,
}

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliverTo {
    /// To an address of the customer's address book.
    Saved(AddressId),
    /// To this one.
    Given(PostalAddress),
}

/// An order to be placed from the customer's cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceOrder {
    /// Where it goes.
    pub deliver_to: DeliverTo,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// The prescriptions for the lines that need one, as they were sent: errors name their places.
    pub prescription_ids: Vec<PrescriptionId>,
    /// For the pharmacy.
    pub note: Option<String>,
    /// The total that the customer has seen.
    pub expected_total: Option<Money>,
}

impl PlaceOrder {
    /// The prescriptions, each once, the oldest first.
    pub fn prescriptions(&self) -> Vec<PrescriptionId> {
        let mut ids = self.prescription_ids.clone();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

impl PlaceOrderRequest {
    /// The command, where the pharmacy offers these ways to pay.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, offered: &[PaymentMethod]) -> Result<PlaceOrder, FieldErrors> {
        let (deliver_to, payment_method, prescription_ids, note, expected_total) = all((
            deliver_to(self.address_id, self.address),
            self.payment_method.parse("payment_method", |name| PaymentMethod::parse(&name, offered)),
            prescriptions(self.prescription_ids),
            self.note.parse_optional("note", |note| text::paragraph(&note, 500)),
            self.expected_total.map(|total| total.nested("expected_total", MoneyInput::sum)).transpose(),
        ))?;
        Ok(PlaceOrder { deliver_to, payment_method, prescription_ids, note, expected_total })
    }
}

fn deliver_to(id: Option<Field<String>>, address: Option<Field<PostalAddressInput>>) -> Result<DeliverTo, FieldErrors> {
    let id = id.parse_optional("address_id", |text| AddressId::parse(&text))?;
    match (id, address) {
        (Some(id), None) => Ok(DeliverTo::Saved(id)),
        (None, Some(address)) => address.nested("address", PostalAddressInput::check).map(DeliverTo::Given),
        (None, None) => Err(vec![Invalid::new("required", "give address_id or address").at("address_id")]),
        (Some(_), Some(_)) => Err(vec![Invalid::new("conflict", "give address_id or address, not both").at("address")]),
    }
}

fn prescriptions(ids: Option<Field<Vec<String>>>) -> Result<Vec<PrescriptionId>, FieldErrors> {
    const NAME: &str = "prescription_ids";
    let Some(ids) = ids.optional(NAME)? else { return Ok(Vec::new()) };
    if ids.len() > MAX_PRESCRIPTIONS {
        return Err(vec![Invalid::new("too_many", format!("at most {MAX_PRESCRIPTIONS}")).at(NAME)]);
    }
    let read = |ids| each(ids, |id: String| PrescriptionId::parse(&id).map_err(|invalid| vec![invalid.at("")]));
    Field::Present(ids).nested(NAME, read)
}
