//! `POST /v1/auth/token/refresh`: hands out a new access token, and a new refresh token in place of the one that came.

use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::{RefreshToken, SessionMode, SessionView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the last sign-in or refresh has handed out. Cookie sessions send no body, and `X-CSRF-Token`.
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

/// Hands out new tokens. A refresh token that comes a second time within seconds (`RefreshGraceSeconds`) is answered with the
/// same new one again: two tabs, or an answer that got lost. Later it ends its session, for both who have it; so does the one
/// of a cookie session that comes in a body, or the other way round. A session is refreshed sixty times a minute at most,
/// which `RateLimit` says.
///
/// # Errors
/// 401 `invalid_refresh_token`, and `no_session_cookie` where neither a body came nor a cookie; 403 `origin_not_allowed` or `csrf_token_invalid` for a cookie that did
/// not come from us.
#[utoipa::path(post, path = "/v1/auth/token/refresh", tag = "Auth", request_body = Option<RefreshRequest>,
    params(("X-CSRF-Token" = Option<String>, Header,
            description = "What came with the session; needed with the cookie `__Host-refresh`, which stands for the body.")),
    responses((status = 200, body = SessionView), (status = 401, description = "`invalid_refresh_token`, `no_session_cookie`"),
              (status = 403, description = "`origin_not_allowed`, `csrf_token_invalid`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (token, mode) = match request.has_body() {
        true => (request.json::<RefreshRequest, Refresh>()?.token, SessionMode::Token),
        false => {
            let token = session_cookie::refresh_token(app, &request)?.ok_or_else(session_cookie::no_cookie)?;
            (token, SessionMode::Cookie)
        }
    };
    let token = RefreshToken::presented(&token)?;
    let allowance = app.count_refresh(&token).await?;
    let signed_in = app.sign_in(request.origin(), mode).refresh(&token, mode).await?;
    Ok(session_cookie::session_answer(app, signed_in)?.limited(allowance))
}
