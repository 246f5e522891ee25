//! `POST /v1/records/{kind}`: puts something on record about a patient.

use shared::api::prelude::*;
use shared::platform::ids::PatientId;
use shared::records::Kind;
use shared::records::input::RecordInput;
use shared::records::view::RecordView;

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

/// Adds a record. Which fields it has depends on the kind. Decimals come as numbers or, to keep their zeros, as text.
///
/// # Errors
/// 400 with the fields that are not valid; 403 `read_only`; 404; 422 `implausible_value` where it cannot be true.
#[utoipa::path(post, path = "/v1/records/{kind}", tag = "Records",
    params(("kind" = Kind, Path, description = "The kind"), PatientQuery), request_body = RecordInput,
    responses((status = 201, body = RecordView), (status = 403, description = "`read_only`"),
              (status = 422, description = "`implausible_value`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: Kind = request.path("kind")?;
    let query: PatientQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let body = request.body_fields()?;
    let actor = request.actor()?;
    let sight = app.sights()?.of(request.caller()?, &actor, patient, &[kind]).await?;
    let record = app.records()?.add(&actor, &sight, kind, body).await?;
    Ok(created(&record)?.version(record.version))
}
