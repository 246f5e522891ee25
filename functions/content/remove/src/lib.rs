//! `DELETE /v1/pages/{slug}`: removes a page.

use shared::api::prelude::*;
use shared::content::PageSlug;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a page in all languages: nobody sees it, and it is in no list. Its versions are kept; who writes it again counts
/// on from them.
///
/// # Errors
/// 404; 409 `version_moved`.
#[utoipa::path(delete, path = "/v1/pages/{slug}", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs")),
    responses((status = 204, description = "It is removed"),
              (status = 409, description = "`version_moved`: it has changed just now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    app.publishing().remove(&request.actor()?, &slug).await?;
    no_content()
}
