//! `POST /v1/auth/logout`: ends the caller's session, that of a refresh token, or all of the caller's.

use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::{SessionMode, SignOut};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What ends; without anything, the session of the access token.
#[derive(Deserialize, ToSchema)]
pub struct LogoutRequest {
    /// The session of this token; one that is good no more is no error (RFC 7009).
    refresh_token: Option<Field<String>>,
    /// All sessions of the caller.
    everywhere: Option<Field<bool>>,
}

struct Logout(SignOut);

impl TryFrom<LogoutRequest> for Logout {
    type Error = FieldErrors;

    fn try_from(body: LogoutRequest) -> Result<Self, FieldErrors> {
        let (refresh_token, everywhere) =
            all((body.refresh_token.optional("refresh_token"), body.everywhere.optional("everywhere")))?;
        Ok(Self(SignOut { refresh_token, everywhere: everywhere.unwrap_or(false) }))
    }
}

/// Signs out. Access tokens of what has ended are refused within five seconds. One that is good no more is as none: where a
/// refresh token came with it, that one is enough.
///
/// # Errors
/// 401 with neither a good access token nor a refresh token, or everywhere without a good access token; 403
/// `origin_not_allowed` or `csrf_token_invalid` for a cookie that did not come from us.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "Auth", request_body = Option<LogoutRequest>,
    params(("X-CSRF-Token" = Option<String>, Header,
            description = "What came with the session; needed with the cookie `__Host-refresh`, which stands for the body.")),
    responses((status = 204), (status = 403, description = "`origin_not_allowed`, `csrf_token_invalid`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let mut what = match request.has_body() {
        true => request.json::<LogoutRequest, Logout>()?.0,
        false => SignOut::default(),
    };
    let cookie = session_cookie::refresh_token(app, &request)?;
    let kept_in_cookie = cookie.is_some();
    what.refresh_token = what.refresh_token.or(cookie);
    app.sign_in(request.origin(), SessionMode::Token).sign_out(what, request.caller_if_any()).await?;
    let answer = no_content()?;
    Ok(if kept_in_cookie { session_cookie::forget(answer) } else { answer })
}
