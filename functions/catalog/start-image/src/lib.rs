//! `POST /v1/products/{id}/images`: an upload form for one more picture of a product.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::platform::ids::ProductId;
use shared::platform::image_upload::{ImageUpload, StartImage, StartImageRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An upload form for one more picture, good for five minutes. The picture is shown once it is checked and redrawn.
///
/// # Errors
/// 404 for another's product; 409 `too_many_images`.
#[utoipa::path(post, path = "/v1/products/{id}/images", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id")),
    request_body = StartImageRequest,
    responses(
        (status = 201, body = ImageUpload),
        (status = 409, description = "`too_many_images`: it has eight already")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let product: ProductId = request.path("id")?;
    let StartImage { content_type, size_bytes } = request.json::<StartImageRequest, _>()?;
    let (id, upload) = app.product_images()?.start(&manager, product, content_type, size_bytes).await?;
    created(&ImageUpload { id, upload })
}
