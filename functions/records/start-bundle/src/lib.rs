//! `POST /v1/records/imports`: announces a bundle that is too large for a request, and says how to upload it.

use shared::api::prelude::*;
use shared::platform::ids::PatientId;
use shared::records::Kind;
use shared::records::bundle::{StartBundleRequest, StartedBundle};

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

/// Announces a FHIR R4 Bundle of at most 20 MB and 20,000 resources. POST the file to `upload.url` as a form within five minutes; it is
/// taken in afterwards, resource by resource, by the rules of `POST /v1/records/import`. `GET /v1/records/imports/{id}` says how far it is.
///
/// # Errors
/// 400 with the fields that are not valid; 403 `read_only`; 404.
#[utoipa::path(post, path = "/v1/records/imports", tag = "Records", params(PatientQuery), request_body = StartBundleRequest,
    responses((status = 201, body = StartedBundle), (status = 403, description = "`read_only`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let file = request.json_with(|body: StartBundleRequest| body.check())?;
    let actor = request.actor()?;
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &Kind::ALL).await?;
    created(&app.records()?.start_bundle(&actor, &sight, file).await?)
}
