//! `POST /v1/auth/mfa`: begins to enrol an authenticator, for the caller or for who must have one before they get in.

use shared::api::prelude::*;
use shared::audit::Action;
use shared::identity::SessionMode;
use shared::identity::second_factor::EnrollmentView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).opens_sealed();

/// Who enrols. Who is signed in sends nothing.
#[derive(Deserialize, ToSchema)]
pub struct EnrollMfaRequest {
    /// Of a sign-in that was answered by the challenge `mfa_setup`.
    challenge_session: Option<Field<String>>,
}

struct EnrollMfa {
    challenge_session: Option<String>,
}

impl TryFrom<EnrollMfaRequest> for EnrollMfa {
    type Error = FieldErrors;

    fn try_from(body: EnrollMfaRequest) -> Result<Self, FieldErrors> {
        let (challenge_session,) = all((body.challenge_session.optional("challenge_session"),))?;
        Ok(Self { challenge_session })
    }
}

/// Shows a new authenticator's secret and recovery codes, this once. They count from the confirmation on. Who is signed in
/// must have signed in within the last ten minutes.
///
/// # Errors
/// 401 with neither an access token nor a challenge session, or `insufficient_user_authentication` for who has signed in too
/// long ago; 409 `mfa_enrolled`.
#[utoipa::path(post, path = "/v1/auth/mfa", tag = "Auth", request_body = Option<EnrollMfaRequest>,
    responses((status = 200, body = EnrollmentView),
              (status = 401, description = "`invalid_challenge_session`, `insufficient_user_authentication`"),
              (status = 409, description = "`mfa_enrolled`: remove the one that counts first")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let challenge_session = match request.has_body() {
        true => request.json::<EnrollMfaRequest, EnrollMfa>()?.challenge_session,
        false => None,
    };
    let caller = request.caller_if_any();
    let user =
        app.sign_in(request.origin(), SessionMode::Token).enrolling(caller, challenge_session.as_deref()).await?;
    if let (None, Some(caller)) = (&challenge_session, caller) {
        // Else who has stolen an access token could lock its owner out.
        app.credentials().signed_in_just_now(caller, (&request.actor()?, Action::EnrollMfa)).await?;
    }
    let enrollment = app.second_factors().enroll(&user).await?;
    let account = app.profiles().get(&user).await?.masked_contact();
    ok(&EnrollmentView::new(&enrollment, &account)?)
}
