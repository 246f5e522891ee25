//! What a client says to place an order, or to see what would happen if it did.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts::address::{PostalAddress, PostalAddressInput};
use crate::payments::PaymentMethod;
use crate::platform::fields::{Field, FieldError, FieldErrors, Invalid, Optional, all, each};
use crate::platform::ids::{AddressId, PatientId, PrescriptionId};
use crate::platform::money::{Money, MoneyInput};
use crate::platform::text;
use crate::platform::wording;

/// The most prescriptions that one order may come with.
pub(super) const MAX_PRESCRIPTIONS: usize = 10;

/// An order from the caller's cart.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaceOrderRequest {
    /// An address of the caller's address book; or else `address`. A preview needs neither.
    address_id: Option<Field<String>>,
    /// An address for this order alone; or else `address_id`.
    address: Option<Field<PostalAddressInput>>,
    /// One of the methods of `GET /v1/payments/methods`.
    #[schema(value_type = PaymentMethod)]
    payment_method: Field<String>,
    /// The prescriptions for the lines that need one, at most 10.
    #[schema(value_type = Option<Vec<String>>, max_items = 10)]
    prescription_ids: Option<Field<Vec<String>>>,
    /// For whom the lines are that the cart names nobody for, of the caller's patients; the caller where it is not given.
    patient_id: Option<Field<String>>,
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
    /// Nobody has said: so it can be previewed, and not placed.
    Unsaid,
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
    /// For whom the lines are that the cart names nobody for.
    pub patient_id: Option<PatientId>,
    /// For the pharmacy.
    pub note: Option<String>,
    /// The total that the customer has seen.
    pub expected_total: Option<Money>,
}

impl PlaceOrder {
    /// The prescriptions, each once, the oldest first.
    pub fn prescriptions(&self) -> Vec<PrescriptionId> {
        each_once(&self.prescription_ids)
    }
}

fn each_once(ids: &[PrescriptionId]) -> Vec<PrescriptionId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Other prescriptions for an order.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetPrescriptionsRequest {
    /// The prescriptions for the lines that need one, in place of those that were given before, at most 10.
    #[schema(value_type = Vec<String>, max_items = 10)]
    prescription_ids: Field<Vec<String>>,
}

/// Prescriptions that are given with an order, as they were sent: errors name their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenPrescriptions {
    /// Their ids.
    pub ids: Vec<PrescriptionId>,
}

impl GivenPrescriptions {
    /// Each once, the oldest first.
    pub(super) fn each_once(&self) -> Vec<PrescriptionId> {
        each_once(&self.ids)
    }
}

impl TryFrom<SetPrescriptionsRequest> for GivenPrescriptions {
    type Error = FieldErrors;

    fn try_from(body: SetPrescriptionsRequest) -> Result<Self, FieldErrors> {
        let given = body.prescription_ids.value("prescription_ids")?;
        Ok(Self { ids: prescriptions(Some(Field::Present(given)))? })
    }
}

impl PlaceOrderRequest {
    /// The command, where the pharmacy offers these ways to pay.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check(self, offered: &[PaymentMethod]) -> Result<PlaceOrder, FieldErrors> {
        let unsaid = self.says_no_address();
        let checked = self.check_preview(offered);
        if !unsaid {
            return checked;
        }
        let mut errors = vec![address_required()];
        errors.extend(checked.err().unwrap_or_default());
        Err(errors)
    }

    const fn says_no_address(&self) -> bool {
        self.address_id.is_none() && self.address.is_none()
    }

    /// The same, for a look at what an order would be: it need not say where to.
    ///
    /// # Errors
    /// All fields at fault.
    pub fn check_preview(self, offered: &[PaymentMethod]) -> Result<PlaceOrder, FieldErrors> {
        let (deliver_to, payment_method, prescription_ids, patient_id, note, expected_total) = all((
            deliver_to(self.address_id, self.address),
            self.payment_method.parse("payment_method", |name| PaymentMethod::parse(&name, offered)),
            prescriptions(self.prescription_ids),
            self.patient_id.parse_optional("patient_id", |text| PatientId::parse(&text)),
            self.note.parse_optional("note", |note| text::paragraph(&note, 500)),
            self.expected_total.map(|total| total.nested("expected_total", MoneyInput::sum)).transpose(),
        ))?;
        Ok(PlaceOrder { deliver_to, payment_method, prescription_ids, patient_id, note, expected_total })
    }
}

pub(super) fn address_required() -> FieldError {
    Invalid::new("required", wording::field::one_is_needed("address_id", "address")).at("address_id")
}

fn deliver_to(id: Option<Field<String>>, address: Option<Field<PostalAddressInput>>) -> Result<DeliverTo, FieldErrors> {
    let id = id.parse_optional("address_id", |text| AddressId::parse(&text))?;
    match (id, address) {
        (Some(id), None) => Ok(DeliverTo::Saved(id)),
        (None, Some(address)) => address.nested("address", PostalAddressInput::check).map(DeliverTo::Given),
        (None, None) => Ok(DeliverTo::Unsaid),
        (Some(_), Some(_)) => {
            Err(vec![Invalid::new("conflict", wording::field::one_or_other("address_id", "address")).at("address")])
        }
    }
}

fn prescriptions(ids: Option<Field<Vec<String>>>) -> Result<Vec<PrescriptionId>, FieldErrors> {
    const NAME: &str = "prescription_ids";
    let Some(ids) = ids.optional(NAME)? else { return Ok(Vec::new()) };
    if ids.len() > MAX_PRESCRIPTIONS {
        return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_PRESCRIPTIONS)).at(NAME)]);
    }
    let read = |ids| each(ids, |id: String| PrescriptionId::parse(&id).map_err(|invalid| vec![invalid.at("")]));
    Field::Present(ids).nested(NAME, read)
}
