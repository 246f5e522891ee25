//! `GET /v1/notifications/unsubscribe/{token}`: the page with the button that turns it off.

use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::notices::page;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The page that the address in a mail leads to, with one button. It changes nothing by itself: whatever follows the links of a
/// mail, to look at them or to show them, turns nothing off.
///
/// # Errors
/// 404 for an address that was in no mail of ours.
#[utoipa::path(get, path = "/v1/notifications/unsubscribe/{token}", tag = "Notifications",
    params(("token" = String, Path, description = "As the mail has it")),
    responses((status = 200, description = "The page", content_type = "text/html", body = String),
              (status = 404, description = "`not_found`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let token: String = request.path("token")?;
    let (_, topic) = app.unsubscribe_tokens()?.read(&token)?;
    Ok(ApiResponse::html(page::question(topic)))
}
