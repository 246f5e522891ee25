//! `PUT /v1/sellers/me/profile`: says what the caller is called in the shop.

use shared::api::prelude::*;
use shared::catalog::DisplayName;
use shared::catalog::view::SellerProfileView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What a seller says of themselves.
#[derive(Deserialize, ToSchema)]
pub struct SetSellerProfileRequest {
    /// What they are called, on one line; nothing that looks like Apothecary.
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    display_name: Field<String>,
}

struct Rename {
    name: DisplayName,
}

impl TryFrom<SetSellerProfileRequest> for Rename {
    type Error = FieldErrors;

    fn try_from(body: SetSellerProfileRequest) -> Result<Self, FieldErrors> {
        let (name,) = all((body.display_name.parse("display_name", |name| DisplayName::parse(&name)),))?;
        Ok(Self { name })
    }
}

/// Says what the caller is called in the shop. Their products, and the carts with them, show it within seconds; orders keep the
/// name that was in the cart. Ten times in a day at most.
///
/// # Errors
/// 400 for a body that is not valid; 429 `rate_limited` after too many changes.
#[utoipa::path(put, path = "/v1/sellers/me/profile", tag = "Sellers", request_body = SetSellerProfileRequest,
    responses((status = 200, body = SellerProfileView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Rename { name } = request.json::<SetSellerProfileRequest, _>()?;
    let profile = app.sellers().rename(&request.actor()?, &name).await?;
    let version = profile.version;
    Ok(ok(&SellerProfileView::from(profile))?.version(version))
}
