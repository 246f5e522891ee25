//! bKash's topic: who is heard, what is believed, and what comes of it.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use serde_json::{Value, json};

use super::invariants::refused;
use super::till::{TOTAL, Till};

const BKASH: &str = "bkash";

/// An order whose payment was executed, and our call never answered: what bKash tells of it.
async fn executed(till: &Till) -> (String, Value) {
    let id = till.order(1, BKASH).await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.cloud.peers().lock().faults.add(Fault::at("/execute", Kind::BreakAfter));
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "pending");
    let event = till.events().pop().unwrap();
    (id, event)
}

#[tokio::test]
async fn what_bkash_tells_is_asked_for_at_once() {
    let till = Till::open_in_bdt().await;
    let (id, event) = executed(&till).await;
    assert_eq!(till.tell(&event).await.status, 200);
    assert_eq!(
        till.status(1, &id).await,
        ("placed".to_owned(), "captured".to_owned()),
        "half a minute before the sweep"
    );
    let (version, asked) = (till.stored(&id).await.version, till.asked());
    for _ in 0..3 {
        assert_eq!(till.tell(&event).await.status, 200);
    }
    assert_eq!((till.stored(&id).await.version, till.asked()), (version, asked), "doubles do not even ask");
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
    assert_eq!(till.payment_trail(&id).await, ["captured"]);
}

#[tokio::test]
async fn what_is_forged_stale_altered_or_of_another_topic_is_refused_and_asks_nobody() {
    let till = Till::open_in_bdt().await;
    let (id, event) = executed(&till).await;
    let (body, asked, version) = (event.to_string(), till.asked(), till.stored(&id).await.version);
    let good = till.sns("Notification", &body, 0);
    let signed_as = |change: &dyn Fn(&mut Value)| {
        let mut members: Value = serde_json::from_str(&till.sns("Notification", &body, 0)).unwrap();
        for name in ["Signature", "SignatureVersion", "SigningCertURL"] {
            members.as_object_mut().unwrap().remove(name);
        }
        change(&mut members);
        peers::webhook::sns_signed(members, &till.bkash_url())
    };
    let with = |name: &str, value: Value| {
        let mut message: Value = serde_json::from_str(&good).unwrap();
        message[name] = value;
        message.to_string()
    };
    let another = json!("arn:aws:sns:ap-southeast-1:000000000000:another");
    for (what, message) in [
        ("301 s old", till.sns("Notification", &body, -301)),
        ("301 s early", till.sns("Notification", &body, 301)),
        ("another message", with("Message", json!("{}"))),
        ("another id", with("MessageId", json!("0000"))),
        ("signed by SHA-1, as it says", with("SignatureVersion", json!("1"))),
        ("signed in no known way", with("SignatureVersion", json!("9"))),
        ("no signature", with("Signature", json!(""))),
        (
            "another house's certificate",
            with("SigningCertURL", json!("https://evil.example/SimpleNotificationService-1.pem")),
        ),
        ("another topic, well signed", signed_as(&|members| members["TopicArn"] = another.clone())),
        ("a message in two lines for two", signed_as(&|members| members["MessageId"] = json!("1\nType"))),
        ("no message", "{}".to_owned()),
        ("cut", good[..good.len() - 1].to_owned()),
        ("empty", String::new()),
    ] {
        refused(&till.tell_bkash(&message).await, what);
    }
    assert_eq!((till.asked(), till.stored(&id).await.version), (asked, version));
    assert_eq!(till.tell_bkash(&good).await.status, 200);
    assert_eq!(till.status(1, &id).await.1, "captured");
}

#[tokio::test]
async fn an_event_says_nothing_that_is_believed() {
    let till = Till::open_in_bdt().await;
    let id = till.order(1, BKASH).await;
    till.intent(1, &id).await;
    let invoice = till.cloud.peers().lock().bkash.payments().next().unwrap().invoice.clone();
    let lie =
        json!({"trxID": "T", "transactionStatus": "Completed", "amount": "14.99", "merchantInvoiceNumber": invoice});
    assert_eq!(till.tell(&lie).await.status, 200);
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "pending".to_owned()));
    let unknown = json!({"transactionStatus": "Completed", "merchantInvoiceNumber": "01J8ZQ4N8T6V5W3X2Y1Z0A9B8C-1-a"});
    for odd in
        [unknown.to_string(), "{}".to_owned(), "paid".to_owned(), json!({"merchantInvoiceNumber": "7"}).to_string()]
    {
        assert_eq!(till.tell_bkash(&till.sns("Notification", &odd, 0)).await.status, 200, "{odd}");
    }
    assert_eq!(till.status(1, &id).await.1, "pending");
}

#[tokio::test]
async fn our_topic_is_let_to_tell_by_an_address_of_our_own_making_and_no_other_is() {
    let till = Till::open_in_bdt().await;
    let confirmed = || till.cloud.peers().lock().bkash.confirmed;
    let asks = till.sns("SubscriptionConfirmation", "You have chosen to subscribe.", 0);
    let mut other: Value = serde_json::from_str(&asks).unwrap();
    other["TopicArn"] = json!("arn:aws:sns:ap-southeast-1:000000000000:another");
    refused(&till.tell_bkash(&peers::webhook::sns_signed(other, &till.bkash_url())).await, "another topic");
    refused(&till.tell_bkash(&till.sns("SubscriptionConfirmation", "x", -301)).await, "stale");
    assert_eq!(confirmed(), 0);
    till.cloud.calls();
    assert_eq!(till.tell_bkash(&asks).await.status, 200);
    assert_eq!(confirmed(), 1);
    let calls = till.cloud.calls();
    assert!(calls.contains(&"GET /".to_owned()), "{calls:?}");
    assert!(!calls.iter().any(|call| call.contains("elsewhere")), "the address that the message names is not followed");
    assert_eq!(till.tell_bkash(&till.sns("UnsubscribeConfirmation", "Farewell.", 0)).await.status, 200);
    assert_eq!(confirmed(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_by_the_one_before_and_anew_where_that_is_refused() {
    let till = Till::open_in_bdt().await;
    let calls = |path: &str| {
        let state = till.cloud.peers().lock();
        state.bkash.calls().iter().filter(|seen| seen.request.path.ends_with(path)).count()
    };
    let id = till.order(1, BKASH).await;
    till.intent(1, &id).await;
    assert_eq!((calls("/token/grant"), calls("/token/refresh")), (1, 0));
    till.wait(Duration::from_mins(55));
    let id = till.order(2, BKASH).await;
    till.intent(2, &id).await;
    assert_eq!((calls("/token/grant"), calls("/token/refresh")), (1, 1));
    till.cloud.peers().lock().bkash.revoke_refresh_tokens();
    till.wait(Duration::from_mins(75));
    let id = till.order(3, BKASH).await;
    till.intent(3, &id).await;
    assert_eq!((calls("/token/grant"), calls("/token/refresh")), (2, 2));
    assert_eq!(till.cloud.peers().lock().bkash.blocked, 0);
}
