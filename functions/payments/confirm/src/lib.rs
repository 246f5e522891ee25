//! `POST /v1/orders/{id}/payment/confirm`: the customer has come back from paying.

use serde::Serialize;
use shared::api::prelude::*;
use shared::payments::PaymentView;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// Nothing: what happened is asked of the provider.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ConfirmPayment {}

/// How the payment stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConfirmedPayment {
    /// It.
    pub payment: PaymentView,
}

fn check(_: ConfirmPayment) -> Result<(), FieldErrors> {
    Ok(())
}

/// Asks the provider how the payment of one's own order stands, and accepts what the customer has agreed to there. It may be called any number of times.
///
/// # Errors
/// 409 `not_payable` for cash; 503 `provider_unavailable`.
#[utoipa::path(post, path = "/v1/orders/{id}/payment/confirm", tag = "Payments",
    params(("id" = String, Path, description = "The order")), request_body = ConfirmPayment,
    responses((status = 200, body = ConfirmedPayment), (status = 409, description = "`not_payable`"),
              (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let customer = request.actor()?;
    let id: OrderId = request.path("id")?;
    request.json_with(check)?;
    let order = app.paying().await?.confirm(&customer, id).await?;
    let payment = PaymentView::new(&order.payment, order.totals.total, true);
    ok(&ConfirmedPayment { payment })
}
