//! `GET /v1/openapi.json`: the API's own description, OpenAPI 3.1.

use std::sync::LazyLock;

use http::StatusCode;
use http::header::CONTENT_ENCODING;
use shared::api::ApiResponse;
use shared::api::prelude::*;
use shared::platform::crypto;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// `docs/openapi.json`, made from the code by `cargo run --bin openapi` (a test fails when it is not current) and packed by
/// `build.rs`.
const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json"));
/// The same as gzip: a seventh of it to send.
const COMPRESSED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));

/// What the document is known by; the same of every instance.
static TAG: LazyLock<String> = LazyLock::new(|| crypto::fingerprint(COMPRESSED));

/// How long caches may keep it, in seconds: a deployment changes it.
const MAX_AGE: u32 = 300;

/// The description of the API that you are reading, for code generators and tools; as gzip for who takes it.
///
/// # Errors
/// None.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "Platform",
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object),
              (status = 304, description = "What the client has (`If-None-Match`) is current")))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
    let response = |body: &[u8]| ApiResponse::new(StatusCode::OK, "application/json", body.to_vec());
    Ok(if request.takes_gzip(DOCUMENT.len()) {
        response(COMPRESSED).header(CONTENT_ENCODING, "gzip").public_as(&format!("{}-gzip", *TAG), MAX_AGE)
    } else {
        response(DOCUMENT).public_as(&TAG, MAX_AGE)
    })
}
