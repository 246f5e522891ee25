//! Managing people: who is found, who may do what to whom, that somebody stays in charge, and that it is all on file.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

mod administration {
    mod sellers;
}

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::audit::Origin;
use shared::identity::Role;
use shared::platform::dynamo::from_item;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed, cloudy_world};
use support::{Answer, World};

const PASSWORD: &str = "tigers sleep in june";
const ROOT: &str = "root@example.org";
const OTHER: &str = "other@example.org";
const ANNA: &str = "anna@example.org";

/// A world with two super admins and a customer.
async fn house() -> (World, Cloud) {
    let (world, cloud) = cloudy_world().await;
    add(&cloud, ROOT, &[Role::SuperAdmin]);
    add(&cloud, OTHER, &[Role::SuperAdmin]);
    add(&cloud, ANNA, &[Role::Customer]);
    (world, cloud)
}

fn add(cloud: &Cloud, email: &str, roles: &[Role]) {
    cloud.pool().add(email, PASSWORD, roles, "CONFIRMED");
}

fn id(cloud: &Cloud, email: &str) -> String {
    cloud.pool().user(email).unwrap().id.clone()
}

fn groups(cloud: &Cloud, email: &str) -> Vec<String> {
    cloud.pool().user(email).unwrap().groups.iter().cloned().collect()
}

/// A token as Cognito gave it a while ago.
fn token(world: &World, cloud: &Cloud, email: &str, role: Role) -> String {
    world.token(&UserId::parse(&id(cloud, email)).unwrap(), role)
}

async fn call(world: &World, token: &str, endpoint: &Endpoint, who: &str, body: Option<Value>) -> Answer {
    world.call(endpoint, ("PUT", "/"), &[("id", who)], Some(token), body).await
}

async fn set_roles(world: &World, token: &str, who: &str, roles: &[&str]) -> Answer {
    call(world, token, &admin_set_roles::ENDPOINT, who, Some(json!({"roles": roles}))).await
}

async fn set_enabled(world: &World, token: &str, who: &str, enabled: bool) -> Answer {
    call(world, token, &admin_set_enabled::ENDPOINT, who, Some(json!({"enabled": enabled}))).await
}

async fn end_sessions(world: &World, token: &str, who: &str) -> Answer {
    call(world, token, &admin_end_sessions::ENDPOINT, who, None).await
}

async fn get(world: &World, token: &str, who: &str) -> Answer {
    call(world, token, &admin_get_user::ENDPOINT, who, None).await
}

async fn list(world: &World, token: &str, query: &str) -> Answer {
    world.call(&admin_list_users::ENDPOINT, ("GET", &format!("/?{query}")), &[], Some(token), None).await
}

fn emails(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["items"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap()).collect()
}

async fn login(world: &World, email: &str) -> Answer {
    world
        .call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(json!({"email": email, "password": PASSWORD})))
        .await
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", answer.text)).to_owned()
}

/// Whether a sign-in still opens anything: its access token five seconds later, and its refresh token.
async fn is_in(world: &World, session: &Answer) -> (bool, bool) {
    world.clock.advance(Duration::from_secs(4));
    let profile =
        world.call(&profile_get::ENDPOINT, ("GET", "/"), &[], Some(&text(session, "access_token")), None).await;
    assert!(matches!((profile.status, profile.code()), (200, "") | (401, "session_ended")), "{}", profile.text);
    let body = json!({"refresh_token": text(session, "refresh_token")});
    let refreshed = world.call(&auth_refresh::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await;
    (profile.status == 200, refreshed.status == 200)
}

/// The trail: action, subject, outcome and detail of each entry, oldest first.
async fn trail(world: &World) -> Vec<(String, String, String, String)> {
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let part = |item: &std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>, name: &str| {
        item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
    };
    let mut found: Vec<_> = items.iter().map(|item| (part(item, "sk"), item)).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
        .into_iter()
        .map(|(_, item)| (part(item, "action"), part(item, "subject"), part(item, "outcome"), part(item, "detail")))
        .collect()
}

fn entry(action: &str, subject: &str, outcome: &str, detail: &str) -> (String, String, String, String) {
    (action.to_owned(), subject.to_owned(), outcome.to_owned(), detail.to_owned())
}

// -------------------------------------------------------------------- finding

#[tokio::test]
async fn people_are_found_by_the_beginning_of_address_and_name_by_role_and_by_state() {
    let (world, cloud) = house().await;
    add(&cloud, "annabel@example.org", &[Role::Doctor]);
    cloud.pool().rename("annabel@example.org", "Bel Ruiz");
    cloud.pool().rename(OTHER, "Anna of the Office");
    cloud.pool().rename(ANNA, "Anna Karki");
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    assert_eq!(emails(&list(&world, &root, "query=anna%40").await), [ANNA]);
    // By address first, then by name those who were not found by address.
    assert_eq!(emails(&list(&world, &root, "query=Anna").await), [ANNA, "annabel@example.org", OTHER]);
    assert_eq!(emails(&list(&world, &root, "role=super_admin").await), [ROOT, OTHER]);
    assert!(emails(&list(&world, &root, "query=%22%20or%20name%20%5E%3D%20%22").await).is_empty());
    assert_eq!(set_enabled(&world, &root, &id(&cloud, OTHER), false).await.status, 200);
    assert_eq!(emails(&list(&world, &root, "status=disabled").await), [OTHER]);
    assert_eq!(emails(&list(&world, &root, "role=super_admin&status=enabled").await), [ROOT]);
    assert_eq!(emails(&list(&world, &root, "query=Anna&status=disabled").await), [OTHER]);
    let both = list(&world, &root, "query=anna&role=doctor").await;
    assert_eq!((both.status, both.fields()), (400, vec!["role"]));
    let wrong = list(&world, &root, "role=king&status=maybe").await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["role", "status"]));
}

#[tokio::test]
async fn a_person_is_shown_with_what_they_are() {
    let (world, cloud) = house().await;
    cloud.pool().rename(ANNA, "Anna Karki");
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let anna = get(&world, &root, &id(&cloud, ANNA)).await;
    let expected = json!({
        "id": id(&cloud, ANNA), "email": ANNA, "phone": null, "full_name": "Anna Karki", "roles": ["customer"],
        "enabled": true, "status": "confirmed", "created_at": "2026-11-18T11:06:40.000Z",
    });
    assert_eq!((anna.status, &anna.body), (200, &expected));
    assert_eq!(list(&world, &root, "query=anna").await.body["items"], json!([expected]));
}

#[tokio::test]
async fn pages_have_everybody_once_and_their_cursors_serve_their_list_alone() {
    let (world, cloud) = house().await;
    for n in 0..10 {
        add(&cloud, &format!("user{n}@example.org"), &[Role::Customer]);
    }
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    for (query, number) in [("", 13), ("role=customer", 11), ("query=user", 10), ("status=enabled", 13)] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        for page in 0.. {
            assert!(page < 20, "{query}: no end");
            let answer = list(&world, &root, &format!("limit=3&{query}{cursor}")).await;
            assert!(emails(&answer).len() <= 3);
            seen.extend(emails(&answer).into_iter().map(ToOwned::to_owned));
            let Some(next) = answer.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let different: BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), different.len()), (number, number), "{query}: {seen:?}");
    }
    let first = list(&world, &root, "limit=3&role=customer").await;
    let cursor = text(&first, "next_cursor");
    let mut forged = cursor.clone().into_bytes();
    forged[3] = if forged[3] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for (query, cursor) in [("role=doctor", &cursor), ("", &cursor), ("role=customer", &forged)] {
        let refused = list(&world, &root, &format!("limit=3&{query}&cursor={cursor}")).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["cursor"]), "{query}");
    }
}

#[tokio::test]
async fn everybody_who_is_shown_is_on_the_trail() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    list(&world, &root, "role=super_admin").await;
    world.clock.advance(Duration::from_secs(1));
    list(&world, &root, "query=nobody-is-called-so").await;
    world.clock.advance(Duration::from_secs(1));
    get(&world, &root, &id(&cloud, ANNA)).await;
    let found = trail(&world).await;
    let listed: BTreeSet<_> = found[..2].iter().cloned().collect();
    let expected = [ROOT, OTHER].map(|who| entry("user.list", &id(&cloud, who), "allowed", "by super_admin"));
    assert_eq!(listed, BTreeSet::from(expected));
    // What was typed is not on it: it may be an address.
    let rest =
        [entry("user.list", "", "allowed", "by email or name"), entry("user.read", &id(&cloud, ANNA), "allowed", "")];
    assert_eq!(found[2..], rest);
}

// ------------------------------------------------------------------- changing

#[tokio::test]
async fn roles_change_at_once_and_end_what_was_signed_in_before() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let before = login(&world, ANNA).await;
    let changed = set_roles(&world, &root, &id(&cloud, ANNA), &["doctor", "customer"]).await;
    assert_eq!((changed.status, &changed.body["roles"]), (200, &json!(["doctor", "customer"])), "{}", changed.text);
    assert_eq!(groups(&cloud, ANNA), ["customer", "doctor"]);
    assert_eq!(is_in(&world, &before).await, (false, false));
    let after = login(&world, ANNA).await;
    assert_eq!(after.body["user"]["roles"], json!(["doctor", "customer"]));
    assert!(is_in(&world, &after).await.0);
    let none = set_roles(&world, &root, &id(&cloud, ANNA), &[]).await;
    assert_eq!((none.status, groups(&cloud, ANNA).len()), (200, 0));
    let entries = trail(&world).await.into_iter().filter(|one| one.0 == "user.set_roles").collect::<Vec<_>>();
    let details: Vec<_> = entries.iter().map(|one| (one.2.as_str(), one.3.as_str())).collect();
    assert_eq!(details, [("allowed", "doctor,customer"), ("allowed", "")]);
}

#[tokio::test]
async fn who_is_shut_out_is_out_until_they_are_let_in() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let before = login(&world, ANNA).await;
    let shut = set_enabled(&world, &root, &id(&cloud, ANNA), false).await;
    assert_eq!((shut.status, &shut.body["enabled"]), (200, &json!(false)), "{}", shut.text);
    assert_eq!(is_in(&world, &before).await, (false, false));
    assert_eq!(login(&world, ANNA).await.code(), "invalid_credentials");
    assert_eq!(set_enabled(&world, &root, &id(&cloud, ANNA), true).await.body["enabled"], true);
    assert!(is_in(&world, &login(&world, ANNA).await).await.0);
    let done: Vec<_> =
        trail(&world).await.into_iter().map(|one| one.0).filter(|action| action.starts_with("user.")).collect();
    assert_eq!(done, ["user.disable", "user.enable"]);
}

#[tokio::test]
async fn ended_sessions_are_over_and_new_ones_are_not() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let sessions = [login(&world, ANNA).await, login(&world, ANNA).await];
    assert_eq!(end_sessions(&world, &root, &id(&cloud, ANNA)).await.status, 204);
    for session in &sessions {
        assert_eq!(is_in(&world, session).await, (false, false));
    }
    assert!(is_in(&world, &login(&world, ANNA).await).await.0);
    assert!(trail(&world).await.contains(&entry("user.end_sessions", &id(&cloud, ANNA), "allowed", "")));
}

#[tokio::test]
async fn no_token_stays_alive_where_cognito_is_throttled() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let anna = id(&cloud, ANNA);
    for what in ["sessions", "roles", "enabled"] {
        let session = login(&world, ANNA).await;
        let change = async || match what {
            "sessions" => end_sessions(&world, &root, &anna).await,
            "roles" => set_roles(&world, &root, &anna, &["doctor"]).await,
            _ => set_enabled(&world, &root, &anna, false).await,
        };
        cloud.pool().throttled = Some("AdminUserGlobalSignOut");
        let answer = change().await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{what}: {}", answer.text);
        assert_eq!(is_in(&world, &session).await, (false, false), "{what}");
        cloud.pool().throttled = None;
        assert!(matches!(change().await.status, 200 | 204), "{what}: the same request again does the rest");
    }
}

#[tokio::test]
async fn no_token_of_before_outlives_a_change_that_fails_half_way() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    add(&cloud, "carl@example.org", &[Role::Doctor]);
    let carl = id(&cloud, "carl@example.org");
    for (what, throttled) in
        [("roles", "AdminAddUserToGroup"), ("roles", "AdminRemoveUserFromGroup"), ("enabled", "AdminDisableUser")]
    {
        let session = login(&world, "carl@example.org").await;
        let change = async || match what {
            "roles" => set_roles(&world, &root, &carl, &["seller"]).await,
            _ => set_enabled(&world, &root, &carl, false).await,
        };
        cloud.pool().throttled = Some(throttled);
        let answer = change().await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{throttled}: {}", answer.text);
        let left = groups(&cloud, "carl@example.org");
        assert!(throttled != "AdminAddUserToGroup" || left.is_empty(), "{throttled}: {left:?}");
        assert_eq!(is_in(&world, &session).await, (false, false), "{throttled}");
        cloud.pool().throttled = None;
        assert_eq!(change().await.status, 200, "{throttled}: the same request again does the rest");
    }
    assert_eq!(groups(&cloud, "carl@example.org"), ["seller"]);
    assert!(!cloud.pool().user(&carl).unwrap().enabled);
}

#[tokio::test]
async fn a_change_that_was_not_begun_ends_nothing() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let other = id(&cloud, OTHER);
    for what in ["roles", "enabled"] {
        let session = login(&world, OTHER).await;
        // Nobody can say whether somebody would be left in charge.
        cloud.pool().throttled = Some("ListUsersInGroup");
        let answer = match what {
            "roles" => set_roles(&world, &root, &other, &["doctor"]).await,
            _ => set_enabled(&world, &root, &other, false).await,
        };
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{what}: {}", answer.text);
        cloud.pool().throttled = None;
        assert_eq!(is_in(&world, &session).await, (true, true), "{what}");
    }
    assert_eq!(groups(&cloud, OTHER), ["super_admin"]);
    assert!(!trail(&world).await.iter().any(|one| one.0.starts_with("user.")));
}

#[tokio::test]
async fn wrong_roles_are_refused_and_named() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    for (roles, field) in
        [(json!(["king"]), "roles[0]"), (json!(["doctor", "doctor"]), "roles"), (json!("doctor"), "roles")]
    {
        let body = Some(json!({"roles": roles}));
        let refused = call(&world, &root, &admin_set_roles::ENDPOINT, &id(&cloud, ANNA), body).await;
        assert_eq!((refused.status, refused.fields()), (400, vec![field]), "{}", refused.text);
    }
    assert_eq!(groups(&cloud, ANNA), ["customer"]);
}

#[tokio::test]
async fn nobody_changes_their_own_account() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let own = id(&cloud, ROOT);
    let answers = [
        set_roles(&world, &root, &own, &["super_admin", "customer"]).await,
        set_roles(&world, &root, &own, &[]).await,
        set_enabled(&world, &root, &own, false).await,
    ];
    for answer in &answers {
        assert_eq!((answer.status, answer.code()), (403, "own_account"));
    }
    assert_eq!(
        (groups(&cloud, ROOT), cloud.pool().user(ROOT).unwrap().enabled),
        (vec!["super_admin".to_owned()], true)
    );
    assert!(trail(&world).await.iter().all(|one| one.2 == "refused"));
    assert_eq!(trail(&world).await.len(), 3);
}

#[tokio::test]
async fn who_does_not_exist_is_not_found() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    for who in ["00000000-0000-4000-8000-00000000ffff", ANNA, "x"] {
        let answers = [
            get(&world, &root, who).await,
            set_roles(&world, &root, who, &["doctor"]).await,
            set_enabled(&world, &root, who, false).await,
            end_sessions(&world, &root, who).await,
        ];
        for answer in &answers {
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{who}");
        }
    }
    assert!(trail(&world).await.is_empty());
}

#[tokio::test]
async fn nobody_else_manages_people() {
    let (world, cloud) = house().await;
    let anna = id(&cloud, ANNA);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::SuperAdmin) {
        let token = token(&world, &cloud, OTHER, role);
        let answers = [
            list(&world, &token, "").await,
            get(&world, &token, &anna).await,
            set_roles(&world, &token, &anna, &["super_admin"]).await,
            set_enabled(&world, &token, &anna, false).await,
            end_sessions(&world, &token, &anna).await,
            world.call(&admin_list_audit::ENDPOINT, ("GET", "/"), &[], Some(&token), None).await,
        ];
        for answer in &answers {
            assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{role:?}");
        }
        let entry = |function: &str, object: &str| {
            let (who, roles) = (id(&cloud, OTHER), json!([role]).to_string());
            [who.as_str(), &roles, function, object].map(str::to_owned)
        };
        let expected = [
            entry("admin-list-users", "admin-list-users"),
            entry("admin-get-user", &anna),
            entry("admin-set-roles", &anna),
            entry("admin-set-enabled", &anna),
            entry("admin-end-sessions", &anna),
            entry("admin-list-audit", "admin-list-audit"),
        ];
        let refused: BTreeSet<_> =
            refusals(&world).await.into_iter().filter(|one| one[1] == format!("[\"{}\"]", role.group())).collect();
        assert_eq!(refused, BTreeSet::from(expected), "{role:?}");
    }
    // Whom it was about is found by them, where it was somebody and who was refused works here.
    let about = trail(&world).await.into_iter().filter(|one| one.1 == anna).count();
    assert_eq!((trail(&world).await.len(), about), (24, 12));
}

/// What was refused by role: who asked, with which roles, by which function, for what.
async fn refusals(world: &World) -> Vec<[String; 4]> {
    let items = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let entries = items.into_iter().map(|item| from_item::<Value>(item).unwrap());
    let refused = entries.filter(|one| one["action"] == "access.refuse" && one["outcome"] == "refused");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    refused
        .map(|one| [text(&one["actor"]), one["actor_roles"].to_string(), text(&one["detail"]), text(&one["object"])])
        .collect()
}

#[tokio::test]
async fn what_cannot_be_put_on_the_trail_does_not_happen() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let session = login(&world, ANNA).await;
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let anna = id(&cloud, ANNA);
    let answers = [
        list(&world, &root, "query=anna").await,
        get(&world, &root, &anna).await,
        set_roles(&world, &root, &anna, &["doctor"]).await,
        set_enabled(&world, &root, &anna, false).await,
        end_sessions(&world, &root, &anna).await,
        set_enabled(&world, &root, &id(&cloud, ROOT), false).await,
    ];
    for answer in &answers {
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", answer.text);
        assert!(!answer.text.contains(ANNA));
    }
    assert_eq!((groups(&cloud, ANNA), cloud.pool().user(ANNA).unwrap().enabled), (vec!["customer".to_owned()], true));
    assert!(is_in(&world, &session).await.0);
}

// ---------------------------------------------------------- somebody in charge

#[tokio::test]
async fn of_two_admins_who_demote_each_other_at_once_one_stays() {
    for round in 0..10 {
        let (world, cloud) = house().await;
        let (root, other) =
            (token(&world, &cloud, ROOT, Role::SuperAdmin), token(&world, &cloud, OTHER, Role::SuperAdmin));
        if round % 2 == 0 {
            cloud.pool().answer_from_the_past();
        }
        let (root_id, other_id) = (id(&cloud, ROOT), id(&cloud, OTHER));
        let (one, two) = match round % 4 {
            0 | 1 => {
                join(set_roles(&world, &root, &other_id, &["customer"]), set_roles(&world, &other, &root_id, &[])).await
            }
            2 => join(set_enabled(&world, &root, &other_id, false), set_enabled(&world, &other, &root_id, false)).await,
            _ => join(set_enabled(&world, &root, &other_id, false), set_roles(&world, &other, &root_id, &[])).await,
        };
        let left = cloud.pool().having(Role::SuperAdmin).len();
        assert_eq!(left, 1, "round {round}: {} {}", one.text, two.text);
        let lost = if one.status == 200 { two } else { one };
        assert_eq!((lost.status, lost.code()), (403, "forbidden"));
    }
}

#[tokio::test]
async fn of_many_admins_who_demote_each_other_at_once_somebody_stays() {
    let (world, cloud) = house().await;
    let mut all = vec![ROOT.to_owned(), OTHER.to_owned()];
    for n in 0..4 {
        all.push(format!("admin{n}@example.org"));
        add(&cloud, &all[n + 2], &[Role::SuperAdmin]);
    }
    cloud.pool().answer_from_the_past();
    let people: Vec<_> =
        all.iter().map(|who| (token(&world, &cloud, who, Role::SuperAdmin), id(&cloud, who))).collect();
    // Each demotes the next one; who finds the others busy tries again.
    let demote = |n: usize| {
        let (world, (token, _), (_, next)) = (&world, &people[n], &people[(n + 1) % people.len()]);
        async move {
            loop {
                let answer = set_roles(world, token, next, &[]).await;
                if answer.code() != "busy" {
                    return answer;
                }
            }
        }
    };
    let answers = join_all((0..people.len()).map(demote)).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 403 | 409)), "{answers:?}");
    assert!(answers.iter().any(|answer| answer.status == 200));
    assert!(!cloud.pool().having(Role::SuperAdmin).is_empty());
}

#[tokio::test]
async fn the_last_one_is_neither_demoted_nor_shut_out() {
    let (world, cloud) = cloudy_world().await;
    add(&cloud, ROOT, &[Role::SuperAdmin]);
    // Somebody whose role was taken in Cognito's console, and whose token does not know it yet.
    add(&cloud, OTHER, &[Role::Customer]);
    add(&cloud, ANNA, &[Role::SuperAdmin]);
    let other = token(&world, &cloud, OTHER, Role::SuperAdmin);
    assert_eq!(set_enabled(&world, &other, &id(&cloud, ANNA), false).await.status, 200);
    for answer in [
        set_roles(&world, &other, &id(&cloud, ROOT), &["pharmacy_admin"]).await,
        set_enabled(&world, &other, &id(&cloud, ROOT), false).await,
    ] {
        assert_eq!((answer.status, answer.code()), (409, "last_super_admin"));
    }
    assert_eq!(cloud.pool().having(Role::SuperAdmin), [ROOT]);
    let refused = trail(&world).await.into_iter().filter(|one| one.2 == "refused").map(|one| one.0);
    assert_eq!(refused.collect::<BTreeSet<_>>(), BTreeSet::from(["user.set_roles", "user.disable"].map(str::to_owned)));
    // One who was never able to sign in is nobody who is left.
    cloud.pool().add("new@example.org", PASSWORD, &[Role::SuperAdmin], "UNCONFIRMED");
    assert_eq!(set_enabled(&world, &other, &id(&cloud, ROOT), false).await.status, 409);
}

#[tokio::test]
async fn who_has_not_proved_their_address_gets_no_role() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    cloud.pool().add("new@example.org", PASSWORD, &[], "CONFIRMED");
    cloud.pool().user_mut("new@example.org").registration = Some("unproven".to_owned());
    let new = id(&cloud, "new@example.org");
    let refused = set_roles(&world, &root, &new, &["pharmacy_admin"]).await;
    assert_eq!((refused.status, refused.code()), (409, "unconfirmed"));
    assert!(cloud.pool().user("new@example.org").unwrap().groups.is_empty());
    assert!(trail(&world).await.iter().any(|one| (one.0.as_str(), one.2.as_str()) == ("user.set_roles", "refused")));
    cloud.pool().user_mut("new@example.org").registration = Some("proven".to_owned());
    assert_eq!(set_roles(&world, &root, &new, &["pharmacy_admin"]).await.status, 200);
}

#[tokio::test]
async fn who_gets_their_power_back_has_it_at_once() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let (root_id, other_id) = (id(&cloud, ROOT), id(&cloud, OTHER));
    assert_eq!(set_roles(&world, &root, &other_id, &[]).await.status, 200);
    assert_eq!(set_roles(&world, &root, &other_id, &["super_admin"]).await.status, 200);
    assert_eq!(set_enabled(&world, &root, &other_id, false).await.status, 200);
    assert_eq!(set_enabled(&world, &root, &other_id, true).await.status, 200);
    world.clock.advance(Duration::from_secs(2));
    let other = token(&world, &cloud, OTHER, Role::SuperAdmin);
    assert_eq!(set_roles(&world, &other, &root_id, &["customer"]).await.status, 200);
    assert_eq!(cloud.pool().having(Role::SuperAdmin), [OTHER]);
}

/// Who is named where turns are taken.
async fn named_in_turn(world: &World) -> String {
    let items = world.dynamo.scan().table_name("guard").send().await.unwrap().items.unwrap_or_default();
    let items = items.into_iter().map(|item| from_item::<Value>(item).unwrap());
    items.filter(|item| item["pk"] == "ADMINISTRATION").map(|item| item.to_string()).collect()
}

#[tokio::test]
async fn nobody_is_noted_who_had_no_power_and_nobody_for_longer_than_it_matters() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let (anna, other) = (id(&cloud, ANNA), id(&cloud, OTHER));
    for roles in [&["doctor", "customer"][..], &["customer"], &[]] {
        assert_eq!(set_roles(&world, &root, &anna, roles).await.status, 200);
    }
    for enabled in [false, true] {
        assert_eq!(set_enabled(&world, &root, &anna, enabled).await.status, 200);
    }
    assert!(!named_in_turn(&world).await.contains(&anna), "{}", named_in_turn(&world).await);
    assert_eq!(set_roles(&world, &root, &other, &[]).await.status, 200);
    assert!(named_in_turn(&world).await.contains(&other));
    // Noted until it does not matter any more, and gone with the next turn, whoever that is about.
    world.clock.advance(Duration::from_mins(19));
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    assert_eq!(set_roles(&world, &root, &anna, &["customer"]).await.status, 200);
    assert!(named_in_turn(&world).await.contains(&other));
    world.clock.advance(Duration::from_mins(2));
    assert_eq!(set_roles(&world, &root, &anna, &["customer"]).await.status, 200);
    let left = named_in_turn(&world).await;
    assert!(!left.is_empty() && !left.contains(&other) && !left.contains(&anna), "{left}");
}

#[tokio::test]
async fn who_has_just_got_power_and_loses_it_is_noted_though_cognito_does_not_know_yet() {
    let (world, cloud) = house().await;
    let root = token(&world, &cloud, ROOT, Role::SuperAdmin);
    let (anna, other) = (id(&cloud, ANNA), id(&cloud, OTHER));
    cloud.pool().answer_from_the_past();
    assert_eq!(set_roles(&world, &root, &anna, &["super_admin"]).await.status, 200);
    let before = token(&world, &cloud, ANNA, Role::SuperAdmin);
    assert_eq!(set_roles(&world, &root, &anna, &["customer"]).await.status, 200);
    // With a token that an instance believes which has not read the feed of ended sessions yet.
    let another = world.another_instance().await;
    let actor = another.verifier().verify(&before, world.clock.now()).await.unwrap();
    let actor = Origin::new("test", None).actor(&actor.user, &actor.roles);
    let roles = BTreeSet::from([Role::Customer]);
    let refused = another.administration().set_roles(&actor, &UserId::parse(&other).unwrap(), roles).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
    assert_eq!(groups(&cloud, OTHER), ["super_admin"]);
}

// --------------------------------------------------------------------- killed

#[tokio::test]
async fn a_change_of_roles_killed_anywhere_is_finished_by_the_same_request() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = house().await;
            let (root, other) = (token(&world, &cloud, ROOT, Role::SuperAdmin), id(&cloud, OTHER));
            let session = login(&world, OTHER).await;
            let finished = cloud.run_until(call, kill, set_roles(&world, &root, &other, &["doctor"])).await.is_some();
            let at = format!("{kill:?} call {call}");
            // Whatever has changed is on the trail already, and nobody has more than they had or were to have.
            let changed = groups(&cloud, OTHER) != ["super_admin"];
            let recorded = trail(&world).await.iter().any(|one| one.0 == "user.set_roles");
            assert!(recorded || !changed, "{at}");
            assert!(groups(&cloud, OTHER).len() <= 1, "{at}");
            world.clock.advance(Duration::from_secs(16));
            let again = set_roles(&world, &root, &other, &["doctor"]).await;
            assert_eq!(again.status, 200, "{at}: {}", again.text);
            assert_eq!(groups(&cloud, OTHER), ["doctor"], "{at}");
            assert_eq!(is_in(&world, &session).await, (false, false), "{at}");
            if finished {
                assert!(call >= 15, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("changing roles never ran to its end");
}

#[tokio::test]
async fn shutting_out_killed_anywhere_is_finished_by_the_same_request_and_leaves_somebody_in_charge() {
    for call in 0..40 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = house().await;
            let (root, other) =
                (token(&world, &cloud, ROOT, Role::SuperAdmin), token(&world, &cloud, OTHER, Role::SuperAdmin));
            let (root_id, other_id) = (id(&cloud, ROOT), id(&cloud, OTHER));
            let session = login(&world, OTHER).await;
            let finished = cloud.run_until(call, kill, set_enabled(&world, &root, &other_id, false)).await.is_some();
            world.clock.advance(Duration::from_secs(16));
            // The other one strikes back in the meantime.
            let back = set_enabled(&world, &other, &root_id, false).await;
            let left = cloud.pool().having(Role::SuperAdmin);
            let at = format!("{kill:?} call {call}: {}", back.text);
            assert!(!left.is_empty(), "{at}");
            if left == [OTHER] {
                assert_eq!(back.status, 200, "{at}");
            } else {
                let again = set_enabled(&world, &root, &other_id, false).await;
                assert_eq!((again.status, cloud.pool().having(Role::SuperAdmin)), (200, vec![ROOT.to_owned()]), "{at}");
                assert_eq!(is_in(&world, &session).await, (false, false), "{at}");
            }
            if finished {
                assert!(call >= 10, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("shutting out never ran to its end");
}
