//! Codes by mail and text message: to register, to sign in, to reset a password.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, World, event};

const EMAIL: &str = "anna@example.org";
const PHONE: &str = "+9779812345678";
const PASSWORD: &str = "tigers sleep in june";
const OTHER: &str = "rivers run in winter";

async fn post(world: &World, function: &str, body: Value) -> Answer {
    post_with(world, function, body, &[], None).await
}

async fn post_with(
    world: &World,
    function: &str,
    body: Value,
    headers: &[(&str, &str)],
    token: Option<&str>,
) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function);
    let mut event = event("POST", "/", &[], token, Some(&body));
    for (name, value) in headers {
        event["headers"][name] = json!(value);
    }
    world.send(found.unwrap_or_else(|| panic!("{function}")).endpoint, &event).await
}

/// `email` or `phone`, whichever it is.
fn who(identifier: &str) -> (&'static str, &str) {
    (if identifier.contains('@') { "email" } else { "phone" }, identifier)
}

async fn request(world: &World, identifier: &str, purpose: &str) -> Answer {
    let (field, identifier) = who(identifier);
    post(world, "auth-request-otp", json!({field: identifier, "purpose": purpose})).await
}

async fn verify(world: &World, identifier: &str, purpose: &str, code: &str) -> Answer {
    let (field, identifier) = who(identifier);
    post(world, "auth-verify-otp", json!({field: identifier, "purpose": purpose, "code": code})).await
}

async fn complete(world: &World, token: &str, password: &str) -> Answer {
    let body = json!({"registration_token": token, "full_name": "Anna Karki", "password": password});
    post(world, "auth-complete-registration", body).await
}

async fn login(world: &World, identifier: &str, password: &str) -> Answer {
    let (field, identifier) = who(identifier);
    post(world, "auth-login", json!({field: identifier, "password": password})).await
}

/// A registration token for somebody new.
async fn proven(world: &World, cloud: &Cloud, identifier: &str) -> String {
    assert_eq!(request(world, identifier, "register").await.status, 202);
    let code = cloud.messages().code(identifier).unwrap();
    let answer = verify(world, identifier, "register", &code).await;
    assert_eq!((answer.status, &answer.body["expires_in"]), (200, &json!(600)), "{}", answer.text);
    answer.body["registration_token"].as_str().unwrap().to_owned()
}

async fn member(world: &World, cloud: &Cloud, identifier: &str) {
    let token = proven(world, cloud, identifier).await;
    let answer = complete(world, &token, PASSWORD).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    world.clock.advance(Duration::from_hours(1));
}

/// The fields at fault, and what is wrong with them.
fn faults(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    errors.map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

/// A code that is not `code`.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn profile(world: &World, session: &Answer) -> Answer {
    let get = registry::ENDPOINTS.iter().find(|one| one.name() == "profile-get").unwrap();
    world.call(get.endpoint, ("GET", "/"), &[], session.body["access_token"].as_str(), None).await
}

// ---------------------------------------------------------------- registering

#[tokio::test]
async fn a_stranger_registers_by_telephone_alone() {
    let (world, cloud) = cloudy_world().await;
    let sent = request(&world, PHONE, "register").await;
    let expected =
        json!({"delivery": {"channel": "sms", "destination": "+***78"}, "expires_in": 300, "resend_after": 60});
    assert_eq!((sent.status, &sent.body), (202, &expected));
    let code = cloud.messages().code(PHONE).unwrap();
    assert_eq!(verify(&world, PHONE, "register", &wrong(&code)).await.code(), "invalid_code");
    let token = verify(&world, PHONE, "register", &code).await.body["registration_token"].as_str().unwrap().to_owned();
    let session = complete(&world, &token, PASSWORD).await;
    assert_eq!((session.status, &session.body["user"]["roles"]), (201, &json!(["customer"])), "{}", session.text);
    let profile = profile(&world, &session).await;
    assert_eq!((&profile.body["email"], &profile.body["phone"]), (&Value::Null, &json!(PHONE)));
    assert_eq!(profile.body["full_name"], "Anna Karki");
    assert_eq!(login(&world, PHONE, PASSWORD).await.body["user"]["id"], session.body["user"]["id"]);
    assert_eq!(login(&world, PHONE, OTHER).await.code(), "invalid_credentials");
    assert_eq!(cloud.messages().all().len(), 1);
}

#[tokio::test]
async fn a_stranger_registers_by_mail() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, EMAIL).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let profile = profile(&world, &session).await;
    assert_eq!((&profile.body["email"], &profile.body["phone"]), (&json!(EMAIL), &Value::Null));
    assert_eq!(cloud.pool().user(EMAIL).unwrap().status, "CONFIRMED");
}

#[tokio::test]
async fn a_registration_token_is_good_once_for_ten_minutes() {
    let (world, cloud) = cloudy_world().await;
    let token = proven(&world, &cloud, EMAIL).await;
    assert_eq!(complete(&world, &token, PASSWORD).await.status, 201);
    assert_eq!(complete(&world, &token, OTHER).await.code(), "invalid_registration_token");
    assert_eq!(login(&world, EMAIL, OTHER).await.status, 401);

    let token = proven(&world, &cloud, PHONE).await;
    for made_up in ["", "x", &token[1..], &token.to_uppercase()] {
        assert_eq!(complete(&world, made_up, PASSWORD).await.code(), "invalid_registration_token", "{made_up}");
    }
    world.clock.advance(Duration::from_mins(10) - Duration::from_millis(1));
    assert_eq!(complete(&world, &token, PASSWORD).await.status, 201);
    let token = proven(&world, &cloud, "later@example.org").await;
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(complete(&world, &token, PASSWORD).await.code(), "invalid_registration_token");
}

#[tokio::test]
async fn one_token_used_twice_at_once_makes_one_account() {
    for _ in 0..5 {
        let (world, cloud) = cloudy_world().await;
        let token = proven(&world, &cloud, EMAIL).await;
        let answers = join_all([PASSWORD, OTHER].map(|password| complete(&world, &token, password))).await;
        let statuses: BTreeSet<_> = answers.iter().map(|answer| answer.status).collect();
        assert!(statuses == BTreeSet::from([201, 400]) || statuses == BTreeSet::from([201, 503]), "{statuses:?}");
        assert_eq!(cloud.pool().count(), 1);
        assert_eq!(cloud.pool().sessions(), 1);
        let winner = if answers[0].status == 201 { PASSWORD } else { OTHER };
        assert_eq!(login(&world, EMAIL, winner).await.status, 200);
    }
}

#[tokio::test]
async fn a_completion_killed_anywhere_is_finished_by_trying_again() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            // Over a registration that was never confirmed, so that every step is there to be killed at.
            let body = json!({"email": EMAIL, "password": OTHER, "full_name": "Mal"});
            assert_eq!(post(&world, "auth-register", body).await.status, 202);
            let token = proven(&world, &cloud, EMAIL).await;
            let finished = cloud.run_until(call, kill, complete(&world, &token, PASSWORD)).await.is_some();
            world.clock.advance(Duration::from_secs(16));
            let again = complete(&world, &token, PASSWORD).await;
            let at = format!("{kill:?} call {call}: {}", again.text);
            // Where the token was used up the account is whole.
            assert!(again.status == 201 || again.code() == "invalid_registration_token", "{at}");
            let session = login(&world, EMAIL, PASSWORD).await;
            assert_eq!(session.body["user"]["roles"], json!(["customer"]), "{at} {}", session.text);
            assert_eq!(profile(&world, &session).await.body["full_name"], "Anna Karki", "{at}");
            assert_eq!(login(&world, EMAIL, OTHER).await.status, 401, "{at}");
            assert_eq!(cloud.pool().count(), 1, "{at}");
            if finished {
                assert!(call >= 14, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("completing never ran to its end");
}

#[tokio::test]
async fn who_registered_meanwhile_is_not_overtaken() {
    let (world, cloud) = cloudy_world().await;
    let token = proven(&world, &cloud, EMAIL).await;
    cloud.pool().add(EMAIL, OTHER, &[Role::Customer], "CONFIRMED");
    let late = complete(&world, &token, PASSWORD).await;
    assert_eq!((late.status, late.code()), (409, "already_registered"));
    assert_eq!(login(&world, EMAIL, PASSWORD).await.status, 401);
    assert_eq!(login(&world, EMAIL, OTHER).await.status, 200);
}

#[tokio::test]
async fn nobody_registers_with_a_role_or_a_password_about_themselves() {
    let (world, cloud) = cloudy_world().await;
    let token = proven(&world, &cloud, "theodora.lamb@example.org").await;
    for field in ["role", "roles", "groups", "cognito:groups", "custom:role", "email", "phone"] {
        let mut body = json!({"registration_token": token, "full_name": "Mal", "password": PASSWORD});
        body[field] = json!("super_admin");
        let answer = post(&world, "auth-complete-registration", body).await;
        assert_eq!((answer.status, faults(&answer)), (400, vec![(field, "unknown")]), "{field}");
    }
    for (password, code) in
        [("theodora.lamb!!", "personal_password"), ("Anna Karki Anna", "personal_password"), ("short", "too_short")]
    {
        let answer = complete(&world, &token, password).await;
        assert_eq!(faults(&answer), [("password", code)], "{password}");
    }
    assert_eq!(complete(&world, &token, PASSWORD).await.body["user"]["roles"], json!(["customer"]));
}

#[tokio::test]
async fn look_alike_addresses_and_both_at_once_are_refused() {
    let (world, cloud) = cloudy_world().await;
    // A Cyrillic а, a full-width @, a Turkish dotless ı, a zero-width joiner.
    for address in ["аnna@example.org", "anna＠example.org", "anna@exampıe.org", "an\u{200d}na@example.org"] {
        let answer = post(&world, "auth-request-otp", json!({"email": address, "purpose": "register"})).await;
        assert_eq!(faults(&answer), [("email", "invalid_email")], "{address}");
    }
    let both = post(&world, "auth-request-otp", json!({"email": EMAIL, "phone": PHONE, "purpose": "login"})).await;
    assert_eq!(faults(&both), [("phone", "exactly_one")]);
    let neither = post(&world, "auth-request-otp", json!({"purpose": "login"})).await;
    assert_eq!(faults(&neither), [("email", "required")]);
    assert!(cloud.messages().all().is_empty());
}

// ---------------------------------------------------------------- signing in

#[tokio::test]
async fn a_code_signs_in_once() {
    for identifier in [EMAIL, PHONE] {
        let (world, cloud) = cloudy_world().await;
        member(&world, &cloud, identifier).await;
        assert_eq!(request(&world, identifier, "login").await.status, 202);
        let code = cloud.messages().code(identifier).unwrap();
        let session = verify(&world, identifier, "login", &code).await;
        assert_eq!((session.status, &session.body["user"]["roles"]), (200, &json!(["customer"])), "{}", session.text);
        assert_eq!(profile(&world, &session).await.status, 200);
        assert_eq!(verify(&world, identifier, "login", &code).await.code(), "invalid_code");
        let refreshed = post(&world, "auth-refresh", json!({"refresh_token": session.body["refresh_token"]})).await;
        assert_eq!(refreshed.status, 200);
    }
}

#[tokio::test]
async fn a_code_used_many_times_at_once_signs_in_once() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, PHONE).await;
    let before = cloud.pool().sessions();
    request(&world, PHONE, "login").await;
    let code = cloud.messages().code(PHONE).unwrap();
    let answers = join_all((0..20).map(|_| verify(&world, PHONE, "login", &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(cloud.pool().sessions(), before + 1);
}

#[tokio::test]
async fn a_right_code_is_right_though_the_answer_to_its_use_is_lost() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, PHONE).await;
    request(&world, PHONE, "login").await;
    let code = cloud.messages().code(PHONE).unwrap();
    cloud.lose_answer("TransactWriteItems", "CODE#");
    let session = verify(&world, PHONE, "login", &code).await;
    assert_eq!((session.status, cloud.has_lost_the_answer()), (200, true), "{}", session.text);
    assert_eq!(verify(&world, PHONE, "login", &code).await.code(), "invalid_code");
    // So is a message that was counted.
    world.clock.advance(Duration::from_mins(1));
    cloud.lose_answer("TransactWriteItems", "SENDS#");
    assert_eq!(request(&world, PHONE, "login").await.status, 202);
    assert!(cloud.has_lost_the_answer());
}

#[tokio::test]
async fn who_has_no_account_or_a_disabled_one_is_told_so_in_private() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, EMAIL).await;
    cloud.pool().user_mut(EMAIL).enabled = false;
    for identifier in [EMAIL, PHONE] {
        let before = cloud.messages().to(identifier).len();
        assert_eq!(request(&world, identifier, "login").await.status, 202);
        let messages = cloud.messages().to(identifier);
        assert_eq!(messages.len(), before + 1);
        assert_eq!(messages.last().unwrap().code(), None);
        assert!(messages.last().unwrap().text.contains("account"), "{:?}", messages.last());
    }
}

#[tokio::test]
async fn whoever_is_disabled_after_the_code_was_sent_stays_out() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, EMAIL).await;
    request(&world, EMAIL, "login").await;
    let code = cloud.messages().code(EMAIL).unwrap();
    cloud.pool().user_mut(EMAIL).enabled = false;
    let answer = verify(&world, EMAIL, "login", &code).await;
    assert_eq!((answer.status, answer.code()), (401, "sign_in_refused"));
}

#[tokio::test]
async fn a_sign_in_killed_anywhere_leaves_no_code_that_is_good_twice() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            member(&world, &cloud, EMAIL).await;
            request(&world, EMAIL, "login").await;
            let code = cloud.messages().code(EMAIL).unwrap();
            let before = cloud.pool().sessions();
            let finished = cloud.run_until(call, kill, verify(&world, EMAIL, "login", &code)).await.is_some();
            let again = verify(&world, EMAIL, "login", &code).await;
            let at = format!("{kill:?} call {call}: {}", again.text);
            assert!(again.status == 200 || again.code() == "invalid_code", "{at}");
            assert!(cloud.pool().sessions() <= before + 1, "{at}");
            // Whatever came of it, the next code opens the door.
            world.clock.advance(Duration::from_mins(1));
            assert_eq!(request(&world, EMAIL, "login").await.status, 202, "{at}");
            let code = cloud.messages().code(EMAIL).unwrap();
            assert_eq!(verify(&world, EMAIL, "login", &code).await.status, 200, "{at}");
            if finished {
                assert!(call >= 9, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("signing in never ran to its end");
}

// ---------------------------------------------------------------- limits

#[tokio::test]
async fn a_hundred_guesses_at_once_get_five_answers() {
    for known in [true, false] {
        let (world, cloud) = cloudy_world().await;
        if known {
            member(&world, &cloud, PHONE).await;
        }
        request(&world, PHONE, "login").await;
        let right = cloud.messages().code(PHONE).unwrap_or_else(|| "000000".to_owned());
        let code = wrong(&right);
        let answers = join_all((0..100).map(|_| verify(&world, PHONE, "login", &code))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(400), count(423)), (5, 95), "known: {known}");
        let late = verify(&world, PHONE, "login", &right).await;
        assert_eq!((late.status, late.code()), (423, "account_locked"), "known: {known}");
        world.clock.advance(Duration::from_mins(30));
        request(&world, PHONE, "login").await;
        if known {
            let code = cloud.messages().code(PHONE).unwrap();
            assert_eq!(verify(&world, PHONE, "login", &code).await.status, 200);
        }
    }
}

#[tokio::test]
async fn a_code_is_void_after_five_tries_even_where_nothing_is_locked() {
    use shared::identity::Guess;
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, PHONE).await;
    request(&world, PHONE, "login").await;
    let code = cloud.messages().code(PHONE).unwrap();
    let anna = shared::identity::Identifier::from(shared::accounts::Phone::parse(PHONE).unwrap());
    for _ in 0..5 {
        assert_eq!(verify(&world, PHONE, "login", &wrong(&code)).await.code(), "invalid_code");
    }
    world.app.lockout().reset(Guess::OneTimeCode, &anna).await.unwrap();
    assert_eq!(verify(&world, PHONE, "login", &code).await.code(), "invalid_code");
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, EMAIL).await;
    request(&world, EMAIL, "login").await;
    world.clock.advance(Duration::from_mins(5) - Duration::from_millis(1));
    let code = cloud.messages().code(EMAIL).unwrap();
    assert_eq!(verify(&world, EMAIL, "login", &code).await.status, 200);
    request(&world, EMAIL, "login").await;
    world.clock.advance(Duration::from_mins(5));
    let code = cloud.messages().code(EMAIL).unwrap();
    assert_eq!(verify(&world, EMAIL, "login", &code).await.code(), "expired_code");
    assert_eq!(verify(&world, EMAIL, "login", &wrong(&code)).await.code(), "expired_code");
}

#[tokio::test]
async fn a_code_fits_its_own_purpose_and_person_alone() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, EMAIL).await;
    member(&world, &cloud, "mal@example.org").await;
    request(&world, EMAIL, "login").await;
    let code = cloud.messages().code(EMAIL).unwrap();
    request(&world, "mal@example.org", "login").await;
    assert_eq!(verify(&world, EMAIL, "register", &code).await.code(), "invalid_code");
    assert_eq!(verify(&world, "mal@example.org", "login", &code).await.code(), "invalid_code");
    let reset = json!({"email": EMAIL, "code": code, "new_password": OTHER});
    assert_eq!(post(&world, "auth-reset-password", reset).await.code(), "invalid_code");
    assert_eq!(verify(&world, EMAIL, "login", &code).await.status, 200);
}

#[tokio::test]
async fn the_last_code_counts() {
    let (world, cloud) = cloudy_world().await;
    request(&world, PHONE, "register").await;
    let first = cloud.messages().code(PHONE).unwrap();
    world.clock.advance(Duration::from_mins(1));
    request(&world, PHONE, "register").await;
    let second = cloud.messages().code(PHONE).unwrap();
    if first != second {
        assert_eq!(verify(&world, PHONE, "register", &first).await.code(), "invalid_code");
    }
    assert_eq!(verify(&world, PHONE, "register", &second).await.status, 200);
}

fn wait(answer: &Answer) -> u64 {
    assert_eq!((answer.status, answer.code()), (429, "too_many_requests"), "{}", answer.text);
    answer.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn messages_are_a_minute_apart_and_three_in_any_hour() {
    for known in [true, false] {
        let (world, cloud) = cloudy_world().await;
        if known {
            member(&world, &cloud, EMAIL).await;
        }
        let sent = cloud.messages().all().len();
        assert_eq!(request(&world, EMAIL, "login").await.status, 202);
        assert_eq!(wait(&request(&world, EMAIL, "register").await), 60);
        world.clock.advance(Duration::from_secs(59));
        assert_eq!(wait(&request(&world, EMAIL, "login").await), 1);
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(request(&world, EMAIL, "login").await.status, 202);
        world.clock.advance(Duration::from_mins(30));
        assert_eq!(request(&world, EMAIL, "register").await.status, 202);
        world.clock.advance(Duration::from_mins(1));
        // The first was 32 minutes ago.
        assert_eq!(wait(&request(&world, EMAIL, "login").await), 28 * 60);
        world.clock.advance(Duration::from_mins(28));
        assert_eq!(request(&world, EMAIL, "login").await.status, 202);
        // The hour slides: the second was 60 minutes ago only in a minute.
        assert_eq!(wait(&request(&world, EMAIL, "login").await), 60);
        world.clock.advance(Duration::from_mins(1));
        assert_eq!(request(&world, EMAIL, "login").await.status, 202);
        world.clock.advance(Duration::from_mins(1));
        assert_eq!(wait(&request(&world, EMAIL, "login").await), 29 * 60);
        assert_eq!(cloud.messages().all().len(), sent + 5, "known: {known}");
    }
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_gets_a_message() {
    let (world, cloud) = cloudy_world().await;
    let answers = join_all((0..30).map(|_| request(&world, PHONE, "register"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1);
    assert_eq!(cloud.messages().all().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_to_be_so() {
    let (world, cloud) = cloudy_world().await;
    cloud.messages().down = true;
    for identifier in [EMAIL, PHONE] {
        let answer = request(&world, identifier, "register").await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"));
        assert!(!answer.text.contains(identifier));
    }
}

// ---------------------------------------------------------------- passwords

async fn forgot(world: &World, phone: &str) -> Answer {
    post(world, "auth-forgot-password", json!({"phone": phone})).await
}

async fn reset(world: &World, code: &str, password: &str) -> Answer {
    post(world, "auth-reset-password", json!({"phone": PHONE, "code": code, "new_password": password})).await
}

#[tokio::test]
async fn a_password_is_reset_by_a_text_message_and_all_sessions_end() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, PHONE).await;
    let session = login(&world, PHONE, PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(login(&world, PHONE, OTHER).await.status, 401);
    }
    let sent = forgot(&world, PHONE).await;
    assert_eq!((sent.status, &sent.body), (202, &json!({"delivery": {"channel": "sms", "destination": "+***78"}})));
    let code = cloud.messages().code(PHONE).unwrap();
    assert_eq!(verify(&world, PHONE, "login", &code).await.code(), "invalid_code");
    assert_eq!(reset(&world, &wrong(&code), OTHER).await.code(), "invalid_code");
    assert_eq!(reset(&world, &code, OTHER).await.status, 204);
    assert_eq!(reset(&world, &code, PASSWORD).await.code(), "invalid_code");
    world.clock.advance(Duration::from_secs(4));
    assert_eq!(profile(&world, &session).await.code(), "session_ended");
    assert_eq!((login(&world, PHONE, PASSWORD).await.status, login(&world, PHONE, OTHER).await.status), (401, 200));
}

#[tokio::test]
async fn a_reset_by_text_message_killed_anywhere_is_finished_by_trying_again() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            member(&world, &cloud, PHONE).await;
            forgot(&world, PHONE).await;
            let code = cloud.messages().code(PHONE).unwrap();
            let finished = cloud.run_until(call, kill, reset(&world, &code, OTHER)).await.is_some();
            let again = reset(&world, &code, OTHER).await;
            // Where the code was used up all is done.
            let at = format!("{kill:?} call {call}: {}", again.text);
            assert!(again.status == 204 || again.code() == "invalid_code", "{at}");
            assert_eq!(
                (login(&world, PHONE, PASSWORD).await.status, login(&world, PHONE, OTHER).await.status),
                (401, 200),
                "{at}"
            );
            if finished {
                assert!(call >= 10, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("resetting never ran to its end");
}

#[tokio::test]
async fn of_two_resets_at_once_by_one_code_one_password_wins() {
    for _ in 0..5 {
        let (world, cloud) = cloudy_world().await;
        member(&world, &cloud, PHONE).await;
        forgot(&world, PHONE).await;
        let code = cloud.messages().code(PHONE).unwrap();
        let third = "a third and good passphrase";
        let answers = join_all([OTHER, third].map(|password| reset(&world, &code, password))).await;
        let winners: Vec<_> = answers.iter().filter(|answer| answer.status == 204).collect();
        assert_eq!(winners.len(), 1);
        let winner = if answers[0].status == 204 { OTHER } else { third };
        assert_eq!(login(&world, PHONE, winner).await.status, 200);
    }
}

#[tokio::test]
async fn a_hundred_codes_at_once_for_a_new_password_get_five_answers() {
    for known in [true, false] {
        let (world, cloud) = cloudy_world().await;
        if known {
            member(&world, &cloud, PHONE).await;
        }
        forgot(&world, PHONE).await;
        let code = wrong(&cloud.messages().code(PHONE).unwrap_or_else(|| "000000".to_owned()));
        cloud.calls();
        let answers = join_all((0..100).map(|_| reset(&world, &code, OTHER))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(400), count(423)), (5, 95), "known: {known}");
        assert!(cloud.calls().iter().all(|call| !call.starts_with("Admin")), "no password is tried, and none is set");
        // A right one is not even looked at, nor is one that signs in.
        forgot(&world, PHONE).await;
        let right = cloud.messages().code(PHONE).unwrap_or_else(|| "000000".to_owned());
        let locked = reset(&world, &right, OTHER).await;
        assert_eq!((locked.status, locked.code()), (423, "account_locked"), "known: {known}");
        assert_eq!(verify(&world, PHONE, "login", &right).await.code(), "account_locked");
        world.clock.advance(Duration::from_mins(30));
        forgot(&world, PHONE).await;
        let right = cloud.messages().code(PHONE).unwrap_or_else(|| "000000".to_owned());
        assert_eq!(reset(&world, &wrong(&right), OTHER).await.code(), "invalid_code");
        assert_eq!(reset(&world, &right, OTHER).await.status, if known { 204 } else { 400 });
    }
}

#[tokio::test]
async fn a_made_up_code_does_not_tell_which_password_is_in_force() {
    let (world, cloud) = cloudy_world().await;
    member(&world, &cloud, PHONE).await;
    assert_eq!(reset(&world, "000000", PASSWORD).await.code(), "invalid_code");
    forgot(&world, PHONE).await;
    let code = cloud.messages().code(PHONE).unwrap();
    assert_eq!(reset(&world, &wrong(&code), PASSWORD).await.code(), "invalid_code");
    // Nor does one that is used up.
    assert_eq!(reset(&world, &code, OTHER).await.status, 204);
    assert_eq!(reset(&world, &code, OTHER).await.code(), "invalid_code");
}

// ---------------------------------------------------------------- enumeration

/// All that can be told from outside: the answer, and how many calls it took.
fn told(answer: &Answer, identifier: &str, calls: &[String]) -> (u16, Value, Vec<(String, String)>, Vec<String>) {
    let mut headers: Vec<_> =
        answer.headers.iter().filter(|(name, _)| !["x-request-id", "ratelimit"].contains(&name.as_str())).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    let headers = headers.into_iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut body = answer.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    let body = serde_json::from_str(&body.to_string().replace(identifier, "<who>")).unwrap();
    (answer.status, body, headers.collect(), calls.to_vec())
}

#[tokio::test]
async fn nobody_learns_from_two_hundred_pairs_whether_there_is_an_account() {
    let (world, cloud) = cloudy_world().await;
    let number = |known: bool, n: u32| format!("+97798{}{n:07}", u8::from(known));
    let address = |known: bool, n: u32| format!("p{n:03}{}@example.org", if known { 'k' } else { 'u' });
    for n in 0..50 {
        cloud.pool().add(&number(true, n), PASSWORD, &[Role::Customer], "CONFIRMED");
        cloud.pool().add(&address(true, n), PASSWORD, &[Role::Customer], "CONFIRMED");
    }
    let mut pairs = 0;
    for n in 0..50 {
        for purpose in ["register", "login"] {
            for by_phone in [true, false] {
                let name = |known| if by_phone { number(known, n) } else { address(known, n) };
                let mut seen = Vec::new();
                world.read_keys().await;
                for known in [true, false] {
                    let name = name(known);
                    cloud.calls();
                    let asked = request(&world, &name, purpose).await;
                    let asked = told(&asked, &name, &cloud.calls());
                    let guessed = verify(&world, &name, purpose, "000000").await;
                    let guessed = told(&guessed, &name, &cloud.calls());
                    let again = request(&world, &name, purpose).await;
                    let again = told(&again, &name, &cloud.calls());
                    assert_eq!((asked.0, guessed.0, again.0), (202, 400, 429));
                    seen.push([asked, guessed, again]);
                }
                assert_eq!(seen[0], seen[1], "{purpose} {}", name(true));
                pairs += 1;
            }
            world.clock.advance(Duration::from_hours(1));
        }
    }
    assert_eq!(pairs, 200);
}

#[tokio::test]
async fn each_gets_exactly_one_message_and_only_who_has_an_account_a_way_in() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    for (identifier, purpose, code) in
        [(EMAIL, "register", false), (PHONE, "register", true), ("new@example.org", "login", false)]
    {
        request(&world, identifier, purpose).await;
        let messages = cloud.messages().to(identifier);
        assert_eq!((messages.len(), messages[0].code().is_some()), (1, code), "{identifier}");
    }
    world.clock.advance(Duration::from_mins(1));
    request(&world, EMAIL, "login").await;
    assert!(cloud.messages().to(EMAIL)[1].code().is_some());
    assert_eq!(forgot(&world, "+15550001111").await.status, 202);
    assert_eq!(cloud.messages().code("+15550001111"), None);
}

// ---------------------------------------------------------------- language, secrets

async fn ask(world: &World, email: &str, languages: &str) {
    let body = json!({"email": email, "purpose": "login"});
    let headers = [("accept-language", languages)];
    assert_eq!(post_with(world, "auth-request-otp", body, &headers, None).await.status, 202);
}

#[tokio::test]
async fn people_are_written_to_in_their_language() {
    let (world, cloud) = cloudy_world().await;
    ask(&world, "a@example.org", "ne-NP, en;q=0.5").await;
    ask(&world, "b@example.org", "bn").await;
    ask(&world, "c@example.org", "fr").await;
    let subject = |who: &str| cloud.messages().to(who)[0].subject.clone();
    let subjects = ["a@example.org", "b@example.org", "c@example.org"].map(subject);
    assert!(
        subjects[0].contains("खाता") && subjects[1].contains("অ্যাকাউন্ট") && subjects[2].contains("account"),
        "{subjects:?}"
    );

    // Who has a profile has said so there.
    member(&world, &cloud, EMAIL).await;
    let session = login(&world, EMAIL, PASSWORD).await;
    let update = registry::ENDPOINTS.iter().find(|one| one.name() == "profile-update").unwrap();
    let body = json!({"preferences": {"language": "bn"}});
    let token = session.body["access_token"].as_str();
    assert_eq!(world.call(update.endpoint, ("PATCH", "/"), &[], token, Some(body)).await.status, 200);
    ask(&world, EMAIL, "en").await;
    assert!(cloud.messages().to(EMAIL).last().unwrap().subject.contains("কোড"));
}

#[tokio::test]
async fn no_table_holds_a_code_a_token_or_whom_it_was_sent_to() {
    let (world, cloud) = cloudy_world().await;
    let token = proven(&world, &cloud, PHONE).await;
    request(&world, EMAIL, "register").await;
    let code = cloud.messages().code(EMAIL).unwrap();
    let items = world.dynamo.scan().table_name("guard").send().await.unwrap();
    let text = format!("{:?}", items.items());
    assert!(items.count() >= 4, "{text}");
    for secret in [token.as_str(), &format!("\"{code}\""), EMAIL, PHONE, &PHONE[1..]] {
        assert!(!text.contains(secret), "{secret}");
    }
}
