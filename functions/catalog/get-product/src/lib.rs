//! `GET /v1/products/{id}`: a product, by its id or its slug.

use std::sync::Arc;

use futures_util::future::join;
use shared::api::prelude::*;
use shared::catalog::products::ProductRef;
use shared::catalog::view::{LeafletLink, ProductView};
use shared::catalog::{Manager, ProductStatus};
use shared::content::library::Library;
use shared::content::page::Live;
use shared::platform::clock::Timestamp;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a product, in seconds.
const FRESH: u32 = 30;

fn leaflets(library: &Library, product: ProductId, now: Timestamp) -> Vec<LeafletLink> {
    let link = |live: &Arc<Live>| LeafletLink {
        slug: live.revision.slug.to_string(),
        locale: live.revision.locale,
        title: live.revision.text.title.clone(),
    };
    library.leaflets(product, now).map(link).collect()
}

/// A product, with the leaflets that are published about it. Drafts and retired products are seen by who manages them.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/products/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id or slug")),
    responses((status = 200, body = ProductView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let which: ProductRef = request.path("id")?;
    let viewer = request.caller_if_any().and_then(|caller| Manager::of(caller, Permission::ManageProducts).ok());
    // What is published is in memory, and looked after beside the product.
    let (products, pages) = (app.products(), app.pages());
    let (product, library) = join(products.find(&which, viewer.as_ref()), pages.library()).await;
    let product = product?;
    let (id, status, version) = (product.id, product.status, product.version);
    let view = ProductView::new(product, &app.config().media_base_url);
    let view = match library {
        Ok(library) => view.with_leaflets(leaflets(&library, id, app.clock().now())),
        // A product is for sale without its leaflets.
        Err(error) => {
            tracing::warn!(error.code = error.code(), error.cause = error.cause(), "leaflets are not known");
            view
        }
    };
    let answer = ok(&view)?;
    // A manager sees what nobody else does, and their own changes at once.
    if viewer.is_none() && status == ProductStatus::Active {
        Ok(answer.public_version(version, FRESH))
    } else {
        Ok(answer.version(version))
    }
}
