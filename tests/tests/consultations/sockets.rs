//! WebSockets: who is let in, what they are told, what happens when they break.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Revocation;
use support::user;

use crate::clinic::{ANNA, BORIS, Clinic, DORA, socket_event};

fn texts(frames: &[Value]) -> Vec<String> {
    let messages = frames.iter().filter(|frame| frame["type"] == "message" || frame["type"] == "accepted");
    messages.map(|frame| frame["message"]["text"].as_str().unwrap().to_owned()).collect()
}

fn messages_of(frames: &[Value]) -> Vec<Value> {
    frames.iter().filter(|frame| frame["type"] == "message").map(|frame| frame["message"].clone()).collect()
}

#[tokio::test]
async fn a_message_is_accepted_where_it_came_and_told_everywhere_else() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (phone, tablet, dora) = (clinic.connect(ANNA).await, clinic.connect(ANNA).await, clinic.connect(DORA).await);
    let stranger = clinic.connect(BORIS).await;
    let message = clinic.message(&id, "hello");
    clinic.frame(&phone, &message).await;
    let accepted = clinic.came(&phone);
    assert_eq!((&accepted[0]["type"], &accepted[0]["client_id"]), (&json!("accepted"), &message["client_id"]));
    let (here, there) = (clinic.came(&tablet), clinic.came(&dora));
    assert_eq!((texts(&here), texts(&there)), (vec!["hello".to_owned()], vec!["hello".to_owned()]));
    assert_eq!(here[0]["message"]["client_id"], message["client_id"]);
    assert!(there[0]["message"].get("client_id").is_none(), "the name is its author's");
    assert_eq!(clinic.came(&stranger), Vec::<Value>::new());
    clinic.frame(&phone, &message).await;
    assert_eq!((clinic.types(&phone), clinic.types(&dora)), (vec!["accepted".to_owned()], Vec::<String>::new()));
    clinic.frame(&stranger, &clinic.message(&id, "me too")).await;
    assert_eq!(clinic.came(&stranger)[0]["code"], "not_found");
}

#[tokio::test]
async fn a_ticket_works_once_for_a_minute_and_for_our_own_pages() {
    let clinic = Clinic::open().await;
    let ticket = async || {
        let answer = clinic.call(ANNA, "chat-ticket", "", None).await.body;
        assert_eq!((&answer["expires_in"], &answer["heartbeat_s"]), (&json!(60), &json!(240)));
        answer["ticket"].as_str().unwrap().to_owned()
    };
    let first = ticket().await;
    assert_eq!(clinic.open_with("c1", &first, Some("https://elsewhere.example")).await, 403);
    assert_eq!(clinic.open_with("c1", &first, Some("https://shop.example")).await, 200, "a refusal takes no ticket");
    assert_eq!(clinic.open_with("c2", &first, None).await, 401);
    let late = ticket().await;
    clinic.world.clock.advance(Duration::from_secs(60));
    assert_eq!(clinic.open_with("c3", &late, None).await, 401);
    assert_eq!(clinic.open_with("c4", "made-up", None).await, 401);
    let fresh = ticket().await;
    let opened = join_all(["c5", "c6", "c7", "c8"].map(|id| clinic.open_with(id, &fresh, None))).await;
    assert_eq!(opened.iter().filter(|status| **status == 200).count(), 1, "{opened:?}");
    let stored = format!("{:?}{:?}", clinic.table("guard").await, clinic.table("consultations").await);
    assert!(!stored.contains(&ticket().await) && !stored.contains(&first), "no ticket is stored");
}

#[tokio::test]
async fn a_frame_that_pretends_to_be_the_end_ends_nothing() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let anna = clinic.connect(ANNA).await;
    for (function, sort) in [("chat-disconnect", "$disconnect"), ("chat-connect", "$connect")] {
        let mut event = socket_event("MESSAGE", sort, &anna);
        event["body"] = json!(json!({"type": sort}).to_string());
        assert_eq!(clinic.happens(&clinic.world.app, function, &event).await, 200);
        assert_eq!(clinic.came(&anna)[0]["code"], "invalid_frame");
    }
    clinic.say(DORA, &id, "are you there").await;
    assert_eq!(clinic.types(&anna), ["message", "consultation"], "the doctor has begun to write");
    clinic.happens(&clinic.world.app, "chat-disconnect", &socket_event("DISCONNECT", "$disconnect", &anna)).await;
    clinic.say(DORA, &id, "and now").await;
    assert_eq!(clinic.types(&anna), Vec::<String>::new());
    assert_eq!(
        clinic.happens(&clinic.world.app, "chat-disconnect", &socket_event("DISCONNECT", "$disconnect", &anna)).await,
        200
    );
}

#[tokio::test]
async fn what_is_no_frame_of_ours_is_told_so() {
    let clinic = Clinic::open().await;
    let anna = clinic.connect(ANNA).await;
    let raw = async |body: String| {
        let mut event = socket_event("MESSAGE", "$default", &anna);
        event["body"] = json!(body);
        clinic.happens(&clinic.world.app, "chat-frame", &event).await;
        clinic.came(&anna)[0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(raw("{".to_owned()).await, "invalid_frame");
    assert_eq!(raw("[]".to_owned()).await, "invalid_frame");
    let one = clinic.message("con_01ARZ3NDEKTSV4RRFFQ69G5FAV", "take one").to_string();
    let twice = one.replacen('{', r#"{"text": "take ten","#, 1);
    assert_eq!(raw(twice).await, "invalid_frame", "nobody knows which of the two was meant");
    assert_eq!(raw(json!({"type": "ping", "x": "y".repeat(33 * 1024)}).to_string()).await, "frame_too_large");
    let unknown = clinic.message("con_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x");
    clinic.frame(&anna, &unknown).await;
    let told = clinic.came(&anna);
    assert_eq!((&told[0]["code"], &told[0]["client_id"]), (&json!("not_found"), &unknown["client_id"]));
    clinic.frame(&anna, &json!({"type": "ping"})).await;
    assert_eq!(clinic.came(&anna), [json!({"type": "pong", "at": "2026-11-20T10:00:00.000Z"})]);
}

#[tokio::test]
async fn a_killed_socket_is_gone_after_the_first_410_from_presence_and_by_its_time() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (dead, alive) = (clinic.connect(ANNA).await, clinic.connect(ANNA).await);
    let online = async || clinic.call(DORA, "consultations-get", &id, None).await.body["online"].clone();
    let anna = json!([user(ANNA.0)]);
    assert_eq!(online().await, anna);
    clinic.cloud.sockets().kill(&dead);
    let opened = clinic.world.clock.now().seconds();
    // The sender sees success, and the other device has it. What is just opening answers as what is gone does, and stays.
    clinic.say(DORA, &id, "hello").await;
    assert_eq!(clinic.types(&alive), ["message", "consultation"]);
    assert!(format!("{:?}", clinic.table("consultations").await).contains(&dead));
    clinic.world.clock.advance(Duration::from_secs(30));
    clinic.say(DORA, &id, "hello again").await;
    assert_eq!(clinic.types(&alive), ["message"]);
    let left = format!("{:?}", clinic.table("consultations").await);
    assert!(!left.contains(&dead) && left.contains(&alive));
    for item in clinic.table("consultations").await.iter().filter(|item| item.contains_key("session")) {
        assert_eq!(item["expires_at"].as_n().unwrap(), &(opened + 130 * 60).to_string());
    }
    clinic.world.clock.advance(Duration::from_mins(5));
    assert_eq!(online().await, anna);
    clinic.world.clock.advance(Duration::from_secs(30));
    assert_eq!(online().await, json!([]));
    clinic.frame(&alive, &json!({"type": "ping"})).await;
    assert_eq!(online().await, anna);
}

#[tokio::test]
async fn a_silent_connection_is_sent_nothing_and_an_old_one_is_closed() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let anna = clinic.connect(ANNA).await;
    clinic.world.clock.advance(Duration::from_mins(10));
    clinic.say(DORA, &id, "hello").await;
    assert_eq!(clinic.types(&anna), Vec::<String>::new());
    clinic.frame(&anna, &json!({"type": "ping"})).await;
    clinic.say(DORA, &id, "hello again").await;
    assert_eq!(clinic.types(&anna), ["pong", "message"]);
    clinic.world.clock.advance(Duration::from_mins(110));
    clinic.frame(&anna, &json!({"type": "ping"})).await;
    assert_eq!(clinic.came(&anna), [json!({"type": "closing", "reason": "too_old", "reconnect": true})]);
    assert_eq!(clinic.cloud.sockets().closed(), [anna]);
}

#[tokio::test]
async fn of_three_devices_one_that_is_gone_and_one_that_hangs_delay_nobody() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (gone, stuck, well) = (clinic.connect(ANNA).await, clinic.connect(ANNA).await, clinic.connect(ANNA).await);
    clinic.cloud.sockets().kill(&gone);
    clinic.cloud.sockets().stick(&stuck);
    let dora = clinic.connect(DORA).await;
    let told = async {
        while clinic.cloud.sockets().clone().take(&well).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let started = std::time::Instant::now();
    let message = clinic.message(&id, "hello");
    let (_, ()) = tokio::join!(clinic.frame(&dora, &message), told);
    assert!(started.elapsed() < Duration::from_secs(4), "a frame that hangs is given up: {:?}", started.elapsed());
    assert_eq!((clinic.types(&well)[0].as_str(), clinic.types(&dora)[0].as_str()), ("message", "accepted"));
    assert_eq!(clinic.messages(ANNA, &id).await.len(), 2);
}

#[tokio::test]
async fn an_ended_session_sends_nothing_and_is_sent_nothing() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (anna, dora) = (clinic.connect(ANNA).await, clinic.connect(DORA).await);
    let end = async |who: u32| {
        let what = Revocation::User { user: user(who), except: None };
        what.publish(&clinic.world.app.guard_table(), clinic.world.clock.now()).await.unwrap();
        clinic.world.clock.advance(Duration::from_secs(4));
    };
    end(DORA.0).await;
    clinic.frame(&anna, &clinic.message(&id, "a secret")).await;
    assert_eq!(clinic.came(&dora), [json!({"type": "closing", "reason": "session_ended", "reconnect": false})]);
    assert_eq!(clinic.types(&anna), ["accepted"]);
    end(ANNA.0).await;
    clinic.frame(&anna, &clinic.message(&id, "another")).await;
    assert_eq!(clinic.types(&anna), ["closing"]);
    assert_eq!(clinic.cloud.sockets().closed(), [dora, anna]);
    let keys = clinic.keys().await;
    assert_eq!(keys.iter().filter(|key| key.contains(" MSG#")).count(), 2, "{keys:?}");
}

#[tokio::test]
async fn who_reconnects_five_times_has_everything_once_and_in_order() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let send = async {
        for n in 0..50 {
            clinic.say(DORA, &id, &n.to_string()).await;
        }
    };
    let read = async {
        let mut seen: Vec<(String, String)> = Vec::new();
        let mut known = BTreeSet::new();
        for round in 0..6 {
            let connection = clinic.connect(ANNA).await;
            // History after each opening, from the last that is known on.
            let mut frames = clinic.messages(ANNA, &id).await;
            while round == 5 && known.len() + frames.len() < 51 || frames.len() < 4 && round < 5 {
                tokio::time::sleep(Duration::from_millis(5)).await;
                frames.extend(messages_of(&clinic.came(&connection)));
                if round == 5 && known.len() + frames.len() >= 51 || frames.len() >= 50 {
                    break;
                }
            }
            frames.extend(messages_of(&clinic.came(&connection)));
            frames.sort_by_key(|message| message["id"].as_str().unwrap().to_owned());
            for message in frames {
                let id = message["id"].as_str().unwrap().to_owned();
                if known.insert(id.clone()) {
                    seen.push((id, message["text"].as_str().unwrap().to_owned()));
                }
            }
            clinic.cloud.sockets().kill(&connection);
        }
        seen
    };
    let ((), mut seen) = tokio::join!(send, read);
    let connection = clinic.connect(ANNA).await;
    let known: BTreeSet<_> = seen.iter().map(|(id, _)| id.clone()).collect();
    for message in clinic.messages(ANNA, &id).await {
        let id = message["id"].as_str().unwrap().to_owned();
        if !known.contains(&id) {
            seen.push((id, message["text"].as_str().unwrap().to_owned()));
        }
    }
    assert!(seen.is_sorted_by_key(|(id, _)| id.clone()), "in order");
    let numbers: Vec<_> = seen.iter().skip(1).map(|(_, text)| text.clone()).collect();
    assert_eq!(numbers, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(clinic.came(&connection), Vec::<Value>::new());
}

#[tokio::test]
async fn typing_reaches_the_other_once_in_three_seconds_and_leaves_nothing() {
    let clinic = Clinic::open().await;
    let id = clinic.assigned().await;
    let (anna, dora) = (clinic.connect(ANNA).await, clinic.connect(DORA).await);
    let mut instances = Vec::new();
    for _ in 0..8 {
        instances.push(clinic.world.another_instance().await);
    }
    clinic.world.clock.advance(Duration::from_secs(5));
    let frame = json!({"type": "typing", "consultation_id": id, "on": true});
    for _ in 0..3 {
        join_all((0..100).map(|n| clinic.frame_on(&instances[n % 8], &anna, &frame))).await;
        let told = clinic.came(&dora);
        let expected = json!({"type": "typing", "consultation_id": id, "user_id": user(ANNA.0), "on": true});
        assert_eq!(told, [expected]);
        assert_eq!(clinic.came(&anna), Vec::<Value>::new());
        clinic.world.clock.advance(Duration::from_secs(3));
    }
    assert_eq!(clinic.messages(ANNA, &id).await.len(), 1);
}

#[tokio::test]
async fn sixty_frames_a_minute_go_through_over_all_instances_and_as_many_refusals_close() {
    let clinic = Clinic::open().await;
    let anna = clinic.connect(ANNA).await;
    let other = clinic.world.another_instance().await;
    let apps = [&clinic.world.app, &other];
    let ping = json!({"type": "ping"});
    join_all((0..100).map(|n| clinic.frame_on(apps[n % 2], &anna, &ping))).await;
    let told = clinic.came(&anna);
    let of = |sort: &str| told.iter().filter(|frame| frame["type"] == sort).count();
    assert_eq!((of("pong"), of("error")), (60, 40));
    let refused = told.iter().find(|frame| frame["type"] == "error").unwrap();
    assert_eq!((&refused["code"], &refused["retry_after"]), (&json!("rate_limited"), &json!(60)));
    clinic.world.clock.advance(Duration::from_mins(1));
    clinic.frame(&anna, &ping).await;
    assert_eq!(clinic.types(&anna), ["pong"], "another minute");
    for _ in 0..120 {
        clinic.frame(&anna, &ping).await;
    }
    assert_eq!(clinic.came(&anna).last().unwrap()["reason"], "rate_limited");
    assert_eq!(clinic.cloud.sockets().closed(), [anna]);
}
