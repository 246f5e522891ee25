//! A page from its first version to its end.

use serde_json::{Value, json};
use shared::audit::Action;

use crate::desk::{ANNA, BERT, CLARA, Desk, leaflet, with};

#[tokio::test]
async fn a_page_is_written_reviewed_published_and_taken_back() {
    let desk = Desk::open().await;
    let written = desk.put(ANNA, "ibuprofen/en", leaflet()).await;
    assert_eq!((written.status, &written.body["version"], &written.body["state"]), (201, &json!(1), &json!("draft")));
    assert_eq!(written.headers["etag"], "\"1\"");
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.code(), "not_reviewed");
    assert_eq!(desk.review(ANNA, "ibuprofen/en", 1, "approve").await.code(), "own_page");
    assert_eq!(desk.review(BERT, "ibuprofen/en", 2, "approve").await.code(), "version_moved");
    assert_eq!(desk.review(BERT, "ibuprofen/en", 1, "approve").await.status, 200);
    assert_eq!(desk.review(CLARA, "ibuprofen/en", 1, "reject").await.code(), "already_reviewed");
    assert_eq!(desk.publish(ANNA, "ibuprofen", json!({})).await.status, 403, "who edits does not publish");
    let published = desk.publish(CLARA, "ibuprofen", json!({})).await;
    assert_eq!(
        (published.status, &published.body["items"][0]["state"]),
        (200, &json!("published")),
        "{}",
        published.text
    );
    let shown = desk.get("ibuprofen").await;
    assert_eq!((shown.status, &shown.body["body"]), (200, &json!("It eases pain.")));
    assert_eq!(shown.body["sources"][0]["publisher"], "FDA");
    assert!(shown.headers["cache-control"].to_str().unwrap().starts_with("public"));
    assert!(shown.body.get("author").is_none() && shown.body.get("review").is_none(), "who works here is not told");
    desk.wait(3);
    assert_eq!(desk.slugs("").await, ["ibuprofen"]);
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.status, 200, "once more");
    assert_eq!(desk.unpublish("ibuprofen", json!({})).await.status, 204);
    assert_eq!(desk.unpublish("ibuprofen", json!({})).await.status, 204, "once more");
    assert_eq!(desk.get("ibuprofen").await.status, 404);
    desk.wait(3);
    assert!(desk.slugs("").await.is_empty());
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.status, 200, "and out again");
    assert_eq!(desk.get("ibuprofen").await.status, 200);
}

#[tokio::test]
async fn the_next_version_waits_while_the_last_is_shown() {
    let desk = Desk::open().await;
    desk.bring_out("ibuprofen/en", leaflet()).await;
    let next = desk.put(ANNA, "ibuprofen/en", with(json!({"body": "It eases pain and fever."}))).await;
    assert_eq!((next.status, &next.body["version"], &next.body["review"]), (200, &json!(2), &Value::Null));
    assert_eq!(desk.get("ibuprofen").await.body["body"], "It eases pain.");
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.code(), "not_reviewed", "a review is of one version");
    assert_eq!(desk.review(BERT, "ibuprofen/en", 2, "reject").await.status, 200);
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.code(), "not_reviewed");
    assert_eq!(desk.get("ibuprofen").await.body["body"], "It eases pain.");
    let versions = desk.versions("ibuprofen", "locale=en").await.body;
    let told: Vec<_> = versions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["version"].as_u64().unwrap(), one["review"]["approved"].as_bool()))
        .collect();
    assert_eq!(told, [(2, Some(false)), (1, Some(true))]);
    let states: Vec<_> = versions["items"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["draft", "published"]);
    let first = desk.versions("ibuprofen", "limit=1").await.body;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = desk.versions("ibuprofen", &format!("limit=1&cursor={cursor}")).await.body;
    assert_eq!((&first["items"][0]["version"], &second["items"][0]["version"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn who_writes_says_which_version_they_mean() {
    let desk = Desk::open().await;
    assert_eq!(desk.put_if("terms/en", with(json!({"kind": "policy"})), ("if-none-match", "*")).await.status, 201);
    let twice = desk.put_if("terms/en", with(json!({"kind": "policy"})), ("if-none-match", "*")).await;
    assert_eq!((twice.status, twice.code()), (412, "already_exists"));
    assert_eq!(desk.put_if("terms/en", with(json!({"kind": "policy"})), ("if-match", "\"1\"")).await.status, 200);
    let late = desk.put_if("terms/en", with(json!({"kind": "policy"})), ("if-match", "\"1\"")).await;
    assert_eq!((late.status, late.code()), (412, "version_mismatch"));
    assert_eq!(desk.draft("terms").await.headers["etag"], "\"2\"");
}

#[tokio::test]
async fn what_is_removed_is_gone_and_counts_on() {
    let desk = Desk::open().await;
    desk.bring_out("ibuprofen/en", leaflet()).await;
    assert_eq!(desk.remove("ibuprofen").await.status, 204);
    assert_eq!(desk.remove("ibuprofen").await.status, 404);
    desk.wait(3);
    for gone in [desk.get("ibuprofen").await, desk.draft("ibuprofen").await] {
        assert_eq!(gone.status, 404);
    }
    assert!(desk.slugs("").await.is_empty());
    assert_eq!(desk.list(Some(ANNA), "state=draft").await.body["items"], json!([]));
    assert_eq!(desk.publish(CLARA, "ibuprofen", json!({})).await.status, 404);
    assert_eq!(
        desk.versions("ibuprofen", "").await.body["items"].as_array().unwrap().len(),
        1,
        "its versions are kept"
    );
    let again = desk.put_if("ibuprofen/en", leaflet(), ("if-none-match", "*")).await;
    assert_eq!((again.status, &again.body["version"]), (201, &json!(2)));
}

#[tokio::test]
async fn a_page_is_shown_in_ones_language_or_in_english_and_says_so() {
    let desk = Desk::open().await;
    desk.bring_out("ibuprofen/en", leaflet()).await;
    let fallback = desk.get("ibuprofen?locale=ne").await;
    assert_eq!((&fallback.body["locale"], &fallback.body["fallback"]), (&json!("en"), &json!(true)));
    assert_eq!(fallback.headers["content-language"], "en");
    desk.bring_out("ibuprofen/ne", with(json!({"title": "आइबुप्रोफेन"}))).await;
    let own = desk.get("ibuprofen?locale=ne").await;
    assert_eq!((&own.body["title"], &own.body["fallback"]), (&json!("आइबुप्रोफेन"), &json!(false)));
    assert_eq!(own.headers["content-language"], "ne");
    let listed = desk.list(None, "locale=ne").await.body;
    assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["locale"]), (1, &json!("ne")));
    assert_eq!(desk.unpublish("ibuprofen", json!({"locale": "ne"})).await.status, 204);
    assert_eq!(desk.get("ibuprofen?locale=ne").await.body["locale"], "en");
    assert_eq!(desk.get("ibuprofen?locale=xx").await.fields(), ["locale"]);
}

#[tokio::test]
async fn a_list_narrows_and_pages() {
    let desk = Desk::open().await;
    let product = "prd_01JD4Z8QK0000000000000000A";
    desk.bring_out("a/en", with(json!({"tags": ["Pain"], "product_ids": [product]}))).await;
    desk.bring_out("b/en", with(json!({"kind": "article"}))).await;
    desk.bring_out("c/en", with(json!({"kind": "banner", "valid_to": "2036-01-01T00:00:00Z"}))).await;
    assert_eq!(desk.slugs("").await, ["a", "b", "c"]);
    assert_eq!(desk.slugs("kind=article").await, ["b"]);
    assert_eq!(desk.slugs("tag=pain").await, ["a"]);
    assert_eq!(desk.slugs(&format!("product_id={product}&kind=leaflet")).await, ["a"]);
    let first = desk.list(None, "limit=2").await.body;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(desk.slugs(&format!("limit=2&cursor={cursor}")).await, ["c"]);
    let other = desk.list(None, &format!("kind=faq&cursor={cursor}")).await;
    assert_eq!(other.fields(), ["cursor"], "a cursor serves its list");
    assert_eq!(desk.list(None, "kind=novel&limit=0").await.status, 400);
}

#[tokio::test]
async fn what_is_not_published_is_narrowed_as_well() {
    let desk = Desk::open().await;
    let slugs = async |query: &str| {
        let answer = desk.list(Some(ANNA), query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let named = |one: &Value| format!("{}/{}", one["slug"].as_str().unwrap(), one["locale"].as_str().unwrap());
        let found: Vec<_> = answer.body["items"].as_array().unwrap().iter().map(named).collect();
        (found, answer.body["next_cursor"].as_str().map(str::to_owned))
    };
    for page in ["a/en", "a/ne", "b/en", "c/en"] {
        let kind = if page == "c/en" { "banner" } else { "page" };
        desk.put(ANNA, page, with(json!({"kind": kind, "tags": [&page[..1]]}))).await;
        desk.wait(1);
    }
    for state in ["draft", "scheduled"] {
        let mut expected = vec!["c/en", "b/en", "a/ne", "a/en"];
        if state == "scheduled" {
            for (minutes, slug) in [(10, "a"), (20, "b"), (30, "c")] {
                let at = desk.world.clock.now().plus(std::time::Duration::from_mins(minutes)).to_string();
                assert_eq!(desk.publish(CLARA, slug, json!({"at": at})).await.status, 200);
            }
            expected = vec!["a/en", "a/ne", "b/en", "c/en"];
        }
        let of = async |query: &str| slugs(&format!("state={state}&{query}")).await.0;
        let wanted = |takes: fn(&str) -> bool| expected.iter().copied().filter(|one| takes(one)).collect::<Vec<_>>();
        assert_eq!(of("").await, expected);
        assert_eq!(of("kind=banner").await, ["c/en"]);
        assert_eq!(of("kind=page").await, wanted(|one| one != "c/en"));
        assert_eq!(of("locale=ne").await, ["a/ne"]);
        assert_eq!(of("locale=en&tag=a").await, ["a/en"]);
        // What is passed over does not make a page shorter, and none is told twice.
        let (first, cursor) = slugs(&format!("state={state}&locale=en&limit=2")).await;
        let (rest, _) = slugs(&format!("state={state}&locale=en&limit=2&cursor={}", cursor.unwrap())).await;
        assert_eq!(first.len(), 2);
        assert_eq!([first, rest].concat(), wanted(|one| one.ends_with("/en")));
    }
}

#[tokio::test]
async fn what_is_to_be_published_waits_for_its_minute() {
    let desk = Desk::open().await;
    desk.put(ANNA, "sale/en", with(json!({"kind": "banner"}))).await;
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(10)).to_string();
    let planned = desk.publish(CLARA, "sale", json!({"at": at})).await;
    assert_eq!((planned.status, &planned.body["items"][0]["state"]), (200, &json!("scheduled")), "{}", planned.text);
    assert_eq!(desk.list(Some(ANNA), "state=scheduled").await.body["items"][0]["published_at"], json!(at));
    assert_eq!(desk.run_due().await, 0);
    assert_eq!(desk.get("sale").await.status, 404);
    // What is written meanwhile is not what was to be published.
    desk.put(ANNA, "sale/en", with(json!({"kind": "banner", "body": "Later."}))).await;
    desk.wait(600);
    assert_eq!(desk.run_due().await, 1);
    assert_eq!(desk.run_due().await, 0, "once");
    assert_eq!(desk.get("sale").await.body["body"], "It eases pain.");
    assert_eq!(desk.list(Some(ANNA), "state=scheduled").await.body["items"], json!([]));
    let far = desk.publish(CLARA, "sale", json!({"at": "2036-01-01T00:00:00Z"})).await;
    assert_eq!(far.fields(), ["at"]);
}

#[tokio::test]
async fn what_was_planned_is_called_off_by_taking_back_and_gives_way_to_now() {
    let desk = Desk::open().await;
    desk.put(ANNA, "sale/en", with(json!({"kind": "banner"}))).await;
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(10)).to_string();
    desk.publish(CLARA, "sale", json!({"at": at})).await;
    assert_eq!(desk.unpublish("sale", json!({})).await.status, 204);
    desk.wait(601);
    assert_eq!((desk.run_due().await, desk.get("sale").await.status), (0, 404));
    let at = desk.world.clock.now().plus(std::time::Duration::from_mins(10)).to_string();
    desk.publish(CLARA, "sale", json!({"at": at})).await;
    desk.put(ANNA, "sale/en", with(json!({"kind": "banner", "body": "Now."}))).await;
    assert_eq!(desk.publish(CLARA, "sale", json!({})).await.status, 200);
    desk.wait(601);
    assert_eq!((desk.run_due().await, &desk.get("sale").await.body["body"]), (0, &json!("Now.")));
}

#[tokio::test]
async fn a_page_is_a_document_for_who_reads_documents() {
    let desk = Desk::open().await;
    desk.bring_out("ibuprofen/en", with(json!({"body": "It eases **pain**."}))).await;
    let headers = [("accept", "text/html,application/xhtml+xml")];
    let page = desk.send("content-get", ("GET", "/v1/pages/ibuprofen"), None, None, &headers).await;
    assert_eq!((page.status, &page.headers["content-type"]), (200, &"text/html; charset=utf-8".parse().unwrap()));
    assert!(page.text.contains("<strong>pain</strong>") && page.text.contains("<h1>Ibuprofen</h1>"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert_eq!(policy, "default-src 'none'; img-src https://media.example; frame-ancestors 'none'");
    assert!(page.headers["vary"].to_str().unwrap().contains("Accept"));
    let json = desk.get("ibuprofen").await;
    assert_ne!(page.headers["etag"], json.headers["etag"]);
    let tag = json.headers["etag"].to_str().unwrap().to_owned();
    let seen = desk.send("content-get", ("GET", "/v1/pages/ibuprofen"), None, None, &[("if-none-match", &tag)]).await;
    assert_eq!(seen.status, 304);
}

#[tokio::test]
async fn what_must_not_stand_in_a_page_is_refused_with_every_field() {
    let desk = Desk::open().await;
    let wrong = with(json!({
        "title": "", "body": "<b>x</b>", "tags": ["ok", ""], "product_ids": ["prd_1"],
        "sources": [{"title": "x", "publisher": "y", "date": "soon", "url": "http://a.b"}], "valid_to": "never",
    }));
    let answer = desk.put(ANNA, "ibuprofen/en", wrong).await;
    let mut fields = answer.fields();
    fields.sort_unstable();
    let expected = ["body", "product_ids[0]", "sources[0].date", "sources[0].url", "tags[1]", "title", "valid_to"];
    assert_eq!((answer.status, fields), (400, expected.to_vec()));
    assert_eq!(desk.put(ANNA, "Ibuprofen/en", leaflet()).await.fields(), ["slug"]);
    assert_eq!(desk.put(ANNA, "ibuprofen/fr", leaflet()).await.status, 404);
    let late = with(json!({"valid_from": "2026-12-02T00:00:00Z", "valid_to": "2026-12-01T00:00:00Z"}));
    assert_eq!(desk.put(ANNA, "ibuprofen/en", late).await.fields(), ["valid_to"]);
}

#[tokio::test]
async fn what_is_past_its_review_is_marked() {
    let desk = Desk::open().await;
    let today = desk.world.clock.now().date();
    desk.bring_out("ibuprofen/en", with(json!({"review_due": today.to_string()}))).await;
    assert_eq!(desk.get("ibuprofen").await.body["review_overdue"], false);
    desk.wait(25 * 3600);
    let marked = desk.get("ibuprofen").await;
    assert_eq!((marked.status, &marked.body["review_overdue"]), (200, &json!(true)));
}

#[tokio::test]
async fn everything_that_is_done_to_a_page_is_on_the_trail() {
    let desk = Desk::open().await;
    desk.bring_out("ibuprofen/en", leaflet()).await;
    desk.unpublish("ibuprofen", json!({})).await;
    desk.remove("ibuprofen").await;
    let found = desk.world.dynamo.scan().table_name("audit").send().await.unwrap();
    let actions: Vec<String> = found.items().iter().map(|item| item["action"].as_s().unwrap().clone()).collect();
    for action in
        [Action::WritePage, Action::ReviewPage, Action::PublishPage, Action::UnpublishPage, Action::RemovePage]
    {
        assert_eq!(actions.iter().filter(|one| *one == action.as_str()).count(), 1, "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn nothing_comes_out_after_the_day_by_which_it_is_to_be_looked_at_again() {
    let desk = Desk::open().await;
    let now = desk.world.clock.now();
    let due = now.date().plus_days(7).to_string();
    desk.put(ANNA, "ibuprofen/en", with(json!({"review_due": due}))).await;
    desk.review(BERT, "ibuprofen/en", 1, "approve").await;
    let later = |days: u64| json!({"at": now.plus(std::time::Duration::from_hours(24 * days)).to_string()});
    let refused = desk.publish(CLARA, "ibuprofen", later(20)).await;
    assert_eq!((refused.status, refused.code()), (409, "review_overdue"), "{}", refused.text);
    assert_eq!(desk.publish(CLARA, "ibuprofen", later(3)).await.status, 200);
}
