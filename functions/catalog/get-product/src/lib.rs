//! `GET /v1/products/{id}`: a product, by its id or its slug.

use shared::api::prelude::*;
use shared::catalog::products::ProductRef;
use shared::catalog::view::ProductView;
use shared::catalog::{Manager, ProductStatus};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a product, in seconds.
const FRESH: u32 = 30;

/// A product. Drafts and retired products are seen by who manages them.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/products/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id or slug")),
    responses((status = 200, body = ProductView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let which: ProductRef = request.path("id")?;
    let viewer = request.caller_if_any().and_then(|caller| Manager::of(caller, Permission::ManageProducts).ok());
    let product = app.products().find(&which, viewer.as_ref()).await?;
    let (status, version) = (product.status, product.version);
    let answer = ok(&ProductView::new(product, &app.config().media_base_url))?;
    // A manager sees what nobody else does, and their own changes at once.
    if viewer.is_none() && status == ProductStatus::Active {
        Ok(answer.public_version(version, FRESH))
    } else {
        Ok(answer.version(version))
    }
}
