//! Signing in whom the house has recognised by other means than a password: a grant is good once, for one person, for a
//! minute.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use shared::api::App;
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{World, user};

async fn member() -> (World, Cloud, UserId) {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add("anna@example.org", "tigers sleep in june", &[Role::Customer], "CONFIRMED");
    let id = UserId::parse(&cloud.pool().user("anna@example.org").unwrap().id).unwrap();
    (world, cloud, id)
}

/// Whether `answer` opens the door to `sub`, as the function says that Cognito asks.
async fn opens(app: &App, sub: &str, answer: &str) -> bool {
    let event = json!({"request": {"userAttributes": {"sub": sub}, "challengeAnswer": answer, "userNotFound": false}});
    let verify = registry::WORKERS.iter().find(|worker| worker.name == "auth-verify-challenge").unwrap();
    (verify.run)(app, event).await.unwrap()["response"]["answerCorrect"] == true
}

#[tokio::test]
async fn who_is_recognised_gets_tokens_of_their_own() {
    let (world, cloud, anna) = member().await;
    let tokens = world.app.grants().tokens_for(&anna).await.unwrap();
    let caller = world.app.verifier().verify(&tokens.access, world.clock.now()).await.unwrap();
    assert_eq!((&caller.user, caller.role_names().into_iter().collect::<Vec<_>>()), (&anna, vec!["customer"]));
    assert_eq!(cloud.pool().sessions(), 1);
}

#[tokio::test]
async fn nobody_passes_without_a_grant() {
    let (world, _, anna) = member().await;
    let long = "a".repeat(2000);
    for answer in ["", "123456", "GRANT", "GRANT#", long.as_str()] {
        assert!(!opens(&world.app, anna.as_str(), answer).await, "{answer}");
    }
    let no_answer = json!({"request": {"userAttributes": {"sub": anna}}});
    assert_eq!(world.app.grants().verify(no_answer).await.unwrap()["response"]["answerCorrect"], false);
    assert_eq!(world.app.grants().verify(json!({})).await.unwrap_err().code(), "unknown_event");
}

/// Halts a sign-in when its grant is written down, and tells what Cognito would be answered.
async fn granted(world: &World, cloud: &Cloud, anna: &UserId) -> String {
    let grants = world.app.grants();
    // Written down, asked, and killed before the answer is handed on: the grant waits.
    assert!(cloud.run_until(2, Killed::Before, grants.tokens_for(anna)).await.is_none());
    cloud.answers().pop().unwrap()
}

#[tokio::test]
async fn a_grant_is_good_once_for_its_own_person_within_its_minute() {
    let (world, cloud, anna) = member().await;
    let grant = granted(&world, &cloud, &anna).await;
    assert!(!opens(&world.app, user(77).as_str(), &grant).await);
    let tries = join_all((0..20).map(|_| opens(&world.app, anna.as_str(), &grant))).await;
    assert_eq!(tries.iter().filter(|opened| **opened).count(), 1);
    assert!(!opens(&world.app, anna.as_str(), &grant).await);

    let grant = granted(&world, &cloud, &anna).await;
    world.clock.advance(Duration::from_mins(1) - Duration::from_millis(1));
    assert!(opens(&world.app, anna.as_str(), &grant).await);
    let grant = granted(&world, &cloud, &anna).await;
    world.clock.advance(Duration::from_mins(1));
    assert!(!opens(&world.app, anna.as_str(), &grant).await);
}

#[tokio::test]
async fn a_grant_that_is_taken_while_the_answer_is_lost_opens_the_door_once() {
    let (world, cloud, anna) = member().await;
    let grant = granted(&world, &cloud, &anna).await;
    cloud.lose_answer("TransactWriteItems", "GRANT#");
    assert!(opens(&world.app, anna.as_str(), &grant).await);
    assert!(cloud.has_lost_the_answer());
    assert!(!opens(&world.app, anna.as_str(), &grant).await);
}

#[tokio::test]
async fn who_may_not_sign_in_gets_nothing_by_a_grant_either() {
    let (world, cloud, anna) = member().await;
    let refused = |id: UserId| {
        let grants = world.app.grants();
        async move { grants.tokens_for(&id).await.unwrap_err().code() }
    };
    assert_eq!(refused(user(99)).await, "sign_in_refused");
    cloud.pool().user_mut(anna.as_str()).enabled = false;
    assert_eq!(refused(anna.clone()).await, "sign_in_refused");
    cloud.pool().user_mut(anna.as_str()).enabled = true;
    cloud.pool().user_mut(anna.as_str()).status = "UNCONFIRMED";
    assert_eq!(refused(anna).await, "sign_in_refused");
}
