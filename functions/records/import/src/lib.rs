//! `POST /v1/records/import`: takes in records of another system.

use serde_json::Value;
use shared::api::prelude::*;
use shared::platform::ids::PatientId;
use shared::records::Kind;
use shared::records::exchange::ImportReport;

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

/// Takes in a FHIR R4 Bundle of at most 256 KB: allergies, conditions, medications, observations, immunizations, procedures and
/// reports. Each resource is created, known already, or refused with a reason; the same bundle again creates nothing.
///
/// # Errors
/// 400; 403 `read_only`; 404; 413 `body_too_large`; 422 `not_a_bundle`, `too_many`.
#[utoipa::path(post, path = "/v1/records/import", tag = "Records", params(PatientQuery), request_body = Value,
    responses((status = 200, body = ImportReport), (status = 403, description = "`read_only`"),
              (status = 422, description = "`not_a_bundle`, `too_many`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let bundle: Value = request.body_numbers_as_text()?;
    let actor = request.actor()?;
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &Kind::ALL).await?;
    ok(&app.records()?.import(&actor, &sight, &bundle).await?)
}
