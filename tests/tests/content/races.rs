//! Two at once, and what is sent twice.

use futures_util::future::{join, join_all};
use serde_json::json;

use crate::desk::{ANNA, BERT, CLARA, Desk, leaflet, with};

#[tokio::test]
async fn of_many_who_write_at_once_each_has_a_version_of_its_own() {
    let desk = Desk::open().await;
    let written = join_all((0..8).map(|_| desk.put(ANNA, "ibuprofen/en", leaflet()))).await;
    assert!(written.iter().all(|answer| matches!(answer.status, 200 | 201 | 412)), "{written:?}");
    let done = written.iter().filter(|answer| answer.status < 300).count();
    assert_eq!(desk.draft("ibuprofen").await.body["version"].as_u64().unwrap(), u64::try_from(done).unwrap());
    assert_eq!(desk.versions("ibuprofen", "limit=100").await.body["items"].as_array().unwrap().len(), done);
}

#[tokio::test]
async fn two_who_decide_at_once_are_not_both_right() {
    let desk = Desk::open().await;
    desk.put(ANNA, "ibuprofen/en", leaflet()).await;
    let (yes, no) =
        join(desk.review(BERT, "ibuprofen/en", 1, "approve"), desk.review(CLARA, "ibuprofen/en", 1, "reject")).await;
    let mut statuses = [yes.status, no.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", yes.text, no.text);
}

#[tokio::test]
async fn what_is_written_while_it_is_published_is_not_published() {
    for _ in 0..5 {
        let desk = Desk::open().await;
        desk.put(ANNA, "ibuprofen/en", leaflet()).await;
        desk.review(BERT, "ibuprofen/en", 1, "approve").await;
        let (written, published) = join(
            desk.put(ANNA, "ibuprofen/en", with(json!({"body": "Unread."}))),
            desk.publish(CLARA, "ibuprofen", json!({})),
        )
        .await;
        assert_eq!(written.status, 200, "{}", written.text);
        assert!(matches!(published.status, 200 | 409), "{}", published.text);
        let shown = desk.get("ibuprofen").await;
        assert_eq!(shown.status, if published.status == 200 { 200 } else { 404 });
        assert!(!shown.text.contains("Unread"));
    }
}

#[tokio::test]
async fn what_is_removed_while_it_is_published_is_one_of_both() {
    let soon = || json!({"at": "2026-12-31T00:00:00Z"});
    for round in 0..8 {
        let desk = Desk::open().await;
        desk.put(ANNA, "ibuprofen/en", with(json!({"kind": "page"}))).await;
        let body = if round % 2 == 0 { json!({}) } else { soon() };
        let (removed, published) = join(desk.remove("ibuprofen"), desk.publish(CLARA, "ibuprofen", body)).await;
        assert!(matches!(removed.status, 204 | 409), "{}", removed.text);
        assert!(matches!(published.status, 200 | 404 | 409), "{}", published.text);
        if removed.status == 204 {
            assert_eq!(desk.get("ibuprofen").await.status, 404, "nobody sees what is removed");
            assert_eq!(desk.list(Some(CLARA), "state=scheduled").await.body["items"], json!([]));
        } else {
            assert_eq!(published.status, 200, "{}", published.text);
            assert_eq!(desk.remove("ibuprofen").await.status, 204, "it can be tried again");
        }
    }
}

#[tokio::test]
async fn many_workers_publish_what_is_due_once() {
    let desk = Desk::open().await;
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(1)).to_string();
    for slug in ["a", "b", "c"] {
        desk.put(ANNA, &format!("{slug}/en"), with(json!({"kind": "page"}))).await;
        desk.publish(CLARA, slug, json!({"at": at})).await;
    }
    desk.wait(60);
    let runs = join_all((0..4).map(|_| desk.run_due())).await;
    assert_eq!(runs.iter().sum::<u64>(), 3, "{runs:?}");
    desk.wait(3);
    assert_eq!(desk.slugs("").await, ["a", "b", "c"]);
}

#[tokio::test]
async fn what_is_taken_back_while_the_worker_publishes_it_is_not_left_public() {
    for remove in [false, true] {
        let desk = Desk::open().await;
        let at = desk.world.clock.now().plus(std::time::Duration::from_mins(1)).to_string();
        desk.put(ANNA, "a/en", with(json!({"kind": "page"}))).await;
        desk.publish(CLARA, "a", json!({"at": at})).await;
        desk.wait(60);
        let slug = shared::content::PageSlug::parse("a").unwrap();
        let store = desk.world.app.publishing().store;
        let read = store.whole(&slug).await.unwrap();
        assert_eq!((read.live.len(), read.due.len()), (0, 1));
        assert_eq!(desk.run_due().await, 1);
        let removed = if remove { read.drafts.as_slice() } else { &[] };
        // A trail of its own: any write that nobody made before.
        let trail = shared::platform::dynamo::Table::new(desk.world.dynamo.clone(), "audit");
        let item = shared::platform::dynamo::Key::new("DAY#test", "1").attributes();
        let trail = trail.create(item).unwrap();
        let now = desk.world.clock.now();
        let taken = store.withdraw((&read.live, &read.due, removed), now, trail).await.unwrap();
        assert_eq!(format!("{taken:?}"), "Moved", "it is public by now");
        let again = if remove { desk.remove("a").await } else { desk.unpublish("a", json!({})).await };
        assert_eq!(again.status, 204, "{}", again.text);
        desk.wait(3);
        assert_eq!(desk.get("a").await.status, 404);
    }
}
