//! `GET /v1/triage/symptoms`: symptoms by the words that people have for them.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::platform::wording;
use shared::triage::vocabulary::{self, SymptomView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What is looked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VocabularyQuery {
    /// Words, as far as they are typed; without them the signs of danger come, which are to be asked for first.
    #[param(value_type = Option<String>)]
    query: Option<Field<String>>,
    /// In which language signs of danger are named: `en`, `ne` or `bn`.
    #[param(value_type = Option<Language>)]
    language: Option<Field<Language>>,
}

/// At most thirty symptoms, the best first.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/triage/symptoms", tag = "Triage", params(VocabularyQuery),
    responses((status = 200, body = Page<SymptomView>)))]
pub async fn handle(_app: &App, request: ApiRequest) -> ApiResult {
    let query: VocabularyQuery = request.query_fields()?;
    let words = |text: String| {
        if text.chars().count() > 100 {
            Err(Invalid::new("too_long", wording::field::characters_at_most(100)))
        } else {
            Ok(text)
        }
    };
    let (words, language) = all((query.query.parse_optional("query", words), query.language.optional("language")))?;
    let items = vocabulary::find(&words.unwrap_or_default(), language.unwrap_or_default());
    Ok(ok(&Page { items, next_cursor: None })?.public(3600))
}
