//! `DELETE /v1/products/{id}/images/{image_id}`: removes a picture of a product.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::platform::ids::{ImageId, ProductId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a picture.
///
/// # Errors
/// 404 for another's product or picture; 412.
#[utoipa::path(delete, path = "/v1/products/{id}/images/{image_id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("image_id" = String, Path, description = "The picture's id"),
        ("If-Match" = Option<String>, Header, description = "The version of the product that was read")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 412, description = "`version_mismatch`: the product has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let product: ProductId = request.path("id")?;
    let image: ImageId = request.path("image_id")?;
    app.product_images()?.remove(&manager, product, image, &request.precondition()?).await?;
    no_content()
}
