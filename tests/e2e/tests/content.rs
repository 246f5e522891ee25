//! `/v1/pages`: written by one pharmacist, reviewed by another, published by an admin, read by everybody.

use e2e::{Shop, covers, eventually, files, in_seconds, search_caught_up, unique, upload};
use serde_json::{Value, json};

fn leaflet(title: &str) -> Value {
    json!({
        "kind": "leaflet", "title": title, "body": "It eases **pain**.", "tags": ["end-to-end"],
        "sources": [{"title": "Label", "publisher": "FDA", "date": "2026-01-15"}],
    })
}

#[tokio::test]
async fn a_leaflet_is_written_reviewed_published_and_taken_back() {
    covers!(
        "content-put",
        "content-review",
        "content-publish",
        "content-get",
        "content-list",
        "content-versions",
        "content-unpublish",
        "content-remove"
    );
    let shop = Shop::open();
    let (anna, bert, admin) = (shop.pharmacist().await, shop.other_pharmacist().await, shop.admin().await);
    let slug = format!("e2e-{}", unique().to_lowercase());
    let page = format!("/v1/pages/{slug}");
    anna.put(&format!("{page}/en"), &leaflet("Ibuprofen")).await.expect(201);
    shop.guest.get(&page).await.problem(404, "not_found");
    admin.post(&format!("{page}/publish"), &json!({})).await.problem(409, "not_reviewed");
    let review = json!({"version": 1, "decision": "approve"});
    anna.post(&format!("{page}/en/review"), &review).await.problem(403, "own_page");
    bert.post(&format!("{page}/en/review"), &review).await.expect(200);
    anna.post(&format!("{page}/publish"), &json!({})).await.problem(403, "forbidden");
    admin.post(&format!("{page}/publish"), &json!({})).await.expect(200);
    let shown = shop.guest.search(&page, &[("locale", "ne")]).await.body(200);
    assert_eq!((&shown["locale"], &shown["fallback"], &shown["version"]), (&json!("en"), &json!(true), &json!(1)));
    search_caught_up().await;
    let listed = shop.guest.search("/v1/pages", &[("tag", "end-to-end"), ("limit", "100")]).await.body(200);
    assert!(listed["items"].as_array().unwrap().iter().any(|one| one["slug"] == json!(slug)), "{listed}");
    let versions = bert.get(&format!("{page}/versions")).await.body(200);
    assert_eq!(versions["items"][0]["review"]["approved"], true);
    admin.post(&format!("{page}/unpublish"), &json!({})).await.expect(204);
    shop.guest.get(&page).await.problem(404, "not_found");
    admin.delete(&page).await.expect(204);
    anna.search(&page, &[("state", "draft")]).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_banner_comes_out_at_its_minute() {
    covers!("content-publish-due");
    let shop = Shop::open();
    let (anna, admin) = (shop.pharmacist().await, shop.admin().await);
    let slug = format!("e2e-{}", unique().to_lowercase());
    let page = format!("/v1/pages/{slug}");
    let mut banner = leaflet("Closed on Friday");
    banner["kind"] = json!("banner");
    anna.put(&format!("{page}/en"), &banner).await.expect(201);
    let at = in_seconds(2);
    let planned = admin.post(&format!("{page}/publish"), &json!({"at": at})).await.body(200);
    assert_eq!(planned["items"][0]["state"], "scheduled");
    eventually("the banner to be out", || async {
        shop.aws.invoke("content-publish-due", &json!({"source": "aws.events", "detail": {}})).await;
        (shop.guest.get(&page).await.status == 200).then_some(())
    })
    .await;
    admin.delete(&page).await.expect(204);
}

#[tokio::test]
async fn a_picture_of_a_page_is_checked_before_it_is_there() {
    covers!("content-start-image", "content-scan-image");
    let shop = Shop::open();
    let (anna, admin) = (shop.pharmacist().await, shop.admin().await);
    let page = format!("/v1/pages/e2e-{}", unique().to_lowercase());
    anna.put(&format!("{page}/en"), &leaflet("Ibuprofen")).await.expect(201);
    let picture = files::png();
    let body = json!({"content_type": "image/png", "size_bytes": picture.len()});
    let started = anna.post(&format!("{page}/images"), &body).await.body(201);
    assert_eq!(upload(&anna, &started["upload"], &picture).await.status, 204);
    let image = eventually("the picture to be checked", || async {
        let draft = anna.search(&page, &[("state", "draft")]).await.body(200);
        draft["images"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(image["id"], started["id"]);
    let file = shop.guest.http().get(image["url"].as_str().unwrap()).send().await.unwrap();
    assert!(file.status().is_success());
    admin.delete(&page).await.expect(204);
}
