//! `GET /v1/medicine/substances`: the drug database, searched by name, synonym, brand or code.

use serde::Serialize;
use shared::api::prelude::*;
use shared::medicine::search::{self, SubstanceHit};
use shared::medicine::view::{DISCLAIMER, NamesView};
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a page, in seconds: the database is part of the release.
const FRESH: u32 = 3600;

/// What to find.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SubstanceQuery {
    /// The beginning of a word of a name, synonym or brand, or a whole RxCUI or UNII; without it, all.
    #[param(value_type = Option<String>, max_length = 100)]
    query: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// A page of substances.
#[derive(Serialize, ToSchema)]
pub struct SubstancePage {
    /// The substances, by how well they match.
    items: Vec<SubstanceHit>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
    /// Where the names are from.
    dataset: NamesView,
    /// What it is not.
    disclaimer: &'static str,
}

/// Substances by name, synonym, brand or code.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/medicine/substances", tag = "Medicine", params(SubstanceQuery),
    responses((status = 200, body = SubstancePage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let query: SubstanceQuery = request.query_fields()?;
    let keys = app.signing_keys()?;
    let wanted = query.query.parse_optional("query", |text| text::line(&text, 100));
    let list = format!("substances {}", wanted.as_ref().ok().and_then(Option::as_deref).unwrap_or_default());
    let page = PageQuery { limit: query.limit, cursor: query.cursor }.check(&list, &keys);
    let (wanted, page) = all((wanted, page))?;
    let after = page.after.as_deref().and_then(|after| after.parse().ok()).unwrap_or(0);
    let (items, next) = search::find(wanted.as_deref(), after, usize::from(page.limit));
    let next_cursor = next.map(|next| seal(&next.to_string(), &list, &keys));
    let page = SubstancePage { items, next_cursor, dataset: NamesView::of_release(), disclaimer: DISCLAIMER };
    Ok(ok(&page)?.public(FRESH))
}
