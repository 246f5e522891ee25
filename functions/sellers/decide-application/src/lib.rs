//! `POST /v1/sellers/applications/{id}/decide`: the staff decides who sells here.

use shared::api::prelude::*;
use shared::platform::ids::SellerApplicationId;
use shared::sellers::{ApplicationView, Decide, DecideRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Decides on an application. Approved, the applicant has the role `seller` beside those they had; their sessions end, and they
/// sign in again. They are told either way.
///
/// # Errors
/// 403 `own_account`; 404 for one that does not exist or was decided on; 409 `already_decided`, `unconfirmed`, `being_erased`.
#[utoipa::path(post, path = "/v1/sellers/applications/{id}/decide", tag = "Sellers",
    params(("id" = String, Path, description = "The application")), request_body = DecideRequest,
    responses((status = 200, body = ApplicationView), (status = 403, description = "`own_account`"),
              (status = 409, description = "`already_decided`, `unconfirmed`, `being_erased`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: SellerApplicationId = request.path("id")?;
    let command: Decide = request.json::<DecideRequest, _>()?;
    let decided = app.seller_desk().decide(&request.actor()?, id, &command).await?;
    ok(&ApplicationView::from(&decided))
}
