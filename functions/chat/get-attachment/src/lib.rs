//! `GET /v1/consultations/{id}/attachments/{attachment_id}`: a link to a file of a consultation.

use shared::api::prelude::*;
use shared::consultations::view::AttachmentLink;
use shared::platform::ids::{AttachmentId, ConsultationId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A link to a checked file that is good for a minute: to who uploaded it, and, once it was sent, to the other of the two and to
/// super admins. What others than the patient ask for is put on the audit trail first.
///
/// # Errors
/// 404 for what does not exist, is another's, or was not checked; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/consultations/{id}/attachments/{attachment_id}", tag = "Chat",
    params(("id" = String, Path, description = "The consultation"),
        ("attachment_id" = String, Path, description = "The file")),
    responses((status = 200, body = AttachmentLink)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let all = request.caller()?.may_all(Permission::ReadChat);
    let (id, file): (ConsultationId, AttachmentId) = (request.path("id")?, request.path("attachment_id")?);
    ok(&app.attachments()?.link(&request.actor()?, all, id, file).await?)
}
