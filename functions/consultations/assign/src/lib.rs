//! `POST /v1/consultations/{id}/assign`: gives a consultation to a doctor.

use shared::api::prelude::*;
use shared::consultations::view::ConsultationView;
use shared::platform::ids::{ConsultationId, UserId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// To whom.
#[derive(Deserialize, ToSchema)]
pub struct AssignConsultationRequest {
    /// A doctor who may sign in, and is not the patient.
    #[schema(value_type = String)]
    doctor_id: Field<String>,
}

struct Command(UserId);

impl TryFrom<AssignConsultationRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: AssignConsultationRequest) -> Result<Self, FieldErrors> {
        Ok(Self(body.doctor_id.parse("doctor_id", |id| UserId::parse(&id))?))
    }
}

/// Gives a consultation to a doctor, or to another one: the doctor who had it loses it at once. The same doctor again changes
/// nothing.
///
/// # Errors
/// 400 at `doctor_id` with `not_a_doctor` or `own_consultation`; 404; 409 `consultation_closed`; 412 with `If-Match`.
#[utoipa::path(post, path = "/v1/consultations/{id}/assign", tag = "Consultations",
    request_body = AssignConsultationRequest,
    params(("id" = String, Path, description = "The consultation"),
        ("If-Match" = Option<String>, Header, description = "The version that the caller has read")),
    responses((status = 200, body = ConsultationView), (status = 409, description = "`consultation_closed`"),
        (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ConsultationId = request.path("id")?;
    let Command(doctor) = request.json::<AssignConsultationRequest, _>()?;
    let precondition = request.precondition()?;
    let view = app.consultations()?.assign(&request.actor()?, id, &doctor, &app.directory(), &precondition).await?;
    Ok(ok(&view)?.version(view.version))
}
