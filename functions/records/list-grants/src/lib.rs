//! `GET /v1/records/grants`: who may read what is on record about a patient of the caller's.

use shared::api::prelude::*;
use shared::platform::ids::PatientId;
use shared::records::GrantView;

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

/// Whom the caller lets read records of a patient; all of them on one page.
///
/// # Errors
/// 400 at `patient_id` where it is no patient of the caller's.
#[utoipa::path(get, path = "/v1/records/grants", tag = "Records", params(PatientQuery),
    responses((status = 200, body = Page<GrantView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let items = app.records()?.grants(&request.caller()?.user, patient).await?;
    ok(&Page { items, next_cursor: None })
}
