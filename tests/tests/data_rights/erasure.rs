//! Erasing people: nothing of them is left but what must be kept, whatever is killed when, and nobody else notices.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::PictureUpload;
use shared::identity::Role;
use shared::platform::error::Result;
use support::cloud::{Killed, cloudy_world};
use support::{Answer, World, user};

use crate::life::{Life, PASSWORD, Person, copied_as, join, login, register, text, traces};

/// What the trail says was deleted of Anna.
const COUNTS: &str = "orders=3 cancelled=1 prescriptions_deleted=2 prescriptions_kept=1 consultations=0 notices=1 records=0 \
    patients=1 pictures=4 sessions=2";

pub async fn delete(world: &World, person: &Person, password: &str) -> Answer {
    let body = json!({"password": password});
    world.call(&profile_delete::ENDPOINT, ("DELETE", "/v1/profile"), &[], Some(&person.token), Some(body)).await
}

pub async fn work(world: &World) -> Result<Value> {
    (profile_erase::WORKER.run)(&world.app, json!({"source": "aws.events", "detail": {}})).await
}

pub async fn by_hand(world: &World, user: &str) -> Result<Value> {
    (profile_erase::WORKER.run)(&world.app, json!({"user": user})).await
}

/// Where the media bucket has a checked picture; one that nobody can see through is a JPEG.
pub fn shown_at(upload: &PictureUpload) -> String {
    format!("public/avatars/{}.jpg", upload.picture)
}

pub fn erased(run: &Result<Value>) -> u64 {
    run.as_ref().unwrap()["erased"].as_u64().unwrap()
}

pub async fn has_profile(world: &World, person: &Person) -> bool {
    world.app.profiles().find(&person.id).await.unwrap().is_some()
}

/// Everything that is there of a person, with where it is.
async fn found(life: &Life, person: &Person) -> Vec<String> {
    let mut signs = traces(person.name);
    signs.push(person.id.to_string());
    let hits = |(_, item): &&(String, String)| signs.iter().any(|sign| item.contains(sign.as_str()));
    let everything = life.everything().await;
    // The feed of ended sessions names ids for a quarter of an hour.
    let items = everything.iter().filter(|(at, _)| !at.starts_with("guard REVOCATIONS"));
    items.filter(hits).map(|(at, _)| at.clone()).collect()
}

/// That Anna is gone, but for what is kept of her orders and prescriptions under a pseudonym.
async fn assert_gone(life: &Life, at: &str) {
    assert_eq!(found(life, &life.anna).await, Vec::<String>::new(), "{at}");
    let in_pool = |name: &str| life.cloud.pool().user(name).is_some();
    assert!(!in_pool(&life.anna.email) && !in_pool(&copied_as("Anna")) && in_pool(&copied_as("Boris")), "{at}");
    let about_anna = |item: &String| traces("Anna").iter().any(|sign| item.contains(sign.as_str()));
    let trail: Vec<String> = life.items("audit").await.iter().map(|item| format!("{item:?}")).collect();
    assert!(!trail.iter().any(about_anna), "{at}: the trail holds ids alone");

    let orders = life.items("orders").await;
    let prescriptions = life.items("prescriptions").await;
    let mut pseudonyms = Vec::new();
    for (id, status) in life.orders.iter().zip(["delivered", "shipped", "cancelled"]) {
        let order = orders.iter().find(|item| text(item, "pk") == format!("ORDER#{id}")).unwrap();
        assert_eq!(text(order, "status"), status, "{at}");
        assert!(order["address"].is_null() && order["note"].is_null() && order["tracking"].is_null(), "{at}");
        assert_eq!(text(order["erased"].as_m().unwrap(), "country"), "NP", "{at}");
        assert_eq!(order["lines"].as_l().unwrap().len(), 1, "{at}");
        pseudonyms.push(text(order, "customer").to_owned());
        assert_eq!(text(order, "owner"), format!("CUSTOMER#{}", pseudonyms[0]), "{at}");
    }
    let rx = |id| prescriptions.iter().find(|item| text(item, "pk") == format!("RX#{id}"));
    let kept = rx(life.prescriptions[0]).unwrap_or_else(|| panic!("{at}: what was dispensed on is kept"));
    assert_eq!(text(kept, "patient_name"), "", "{at}");
    pseudonyms.push(text(kept, "owner").to_owned());
    assert!(pseudonyms.iter().all(|one| *one == pseudonyms[0]), "{at}: {pseudonyms:?}");
    assert!(rx(life.prescriptions[1]).is_none() && rx(life.prescriptions[2]).is_none(), "{at}");
    assert_eq!(
        files(life, "Anna"),
        [format!("scans/clean/prescriptions/{}/{}", life.prescriptions[0], "5a".repeat(32))]
    );
    let boris = life.world.app.profiles().find(&life.boris.id).await.unwrap().unwrap();
    let media = life.cloud.files().paths().into_iter().filter(|path| path.starts_with("media/"));
    assert_eq!(media.collect::<Vec<_>>(), [format!("media/{}", boris.picture.unwrap().key)], "{at}");
    // Boris's three units stay as they were, and what Anna had only placed is back on the shelf.
    assert_eq!(life.stock().await, (95, 1, 4), "{at}");
}

/// The files of a person: by the prescriptions that are theirs, and pictures.
fn files(life: &Life, name: &str) -> Vec<String> {
    let anna: Vec<String> = life.prescriptions.iter().map(ToString::to_string).collect();
    let scans = |path: &String| path.starts_with("scans/") && anna.iter().any(|id| path.contains(id.as_str()));
    let paths = life.cloud.files().paths();
    paths.into_iter().filter(|path| scans(path) == (name == "Anna")).filter(|path| path.starts_with("scans/")).collect()
}

/// What the trail says was deleted of somebody.
async fn told(life: &Life, person: &Person) -> Vec<String> {
    let trail = life.trail(&person.id).await.into_iter();
    trail.filter(|(action, ..)| action == "account.erase").map(|(.., object)| object).collect()
}

/// In how many steps the trail tells of less than was deleted; it must never tell of more.
fn left_out(told: &str) -> usize {
    let numbers = |text: &str| -> Vec<u32> {
        text.split(' ').map(|part| part.split_once('=').unwrap().1.parse().unwrap()).collect()
    };
    let (told, all) = (numbers(told), numbers(COUNTS));
    assert!(told.iter().zip(&all).all(|(told, all)| told <= all), "{told:?}");
    // Orders and prescriptions have two numbers each.
    [0..2, 2..4, 4..5, 5..6, 6..7, 7..8, 8..9]
        .into_iter()
        .filter(|step| told[step.clone()] != all[step.clone()])
        .count()
}

/// What is there of Boris, word for word.
async fn of_boris(life: &Life) -> (Vec<(String, String)>, Vec<String>) {
    let mut items = life.everything().await;
    items.retain(|(_, item)| item.contains(life.boris.id.as_str()) || item.contains(&life.boris.email));
    (items, files(life, "Boris"))
}

#[tokio::test]
async fn a_person_is_closed_at_once_and_erased_when_every_token_is_dead() {
    let life = Life::lived().await;
    let before = of_boris(&life).await;
    assert!(found(&life, &life.anna).await.len() >= 14, "{:?}", found(&life, &life.anna).await);
    assert_eq!(life.stock().await, (94, 2, 4));
    let answer = delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    assert!(answer.body["erase_by"].as_str().unwrap().starts_with("2026-11-21T10:0"), "{}", answer.text);

    life.world.clock.advance(Duration::from_secs(4));
    let route = ("GET", "/v1/profile");
    let closed = life.call(&life.anna, &profile_get::ENDPOINT, route, &[], None).await;
    assert_eq!((closed.status, closed.code()), (401, "session_ended"));
    assert_eq!(login(&life.world, &life.anna.email, PASSWORD).await.code(), "invalid_credentials");
    assert!(!life.cloud.pool().user(&life.anna.email).unwrap().enabled);

    // A token could still be alive, so nothing is done yet.
    assert_eq!(erased(&work(&life.world).await), 0);
    assert!(found(&life, &life.anna).await.len() > 12);
    life.world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&life.world).await), 1);
    assert_gone(&life, "after the worker").await;
    assert!(of_boris(&life).await == before, "nobody else notices");
    let trail = life.trail(&life.anna.id).await;
    let last: Vec<_> =
        trail.iter().filter(|(action, ..)| ["account.delete", "account.erase"].contains(&action.as_str())).collect();
    let entry = |action: &str, object: &str| (action.to_owned(), "allowed".to_owned(), object.to_owned());
    assert_eq!(last, [&entry("account.delete", life.anna.id.as_str()), &entry("account.erase", COUNTS)]);
    assert_eq!(erased(&work(&life.world).await), 0, "once");
}

#[tokio::test]
async fn invoked_by_hand_it_erases_that_person_now_and_looks_once_more_later() {
    let life = Life::lived().await;
    assert_eq!(erased(&by_hand(&life.world, life.boris.id.as_str()).await), 0, "who has not asked for it stays");
    delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    let run = by_hand(&life.world, life.anna.id.as_str()).await.unwrap();
    assert_eq!((&run["erased"], &run["unsettled"]), (&json!(0), &json!(1)));
    let left = found(&life, &life.anna).await;
    assert!(left.iter().all(|at| at.contains("ERASURE")), "{left:?}");
    // Somebody else has the address by now, and is left in peace by the run that looks once more.
    let heir = join(&life.world, &life.cloud, "Anna").await;
    assert_ne!(heir.id, life.anna.id);
    life.world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&life.world).await), 1);
    assert_eq!(told(&life, &life.anna).await, [COUNTS], "with what the earlier run has deleted");
    let profile = life.call(&join_again(&life, heir).await, &profile_get::ENDPOINT, ("GET", "/"), &[], None).await;
    assert_eq!((profile.status, &profile.body["email"]), (200, &json!("anna@example.org")), "{}", profile.text);
    assert!(by_hand(&life.world, "somebody").await.is_err());
}

/// The same person with a token of now.
async fn join_again(life: &Life, person: Person) -> Person {
    let session = login(&life.world, &person.email, PASSWORD).await.expect(200);
    Person { token: session.body["access_token"].as_str().unwrap().to_owned(), ..person }
}

#[tokio::test]
async fn who_registers_again_gets_a_clean_account() {
    let life = Life::lived().await;
    delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    // Until the erasure is done, the address is taken; nobody is told.
    let body = json!({"email": life.anna.email, "password": PASSWORD, "full_name": "Anna Karki"});
    life.world.call(&auth_register::ENDPOINT, ("POST", "/"), &[], None, Some(body)).await.expect(202);
    life.world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&life.world).await), 1);
    register(&life.world, &life.cloud, "Anna", &life.anna.email).await;
    let session = login(&life.world, &life.anna.email, PASSWORD).await.expect(200);
    let token = session.body["access_token"].as_str().unwrap().to_owned();
    assert_ne!(session.body["user"]["id"], life.anna.id.as_str());
    let get = |endpoint| life.world.call(endpoint, ("GET", "/v1/x"), &[], Some(&token), None);
    let profile = get(&profile_get::ENDPOINT).await;
    assert_eq!((&profile.body["date_of_birth"], &profile.body["picture_url"]), (&Value::Null, &Value::Null));
    for endpoint in [&orders_list::ENDPOINT, &prescriptions_list::ENDPOINT, &address_list::ENDPOINT] {
        assert_eq!(get(endpoint).await.expect(200).body["items"], json!([]));
    }
    assert_eq!(get(&cart_get::ENDPOINT).await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn an_erasure_killed_at_any_call_is_finished_by_the_next_run() {
    for call in 0..200 {
        let life = Life::lived().await;
        let before = of_boris(&life).await;
        // A check was killed right after it had written the picture of Anna's last upload.
        let profile = life.world.app.profiles().find(&life.anna.id).await.unwrap().unwrap();
        let upload = PictureUpload { user: profile.id, picture: profile.pending_picture.unwrap() };
        for path in [format!("incoming/avatars/{}/{}", upload.user, upload.picture), shown_at(&upload)] {
            life.cloud.files().put(&format!("media/{path}"), "image/jpeg", b"a picture");
        }
        delete(&life.world, &life.anna, PASSWORD).await.expect(202);
        life.world.clock.advance(Duration::from_mins(17));
        // One call waits for the other, so killed after one is killed before the next.
        let finished = life.cloud.run_until(call, Killed::After, work(&life.world)).await.is_some();
        life.world.clock.advance(Duration::from_hours(1));
        work(&life.world).await.unwrap();
        assert_gone(&life, &format!("killed after call {call}")).await;
        assert!(of_boris(&life).await == before, "killed after call {call}");
        let trail = life.trail(&life.anna.id).await;
        let told = told(&life, &life.anna).await;
        assert_eq!(told.len(), 1, "call {call}");
        assert!(left_out(&told[0]) <= usize::from(!finished), "killed after call {call}: {}", told[0]);
        assert_eq!(trail.iter().filter(|(action, ..)| action == "order.cancel").count(), 1, "call {call}");
        if finished {
            assert!(call >= 40, "only {call} calls were made");
            return;
        }
    }
    panic!("erasing never ran to its end");
}

#[tokio::test]
async fn two_runs_at_once_do_no_harm() {
    let life = Life::lived().await;
    let before = of_boris(&life).await;
    delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    life.world.clock.advance(Duration::from_mins(17));
    join_all((0..4).map(|_| work(&life.world))).await;
    life.world.clock.advance(Duration::from_hours(1));
    work(&life.world).await.unwrap();
    assert_gone(&life, "four at once").await;
    assert!(of_boris(&life).await == before, "nobody else notices");
    let trail = life.trail(&life.anna.id).await;
    assert_eq!(trail.iter().filter(|(action, ..)| action == "account.erase").count(), 1);
}

#[tokio::test]
async fn closing_killed_at_any_call_is_finished_by_asking_again_or_by_the_worker() {
    for call in 0..40 {
        let mut finished = false;
        for again in [true, false] {
            let (world, cloud) = cloudy_world().await;
            let anna = join(&world, &cloud, "Anna").await;
            finished = cloud.run_until(call, Killed::After, delete(&world, &anna, PASSWORD)).await.is_some();
            let at = format!("killed after call {call}, asked again: {again}");
            assert!(has_profile(&world, &anna).await, "{at}: nothing is erased yet");
            if again {
                let answer = delete(&world, &anna, PASSWORD).await;
                assert!(
                    matches!((answer.status, answer.code()), (202, "") | (401, "session_ended")),
                    "{}",
                    answer.text
                );
                assert!(!cloud.pool().user(&anna.email).unwrap().enabled, "{at}");
            }
            for _ in 0..2 {
                world.clock.advance(Duration::from_hours(1));
                work(&world).await.unwrap();
            }
            let requested = again || call >= 9;
            let gone = cloud.pool().user(&anna.email).is_none();
            if requested {
                assert!(gone && !has_profile(&world, &anna).await, "{at}");
            } else {
                // Killed before the request was stored, nothing was asked for: all of it is there, or nothing.
                assert_eq!(gone, !has_profile(&world, &anna).await, "{at}");
            }
        }
        if finished {
            assert!(call >= 10, "only {call} calls were made");
            return;
        }
    }
    panic!("closing never ran to its end");
}

#[tokio::test]
async fn asking_many_times_at_once_is_asking_once() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let answers = join_all((0..5).map(|_| delete(&world, &anna, PASSWORD))).await;
    // The first to end ends the session of the others.
    let done: Vec<_> = answers.iter().filter(|answer| answer.status == 202).collect();
    assert!(!done.is_empty() && answers.iter().all(|answer| matches!(answer.status, 202 | 401)), "{answers:?}");
    assert!(done.iter().all(|answer| answer.body == done[0].body), "{done:?}");
    world.clock.advance(Duration::from_mins(20));
    assert_eq!(erased(&work(&world).await), 1);
}

#[tokio::test]
async fn only_the_password_closes_an_account_and_guessing_locks() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    for _ in 0..5 {
        let answer = delete(&world, &anna, "rivers run in winter").await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["password"]), "{}", answer.text);
    }
    assert_eq!(delete(&world, &anna, PASSWORD).await.code(), "account_locked");
    world.clock.advance(Duration::from_hours(2));
    assert_eq!(erased(&work(&world).await), 0);
    login(&world, &anna.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn who_works_here_gives_up_their_roles_first() {
    let (world, cloud) = cloudy_world().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Customer) {
        let email = format!("{}@example.org", role.group());
        cloud.pool().add(&email, PASSWORD, &[role, Role::Customer], "CONFIRMED");
        let session = login(&world, &email, PASSWORD).await.expect(200);
        let token = session.body["access_token"].as_str().unwrap().to_owned();
        let id = session.body["user"]["id"].as_str().unwrap().parse().unwrap();
        let answer = delete(&world, &Person { name: "Staff", email, id, token }, PASSWORD).await;
        assert_eq!((answer.status, answer.code()), (409, "staff_account"), "{role:?}: {}", answer.text);
    }
    assert_eq!(erased(&work(&world).await), 0);
}

#[tokio::test]
async fn who_has_just_begun_to_work_here_is_refused_with_a_token_of_before() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Customer) {
        cloud.pool().user_mut(anna.id.as_str()).groups = BTreeSet::from([role.group().to_owned()]);
        let answer = delete(&world, &anna, PASSWORD).await;
        assert_eq!((answer.status, answer.code()), (409, "staff_account"), "{role:?}: {}", answer.text);
    }
    cloud.pool().user_mut(anna.id.as_str()).groups = BTreeSet::from([Role::Customer.group().to_owned()]);
    delete(&world, &anna, PASSWORD).await.expect(202);
}

#[tokio::test]
async fn a_closed_profile_is_seen_by_nobody() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let route = ("PUT", "/v1/profile/privacy");
    let public = Some(json!({"visibility": "public"}));
    world.call(&profile_set_privacy::ENDPOINT, route, &[], Some(&anna.token), public).await.expect(200);
    let view = || async {
        let route = ("GET", "/v1/profiles/x");
        world.call(&profile_view::ENDPOINT, route, &[("id", anna.id.as_str())], None, None).await.status
    };
    assert_eq!(view().await, 200);
    delete(&world, &anna, PASSWORD).await.expect(202);
    assert_eq!(view().await, 404);
    world.clock.advance(Duration::from_mins(17));
    work(&world).await.unwrap();
    assert_eq!(view().await, 404);
}

#[tokio::test]
async fn what_one_person_breaks_holds_up_nobody_else() {
    let (world, cloud) = cloudy_world().await;
    let (anna, boris) = (join(&world, &cloud, "Anna").await, join(&world, &cloud, "Boris").await);
    delete(&world, &anna, PASSWORD).await.expect(202);
    delete(&world, &boris, PASSWORD).await.expect(202);
    // An order that cannot be read stands in the way of the older request.
    let part = |text: String| aws_sdk_dynamodb::types::AttributeValue::S(text);
    let broken = [("pk", "ORDER#x".to_owned()), ("sk", "ORDER".to_owned()), ("id", "ord_x".to_owned())];
    let broken = broken.map(|(name, text)| (name.to_owned(), part(text)));
    let owner = ("owner".to_owned(), part(format!("CUSTOMER#{}", anna.id)));
    let item = broken.into_iter().chain([owner]).collect();
    world.dynamo.put_item().table_name("orders").set_item(Some(item)).send().await.unwrap();
    world.clock.advance(Duration::from_mins(20));
    assert_eq!(work(&world).await.unwrap_err().code(), "unavailable", "an operator is told");
    assert!(has_profile(&world, &anna).await && !has_profile(&world, &boris).await);
    let order = world.dynamo.delete_item().table_name("orders").key("pk", part("ORDER#x".to_owned()));
    order.key("sk", part("ORDER".to_owned())).send().await.unwrap();
    assert_eq!(erased(&work(&world).await), 1);
    assert!(!has_profile(&world, &anna).await);
}

#[tokio::test]
async fn what_had_to_be_kept_goes_when_it_need_not_be_any_more() {
    let life = Life::lived().await;
    delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    life.world.clock.advance(Duration::from_mins(17));
    assert_eq!(erased(&work(&life.world).await), 1);
    let kept = format!("RX#{}", life.prescriptions[0]);
    let pseudonym =
        life.items("prescriptions").await.iter().find(|item| text(item, "pk") == kept).unwrap()["owner"].clone();
    let there = || async { life.items("prescriptions").await.iter().any(|item| text(item, "pk") == kept) };
    // Five years, as the configuration of the tests says.
    life.world.clock.advance(Duration::from_hours(24 * 365 * 5));
    assert_eq!(work(&life.world).await.unwrap()["expired"], 0);
    assert!(there().await && !files(&life, "Anna").is_empty());
    life.world.clock.advance(Duration::from_hours(24 * 6));
    assert_eq!(work(&life.world).await.unwrap()["expired"], 1);
    assert!(!there().await && files(&life, "Anna").is_empty());
    // That it is gone is on the trail, once, under the name that stood on it.
    assert_eq!(work(&life.world).await.unwrap()["expired"], 0);
    let trail = life.trail(&pseudonym.as_s().unwrap().parse().unwrap()).await;
    let discarded = ("prescription.discard".to_owned(), "allowed".to_owned(), life.prescriptions[0].to_string());
    assert_eq!(trail, [discarded]);
    let queue = life.items("accounts").await.into_iter().filter(|item| text(item, "pk") == "ERASURES").count();
    assert_eq!((queue, user(1) == life.anna.id), (0, true));
}

#[tokio::test]
async fn a_picture_that_was_taken_off_is_kept_by_nobody_for_more_than_an_hour() {
    let life = Life::lived().await;
    let files = life.cloud.files().clone();
    let shown: Vec<_> = files.paths().into_iter().filter(|path| path.starts_with("media/public/avatars/")).collect();
    assert_eq!(shown.len(), 2, "{shown:?}");
    for path in &shown {
        assert_eq!(files.get(path).unwrap().cache_control, "public, max-age=3600", "{path}");
    }
}
