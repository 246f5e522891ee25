//! Who has asked to be erased does not begin to work here, and who works here by then is not erased.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::cloudy_world;
use support::{Answer, World, user};

use crate::erasure::{delete, erased, has_profile, work};
use crate::life::{Item, PASSWORD, Person, join, text};

async fn put(world: &World, what: &str, person: &Person, body: Value) -> Answer {
    let endpoint = match what {
        "roles" => &admin_set_roles::ENDPOINT,
        _ => &admin_set_enabled::ENDPOINT,
    };
    let admin = world.token(&user(901), Role::SuperAdmin);
    let parameters = [("id", person.id.as_str())];
    world.call(endpoint, ("PUT", "/v1/admin/users/x/x"), &parameters, Some(&admin), Some(body)).await
}

#[tokio::test]
async fn who_has_asked_to_be_erased_is_not_brought_back() {
    let (world, cloud) = cloudy_world().await;
    let (anna, boris) = (join(&world, &cloud, "Anna").await, join(&world, &cloud, "Boris").await);
    delete(&world, &anna, PASSWORD).await.expect(202);
    let works_here = Role::ALL.into_iter().filter(|role| *role != Role::Customer);
    for role in works_here {
        let answer = put(&world, "roles", &anna, json!({"roles": ["customer", role]})).await;
        assert_eq!((answer.status, answer.code()), (409, "being_erased"), "{role:?}: {}", answer.text);
    }
    let answer = put(&world, "enabled", &anna, json!({"enabled": true})).await;
    assert_eq!((answer.status, answer.code()), (409, "being_erased"), "{}", answer.text);
    let stored = cloud.pool().user(&anna.email).unwrap().clone();
    assert_eq!((stored.enabled, stored.groups), (false, BTreeSet::from(["customer".to_owned()])));
    // What brings nobody back is done, and nobody else is held up.
    put(&world, "roles", &anna, json!({"roles": []})).await.expect(200);
    put(&world, "enabled", &anna, json!({"enabled": false})).await.expect(200);
    put(&world, "roles", &boris, json!({"roles": ["doctor"]})).await.expect(200);
    put(&world, "enabled", &boris, json!({"enabled": true})).await.expect(200);
    world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&world).await), 1);
}

#[tokio::test]
async fn what_is_refused_so_is_on_the_trail() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    delete(&world, &anna, PASSWORD).await.expect(202);
    put(&world, "roles", &anna, json!({"roles": ["doctor"]})).await.expect(409);
    put(&world, "enabled", &anna, json!({"enabled": true})).await.expect(409);
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let part = |item: &Item, name: &str| text(item, name).to_owned();
    let refused: BTreeSet<_> = items
        .iter()
        .filter(|item| text(item, "outcome") == "refused")
        .map(|item| (part(item, "action"), part(item, "actor"), part(item, "subject")))
        .collect();
    let entry = |action: &str| (action.to_owned(), user(901).to_string(), anna.id.to_string());
    assert_eq!(refused, BTreeSet::from([entry("user.set_roles"), entry("user.enable")]));
}

#[tokio::test]
async fn who_works_here_by_then_is_not_erased_until_their_roles_are_taken() {
    let (world, cloud) = cloudy_world().await;
    let (anna, boris) = (join(&world, &cloud, "Anna").await, join(&world, &cloud, "Boris").await);
    delete(&world, &anna, PASSWORD).await.expect(202);
    delete(&world, &boris, PASSWORD).await.expect(202);
    // In the moment between the check of the roles and the request, or in Cognito's console.
    cloud.pool().user_mut(anna.id.as_str()).groups = BTreeSet::from([Role::Seller.group().to_owned()]);
    world.clock.advance(Duration::from_mins(17));
    for _ in 0..2 {
        assert_eq!(work(&world).await.unwrap_err().code(), "unavailable", "an operator is told");
        assert!(has_profile(&world, &anna).await && cloud.pool().user(&anna.email).is_some());
    }
    assert!(!has_profile(&world, &boris).await, "nobody else is held up");
    let by_hand = (profile_erase::WORKER.run)(&world.app, json!({"user": anna.id})).await;
    assert_eq!(by_hand.unwrap_err().code(), "staff_account");
    assert!(has_profile(&world, &anna).await);
    put(&world, "roles", &anna, json!({"roles": ["customer"]})).await.expect(200);
    assert_eq!(erased(&work(&world).await), 1);
    assert!(!has_profile(&world, &anna).await && cloud.pool().user(&anna.email).is_none());
}
