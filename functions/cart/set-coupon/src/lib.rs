//! `PUT /v1/cart/coupon`: sets the coupon of the caller's cart.

use shared::api::prelude::*;
use shared::coupons::CouponCode;
use shared::orders::view::CartView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which coupon.
#[derive(Deserialize, ToSchema)]
pub struct SetCouponRequest {
    /// As it is printed; small letters will do.
    #[schema(value_type = String, min_length = 3, max_length = 32)]
    code: Field<String>,
}

struct SetCoupon {
    code: CouponCode,
}

impl TryFrom<SetCouponRequest> for SetCoupon {
    type Error = FieldErrors;

    fn try_from(body: SetCouponRequest) -> Result<Self, FieldErrors> {
        let (code,) = all((body.code.parse("code", |code| CouponCode::parse(&code)),))?;
        Ok(Self { code })
    }
}

/// Sets the coupon of the cart, in place of the one before, on its terms of today. Whether what is in the cart comes to what
/// the coupon asks for is told by the cart, by the preview and by the order.
///
/// # Errors
/// 412; 422 `coupon_invalid`, `coupon_spent`.
#[utoipa::path(put, path = "/v1/cart/coupon", tag = "Cart",
    params(("If-Match" = Option<String>, Header, description = "The version of the cart that is meant"),
           ("If-None-Match" = Option<String>, Header, description = "`*`: only where no coupon is set yet")),
    request_body = SetCouponRequest,
    responses((status = 200, body = CartView), (status = 412, description = "`version_mismatch`, `already_exists`"),
              (status = 422, description = "`coupon_invalid`: there is none, or not now; `coupon_spent`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let command: SetCoupon = request.json::<SetCouponRequest, _>()?;
    let cart = app.carts().set_coupon(&caller.user, &command.code, &request.precondition()?).await?;
    Ok(ok(&cart)?.version(cart.version))
}
