//! `POST /v1/notifications/read`: notes what the caller has read.

use shared::api::prelude::*;
use shared::notices::{MAX_IDS, Reads, Unread};
use shared::platform::ids::NoticeId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which were read: one of the two.
#[derive(Deserialize, ToSchema)]
pub struct ReadNotificationsRequest {
    /// These, at most 100.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    ids: Option<Field<Vec<Field<String>>>>,
    /// This one and all before it.
    #[schema(value_type = Option<String>)]
    up_to: Option<Field<String>>,
}

fn ids(field: Option<Field<Vec<Field<String>>>>) -> Result<Option<Vec<NoticeId>>, FieldErrors> {
    let Some(field) = field else { return Ok(None) };
    let ids = field.nested("ids", |ids| {
        if ids.len() > MAX_IDS {
            return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_IDS)).at("")]);
        }
        each(ids, |id| id.parse("", |text| NoticeId::parse(&text)))
    });
    ids.map(Some)
}

impl TryFrom<ReadNotificationsRequest> for Reads {
    type Error = FieldErrors;

    fn try_from(body: ReadNotificationsRequest) -> Result<Self, FieldErrors> {
        let (ids, up_to) = all((ids(body.ids), body.up_to.parse_optional("up_to", |text| NoticeId::parse(&text))))?;
        match (ids, up_to) {
            (Some(ids), None) => Ok(Self::Ids(ids)),
            (None, Some(last)) => Ok(Self::UpTo(last)),
            (None, None) => {
                Err(vec![Invalid::new("required", wording::field::one_is_needed("ids", "up_to")).at("ids")])
            }
            (Some(_), Some(_)) => {
                Err(vec![Invalid::new("one_of", wording::field::one_or_other("ids", "up_to")).at("up_to")])
            }
        }
    }
}

/// Notes what the caller has read, and says how many they have not. Twice is once; ids of others' notices, and of those that are
/// gone, do nothing.
///
/// # Errors
/// 400 for a body that is not valid.
#[utoipa::path(post, path = "/v1/notifications/read", tag = "Notifications",
    request_body = ReadNotificationsRequest, responses((status = 200, body = Unread)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let reads: Reads = request.json::<ReadNotificationsRequest, _>()?;
    ok(&app.inbox().read(&request.caller()?.user, reads).await?)
}
