//! `/v1/orders`: following an order, moving it along, cancelling it.

use e2e::{CATEGORY, Person, Shop, covers, lot_body, product_body, unique};
use serde_json::{Value, json};

/// The ids of a whole list of orders, page by page.
async fn walk(person: &Person, status: Option<&str>, limit: &str) -> Vec<Value> {
    let mut ids = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("limit", limit)];
        query.extend(status.map(|status| ("status", status)));
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = person.search("/v1/orders", &query).await.body(200);
        ids.extend(page["items"].as_array().unwrap().iter().map(|order| order["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return ids,
        }
    }
}

#[tokio::test]
async fn customers_page_through_their_own_orders() {
    covers!("orders-list");
    let shop = Shop::open();
    let (anna, bela, product) = (shop.customer().await, shop.customer().await, shop.product("otc", 450, 20).await);
    let mut placed = Vec::new();
    for _ in 0..5 {
        placed.insert(0, anna.order(&[(&product, 1)], &[]).await["id"].clone());
    }
    bela.order(&[(&product, 1)], &[]).await;
    for limit in ["1", "2", "5", "100"] {
        assert_eq!(walk(&anna, None, limit).await, placed, "{limit} a page");
    }
    anna.cancel(&json!({"id": placed[1]})).await.expect(200);
    anna.cancel(&json!({"id": placed[4]})).await.expect(200);
    assert_eq!(walk(&anna, Some("cancelled"), "1").await, [placed[1].clone(), placed[4].clone()]);
    assert_eq!(walk(&anna, Some("placed"), "2").await, [placed[0].clone(), placed[2].clone(), placed[3].clone()]);
    assert!(walk(&anna, Some("shipped"), "2").await.is_empty());

    let cursor = anna.get("/v1/orders?limit=1").await.body(200)["next_cursor"].as_str().unwrap().to_owned();
    bela.search("/v1/orders", &[("cursor", &cursor)]).await.invalid_field("cursor", "invalid_cursor");
    anna.get("/v1/orders?status=lost").await.invalid_field("status", "unknown_value");
    anna.get("/v1/orders?limit=0").await.invalid_field("limit", "out_of_range");
    anna.get("/v1/orders?owner=somebody").await.invalid_field("owner", "unknown");
}

#[tokio::test]
async fn anothers_order_does_not_exist() {
    covers!("orders-get", "orders-cancel");
    let shop = Shop::open();
    let (anna, bela, product) = (shop.customer().await, shop.customer().await, shop.product("otc", 450, 5).await);
    let order = anna.order(&[(&product, 1)], &[]).await;
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let seller = shop.seller().await;
    for stranger in [&bela, &seller] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    bela.cancel(&order).await.problem(404, "not_found");
    for nothing in ["ord_01ARZ3NDEKTSV4RRFFQ69G5FAV", "ord_x", "x"] {
        anna.get(&format!("/v1/orders/{nothing}")).await.problem(404, "not_found");
    }
    assert_eq!(anna.current(&order).await["status"], "placed");
    let staff = shop.admin().await;
    assert_eq!(staff.current(&order).await["id"], order["id"]);
}

#[tokio::test]
async fn the_staff_sees_all_orders_by_state() {
    covers!("orders-list");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 5).await, shop.pharmacist().await);
    let order = anna.order(&[(&product, 1)], &[]).await;
    // The newest comes first, beside those of other tests.
    let placed = walk(&pharmacist, Some("placed"), "100").await;
    assert!(placed.contains(&order["id"]));
    shop.advance(&order, &["verified"]).await;
    assert!(!walk(&pharmacist, Some("placed"), "100").await.contains(&order["id"]));
    assert!(walk(&pharmacist, Some("verified"), "100").await.contains(&order["id"]));
    assert!(walk(&pharmacist, None, "100").await.contains(&order["id"]));
}

#[tokio::test]
async fn a_seller_sees_the_lines_of_their_own_products() {
    covers!("orders-get", "orders-list");
    let shop = Shop::open();
    let (anna, seller, pharmacist) = (shop.customer().await, shop.new_seller().await, shop.pharmacist().await);
    shop.category(CATEGORY, None).await;
    let sold = seller.post("/v1/products", &product_body("otc", 700)).await.body(201);
    let path = format!("/v1/products/{}", sold["id"].as_str().unwrap());
    pharmacist.patch(&path, &json!({"status": "active"})).await.expect(200);
    seller.post(&format!("{path}/lots"), &lot_body(5)).key(&unique()).await.expect(201);
    let own = shop.product("otc", 450, 5).await;
    anna.put(&format!("/v1/cart/items/{}", sold["id"].as_str().unwrap()), &json!({"quantity": 2})).await.expect(200);
    let order = anna.order(&[(&own, 1)], &[]).await;

    let seen = seller.current(&order).await;
    let lines: Vec<_> = seen["items"].as_array().unwrap().iter().map(|line| line["product_id"].clone()).collect();
    assert_eq!(lines, [sold["id"].clone()]);
    for hidden in ["address", "totals", "note"] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
    }
    assert_eq!(walk(&seller, None, "10").await, [order["id"].clone()]);
    seller.cancel(&order).await.problem(403, "forbidden");
    seller.transition(&order, "verified").await.problem(403, "forbidden");
}

#[tokio::test]
async fn an_order_takes_one_step_after_the_other() {
    covers!("orders-transition", "orders-get");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 5).await, shop.pharmacist().await);
    let order = anna.order(&[(&product, 2)], &[]).await;
    for wrong in ["packed", "shipped", "delivered", "returned", "placed"] {
        pharmacist.transition(&order, wrong).await.problem(409, "invalid_transition");
    }
    anna.transition(&order, "verified").await.problem(403, "forbidden");
    let path = format!("/v1/orders/{}/transitions", order["id"].as_str().unwrap());
    pharmacist.post(&path, &json!({"to": "verified"})).if_match(9).await.problem(412, "version_mismatch");
    let verified = pharmacist.post(&path, &json!({"to": "verified", "note": "All well."})).if_match(1).await.body(200);
    assert_eq!((&verified["version"], &verified["next_statuses"]), (&json!(2), &json!(["packed", "cancelled"])));
    pharmacist.transition(&order, "verified").await.problem(409, "invalid_transition");
    shop.advance(&order, &["packed"]).await;
    shop.expect_stock(&product, 3, 2).await;
    let shipped = pharmacist.post(&path, &json!({"to": "shipped", "tracking": "NP 123 456"})).await.body(200);
    assert_eq!(shipped["tracking"], "NP 123 456");
    shop.expect_stock(&product, 3, 0).await;
    shop.advance(&order, &["delivered"]).await;

    let seen = anna.current(&order).await;
    let steps: Vec<_> =
        seen["history"].as_array().unwrap().iter().map(|step| step["status"].as_str().unwrap()).collect();
    assert_eq!(steps, ["placed", "verified", "packed", "shipped", "delivered"]);
    assert_eq!((&seen["tracking"], &seen["history"][1]["note"]), (&json!("NP 123 456"), &json!("All well.")));
}

#[tokio::test]
async fn cancelling_gives_stock_back_once() {
    covers!("orders-cancel");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 5).await, shop.pharmacist().await);
    for states in [&[][..], &["verified"], &["verified", "packed"]] {
        let order = anna.order(&[(&product, 2)], &[]).await;
        shop.advance(&order, states).await;
        shop.expect_stock(&product, 3, 2).await;
        let cancelled = anna.cancel(&order).await.body(200);
        assert_eq!((&cancelled["status"], &cancelled["next_statuses"]), (&json!("cancelled"), &json!([])));
        assert_eq!(anna.cancel(&order).await.body(200)["version"], cancelled["version"]);
        pharmacist.cancel(&order).await.expect(200);
        pharmacist.transition(&order, "verified").await.problem(409, "invalid_transition");
        shop.expect_stock(&product, 5, 0).await;
    }
}

#[tokio::test]
async fn what_has_left_the_house_is_not_cancelled() {
    covers!("orders-cancel", "orders-transition");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 5).await, shop.pharmacist().await);
    let order = anna.order(&[(&product, 2)], &[]).await;
    shop.advance(&order, &["verified", "packed", "shipped"]).await;
    anna.cancel(&order).await.problem(409, "invalid_transition");
    pharmacist.cancel(&order).await.problem(409, "invalid_transition");
    pharmacist.transition(&order, "cancelled").await.problem(409, "invalid_transition");
    shop.expect_stock(&product, 3, 0).await;
    // What comes back is quarantined, and no stock again.
    shop.advance(&order, &["returned"]).await;
    shop.expect_stock(&product, 3, 0).await;
}

#[tokio::test]
async fn the_staff_cancels_by_either_way() {
    covers!("orders-cancel", "orders-transition");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 5).await, shop.pharmacist().await);
    let order = anna.order(&[(&product, 2)], &[]).await;
    shop.advance(&order, &["cancelled"]).await;
    assert_eq!(anna.current(&order).await["status"], "cancelled");
    let order = anna.order(&[(&product, 2)], &[]).await;
    let cancelled = pharmacist.cancel(&order).await.body(200);
    assert_eq!(cancelled["history"][1]["by"], "pharmacy", "{cancelled}");
    shop.expect_stock(&product, 5, 0).await;
}

#[tokio::test]
async fn what_was_delivered_can_be_given_back() {
    covers!("orders-request-return", "orders-list-returns", "orders-resolve-return");
    let shop = Shop::open();
    let (anna, staff) = (shop.customer().await, shop.pharmacist().await);
    let syrup = shop.product("otc", 450, 9).await;
    let order = anna.order(&[(&syrup, 2)], &[]).await;
    let returns = format!("/v1/orders/{}/returns", order["id"].as_str().unwrap());
    let body = json!({"lines": [{"product_id": syrup.id, "quantity": 2}], "reason": "It was open."});
    anna.post(&returns, &body).key("early").await.problem(409, "not_returnable");
    shop.advance(&order, &["verified", "packed", "shipped", "delivered"]).await;
    let asked = anna.post(&returns, &body).key("in-time").await.body(201);
    assert_eq!(anna.post(&returns, &body).key("in-time").await.body(201), asked);
    shop.customer().await.post(&returns, &body).key("other").await.problem(404, "not_found");
    let resolve = format!("{returns}/{}/resolve", asked["id"].as_str().unwrap());
    anna.post(&resolve, &json!({"decision": "approve"})).await.problem(403, "forbidden");
    let approved = staff.post(&resolve, &json!({"decision": "approve", "note": "Sorry."})).await.body(200);
    assert_eq!(approved["status"], "approved");
    staff.post(&resolve, &json!({"decision": "approve"})).await.problem(409, "already_resolved");
    let listed = anna.get(&returns).await.body(200);
    assert_eq!(listed["items"][0], approved);
    assert_eq!(anna.current(&order).await["status"], "returned");
}

#[tokio::test]
async fn a_seller_sees_what_they_earn() {
    covers!("sellers-earnings");
    let shop = Shop::open();
    let seller = shop.new_seller().await;
    let path = "/v1/sellers/me/earnings?from=2026-01-01&to=2026-01-31";
    let none = seller.get(path).await.body(200);
    assert_eq!((&none["orders"], &none["balance"]["amount"]), (&json!(0), &json!(0)));
    seller.get("/v1/sellers/me/earnings?from=2026-01-02&to=2026-01-01").await.invalid_field("to", "out_of_range");
    shop.customer().await.get(path).await.problem(403, "forbidden");
}
