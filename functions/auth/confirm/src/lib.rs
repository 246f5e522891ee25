//! `POST /v1/auth/register/confirm`: proves that an address is its registrant's; from here on there is a profile, and a session
//! for who asks for one.

use shared::accounts::Email;
use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::{Code, Identifier, SessionMode, SignInView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmRegistrationRequest {
    /// The address it was sent to.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    code: Field<String>,
    /// How the session is to be kept that begins here; without it none begins.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct Confirm {
    email: Email,
    code: Code,
    session: Option<SessionMode>,
}

impl TryFrom<ConfirmRegistrationRequest> for Confirm {
    type Error = FieldErrors;

    fn try_from(body: ConfirmRegistrationRequest) -> Result<Self, FieldErrors> {
        let (email, code, session) = all((
            body.email.parse("email", |text| Email::parse(&text)),
            body.code.parse("code", |text| Code::parse(&text)),
            body.session.optional("session"),
        ))?;
        Ok(Self { email, code, session })
    }
}

/// Proves that an address is its registrant's, and signs in who asks for it. Where the answer to that is lost the address is
/// proven all the same, and its owner signs in by their password.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries and for an address that nobody registered; 400 `expired_code`.
#[utoipa::path(post, path = "/v1/auth/register/confirm", tag = "Auth", request_body = ConfirmRegistrationRequest,
    responses((status = 200, body = SignInView, description = "with `session`"), (status = 204, description = "without `session`"),
              (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Confirm { email, code, session } = request.json::<ConfirmRegistrationRequest, _>()?;
    let who = Identifier::from(email.clone());
    app.registration(request.origin()).confirm(email, &code).await?;
    match session {
        Some(mode) => {
            let outcome = app.sign_in(request.origin(), mode).by_code(&who).await?;
            session_cookie::sign_in_answer(app, outcome).await
        }
        None => no_content(),
    }
}
