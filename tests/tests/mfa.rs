//! The second factor: enrolled, asked for, good once, recovered, and demanded of the staff.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed, cloudy_world, cloudy_world_with};
use support::{Answer, Authenticator, World};

const EMAIL: &str = "anna@example.org";
const PASSWORD: &str = "tigers sleep in june";
/// After this time an authenticator shows another code.
const NEXT_CODE: Duration = Duration::from_secs(30);

async fn post(world: &World, endpoint: &Endpoint, token: Option<&str>, body: Option<Value>) -> Answer {
    world.call(endpoint, ("POST", "/"), &[], token, body).await
}

async fn login(world: &World) -> Answer {
    post(world, &auth_login::ENDPOINT, None, Some(json!({"email": EMAIL, "password": PASSWORD}))).await
}

async fn answer(world: &World, session: &str, code: &str) -> Answer {
    let body = json!({"challenge_session": session, "code": code});
    post(world, &auth_answer_challenge::ENDPOINT, None, Some(body)).await
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

fn session(answer: &Answer) -> String {
    assert_eq!((answer.status, &answer.body["challenge"]), (200, &json!("software_token_mfa")), "{}", answer.text);
    assert!(answer.body["access_token"].is_null());
    text(answer, "challenge_session")
}

/// Anna, with an authenticator that counts, and its recovery codes.
async fn enrolled(world: &World, cloud: &Cloud) -> (Authenticator, Vec<String>) {
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let token = text(&login(world).await, "access_token");
    let shown = post(world, &auth_enroll_mfa::ENDPOINT, Some(&token), None).await;
    let authenticator = Authenticator::new(&text(&shown, "secret"));
    let code = json!({"code": authenticator.code(world.clock.now())});
    let confirmed = post(world, &auth_confirm_mfa::ENDPOINT, Some(&token), Some(code)).await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text);
    let recovery = shown.body["recovery_codes"].as_array().unwrap();
    (authenticator, recovery.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn a_sign_in_waits_for_a_code_of_the_authenticator() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, _) = enrolled(&world, &cloud).await;
    let waiting = session(&login(&world).await);
    let code = authenticator.code(world.clock.now());
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(answer(&world, &waiting, wrong).await.code(), "invalid_code");
    let signed_in = answer(&world, &waiting, &code).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    let token = text(&signed_in, "access_token");
    let profile = world.call(&profile_get::ENDPOINT, ("GET", "/"), &[], Some(&token), None).await;
    assert_eq!(profile.status, 200);
}

/// Somebody with a profile, signed in.
async fn member(world: &World, cloud: &Cloud) -> String {
    let account = json!({"email": EMAIL, "password": PASSWORD, "full_name": "Anna Karki"});
    post(world, &auth_register::ENDPOINT, None, Some(account)).await;
    post(world, &auth_confirm::ENDPOINT, None, Some(json!({"email": EMAIL, "code": cloud.messages().code(EMAIL)})))
        .await;
    text(&login(world).await, "access_token")
}

/// Enrols an authenticator and takes it away again, each twice; what the four requests answered.
async fn come_and_go(world: &World, token: &str) -> Vec<u16> {
    let shown = post(world, &auth_enroll_mfa::ENDPOINT, Some(token), None).await;
    let authenticator = Authenticator::new(&text(&shown, "secret"));
    let code = json!({"code": authenticator.code(world.clock.now())});
    let mut answers = Vec::new();
    for _ in 0..2 {
        answers.push(post(world, &auth_confirm_mfa::ENDPOINT, Some(token), Some(code.clone())).await.status);
    }
    for _ in 0..2 {
        let body = Some(json!({"password": PASSWORD}));
        answers.push(world.call(&auth_remove_mfa::ENDPOINT, ("DELETE", "/"), &[], Some(token), body).await.status);
    }
    answers
}

#[tokio::test]
async fn a_second_factor_that_comes_or_goes_is_told_once() {
    let (world, cloud) = cloudy_world().await;
    let token = member(&world, &cloud).await;
    let before = cloud.messages().all().len();
    assert_eq!(come_and_go(&world, &token).await, [204; 4]);
    let told = cloud.messages().to(EMAIL);
    let subjects: Vec<_> = told.iter().skip(before).map(|message| message.subject.as_str()).collect();
    let expected =
        ["Your Apothecary account has a second factor", "Your Apothecary account has no second factor any more"];
    assert_eq!(subjects, expected);
}

#[tokio::test]
async fn a_message_that_cannot_be_sent_holds_up_no_second_factor() {
    let (world, cloud) = cloudy_world().await;
    let token = member(&world, &cloud).await;
    cloud.messages().down = true;
    assert_eq!(come_and_go(&world, &token).await, [204; 4]);
    assert!(text(&login(&world).await, "access_token").len() > 1);
}

#[tokio::test]
async fn what_is_only_enrolled_does_not_count() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let token = text(&login(&world).await, "access_token");
    let shown = post(&world, &auth_enroll_mfa::ENDPOINT, Some(&token), None).await;
    let right = Authenticator::new(&text(&shown, "secret")).code(world.clock.now());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let wrong = post(&world, &auth_confirm_mfa::ENDPOINT, Some(&token), Some(json!({"code": wrong}))).await;
    assert_eq!((wrong.status, wrong.code()), (400, "invalid_code"));
    assert!(login(&world).await.body["access_token"].is_string());
}

#[tokio::test]
async fn a_code_is_good_once_however_many_send_it() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, _) = enrolled(&world, &cloud).await;
    let code = authenticator.code(world.clock.now());
    let (first, second) = (session(&login(&world).await), session(&login(&world).await));
    let answers = join_all([&first, &second, &first].map(|session| answer(&world, session, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(answer(&world, &second, &code).await.code(), "invalid_code");
    world.clock.advance(Duration::from_secs(30));
    assert_eq!(answer(&world, &second, &authenticator.code(world.clock.now())).await.status, 200);
}

#[tokio::test]
async fn the_code_that_confirmed_an_authenticator_is_good_for_one_sign_in() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let token = text(&login(&world).await, "access_token");
    let shown = post(&world, &auth_enroll_mfa::ENDPOINT, Some(&token), None).await;
    let authenticator = Authenticator::new(&text(&shown, "secret"));
    let code = authenticator.code(world.clock.now());
    let confirm = Some(json!({"code": code}));
    assert_eq!(post(&world, &auth_confirm_mfa::ENDPOINT, Some(&token), confirm).await.status, 204);
    assert_eq!(answer(&world, &session(&login(&world).await), &code).await.status, 200);
    let waiting = session(&login(&world).await);
    assert_eq!(answer(&world, &waiting, &code).await.code(), "invalid_code");
    world.clock.advance(NEXT_CODE);
    assert_eq!(answer(&world, &waiting, &authenticator.code(world.clock.now())).await.status, 200);
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_waits_five_minutes() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, _) = enrolled(&world, &cloud).await;
    let (used, late) = (session(&login(&world).await), session(&login(&world).await));
    assert_eq!(answer(&world, &used, &authenticator.code(world.clock.now())).await.status, 200);
    world.clock.advance(Duration::from_secs(60));
    let again = answer(&world, &used, &authenticator.code(world.clock.now())).await;
    assert_eq!((again.status, again.code()), (401, "invalid_challenge_session"));
    world.clock.advance(Duration::from_secs(241));
    let late = answer(&world, &late, &authenticator.code(world.clock.now())).await;
    assert_eq!((late.status, late.code()), (401, "invalid_challenge_session"));
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_five_and_then_the_account_is_locked() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, recovery) = enrolled(&world, &cloud).await;
    let waiting = session(&login(&world).await);
    let right = authenticator.code(world.clock.now());
    let guesses: Vec<String> = (0..101).map(|n| format!("{n:06}")).filter(|guess| *guess != right).take(100).collect();
    let answers = join_all(guesses.iter().map(|guess| answer(&world, &waiting, guess))).await;
    assert!(answers.iter().filter(|answer| answer.status == 400).count() <= 5);
    assert!(answers.iter().all(|answer| matches!(answer.status, 400 | 423)));
    for code in [&right, &recovery[0]] {
        let locked = answer(&world, &waiting, code).await;
        assert_eq!((locked.status, locked.code()), (423, "account_locked"));
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let (world, cloud) = cloudy_world().await;
    let (_, recovery) = enrolled(&world, &cloud).await;
    assert_eq!(recovery.len(), 10);
    let first = session(&login(&world).await);
    assert_eq!(answer(&world, &first, &recovery[3].to_lowercase()).await.status, 200);
    let second = session(&login(&world).await);
    assert_eq!(answer(&world, &second, &recovery[3]).await.code(), "invalid_code");
    assert_eq!(answer(&world, &second, &recovery[4]).await.status, 200);
}

#[tokio::test]
async fn recovery_codes_race_and_none_is_lost() {
    let (world, cloud) = cloudy_world().await;
    let (_, recovery) = enrolled(&world, &cloud).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(session(&login(&world).await));
    }
    let same = join_all(sessions.iter().map(|session| answer(&world, session, &recovery[0]))).await;
    assert_eq!(same.iter().filter(|answer| answer.status == 200).count(), 1);
    let left = session(&login(&world).await);
    assert_eq!(answer(&world, &left, &recovery[1]).await.status, 200);
}

#[tokio::test]
async fn killed_anywhere_a_sign_in_is_done_or_can_be_done_again() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, _) = enrolled(&world, &cloud).await;
    for kill in [Killed::Before, Killed::After] {
        for call in 0..8 {
            world.clock.advance(Duration::from_secs(60));
            let waiting = session(&login(&world).await);
            let code = authenticator.code(world.clock.now());
            if cloud.run_until(call, kill, answer(&world, &waiting, &code)).await.is_some() {
                continue;
            }
            world.clock.advance(Duration::from_secs(30));
            let code = authenticator.code(world.clock.now());
            let again = answer(&world, &waiting, &code).await;
            // The challenge was used up, or it was not; whoever was cut off signs in anew and gets in.
            assert!(matches!(again.status, 200 | 401), "{call} {kill:?}: {}", again.text);
            if again.status == 401 {
                let anew = answer(&world, &session(&login(&world).await), &code).await;
                assert_eq!(anew.status, 200, "{call} {kill:?}: {}", anew.text);
            }
        }
    }
}

#[tokio::test]
async fn taking_it_away_needs_the_password() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, _) = enrolled(&world, &cloud).await;
    let signed_in = answer(&world, &session(&login(&world).await), &authenticator.code(world.clock.now())).await;
    let token = text(&signed_in, "access_token");
    let remove = async |password: &str| {
        let body = Some(json!({"password": password}));
        world.call(&auth_remove_mfa::ENDPOINT, ("DELETE", "/"), &[], Some(&token), body).await
    };
    let again = post(&world, &auth_enroll_mfa::ENDPOINT, Some(&token), None).await;
    assert_eq!((again.status, again.code()), (409, "mfa_enrolled"));
    let wrong = remove("not the right one").await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["password"]));
    assert_eq!(session(&login(&world).await).len(), 43);
    assert_eq!(remove(PASSWORD).await.status, 204);
    assert_eq!(remove(PASSWORD).await.status, 204);
    assert!(login(&world).await.body["access_token"].is_string());
}

#[tokio::test]
async fn the_staff_gets_in_with_a_second_factor_alone() {
    for role in [Role::SuperAdmin, Role::PharmacyAdmin] {
        let (world, cloud) = cloudy_world_with(&[("staff_mfa_required", "true")]).await;
        cloud.pool().add(EMAIL, PASSWORD, &[role], "CONFIRMED");
        let asked = login(&world).await;
        assert_eq!((asked.status, &asked.body["challenge"]), (200, &json!("mfa_setup")));
        let waiting = text(&asked, "challenge_session");
        assert_eq!(answer(&world, &waiting, "123456").await.code(), "mfa_not_enrolled");
        let with = json!({"challenge_session": waiting});
        let shown = post(&world, &auth_enroll_mfa::ENDPOINT, None, Some(with)).await;
        let authenticator = Authenticator::new(&text(&shown, "secret"));
        let code = authenticator.code(world.clock.now());
        let confirm = json!({"challenge_session": waiting, "code": code});
        assert_eq!(post(&world, &auth_confirm_mfa::ENDPOINT, None, Some(confirm)).await.status, 204);
        let another = session(&login(&world).await);
        let signed_in = answer(&world, &waiting, &code).await;
        assert_eq!((signed_in.status, &signed_in.body["user"]["roles"]), (200, &json!([role.group()])));
        assert_eq!(answer(&world, &another, &code).await.code(), "invalid_code");
        let token = text(&signed_in, "access_token");
        let body = Some(json!({"password": PASSWORD}));
        let remove = world.call(&auth_remove_mfa::ENDPOINT, ("DELETE", "/"), &[], Some(&token), body).await;
        assert_eq!((remove.status, remove.code()), (409, "mfa_required"));
    }
}

#[tokio::test]
async fn who_waits_for_a_second_factor_when_all_sessions_end_waits_in_vain() {
    let (world, cloud) = cloudy_world_with(&[("staff_mfa_required", "true")]).await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::PharmacyAdmin], "CONFIRMED");
    let user = UserId::parse(&cloud.pool().user(EMAIL).unwrap().id).unwrap();
    let waiting = text(&login(&world).await, "challenge_session");
    let with = || Some(json!({"challenge_session": waiting}));
    let shown = post(&world, &auth_enroll_mfa::ENDPOINT, None, with()).await;
    let authenticator = Authenticator::new(&text(&shown, "secret"));
    world.app.sessions().end_all(&user, None).await.unwrap();
    let code = authenticator.code(world.clock.now());
    let confirm = Some(json!({"challenge_session": waiting, "code": code}));
    let refused = [
        post(&world, &auth_enroll_mfa::ENDPOINT, None, with()).await,
        post(&world, &auth_confirm_mfa::ENDPOINT, None, confirm).await,
        answer(&world, &waiting, &code).await,
    ];
    for refused in &refused {
        assert_eq!((refused.status, refused.code()), (401, "invalid_challenge_session"));
    }
    // The authenticator does not count: the next sign-in is asked to enrol one.
    world.clock.advance(Duration::from_secs(2));
    assert_eq!(login(&world).await.body["challenge"], "mfa_setup");
}

#[tokio::test]
async fn the_wait_for_a_code_is_no_way_to_enrol_another_authenticator() {
    let (world, cloud) = cloudy_world().await;
    enrolled(&world, &cloud).await;
    let with = json!({"challenge_session": session(&login(&world).await)});
    let shown = post(&world, &auth_enroll_mfa::ENDPOINT, None, Some(with)).await;
    assert_eq!(shown.status, 401);
}

#[tokio::test]
async fn neither_secrets_nor_codes_nor_tokens_can_be_read_in_the_tables() {
    let (world, cloud) = cloudy_world().await;
    let (authenticator, recovery) = enrolled(&world, &cloud).await;
    login(&world).await;
    let mut stored = String::new();
    for table in ["accounts", "guard"] {
        let items = world.dynamo.scan().table_name(table).send().await.unwrap();
        stored.push_str(&format!("{:?}", items.items()));
    }
    assert!(stored.contains("SECOND_FACTOR") && stored.contains("CHALLENGE#"));
    for code in recovery {
        assert!(!stored.contains(&code) && !stored.contains(&code.replace('-', "")));
    }
    assert!(!stored.contains("eyJ") && !stored.contains(&authenticator.secret()));
}
