//! `POST /v1/notifications/unsubscribe/{token}`: turns off what a mail says, with one click.

use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::notices::{page, unsubscribe};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Turns off mails and text messages about what a mail was about. Mail clients post here by themselves when their reader clicks
/// (RFC 8058), and so does the button of the page of the same address; nobody signs in, and what is posted is not looked at.
///
/// # Errors
/// 404 for an address that was in no mail of ours.
#[utoipa::path(post, path = "/v1/notifications/unsubscribe/{token}", tag = "Notifications",
    params(("token" = String, Path, description = "As the mail has it")),
    responses((status = 200, description = "A page that says so", content_type = "text/html", body = String),
              (status = 404, description = "`not_found`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let token: String = request.path("token")?;
    let topic = unsubscribe(&app.unsubscribe_tokens()?, &app.profiles(), &token).await?;
    Ok(ApiResponse::html(page::done(topic)))
}
