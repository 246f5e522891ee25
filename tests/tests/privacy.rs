//! Who sees whose profile, and what the trail says of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName, Group};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, World, event, user};

const MALFORMED: &str = "not-an-id";

async fn with_profile() -> (World, Cloud) {
    let (world, cloud) = cloudy_world().await;
    let name = FullName::parse("Anna Karki").unwrap();
    world.make_profile(&user(1), Email::parse("anna@example.org").unwrap(), name).await;
    (world, cloud)
}

async fn set(world: &World, privacy: Value) -> Answer {
    let token = world.token(&user(1), Role::Customer);
    let route = ("PUT", "/v1/profile/privacy");
    world.call(&profile_set_privacy::ENDPOINT, route, &[], Some(&token), Some(privacy)).await
}

async fn set_if(world: &World, privacy: Value, version: &str) -> Answer {
    let token = world.token(&user(1), Role::Customer);
    let mut event = event("PUT", "/v1/profile/privacy", &[], Some(&token), Some(&privacy));
    event["headers"]["if-match"] = json!(version);
    world.send(&profile_set_privacy::ENDPOINT, &event).await
}

async fn view(world: &World, who: Option<(u32, Role)>, id: &str) -> Answer {
    let token = who.map(|(number, role)| world.token(&user(number), role));
    let route = ("GET", "/v1/profiles/x");
    world.call(&profile_view::ENDPOINT, route, &[("id", id)], token.as_deref(), None).await
}

/// Actor, action and outcome of each entry about a person.
async fn trail(world: &World, subject: &UserId) -> Vec<(String, String, String)> {
    let query = world.dynamo.query().table_name("audit").index_name("by_subject");
    let query = query.key_condition_expression("subject = :subject");
    let query = query.expression_attribute_values(":subject", AttributeValue::S(subject.to_string()));
    let items = query.send().await.unwrap().items.unwrap_or_default();
    let text =
        |item: &std::collections::HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().clone();
    let entries = items.iter().map(|item| (text(item, "actor"), text(item, "action"), text(item, "outcome")));
    entries.filter(|(_, action, _)| action != "account.register").collect()
}

fn shared_with(users: &[u32], groups: &[&str]) -> Value {
    let users: Vec<_> = users.iter().map(|number| user(*number)).collect();
    json!({"visibility": "shared", "shared_with": {"users": users, "groups": groups}})
}

#[test]
fn every_group_is_a_role_and_customers_are_none() {
    let groups: Vec<_> = Group::ALL.into_iter().map(Group::as_str).collect();
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| *role != Role::Customer).map(Role::group).collect();
    assert_eq!(groups, roles);
}

#[tokio::test]
async fn privacy_is_set_whole_and_shown_to_its_owner() {
    let (world, _) = with_profile().await;
    let answer = set(&world, shared_with(&[3, 2, 3], &["doctor"])).await;
    let list = json!({"users": [user(2), user(3)], "groups": ["doctor"]});
    assert_eq!(answer.body, json!({"visibility": "shared", "shared_with": list, "version": 2}), "{}", answer.text);
    assert_eq!(answer.headers["etag"], "\"2\"");
    let token = world.token(&user(1), Role::Customer);
    let profile = world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(&token), None).await;
    assert_eq!((&profile.body["visibility"], &profile.body["shared_with"]), (&json!("shared"), &list));

    // The list goes with what it was for, and does not come back by itself.
    let answer = set(&world, json!({"visibility": "private", "shared_with": list})).await;
    let nobody = json!({"users": [], "groups": []});
    assert_eq!(answer.body, json!({"visibility": "private", "shared_with": nobody, "version": 3}));
    let answer = set(&world, json!({"visibility": "shared"})).await;
    assert_eq!((&answer.body["shared_with"], &answer.body["version"]), (&nobody, &json!(4)));
}

#[tokio::test]
async fn the_same_again_writes_nothing_and_an_old_version_is_refused() {
    let (world, _) = with_profile().await;
    assert_eq!(set(&world, json!({"visibility": "public"})).await.body["version"], 2);
    assert_eq!(set(&world, json!({"visibility": "public"})).await.body["version"], 2);
    let stale = set_if(&world, json!({"visibility": "private"}), "\"1\"").await;
    assert_eq!((stale.status, stale.code()), (412, "version_mismatch"));
    assert_eq!(set_if(&world, json!({"visibility": "private"}), "\"2\"").await.body["version"], 3);
}

#[tokio::test]
async fn of_many_changes_at_once_each_counts() {
    let (world, _) = with_profile().await;
    let changes = [shared_with(&[2], &[]), json!({"visibility": "public"}), shared_with(&[], &["doctor"])];
    let answers = join_all(changes.into_iter().map(|change| set(&world, change))).await;
    let mut versions: Vec<_> = answers.iter().map(|answer| answer.body["version"].as_u64().unwrap()).collect();
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4]);
}

#[tokio::test]
async fn what_cannot_be_shared_is_refused_by_name() {
    let (world, _) = with_profile().await;
    let crowd: Vec<_> = (0..51).map(user).collect();
    for (body, field) in [
        (json!({}), "visibility"),
        (json!({"visibility": "friends"}), "visibility"),
        (json!({"visibility": "shared", "shared_with": {"groups": ["customer"]}}), "shared_with.groups[0]"),
        (json!({"visibility": "shared", "shared_with": {"users": [user(2), "me"]}}), "shared_with.users[1]"),
        (json!({"visibility": "shared", "shared_with": {"users": crowd}}), "shared_with.users"),
        (json!({"visibility": "shared", "shared_with": {"friends": []}}), "shared_with.friends"),
    ] {
        let answer = set(&world, body).await;
        assert_eq!((answer.status, answer.fields()), (400, vec![field]), "{}", answer.text);
    }
    assert_eq!(view(&world, None, user(1).as_str()).await.status, 404);
}

#[tokio::test]
async fn a_public_profile_shows_four_fields_to_everybody() {
    let (world, _) = with_profile().await;
    set(&world, json!({"visibility": "public"})).await;
    for who in [None, Some((2, Role::Customer)), Some((3, Role::Doctor)), Some((1, Role::Customer))] {
        let answer = view(&world, who, user(1).as_str()).await;
        let expected = json!({
            "id": user(1), "full_name": "Anna Karki", "picture_url": null, "created_at": "2026-11-20T10:00:00.000Z",
        });
        assert_eq!((answer.status, &answer.body), (200, &expected), "{who:?}");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    assert_eq!(trail(&world, &user(1)).await, [], "what everybody may see is nobody's business");
}

#[tokio::test]
async fn a_shared_profile_shows_to_those_who_are_named() {
    let (world, _) = with_profile().await;
    set(&world, shared_with(&[2], &["doctor"])).await;
    for (who, seen) in [
        (None, false),
        (Some((1, Role::Customer)), true),
        (Some((2, Role::Customer)), true),
        (Some((3, Role::Customer)), false),
        (Some((4, Role::Doctor)), true),
        (Some((5, Role::PharmacyAdmin)), false),
        (Some((6, Role::SuperAdmin)), false),
    ] {
        let answer = view(&world, who, user(1).as_str()).await;
        assert_eq!(answer.status, if seen { 200 } else { 404 }, "{who:?}");
    }
}

#[tokio::test]
async fn who_works_here_leaves_a_trace_before_they_see_and_where_they_may_not() {
    let (world, _) = with_profile().await;
    set(&world, shared_with(&[5], &["doctor"])).await;
    for (number, role) in
        [(2, Role::Customer), (3, Role::Seller), (4, Role::Doctor), (5, Role::PharmacyAdmin), (1, Role::Customer)]
    {
        view(&world, Some((number, role)), user(1).as_str()).await;
    }
    let entry = |number: u32, outcome: &str| (user(number).to_string(), "profile.read".to_owned(), outcome.to_owned());
    let expected = [entry(3, "refused"), entry(4, "allowed"), entry(5, "allowed")];
    let mut found = trail(&world, &user(1)).await;
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_cannot_be_put_on_the_trail_is_not_shown() {
    let (world, _) = with_profile().await;
    set(&world, shared_with(&[], &["doctor"])).await;
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    for id in [user(1), user(9)] {
        let answer = view(&world, Some((4, Role::Doctor)), id.as_str()).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
    }
    assert_eq!(view(&world, Some((2, Role::Customer)), user(1).as_str()).await.status, 404);
}

/// The calls, but for the counting of requests, which leases skip at times.
fn besides_counting(cloud: &Cloud) -> Vec<String> {
    cloud.calls().into_iter().filter(|call| call != "UpdateItem").collect()
}

#[tokio::test]
async fn private_unknown_and_impossible_profiles_are_one_and_the_same() {
    let (world, cloud) = with_profile().await;
    for who in [None, Some((2, Role::Customer)), Some((4, Role::Doctor))] {
        // The feed of ended sessions is read once, before anything is compared.
        view(&world, who, user(1).as_str()).await;
        let mut seen = Vec::new();
        for id in [user(1).as_str(), user(99).as_str(), MALFORMED, ""] {
            cloud.calls();
            let answer = view(&world, who, id).await;
            let works_here = who.is_some_and(|(_, role)| role == Role::Doctor);
            // An id that cannot be one is about nobody, and so is no entry of the trail.
            if works_here && UserId::parse(id).is_err() {
                assert_eq!(besides_counting(&cloud), ["GetItem"], "{id}");
                continue;
            }
            let mut headers: Vec<_> =
                answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            headers.retain(|(name, _)| name.as_str() != "ratelimit");
            headers.sort_by_key(|(name, _)| name.to_string());
            seen.push((answer.status, answer.text.clone(), headers, besides_counting(&cloud)));
        }
        assert_eq!(seen[0].0, 404);
        assert!(seen.iter().all(|one| *one == seen[0]), "{who:?}: {seen:?}");
    }
}
