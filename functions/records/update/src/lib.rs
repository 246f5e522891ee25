//! `PATCH /v1/records/{kind}/{id}`: changes what is given of a record, or the owner's comment on it.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, RecordId};
use shared::records::input::RecordInput;
use shared::records::view::RecordView;
use shared::records::{Kind, RecordChange};

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

/// Changes a record (JSON merge patch, RFC 7396); the version before stays readable. What a clinician has written is changed by
/// clinicians alone; the owner may set `comment` beside it.
///
/// # Errors
/// 400 with the fields that are not valid; 403 `not_the_author`, `read_only`; 404; 412; 422 `implausible_value`.
#[utoipa::path(patch, path = "/v1/records/{kind}/{id}", tag = "Records",
    params(("kind" = Kind, Path, description = "The kind"), ("id" = String, Path, description = "The record"), PatientQuery,
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = RecordInput,
    responses((status = 200, body = RecordView), (status = 403, description = "`not_the_author`, `read_only`"),
              (status = 412, description = "`version_mismatch`"), (status = 422, description = "`implausible_value`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (kind, id): (Kind, RecordId) = (request.path("kind")?, request.path("id")?);
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let change = RecordChange::read(request.body_fields()?)?;
    let (actor, precondition) = (request.actor()?, request.precondition()?);
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &[kind]).await?;
    let record = app.records()?.change(&actor, &sight, (kind, id), &precondition, &change).await?;
    Ok(ok(&record)?.version(record.version))
}
