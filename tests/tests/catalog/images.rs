//! Pictures of products: what is shown, what is refused, and what a killed function leaves behind.

use std::io::Cursor;

use futures_util::future::join;
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Cloud, Killed, cloudy_world};

use crate::store::Store;

/// A picture of two megapixels, so that it has to be made smaller.
fn picture() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(2000, 1000, image::Rgb([0, 80, 160])).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// Asks for an upload form and does with it what a client does; gives back the event that follows.
async fn upload(store: &Store, cloud: &Cloud, id: &str, bytes: &[u8]) -> Value {
    let body = json!({"content_type": "image/png", "size_bytes": bytes.len()});
    let started = store.start_image(Role::PharmacyAdmin, id, body).await;
    assert_eq!(started.status, 201, "{}", started.text);
    let fields = &started.body["upload"]["fields"];
    let key = fields["key"].as_str().unwrap();
    cloud.files().put(&format!("media/{key}"), fields["Content-Type"].as_str().unwrap(), bytes);
    json!({"detail-type": "Object Created", "detail": {"bucket": {"name": "media"}, "object": {"key": key}}})
}

async fn images(store: &Store, id: &str) -> Vec<Value> {
    store.get(id, Some(Role::PharmacyAdmin)).await.body["images"].as_array().unwrap().clone()
}

async fn open() -> (Store, Cloud, String) {
    let (world, cloud) = cloudy_world().await;
    let store = Store::of(world).await;
    let id = store.product(json!({})).await;
    (store, cloud, id)
}

/// Where the files of pictures that are shown lie, among all objects.
fn paths(images: &[Value]) -> Vec<String> {
    let sources = images.iter().flat_map(|image| image["sources"].as_array().unwrap());
    let urls = sources.map(|source| source["url"].as_str().unwrap());
    let mut paths: Vec<_> = urls.map(|url| url.replace("https://media.example", "media")).collect();
    paths.sort();
    paths
}

/// All objects, in order.
fn objects(cloud: &Cloud) -> Vec<String> {
    let mut paths = cloud.files().paths();
    paths.sort();
    paths
}

#[tokio::test]
async fn a_picture_is_shown_once_it_is_checked() {
    let (store, cloud, id) = open().await;
    let event = upload(&store, &cloud, &id, &picture()).await;
    assert_eq!(images(&store, &id).await, Vec::<Value>::new());
    store.scan(&event).await;
    let shown = images(&store, &id).await;
    assert_eq!((&shown[0]["width"], &shown[0]["height"]), (&json!(1600), &json!(800)));
    assert_eq!(objects(&cloud), paths(&shown));
    store.wait(3);
    assert_eq!(store.list("").await.body["items"][0]["image"], shown[0]);
    assert_eq!(shown[0]["alt"], "Ibuprofen 200 mg", "the product");
    // The event may come twice.
    store.scan(&event).await;
    assert_eq!(images(&store, &id).await, shown);
}

#[tokio::test]
async fn a_picture_is_there_in_three_sizes_and_two_formats() {
    let (store, cloud, id) = open().await;
    store.scan(&upload(&store, &cloud, &id, &picture()).await).await;
    let shown = images(&store, &id).await;
    let sources = shown[0]["sources"].as_array().unwrap();
    let of = |kind: &str| {
        let of: Vec<_> = sources.iter().filter(|source| source["type"] == kind).collect();
        of.iter().map(|source| source["width"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((of("image/webp"), of("image/jpeg")), (vec![320, 800, 1600], vec![320, 800, 1600]));
    assert_eq!(sources.len(), 6);
    assert!(
        sources.iter().any(|source| source["url"] == shown[0]["url"]),
        "the one that everybody reads is among them"
    );
    // Another picture lies elsewhere, though it looks the same: its product may go without the other's.
    store.scan(&upload(&store, &cloud, &id, &picture()).await).await;
    let both = images(&store, &id).await;
    assert_eq!((objects(&cloud), objects(&cloud).len()), (paths(&both), 12));
}

#[tokio::test]
async fn a_picture_from_before_there_were_several_files_is_shown_and_removed() {
    let (store, cloud, id) = open().await;
    store.scan(&upload(&store, &cloud, &id, &picture()).await).await;
    let image = images(&store, &id).await[0]["id"].as_str().unwrap().to_owned();
    let key = format!("public/products/{image}.jpg");
    cloud.files().put(&format!("media/{key}"), "image/jpeg", b"old");
    store.with_one_file(&id, &key).await;
    let old = images(&store, &id).await;
    assert_eq!(
        old[0]["sources"],
        json!([{"url": format!("https://media.example/{key}"), "width": 1600, "height": 800, "type": "image/jpeg"}])
    );
    assert_eq!(store.remove_image(Role::PharmacyAdmin, &id, &image).await.status, 204);
    assert!(cloud.files().get(&format!("media/{key}")).is_none(), "{key} is gone");
}

#[tokio::test]
async fn a_picture_says_what_it_shows() {
    let (store, cloud, id) = open().await;
    let event = upload(&store, &cloud, &id, &picture()).await;
    store.scan(&event).await;
    let image = images(&store, &id).await[0]["id"].clone();
    let change = async |body| store.update(Role::PharmacyAdmin, &id, body).await;
    let answer = change(json!({"images": [{"id": image, "alt": "The front of the box."}]})).await;
    assert_eq!((answer.status, &answer.body["images"][0]["alt"]), (200, &json!("The front of the box.")));
    store.wait(3);
    assert_eq!(store.list("").await.body["items"][0]["image"]["alt"], "The front of the box.");
    let renamed = change(json!({"name": "Ibuprofen forte"})).await;
    assert_eq!(renamed.body["images"][0]["alt"], "The front of the box.");
    let cleared = change(json!({"images": [{"id": image, "alt": null}]})).await;
    assert_eq!(cleared.body["images"][0]["alt"], "Ibuprofen forte");
    let other = json!({"images": [{"id": "img_01J9Z3NDEKTSV4RRFFQ69G5FAV", "alt": "x"}]});
    assert_eq!(change(other).await.fields(), ["images[0].id"]);
    let wrong = json!({"images": [{"id": "x", "alt": "x".repeat(201)}]});
    assert_eq!(change(wrong).await.fields(), ["images[0].id", "images[0].alt"]);
    assert_eq!(change(json!({"images": []})).await.fields(), ["images"]);
}

#[tokio::test]
async fn a_product_is_read_once_to_show_a_picture_and_once_to_remove_it() {
    let (store, cloud, id) = open().await;
    let event = upload(&store, &cloud, &id, &picture()).await;
    let reads = || cloud.calls().iter().filter(|call| *call == "GetItem").count();
    reads();
    store.scan(&event).await;
    assert_eq!(reads(), 1);
    let image = images(&store, &id).await[0]["id"].as_str().unwrap().to_owned();
    reads();
    assert_eq!(store.remove_image(Role::PharmacyAdmin, &id, &image).await.status, 204);
    assert_eq!(reads(), 1);
}

#[tokio::test]
async fn a_picture_is_shown_with_a_product_that_changes_meanwhile() {
    let (store, cloud, id) = open().await;
    let event = upload(&store, &cloud, &id, &picture()).await;
    let renaming = store.update(Role::PharmacyAdmin, &id, json!({"name": "Ibuprofen forte"}));
    let ((), renamed) = join(store.scan(&event), renaming).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let product = store.get(&id, Some(Role::PharmacyAdmin)).await.body;
    assert_eq!((&product["name"], product["images"].as_array().unwrap().len()), (&json!("Ibuprofen forte"), 1));
}

#[tokio::test]
async fn what_is_no_picture_is_deleted() {
    let (store, cloud, id) = open().await;
    for file in [b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), picture()[..500].to_vec(), vec![0; 64]] {
        let event = upload(&store, &cloud, &id, &file).await;
        store.scan(&event).await;
        assert_eq!((images(&store, &id).await.len(), cloud.files().paths()), (0, Vec::new()));
    }
    for (body, field) in [
        (json!({"content_type": "image/svg+xml", "size_bytes": 9}), "content_type"),
        (json!({"content_type": "image/png", "size_bytes": 5_242_881}), "size_bytes"),
    ] {
        assert_eq!(store.start_image(Role::PharmacyAdmin, &id, body).await.fields(), [field]);
    }
    let good = json!({"content_type": "image/png", "size_bytes": 9});
    assert_eq!(store.start_image(Role::Seller, &id, good).await.status, 404);
}

#[tokio::test]
async fn a_product_has_at_most_eight_pictures() {
    let (store, cloud, id) = open().await;
    let mut events = Vec::new();
    for _ in 0..9 {
        events.push(upload(&store, &cloud, &id, &picture()).await);
    }
    for event in &events {
        store.scan(event).await;
    }
    assert_eq!((images(&store, &id).await.len(), cloud.files().paths().len()), (8, 8 * 6));
    let ninth =
        store.start_image(Role::PharmacyAdmin, &id, json!({"content_type": "image/png", "size_bytes": 9})).await;
    assert_eq!((ninth.status, ninth.code()), (409, "too_many_images"));
}

#[tokio::test]
async fn a_check_killed_anywhere_is_finished_by_the_next() {
    for call in 0.. {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (store, cloud, id) = open().await;
            let event = upload(&store, &cloud, &id, &picture()).await;
            finished = cloud.run_until(call, kill, store.scan(&event)).await.is_some();
            store.scan(&event).await;
            let shown = images(&store, &id).await;
            assert_eq!((shown.len(), objects(&cloud)), (1, paths(&shown)), "{kill:?} call {call}");
        }
        if finished {
            assert!(call > 4, "only {call} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn a_removal_killed_anywhere_is_finished_by_the_next() {
    for call in 0.. {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (store, cloud, id) = open().await;
            store.scan(&upload(&store, &cloud, &id, &picture()).await).await;
            let image = images(&store, &id).await[0]["id"].as_str().unwrap().to_owned();
            assert_eq!(store.remove_image(Role::Seller, &id, &image).await.status, 404);
            finished =
                cloud.run_until(call, kill, store.remove_image(Role::PharmacyAdmin, &id, &image)).await.is_some();
            let again = store.remove_image(Role::PharmacyAdmin, &id, &image).await.status;
            assert!(matches!(again, 204 | 404), "{kill:?} call {call}: {again}");
            assert_eq!(
                (images(&store, &id).await.len(), cloud.files().paths()),
                (0, Vec::new()),
                "{kill:?} call {call}"
            );
        }
        if finished {
            assert!(call > 3, "only {call} calls were made");
            return;
        }
    }
}
