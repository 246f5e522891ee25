//! Sessions that end beside what goes on with them, and the tries that an account has, by whatever it is known.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use shared::platform::dynamo::from_item;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed, cloudy_world, cloudy_world_with};
use support::{Answer, Authenticator, World};

const EMAIL: &str = "anna@example.org";
const PHONE: &str = "+9779812345678";
const PASSWORD: &str = "tigers sleep in june";
const OTHER: &str = "rivers run in winter";

async fn post(world: &World, endpoint: &Endpoint, token: Option<&str>, body: Value) -> Answer {
    world.call(endpoint, ("POST", "/"), &[], token, Some(body)).await
}

async fn login(world: &World, who: &str, password: &str) -> Answer {
    let field = if who.contains('@') { "email" } else { "phone" };
    post(world, &auth_login::ENDPOINT, None, json!({field: who, "password": password})).await
}

async fn refresh(world: &World, token: &str) -> Answer {
    post(world, &auth_refresh::ENDPOINT, None, json!({"refresh_token": token})).await
}

async fn change(world: &World, session: &Answer) -> Answer {
    let body = json!({"current_password": PASSWORD, "new_password": OTHER});
    post(world, &auth_change_password::ENDPOINT, Some(&text(session, "access_token")), body).await
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

/// Whether the access token of a sign-in still opens anything.
async fn is_in(world: &World, answer: &Answer) -> bool {
    world.clock.advance(Duration::from_secs(4));
    let token = text(answer, "access_token");
    let profile = world.call(&profile_get::ENDPOINT, ("GET", "/"), &[], Some(&token), None).await;
    assert!(matches!((profile.status, profile.code()), (200, "") | (401, "session_ended")), "{}", profile.text);
    profile.status == 200
}

async fn world_of_anna() -> (World, Cloud) {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    (world, cloud)
}

fn anna(cloud: &Cloud) -> UserId {
    UserId::parse(&cloud.pool().user(EMAIL).unwrap().id).unwrap()
}

/// Refreshes a session and has Cognito answer only when `meanwhile` is over; before that it has been looked whether the
/// session has ended.
async fn refreshed_around<T>(
    world: &World,
    cloud: &Cloud,
    session: &Answer,
    meanwhile: impl Future<Output = T>,
) -> (Answer, T) {
    let asking = cloud.hold("AdminInitiateAuth", "REFRESH_TOKEN_AUTH");
    let token = text(session, "refresh_token");
    join(Box::pin(refresh(world, &token)), asking.around(meanwhile)).await
}

#[tokio::test]
async fn a_refresh_hands_out_nothing_once_the_other_sessions_have_ended() {
    let (world, cloud) = world_of_anna().await;
    let (mine, other) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
    let (refreshed, changed) = refreshed_around(&world, &cloud, &other, change(&world, &mine)).await;
    assert_eq!((changed.status, refreshed.code()), (204, "invalid_refresh_token"), "{}", refreshed.text);
    assert_eq!(refresh(&world, &text(&other, "refresh_token")).await.status, 401);
    assert!(is_in(&world, &mine).await && !is_in(&world, &other).await);
    // Who came after that goes on.
    let later = login(&world, EMAIL, OTHER).await;
    let later = refresh(&world, &text(&later, "refresh_token")).await;
    assert!(later.status == 200 && is_in(&world, &later).await, "{}", later.text);
}

#[tokio::test]
async fn a_refresh_of_the_session_that_stays_goes_on_beside_the_end_of_the_others() {
    let (world, cloud) = world_of_anna().await;
    let mine = login(&world, EMAIL, PASSWORD).await;
    let (refreshed, changed) = refreshed_around(&world, &cloud, &mine, change(&world, &mine)).await;
    assert_eq!((changed.status, refreshed.status), (204, 200), "{}", refreshed.text);
    assert!(is_in(&world, &refreshed).await);
    assert_eq!(refresh(&world, &text(&refreshed, "refresh_token")).await.status, 200);
}

#[tokio::test]
async fn a_change_that_another_overtook_ends_nothing_and_revives_nothing() {
    let (world, cloud) = world_of_anna().await;
    let (thiefs, annas) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
    // Its password was right when it was asked for, and its sessions are still to be ended.
    let asking = cloud.hold("RevokeToken", "");
    let annas_change = asking.around(change(&world, &annas));
    let (overtaken, changed) = join(Box::pin(change(&world, &thiefs)), annas_change).await;
    assert_eq!(changed.status, 204, "{}", changed.text);
    assert_eq!((overtaken.status, overtaken.code()), (401, "session_ended"), "{}", overtaken.text);
    assert!(is_in(&world, &annas).await && !is_in(&world, &thiefs).await);
    assert_eq!(refresh(&world, &text(&thiefs, "refresh_token")).await.status, 401);
    assert_eq!(refresh(&world, &text(&annas, "refresh_token")).await.status, 200);
}

#[tokio::test]
async fn a_refresh_hands_out_nothing_once_all_sessions_have_ended() {
    let (world, cloud) = world_of_anna().await;
    let session = login(&world, EMAIL, PASSWORD).await;
    // What signing out everywhere and an admin's ending of them begin with, up to Cognito's part of it.
    let sessions = world.app.sessions();
    let user = anna(&cloud);
    let end = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        sessions.end_all(&user, None).await
    };
    let (refreshed, ended) = refreshed_around(&world, &cloud, &session, end).await;
    assert_eq!((ended.is_ok(), refreshed.code()), (true, "invalid_refresh_token"), "{}", refreshed.text);
    assert!(!is_in(&world, &session).await);
}

#[tokio::test]
async fn signing_out_beside_a_refresh_is_no_theft() {
    for comes_again in [false, true] {
        let (world, cloud) = world_of_anna().await;
        let session = login(&world, EMAIL, PASSWORD).await;
        if comes_again {
            assert_eq!(refresh(&world, &text(&session, "refresh_token")).await.status, 200);
        }
        let out = text(&session, "access_token");
        let out = world.call(&auth_logout::ENDPOINT, ("POST", "/v1/auth/logout"), &[], Some(&out), None);
        let (refreshed, out) = refreshed_around(&world, &cloud, &session, out).await;
        let codes = (out.status, refreshed.status, refreshed.code());
        assert_eq!(codes, (204, 401, "invalid_refresh_token"), "{comes_again}: {}", refreshed.text);
        let trail = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
        let actions: Vec<Value> =
            trail.into_iter().map(|item| from_item::<Value>(item).unwrap()["action"].clone()).collect();
        assert!(actions.contains(&json!("session.end")), "{comes_again}: {actions:?}");
        assert!(!actions.contains(&json!("session.refuse")), "{comes_again}: {actions:?}");
    }
}

#[tokio::test]
async fn a_spent_token_beside_the_current_one_leaves_no_session() {
    for _ in 0..10 {
        let (world, _cloud) = world_of_anna().await;
        let first = login(&world, EMAIL, PASSWORD).await;
        let second = refresh(&world, &text(&first, "refresh_token")).await;
        world.clock.advance(Duration::from_secs(20));
        let tokens = [&first, &second, &first].map(|answer| text(answer, "refresh_token"));
        let answers = join_all(tokens.iter().map(|token| refresh(&world, token))).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert!(won.len() <= 1, "never two");
        for answer in won.into_iter().chain([&second]) {
            assert_eq!(refresh(&world, &text(answer, "refresh_token")).await.code(), "invalid_refresh_token");
            assert!(!is_in(&world, answer).await);
        }
    }
}

#[tokio::test]
async fn no_session_of_before_outlives_a_new_password_whatever_is_killed_when() {
    for by_code in [true, false] {
        let mut in_force = 0;
        for (call, kill) in (0..20).flat_map(|call| [Killed::Before, Killed::After].map(|kill| (call, kill))) {
            let (world, cloud) = world_of_anna().await;
            let (mine, other) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
            let finished = if by_code {
                post(&world, &auth_forgot_password::ENDPOINT, None, json!({"email": EMAIL})).await;
                let code = cloud.messages().code(EMAIL);
                let body = json!({"email": EMAIL, "code": code, "new_password": OTHER});
                cloud.run_until(call, kill, post(&world, &auth_reset_password::ENDPOINT, None, body)).await
            } else {
                cloud.run_until(call, kill, change(&world, &mine)).await
            };
            if cloud.pool().user(EMAIL).unwrap().password == OTHER {
                in_force += 1;
                let refreshed = refresh(&world, &text(&other, "refresh_token")).await;
                assert_eq!(refreshed.code(), "invalid_refresh_token", "by code: {by_code}, {kill:?} call {call}");
                assert!(!is_in(&world, &other).await, "by code: {by_code}, {kill:?} call {call}");
            }
            if finished.is_some() {
                break;
            }
        }
        assert!(in_force > 4, "by code: {by_code}, killed {in_force} times after that");
    }
}

#[tokio::test]
async fn a_wrong_current_password_ends_no_session() {
    let (world, _cloud) = world_of_anna().await;
    let (mine, other) = (login(&world, EMAIL, PASSWORD).await, login(&world, EMAIL, PASSWORD).await);
    let body = json!({"current_password": "wrong", "new_password": OTHER});
    let refused = post(&world, &auth_change_password::ENDPOINT, Some(&text(&mine, "access_token")), body).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["current_password"]));
    assert!(is_in(&world, &other).await);
    assert_eq!(refresh(&world, &text(&other, "refresh_token")).await.status, 200);
}

// ---------------------------------------------------------- a second factor

const STRICT: &[(&str, &str)] = &[("staff_mfa_required", "true")];

#[tokio::test]
async fn who_must_have_a_second_factor_by_now_signs_in_again() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::PharmacyAdmin], "CONFIRMED");
    let waiting = text(&login(&world, EMAIL, PASSWORD).await, "challenge_session");
    let shown = post(&world, &auth_enroll_mfa::ENDPOINT, None, json!({"challenge_session": waiting})).await;
    let code = Authenticator::new(&text(&shown, "secret")).code(world.clock.now());
    let body = json!({"challenge_session": waiting, "code": code});
    assert_eq!(post(&world, &auth_confirm_mfa::ENDPOINT, None, body.clone()).await.status, 204);
    let session = post(&world, &auth_answer_challenge::ENDPOINT, None, body).await;

    cloud.calls();
    let session = refresh(&world, &text(&session, "refresh_token")).await;
    assert_eq!(session.status, 200, "{}", session.text);
    assert_eq!(
        cloud.calls().iter().filter(|call| *call == "GetItem").count(),
        4,
        "session, end of all, second factor, profile"
    );
    // As it is where the deployment has begun to demand one.
    world.app.second_factors().store.forget(&anna(&cloud)).await.unwrap();
    let refused = refresh(&world, &text(&session, "refresh_token")).await;
    assert_eq!((refused.status, refused.code()), (401, "invalid_refresh_token"), "{}", refused.text);
    assert!(!is_in(&world, &session).await);
    assert_eq!(login(&world, EMAIL, PASSWORD).await.body["challenge"], "mfa_setup");
}

#[tokio::test]
async fn who_got_such_a_role_past_us_is_asked_as_well_and_customers_cost_nothing() {
    let (world, cloud) = cloudy_world_with(STRICT).await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let session = login(&world, EMAIL, PASSWORD).await;
    cloud.calls();
    let session = refresh(&world, &text(&session, "refresh_token")).await;
    assert_eq!(session.status, 200, "{}", session.text);
    assert_eq!(cloud.calls().iter().filter(|call| *call == "GetItem").count(), 3, "session, end of all, profile");
    cloud.pool().user_mut(EMAIL).groups.insert(Role::SuperAdmin.group().to_owned());
    let refused = refresh(&world, &text(&session, "refresh_token")).await;
    assert_eq!((refused.status, refused.code()), (401, "invalid_refresh_token"), "{}", refused.text);
}

// --------------------------------------------------- an address and a number

/// Anna, who has both.
async fn anna_with_both() -> (World, Cloud) {
    let (world, cloud) = world_of_anna().await;
    cloud.pool().user_mut(EMAIL).phone = Some(PHONE.to_owned());
    (world, cloud)
}

async fn wrong(world: &World, who: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(login(world, who, OTHER).await.code(), "invalid_credentials", "{who}");
    }
}

#[tokio::test]
async fn an_address_and_a_number_of_one_account_have_five_tries_together() {
    for (first, second) in [(EMAIL, PHONE), (PHONE, EMAIL)] {
        let (world, _cloud) = anna_with_both().await;
        wrong(&world, first, 3).await;
        wrong(&world, second, 2).await;
        for who in [first, second] {
            assert_eq!(login(&world, who, PASSWORD).await.code(), "invalid_credentials", "{who}");
        }
        world.clock.advance(Duration::from_mins(30));
        wrong(&world, second, 4).await;
        assert_eq!(login(&world, first, PASSWORD).await.status, 200, "a lock opens for both");
    }
}

#[tokio::test]
async fn nobody_sees_which_address_shares_its_tries_with_which_number() {
    let mut seen = Vec::new();
    for shared in [true, false] {
        let (world, cloud) = if shared { anna_with_both().await } else { world_of_anna().await };
        let mut answers = Vec::new();
        for (who, password) in [
            (EMAIL, [OTHER, OTHER, OTHER, OTHER, OTHER, PASSWORD]),
            (PHONE, [OTHER, PASSWORD, OTHER, PASSWORD, OTHER, OTHER]),
        ]
        .map(|(who, passwords)| passwords.map(|password| (who, password)))
        .concat()
        {
            let answer = login(&world, who, password).await;
            let wait = answer.headers.get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
            answers.push((answer.status, wait));
            world.clock.advance(Duration::from_mins(1));
        }
        assert_eq!(cloud.pool().sessions(), 0, "Cognito keeps none either");
        seen.push(answers);
        world.clock.advance(Duration::from_mins(30));
        assert_eq!(login(&world, PHONE, PASSWORD).await.status, if shared { 200 } else { 401 });
    }
    let wrong = (401, None);
    let locked = (423, Some("1740".to_owned()));
    let expected = [vec![wrong; 5], vec![locked]].concat();
    assert_eq!(seen[0], [expected.clone(), expected].concat());
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn wrong_passwords_of_who_is_signed_in_count_for_both_as_well() {
    let (world, _cloud) = anna_with_both().await;
    let token = text(&login(&world, EMAIL, PASSWORD).await, "access_token");
    wrong(&world, PHONE, 3).await;
    let body = json!({"current_password": "wrong", "new_password": OTHER});
    assert_eq!(post(&world, &auth_change_password::ENDPOINT, Some(&token), body).await.status, 400);
    let body = Some(json!({"password": "wrong"}));
    let remove = world.call(&auth_remove_mfa::ENDPOINT, ("DELETE", "/"), &[], Some(&token), body).await;
    assert_eq!(remove.status, 400, "{}", remove.text);
    for who in [EMAIL, PHONE] {
        assert_eq!(login(&world, who, PASSWORD).await.code(), "invalid_credentials", "{who}");
    }
    // Who is signed in knows what belongs to their account, and is told.
    let body = json!({"current_password": PASSWORD, "new_password": OTHER});
    let locked = post(&world, &auth_change_password::ENDPOINT, Some(&token), body).await;
    assert_eq!((locked.status, locked.code()), (423, "account_locked"));
}

#[tokio::test]
async fn a_right_password_and_a_reset_forgive_for_both() {
    let (world, cloud) = anna_with_both().await;
    for (who, other) in [(EMAIL, PHONE), (PHONE, EMAIL)] {
        wrong(&world, who, 4).await;
        assert_eq!(login(&world, other, PASSWORD).await.status, 200);
    }
    wrong(&world, EMAIL, 4).await;
    wrong(&world, PHONE, 1).await;
    assert_eq!(login(&world, PHONE, PASSWORD).await.code(), "account_locked");
    post(&world, &auth_forgot_password::ENDPOINT, None, json!({"phone": PHONE})).await;
    let code = cloud.messages().code(PHONE);
    let body = json!({"phone": PHONE, "code": code, "new_password": "mountains wait for nobody"});
    assert_eq!(post(&world, &auth_reset_password::ENDPOINT, None, body).await.status, 204);
    for who in [EMAIL, PHONE] {
        assert_eq!(login(&world, who, "mountains wait for nobody").await.status, 200, "{who}");
    }
}

#[tokio::test]
async fn a_wrong_password_costs_the_same_calls_whoever_it_is_tried_on() {
    let mut seen = Vec::new();
    for phone in [None, Some(PHONE)] {
        let (world, cloud) = world_of_anna().await;
        cloud.pool().user_mut(EMAIL).phone = phone.map(str::to_owned);
        for who in [EMAIL, "nobody@example.org"] {
            cloud.calls();
            wrong(&world, who, 1).await;
            // Some go side by side.
            let mut calls = cloud.calls();
            calls.sort();
            seen.push(calls);
        }
    }
    assert!(seen.iter().all(|calls| *calls == seen[0]), "{seen:?}");
}
