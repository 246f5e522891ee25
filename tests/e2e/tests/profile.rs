//! `/v1/profile`: what is known of a person, and their picture.

use e2e::{Person, Shop, covers, eventually, files, upload};
use serde_json::{Value, json};

/// How everybody may be written to who has chosen nothing but whether by SMS.
fn notifications(sms: bool) -> Value {
    json!({
        "email": true, "sms": sms, "quiet_hours": {"from": "21:00", "to": "08:00"}, "time_zone": null, "read_receipts": true,
        "kinds": {"orders": true, "prescriptions": true, "consultations": true, "reminders": true, "watches": true, "carts": false},
    })
}

#[tokio::test]
async fn a_new_profile_is_private_and_empty() {
    covers!("profile-get");
    let shop = Shop::open();
    let person = shop.customer().await;
    let answer = person.get("/v1/profile").await.expect(200);
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let mut profile = answer.json();
    assert!(profile["created_at"].as_str().unwrap().ends_with('Z'), "{profile}");
    profile.as_object_mut().unwrap().remove("created_at");
    let expected = json!({
        "id": person.id, "email": person.email, "phone": null, "full_name": "Some One", "date_of_birth": null,
        "sex": null, "picture_url": null, "visibility": "private", "shared_with": {"users": [], "groups": []}, "roles": ["customer"], "version": 1,
        "preferences": {"language": "en", "currency": "USD", "notifications": notifications(false)},
    });
    assert_eq!(profile, expected);
}

#[tokio::test]
async fn a_profile_is_changed_and_cleared() {
    covers!("profile-update");
    let shop = Shop::open();
    let person = shop.customer().await;
    let change = json!({
        "full_name": "  Ánna   Azad ", "date_of_birth": "1990-02-28", "sex": "female",
        "preferences": {"language": "ne", "notifications": {"sms": true}},
    });
    let changed = person.patch("/v1/profile", &change).await.body(200);
    assert_eq!(changed["full_name"], "Ánna Azad");
    assert_eq!((&changed["date_of_birth"], &changed["sex"]), (&json!("1990-02-28"), &json!("female")));
    let preferences = json!({"language": "ne", "currency": "USD", "notifications": notifications(true)});
    assert_eq!(changed["preferences"], preferences);
    assert_eq!(person.get("/v1/profile").await.body(200), changed);

    let cleared = person.patch("/v1/profile", &json!({"date_of_birth": null, "sex": null})).await.body(200);
    assert_eq!((&cleared["date_of_birth"], &cleared["sex"]), (&Value::Null, &Value::Null));
    assert_eq!(cleared["full_name"], "Ánna Azad");
}

#[tokio::test]
async fn a_change_of_an_old_version_is_refused() {
    covers!("profile-update");
    let shop = Shop::open();
    let person = shop.customer().await;
    let change = |name: &str, version| person.patch("/v1/profile", &json!({"full_name": name})).if_match(version);
    let version = change("First", 1).await.body(200)["version"].as_u64().unwrap();
    assert_eq!(version, 2);
    change("Second", 1).await.problem(412, "version_mismatch");
    assert_eq!(person.get("/v1/profile").await.body(200)["full_name"], "First");
    change("Second", version).await.expect(200);
}

#[tokio::test]
async fn impossible_people_are_refused() {
    covers!("profile-update");
    let shop = Shop::open();
    let person = shop.customer().await;
    for (field, value) in [
        ("date_of_birth", json!("2999-01-01")),
        ("date_of_birth", json!("1850-01-01")),
        ("date_of_birth", json!("1990-02-30")),
        ("full_name", json!("")),
        ("full_name", json!("a\u{202e}b")),
        ("sex", json!("f")),
        ("email", json!("other@example.test")),
        ("roles", json!(["super_admin"])),
        ("id", json!("someone-else")),
    ] {
        let named = person.patch("/v1/profile", &json!({field: value})).await.invalid_fields();
        assert_eq!(named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [field], "{value}");
    }
    assert_eq!(person.get("/v1/profile").await.body(200)["version"], 1);
}

async fn start(person: &Person, content_type: &str, size: usize) -> Value {
    let body = json!({"content_type": content_type, "size_bytes": size});
    person.post("/v1/profile/picture", &body).await.body(201)["upload"].clone()
}

#[tokio::test]
async fn a_picture_is_shown_without_its_metadata_and_removed() {
    covers!("profile-start-picture", "profile-scan-picture", "profile-remove-picture");
    let shop = Shop::open();
    let person = shop.customer().await;
    let photo = files::jpeg_with_place();
    assert!(files::holds(&photo, files::SECRET_PLACE));
    let form = start(&person, "image/jpeg", photo.len()).await;
    assert_eq!(upload(&person, &form, &photo).await.status, 204);
    let url = eventually("the picture to be shown", || async {
        person.get("/v1/profile").await.body(200)["picture_url"].as_str().map(str::to_owned)
    })
    .await;

    let shown = shop.guest.http().get(&url).send().await.unwrap();
    assert_eq!((shown.status().as_u16(), shown.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    let shown = shown.bytes().await.unwrap();
    assert_eq!(files::dimensions(&shown), (512, 341));
    assert!(!files::holds(&shown, files::SECRET_PLACE) && !files::holds(&shown, "Exif"));

    person.delete("/v1/profile/picture").await.expect(204);
    assert_eq!(person.get("/v1/profile").await.body(200)["picture_url"], Value::Null);
    eventually("the picture to be gone", || async {
        let gone = shop.guest.http().get(&url).send().await.unwrap().status();
        matches!(gone.as_u16(), 403 | 404).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_never_shown() {
    covers!("profile-scan-picture");
    let shop = Shop::open();
    let person = shop.customer().await;
    let mut cut = files::png();
    cut.truncate(cut.len() / 2);
    for (announced, file) in [("image/png", files::svg()), ("image/jpeg", files::html()), ("image/png", cut)] {
        let form = start(&person, announced, file.len()).await;
        assert_eq!(upload(&person, &form, &file).await.status, 204);
        let key = form["fields"]["key"].as_str().unwrap();
        eventually("the file to be thrown away", || async { (!shop.aws.in_media_bucket(key).await).then_some(()) })
            .await;
        assert_eq!(person.get("/v1/profile").await.body(200)["picture_url"], Value::Null);
    }
}

#[tokio::test]
async fn the_storage_itself_refuses_what_was_not_announced() {
    covers!("profile-start-picture");
    let shop = Shop::open();
    let person = shop.customer().await;
    let form = start(&person, "image/png", 100).await;
    let too_large = upload(&person, &form, &[0; 3 * 1024 * 1024]).await;
    assert_eq!(too_large.status, 400, "{}", too_large.text());
    for (field, value) in [("Content-Type", "text/html"), ("key", "public/avatars/mine.png")] {
        let mut altered = form.clone();
        altered["fields"][field] = json!(value);
        assert_eq!(upload(&person, &altered, &files::png()).await.status, 403, "{field}");
    }
    for (body, field) in [
        (json!({"content_type": "image/svg+xml", "size_bytes": 100}), "content_type"),
        (json!({"content_type": "image/gif", "size_bytes": 100}), "content_type"),
        (json!({"content_type": "image/png", "size_bytes": 2 * 1024 * 1024 + 1}), "size_bytes"),
        (json!({"content_type": "image/png", "size_bytes": 0}), "size_bytes"),
    ] {
        let named = person.post("/v1/profile/picture", &body).await.invalid_fields();
        assert_eq!(named.first().map(|(name, _)| name.as_str()), Some(field), "{body}");
    }
}
