//! `POST /v1/orders/{id}/payment`: starts to pay for an order, or goes on with what was started.

use serde::Serialize;
use shared::api::prelude::*;
use shared::orders::Started;
use shared::payments::{Handover, PaymentView};
use shared::platform::clock::Timestamp;
use shared::platform::ids::OrderId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// The longest address that is read.
const MAX_URL: usize = 2000;

/// Where the customer comes back to.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartPayment {
    /// A page of the shop: its origin is one of those that may call the API.
    #[schema(value_type = String, example = "https://shop.example/orders/ord_01J8")]
    return_url: Field<String>,
}

/// What the browser does.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Client {
    /// Loads Stripe's script, starts it with the publishable key, and lets it confirm the payment with the secret.
    Stripe {
        /// The script.
        js_url: String,
        /// What the script is started with.
        publishable_key: String,
        /// What the payment is confirmed with. Keep it to this page: whoever has it can pay.
        client_secret: String,
    },
    /// Goes to the provider's page, which leads back to `return_url`; then the payment is to be confirmed.
    Redirect {
        /// The page.
        url: String,
    },
    /// Sends a form to the provider, which leads back to `return_url` with `data`; that goes to the provider's return route.
    Form {
        /// Where to, by POST.
        action: String,
        /// Its fields, all of them, as they are.
        fields: Vec<FormField>,
    },
}

/// A field of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A payment that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedPayment {
    /// How it stands.
    pub payment: PaymentView,
    /// What the browser does.
    pub client: Client,
    /// Until when the customer can pay.
    #[schema(value_type = String, format = DateTime)]
    pub pay_by: Timestamp,
}

fn check(body: StartPayment, origins: &[String]) -> Result<String, FieldErrors> {
    let (url,) = all((body.return_url.parse("return_url", |url: String| {
        let ends = |rest: &str| rest.is_empty() || rest.starts_with(['/', '?', '#']);
        // One origin may be the beginning of another.
        let ours = origins.iter().any(|origin| url.strip_prefix(origin.as_str()).is_some_and(ends));
        let good = url.len() <= MAX_URL && url.bytes().all(|byte| byte.is_ascii_graphic()) && ours;
        if good { Ok(url) } else { Err(Invalid::new("not_allowed", wording::payments::a_page_of_the_shop())) }
    }),))?;
    Ok(url)
}

/// Starts to pay for one's own order. Repeating it goes on with the same payment, while that can still be made.
///
/// # Errors
/// 409 `not_payable`, `already_paid`, `payment_expired`, `payment_under_way`; 429 `too_many_payments`; 503 `provider_unavailable`.
#[utoipa::path(post, path = "/v1/orders/{id}/payment", tag = "Payments",
    params(("id" = String, Path, description = "The order")), request_body = StartPayment,
    responses((status = 200, body = StartedPayment),
              (status = 409, description = "`not_payable`, `already_paid`, `payment_expired`, `payment_under_way`"),
              (status = 429, description = "`too_many_payments`"),
              (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let customer = request.actor()?;
    let id: OrderId = request.path("id")?;
    let config = app.config();
    let return_url = request.json_with(|body| check(body, &config.allowed_origins))?;
    let Started { order, handover } = app.paying().await?.start(&customer, id, &return_url).await?;
    let online = order.payment.online().ok_or_else(|| Error::internal("a payment was started that is not online"))?;
    let client = match handover {
        Handover::Stripe { client_secret } => {
            let key = config.stripe_publishable_key.clone();
            let publishable_key = key.ok_or_else(|| Error::internal("there is no publishable key"))?;
            Client::Stripe { js_url: config.stripe_js_url(), publishable_key, client_secret }
        }
        Handover::Redirect { url } => Client::Redirect { url },
        Handover::Form { action, fields } => {
            let field = |(name, value)| FormField { name, value };
            Client::Form { action, fields: fields.into_iter().map(field).collect() }
        }
    };
    let payment = PaymentView::new(&order.payment, order.totals.total, true);
    ok(&StartedPayment { payment, client, pay_by: online.pay_by })
}
