//! `GET /v1/categories`: the tree of categories.

use serde::Serialize;
use shared::api::prelude::*;
use shared::catalog::view::CategoryNode;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep the tree, in seconds.
const FRESH: u32 = 60;

/// All categories.
#[derive(Serialize, ToSchema)]
pub struct CategoryTree {
    /// Those at the top, each with those below it.
    items: Vec<CategoryNode>,
}

/// The tree of categories.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/v1/categories", tag = "Catalogue", responses((status = 200, body = CategoryTree)))]
pub async fn handle(app: &App, _request: ApiRequest) -> ApiResult {
    let tree = app.categories().tree().await?;
    Ok(ok(&CategoryTree { items: CategoryNode::below(None, &tree) })?.public(FRESH))
}
