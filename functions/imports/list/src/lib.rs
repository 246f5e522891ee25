//! `GET /v1/imports`: what was imported.

use shared::api::prelude::*;
use shared::imports::ImportView;
use shared::platform::ids::ImportId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The imports, the latest first, without links to their reports.
///
/// # Errors
/// 400 for a bad limit or cursor.
#[utoipa::path(get, path = "/v1/imports", tag = "Imports", params(PageQuery),
    responses((status = 200, body = Page<ImportView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    const LIST: &str = "imports";
    let keys = app.signing_keys()?;
    let page = request.query_fields::<PageQuery>()?.check(LIST, &keys)?;
    let after = page.after.as_deref().map(ImportId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = app.imports()?.list(page.limit, after).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), LIST, &keys));
    ok(&Page::<ImportView> { items, next_cursor })
}
