//! A machine reads prescriptions: who is shown it, and what is left of it whatever happens.

#![allow(clippy::float_arithmetic, reason = "places on a page that are made up, in the form that they come in")]

use futures_util::future::join;
use serde_json::{Value, json};
use shared::platform::dynamo::Item;
use shared::prescriptions::document::DocumentType;
use shared::prescriptions::sheets::{Sheet, Sheets};
use shared::prescriptions::{Prescription, Status};
use support::user;

use crate::desk::{ANNA, Desk, PAULA, PETER, approval, incoming, pdf};

const ON: &[(&str, &str)] = &[("prescription_reading", "\"textract\"")];
const LINES: [&str; 6] = [
    "Dr. Bose, MBBS",
    "NMC Reg. No. 1234",
    "Patient: Anna Azad",
    "Date: 2026-11-12",
    "1. Tab. Ibuprofen 500 mg",
    "1-0-1 x 7 days Qty: 14",
];

/// An answer of Textract, with these lines one below the other.
fn page(lines: &[&str]) -> String {
    let blocks: Vec<Value> = (1_u32..)
        .zip(lines)
        .map(|(n, text)| {
            let top = f64::from(n) * 0.05;
            let bounds = json!({"Left": 0.1, "Top": top, "Width": 0.5, "Height": 0.02});
            json!({"BlockType": "LINE", "Id": n.to_string(), "Text": text, "Confidence": 97.0, "Geometry": {"BoundingBox": bounds}})
        })
        .collect();
    json!({"DocumentMetadata": {"Pages": 1}, "Blocks": blocks}).to_string()
}

async fn desk() -> Desk {
    let desk = Desk::open_with(ON).await;
    desk.aws.textract_says(200, &page(&LINES));
    desk
}

/// A prescription with a checked file; its id, and where the file is.
async fn waiting(desk: &Desk) -> (String, String) {
    let id = desk.pending(ANNA).await;
    let key = desk.stored(&id).await.sheets.files().next().unwrap().object_key.clone();
    (id, key)
}

/// What is kept of a reading.
async fn kept(desk: &Desk, id: &str) -> Option<Item> {
    let get = desk.world.dynamo.get_item().table_name("prescriptions").consistent_read(true);
    let get = get
        .key("pk", shared::platform::dynamo::s(format!("RX#{id}")))
        .key("sk", shared::platform::dynamo::s("READING"));
    get.send().await.unwrap().item
}

/// The details of an action on the trail about `id`.
async fn details(desk: &Desk, action: &str, id: &str) -> Vec<Option<String>> {
    let found = desk.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
    let text = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    let of =
        |item: &&Item| text(item, "action").as_deref() == Some(action) && text(item, "object").as_deref() == Some(id);
    found.iter().filter(of).map(|item| text(item, "detail")).collect()
}

#[tokio::test]
async fn who_has_it_in_hand_sees_what_was_read_and_nobody_else() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    assert_eq!(desk.read(&key).await.unwrap(), "read");
    assert_eq!(details(&desk, "prescription.transcribe", &id).await, [Some("textract".to_owned())]);
    let seen = async |who| desk.get(who, &id).await.body["suggestions"].clone();
    assert_eq!((seen(ANNA).await, seen(PAULA).await), (Value::Null, Value::Null), "nobody has it in hand");
    let claimed = desk.claim(PAULA, &id).await.body["suggestions"].clone();
    assert_eq!(claimed, seen(PAULA).await);
    assert_eq!((seen(ANNA).await, seen(PETER).await), (Value::Null, Value::Null));
    assert_eq!((&claimed["read_by"], &claimed["pages"]), (&json!("textract"), &json!(1)));
    // The customer has typed the 10th.
    assert_eq!(
        (&claimed["issued_on"]["value"], &claimed["issued_on"]["differs"]),
        (&json!("2026-11-12"), &json!(true))
    );
    let differs = |of: &str| claimed[of]["differs"].clone();
    assert_eq!(
        [differs("patient_name"), differs("prescriber_name"), differs("registration_number")],
        [false, false, false]
    );
    let medicine = &claimed["medicines"][0];
    assert_eq!(medicine["candidates"][0]["ingredient"], "Ibuprofen");
    assert!(medicine["candidates"][0]["product_id"].is_string(), "{medicine}");
    assert_eq!([&medicine["strength"], &medicine["form"], &medicine["quantity"]], ["500 mg", "tablet", "14"]);
    assert_eq!((&medicine["place"]["top"], &medicine["confidence"]), (&json!(250), &json!(97)));
    let stored = desk.stored(&id).await;
    assert_eq!((stored.status, stored.review, stored.lines.len()), (Status::Pending, None, 0), "it decides nothing");
}

#[tokio::test]
async fn where_it_is_off_nothing_is_read() {
    let desk = Desk::open().await;
    let (id, key) = waiting(&desk).await;
    assert_eq!(desk.read(&key).await.unwrap(), "nothing");
    assert!(desk.aws.documents().is_empty() && kept(&desk, &id).await.is_none());
}

#[tokio::test]
async fn the_same_event_again_reads_nothing_and_two_at_once_keep_one() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    let (one, other) = join(desk.read(&key), desk.read(&key)).await;
    let mut outcomes = [one.unwrap(), other.unwrap()];
    outcomes.sort();
    assert_eq!(outcomes, ["nothing", "read"]);
    desk.aws.documents();
    assert_eq!(desk.read(&key).await.unwrap(), "nothing");
    assert!(desk.aws.documents().is_empty(), "it is not asked again");
    assert_eq!(details(&desk, "prescription.transcribe", &id).await.len(), 1);
}

#[tokio::test]
async fn a_reader_that_fails_is_asked_again_and_one_that_refuses_is_not() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    let refusal = |kind: &str| json!({"__type": kind}).to_string();
    for (status, kind) in [(400, "ThrottlingException"), (400, "AccessDeniedException"), (500, "InternalServerError")] {
        desk.aws.textract_says(status, &refusal(kind));
        assert_eq!(desk.read(&key).await.unwrap_err().code(), "unavailable", "{kind}");
    }
    for said in ["<html>", "{}", r#"{"DocumentMetadata": {"Pages": 1}, "Blocks": [{"BlockType": "LINE"}]}"#] {
        desk.aws.textract_says(200, said);
        assert_eq!(desk.read(&key).await.unwrap(), "unreadable", "{said}");
    }
    desk.aws.textract_says(400, &refusal("UnsupportedDocumentException"));
    assert_eq!(desk.read(&key).await.unwrap(), "unreadable");
    assert!(kept(&desk, &id).await.is_none());
    // The review goes on.
    assert_eq!(desk.claim(PAULA, &id).await.status, 200);
    let answer = desk.review(PAULA, &id, &approval(&json!({"ingredient": "Ibuprofen"}))).await;
    assert_eq!((answer.status, details(&desk, "prescription.review", &id).await), (200, vec![None]));
}

#[tokio::test]
async fn a_decision_counts_what_was_taken_over_and_forgets_the_reading() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    desk.read(&key).await.unwrap();
    desk.claim(PAULA, &id).await;
    let line = json!({"ingredient": "ibuprofen", "directions": "1-0-1 x 7 days"});
    assert_eq!(desk.review(PAULA, &id, &approval(&line)).await.status, 200);
    let said = "suggested 1: 1 taken, 0 changed, 0 ignored".to_owned();
    assert_eq!(details(&desk, "prescription.review", &id).await, [Some(said)]);
    assert!(kept(&desk, &id).await.is_none());
    assert_eq!(desk.read(&key).await.unwrap(), "nothing", "an event that comes late");
    assert!(kept(&desk, &id).await.is_none());
}

#[tokio::test]
async fn what_is_withdrawn_or_erased_meanwhile_leaves_no_reading() {
    let desk = desk().await;
    for _ in 0..10 {
        let (id, key) = waiting(&desk).await;
        let (read, answer) = join(desk.read(&key), desk.withdraw(ANNA, &id)).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        assert!(matches!(read.as_deref(), Ok("read" | "nothing")), "{read:?}");
        assert!(kept(&desk, &id).await.is_none());
    }
    let (id, key) = waiting(&desk).await;
    desk.read(&key).await.unwrap();
    assert!(kept(&desk, &id).await.is_some());
    let prescriptions = desk.world.app.prescriptions().unwrap();
    let cleared = prescriptions.clear(&user(ANNA.0), &user(99), |_, _| panic!("nothing was dispensed")).await.unwrap();
    assert_eq!(cleared.deleted, 11);
    assert!(kept(&desk, &id).await.is_none());
}

#[tokio::test]
async fn killed_at_any_call_it_is_read_by_the_next_event() {
    let desk = desk().await;
    for calls in 0.. {
        let (id, key) = waiting(&desk).await;
        desk.aws.fail_after(calls);
        let read = desk.read(&key).await;
        if !desk.aws.heal() {
            assert_eq!(read.unwrap(), "read");
            assert!(calls >= 5, "{calls}");
            return;
        }
        assert!(kept(&desk, &id).await.is_none(), "after {calls} calls");
        assert_eq!(desk.read(&key).await.unwrap(), "read");
    }
}

#[tokio::test]
async fn a_copy_that_is_not_its_prescriptions_yet_is_read_later() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    let pending = desk.stored(&id).await;
    let sha256 = pending.sheets.files().next().unwrap().sha256.clone();
    let before = Prescription {
        status: Status::AwaitingUpload,
        sheets: Sheets::from(Sheet::announced(DocumentType::Png)),
        checking: vec![sha256],
        ..pending.clone()
    };
    desk.save(&before).await;
    assert_eq!(desk.read(&key).await.unwrap_err().code(), "unavailable");
    assert!(desk.aws.documents().is_empty());
    let version = desk.stored(&id).await.version;
    desk.save(&Prescription { version, ..pending }).await;
    assert_eq!(desk.read(&key).await.unwrap(), "read");
}

/// A PDF of three pages.
fn three_pages() -> Vec<u8> {
    let text = String::from_utf8(pdf("three pages")).unwrap();
    let page = "3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n";
    assert!(text.contains(page));
    let more = [page.to_owned(), page.replace("3 0 obj", "4 0 obj"), page.replace("3 0 obj", "5 0 obj")].concat();
    text.replace(page, &more).replace("/Count 1", "/Count 3").replace("[3 0 R]", "[3 0 R 4 0 R 5 0 R]").into_bytes()
}

#[tokio::test]
async fn of_several_pages_the_first_is_read_and_that_is_said() {
    let desk = desk().await;
    let id = desk.announced(ANNA).await;
    desk.aws.put(&incoming(&id), three_pages());
    assert_eq!(desk.scan(&id).await.unwrap(), "pending");
    let key = desk.stored(&id).await.sheets.files().next().unwrap().object_key.clone();
    assert_eq!(desk.read(&key).await.unwrap(), "read");
    let suggestions = desk.claim(PAULA, &id).await.body["suggestions"].clone();
    assert_eq!((&suggestions["pages_read"], &suggestions["pages"]), (&json!(1), &json!(3)));
    assert_eq!(desk.aws.documents().len(), 1);
}

#[tokio::test]
async fn people_get_what_was_read_with_their_data_while_it_is_there() {
    let desk = desk().await;
    let (id, key) = waiting(&desk).await;
    desk.read(&key).await.unwrap();
    let held = async || {
        let held = desk.world.app.prescriptions().unwrap().held(&user(ANNA.0)).await.unwrap();
        serde_json::to_value(held).unwrap()[0].clone()
    };
    let before = held().await;
    assert_eq!((&before["read_by_machine"]["read_by"], &before["suggestions"]), (&json!("textract"), &Value::Null));
    desk.withdraw(ANNA, &id).await;
    assert_eq!(held().await["read_by_machine"], Value::Null);
}
