//! The keys that all functions follow: published once, changed with an overlap, and read with the feed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::cloudy_world;
use support::world;

const ANNA: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11";
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn many_who_publish_at_once_publish_one_set() {
    let world = world().await;
    join_all((0..20).map(|_| async { world.app.key_publisher().publish().await.unwrap() })).await;
    let (one, other) = (world.another_instance().await, world.another_instance().await);
    for instance in [&one, &other] {
        instance.revocations().warm_up(&instance.guard_table(), world.clock.now()).await.unwrap();
    }
    let signature = one.signing_keys().unwrap().sign(b"x");
    assert_eq!(other.signing_keys().unwrap().sign(b"x"), signature);
}

#[tokio::test]
async fn what_was_signed_is_good_for_a_session_and_not_for_ever() {
    let world = world().await;
    let before = world.app.signing_keys().unwrap();
    let (signature, lasting) = (before.sign(b"x"), before.lasting(b"x"));
    for day in 1..=90 {
        world.clock.advance(DAY);
        world.app.key_publisher().publish().await.unwrap();
        world.read_keys().await;
        let keys = world.app.signing_keys().unwrap();
        let good = keys.signatures(b"x").any(|one| one == signature);
        assert!(good || day > 60, "day {day}");
        assert!(!good || day < 63, "day {day}");
        assert_eq!(keys.lasting(b"x"), lasting, "day {day}");
    }
    assert_ne!(world.app.signing_keys().unwrap().sign(b"x"), signature);
}

#[tokio::test]
async fn a_token_is_checked_with_the_published_keys_and_nobody_is_asked() {
    let (world, cloud) = cloudy_world().await;
    let anna = UserId::parse(ANNA).unwrap();
    let instance = world.another_instance().await;
    instance.revocations().warm_up(&instance.guard_table(), world.clock.now()).await.unwrap();
    cloud.calls();
    let token = world.token(&anna, Role::Customer);
    assert_eq!(instance.verifier().verify(&token, world.clock.now()).await.unwrap().user, anna);
    assert_eq!(cloud.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_deletes_the_resource_changes_no_keys() {
    let world = world().await;
    let before = world.app.signing_keys().unwrap().sign(b"x");
    let event = json!({"RequestType": "Delete", "LogicalResourceId": "PublishedKeys"});
    let worker = registry::WORKERS.iter().find(|worker| worker.name == "platform-keys").unwrap();
    assert_eq!((worker.run)(&world.app, event).await.unwrap(), json!(null));
    world.read_keys().await;
    assert_eq!(world.app.signing_keys().unwrap().sign(b"x"), before);
}
