//! `POST /v1/auth/token/refresh`: hands out a new access token, and a new refresh token in place of the one that came.

use shared::api::prelude::*;
use shared::identity::SessionView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the last sign-in or refresh has handed out.
#[derive(Deserialize, ToSchema)]
pub struct RefreshRequest {
    /// Good once.
    #[schema(value_type = String)]
    refresh_token: Field<String>,
}

struct Refresh {
    token: String,
}

impl TryFrom<RefreshRequest> for Refresh {
    type Error = FieldErrors;

    fn try_from(body: RefreshRequest) -> Result<Self, FieldErrors> {
        let (token,) = all((body.refresh_token.value("refresh_token"),))?;
        Ok(Self { token })
    }
}

/// Hands out new tokens. A refresh token that comes a second time ends its session, for both who have it.
///
/// # Errors
/// 401 `invalid_refresh_token`.
#[utoipa::path(post, path = "/v1/auth/token/refresh", tag = "Auth", request_body = RefreshRequest,
    responses((status = 200, body = SessionView), (status = 401, description = "`invalid_refresh_token`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Refresh { token } = request.json::<RefreshRequest, _>()?;
    let signed_in = app.sign_in().refresh(&token).await?;
    ok(&SessionView::from(signed_in))
}
