//! `GET /v1/conditions`: conditions that triage knows.

use shared::api::prelude::*;
use shared::platform::wording;
use shared::triage::conditions::{self, ConditionCard};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What is looked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListConditionsQuery {
    /// Words of the name or the code, as far as they are typed.
    #[param(value_type = Option<String>)]
    query: Option<Field<String>>,
}

/// Conditions by name; all of them on one page.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/conditions", tag = "Triage", params(ListConditionsQuery),
    responses((status = 200, body = Page<ConditionCard>)))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
    let query: ListConditionsQuery = request.query_fields()?;
    let words = |text: String| {
        if text.chars().count() > 100 {
            Err(Invalid::new("too_long", wording::field::characters_at_most(100)))
        } else {
            Ok(text)
        }
    };
    let words = query.query.parse_optional("query", words)?;
    let items = conditions::list(&words.unwrap_or_default());
    Ok(ok(&Page { items, next_cursor: None })?.public(3600))
}
