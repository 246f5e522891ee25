//! `POST /v1/sellers/applications`: somebody applies to sell here.

use shared::api::prelude::*;
use shared::sellers::{ApplicationView, Apply, ApplyRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Applies to sell here. The pharmacy decides, and tells the applicant by mail or text message.
///
/// # Errors
/// 409 `already_applied` while an application is open, `already_seller`.
#[utoipa::path(post, path = "/v1/sellers/applications", tag = "Sellers", request_body = ApplyRequest,
    responses((status = 201, body = ApplicationView), (status = 409, description = "`already_applied`, `already_seller`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let command: Apply = request.json::<ApplyRequest, _>()?;
    let application = app.seller_desk().apply(request.caller()?, &request.actor()?, &command).await?;
    created(&ApplicationView::from(&application))
}
