//! `POST /v1/consultations/{id}/messages`: sends a message, for clients without a WebSocket.

use shared::api::prelude::*;
use shared::consultations::message::{ClientId, Content, Outgoing, message_text};
use shared::consultations::view::MessageView;
use shared::platform::ids::{AttachmentId, ConsultationId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A message, a text or a file: exactly one of `text` and `attachment_id`.
#[derive(Deserialize, ToSchema)]
pub struct PostMessageRequest {
    /// What the client calls the message: a UUID of its own for each, kept until the message is accepted.
    #[schema(value_type = String)]
    client_id: Field<String>,
    /// What it says.
    #[schema(value_type = Option<String>, max_length = 4000)]
    text: Option<Field<String>>,
    /// A checked file of the sender that no message uses.
    #[schema(value_type = Option<String>)]
    attachment_id: Option<Field<String>>,
}

struct Command(Outgoing);

impl TryFrom<PostMessageRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: PostMessageRequest) -> Result<Self, FieldErrors> {
        let (client_id, text, attachment) = all((
            body.client_id.parse("client_id", |id| ClientId::parse(&id)),
            body.text.parse_optional("text", |text| message_text(&text)),
            body.attachment_id.parse_optional("attachment_id", |id| AttachmentId::parse(&id)),
        ))?;
        let content = Content::of(text, attachment).map_err(|invalid| vec![invalid.at("text")])?;
        Ok(Self(Outgoing { client_id, content }))
    }
}

/// Sends a message in a consultation, as the frame `send` does. The same `client_id` with the same content again is answered with the
/// message that it was, so a request whose answer was lost can be repeated.
///
/// # Errors
/// 400 with the fields that are not valid; 404, also for a file that cannot be sent; 409 `consultation_closed`, `client_id_reused`.
#[utoipa::path(post, path = "/v1/consultations/{id}/messages", tag = "Chat", request_body = PostMessageRequest,
    params(("id" = String, Path, description = "The consultation")),
    responses((status = 201, body = MessageView),
        (status = 409, description = "`consultation_closed`, `client_id_reused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ConsultationId = request.path("id")?;
    let Command(outgoing) = request.json::<PostMessageRequest, _>()?;
    created(&app.consultations()?.send(request.caller()?, id, &outgoing).await?)
}
