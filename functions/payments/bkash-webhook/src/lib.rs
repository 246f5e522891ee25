//! `POST /v1/payments/bkash/webhook`: bKash says that something has happened, by a topic of Amazon's notification service.

use serde::Serialize;
use shared::api::prelude::*;
use shared::payments::bkash::Heard;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// Nothing; any 2xx tells the provider that the event has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {}

/// Takes a message. It is of the topic that bKash's secret names, and signed over its members, within five minutes of its time,
/// by the certificate that Amazon shows; what it says is then asked of bKash, so that no event is believed and none can come
/// too late, twice or out of order. A topic that asks whether it may tell is let.
///
/// # Errors
/// 400 `invalid_signature`; 404 where bKash is not taken, or not listened to; 413; 503 where the message could not be checked,
/// the topic not be let, or the event not be noted.
#[utoipa::path(post, path = "/v1/payments/bkash/webhook", tag = "Payments",
    responses((status = 200, body = Received), (status = 400, description = "`invalid_signature`"),
              (status = 404, description = "`not_found`: bKash is not taken here"),
              (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let body = request.raw_body()?;
    let paying = app.paying().await?;
    let Some(bkash) = &paying.providers.bkash else { return Err(Error::not_found()) };
    match bkash.hear(body).await?.ok_or_else(Error::not_found)? {
        Heard::Refused => {
            return Err(Error::invalid("invalid_signature", wording::payments::not_signed_by_bkash()));
        }
        Heard::Asks(token) => bkash.listen(&token).await?,
        Heard::Happened(Some(knock)) => paying.knock(&knock, &request.origin()).await?,
        Heard::Happened(None) => {}
    }
    ok(&Received {})
}
