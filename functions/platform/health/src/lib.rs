//! `GET /v1/health`: answers when the API and this function are up, without asking anything behind them.

use serde::Serialize;
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// That the service is up.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: who is not well does not answer.
    #[schema(value_type = String, pattern = "^(ok)$")]
    status: &'static str,
    /// The version of the code.
    version: &'static str,
}

/// Whether the service is up.
///
/// # Errors
/// None.
#[utoipa::path(get, path = "/v1/health", tag = "Platform", responses(
    (status = 200, body = Health),
    (status = 400, description = "`invalid_request`: a version of the API that is not served"),
))]
pub async fn handle(_app: &App, _request: ApiRequest) -> ApiResult {
    ok(&Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
