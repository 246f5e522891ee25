//! `POST /v1/profile/picture`: starts the upload of a profile picture, which is shown once it has been checked.

use serde::Serialize;
use shared::accounts::MAX_PICTURE_BYTES;
use shared::api::prelude::*;
use shared::platform::objects::Upload;
use shared::platform::pictures::PictureType;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What will be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct StartProfilePictureRequest {
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[schema(value_type = String, example = "image/jpeg", pattern = "^(image/jpeg|image/png|image/webp)$")]
    content_type: Field<String>,
    /// At most 2 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 2_097_152)]
    size_bytes: Field<u64>,
}

/// How to upload it.
#[derive(Serialize, ToSchema)]
pub struct StartedProfilePicture {
    upload: Upload,
}

struct StartPicture {
    content_type: PictureType,
}

impl TryFrom<StartProfilePictureRequest> for StartPicture {
    type Error = FieldErrors;

    fn try_from(body: StartProfilePictureRequest) -> Result<Self, FieldErrors> {
        let (content_type, _) = all((
            body.content_type.parse("content_type", |text| PictureType::parse(&text)),
            body.size_bytes.parse("size_bytes", |size| match size {
                1..=MAX_PICTURE_BYTES => Ok(size),
                _ => Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_PICTURE_BYTES))),
            }),
        ))?;
        Ok(Self { content_type })
    }
}

/// Starts an upload; an earlier one that has not arrived is not waited for any more.
///
/// # Errors
/// 404 without a profile.
#[utoipa::path(post, path = "/v1/profile/picture", tag = "Profile", request_body = StartProfilePictureRequest,
    responses((status = 201, body = StartedProfilePicture),
              (status = 404, description = "`not_found`, once the account is erased")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let command: StartPicture = request.json::<StartProfilePictureRequest, _>()?;
    let upload = app.profile_pictures()?.start(&caller.user, command.content_type).await?;
    created(&StartedProfilePicture { upload })
}
