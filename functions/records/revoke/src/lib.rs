//! `DELETE /v1/records/grants/{user_id}`: lets a clinician read no more.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, UserId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// About whom.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PatientQuery {
    /// A patient; the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
}

/// Takes back what was granted, at once. What was not granted stays so.
///
/// # Errors
/// 400 at `patient_id` where it is no patient of the caller's.
#[utoipa::path(delete, path = "/v1/records/grants/{user_id}", tag = "Records",
    params(("user_id" = String, Path, description = "Who may read no more"), PatientQuery),
    responses((status = 204)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let to: UserId = request.path("user_id")?;
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    app.records()?.revoke(&request.actor()?, patient, &to).await?;
    no_content()
}
