//! `/v1/reports`: what has happened shows in the sums of its day.

use e2e::{Shop, covers, eventually};
use serde_json::json;

#[tokio::test]
async fn an_order_shows_in_the_sales_of_its_seller() {
    covers!("reports-sales", "reports-payments", "reports-prescriptions", "reports-inventory", "reports-count");
    let shop = Shop::open();
    let staff = shop.pharmacist().await;
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 5).await);
    let first = anna.order(&[(&product, 1)], &[]).await;
    let year = first["history"][0]["at"].as_str().unwrap().split('-').next().unwrap().to_owned();
    let days = format!("from={year}-01-01&to={year}-12-31&group=month");
    let path = format!("/v1/reports/sales?{days}");
    let placed = || async {
        let report = staff.get(&path).await.body(200);
        let totals = report["totals"].as_array().unwrap().iter();
        totals.map(|one| one["orders_placed"].as_i64().unwrap()).sum::<i64>()
    };
    let before = placed().await;
    anna.order(&[(&product, 1)], &[]).await;
    eventually("the order in the report", || async { (placed().await > before).then_some(()) }).await;

    let day = first["history"][0]["at"].as_str().unwrap().split('T').next().unwrap().to_owned();
    let by_product = format!("/v1/reports/sales?by=product&from={day}&to={day}");
    let sold = eventually("the product in the report", || async {
        let report = staff.get(&by_product).await.body(200);
        let rows = report["rows"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["product_id"] == product.id.as_str() && row["units"] == json!(2))
    })
    .await;
    assert_eq!((&sold["gross"]["amount"], &sold["orders_placed"]), (&json!(900), &json!(2)));
    staff.get("/v1/reports/sales?by=product&from=2026-01-01&to=2026-02-01").await.invalid_field("to", "out_of_range");

    let seller = shop.new_seller().await;
    assert_eq!(seller.get(&by_product).await.body(200)["rows"], json!([]));
    let own = seller.get(&path).await.body(200);
    assert_eq!(own["totals"][0]["orders_placed"], json!(0));
    seller.get("/v1/reports/inventory").await.expect(200);
    staff.get("/v1/reports/inventory").await.expect(200);
    for report in ["payments", "prescriptions"] {
        let path = format!("/v1/reports/{report}?{days}");
        seller.get(&path).await.problem(403, "forbidden");
        staff.get(&path).await.expect(200);
    }
    anna.get(&path).await.problem(403, "forbidden");
    staff.get("/v1/reports/sales?from=2026-01-01&to=2027-02-05").await.invalid_field("to", "out_of_range");
}
