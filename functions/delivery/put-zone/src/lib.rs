//! `PUT /v1/delivery/zones/{id}`: makes a delivery zone or changes it.

use shared::api::prelude::*;
use shared::delivery::{PutZoneRequest, ZoneId, ZoneView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Makes a delivery zone or changes it. With the first one, delivery goes to zones alone; functions have in mind for a minute
/// what zones there were. Orders keep the fee they were placed with.
///
/// # Errors
/// 400 with every field at fault, among them what another zone has; 412.
#[utoipa::path(put, path = "/v1/delivery/zones/{id}", tag = "Delivery",
    params(("id" = String, Path, description = "The zone's id: a-z, 0-9 and single hyphens"),
        ("If-Match" = Option<String>, Header, description = "The version that was read"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: only where it is not there yet")),
    request_body = PutZoneRequest,
    responses(
        (status = 200, body = ZoneView, description = "It is changed"),
        (status = 201, body = ZoneView, description = "It is new"),
        (status = 412, description = "`version_mismatch`, `already_exists`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let id = request.path::<String>("id")?;
    let id = ZoneId::parse(&id).map_err(|invalid| Error::invalid_fields(vec![invalid.at("id")]))?;
    let currency = app.config().currency;
    let terms = request.json_with(|body: PutZoneRequest| body.check(currency))?;
    let (zone, new) = app.deliveries().put(&actor, &id, &terms, &request.precondition()?).await?;
    let view = ZoneView::from(&zone);
    let answer = if new { created(&view) } else { ok(&view) }?;
    Ok(answer.version(zone.version))
}
