//! What every storm must leave behind: what the orders say, held against what the providers have really done. The numbers are
//! those of docs/payments.md.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::coupons::{CouponCode, CouponStore};
use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::payments::{PaymentMethod, RefundState};
use shared::platform::dynamo::Table;
use support::invariants::{ALWAYS, Tables, broken, money};
use support::user;

use super::till::Till;

/// What was on the shelf at first.
const SHELVED: i64 = 100;
/// What no table may hold: keys, what one pays with, and telephones of payers.
const SECRET: [&str; 9] = [
    peers::stripe::SECRET_KEY,
    peers::stripe::WEBHOOK_SECRET,
    peers::paypal::CLIENT_SECRET,
    peers::esewa::SECRET_KEY,
    peers::bkash::APP_SECRET,
    peers::bkash::PASSWORD,
    "_secret_",
    "eyJ-token",
    "01770618575",
];

/// An order of the storm: who has it, and what it is.
pub struct Placed {
    pub buyer: u32,
    pub id: String,
    pub method: &'static str,
}

/// Holds all invariants against the tables and the providers' ledgers.
pub async fn hold(till: &Till, placed: &[Placed], context: &str) {
    let mut orders = Vec::new();
    for one in placed {
        let order = till.stored(&one.id).await;
        money(till, one, &order, context);
        steps(till, one, &order, context).await;
        orders.push(order);
    }
    nothing_is_left_to_do(till, &orders, context).await;
    sums(till, &orders, context);
    shelves(till, &orders, context).await;
    calls(till, context);
    secrets(till, context).await;
    areas(till, context).await;
}

/// What holds of every area, and of the providers' ledgers, as in the soak of a whole stack.
async fn areas(till: &Till, context: &str) {
    let tables = Tables::read(&till.shop.world.dynamo, str::to_owned).await;
    let broken = broken(&tables, ALWAYS);
    assert!(broken.is_empty(), "{context}: {broken:?}");
    let (stripe, paypal) = {
        let state = till.cloud.peers().lock();
        (state.stripe.ledger(), state.paypal.ledger())
    };
    for (method, entries) in [(PaymentMethod::Card, &stripe["intents"]), (PaymentMethod::Paypal, &paypal["orders"])] {
        let broken = money::against_ledger(&tables, method, entries);
        assert!(broken.is_empty(), "{context}: {broken:?}");
    }
}

/// 1 to 4: what was held, taken and given back at the provider is what the order says and what it is worth.
fn money(till: &Till, one: &Placed, order: &Order, context: &str) {
    let (id, online) = (&one.id, order.payment.online().unwrap());
    let (held, taken, returned, captures, refunds) = till.money(id);
    let context = format!("{context}: {id} by {}, {} and {:?}", one.method, order.status.as_str(), online.goal);
    assert_eq!((online.taken(), online.returned()), (taken, returned), "1: {context}: {online:?}");
    let holds = matches!(order.payment.method(), PaymentMethod::Card | PaymentMethod::Paypal);
    if order.status == Status::Cancelled {
        assert_eq!((held, taken - returned), (0, 0), "1, 2: {context}: money is kept: {online:?}");
    } else if holds && !online.verified {
        assert_eq!((taken, captures), (0, 0), "1, 2: {context}: taken before a pharmacist has looked");
    } else if taken > 0 {
        let asked: i64 =
            online.refunds.iter().filter(|one| one.by.is_some() && one.counts()).map(|one| one.amount).sum();
        assert_eq!(taken - returned, online.due.amount() - asked, "1: {context}: {online:?}");
    }
    let left = matches!(order.status, Status::Packed | Status::Shipped | Status::Delivered);
    assert!(!left || taken >= online.due.amount(), "3: {context}: it left without its money");
    let attempts = u32::try_from(online.attempts.len()).unwrap();
    assert!(captures <= attempts && returned <= taken, "4: {context}");
    let made = |state| matches!(state, RefundState::Pending | RefundState::Succeeded);
    let ours = online.refunds.iter().filter(|refund| made(refund.state)).count();
    assert_eq!(refunds, ours, "4: {context}: a refund was made twice, or is not ours: {:?}", online.refunds);
}

/// 7 and 8: one entry of the trail for each change, and no state goes back.
async fn steps(till: &Till, one: &Placed, order: &Order, context: &str) {
    let trail = till.payment_trail(&one.id).await;
    let mut steps = trail.clone();
    steps.dedup();
    assert_eq!(trail, steps, "7: {context}: {}: a step stands twice on the trail", one.id);
    let now = order.payment.status().as_str();
    // What was called off before anything was held has nothing to void, and says so in the order's own step.
    let at_first = if order.status == Status::Cancelled { "voided" } else { "pending" };
    assert_eq!(trail.last().map_or(at_first, String::as_str), now, "7: {context}: {}: {trail:?}", one.id);
    for pair in trail.windows(2) {
        let good = match pair[0].as_str() {
            "captured" => pair[1] == "refunded",
            // What was accepted or paid before it could be known that it is not wanted any more goes back.
            "voided" => pair[1] != "pending",
            // eSewa's door does not shut: a second attempt may be paid after the first went back.
            "refunded" => pair[1] == "captured" && one.method == "esewa",
            _ => true,
        };
        assert!(good, "8: {context}: {}: {trail:?}", one.id);
    }
    let body = till.order_of(one.buyer, &one.id).await;
    let history: Vec<&str> =
        body["history"].as_array().unwrap().iter().map(|step| step["status"].as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = history.iter().copied().collect();
    assert_eq!(distinct.len(), history.len(), "7: {context}: {}: {history:?}", one.id);
    assert_eq!(history.last().copied(), Some(order.status.as_str()), "7: {context}: {history:?}");
}

/// The sweep has run dry: nothing is under way, and nothing is due now.
async fn nothing_is_left_to_do(till: &Till, orders: &[Order], context: &str) {
    let now = till.shop.world.clock.now();
    for order in orders {
        let online = order.payment.online().unwrap();
        assert!(online.op.is_none() && !online.wake, "{context}: {}: {online:?}", order.id);
        assert!(online.next_at.is_none_or(|at| at > now), "{context}: {} is due for ever: {online:?}", order.id);
    }
    let due = till.shop.world.app.orders().store.due(now, 100).await.unwrap();
    assert!(due.is_empty(), "{context}: {due:?} are due");
}

/// 1: over all orders, what the providers have is what the orders say.
fn sums(till: &Till, orders: &[Order], context: &str) {
    let ours: i64 =
        orders.iter().map(|order| order.payment.online().unwrap()).map(|one| one.taken() - one.returned()).sum();
    let state = till.cloud.peers().lock();
    let ledgers = [state.stripe.ledger(), state.paypal.ledger(), state.esewa.ledger(), state.bkash.ledger()];
    let of = |entry: &Value, name: &str| entry[name].as_i64().unwrap_or(0);
    let entries = ledgers.iter().flat_map(|ledger| ledger.as_object().unwrap().values()).filter_map(Value::as_array);
    let theirs: i64 = entries.flatten().map(|entry| of(entry, "captured") - of(entry, "refunded")).sum();
    assert_eq!(theirs, ours, "1: {context}: {ledgers:?}");
}

/// 5 and 6: what is reserved and what coupons are used is what the orders hold.
async fn shelves(till: &Till, orders: &[Order], context: &str) {
    let open = |order: &&Order| matches!(order.status, Status::Placed | Status::Verified | Status::Packed);
    let units = i64::try_from(2 * orders.iter().filter(open).count()).unwrap();
    let (available, reserved, sold) = till.shop.stock(till.product).await;
    assert_eq!((available + reserved + sold, reserved), (SHELVED, units), "5: {context}");
    let alive = orders.iter().filter(|order| order.coupon.is_some() && order.status != Status::Cancelled).count();
    let coupons = CouponStore::new(Table::new(till.shop.world.dynamo.clone(), "orders"));
    let code = CouponCode::parse(super::great_storm::COUPON).unwrap();
    let standing = coupons.standing(&code, &user(1)).await.unwrap();
    // Where there is no coupon, nothing has one.
    let uses = standing.coupon.flatten().map_or(0, |coupon| coupon.uses);
    assert_eq!(usize::try_from(uses).unwrap(), alive, "6: {context}");
    assert!(uses <= super::great_storm::COUPON_USES, "6: {context}");
}

/// 12 and 14: every act had its key, no key was sent with two bodies, and no token was asked for too often.
fn calls(till: &Till, context: &str) {
    let state = till.cloud.peers().lock();
    let mut sent = BTreeMap::new();
    let calls = state.stripe.calls().iter().chain(state.paypal.calls());
    let acts = calls.filter(|seen| seen.request.method == "POST" && !seen.request.path.starts_with("/v1/oauth2/"));
    for seen in acts {
        let key = seen.request.key.clone();
        assert!(key.is_some(), "12: {context}: {} has no key", seen.request.path);
        let key = key.unwrap();
        let what = (seen.request.path.clone(), seen.request.form.clone());
        assert_eq!(
            *sent.entry(key.clone()).or_insert_with(|| what.clone()),
            what,
            "14: {context}: {key} has two bodies"
        );
        let too_much = ["amount_too_large", "MAX_CAPTURE_AMOUNT_EXCEEDED", "REFUND_AMOUNT_EXCEEDED"];
        assert!(!too_much.iter().any(|code| seen.answer.contains(code)), "12: {context}: {key}: {}", seen.answer);
    }
    for seen in state.bkash.calls() {
        // 2026: more than is left. 2001: a token is asked for too often, or wrongly.
        let wrong = ["\"2026\"", "\"2001\""].iter().any(|code| seen.answer.contains(code));
        assert!(!wrong, "12, 14: {context}: {}: {}", seen.request.path, seen.answer);
    }
    assert_eq!(state.bkash.blocked, 0, "14: {context}");
    for window in state.bkash.grants.windows(3) {
        assert!(window[2] - window[0] > 3600, "14: {context}: {:?}", state.bkash.grants);
    }
}

/// 13: no table holds a secret, what one pays with, or a payer's telephone.
async fn secrets(till: &Till, context: &str) {
    for table in ["orders", "audit", "guard", "notifications"] {
        let items = till.shop.world.dynamo.scan().table_name(table).send().await.unwrap().items.unwrap_or_default();
        let text = format!("{items:?}");
        for secret in SECRET {
            assert!(!text.contains(secret), "13: {context}: {table} holds {secret}");
        }
    }
}

/// What a refusal of a forged event looks like.
pub fn refused(answer: &support::Answer, context: &str) {
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (400, &json!("invalid_signature")),
        "9: {context}: {}",
        answer.text
    );
}

#[tokio::test]
async fn money_that_stands_on_one_side_alone_is_seen() {
    let till = Till::open().await;
    till.held(1, "card").await;
    let tables = Tables::read(&till.shop.world.dynamo, str::to_owned).await;
    let ledger = till.cloud.peers().lock().stripe.ledger();
    let found = |ledger: &Value| money::against_ledger(&tables, PaymentMethod::Card, &ledger["intents"]);
    assert_eq!(found(&ledger), Vec::<String>::new());
    let mut taken = ledger.clone();
    taken["intents"][0]["captured"] = json!(5);
    assert_eq!(found(&taken).len(), 1, "it was taken, and the order does not say so");
    assert_eq!(found(&json!({"intents": []})).len(), 1, "the order was tried to be paid, and nobody knows of it");
    let mut more = ledger;
    let stranger = json!({"id": "pi_stranger", "held": 7, "captured": 0, "refunded": 0, "captures": 0});
    more["intents"].as_array_mut().unwrap().push(stranger);
    assert_eq!(found(&more).len(), 1, "it holds money for nobody");
}
