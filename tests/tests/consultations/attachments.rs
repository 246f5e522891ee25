//! Files: announced, uploaded, checked, sent once.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use serde_json::json;
use shared::consultations::attachment;
use support::Answer;

use crate::clinic::{ANNA, BORIS, Clinic, DORA, Person};

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(16, 12, image::Rgb([200, 90, 80])).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

async fn announced(clinic: &Clinic, who: Person, id: &str) -> String {
    let body = json!({"content_type": "image/jpeg", "size_bytes": 50_000});
    let answer = clinic.call(who, "chat-start-attachment", id, Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn scan(clinic: &Clinic, id: &str, file: &str) -> String {
    let key = attachment::incoming_key(id.parse().unwrap(), file.parse().unwrap());
    let event = json!({"detail": {"bucket": {"name": "scans"}, "object": {"key": key}}});
    let worker = registry::WORKERS.iter().find(|one| one.name == "chat-scan-attachment").unwrap();
    (worker.run)(&clinic.world.app, event).await.unwrap()["outcome"].as_str().unwrap().to_owned()
}

fn upload(clinic: &Clinic, id: &str, file: &str, bytes: &[u8]) {
    let key = attachment::incoming_key(id.parse().unwrap(), file.parse().unwrap());
    clinic.cloud.files().put(&format!("scans/{key}"), "image/jpeg", bytes);
}

async fn checked(clinic: &Clinic, who: Person, id: &str) -> String {
    let file = announced(clinic, who, id).await;
    upload(clinic, id, &file, &picture());
    assert_eq!(scan(clinic, id, &file).await, "checked");
    file
}

async fn send(clinic: &Clinic, who: Person, id: &str, file: &str) -> Answer {
    let body = json!({"client_id": clinic.name(), "attachment_id": file});
    clinic.call(who, "chat-post", id, Some(body)).await
}

async fn link(clinic: &Clinic, who: Person, id: &str, file: &str) -> Answer {
    let parameters = [("id", id), ("attachment_id", file)];
    clinic.ask(&clinic.world.app, who, "chat-get-attachment", &parameters, "", None).await
}

#[tokio::test]
async fn a_checked_file_is_sent_once_and_its_link_lives_a_minute() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let file = checked(&clinic, ANNA, &id).await;
    assert_eq!(link(&clinic, DORA, &id, &file).await.status, 404, "before it was sent");
    assert_eq!(link(&clinic, ANNA, &id, &file).await.status, 200);
    let sent = send(&clinic, ANNA, &id, &file).await;
    assert_eq!((sent.status, &sent.body["attachment"]["id"]), (201, &json!(file)), "{}", sent.text);
    assert_eq!(send(&clinic, ANNA, &id, &file).await.status, 404, "it was used");
    let seen = link(&clinic, DORA, &id, &file).await;
    assert!(seen.body["url"].as_str().unwrap().contains("X-Amz-Expires=60"), "{}", seen.text);
    assert_eq!(seen.body["expires_at"], "2026-11-20T10:01:00.000Z");
    let entry = |outcome: &str| ("attachment.read".to_owned(), outcome.to_owned());
    let mut trail = clinic.trail(DORA, &file).await;
    trail.sort();
    assert_eq!(trail, [entry("allowed"), entry("refused")]);
    assert_eq!(link(&clinic, BORIS, &id, &file).await.status, 404);
    let held = clinic.world.app.consultations().unwrap();
    let held = held.held(&support::user(ANNA.0), &clinic.world.app.attachments().unwrap()).await.unwrap();
    assert_eq!(held[0].attachments.len(), 1);
}

#[tokio::test]
async fn the_same_message_with_a_file_again_is_the_same_message() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let file = checked(&clinic, ANNA, &id).await;
    let body = json!({"client_id": clinic.name(), "attachment_id": file});
    let post = || clinic.call(ANNA, "chat-post", &id, Some(body.clone()));
    let (one, other) = tokio::join!(post(), post());
    let again = post().await;
    assert_eq!((one.status, other.status, again.status), (201, 201, 201), "{} {}", one.text, other.text);
    assert!(one.body == other.body && one.body == again.body);
}

#[tokio::test]
async fn no_file_is_sent_that_is_anothers_or_of_another_consultation_or_not_checked() {
    let clinic = Clinic::open().await;
    let (id, elsewhere) = (clinic.assigned().await, clinic.requested().await);
    let file = checked(&clinic, ANNA, &id).await;
    assert_eq!(send(&clinic, DORA, &id, &file).await.status, 404, "another's");
    assert_eq!(send(&clinic, ANNA, &elsewhere, &file).await.status, 404, "of another consultation");
    let waiting = announced(&clinic, ANNA, &id).await;
    assert_eq!(send(&clinic, ANNA, &id, &waiting).await.status, 404, "not uploaded");
    upload(&clinic, &id, &waiting, b"<html>");
    assert_eq!(scan(&clinic, &id, &waiting).await, "not_what_it_says");
    assert_eq!(send(&clinic, ANNA, &id, &waiting).await.status, 404, "refused");
    assert_eq!(link(&clinic, ANNA, &id, &waiting).await.status, 404);
    assert_eq!(send(&clinic, ANNA, &id, &file).await.status, 201);
    assert_eq!(
        clinic
            .call(BORIS, "chat-start-attachment", &id, Some(json!({"content_type": "image/png", "size_bytes": 1})))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_check_that_dies_anywhere_is_finished_by_the_next_and_a_second_upload_is_none() {
    use support::cloud::Killed;
    for call in 0.. {
        let clinic = Clinic::open().await;
        let id = clinic.assigned().await;
        let file = announced(&clinic, ANNA, &id).await;
        upload(&clinic, &id, &file, &picture());
        let done = clinic.cloud.run_until(call, Killed::After, scan(&clinic, &id, &file)).await;
        upload(&clinic, &id, &file, &[&picture()[..], b"tail"].concat());
        scan(&clinic, &id, &file).await;
        upload(&clinic, &id, &file, &picture());
        scan(&clinic, &id, &file).await;
        assert_eq!(send(&clinic, ANNA, &id, &file).await.status, 201, "killed after {call} calls");
        let key = attachment::checked_key(id.parse().unwrap(), file.parse().unwrap());
        assert_eq!(clinic.cloud.files().paths(), [format!("scans/{key}")], "killed after {call} calls");
        if done.is_some() {
            assert!(call >= 5, "only {call} calls were made");
            return;
        }
    }
}

#[tokio::test]
async fn each_of_the_two_announces_twenty_at_most() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    for _ in 0..20 {
        announced(&clinic, ANNA, &id).await;
    }
    let body = || Some(json!({"content_type": "image/jpeg", "size_bytes": 50_000}));
    let refused = clinic.call(ANNA, "chat-start-attachment", &id, body()).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_attachments"));
    announced(&clinic, DORA, &id).await;
    let close = json!({"outcome": "answered"});
    assert_eq!(clinic.call(DORA, "consultations-close", &id, Some(close)).await.status, 200);
    assert_eq!(clinic.call(DORA, "chat-start-attachment", &id, body()).await.code(), "consultation_closed");
}
