//! `POST /v1/chat/ticket`: what a WebSocket is opened with.

use shared::api::prelude::*;
use shared::consultations::view::ChatTicket;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A ticket for a WebSocket: connect to `url?ticket=…` within a minute. It is good once; each connection takes another one.
///
/// # Errors
/// None.
#[utoipa::path(post, path = "/v1/chat/ticket", tag = "Chat", responses((status = 201, body = ChatTicket)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    created(&app.sockets()?.ticket(request.caller()?).await?)
}
