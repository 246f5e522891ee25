//! `POST /v1/payments/paypal/webhook`: PayPal says that something has happened.

use serde::Serialize;
use shared::api::prelude::*;
use shared::payments::paypal::{self, Signed};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// Nothing; any 2xx tells the provider that the event has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {}

/// Takes an event. Its signature is checked over the bytes as they came, within five minutes of its time, by the certificate
/// that PayPal shows; what it says is then asked of PayPal, so that no event is believed and none can come too late, twice or
/// out of order.
///
/// # Errors
/// 400 `invalid_signature`; 404 where PayPal is not taken; 413; 503 where the event could not be checked or noted.
#[utoipa::path(post, path = "/v1/payments/paypal/webhook", tag = "Payments",
    params(("PAYPAL-TRANSMISSION-ID" = String, Header, description = "The id of this delivery"),
           ("PAYPAL-TRANSMISSION-TIME" = String, Header, description = "When it was sent"),
           ("PAYPAL-TRANSMISSION-SIG" = String, Header, description = "The signature of both, the webhook's id and the body"),
           ("PAYPAL-CERT-URL" = String, Header, description = "Where the certificate is that it is signed by"),
           ("PAYPAL-AUTH-ALGO" = String, Header, description = "`SHA256withRSA`")),
    responses((status = 200, body = Received), (status = 400, description = "`invalid_signature`"),
              (status = 413, description = "`body_too_large`"),
              (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let body = request.raw_body()?;
    let header = |name: &str| request.header(name).unwrap_or_default();
    let signed = Signed {
        id: header("paypal-transmission-id"),
        time: header("paypal-transmission-time"),
        signature: header("paypal-transmission-sig"),
        certificate: header("paypal-cert-url"),
        algorithm: header("paypal-auth-algo"),
    };
    let paying = app.paying().await?;
    let Some(paypal) = &paying.providers.paypal else { return Err(Error::not_found()) };
    if !paypal.has_signed(signed, body).await? {
        return Err(Error::invalid("invalid_signature", wording::payments::not_signed_by_paypal()));
    }
    // What is signed and no event of a sort that we know is none of ours.
    if let Ok(event) = paypal::event(body) {
        paying.knock(&event, &request.origin()).await?;
    }
    ok(&Received {})
}
