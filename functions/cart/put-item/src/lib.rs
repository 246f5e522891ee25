//! `PUT /v1/cart/items/{product_id}`: sets how many of a product are in the caller's cart.

use shared::api::prelude::*;
use shared::orders::cart::Quantity;
use shared::orders::view::CartView;
use shared::platform::ids::{PatientId, ProductId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How many there shall be.
#[derive(Deserialize, ToSchema)]
pub struct PutCartItemRequest {
    /// 1 to 99.
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Field<u32>,
    /// For whom, of the caller's patients; the caller where it is not given.
    patient_id: Option<Field<String>>,
}

struct PutItem {
    quantity: Quantity,
    patient_id: Option<PatientId>,
}

impl TryFrom<PutCartItemRequest> for PutItem {
    type Error = FieldErrors;

    fn try_from(body: PutCartItemRequest) -> Result<Self, FieldErrors> {
        let (quantity, patient_id) = all((
            body.quantity.parse("quantity", Quantity::parse),
            body.patient_id.parse_optional("patient_id", |text| PatientId::parse(&text)),
        ))?;
        Ok(Self { quantity, patient_id })
    }
}

/// Sets the quantity of a product and for whom it is, at today's price. Putting a product in again accepts a changed price.
///
/// # Errors
/// 400 with `not_found` or `patient_closed` at `patient_id`; 404 for a product that is not on sale; 412; 422 `cart_full`.
#[utoipa::path(put, path = "/v1/cart/items/{product_id}", tag = "Cart",
    params(("product_id" = String, Path, description = "The product"),
           ("If-Match" = Option<String>, Header, description = "The version of the cart that is meant"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutCartItemRequest,
    responses((status = 200, body = CartView), (status = 412, description = "`version_mismatch`, `already_exists`"),
              (status = 422, description = "`cart_full`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let product: ProductId = request.path("product_id")?;
    let PutItem { quantity, patient_id } = request.json::<PutCartItemRequest, _>()?;
    let cart = app.carts().put(&caller.user, product, quantity, patient_id, &request.precondition()?).await?;
    Ok(ok(&cart)?.version(cart.version))
}
