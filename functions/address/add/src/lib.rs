//! `POST /v1/profile/addresses`: adds an address to the caller's address book.

use shared::accounts::address::{Address, NewAddress, PostalAddressInput, label};
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An address.
#[derive(Deserialize, ToSchema)]
pub struct AddAddressRequest {
    /// What its owner calls it, at most 40 characters.
    label: Option<Field<String>>,
    /// Who takes it in, at most 100 characters.
    #[schema(value_type = String)]
    recipient: Field<String>,
    /// Street and number, at most 200 characters.
    #[schema(value_type = String)]
    line1: Field<String>,
    /// Flat, floor, care of, at most 200 characters.
    line2: Option<Field<String>>,
    /// City, town or village, at most 100 characters.
    #[schema(value_type = String)]
    city: Field<String>,
    /// District, state or province, at most 100 characters.
    district: Option<Field<String>>,
    /// At most 12 letters, digits, spaces and hyphens.
    postal_code: Option<Field<String>>,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "NP")]
    country: Field<String>,
    /// E.164, for the courier.
    #[schema(value_type = String, example = "+9779812345678")]
    phone: Field<String>,
    /// Whether it becomes the default; the first one does in any case.
    is_default: Option<Field<bool>>,
}

struct AddAddress(NewAddress);

impl TryFrom<AddAddressRequest> for AddAddress {
    type Error = FieldErrors;

    fn try_from(body: AddAddressRequest) -> Result<Self, FieldErrors> {
        let postal = PostalAddressInput {
            recipient: body.recipient,
            line1: body.line1,
            line2: body.line2,
            city: body.city,
            district: body.district,
            postal_code: body.postal_code,
            country: body.country,
            phone: body.phone,
        };
        let (label, postal, is_default) = all((
            body.label.parse_optional("label", |text| label(&text)),
            postal.check(),
            body.is_default.optional("is_default"),
        ))?;
        Ok(Self(NewAddress { label, postal, is_default: is_default.unwrap_or(false) }))
    }
}

/// Adds an address.
///
/// # Errors
/// 409 `too_many_addresses`: there are 20 already.
#[utoipa::path(post, path = "/v1/profile/addresses", tag = "Profile", request_body = AddAddressRequest,
    responses((status = 201, body = Address), (status = 409, description = "`too_many_addresses`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let AddAddress(new) = request.json::<AddAddressRequest, _>()?;
    let address = app.address_book().add(&caller.user, new).await?;
    Ok(created(&address)?.version(address.version))
}
