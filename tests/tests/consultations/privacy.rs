//! What can be read where: sealed texts, the trail, a copy, erasure.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use shared::patients::of_owner;
use support::user;

use crate::clinic::{ADMIN, ANNA, BORIS, Clinic, DAN, DORA, PAULA, Person};

#[tokio::test]
async fn no_text_stands_in_a_table_and_equal_texts_look_different() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    for who in [ANNA, ANNA, DORA] {
        clinic.say(who, &id, "canary of the house").await;
    }
    let bodies: std::collections::BTreeSet<_> = clinic
        .table("consultations")
        .await
        .iter()
        .filter(|item| item["sk"].as_s().unwrap().starts_with("MSG#"))
        .map(|item| item["body"].as_s().unwrap().clone())
        .collect();
    assert_eq!(bodies.len(), 4);
    for table in ["consultations", "audit", "guard"] {
        let text = format!("{:?}", clinic.table(table).await);
        assert!(!text.contains("canary") && !text.contains("itched"), "{table}");
    }
}

#[tokio::test]
async fn a_text_that_was_moved_to_another_row_does_not_open() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (one, other) = (clinic.say(ANNA, &id, "one").await, clinic.say(ANNA, &id, "other").await);
    let key = |message: &str| format!("MSG#{}", message.trim_start_matches("msg_"));
    let items = clinic.table("consultations").await;
    let body = items.iter().find(|item| item["sk"] == AttributeValue::S(key(&one))).unwrap()["body"].clone();
    let update = clinic.world.dynamo.update_item().table_name("consultations");
    update
        .key("pk", AttributeValue::S(format!("CON#{id}")))
        .key("sk", AttributeValue::S(key(&other)))
        .update_expression("SET body = :body")
        .expression_attribute_values(":body", body)
        .send()
        .await
        .unwrap();
    let answer = clinic.search(ANNA, "chat-history", &id, "").await;
    assert_eq!((answer.status, answer.code()), (500, "internal"));
    assert!(!answer.text.contains("one"));
}

#[tokio::test]
async fn what_others_read_is_on_the_trail_and_what_they_tried() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let entry = |action: &str, outcome: &str| (action.to_owned(), outcome.to_owned());
    clinic.search(ANNA, "chat-history", &id, "").await;
    assert!(!clinic.trail(ANNA, &id).await.iter().any(|(action, _)| action == "chat.read"));
    clinic.search(DORA, "chat-history", &id, "").await;
    clinic.search(ADMIN, "chat-history", &id, "").await;
    assert_eq!(clinic.search(BORIS, "chat-history", &id, "").await.status, 404);
    assert_eq!(clinic.call(BORIS, "consultations-get", &id, None).await.status, 404);
    assert_eq!(clinic.call(PAULA, "consultations-get", &id, None).await.status, 200);
    assert_eq!(clinic.trail(DORA, &id).await, [entry("chat.read", "allowed")]);
    assert_eq!(clinic.trail(ADMIN, &id).await, [entry("chat.read", "allowed")]);
    let tried = clinic.trail(BORIS, &id).await;
    assert!(tried.contains(&entry("chat.read", "refused")) && tried.contains(&entry("consultation.read", "refused")));
    let staff = clinic.trail(PAULA, &id).await;
    assert!(staff.contains(&entry("consultation.assign", "allowed")));
    assert!(staff.contains(&entry("consultation.read", "allowed")));
}

#[tokio::test]
async fn a_doctors_connection_is_on_the_trail_once_for_each_consultation() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let reads = async || clinic.trail(DORA, &id).await.iter().filter(|(action, _)| action == "chat.read").count();
    clinic.connect(DORA).await;
    assert_eq!(reads().await, 0);
    for n in 0..4 {
        clinic.say(ANNA, &id, &n.to_string()).await;
    }
    assert_eq!(reads().await, 1);
    clinic.connect(DORA).await;
    clinic.say(ANNA, &id, "one more").await;
    assert_eq!(reads().await, 2, "another connection");
    assert_eq!(clinic.trail(ANNA, &id).await.iter().filter(|(action, _)| action == "chat.read").count(), 0);
}

#[tokio::test]
async fn a_copy_has_everything_and_erasure_leaves_nothing() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    clinic.say(DORA, &id, "the answer").await;
    clinic.connect(ANNA).await;
    let app = &clinic.world.app;
    let (chat, files) = (app.consultations().unwrap(), app.attachments().unwrap());
    let held = serde_json::to_value(chat.held(&user(ANNA.0), &files).await.unwrap()).unwrap();
    assert_eq!((&held[0]["id"], &held[0]["messages"][1]["text"]), (&json!(id), &json!("the answer")));
    assert_eq!(serde_json::to_value(chat.held(&user(BORIS.0), &files).await.unwrap()).unwrap(), json!([]));
    assert_eq!(files.erase(&user(BORIS.0), &app.connections()).await.unwrap(), 0);
    assert_eq!(clinic.call(ANNA, "consultations-get", &id, None).await.status, 200);
    assert_eq!(files.erase(&user(ANNA.0), &app.connections()).await.unwrap(), 1);
    assert_eq!(files.erase(&user(ANNA.0), &app.connections()).await.unwrap(), 0, "again");
    assert_eq!(clinic.keys().await, Vec::<String>::new());
    let left = clinic.table("consultations").await;
    let kept = left.iter().filter(|item| !item["pk"].as_s().unwrap().starts_with("IDEMPOTENCY#"));
    assert_eq!(kept.count(), 0, "{left:?}");
    assert_eq!(clinic.call(DORA, "consultations-get", &id, None).await.status, 404);
    let late = clinic.call(DORA, "chat-post", &id, Some(json!({"client_id": clinic.name(), "text": "x"}))).await;
    assert_eq!(late.status, 404);
}

#[tokio::test]
async fn an_erasure_killed_anywhere_is_finished_by_the_next() {
    use support::cloud::Killed;
    for call in 0.. {
        let clinic = Clinic::open().await;
        let id = clinic.assigned().await;
        clinic.say(DORA, &id, "the answer").await;
        let app = &clinic.world.app;
        let (files, connections) = (app.attachments().unwrap(), app.connections());
        let done = clinic.cloud.run_until(call, Killed::After, files.erase(&user(ANNA.0), &connections)).await;
        files.erase(&user(ANNA.0), &connections).await.unwrap();
        assert_eq!(clinic.keys().await, Vec::<String>::new(), "killed after {call} calls");
        if done.is_some() {
            assert!(call > 6, "only {call} calls were made");
            return;
        }
    }
}

/// What a doctor gets of a patient: of their allergies, of what was said in a triage, of trying to write, of a copy.
async fn sees(clinic: &Clinic, doctor: Person, patient: &str, triage: &str) -> [u16; 4] {
    let (app, query) = (&clinic.world.app, format!("patient_id={patient}"));
    let kind = [("kind", "allergies")];
    let note = json!({"title": "Call", "text": "Asked about asthma."});
    let answers = [
        clinic.ask(app, doctor, "records-list", &kind, &query, None).await,
        clinic.ask(app, doctor, "triage-get", &[("id", triage)], &query, None).await,
        clinic.ask(app, doctor, "records-add", &[("kind", "notes")], &query, Some(note)).await,
        clinic.ask(app, doctor, "records-export", &[], &query, None).await,
    ];
    answers.map(|answer| answer.status)
}

#[tokio::test]
async fn a_doctor_sees_the_records_of_who_they_attend_and_of_nobody_once_that_is_over() {
    const NOTHING: [u16; 4] = [404; 4];
    const ALL: [u16; 4] = [200, 200, 201, 200];
    let clinic = Clinic::open().await;
    let patient = of_owner(&user(ANNA.0)).to_string();
    let said = json!({"symptoms": [{"id": "e202", "present": true}, {"id": "e203", "present": true}]});
    let triage = clinic.call(ANNA, "triage-assess", "", Some(said)).await.body["id"].as_str().unwrap().to_owned();
    let child =
        json!({"full_name": "Mira Karki", "date_of_birth": "2021-03-04", "sex": "female", "relationship": "child"});
    let mira = clinic.call(ANNA, "patients-add", "", Some(child)).await.body["id"].as_str().unwrap().to_owned();
    let id = clinic.requested().await;
    assert_eq!(sees(&clinic, DORA, &patient, &triage).await, NOTHING, "nobody has it yet");
    assert_eq!(clinic.assign(&id, DORA).await.status, 200);
    assert_eq!(sees(&clinic, DORA, &patient, &triage).await, ALL);
    assert_eq!(sees(&clinic, DAN, &patient, &triage).await, NOTHING, "it is another's");
    assert_eq!(sees(&clinic, DORA, &mira, &triage).await, NOTHING, "it is about another patient of the account");
    let of_boris = of_owner(&user(BORIS.0)).to_string();
    assert_eq!(sees(&clinic, DORA, &of_boris, &triage).await, NOTHING);
    assert_eq!(clinic.assign(&id, DAN).await.status, 200);
    assert_eq!(sees(&clinic, DORA, &patient, &triage).await, NOTHING, "it was given to another");
    assert_eq!(sees(&clinic, DAN, &patient, &triage).await, ALL);
    let closed =
        clinic.call(DAN, "consultations-close", &id, Some(json!({"outcome": "answered", "note": "bye"}))).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert_eq!(sees(&clinic, DAN, &patient, &triage).await, NOTHING, "it is over");
}

#[tokio::test]
async fn what_is_told_on_a_doctors_connection_is_on_the_trail_wherever_a_function_dies() {
    use support::cloud::Killed;
    for call in 0.. {
        let clinic = Clinic::open().await;
        let id = clinic.assigned().await;
        let dora = clinic.connect(DORA).await;
        let done = clinic.cloud.run_until(call, Killed::After, clinic.say(ANNA, &id, "first")).await;
        clinic.say(ANNA, &id, "second").await;
        assert!(clinic.types(&dora).contains(&"message".to_owned()), "killed after {call} calls");
        let trail = clinic.trail(DORA, &id).await;
        let reads = trail.iter().filter(|(action, _)| action == "chat.read").count();
        assert_eq!(reads, 1, "killed after {call} calls");
        if done.is_some() {
            return;
        }
    }
}
