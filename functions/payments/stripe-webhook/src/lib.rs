//! `POST /v1/payments/stripe/webhook`: Stripe says that something has happened.

use serde::Serialize;
use shared::api::prelude::*;
use shared::payments::stripe;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// Nothing; any 2xx tells the provider that the event has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {}

/// Takes an event. Its signature is checked over the bytes as they came, within five minutes of its time; what it says is
/// then asked of Stripe, so that no event is believed and none can come too late, twice or out of order.
///
/// # Errors
/// 400 `invalid_signature`; 404 where no cards are taken; 413; 503 where the event could not be noted.
#[utoipa::path(post, path = "/v1/payments/stripe/webhook", tag = "Payments",
    params(("Stripe-Signature" = String, Header, description = "The signature of the body")),
    responses((status = 200, body = Received), (status = 400, description = "`invalid_signature`"),
              (status = 413, description = "`body_too_large`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let body = request.raw_body()?;
    let header = request.header("stripe-signature").unwrap_or_default();
    let paying = app.paying().await?;
    let Some(stripe) = &paying.providers.stripe else { return Err(Error::not_found()) };
    if !stripe.has_signed(header, body) {
        return Err(Error::invalid("invalid_signature", wording::payments::not_signed_by_stripe()));
    }
    // What is signed and no event of a sort that we know is none of ours.
    if let Ok(event) = stripe::event(body) {
        paying.knock(&event, &request.origin()).await?;
    }
    ok(&Received {})
}
