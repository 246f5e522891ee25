//! What is not published is seen by nobody but the staff: not by slug, list, tag, product, version, picture or cache.

use serde_json::json;
use shared::identity::Role;

use crate::desk::{ANNA, BERT, CLARA, Desk, with};

const SECRET: &str = "canary of the unpublished";

#[tokio::test]
async fn a_draft_is_invisible_by_every_path() {
    let desk = Desk::open().await;
    let product = "prd_01JD4Z8QK0000000000000000A";
    let body = with(json!({"title": SECRET, "body": SECRET, "tags": ["canary"], "product_ids": [product]}));
    // One that was never published, one that was taken back, one whose next version waits, one that is to be published, one
    // that is not valid yet, one that is not any more.
    desk.put(ANNA, "never/en", body.clone()).await;
    desk.bring_out("back/en", body.clone()).await;
    desk.unpublish("back", json!({})).await;
    desk.bring_out("next/en", with(json!({"product_ids": [product]}))).await;
    desk.put(ANNA, "next/en", body.clone()).await;
    desk.put(ANNA, "soon/en", body.clone()).await;
    desk.review(BERT, "soon/en", 1, "approve").await;
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(10)).to_string();
    assert_eq!(desk.publish(CLARA, "soon", json!({"at": at})).await.status, 200);
    let mut early = body.clone();
    early["valid_from"] = json!(at);
    desk.bring_out("early/en", early).await;
    let mut late = body.clone();
    late["valid_to"] = json!(desk.world.clock.now().plus(std::time::Duration::from_secs(1)).to_string());
    desk.bring_out("late/en", late).await;
    desk.wait(3);
    let strangers = [None, Some((7, Role::Customer)), Some((8, Role::Seller)), Some((9, Role::Doctor))];
    for who in strangers {
        for slug in ["never", "back", "soon", "early", "late"] {
            for query in ["", "?locale=ne", "?state=published"] {
                let answer =
                    desk.send("content-get", ("GET", &format!("/v1/pages/{slug}{query}")), who, None, &[]).await;
                assert_eq!(answer.status, 404, "{slug}{query}: {}", answer.text);
                assert!(!answer.text.contains(SECRET));
            }
            let html = [("accept", "text/html")];
            let answer = desk.send("content-get", ("GET", &format!("/v1/pages/{slug}")), who, None, &html).await;
            assert_eq!(answer.status, 404);
        }
        for query in ["", "locale=ne", "tag=canary", &format!("product_id={product}"), "kind=leaflet&limit=100"] {
            let answer = desk.list(who, query).await;
            assert_eq!(answer.status, 200);
            assert!(!answer.text.contains(SECRET), "{query}: {}", answer.text);
            assert!(answer.body["items"].as_array().unwrap().iter().all(|one| one["slug"] == "next"));
        }
        let refused = if who.is_none() { 401 } else { 403 };
        for query in ["state=draft", "state=scheduled"] {
            assert_eq!(desk.list(who, query).await.status, refused);
        }
        let draft = desk.send("content-get", ("GET", "/v1/pages/never?state=draft"), who, None, &[]).await;
        assert_eq!(draft.status, refused);
        let nothing = desk.send("content-get", ("GET", "/v1/pages/nothing?state=draft"), who, None, &[]).await;
        assert_eq!(nothing.status, refused, "who may not look is not told what is there");
        let versions = desk.send("content-versions", ("GET", "/v1/pages/never/versions"), who, None, &[]).await;
        assert_eq!(versions.status, refused);
    }
    assert_eq!(desk.get("next").await.body["title"], "Ibuprofen");
}

#[tokio::test]
async fn what_the_staff_sees_no_cache_keeps() {
    let desk = Desk::open().await;
    desk.put(ANNA, "never/en", with(json!({"title": SECRET}))).await;
    for answer in [desk.draft("never").await, desk.list(Some(ANNA), "state=draft").await] {
        assert!(answer.text.contains(SECRET));
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn a_cache_keeps_nothing_beyond_its_time() {
    let desk = Desk::open().await;
    let to = desk.world.clock.now().plus(std::time::Duration::from_secs(33)).to_string();
    desk.bring_out("sale/en", with(json!({"kind": "banner", "valid_to": to}))).await;
    assert_eq!(desk.get("sale").await.headers["cache-control"], "public, max-age=30");
    assert_eq!(desk.list(None, "kind=banner").await.headers["cache-control"], "public, max-age=30");
}

#[tokio::test]
async fn a_cache_keeps_no_list_beyond_the_time_of_a_page_that_comes() {
    let desk = Desk::open().await;
    let from = desk.world.clock.now().plus(std::time::Duration::from_secs(33)).to_string();
    desk.bring_out("sale/en", with(json!({"kind": "banner", "valid_from": from}))).await;
    assert_eq!(desk.list(None, "kind=banner").await.headers["cache-control"], "public, max-age=30");
    desk.wait(30);
    assert_eq!(desk.slugs("kind=banner").await, ["sale"]);
    assert_eq!(desk.list(None, "kind=banner").await.headers["cache-control"], "public, max-age=60");
}
