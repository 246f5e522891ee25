//! `PATCH /v1/patients/{id}`: changes what is given of a patient; `null` clears what is optional.

use shared::api::prelude::*;
use shared::patients::{Patient, UpdatePatientRequest};
use shared::platform::ids::PatientId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Changes a patient of the caller (JSON merge patch, RFC 7396). Name, birth and sex of the caller themselves are those
/// of the profile, and are changed there.
///
/// # Errors
/// 400 `in_profile` at what is the profile's; 404; 409 `patient_closed`; 412 `version_mismatch`.
#[utoipa::path(patch, path = "/v1/patients/{id}", tag = "Patients",
    params(("id" = String, Path, description = "The patient"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = UpdatePatientRequest,
    responses((status = 200, body = Patient), (status = 409, description = "`patient_closed`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let id: PatientId = request.path("id")?;
    let today = app.today()?;
    let change = request.json_with(|body: UpdatePatientRequest| body.check(today))?;
    let patient = app.patients().change(&actor, id, &request.precondition()?, change).await?;
    Ok(ok(&patient)?.version(patient.version))
}
