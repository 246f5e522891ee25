//! Many people at once.

use e2e::{
    Answer, Call, PASSWORD, Person, Product, Shop, approval, covers, line, lot_body, order_body, product_body, unique,
};
use futures_util::future::{join, join_all};
use futures_util::stream::{StreamExt, iter};
use serde_json::{Value, json};

/// How many requests race at once.
const AT_ONCE: usize = 50;
/// How many requests are under way at once where nothing races.
const IN_PEACE: usize = 6;
/// How often a client tries again.
const TRIES: usize = 30;

/// Runs these, `at_once` at a time.
async fn crowd<T>(at_once: usize, tasks: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    iter(tasks).buffer_unordered(at_once).collect().await
}

/// Sends a request, and again when it is told to or has no answer: 503 of a function, 502 or 504 of the gateway where a
/// function was too slow and was killed at whatever it did.
async fn insist(call: impl Fn() -> Call) -> Answer {
    for _ in 0..TRIES {
        let answer = call().await;
        match answer.status {
            502 | 504 => {}
            503 => assert!(answer.header("retry-after").is_some(), "{}: 503 without Retry-After", answer.to),
            _ => return answer,
        }
    }
    panic!("no answer in {TRIES} tries")
}

async fn customers(shop: &Shop, count: usize) -> Vec<Person> {
    crowd(IN_PEACE, (0..count).map(|_| shop.quick_customer())).await
}

/// Places an order under a key of its own, trying again when told to.
async fn buy(buyer: &Person) -> Answer {
    let (key, body) = (unique(), order_body(&[]));
    insist(|| buyer.post("/v1/orders", &body).key(&key)).await
}

/// Checks that an order was refused for want of stock alone.
#[track_caller]
fn sold_out(answer: &Answer) {
    let refused = answer.clone().problem(422, "checkout_problems");
    let problems = refused["problems"].as_array().unwrap();
    assert!(!problems.is_empty() && problems.iter().all(|problem| problem["code"] == "out_of_stock"), "{refused}");
}

fn winners(answers: &[(&Person, Answer)]) -> usize {
    answers.iter().filter(|(_, answer)| answer.status == 201).count()
}

/// Buys as everybody at once; gives who got what.
async fn rush(buyers: &[Person]) -> Vec<(&Person, Answer)> {
    crowd(AT_ONCE, buyers.iter().map(|buyer| async move { (buyer, buy(buyer).await) })).await
}

/// Checks that everybody has one order where they were told so, and none else.
async fn orders_are_as_told(answers: &[(&Person, Answer)]) {
    crowd(
        IN_PEACE,
        answers.iter().map(|(buyer, answer)| async move {
            let listed = buyer.get("/v1/orders").await.body(200);
            let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(|order| &order["id"]).collect();
            if answer.status == 201 {
                assert_eq!(ids, [&answer.json()["id"]]);
            } else {
                sold_out(answer);
                assert!(ids.is_empty(), "a refused order exists: {listed}");
            }
        }),
    )
    .await;
}

#[tokio::test]
async fn four_hundred_buyers_share_twenty_units() {
    covers!("checkout-place-order", "cart-put-item", "orders-list");
    let shop = Shop::open();
    let product = shop.product("otc", 450, 20).await;
    let buyers = customers(&shop, 400).await;
    crowd(IN_PEACE, buyers.iter().map(|buyer| async { buyer.fill_cart(&[(&product, 1)]).await })).await;
    let answers = rush(&buyers).await;
    assert_eq!(winners(&answers), 20);
    shop.expect_stock(&product, 0, 20).await;
    orders_are_as_told(&answers).await;
}

#[tokio::test]
async fn carts_that_cross_neither_block_nor_lose_units() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let [a, b, c] =
        [shop.product("otc", 100, 25).await, shop.product("otc", 200, 25).await, shop.product("otc", 300, 25).await];
    let buyers = customers(&shop, 36).await;
    let orders: [[&Product; 3]; 6] =
        [[&a, &b, &c], [&a, &c, &b], [&b, &a, &c], [&b, &c, &a], [&c, &a, &b], [&c, &b, &a]];
    let filled = buyers.iter().zip(orders.iter().cycle());
    crowd(
        IN_PEACE,
        filled
            .map(|(buyer, [one, two, three])| async move { buyer.fill_cart(&[(one, 1), (two, 1), (three, 1)]).await }),
    )
    .await;
    let answers = rush(&buyers).await;
    assert_eq!(winners(&answers), 25);
    for product in [&a, &b, &c] {
        shop.expect_stock(product, 0, 25).await;
    }
    orders_are_as_told(&answers).await;
}

#[tokio::test]
async fn a_hundred_calls_with_one_key_are_one_order() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 200).await);
    anna.fill_cart(&[(&product, 2)]).await;
    let (key, body) = (unique(), order_body(&[]));
    let answers = crowd(AT_ONCE, (0..100).map(|_| insist(|| anna.post("/v1/orders", &body).key(&key)))).await;
    let first = answers[0].json();
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (201, first.clone()));
    }
    let replayed = answers.iter().filter(|answer| answer.header("idempotency-replayed") == Some("true")).count();
    // The first answer may have been lost with a function that was killed.
    assert!(replayed >= 99, "{replayed} of 100 were replayed");
    assert_eq!(anna.get("/v1/orders").await.body(200)["items"].as_array().unwrap().len(), 1);
    shop.expect_stock(&product, 198, 2).await;
}

#[tokio::test]
async fn one_cart_is_ordered_once() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 200).await);
    anna.fill_cart(&[(&product, 1)]).await;
    let answers = join_all((0..10).map(|_| buy(&anna))).await;
    let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(placed.len(), 1);
    for answer in refused {
        assert_eq!(answer.problem(422, "checkout_problems")["problems"][0]["code"], "cart_empty");
    }
    shop.expect_stock(&product, 199, 1).await;
}

#[tokio::test]
async fn two_orders_share_one_fill_by_one_getting_it() {
    covers!("orders-transition");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 450, 10).await);
    let id = anna.pending_prescription().await;
    let orders = [anna.order(&[(&medicine, 1)], &[&id]).await, anna.order(&[(&medicine, 1)], &[&id]).await];
    shop.review(&id, &approval(&json!([line(&medicine, 1, 1, 0)]))).await;
    let pharmacist = shop.pharmacist().await;
    let verify = |order: &Value| {
        let path = format!("/v1/orders/{}/transitions", order["id"].as_str().unwrap());
        let pharmacist = &pharmacist;
        async move { insist(|| pharmacist.post(&path, &json!({"to": "verified"}))).await }
    };
    let (one, other) = join(verify(&orders[0]), verify(&orders[1])).await;
    let mut answers = [one, other];
    answers.sort_by_key(|answer| answer.status);
    let [won, lost] = answers;
    assert_eq!(won.body(200)["status"], "verified");
    assert_eq!(lost.problem(422, "dispensing_refused")["problems"][0]["code"], "prescription_insufficient");
}

#[tokio::test]
async fn one_pharmacist_gets_a_prescription() {
    covers!("prescriptions-claim");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let id = anna.pending_prescription().await;
    let (priya, peter) = (shop.pharmacist().await, shop.other_pharmacist().await);
    let path = format!("/v1/prescriptions/{id}/claim");
    let claims = (0..20).map(|turn| {
        let (who, path) = (if turn % 2 == 0 { &priya } else { &peter }, &path);
        async move { (who.id.clone(), insist(|| who.post_nothing(path)).await) }
    });
    let answers = join_all(claims).await;
    let owners: Vec<_> = answers.iter().filter(|(_, answer)| answer.status == 200).map(|(who, _)| who).collect();
    assert!(owners.len() == 10 && owners.iter().all(|owner| *owner == owners[0]), "claimed by {owners:?}");
    for (_, answer) in answers.iter().filter(|(_, answer)| answer.status != 200) {
        answer.clone().problem(409, "already_claimed");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_used_twice_at_once_has_one_successor() {
    covers!("auth-refresh");
    let shop = Shop::open();
    for _ in 0..5 {
        let person = shop.customer().await;
        let body = json!({"refresh_token": person.refresh_token});
        let refresh = || shop.guest.post("/v1/auth/token/refresh", &body).into_future();
        let (one, other) = join(refresh(), refresh()).await;
        let (one, other) = (one.body(200), other.body(200));
        assert_eq!(one["refresh_token"], other["refresh_token"]);
        let body = json!({"refresh_token": one["refresh_token"]});
        shop.guest.post("/v1/auth/token/refresh", &body).await.expect(200);
    }
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_five_tries() {
    covers!("auth-login");
    let shop = Shop::open();
    let email = shop.registered().await;
    let body = json!({"email": email, "password": "not-the-right-password"});
    let answers = crowd(AT_ONCE, (0..100).map(|_| insist(|| shop.guest.post("/v1/auth/login", &body)))).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    let locked = answers.iter().filter(|answer| answer.status == 423).count();
    assert_eq!((tried, locked), (5, 95));
    let right = json!({"email": email, "password": PASSWORD});
    shop.guest.post("/v1/auth/login", &right).await.problem(423, "account_locked");
}

#[tokio::test]
async fn an_order_is_shipped_or_cancelled() {
    covers!("orders-cancel", "orders-transition");
    let shop = Shop::open();
    let (anna, pharmacist) = (shop.customer().await, shop.pharmacist().await);
    for _ in 0..5 {
        let product = shop.product("otc", 450, 5).await;
        let order = anna.order(&[(&product, 2)], &[]).await;
        shop.advance(&order, &["verified", "packed"]).await;
        let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
        let ship = insist(|| pharmacist.post(&format!("{path}/transitions"), &json!({"to": "shipped"})));
        let cancel = insist(|| anna.post_nothing(&format!("{path}/cancel")));
        let (shipped, cancelled) = join(ship, cancel).await;
        let status = anna.current(&order).await["status"].clone();
        if shipped.status == 200 {
            cancelled.problem(409, "invalid_transition");
            assert_eq!(status, "shipped");
            shop.expect_stock(&product, 3, 0).await;
        } else {
            shipped.problem(409, "invalid_transition");
            assert_eq!((cancelled.status, status), (200, json!("cancelled")));
            shop.expect_stock(&product, 5, 0).await;
        }
    }
}

#[tokio::test]
async fn cancelling_at_once_gives_back_once() {
    covers!("orders-cancel");
    let shop = Shop::open();
    let (anna, medicine) = (shop.customer().await, shop.product("prescription", 450, 5).await);
    let id = shop.approved_prescription(&anna, &json!([line(&medicine, 2, 2, 0)])).await;
    let order = anna.order(&[(&medicine, 2)], &[&id]).await;
    let path = format!("/v1/orders/{}/cancel", order["id"].as_str().unwrap());
    for answer in join_all((0..20).map(|_| insist(|| anna.post_nothing(&path)))).await {
        assert_eq!(answer.body(200)["status"], "cancelled");
    }
    shop.expect_stock(&medicine, 5, 0).await;
    let view = anna.get(&format!("/v1/prescriptions/{id}")).await.body(200);
    assert_eq!((&view["status"], &view["items"][0]["fills_left"]), (&json!("approved"), &json!(2)));
    let history = anna.current(&order).await["history"].clone();
    assert_eq!(history.as_array().unwrap().len(), 2, "{history}");
}

#[tokio::test]
async fn an_adjustment_that_is_sent_fifty_times_happens_once() {
    covers!("catalog-adjust-stock", "catalog-list-lots");
    let shop = Shop::open();
    let (product, pharmacist) = (shop.product("otc", 450, 3).await, shop.pharmacist().await);
    let lots = pharmacist.get(&format!("{}/lots", product.path())).await.body(200);
    let (path, key) = (format!("{}/stock", product.path()), unique());
    let body = json!({"delta": 10, "reason": "count", "lot_id": lots["items"][0]["id"]});
    let answers = crowd(AT_ONCE, (0..50).map(|_| insist(|| pharmacist.post(&path, &body).key(&key)))).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (200, answers[0].json()));
    }
    shop.expect_stock(&product, 13, 0).await;
}

#[tokio::test]
async fn a_delivery_that_is_sent_fifty_times_comes_once() {
    covers!("catalog-receive-lot", "catalog-list-movements");
    let shop = Shop::open();
    let (product, pharmacist) = (shop.product("otc", 450, 0).await, shop.pharmacist().await);
    let (path, key, body) = (format!("{}/lots", product.path()), unique(), lot_body(10));
    let answers = crowd(AT_ONCE, (0..50).map(|_| insist(|| pharmacist.post(&path, &body).key(&key)))).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.json()), (201, answers[0].json()));
    }
    shop.expect_stock(&product, 10, 0).await;
    let moved = pharmacist.get(&format!("{}/movements", product.path())).await.body(200);
    let moved = moved["items"].as_array().unwrap();
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert_eq!(
        (&moved[0]["what"], &moved[0]["units"], &moved[0]["balance"]),
        (&json!("received"), &json!(10), &json!(10))
    );
}

#[tokio::test]
async fn a_slug_goes_to_one_product() {
    covers!("catalog-create-product");
    let shop = Shop::open();
    shop.product("otc", 450, 0).await;
    let pharmacist = shop.pharmacist().await;
    let mut body = product_body("otc", 450);
    body["slug"] = json!(format!("contested-{}", unique()));
    let answers = join_all((0..10).map(|_| insist(|| pharmacist.post("/v1/products", &body)))).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(made.len(), 1);
    for answer in refused {
        answer.problem(409, "slug_taken");
    }
}
