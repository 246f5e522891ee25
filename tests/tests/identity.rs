//! Registering, signing in, sessions and passwords: limits, races, and functions that are killed half-way.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, World};

const EMAIL: &str = "anna@example.org";
const PASSWORD: &str = "tigers sleep in june";
/// How long a refresh token that was used is answered with the one that took its place.
const GRACE: Duration = Duration::from_secs(20);
const OTHER: &str = "rivers run in winter";

async fn post(world: &World, endpoint: &Endpoint, body: Value) -> Answer {
    world.call(endpoint, ("POST", "/"), &[], None, Some(body)).await
}

async fn register(world: &World, password: &str) -> Answer {
    let body = json!({"email": EMAIL, "password": password, "full_name": "Anna Karki"});
    post(world, &auth_register::ENDPOINT, body).await
}

async fn confirm(world: &World, code: &str) -> Answer {
    post(world, &auth_confirm::ENDPOINT, json!({"email": EMAIL, "code": code})).await
}

async fn login(world: &World, email: &str, password: &str) -> Answer {
    post(world, &auth_login::ENDPOINT, json!({"email": email, "password": password})).await
}

async fn refresh(world: &World, token: &str) -> Answer {
    post(world, &auth_refresh::ENDPOINT, json!({"refresh_token": token})).await
}

async fn reset(world: &World, code: &str, password: &str) -> Answer {
    let body = json!({"email": EMAIL, "code": code, "new_password": password});
    post(world, &auth_reset_password::ENDPOINT, body).await
}

async fn with_token(world: &World, endpoint: &Endpoint, answer: &Answer, body: Option<Value>) -> Answer {
    world.call(endpoint, ("POST", "/"), &[], Some(&text(answer, "access_token")), body).await
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

/// The code that was mailed last.
fn mailed(cloud: &Cloud) -> String {
    cloud.messages().code(EMAIL).unwrap()
}

/// A code that is not the one that was mailed last.
fn wrong(cloud: &Cloud) -> String {
    format!("{:06}", (mailed(cloud).parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// What the last mail was about.
fn told(cloud: &Cloud) -> String {
    cloud.messages().to(EMAIL).last().unwrap().subject.clone()
}

async fn member(world: &World, cloud: &Cloud) {
    assert_eq!(register(world, PASSWORD).await.status, 202);
    assert_eq!(confirm(world, &mailed(cloud)).await.status, 204);
}

/// Whether the access token of a sign-in still opens anything.
async fn is_in(world: &World, answer: &Answer) -> bool {
    world.clock.advance(Duration::from_secs(4));
    let profile = with_token(world, &profile_get::ENDPOINT, answer, None).await;
    assert!(matches!((profile.status, profile.code()), (200, "") | (401, "session_ended")), "{}", profile.text);
    profile.status == 200
}

// ---------------------------------------------------------------- registering

#[tokio::test]
async fn a_stranger_becomes_a_customer() {
    let (world, cloud) = cloudy_world().await;
    let answer = register(&world, PASSWORD).await;
    assert_eq!((answer.status, &answer.body["delivery"]["destination"]), (202, &json!("a***@e***")));
    assert_eq!(login(&world, EMAIL, OTHER).await.code(), "invalid_credentials");
    assert_eq!(login(&world, EMAIL, PASSWORD).await.code(), "email_unconfirmed");
    assert_eq!(confirm(&world, &wrong(&cloud)).await.code(), "invalid_code");
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
    let session = login(&world, EMAIL, PASSWORD).await;
    assert_eq!(session.body["user"]["roles"], json!(["customer"]));
    let profile = with_token(&world, &profile_get::ENDPOINT, &session, None).await;
    assert_eq!((&profile.body["full_name"], &profile.body["email"]), (&json!("Anna Karki"), &json!(EMAIL)));
    assert_eq!(cloud.pool().user(EMAIL).unwrap().registration.as_deref(), Some("proven"));
    assert_eq!(confirm(&world, &mailed(&cloud)).await.code(), "invalid_code", "a code is good once");
}

#[tokio::test]
async fn a_password_alone_opens_nothing_before_the_address_is_proven() {
    let (world, cloud) = cloudy_world().await;
    register(&world, PASSWORD).await;
    let refused = login(&world, EMAIL, PASSWORD).await;
    assert_eq!((refused.status, refused.code()), (403, "email_unconfirmed"));
    assert_eq!(cloud.pool().sessions(), 0, "Cognito keeps no session either");
    assert!(cloud.pool().user(EMAIL).unwrap().groups.is_empty());
    // A password that was right counts as right.
    for _ in 0..5 {
        assert_eq!(login(&world, EMAIL, PASSWORD).await.code(), "email_unconfirmed");
    }
    post(&world, &auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
    assert!(told(&cloud).starts_with("There is no"), "{}", told(&cloud));
}

#[tokio::test]
async fn a_registration_code_is_too_old_after_five_minutes() {
    let (world, cloud) = cloudy_world().await;
    register(&world, PASSWORD).await;
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(confirm(&world, &mailed(&cloud)).await.code(), "expired_code");
    assert_eq!(post(&world, &auth_resend_code::ENDPOINT, json!({"email": EMAIL})).await.status, 202);
    world.clock.advance(Duration::from_mins(5) - Duration::from_millis(1));
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
}

#[tokio::test]
async fn the_mailbox_learns_what_the_answer_does_not_tell() {
    let (world, cloud) = cloudy_world().await;
    let resend = async || post(&world, &auth_resend_code::ENDPOINT, json!({"email": EMAIL})).await.status;
    assert_eq!(resend().await, 202);
    assert!(told(&cloud).starts_with("There is no"), "{}", told(&cloud));
    member(&world, &cloud).await;
    assert_eq!(resend().await, 202);
    assert!(told(&cloud).starts_with("You already have"), "{}", told(&cloud));
    register(&world, OTHER).await;
    assert!(told(&cloud).starts_with("You already have"), "{}", told(&cloud));
    assert_eq!(confirm(&world, "000000").await.code(), "invalid_code");
}

#[tokio::test]
async fn a_taken_address_answers_the_same_and_keeps_its_password() {
    let (world, cloud) = cloudy_world().await;
    cloud.calls();
    let first = register(&world, PASSWORD).await;
    let first_calls = cloud.calls().len();
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
    cloud.calls();
    let second = register(&world, OTHER).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(first_calls, cloud.calls().len(), "the time it takes tells nothing");
    assert_eq!(login(&world, EMAIL, OTHER).await.code(), "email_unconfirmed", "as if the address had been free");
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn an_address_that_waits_for_its_code_answers_as_a_free_one() {
    let (world, cloud) = cloudy_world().await;
    cloud.calls();
    let first = register(&world, PASSWORD).await;
    let first_calls = cloud.calls().len();
    let second = register(&world, OTHER).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(first_calls, cloud.calls().len(), "the time it takes tells nothing");
}

#[tokio::test]
async fn a_new_registration_voids_the_code_of_the_one_before() {
    let (world, cloud) = cloudy_world().await;
    register(&world, OTHER).await;
    let older = mailed(&cloud);
    register(&world, PASSWORD).await;
    assert_ne!(older, mailed(&cloud));
    assert_eq!(confirm(&world, &older).await.code(), "invalid_code", "it would confirm another's registration");
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
}

#[tokio::test]
async fn nobody_confirms_a_password_that_is_about_to_be_another() {
    let (world, cloud) = cloudy_world().await;
    register(&world, PASSWORD).await;
    let code = mailed(&cloud);
    cloud.calls();
    register(&world, PASSWORD).await;
    let setting = cloud.calls().iter().position(|call| call == "AdminSetUserPassword").unwrap();
    // Halted when it has found an unconfirmed user, and not yet set the password.
    assert!(cloud.run_until(setting, Killed::Before, register(&world, OTHER)).await.is_none());
    let meanwhile = confirm(&world, &code).await;
    assert_eq!((meanwhile.status, meanwhile.code()), (503, "busy"));
    world.clock.advance(Duration::from_secs(16));
    assert_eq!(confirm(&world, &code).await.code(), "invalid_code");
}

#[tokio::test]
async fn a_registration_killed_anywhere_can_be_made_again() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            // The first attempt is made over an unconfirmed one, so that every step is there to be killed at.
            register(&world, PASSWORD).await;
            let finished = cloud.run_until(call, kill, register(&world, PASSWORD)).await.is_some();
            world.clock.advance(Duration::from_secs(16));
            assert_eq!(register(&world, PASSWORD).await.status, 202, "{kill:?} call {call}");
            assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204, "{kill:?} call {call}");
            let session = login(&world, EMAIL, PASSWORD).await;
            assert_eq!(session.body["user"]["roles"], json!(["customer"]), "{kill:?} call {call}: {}", session.text);
            if finished {
                assert!(call >= 9, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("registering never ran to its end");
}

#[tokio::test]
async fn a_confirmation_killed_anywhere_is_finished_by_signing_in() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            register(&world, PASSWORD).await;
            let finished = cloud.run_until(call, kill, confirm(&world, &mailed(&cloud))).await.is_some();
            world.clock.advance(Duration::from_secs(16));
            let again = confirm(&world, &mailed(&cloud)).await;
            assert!(matches!((again.status, again.code()), (204, "") | (400, "invalid_code")), "{}", again.text);
            let session = login(&world, EMAIL, PASSWORD).await;
            let profile = with_token(&world, &profile_get::ENDPOINT, &session, None).await;
            assert_eq!(profile.body["full_name"], "Anna Karki", "{kill:?} call {call}: {}", profile.text);
            if finished {
                return;
            }
        }
    }
    panic!("confirming never ran to its end");
}

#[tokio::test]
async fn a_user_without_role_and_profile_gets_both_at_the_first_sign_in() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[], "CONFIRMED");
    assert_eq!(login(&world, EMAIL, PASSWORD).await.body["user"]["roles"], json!(["customer"]));
    cloud.pool().add("doctor@example.org", PASSWORD, &[Role::Doctor], "CONFIRMED");
    let doctor = login(&world, "doctor@example.org", PASSWORD).await;
    assert_eq!(doctor.body["user"]["roles"], json!(["doctor"]));
}

#[tokio::test]
async fn an_invited_person_chooses_their_own_password() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, "mailed-by-the-house", &[Role::SuperAdmin], "FORCE_CHANGE_PASSWORD");
    assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);
    let answer = login(&world, EMAIL, "mailed-by-the-house").await;
    assert_eq!((answer.status, answer.code()), (403, "password_reset_required"));
    assert_eq!(login(&world, EMAIL, "mailed-by-the-house").await.status, 401);
    post(&world, &auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
    assert_eq!(reset(&world, &mailed(&cloud), PASSWORD).await.status, 204);
    assert_eq!(login(&world, EMAIL, PASSWORD).await.body["user"]["roles"], json!(["super_admin"]));
}

// ------------------------------------------------------------------- guessing

/// How often Cognito was asked for a password.
fn guesses(cloud: &Cloud) -> usize {
    cloud.calls().iter().filter(|call| *call == "AdminInitiateAuth").count()
}

#[tokio::test]
async fn a_hundred_guesses_at_once_get_five_answers() {
    for known in [true, false] {
        let (world, cloud) = cloudy_world().await;
        if known {
            member(&world, &cloud).await;
        }
        cloud.calls();
        let answers = join_all((0..100).map(|_| login(&world, EMAIL, OTHER))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(423), guesses(&cloud)), (5, 95, 5), "known: {known}");
        let locked = login(&world, EMAIL, PASSWORD).await;
        assert_eq!(locked.code(), "account_locked");
        let wait: u64 = locked.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=1800).contains(&wait), "{wait}");
    }
}

#[tokio::test]
async fn a_lock_opens_after_half_an_hour_and_not_before() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    for _ in 0..5 {
        assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);
    }
    world.clock.advance(Duration::from_mins(30) - Duration::from_millis(1));
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 423);
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_right_password_forgives_and_many_right_ones_at_once_lock_nobody_out() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);
        }
        assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 200);
    }
    let answers = join_all((0..12).map(|_| login(&world, EMAIL, PASSWORD))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
}

#[tokio::test]
async fn who_gets_no_answer_loses_no_try() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    for _ in 0..4 {
        assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);
    }
    cloud.pool().throttled = Some("AdminInitiateAuth");
    for _ in 0..3 {
        assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 503);
    }
    cloud.pool().throttled = None;
    // The four wrong ones still count.
    assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 423);
}

#[tokio::test]
async fn a_code_is_void_after_five_wrong_tries_until_another_is_sent() {
    let (world, cloud) = cloudy_world().await;
    register(&world, PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(confirm(&world, &wrong(&cloud)).await.code(), "invalid_code");
    }
    assert_eq!(confirm(&world, &mailed(&cloud)).await.code(), "invalid_code");
    assert_eq!(post(&world, &auth_resend_code::ENDPOINT, json!({"email": EMAIL})).await.status, 202);
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
}

// ------------------------------------------------------- confirming and signing in

#[tokio::test]
async fn who_asks_for_a_session_is_signed_in_by_confirming() {
    let (world, cloud) = cloudy_world().await;
    assert_eq!(register(&world, PASSWORD).await.status, 202);
    let body = json!({"email": EMAIL, "code": mailed(&cloud), "session": "token"});
    let session = post(&world, &auth_confirm::ENDPOINT, body).await;
    assert_eq!((session.status, &session.body["user"]["full_name"]), (200, &json!("Anna Karki")), "{}", session.text);
    assert!(is_in(&world, &session).await);
    assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.status, 200);
}

// ------------------------------------------------------------------- sessions

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let first = login(&world, EMAIL, PASSWORD).await;
    let bystander = login(&world, EMAIL, PASSWORD).await;
    let second = refresh(&world, &text(&first, "refresh_token")).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert!(is_in(&world, &second).await);
    world.clock.advance(GRACE);
    let spent = refresh(&world, &text(&first, "refresh_token")).await;
    assert_eq!((spent.status, spent.code()), (401, "invalid_refresh_token"));
    assert_eq!(refresh(&world, &text(&second, "refresh_token")).await.status, 401);
    assert!(!is_in(&world, &second).await && is_in(&world, &bystander).await);
}

#[tokio::test]
async fn of_an_answer_that_is_lost_the_same_comes_again() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let first = login(&world, EMAIL, PASSWORD).await;
    let lost = refresh(&world, &text(&first, "refresh_token")).await;
    world.clock.advance(GRACE - Duration::from_secs(1));
    let again = refresh(&world, &text(&first, "refresh_token")).await;
    assert_eq!((again.status, text(&again, "refresh_token")), (200, text(&lost, "refresh_token")));
    assert_eq!(again.body["user"]["full_name"], "Anna Karki");
    let next = refresh(&world, &text(&again, "refresh_token")).await;
    assert!(next.status == 200 && is_in(&world, &next).await, "{}", next.text);
}

#[tokio::test]
async fn a_token_twice_removed_has_no_grace() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let first = login(&world, EMAIL, PASSWORD).await;
    let second = refresh(&world, &text(&first, "refresh_token")).await;
    let third = refresh(&world, &text(&second, "refresh_token")).await;
    assert_eq!(refresh(&world, &text(&first, "refresh_token")).await.code(), "invalid_refresh_token");
    assert_eq!(refresh(&world, &text(&third, "refresh_token")).await.code(), "invalid_refresh_token");
}

#[tokio::test]
async fn a_secret_that_was_never_handed_out_has_no_grace() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let first = login(&world, EMAIL, PASSWORD).await;
    let token = text(&first, "refresh_token");
    let second = refresh(&world, &token).await;
    let forged = format!("{}.0.{}", token.split('.').next().unwrap(), "A".repeat(43));
    assert_eq!(refresh(&world, &forged).await.code(), "invalid_refresh_token");
    assert_eq!(refresh(&world, &text(&second, "refresh_token")).await.status, 401, "a copy was made up: theft");
}

#[tokio::test]
async fn all_who_refresh_at_once_get_the_same_token() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let token = text(&session, "refresh_token");
    let answers = join_all((0..8).map(|_| refresh(&world, &token))).await;
    let tokens: BTreeSet<_> = answers.iter().map(|answer| text(answer, "refresh_token")).collect();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    let next = refresh(&world, &text(&answers[0], "refresh_token")).await;
    assert!(next.status == 200 && is_in(&world, &next).await, "{}", next.text);
}

#[tokio::test]
async fn a_refresh_killed_anywhere_loses_no_session_and_leaves_no_token_that_is_good_twice() {
    for call in 0..10 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            member(&world, &cloud).await;
            let session = login(&world, EMAIL, PASSWORD).await;
            let token = text(&session, "refresh_token");
            let finished = cloud.run_until(call, kill, refresh(&world, &token)).await.is_some();
            let again = refresh(&world, &token).await;
            assert_eq!(again.status, 200, "{kill:?} call {call}: {}", again.text);
            world.clock.advance(GRACE);
            assert_eq!(refresh(&world, &token).await.status, 401, "{kill:?} call {call}");
            if finished {
                return;
            }
        }
    }
    panic!("refreshing never ran to its end");
}

#[tokio::test]
async fn a_repeated_refresh_gets_nothing_once_all_sessions_have_ended() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let next = refresh(&world, &text(&session, "refresh_token")).await;
    let everywhere = Some(json!({"everywhere": true}));
    assert_eq!(with_token(&world, &auth_logout::ENDPOINT, &next, everywhere).await.status, 204);
    assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.code(), "invalid_refresh_token");
}

#[tokio::test]
async fn a_session_lives_thirty_days_however_often_it_is_refreshed() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let mut session = login(&world, EMAIL, PASSWORD).await;
    for _ in 0..29 {
        world.clock.advance(Duration::from_hours(24));
        session = refresh(&world, &text(&session, "refresh_token")).await;
    }
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.status, 401);
}

#[tokio::test]
async fn made_up_tokens_open_nothing_and_end_nothing() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let token = text(&session, "refresh_token");
    let (name, secret) = (token.split('.').next().unwrap(), "A".repeat(43));
    for wrong in ["", "x", &format!("{name}.0.{secret}"), &format!("{name}.7.{secret}")] {
        assert_eq!(refresh(&world, wrong).await.status, 401, "{wrong}");
    }
    assert_eq!(refresh(&world, &token).await.status, 200);
}

#[tokio::test]
async fn logging_out_ends_what_was_meant() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(login(&world, EMAIL, PASSWORD).await);
    }
    let by_token = with_token(&world, &auth_logout::ENDPOINT, &sessions[0], None).await;
    let body = json!({"refresh_token": text(&sessions[1], "refresh_token")});
    let by_refresh = post(&world, &auth_logout::ENDPOINT, body).await;
    assert_eq!((by_token.status, by_refresh.status), (204, 204));
    let mut left = Vec::new();
    for session in &sessions {
        left.push(is_in(&world, session).await);
    }
    assert_eq!(left, [false, false, true, true]);
    for gone in &sessions[..2] {
        assert_eq!(refresh(&world, &text(gone, "refresh_token")).await.status, 401);
    }
    assert_eq!(post(&world, &auth_logout::ENDPOINT, json!({})).await.status, 401);
    assert_eq!(post(&world, &auth_logout::ENDPOINT, json!({"everywhere": true})).await.status, 401);
    assert_eq!(post(&world, &auth_logout::ENDPOINT, json!({"refresh_token": "x"})).await.status, 204);
    let everywhere = Some(json!({"everywhere": true}));
    assert_eq!(with_token(&world, &auth_logout::ENDPOINT, &sessions[2], everywhere).await.status, 204);
    assert!(!is_in(&world, &sessions[3]).await);
    assert_eq!(refresh(&world, &text(&sessions[3], "refresh_token")).await.status, 401);
    assert_eq!(cloud.pool().sessions(), 0);
}

// ------------------------------------------------------------------ passwords

#[tokio::test]
async fn a_reset_ends_every_session_and_opens_a_locked_account() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    for _ in 0..5 {
        login(&world, EMAIL, OTHER).await;
    }
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 423);
    assert_eq!(reset(&world, &mailed(&cloud), OTHER).await.code(), "invalid_code", "it was for another purpose");
    assert_eq!(post(&world, &auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await.status, 202);
    assert_eq!(reset(&world, &wrong(&cloud), OTHER).await.code(), "invalid_code");
    assert_eq!(reset(&world, &mailed(&cloud), OTHER).await.status, 204);
    assert!(!is_in(&world, &session).await);
    assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.status, 401);
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 401);
    assert!(is_in(&world, &login(&world, EMAIL, OTHER).await).await);
}

#[tokio::test]
async fn a_new_password_is_not_about_its_owner_and_the_code_stays_good_for_another() {
    const PERSONAL: &str = "Bina Thapa for ever";
    let (world, cloud) = cloudy_world().await;
    let account = json!({"email": EMAIL, "password": PASSWORD, "full_name": "Bina Thapa"});
    post(&world, &auth_register::ENDPOINT, account).await;
    assert_eq!(confirm(&world, &mailed(&cloud)).await.status, 204);
    post(&world, &auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
    for _ in 0..3 {
        let refused = reset(&world, &mailed(&cloud), PERSONAL).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["new_password"]), "{}", refused.text);
    }
    // Who does not know the code learns nothing of the name.
    assert_eq!(reset(&world, &wrong(&cloud), PERSONAL).await.code(), "invalid_code");
    assert_eq!(reset(&world, &mailed(&cloud), OTHER).await.status, 204);
}

#[tokio::test]
async fn a_reset_killed_anywhere_is_finished_by_trying_again() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            member(&world, &cloud).await;
            let session = login(&world, EMAIL, PASSWORD).await;
            post(&world, &auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
            let finished = cloud.run_until(call, kill, reset(&world, &mailed(&cloud), OTHER)).await.is_some();
            let again = reset(&world, &mailed(&cloud), OTHER).await;
            // Where the code was used up all is done.
            let done = again.status == 204 || again.code() == "invalid_code";
            assert!(done && login(&world, EMAIL, OTHER).await.status == 200, "{kill:?} call {call}: {}", again.text);
            assert!(!is_in(&world, &session).await, "{kill:?} call {call}");
            assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.status, 401, "{kill:?} call {call}");
            if finished {
                return;
            }
        }
    }
    panic!("resetting never ran to its end");
}

#[tokio::test]
async fn a_change_ends_the_other_sessions_alone() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let (mine, other) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
    let change = |current: &str| Some(json!({"current_password": current, "new_password": OTHER}));
    let wrong = with_token(&world, &auth_change_password::ENDPOINT, &mine, change("wrong")).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["current_password"]));
    let changed = with_token(&world, &auth_change_password::ENDPOINT, &mine, change(PASSWORD)).await;
    assert_eq!(changed.status, 204, "{}", changed.text);
    assert!(is_in(&world, &mine).await && !is_in(&world, &other).await);
    assert_eq!(refresh(&world, &text(&other, "refresh_token")).await.status, 401);
    assert_eq!(refresh(&world, &text(&mine, "refresh_token")).await.status, 200);
    assert_eq!(login(&world, EMAIL, OTHER).await.status, 200);
}

#[tokio::test]
async fn wrong_current_passwords_lock_the_account_as_wrong_sign_ins_do() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let wrong = || Some(json!({"current_password": "wrong", "new_password": OTHER}));
    for _ in 0..5 {
        assert_eq!(with_token(&world, &auth_change_password::ENDPOINT, &session, wrong()).await.status, 400);
    }
    assert_eq!(with_token(&world, &auth_change_password::ENDPOINT, &session, wrong()).await.status, 423);
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 423);
}

#[tokio::test]
async fn one_change_tries_one_password() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    // The new one is right, the current one is not.
    let body = json!({"current_password": "wrong", "new_password": PASSWORD});
    cloud.calls();
    let refused = with_token(&world, &auth_change_password::ENDPOINT, &session, Some(body)).await;
    assert_eq!((refused.status, refused.fields(), guesses(&cloud)), (400, vec!["current_password"], 1));
}

#[tokio::test]
async fn a_change_killed_anywhere_is_finished_by_trying_again() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            member(&world, &cloud).await;
            let (mine, other) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
            let body = || Some(json!({"current_password": PASSWORD, "new_password": OTHER}));
            let work = with_token(&world, &auth_change_password::ENDPOINT, &mine, body());
            let finished = cloud.run_until(call, kill, work).await.is_some();
            let again = with_token(&world, &auth_change_password::ENDPOINT, &mine, body()).await;
            assert_eq!(again.status, 204, "{kill:?} call {call}: {}", again.text);
            assert!(!is_in(&world, &other).await && is_in(&world, &mine).await, "{kill:?} call {call}");
            if finished {
                return;
            }
        }
    }
    panic!("changing never ran to its end");
}

// ---------------------------------------------------------------- what is kept

#[tokio::test]
async fn no_table_holds_a_token_a_password_or_a_list_of_addresses_who_sign_in() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud).await;
    login(&world, EMAIL, OTHER).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let refreshed = refresh(&world, &text(&session, "refresh_token")).await;
    let secret = text(&refreshed, "refresh_token").rsplit('.').next().unwrap().to_owned();
    let items = world.dynamo.scan().table_name("guard").send().await.unwrap().items.unwrap_or_default();
    assert!(items.len() >= 3, "{items:?}");
    let kept = format!("{items:?}");
    for forbidden in [EMAIL, PASSWORD, OTHER, secret.as_str(), &text(&refreshed, "access_token"), "refresh-"] {
        assert!(!kept.contains(forbidden), "{forbidden} in {kept}");
    }
}
