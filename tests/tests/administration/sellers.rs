//! Becoming a seller.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed};
use support::{Answer, World};

use crate::{ANNA, OTHER, ROOT, groups, house, id, token, trail};

fn endpoint(name: &str) -> &'static shared::api::Endpoint {
    registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint
}

async fn apply(world: &World, cloud: &Cloud) -> Answer {
    let token = token(world, cloud, ANNA, Role::Customer);
    let body = json!({"business_name": "Lakeside Herbs", "registration_number": "PAN 1", "about": "Herbs."});
    let route = ("POST", "/v1/sellers/applications");
    world.call(endpoint("sellers-apply"), route, &[], Some(&token), Some(body)).await
}

async fn decide(world: &World, cloud: &Cloud, by: &str, application: &Answer, decision: &str) -> Answer {
    let token = token(world, cloud, by, Role::PharmacyAdmin);
    let application = application.body["id"].as_str().unwrap();
    let route = ("POST", "/v1/sellers/applications/x/decide");
    let body = json!({"decision": decision, "note": "Seen the papers."});
    let endpoint = endpoint("sellers-decide-application");
    world.call(endpoint, route, &[("id", application)], Some(&token), Some(body)).await
}

async fn open(world: &World, cloud: &Cloud) -> Vec<Value> {
    let token = token(world, cloud, ROOT, Role::PharmacyAdmin);
    let route = ("GET", "/v1/sellers/applications");
    let listed = world.call(endpoint("sellers-list-applications"), route, &[], Some(&token), None).await;
    assert_eq!(listed.status, 200, "{}", listed.text);
    listed.body["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_customer_becomes_a_seller_and_is_told() {
    let (world, cloud) = house().await;
    let anna = UserId::parse(&id(&cloud, ANNA)).unwrap();
    world.make_profile(&anna, Email::parse(ANNA).unwrap(), FullName::parse("Anna Rai").unwrap()).await;
    let applied = apply(&world, &cloud).await;
    assert_eq!((applied.status, &applied.body["status"]), (201, &json!("requested")), "{}", applied.text);
    assert_eq!(apply(&world, &cloud).await.code(), "already_applied");
    assert_eq!(open(&world, &cloud).await[0]["id"], applied.body["id"]);
    let approved = decide(&world, &cloud, ROOT, &applied, "approve").await;
    assert_eq!((approved.status, &approved.body["status"]), (200, &json!("approved")), "{}", approved.text);
    assert_eq!(groups(&cloud, ANNA), ["customer", "seller"]);
    assert!(open(&world, &cloud).await.is_empty());
    let shop_name = async || world.app.sellers().get(&anna).await.unwrap().display_name.to_string();
    assert_eq!(shop_name().await, "Lakeside Herbs", "what the business is called");
    assert_eq!(cloud.messages().all().len(), 1);
    assert_eq!(decide(&world, &cloud, OTHER, &applied, "reject").await.status, 404);
    let actions: Vec<_> = trail(&world).await.into_iter().map(|(action, ..)| action).collect();
    for action in ["seller.apply", "seller.read_application", "user.set_roles", "seller.decide"] {
        assert!(actions.iter().any(|one| one == action), "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn who_is_rejected_stays_a_customer_and_may_apply_again() {
    let (world, cloud) = house().await;
    let applied = apply(&world, &cloud).await;
    let rejected = decide(&world, &cloud, ROOT, &applied, "reject").await;
    assert_eq!((rejected.status, &rejected.body["status"]), (200, &json!("rejected")), "{}", rejected.text);
    assert_eq!(groups(&cloud, ANNA), ["customer"]);
    assert_eq!(apply(&world, &cloud).await.status, 201);
}

#[tokio::test]
async fn nobody_decides_on_their_own_application() {
    let (world, cloud) = house().await;
    let applied = apply(&world, &cloud).await;
    let refused = decide(&world, &cloud, ANNA, &applied, "approve").await;
    assert_eq!((refused.status, refused.code()), (403, "own_account"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_decide_at_once_decide_once() {
    let (world, cloud) = house().await;
    let applied = apply(&world, &cloud).await;
    let decisions = [(ROOT, "approve"), (OTHER, "reject"), (ROOT, "reject"), (OTHER, "approve")];
    let answers = join_all(decisions.iter().map(|(by, decision)| decide(&world, &cloud, by, &applied, decision))).await;
    let done: Vec<_> = answers.iter().filter(|answer| answer.status == 200).map(|one| &one.body["status"]).collect();
    assert!(!done.is_empty() && done.iter().all(|status| *status == done[0]), "{done:?}");
    let is_seller = groups(&cloud, ANNA).contains(&"seller".to_owned());
    assert_eq!(is_seller, *done[0] == json!("approved"), "the role and the decision say the same");
}

#[tokio::test]
async fn who_is_killed_while_approving_is_finished_by_the_next() {
    for calls in 1..14 {
        let (world, cloud) = house().await;
        let applied = apply(&world, &cloud).await;
        let approve = decide(&world, &cloud, ROOT, &applied, "approve");
        if cloud.run_until(calls, Killed::After, approve).await.is_some() {
            return;
        }
        // The turn of whoever was killed has to run out.
        world.clock.advance(std::time::Duration::from_secs(20));
        let again = decide(&world, &cloud, OTHER, &applied, "approve").await;
        assert!(matches!(again.status, 200 | 404), "after {calls} calls: {}", again.text);
        assert_eq!(groups(&cloud, ANNA), ["customer", "seller"], "after {calls} calls");
        assert!(open(&world, &cloud).await.is_empty(), "after {calls} calls");
    }
}
