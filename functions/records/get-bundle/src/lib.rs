//! `GET /v1/records/imports/{id}`: how far the import of an uploaded bundle has come, and what became of its resources.

use shared::api::prelude::*;
use shared::platform::ids::{ImportId, PatientId};
use shared::records::Kind;
use shared::records::bundle::BundleView;

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

/// How far the import of an uploaded bundle has come, and what became of its resources; for a month after it was announced.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/records/imports/{id}", tag = "Records",
    params(("id" = String, Path, description = "The import"), PatientQuery), responses((status = 200, body = BundleView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ImportId = request.path("id")?;
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let actor = request.actor()?;
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &Kind::ALL).await?;
    ok(&app.records()?.bundle(&sight, id).await?)
}
