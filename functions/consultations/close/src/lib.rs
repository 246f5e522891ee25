//! `POST /v1/consultations/{id}/close`: closes a consultation, or takes it back.

use shared::api::prelude::*;
use shared::consultations::consultation::Outcome;
use shared::consultations::message::message_text;
use shared::consultations::view::ConsultationView;
use shared::platform::ids::ConsultationId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How it ends.
#[derive(Deserialize, ToSchema)]
pub struct CloseConsultationRequest {
    /// `answered` or `referred` by its doctor, `withdrawn` by its patient.
    #[schema(value_type = Outcome)]
    outcome: Field<String>,
    /// A last message.
    #[schema(value_type = Option<String>, max_length = 4000)]
    note: Option<Field<String>>,
}

struct Command(Outcome, Option<String>);

impl TryFrom<CloseConsultationRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: CloseConsultationRequest) -> Result<Self, FieldErrors> {
        let (outcome, note) = all((
            body.outcome.parse("outcome", |outcome| Outcome::parse(&outcome)),
            body.note.parse_optional("note", |note| message_text(&note)),
        ))?;
        Ok(Self(outcome, note))
    }
}

/// Closes a consultation: its doctor at any time, its patient while no doctor has it. Nothing can be written in it after that. A
/// request that comes twice is answered twice.
///
/// # Errors
/// 400 with the fields that are not valid; 404; 409 `consultation_closed`, `invalid_state`; 412 with `If-Match`.
#[utoipa::path(post, path = "/v1/consultations/{id}/close", tag = "Consultations",
    request_body = CloseConsultationRequest,
    params(("id" = String, Path, description = "The consultation"),
        ("If-Match" = Option<String>, Header, description = "The version that the caller has read")),
    responses((status = 200, body = ConsultationView),
        (status = 409, description = "`consultation_closed`, `invalid_state`"),
        (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ConsultationId = request.path("id")?;
    let Command(outcome, note) = request.json::<CloseConsultationRequest, _>()?;
    let precondition = request.precondition()?;
    let chat = app.consultations()?;
    let view = chat.close(&request.actor()?, id, outcome, note.as_deref(), &precondition).await?;
    Ok(ok(&view)?.version(view.version))
}
