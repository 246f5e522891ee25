//! `POST /v1/assistant/questions`: answers a question with passages of published pages.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::assistant::Answer;
use shared::assistant::answering::Question;
use shared::assistant::asking::Asker;
use shared::platform::ids::ProductId;
use shared::platform::text;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A question. Nothing of it is stored or logged.
#[derive(Deserialize, ToSchema)]
pub struct AskRequest {
    /// What is asked, in English, Nepali or Bengali.
    #[schema(value_type = String, max_length = 500)]
    question: Field<String>,
    /// The language to answer in; that of the question where it is absent.
    #[schema(value_type = Option<Language>)]
    language: Option<Field<Language>>,
    /// The product that it is about.
    #[schema(value_type = Option<String>)]
    product_id: Option<Field<String>>,
}

struct Command(Question);

impl TryFrom<AskRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: AskRequest) -> Result<Self, FieldErrors> {
        let (text, language, product) = all((
            body.question.parse("question", |question| text::paragraph(&question, 500)),
            body.language.optional("language"),
            body.product_id.parse_optional("product_id", |id| ProductId::parse(&id)),
        ))?;
        Ok(Self(Question { text, language, product }))
    }
}

/// Answers a question: an emergency with whom to call, a question of two medicines with what the check of interactions says,
/// all else with passages of published pages, word for word, each with its source. How much to take is never said. Where a model
/// puts passages into words, `generated` says so, and every number in it stands in a passage that it cites.
///
/// # Errors
/// 400 for fields that are not valid; 401 where guests may not ask; 429 `daily_budget` after thirty questions a day, or five an
/// hour of guests.
#[utoipa::path(post, path = "/v1/assistant/questions", tag = "Assistant", request_body = AskRequest,
    responses((status = 200, body = Answer),
              (status = 429, description = "`daily_budget`: thirty a day; of guests five an hour")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Command(question) = request.json::<AskRequest, _>()?;
    let asker = match request.caller_if_any() {
        Some(caller) => Asker::Person(&caller.user),
        None => Asker::Guest(request.source_ip()),
    };
    let keys = app.signing_keys()?;
    ok(&Box::pin(app.assistant()?.ask(&asker, &question, &keys)).await?)
}
