//! `GET /v1/openapi.json`: the API's own description, OpenAPI 3.1.

use http::StatusCode;
use shared::api::ApiResponse;
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Made from the code by `cargo run -p openapi`; a test fails when it is not current.
const DOCUMENT: &str = include_str!("../../../../docs/openapi.json");

/// How long caches may keep it, in seconds: a deployment changes it.
const MAX_AGE: u32 = 300;

/// The description of the API that you are reading, for code generators and tools.
///
/// # Errors
/// None.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "Platform",
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object),
              (status = 304, description = "What the client has (`If-None-Match`) is current")))]
pub async fn handle(_app: &App, _request: ApiRequest) -> ApiResult {
    Ok(ApiResponse::new(StatusCode::OK, "application/json", DOCUMENT.as_bytes().to_vec()).public(MAX_AGE))
}
