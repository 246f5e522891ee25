//! Cookie sessions: no script sees the refresh token, and no other page makes use of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, Authenticator, World, event};

const EMAIL: &str = "anna@example.org";
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
    assert_eq!(refresh(&world, &first).await.code(), "invalid_refresh_token");
    assert_eq!(refresh(&world, &second).await.code(), "invalid_refresh_token");
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
    assert!(refused.status == 400 || refused.status == 415, "{}", refused.text);
}

#[tokio::test]
async fn a_second_factor_keeps_the_cookie_in_mind() {
    let (world, _) = anna().await;
    let token = login(&world).await.body["access_token"].as_str().unwrap().to_owned();
    let shown = world.call(&auth_enroll_mfa::ENDPOINT, ("POST", "/"), &[], Some(&token), None).await;
    let authenticator = Authenticator::new(shown.body["secret"].as_str().unwrap());
    let code = authenticator.code(world.clock.now());
    let body = Some(json!({"code": code}));
    let confirmed = world.call(&auth_confirm_mfa::ENDPOINT, ("POST", "/"), &[], Some(&token), body).await;
    assert_eq!(confirmed.status, 204);
    let asked = login(&world).await;
    assert!(asked.headers.get("set-cookie").is_none());
    let body = Some(json!({"challenge_session": asked.body["challenge_session"], "code": code}));
    let answer = world.call(&auth_answer_challenge::ENDPOINT, ("POST", "/"), &[], None, body).await;
    assert_eq!(refresh(&world, &Browser::of(&answer)).await.status, 200);
}
