//! What those who work here are told: everybody of them once.

use std::time::Duration;

use serde_json::json;
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::platform::ids::{PrescriptionId, UserId};
use shared::prescriptions::document::DocumentType;
use shared::prescriptions::prescription::Prescriber;
use shared::prescriptions::sheets::Sheet;
use shared::prescriptions::{Prescription, Status};
use support::user;

use super::post::{ANNA, EMAIL, Post};

const PHARMACISTS: [&str; 2] = ["paula@example.org", "pablo@example.org"];

/// A post office with two pharmacists, and one who may not sign in any more.
async fn staffed() -> Post {
    let post = Post::open().await;
    // The first of the pool is Anna.
    post.cloud.pool().add(EMAIL, "tigers sleep in june", &[Role::Customer], "CONFIRMED");
    for address in PHARMACISTS.into_iter().chain(["gone@example.org"]) {
        post.cloud.pool().add(address, "tigers sleep in june", &[Role::PharmacyAdmin], "CONFIRMED");
        let id = UserId::parse(&post.cloud.pool().user(address).unwrap().id).unwrap();
        let (email, name) = (Email::parse(address).unwrap(), FullName::parse("P P").unwrap());
        post.world.make_profile(&id, email, name).await;
        if address.starts_with("gone") {
            post.world.app.directory().set_enabled(&id, false).await.unwrap();
        }
    }
    post
}

fn told(post: &Post, subject: &str) -> Vec<usize> {
    let count = |address: &&str| post.cloud.messages().to(address).iter().filter(|one| one.subject == subject).count();
    PHARMACISTS.iter().chain(&["gone@example.org"]).map(count).collect()
}

#[tokio::test]
async fn a_queue_that_grows_is_told_once_a_day_to_everybody_who_reviews() {
    let post = staffed().await;
    let now = post.world.clock.now();
    for _ in 0..5 {
        let waiting = Prescription {
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
        assert!(post.prescriptions().create(&waiting, Vec::new(), now.date()).await.unwrap());
    }
    post.remind().await;
    post.deliver().await;
    assert_eq!(told(&post, "Prescriptions wait for a review"), [0, 0, 0]);
    post.world.clock.advance(Duration::from_mins(241));
    for _ in 0..3 {
        post.remind().await;
        post.deliver().await;
        post.world.clock.advance(Duration::from_mins(15));
    }
    assert_eq!(told(&post, "Prescriptions wait for a review"), [1, 1, 0]);
    assert!(post.cloud.messages().to(PHARMACISTS[0])[0].text.starts_with("5 prescriptions"));
    post.world.clock.advance(Duration::from_hours(24));
    post.remind().await;
    post.deliver().await;
    assert_eq!(told(&post, "Prescriptions wait for a review"), [2, 2, 0], "the next day again");
}

#[tokio::test]
async fn a_disputed_payment_is_told_to_the_staff_and_a_declined_one_to_the_customer() {
    use shared::payments::{Attempt, Payment, PaymentMethod};
    let mut post = staffed().await;
    let order = post.order().await;
    post.world.clock.advance(Duration::from_secs(1));
    let now = post.world.clock.now();
    let attempt = Attempt::opened(1, "pi_1".to_owned(), 500, now);
    post.change_order(order, |order, _| {
        order.payment = Payment::new(PaymentMethod::Card, order.totals.total, now);
        order.payment.online_mut().unwrap().attempts.push(attempt);
    })
    .await;
    post.go_round().await;
    let change = async |post: &mut Post, change: fn(&mut Attempt)| {
        post.change_order(order, |order, _| change(&mut order.payment.online_mut().unwrap().attempts[0])).await;
        post.go_round().await;
    };
    change(&mut post, |attempt| attempt.seen.declined = true).await;
    assert_eq!(post.mails().last().unwrap().subject, "Your payment did not go through");
    change(&mut post, |attempt| attempt.seen.disputed = true).await;
    change(&mut post, |attempt| attempt.given_up = true).await;
    assert_eq!(told(&post, "A payment is disputed"), [1, 1, 0]);
    assert_eq!(told(&post, "A payment needs somebody"), [1, 1, 0]);
    assert_eq!(post.inbox(ANNA).await, ["payment_failed", "order_placed"]);
}

#[tokio::test]
async fn an_emergency_that_no_doctor_has_and_a_question_that_waits_are_told_to_the_staff() {
    let mut post = staffed().await;
    let body = json!({"topic": "A rash", "text": "It has itched for two days."});
    let asked = post.call(ANNA, Role::Customer, "consultations-request", "/v1/consultations", Some(body)).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    post.go_round().await;
    let path = format!("/v1/consultations/{}/messages", asked.body["id"].as_str().unwrap());
    let body = json!({"client_id": "00000000-0000-4000-a000-000000000001", "text": "I can't breathe"});
    let said = post.call(ANNA, Role::Customer, "chat-post", &path, Some(body)).await;
    assert_eq!(said.status, 201, "{}", said.text);
    for _ in 0..2 {
        post.go_round().await;
        post.remind().await;
        post.deliver().await;
    }
    assert_eq!(told(&post, "A message needs you at once"), [1, 1, 0]);
    assert_eq!(told(&post, "Consultations wait for a doctor"), [0, 0, 0]);
    post.world.clock.advance(Duration::from_mins(241));
    for _ in 0..2 {
        post.remind().await;
        post.deliver().await;
    }
    assert_eq!(told(&post, "Consultations wait for a doctor"), [1, 1, 0]);
    assert!(
        post.cloud.messages().all().iter().all(|one| !one.text.contains("breathe") && !one.text.contains("itched"))
    );
}
