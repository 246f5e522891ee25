//! Prescriptions on an embedded DynamoDB and a bucket of the test's own: the endpoints, the check of uploads killed at
//! every step, races, and the trail.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

mod desk;
mod prescription_files;
mod reading;

use std::time::Duration;

use desk::{ANNA, BORIS, Desk, PAULA, PETER, Person, announcement, approval, incoming, pdf, running_form};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::error::Error;
use shared::prescriptions::document::{self, DocumentType};
use shared::prescriptions::prescription::{Fill, ScanFile};
use shared::prescriptions::{Prescription, Status};
use support::user;

const DAY: Duration = Duration::from_hours(24);

// ---------------------------------------------------------------- announcing

#[tokio::test]
async fn an_announcement_says_how_to_upload() {
    let desk = Desk::open().await;
    let answer = desk.start(ANNA, &announcement()).await;
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("awaiting_upload")));
    let fields = &answer.body["upload"]["fields"];
    assert_eq!(fields["key"], incoming(answer.body["id"].as_str().unwrap()));
    assert_eq!(fields["Content-Type"], "application/pdf");
    assert_eq!(answer.body["upload"]["expires_at"], "2026-11-20T10:05:00.000Z");
}

#[tokio::test]
async fn a_bad_announcement_names_every_field() {
    let desk = Desk::open().await;
    let answer = desk
        .start(
            ANNA,
            &json!({"content_type": "image/svg+xml", "size_bytes": 10_485_761, "issued_on": "2026-05-19",
                    "patient_name": " ", "prescriber": {"name": "x".repeat(101)}}),
        )
        .await;
    assert_eq!((answer.status, answer.code()), (400, "invalid_request"));
    let prescriber = ["prescriber.name", "prescriber.registration_number"];
    let named = ["content_type", "size_bytes", "issued_on", "patient_name"].into_iter().chain(prescriber);
    assert_eq!(answer.fields(), named.collect::<Vec<_>>());
    let unknown = desk.start(ANNA, &json!({"status": "approved"})).await;
    assert!(unknown.fields().contains(&"status"), "{}", unknown.text);
}

const NEPAL: &[(&str, &str)] = &[("time_zone", "\"Asia/Kathmandu\"")];

#[tokio::test]
async fn what_was_written_today_is_not_in_the_future_where_the_pharmacy_is() {
    // Half past midnight in Kathmandu: a quarter to seven in the evening in UTC, on the day before.
    let half_past_midnight = Duration::from_mins(8 * 60 + 45);
    let mut today = announcement();
    today["issued_on"] = json!("2026-11-21");
    let desk = Desk::open_with(NEPAL).await;
    assert_eq!(desk.start(ANNA, &today).await.fields(), ["issued_on"], "it is still the day before");
    desk.world.clock.advance(half_past_midnight);
    assert_eq!(desk.start(ANNA, &today).await.status, 201);
    let elsewhere = Desk::open().await;
    elsewhere.world.clock.advance(half_past_midnight);
    assert_eq!(elsewhere.start(ANNA, &today).await.fields(), ["issued_on"]);
}

#[tokio::test]
async fn the_count_of_a_day_ends_at_midnight_where_the_pharmacy_is() {
    let desk = Desk::open_with(NEPAL).await;
    for _ in 0..20 {
        assert_eq!(desk.start(ANNA, &announcement()).await.status, 201);
    }
    let refused = desk.start(ANNA, &announcement()).await;
    assert_eq!((refused.status, &refused.headers["retry-after"]), (429, &"29700".parse().unwrap()));
    desk.world.clock.advance(Duration::from_secs(29_700));
    assert_eq!(desk.start(ANNA, &announcement()).await.status, 201);
}

#[tokio::test]
async fn one_person_announces_twenty_a_day() {
    let desk = Desk::open().await;
    let body = announcement();
    let answers = join_all((0..30).map(|_| desk.start(ANNA, &body))).await;
    let mut taken = answers.iter().filter(|answer| answer.status == 201).count();
    // Rivals may have used each other's tries up; nobody gets more, and whoever asks again gets what is left.
    assert!(taken <= 20, "{taken}");
    while desk.start(ANNA, &body).await.status == 201 {
        taken += 1;
    }
    assert_eq!(taken, 20);
    let refused = desk.start(ANNA, &body).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_prescriptions"));
    assert_eq!(refused.headers["retry-after"], "50400", "until midnight");
    assert_eq!(desk.start(BORIS, &body).await.status, 201);
    desk.world.clock.advance(DAY);
    assert_eq!(desk.start(ANNA, &body).await.status, 201);
}

// ------------------------------------------------------------------ checking

#[tokio::test]
async fn a_good_file_waits_for_a_pharmacist() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    assert_eq!(desk.aws.object(&incoming(&id)), None);
    let answer = desk.get(ANNA, &id).await;
    assert_eq!((answer.status, &answer.body["status"]), (200, &json!("pending")));
    let url = answer.body["file_url"].as_str().unwrap();
    assert!(url.contains("X-Amz-Expires=60") && url.contains("attachment"), "{url}");
    assert_eq!(answer.body["file_url_expires_at"], "2026-11-20T10:01:00.000Z");
    assert_eq!(desk.scan(&id).await.unwrap(), "nothing", "the same event again");
    assert_eq!(desk.stored(&id).await.version, 3);
}

#[tokio::test]
async fn a_bad_file_is_refused_and_never_shown() {
    let desk = Desk::open().await;
    for (bytes, reason) in [(b"<html>".to_vec(), "not_what_it_says"), (running_form(), "active_content")] {
        let id = desk.announced(ANNA).await;
        desk.aws.put(&incoming(&id), bytes);
        assert_eq!(desk.scan(&id).await.unwrap(), reason);
        let view = desk.get(ANNA, &id).await.body;
        assert_eq!((&view["status"], &view["refusal"]), (&json!("refused"), &json!(reason)));
        assert!(view["file_url"].is_null());
    }
    assert_eq!(desk.aws.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_check_that_dies_at_any_step_is_finished_by_the_next() {
    let desk = Desk::open().await;
    for steps in 0.. {
        let id = desk.announced(ANNA).await;
        desk.aws.put(&incoming(&id), pdf(&id));
        desk.aws.fail_after(steps);
        let first = desk.scan(&id).await;
        let died = desk.aws.heal();
        if died {
            assert!(first.is_err(), "after {steps} calls");
            let stored = desk.stored(&id).await;
            let shown = desk.get(ANNA, &id).await.body["file_url"].is_string();
            assert_eq!(shown, stored.status == Status::Pending, "after {steps} calls");
            desk.scan(&id).await.unwrap();
        }
        let stored = desk.stored(&id).await;
        let file = only_file(&stored);
        assert_eq!((stored.status, stored.version, file.also_on_another_account), (Status::Pending, 3, false));
        assert_eq!(stored.checking, Vec::<String>::new());
        let rebuilt = document::check(&pdf(&id), DocumentType::Pdf).unwrap().bytes;
        assert_eq!(desk.aws.object(&file.object_key).unwrap(), rebuilt);
        assert_eq!(desk.aws.object(&incoming(&id)), None, "after {steps} calls");
        if !died {
            assert!(steps > 6, "only {steps} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn the_same_event_at_once_is_one_check() {
    let desk = Desk::open().await;
    let id = desk.announced(ANNA).await;
    desk.aws.put(&incoming(&id), pdf("a"));
    let said: Vec<_> = join_all((0..8).map(|_| desk.scan(&id))).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(said.iter().filter(|outcome| *outcome == "pending").count(), 1, "{said:?}");
    let stored = desk.stored(&id).await;
    assert_eq!((stored.version, desk.aws.keys()), (3, vec![only_file(&stored).object_key]));
}

fn only_file(stored: &Prescription) -> ScanFile {
    assert_eq!(stored.sheets.count(), 1);
    stored.sheets.first().file.clone().unwrap()
}

/// A check that died after so many calls and was never run again, or came to its end; and whether it died.
async fn checked_for(steps: i64) -> (Desk, String, bool) {
    let desk = Desk::open().await;
    let id = desk.announced(ANNA).await;
    desk.aws.put(&incoming(&id), pdf(&id));
    desk.aws.fail_after(steps);
    let checked = desk.scan(&id).await;
    let died = desk.aws.heal();
    assert_eq!(checked.is_err(), died, "after {steps} calls");
    (desk, id, died)
}

/// The keys of what is in the table, but for the count of announcements.
async fn stored_keys(desk: &Desk) -> Vec<String> {
    let items = desk.world.dynamo.scan().table_name("prescriptions").send().await.unwrap().items.unwrap_or_default();
    let keys = items.iter().map(|item| item["pk"].as_s().unwrap().clone());
    keys.filter(|key| !key.starts_with("OWNER#")).collect()
}

#[tokio::test]
async fn a_check_that_dies_at_any_step_leaves_nothing_that_outlives_the_prescription() {
    for steps in 0.. {
        let (desk, id, died) = checked_for(steps).await;
        let prescriptions = desk.world.app.prescriptions().unwrap();
        let cleared = prescriptions.clear(&user(ANNA.0), &user(99), |_, _| Err(Error::busy())).await.unwrap();
        assert_eq!((cleared.deleted, cleared.kept), (1, 0), "after {steps} calls");
        // By the upload, a check that has begun to copy it finds its copy again.
        assert!(desk.aws.keys().iter().all(|key| *key == incoming(&id)), "after {steps} calls: {:?}", desk.aws.keys());
        assert_eq!(stored_keys(&desk).await, Vec::<String>::new(), "after {steps} calls");
        assert_eq!(desk.scan(&id).await.unwrap(), "nothing");
        assert_eq!(desk.aws.keys(), Vec::<String>::new(), "after {steps} calls");

        let (desk, id, _) = checked_for(steps).await;
        let was_checked = desk.stored(&id).await.sheets.are_complete();
        assert_eq!(desk.withdraw(ANNA, &id).await.status, 204);
        assert!(desk.aws.keys().iter().all(|key| *key == incoming(&id)), "after {steps} calls: {:?}", desk.aws.keys());
        // Who has uploaded a file that was shown to the staff stays known for as long as the prescription does.
        let uploads = stored_keys(&desk).await.into_iter().filter(|key| key.starts_with("FILE#")).count();
        assert_eq!(uploads, usize::from(was_checked), "after {steps} calls");
        // The upload itself is still there where the check died; told of it again, the check throws it away.
        assert_eq!(desk.scan(&id).await.unwrap(), "nothing");
        assert_eq!(desk.aws.keys(), Vec::<String>::new(), "after {steps} calls");
        if !died {
            assert!(steps > 6, "only {steps} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn a_check_overtaken_by_the_withdrawal_or_by_another_upload_leaves_nothing() {
    let desk = Desk::open().await;
    let (withdrawn, replaced) = (desk.announced(ANNA).await, desk.announced(ANNA).await);
    // A check of another upload has noted what it is about to copy, and copied it.
    let beside = async |id: &str| {
        let mut waiting = desk.stored(id).await;
        waiting.checking.push("5a".repeat(32));
        desk.save(&waiting).await;
        desk.aws.put(&format!("clean/prescriptions/{id}/{}", "5a".repeat(32)), "a copy");
        desk.aws.put(&incoming(id), pdf(id));
    };
    beside(&withdrawn).await;
    assert_eq!(desk.withdraw(ANNA, &withdrawn).await.status, 204);
    assert_eq!(desk.scan(&withdrawn).await.unwrap(), "nothing");
    assert_eq!(desk.aws.keys(), Vec::<String>::new());
    beside(&replaced).await;
    assert_eq!(desk.scan(&replaced).await.unwrap(), "pending");
    assert_eq!(desk.aws.keys(), [only_file(&desk.stored(&replaced).await).object_key]);
}

#[tokio::test]
async fn a_second_upload_never_replaces_the_one_that_was_checked() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    let before = desk.stored(&id).await;
    desk.aws.put(&incoming(&id), pdf("another"));
    assert_eq!(desk.scan(&id).await.unwrap(), "nothing");
    assert_eq!(desk.stored(&id).await, before);
    assert_eq!(desk.aws.keys(), [only_file(&before).object_key]);
}

#[tokio::test]
async fn a_file_that_arrives_after_the_withdrawal_is_thrown_away() {
    let desk = Desk::open().await;
    let id = desk.announced(ANNA).await;
    assert_eq!(desk.withdraw(ANNA, &id).await.status, 204);
    desk.aws.put(&incoming(&id), pdf("late"));
    assert_eq!(desk.scan(&id).await.unwrap(), "nothing");
    assert_eq!((desk.stored(&id).await.status, desk.aws.keys()), (Status::Withdrawn, Vec::new()));
}

#[tokio::test]
async fn the_same_file_on_another_account_is_flagged_to_staff_on_both() {
    let desk = Desk::open().await;
    let upload = async |who| {
        let id = desk.announced(who).await;
        desk.aws.put(&incoming(&id), pdf("the same"));
        desk.scan(&id).await.unwrap();
        id
    };
    let (first, again, other) = (upload(ANNA).await, upload(ANNA).await, upload(BORIS).await);
    for id in [&first, &again, &other] {
        assert_eq!(desk.get(PAULA, id).await.body["flags"], json!(["same_file_on_another_account"]));
    }
    assert!(desk.get(BORIS, &other).await.body.get("flags").is_none());
    let mine = desk.pending(ANNA).await;
    assert_eq!(desk.get(PAULA, &mine).await.body["flags"], json!([]));
}

// ------------------------------------------------------------------- reading

#[tokio::test]
async fn what_staff_read_is_on_the_trail_and_what_others_tried() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    assert_eq!(desk.get(ANNA, &id).await.status, 200);
    assert_eq!(desk.get(PAULA, &id).await.status, 200);
    let refused = desk.get(BORIS, &id).await;
    assert_eq!((refused.status, refused.code()), (404, "not_found"));
    let mut trail = desk.trail(&id).await;
    trail.sort();
    let entry =
        |action: &str, outcome: &str, who: Person| (action.to_owned(), outcome.to_owned(), user(who.0).to_string());
    assert_eq!(
        trail,
        [
            entry("prescription.read", "allowed", PAULA),
            entry("prescription.read", "refused", BORIS),
            entry("prescription.submit", "allowed", ANNA),
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_put_on_the_trail_is_not_shown() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    desk.world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    for who in [PAULA, BORIS] {
        let answer = desk.get(who, &id).await;
        assert_eq!((answer.status, answer.code()), (503, "unavailable"));
        assert!(!answer.text.contains("Anna"));
    }
    assert_eq!(desk.get(ANNA, &id).await.status, 200);
    assert!(desk.claim(PAULA, &id).await.status >= 500);
    assert_eq!(desk.stored(&id).await.claim, None);
}

#[tokio::test]
async fn a_list_holds_ones_own_newest_first_page_by_page() {
    let desk = Desk::open().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.insert(0, desk.announced(ANNA).await);
        desk.world.clock.advance(Duration::from_secs(1));
    }
    desk.announced(BORIS).await;
    assert_eq!(pages(&desk, ANNA, "limit=2").await, [&ids[..2], &ids[2..4], &ids[4..]]);
    assert_eq!(pages(&desk, ANNA, "limit=5").await, [&ids[..]], "a full last page has no cursor");
    let cursor = desk.list(ANNA, "limit=2").await.body["next_cursor"].as_str().unwrap().to_owned();
    for (who, query) in [(BORIS, ""), (ANNA, "&status=pending"), (PAULA, "")] {
        let answer = desk.list(who, &format!("limit=2&cursor={cursor}{query}")).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["cursor"]));
    }
}

#[tokio::test]
async fn a_list_of_one_state_goes_on_until_it_is_full() {
    let desk = Desk::open().await;
    let mut pending = Vec::new();
    for n in 0..12 {
        let id = if n % 4 == 0 { desk.pending(ANNA).await } else { desk.announced(ANNA).await };
        if n % 4 == 0 {
            pending.insert(0, id);
        }
        desk.world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(pages(&desk, ANNA, "status=pending&limit=2").await, [&pending[..2], &pending[2..]]);
    let answer = desk.list(ANNA, "status=lost&limit=0").await;
    assert_eq!((answer.status, answer.fields()), (400, vec!["status", "limit"]));
}

#[tokio::test]
async fn staff_see_the_queue_oldest_first_and_nothing_of_the_patients() {
    let desk = Desk::open().await;
    let first = desk.pending(ANNA).await;
    desk.world.clock.advance(Duration::from_secs(1));
    let second = desk.pending(BORIS).await;
    desk.announced(ANNA).await;
    desk.claim(PETER, &second).await;
    assert_eq!(pages(&desk, PAULA, "limit=1").await, [&[first.clone()][..], &[second.clone()][..]]);
    let answer = desk.list(PAULA, "").await;
    let claimed: Vec<_> = answer.body["items"].as_array().unwrap().iter().map(|item| &item["claimed"]).collect();
    assert_eq!(claimed, [&json!(false), &json!(true)]);
    assert!(!answer.text.contains("Azad"), "{}", answer.text);
}

#[tokio::test]
async fn the_queue_says_who_works_on_what_until_when_and_how_much_waits() {
    let desk = Desk::open().await;
    let first = desk.pending(ANNA).await;
    desk.world.clock.advance(Duration::from_secs(1));
    let second = desk.pending(BORIS).await;
    assert_eq!(desk.claim(PETER, &second).await.status, 200);
    let queue = desk.list(PAULA, "count=true").await.body;
    assert_eq!(queue["total"], json!({"count": 2, "more": false}));
    assert_eq!(queue["items"][1]["claimed_until"], "2026-11-20T10:30:01.000Z");
    assert!(queue["items"][0].get("claimed_until").is_none(), "{queue}");
    let unclaimed = desk.list(PAULA, "count=true&unclaimed=true").await.body;
    assert_eq!((&unclaimed["items"][0]["id"], &unclaimed["total"]["count"]), (&json!(first), &json!(1)));
    assert_eq!(unclaimed["items"].as_array().unwrap().len(), 1);
    desk.world.clock.advance(Duration::from_mins(30));
    assert_eq!(pages(&desk, PAULA, "unclaimed=true&limit=1").await.concat(), [first, second]);
    for asked in ["unclaimed=true", "count=true"] {
        assert_eq!(desk.list(ANNA, asked).await.status, 400, "{asked} is the staff's");
        assert_eq!(desk.list(PAULA, &asked.replace("true", "yes")).await.status, 400);
    }
    assert!(desk.list(PAULA, "").await.body.get("total").is_none());
}

#[tokio::test]
async fn what_has_expired_is_listed_so_without_any_write() {
    let desk = Desk::open().await;
    let id = desk.approved(ANNA).await;
    let list = async |who, status: &str| pages(&desk, who, &format!("status={status}")).await.concat();
    assert_eq!((list(ANNA, "approved").await, list(PAULA, "approved").await), (vec![id.clone()], vec![id.clone()]));
    desk.world.clock.advance(80 * DAY);
    assert_eq!((list(ANNA, "approved").await, list(PAULA, "approved").await), (Vec::new(), Vec::new()));
    assert_eq!((list(ANNA, "expired").await, list(PAULA, "expired").await), (vec![id.clone()], vec![id.clone()]));
    assert_eq!(desk.get(ANNA, &id).await.body["status"], "expired");
}

/// The ids of every page of a list.
async fn pages(desk: &Desk, who: Person, query: &str) -> Vec<Vec<String>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = desk.list(who, &format!("{query}{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
        pages.push(answer.body["items"].as_array().unwrap().iter().map(id).collect());
        let Some(next) = answer.body["next_cursor"].as_str() else { return pages };
        cursor = format!("&cursor={next}");
    }
}

// ----------------------------------------------------------------- reviewing

#[tokio::test]
async fn of_fifty_claims_at_once_one_wins() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    let claims = (10..60).map(|n| desk.claim(Person(n, Role::PharmacyAdmin), &id));
    let answers = join_all(claims).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    let lost = answers.iter().filter(|answer| (answer.status, answer.code()) == (409, "already_claimed")).count();
    // Who loses to many in turn may be told to try again; nobody is let in.
    let busy = answers.iter().filter(|answer| (answer.status, answer.code()) == (503, "busy")).count();
    assert_eq!(lost + busy, 49);
    let stored = desk.stored(&id).await;
    assert_eq!(won[0].body["claim"]["by"], json!(stored.claim.unwrap().by));
    let trail = desk.trail(&id).await;
    let allowed = trail.iter().filter(|entry| entry.0 == "prescription.claim" && entry.1 == "allowed");
    assert_eq!(allowed.count(), 1);
}

#[tokio::test]
async fn a_claim_ends_after_half_an_hour() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    assert_eq!(desk.claim(PAULA, &id).await.status, 200);
    assert_eq!(desk.claim(PETER, &id).await.code(), "already_claimed");
    desk.world.clock.advance(Duration::from_mins(30));
    assert_eq!(desk.review(PAULA, &id, &approval(&json!({"ingredient": "a"}))).await.code(), "not_claimed");
    assert_eq!(desk.claim(PETER, &id).await.status, 200);
}

#[tokio::test]
async fn a_claim_is_given_back_once() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    assert_eq!(desk.claim(PAULA, &id).await.status, 200);
    assert_eq!(desk.release(PETER, &id).await.code(), "already_claimed");
    let (one, other) = tokio::join!(desk.release(PAULA, &id), desk.release(PAULA, &id));
    assert_eq!((one.status, other.status), (204, 204));
    assert_eq!(desk.release(PAULA, &id).await.status, 204, "there is nothing to give back any more");
    assert_eq!(desk.stored(&id).await.claim, None);
    assert_eq!(desk.claim(PETER, &id).await.status, 200);
    let trail = desk.trail(&id).await;
    assert!(trail.contains(&("prescription.release".to_owned(), "refused".to_owned(), user(4).to_string())));
    assert_eq!(desk.release(PAULA, &id).await.code(), "already_claimed");
    assert_eq!(desk.release(ANNA, &id).await.status, 403);
}

#[tokio::test]
async fn an_approval_says_what_may_be_dispensed() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    let product = desk.product(LegalStatus::Controlled).await;
    desk.claim(PAULA, &id).await;
    let body = approval(&json!({"product_id": product}));
    assert_eq!(desk.review(PETER, &id, &body).await.code(), "not_claimed");
    let answers = join_all((0..5).map(|_| desk.review(PAULA, &id, &body))).await;
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((done, answers.iter().filter(|answer| answer.code() == "invalid_state").count()), (1, 4));
    let view = desk.get(ANNA, &id).await.body;
    assert_eq!((&view["status"], &view["valid_until"]), (&json!("approved"), &json!("2027-02-01")));
    assert_eq!((&view["items"][0]["product_id"], &view["items"][0]["fills_left"]), (&json!(product), &json!(1)));
    let trail = desk.trail(&id).await;
    let reviews = trail.iter().filter(|entry| entry.0 == "prescription.review" && entry.1 == "allowed").count();
    assert_eq!(reviews, 1);
}

#[tokio::test]
async fn an_approval_is_taken_back_once_and_on_the_trail() {
    let desk = Desk::open().await;
    let id = desk.approved(ANNA).await;
    assert_eq!(desk.undo(PETER, &id).await.code(), "not_reviewer");
    desk.world.clock.advance(Duration::from_secs(59));
    let answers = join_all((0..5).map(|_| desk.undo(PAULA, &id))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{:?}", answers.iter().map(|one| one.status));
    let stored = desk.stored(&id).await;
    assert_eq!((stored.status, stored.lines.len(), stored.valid_until), (Status::Pending, 0, None));
    assert_eq!(stored.claim.map(|claim| claim.by), Some(user(3)));
    assert_eq!(desk.claim(PETER, &id).await.code(), "already_claimed");
    let again = desk.review(PAULA, &id, &approval(&json!({"ingredient": "Ibuprofen"}))).await;
    assert_eq!((again.status, &again.body["items"][0]["ingredient"]), (200, &json!("Ibuprofen")));
    desk.world.clock.advance(Duration::from_secs(61));
    assert_eq!(desk.undo(PAULA, &id).await.code(), "too_late");
    let trail = desk.trail(&id).await;
    let mut ended = trail.iter().filter(|entry| entry.0 == "prescription.undo_review").collect::<Vec<_>>();
    ended.sort_unstable();
    let entry = |outcome: &str, who| ("prescription.undo_review".to_owned(), outcome.to_owned(), user(who).to_string());
    assert!(ended.contains(&&entry("allowed", 3)) && ended.contains(&&entry("refused", 4)), "{ended:?}");
    assert_eq!(desk.undo(ANNA, &id).await.status, 403);
}

#[tokio::test]
async fn what_was_dispensed_is_not_taken_back_and_neither_overtakes_the_other() {
    let desk = Desk::open().await;
    let id = desk.approved(ANNA).await;
    // An order that has read it before the approval is taken back cannot take its fill afterwards.
    let mut used = desk.stored(&id).await;
    used.lines[0].fills.push(Fill {
        order_id: "ord_01JD4Z8QK0000000000000000A".parse().unwrap(),
        product_id: "prd_01JD4Z8QK0000000000000000A".parse().unwrap(),
        quantity: 1,
        on: desk.world.clock.now().date(),
    });
    assert_eq!(desk.undo(PAULA, &id).await.status, 200);
    assert_eq!(desk.store.replace(used.clone(), Vec::new()).await.unwrap(), None);
    assert_eq!(desk.review(PAULA, &id, &approval(&json!({"ingredient": "Amoxicillin"}))).await.status, 200);
    let approved = desk.stored(&id).await;
    desk.save(&Prescription { version: approved.version, review: approved.review, ..used }).await;
    assert_eq!(desk.undo(PAULA, &id).await.code(), "already_used");
}

#[tokio::test]
async fn a_rejection_tells_the_patient_why() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    desk.claim(PAULA, &id).await;
    let body = json!({"decision": "reject", "reason_code": "illegible", "reason": "Please take it in daylight."});
    assert_eq!(desk.review(PAULA, &id, &body).await.status, 200);
    let view = desk.get(ANNA, &id).await.body;
    assert_eq!(view["status"], "rejected");
    assert_eq!(view["rejection"], json!({"code": "illegible", "reason": "Please take it in daylight."}));
}

#[tokio::test]
async fn a_review_names_every_field_that_allows_too_much() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    desk.claim(PAULA, &id).await;
    let controlled = desk.product(LegalStatus::Controlled).await;
    let line = |medicine: Value| {
        let mut line = json!({"quantity": 1, "fills_allowed": 2, "min_days_between": 0});
        line.as_object_mut().unwrap().extend(medicine.as_object().unwrap().clone());
        line
    };
    let both = json!({"product_id": controlled, "ingredient": "codeine"});
    let cases = [
        (json!({}), vec!["decision"]),
        (json!({"decision": "maybe"}), vec!["decision"]),
        (json!({"decision": "approve"}), vec!["items", "valid_until", "has_signature"]),
        (
            json!({"decision": "approve", "items": [], "valid_until": "2026-11-19", "has_signature": false, "reason": "x"}),
            vec!["items", "valid_until", "has_signature", "reason"],
        ),
        (json!({"decision": "reject", "has_signature": true}), vec!["reason_code", "reason", "has_signature"]),
        (
            json!({"decision": "approve", "items": [line(json!({})), line(both), line(json!({"ingredient": "é"})),
                line(json!({"ingredient": "E"})), line(json!({"quantity": 0, "ingredient": "b"}))],
                "valid_until": "2027-01-01", "has_signature": true}),
            vec!["items[0].product_id", "items[1].ingredient", "items[4].quantity"],
        ),
        (
            json!({"decision": "approve", "items": [line(json!({"ingredient": "é"})), line(json!({"ingredient": "É"}))],
                "valid_until": "2027-01-01", "has_signature": true}),
            vec!["items[1]"],
        ),
        (
            json!({"decision": "approve", "items": [line(json!({"product_id": controlled})),
                line(json!({"product_id": "prd_01JD4Z8QK0000000000000000A"}))],
                "valid_until": "2027-11-11", "has_signature": true}),
            vec!["valid_until", "valid_until", "items[0].fills_allowed", "items[1].product_id"],
        ),
    ];
    for (body, named) in cases {
        let answer = desk.review(PAULA, &id, &body).await;
        assert_eq!((answer.status, answer.fields()), (400, named), "{body}: {}", answer.text);
    }
    assert_eq!(desk.stored(&id).await.status, Status::Pending);
}

#[tokio::test]
async fn an_ingredient_that_no_product_has_is_refused_with_what_is_near() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    desk.claim(PAULA, &id).await;
    let refused = desk.review(PAULA, &id, &approval(&json!({"ingredient": "Amoxycilin"}))).await;
    let error = &refused.body["errors"][0];
    assert_eq!((&error["field"], &error["code"]), (&json!("items[0].ingredient"), &json!("unknown_ingredient")));
    assert!(refused.text.contains("near it: Amoxicillin"), "{}", refused.text);
    let unknown = approval(&json!({"ingredient": "Warfarin"}));
    assert_eq!(desk.review(PAULA, &id, &unknown).await.fields(), ["items[0].ingredient"]);
    // What was put on sale a moment ago is known at once, however fresh the search index is.
    desk.put_on_sale("warfarin").await;
    assert_eq!(desk.review(PAULA, &id, &unknown).await.status, 200);
}

#[tokio::test]
async fn more_than_anybody_takes_is_refused_whatever_is_named_and_left_out() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    desk.claim(PAULA, &id).await;
    let product = desk.product(LegalStatus::Prescription).await;
    for medicine in [json!({"ingredient": "Amoxicillin"}), json!({"product_id": product})] {
        for days in [json!({}), json!({"days_supply": 14})] {
            let mut body = approval(&medicine);
            let item = body["items"][0].as_object_mut().unwrap();
            item.insert("quantity".to_owned(), json!(99));
            item.extend(days.as_object().unwrap().clone());
            let refused = desk.review(PAULA, &id, &body).await;
            let error = &refused.body["errors"][0];
            assert_eq!(refused.status, 400, "{body}: {}", refused.text);
            assert_eq!((&error["field"], &error["code"]), (&json!("items[0].quantity"), &json!("implausible")));
        }
    }
}

#[tokio::test]
async fn nobody_reviews_their_own() {
    let desk = Desk::open().await;
    let id = desk.pending(ANNA).await;
    let both = Person(ANNA.0, Role::PharmacyAdmin);
    for answer in [desk.claim(both, &id).await, desk.review(both, &id, &approval(&json!({"ingredient": "a"}))).await] {
        assert_eq!((answer.status, answer.code()), (403, "own_prescription"));
    }
    for who in [ANNA, BORIS] {
        assert_eq!((desk.claim(who, &id).await.status, desk.withdraw(PAULA, &id).await.status), (403, 403));
    }
}

// --------------------------------------------------------------- withdrawing

#[tokio::test]
async fn what_is_taken_back_is_gone_and_its_file_too() {
    let desk = Desk::open().await;
    for id in [desk.pending(ANNA).await, desk.approved(ANNA).await] {
        assert_eq!(desk.withdraw(BORIS, &id).await.status, 404);
        assert_eq!((desk.withdraw(ANNA, &id).await.status, desk.withdraw(ANNA, &id).await.status), (204, 204));
        let view = desk.get(ANNA, &id).await.body;
        assert_eq!((&view["status"], view["file_url"].is_null()), (&json!("withdrawn"), true));
        assert_eq!(desk.claim(PAULA, &id).await.code(), "invalid_state");
    }
    assert_eq!(desk.aws.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_dispensed_on_stays() {
    let desk = Desk::open().await;
    let id = desk.approved(ANNA).await;
    let mut used: Prescription = desk.stored(&id).await;
    let fill = Fill {
        order_id: "ord_01JD4Z8QK0000000000000000A".parse().unwrap(),
        product_id: "prd_01JD4Z8QK0000000000000000A".parse().unwrap(),
        quantity: 1,
        on: desk.world.clock.now().date(),
    };
    used.lines[0].fills.push(fill);
    desk.save(&used).await;
    let answer = desk.withdraw(ANNA, &id).await;
    assert_eq!((answer.status, answer.code()), (409, "already_used"));
    assert_eq!(desk.aws.keys().len(), 1);
}

#[tokio::test]
async fn a_prescription_is_taken_back_or_reviewed_never_both() {
    let desk = Desk::open().await;
    for _ in 0..10 {
        let id = desk.pending(ANNA).await;
        desk.claim(PAULA, &id).await;
        let body = approval(&json!({"ingredient": "a"}));
        let (withdrawn, reviewed) = tokio::join!(desk.withdraw(ANNA, &id), desk.review(PAULA, &id, &body));
        assert_eq!(withdrawn.status, 204);
        let stored = desk.stored(&id).await;
        assert_eq!(stored.status, Status::Withdrawn);
        assert!(reviewed.status == 200 || reviewed.code() == "invalid_state", "{}", reviewed.text);
        let trail = desk.trail(&id).await;
        let reviews = trail.iter().filter(|entry| entry.0 == "prescription.review" && entry.1 == "allowed").count();
        assert_eq!(reviews, usize::from(reviewed.status == 200));
    }
}
