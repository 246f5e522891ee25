//! `POST /v1/imports`: an upload form for a table that is to be imported.

use shared::api::prelude::*;
use shared::imports::{StartImport, StartImportRequest, StartedImport};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An upload form for a table of products or stock, or for the tables of Drugs@FDA, good for five minutes. Once the file is
/// there its rows are taken in; `GET /v1/imports/{id}` says how far that has come. With `dry_run` nothing is written.
///
/// # Errors
/// 400 with the fields that are not valid.
#[utoipa::path(post, path = "/v1/imports", tag = "Imports", request_body = StartImportRequest,
    responses((status = 201, body = StartedImport)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let start: StartImport = request.json::<StartImportRequest, _>()?;
    created(&app.imports()?.start(&request.actor()?, start).await?)
}
