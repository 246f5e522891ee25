//! Accounts: whose an address is that is registered twice; profiles, address books and profile pictures, when many use them
//! at once and when a function is killed.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::{Checked, Email, FullName, PictureUpload};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::cloud::{Cloud, Killed, Message, cloudy_world};
use support::{Answer, World, user, world, world_with};

const ADDRESSES: &str = "/v1/profile/addresses";

fn home() -> Value {
    json!({"label": "Home", "recipient": "Anna Karki", "line1": "Durbar Marg 7", "city": "Kathmandu", "country": "NP",
        "phone": "+977 981-2345678", "postal_code": "44600"})
}

async fn with_profile(world: &World, person: &UserId) {
    let email = Email::parse(&format!("{person}@example.org")).unwrap();
    let name = FullName::parse("Anna Karki").unwrap();
    world.make_profile(person, email, name).await;
}

struct Desk<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Desk<'a> {
    fn of(world: &'a World, person: &UserId) -> Self {
        Self { world, token: world.token(person, Role::Customer) }
    }

    async fn add(&self, body: Value) -> Answer {
        self.world.call(&address_add::ENDPOINT, ("POST", ADDRESSES), &[], Some(&self.token), Some(body)).await
    }

    async fn update(&self, id: &str, body: Value) -> Answer {
        let at = ("PATCH", ADDRESSES);
        self.world.call(&address_update::ENDPOINT, at, &[("id", id)], Some(&self.token), Some(body)).await
    }

    async fn remove(&self, id: &str) -> Answer {
        self.world.call(&address_remove::ENDPOINT, ("DELETE", ADDRESSES), &[("id", id)], Some(&self.token), None).await
    }

    async fn list(&self) -> Vec<Value> {
        let answer = self.world.call(&address_list::ENDPOINT, ("GET", ADDRESSES), &[], Some(&self.token), None).await;
        answer.body["items"].as_array().unwrap().clone()
    }

    async fn profile(&self) -> Answer {
        self.world.call(&profile_get::ENDPOINT, ("GET", "/v1/profile"), &[], Some(&self.token), None).await
    }

    async fn change(&self, body: Value) -> Answer {
        let at = ("PATCH", "/v1/profile");
        self.world.call(&profile_update::ENDPOINT, at, &[], Some(&self.token), Some(body)).await
    }
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap().to_owned()
}

// -------------------------------------------- an address that is registered twice

const EMAIL: &str = "anna@example.org";
const ANNAS: &str = "tigers sleep in june";
const MALS: &str = "rivers run in winter";

async fn post(world: &World, function: &str, body: Value) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap_or_else(|| panic!("{function}"));
    world.call(found.endpoint, ("POST", "/"), &[], None, Some(body)).await
}

async fn register(world: &World, password: &str) {
    let body = json!({"email": EMAIL, "password": password, "full_name": "Anna Karki"});
    assert_eq!(post(world, "auth-register", body).await.status, 202);
}

/// With the code that was mailed last.
async fn confirm(world: &World, cloud: &Cloud) -> Answer {
    let code = cloud.messages().code(EMAIL);
    post(world, "auth-confirm", json!({"email": EMAIL, "code": code})).await
}

async fn login(world: &World, password: &str) -> Answer {
    post(world, "auth-login", json!({"email": EMAIL, "password": password})).await
}

/// The last mail, after a code for a new password was asked for.
async fn forgot(world: &World, cloud: &Cloud) -> Message {
    assert_eq!(post(world, "auth-forgot-password", json!({"email": EMAIL})).await.status, 202);
    cloud.messages().to(EMAIL).pop().unwrap()
}

/// Has a code sent for a new password, and signs in with it.
async fn set_a_password(world: &World, cloud: &Cloud) -> Answer {
    let code = forgot(world, cloud).await.code();
    let body = json!({"email": EMAIL, "code": code, "new_password": "lions drink at noon"});
    let reset = post(world, "auth-reset-password", body).await;
    assert_eq!(reset.status, 204, "{}", reset.text);
    login(world, "lions drink at noon").await
}

#[tokio::test]
async fn who_registers_twice_with_one_password_signs_in_with_it() {
    for resent in [false, true] {
        let (world, cloud) = cloudy_world().await;
        register(&world, ANNAS).await;
        world.clock.advance(Duration::from_hours(2));
        register(&world, ANNAS).await;
        if resent {
            assert_eq!(post(&world, "auth-resend-code", json!({"email": EMAIL})).await.status, 202);
        }
        assert!(!cloud.messages().to(EMAIL).iter().any(|mail| mail.text.contains("different passwords")));
        assert_eq!(confirm(&world, &cloud).await.status, 204);
        assert_eq!(login(&world, ANNAS).await.status, 200, "resent: {resent}");
    }
}

#[tokio::test]
async fn an_address_that_is_registered_with_two_passwords_opens_for_neither() {
    for passwords in [&[ANNAS, MALS][..], &[MALS, ANNAS][..], &[ANNAS, MALS, ANNAS][..]] {
        for resent in [false, true] {
            let (world, cloud) = cloudy_world().await;
            for password in passwords {
                register(&world, password).await;
            }
            if resent {
                assert_eq!(post(&world, "auth-resend-code", json!({"email": EMAIL})).await.status, 202);
            }
            let at = format!("{passwords:?} resent: {resent}");
            assert!(cloud.messages().to(EMAIL).last().unwrap().text.contains("different passwords"), "{at}");
            assert_eq!(confirm(&world, &cloud).await.status, 204, "{at}");
            for password in [ANNAS, MALS] {
                let refused = login(&world, password).await;
                assert_eq!((refused.status, refused.code()), (401, "invalid_credentials"), "{at}: {password}");
            }
            let session = set_a_password(&world, &cloud).await;
            assert_eq!((session.status, &session.body["user"]["roles"]), (200, &json!(["customer"])), "{at}");
            let token = session.body["access_token"].as_str().unwrap().to_owned();
            let desk = Desk { world: &world, token };
            assert_eq!(desk.profile().await.body["email"], EMAIL, "{at}");
            assert_eq!(login(&world, MALS).await.status, 401, "{at}");
        }
    }
}

#[tokio::test]
async fn nor_does_a_sign_in_that_is_under_way_while_the_address_is_confirmed() {
    let (world, cloud) = cloudy_world().await;
    register(&world, ANNAS).await;
    register(&world, MALS).await;
    let seen = cloud.hold("GetItem", "PROFILE");
    let confirmed = seen.around(confirm(&world, &cloud));
    let (mals, confirmed) = futures_util::future::join(login(&world, MALS), confirmed).await;
    assert_eq!((confirmed.status, mals.status), (204, 200), "{}", mals.text);
    world.clock.advance(Duration::from_secs(4));
    let desk = Desk { world: &world, token: mals.body["access_token"].as_str().unwrap().to_owned() };
    assert_eq!(desk.profile().await.code(), "session_ended", "what they have got is dead already");
    let refreshed = post(&world, "auth-refresh", json!({"refresh_token": mals.body["refresh_token"]})).await;
    assert_eq!(refreshed.status, 401, "{}", refreshed.text);
    assert_eq!(login(&world, MALS).await.status, 401);
}

#[tokio::test]
async fn a_contested_confirmation_killed_anywhere_opens_for_neither_password() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            register(&world, ANNAS).await;
            register(&world, MALS).await;
            let finished = cloud.run_until(call, kill, confirm(&world, &cloud)).await.is_some();
            let at = format!("{kill:?} call {call}");
            for password in [ANNAS, MALS] {
                assert_ne!(login(&world, password).await.status, 200, "{at}: {password}");
            }
            world.clock.advance(Duration::from_secs(16));
            let again = confirm(&world, &cloud).await;
            assert!(again.status == 204 || again.code() == "invalid_code", "{at}: {}", again.text);
            for password in [ANNAS, MALS] {
                assert_eq!(login(&world, password).await.status, 401, "{at}: {password}");
            }
            assert!(forgot(&world, &cloud).await.text.contains("sets a new password"), "{at}: it is theirs by a code");
            if finished {
                assert!(call >= 9, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("confirming never ran to its end");
}

// ------------------------------------------------------------------ addresses

#[tokio::test]
async fn an_address_is_kept_as_it_was_read() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let added = desk.add(home()).await;
    assert_eq!(added.status, 201, "{}", added.text);
    assert_eq!(added.headers["etag"], "\"1\"");
    let listed = desk.list().await;
    assert_eq!(listed, std::slice::from_ref(&added.body));
    assert_eq!((&listed[0]["phone"], &listed[0]["is_default"]), (&json!("+9779812345678"), &json!(true)));
    assert_eq!((&listed[0]["line2"], &listed[0]["district"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn of_many_addresses_added_at_once_twenty_stay_and_one_is_the_default() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let mut added = 0;
    for _ in 0..6 {
        let answers = join_all((0..4).map(|_| desk.add(home()))).await;
        for answer in answers {
            match (answer.status, answer.code()) {
                (201, _) => added += 1,
                (409, "too_many_addresses") | (503, "busy") => {}
                _ => panic!("{}", answer.text),
            }
        }
    }
    let list = desk.list().await;
    assert_eq!((list.len(), added), (20, 20));
    assert_eq!(list.iter().filter(|address| address["is_default"] == true).count(), 1);
}

#[tokio::test]
async fn defaults_set_at_once_leave_one() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(id(&desk.add(home()).await));
    }
    let answers = join_all(ids.iter().map(|id| desk.update(id, json!({"is_default": true})))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(desk.list().await.iter().filter(|address| address["is_default"] == true).count(), 1);
}

#[tokio::test]
async fn anothers_address_is_not_there() {
    let world = world().await;
    let (mine, other) = (Desk::of(&world, &user(1)), Desk::of(&world, &user(2)));
    let id = id(&mine.add(home()).await);
    assert_eq!(other.update(&id, json!({"city": "Patan"})).await.status, 404);
    assert_eq!(other.remove(&id).await.status, 404);
    assert!(other.list().await.is_empty());
    assert_eq!(mine.list().await.len(), 1);
}

#[tokio::test]
async fn every_bad_field_of_an_address_is_named() {
    let world = world().await;
    let bad = json!({"label": "x".repeat(41), "recipient": "", "line1": 7, "country": "Nepal", "is_default": "yes", "id": "x"});
    let answer = Desk::of(&world, &user(1)).add(bad).await;
    let expected = ["id", "label", "recipient", "line1", "city", "country", "phone", "is_default"];
    assert_eq!((answer.status, answer.fields()), (400, expected.to_vec()), "{}", answer.text);
}

// ------------------------------------------------------------------- profiles

#[tokio::test]
async fn a_profile_is_made_once() {
    let world = world().await;
    with_profile(&world, &user(1)).await;
    let desk = Desk::of(&world, &user(1));
    assert_eq!(desk.change(json!({"full_name": "Anna K. Rai"})).await.status, 200);
    with_profile(&world, &user(1)).await;
    assert_eq!(desk.profile().await.body["full_name"], "Anna K. Rai");
}

#[tokio::test]
async fn changes_of_different_fields_at_once_are_all_kept() {
    let world = world().await;
    with_profile(&world, &user(1)).await;
    let desk = Desk::of(&world, &user(1));
    let changes = [
        json!({"full_name": "Anna K. Rai"}),
        json!({"date_of_birth": "1990-04-12"}),
        json!({"preferences": {"notifications": {"sms": true}}}),
    ];
    let answers = join_all(changes.map(|change| desk.change(change))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let profile = desk.profile().await.body;
    assert_eq!((&profile["full_name"], &profile["date_of_birth"]), (&json!("Anna K. Rai"), &json!("1990-04-12")));
    assert_eq!((&profile["preferences"]["notifications"]["sms"], &profile["version"]), (&json!(true), &json!(4)));
}

#[tokio::test]
async fn nobody_is_born_tomorrow_where_the_pharmacy_is() {
    let world = world_with(&[("time_zone", "\"Asia/Kathmandu\"")]).await;
    with_profile(&world, &user(1)).await;
    // A second before midnight in Kathmandu, then midnight.
    world.clock.advance(Duration::from_secs(8 * 3600 + 15 * 60 - 1));
    let born = json!({"date_of_birth": "2026-11-21"});
    let early = Desk::of(&world, &user(1)).change(born.clone()).await;
    assert_eq!((early.status, early.fields()), (400, vec!["date_of_birth"]), "{}", early.text);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(Desk::of(&world, &user(1)).change(born).await.status, 200);
}

#[tokio::test]
async fn without_a_profile_there_is_none() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    assert_eq!(desk.profile().await.status, 404);
    assert_eq!(desk.change(json!({"sex": "other"})).await.status, 404);
}

// ------------------------------------------------------------------- pictures

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    image::RgbImage::from_pixel(40, 20, image::Rgb([200, 30, 30])).write_with_encoder(encoder).unwrap();
    bytes
}

/// Starts an upload and puts `bytes` where its form says; the event that S3 would send of it.
async fn upload(world: &World, cloud: &Cloud, person: &UserId, bytes: &[u8]) -> PictureUpload {
    let token = world.token(person, Role::Customer);
    let body = json!({"content_type": "image/jpeg", "size_bytes": bytes.len()});
    let at = ("POST", "/v1/profile/picture");
    let started = world.call(&profile_start_picture::ENDPOINT, at, &[], Some(&token), Some(body)).await;
    assert_eq!(started.status, 201, "{}", started.text);
    let key = started.body["upload"]["fields"]["key"].as_str().unwrap().to_owned();
    cloud.files().put(&format!("media/{key}"), "image/jpeg", bytes);
    PictureUpload::of_key(&key).unwrap()
}

async fn check(world: &World, upload: &PictureUpload) -> Checked {
    world.app.profile_pictures().unwrap().check(upload).await.unwrap()
}

/// Where the profile's picture is, as a path of the cloud's files.
async fn shown(world: &World, person: &UserId) -> Option<String> {
    let profile = Desk::of(world, person).profile().await.body;
    let url = profile["picture_url"].as_str()?;
    Some(url.replace("https://media.example", "media"))
}

#[tokio::test]
async fn a_picture_is_shown_and_a_later_one_takes_its_place() {
    let (world, cloud) = cloudy_world().await;
    with_profile(&world, &user(1)).await;
    for _ in 0..2 {
        let event = upload(&world, &cloud, &user(1), &jpeg()).await;
        assert_eq!(check(&world, &event).await, Checked::Shown);
        // The event comes twice.
        assert_eq!(check(&world, &event).await, Checked::Shown);
        let shown = shown(&world, &user(1)).await.unwrap();
        assert_eq!(cloud.files().paths(), [shown]);
    }
}

#[tokio::test]
async fn uploads_that_arrive_in_another_order_leave_the_one_started_last() {
    let (world, cloud) = cloudy_world().await;
    with_profile(&world, &user(1)).await;
    let first = upload(&world, &cloud, &user(1), &jpeg()).await;
    let second = upload(&world, &cloud, &user(1), &jpeg()).await;
    assert_eq!(check(&world, &second).await, Checked::Shown);
    assert_eq!(check(&world, &first).await, Checked::Overtaken);
    let shown = shown(&world, &user(1)).await.unwrap();
    assert!(shown.contains(&second.picture.to_string()));
    assert_eq!(cloud.files().paths(), [shown]);
}

#[tokio::test]
async fn a_refused_file_leaves_the_profile_as_it_was() {
    let (world, cloud) = cloudy_world().await;
    with_profile(&world, &user(1)).await;
    let good = upload(&world, &cloud, &user(1), &jpeg()).await;
    check(&world, &good).await;
    let before = Desk::of(&world, &user(1)).profile().await.body;
    let bad = upload(&world, &cloud, &user(1), b"<html><script>alert(1)</script>").await;
    assert_eq!(check(&world, &bad).await, Checked::Refused("wrong_type"));
    assert_eq!(check(&world, &bad).await, Checked::Overtaken);
    assert_eq!(Desk::of(&world, &user(1)).profile().await.body, before);
    assert_eq!(cloud.files().paths().len(), 1);
}

#[tokio::test]
async fn a_picture_that_is_removed_while_it_is_checked_is_not_shown() {
    let (world, cloud) = cloudy_world().await;
    with_profile(&world, &user(1)).await;
    let event = upload(&world, &cloud, &user(1), &jpeg()).await;
    world.app.profile_pictures().unwrap().remove(&user(1)).await.unwrap();
    assert_eq!(check(&world, &event).await, Checked::Overtaken);
    assert_eq!(shown(&world, &user(1)).await, None);
    assert!(cloud.files().paths().is_empty());
}

#[tokio::test]
async fn a_check_killed_anywhere_is_finished_by_the_next() {
    let mut finished = false;
    for call in 0..30 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            with_profile(&world, &user(1)).await;
            check(&world, &upload(&world, &cloud, &user(1), &jpeg()).await).await;
            let event = upload(&world, &cloud, &user(1), &jpeg()).await;
            finished = cloud.run_until(call, kill, check(&world, &event)).await.is_some();
            assert_eq!(check(&world, &event).await, Checked::Shown, "{kill:?} call {call}");
            let shown = shown(&world, &user(1)).await.unwrap();
            assert!(shown.contains(&event.picture.to_string()));
            assert_eq!(cloud.files().paths(), [shown], "{kill:?} call {call}");
        }
        if finished {
            assert!(call > 5, "only {call} calls were made");
            return;
        }
    }
    assert!(finished, "the check never ran to its end");
}

#[tokio::test]
async fn a_removal_killed_anywhere_is_finished_by_the_next() {
    let mut finished = false;
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            with_profile(&world, &user(1)).await;
            check(&world, &upload(&world, &cloud, &user(1), &jpeg()).await).await;
            let pictures = world.app.profile_pictures().unwrap();
            finished = cloud.run_until(call, kill, pictures.remove(&user(1))).await.is_some();
            pictures.remove(&user(1)).await.unwrap();
            assert_eq!(shown(&world, &user(1)).await, None);
            assert!(cloud.files().paths().is_empty(), "{kill:?} call {call}");
        }
        if finished {
            return;
        }
    }
    assert!(finished, "the removal never ran to its end");
}
