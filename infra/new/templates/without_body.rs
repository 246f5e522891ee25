//! `@method @path`: @brief

use serde::Serialize;
use shared::api::prelude::*;
@{imports}
/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the caller gets.
#[derive(Serialize, ToSchema)]
pub struct @{type}Answer {
@{id_fields}    /// That the function answers.
    ok: bool,
}

/// @summary
///
/// # Errors
/// @{errors}
#[utoipa::path(@verb, path = "@path", tag = "@tag",@{params}
    responses((status = 200, body = @{type}Answer)))]
pub async fn handle(_app: &App, @{request}: ApiRequest) -> ApiResult {
@{id_reads}    ok(&@{type}Answer { @{id_inits}ok: true })
}
