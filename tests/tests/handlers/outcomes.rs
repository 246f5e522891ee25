//! Each sample event is answered as its name says.

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::json;
use shared::api::answer_socket;
use support::Answer;
use support::play::{Sample, Stage, sample, story};

async fn each(outcome: &str, check: impl Fn(&str, &Answer)) {
    let samples = sample::all(outcome);
    assert!(!samples.is_empty(), "no event is named {outcome}");
    for (function, Sample { text, .. }) in samples {
        let mut stage = Stage::open().await;
        let answer = stage.play(function.endpoint, &text).await;
        let at = format!("{} {outcome}: {} {}", function.name(), answer.status, answer.text);
        check(&at, &answer);
        assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json", "{at}");
        assert_eq!(answer.body["status"], answer.status, "{at}");
        assert!(!answer.code().is_empty() && !answer.body["detail"].as_str().unwrap().is_empty(), "{at}");
    }
}

#[tokio::test]
async fn an_invalid_request_is_told_which_field_is_at_fault() {
    each("invalid", |at, answer| {
        assert_eq!(answer.status, 400, "{at}");
        assert!(!answer.fields().is_empty(), "{at}");
    })
    .await;
}

#[tokio::test]
async fn without_a_good_token_there_is_no_entry() {
    each("unauthenticated", |at, answer| {
        assert_eq!(answer.status, 401, "{at}");
        assert!(answer.headers[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"), "{at}");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    each("not_found", |at, answer| assert_eq!((answer.status, answer.code()), (404, "not_found"), "{at}")).await;
}

#[tokio::test]
async fn the_wrong_role_is_refused() {
    each("forbidden", |at, answer| assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{at}")).await;
}

#[tokio::test]
async fn a_good_request_goes_well_once_its_story_is_told() {
    for function in registry::ENDPOINTS {
        let mut stage = Stage::open_for(function.name()).await;
        story::tell(&mut stage, function.name()).await;
        stage.play_ok(function.name()).await;
    }
}

/// What the good event of `function` asks of AWS, once its story is told.
async fn calls_of(function: &'static str) -> Vec<String> {
    let mut stage = Stage::open().await;
    story::tell(&mut stage, function).await;
    stage.cloud.calls();
    stage.play_ok(function).await;
    stage.cloud.calls()
}

#[tokio::test]
async fn a_good_request_takes_the_way_of_most_people() {
    let login = calls_of("auth-login").await;
    assert!(!login.iter().any(|call| call == "AdminGetUser"), "who has a profile needs none: {login:?}");
    for (function, call) in [
        // A session is there to be ended, a factor to be removed and told of, and something to be taken out.
        ("auth-logout", "TransactWriteItems"),
        ("auth-remove-mfa", "POST /v2/email/outbound-emails"),
        ("cart-clear", "PutItem"),
    ] {
        let calls = calls_of(function).await;
        assert!(calls.iter().any(|one| one == call), "{function}: {calls:?}");
    }
}

#[tokio::test]
async fn the_grant_that_cognito_asks_about_is_good() {
    let mut stage = Stage::open().await;
    let event = story::event_after(&mut stage, "auth-verify-challenge").await;
    let verify = registry::WORKERS.iter().find(|worker| worker.name == "auth-verify-challenge").unwrap();
    let verified = (verify.run)(&stage.world.app, event).await.unwrap();
    assert_eq!(verified["response"]["answerCorrect"], true);
}

#[tokio::test]
async fn a_worker_does_its_work_once_its_story_is_told() {
    for worker in registry::WORKERS {
        let mut stage = Stage::open().await;
        let event = story::event_after(&mut stage, worker.name).await;
        let done = (worker.run)(&stage.world.app, event).await;
        assert!(done.is_ok(), "{}: {:?}", worker.name, done.err());
    }
}

#[tokio::test]
async fn a_socket_does_its_work_once_its_story_is_told() {
    for socket in registry::SOCKETS {
        let mut stage = Stage::open().await;
        let event = story::event_after(&mut stage, socket.name).await;
        let answer = answer_socket(&stage.world.app, socket, &event).await;
        assert_eq!(answer, json!({"statusCode": 200}), "{}", socket.name);
    }
}

#[tokio::test]
async fn who_may_not_connect_is_told_so_by_the_status_alone() {
    let connect = registry::SOCKETS.iter().find(|socket| socket.name == "chat-connect").unwrap();
    let mut stage = Stage::open().await;
    story::tell(&mut stage, "chat-connect").await;
    for (outcome, status) in [("unauthenticated", 401), ("forbidden", 403)] {
        let samples = sample::samples("chat-connect");
        let text = &samples.iter().find(|sample| sample.outcome == outcome).unwrap().text;
        let answer = answer_socket(&stage.world.app, connect, &stage.event(text)).await;
        assert_eq!(answer, json!({"statusCode": status}), "{outcome}");
    }
}

#[test]
fn stories_are_of_functions_that_exist() {
    for function in story::told() {
        let there = registry::ENDPOINTS.iter().any(|one| one.name() == function)
            || registry::WORKERS.iter().any(|one| one.name == function)
            || registry::SOCKETS.iter().any(|one| one.name == function);
        assert!(there, "{function}");
    }
}
