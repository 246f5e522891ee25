//! Ways in that stay, for who comes from elsewhere and for who has signed in: they take a fresh sign-in and are on the
//! trail. And what is no person: stand-ins for addresses, and the copies that Cognito keeps.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Elsewhere, cloudy_world};
use support::{Answer, World, event, user};

const EMAIL: &str = "anna@example.org";
const NEW: &str = "anna.karki@example.net";
const PASSWORD: &str = "tigers sleep in june";
/// Where people may come back to.
const HOME: &str = "https://shop.example/signed-in";
const LATE: Duration = Duration::from_secs(601);
const STALE: (u16, &str) = (401, "insufficient_user_authentication");

/// Anna at another provider, where nobody vouches for an address of hers.
fn elsewhere(provider: &'static str, subject: &str) -> Elsewhere {
    let name = Some("Anna Karki".to_owned());
    Elsewhere { provider, subject: subject.to_owned(), email: None, verified: None, name }
}

async fn call(world: &World, function: &str, method: &str, token: Option<&str>, body: Option<Value>) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap_or_else(|| panic!("{function}"));
    world.call(found.endpoint, (method, "/"), &[], token, body).await
}

/// Comes back from another provider, in the browser that was led there.
async fn come_back(world: &World, cloud: &Cloud, person: &Elsewhere, token: Option<&str>) -> Answer {
    let provider = person.provider.to_lowercase();
    let mut sent = event("GET", "/", &[("provider", &provider)], None, None);
    sent["rawQueryString"] = json!(format!("redirect_uri={}", HOME.replace(':', "%3A").replace('/', "%2F")));
    sent["queryStringParameters"] = json!({"redirect_uri": HOME});
    let led = world.send(&auth_start_social::ENDPOINT, &sent).await;
    assert_eq!(led.status, 302, "{}", led.text);
    let header = |name: &str| led.headers[name].to_str().unwrap().to_owned();
    let back = cloud.hosted_ui().visit(&header("location"), person);
    let body = json!({"code": back.code, "state": back.state});
    let mut sent = event("POST", "/", &[], token, Some(&body));
    sent["cookies"] = json!([header("set-cookie").split(';').next()]);
    world.send(&auth_finish_social::ENDPOINT, &sent).await
}

/// Signs in with the password; Anna has an account.
async fn login(world: &World) -> Answer {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    call(world, "auth-login", "POST", None, Some(body)).await
}

fn token(answer: &Answer) -> String {
    answer.body["access_token"].as_str().unwrap_or_else(|| panic!("nobody: {}", answer.text)).to_owned()
}

fn id(answer: &Answer) -> UserId {
    UserId::parse(answer.body["user"]["id"].as_str().unwrap_or_else(|| panic!("nobody: {}", answer.text))).unwrap()
}

fn refusal(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code())
}

/// Actor, outcome and detail of the entries of the trail for an action.
async fn trail(world: &World, action: &str) -> Vec<(String, String, String)> {
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let text = |item: &HashMap<String, AttributeValue>, name: &str| {
        item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
    };
    let mut items: Vec<_> = items.iter().filter(|item| text(item, "action") == action).collect();
    items.sort_by_key(|item| text(item, "sk"));
    items.into_iter().map(|item| (text(item, "actor"), text(item, "outcome"), text(item, "detail"))).collect()
}

fn entry(actor: &UserId, outcome: &str, detail: &str) -> (String, String, String) {
    (actor.to_string(), outcome.to_owned(), detail.to_owned())
}

// ------------------------------------------------------------- ways in that stay

#[tokio::test]
async fn an_identity_is_linked_by_a_fresh_sign_in_and_by_no_other() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let (anna, google) = (login(&world).await, elsewhere("Google", "1"));
    world.clock.advance(LATE);
    let late = come_back(&world, &cloud, &google, Some(&token(&anna))).await;
    assert_eq!(refusal(&late), STALE, "{}", late.text);
    assert_eq!(late.headers["www-authenticate"], "Bearer error=\"insufficient_user_authentication\"");
    // A new token is no new sign-in.
    let body = json!({"refresh_token": anna.body["refresh_token"]});
    let refreshed = call(&world, "auth-refresh", "POST", None, Some(body)).await;
    assert_eq!(refusal(&come_back(&world, &cloud, &google, Some(&token(&refreshed))).await), STALE);
    assert!(world.app.external_identities().of(&id(&anna)).await.unwrap().is_empty());
    world.clock.advance(Duration::from_secs(1));
    let fresh = login(&world).await;
    let linked = come_back(&world, &cloud, &google, Some(&token(&fresh))).await;
    assert_eq!((linked.status, id(&linked)), (200, id(&anna)), "{}", linked.text);
    let refused = entry(&id(&anna), "refused", "");
    let expected = [refused.clone(), refused, entry(&id(&anna), "allowed", "google")];
    assert_eq!(trail(&world, "identity.link").await, expected);
    assert!(trail(&world, "session.refuse").await.is_empty(), "each refusal is on the trail once");
}

#[tokio::test]
async fn who_signs_in_again_with_what_is_theirs_needs_no_fresh_sign_in() {
    let (world, cloud) = cloudy_world().await;
    let google = elsewhere("Google", "1");
    let anna = come_back(&world, &cloud, &google, None).await;
    assert_eq!(trail(&world, "identity.link").await, [entry(&id(&anna), "allowed", "google")]);
    world.clock.advance(LATE);
    let again = come_back(&world, &cloud, &google, Some(&token(&anna))).await;
    assert_eq!((again.status, id(&again)), (200, id(&anna)), "{}", again.text);
    assert_eq!(trail(&world, "identity.link").await.len(), 1, "nothing was linked");
}

#[tokio::test]
async fn an_identity_of_somebody_else_is_refused_on_the_trail() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let (taken, anna) = (elsewhere("Google", "2"), login(&world).await);
    let stranger = come_back(&world, &cloud, &taken, None).await;
    world.clock.advance(Duration::from_secs(1));
    let refused = come_back(&world, &cloud, &taken, Some(&token(&anna))).await;
    assert_eq!(refusal(&refused), (409, "identity_taken"), "{}", refused.text);
    let expected = [entry(&id(&stranger), "allowed", "google"), entry(&id(&anna), "refused", "google")];
    assert_eq!(trail(&world, "identity.link").await, expected);
}

#[tokio::test]
async fn what_cannot_be_put_on_the_trail_links_nobody() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let anna = login(&world).await;
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let failed = come_back(&world, &cloud, &elsewhere("Google", "1"), Some(&token(&anna))).await;
    assert!(failed.status >= 500, "{}", failed.text);
    assert!(world.app.external_identities().of(&id(&anna)).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_authenticator_is_enrolled_by_a_fresh_sign_in_and_by_no_other() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let anna = login(&world).await;
    world.clock.advance(LATE);
    let late = call(&world, "auth-enroll-mfa", "POST", Some(&token(&anna)), None).await;
    assert_eq!(refusal(&late), STALE, "{}", late.text);
    assert!(late.body["secret"].is_null());
    // Nor by a token of a session that there is not.
    let made_up = world.token(&id(&anna), Role::Customer);
    assert_eq!(refusal(&call(&world, "auth-enroll-mfa", "POST", Some(&made_up), None).await), STALE);
    assert_eq!(trail(&world, "mfa.enroll").await, [entry(&id(&anna), "refused", ""), entry(&id(&anna), "refused", "")]);
    let fresh = login(&world).await;
    let shown = call(&world, "auth-enroll-mfa", "POST", Some(&token(&fresh)), None).await;
    assert!(shown.body["secret"].is_string(), "{}", shown.text);
}

// -------------------------------------------------------------- what is no person

#[tokio::test]
async fn what_stands_in_for_an_address_is_neither_shown_nor_written_to() {
    let (world, cloud) = cloudy_world().await;
    let facebook = elsewhere("Facebook", "7");
    let anna = come_back(&world, &cloud, &facebook, None).await;
    let in_pool = cloud.pool().user(id(&anna).as_str()).unwrap().email.clone().unwrap();
    assert!(in_pool.ends_with("@social.invalid"), "{in_pool}");
    let admin = world.token(&user(900), Role::SuperAdmin);
    let list = async |query: &str| {
        let path = format!("/?query={query}");
        let found = world.call(&admin_list_users::ENDPOINT, ("GET", &path), &[], Some(&admin), None).await;
        assert_eq!(found.status, 200, "{}", found.text);
        found.body["items"].as_array().unwrap().clone()
    };
    let shown = list("Anna").await;
    assert_eq!((shown.len(), &shown[0]["email"], &shown[0]["full_name"]), (1, &Value::Null, &json!("Anna Karki")));
    assert!(list("facebook-").await.is_empty(), "nobody is found by it");
    let read =
        world.call(&admin_get_user::ENDPOINT, ("GET", "/"), &[("id", id(&anna).as_str())], Some(&admin), None).await;
    assert_eq!((read.status, &read.body["email"]), (200, &Value::Null), "{}", read.text);
    let export = call(&world, "profile-export", "GET", Some(&token(&anna)), None).await;
    assert_eq!((export.status, &export.body["account"]["email"]), (200, &Value::Null), "{}", export.text);
    let linked = &export.body["account"]["linked_identities"][0];
    assert_eq!((&linked["provider"], &linked["email"]), (&json!("facebook"), &Value::Null), "there is no copy");
    let change = call(&world, "auth-change-contact", "POST", Some(&token(&anna)), Some(json!({"email": NEW}))).await;
    assert_eq!(change.status, 202, "{}", change.text);
    let told: Vec<_> = cloud.messages().all().iter().map(|message| message.to.clone()).collect();
    assert_eq!(told, [NEW], "there was nobody to be told before");
}

#[tokio::test]
async fn a_profile_that_is_made_late_has_no_stand_in() {
    let (world, cloud) = cloudy_world().await;
    let facebook = elsewhere("Facebook", "7");
    let anna = come_back(&world, &cloud, &facebook, None).await;
    let key = world.dynamo.delete_item().table_name("accounts");
    let key = key.key("pk", AttributeValue::S(format!("USER#{}", id(&anna))));
    key.key("sk", AttributeValue::S("PROFILE".to_owned())).send().await.unwrap();
    let again = come_back(&world, &cloud, &facebook, None).await;
    let profile = call(&world, "profile-get", "GET", Some(&token(&again)), None).await;
    assert_eq!((profile.status, &profile.body["email"]), (200, &Value::Null), "{}", profile.text);
}

#[tokio::test]
async fn copies_that_cognito_keeps_are_nobody() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add("root@example.org", PASSWORD, &[Role::SuperAdmin], "CONFIRMED");
    cloud.pool().copy("Google_1", Some(EMAIL), "Anna Karki");
    let pool_id = |name: &str| cloud.pool().user(name).unwrap().id.clone();
    let (root, copy) = (pool_id("root@example.org"), pool_id("Google_1"));
    // Somebody gave it a role in Cognito's console.
    cloud.pool().user_mut("Google_1").groups.insert(Role::SuperAdmin.group().to_owned());
    let admin = world.token(&user(900), Role::SuperAdmin);
    for query in ["", "query=Anna", "role=super_admin", "status=enabled"] {
        let path = format!("/?{query}");
        let found = world.call(&admin_list_users::ENDPOINT, ("GET", &path), &[], Some(&admin), None).await;
        assert_eq!(found.status, 200, "{}", found.text);
        assert!(!found.text.contains(&copy), "{query}: {}", found.text);
        assert_eq!(found.text.contains(&root), query != "query=Anna", "{query}: {}", found.text);
    }
    let read = world.call(&admin_get_user::ENDPOINT, ("GET", "/"), &[("id", &copy)], Some(&admin), None).await;
    assert_eq!(refusal(&read), (404, "not_found"));
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap();
    assert!(items.count() > 0 && !format!("{:?}", items.items()).contains(&copy), "nobody was shown");
    // Nor is it somebody who is left in charge.
    let shut = json!({"enabled": false});
    let refused =
        world.call(&admin_set_enabled::ENDPOINT, ("PUT", "/"), &[("id", &root)], Some(&admin), Some(shut)).await;
    assert_eq!(refusal(&refused), (409, "last_super_admin"), "{}", refused.text);
}
