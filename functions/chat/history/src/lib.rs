//! `GET /v1/consultations/{id}/messages`: the messages of a consultation.

use shared::api::prelude::*;
use shared::consultations::Range;
use shared::consultations::view::HistoryView;
use shared::platform::ids::{ConsultationId, MessageId};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which messages.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// The first messages after this one.
    #[param(value_type = Option<String>)]
    after: Option<Field<String>>,
    /// The last messages before this one. Without either, the latest ones.
    #[param(value_type = Option<String>)]
    before: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
}

struct Wanted(Range, u16);

impl TryFrom<HistoryQuery> for Wanted {
    type Error = FieldErrors;

    fn try_from(query: HistoryQuery) -> Result<Self, FieldErrors> {
        let (after, before, limit) = all((
            query.after.parse_optional("after", |id| MessageId::parse(&id)),
            query.before.parse_optional("before", |id| MessageId::parse(&id)),
            query.limit.parse_optional("limit", |text| {
                let limit = text.parse().ok().filter(|limit| (1..=100).contains(limit));
                limit.ok_or_else(|| Invalid::new("out_of_range", wording::field::between(1, 100)))
            }),
        ))?;
        let range = match (after, before) {
            (Some(after), None) => Range::After(after),
            (None, Some(before)) => Range::Before(before),
            (None, None) => Range::Latest,
            (Some(_), Some(_)) => {
                return Err(vec![Invalid::new("one_of", wording::field::one_or_other("after", "before")).at("before")]);
            }
        };
        Ok(Self(range, limit.unwrap_or(20)))
    }
}

/// Messages, the oldest first, to the two of the consultation, and to super admins. Whatever was accepted before is among them: who
/// has read up to a message asks for those `after` it and misses none. What others than the patient read is put on the audit trail
/// first.
///
/// # Errors
/// 400 for parameters that are not valid; 404 for what does not exist or is another's; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/consultations/{id}/messages", tag = "Chat",
    params(("id" = String, Path, description = "The consultation"), HistoryQuery),
    responses((status = 200, body = HistoryView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let all = request.caller()?.may_all(Permission::ReadChat);
    let id: ConsultationId = request.path("id")?;
    let Wanted(range, limit) = request.query::<HistoryQuery, _>()?;
    ok(&app.consultations()?.history(&request.actor()?, all, id, range, limit).await?)
}
