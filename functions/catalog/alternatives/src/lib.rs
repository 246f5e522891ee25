//! `GET /v1/products/{id}/alternatives`: what could be had instead of a product.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::alternatives::Alternatives;
use shared::catalog::products::ProductRef;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep the answer, in seconds.
const FRESH: u32 = 30;

/// What could be had instead, at most 50. `generic_equivalent` has the same ingredients, strengths, form and route and the
/// identical A-rated code of the Orange Book; `same_ingredient` is for the prescriber to decide. What can be had comes
/// first, of that the equivalent, of that the cheapest.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/products/{id}/alternatives", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id or slug")),
    responses((status = 200, body = Alternatives)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let which: ProductRef = request.path("id")?;
    let viewer = request.caller_if_any().and_then(|caller| Manager::of(caller, Permission::ManageProducts).ok());
    let product = app.products().find(&which, viewer.as_ref()).await?;
    let index = app.browsing().index().await?;
    let answer = ok(&Alternatives::to(&product, &index, &app.config().media_base_url))?;
    // A manager may ask of what nobody else sees.
    Ok(if viewer.is_none() { answer.public(FRESH) } else { answer })
}
