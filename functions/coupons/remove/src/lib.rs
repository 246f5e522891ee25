//! `DELETE /v1/coupons/{code}`: removes a coupon.

use shared::api::prelude::*;
use shared::coupons::CouponCode;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a coupon: nobody can use it any more. Orders that were placed with it keep what it took off.
///
/// # Errors
/// 404; 412.
#[utoipa::path(delete, path = "/v1/coupons/{code}", tag = "Coupons",
    params(("code" = String, Path, description = "The coupon"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 204, description = "It is removed"),
              (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let code: CouponCode = request.path("code")?;
    app.coupon_desk().remove(&actor, &code, &request.precondition()?).await?;
    no_content()
}
