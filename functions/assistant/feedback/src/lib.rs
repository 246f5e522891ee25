//! `POST /v1/assistant/questions/{id}/feedback`: says whether an answer helped.

use shared::api::prelude::*;
use shared::platform::ids::QuestionId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Whether it helped.
#[derive(Deserialize, ToSchema)]
pub struct FeedbackRequest {
    /// Whether it helped.
    #[schema(value_type = bool)]
    helpful: Field<bool>,
}

struct Command(bool);

impl TryFrom<FeedbackRequest> for Command {
    type Error = FieldErrors;

    fn try_from(body: FeedbackRequest) -> Result<Self, FieldErrors> {
        body.helpful.value("helpful").map(Self)
    }
}

/// Says whether an answer helped, within thirty days. Said twice, the later one counts.
///
/// # Errors
/// 400; 404 for an answer to somebody else.
#[utoipa::path(post, path = "/v1/assistant/questions/{id}/feedback", tag = "Assistant",
    params(("id" = String, Path, description = "The answer's id")),
    request_body = FeedbackRequest,
    responses((status = 204, description = "It is noted")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: QuestionId = request.path("id")?;
    let Command(helpful) = request.json::<FeedbackRequest, _>()?;
    let keys = app.signing_keys()?;
    app.feedbacks().say(&request.caller()?.user, id, helpful, &keys).await?;
    no_content()
}
