//! Cookie sessions: no script sees the refresh token, and no other page makes use of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::cloud::{Cloud, Elsewhere, cloudy_world};
use support::{Answer, Authenticator, World, event};

/// How long a refresh token that was used is answered with the one that took its place.
const GRACE: Duration = Duration::from_secs(20);
const EMAIL: &str = "anna@example.org";
const MAL: &str = "mal@example.org";
const PASSWORD: &str = "tigers sleep in june";
const ORIGIN: &str = "https://shop.example";

/// What a browser keeps of a sign-in.
struct Browser {
    cookie: String,
    csrf: String,
}

fn set_cookie(answer: &Answer) -> String {
    answer
        .headers
        .get("set-cookie")
        .unwrap_or_else(|| panic!("no cookie: {}", answer.text))
        .to_str()
        .unwrap()
        .to_owned()
}

impl Browser {
    fn of(answer: &Answer) -> Self {
        let cookie = set_cookie(answer).split(';').next().unwrap().to_owned();
        Self { cookie, csrf: answer.body["csrf_token"].as_str().unwrap().to_owned() }
    }
}

async fn login(world: &World) -> Answer {
    let body = json!({"email": EMAIL, "password": PASSWORD, "session": "cookie"});
    world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await
}

async fn anna() -> (World, Cloud) {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    (world, cloud)
}

/// A request of a page at `origin`, with the cookie and perhaps the token.
async fn send(world: &World, endpoint: &Endpoint, cookie: &str, origin: Option<&str>, csrf: Option<&str>) -> Answer {
    let mut event = event("POST", "/", &[], None, None);
    event["cookies"] = json!([cookie]);
    let headers: [(&str, Option<&str>); 2] = [("origin", origin), ("x-csrf-token", csrf)];
    for (name, value) in headers {
        if let Some(value) = value {
            event["headers"][name] = json!(value);
        }
    }
    world.send(endpoint, &event).await
}

/// As [`send`], with a body that says nothing, as some clients send it with every POST.
async fn send_nothing(world: &World, endpoint: &Endpoint, browser: &Browser, nothing: &str) -> Answer {
    let mut event = event("POST", "/", &[], None, None);
    event["cookies"] = json!([browser.cookie]);
    event["headers"] = json!({"host": "api.example", "origin": ORIGIN, "x-csrf-token": browser.csrf, "content-type": "application/json"});
    event["body"] = json!(nothing);
    world.send(endpoint, &event).await
}

async fn refresh(world: &World, browser: &Browser) -> Answer {
    send(world, &auth_refresh::ENDPOINT, &browser.cookie, Some(ORIGIN), Some(&browser.csrf)).await
}

#[tokio::test]
async fn the_refresh_token_is_in_a_cookie_that_no_script_reads() {
    let (world, _) = anna().await;
    let answer = login(&world).await;
    assert_eq!((answer.status, &answer.body["refresh_token"]), (200, &Value::Null));
    let cookie = set_cookie(&answer);
    assert!(cookie.starts_with("__Host-refresh="), "{cookie}");
    let (_, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000");
    let token = answer.headers["set-cookie"].to_str().unwrap().split(['=', ';']).nth(1).unwrap();
    assert!(!answer.text.contains(token));
}

#[tokio::test]
async fn a_refresh_rotates_the_cookie_and_a_spent_one_ends_the_session() {
    let (world, _) = anna().await;
    let first = Browser::of(&login(&world).await);
    let answer = refresh(&world, &first).await;
    let second = Browser::of(&answer);
    assert_eq!((answer.status, &answer.body["refresh_token"]), (200, &Value::Null));
    assert_ne!(first.cookie, second.cookie);
    assert_eq!(first.csrf, second.csrf);
    world.clock.advance(GRACE);
    assert_eq!(refresh(&world, &first).await.code(), "invalid_refresh_token");
    assert_eq!(refresh(&world, &second).await.code(), "invalid_refresh_token");
}

#[tokio::test]
async fn quick_reloads_all_get_the_same_cookie() {
    let (world, _) = anna().await;
    let browser = Browser::of(&login(&world).await);
    let answers = join_all((0..8).map(|_| refresh(&world, &browser))).await;
    let cookies: BTreeSet<_> = answers.iter().map(|answer| Browser::of(answer).cookie).collect();
    assert_eq!(cookies.len(), 1);
    assert_eq!(refresh(&world, &Browser::of(&answers[0])).await.status, 200);
}

#[tokio::test]
async fn a_token_in_its_grace_that_comes_another_way_ends_the_session() {
    let (world, _) = anna().await;
    let first = Browser::of(&login(&world).await);
    let second = Browser::of(&refresh(&world, &first).await);
    let token = first.cookie.split_once('=').unwrap().1.to_owned();
    assert_eq!(refresh_by_body(&world, &token).await.code(), "invalid_refresh_token");
    assert_eq!(refresh(&world, &second).await.code(), "invalid_refresh_token");
}

#[tokio::test]
async fn a_body_that_says_nothing_is_as_good_as_none() {
    let (world, _) = anna().await;
    let mut browser = Browser::of(&login(&world).await);
    for nothing in ["{}", " { } ", "\u{feff}{}"] {
        let answer = send_nothing(&world, &auth_refresh::ENDPOINT, &browser, nothing).await;
        assert_eq!(answer.status, 200, "{nothing:?}: {}", answer.text);
        browser = Browser::of(&answer);
    }
    let out = send_nothing(&world, &auth_logout::ENDPOINT, &browser, "{}").await;
    assert_eq!((out.status, set_cookie(&out).contains("__Host-refresh=; ")), (204, true));
}

#[tokio::test]
async fn without_its_token_and_our_origin_a_cookie_does_nothing() {
    let (world, _) = anna().await;
    let browser = Browser::of(&login(&world).await);
    let another = Browser::of(&login(&world).await);
    let (cookie, csrf) = (browser.cookie.as_str(), browser.csrf.as_str());
    for endpoint in [&auth_refresh::ENDPOINT, &auth_logout::ENDPOINT] {
        for csrf in [None, Some(""), Some("guess"), Some(another.csrf.as_str())] {
            let refused = send(&world, endpoint, cookie, Some(ORIGIN), csrf).await;
            assert_eq!((refused.status, refused.code()), (403, "csrf_token_invalid"), "{csrf:?}");
        }
        for origin in [None, Some("null"), Some("https://shop.example.evil"), Some("http://shop.example")] {
            let refused = send(&world, endpoint, cookie, origin, Some(csrf)).await;
            assert_eq!((refused.status, refused.code()), (403, "origin_not_allowed"), "{origin:?}");
        }
    }
    assert_eq!(refresh(&world, &browser).await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_deletes_the_cookie() {
    let (world, _) = anna().await;
    let answer = login(&world).await;
    let browser = Browser::of(&answer);
    let out = send(&world, &auth_logout::ENDPOINT, &browser.cookie, Some(ORIGIN), Some(&browser.csrf)).await;
    assert_eq!((out.status, set_cookie(&out).contains("__Host-refresh=; ")), (204, true));
    assert!(set_cookie(&out).ends_with("Max-Age=0"));
    assert_eq!(refresh(&world, &browser).await.code(), "invalid_refresh_token");
    world.clock.advance(Duration::from_secs(4));
    let token = answer.body["access_token"].as_str().unwrap();
    let profile = world.call(&profile_get::ENDPOINT, ("GET", "/"), &[], Some(token), None).await;
    assert_eq!(profile.code(), "session_ended");
}

#[tokio::test]
async fn a_cookie_that_was_planted_is_no_session() {
    let (world, _) = anna().await;
    let browser = Browser::of(&login(&world).await);
    for planted in
        ["__Host-refresh=x", "__Host-refresh=AAAAAAAAAAAAAAAAAAAAAA.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    {
        let refused = send(&world, &auth_refresh::ENDPOINT, planted, Some(ORIGIN), Some(&browser.csrf)).await;
        assert_eq!((refused.status, refused.code()), (403, "csrf_token_invalid"), "{planted}");
    }
    let renamed = browser.cookie.replace("__Host-refresh", "refresh");
    let refused = send(&world, &auth_refresh::ENDPOINT, &renamed, Some(ORIGIN), Some(&browser.csrf)).await;
    assert_eq!((refused.status, refused.code()), (401, "no_session_cookie"), "{}", refused.text);
}

#[tokio::test]
async fn a_refresh_without_cookie_and_body_has_no_good_token() {
    let (world, _) = anna().await;
    let mut nothing = event("POST", "/", &[], None, None);
    nothing["headers"].as_object_mut().unwrap().remove("content-type");
    let refused = world.send(&auth_refresh::ENDPOINT, &nothing).await;
    assert_eq!((refused.status, refused.code()), (401, "no_session_cookie"), "{}", refused.text);
}

#[tokio::test]
async fn who_signs_in_over_anothers_cookie_gets_a_session_of_their_own() {
    let (world, cloud) = anna().await;
    cloud.pool().add(MAL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let body = |email: &str| json!({"email": email, "password": PASSWORD, "session": "cookie"});
    let planted = world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(body(MAL))).await;
    let planted = Browser::of(&planted);
    let mut over = event("POST", "/", &[], None, Some(&body(EMAIL)));
    over["cookies"] = json!([planted.cookie]);
    over["headers"]["origin"] = json!(ORIGIN);
    let answer = world.send(&auth_login::ENDPOINT, &over).await;
    let own = Browser::of(&answer);
    let name = |browser: &Browser| browser.cookie.split(['=', '.']).nth(1).unwrap().to_owned();
    // Another session, and not the next token of that one.
    assert_ne!((name(&planted), &planted.csrf), (name(&own), &own.csrf));
    let whose = async |browser: &Browser| refresh(&world, browser).await.body["user"]["id"].clone();
    assert_eq!(whose(&own).await, answer.body["user"]["id"]);
    // Mal's cookie is still his, and his alone.
    assert_eq!(whose(&planted).await, json!(cloud.pool().user(MAL).unwrap().id));
}

/// A refresh by a client that sends the token in a body.
async fn refresh_by_body(world: &World, token: &str) -> Answer {
    let body = json!({"refresh_token": token});
    world.call(&auth_refresh::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await
}

#[tokio::test]
async fn the_token_of_a_cookie_is_of_no_use_in_a_body_and_ends_its_session_there() {
    let (world, _) = anna().await;
    let browser = Browser::of(&login(&world).await);
    let token = browser.cookie.split_once('=').unwrap().1.to_owned();
    let refused = refresh_by_body(&world, &token).await;
    assert_eq!((refused.status, refused.code()), (401, "invalid_refresh_token"), "{}", refused.text);
    // It has left the cookie, so somebody has a copy.
    assert_eq!(refresh(&world, &browser).await.code(), "invalid_refresh_token");
}

#[tokio::test]
async fn a_session_of_tokens_goes_on_by_tokens() {
    let (world, _) = anna().await;
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let answer = world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await;
    let token = answer.body["refresh_token"].as_str().unwrap().to_owned();
    let next = refresh_by_body(&world, &token).await;
    assert!(next.status == 200 && next.body["refresh_token"].is_string(), "{}", next.text);
    assert!(!next.headers.contains_key("set-cookie"));
}

/// Signs out with the cookie and an access token.
async fn sign_out(world: &World, browser: &Browser, token: &str, body: Option<Value>) -> Answer {
    let mut event = event("POST", "/", &[], Some(token), body.as_ref());
    event["cookies"] = json!([browser.cookie]);
    event["headers"]["origin"] = json!(ORIGIN);
    event["headers"]["x-csrf-token"] = json!(browser.csrf);
    world.send(&auth_logout::ENDPOINT, &event).await
}

#[tokio::test]
async fn who_leaves_needs_no_access_token_that_is_still_good() {
    let (world, _) = anna().await;
    let answer = login(&world).await;
    let token = answer.body["access_token"].as_str().unwrap();
    let browser = Browser::of(&answer);
    // Where it is all that came, a bad one is refused as ever.
    for bad in ["made.up.token", token] {
        if bad == token {
            world.clock.advance(Duration::from_mins(16));
        }
        let refused = world.call(&auth_logout::ENDPOINT, ("POST", "/"), &[], Some(bad), None).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        let everywhere = sign_out(&world, &browser, bad, Some(json!({"everywhere": true}))).await;
        assert_eq!(everywhere.status, 401, "{}", everywhere.text);
    }
    let out = sign_out(&world, &browser, token, None).await;
    assert_eq!((out.status, set_cookie(&out).ends_with("Max-Age=0")), (204, true), "{}", out.text);
    assert_eq!(refresh(&world, &browser).await.code(), "invalid_refresh_token");

    // A session that was ended elsewhere has a cookie to delete all the same.
    let answer = login(&world).await;
    let token = answer.body["access_token"].as_str().unwrap();
    let everywhere = Some(json!({"everywhere": true}));
    assert_eq!(world.call(&auth_logout::ENDPOINT, ("POST", "/"), &[], Some(token), everywhere).await.status, 204);
    world.clock.advance(Duration::from_secs(4));
    let refused = world.call(&auth_logout::ENDPOINT, ("POST", "/"), &[], Some(token), None).await;
    assert_eq!(refused.status, 401, "{}", refused.text);
    let out = sign_out(&world, &Browser::of(&answer), token, None).await;
    assert_eq!((out.status, set_cookie(&out).ends_with("Max-Age=0")), (204, true), "{}", out.text);
}

// ------------------------------------------------- the other ways in

async fn post(world: &World, function: &str, body: Value) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
    world.call(found.endpoint, ("POST", "/"), &[], None, Some(body)).await
}

/// `body`, with the fields of `more`.
fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The answer to a code that was sent for `purpose`, with what more there is in its body.
async fn by_code(world: &World, cloud: &Cloud, purpose: &str, more: &Value) -> Answer {
    // Codes are sent a minute apart.
    world.clock.advance(Duration::from_secs(60));
    let body = json!({"email": EMAIL, "purpose": purpose});
    post(world, "auth-request-otp", body.clone()).await;
    let code = json!({"code": cloud.messages().code(EMAIL).unwrap()});
    post(world, "auth-verify-otp", with(with(body, &code), more)).await
}

async fn registered(world: &World, cloud: &Cloud, more: &Value) -> Answer {
    let proven = by_code(world, cloud, "register", &json!({})).await;
    let token = &proven.body["registration_token"];
    let body = json!({"registration_token": token, "full_name": "Anna Karki", "password": PASSWORD});
    post(world, "auth-complete-registration", with(body, more)).await
}

/// Comes back from Google with an identity that is new, or that was linked here before.
async fn by_google(world: &World, cloud: &Cloud, more: &Value) -> Answer {
    let mut sent = event("GET", "/v1/auth/social/google", &[("provider", "google")], None, None);
    sent["rawQueryString"] = json!(format!("redirect_uri={ORIGIN}/signed-in"));
    sent["queryStringParameters"] = json!({"redirect_uri": format!("{ORIGIN}/signed-in")});
    let started = world.send(&auth_start_social::ENDPOINT, &sent).await;
    let location = started.headers["location"].to_str().unwrap();
    let person = Elsewhere {
        provider: "Google",
        subject: "104857600000000000001".to_owned(),
        email: None,
        verified: None,
        name: Some("Anna Karki".to_owned()),
    };
    let back = cloud.hosted_ui().visit(location, &person);
    let body = with(json!({"code": back.code, "state": back.state}), more);
    let mut sent = event("POST", "/v1/auth/social/callback", &[], None, Some(&body));
    sent["cookies"] = json!([set_cookie(&started).split(';').next().unwrap()]);
    sent["headers"]["origin"] = json!(ORIGIN);
    world.send(&auth_finish_social::ENDPOINT, &sent).await
}

/// That a cookie session has begun, by the same rules as after a password.
async fn is_a_cookie_session(world: &World, answer: &Answer) {
    let cookie = set_cookie(answer);
    assert!(cookie.starts_with("__Host-refresh="), "{cookie}");
    let (_, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=2592000");
    assert_eq!(answer.body["refresh_token"], Value::Null);
    let browser = Browser::of(answer);
    let refused = send(world, &auth_refresh::ENDPOINT, &browser.cookie, Some(ORIGIN), None).await;
    assert_eq!(refused.code(), "csrf_token_invalid");
    let refused = send(world, &auth_refresh::ENDPOINT, &browser.cookie, None, Some(&browser.csrf)).await;
    assert_eq!(refused.code(), "origin_not_allowed");
    assert_eq!(refresh(world, &browser).await.status, 200);
}

fn is_a_token_session(answer: &Answer) {
    assert!(answer.headers.get("set-cookie").is_none() && answer.body["csrf_token"].is_null(), "{}", answer.text);
    assert!(answer.body["refresh_token"].is_string(), "{}", answer.text);
}

fn cookie() -> Value {
    json!({"session": "cookie"})
}

#[tokio::test]
async fn a_code_signs_in_to_a_cookie_session() {
    let (world, cloud) = anna().await;
    let answer = by_code(&world, &cloud, "login", &cookie()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    is_a_cookie_session(&world, &answer).await;
    is_a_token_session(&by_code(&world, &cloud, "login", &json!({})).await);
    is_a_token_session(&by_code(&world, &cloud, "login", &json!({"session": "token"})).await);
}

#[tokio::test]
async fn a_registration_by_a_code_ends_in_a_cookie_session() {
    let (world, cloud) = cloudy_world().await;
    // There is no session yet where the code is exchanged for the token.
    let proven = by_code(&world, &cloud, "register", &cookie()).await;
    assert!(proven.headers.get("set-cookie").is_none() && proven.body["registration_token"].is_string());
    let answer = registered(&world, &cloud, &cookie()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    is_a_cookie_session(&world, &answer).await;
    let (world, cloud) = cloudy_world().await;
    let answer = registered(&world, &cloud, &json!({})).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    is_a_token_session(&answer);
}

#[tokio::test]
async fn another_provider_signs_in_to_a_cookie_session() {
    let (world, cloud) = cloudy_world().await;
    for _ in ["new", "known"] {
        let answer = by_google(&world, &cloud, &cookie()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        is_a_cookie_session(&world, &answer).await;
    }
    is_a_token_session(&by_google(&world, &cloud, &json!({})).await);
}

#[tokio::test]
async fn a_session_is_kept_by_token_or_cookie_and_by_nothing_else() {
    let (world, cloud) = cloudy_world().await;
    let other = json!({"session": "forever"});
    let registering = registered(&world, &cloud, &other).await;
    let by_google = by_google(&world, &cloud, &other).await;
    let (world, cloud) = anna().await;
    for answer in [registering, by_google, by_code(&world, &cloud, "login", &other).await] {
        assert_eq!((answer.status, answer.fields()), (400, vec!["session"]), "{}", answer.text);
    }
}

/// The authenticator that whoever has signed in with `token` enrols.
async fn enrol(world: &World, answer: &Answer) -> Authenticator {
    let token = answer.body["access_token"].as_str().unwrap();
    let shown = world.call(&auth_enroll_mfa::ENDPOINT, ("POST", "/"), &[], Some(token), None).await;
    let secret = shown.body["secret"].as_str().unwrap_or_else(|| panic!("no secret: {}", shown.text));
    let authenticator = Authenticator::new(secret);
    let body = Some(json!({"code": authenticator.code(world.clock.now())}));
    let confirmed = world.call(&auth_confirm_mfa::ENDPOINT, ("POST", "/"), &[], Some(token), body).await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text);
    // The code that confirmed it is used up.
    world.clock.advance(Duration::from_secs(30));
    authenticator
}

/// Answers the challenge of a sign-in that asked for a cookie.
async fn answer_challenge(world: &World, authenticator: &Authenticator, asked: &Answer) {
    assert_eq!(asked.body["challenge"], "software_token_mfa", "{}", asked.text);
    assert!(asked.headers.get("set-cookie").is_none());
    let code = authenticator.code(world.clock.now());
    let body = Some(json!({"challenge_session": asked.body["challenge_session"], "code": code}));
    let answer = world.call(&auth_answer_challenge::ENDPOINT, ("POST", "/"), &[], None, body).await;
    is_a_cookie_session(world, &answer).await;
}

#[tokio::test]
async fn a_second_factor_keeps_the_cookie_in_mind() {
    let (world, cloud) = anna().await;
    let authenticator = enrol(&world, &login(&world).await).await;
    answer_challenge(&world, &authenticator, &login(&world).await).await;
    let asked = by_code(&world, &cloud, "login", &cookie()).await;
    answer_challenge(&world, &authenticator, &asked).await;
    let (world, cloud) = cloudy_world().await;
    let authenticator = enrol(&world, &by_google(&world, &cloud, &cookie()).await).await;
    answer_challenge(&world, &authenticator, &by_google(&world, &cloud, &cookie()).await).await;
}
