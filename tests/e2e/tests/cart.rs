//! `/v1/cart`.

use e2e::{Person, Product, Shop, covers};
use futures_util::future::join_all;
use serde_json::{Value, json};

fn item(product: &Product) -> String {
    format!("/v1/cart/items/{}", product.id)
}

async fn lines(person: &Person) -> Vec<(String, u64)> {
    read(&person.get("/v1/cart").await.body(200))
}

fn read(cart: &Value) -> Vec<(String, u64)> {
    let items = cart["items"].as_array().unwrap().iter();
    items.map(|line| (line["product_id"].as_str().unwrap().to_owned(), line["quantity"].as_u64().unwrap())).collect()
}

#[tokio::test]
async fn a_cart_is_filled_priced_and_emptied() {
    covers!("cart-get", "cart-put-item", "cart-remove-item", "cart-clear");
    let shop = Shop::open();
    let (anna, syrup, tablets) =
        (shop.customer().await, shop.product("otc", 450, 9).await, shop.product("prescription", 1000, 9).await);
    let empty = anna.get("/v1/cart").await.body(200);
    let zero = json!({"amount": 0, "currency": "USD"});
    assert_eq!((&empty["items"], &empty["totals"]["total"], &empty["coupon"]), (&json!([]), &zero, &Value::Null));

    anna.put(&item(&syrup), &json!({"quantity": 1})).await.expect(200);
    anna.put(&item(&tablets), &json!({"quantity": 2})).await.expect(200);
    let cart = anna.put(&item(&syrup), &json!({"quantity": 3})).await.body(200);
    assert_eq!(read(&cart), [(syrup.id.clone(), 3), (tablets.id.clone(), 2)]);
    let money = |amount: i64| json!({"amount": amount, "currency": "USD"});
    let line = &cart["items"][0];
    assert_eq!((&line["unit_price"], &line["line_total"]), (&money(450), &money(1350)));
    assert_eq!(
        (&line["prescription_required"], &cart["items"][1]["prescription_required"]),
        (&json!(false), &json!(true))
    );
    let totals = &cart["totals"];
    assert_eq!((&totals["subtotal"], &totals["discount"]), (&money(3350), &money(0)));
    assert_eq!(totals["total"], money(3350 + totals["delivery"]["amount"].as_i64().unwrap()));

    let cart = anna.delete(&item(&tablets)).await.body(200);
    assert_eq!(read(&cart), [(syrup.id.clone(), 3)]);
    anna.delete(&item(&tablets)).await.expect(200);
    anna.delete("/v1/cart").await.expect(204);
    assert!(lines(&anna).await.is_empty());
}

#[tokio::test]
async fn what_is_not_on_sale_cannot_be_put_in() {
    covers!("cart-put-item", "cart-merge", "catalog-retire-product");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    anna.put("/v1/cart/items/prd_01ARZ3NDEKTSV4RRFFQ69G5FAV", &json!({"quantity": 1})).await.problem(404, "not_found");
    anna.put("/v1/cart/items/not-an-id", &json!({"quantity": 1})).await.problem(404, "not_found");
    anna.fill_cart(&[(&product, 1)]).await;
    shop.pharmacist().await.delete(&product.path()).await.expect(204);
    anna.put(&item(&product), &json!({"quantity": 2})).await.problem(404, "not_found");
    let merge = json!({"items": [{"product_id": product.id, "quantity": 1}]});
    let merged = anna.post("/v1/cart/merge", &merge).await.body(200);
    assert_eq!(merged["not_added"], json!([]), "it is in there already, with its problem");
    let unknown = json!({"items": [{"product_id": "prd_01ARZ3NDEKTSV4RRFFQ69G5FAV", "quantity": 1}]});
    let merged = anna.post("/v1/cart/merge", &unknown).await.body(200);
    assert_eq!(merged["not_added"][0]["code"], "not_on_sale", "{merged}");
    let cart = anna.get("/v1/cart").await.body(200);
    assert_eq!(cart["items"][0]["problems"][0]["code"], "unavailable", "{cart}");
    assert_eq!(cart["totals"]["total"]["amount"], 0);
}

#[tokio::test]
async fn quantities_are_one_to_ninety_nine() {
    covers!("cart-put-item");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 0).await);
    for wrong in [json!(0), json!(100), json!(-1), json!(1.5), json!("1"), json!(true), json!(1e30)] {
        let named = anna.put(&item(&product), &json!({"quantity": wrong})).await.invalid_fields();
        assert_eq!(named[0].0, "quantity", "{wrong}");
    }
    anna.put(&item(&product), &json!({"quantity": 99})).await.expect(200);
}

#[tokio::test]
async fn merging_a_guests_cart_twice_is_merging_it_once() {
    covers!("cart-merge");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let (one, two, three) =
        (shop.product("otc", 1, 9).await, shop.product("otc", 2, 9).await, shop.product("otc", 3, 9).await);
    anna.fill_cart(&[(&one, 5), (&two, 1)]).await;
    let guest = json!({"items": [
        {"product_id": one.id, "quantity": 2}, {"product_id": two.id, "quantity": 4}, {"product_id": three.id, "quantity": 1},
    ]});
    for _ in 0..2 {
        let cart = anna.post("/v1/cart/merge", &guest).await.body(200);
        assert_eq!(read(&cart), [(one.id.clone(), 5), (two.id.clone(), 4), (three.id.clone(), 1)]);
    }
    let twice = json!({"items": [{"product_id": one.id, "quantity": 2}, {"product_id": one.id, "quantity": 3}]});
    anna.post("/v1/cart/merge", &twice).await.invalid_field("items[1].product_id", "repeated");
    let named = anna.post("/v1/cart/merge", &json!({"items": []})).await.invalid_fields();
    assert_eq!(named[0].0, "items");
}

#[tokio::test]
async fn a_cart_holds_fifty_products() {
    covers!("cart-merge", "cart-put-item");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let products = join_all((0..51).map(|_| shop.product("otc", 100, 0))).await;
    let (last, fifty) = products.split_last().unwrap();
    let items: Vec<_> = fifty.iter().map(|product| json!({"product_id": product.id, "quantity": 1})).collect();
    let cart = anna.post("/v1/cart/merge", &json!({"items": items})).await.body(200);
    assert_eq!(read(&cart).len(), 50);
    anna.put(&item(last), &json!({"quantity": 1})).await.problem(422, "cart_full");
    let one_more = json!({"items": [{"product_id": last.id, "quantity": 1}]});
    let merged = anna.post("/v1/cart/merge", &one_more).await.body(200);
    assert_eq!(merged["not_added"], json!([{"product_id": last.id, "code": "cart_full"}]));
    anna.put(&item(&fifty[0]), &json!({"quantity": 2})).await.expect(200);
    anna.delete(&item(&fifty[0])).await.expect(200);
    anna.put(&item(last), &json!({"quantity": 1})).await.expect(200);
}

#[tokio::test]
async fn a_change_of_an_old_cart_is_refused() {
    covers!("cart-put-item", "cart-remove-item", "cart-clear");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    let put = |quantity: u32| anna.put(&item(&product), &json!({"quantity": quantity}));
    let first = put(1).await.expect(200);
    let version = first.json()["version"].as_u64().unwrap();
    assert_eq!(first.header("etag"), Some(format!("\"{version}\"").as_str()));
    put(2).if_match(version).await.expect(200);
    put(3).if_match(version).await.problem(412, "version_mismatch");
    anna.delete(&item(&product)).if_match(version).await.problem(412, "version_mismatch");
    anna.delete("/v1/cart").if_match(version).await.problem(412, "version_mismatch");
    put(3).header("if-match", "abc").await.invalid_field("If-Match", "invalid_version");
    put(3).header("if-match", "\"abc\"").await.problem(412, "version_mismatch");
    put(3).header("if-none-match", "*").await.problem(412, "already_exists");
    assert_eq!(lines(&anna).await, [(product.id.clone(), 2)]);
}

#[tokio::test]
async fn todays_price_shows_as_a_problem_until_it_is_accepted() {
    covers!("cart-get", "cart-put-item");
    let shop = Shop::open();
    let (anna, product, pharmacist) =
        (shop.customer().await, shop.product("otc", 450, 1).await, shop.pharmacist().await);
    anna.fill_cart(&[(&product, 2)]).await;
    pharmacist.patch(&product.path(), &json!({"price": {"amount": 470, "currency": "USD"}})).await.expect(200);
    let cart = anna.get("/v1/cart").await.body(200);
    let line = &cart["items"][0];
    assert_eq!((&line["unit_price"]["amount"], &line["line_total"]["amount"]), (&json!(470), &json!(940)));
    let codes: Vec<_> = line["problems"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["out_of_stock", "price_changed"]);
    let accepted = anna.put(&item(&product), &json!({"quantity": 1})).await.body(200);
    assert_eq!(accepted["items"][0]["problems"], json!([]));
}

#[tokio::test]
async fn carts_are_their_owners_alone() {
    covers!("cart-get");
    let shop = Shop::open();
    let (anna, bela, product) = (shop.customer().await, shop.customer().await, shop.product("otc", 450, 9).await);
    anna.fill_cart(&[(&product, 2)]).await;
    assert!(lines(&bela).await.is_empty());
    assert_eq!(lines(&anna).await.len(), 1);
}

#[tokio::test]
async fn a_coupon_is_made_used_given_back_and_removed() {
    covers!("coupons-list", "coupons-put", "coupons-remove", "cart-set-coupon", "cart-remove-coupon");
    let shop = Shop::open();
    let (staff, anna, syrup) = (shop.pharmacist().await, shop.customer().await, shop.product("otc", 450, 9).await);
    let code = format!("E2E-{}", e2e::unique().to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let code = code.chars().take(32).collect::<String>();
    let coupon = format!("/v1/coupons/{code}");
    let terms = json!({"kind": "percent", "value": 10, "max_uses": 1});
    staff.put(&coupon, &terms).await.expect(201);
    staff.put(&coupon, &json!({"kind": "percent", "value": 20, "max_uses": 1})).await.expect(200);
    anna.put(&coupon, &terms).await.problem(403, "forbidden");

    anna.fill_cart(&[(&syrup, 2)]).await;
    anna.put("/v1/cart/coupon", &json!({"code": "NO-SUCH-COUPON"})).await.problem(422, "coupon_invalid");
    let cart = anna.put("/v1/cart/coupon", &json!({"code": code.to_lowercase()})).await.body(200);
    assert_eq!((&cart["coupon"], &cart["totals"]["discount"]["amount"]), (&json!(code), &json!(180)));
    let without = anna.delete("/v1/cart/coupon").await.body(200);
    assert_eq!((&without["coupon"], &without["totals"]["discount"]["amount"]), (&Value::Null, &json!(0)));
    anna.put("/v1/cart/coupon", &json!({"code": code})).await.expect(200);
    let order = anna.place(&[]).await.body(201);
    assert_eq!((&order["coupon"], &order["totals"]["discount"]["amount"]), (&json!(code), &json!(180)));

    anna.fill_cart(&[(&syrup, 2)]).await;
    anna.put("/v1/cart/coupon", &json!({"code": code})).await.problem(422, "coupon_spent");
    anna.cancel(&order).await.expect(200);
    anna.put("/v1/cart/coupon", &json!({"code": code})).await.expect(200);

    let mut path = "/v1/coupons?limit=100".to_owned();
    loop {
        let page = staff.get(&path).await.body(200);
        if let Some(found) = page["items"].as_array().unwrap().iter().find(|one| one["code"] == json!(code)) {
            assert_eq!((&found["uses"], &found["value"]), (&json!(0), &json!(20)));
            break;
        }
        path = format!("/v1/coupons?limit=100&cursor={}", page["next_cursor"].as_str().expect("it is in the list"));
    }
    staff.delete(&coupon).await.expect(204);
    staff.delete(&coupon).await.problem(404, "not_found");
    anna.place(&[]).await.problem(422, "checkout_problems");
}

#[tokio::test]
async fn an_order_fills_the_cart_again() {
    covers!("orders-reorder", "orders-set-prescriptions");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 9).await);
    let order = anna.order(&[(&product, 2)], &[]).await;
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    for _ in 0..2 {
        let cart = anna.post_nothing(&format!("{path}/reorder")).await.body(200);
        assert_eq!(read(&cart), [(product.id.clone(), 2)]);
    }
    let kept = anna.put(&format!("{path}/prescriptions"), &json!({"prescription_ids": []})).await.body(200);
    assert_eq!(kept["version"], order["version"]);
}
