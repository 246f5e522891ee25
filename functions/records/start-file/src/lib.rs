//! `POST /v1/records/{kind}/{id}/files`: announces a file of a record and says how to upload it.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, RecordId};
use shared::records::Kind;
use shared::records::file::{StartRecordFileRequest, StartedRecordFile};

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

/// Announces a report as PDF, JPEG or PNG, or a DICOM file of imaging. POST the file to `upload.url` as a form within five
/// minutes; it is checked before anybody can download it. What it shows is not interpreted.
///
/// # Errors
/// 400 with the fields that are not valid; 403 `not_the_author`, `read_only`; 404; 409 `too_many_files`.
#[utoipa::path(post, path = "/v1/records/{kind}/{id}/files", tag = "Records",
    params(("kind" = Kind, Path, description = "The kind"), ("id" = String, Path, description = "The record"), PatientQuery),
    request_body = StartRecordFileRequest,
    responses((status = 201, body = StartedRecordFile), (status = 403, description = "`not_the_author`, `read_only`"),
              (status = 409, description = "`too_many_files`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (kind, id): (Kind, RecordId) = (request.path("kind")?, request.path("id")?);
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let file = request.json_with(|body: StartRecordFileRequest| body.check(kind))?;
    let actor = request.actor()?;
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &[kind]).await?;
    created(&app.records()?.start_file(&actor, &sight, (kind, id), file).await?)
}
