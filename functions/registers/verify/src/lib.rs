//! `GET /v1/registers/controlled/verify`: whether the register of a controlled medicine says what it said when it was written.

use shared::api::prelude::*;
use shared::catalog::register::RegisterVerdict;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which register.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VerifyQuery {
    /// Of which product.
    #[param(value_type = String, example = "prd_01JD4Z8QK0000000000000000A")]
    product: Field<String>,
}

struct Which(ProductId);

impl TryFrom<VerifyQuery> for Which {
    type Error = FieldErrors;

    fn try_from(query: VerifyQuery) -> Result<Self, FieldErrors> {
        let (product,) = all((query.product.parse("product", |id| ProductId::parse(&id)),))?;
        Ok(Self(product))
    }
}

/// Goes through the whole register of a product: whether every entry says what it said when it was written, follows the one
/// before it, and adds up; and where it does not first.
///
/// # Errors
/// 400 without a product; 404 for one that there is not.
#[utoipa::path(get, path = "/v1/registers/controlled/verify", tag = "Registers", params(VerifyQuery),
    responses((status = 200, body = RegisterVerdict), (status = 404, description = "`not_found`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Which(product) = request.query::<VerifyQuery, _>()?;
    ok(&app.register().verify(product).await?)
}
