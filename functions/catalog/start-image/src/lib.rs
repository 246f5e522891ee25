//! `POST /v1/products/{id}/images`: an upload form for one more picture of a product.

use serde::Serialize;
use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::images::MAX_BYTES;
use shared::platform::ids::{ImageId, ProductId};
use shared::platform::objects::Upload;
use shared::platform::pictures::PictureType;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What will be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct StartProductImageRequest {
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[schema(value_type = String, example = "image/png", pattern = "^(image/jpeg|image/png|image/webp)$")]
    content_type: Field<String>,
    /// The size of the file, at most 5 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 5_242_880)]
    size_bytes: Field<u64>,
}

/// Where to upload it.
#[derive(Serialize, ToSchema)]
pub struct ProductImageUpload {
    /// The picture's id, once it is shown.
    #[schema(value_type = String)]
    id: ImageId,
    /// The form.
    upload: Upload,
}

struct StartImage {
    content_type: PictureType,
    size_bytes: u64,
}

impl TryFrom<StartProductImageRequest> for StartImage {
    type Error = FieldErrors;

    fn try_from(body: StartProductImageRequest) -> Result<Self, FieldErrors> {
        let (content_type, size_bytes) = all((
            body.content_type.parse("content_type", |text| PictureType::parse(&text)),
            body.size_bytes.parse("size_bytes", |size| match size {
                1..=MAX_BYTES => Ok(size),
                _ => Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BYTES))),
            }),
        ))?;
        Ok(Self { content_type, size_bytes })
    }
}

/// An upload form for one more picture, good for five minutes. The picture is shown once it is checked and redrawn.
///
/// # Errors
/// 404 for another's product; 409 `too_many_images`.
#[utoipa::path(post, path = "/v1/products/{id}/images", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id")),
    request_body = StartProductImageRequest,
    responses(
        (status = 201, body = ProductImageUpload),
        (status = 409, description = "`too_many_images`: it has eight already")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let product: ProductId = request.path("id")?;
    let StartImage { content_type, size_bytes } = request.json::<StartProductImageRequest, _>()?;
    let (id, upload) = app.product_images()?.start(&manager, product, content_type, size_bytes).await?;
    created(&ProductImageUpload { id, upload })
}
