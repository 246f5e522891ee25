//! `GET /v1/admin/audit`: searches the audit trail.

use shared::api::prelude::*;
use shared::audit::view::AuditEntryView;
use shared::audit::{Action, AuditQuery};
use shared::platform::clock::Timestamp;
use shared::platform::ids::UserId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What to look for; all that is given must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListAuditQuery {
    /// Who acted.
    #[param(value_type = Option<String>)]
    actor: Option<Field<String>>,
    /// Whose data it was.
    #[param(value_type = Option<String>)]
    subject: Option<Field<String>>,
    /// What was done, such as `user.set_roles`.
    #[param(value_type = Option<String>)]
    action: Option<Field<String>>,
    /// From when on; 30 days before the end where neither actor, subject nor action is given, and then 366 at most.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Field<String>>,
    /// Until when; now by default.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

struct Asked {
    trail: AuditQuery,
    page: PageQuery,
}

impl TryFrom<ListAuditQuery> for Asked {
    type Error = FieldErrors;

    fn try_from(query: ListAuditQuery) -> Result<Self, FieldErrors> {
        let (actor, subject, action, from, to) = all((
            query.actor.parse_optional("actor", |text| UserId::parse(&text)),
            query.subject.parse_optional("subject", |text| UserId::parse(&text)),
            query.action.parse_optional("action", |text| Action::parse(&text)),
            query.from.parse_optional("from", |text| Timestamp::parse(&text)),
            query.to.parse_optional("to", |text| Timestamp::parse(&text)),
        ))?;
        let trail = AuditQuery { actor, subject, action, from, to };
        Ok(Self { trail, page: PageQuery { limit: query.limit, cursor: query.cursor } })
    }
}

/// What was done, newest first. That it was looked for is put on the trail first. A page may hold fewer than `limit` and
/// still have a `next_cursor`.
///
/// # Errors
/// 400 for parameters that are not valid, or a time too long to search alone; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "Admin", params(ListAuditQuery),
    responses((status = 200, body = Page<AuditEntryView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Asked { trail, page } = request.query::<ListAuditQuery, _>()?;
    let list = format!("audit {}", trail.said());
    let keys = app.signing_keys()?;
    let page = page.check(&list, &keys)?;
    let found = app.audit_log().search(&request.actor()?, &trail, page.after.as_deref(), page.limit).await?;
    let (items, next) = found;
    let next_cursor = next.map(|position| seal(&position, &list, &keys));
    ok(&Page::<AuditEntryView> { items, next_cursor })
}
