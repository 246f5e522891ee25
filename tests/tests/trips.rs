//! What signing in costs: every call of a function, in order. docs/data.md says the same in words.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, Authenticator, World};

const EMAIL: &str = "anna@example.org";
const PASSWORD: &str = "tigers sleep in june";

/// Calls an endpoint, which must go well; gives the answer and what it called.
async fn costs(
    (world, cloud): (&World, &Cloud),
    endpoint: &Endpoint,
    (method, token): (&str, Option<&str>),
    body: Option<Value>,
) -> (Answer, Vec<String>) {
    cloud.calls();
    let answer = world.call(endpoint, (method, "/"), &[], token, body).await;
    assert!(answer.status < 300, "{}", answer.text);
    (answer, cloud.calls())
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap().to_owned()
}

/// The same where some go side by side, in whatever order they come.
fn sorted(mut calls: Vec<&str>) -> Vec<&str> {
    calls.sort_unstable();
    calls
}

/// The calls of the handler: without the counting of the request, which goes first, and the feed of ended sessions.
fn own(calls: &[String]) -> Vec<&str> {
    let calls: Vec<_> = calls.iter().map(String::as_str).filter(|call| *call != "Query").collect();
    assert_eq!(calls[0], "UpdateItem", "the request is counted: {calls:?}");
    calls[1..].to_vec()
}

const TRY: [&str; 1] = ["UpdateItem"];
const MAIL: &str = "POST /v2/email/outbound-emails";

#[tokio::test]
async fn registering_and_signing_in() {
    let (world, cloud) = cloudy_world().await;
    let at = (&world, &cloud);
    let account = json!({"email": EMAIL, "password": PASSWORD, "full_name": "Anna Karki"});
    let (_, calls) = costs(at, &auth_register::ENDPOINT, ("POST", None), Some(account)).await;
    let made = ["AdminGetUser", "PutItem", "AdminCreateUser", "AdminUpdateUserAttributes", "AdminSetUserPassword"];
    let rest = ["UpdateItem", "PutItem", "GetItem", MAIL];
    assert_eq!(sorted(own(&calls)), sorted([&["UpdateItem", "UpdateItem"], &made[..], &rest].concat()));
    let code = json!({"email": EMAIL, "code": cloud.messages().code(EMAIL)});
    let (_, calls) = costs(at, &auth_confirm::ENDPOINT, ("POST", None), Some(code)).await;
    let proven =
        ["AdminGetUser", "AdminUpdateUserAttributes", "DeleteItem", "AdminAddUserToGroup", "TransactWriteItems"];
    let rest = ["TransactWriteItems", "UpdateItem"];
    assert_eq!(sorted(own(&calls)), sorted([&["UpdateItem", "UpdateItem"], &proven[..], &rest].concat()));
    let login = json!({"email": EMAIL, "password": PASSWORD});
    let (session, calls) = costs(at, &auth_login::ENDPOINT, ("POST", None), Some(login)).await;
    let rest = ["AdminInitiateAuth", "GetItem", "GetItem", "GetItem", "TransactWriteItems", "DeleteItem"];
    assert_eq!(own(&calls), [&TRY[..], &rest].concat());
    let body = json!({"refresh_token": text(&session, "refresh_token")});
    let (session, calls) = costs(at, &auth_refresh::ENDPOINT, ("POST", None), Some(body)).await;
    let mut calls = own(&calls);
    calls[2..5].sort_unstable();
    let asked = ["AdminInitiateAuth", "GetItem", "GetItem"];
    assert_eq!(calls, [&["UpdateItem", "GetItem"], &asked[..], &["TransactWriteItems"]].concat());
    let body = json!({"refresh_token": text(&session, "refresh_token")});
    let (_, calls) = costs(at, &auth_logout::ENDPOINT, ("POST", None), Some(body)).await;
    assert_eq!(own(&calls), ["GetItem", "PutItem", "RevokeToken", "PutItem", "TransactWriteItems"]);
}

#[tokio::test]
async fn a_second_factor() {
    let (world, cloud) = cloudy_world().await;
    let at = (&world, &cloud);
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let login = json!({"email": EMAIL, "password": PASSWORD});
    let (session, _) = costs(at, &auth_login::ENDPOINT, ("POST", None), Some(login.clone())).await;
    let token = text(&session, "access_token");
    let (shown, calls) = costs(at, &auth_enroll_mfa::ENDPOINT, ("POST", Some(&token)), None).await;
    assert_eq!(own(&calls), ["GetItem", "UpdateItem", "GetItem"]);
    let app = Authenticator::new(&text(&shown, "secret"));
    let body = json!({"code": app.code(world.clock.now())});
    let (_, calls) = costs(at, &auth_confirm_mfa::ENDPOINT, ("POST", Some(&token)), Some(body)).await;
    let rest = ["GetItem", "DeleteItem", "TransactWriteItems", "GetItem", MAIL];
    assert_eq!(own(&calls), [&TRY[..], &rest].concat());
    let (asked, calls) = costs(at, &auth_login::ENDPOINT, ("POST", None), Some(login)).await;
    assert_eq!(
        own(&calls),
        [&TRY[..], &["AdminInitiateAuth", "GetItem", "GetItem", "GetItem", "PutItem", "DeleteItem"]].concat()
    );
    let body = json!({"challenge_session": text(&asked, "challenge_session"), "code": app.code(world.clock.now())});
    let (_, calls) = costs(at, &auth_answer_challenge::ENDPOINT, ("POST", None), Some(body)).await;
    let rest = ["GetItem", "TransactWriteItems", "DeleteItem", "GetItem", "TransactWriteItems"];
    assert_eq!(own(&calls), [&["GetItem", "GetItem"], &TRY[..], &rest].concat());
    let body = json!({"password": PASSWORD});
    let (_, calls) = costs(at, &auth_remove_mfa::ENDPOINT, ("DELETE", Some(&token)), Some(body)).await;
    let rest = ["AdminInitiateAuth", "RevokeToken", "DeleteItem", "TransactWriteItems", "GetItem", MAIL];
    assert_eq!(sorted(own(&calls)), sorted([&["AdminGetUser", "GetItem"], &TRY[..], &rest].concat()));
}
