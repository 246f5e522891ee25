//! A consultation from the request to the end.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::ids::PatientId;
use support::{add_sign, sign, user};

use crate::clinic::{ADMIN, ANNA, BORIS, Clinic, DAN, DORA, PAULA, Person, QUESTION};

#[tokio::test]
async fn a_patient_asks_and_a_doctor_answers() {
    let clinic = Clinic::open().await;
    let id = clinic.requested().await;
    assert_eq!(clinic.assign(&id, DORA).await.body["status"], "assigned");
    let seen = clinic.call(DORA, "consultations-get", &id, None).await.body;
    assert_eq!((&seen["unread"], &seen["status"], &seen["topic"]), (&json!(1), &json!("assigned"), &json!("A rash")));
    let body = json!({"client_id": clinic.name(), "text": "Put something cool on it."});
    let answer = clinic.call(DORA, "consultations-respond", &id, Some(body.clone())).await;
    assert_eq!((answer.status, &answer.body["by"]["role"]), (201, &json!("doctor")));
    let again = clinic.call(DORA, "consultations-respond", &id, Some(body)).await;
    assert_eq!((again.status, &again.body), (201, &answer.body), "the same again is the same message");
    let seen = clinic.call(ANNA, "consultations-get", &id, None).await.body;
    assert_eq!((&seen["status"], &seen["unread"], &seen["version"]), (&json!("in_progress"), &json!(1), &json!(3)));
    assert_eq!(clinic.texts(ANNA, &id).await, [QUESTION, "Put something cool on it."]);
    let note = json!({"outcome": "answered", "note": "Come back if it grows."});
    let closed = clinic.call(DORA, "consultations-close", &id, Some(note.clone())).await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("completed")));
    assert_eq!(clinic.call(DORA, "consultations-close", &id, Some(note)).await.status, 200, "twice is answered twice");
    let late = clinic.call(ANNA, "chat-post", &id, Some(json!({"client_id": clinic.name(), "text": "Thanks"}))).await;
    assert_eq!((late.status, late.code()), (409, "consultation_closed"));
    assert_eq!(clinic.texts(ANNA, &id).await[2], "Come back if it grows.");
    assert_eq!(clinic.assign(&id, DAN).await.code(), "consultation_closed");
}

#[tokio::test]
async fn words_that_speak_of_an_emergency_are_answered_and_not_kept() {
    let clinic = Clinic::open().await;
    for (text, language) in
        [("I have a crushing pain in my chest", "en"), ("मेरो छाती बेस्सरी दुखेको छ", "ne"), ("আমার শ্বাসকষ্ট হচ্ছে", "bn")]
    {
        let body = json!({"topic": "Help", "text": text, "language": language});
        let answer = clinic.call(ANNA, "consultations-request", "", Some(body)).await;
        assert_eq!((answer.status, &answer.body["kind"]), (200, &json!("emergency")), "{}", answer.text);
        assert!(answer.body["numbers"].as_array().unwrap().len() >= 4);
    }
    assert_eq!(clinic.cloud.kms().asked, 0, "it ends before a key is made");
    let left = format!("{:?}", clinic.table("consultations").await);
    assert!(left.contains("RED_FLAG#chest_pain") && left.contains("RED_FLAG#breathing"), "{left}");
    assert!(!left.contains(user(ANNA.0).as_str()) && !left.contains("crushing") && !left.contains("CON#"), "{left}");
}

#[tokio::test]
async fn a_sign_that_the_pharmacy_has_added_ends_a_request_and_answers_last_words() {
    let clinic = Clinic::open().await;
    let text = "there are purple spots on her legs";
    let id = clinic.request(ANNA, text).await.body["id"].as_str().unwrap().to_owned();
    add_sign(&clinic.world.app, "rul_spots", &sign("purple spots", "Come to the desk at once.")).await;
    clinic.world.clock.advance(std::time::Duration::from_secs(31));
    let answer = clinic.request(BORIS, text).await;
    assert_eq!((answer.status, &answer.body["kind"]), (200, &json!("emergency")), "{}", answer.text);
    assert_eq!(answer.body["message"], "Come to the desk at once.");
    let left = format!("{:?}", clinic.table("consultations").await);
    assert!(left.contains("RED_FLAG#danger") && !left.contains(user(BORIS.0).as_str()), "{left}");
    let note = json!({"outcome": "withdrawn", "note": "the purple spots are all over her now"});
    assert_eq!(clinic.call(ANNA, "consultations-close", &id, Some(note)).await.status, 200);
    let told = clinic.texts(ANNA, &id).await[2].clone();
    assert!(told.starts_with("Come to the desk at once.\n") && told.contains("102") && told.contains("999"), "{told}");
}

#[tokio::test]
async fn a_request_that_comes_twice_is_one_consultation() {
    let clinic = Clinic::open().await;
    let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "consultations-request").unwrap().endpoint;
    let token = clinic.world.token(&user(ANNA.0), ANNA.1);
    let body = json!({"topic": "A rash", "text": QUESTION});
    let mut event = support::event("POST", "/v1/consultations", &[], Some(&token), Some(&body));
    event["headers"]["idempotency-key"] = json!("once");
    let sent = (0..6).map(|_| clinic.world.send(endpoint, &event));
    let answers = futures_util::future::join_all(sent).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body["id"] == answers[0].body["id"]));
    assert_eq!(clinic.keys().await.iter().filter(|key| key.ends_with(" CON")).count(), 1);
    event["body"] = json!(json!({"topic": "A rash", "text": "Something else"}).to_string());
    assert_eq!(clinic.world.send(endpoint, &event).await.code(), "idempotency_key_reused");
}

#[tokio::test]
async fn a_patient_has_three_open_ones_at_most_also_when_they_ask_at_once() {
    let clinic = Clinic::open().await;
    let answers = futures_util::future::join_all((0..8).map(|_| clinic.request(ANNA, QUESTION))).await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 3);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.code() == "too_many_open"));
    let id = made[0].body["id"].as_str().unwrap();
    let back = json!({"outcome": "withdrawn"});
    assert_eq!(clinic.call(ANNA, "consultations-close", id, Some(back)).await.body["status"], "withdrawn");
    assert_eq!(clinic.request(ANNA, QUESTION).await.status, 201);
    assert_eq!(clinic.request(BORIS, QUESTION).await.status, 201);
}

#[tokio::test]
async fn only_a_doctor_who_may_sign_in_and_is_not_the_patient_gets_it() {
    let clinic = Clinic::open().await;
    let id = clinic.requested().await;
    for nobody in [ANNA, BORIS, PAULA] {
        let refused = clinic.assign(&id, nobody).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["doctor_id"]), "{}", refused.text);
    }
    clinic.cloud.pool().user_mut("dan@example.org").enabled = false;
    assert_eq!(clinic.assign(&id, DAN).await.fields(), ["doctor_id"]);
    assert_eq!(clinic.assign(&id, DORA).await.status, 200);
    assert_eq!(clinic.assign(&id, DORA).await.body["version"], 2, "the same again changes nothing");
}

#[tokio::test]
async fn what_a_consultation_is_about_is_the_patients_own() {
    let clinic = Clinic::open().await;
    let about = json!({"topic": "x", "text": "y", "about": {"order_id": "ord_01JD4Z8QK0000000000000000B"}});
    let refused = clinic.call(ANNA, "consultations-request", "", Some(about)).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["about.order_id"]));
    let both = json!({"topic": "x", "text": "y", "about": {}});
    assert_eq!(clinic.call(ANNA, "consultations-request", "", Some(both)).await.status, 400);
}

#[tokio::test]
async fn without_kms_nothing_is_stored_and_nothing_is_read() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    clinic.cloud.kms().disabled = true;
    let refused = clinic.request(BORIS, QUESTION).await;
    assert_eq!((refused.status, refused.code()), (503, "unavailable"), "{}", refused.text);
    let before = clinic.keys().await;
    // An instance that has no key in memory.
    let other = clinic.world.another_instance().await;
    let body = json!({"client_id": clinic.name(), "text": "canary"});
    assert_eq!(clinic.call_on(&other, ANNA, "chat-post", &id, Some(body.clone())).await.status, 503);
    assert_eq!(clinic.call_on(&other, ANNA, "chat-history", &id, None).await.status, 503);
    assert_eq!(clinic.keys().await, before);
    clinic.cloud.kms().disabled = false;
    assert_eq!(clinic.call_on(&other, ANNA, "chat-post", &id, Some(body)).await.status, 201);
}

#[tokio::test]
async fn lists_show_what_is_ones_own_and_the_staff_everything_but_the_messages() {
    let clinic = Clinic::open().await;
    let first = clinic.assigned().await;
    clinic.world.clock.advance(std::time::Duration::from_secs(1));
    let second = clinic.requested().await;
    let ids = |answer: &support::Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
        items.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let list = async |who, query: &str| clinic.search(who, "consultations-list", "", query).await;
    assert_eq!(ids(&list(ANNA, "").await), [second.clone(), first.clone()]);
    assert_eq!(ids(&list(ANNA, "status=assigned").await), std::slice::from_ref(&first));
    assert_eq!(ids(&list(DORA, "").await), std::slice::from_ref(&first));
    assert!(ids(&list(DAN, "").await).is_empty() && ids(&list(BORIS, "").await).is_empty());
    let page = list(PAULA, "limit=1").await;
    assert_eq!(ids(&page), std::slice::from_ref(&second));
    let next = page.body["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&list(PAULA, &format!("limit=1&cursor={next}")).await), std::slice::from_ref(&first));
    assert!(!list(PAULA, "").await.text.contains("itched"));
    assert!(clinic.trail(PAULA, &first).await.contains(&("consultation.read".to_owned(), "allowed".to_owned())));
    assert_eq!(clinic.search(PAULA, "chat-history", &first, "").await.status, 403);
    assert_eq!(clinic.search(ADMIN, "chat-history", &first, "").await.status, 200);
}

#[tokio::test]
async fn the_removed_doctor_loses_it_at_once() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (dora, dan) = (clinic.connect(DORA).await, clinic.connect(DAN).await);
    assert_eq!(clinic.assign(&id, DAN).await.status, 200);
    assert_eq!(clinic.types(&dan), ["consultation"]);
    clinic.say(ANNA, &id, "hello").await;
    assert_eq!((clinic.types(&dora), clinic.types(&dan)), (Vec::<String>::new(), vec!["message".to_owned()]));
    for (function, body) in [
        ("consultations-get", None),
        ("chat-history", None),
        ("chat-post", Some(json!({"client_id": clinic.name(), "text": "x"}))),
        ("consultations-respond", Some(json!({"client_id": clinic.name(), "text": "x"}))),
        ("consultations-close", Some(json!({"outcome": "answered"}))),
    ] {
        assert_eq!(clinic.call(DORA, function, &id, body).await.status, 404, "{function}");
    }
    clinic.frame(&dora, &clinic.message(&id, "still here")).await;
    assert_eq!(clinic.came(&dora)[0]["code"], "not_found");
    assert_eq!(clinic.search(DORA, "consultations-list", "", "").await.body["items"], json!([]));
}

/// How the records, the triages and one triage of a patient answer somebody.
async fn looked(clinic: &Clinic, who: Person, patient: PatientId, triage: &str) -> [u16; 3] {
    let about = format!("patient_id={patient}");
    let app = &clinic.world.app;
    [
        clinic.ask(app, who, "records-list", &[("kind", "conditions")], &about, None).await.status,
        clinic.ask(app, who, "triage-list", &[], &about, None).await.status,
        clinic.search(who, "triage-get", triage, &about).await.status,
    ]
}

#[tokio::test]
async fn a_doctor_sees_records_and_triages_while_the_consultation_is_theirs_and_no_longer() {
    let clinic = Clinic::open().await;
    let said = json!({"symptoms": [{"id": "e203", "present": true}]});
    let triage = clinic.call(ANNA, "triage-assess", "", Some(said)).await;
    let triage = triage.body["id"].as_str().unwrap().to_owned();
    let (anna, boris) = (of_owner(&user(ANNA.0)), of_owner(&user(BORIS.0)));
    assert_eq!(looked(&clinic, DORA, anna, &triage).await, [404; 3]);
    let id = clinic.assigned().await;
    assert_eq!(looked(&clinic, DORA, anna, &triage).await, [200; 3]);
    assert_eq!(looked(&clinic, DORA, boris, &triage).await, [404; 3], "another patient");
    assert_eq!(looked(&clinic, DAN, anna, &triage).await, [404; 3], "another doctor");
    assert_eq!(clinic.assign(&id, DAN).await.status, 200);
    assert_eq!(looked(&clinic, DORA, anna, &triage).await, [404; 3], "it is another's now");
    assert_eq!(looked(&clinic, DAN, anna, &triage).await, [200; 3]);
    let note = json!({"outcome": "answered", "note": "bye"});
    assert_eq!(clinic.call(DAN, "consultations-close", &id, Some(note)).await.status, 200);
    assert_eq!(looked(&clinic, DAN, anna, &triage).await, [404; 3], "it is closed");
}

#[tokio::test]
async fn a_message_that_meets_the_end_comes_before_it_or_is_refused() {
    for round in 0..12 {
        let clinic = Clinic::open().await;
        let id = clinic.assigned().await;
        let close = clinic.call(DORA, "consultations-close", &id, Some(json!({"outcome": "answered", "note": "bye"})));
        let body = json!({"client_id": clinic.name(), "text": "wait"});
        let send = clinic.call(ANNA, "chat-post", &id, Some(body));
        let (closed, sent) = if round % 2 == 0 {
            tokio::join!(close, send)
        } else {
            let (sent, closed) = tokio::join!(send, close);
            (closed, sent)
        };
        assert_eq!(closed.status, 200, "{}", closed.text);
        let texts = clinic.texts(ANNA, &id).await;
        match sent.status {
            201 => assert_eq!(texts, [QUESTION, "wait", "bye"]),
            _ => assert_eq!((sent.code(), texts), ("consultation_closed", vec![QUESTION.to_owned(), "bye".to_owned()])),
        }
    }
}

#[tokio::test]
async fn what_was_closed_is_gone_when_its_time_is_over() {
    let clinic = Clinic::open().await;
    let id = clinic.requested().await;
    let back = json!({"outcome": "withdrawn"});
    assert_eq!(clinic.call(ANNA, "consultations-close", &id, Some(back)).await.status, 200);
    clinic.world.clock.advance(std::time::Duration::from_hours(3649 * 24));
    assert_eq!(clinic.call(ANNA, "consultations-get", &id, None).await.status, 200);
    clinic.world.clock.advance(std::time::Duration::from_hours(48));
    assert_eq!(clinic.call(ANNA, "consultations-get", &id, None).await.status, 404);
    assert_eq!(clinic.search(ANNA, "chat-history", &id, "").await.status, 404);
}

#[tokio::test]
async fn who_is_no_doctor_any_more_has_lost_it_and_a_patient_has_not() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    // Signed in again after the role was taken away, on a connection and by requests.
    let former = Person(DORA.0, Role::Customer);
    let (doctor, connection) = (clinic.connect(DORA).await, clinic.connect(former).await);
    clinic.say(ANNA, &id, "a secret").await;
    assert_eq!(clinic.types(&connection), Vec::<String>::new());
    assert_eq!(clinic.types(&doctor), ["message"], "who still is one is told");
    for (function, body) in [
        ("consultations-get", None),
        ("chat-history", None),
        ("chat-post", Some(json!({"client_id": clinic.name(), "text": "x"}))),
        ("chat-start-attachment", Some(json!({"content_type": "image/png", "size_bytes": 9}))),
        ("consultations-close", Some(json!({"outcome": "answered"}))),
    ] {
        let answer = clinic.call(former, function, &id, body).await;
        assert_eq!(answer.status, 404, "{function}: {}", answer.text);
    }
    assert_eq!(clinic.search(former, "consultations-list", "", "").await.body["items"], json!([]));
    clinic.frame(&connection, &clinic.message(&id, "still here")).await;
    assert_eq!(clinic.came(&connection)[0]["code"], "not_found");
    assert_eq!(clinic.texts(ANNA, &id).await, [QUESTION, "a secret"]);
}

#[tokio::test]
async fn an_emergency_is_answered_in_the_language_that_it_is_written_in() {
    let clinic = Clinic::open().await;
    for (text, letters) in
        [("मेरो छाती बेस्सरी दुखेको छ", '\u{900}'..='\u{97f}'), ("আমার শ্বাসকষ্ট হচ্ছে", '\u{980}'..='\u{9ff}')]
    {
        let answer = clinic.request(ANNA, text).await;
        assert_eq!((answer.status, &answer.body["kind"]), (200, &json!("emergency")), "{}", answer.text);
        let message = answer.body["message"].as_str().unwrap();
        assert!(message.chars().any(|c| letters.contains(&c)), "{message}");
    }
}

#[tokio::test]
async fn last_words_that_speak_of_an_emergency_are_answered_after_them() {
    let clinic = Clinic::open().await;
    let id = clinic.requested().await;
    let note = json!({"outcome": "withdrawn", "note": "never mind, I can't breathe, going to sleep"});
    assert_eq!(clinic.call(ANNA, "consultations-close", &id, Some(note)).await.status, 200);
    let kinds: Vec<_> = clinic.messages(ANNA, &id).await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["text", "text", "system"]);
}

#[tokio::test]
async fn nothing_of_what_was_closed_is_kept_for_ever() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let file = json!({"content_type": "image/png", "size_bytes": 9});
    assert_eq!(clinic.call(ANNA, "chat-start-attachment", &id, Some(file)).await.status, 201);
    let said = clinic.say(ANNA, &id, "hello").await;
    let dora = clinic.connect(DORA).await;
    for state in ["delivered", "read"] {
        let mark = json!({"type": "read", "consultation_id": id, "message_id": said, "state": state});
        clinic.frame(&dora, &mark).await;
    }
    let close = json!({"outcome": "answered", "note": "bye"});
    assert_eq!(clinic.call(DORA, "consultations-close", &id, Some(close)).await.status, 200);
    let items = clinic.table("consultations").await;
    let text =
        |item: &std::collections::HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().clone();
    let own: Vec<_> = items.iter().filter(|item| text(item, "pk") == format!("CON#{id}")).collect();
    for sort in ["CON", "HEAD", "DOCTOR#", "MARK#", "FILES#", "MSG#"] {
        assert!(own.iter().any(|item| text(item, "sk").starts_with(sort)), "{sort}");
    }
    for item in own {
        assert!(item.contains_key("expires_at"), "{}", text(item, "sk"));
    }
}
