//! Each sample event is answered as its name says.

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
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
        let mut stage = Stage::open().await;
        story::tell(&mut stage, function.name()).await;
        stage.play_ok(function.name()).await;
    }
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

#[test]
fn stories_are_of_functions_that_exist() {
    for function in story::told() {
        let there = registry::ENDPOINTS.iter().any(|one| one.name() == function)
            || registry::WORKERS.iter().any(|one| one.name == function);
        assert!(there, "{function}");
    }
}
