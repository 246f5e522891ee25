//! `GET /v1/coupons`: the coupons, by their codes.

use serde::Serialize;
use shared::api::prelude::*;
use shared::coupons::{CouponCode, CouponView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

const LIST: &str = "coupons";

/// Which page.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListCouponsQuery {
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of coupons.
#[derive(Serialize, ToSchema)]
pub struct CouponPage {
    /// The coupons.
    items: Vec<CouponView>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
}

/// The coupons by their codes, each with how many orders use it.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/coupons", tag = "Coupons", params(ListCouponsQuery),
    responses((status = 200, body = CouponPage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: ListCouponsQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(LIST, &keys)?;
    let after = page.after.as_deref().and_then(|after| CouponCode::parse(after).ok());
    let (coupons, next) = app.coupon_desk().list(after.as_ref(), page.limit).await?;
    let next_cursor = next.map(|next| seal(next.as_str(), LIST, &keys));
    ok(&CouponPage { items: coupons.iter().map(CouponView::from).collect(), next_cursor })
}
