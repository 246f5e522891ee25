//! `GET /v1/payments/methods`: the ways to pay that this pharmacy offers.

use serde::Serialize;
use shared::api::prelude::*;
use shared::platform::money::Currency;
use shared::platform::payment_method::PaymentMethod;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep them, in seconds: a deployment changes them.
const FRESH: u32 = 60;

/// When a method takes the money.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Charged {
    /// Once a pharmacist has checked the order; until then it is held.
    AfterVerification,
    /// When the customer pays.
    AtOnce,
    /// When the goods are handed over.
    OnDelivery,
}

/// A way to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct Method {
    /// Which.
    pub method: PaymentMethod,
    /// In which currency, by ISO 4217.
    #[schema(value_type = String, example = "USD")]
    pub currency: Currency,
    /// When the money is taken.
    pub charged: Charged,
    /// What the provider's script in the browser is started with.
    pub publishable_key: Option<String>,
}

/// The ways to pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct Methods {
    /// All of them.
    pub items: Vec<Method>,
}

/// The ways to pay, the same for everybody.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/v1/payments/methods", tag = "Payments", responses((status = 200, body = Methods)))]
pub async fn handle(app: &App, _request: ApiRequest) -> ApiResult {
    let config = app.config();
    let method = |method: &PaymentMethod| {
        let (charged, publishable_key) = match method {
            PaymentMethod::Cod => (Charged::OnDelivery, None),
            PaymentMethod::Esewa | PaymentMethod::Bkash => (Charged::AtOnce, None),
            PaymentMethod::Paypal => (Charged::AfterVerification, None),
            PaymentMethod::Card => (Charged::AfterVerification, config.stripe_publishable_key.clone()),
        };
        Method { method: *method, currency: config.currency, charged, publishable_key }
    };
    Ok(ok(&Methods { items: config.payment_methods.iter().map(method).collect() })?.public(FRESH))
}
