//! `GET /v1/pages/{slug}/versions`: the versions of a page in a language.

use serde::Serialize;
use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::PageSlug;
use shared::content::view::PageVersionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which versions.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListVersionsQuery {
    /// Of this language; `en` by default.
    #[param(value_type = Option<Language>)]
    locale: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of versions.
#[derive(Serialize, ToSchema)]
pub struct PageVersions {
    /// The versions.
    items: Vec<PageVersionView>,
    /// What to send as `cursor` for the next ones; `null` on the last.
    next_cursor: Option<String>,
}

/// Every version of a page in a language, the newest first, with who wrote and who reviewed it, and whether it is published or
/// will be.
///
/// # Errors
/// 400 for parameters that are not valid; 404.
#[utoipa::path(get, path = "/v1/pages/{slug}/versions", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs"), ListVersionsQuery),
    responses((status = 200, body = PageVersions)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    let query: ListVersionsQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let locale = query.locale.parse_optional("locale", |text| Language::parse(&text))?.unwrap_or_default();
    let list = format!("versions of {slug} {}", locale.tag());
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys)?;
    let (found, whole) = app.editing().versions(&slug, locale, page.after.as_deref(), page.limit).await?;
    let (today, media) = (app.today()?, &app.config().media_base_url);
    let items = found.items.iter().map(|one| PageVersionView::of_version(one, &whole, today, media)).collect();
    ok(&PageVersions { items, next_cursor: found.next.map(|next| seal(&next, &list, &keys)) })
}
