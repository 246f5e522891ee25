//! `GET /v1/delivery/zones`: the delivery zones.

use serde::Serialize;
use shared::api::prelude::*;
use shared::delivery::ZoneView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// All zones.
#[derive(Serialize, ToSchema)]
pub struct ZoneList {
    /// By their ids, at most 500.
    items: Vec<ZoneView>,
}

/// All delivery zones, by their ids.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/v1/delivery/zones", tag = "Delivery", responses((status = 200, body = ZoneList)))]
pub async fn handle(app: &App, _request: ApiRequest) -> ApiResult {
    let zones = app.deliveries().list().await?;
    ok(&ZoneList { items: zones.iter().map(ZoneView::from).collect() })
}
