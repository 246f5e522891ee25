//! `GET /v1/records/{kind}`: what is on record about a patient, of one kind.

use shared::api::prelude::*;
use shared::platform::ids::{PatientId, RecordId};
use shared::records::Kind;
use shared::records::view::RecordView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which records.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListRecordsQuery {
    /// About this patient; about the caller where none is named.
    #[param(value_type = Option<String>)]
    patient_id: Option<Field<String>>,
    /// All versions of this record instead, the newest first, also of one that was taken away.
    #[param(value_type = Option<String>)]
    versions_of: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// Records of a kind, newest first: what was imported stands where the time is that it says something of. The owner of the account always sees them; a doctor while a consultation of the patient is
/// theirs and open, a pharmacist while they work on a prescription of the patient, and either while the owner's grant holds.
/// Who looks and is not the owner is on the trail before they see anything.
///
/// # Errors
/// 400 for parameters that are not valid; 404; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/records/{kind}", tag = "Records",
    params(("kind" = Kind, Path, description = "The kind"), ListRecordsQuery),
    responses((status = 200, body = Page<RecordView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let kind: Kind = request.path("kind")?;
    let query: ListRecordsQuery = request.query_fields()?;
    let (patient, versions_of) = all((
        query.patient_id.parse_optional("patient_id", |id| PatientId::parse(&id)),
        query.versions_of.parse_optional("versions_of", |id| RecordId::parse(&id)),
    ))?;
    let keys = app.signing_keys()?;
    let named =
        patient.map_or_else(|| request.caller().map(|caller| caller.user.to_string()), |id| Ok(id.to_string()))?;
    let list = format!("{kind} of {named}");
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys)?;
    let after = page.after.as_deref().map(RecordId::parse).transpose().map_err(Error::internal)?;
    let sight = app.sights()?.of(request.caller()?, &request.actor()?, patient, &[kind]).await?;
    if let Some(record) = versions_of {
        let items = app.records()?.versions(&sight, kind, record).await?;
        return ok(&Page::<RecordView> { items, next_cursor: None });
    }
    let (items, next) = app.records()?.list(&sight, kind, after, page.limit).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), &list, &keys));
    ok(&Page::<RecordView> { items, next_cursor })
}
