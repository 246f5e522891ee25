//! Changing how one is reached: the password, a code to the new address, word to the old.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, World};

const EMAIL: &str = "anna@example.org";
const NEW: &str = "anna.karki@example.net";
const PHONE: &str = "+9779812345678";
const MAL: &str = "mal@example.org";
const PASSWORD: &str = "tigers sleep in june";

async fn call(world: &World, function: &str, token: Option<&str>, body: Option<Value>) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap_or_else(|| panic!("{function}"));
    let method = if body.is_some() { "POST" } else { "GET" };
    world.call(found.endpoint, (method, "/"), &[], token, body).await
}

async fn login(world: &World, identifier: &str, password: &str) -> Answer {
    let field = if identifier.contains('@') { "email" } else { "phone" };
    call(world, "auth-login", None, Some(json!({field: identifier, "password": password}))).await
}

/// A token of somebody who has signed in.
async fn person(world: &World, cloud: &Cloud, identifier: &str) -> String {
    cloud.pool().add(identifier, PASSWORD, &[Role::Customer], "CONFIRMED");
    let session = login(world, identifier, PASSWORD).await;
    session.body["access_token"].as_str().unwrap_or_else(|| panic!("{}", session.text)).to_owned()
}

async fn change(world: &World, token: &str, new: &str) -> Answer {
    let field = if new.contains('@') { "email" } else { "phone" };
    call(world, "auth-change-contact", Some(token), Some(json!({field: new, "password": PASSWORD}))).await
}

async fn confirm(world: &World, token: &str, code: &str) -> Answer {
    call(world, "auth-confirm-contact", Some(token), Some(json!({"code": code}))).await
}

async fn profile(world: &World, token: &str) -> Value {
    call(world, "profile-get", Some(token), None).await.body
}

/// How many changes of contacts are on the trail that were `begun`, `allowed` or `refused`.
async fn on_the_trail(world: &World, outcome: &str) -> usize {
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap();
    let text = |item: &HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().to_owned();
    let entries = items.items().iter().filter(|item| text(item, "action") == "contact.change");
    entries.filter(|item| text(item, "outcome") == outcome).count()
}

/// How many codes are stored.
async fn codes(world: &World) -> usize {
    let items = world.dynamo.scan().table_name("guard").send().await.unwrap();
    items.items().iter().filter(|item| item["pk"].as_s().unwrap().starts_with("CODE#")).count()
}

#[tokio::test]
async fn a_new_address_takes_the_place_of_the_old() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    let answer = change(&world, &anna, NEW).await;
    let expected = json!({"delivery": {"channel": "email", "destination": "a***@e***"}});
    assert_eq!((answer.status, &answer.body), (202, &expected), "{}", answer.text);
    let told = cloud.messages().to(EMAIL);
    assert_eq!((told.len(), told[0].code()), (1, None));
    assert!(told[0].text.contains("a***@e***") && !told[0].text.contains(NEW), "{:?}", told[0]);
    assert_eq!(profile(&world, &anna).await["email"], EMAIL);
    let code = cloud.messages().code(NEW).unwrap();
    assert_eq!(confirm(&world, &anna, &code).await.status, 204);
    assert_eq!(profile(&world, &anna).await["email"], NEW);
    assert_eq!((login(&world, EMAIL, PASSWORD).await.status, login(&world, NEW, PASSWORD).await.status), (401, 200));
    assert_eq!((on_the_trail(&world, "begun").await, on_the_trail(&world, "allowed").await), (1, 1));
    assert_eq!(confirm(&world, &anna, &code).await.code(), "invalid_code");
    assert_eq!(on_the_trail(&world, "refused").await, 1);
}

#[tokio::test]
async fn who_is_reached_now_is_told_before_there_is_a_code() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    cloud.messages().down = true;
    assert_eq!(change(&world, &anna, NEW).await.code(), "unavailable");
    assert_eq!(codes(&world).await, 0, "nobody was told of it");
    cloud.messages().down = false;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(change(&world, &anna, NEW).await.status, 202);
    let told: Vec<_> = cloud.messages().all().iter().map(|message| message.to.clone()).collect();
    assert_eq!(told, [EMAIL, NEW]);
}

#[tokio::test]
async fn a_telephone_is_added_and_signs_in_too() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    assert_eq!(change(&world, &anna, PHONE).await.status, 202);
    // There is no old number; the address is told.
    assert_eq!(cloud.messages().to(EMAIL).len(), 1);
    let code = cloud.messages().code(PHONE).unwrap();
    assert_eq!(confirm(&world, &anna, &code).await.status, 204);
    let profile = profile(&world, &anna).await;
    assert_eq!((&profile["email"], &profile["phone"]), (&json!(EMAIL), &json!(PHONE)));
    for identifier in [EMAIL, PHONE] {
        assert_eq!(login(&world, identifier, PASSWORD).await.body["user"]["id"], profile["id"]);
    }
}

#[tokio::test]
async fn without_the_password_nothing_is_sent_and_wrong_ones_lock_the_account() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    let guess = || {
        let body = json!({"email": NEW, "password": "not the password"});
        call(&world, "auth-change-contact", Some(&anna), Some(body))
    };
    let answers = join_all((0..20).map(|_| guess())).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(400), count(423)), (5, 15));
    assert_eq!(answers.iter().filter(|answer| answer.fields() == ["password"]).count(), 5);
    assert_eq!(change(&world, &anna, NEW).await.code(), "account_locked");
    assert_eq!(login(&world, EMAIL, PASSWORD).await.code(), "account_locked");
    assert!(cloud.messages().all().is_empty());
}

#[tokio::test]
async fn a_taken_address_answers_the_same_and_is_told_so_in_private() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    person(&world, &cloud, MAL).await;
    let mut seen = Vec::new();
    // So that the copy of the feed of ended sessions is fresh for both.
    profile(&world, &anna).await;
    for new in [MAL, "may@example.org"] {
        cloud.calls();
        let answer = change(&world, &anna, new).await;
        let mut headers: Vec<_> =
            answer.headers.iter().filter(|(name, _)| !["x-request-id", "ratelimit"].contains(&name.as_str())).collect();
        headers.sort_by_key(|(name, _)| name.as_str());
        seen.push((answer.status, answer.text.clone(), format!("{headers:?}"), cloud.calls()));
    }
    assert_eq!(seen[0], seen[1]);
    let told = cloud.messages().to(MAL);
    assert_eq!((told.len(), told[0].code()), (1, None));
    assert!(told[0].text.contains("already"), "{:?}", told[0]);
    assert!(cloud.messages().code("may@example.org").is_some());
}

#[tokio::test]
async fn no_code_of_another_person_or_purpose_fits() {
    let (world, cloud) = cloudy_world().await;
    let (anna, mal) = (person(&world, &cloud, EMAIL).await, person(&world, &cloud, MAL).await);
    change(&world, &anna, NEW).await;
    let code = cloud.messages().code(NEW).unwrap();
    assert_eq!(confirm(&world, &mal, &code).await.code(), "invalid_code");
    let sign_in = json!({"email": EMAIL, "purpose": "login"});
    assert_eq!(call(&world, "auth-request-otp", None, Some(sign_in)).await.status, 202);
    let other = cloud.messages().code(EMAIL).unwrap();
    if other != code {
        assert_eq!(confirm(&world, &anna, &other).await.code(), "invalid_code");
    }
    for purpose in ["login", "register"] {
        let body = json!({"email": NEW, "purpose": purpose, "code": code});
        assert_eq!(call(&world, "auth-verify-otp", None, Some(body)).await.code(), "invalid_code");
    }
    assert_eq!(profile(&world, &mal).await["email"], MAL);
    assert_eq!(confirm(&world, &anna, &code).await.status, 204);
    assert_eq!(call(&world, "auth-confirm-contact", None, Some(json!({"code": code}))).await.status, 401);
}

#[tokio::test]
async fn a_code_is_void_after_five_tries_and_five_minutes() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    change(&world, &anna, NEW).await;
    let code = cloud.messages().code(NEW).unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let answers = join_all((0..50).map(|_| confirm(&world, &anna, wrong))).await;
    assert!(answers.iter().all(|answer| answer.code() == "invalid_code"));
    assert_eq!(confirm(&world, &anna, &code).await.code(), "invalid_code");
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(change(&world, &anna, NEW).await.status, 202);
    world.clock.advance(Duration::from_mins(5));
    let code = cloud.messages().code(NEW).unwrap();
    assert_eq!(confirm(&world, &anna, &code).await.code(), "expired_code");
    assert_eq!(profile(&world, &anna).await["email"], EMAIL);
}

#[tokio::test]
async fn one_address_gets_one_account_whoever_is_first() {
    for _ in 0..5 {
        let (world, cloud) = cloudy_world().await;
        let (anna, mal) = (person(&world, &cloud, EMAIL).await, person(&world, &cloud, MAL).await);
        // Both have the mailbox.
        change(&world, &anna, NEW).await;
        let first = cloud.messages().code(NEW).unwrap();
        world.clock.advance(Duration::from_mins(1));
        change(&world, &mal, NEW).await;
        let second = cloud.messages().code(NEW).unwrap();
        let answers = join_all([confirm(&world, &anna, &first), confirm(&world, &mal, &second)]).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        let refused = answers.iter().find(|answer| answer.status != 204).unwrap();
        assert!(["already_registered", "busy"].contains(&refused.code()), "{}", refused.text);
        let emails = [profile(&world, &anna).await["email"].clone(), profile(&world, &mal).await["email"].clone()];
        assert_eq!(emails.iter().filter(|email| **email == NEW).count(), 1, "{emails:?}");
        assert_eq!(on_the_trail(&world, "allowed").await, 1);
    }
}

#[tokio::test]
async fn a_change_killed_anywhere_is_finished_by_trying_again() {
    for attempt in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let anna = person(&world, &cloud, EMAIL).await;
            // Over somebody who registered the address and never proved it.
            let body = json!({"email": NEW, "password": "rivers run in winter", "full_name": "Mal"});
            assert_eq!(call(&world, "auth-register", None, Some(body)).await.status, 202);
            change(&world, &anna, NEW).await;
            let code = cloud.messages().code(NEW).unwrap();
            let finished = cloud.run_until(attempt, kill, confirm(&world, &anna, &code)).await.is_some();
            world.clock.advance(Duration::from_secs(16));
            let again = confirm(&world, &anna, &code).await;
            let at = format!("{kill:?} call {attempt}: {}", again.text);
            assert!(again.status == 204 || again.code() == "invalid_code", "{at}");
            assert_eq!(profile(&world, &anna).await["email"], NEW, "{at}");
            assert_eq!(login(&world, NEW, PASSWORD).await.status, 200, "{at}");
            assert_eq!((on_the_trail(&world, "allowed").await, cloud.pool().count()), (1, 1), "{at}");
            if finished {
                assert!(attempt >= 9, "only {attempt} calls were made");
                return;
            }
        }
    }
    panic!("changing never ran to its end");
}

#[tokio::test]
async fn a_change_killed_anywhere_and_given_up_is_put_right_by_asking_for_it_again() {
    for attempt in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let anna = person(&world, &cloud, EMAIL).await;
            change(&world, &anna, NEW).await;
            let code = cloud.messages().code(NEW).unwrap();
            let finished = cloud.run_until(attempt, kill, confirm(&world, &anna, &code)).await.is_some();
            // Nobody comes back with the code while it is good.
            world.clock.advance(Duration::from_mins(6));
            let again = change(&world, &anna, NEW).await;
            let changed = cloud.pool().user(NEW).is_some();
            let at = format!("{kill:?} call {attempt}: {}", again.text);
            if changed {
                assert_eq!((again.status, &again.body["errors"][0]["code"]), (400, &json!("unchanged")), "{at}");
            } else {
                assert_eq!(again.status, 202, "{at}");
            }
            let shown = profile(&world, &anna).await["email"].clone();
            assert_eq!(shown, if changed { NEW } else { EMAIL }, "{at}");
            assert_eq!(on_the_trail(&world, "allowed").await, usize::from(changed), "{at}");
            assert!(on_the_trail(&world, "begun").await >= usize::from(changed), "{at}");
            if finished {
                assert!(changed && attempt >= 8, "only {attempt} calls were made");
                return;
            }
        }
    }
    panic!("changing never ran to its end");
}

#[tokio::test]
async fn what_cannot_be_put_on_the_trail_changes_nobody() {
    let (world, cloud) = cloudy_world().await;
    let anna = person(&world, &cloud, EMAIL).await;
    let body = json!({"email": NEW, "password": "rivers run in winter", "full_name": "Mal"});
    assert_eq!(call(&world, "auth-register", None, Some(body)).await.status, 202);
    change(&world, &anna, NEW).await;
    let code = cloud.messages().code(NEW).unwrap();
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let refused = confirm(&world, &anna, &code).await;
    assert_eq!((refused.status, refused.code()), (503, "unavailable"), "{}", refused.text);
    let (ids, pool) = (|who: &str| cloud.pool().user(who).map(|user| user.id.clone()), cloud.pool().count());
    assert!(ids(EMAIL).is_some() && ids(NEW).is_some() && ids(EMAIL) != ids(NEW));
    assert_eq!(pool, 2);
}

#[tokio::test]
async fn messages_are_limited_for_who_is_written_to() {
    let (world, cloud) = cloudy_world().await;
    let (anna, mal) = (person(&world, &cloud, EMAIL).await, person(&world, &cloud, MAL).await);
    assert_eq!(change(&world, &anna, NEW).await.status, 202);
    let answer = change(&world, &mal, NEW).await;
    assert_eq!((answer.status, answer.code()), (429, "too_many_requests"));
    assert_eq!(cloud.messages().to(NEW).len(), 1);
    assert_eq!(change(&world, &anna, EMAIL).await.fields(), ["email"]);
}
