//! `GET /v1/products/suggest`: what somebody who types may mean.

use shared::api::prelude::*;
use shared::catalog::suggest::Suggestions;
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep the answer, in seconds.
const FRESH: u32 = 30;

/// What was typed.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SuggestQuery {
    /// 1 to 100 characters.
    #[param(value_type = String, min_length = 1, max_length = 100, example = "para")]
    q: Field<String>,
}

struct Typed(String);

impl TryFrom<SuggestQuery> for Typed {
    type Error = FieldErrors;

    fn try_from(query: SuggestQuery) -> Result<Self, FieldErrors> {
        let (typed,) = all((query.q.parse("q", |typed| text::line(&typed, 100)),))?;
        Ok(Self(typed))
    }
}

/// At most ten products, brands, ingredients and categories whose words begin with what was typed.
///
/// # Errors
/// 400 for a query that is not valid.
#[utoipa::path(get, path = "/v1/products/suggest", tag = "Catalogue", params(SuggestQuery),
    responses((status = 200, body = Suggestions)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Typed(typed) = request.query::<SuggestQuery, _>()?;
    let browsing = app.browsing();
    let index = browsing.index().await?;
    let tree = browsing.tree().await?;
    Ok(ok(&Suggestions::of(&typed, &index, &tree))?.public(FRESH))
}
