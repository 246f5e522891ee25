//! `GET /v1/pages/{slug}`: a page, as JSON or as a document to be read.

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, VARY};
use shared::accounts::Language;
use shared::api::{ApiResponse, prelude::*};
use shared::content::PageSlug;
use shared::content::view::{PageState, PageVersionView, PageView};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a page, in seconds.
const FRESH: u64 = 60;

/// Which version of a page.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GetPageQuery {
    /// In this language, or in English where there is none in it; `en` by default.
    #[param(value_type = Option<Language>)]
    locale: Option<Field<String>>,
    /// `published`; for the staff also `draft`: the latest version, in this language alone.
    #[param(value_type = Option<PageState>)]
    state: Option<Field<String>>,
}

/// Whether a document is wanted rather than JSON.
fn wants_html(accept: Option<&str>) -> bool {
    let accept = accept.unwrap_or_default();
    accept.contains("text/html") && !accept.contains("application/json")
}

/// A page that is published: as JSON, or with `Accept: text/html` as a document. The staff gets the latest version with
/// `state=draft`, whose `ETag` serves as `If-Match` of the next.
///
/// # Errors
/// 400 for parameters that are not valid; 401 and 403 for `draft`, which is the staff's; 404.
#[utoipa::path(get, path = "/v1/pages/{slug}", tag = "Content",
    params(("slug" = String, Path, description = "The page's name in URLs"), GetPageQuery),
    responses((status = 200, description = "With `state=draft` it also says who wrote and who reviewed it", content(
        (PageView = "application/json"), (String = "text/html"))),
        (status = 403, description = "`forbidden`: what is not published is for the staff")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let slug: PageSlug = request.path("slug")?;
    let query: GetPageQuery = request.query_fields()?;
    let (locale, draft) = all((
        query.locale.parse_optional("locale", |text| Language::parse(&text)),
        query.state.parse_optional("state", |text| match text.as_str() {
            "published" => Ok(false),
            "draft" => Ok(true),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("published, draft"))),
        }),
    ))?;
    let (locale, media, now) = (locale.unwrap_or_default(), &app.config().media_base_url, app.clock().now());
    let today = app.today()?;
    if draft == Some(true) {
        request.caller()?.require(Permission::EditContent)?;
        let (draft, whole) = app.editing().whole(&slug, locale).await?;
        let view = PageVersionView::new(&draft, &whole.images, today, media);
        return Ok(ok(&view)?.version(draft.version));
    }
    let live = app.pages().get(&slug, locale).await?;
    // No cache shows it longer than it is valid.
    let left = live.revision.text.valid_to.map_or(FRESH, |to| to.since(now).as_secs().min(FRESH));
    let left = u32::try_from(left).unwrap_or_default();
    let answer = if wants_html(request.header(ACCEPT.as_str())) {
        let page = PageView::to_html(&live, today, media);
        ApiResponse::new(StatusCode::OK, "text/html; charset=utf-8", page.into_bytes())
            .header(CONTENT_SECURITY_POLICY, &format!("default-src 'none'; img-src {media}; frame-ancestors 'none'"))
    } else {
        ok(&PageView::of_live(&live, locale, today, media))?
    };
    Ok(answer.header(CONTENT_LANGUAGE, live.revision.locale.tag()).header(VARY, "Accept").public(left))
}
