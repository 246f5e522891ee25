//! `POST /v1/auth/social/callback`: signs in with what another provider has answered.

use shared::api::prelude::*;
use shared::api::{Cookie, session_cookie};
use shared::identity::social::{COOKIE, Returned};
use shared::identity::{SessionMode, SignInView};
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the browser came back with.
#[derive(Deserialize, ToSchema)]
pub struct FinishSocialRequest {
    /// Good once.
    #[schema(value_type = String, max_length = 2048)]
    code: Field<String>,
    /// Good once, for ten minutes.
    #[schema(value_type = String, max_length = 2048)]
    state: Field<String>,
    /// `token` where not said; `cookie` for web pages, which then never see the refresh token.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct FinishSocial {
    code: String,
    state: String,
    mode: SessionMode,
}

/// More than any code or state has.
const MAX_LENGTH: usize = 2048;

fn visible(text: String) -> Result<String, Invalid> {
    let good = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if good { Ok(text) } else { Err(Invalid::new("malformed", wording::field::visible_ascii(2048))) }
}

impl TryFrom<FinishSocialRequest> for FinishSocial {
    type Error = FieldErrors;

    fn try_from(body: FinishSocialRequest) -> Result<Self, FieldErrors> {
        let (code, state, session) = all((
            body.code.parse("code", visible),
            body.state.parse("state", visible),
            body.session.optional("session"),
        ))?;
        Ok(Self { code, state, mode: session.unwrap_or_default() })
    }
}

/// Signs in with what another provider has answered. Whoever is new gets an account; the caller of an access token has the
/// identity linked to theirs, if they have signed in within the last ten minutes. Pages send the cookie `__Host-social`
/// along (`credentials: "include"`).
///
/// # Errors
/// 400 `invalid_state` or `invalid_code`: start again; 401 `sign_in_refused` for a disabled account, or
/// `insufficient_user_authentication` for who links an identity and has signed in too long ago; 409 `account_exists` where the
/// provider's address has an account that is not linked, `identity_taken` or `provider_linked` where linking is not
/// possible.
#[utoipa::path(post, path = "/v1/auth/social/callback", tag = "Auth", request_body = FinishSocialRequest,
    responses((status = 200, body = SignInView),
              (status = 400, description = "`invalid_state`, `invalid_code`, or fields at fault"),
              (status = 401, description = "`sign_in_refused`, `insufficient_user_authentication`, or a bad token"),
              (status = 404, description = "`provider_unavailable`"),
              (status = 409, description = "`account_exists`, `identity_taken`, `provider_linked`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let FinishSocial { code, state, mode } = request.json::<FinishSocialRequest, _>()?;
    let (name, seconds) = COOKIE;
    let binding = Cookie::cross_site(name, seconds).of(&request).map(str::to_owned);
    let returned = Returned { code, state, binding, from_page: request.header("origin").is_some() };
    let outcome = app.finish_social(request.origin(), mode)?.finish(&returned, request.caller_if_any()).await?;
    session_cookie::sign_in_answer(app, outcome).await
}
