//! Reminders: of refills and of prescriptions that run out, if it is still so on the day.

use std::time::Duration;

use serde_json::json;
use shared::platform::clock::Date;
use shared::platform::ids::{OrderId, PrescriptionId, ProductId};
use shared::prescriptions::document::DocumentType;
use shared::prescriptions::prescription::{Prescriber, Rejection, Review};
use shared::prescriptions::sheets::Sheet;
use shared::prescriptions::{AuthorizedLine, Fill, Medicine, Prescription, Status};
use support::user;

use super::post::{ANNA, Post};

/// A prescription of Anna that waits for its review, of which all is told that is to be told.
async fn pending(post: &mut Post) -> PrescriptionId {
    let now = post.world.clock.now();
    let prescription = Prescription {
        id: PrescriptionId::generate(now),
        owner: user(ANNA),
        status: Status::Pending,
        created_at: now,
        sheets: Sheet::announced(DocumentType::Png).into(),
        patient_name: "Anna Rai".to_owned(),
        prescriber: Prescriber { name: "Dr Thapa".to_owned(), registration_number: "NMC 1".to_owned() },
        issued_on: now.date(),
        checking: Vec::new(),
        claim: None,
        review: None,
        lines: Vec::new(),
        valid_until: None,
        withdrawn_at: None,
        patient: None,
        version: 1,
    };
    assert!(post.prescriptions().create(&prescription, Vec::new(), now.date()).await.unwrap());
    post.go_round().await;
    prescription.id
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Approves it until the end of the year: three fills, thirty days apart.
async fn approve(post: &mut Post, id: PrescriptionId) {
    post.world.clock.advance(Duration::from_secs(1));
    let now = post.world.clock.now();
    post.change_prescription(id, |one| {
        one.status = Status::Approved;
        one.review = Some(Review { by: user(9), at: now, rejection: None });
        one.valid_until = Some(day("2027-02-28"));
        one.lines = vec![AuthorizedLine {
            medicine: Medicine::Product(ProductId::generate(now)),
            fingerprint: None,
            quantity: 1,
            fills_allowed: 3,
            min_days_between: 30,
            days_supply: None,
            directions: None,
            schedule: None,
            fills: Vec::new(),
        }];
    })
    .await;
    post.go_round().await;
}

async fn fill(post: &mut Post, id: PrescriptionId) {
    let now = post.world.clock.now();
    post.change_prescription(id, |one| {
        one.lines[0].fills.push(Fill {
            order_id: OrderId::generate(now),
            product_id: ProductId::generate(now),
            quantity: 1,
            on: now.date(),
        });
    })
    .await;
    post.go_round().await;
}

fn subjects(post: &Post) -> Vec<String> {
    post.mails().iter().map(|mail| mail.subject.clone()).collect()
}

/// Goes on to a moment.
fn until(post: &Post, moment: &str) {
    let moment = shared::platform::clock::Timestamp::parse(moment).unwrap();
    post.world.clock.advance(moment.since(post.world.clock.now()));
}

const RECEIVED: &str = "prescription_received";
const APPROVED: &str = "A pharmacist has answered";
const REFILL: &str = "It is nearly time to order again";
const EXPIRING: &str = "A document of yours runs out soon";

#[tokio::test]
async fn a_refill_is_remembered_three_days_before_in_the_morning_there() {
    let mut post = Post::open().await;
    post.choose(json!({"time_zone": "America/Los_Angeles"})).await;
    let id = pending(&mut post).await;
    approve(&mut post, id).await;
    fill(&mut post, id).await;
    assert_eq!(post.inbox(ANNA).await.last().unwrap(), RECEIVED);
    // Filled on 20 November, to be had again on 20 December; nine in the morning of the 17th is 17:00 UTC.
    until(&post, "2026-12-17T08:59:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}));
    until(&post, "2026-12-17T09:10:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}), "it is one at night there");
    until(&post, "2026-12-17T17:00:00Z");
    assert_eq!(post.remind().await, json!({"queued": 1, "dropped": 0}));
    post.deliver().await;
    assert_eq!(subjects(&post), [APPROVED, REFILL]);
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}));
}

#[tokio::test]
async fn what_was_ordered_again_withdrawn_or_used_up_is_not_remembered() {
    for change in ["refilled", "withdrawn", "spent"] {
        let mut post = Post::open().await;
        let id = pending(&mut post).await;
        approve(&mut post, id).await;
        fill(&mut post, id).await;
        let now = post.world.clock.now();
        post.change_prescription(id, |one| match change {
            "refilled" => {
                let fill = one.lines[0].fills[0].clone();
                one.lines[0].fills.push(Fill { on: day("2026-12-10"), ..fill });
            }
            "withdrawn" => (one.status, one.withdrawn_at) = (Status::Withdrawn, Some(now)),
            _ => one.status = Status::Spent,
        })
        .await;
        until(&post, "2026-12-17T09:10:00Z");
        assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 1}), "{change}");
        post.deliver().await;
        assert_eq!(subjects(&post), [APPROVED], "{change}");
    }
}

#[tokio::test]
async fn a_prescription_that_runs_out_is_remembered_a_week_before() {
    let mut post = Post::open().await;
    let id = pending(&mut post).await;
    approve(&mut post, id).await;
    until(&post, "2027-02-21T09:10:00Z");
    assert_eq!(post.remind().await["queued"], 1);
    post.deliver().await;
    assert_eq!(subjects(&post), [APPROVED, EXPIRING]);
    let mail = &post.mails()[1];
    assert!(mail.header("List-Unsubscribe").is_some());
    post.choose(json!({"kinds": {"reminders": false}})).await;
    fill(&mut post, id).await;
    until(&post, "2027-03-20T09:10:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 1}), "it has run out before it may be filled again");
}

#[tokio::test]
async fn a_file_that_was_refused_and_a_prescription_that_was_rejected_are_told_without_the_reason() {
    let mut post = Post::open().await;
    post.choose(json!({"sms": true})).await;
    for (status, subject) in [
        (Status::Refused, "Your document could not be read"),
        (Status::Rejected, "A pharmacist has answered: please look"),
    ] {
        let id = pending(&mut post).await;
        let at = post.world.clock.now();
        let rejection = Some(Rejection { code: "illegible".to_owned(), reason: "The dose is illegible".to_owned() });
        post.change_prescription(id, |one| {
            one.status = status;
            one.review = Some(Review { by: user(9), at, rejection });
        })
        .await;
        post.go_round().await;
        assert_eq!(post.mails().last().unwrap().subject, subject);
        post.world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(post.texts().len(), 1, "of what was rejected");
    assert!(post.cloud.messages().all().iter().all(|one| !one.text.contains("dose")));
}

#[tokio::test]
async fn a_fill_that_was_given_back_approves_nothing_anew() {
    let mut post = Post::open().await;
    let id = pending(&mut post).await;
    approve(&mut post, id).await;
    for status in [Status::Spent, Status::Approved] {
        post.change_prescription(id, |one| one.status = status).await;
        post.go_round().await;
    }
    assert_eq!(subjects(&post), [APPROVED]);
}

#[tokio::test]
async fn what_is_due_when_the_queue_is_down_is_due_at_the_next_run() {
    let mut post = Post::open().await;
    let id = pending(&mut post).await;
    approve(&mut post, id).await;
    until(&post, "2027-02-21T09:10:00Z");
    post.cloud.queues().down = true;
    let worker = registry::WORKERS.iter().find(|one| one.name == "notifications-remind").unwrap();
    assert_eq!((worker.run)(&post.world.app, json!({})).await.unwrap_err().code(), "unavailable");
    post.cloud.queues().down = false;
    assert_eq!(post.remind().await["queued"], 1);
    post.deliver().await;
    assert_eq!(subjects(&post), [APPROVED, EXPIRING]);
}
