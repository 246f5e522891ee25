//! `POST /v1/products`: creates a product with an empty stock.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::input::CreateProductRequest;
use shared::catalog::view::ProductView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Creates a product. The pharmacy's staff creates the pharmacy's own; a seller creates theirs, as a draft.
///
/// # Errors
/// 400 for an unknown category; 403 `approval_required`; 409 `slug_taken`, `gtin_taken`.
#[utoipa::path(post, path = "/v1/products", tag = "Catalogue", request_body = CreateProductRequest,
    responses(
        (status = 201, body = ProductView),
        (status = 403, description = "`approval_required`: the staff puts it on sale"),
        (status = 409, description = "`slug_taken`: another product has the slug; `gtin_taken`: another product of the same seller that is not retired has the GTIN")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let new = request.json_with(|body: CreateProductRequest| body.check(app.config().currency))?;
    let product = app.products().create(&manager, new).await?;
    let version = product.version;
    let location = format!("/v1/products/{}", product.id);
    let answer = created(&ProductView::new(product, &app.config().media_base_url))?;
    Ok(answer.version(version).location(&location))
}
