//! `POST /v1/consultations/{id}/respond`: the doctor's answer.

use shared::api::prelude::*;
use shared::consultations::message::{ClientId, Content, Outgoing, message_text};
use shared::consultations::view::MessageView;
use shared::platform::ids::ConsultationId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An answer.
#[derive(Deserialize, ToSchema)]
pub struct RespondRequest {
    /// What the client calls the message: a UUID of its own for each, kept until the message is accepted.
    #[schema(value_type = String)]
    client_id: Field<String>,
    /// What it says.
    #[schema(value_type = String, max_length = 4000)]
    text: Field<String>,
}

struct Command(Outgoing);

impl TryFrom<RespondRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: RespondRequest) -> Result<Self, FieldErrors> {
        let (client_id, text) = all((
            body.client_id.parse("client_id", |id| ClientId::parse(&id)),
            body.text.parse("text", |text| message_text(&text)),
        ))?;
        Ok(Self(Outgoing { client_id, content: Content::Text(text) }))
    }
}

/// Answers a consultation that the doctor has. The first answer moves it from `assigned` to `in_progress`. The same `client_id` with
/// the same text again is answered with the message that it was.
///
/// # Errors
/// 404 where the doctor does not have it; 409 `consultation_closed`, `client_id_reused`.
#[utoipa::path(post, path = "/v1/consultations/{id}/respond", tag = "Consultations", request_body = RespondRequest,
    params(("id" = String, Path, description = "The consultation")),
    responses((status = 201, body = MessageView),
        (status = 409, description = "`consultation_closed`, `client_id_reused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ConsultationId = request.path("id")?;
    let Command(outgoing) = request.json::<RespondRequest, _>()?;
    let message = app.consultations()?.respond(request.caller()?, id, &outgoing).await?;
    Ok(created(&message)?.location(&format!("/v1/consultations/{id}/messages")))
}
