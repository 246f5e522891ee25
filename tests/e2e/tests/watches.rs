//! Watching products, through the stream, the queue and the mails of a real stack.

use e2e::{Shop, covers, eventually, lot_body, unique};
use serde_json::json;

#[tokio::test]
async fn who_watches_a_product_is_told_once_that_it_is_cheaper_and_that_it_is_back() {
    covers!("catalog-watch", "catalog-unwatch", "catalog-list-watches", "catalog-follow-changes");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 0).await);
    let path = format!("{}/watch", product.path());
    let terms = json!({"below": {"amount": 400, "currency": "USD"}, "back_in_stock": true});
    let watch = anna.put(&path, &terms).await.body(200);
    assert_eq!((&watch["product_id"], &watch["below"]), (&json!(product.id), &terms["below"]));
    assert_eq!(anna.put(&path, &terms).await.body(200)["since"], watch["since"], "twice is once");
    let list = anna.get("/v1/profile/watches").await.body(200);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["product"]["id"]), (1, &json!(product.id)));
    for amount in [390, 380] {
        let cheaper = json!({"price": {"amount": amount, "currency": "USD"}});
        shop.pharmacist().await.patch(&product.path(), &cheaper).await.expect(200);
    }
    let lot = shop.pharmacist().await.post(&format!("{}/lots", product.path()), &lot_body(5)).key(&unique());
    lot.await.expect(201);
    let kinds = eventually("two notices", || async {
        let page = anna.get("/v1/notifications?limit=100").await.body(200);
        let items = page["items"].as_array().unwrap();
        let mut kinds: Vec<_> = items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        (kinds.len() >= 2).then_some(kinds)
    })
    .await;
    assert_eq!(kinds, ["back_in_stock", "price_dropped"]);
    anna.put(&path, &json!({})).await.invalid_field("below", "required");
    for _ in 0..2 {
        anna.delete(&path).await.expect(204);
    }
    assert_eq!(anna.get("/v1/profile/watches").await.body(200)["items"], json!([]));
    shop.guest.put(&path, &terms).await.expect(401);
}
