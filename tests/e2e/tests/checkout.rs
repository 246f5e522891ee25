//! `/v1/checkout/preview` and `POST /v1/orders`: from a cart to an order.

use e2e::{Answer, Person, Product, Shop, address, covers, order_body, unique};
use serde_json::{Value, json};

/// The codes of the problems of a refused order, each with the product it names.
#[track_caller]
fn problems(answer: Answer) -> Vec<(String, String)> {
    let problem = answer.problem(422, "checkout_problems");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problems = problem["problems"].as_array().unwrap().iter();
    problems
        .map(|one| {
            assert!(!text(&one["detail"]).is_empty(), "{one}");
            (text(&one["code"]), text(&one["product_id"]))
        })
        .collect()
}

fn about(code: &str, product: &Product) -> (String, String) {
    (code.to_owned(), product.id.clone())
}

async fn cart_size(person: &Person) -> usize {
    person.get("/v1/cart").await.body(200)["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_order_takes_stock_and_empties_the_cart() {
    covers!("checkout-place-order", "checkout-preview");
    let shop = Shop::open();
    let (anna, syrup, cream) =
        (shop.customer().await, shop.product("otc", 450, 10).await, shop.product("otc", 2100, 5).await);
    anna.fill_cart(&[(&syrup, 2), (&cream, 3)]).await;
    let mut body = order_body(&[]);
    body["note"] = json!("Ring twice.\nThe bell is broken.");

    let preview = anna.post("/v1/checkout/preview", &body).await.body(200);
    assert_eq!((&preview["problems"], &preview["requires"]), (&json!([]), &json!([])));
    assert_eq!(cart_size(&anna).await, 2);
    shop.expect_stock(&syrup, 10, 0).await;

    body["expected_total"] = preview["totals"]["total"].clone();
    let order = anna.post("/v1/orders", &body).key(&unique()).await.body(201);
    assert_eq!((&order["status"], &order["totals"]), (&json!("placed"), &preview["totals"]));
    assert_eq!(order["totals"]["subtotal"]["amount"], 7200);
    assert_eq!(order["payment"]["method"], "cod");
    assert_eq!(order["payment"]["status"], "pending");
    assert_eq!((&order["note"], &order["holds"]), (&body["note"], &json!([])));
    for (field, value) in address().as_object().unwrap() {
        assert_eq!(order["address"][field], *value, "{field}");
    }
    assert_eq!(order["history"].as_array().unwrap().len(), 1);
    assert_eq!(order["next_statuses"], json!(["cancelled"]));
    assert_eq!(cart_size(&anna).await, 0);
    shop.expect_stock(&syrup, 8, 2).await;
    shop.expect_stock(&cream, 2, 3).await;
}

#[tokio::test]
async fn an_empty_cart_orders_nothing() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let anna = shop.customer().await;
    assert_eq!(problems(anna.place(&[]).await), [("cart_empty".to_owned(), String::new())]);
}

#[tokio::test]
async fn every_problem_of_every_line_is_named_and_nothing_is_taken() {
    covers!("checkout-place-order", "checkout-preview");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let [good, scarce, dearer, gone] = [10, 2, 10, 10].map(|units| shop.product("otc", 450, units));
    let (good, scarce, dearer, gone) = (good.await, scarce.await, dearer.await, gone.await);
    let medicine = shop.product("prescription", 450, 10).await;
    anna.fill_cart(&[(&good, 1), (&scarce, 3), (&dearer, 1), (&gone, 1), (&medicine, 1)]).await;
    let pharmacist = shop.pharmacist().await;
    pharmacist.patch(&dearer.path(), &json!({"price": {"amount": 999, "currency": "USD"}})).await.expect(200);
    pharmacist.delete(&gone.path()).await.expect(204);

    let mut expected = [
        about("out_of_stock", &scarce),
        about("price_changed", &dearer),
        about("unavailable", &gone),
        about("prescription_required", &medicine),
    ];
    expected.sort();
    let refused = anna.place(&[]).await;
    let scarcity = refused.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "out_of_stock")
        .cloned()
        .unwrap();
    assert_eq!(scarcity["available"], 2);
    let mut named = problems(refused);
    named.sort();
    assert_eq!(named, expected);

    let preview = anna.post("/v1/checkout/preview", &order_body(&[])).await.body(200);
    let mut previewed: Vec<_> = preview["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["code"].as_str().unwrap().to_owned(), one["product_id"].as_str().unwrap().to_owned()))
        .collect();
    previewed.sort();
    assert_eq!((previewed.as_slice(), &preview["requires"]), (expected.as_slice(), &json!(["prescription"])));
    assert_eq!(cart_size(&anna).await, 5);
    for (product, units) in [(&good, 10), (&scarce, 2), (&dearer, 10), (&medicine, 10)] {
        shop.expect_stock(product, units, 0).await;
    }
}

#[tokio::test]
async fn a_price_that_changed_must_be_accepted() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 9).await, shop.pharmacist().await);
    anna.fill_cart(&[(&product, 1)]).await;
    // Cheaper is another price as well.
    pharmacist.patch(&product.path(), &json!({"price": {"amount": 400, "currency": "USD"}})).await.expect(200);
    assert_eq!(problems(anna.place(&[]).await), [about("price_changed", &product)]);
    anna.fill_cart(&[(&product, 1)]).await;
    let order = anna.place(&[]).await.body(201);
    assert_eq!(order["items"][0]["unit_price"]["amount"], 400);
    // What changes after the order does not change the order.
    pharmacist.patch(&product.path(), &json!({"price": {"amount": 900, "currency": "USD"}})).await.expect(200);
    assert_eq!(anna.current(&order).await["totals"], order["totals"]);
}

#[tokio::test]
async fn a_change_that_is_no_change_of_terms_does_not_stop_an_order() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    anna.fill_cart(&[(&product, 1)]).await;
    let renamed = json!({"name": "A better name", "description": "A better description."});
    shop.pharmacist().await.patch(&product.path(), &renamed).await.expect(200);
    assert_eq!(anna.place(&[]).await.body(201)["items"][0]["name"], "A better name");
}

#[tokio::test]
async fn the_expected_total_must_be_the_total() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    anna.fill_cart(&[(&product, 1)]).await;
    let mut body = order_body(&[]);
    let total = anna.get("/v1/cart").await.body(200)["totals"]["total"].clone();
    body["expected_total"] = json!({"amount": total["amount"].as_i64().unwrap() - 1, "currency": "USD"});
    let refused = anna.post("/v1/orders", &body).key(&unique()).await;
    assert_eq!(problems(refused), [("total_changed".to_owned(), String::new())]);
    body["expected_total"] = total.clone();
    assert_eq!(anna.post("/v1/orders", &body).key(&unique()).await.body(201)["totals"]["total"], total);
}

#[tokio::test]
async fn clients_set_no_prices() {
    covers!("checkout-place-order", "cart-put-item");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    anna.fill_cart(&[(&product, 1)]).await;
    for (field, value) in
        [("total", json!(1)), ("discount", json!(449)), ("items", json!([])), ("status", json!("delivered"))]
    {
        let mut body = order_body(&[]);
        body[field] = value;
        anna.post("/v1/orders", &body).key(&unique()).await.invalid_field(field, "unknown");
    }
    let item = format!("/v1/cart/items/{}", product.id);
    anna.put(&item, &json!({"quantity": 1, "unit_price": 1})).await.invalid_field("unit_price", "unknown");
}

#[tokio::test]
async fn an_order_goes_to_one_address_and_is_paid_in_one_way() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    anna.fill_cart(&[(&product, 1)]).await;
    let nowhere = json!({"payment_method": "cod"});
    let twice = json!({"payment_method": "cod", "address": address(), "address_id": "adr_01ARZ3NDEKTSV4RRFFQ69G5FAV"});
    let unpaid = json!({"address": address()});
    let by_barter = json!({"address": address(), "payment_method": "goat"});
    let mut no_phone = order_body(&[]);
    no_phone["address"]["phone"] = json!("12");
    for (body, field) in [
        (nowhere, "address_id"),
        (twice, "address"),
        (unpaid, "payment_method"),
        (by_barter, "payment_method"),
        (no_phone, "address.phone"),
    ] {
        let named = anna.post("/v1/orders", &body).key(&unique()).await.invalid_fields();
        assert_eq!(named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [field], "{body}");
    }
    shop.expect_stock(&product, 9, 0).await;
}

#[tokio::test]
async fn a_repeated_order_is_the_same_order() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, bela, product) = (shop.customer().await, shop.customer().await, shop.product("otc", 450, 9).await);
    let (key, body) = (unique(), order_body(&[]));
    anna.post("/v1/orders", &body).await.problem(400, "idempotency_key_required");
    anna.fill_cart(&[(&product, 1)]).await;
    let place = |person: &Person, body: &Value| person.post("/v1/orders", body).key(&key);
    let first = place(&anna, &body).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), None);

    // Whatever has happened to the cart and the order since.
    anna.fill_cart(&[(&product, 2)]).await;
    shop.advance(&first.json(), &["verified"]).await;
    let again = place(&anna, &body).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), (Some("true"), first.json()));
    assert_eq!(cart_size(&anna).await, 1);
    let mut other = body.clone();
    other["note"] = json!("Another order.");
    place(&anna, &other).await.problem(422, "idempotency_key_reused");

    // Another customer's key of the same name is another key.
    bela.fill_cart(&[(&product, 1)]).await;
    let theirs = place(&bela, &body).await.body(201);
    assert_ne!(theirs["id"], first.json()["id"]);
    shop.expect_stock(&product, 7, 2).await;
}

#[tokio::test]
async fn a_refused_order_may_be_tried_again_under_its_key() {
    covers!("checkout-place-order");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 1).await);
    anna.fill_cart(&[(&product, 2)]).await;
    let (key, body) = (unique(), order_body(&[]));
    let refused = anna.post("/v1/orders", &body).key(&key).await;
    assert_eq!(problems(refused), [about("out_of_stock", &product)]);
    anna.fill_cart(&[(&product, 1)]).await;
    let placed = anna.post("/v1/orders", &body).key(&key).await.expect(201);
    assert_eq!(placed.header("idempotency-replayed"), None);
    shop.expect_stock(&product, 0, 1).await;
}

#[tokio::test]
async fn the_staff_says_where_is_delivered_to() {
    covers!("delivery-quote", "delivery-list-zones", "delivery-put-zone", "delivery-remove-zone");
    let shop = Shop::open();
    let (staff, anna) = (shop.pharmacist().await, shop.customer().await);
    let quote = shop.guest.get("/v1/delivery?country=NP&postal_code=33700").await.body(200);
    assert_eq!(quote["deliverable"], true);
    shop.guest.get("/v1/delivery?country=XX").await.invalid_field("country", "invalid_country");
    // The other tests deliver to Nepal, at what it costs now.
    let zone = |more: Value| {
        let mut zone = json!({"name": "e2e", "country": "NP", "fee": quote["fee"], "free_from": quote["free_from"],
                              "days": {"min": 1, "max": 3}});
        zone.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        zone
    };
    let nepal = staff.put("/v1/delivery/zones/nepal", &zone(json!({}))).await;
    assert!([200, 201].contains(&nepal.status), "{}", nepal.text());
    let one = format!("/v1/delivery/zones/e2e-{}", unique().to_lowercase());
    let prefix = unique().to_uppercase().chars().filter(char::is_ascii_alphanumeric).rev().take(10).collect::<String>();
    let island = zone(json!({"postal_prefixes": [format!("ZZ{prefix}")], "cod": false}));
    staff.put(&one, &island).await.expect(201);
    anna.put(&one, &island).await.problem(403, "forbidden");
    let listed = staff.get("/v1/delivery/zones").await.body(200);
    assert!(listed["items"].as_array().unwrap().iter().any(|zone| one.ends_with(zone["id"].as_str().unwrap())));
    staff.delete(&one).await.expect(204);
    staff.delete(&one).await.problem(404, "not_found");
}
