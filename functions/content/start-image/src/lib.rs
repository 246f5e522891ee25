//! `POST /v1/pages/{slug}/images`: an upload form for one more picture of a page.

use shared::api::prelude::*;
use shared::content::PageSlug;
use shared::platform::image_upload::{ImageUpload, StartImage, StartImageRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An upload form for one more picture of a page, good for five minutes. The picture is there once it is checked and redrawn;
/// `state=draft` of the page lists it then.
///
/// # Errors
/// 404; 409 `too_many_images`.
#[utoipa::path(post, path = "/v1/pages/{slug}/images", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs")),
    request_body = StartImageRequest,
    responses(
        (status = 201, body = ImageUpload),
        (status = 409, description = "`too_many_images`: it has twenty in use, those of the last day among them")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let page: PageSlug = request.path("slug")?;
    let StartImage { content_type, size_bytes } = request.json::<StartImageRequest, _>()?;
    let (id, upload) = app.page_images()?.start(page, content_type, size_bytes).await?;
    created(&ImageUpload { id, upload })
}
