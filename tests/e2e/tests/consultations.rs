//! Consultations and chat against the deployed functions, with a WebSocket client of others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use e2e::{Person, Shop, Socket, covers, eventually, files, upload};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;

async fn request(patient: &Person) -> String {
    let body = json!({"topic": "A rash", "text": "It has itched for two days. What can I do?"});
    let answer = patient.post("/v1/consultations", &body).key(&unique_key()).await.body(201);
    answer["id"].as_str().unwrap().to_owned()
}

fn unique_key() -> String {
    e2e::unique()
}

fn path(id: &str, rest: &str) -> String {
    format!("/v1/consultations/{id}{rest}")
}

/// A consultation of a new patient that a new doctor has.
async fn assigned(shop: &Shop) -> (Person, Person, String) {
    let (patient, doctor) = (shop.quick_customer().await, shop.new_doctor().await);
    let id = request(&patient).await;
    let pharmacist = shop.pharmacist().await;
    pharmacist.post(&path(&id, "/assign"), &json!({"doctor_id": doctor.id})).await.expect(200);
    (patient, doctor, id)
}

#[tokio::test]
async fn a_patient_asks_and_a_doctor_answers() {
    covers!(
        "consultations-request",
        "consultations-list",
        "consultations-get",
        "consultations-assign",
        "consultations-respond",
        "consultations-close",
        "chat-history",
        "chat-post",
        "chat-ticket",
        "chat-connect",
        "chat-frame",
        "chat-disconnect"
    );
    let shop = Shop::open();
    let (anna, dora, id) = assigned(&shop).await;
    let (mut phone, mut desk) = (Socket::open(&anna).await, Socket::open(&dora).await);
    let answer = json!({"client_id": "8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f0a01", "text": "Cool it."});
    let sent = dora.post(&path(&id, "/respond"), &answer).await.body(201);
    assert_eq!(dora.post(&path(&id, "/respond"), &answer).await.body(201), sent);
    let told = phone.wait_for("message").await;
    assert_eq!((&told["message"]["text"], &told["message"].get("client_id")), (&json!("Cool it."), &None));
    assert_eq!(phone.wait_for("consultation").await["status"], "in_progress");
    phone.send(&json!({"type": "typing", "consultation_id": id, "on": true})).await;
    assert_eq!(desk.wait_for("typing").await["user_id"], json!(anna.id));
    let read = json!({"type": "read", "consultation_id": id, "message_id": sent["id"], "state": "read"});
    phone.send(&read).await;
    assert_eq!(desk.wait_for("receipt").await["message_id"], sent["id"]);
    let name = phone.say(&id, "It is better").await;
    let accepted = phone.wait_for("accepted").await;
    assert_eq!((&accepted["client_id"], &accepted["message"]["previous"]), (&json!(name), &sent["id"]));
    assert_eq!(desk.wait_for("message").await["message"]["text"], "It is better");
    phone.send(&json!({"type": "ping"})).await;
    phone.wait_for("pong").await;
    phone.send(&json!({"type": "$disconnect"})).await;
    assert_eq!(phone.wait_for("error").await["code"], "invalid_frame");
    let seen = anna.get(&path(&id, "")).await.body(200);
    assert_eq!((&seen["unread"], seen["online"].as_array().unwrap().len()), (&json!(0), 2));
    let late = anna.post(&path(&id, "/messages"), &json!({"client_id": e2e_uuid(1), "text": "by a request"}));
    late.await.expect(201);
    assert_eq!(phone.wait_for("message").await["message"]["text"], "by a request");
    dora.post(&path(&id, "/close"), &json!({"outcome": "answered", "note": "Farewell."})).await.expect(200);
    assert_eq!(phone.wait_for("message").await["message"]["text"], "Farewell.");
    phone.say(&id, "one more").await;
    assert_eq!(phone.wait_for("error").await["code"], "consultation_closed");
    let history = anna.get(&path(&id, "/messages")).await.body(200);
    let texts: Vec<_> = history["items"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts[1..], [json!("Cool it."), json!("It is better"), json!("by a request"), json!("Farewell.")]);
    let listed = eventually("the closed consultation in the list", || async {
        let page = anna.get("/v1/consultations?status=completed").await.body(200);
        page["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).cloned()
    });
    assert_eq!(listed.await["status"], "completed");
    // Who else has looked is on the patient's own trail.
    eventually("the doctor's look on the trail", || async {
        let page = anna.get("/v1/profile/access-log?limit=100").await.body(200);
        let looks = page["items"].as_array().unwrap().iter();
        looks.filter(|one| one["action"] == "chat.read").find(|one| one["object"] == json!(id)).cloned()
    })
    .await;
}

fn e2e_uuid(n: u32) -> String {
    format!("8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f1{n:03}")
}

#[tokio::test]
async fn a_ticket_is_good_once() {
    covers!("chat-ticket", "chat-connect");
    let shop = Shop::open();
    let anna = shop.quick_customer().await;
    let ticket = anna.post_nothing("/v1/chat/ticket").await.body(201);
    let first = Socket::with_ticket(&ticket).await;
    assert!(first.is_ok());
    assert!(Socket::with_ticket(&ticket).await.is_err());
    let mut made_up = ticket.clone();
    made_up["ticket"] = json!("made-up");
    assert!(Socket::with_ticket(&made_up).await.is_err());
}

#[tokio::test]
async fn an_emergency_is_answered_at_once() {
    covers!("consultations-request");
    let shop = Shop::open();
    let anna = shop.quick_customer().await;
    let body = json!({"topic": "Help", "text": "I cannot breathe", "language": "en"});
    let answer = anna.post("/v1/consultations", &body).key(&unique_key()).await.body(200);
    assert_eq!(answer["kind"], "emergency");
    assert_eq!(anna.get("/v1/consultations").await.body(200)["items"], json!([]));
}

#[tokio::test]
async fn a_file_is_checked_sent_and_linked_to() {
    covers!("chat-start-attachment", "chat-scan-attachment", "chat-get-attachment");
    let shop = Shop::open();
    let (anna, dora, id) = assigned(&shop).await;
    let photo = files::jpeg_with_place();
    let body = json!({"content_type": "image/jpeg", "size_bytes": photo.len()});
    let started = anna.post(&path(&id, "/attachments"), &body).await.body(201);
    assert_eq!(upload(&anna, &started["upload"], &photo).await.status, 204);
    let file = started["id"].as_str().unwrap();
    let link = path(&id, &format!("/attachments/{file}"));
    eventually("the checked file", || async { (anna.get(&link).await.status == 200).then_some(()) }).await;
    dora.get(&link).await.problem(404, "not_found");
    let message = json!({"client_id": e2e_uuid(2), "attachment_id": file});
    anna.post(&path(&id, "/messages"), &message).await.expect(201);
    let url = dora.get(&link).await.body(200)["url"].as_str().unwrap().to_owned();
    let bytes = shop.guest.http().get(&url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(files::dimensions(&bytes), (900, 600));
    assert!(!files::holds(&bytes, files::SECRET_PLACE));
}

#[tokio::test]
async fn anothers_consultation_does_not_exist() {
    covers!("consultations-get", "chat-history", "chat-post", "consultations-assign", "consultations-close");
    let shop = Shop::open();
    let (_, _, id) = assigned(&shop).await;
    let (bela, doctor) = (shop.quick_customer().await, shop.new_doctor().await);
    for stranger in [&bela, &doctor] {
        stranger.get(&path(&id, "")).await.problem(404, "not_found");
        stranger.get(&path(&id, "/messages")).await.problem(404, "not_found");
        let message = json!({"client_id": e2e_uuid(3), "text": "x"});
        stranger.post(&path(&id, "/messages"), &message).await.problem(404, "not_found");
    }
    let own = shop.pharmacist().await;
    own.get(&path(&id, "/messages")).await.problem(403, "forbidden");
    own.post(&path(&id, "/assign"), &json!({"doctor_id": bela.id})).await.invalid_field("doctor_id", "not_a_doctor");
    shop.admin().await.get(&path(&id, "/messages")).await.expect(200);
}

/// How many messages are sent in each consultation of the storm.
const MESSAGES: usize = 200;
/// How many write at once in one of them: as many as take part.
const WRITERS: usize = 2;
/// How many sockets each of the two has.
const SOCKETS: usize = 5;
/// Before all messages.
const FIRST: &str = "msg_00000000000000000000000000";
/// After so long a frame is taken for lost.
const LOST: Duration = Duration::from_secs(4);

/// A device: what it holds, whatever breaks.
struct Device {
    person: Person,
    socket: Socket,
    seen: BTreeMap<String, String>,
    /// What came before the message that it follows.
    early: Vec<Value>,
    /// What is shown, in the order in which it was: each after the one that it follows.
    shown: Vec<String>,
}

impl Device {
    async fn open(person: &Person) -> Self {
        Self {
            person: person.clone(),
            socket: Socket::open(person).await,
            seen: BTreeMap::new(),
            early: Vec::new(),
            shown: Vec::new(),
        }
    }

    /// The same with what was there before.
    async fn open_with_history(person: &Person, id: &str) -> Self {
        let mut device = Self::open(person).await;
        device.catch_up(id).await;
        device
    }

    /// Takes a message; one that is known is dropped, and one that came early waits for those before it.
    fn hold(&mut self, message: &Value) {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        if self.seen.insert(text("id"), text("text")).is_some() {
            return;
        }
        self.early.push(message.clone());
        while let Some(next) =
            self.early.iter().position(|one| one["previous"].as_str() == self.shown.last().map(String::as_str))
        {
            let next = self.early.remove(next);
            self.shown.push(next["id"].as_str().unwrap_or_default().to_owned());
        }
    }

    /// The last message that it shows.
    fn last_shown(&self) -> String {
        self.shown.last().cloned().unwrap_or_else(|| FIRST.to_owned())
    }

    /// Breaks the connection without a word and comes back: connects, then reads the history.
    async fn break_and_return(&mut self, id: &str) {
        self.socket = Socket::open(&self.person).await;
        self.catch_up(id).await;
    }

    async fn catch_up(&mut self, id: &str) {
        self.catch_up_from(self.last_shown(), id).await;
    }

    async fn catch_up_from(&mut self, mut after: String, id: &str) {
        loop {
            let page = self.person.get(&path(id, &format!("/messages?limit=100&after={after}"))).await.body(200);
            for message in page["items"].as_array().unwrap() {
                self.hold(message);
            }
            match page["next_cursor"].as_str() {
                Some(next) => after = next.to_owned(),
                None => return,
            }
        }
    }

    /// Says something and waits until it is accepted.
    async fn say(&mut self, id: &str, text: &str) {
        let name = self.socket.say(id, text).await;
        let again = json!({"type": "send", "consultation_id": id, "client_id": name, "text": text});
        loop {
            let Ok(frame) = timeout(LOST, self.socket.next()).await else {
                self.socket.send(&again).await;
                continue;
            };
            let frame = frame.expect("a connection");
            match frame["type"].as_str().unwrap() {
                "accepted" if frame["client_id"] == json!(name) => return self.hold(&frame["message"]),
                "message" => self.hold(&frame["message"]),
                // Ten devices write at once here, where two people would: who has lost too often says the same again.
                "error" if frame["code"] == "unavailable" => self.socket.send(&again).await,
                "error" => panic!("{frame}"),
                _ => {}
            }
        }
    }

    /// Reads until it has so many.
    async fn read_until(&mut self, id: &str, count: usize) {
        while self.shown.len() < count {
            // A frame that is lost on the way is in the history, and only there.
            let Ok(frame) = timeout(LOST, self.socket.next()).await else {
                self.catch_up_from(FIRST.to_owned(), id).await;
                continue;
            };
            let frame = frame.expect("a connection");
            if matches!(frame["type"].as_str(), Some("message" | "accepted")) {
                self.hold(&frame["message"]);
            }
        }
    }
}

#[tokio::test]
async fn fifty_sockets_of_which_a_fifth_break_have_every_message_once_and_in_order() {
    covers!("chat-frame", "chat-history", "chat-connect");
    let shop = Shop::open();
    let consultations = join_all((0..5).map(|_| async {
        let (patient, doctor, id) = assigned(&shop).await;
        let people = [patient, doctor];
        let mut devices = Vec::new();
        for person in &people {
            for _ in 0..SOCKETS {
                devices.push(Mutex::new(Device::open_with_history(person, &id).await));
            }
        }
        (Arc::new(devices), id)
    }))
    .await;
    join_all(consultations.iter().map(|(devices, id)| async move {
        // Every device sends its part, one message at a time; one device of each person breaks in between.
        let turns = Semaphore::new(WRITERS);
        join_all(devices.iter().enumerate().map(|(number, device)| {
            let turns = &turns;
            async move {
                let mut device = device.lock().await;
                for n in 0..MESSAGES / (2 * SOCKETS) {
                    if number % SOCKETS == 0 && n % 7 == 2 {
                        device.break_and_return(id).await;
                    }
                    let _turn = turns.acquire().await.unwrap();
                    device.say(id, &format!("{number}.{n}")).await;
                }
            }
        }))
        .await;
        join_all(devices.iter().map(|device| async move {
            device.lock().await.read_until(id, MESSAGES + 1).await;
        }))
        .await;
    }))
    .await;
    for (devices, id) in &consultations {
        let person = devices[0].lock().await.person.clone();
        let whole = Device::open_with_history(&person, id).await;
        let (history, order) = (whole.seen, whole.shown);
        assert_eq!((history.len(), order.len()), (MESSAGES + 1, MESSAGES + 1));
        assert!(order.is_sorted(), "ids are in the order in which each follows the one before it");
        let texts: BTreeSet<_> = history.values().collect();
        assert_eq!(texts.len(), MESSAGES + 1, "each is there once, whoever sent it again");
        for device in devices.iter() {
            let device = device.lock().await;
            assert_eq!(device.seen, history);
            assert_eq!(device.shown, order, "each is shown once, after the one that it follows");
            assert!(device.early.is_empty());
        }
    }
}
