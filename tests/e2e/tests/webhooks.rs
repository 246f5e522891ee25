//! `/v1/webhooks`: events to others' systems, by the streams and the worker of a real stack.

use e2e::{Shop, covers, eventually, unique};
use serde_json::{Value, json};

#[tokio::test]
async fn an_order_is_noted_for_an_address_that_wants_to_know_and_tried() {
    covers!("webhooks-put", "webhooks-list", "webhooks-deliveries", "webhooks-redeliver", "webhooks-remove");
    covers!("webhooks-deliver");
    let shop = Shop::open();
    let admin = shop.admin().await;
    let path = format!("/v1/webhooks/{}", unique().to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    // Nobody answers there, on whichever machine this runs.
    let body = json!({"url": "http://127.0.0.1:9/hooks", "events": ["order.placed"]});
    let made = admin.put(&path, &body).await.body(201);
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 5).await);
    let order = anna.order(&[(&product, 1)], &[]).await;
    let of_order = |page: &Value| {
        let items = page["items"].as_array().unwrap().clone();
        items.into_iter().find(|one| one["body"].as_str().unwrap().contains(order["id"].as_str().unwrap()))
    };
    let noted = eventually("a delivery", || async {
        let page = admin.get(&format!("{path}/deliveries?limit=100")).await.body(200);
        of_order(&page)
    })
    .await;
    assert_eq!(noted["event"], "order.placed");
    shop.aws.invoke("webhooks-deliver", &json!({"source": "aws.events", "detail": {}})).await;
    let tried = eventually("a try", || async {
        let page = admin.get(&format!("{path}/deliveries?limit=100")).await.body(200);
        of_order(&page).filter(|one| one["attempts"].as_array().is_some_and(|tries| !tries.is_empty()))
    })
    .await;
    assert_eq!(tried["attempts"][0]["error"], "no_connection", "{tried}");
    let again = json!({"delivery_id": tried["id"]});
    assert_eq!(admin.post(&format!("{path}/redeliver"), &again).await.body(202)["state"], "pending");
    let listed = admin.get("/v1/webhooks").await.body(200);
    assert!(listed["items"].as_array().unwrap().iter().any(|one| one["id"] == made["id"]));
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(204);
    admin.get(&format!("{path}/deliveries")).await.problem(404, "not_found");
    let inside = json!({"url": "https://169.254.169.254/", "events": ["order.placed"]});
    admin.put(&path, &inside).await.invalid_field("url", "invalid_url");
}
