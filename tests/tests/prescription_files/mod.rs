//! Prescriptions of several files: each is checked by itself, all are shown or none, and what never comes is given up.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::platform::error::Error;
use shared::prescriptions::{Prescription, Status, UPLOAD_TIME};
use support::user;

use super::desk::{ANNA, BORIS, Desk, PAULA, Person, announcement, incoming, pdf};

/// An announcement of so many PDFs.
fn announced(files: usize) -> Value {
    let mut body = announcement();
    let body_fields = body.as_object_mut().unwrap();
    body_fields.remove("content_type");
    body_fields.remove("size_bytes");
    body["files"] = json!(vec![json!({"content_type": "application/pdf", "size_bytes": 4096}); files]);
    body
}

/// Where a file arrives.
fn arrives(id: &str, number: usize) -> String {
    if number == 1 { incoming(id) } else { format!("{}/{number}", incoming(id)) }
}

async fn start(desk: &Desk, who: Person, files: usize) -> String {
    let answer = desk.start(who, &announced(files)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["id"].as_str().unwrap().to_owned()
}

fn put(desk: &Desk, id: &str, number: usize) {
    desk.aws.put(&arrives(id, number), pdf(&format!("{id} {number}")));
}

async fn scan(desk: &Desk, id: &str, number: usize) -> String {
    desk.scan_at(&arrives(id, number)).await.unwrap()
}

/// One of so many files, all of them good.
async fn pending(desk: &Desk, who: Person, files: usize) -> String {
    let id = start(desk, who, files).await;
    for number in 1..=files {
        put(desk, &id, number);
        let said = scan(desk, &id, number).await;
        assert_eq!(said, if number == files { "pending" } else { "incomplete" });
    }
    id
}

fn statuses(view: &Value) -> Vec<&str> {
    view["files"].as_array().unwrap().iter().map(|file| file["status"].as_str().unwrap()).collect()
}

async fn expire(desk: &Desk) -> shared::platform::error::Result<Value> {
    (prescriptions_expire::WORKER.run)(&desk.world.app, json!({})).await
}

/// The keys of what is in the table, but for the count of announcements.
async fn marks(desk: &Desk) -> usize {
    let items = desk.world.dynamo.scan().table_name("prescriptions").send().await.unwrap().items.unwrap_or_default();
    items.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("FILE#")).count()
}

#[tokio::test]
async fn each_file_has_a_form_of_its_own() {
    let desk = Desk::open().await;
    let answer = desk.start(ANNA, &announced(3)).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("awaiting_upload")), "{}", answer.text);
    let id = answer.body["id"].as_str().unwrap();
    let uploads = answer.body["uploads"].as_array().unwrap();
    let keys: Vec<_> = uploads.iter().map(|upload| upload["fields"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, [arrives(id, 1), arrives(id, 2), arrives(id, 3)]);
    assert_eq!(answer.body["upload"], uploads[0]);
    let one = desk.start(ANNA, &announcement()).await.body;
    assert_eq!(one["uploads"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_bad_list_of_files_names_every_field() {
    let desk = Desk::open().await;
    let named = async |change: &dyn Fn(&mut Value)| {
        let mut body = announced(2);
        change(&mut body);
        let answer = desk.start(ANNA, &body).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        answer.fields().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(named(&|body| body["files"] = json!([])).await, ["files"]);
    assert_eq!(named(&|body| body["files"] = announced(6)["files"].clone()).await, ["files"]);
    assert_eq!(named(&|body| body["files"] = json!("scan.pdf")).await, ["files"]);
    assert_eq!(named(&|body| body["size_bytes"] = json!(1)).await, ["files"], "one or the other");
    let fields = ["files[0].size_bytes", "files[1].content_type"];
    let bad = json!([{"content_type": "image/png", "size_bytes": 0}, {"content_type": "image/gif", "size_bytes": 1}]);
    assert_eq!(named(&|body| body["files"] = bad.clone()).await, fields);
    let mut neither = announced(1);
    neither.as_object_mut().unwrap().remove("files");
    assert_eq!(desk.start(ANNA, &neither).await.fields(), ["content_type", "size_bytes"]);
}

#[tokio::test]
async fn every_file_counts_on_the_day() {
    let desk = Desk::open().await;
    for _ in 0..3 {
        start(&desk, ANNA, 5).await;
    }
    start(&desk, ANNA, 4).await;
    let refused = desk.start(ANNA, &announced(2)).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_prescriptions"));
    start(&desk, ANNA, 1).await;
    assert_eq!(desk.start(ANNA, &announcement()).await.status, 429);
    start(&desk, BORIS, 5).await;
}

#[tokio::test]
async fn nothing_is_shown_before_all_files_are_there_and_then_each_is_for_a_minute() {
    let desk = Desk::open().await;
    let id = start(&desk, ANNA, 2).await;
    put(&desk, &id, 2);
    assert_eq!(scan(&desk, &id, 2).await, "incomplete");
    assert_eq!(scan(&desk, &id, 2).await, "nothing", "the same event again");
    for who in [ANNA, PAULA] {
        let half = desk.get(who, &id).await.body;
        assert_eq!((&half["status"], statuses(&half)), (&json!("awaiting_upload"), vec!["awaiting_upload", "checked"]));
        assert!(half["file_url"].is_null() && half["files"][1]["url"].is_null(), "{half}");
    }
    assert_eq!(desk.claim(PAULA, &id).await.status, 409, "nobody reviews half of it");
    put(&desk, &id, 1);
    assert_eq!(scan(&desk, &id, 1).await, "pending");
    for who in [ANNA, PAULA] {
        let whole = desk.get(who, &id).await.body;
        assert_eq!(statuses(&whole), ["checked", "checked"]);
        for file in whole["files"].as_array().unwrap() {
            let url = file["url"].as_str().unwrap();
            assert!(url.contains("X-Amz-Expires=60") && url.contains("attachment"), "{url}");
            assert_eq!(file["url_expires_at"], "2026-11-20T10:01:00.000Z");
        }
        assert_ne!(whole["files"][0]["url"], whole["files"][1]["url"]);
        assert_eq!(whole["file_url"], whole["files"][0]["url"]);
    }
    assert_eq!(desk.list(PAULA, "").await.body["items"][0]["file_count"], 2);
}

#[tokio::test]
async fn files_that_are_checked_at_the_same_moment_all_count() {
    for _ in 0..4 {
        let desk = Desk::open().await;
        let id = start(&desk, ANNA, 5).await;
        for number in 1..=5 {
            put(&desk, &id, number);
        }
        // Each event comes twice.
        let said = join_all((0..10).map(|n| scan(&desk, &id, n / 2 + 1))).await;
        let count = |outcome: &str| said.iter().filter(|said| *said == outcome).count();
        assert_eq!((count("pending"), count("incomplete"), count("nothing")), (1, 4, 5), "{said:?}");
        let stored = desk.stored(&id).await;
        assert_eq!((stored.status, stored.checking.len()), (Status::Pending, 0));
        let mut named: Vec<_> = stored.sheets.files().map(|file| file.object_key.clone()).collect();
        named.sort();
        assert_eq!(desk.aws.keys(), named, "each copy is there, and nothing else");
    }
}

#[tokio::test]
async fn the_same_picture_twice_is_two_files() {
    let desk = Desk::open().await;
    let id = start(&desk, ANNA, 3).await;
    for number in 1..=3 {
        desk.aws.put(&arrives(&id, number), pdf(if number == 2 { "another" } else { "the same" }));
    }
    join_all((1..=3).map(|number| scan(&desk, &id, number))).await;
    let stored = desk.stored(&id).await;
    assert_eq!((stored.status, stored.sheets.files().count(), desk.aws.keys().len()), (Status::Pending, 3, 2));
    for file in stored.sheets.files() {
        assert!(desk.aws.object(&file.object_key).is_some(), "{}", file.object_key);
    }
    assert_eq!(marks(&desk).await, 2);
}

#[tokio::test]
async fn a_bad_file_says_which_it_is_and_takes_the_good_ones_along() {
    let desk = Desk::open().await;
    let id = start(&desk, ANNA, 3).await;
    put(&desk, &id, 1);
    assert_eq!(scan(&desk, &id, 1).await, "incomplete");
    desk.aws.put(&arrives(&id, 3), "<html>");
    assert_eq!(scan(&desk, &id, 3).await, "not_what_it_says");
    let view = desk.get(ANNA, &id).await.body;
    assert_eq!((&view["status"], &view["refusal"]), (&json!("refused"), &json!("not_what_it_says")));
    let refusals: Vec<_> = view["files"].as_array().unwrap().iter().map(|file| &file["refusal"]).collect();
    assert_eq!(refusals, [&Value::Null, &Value::Null, &json!("not_what_it_says")]);
    assert_eq!(statuses(&view), ["discarded", "discarded", "refused"]);
    put(&desk, &id, 2);
    assert_eq!(scan(&desk, &id, 2).await, "nothing", "it comes too late");
    assert_eq!((desk.aws.keys(), marks(&desk).await), (Vec::new(), 0));
}

#[tokio::test]
async fn a_check_that_dies_at_any_step_is_finished_by_the_next() {
    // The second file is checked while the first is there, and while it is not.
    for first_is_there in [true, false] {
        for steps in 0.. {
            let desk = Desk::open().await;
            let id = start(&desk, ANNA, 2).await;
            put(&desk, &id, 1);
            if first_is_there {
                assert_eq!(scan(&desk, &id, 1).await, "incomplete");
            }
            put(&desk, &id, 2);
            desk.aws.fail_after(steps);
            let first = desk.scan_at(&arrives(&id, 2)).await;
            let died = desk.aws.heal();
            assert_eq!(first.is_err(), died, "after {steps} calls");
            let shown = desk.get(ANNA, &id).await.body["file_url"].is_string();
            assert_eq!(shown, desk.stored(&id).await.status == Status::Pending, "after {steps} calls");
            scan(&desk, &id, 2).await;
            if !first_is_there {
                assert_eq!(scan(&desk, &id, 1).await, "pending", "after {steps} calls");
            }
            let stored = desk.stored(&id).await;
            assert_eq!((stored.status, stored.checking.len()), (Status::Pending, 0), "after {steps} calls");
            assert_eq!(desk.aws.keys().len(), 2, "after {steps} calls: {:?}", desk.aws.keys());
            for file in stored.sheets.files() {
                assert!(desk.aws.object(&file.object_key).is_some(), "after {steps} calls");
            }
            if !died {
                assert!(steps > 6, "only {steps} calls were made");
                break;
            }
        }
    }
}

#[tokio::test]
async fn erasure_and_withdrawal_take_every_file() {
    let desk = Desk::open().await;
    let whole = pending(&desk, ANNA, 3).await;
    let half = start(&desk, ANNA, 2).await;
    put(&desk, &half, 1);
    assert_eq!(scan(&desk, &half, 1).await, "incomplete");
    put(&desk, &half, 2);
    assert_eq!(desk.withdraw(ANNA, &whole).await.status, 204);
    assert!(desk.aws.keys().iter().all(|key| key.contains(&half)), "{:?}", desk.aws.keys());
    let prescriptions = desk.world.app.prescriptions().unwrap();
    let cleared = prescriptions.clear(&user(ANNA.0), &user(99), |_, _| Err(Error::busy())).await.unwrap();
    assert_eq!((cleared.deleted, cleared.kept), (2, 0));
    assert_eq!((desk.aws.keys(), marks(&desk).await), (Vec::new(), 0));
}

#[tokio::test]
async fn an_export_names_every_file() {
    let desk = Desk::open().await;
    pending(&desk, ANNA, 2).await;
    let held = desk.world.app.prescriptions().unwrap().held(&user(ANNA.0)).await.unwrap();
    let held = serde_json::to_value(&held[0]).unwrap();
    assert_eq!(held["files_sha256"].as_array().unwrap().len(), 2);
    assert!(held["files"].as_array().unwrap().iter().all(|file| file["url"].is_string()), "{held}");
}

#[tokio::test]
async fn what_another_account_has_uploaded_is_flagged_whichever_file_it_is() {
    let desk = Desk::open().await;
    let id = pending(&desk, ANNA, 2).await;
    assert_eq!(desk.get(PAULA, &id).await.body["flags"], json!([]));
    let copied = desk.announced(BORIS).await;
    desk.aws.put(&incoming(&copied), pdf(&format!("{id} 2")));
    assert_eq!(desk.scan(&copied).await.unwrap(), "pending");
    for id in [&id, &copied] {
        assert_eq!(desk.get(PAULA, id).await.body["flags"], json!(["same_file_on_another_account"]));
    }
}

#[tokio::test]
async fn what_never_comes_is_given_up_after_a_day() {
    let desk = Desk::open().await;
    let (none, half, whole) = (start(&desk, ANNA, 1).await, start(&desk, ANNA, 2).await, pending(&desk, ANNA, 2).await);
    put(&desk, &half, 1);
    assert_eq!(scan(&desk, &half, 1).await, "incomplete");
    desk.world.clock.advance(UPLOAD_TIME);
    assert_eq!(expire(&desk).await.unwrap(), json!({"expired": 0}), "not a moment too early");
    let fresh = start(&desk, ANNA, 2).await;
    desk.world.clock.advance(Duration::from_secs(1));
    assert_eq!(expire(&desk).await.unwrap(), json!({"expired": 2}));
    assert_eq!(expire(&desk).await.unwrap(), json!({"expired": 0}), "once");
    let refusals = async |id: &str| {
        let view = desk.get(ANNA, id).await.body;
        let refusals = view["files"].as_array().unwrap().iter().map(|file| file["refusal"].clone()).collect::<Vec<_>>();
        (view["status"].clone(), refusals)
    };
    assert_eq!(refusals(&none).await, (json!("refused"), vec![json!("not_uploaded")]));
    assert_eq!(refusals(&half).await, (json!("refused"), vec![Value::Null, json!("not_uploaded")]));
    assert_eq!(refusals(&whole).await, (json!("pending"), vec![Value::Null, Value::Null]));
    assert_eq!(desk.stored(&fresh).await.status, Status::AwaitingUpload);
    assert!(desk.aws.keys().iter().all(|key| key.contains(&whole)), "{:?}", desk.aws.keys());
    assert_eq!(marks(&desk).await, 2);
    // Should an event come that late, it finds nobody.
    put(&desk, &half, 2);
    assert_eq!(scan(&desk, &half, 2).await, "nothing");
    assert!(desk.aws.keys().iter().all(|key| key.contains(&whole)));
}

#[tokio::test]
async fn one_that_is_named_is_given_up_at_once_if_files_are_missing() {
    let desk = Desk::open().await;
    let (half, whole) = (start(&desk, ANNA, 2).await, pending(&desk, ANNA, 1).await);
    let by_hand = async |id: &str| {
        (prescriptions_expire::WORKER.run)(&desk.world.app, json!({"prescription": id}))
            .await
            .map(|ran| ran["expired"].clone())
    };
    assert_eq!(by_hand(&half).await.unwrap(), 1);
    assert_eq!((by_hand(&half).await.unwrap(), by_hand(&whole).await.unwrap()), (json!(0), json!(0)));
    assert!(by_hand("nothing").await.is_err());
}

#[tokio::test]
async fn giving_up_that_dies_at_any_step_is_finished_by_the_next_run() {
    for steps in 0.. {
        let desk = Desk::open().await;
        let id = start(&desk, ANNA, 2).await;
        put(&desk, &id, 1);
        assert_eq!(scan(&desk, &id, 1).await, "incomplete");
        desk.world.clock.advance(UPLOAD_TIME + Duration::from_secs(1));
        desk.aws.fail_after(steps);
        let first = expire(&desk).await;
        let died = desk.aws.heal();
        assert_eq!(first.is_err(), died, "after {steps} calls");
        expire(&desk).await.unwrap();
        assert_eq!(desk.stored(&id).await.status, Status::Refused, "after {steps} calls");
        assert_eq!((desk.aws.keys(), marks(&desk).await), (Vec::new(), 0), "after {steps} calls");
        if !died {
            assert!(steps > 3, "only {steps} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn the_last_file_and_giving_up_at_once_end_in_one_way() {
    for _ in 0..8 {
        let desk = Desk::open().await;
        let id = start(&desk, ANNA, 2).await;
        put(&desk, &id, 1);
        assert_eq!(scan(&desk, &id, 1).await, "incomplete");
        put(&desk, &id, 2);
        desk.world.clock.advance(UPLOAD_TIME + Duration::from_secs(1));
        let (said, run) = futures_util::future::join(scan(&desk, &id, 2), expire(&desk)).await;
        run.unwrap();
        let stored = desk.stored(&id).await;
        match stored.status {
            Status::Pending => {
                assert_eq!(said, "pending");
                assert!(stored.sheets.files().all(|file| desk.aws.object(&file.object_key).is_some()));
            }
            Status::Refused => assert_eq!((said.as_str(), desk.aws.keys()), ("nothing", Vec::new())),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_prescription_of_the_shape_before_there_were_several_files_is_read() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    let found = desk.world.dynamo.scan().table_name("prescriptions").send().await.unwrap().items.unwrap_or_default();
    let item = found.into_iter().find(|item| item["pk"].as_s().unwrap() == &format!("RX#{id}")).unwrap();
    // One file stands where it always did, so that what was deployed before reads it too.
    assert_eq!(item["content_type"], AttributeValue::S("application/pdf".to_owned()));
    assert!(item["file"].as_m().unwrap().contains_key("object_key") && item["refusal"].is_null());
    assert!(!item.contains_key("more_files"));
    let before: Prescription = desk.stored(&id).await;
    assert_eq!((before.sheets.count(), before.status), (1, Status::Pending));
    assert_eq!(statuses(&desk.get(PAULA, &id).await.body), ["checked"]);
}
