//! Cookie sessions: the refresh token in a cookie that no script can read. A cookie goes along with whatever request a page
//! makes, also with one that another page has made it make; so wherever it counts, a token that only our pages know must
//! come with it, from an origin that is ours.

use http::header::HeaderName;

use super::app::App;
use super::cookie::Cookie;
use super::request::ApiRequest;
use super::response::{ApiResponse, ApiResult, ok};
use crate::identity::{RefreshToken, SESSION_LIFETIME, SessionMode, SessionView, SignInOutcome, SignInView, SignedIn};
use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

const COOKIE: Cookie = Cookie::same_site("refresh", SESSION_LIFETIME.as_secs());
const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// The refresh token of the request's cookie, where there is one.
///
/// # Errors
/// 403 `origin_not_allowed` or `csrf_token_invalid` where the cookie came and what must come with it did not.
pub fn refresh_token(app: &App, request: &ApiRequest) -> Result<Option<String>> {
    let Some(token) = COOKIE.of(request) else { return Ok(None) };
    let origin = request.header("origin").unwrap_or_default();
    if !app.config().allowed_origins.iter().any(|allowed| allowed == origin) {
        return Err(Error::new(Kind::Forbidden, "origin_not_allowed", wording::edge::origin_not_allowed()));
    }
    let sent = request.header(CSRF.as_str()).unwrap_or_default();
    let keys = app.signing_keys()?;
    let right = RefreshToken::parse(token).is_some_and(|token| {
        let text = csrf(&token);
        keys.signatures(text.as_bytes())
            .any(|hash| crypto::equal(sent.as_bytes(), crypto::fingerprint(&hash).as_bytes()))
    });
    if !right {
        let detail = wording::edge::csrf_token_invalid();
        return Err(Error::new(Kind::Forbidden, "csrf_token_invalid", detail));
    }
    Ok(Some(token.to_owned()))
}

/// The answer to who sends neither a body nor a cookie. A browser leaves a cookie out without a word.
pub fn no_cookie() -> Error {
    Error::new(Kind::Unauthenticated, "no_session_cookie", wording::edge::no_session_cookie())
}

/// The token that must come with the cookie: the same as long as the session lives, and of no use for another.
fn csrf_token(app: &App, token: &RefreshToken) -> Result<String> {
    Ok(crypto::fingerprint(&app.signing_keys()?.sign(csrf(token).as_bytes())))
}

fn csrf(token: &RefreshToken) -> String {
    format!("csrf\0{}", token.session())
}

/// The answer to a sign-in. Its person is told of a device that is new.
///
/// # Errors
/// None in practice: views serialize.
pub async fn sign_in_answer(app: &App, outcome: SignInOutcome) -> ApiResult {
    match outcome {
        SignInOutcome::SignedIn(signed_in) => {
            app.tell_of_device(&signed_in).await;
            session_answer(app, *signed_in)
        }
        SignInOutcome::Challenged { demand, challenge_session } => {
            ok(&SignInView::challenged(demand, challenge_session))
        }
    }
}

/// The answer to who is signed in now.
///
/// # Errors
/// None in practice: views serialize.
pub fn session_answer(app: &App, signed_in: SignedIn) -> ApiResult {
    match signed_in.mode {
        SessionMode::Token => ok(&SignInView::SignedIn(SessionView::with_token(signed_in))),
        SessionMode::Cookie => {
            let token = signed_in.refresh_token.expose();
            let csrf_token = csrf_token(app, &signed_in.refresh_token)?;
            let view = SignInView::SignedIn(SessionView::with_cookie(signed_in, csrf_token));
            Ok(COOKIE.set(ok(&view)?, &token))
        }
    }
}

/// `response`, with the order to forget the session.
pub fn forget(response: ApiResponse) -> ApiResponse {
    COOKIE.delete(response)
}
