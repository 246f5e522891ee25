//! eSewa, from the order to the money and back by hand.

use std::time::Duration;

use peers::esewa::Status;
use peers::fault::{Fault, Kind};
use serde_json::{Value, json};

use super::till::{TOTAL, Till};

const ESEWA: &str = "esewa";

fn codes(order: &Value) -> Vec<String> {
    order["holds"].as_array().unwrap().iter().map(|hold| hold["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_pays_has_paid_and_the_status_endpoint_alone_decides() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let started = till.start(1, &id).await;
    assert_eq!((started.status, &started.body["client"]["kind"]), (200, &json!("form")), "{}", started.text);
    let uuid = till.intent(1, &id).await;
    assert_eq!(till.intent(1, &id).await, uuid, "starting again gives the same form");
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "pending");
    let data = till.cloud.peers().lock().esewa.pay(&uuid).unwrap();
    let returned = till.came_back(&data).await;
    assert_eq!((returned.status, &returned.body["status"]), (200, &json!("captured")), "{}", returned.text);
    assert_eq!(returned.body["order_id"], id);
    for _ in 0..3 {
        assert_eq!(till.came_back(&data).await.body["status"], "captured", "it may be sent again");
    }
    assert_eq!(till.start(1, &id).await.code(), "already_paid");
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.payment_trail(&id).await, ["captured"]);
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 0, 0));
}

#[tokio::test]
async fn a_signed_answer_is_not_believed() {
    let till = Till::open_in_npr().await;
    let (id, other) = (till.order(1, ESEWA).await, till.order(2, ESEWA).await);
    let (uuid, second) = (till.intent(1, &id).await, till.intent(2, &other).await);
    let data = till.cloud.peers().lock().esewa.data(&uuid).unwrap();
    let returned = till.came_back(&data).await;
    assert_eq!(
        (returned.status, &returned.body["status"]),
        (200, &json!("pending")),
        "signed, and yet nobody has paid"
    );
    let calls = till.cloud.peers().lock().esewa.calls().len();
    let json = |data: &str| {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let encoded = |text: String| {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    for forged in [
        encoded(json(&data).replace("14.99", "0.05")),
        encoded(json(&data).replace(&uuid, &second)),
        encoded(json(&data).replace("total_amount,", "")),
        encoded(json(&data).replace("COMPLETE", "PENDING")),
        "e30=".to_owned(),
    ] {
        let answer = till.came_back(&forged).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_signature"), "{}", answer.text);
    }
    assert_eq!(till.came_back("").await.status, 400);
    assert_eq!(till.cloud.peers().lock().esewa.calls().len(), calls, "eSewa was not asked");
    assert_eq!(till.status(2, &other).await.1, "pending");
}

#[tokio::test]
async fn a_payment_is_found_without_the_customer() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.pays(&uuid);
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "captured".to_owned()));
}

#[tokio::test]
async fn an_order_that_nobody_pays_expires_and_what_is_paid_late_goes_back_by_hand() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.run_dry(Duration::from_mins(40)).await;
    assert_eq!(till.status(1, &id).await.0, "placed", "eSewa's door does not shut at once");
    till.run_dry(Duration::from_mins(8)).await;
    assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "voided".to_owned()));
    till.pays(&uuid);
    till.wait(Duration::from_mins(20));
    till.sweep().await;
    let order = till.order_of(1, &id).await;
    assert_eq!(order["payment"]["status"], "captured");
    let stored = till.stored(&id).await;
    let refund = stored.payment.online().unwrap().refunds[0].clone();
    assert_eq!((refund.amount, refund.by), (TOTAL, None));
    let rid = refund.id.to_string();
    assert_eq!(till.close_refund(&id, &rid, "0007TS9").await.code(), "refund_not_seen");
    let kept = super::cash::close(&till, &id, &rid, json!({"not_paid": true})).await;
    assert_eq!((kept.status, kept.code()), (409, "not_manual"), "only cash can be kept: {}", kept.text);
    till.cloud.peers().lock().esewa.refund(&uuid, TOTAL);
    let closed = till.close_refund(&id, &rid, "0007TS9").await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("succeeded")), "{}", closed.text);
    assert_eq!(till.close_refund(&id, &rid, "0007TS9").await.status, 200, "again it changes nothing");
    assert_eq!(till.close_refund(&id, &rid, "another").await.code(), "not_manual");
    assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "refunded".to_owned()));
}

#[tokio::test]
async fn cancelling_a_paid_order_asks_the_staff_for_the_money() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.pays(&uuid);
    till.confirm(1, &id).await;
    assert_eq!(till.shop.cancel(1, &id).await.status, 200);
    till.wake(&id).await;
    assert_eq!(codes(&till.order_of(1, &id).await), ["refund_manual"]);
    let rid = till.stored(&id).await.payment.online().unwrap().refunds[0].id.to_string();
    till.cloud.peers().lock().esewa.refund(&uuid, TOTAL);
    assert_eq!(till.close_refund(&id, &rid, "0007TS9").await.status, 200);
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], codes(&order).len()), (&json!("refunded"), 0));
    assert_eq!(till.payment_trail(&id).await, ["captured", "refunded"]);
}

#[tokio::test]
async fn a_part_is_given_back_by_hand_and_no_more_than_was_taken() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.pays(&uuid);
    till.confirm(1, &id).await;
    let sum = |amount: i64| json!({"amount": {"amount": amount, "currency": "NPR"}, "reason": "broken"});
    let asked = till.refund(&id, "k1", sum(500)).await;
    assert_eq!((asked.status, &asked.body["status"]), (202, &json!("manual")), "{}", asked.text);
    assert_eq!(till.refund(&id, "k2", sum(1000)).await.code(), "refund_too_large");
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 0);
    till.cloud.peers().lock().esewa.refund(&uuid, 500);
    let rid = asked.body["id"].as_str().unwrap();
    assert_eq!(till.close_refund(&id, rid, "0007TS9").await.status, 200);
    let order = till.order_of(1, &id).await;
    let payment = &order["payment"];
    assert_eq!((&payment["status"], &payment["refunded"]["amount"]), (&json!("captured"), &json!(500)));
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 500, "eSewa does not say how much");
}

#[tokio::test]
async fn while_esewa_does_not_know_nothing_is_called_off_and_after_a_day_the_staff_looks() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.cloud.peers().lock().esewa.set(&uuid, Status::Ambiguous);
    till.run_dry(Duration::from_hours(2)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "pending".to_owned()));
    till.wait(Duration::from_hours(25));
    till.sweep().await;
    assert!(codes(&till.order_of(1, &id).await).contains(&"payment_review".to_owned()));
    till.pays(&uuid);
    till.run_dry(Duration::from_mins(20)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "captured".to_owned()));
}

#[tokio::test]
async fn that_it_is_unavailable_says_nothing_about_the_money() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let uuid = till.intent(1, &id).await;
    till.pays(&uuid);
    let fault = || Fault::at("/status/", Kind::FailBefore);
    till.cloud.peers().lock().faults.add(fault());
    till.wait(Duration::from_secs(3));
    let down = till.confirm(1, &id).await;
    assert_eq!((down.status, down.code()), (503, "provider_unavailable"), "{}", down.text);
    for _ in 0..40 {
        till.cloud.peers().lock().faults.add(fault());
    }
    till.run_dry(Duration::from_mins(50)).await;
    assert_eq!(
        till.status(1, &id).await,
        ("placed".to_owned(), "pending".to_owned()),
        "not cancelled without an answer"
    );
    till.cloud.peers().lock().faults.clear();
    till.run_dry(Duration::from_mins(30)).await;
    assert_eq!(till.status(1, &id).await.1, "captured");
}

#[tokio::test]
async fn who_was_called_off_there_begins_anew_and_paying_twice_gives_one_back() {
    let till = Till::open_in_npr().await;
    let id = till.order(1, ESEWA).await;
    let first = till.intent(1, &id).await;
    till.cloud.peers().lock().esewa.set(&first, Status::Canceled);
    till.wait(Duration::from_mins(6));
    let second = till.intent(1, &id).await;
    assert_ne!(second, first);
    till.pays(&second);
    till.confirm(1, &id).await;
    assert_eq!(till.status(1, &id).await.1, "captured");
    // The first is paid after all.
    till.cloud.peers().lock().esewa.set(&first, Status::Complete);
    till.wait(Duration::from_mins(70));
    till.sweep().await;
    let order = till.order_of(1, &id).await;
    assert!(codes(&order).contains(&"refund_manual".to_owned()), "{order}");
    let refunds = till.stored(&id).await.payment.online().unwrap().refunds.clone();
    assert_eq!(
        (refunds.len(), refunds[0].amount, refunds[0].attempt),
        (1, TOTAL, 2),
        "the first that was taken pays for the order"
    );
}
