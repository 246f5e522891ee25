//! `POST /v1/consultations/{id}/attachments`: announces a file and says how to upload it.

use shared::api::prelude::*;
use shared::consultations::attachment::{AttachmentType, MAX_BYTES};
use shared::consultations::view::StartedAttachment;
use shared::platform::ids::ConsultationId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A file to be uploaded.
#[derive(Deserialize, ToSchema)]
pub struct StartAttachmentRequest {
    /// What it is.
    #[schema(value_type = AttachmentType)]
    content_type: Field<String>,
    /// How large it is, in bytes, at most 10 MB.
    #[schema(value_type = u64, minimum = 1, maximum = 10_485_760)]
    size_bytes: Field<u64>,
}

struct Command(AttachmentType, u64);

impl TryFrom<StartAttachmentRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: StartAttachmentRequest) -> Result<Self, FieldErrors> {
        let (kind, size) = all((
            body.content_type.parse("content_type", |kind| AttachmentType::parse(&kind)),
            body.size_bytes.parse("size_bytes", |bytes| {
                let good = (1..=MAX_BYTES).contains(&bytes);
                if good {
                    Ok(bytes)
                } else {
                    Err(Invalid::new("out_of_range", wording::field::bytes_between(MAX_BYTES)))
                }
            }),
        ))?;
        Ok(Self(kind, size))
    }
}

/// Announces a file. POST it to `upload.url` as a form within five minutes; once it was checked, a message can send it.
///
/// # Errors
/// 400 with the fields that are not valid; 404; 409 `consultation_closed`; 429 `too_many_attachments` beyond twenty.
#[utoipa::path(post, path = "/v1/consultations/{id}/attachments", tag = "Chat", request_body = StartAttachmentRequest,
    params(("id" = String, Path, description = "The consultation")),
    responses((status = 201, body = StartedAttachment), (status = 409, description = "`consultation_closed`"),
        (status = 429, description = "`too_many_attachments`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ConsultationId = request.path("id")?;
    let Command(kind, size) = request.json::<StartAttachmentRequest, _>()?;
    created(&app.attachments()?.start(request.caller()?, id, kind, size).await?)
}
