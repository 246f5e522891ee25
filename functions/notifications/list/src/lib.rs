//! `GET /v1/notifications`: what the caller was told, the newest first.

use shared::api::prelude::*;
use shared::notices::NoticePage;
use shared::platform::ids::NoticeId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which notices.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListNotificationsQuery {
    /// `true`: those that are not read alone.
    #[param(value_type = Option<bool>)]
    unread: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

fn unread(text: &str) -> Result<bool, Invalid> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Invalid::new("unknown_value", wording::field::true_or_false())),
    }
}

/// What the caller was told by itself, the newest first, in their language, with how many they have not read. Nothing of it is
/// kept for longer than 180 days.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/notifications", tag = "Notifications", params(ListNotificationsQuery),
    responses((status = 200, body = NoticePage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let user = &request.caller()?.user;
    let query: ListNotificationsQuery = request.query_fields()?;
    let unread = query.unread.parse_optional("unread", |text| unread(&text));
    let only = unread.as_ref().ok().copied().flatten().unwrap_or(false);
    let list = format!("notifications of {user}, unread alone: {only}");
    let keys = app.signing_keys()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys);
    let (_, page) = all((unread, page))?;
    let before = page.after.as_deref().map(NoticeId::parse).transpose().map_err(Error::internal)?;
    let (found, next) = app.inbox().list(user, only, before, page.limit).await?;
    ok(&NoticePage { next_cursor: next.map(|id| seal(&id.to_string(), &list, &keys)), ..found })
}
