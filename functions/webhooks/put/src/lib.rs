//! `PUT /v1/webhooks/{id}`: sets where events are posted to.

use std::collections::BTreeSet;

use shared::api::prelude::*;
use shared::platform::ids::WebhookName;
use shared::platform::wording;
use shared::webhooks::{EventType, Wanted, WebhookView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An address, and what it is to be told of.
#[derive(Deserialize, ToSchema)]
pub struct PutWebhookRequest {
    /// `https`, by the standard port, to a public address.
    #[schema(value_type = String, max_length = 500)]
    url: Field<String>,
    /// What it is told of; at least one.
    #[schema(value_type = Vec<EventType>, min_items = 1)]
    events: Field<Vec<Field<String>>>,
    /// Whether it is told now; it is, where nothing is said.
    #[schema(value_type = Option<bool>)]
    enabled: Option<Field<bool>>,
    /// Whether it gets another secret. The one before signs beside it for a day.
    #[schema(value_type = Option<bool>)]
    rotate_secret: Option<Field<bool>>,
}

fn events(field: Field<Vec<Field<String>>>) -> Result<BTreeSet<EventType>, FieldErrors> {
    field.nested("events", |events| {
        if events.is_empty() {
            return Err(vec![Invalid::new("required", wording::field::at_least_one()).at("")]);
        }
        Ok(each(events, |event| event.parse("", |text| EventType::parse(&text)))?.into_iter().collect())
    })
}

/// Makes an address that events are posted to, or changes it. Its secret is in the answer where it is new, and never again.
/// Events are signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`, `webhook-signature`); an address that is not
/// reached for a day is turned off.
///
/// # Errors
/// 409 `too_many_webhooks`; 412 `version_mismatch`, `already_exists`.
#[utoipa::path(put, path = "/v1/webhooks/{id}", tag = "Webhooks",
    params(("id" = String, Path, description = "What the pharmacy calls it: small letters, digits and hyphens"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant"),
           ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutWebhookRequest,
    responses((status = 200, body = WebhookView), (status = 201, body = WebhookView),
              (status = 409, description = "`too_many_webhooks`"),
              (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let name: WebhookName = request.path("id")?;
    let wanted = request.json_with(|body: PutWebhookRequest| {
        let (url, events, enabled, rotate) = all((
            body.url.parse("url", |text| app.webhook_target(&text)),
            events(body.events),
            body.enabled.parse_optional("enabled", Ok),
            body.rotate_secret.parse_optional("rotate_secret", Ok),
        ))?;
        Ok(Wanted { url, events, enabled: enabled.unwrap_or(true), rotate: rotate.unwrap_or(false) })
    })?;
    let put = app.webhooks()?.put(&request.actor()?, &name, &wanted, &request.precondition()?).await?;
    let (view, is_new) = put;
    let answer = ok(&view)?.version(view.version());
    Ok(if is_new { answer.created().location(&format!("/v1/webhooks/{name}")) } else { answer })
}
