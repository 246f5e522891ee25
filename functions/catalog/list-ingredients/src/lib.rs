//! `GET /v1/ingredients`: the ingredients of what is on sale, by name.

use shared::api::prelude::*;
use shared::catalog::view::NamePage;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a page, in seconds.
const FRESH: u32 = 30;

/// The ingredients of what is on sale, with how many products each has.
///
/// # Errors
/// 400 for a bad limit or cursor.
#[utoipa::path(get, path = "/v1/ingredients", tag = "Catalogue", params(PageQuery), responses((status = 200, body = NamePage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let keys = app.signing_keys()?;
    let cursor = request.query_with(|query: PageQuery| query.check("ingredients", &keys))?;
    let index = app.browsing().index().await?;
    let (page, next) = NamePage::of(index.ingredients(), cursor.after.as_deref(), cursor.limit);
    let next_cursor = next.map(|name| seal(&name, "ingredients", &keys));
    Ok(ok(&NamePage { next_cursor, ..page })?.public(FRESH))
}
