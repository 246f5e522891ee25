//! `PUT /v1/records/grants/{user_id}`: lets a clinician read what is on record about a patient of the caller's.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, UserId};
use shared::records::{GrantRequest, GrantView};

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

/// Lets a doctor or pharmacist read records of these kinds until then, at once; in the place of what they were granted before.
/// They may not write.
///
/// # Errors
/// 400 with the fields that are not valid.
#[utoipa::path(put, path = "/v1/records/grants/{user_id}", tag = "Records",
    params(("user_id" = String, Path, description = "Who may read"), PatientQuery), request_body = GrantRequest,
    responses((status = 200, body = GrantView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let to: UserId = request.path("user_id")?;
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let now = app.clock().now();
    let grant = request.json_with(|body: GrantRequest| body.check(now))?;
    ok(&app.records()?.grant(&request.actor()?, patient, &to, grant).await?)
}
