//! `POST /v1/patients`: adds a patient to those that the caller cares for.

use shared::api::prelude::*;
use shared::patients::{AddPatientRequest, Patient};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Adds a patient. The caller themselves is one already.
///
/// # Errors
/// 409 `too_many_patients`: there are 20 already, the caller among them.
#[utoipa::path(post, path = "/v1/patients", tag = "Patients", request_body = AddPatientRequest,
    responses((status = 201, body = Patient), (status = 409, description = "`too_many_patients`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let today = app.today()?;
    let new = request.json_with(|body: AddPatientRequest| body.check(today))?;
    let patient = app.patients().add(&actor, new).await?;
    Ok(created(&patient)?.version(patient.version))
}
