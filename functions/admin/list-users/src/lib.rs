//! `GET /v1/admin/users`: lists and searches people.

use shared::api::prelude::*;
use shared::identity::{Role, UserSearch, UserView};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Whom to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListUsersQuery {
    /// The beginning of an e-mail address, of a telephone number (with its `+`), or of a name.
    #[param(value_type = Option<String>, max_length = 100)]
    query: Option<Field<String>>,
    /// Those with this role; not together with `query`.
    #[param(value_type = Option<Role>)]
    role: Option<Field<String>>,
    /// Those who may sign in, or those who may not: `enabled` or `disabled`. Together with `query` or `role` a page may
    /// hold fewer than `limit`.
    #[param(value_type = Option<String>, pattern = "^(enabled|disabled)$")]
    status: Option<Field<String>>,
    /// 1 to 100, 20 by default; no page holds more than 60.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before; good for an hour.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

struct Asked {
    search: UserSearch,
    page: PageQuery,
}

impl TryFrom<ListUsersQuery> for Asked {
    type Error = FieldErrors;

    fn try_from(query: ListUsersQuery) -> Result<Self, FieldErrors> {
        let (text, role, enabled) = all((
            query.query.optional("query"),
            query.role.parse_optional("role", |text| Role::parse(&text)),
            query.status.parse_optional("status", |text| match text.as_str() {
                "enabled" => Ok(true),
                "disabled" => Ok(false),
                _ => Err(Invalid::new("unknown_status", wording::field::one_of("enabled, disabled"))),
            }),
        ))?;
        let search = UserSearch::new(text.as_deref(), role, enabled)?;
        Ok(Self { search, page: PageQuery { limit: query.limit, cursor: query.cursor } })
    }
}

/// People, in no particular order. Everybody who is shown is put on the audit trail first.
///
/// # Errors
/// 400 for `query` and `role` together; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/admin/users", tag = "Admin", params(ListUsersQuery),
    responses((status = 200, body = Page<UserView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Asked { search, page } = request.query::<ListUsersQuery, _>()?;
    let keys = app.signing_keys()?;
    let page = page.check(search.name(), &keys)?;
    let listed = app.administration().list(&request.actor()?, &search, page.after.as_deref(), page.limit).await?;
    let (items, next) = listed;
    let next_cursor = next.map(|place| seal(&place, search.name(), &keys));
    ok(&Page::<UserView> { items, next_cursor })
}
