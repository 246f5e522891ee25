//! `/v1/imports`: tables of products and stock.

use e2e::{CATEGORY, Client, Shop, covers, eventually, unique, upload};
use serde_json::{Value, json};

/// Announces a table, uploads it and waits until it was read.
async fn import(client: &Client, kind: &str, dry_run: bool, table: &str) -> Value {
    let body = json!({"kind": kind, "content_type": "text/csv", "size_bytes": table.len(), "dry_run": dry_run});
    let started = client.post("/v1/imports", &body).await.body(201);
    assert_eq!(upload(client, &started["upload"], table.as_bytes()).await.status, 204);
    let path = format!("/v1/imports/{}", started["id"].as_str().unwrap());
    eventually("the import to be over", || async {
        let import = client.get(&path).await.body(200);
        import["finished_at"].is_string().then_some(import)
    })
    .await
}

/// Read, created, updated, unchanged, refused.
fn counts(import: &Value) -> [i64; 5] {
    ["read", "created", "updated", "unchanged", "refused"].map(|name| import["rows"][name].as_i64().unwrap())
}

async fn report(client: &Client, import: &Value) -> String {
    let url = import["report_url"].as_str().unwrap();
    client.http().get(url).send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_table_is_taken_in_and_again_changes_nothing() {
    covers!("imports-start", "imports-get", "imports-list", "catalog-import");
    let shop = Shop::open();
    let pharmacist = shop.pharmacist().await;
    // So that there is a category.
    shop.product("otc", 500, 0).await;
    let tag = unique();
    let row = |sku: &str, price: &str| {
        let slug = format!("import-{tag}-{sku}").to_lowercase();
        format!(
            "{tag}-{sku};{slug};Import {tag} {sku};abacavir | 10 mg;tablet;oral;20 tablets;{CATEGORY};{price};otc\r\n"
        )
    };
    let header = "sku;slug;name;ingredients;dosage_form;route;pack_size;category_id;price;legal_status\r\n";
    let one = format!("\u{feff}{header}{}", row("A", "4.99"));
    let dry = import(&pharmacist, "products", true, &one).await;
    assert_eq!((counts(&dry), &dry["dry_run"]), ([1, 1, 0, 0, 0], &json!(true)), "{dry}");
    let first = import(&pharmacist, "products", false, &one).await;
    assert_eq!(counts(&first), [1, 1, 0, 0, 0], "nothing was written by the dry run: {first}");

    // A good one, a changed one, and one that breaks a rule.
    let table = format!("{header}{}{}{}", row("B", "2.00"), row("A", "5.49"), row("C", "free"));
    let second = import(&pharmacist, "products", false, &table).await;
    assert_eq!((counts(&second), second["status"].as_str()), ([3, 1, 1, 0, 1], Some("finished")), "{second}");
    let text = report(&pharmacist, &second).await;
    assert!(text.contains(&format!("4,price,invalid_amount,Price must be a sum such as 12.50.,{tag}-C")), "{text}");
    let product = shop.guest.get(&format!("/v1/products/import-{tag}-a").to_lowercase()).await.body(200);
    assert_eq!((&product["price"]["amount"], &product["sku"]), (&json!(549), &json!(format!("{tag}-A"))));
    assert_eq!(counts(&import(&pharmacist, "products", false, &table).await), [3, 0, 0, 2, 1]);

    let stock = format!("sku,lot_number,expires_on,quantity\n{tag}-A,L1,2099-12-31,30\n");
    assert_eq!(counts(&import(&pharmacist, "stock", false, &stock).await), [1, 1, 0, 0, 0]);
    assert_eq!(counts(&import(&pharmacist, "stock", false, &stock).await), [1, 0, 0, 1, 0]);
    let lots = pharmacist.get(&format!("/v1/products/{}/lots", product["id"].as_str().unwrap())).await.body(200);
    assert_eq!(lots["stock"]["available"], 30, "{lots}");

    let broken = import(&pharmacist, "products", false, "sku,=cmd\nA,x\n").await;
    assert_eq!((broken["status"].as_str(), &broken["failed"]["code"]), (Some("failed"), &json!("unknown_column")));
    let list = pharmacist.get("/v1/imports?limit=100").await.body(200);
    let listed = |import: &Value| list["items"].as_array().unwrap().iter().any(|one| one["id"] == import["id"]);
    assert!(listed(&broken) && listed(&first), "{list}");
    let customer = shop.customer().await;
    customer.get("/v1/imports").await.problem(403, "forbidden");
}
