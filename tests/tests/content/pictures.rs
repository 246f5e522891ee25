//! Pictures of pages: checked and redrawn before a page may name them.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use shared::content::page::MAX_IMAGES;
use support::cloud::{Cloud, cloudy_world};

use crate::desk::{ANNA, CLARA, Desk, with};

async fn open() -> (Desk, Cloud) {
    let (world, cloud) = cloudy_world().await;
    (Desk { world }, cloud)
}

/// Uploads `bytes`; the picture's id, and the event that follows.
async fn upload(desk: &Desk, cloud: &Cloud, bytes: &[u8]) -> (String, Value) {
    let body = json!({"content_type": "image/png", "size_bytes": bytes.len()});
    let started =
        desk.send("content-start-image", ("POST", "/v1/pages/about/images"), Some(ANNA), Some(body), &[]).await;
    assert_eq!(started.status, 201, "{}", started.text);
    let fields = &started.body["upload"]["fields"];
    let key = fields["key"].as_str().unwrap();
    cloud.files().put(&format!("media/{key}"), fields["Content-Type"].as_str().unwrap(), bytes);
    let event =
        json!({"detail-type": "Object Created", "detail": {"bucket": {"name": "media"}, "object": {"key": key}}});
    (started.body["id"].as_str().unwrap().to_owned(), event)
}

async fn scan(desk: &Desk, event: &Value) {
    let worker = registry::WORKERS.iter().find(|one| one.name == "content-scan-image").unwrap();
    (worker.run)(&desk.world.app, event.clone()).await.unwrap();
}

fn picture() -> Vec<u8> {
    picture_of(2000, 1000)
}

fn picture_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, image::Rgb([0, 80, 160])).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

#[tokio::test]
async fn a_page_shows_a_picture_once_it_is_checked() {
    let (desk, cloud) = open().await;
    desk.put(ANNA, "about/en", with(json!({"kind": "page"}))).await;
    let (id, event) = upload(&desk, &cloud, &picture()).await;
    desk.put(ANNA, "about/en", with(json!({"kind": "page", "body": format!("![us](image:{id})")}))).await;
    assert_eq!(desk.publish(CLARA, "about", json!({})).await.code(), "picture_missing");
    scan(&desk, &event).await;
    scan(&desk, &event).await;
    let draft = desk.draft("about").await.body;
    assert_eq!((draft["images"].as_array().unwrap().len(), &draft["images"][0]["width"]), (1, &json!(1600)));
    assert_eq!(desk.publish(CLARA, "about", json!({})).await.status, 200);
    let shown = desk.get("about").await.body;
    let url = shown["images"][0]["url"].as_str().unwrap();
    let sources = shown["images"][0]["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 6, "three sizes in two formats");
    assert!(sources.iter().any(|source| source["url"] == shown["images"][0]["url"]));
    let stored = |source: &Value| source["url"].as_str().unwrap().replace("https://media.example", "media");
    let (mut named, mut there): (Vec<_>, _) = (sources.iter().map(stored).collect(), cloud.files().paths());
    named.sort();
    there.sort();
    assert_eq!(there, named);
    let versions = desk.versions("about", "").await.body;
    assert_eq!((&versions["items"][0]["images"][0]["id"], &versions["items"][1]["images"]), (&json!(id), &json!([])));
    let html = desk.send("content-get", ("GET", "/v1/pages/about"), None, None, &[("accept", "text/html")]).await;
    assert!(html.text.contains(&format!("src=\"{url}\"")), "{}", html.text);
}

#[tokio::test]
async fn a_page_that_changes_its_picture_often_never_runs_out_of_them() {
    let (desk, cloud) = open().await;
    desk.put(ANNA, "about/en", with(json!({"kind": "page"}))).await;
    let small = picture_of(40, 20);
    let first = upload(&desk, &cloud, &small).await;
    scan(&desk, &first.1).await;
    let body = format!("![us](image:{})", first.0);
    desk.put(ANNA, "about/en", with(json!({"kind": "page", "body": body}))).await;
    for _ in 0..MAX_IMAGES - 1 {
        let (_, event) = upload(&desk, &cloud, &small).await;
        scan(&desk, &event).await;
    }
    let body = json!({"content_type": "image/png", "size_bytes": 10});
    let full = desk.send("content-start-image", ("POST", "/v1/pages/about/images"), Some(ANNA), Some(body), &[]).await;
    assert_eq!(full.code(), "too_many_images");
    // Those that no version names keep their places for a day; the one that is named stays.
    desk.wait(24 * 3600 + 1);
    let (_, event) = upload(&desk, &cloud, &small).await;
    scan(&desk, &event).await;
    let draft = desk.draft("about").await.body;
    assert_eq!(draft["images"].as_array().unwrap().len(), MAX_IMAGES + 1);
}

#[tokio::test]
async fn what_is_no_picture_is_deleted() {
    let (desk, cloud) = open().await;
    desk.put(ANNA, "about/en", with(json!({"kind": "page"}))).await;
    let (_, event) = upload(&desk, &cloud, b"<script>alert(1)</script>").await;
    scan(&desk, &event).await;
    assert!(cloud.files().paths().is_empty());
    assert_eq!(desk.draft("about").await.body["images"], json!([]));
}

#[tokio::test]
async fn a_page_that_nobody_has_written_takes_no_picture() {
    let (desk, _) = open().await;
    let body = json!({"content_type": "image/png", "size_bytes": 10});
    let refused =
        desk.send("content-start-image", ("POST", "/v1/pages/nothing/images"), Some(ANNA), Some(body), &[]).await;
    assert_eq!(refused.status, 404);
}
