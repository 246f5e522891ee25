//! Searching a real stack, with the snapshot that instances begin with.

use e2e::{Shop, covers, eventually, product_body};
use serde_json::json;

#[tokio::test]
async fn a_snapshot_is_written_and_what_people_type_finds_what_they_mean() {
    covers!("catalog-write-snapshot", "catalog-list-products");
    let shop = Shop::open();
    let mut body = product_body("otc", 450);
    body["ingredients"] = json!([{"name": "acetaminophen", "strength": "500 mg"}]);
    let product = shop.product_of(body, 0).await;
    let event = json!({"source": "aws.events", "detail": {}});
    let written = shop.aws.invoke("catalog-write-snapshot", &event).await;
    assert!(written["products"].as_u64().is_some_and(|products| products > 0), "{written}");
    assert!(shop.aws.in_media_bucket("search/index-v1").await);
    for typed in ["paracetamol", "paracetemal", "প্যারাসিটামল", "प्यारासिटामोल"]
    {
        eventually(typed, || async {
            let query = [("query", typed), ("sort", "-created_at"), ("limit", "100")];
            let found = shop.guest.search("/v1/products", &query).await.body(200);
            found["items"].as_array()?.iter().any(|one| one["id"] == json!(product.id)).then_some(())
        })
        .await;
    }
}
