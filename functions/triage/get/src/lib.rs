//! `GET /v1/triage/{id}`: what was asked and answered.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, TriageId};
use shared::records::Kind;
use shared::triage::TriageView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Of whom.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PatientQuery {
    /// A patient; the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
}

/// One triage, to whom the conditions on record may be shown.
///
/// # Errors
/// 400 at `patient_id`; 404.
#[utoipa::path(get, path = "/v1/triage/{id}", tag = "Triage",
    params(("id" = String, Path, description = "The triage"), PatientQuery),
    responses((status = 200, body = TriageView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: TriageId = request.path("id")?;
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let sight = app.sights()?.of(request.caller()?, &request.actor()?, patient, &[Kind::Conditions]).await?;
    let triage = app.triages().get(&sight, id).await?;
    Ok(ok(&triage)?.version(triage.version))
}
