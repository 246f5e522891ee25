//! `PUT /v1/coupons/{code}`: makes a coupon or changes its terms.

use shared::api::prelude::*;
use shared::coupons::{CouponCode, CouponView, PutCouponRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Makes a coupon or changes its terms. Uses that were counted stay; carts that have it set must set it again, and orders keep
/// what it took off.
///
/// # Errors
/// 400 with every field at fault; 412.
#[utoipa::path(put, path = "/v1/coupons/{code}", tag = "Coupons",
    params(("code" = String, Path, description = "What customers type: 3 to 32 of A-Z, 0-9 and hyphens"),
        ("If-Match" = Option<String>, Header, description = "The version that was read"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutCouponRequest,
    responses(
        (status = 200, body = CouponView, description = "It is changed"),
        (status = 201, body = CouponView, description = "It is new"),
        (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let code = request.path::<String>("code")?;
    let code = CouponCode::parse(&code).map_err(|invalid| Error::invalid_fields(vec![invalid.at("code")]))?;
    let currency = app.config().currency;
    let terms = request.json_with(|body: PutCouponRequest| body.check(currency))?;
    let (coupon, new) = app.coupon_desk().put(&actor, &code, &terms, &request.precondition()?).await?;
    let view = CouponView::from(&coupon);
    let answer = if new { created(&view) } else { ok(&view) }?;
    Ok(answer.version(coupon.version))
}
