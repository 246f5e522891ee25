//! `GET /v1/products`: what is on sale, searched, filtered, sorted and paged.

use serde::Serialize;
use shared::api::prelude::*;
use shared::catalog::Card;
use shared::catalog::facets::Facets;
use shared::catalog::shelf::Position;
use shared::catalog::view::ProductCard;

mod query;

pub use query::ProductQuery;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a page, in seconds.
const FRESH: u32 = 30;

/// A page of products.
#[derive(Serialize, ToSchema)]
pub struct ProductPage {
    /// The products.
    items: Vec<ProductCard>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
    /// How the results of a search spread over all pages; absent without `query`.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<Facets>,
}

/// What is on sale.
///
/// # Errors
/// 400 for parameters that do not make sense.
#[utoipa::path(get, path = "/v1/products", tag = "Catalogue", params(ProductQuery),
    responses((status = 200, body = ProductPage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (config, keys) = (app.config(), app.signing_keys()?);
    let (mut search, cursor) = request.query_with(|query: ProductQuery| query.check(&keys))?;
    let list = search.list();
    let browsing = app.browsing();
    if let Some(category) = &search.category {
        search.filter.categories = Some(browsing.within(category).await?);
    }
    let shelf = browsing.shelf().await?;
    let after = cursor.after.as_deref().map(Position::parse).transpose()?;
    let found = shelf.find(&search.filter, search.sort, after.as_ref(), usize::from(cursor.limit));
    let card = |card: &Card| ProductCard::new(card, &config.media_base_url);
    let next_cursor = found.next.map(|position| position.to_text()).transpose()?;
    let page = ProductPage {
        items: found.cards.into_iter().map(card).collect(),
        next_cursor: next_cursor.map(|position| seal(&position, &list, &keys)),
        facets: found.facets,
    };
    Ok(ok(&page)?.public(FRESH))
}
