//! `DELETE /v1/records/{kind}/{id}`: takes a record away; it stays readable among its versions.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, RecordId};
use shared::records::Kind;

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

/// Takes a record away. It is in no list any more and counts for nothing, and stays readable among its versions.
///
/// # Errors
/// 403 `not_the_author`, `read_only`; 404; 412 `version_mismatch`.
#[utoipa::path(delete, path = "/v1/records/{kind}/{id}", tag = "Records",
    params(("kind" = Kind, Path, description = "The kind"), ("id" = String, Path, description = "The record"), PatientQuery,
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 204), (status = 403, description = "`not_the_author`, `read_only`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (kind, id): (Kind, RecordId) = (request.path("kind")?, request.path("id")?);
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let (actor, precondition) = (request.actor()?, request.precondition()?);
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &[kind]).await?;
    app.records()?.remove(&actor, &sight, (kind, id), &precondition).await?;
    no_content()
}
