//! Signing in with another provider: whose account it becomes, and every way to make it somebody else's.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::audit::{Action, Origin};
use shared::identity::social::{AttemptStore, Provider, StartSocial};
use shared::platform::ids::UserId;
use support::cloud::{CameBack, Cloud, Elsewhere, Killed, cloudy_world, decoded, unsigned};
use support::{Answer, World, event};

const EMAIL: &str = "anna@example.org";
const PASSWORD: &str = "tigers sleep in june";
const HOME: &str = "https://shop.example/signed-in";
const ORIGIN: &str = "https://shop.example";

// -------------------------------------------------------------------- people

fn google(subject: &str, email: Option<&str>, verified: Option<&'static str>) -> Elsewhere {
    let email = email.map(str::to_owned);
    Elsewhere { provider: "Google", subject: subject.to_owned(), email, verified, name: Some("Anna Karki".to_owned()) }
}

fn anna() -> Elsewhere {
    google("104857600000000000001", Some(EMAIL), Some("true"))
}

fn facebook(subject: &str, email: Option<&str>) -> Elsewhere {
    // It would not say "true", and is not believed if it did.
    Elsewhere { provider: "Facebook", ..google(subject, email, Some("true")) }
}

/// A browser that was led away.
struct Away {
    location: String,
    cookie: String,
}

async fn start(world: &World, provider: &str, redirect_uri: &str) -> Answer {
    let mut sent = event("GET", &format!("/v1/auth/social/{provider}"), &[("provider", provider)], None, None);
    let escaped: String = redirect_uri.bytes().map(|byte| format!("%{byte:02X}")).collect();
    sent["rawQueryString"] = json!(format!("redirect_uri={escaped}"));
    sent["queryStringParameters"] = json!({"redirect_uri": redirect_uri});
    world.send(&auth_start_social::ENDPOINT, &sent).await
}

async fn away(world: &World, provider: &str) -> Away {
    let answer = start(world, provider, HOME).await;
    assert_eq!(answer.status, 302, "{}", answer.text);
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    let cookie = header("set-cookie").split(';').next().unwrap().to_owned();
    Away { location: header("location"), cookie }
}

/// What comes with code and state.
#[derive(Clone, Copy, Default)]
struct With<'a> {
    cookie: Option<&'a str>,
    origin: Option<&'a str>,
    token: Option<&'a str>,
}

async fn finish(world: &World, back: &CameBack, with: With<'_>) -> Answer {
    let body = json!({"code": back.code, "state": back.state});
    let mut sent = event("POST", "/v1/auth/social/callback", &[], with.token, Some(&body));
    if let Some(cookie) = with.cookie {
        sent["cookies"] = json!(["other=1", cookie]);
    }
    if let Some(origin) = with.origin {
        sent["headers"]["origin"] = json!(origin);
    }
    world.send(&auth_finish_social::ENDPOINT, &sent).await
}

/// All of it, in a browser.
async fn sign_in(world: &World, cloud: &Cloud, person: &Elsewhere, token: Option<&str>) -> Answer {
    let away = away(world, &person.provider.to_lowercase()).await;
    let back = cloud.hosted_ui().visit(&away.location, person);
    finish(world, &back, With { cookie: Some(&away.cookie), origin: Some(ORIGIN), token }).await
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

fn id(answer: &Answer) -> UserId {
    let id = answer.body["user"]["id"].as_str().unwrap_or_else(|| panic!("nobody: {}", answer.text));
    UserId::parse(id).unwrap()
}

fn refusal(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code())
}

fn endpoint(function: &str) -> &'static Endpoint {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function);
    found.unwrap_or_else(|| panic!("{function}")).endpoint
}

async fn profile(world: &World, session: &Answer) -> Value {
    let token = text(session, "access_token");
    world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(&token), None).await.body
}

async fn member(world: &World, cloud: &Cloud) -> Answer {
    let post = |endpoint, body| world.call(endpoint, ("POST", "/"), &[], None, Some(body));
    post(&auth_register::ENDPOINT, json!({"email": EMAIL, "password": PASSWORD, "full_name": "Anna K"})).await;
    post(&auth_confirm::ENDPOINT, json!({"email": EMAIL, "code": cloud.messages().code(EMAIL)})).await;
    login(world).await
}

async fn login(world: &World) -> Answer {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await
}

// ------------------------------------------------------------ whose account it is

#[tokio::test]
async fn a_stranger_gets_an_account_and_the_same_one_next_time() {
    let (world, cloud) = cloudy_world().await;
    let first = sign_in(&world, &cloud, &anna(), None).await;
    assert_eq!((first.status, &first.body["user"]["roles"]), (200, &json!(["customer"])), "{}", first.text);
    let shown = profile(&world, &first).await;
    assert_eq!((&shown["email"], &shown["full_name"]), (&json!(EMAIL), &json!("Anna Karki")));
    // A changed address elsewhere changes nothing: people are known by their subject.
    let moved = google(&anna().subject, Some("other@example.org"), Some("true"));
    let second = sign_in(&world, &cloud, &moved, None).await;
    assert_eq!((id(&second), cloud.pool().count()), (id(&first), 1));
    assert_eq!(profile(&world, &second).await["email"], EMAIL);
    assert_ne!(text(&first, "refresh_token"), text(&second, "refresh_token"));
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_is_nobodys() {
    for (person, how) in [
        (google("2", Some(EMAIL), Some("false")), "not verified"),
        (google("2", Some(EMAIL), None), "nothing said"),
        (facebook("2", Some(EMAIL)), "facebook"),
        (facebook("2", None), "no address"),
        // Cyrillic а.
        (google("2", Some("аnna@example.org"), Some("true")), "look-alike"),
        (google("2", Some("anna@example.org\u{200b}"), Some("true")), "invisible"),
    ] {
        let (world, cloud) = cloudy_world().await;
        let owner = member(&world, &cloud).await;
        let other = sign_in(&world, &cloud, &person, None).await;
        assert_eq!(other.status, 200, "{how}: {}", other.text);
        assert_ne!(id(&other), id(&owner), "{how}");
        assert_eq!(profile(&world, &other).await["email"], Value::Null, "{how}");
        assert_eq!(id(&sign_in(&world, &cloud, &person, None).await), id(&other), "{how}");
        assert_eq!(id(&login(&world).await), id(&owner), "{how}");
    }
}

#[tokio::test]
async fn an_account_is_linked_by_its_owner_and_by_nobody_else() {
    let (world, cloud) = cloudy_world().await;
    let owner = member(&world, &cloud).await;
    let refused = sign_in(&world, &cloud, &anna(), None).await;
    assert_eq!(refusal(&refused), (409, "account_exists"));
    assert!(world.app.external_identities().of(&id(&owner)).await.unwrap().is_empty());
    let token = text(&owner, "access_token");
    let linked = sign_in(&world, &cloud, &anna(), Some(&token)).await;
    assert_eq!((linked.status, id(&linked)), (200, id(&owner)), "{}", linked.text);
    let again = sign_in(&world, &cloud, &anna(), None).await;
    assert_eq!((id(&again), cloud.pool().count()), (id(&owner), 1));
    // The password goes on working, and to link again changes nothing.
    assert_eq!(id(&login(&world).await), id(&owner));
    assert_eq!(sign_in(&world, &cloud, &anna(), Some(&token)).await.status, 200);
    assert_eq!(world.app.external_identities().of(&id(&owner)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_has_another_provider_linked_is_told() {
    let (world, cloud) = cloudy_world().await;
    let owner = member(&world, &cloud).await;
    let token = text(&owner, "access_token");
    let told = |cloud: &Cloud| cloud.messages().to(EMAIL).into_iter().filter(|one| one.subject.contains("Another way"));
    assert_eq!(sign_in(&world, &cloud, &anna(), Some(&token)).await.status, 200);
    assert_eq!(told(&cloud).map(|one| one.text.contains("Google")).collect::<Vec<_>>(), [true]);
    // Nothing is new about the same once more, nor about signing in by it.
    sign_in(&world, &cloud, &anna(), Some(&token)).await;
    sign_in(&world, &cloud, &anna(), None).await;
    assert_eq!(told(&cloud).count(), 1);
    cloud.messages().down = true;
    let linked = sign_in(&world, &cloud, &facebook("3", None), Some(&token)).await;
    assert_eq!((linked.status, id(&linked)), (200, id(&owner)), "{}", linked.text);
}

#[tokio::test]
async fn an_identity_has_one_account_and_an_account_one_identity_of_each_provider() {
    let (world, cloud) = cloudy_world().await;
    let owner = member(&world, &cloud).await;
    let token = text(&owner, "access_token");
    let stranger = sign_in(&world, &cloud, &google("2", None, None), None).await;
    let taken = sign_in(&world, &cloud, &google("2", None, None), Some(&token)).await;
    assert_eq!(refusal(&taken), (409, "identity_taken"));
    assert_eq!(id(&sign_in(&world, &cloud, &google("2", None, None), None).await), id(&stranger));
    assert_eq!(sign_in(&world, &cloud, &google("3", None, None), Some(&token)).await.status, 200);
    let another = sign_in(&world, &cloud, &google("4", None, None), Some(&token)).await;
    assert_eq!(refusal(&another), (409, "provider_linked"));
    assert_eq!(sign_in(&world, &cloud, &facebook("3", None), Some(&token)).await.status, 200);
}

#[tokio::test]
async fn a_registration_that_nobody_confirmed_holds_no_address() {
    let (world, cloud) = cloudy_world().await;
    let body = json!({"email": EMAIL, "password": PASSWORD, "full_name": "Mal"});
    world.call(&auth_register::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await;
    let session = sign_in(&world, &cloud, &anna(), None).await;
    assert_eq!((session.status, cloud.pool().count()), (200, 1), "{}", session.text);
    assert_eq!(login(&world).await.status, 401);
}

#[tokio::test]
async fn a_disabled_account_stays_closed() {
    let (world, cloud) = cloudy_world().await;
    let session = sign_in(&world, &cloud, &anna(), None).await;
    cloud.pool().user_mut(id(&session).as_str()).enabled = false;
    assert_eq!(refusal(&sign_in(&world, &cloud, &anna(), None).await), (401, "sign_in_refused"));
}

#[tokio::test]
async fn who_leaves_is_known_no_more() {
    let (world, cloud) = cloudy_world().await;
    let identities = world.app.external_identities();
    let session = sign_in(&world, &cloud, &facebook("1", None), None).await;
    let there = identities.of(&id(&session)).await.unwrap();
    assert_eq!((there.len(), there[0].provider.as_str(), there[0].pool_name.as_str()), (1, "facebook", "Facebook_1"));
    for _ in 0..2 {
        identities.forget_all(&id(&session)).await.unwrap();
        assert!(identities.of(&id(&session)).await.unwrap().is_empty());
    }
}

// ------------------------------------------------------- the copies that Cognito keeps

fn copy_of(person: &Elsewhere) -> String {
    format!("{}_{}", person.provider, person.subject)
}

fn is_copied(cloud: &Cloud, person: &Elsewhere) -> bool {
    cloud.pool().user(&copy_of(person)).is_some()
}

/// What Cognito's hosted UI does of whoever comes by it, unless it has done so before.
fn keep_copy(cloud: &Cloud, person: &Elsewhere) {
    if !is_copied(cloud, person) {
        cloud.pool().copy(&copy_of(person), person.email.as_deref(), person.name.as_deref().unwrap_or_default());
    }
}

/// Comes by a hosted UI that keeps a copy; whether the copy is there afterwards.
async fn copied(world: &World, cloud: &Cloud, person: &Elsewhere, token: Option<&str>) -> (Answer, bool) {
    keep_copy(cloud, person);
    let answer = sign_in(world, cloud, person, token).await;
    (answer, is_copied(cloud, person))
}

#[tokio::test]
async fn who_is_refused_leaves_no_copy_and_whose_identity_it_is_keeps_theirs() {
    let (world, cloud) = cloudy_world().await;
    let early = text(&member(&world, &cloud).await, "access_token");
    let (stranger, another) = (google("2", None, None), google("4", None, None));
    let (session, kept) = copied(&world, &cloud, &stranger, None).await;
    assert_eq!((session.status, kept), (200, true), "{}", session.text);
    let (refused, kept) = copied(&world, &cloud, &anna(), None).await;
    assert_eq!((refusal(&refused), kept), ((409, "account_exists"), false));
    world.clock.advance(Duration::from_secs(601));
    let (refused, kept) = copied(&world, &cloud, &anna(), Some(&early)).await;
    assert_eq!((refusal(&refused), kept), ((401, "insufficient_user_authentication"), false));
    let token = text(&login(&world).await, "access_token");
    let (refused, kept) = copied(&world, &cloud, &stranger, Some(&token)).await;
    assert_eq!((refusal(&refused), kept), ((409, "identity_taken"), true), "the stranger's own");
    // Cognito makes it anew.
    let (linked, kept) = copied(&world, &cloud, &anna(), Some(&token)).await;
    assert_eq!((linked.status, kept), (200, true), "{}", linked.text);
    let (refused, kept) = copied(&world, &cloud, &another, Some(&token)).await;
    assert_eq!((refusal(&refused), kept), ((409, "provider_linked"), false));
    assert!(is_copied(&cloud, &anna()));
    cloud.pool().user_mut(id(&session).as_str()).enabled = false;
    let (refused, kept) = copied(&world, &cloud, &stranger, None).await;
    assert_eq!((refusal(&refused), kept), ((401, "sign_in_refused"), true), "it goes with the account");
}

#[tokio::test]
async fn who_was_not_answered_keeps_their_copy() {
    for throttled in ["AdminCreateUser", "AdminAddUserToGroup"] {
        let (world, cloud) = cloudy_world().await;
        cloud.pool().throttled = Some(throttled);
        let (failed, kept) = copied(&world, &cloud, &anna(), None).await;
        assert_eq!((refusal(&failed), kept), ((503, "unavailable"), true), "{throttled}");
        cloud.pool().throttled = None;
        let (session, kept) = copied(&world, &cloud, &anna(), None).await;
        assert_eq!((session.status, kept), (200, true), "{throttled}: {}", session.text);
    }
}

#[tokio::test]
async fn nobody_but_a_copy_is_deleted_by_its_name() {
    let (world, cloud) = cloudy_world().await;
    let owner = member(&world, &cloud).await;
    // A user of the pool's own to whom somebody has linked an identity in Cognito's console.
    let (issuer, named) = (world.issuer.clone(), id(&owner).to_string());
    cloud.hosted_ui().forge(move |header, mut claims| {
        claims["cognito:username"] = json!(named);
        issuer.sign(&header, &claims)
    });
    assert_eq!(refusal(&sign_in(&world, &cloud, &anna(), None).await), (409, "account_exists"));
    assert_eq!(id(&login(&world).await), id(&owner));
}

#[tokio::test]
async fn a_copy_that_is_linked_while_its_person_is_refused_stays() {
    let (world, cloud) = cloudy_world().await;
    let token = text(&member(&world, &cloud).await, "access_token");
    let refusing = cloud.hold("PutItem", "session.refuse");
    let person = anna();
    let meanwhile = refusing.around(sign_in(&world, &cloud, &person, Some(&token)));
    let refused = Box::pin(copied(&world, &cloud, &person, None));
    let ((refused, kept), linked) = join(refused, meanwhile).await;
    assert_eq!((refusal(&refused), linked.status), ((409, "account_exists"), 200), "{}", linked.text);
    assert!(kept);
}

#[tokio::test]
async fn a_refusal_killed_anywhere_leaves_the_copy_to_the_next_attempt() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let owner = member(&world, &cloud).await;
            let away = away(&world, "google").await;
            keep_copy(&cloud, &anna());
            let back = cloud.hosted_ui().visit(&away.location, &anna());
            let with = With { cookie: Some(&away.cookie), origin: Some(ORIGIN), token: None };
            let finished = cloud.run_until(call, kill, finish(&world, &back, with)).await.is_some();
            // A lease that was not given back ends by itself.
            world.clock.advance(Duration::from_secs(16));
            let (refused, kept) = copied(&world, &cloud, &anna(), None).await;
            assert_eq!((refusal(&refused), kept), ((409, "account_exists"), false), "{kill:?} call {call}");
            let token = text(&login(&world).await, "access_token");
            let (linked, kept) = copied(&world, &cloud, &anna(), Some(&token)).await;
            assert_eq!((id(&linked), kept), (id(&owner), true), "{kill:?} call {call}");
            if finished {
                assert!(call >= 8, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("refusing never ran to its end");
}

// ---------------------------------------------------------- twice, at once, killed

#[tokio::test]
async fn who_has_no_password_leaves_by_a_fresh_sign_in_and_by_no_other() {
    let (world, cloud) = cloudy_world().await;
    let leave = async |session: &Answer| {
        let token = text(session, "access_token");
        world.call(&profile_delete::ENDPOINT, ("DELETE", "/v1/profile"), &[], Some(&token), Some(json!({}))).await
    };
    let session = sign_in(&world, &cloud, &facebook("7", None), None).await;
    world.clock.advance(Duration::from_secs(601));
    let late = leave(&session).await;
    assert_eq!(refusal(&late), (401, "insufficient_user_authentication"), "{}", late.text);
    assert_eq!(late.headers["www-authenticate"], "Bearer error=\"insufficient_user_authentication\"");
    // A new token is no new sign-in.
    let body = json!({"refresh_token": text(&session, "refresh_token")});
    let refreshed = world.call(&auth_refresh::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await;
    assert_eq!(refusal(&leave(&refreshed).await), (401, "insufficient_user_authentication"));
    let again = sign_in(&world, &cloud, &facebook("7", None), None).await;
    assert_eq!(id(&again), id(&session));
    let left = leave(&again).await;
    assert_eq!(left.status, 202, "{}", left.text);
    assert_eq!(refusal(&sign_in(&world, &cloud, &facebook("7", None), None).await), (401, "sign_in_refused"));
}

#[tokio::test]
async fn a_fresh_sign_in_that_was_ended_proves_nothing_however_long_its_token_still_opens() {
    let (world, cloud) = cloudy_world().await;
    let session = sign_in(&world, &cloud, &facebook("7", None), None).await;
    let token = text(&session, "access_token");
    let caller = world.app.verifier().verify(&token, world.clock.now()).await.unwrap();
    let actor = Origin::new("request", None).actor(&caller.user, &caller.roles);
    let proof = async || world.app.credentials().reauthenticate(&caller, None, (&actor, Action::DeleteAccount)).await;
    assert!(proof().await.unwrap().is_none(), "it proves who they are");
    world.app.sessions().end_all(&id(&session), None).await.unwrap();
    // Behind the door that is already shut to the token, as an instance sees it that has not read the feed yet.
    let refused = proof().await.unwrap_err();
    assert_eq!(refused.code(), "insufficient_user_authentication");
    let left =
        world.call(&profile_delete::ENDPOINT, ("DELETE", "/v1/profile"), &[], Some(&token), Some(json!({}))).await;
    assert_eq!(left.code(), "session_ended", "{}", left.text);
    assert!(cloud.pool().user_mut(id(&session).as_str()).enabled, "the account is not closed");
}

#[tokio::test]
async fn a_fresh_sign_in_takes_a_second_factor_away_and_an_old_one_does_not() {
    let (world, cloud) = cloudy_world().await;
    let session = sign_in(&world, &cloud, &facebook("7", None), None).await;
    let token = text(&session, "access_token");
    let call = |name, method, body| world.call(endpoint(name), (method, "/"), &[], Some(&token), Some(body));
    let removed = call("auth-remove-mfa", "DELETE", json!({})).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    world.clock.advance(Duration::from_secs(601));
    for (name, method, body) in
        [("auth-remove-mfa", "DELETE", json!({})), ("auth-change-contact", "POST", json!({"email": EMAIL}))]
    {
        let late = call(name, method, body).await;
        assert_eq!(refusal(&late), (401, "insufficient_user_authentication"), "{name}: {}", late.text);
    }
    assert!(cloud.messages().code(EMAIL).is_none(), "nothing was sent");
}

#[tokio::test]
async fn who_has_a_password_is_asked_for_it_however_fresh_the_sign_in() {
    let (world, cloud) = cloudy_world().await;
    let token = text(&member(&world, &cloud).await, "access_token");
    for (endpoint, method, body) in [
        (endpoint("profile-delete"), "DELETE", json!({})),
        (endpoint("auth-remove-mfa"), "DELETE", json!({})),
        (endpoint("auth-change-contact"), "POST", json!({"phone": "+9779812345678"})),
    ] {
        let refused = world.call(endpoint, (method, "/"), &[], Some(&token), Some(body)).await;
        assert_eq!(
            (refused.status, &refused.body["errors"][0]["field"]),
            (400, &json!("password")),
            "{}",
            refused.text
        );
        assert_eq!(refused.body["errors"][0]["code"], "required", "{}", refused.text);
    }
}

#[tokio::test]
async fn who_has_no_password_can_have_an_address_and_then_one() {
    let (world, cloud) = cloudy_world().await;
    let session = sign_in(&world, &cloud, &facebook("7", None), None).await;
    let token = text(&session, "access_token");
    let call = |endpoint, body| world.call(endpoint, ("POST", "/"), &[], Some(&token), Some(body));
    let change = json!({"current_password": PASSWORD, "new_password": "lions sleep in july"});
    let none = call(&auth_change_password::ENDPOINT, change).await;
    assert_eq!(refusal(&none), (409, "no_password"), "{}", none.text);
    let asked = call(endpoint("auth-change-contact"), json!({"email": EMAIL})).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let code = cloud.messages().code(EMAIL).unwrap();
    let confirmed = call(endpoint("auth-confirm-contact"), json!({"code": code})).await;
    assert_eq!(confirmed.status, 204, "{}", confirmed.text);
    assert_eq!(profile(&world, &session).await["email"], EMAIL);
    // From now on it takes a password, which is had as by everybody who has forgotten theirs.
    let left = call(&profile_delete::ENDPOINT, json!({})).await;
    assert_eq!((left.status, &left.body["errors"][0]["field"]), (400, &json!("password")), "{}", left.text);
}

#[tokio::test]
async fn two_at_once_make_one_account() {
    for person in [anna(), facebook("1", None)] {
        let (world, cloud) = cloudy_world().await;
        let answers = join_all((0..3).map(|_| sign_in(&world, &cloud, &person, None))).await;
        let ids: Vec<_> = answers.iter().map(id).collect();
        assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
        assert_eq!(cloud.pool().count(), 1);
    }
}

#[tokio::test]
async fn a_sign_in_killed_anywhere_leaves_an_account_that_the_next_one_finds() {
    for person in [anna(), facebook("1", None)] {
        let mut finished = false;
        for call in 0..40 {
            for kill in [Killed::Before, Killed::After] {
                let (world, cloud) = cloudy_world().await;
                let away = away(&world, &person.provider.to_lowercase()).await;
                let back = cloud.hosted_ui().visit(&away.location, &person);
                let with = With { cookie: Some(&away.cookie), origin: Some(ORIGIN), token: None };
                finished = cloud.run_until(call, kill, finish(&world, &back, with)).await.is_some();
                // A lease that was not given back ends by itself.
                world.clock.advance(Duration::from_secs(16));
                let session = sign_in(&world, &cloud, &person, None).await;
                let at = format!("{kill:?} call {call}: {}", session.text);
                assert_eq!((session.status, &session.body["user"]["roles"]), (200, &json!(["customer"])), "{at}");
                assert_eq!(cloud.pool().count(), 1, "{at}");
                let shown = profile(&world, &session).await;
                assert_eq!(shown["full_name"], "Anna Karki", "{at}");
                assert_eq!(id(&sign_in(&world, &cloud, &person, None).await), id(&session), "{at}");
                assert!(!finished || call >= 10, "only {call} calls were made");
            }
            if finished {
                break;
            }
        }
        assert!(finished, "signing in never ran to its end");
    }
}

#[tokio::test]
async fn linking_killed_anywhere_can_be_done_again() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let owner = member(&world, &cloud).await;
            let token = text(&owner, "access_token");
            let finished = cloud.run_until(call, kill, sign_in(&world, &cloud, &anna(), Some(&token))).await.is_some();
            assert_eq!(sign_in(&world, &cloud, &anna(), Some(&token)).await.status, 200, "{kill:?} call {call}");
            assert_eq!(id(&sign_in(&world, &cloud, &anna(), None).await), id(&owner), "{kill:?} call {call}");
            if finished {
                return;
            }
        }
    }
    panic!("linking never ran to its end");
}

#[tokio::test]
async fn an_endpoint_that_fails_costs_the_attempt_and_nothing_else() {
    for status in [500, 503, 404] {
        let (world, cloud) = cloudy_world().await;
        let away = away(&world, "google").await;
        let back = cloud.hosted_ui().visit(&away.location, &anna());
        cloud.hosted_ui().broken = Some(status);
        assert_eq!(refusal(&finish(&world, &back, With::default()).await), (503, "unavailable"), "{status}");
        let exchanges = cloud.calls().iter().filter(|call| *call == "POST /oauth2/token").count();
        assert_eq!(exchanges, 1, "a code that may be spent is not sent again");
        cloud.hosted_ui().broken = None;
        assert_eq!(refusal(&finish(&world, &back, With::default()).await), (400, "invalid_state"), "{status}");
        assert_eq!(cloud.pool().count(), 0);
        assert_eq!(sign_in(&world, &cloud, &anna(), None).await.status, 200);
    }
}

// -------------------------------------------------------------------- the way out

#[tokio::test]
async fn nobody_is_sent_anywhere_that_is_not_listed() {
    let (world, cloud) = cloudy_world().await;
    cloud.calls();
    for uri in [
        "",
        "https://evil.example/",
        "//evil.example/signed-in",
        "https://shop.example",
        "https://shop.example/",
        "https://shop.example/signed-in/",
        "https://shop.example/signed-in?x=1",
        "https://shop.example/signed-in#",
        "https://shop.example/signed-in/../evil",
        "https://shop.example/signed-in%2f..",
        "https://shop.example/Signed-In",
        "https://SHOP.example/signed-in",
        "https://shop.example:443/signed-in",
        "https://shop.example.evil.example/signed-in",
        "https://evil.example/https://shop.example/signed-in",
        "https://shop.example@evil.example/signed-in",
        "https://shop.example\\@evil.example/signed-in",
        "http://shop.example/signed-in",
        " https://shop.example/signed-in",
        "https://shop.example/signed-in\r\nlocation: https://evil.example/",
        "https://shop.example/signed-in,http://localhost:3000/signed-in",
        "javascript:alert(1)",
        "https://ѕhop.example/signed-in",
    ] {
        let answer = start(&world, "google", uri).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["redirect_uri"]), "{uri:?}");
        assert!(!answer.headers.contains_key("location") && !answer.headers.contains_key("set-cookie"), "{uri:?}");
    }
    let nowhere = world.call(&auth_start_social::ENDPOINT, ("GET", "/"), &[("provider", "google")], None, None).await;
    assert_eq!((nowhere.status, nowhere.fields()), (400, vec!["redirect_uri"]));
    for provider in ["twitter", "Google", "COGNITO", ""] {
        assert_eq!(refusal(&start(&world, provider, HOME).await), (404, "not_found"), "{provider}");
    }
    assert!(cloud.calls().iter().all(|call| call == "UpdateItem"), "nothing but counted");
}

#[tokio::test]
async fn the_way_out_carries_what_the_way_back_must_match() {
    let (world, _) = cloudy_world().await;
    let answer = start(&world, "google", "example.app:/in").await;
    let header = |name: &str| answer.headers[name].to_str().unwrap();
    let location = header("location");
    let query = decoded(location.split_once('?').unwrap().1);
    assert_eq!((query["redirect_uri"].as_str(), query["code_challenge_method"].as_str()), ("example.app:/in", "S256"));
    for secret in ["state", "nonce", "code_challenge"] {
        assert_eq!(query[secret].len(), 43, "{secret}");
    }
    let cookie: Vec<_> = header("set-cookie").split("; ").collect();
    assert!(cookie[0].starts_with("__Host-social=") && cookie[0].len() == "__Host-social=".len() + 43);
    assert_eq!(cookie[1..], ["Path=/", "Secure", "HttpOnly", "SameSite=None", "Max-Age=600"]);
    assert_eq!((header("cache-control"), header("referrer-policy")), ("no-store", "no-referrer"));
    assert!(answer.text.is_empty());
    let other = start(&world, "google", "example.app:/in").await;
    assert_ne!(other.headers["location"], answer.headers["location"]);
    assert_ne!(other.headers["set-cookie"], answer.headers["set-cookie"]);
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_not_there() {
    let (world, _) = cloudy_world().await;
    let attempts = || AttemptStore::new(world.app.guard_table(), world.clock.clone());
    let mut config = world.app.config().clone();
    config.social_providers = vec!["google".to_owned()];
    let social = StartSocial { config: &config, attempts: attempts(), clock: world.clock.clone() };
    assert_eq!(social.start(Provider::Facebook, HOME).await.unwrap_err().code(), "provider_unavailable");
    assert!(social.start(Provider::Google, HOME).await.is_ok());
    config.aws_endpoint = None;
    let social = StartSocial { config: &config, attempts: attempts(), clock: world.clock.clone() };
    assert_eq!(social.start(Provider::Google, HOME).await.unwrap_err().code(), "provider_unavailable");
}

// ------------------------------------------------------------------- the way back

#[tokio::test]
async fn a_state_is_good_once_for_ten_minutes() {
    let (world, cloud) = cloudy_world().await;
    let away_again = away(&world, "google").await;
    let visit = |away: &Away| cloud.hosted_ui().visit(&away.location, &anna());
    let back = visit(&away_again);
    assert_eq!(finish(&world, &back, With::default()).await.status, 200);
    let spent = CameBack { code: visit(&away_again).code, ..back };
    assert_eq!(refusal(&finish(&world, &spent, With::default()).await), (400, "invalid_state"));

    let late = away(&world, "google").await;
    let back = visit(&late);
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(refusal(&finish(&world, &back, With::default()).await), (400, "invalid_state"));
    let in_time = away(&world, "google").await;
    let back = visit(&in_time);
    world.clock.advance(Duration::from_mins(10) - Duration::from_millis(1));
    assert_eq!(finish(&world, &back, With::default()).await.status, 200);

    for state in ["x", &"A".repeat(43), &"A".repeat(44), &format!("{}=", "A".repeat(43))] {
        let made_up = CameBack { code: "code".to_owned(), state: (*state).to_owned() };
        assert_eq!(refusal(&finish(&world, &made_up, With::default()).await), (400, "invalid_state"), "{state}");
    }
}

#[tokio::test]
async fn of_many_with_one_state_one_gets_in() {
    let (world, cloud) = cloudy_world().await;
    let away = away(&world, "google").await;
    let back = cloud.hosted_ui().visit(&away.location, &anna());
    let answers = join_all((0..8).map(|_| finish(&world, &back, With::default()))).await;
    let outcomes: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
    assert!(answers.iter().all(|answer| matches!(refusal(answer), (200, "") | (400, "invalid_state"))));
}

#[tokio::test]
async fn a_page_finishes_what_its_own_browser_began() {
    let (world, cloud) = cloudy_world().await;
    let (mine, other) = (away(&world, "google").await, away(&world, "google").await);
    let back = cloud.hosted_ui().visit(&mine.location, &anna());
    let page = With { origin: Some(ORIGIN), ..With::default() };
    // A stranger's code and state in the browser of a victim: it has no cookie, or one of an attempt of its own.
    let (quoted, renamed) = (format!("{}x", mine.cookie), mine.cookie.replace("__Host-", ""));
    for cookie in [None, Some(other.cookie.as_str()), Some("__Host-social="), Some(&quoted), Some(&renamed)] {
        let refused = finish(&world, &back, With { cookie, ..page }).await;
        assert_eq!(refusal(&refused), (400, "invalid_state"), "{cookie:?}");
    }
    // An app has no origin and needs no cookie; but a wrong one is wrong for everybody.
    let app = With { cookie: Some(&other.cookie), ..With::default() };
    assert_eq!(refusal(&finish(&world, &back, app).await), (400, "invalid_state"));
    assert_eq!(finish(&world, &back, With { cookie: Some(&mine.cookie), ..page }).await.status, 200);
}

#[tokio::test]
async fn nobody_is_made_to_link_a_strangers_identity() {
    let (world, cloud) = cloudy_world().await;
    let victim = member(&world, &cloud).await;
    let token = text(&victim, "access_token");
    let strangers = away(&world, "google").await;
    let back = cloud.hosted_ui().visit(&strangers.location, &google("666", None, None));
    for origin in [Some(ORIGIN), None] {
        let refused = finish(&world, &back, With { origin, token: Some(&token), cookie: None }).await;
        assert_eq!(refusal(&refused), (400, "invalid_state"), "{origin:?}");
    }
    let bad = finish(&world, &back, With { token: Some("not-a-token"), ..With::default() }).await;
    assert_eq!(refusal(&bad), (401, "invalid_token"));
    assert!(world.app.external_identities().of(&id(&victim)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_code_is_good_for_the_attempt_it_was_given_to() {
    let (world, cloud) = cloudy_world().await;
    let (mine, strangers) = (away(&world, "google").await, away(&world, "google").await);
    let my_back = cloud.hosted_ui().visit(&mine.location, &anna());
    let their_back = cloud.hosted_ui().visit(&strangers.location, &google("666", None, None));
    let injected = CameBack { code: their_back.code.clone(), state: my_back.state.clone() };
    let with = With { cookie: Some(&mine.cookie), origin: Some(ORIGIN), token: None };
    assert_eq!(refusal(&finish(&world, &injected, with).await), (400, "invalid_code"));
    let stolen = CameBack { code: my_back.code, state: their_back.state };
    assert_eq!(refusal(&finish(&world, &stolen, With::default()).await), (400, "invalid_code"));
    assert_eq!(cloud.pool().count(), 0);
}

#[tokio::test]
async fn a_forged_id_token_is_nobody() {
    type Forgery = (&'static str, fn(&support::Issuer, Value, Value) -> String);
    fn with(issuer: &support::Issuer, header: Value, mut claims: Value, name: &str, value: Value) -> String {
        claims[name] = value;
        issuer.sign(&header, &claims)
    }
    let forgeries: [Forgery; 14] = [
        ("alg none", |_, _, claims| unsigned(&json!({"alg": "none"}), &claims)),
        ("alg none with a key", |_, _, claims| unsigned(&json!({"alg": "none", "kid": "test-key"}), &claims)),
        ("no signature", |_, header, claims| unsigned(&header, &claims)),
        ("HS256", |issuer, _, claims| issuer.sign(&json!({"alg": "HS256", "kid": "test-key"}), &claims)),
        ("unknown key", |issuer, _, claims| issuer.sign(&json!({"alg": "RS256", "kid": "other"}), &claims)),
        ("key of its own", |issuer, _, claims| {
            issuer.sign(&json!({"alg": "RS256", "jku": "https://evil.example/jwks.json"}), &claims)
        }),
        ("another client", |issuer, header, claims| with(issuer, header, claims, "aud", json!("other"))),
        ("another issuer", |issuer, header, claims| with(issuer, header, claims, "iss", json!("https://evil.example"))),
        ("another nonce", |issuer, header, claims| with(issuer, header, claims, "nonce", json!("A".repeat(43)))),
        ("expired", |issuer, header, claims| with(issuer, header, claims.clone(), "exp", claims["iat"].clone())),
        ("an access token", |issuer, header, claims| with(issuer, header, claims, "token_use", json!("access"))),
        ("a user of the pool", |issuer, header, claims| with(issuer, header, claims, "identities", Value::Null)),
        ("another provider", |issuer, header, claims| {
            let identities = json!([{"providerName": "Facebook", "userId": "104857600000000000001"}]);
            with(issuer, header, claims, "identities", identities)
        }),
        ("not a token", |_, _, _| "e30.e30.e30".to_owned()),
    ];
    for (how, forge) in forgeries {
        let (world, cloud) = cloudy_world().await;
        let issuer = world.issuer.clone();
        cloud.hosted_ui().forge(move |header, claims| forge(&issuer, header, claims));
        assert_eq!(refusal(&sign_in(&world, &cloud, &anna(), None).await), (400, "invalid_code"), "{how}");
        assert_eq!(cloud.pool().count(), 0, "{how}");
        // The same token, not forged.
        let issuer = world.issuer.clone();
        cloud.hosted_ui().forge(move |header, claims| issuer.sign(&header, &claims));
        assert_eq!(sign_in(&world, &cloud, &anna(), None).await.status, 200, "{how}");
    }
}

// ------------------------------------------------------------------- what is kept

#[tokio::test]
async fn what_is_written_down_finishes_nobodys_attempt() {
    let (world, cloud) = cloudy_world().await;
    let away = away(&world, "google").await;
    let query = decoded(away.location.split_once('?').unwrap().1);
    let back = cloud.hosted_ui().visit(&away.location, &anna());
    let mut items = world.dynamo.scan().table_name("guard").send().await.unwrap().items.unwrap_or_default();
    items.retain(|item| !["LIMIT#", "REVOCATIONS"].iter().any(|other| item["pk"].as_s().unwrap().starts_with(other)));
    assert_eq!(items.len(), 1);
    let kept = format!("{items:?}");
    let cookie = away.cookie.split_once('=').unwrap().1;
    for secret in [back.state.as_str(), &query["nonce"], cookie] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
    // Nor does an account tell by which number its person goes elsewhere, but for the name of Cognito's copy.
    finish(&world, &back, With::default()).await;
    let items = world.dynamo.scan().table_name("guard").send().await.unwrap().items.unwrap_or_default();
    let kept = format!("{items:?}");
    for secret in [EMAIL, &anna().subject, back.state.as_str(), &back.code] {
        assert!(!kept.contains(secret), "{secret} in {kept}");
    }
}
