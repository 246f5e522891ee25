//! Order, names, marks: what holds of messages however they are sent.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::platform::clock::Clock;
use support::invariants::{ALWAYS, Tables, broken};
use support::{add_sign, sign, user};

use crate::clinic::{ANNA, Clinic, DORA, QUESTION};

/// That each message names the one before it.
fn assert_chain(messages: &[Value]) {
    let mut before = &Value::Null;
    for message in messages {
        assert_eq!(&message["previous"], before, "{message}");
        before = &message["id"];
    }
    let ids: Vec<_> = messages.iter().map(|message| message["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn two_who_write_at_once_on_clocks_five_minutes_apart_are_in_one_order() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let ahead = Clock::manual(clinic.world.clock.now().plus(Duration::from_mins(4)));
    let ahead = clinic.world.another_instance_at(ahead).await;
    for round in 0..10 {
        let say = |text: String| Some(json!({"client_id": clinic.name(), "text": text}));
        let (one, other) = tokio::join!(
            clinic.call_on(&clinic.world.app, ANNA, "chat-post", &id, say(format!("a{round}"))),
            clinic.call_on(&ahead, DORA, "chat-post", &id, say(format!("d{round}"))),
        );
        assert_eq!((one.status, other.status), (201, 201), "{} {}", one.text, other.text);
    }
    let messages = clinic.messages(ANNA, &id).await;
    assert_eq!(messages.len(), 21);
    assert_chain(&messages);
    let tables = Tables::read(&clinic.world.dynamo, str::to_owned).await;
    let broken = broken(&tables, ALWAYS);
    assert!(broken.is_empty(), "{broken:?}");
    // What is written after what was answered stands after it, whatever the clock says.
    let place = |text: &str| messages.iter().position(|one| one["text"] == text).unwrap();
    for round in 0..9 {
        assert!(place(&format!("d{round}")).max(place(&format!("a{round}"))) < place(&format!("a{}", round + 1)));
    }
}

#[tokio::test]
async fn the_same_name_is_one_message_at_once_and_after_a_restart() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let body = json!({"client_id": clinic.name(), "text": "once"});
    let answers = join_all((0..20).map(|_| clinic.call(ANNA, "chat-post", &id, Some(body.clone())))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    let restarted = clinic.world.another_instance().await;
    assert_eq!(clinic.call_on(&restarted, ANNA, "chat-post", &id, Some(body.clone())).await.body, answers[0].body);
    assert_eq!(clinic.texts(ANNA, &id).await, [QUESTION, "once"]);
    let other = json!({"client_id": body["client_id"], "text": "twice"});
    let refused = clinic.call(ANNA, "chat-post", &id, Some(other)).await;
    assert_eq!((refused.status, refused.code()), (409, "client_id_reused"));
    // Another's name is another name.
    assert_eq!(clinic.call(DORA, "chat-post", &id, Some(body)).await.status, 201);
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_accepted_again_also_after_the_end() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let body = json!({"client_id": clinic.name(), "text": "lost"});
    let sent = clinic.call(ANNA, "chat-post", &id, Some(body.clone())).await;
    let close = json!({"outcome": "answered"});
    assert_eq!(clinic.call(DORA, "consultations-close", &id, Some(close)).await.status, 200);
    let again = clinic.call(ANNA, "chat-post", &id, Some(body)).await;
    assert_eq!((again.status, again.body), (201, sent.body));
}

#[tokio::test]
async fn what_was_accepted_is_in_the_history_after_any_message() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    for n in 0..45 {
        clinic.say(if n % 3 == 0 { DORA } else { ANNA }, &id, &n.to_string()).await;
    }
    let all = clinic.messages(ANNA, &id).await;
    assert_eq!(all.len(), 46);
    assert_chain(&all);
    let page = async |query: String| clinic.search(ANNA, "chat-history", &id, &query).await.body;
    let latest = page("limit=10".to_owned()).await;
    assert_eq!(latest["items"].as_array().unwrap()[..], all[36..]);
    let before = page(format!("limit=10&before={}", latest["next_cursor"].as_str().unwrap())).await;
    assert_eq!(before["items"].as_array().unwrap()[..], all[26..36]);
    let after = page(format!("limit=3&after={}", all[4]["id"].as_str().unwrap())).await;
    assert_eq!(after["items"].as_array().unwrap()[..], all[5..8]);
    let first = page(format!("limit=100&before={}", all[2]["id"].as_str().unwrap())).await;
    assert_eq!((first["items"].as_array().unwrap().len(), &first["next_cursor"]), (2, &Value::Null));
    let last = page(format!("after={}", all[45]["id"].as_str().unwrap())).await;
    assert_eq!((&last["items"], &last["next_cursor"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn marks_in_whatever_order_end_at_the_greatest_and_none_is_beyond_the_last() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(clinic.say(ANNA, &id, &n.to_string()).await);
    }
    let dora = clinic.connect(DORA).await;
    let receipt = |message: &str, state: &str| json!({"type": "read", "consultation_id": id, "message_id": message, "state": state});
    let frames: Vec<_> = [5, 2, 7, 0, 3, 6, 1].iter().map(|n| receipt(&ids[*n], "delivered")).collect();
    let reads: Vec<_> = [4, 1, 3].iter().map(|n| receipt(&ids[*n], "read")).collect();
    join_all(frames.iter().chain(&reads).map(|frame| clinic.frame(&dora, frame))).await;
    let marks = clinic.search(ANNA, "chat-history", &id, "").await.body["marks"].clone();
    let doctors = &marks[user(DORA.0).as_str()];
    assert_eq!((&doctors["delivered"], &doctors["read"]), (&json!(ids[7]), &json!(ids[4])));
    clinic.frame(&dora, &receipt(&ids[7], "read")).await;
    let seen = clinic.call(DORA, "consultations-get", &id, None).await.body;
    assert_eq!(seen["unread"], 0);
    clinic.came(&dora);
    clinic.frame(&dora, &receipt("msg_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "read")).await;
    assert_eq!(clinic.came(&dora)[0]["code"], "not_found");
    let anna = clinic.connect(ANNA).await;
    clinic.frame(&dora, &receipt(&ids[2], "read")).await;
    assert_eq!(clinic.types(&anna), Vec::<String>::new(), "what is not forward is told to nobody");
}

#[tokio::test]
async fn a_red_flag_is_delivered_and_its_author_is_told_at_once_what_to_do() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (anna, dora) = (clinic.connect(ANNA).await, clinic.connect(DORA).await);
    clinic.frame(&anna, &clinic.message(&id, "I have a crushing pain in my chest")).await;
    let told = clinic.came(&anna);
    assert_eq!((&told[0]["type"], &told[1]["message"]["kind"]), (&json!("accepted"), &json!("system")));
    assert_eq!(told[1]["message"]["by"], json!({"id": null, "role": "system"}));
    assert_eq!(clinic.types(&dora), ["message", "message"]);
    assert_chain(&clinic.messages(DORA, &id).await);
    // A doctor who names what to look out for is no emergency.
    clinic.say(DORA, &id, "Call an ambulance if you have chest pain").await;
    assert_eq!(clinic.messages(DORA, &id).await.len(), 4);
}

#[tokio::test]
async fn a_sign_that_the_pharmacy_has_added_is_answered_by_either_way() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    add_sign(&clinic.world.app, "rul_spots", &sign("purple spots", "Come to the desk at once.")).await;
    clinic.world.clock.advance(Duration::from_secs(31));
    let anna = clinic.connect(ANNA).await;
    clinic.frame(&anna, &clinic.message(&id, "there are purple spots on her legs")).await;
    let told = clinic.came(&anna);
    let text = told[1]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("Come to the desk at once.\nThis may be an emergency."), "{told:?}");
    assert!(text.contains("102") && text.contains("999") && !text.contains("1166"), "whom to call: {text}");
    clinic.say(ANNA, &id, "more purple spots").await;
    clinic.say(DORA, &id, "Are the purple spots raised?").await;
    let kinds: Vec<_> = clinic.messages(ANNA, &id).await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["text", "text", "system", "text", "system", "text"]);
    let mut wish = sign("tired of everything", "Come to the desk at once.");
    wish["about"] = json!("suicide");
    add_sign(&clinic.world.app, "rul_wish", &wish).await;
    clinic.world.clock.advance(Duration::from_secs(31));
    clinic.say(ANNA, &id, "I am tired of everything").await;
    let told = clinic.messages(ANNA, &id).await.last().unwrap()["text"].clone();
    assert!(told.as_str().unwrap().contains("1166"), "the crisis line: {told}");
}

#[tokio::test]
async fn who_hides_how_far_they_have_read_is_not_shown() {
    let clinic = Clinic::open().await;
    let (email, name) = (Email::parse("anna@example.org").unwrap(), FullName::parse("Anna Rai").unwrap());
    clinic.world.make_profile(&user(ANNA.0), email, name).await;
    let id = clinic.assigned().await;
    let (anna, dora) = (clinic.connect(ANNA).await, clinic.connect(DORA).await);
    let other = clinic.connect(ANNA).await;
    let read = async |message: &str| {
        let frame = json!({"type": "read", "consultation_id": id, "message_id": message, "state": "read"});
        clinic.frame(&anna, &frame).await;
    };
    let marks = async |who| clinic.search(who, "chat-history", &id, "limit=1").await.body["marks"].clone();
    let shows = async |shows: bool| {
        let body = Some(json!({"read_receipts": shows}));
        assert_eq!(clinic.call(ANNA, "notifications-set", "", body).await.status, 200);
    };
    let (own, first) = (user(ANNA.0).to_string(), clinic.say(DORA, &id, "How old is it?").await);
    shows(false).await;
    for connection in [&anna, &dora, &other] {
        clinic.came(connection);
    }
    read(&first).await;
    assert_eq!(clinic.types(&dora), Vec::<String>::new());
    assert!(clinic.types(&other).contains(&"receipt".to_owned()), "one's own devices know");
    assert_eq!(marks(DORA).await[&own]["read"], Value::Null);
    assert_eq!(marks(ANNA).await[&own]["read"], json!(first), "the badge goes by it");
    shows(true).await;
    let second = clinic.say(DORA, &id, "And now?").await;
    clinic.came(&dora);
    read(&second).await;
    assert!(clinic.types(&dora).contains(&"receipt".to_owned()));
    assert_eq!(marks(DORA).await[&own]["read"], json!(second));
}
