//! `GET /v1/products`: what is on sale, searched, filtered, sorted and paged.

use serde::Serialize;
use shared::api::prelude::*;
use shared::catalog::Card;
use shared::catalog::search_index::Position;
use shared::catalog::view::ProductCard;

mod facets;
mod query;

pub use facets::{PrescriptionCounts, SearchFacets};
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
    /// How many there are on all pages.
    total: Total,
    /// How all results spread over all pages, where `facets` or `query` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<SearchFacets>,
}

/// How many results there are.
#[derive(Serialize, ToSchema)]
pub struct Total {
    /// So many, up to a thousand.
    #[schema(maximum = 1000)]
    count: usize,
    /// Whether there are more.
    more: bool,
}

/// Up to where results are counted for the client.
const COUNTED: usize = 1000;

impl From<usize> for Total {
    fn from(total: usize) -> Self {
        Self { count: total.min(COUNTED), more: total > COUNTED }
    }
}

/// What is on sale.
///
/// # Errors
/// 400 for parameters that do not make sense.
#[utoipa::path(get, path = "/v1/products", tag = "Catalogue", params(ProductQuery),
    responses((status = 200, body = ProductPage)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (config, keys, version) = (app.config(), app.signing_keys()?, request.version()?);
    let (mut search, cursor) =
        request.query_with_lists(&["category", "brand", "ingredient"], |query: ProductQuery| query.check(&keys))?;
    let list = search.list();
    let browsing = app.browsing();
    if let Some(categories) = &search.categories {
        search.filter.categories = Some(browsing.within(categories).await?);
    }
    let index = browsing.index().await?;
    let after = cursor.after.as_deref().map(Position::parse).transpose()?;
    let found = index.find(&search.filter, search.sort, after.as_ref(), usize::from(cursor.limit), search.facets);
    let mut facets = found.facets;
    if let Some(facets) = &mut facets {
        facets.name_categories(&*browsing.tree().await?);
    }
    let card = |card: Card| ProductCard::new(&card, &config.media_base_url);
    let next_cursor = found.next.map(|position| position.to_text()).transpose()?;
    let page = ProductPage {
        items: found.cards.into_iter().map(card).collect(),
        next_cursor: next_cursor.map(|position| seal(&position, &list, &keys)),
        total: found.total.into(),
        facets: facets.map(|facets| SearchFacets::new(facets, version)),
    };
    Ok(ok(&page)?.public(FRESH))
}
