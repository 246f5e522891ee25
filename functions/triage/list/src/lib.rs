//! `GET /v1/triage`: what was said about how a patient is.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, TriageId};
use shared::records::Kind;
use shared::triage::TriageView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which triages.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListTriagesQuery {
    /// Of this patient; of the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// Triages of a patient, newest first; to whom the conditions on record may be shown.
///
/// # Errors
/// 400 for parameters that are not valid; 404.
#[utoipa::path(get, path = "/v1/triage", tag = "Triage", params(ListTriagesQuery),
    responses((status = 200, body = Page<TriageView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let query: ListTriagesQuery = request.query_fields()?;
    let patient = query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id))?;
    let keys = app.signing_keys()?;
    let list = format!("triages of {}", patient.map_or_else(|| caller.user.to_string(), |id| id.to_string()));
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys)?;
    let after = page.after.as_deref().map(TriageId::parse).transpose().map_err(Error::internal)?;
    let sight = app.sights()?.of(caller, &request.actor()?, patient, &[Kind::Conditions]).await?;
    let (items, next) = app.triages().list(&sight, after, page.limit).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), &list, &keys));
    ok(&Page::<TriageView> { items, next_cursor })
}
