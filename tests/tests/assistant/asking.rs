//! The assistant as its clients meet it: budgets, guests, feedback, what is kept.

use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{cloudy_world, cloudy_world_with};
use support::{Answer, World, add_sign, event, sign, user, world};

const LEAFLET: &str = "It eases pain and lowers a fever.";

async fn send(world: &World, function: &str, event: &Value) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
    world.send(found.endpoint, event).await
}

async fn ask(world: &World, who: Option<u32>, body: Value) -> Answer {
    let token = who.map(|number| world.token(&user(number), Role::Customer));
    let event = event("POST", "/v1/assistant/questions", &[], token.as_deref(), Some(&body));
    send(world, "assistant-ask", &event).await
}

async fn say(world: &World, who: u32, id: &str, helpful: bool) -> Answer {
    let token = world.token(&user(who), Role::Customer);
    let path = format!("/v1/assistant/questions/{id}/feedback");
    let event = event("POST", &path, &[("id", id)], Some(&token), Some(&json!({"helpful": helpful})));
    send(world, "assistant-feedback", &event).await
}

/// Publishes a leaflet about ibuprofen.
pub async fn publish(world: &World, body: &str) {
    let page = json!({
        "kind": "leaflet", "title": "Ibuprofen", "body": body, "tags": ["pain"],
        "sources": [{"title": "Label", "publisher": "FDA", "date": "2026-01-15"}],
    });
    let parameters = [("slug", "ibuprofen"), ("locale", "en")];
    for (function, method, path, who, role, body) in [
        ("content-put", "PUT", "/v1/pages/ibuprofen/en", 11, Role::PharmacyAdmin, page),
        (
            "content-review",
            "POST",
            "/v1/pages/ibuprofen/en/review",
            12,
            Role::PharmacyAdmin,
            json!({"version": 1, "decision": "approve"}),
        ),
        ("content-publish", "POST", "/v1/pages/ibuprofen/publish", 13, Role::SuperAdmin, json!({})),
    ] {
        let token = world.token(&user(who), role);
        let answer = send(world, function, &event(method, path, &parameters, Some(&token), Some(&body))).await;
        assert!(answer.status < 300, "{function}: {}", answer.text);
    }
    world.clock.advance(std::time::Duration::from_secs(3));
}

fn question(text: &str) -> Value {
    json!({"question": text})
}

#[tokio::test]
async fn a_question_is_answered_with_the_page_and_its_source() {
    let world = world().await;
    publish(&world, LEAFLET).await;
    let answer = ask(&world, Some(1), question("What is ibuprofen for?")).await;
    assert_eq!((answer.status, &answer.body["kind"]), (200, &json!("answer")), "{}", answer.text);
    assert_eq!(answer.body["text"], format!("{LEAFLET} [1]"));
    assert_eq!(answer.body["citations"][0]["source"], "Label, FDA");
    assert_eq!(answer.body["citations"][0]["version"], "1");
    assert_eq!(answer.body["generated"], false);
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn what_is_published_and_taken_back_is_followed() {
    let world = world().await;
    assert_eq!(ask(&world, Some(1), question("What is ibuprofen for?")).await.body["kind"], "no_answer");
    publish(&world, LEAFLET).await;
    assert_eq!(ask(&world, Some(1), question("What is ibuprofen for?")).await.body["kind"], "answer");
    let token = world.token(&user(13), Role::SuperAdmin);
    let parameters = [("slug", "ibuprofen")];
    let path = "/v1/pages/ibuprofen/unpublish";
    let answer =
        send(&world, "content-unpublish", &event("POST", path, &parameters, Some(&token), Some(&json!({})))).await;
    assert_eq!(answer.status, 204);
    world.clock.advance(std::time::Duration::from_secs(3));
    assert_eq!(ask(&world, Some(1), question("What is ibuprofen for?")).await.body["kind"], "no_answer");
}

#[tokio::test]
async fn a_person_has_thirty_questions_a_day_and_five_a_minute_and_an_emergency_always() {
    let world = world().await;
    let mut refused = None;
    for number in 1..=31_u32 {
        let answer = ask(&world, Some(1), question("What is ibuprofen for?")).await;
        if answer.status == 429 {
            refused = Some((number, answer.code().to_owned()));
        }
        world.clock.advance(std::time::Duration::from_secs(15));
    }
    assert_eq!(refused, Some((31, "daily_budget".to_owned())));
    let help = ask(&world, Some(1), question("I have a crushing pain in my chest")).await;
    assert_eq!((help.status, &help.body["kind"]), (200, &json!("emergency")));
    assert_eq!(help.body["numbers"][0]["number"], "102");
    assert_eq!(ask(&world, Some(2), question("What is ibuprofen for?")).await.status, 200, "somebody else");
    let mut burst = Vec::new();
    for _ in 0..6 {
        burst.push(ask(&world, Some(3), question("What is ibuprofen for?")).await.status);
    }
    assert_eq!(burst, [200, 200, 200, 200, 200, 429]);
}

#[tokio::test]
async fn a_sign_that_the_pharmacy_has_added_is_answered_whatever_was_asked_before() {
    let (closed, _) = cloudy_world_with(&[("assistant_guests", "false")]).await;
    let spots = || question("What helps against purple spots on the legs?");
    assert_eq!(ask(&closed, None, spots()).await.status, 401);
    add_sign(&closed.app, "rul_spots", &sign("purple spots", "Come to the desk at once.")).await;
    closed.clock.advance(std::time::Duration::from_secs(31));
    for who in [Some(1), None] {
        let answer = ask(&closed, who, spots()).await;
        assert_eq!((answer.status, &answer.body["kind"]), (200, &json!("emergency")), "{}", answer.text);
        assert_eq!(answer.body["text"], "Come to the desk at once.");
        assert!(!answer.body["numbers"].as_array().unwrap().is_empty());
    }
}

#[tokio::test]
async fn guests_ask_where_they_may_and_five_times_an_hour() {
    let (closed, _) = cloudy_world_with(&[("assistant_guests", "false")]).await;
    let answer = ask(&closed, None, question("What is ibuprofen for?")).await;
    assert_eq!((answer.status, answer.code()), (401, "unauthenticated"));
    assert_eq!(ask(&closed, None, question("I want to kill myself")).await.body["kind"], "emergency");
    let (open, _) = cloudy_world_with(&[("assistant_guests", "true"), ("address_limit_factor", "1")]).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(ask(&open, None, question("What is ibuprofen for?")).await.status);
        open.clock.advance(std::time::Duration::from_secs(61));
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
}

#[tokio::test]
async fn who_was_answered_says_whether_it_helped_and_nobody_else() {
    let world = world().await;
    let id = ask(&world, Some(1), question("What is ibuprofen for?")).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(say(&world, 2, &id, true).await.status, 404);
    assert_eq!(say(&world, 1, "qst_01JD4Z8QK0000000000000000A", true).await.status, 404);
    assert_eq!(say(&world, 1, &id, true).await.status, 204);
    assert_eq!(say(&world, 1, &id, false).await.status, 204, "the later one counts");
    let held = world.app.feedbacks().held(&user(1)).await.unwrap();
    assert_eq!(
        held.iter().map(|one| (one.question.to_string(), one.helpful)).collect::<Vec<_>>(),
        [(id.clone(), false)]
    );
    world.app.feedbacks().erase(&user(1)).await.unwrap();
    assert!(world.app.feedbacks().held(&user(1)).await.unwrap().is_empty());
    world.clock.advance(std::time::Duration::from_hours(24 * 31));
    world.read_keys().await;
    assert_eq!(say(&world, 1, &id, true).await.status, 404, "too late");
}

#[tokio::test]
async fn nothing_of_a_question_is_stored() {
    const CANARY: &str = "zyxwcanary";
    let (world, _) = cloudy_world().await;
    for text in [format!("What is {CANARY} for?"), format!("{CANARY}: I have a crushing pain in my chest")] {
        let id = ask(&world, Some(1), question(&text)).await.body["id"].as_str().unwrap().to_owned();
        say(&world, 1, &id, true).await;
    }
    for (table, _) in support::TABLES {
        let found = world.dynamo.scan().table_name(*table).send().await.unwrap();
        assert!(!format!("{:?}", found.items()).contains(CANARY), "{table}");
    }
}
