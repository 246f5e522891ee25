//! `GET /v1/pages`: pages that are published; for the staff, those that are not.

use serde::Serialize;
use shared::accounts::Language;
use shared::api::prelude::*;
use shared::content::library::Filter;
use shared::content::page::Revision;
use shared::content::view::{PageCard, PageState};
use shared::content::{PageKind, PageSlug};
use shared::platform::ids::ProductId;
use shared::platform::text;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a list, in seconds.
const FRESH: u64 = 60;

/// Which pages.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListPagesQuery {
    /// Of this sort.
    #[param(value_type = Option<PageKind>)]
    kind: Option<Field<String>>,
    /// In this language, or in English where there is none in it; `en` by default. Of `draft` and `scheduled`, in this language
    /// alone; in all of them by default.
    #[param(value_type = Option<Language>)]
    locale: Option<Field<String>>,
    /// With this tag.
    #[param(value_type = Option<String>)]
    tag: Option<Field<String>>,
    /// That are shown on this product.
    #[param(value_type = Option<String>)]
    product_id: Option<Field<String>>,
    /// `published`; for the staff also `draft`, the latest version of every page, what changed last first, and `scheduled`,
    /// what is due first. A page of those two may be short while there is a `next_cursor`.
    #[param(value_type = Option<PageState>)]
    state: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of pages.
#[derive(Serialize, ToSchema)]
pub struct PageList {
    /// The pages.
    items: Vec<PageCard>,
    /// What to send as `cursor` for the next ones; `null` on the last.
    next_cursor: Option<String>,
}

fn state(text: &str) -> Result<PageState, Invalid> {
    match text {
        "published" => Ok(PageState::Published),
        "draft" => Ok(PageState::Draft),
        "scheduled" => Ok(PageState::Scheduled),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("published, draft, scheduled"))),
    }
}

/// Pages that are published, by their slugs; for the staff, those that are not.
///
/// # Errors
/// 400 for parameters that are not valid; 401 and 403 for `draft` and `scheduled`, which are the staff's.
#[utoipa::path(get, path = "/v1/pages", tag = "Content", params(ListPagesQuery),
    responses((status = 200, body = PageList),
              (status = 403, description = "`forbidden`: what is not published is for the staff")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: ListPagesQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let (kind, locale, tag, product, state) = all((
        query.kind.parse_optional("kind", |text| PageKind::parse(&text)),
        query.locale.parse_optional("locale", |text| Language::parse(&text)),
        query.tag.parse_optional("tag", |text| text::line(&text, 40)),
        query.product_id.parse_optional("product_id", |text| ProductId::parse(&text)),
        query.state.parse_optional("state", |text| state(&text)),
    ))?;
    let state = state.unwrap_or(PageState::Published);
    let filter = Filter { kind, tag: tag.map(|tag| tag.to_lowercase()), product };
    let list = format!("pages {state:?} {filter:?} {}", locale.map_or("", Language::tag));
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys)?;
    let (now, after) = (app.clock().now(), page.after.as_deref());
    let today = app.today()?;
    if state == PageState::Published {
        let (library, locale) = (app.pages().library().await?, locale.unwrap_or_default());
        let after = after.map(PageSlug::parse).transpose().map_err(Error::internal)?;
        let (found, more) = library.find(&filter, locale, (after.as_ref(), usize::from(page.limit)), now);
        let last = found.last().filter(|_| more).map(|live| seal(live.revision.slug.as_str(), &list, &keys));
        let items = found.into_iter().map(|live| PageCard::of_live(live, locale, today)).collect();
        // No cache shows a page longer than it is valid, or keeps one away whose time has come.
        let left = library.next_change(now).map_or(FRESH, |at| at.since(now).as_secs().min(FRESH));
        let left = u32::try_from(left).unwrap_or_default();
        return Ok(ok(&PageList { items, next_cursor: last })?.public(left));
    }
    request.caller()?.require(Permission::EditContent)?;
    let editing = app.editing();
    let wanted = |one: &Revision| locale.is_none_or(|locale| locale == one.locale) && filter.takes(&one.text);
    let (items, next): (Vec<_>, _) = if state == PageState::Draft {
        let found = editing.drafts(&wanted, after, page.limit).await?;
        (found.items.iter().map(|draft| PageCard::of_draft(draft, today)).collect(), found.next)
    } else {
        let found = editing.scheduled(&wanted, after, page.limit).await?;
        (found.items.iter().map(|due| PageCard::of_due(due, today)).collect(), found.next)
    };
    ok(&PageList { items, next_cursor: next.map(|next| seal(&next, &list, &keys)) })
}
