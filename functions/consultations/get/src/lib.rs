//! `GET /v1/consultations/{id}`: one consultation, without its messages.

use shared::api::prelude::*;
use shared::consultations::view::ConsultationDetail;
use shared::platform::ids::ConsultationId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// One consultation, to its patient, its doctor, or the staff; its messages are another route. What others than the patient read is
/// put on the audit trail first.
///
/// # Errors
/// 404 for what does not exist or is another's; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/consultations/{id}", tag = "Consultations",
    params(("id" = String, Path, description = "The consultation")),
    responses((status = 200, body = ConsultationDetail)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let staff = request.caller()?.may_all(Permission::ReadConsultations);
    let id: ConsultationId = request.path("id")?;
    let view = app.consultations()?.get(&request.actor()?, staff, id).await?;
    Ok(ok(&view)?.version(view.consultation.version))
}
