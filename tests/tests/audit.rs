//! The trail: what is asked of it is found, whole and once; it is read by whom it should be; what must be on it is.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::audit::{Action, Actor, Entry, Origin, Outcome};
use shared::identity::access::{Access, ROUTES, Route, route};
use shared::identity::{Permission, Role, scope};
use shared::platform::clock::Timestamp;
use shared::platform::ids::UserId;
use support::cloud::cloudy_world;
use support::{Answer, World, user, world};

const PASSWORD: &str = "tigers sleep in june";
const OTHER: &str = "rivers run in winter";
const EMAIL: &str = "anna@example.org";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn actor(n: u32, role: Role) -> Actor {
    Origin::new("test", Some("203.0.113.7")).actor(&user(n), &BTreeSet::from([role]))
}

fn admin(world: &World) -> String {
    world.token(&user(900), Role::SuperAdmin)
}

async fn get(world: &World, endpoint: &Endpoint, token: &str, query: &str) -> Answer {
    world.call(endpoint, ("GET", &format!("/?{query}")), &[], Some(token), None).await
}

async fn search(world: &World, query: &str) -> Answer {
    get(world, &admin_list_audit::ENDPOINT, &admin(world), query).await
}

async fn mine(world: &World, who: &UserId, query: &str) -> Answer {
    get(world, &audit_mine::ENDPOINT, &world.token(who, Role::Customer), query).await
}

fn items(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["items"].as_array().unwrap().clone()
}

/// All pages of a search, by the ids of the entries.
async fn pages(world: &World, query: &str, limit: usize) -> Vec<String> {
    // Another minute, for the rate limit.
    world.clock.advance(Duration::from_mins(1));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for page in 0.. {
        assert!(page < 200, "{query}: no end");
        let answer = search(world, &format!("limit={limit}&{query}{cursor}")).await;
        assert!(items(&answer).len() <= limit);
        seen.extend(items(&answer).iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        let Some(next) = answer.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    seen
}

/// Entries of eighteen days, several of one millisecond among them, by three actors on three people.
async fn history(world: &World) -> Vec<Entry> {
    let actions = [Action::ReadOrder, Action::ReadPrescription, Action::SetRoles, Action::RefuseSession];
    let mut entries = Vec::new();
    for n in 0..180_u32 {
        let when = at("2026-11-01T00:00:00Z").plus(Duration::from_hours(u64::from(n / 3) * 7));
        let action = actions[(n % 4) as usize];
        let entry = Entry::new(&Origin::new("test", None), action, Outcome::Allowed, n, when);
        let entry = if n % 5 == 0 { entry } else { entry.by(&actor(n % 3 + 1, Role::PharmacyAdmin)) };
        entries.push(if n % 7 == 0 { entry } else { entry.about(&user(n % 2 + 10)) });
    }
    for entry in &entries {
        world.app.audit().append(entry).await.unwrap();
    }
    entries.sort_by_key(|entry| Reverse(entry.id));
    entries
}

#[tokio::test]
async fn every_search_finds_all_that_it_should_newest_first_and_once() {
    let world = world().await;
    let entries = history(&world).await;
    let (early, late) = (at("2026-11-03T12:00:00Z"), at("2026-11-16T03:00:00Z"));
    let actors = [None, Some(user(1)), Some(user(2))];
    let subjects = [None, Some(user(10))];
    for (actor, subject) in actors.iter().flat_map(|actor| subjects.iter().map(move |subject| (actor, subject))) {
        for action in [None, Some(Action::SetRoles)] {
            for (from, to) in [(at("2026-11-01T00:00:00Z"), at("2026-11-19T00:00:00Z")), (early, late)] {
                let fits = |entry: &&Entry| {
                    (actor.is_none() || entry.actor == *actor)
                        && (subject.is_none() || entry.subject == *subject)
                        && action.is_none_or(|action| entry.action == action)
                        && (from..=to).contains(&entry.at)
                };
                let expected: Vec<_> = entries.iter().filter(fits).map(|entry| entry.id.to_string()).collect();
                assert!(!expected.is_empty());
                let mut query = format!("from={from}&to={to}");
                for (name, value) in [("actor", actor), ("subject", subject)] {
                    query += &value.as_ref().map(|value| format!("&{name}={value}")).unwrap_or_default();
                }
                query += &action.map(|action| format!("&action={action}")).unwrap_or_default();
                assert_eq!(pages(&world, &query, 7).await, expected, "{query}");
                assert_eq!(pages(&world, &query, 100).await, expected, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn an_entry_is_shown_whole_and_reading_it_is_another() {
    let world = world().await;
    let origin = Origin::new("sign-in", Some("198.51.100.9"));
    let unknown = world.app.audit().fingerprint(EMAIL).unwrap();
    assert!(!unknown.contains("anna") && unknown == world.app.audit().fingerprint(EMAIL).unwrap());
    assert_ne!(unknown, world.app.audit().fingerprint("ben@example.org").unwrap());
    let refused = Entry::new(&origin, Action::RefuseSession, Outcome::Refused, &unknown, world.clock.now());
    let set = Entry::allowed(&actor(1, Role::SuperAdmin), Action::SetRoles, &user(2), user(2), world.clock.now());
    world.app.audit().append_all(&[refused.clone(), set.detail("doctor")]).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    let found = items(&search(&world, "action=session.refuse").await);
    let expected = json!({
        "id": refused.id, "at": "2026-11-20T10:00:00.000Z", "actor": null, "actor_roles": [], "subject": null,
        "action": "session.refuse", "object": unknown, "outcome": "refused", "detail": null, "request_id": "sign-in",
        "source_ip": "198.51.100.9",
    });
    assert_eq!(found, [expected]);
    world.clock.advance(Duration::from_secs(1));
    let about = format!("subject={}&to=2026-11-21T00:00:00Z", user(2));
    assert_eq!(items(&search(&world, &about).await)[1]["detail"], "doctor");
    world.clock.advance(Duration::from_secs(1));
    let read = items(&search(&world, "action=audit.read").await);
    let said: Vec<_> =
        read.iter().map(|one| (&one["actor"], &one["subject"], one["detail"].as_str().unwrap())).collect();
    let by = json!(user(900));
    let of_two = format!("subject={} to=2026-11-21T00:00:00.000Z", user(2));
    let expected = [
        (&by, &Value::Null, "action=audit.read"),
        (&by, &json!(user(2)), of_two.as_str()),
        (&by, &Value::Null, "action=session.refuse"),
    ];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_search_that_cannot_be_answered_is_told_why() {
    let world = world().await;
    for (query, field) in [
        ("actor=anna", "actor"),
        ("subject=1", "subject"),
        ("action=user.vanish", "action"),
        ("from=yesterday", "from"),
        ("to=2026-13-01T00:00:00Z", "to"),
        ("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "from"),
        ("from=2020-01-01T00:00:00Z", "from"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
        ("who=me", "who"),
    ] {
        let refused = search(&world, query).await;
        assert_eq!((refused.status, refused.fields()), (400, vec![field]), "{query}: {}", refused.text);
    }
}

#[tokio::test]
async fn a_cursor_serves_its_own_search_alone() {
    let world = world().await;
    history(&world).await;
    let first = search(&world, &format!("limit=2&actor={}", user(1))).await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(search(&world, &format!("limit=2&actor={}&cursor={cursor}", user(1))).await.status, 200);
    for query in [format!("actor={}", user(2)), format!("subject={}", user(10)), String::new()] {
        let refused = search(&world, &format!("limit=2&{query}&cursor={cursor}")).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["cursor"]), "{query}");
    }
    let own = mine(&world, &user(10), "limit=2").await;
    let cursor = format!("cursor={}", own.body["next_cursor"].as_str().unwrap());
    assert_eq!(mine(&world, &user(10), &cursor).await.status, 200);
    assert_eq!(mine(&world, &user(11), &cursor).await.fields(), ["cursor"]);
}

#[tokio::test]
async fn people_see_what_others_did_to_their_data_and_no_more_of_them_than_that() {
    let world = world().await;
    let (anna, now) = (user(1), world.clock.now());
    let append = async |entry: Entry| {
        world.app.audit().append(&entry).await.unwrap();
        world.clock.advance(Duration::from_millis(1));
    };
    let entry = |by: &Actor, action, subject: &UserId, outcome| {
        Entry::new(&by.origin, action, outcome, "ord_x", world.clock.now()).by(by).about(subject)
    };
    append(entry(&actor(1, Role::Customer), Action::OpenSession, &anna, Outcome::Allowed)).await;
    append(entry(&actor(2, Role::PharmacyAdmin), Action::ReadOrder, &anna, Outcome::Allowed)).await;
    append(entry(&actor(3, Role::Customer), Action::ReadOrder, &anna, Outcome::Refused)).await;
    append(entry(&actor(5, Role::Seller), Action::ReadOrder, &anna, Outcome::Allowed)).await;
    append(entry(&actor(2, Role::PharmacyAdmin), Action::ReadOrder, &user(4), Outcome::Allowed)).await;
    let found = items(&mine(&world, &anna, "").await);
    let by = |id: Value, role: &str| json!({"id": id, "roles": [role]});
    let seen: Vec<_> = found.iter().map(|one| (&one["by"], &one["outcome"])).collect();
    // A seller works here too, and it is a customer's business who has seen their order.
    let expected = [
        (&by(json!(user(5)), "seller"), &json!("allowed")),
        (&by(Value::Null, "customer"), &json!("refused")),
        (&by(json!(user(2)), "pharmacy_admin"), &json!("allowed")),
    ];
    assert_eq!(seen, expected);
    let at = now.plus(Duration::from_millis(1));
    let whole = json!({
        "id": found[2]["id"], "at": at, "action": "order.read", "object": "ord_x", "outcome": "allowed",
        "by": {"id": user(2), "roles": ["pharmacy_admin"]},
    });
    assert_eq!(found[2], whole);
    assert_eq!(mine(&world, &anna, "subject=x").await.fields(), ["subject"]);
}

#[tokio::test]
async fn what_lies_behind_hundreds_of_ones_own_acts_is_found_on_a_later_page() {
    let world = world().await;
    let anna = user(1);
    let read = Entry::allowed(&actor(2, Role::Doctor), Action::ReadOrder, &anna, "ord_x", world.clock.now());
    world.app.audit().append(&read).await.unwrap();
    for _ in 0..12 {
        world.clock.advance(Duration::from_secs(1));
        let own = |_| Entry::allowed(&actor(1, Role::Customer), Action::OpenSession, &anna, &anna, world.clock.now());
        world.app.audit().append_all(&(0..50).map(own).collect::<Vec<_>>()).await.unwrap();
    }
    let first = mine(&world, &anna, "").await;
    assert!(items(&first).is_empty());
    let second = mine(&world, &anna, &format!("cursor={}", first.body["next_cursor"].as_str().unwrap())).await;
    assert_eq!((items(&second).len(), &second.body["next_cursor"]), (1, &Value::Null));
}

#[tokio::test]
async fn an_entry_that_is_sent_twice_is_one() {
    let world = world().await;
    let entry = Entry::allowed(&actor(2, Role::Doctor), Action::ReadOrder, &user(1), "ord_x", world.clock.now());
    for _ in 0..2 {
        world.app.audit().append(&entry).await.unwrap();
    }
    // What is there cannot be written over under the same id either.
    let other = Entry { outcome: Outcome::Refused, ..entry };
    world.app.audit().append(&other).await.unwrap();
    let found = items(&mine(&world, &user(1), "").await);
    assert_eq!((found.len(), &found[0]["outcome"]), (1, &json!("allowed")));
}

#[tokio::test]
async fn a_trail_that_cannot_be_written_is_not_read() {
    let world = world().await;
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    let answer = search(&world, "").await;
    assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", answer.text);
}

// --------------------------------------------------------- refused by their role

/// An order, and a person.
const ORDER: &str = "ord_01JD4Z8QK0000000000000000B";
const PERSON: u32 = 7;

/// The routes that ask for a permission, each with a role that does not have it.
fn guarded() -> Vec<(&'static Route, Role)> {
    let stranger = |permission: Permission| Role::ALL.into_iter().find(|role| scope(*role, permission).is_none());
    let guarded = |route: &'static Route| match route.access {
        Access::Needs(permission) => Some((route, stranger(permission).unwrap())),
        _ => None,
    };
    ROUTES.iter().filter_map(guarded).collect()
}

/// Asks for what that role may not have; `id` is the id in the path, where the route has one.
async fn knock(world: &World, route: &Route, role: Role, id: &str) -> Answer {
    let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == route.function).unwrap().endpoint;
    let parameters: &[(&str, &str)] = if route.path.contains("{id}") { &[("id", id)] } else { &[] };
    world.call(endpoint, (route.method, "/v1/x"), parameters, Some(&world.token(&user(1), role)), None).await
}

#[tokio::test]
async fn whoever_is_refused_by_their_role_is_on_the_trail_with_what_they_wanted() {
    let world = world().await;
    let guarded = guarded();
    assert!(guarded.len() >= 30, "{}", guarded.len());
    let wanted = |route: &Route| match route.path.contains("{id}") {
        false => route.function.to_owned(),
        true if route.path.starts_with("/v1/admin/") => user(PERSON).to_string(),
        true => ORDER.to_owned(),
    };
    for (route, role) in &guarded {
        let answer = knock(&world, route, *role, &wanted(route)).await;
        assert_eq!((answer.status, answer.code()), (403, "forbidden"), "{}", route.function);
    }
    world.clock.advance(Duration::from_secs(1));
    let first = search(&world, "action=access.refuse&limit=100").await;
    let rest = format!("action=access.refuse&limit=100&cursor={}", first.body["next_cursor"].as_str().unwrap());
    let found = [items(&first), items(&search(&world, &rest).await)].concat();
    assert_eq!(found.len(), guarded.len());
    for (route, role) in &guarded {
        let one = found.iter().find(|one| one["detail"] == route.function);
        let one = one.unwrap_or_else(|| panic!("{} is not on the trail", route.function));
        let object = wanted(route);
        let is_about = object == user(PERSON).as_str() && role.works_here();
        let subject = if is_about { json!(object) } else { Value::Null };
        let expected = json!({
            "id": one["id"], "at": "2026-11-20T10:00:00.000Z", "actor": user(1), "actor_roles": [role],
            "action": "access.refuse", "subject": subject, "object": object, "outcome": "refused",
            "detail": route.function, "request_id": "test-request", "source_ip": "203.0.113.7",
        });
        assert_eq!(*one, expected);
    }
}

#[tokio::test]
async fn a_stranger_fills_nobodys_part_of_the_trail_however_often_they_are_refused() {
    let (world, route) = (world().await, route("admin-set-roles").unwrap());
    let person = user(PERSON);
    let knock = || knock(&world, route, Role::Customer, person.as_str());
    for _ in 0..120 {
        assert_eq!(knock().await.code(), "forbidden");
    }
    for _ in 0..3 {
        assert_eq!(knock().await.code(), "rate_limited");
    }
    let entries = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    assert!(entries.len() == 120 && entries.iter().all(|entry| !entry.contains_key("subject")));
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(knock().await.code(), "forbidden");
}

#[tokio::test]
async fn who_calls_from_a_session_that_has_ended_is_on_the_trail() {
    let world = world().await;
    let token = world.token(&user(1), Role::Customer);
    let out = world.call(&auth_logout::ENDPOINT, ("POST", "/"), &[], Some(&token), Some(json!({}))).await;
    assert_eq!(out.status, 204, "{}", out.text);
    world.clock.advance(Duration::from_secs(4));
    let asked = [
        world.call(&prescriptions_get::ENDPOINT, ("GET", "/"), &[("id", ORDER)], Some(&token), None).await,
        world.call(&profile_update::ENDPOINT, ("PATCH", "/"), &[], Some(&token), Some(json!({}))).await,
    ];
    for refused in &asked {
        assert_eq!((refused.status, refused.code()), (401, "session_ended"));
    }
    world.clock.advance(Duration::from_secs(1));
    let found = items(&search(&world, "action=access.refuse").await);
    let details: Vec<_> = found.iter().map(|one| one["detail"].as_str().unwrap()).collect();
    assert_eq!(details.len(), 2, "{found:?}");
    assert!(details.contains(&"prescriptions-get") && details.contains(&"profile-update"), "{details:?}");
}

#[tokio::test]
async fn who_is_nobody_is_refused_without_an_entry_and_what_is_no_id_stands_in_none() {
    let world = world().await;
    let (route, role) = guarded().into_iter().find(|(route, _)| route.function == "orders-get").unwrap();
    let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == route.function).unwrap().endpoint;
    let guest = world.call(endpoint, (route.method, "/v1/x"), &[("id", ORDER)], None, None).await;
    assert_eq!(guest.code(), "unauthenticated");
    for id in [EMAIL, "Anna Karki", "ord_01jd4z8qk0000000000000000b"] {
        assert_eq!(knock(&world, route, role, id).await.code(), "forbidden");
    }
    let entries = world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let objects: Vec<_> = entries.iter().map(|entry| entry["object"].as_s().unwrap().as_str()).collect();
    assert_eq!(objects, [route.function; 3]);
    let dump = format!("{entries:?}");
    assert!(!dump.contains("anna") && !dump.contains("Anna"), "{dump}");
}

#[tokio::test]
async fn nobody_is_refused_by_their_role_where_that_cannot_be_put_on_the_trail() {
    let world = world().await;
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    for (route, role) in guarded() {
        let answer = knock(&world, route, role, ORDER).await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"), "{}", route.function);
    }
}

// ------------------------------------------------------------------ passwords

/// Action, outcome and whether actor and subject are known, oldest first.
async fn told(world: &World, action: &str) -> Vec<(String, bool, bool)> {
    world.clock.advance(Duration::from_secs(1));
    let mut found = items(&search(world, &format!("action={action}&limit=100")).await);
    // Entries of one request may be of one millisecond.
    found.sort_by_key(|one| (one["request_id"].to_string(), one["at"].to_string(), one["outcome"] != "begun"));
    let known = |one: &Value, name: &str| !one[name].is_null();
    let text = |one: &Value| one["outcome"].as_str().unwrap().to_owned();
    found.iter().map(|one| (text(one), known(one, "actor"), known(one, "subject"))).collect()
}

fn begun_and(outcome: &str, known_at_first: bool, known: bool) -> Vec<(String, bool, bool)> {
    vec![("begun".to_owned(), known_at_first, known_at_first), (outcome.to_owned(), known, known)]
}

#[tokio::test]
async fn passwords_that_are_reset_or_tried_to_be_are_on_the_trail() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let post =
        async |endpoint: &Endpoint, body: Value| world.call(endpoint, ("POST", "/"), &[], None, Some(body)).await;
    let reset = async |email: &str, code: &str| {
        let body = json!({"email": email, "code": code, "new_password": OTHER});
        post(&auth_reset_password::ENDPOINT, body).await.status
    };
    // Known or not, a wrong code leaves the same behind, by the same number of calls.
    cloud.calls();
    assert_eq!(reset("ben@example.org", "000000").await, 400);
    let unknown = (cloud.calls(), told(&world, "password.reset").await);
    cloud.calls();
    assert_eq!(reset(EMAIL, "000000").await, 400);
    let known = cloud.calls();
    assert_eq!((unknown.0, unknown.1), (known, begun_and("refused", false, false)));
    assert_eq!(told(&world, "password.reset").await.len(), 4);

    post(&auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
    world.clock.advance(Duration::from_secs(1));
    let code = cloud.messages().code(EMAIL).unwrap();
    assert_eq!(reset(EMAIL, &code).await, 204);
    assert_eq!(told(&world, "password.reset").await[4..], begun_and("allowed", false, true));
    let dump = format!("{:?}", world.dynamo.scan().table_name("audit").send().await.unwrap());
    assert!(!dump.contains(EMAIL) && !dump.contains("ben@") && !dump.contains(OTHER));

    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    post(&auth_forgot_password::ENDPOINT, json!({"email": EMAIL})).await;
    let code = cloud.messages().code(EMAIL);
    let body = json!({"email": EMAIL, "code": code, "new_password": "mountains wait for nobody"});
    assert_eq!(post(&auth_reset_password::ENDPOINT, body).await.status, 503);
    assert_eq!(cloud.pool().user(EMAIL).unwrap().password, OTHER);
}

#[tokio::test]
async fn passwords_that_are_changed_or_tried_to_be_are_on_the_trail() {
    let (world, cloud) = cloudy_world().await;
    cloud.pool().add(EMAIL, PASSWORD, &[Role::Customer], "CONFIRMED");
    let login = json!({"email": EMAIL, "password": PASSWORD});
    let session = world.call(&auth_login::ENDPOINT, ("POST", "/"), &[], None, Some(login)).await;
    let token = session.body["access_token"].as_str().unwrap();
    let change = async |current: &str, new: &str| {
        let body = Some(json!({"current_password": current, "new_password": new}));
        world.call(&auth_change_password::ENDPOINT, ("POST", "/"), &[], Some(token), body).await.status
    };
    assert_eq!(change("wrong", OTHER).await, 400);
    assert_eq!(told(&world, "password.change").await, begun_and("refused", true, true));
    assert_eq!(change(PASSWORD, OTHER).await, 204);
    assert_eq!(told(&world, "password.change").await[2..], begun_and("allowed", true, true));
    // What one does oneself is no news.
    let anna = UserId::parse(&cloud.pool().user(EMAIL).unwrap().id).unwrap();
    assert!(items(&mine(&world, &anna, "").await).is_empty());

    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    assert_eq!(change(OTHER, PASSWORD).await, 503);
    assert_eq!(cloud.pool().user(EMAIL).unwrap().password, OTHER);
}
