//! `POST /v1/pages/{slug}/images`: an upload form for one more picture of a page.

use serde::Serialize;
use shared::api::prelude::*;
use shared::content::PageSlug;
use shared::content::images::MAX_BYTES;
use shared::platform::ids::ImageId;
use shared::platform::objects::Upload;
use shared::platform::pictures::PictureType;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What will be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct StartPageImageRequest {
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[schema(value_type = String, example = "image/png", pattern = "^(image/jpeg|image/png|image/webp)$")]
    content_type: Field<String>,
    /// The size of the file, at most 5 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 5_242_880)]
    size_bytes: Field<u64>,
}

/// Where to upload it.
#[derive(Serialize, ToSchema)]
pub struct PageImageUpload {
    /// The picture's id: the body names it as `image:<id>` once it is checked.
    #[schema(value_type = String)]
    id: ImageId,
    /// The form.
    upload: Upload,
}

struct StartImage {
    content_type: PictureType,
    size_bytes: u64,
}

impl TryFrom<StartPageImageRequest> for StartImage {
    type Error = FieldErrors;

    fn try_from(body: StartPageImageRequest) -> Result<Self, FieldErrors> {
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

/// An upload form for one more picture of a page, good for five minutes. The picture is there once it is checked and redrawn;
/// `state=draft` of the page lists it then.
///
/// # Errors
/// 404; 409 `too_many_images`.
#[utoipa::path(post, path = "/v1/pages/{slug}/images", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs")),
    request_body = StartPageImageRequest,
    responses(
        (status = 201, body = PageImageUpload),
        (status = 409, description = "`too_many_images`: it has twenty in use, those of the last day among them")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let page: PageSlug = request.path("slug")?;
    let StartImage { content_type, size_bytes } = request.json::<StartPageImageRequest, _>()?;
    let (id, upload) = app.page_images()?.start(page, content_type, size_bytes).await?;
    created(&PageImageUpload { id, upload })
}
