//! `GET /v1/profile/access-log`: who else read or changed the caller's data.

use shared::api::prelude::*;
use shared::audit::view::AccessView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What others did, or tried, to the caller's data, newest first: when, what, and who by role and, of those who work
/// here, by id. A page may hold fewer than `limit` and still have a `next_cursor`.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/profile/access-log", tag = "Profile", params(PageQuery),
    responses((status = 200, body = Page<AccessView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let user = &request.caller()?.user;
    let list = format!("access log of {user}");
    let keys = app.signing_keys()?;
    let page = request.query_fields::<PageQuery>()?.check(&list, &keys)?;
    let (items, next) = app.audit_log().of(user, page.after.as_deref(), page.limit).await?;
    let next_cursor = next.map(|position| seal(&position, &list, &keys));
    ok(&Page::<AccessView> { items, next_cursor })
}
