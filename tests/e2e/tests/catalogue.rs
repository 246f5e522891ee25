//! `/v1/products`, `/v1/categories`, `/v1/brands`, `/v1/ingredients`: what is for sale.

use e2e::{
    CATEGORY, Client, Product, Shop, covers, eventually, files, lot_body, product_body, search_caught_up, unique,
    upload,
};
use serde_json::{Value, json};

/// The names of what a search finds, in its order.
async fn found(client: &Client, query: &[(&str, &str)]) -> Vec<String> {
    let page = client.search("/v1/products", query).await.body(200);
    page["items"].as_array().unwrap().iter().map(|card| card["name"].as_str().unwrap().to_owned()).collect()
}

/// Products of one brand of their own, by `(name, cents, units, legal status)`.
async fn index(shop: &Shop, products: &[(&str, i64, i64, &str)]) -> (String, Vec<Product>) {
    let brand = format!("SearchIndex {}", unique());
    let mut made = Vec::new();
    for (name, cents, units, legal_status) in products {
        let mut body = product_body(legal_status, *cents);
        body["name"] = json!(name);
        body["brand"] = json!(brand);
        body["ingredients"] = json!([{"name": format!("substance{}", unique()), "strength": "10 mg"}]);
        made.push(shop.product_of(body, *units).await);
    }
    search_caught_up().await;
    let all = found(&shop.guest, &[("brand", &brand), ("limit", "100")]).await;
    assert_eq!(all.len(), made.len(), "{all:?}");
    (brand, made)
}

#[tokio::test]
async fn a_product_is_found_by_words_of_its_name_brand_and_ingredients() {
    covers!("catalog-list-products", "catalog-create-product");
    let shop = Shop::open();
    let tag = unique();
    let mut body = product_body("otc", 500);
    body["name"] = json!(format!("Paracétamol {tag} Élixir"));
    body["brand"] = json!(format!("Füller{tag}"));
    body["ingredients"] = json!([{"name": format!("codeïne{tag}"), "strength": "8 mg"}]);
    let product = shop.product_of(body, 1).await;
    let finds = |query: String| {
        let (shop, id) = (&shop, &product.id);
        async move {
            let page = shop.guest.search("/v1/products", &[("query", &query), ("limit", "100")]).await.body(200);
            page["items"].as_array().unwrap().iter().any(|card| card["id"] == *id)
        }
    };
    search_caught_up().await;
    let short = &tag[..tag.len() - 2];
    for query in [
        format!("PARACETAMOL {tag}"),
        format!("paracé {short}"),
        format!("{short} elix parac"),
        format!("fuller{short}"),
        format!("CODEINE{short} {tag}"),
        format!("aracetmol {tag}"),
    ] {
        assert!(finds(query.clone()).await, "{query}");
    }
    for query in [format!("cetamol {tag}"), format!("{tag} ibuprofen"), format!("{tag}x")] {
        assert!(!finds(query.clone()).await, "{query}");
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_followed_is_repeated_then_kept_and_holds_up_no_other() {
    covers!("catalog-index-stock");
    let shop = Shop::open();
    // As no function of ours writes it: the number of units is missing.
    let key = format!("PRODUCT#prd_{}", ulid_like());
    let poison = json!({"pk": {"S": key}, "sk": {"S": "STOCK"}, "version": {"N": "1"}});
    shop.aws.put_item("Catalog", &poison).await;
    let (brand, _) = index(&shop, &[("Behind", 300, 9, "otc")]).await;
    eventually("the change behind the poisoned one", || async {
        let shown = found(&shop.guest, &[("brand", brand.as_str()), ("in_stock", "true")]).await;
        (shown == ["Behind"]).then_some(())
    })
    .await;
    eventually("the poisoned change among the lost events", || async {
        (shop.aws.dead_letters_with("RetryAttemptsExhausted").await > 0).then_some(())
    })
    .await;
}

/// Something of the form of a ULID that nothing has.
fn ulid_like() -> String {
    let digits: String = unique().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{:0>26}", digits.to_uppercase().replace(['I', 'L', 'O', 'U'], "Z").chars().take(25).collect::<String>())
}

#[tokio::test]
async fn a_list_is_filtered_and_sorted() {
    covers!("catalog-list-products", "catalog-index-stock");
    let shop = Shop::open();
    let products = [
        ("Bravo", 300, 9, "otc"),
        ("Alfa", 900, 0, "prescription"),
        ("Delta", 100, 2, "controlled"),
        ("Charlie", 300, 0, "otc"),
    ];
    let (brand, _) = index(&shop, &products).await;
    let ask = |query: Vec<(&'static str, &'static str)>| {
        let (client, brand) = (shop.guest.clone(), brand.clone());
        async move { found(&client, &[&[("brand", brand.as_str())], &query[..]].concat()).await }
    };
    eventually("the stock to be known", || async { (ask(vec![("in_stock", "true")]).await.len() == 2).then_some(()) })
        .await;
    search_caught_up().await;
    assert_eq!(ask(vec![("sort", "name")]).await, ["Alfa", "Bravo", "Charlie", "Delta"]);
    assert_eq!(ask(vec![]).await, ["Alfa", "Bravo", "Charlie", "Delta"]);
    let by_price = ask(vec![("sort", "price")]).await;
    assert_eq!((by_price.first().unwrap().as_str(), by_price.last().unwrap().as_str()), ("Delta", "Alfa"));
    let dearest = ask(vec![("sort", "-price")]).await;
    assert_eq!((dearest.first().unwrap().as_str(), dearest.last().unwrap().as_str()), ("Alfa", "Delta"));
    assert_eq!(ask(vec![("sort", "-created_at")]).await, ["Charlie", "Delta", "Alfa", "Bravo"]);
    assert_eq!(ask(vec![("in_stock", "true"), ("sort", "name")]).await, ["Bravo", "Delta"]);
    assert_eq!(ask(vec![("prescription_required", "true")]).await, ["Alfa", "Delta"]);
    assert_eq!(ask(vec![("prescription_required", "false")]).await, ["Bravo", "Charlie"]);
    assert_eq!(ask(vec![("min_price", "300"), ("max_price", "899")]).await, ["Bravo", "Charlie"]);
    assert_eq!(ask(vec![("category", CATEGORY), ("max_price", "100")]).await, ["Delta"]);
    assert!(ask(vec![("category", "no-such-category")]).await.is_empty());
    let page = shop.guest.search("/v1/products", &[("brand", &brand), ("sort", "name")]).await.body(200);
    let states: Vec<_> = page["items"].as_array().unwrap().iter().map(|card| &card["availability"]).collect();
    assert_eq!(states, ["out", "in_stock", "out", "low"]);
}

#[tokio::test]
async fn a_search_counts_its_results() {
    covers!("catalog-list-products", "catalog-list-brands", "catalog-list-ingredients");
    let shop = Shop::open();
    let tag = unique();
    let names = [format!("Facet{tag} one"), format!("Facet{tag} two"), format!("Facet{tag} three")];
    let products: Vec<_> =
        names.iter().zip(["otc", "prescription", "otc"]).map(|(name, legal)| (name.as_str(), 100, 0, legal)).collect();
    let (brand, made) = index(&shop, &products).await;
    let facets = shop
        .guest
        .search("/v1/products", &[("query", &format!("facet{tag}")), ("limit", "1")])
        .await
        .body(200)["facets"]
        .clone();
    assert_eq!(facets["brands"], json!([{"value": brand, "count": 3}]));
    assert_eq!(facets["categories"], json!([{"value": CATEGORY, "name": "Made by tests", "count": 3}]));
    assert_eq!(facets["ingredients"].as_array().unwrap().len(), 3);
    assert_eq!(facets["prescription_required"], json!({"true": 1, "false": 2}));

    let brands = all_names(&shop.guest, "/v1/brands").await;
    assert!(brands.contains(&(brand, 3)));
    let ingredients = all_names(&shop.guest, "/v1/ingredients").await;
    for product in made {
        assert!(ingredients.contains(&(product.ingredient().to_owned(), 1)), "{}", product.ingredient());
    }
}

/// A whole list of names with their counts.
async fn all_names(client: &Client, path: &str) -> Vec<(String, i64)> {
    let items = walk(client, path, &[("limit", "100")]).await;
    items.iter().map(|item| (item["name"].as_str().unwrap().to_owned(), item["count"].as_i64().unwrap())).collect()
}

/// All items of a list, page by page.
async fn walk(client: &Client, path: &str, query: &[(&str, &str)]) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = query.to_vec();
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page = client.search(path, &query).await.body(200);
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return items,
        }
    }
}

#[tokio::test]
async fn pages_lose_and_repeat_nothing() {
    covers!("catalog-list-products");
    let shop = Shop::open();
    // Equal prices: the order must be stable all the same.
    let names: Vec<_> = (0..7).map(|number| format!("Page {number}")).collect();
    let products: Vec<_> = names.iter().map(|name| (name.as_str(), 500, 0, "otc")).collect();
    let (brand, made) = index(&shop, &products).await;
    for sort in ["name", "price", "-price", "-created_at", "relevance"] {
        for limit in ["1", "2", "3", "7", "100"] {
            let items = walk(&shop.guest, "/v1/products", &[("brand", &brand), ("sort", sort), ("limit", limit)]).await;
            let mut ids: Vec<_> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
            ids.sort_unstable();
            let mut expected: Vec<_> = made.iter().map(|product| product.id.as_str()).collect();
            expected.sort_unstable();
            assert_eq!(ids, expected, "{sort}, {limit} a page");
        }
    }
}

#[tokio::test]
async fn cursors_and_parameters_are_checked() {
    covers!("catalog-list-products", "catalog-list-brands", "catalog-list-ingredients");
    let shop = Shop::open();
    let (brand, _) = index(&shop, &[("One", 1, 0, "otc"), ("Two", 1, 0, "otc")]).await;
    let page = shop.guest.search("/v1/products", &[("brand", &brand), ("limit", "1")]).await.body(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let search = |query: Vec<(&str, &str)>| shop.guest.search("/v1/products", &query);
    search(vec![("brand", &brand), ("limit", "1"), ("cursor", cursor)]).await.expect(200);
    search(vec![("limit", "1"), ("cursor", cursor)]).await.invalid_field("cursor", "invalid_cursor");
    let altered: String = cursor.chars().rev().collect();
    search(vec![("brand", &brand), ("cursor", &altered)]).await.invalid_field("cursor", "invalid_cursor");
    search(vec![("cursor", "not a cursor")]).await.invalid_field("cursor", "invalid_cursor");
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "ten"),
        ("sort", "cheap"),
        ("in_stock", "maybe"),
        ("prescription_required", "1"),
        ("min_price", "-1"),
        ("max_price", "1.5"),
        ("category", "Not A Slug"),
        ("serch", "typo"),
    ] {
        let named = search(vec![(name, value)]).await.invalid_fields();
        assert_eq!(named.first().map(|(field, _)| field.as_str()), Some(name), "{name}={value}");
    }
    for path in ["/v1/brands", "/v1/ingredients"] {
        shop.guest.search(path, &[("limit", "0")]).await.invalid_field("limit", "out_of_range");
        shop.guest.search(path, &[("cursor", cursor)]).await.invalid_field("cursor", "invalid_cursor");
    }
}

#[tokio::test]
async fn a_product_is_created_changed_and_retired() {
    covers!("catalog-create-product", "catalog-get-product", "catalog-update-product", "catalog-retire-product");
    let shop = Shop::open();
    let pharmacist = shop.pharmacist().await;
    let mut body = product_body("prescription", 1250);
    let slug = format!("medicine-{}", unique());
    body["slug"] = json!(slug);
    let product = shop.product_of(body.clone(), 0).await;
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(product.view[field], *value, "{field}");
    }
    let derived = json!({"prescription_required": true, "availability": "out", "images": [], "seller_id": null, "seller": null, "status": "active", "version": 1});
    for (field, value) in derived.as_object().unwrap() {
        assert_eq!(product.view[field], *value, "{field}");
    }
    pharmacist.post("/v1/products", &body).await.problem(409, "slug_taken");
    // Who reads it is told what is published about it as well.
    let mut read = product.view.clone();
    read["leaflets"] = json!([]);
    for path in [product.path(), format!("/v1/products/{slug}")] {
        assert_eq!(shop.guest.get(&path).await.body(200), read, "{path}");
    }

    let change = json!({"price": {"amount": 990, "currency": "USD"}, "brand": null});
    let changed = pharmacist.patch(&product.path(), &change).if_match(1).await.body(200);
    assert_eq!(
        (&changed["price"]["amount"], &changed["brand"], &changed["version"]),
        (&json!(990), &Value::Null, &json!(2))
    );
    pharmacist.patch(&product.path(), &change).if_match(1).await.problem(412, "version_mismatch");
    assert_eq!(shop.guest.get(&product.path()).await.body(200)["price"]["amount"], 990);

    pharmacist.delete(&product.path()).if_match(1).await.problem(412, "version_mismatch");
    pharmacist.delete(&product.path()).await.expect(204);
    shop.guest.get(&product.path()).await.problem(404, "not_found");
    assert_eq!(pharmacist.get(&product.path()).await.body(200)["status"], "retired");
    pharmacist.post("/v1/products", &body).await.problem(409, "slug_taken");
}

#[tokio::test]
async fn a_caller_who_has_the_product_already_is_not_sent_it_again() {
    covers!("catalog-get-product", "catalog-list-products", "catalog-list-categories");
    let shop = Shop::open();
    let product = shop.product("otc", 500, 0).await;
    for path in [product.path(), "/v1/categories".to_owned(), format!("/v1/products?brand={}", unique())] {
        let first = shop.guest.get(&path).await.expect(200);
        assert!(first.header("cache-control").unwrap().starts_with("public, max-age="), "{path}");
        let tag = first.header("etag").unwrap();
        let again = shop.guest.get(&path).header("if-none-match", tag).await;
        if path == "/v1/categories" && again.status == 200 {
            // Another test has changed the tree meanwhile.
            assert_ne!(again.header("etag"), Some(tag));
            continue;
        }
        let again = again.expect(304);
        assert!(again.bytes.is_empty());
        shop.guest.get(&path).header("if-none-match", "\"other\"").await.expect(200);
    }
    let before = shop.guest.get(&product.path()).await.header("etag").unwrap().to_owned();
    let pharmacist = shop.pharmacist().await;
    pharmacist
        .patch(&product.path(), &json!({"pack_size": "50 tablets"}))
        .header("if-match", &before)
        .await
        .expect(200);
    shop.guest.get(&product.path()).header("if-none-match", &before).await.expect(200);
}

#[tokio::test]
async fn what_a_seller_is_called_reaches_what_they_sell() {
    covers!("sellers-get-profile", "sellers-set-profile", "catalog-follow-changes", "catalog-create-product");
    let shop = Shop::open();
    let (seller, pharmacist) = (shop.new_seller().await, shop.pharmacist().await);
    shop.category(CATEGORY, None).await;
    seller.get("/v1/sellers/me/profile").await.problem(404, "not_found");
    pharmacist.get("/v1/sellers/me/profile").await.problem(403, "forbidden");
    let draft = seller.post("/v1/products", &product_body("otc", 500)).await.body(201);
    assert_eq!(draft["seller"], json!({"id": seller.id, "display_name": null}));
    let path = format!("/v1/products/{}", draft["id"].as_str().unwrap());
    let name = |name: &str| json!({"display_name": name});
    for house in ["Apothecary", "\u{410}pothecary Official"] {
        seller.put("/v1/sellers/me/profile", &name(house)).await.invalid_field("display_name", "reserved");
    }
    let said = seller.put("/v1/sellers/me/profile", &name("Everest Medico")).await.body(200);
    assert_eq!(seller.get("/v1/sellers/me/profile").await.body(200), said);
    let product = eventually("a seller's name to reach their product", || async {
        let product = seller.get(&path).await.body(200);
        (product["seller"]["display_name"] == "Everest Medico").then_some(product)
    })
    .await;
    assert_eq!(product["seller_id"], json!(seller.id));
    let another = seller.post("/v1/products", &product_body("otc", 500)).await.body(201);
    assert_eq!(another["seller"]["display_name"], "Everest Medico");
}

#[tokio::test]
async fn sellers_manage_their_own_products_and_the_staff_approves_them() {
    covers!(
        "catalog-create-product",
        "catalog-update-product",
        "catalog-retire-product",
        "catalog-adjust-stock",
        "catalog-get-product",
        "catalog-start-image"
    );
    let shop = Shop::open();
    let (seller, other, pharmacist) = (shop.seller().await, shop.new_seller().await, shop.pharmacist().await);
    shop.category(CATEGORY, None).await;
    let mut body = product_body("otc", 500);
    body["status"] = json!("active");
    seller.post("/v1/products", &body).await.problem(403, "approval_required");
    body.as_object_mut().unwrap().remove("status");
    let draft = seller.post("/v1/products", &body).await.body(201);
    assert_eq!((&draft["status"], &draft["seller_id"]), (&json!("draft"), &json!(seller.id)));
    let path = format!("/v1/products/{}", draft["id"].as_str().unwrap());

    for stranger in [&shop.guest, &*other] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    other.patch(&path, &json!({"name": "Mine"})).await.problem(404, "not_found");
    other.delete(&path).await.problem(404, "not_found");
    let lot = lot_body(5);
    other.post(&format!("{path}/lots"), &lot).key(&unique()).await.problem(404, "not_found");
    let stock = json!({"delta": -1, "reason": "damage"});
    other.post(&format!("{path}/stock"), &stock).key(&unique()).await.problem(404, "not_found");
    let image = json!({"content_type": "image/png", "size_bytes": 100});
    other.post(&format!("{path}/images"), &image).await.problem(404, "not_found");
    let of_the_pharmacy = shop.product("otc", 100, 0).await;
    seller.patch(&of_the_pharmacy.path(), &json!({"name": "Mine"})).await.problem(404, "not_found");
    seller.delete(&of_the_pharmacy.path()).await.problem(404, "not_found");

    seller.get(&path).await.expect(200);
    seller.patch(&path, &json!({"status": "active"})).await.problem(403, "approval_required");
    pharmacist.patch(&path, &json!({"status": "active"})).await.expect(200);
    shop.guest.get(&path).await.expect(200);
    seller.post(&format!("{path}/lots"), &lot).key(&unique()).await.expect(201);
    seller.post(&format!("{path}/stock"), &stock).key(&unique()).await.expect(200);
    let cheaper = json!({"price": {"amount": 400, "currency": "USD"}});
    assert_eq!(seller.patch(&path, &cheaper).await.body(200)["status"], "active");
    // Another medicine than the one that was approved.
    assert_eq!(seller.patch(&path, &json!({"legal_status": "prescription"})).await.body(200)["status"], "draft");
    shop.guest.get(&path).await.problem(404, "not_found");
    seller.delete(&path).await.expect(204);
}

#[tokio::test]
async fn stock_is_adjusted_once_for_each_key() {
    covers!("catalog-adjust-stock");
    let shop = Shop::open();
    let product = shop.product("otc", 500, 0).await;
    let pharmacist = shop.pharmacist().await;
    let path = format!("{}/stock", product.path());
    let key = unique();
    let received = pharmacist.post(&format!("{}/lots", product.path()), &lot_body(1)).key(&unique()).await.body(201);
    let add = |delta: i64, key: &str| {
        let body = json!({"delta": delta, "reason": "count", "lot_id": received["id"]});
        pharmacist.post(&path, &body).key(key)
    };
    let first = add(6, &key).await.expect(200);
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(first.json(), json!({"on_hand": 7, "reserved": 0, "available": 7, "version": first.json()["version"]}));
    add(-2, &unique()).await.expect(200);
    let again = add(6, &key).await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), again.json()), (Some("true"), first.json()));
    add(8, &key).await.problem(422, "idempotency_key_reused");
    let short = add(-6, &unique()).await.problem(409, "insufficient_stock");
    assert_eq!(short["problems"][0]["available"], 5, "{short}");
    add(0, &unique()).await.invalid_field("delta", "out_of_range");
    let without = json!({"delta": 1, "reason": "count"});
    pharmacist.post(&path, &without).await.problem(400, "idempotency_key_required");
    pharmacist.post(&path, &without).key(&unique()).await.invalid_field("lot_id", "required");
    shop.expect_stock(&product, 5, 0).await;
}

#[tokio::test]
async fn the_inventory_and_the_lots_say_what_there_is() {
    covers!(
        "catalog-receive-lot",
        "catalog-list-lots",
        "catalog-list-movements",
        "catalog-list-inventory",
        "catalog-expire-lots"
    );
    let shop = Shop::open();
    let product = shop.product("otc", 500, 3).await;
    let pharmacist = shop.pharmacist().await;
    let lots = pharmacist.get(&format!("{}/lots", product.path())).await.body(200);
    assert_eq!(lots["items"][0]["quantity"], json!({"received": 3, "on_hand": 3, "quarantined": 0}));
    let other = json!({"number": lots["items"][0]["number"], "expires_on": "2098-01-31", "quantity": 1});
    let path = format!("{}/lots", product.path());
    pharmacist.post(&path, &other).key(&unique()).await.problem(409, "lot_conflict");
    let past = json!({"number": unique(), "expires_on": "2020-01-31", "quantity": 1});
    pharmacist.post(&path, &past).key(&unique()).await.problem(422, "lot_expired");
    let moved = pharmacist.get(&format!("{}/movements", product.path())).await.body(200);
    assert_eq!((&moved["items"][0]["what"], &moved["items"][0]["balance"]), (&json!("received"), &json!(3)));
    // Its page is somewhere among those of all the tests' products.
    let mut cursor = String::new();
    loop {
        let page = pharmacist.get(&format!("/v1/inventory?filter=low&limit=100{cursor}")).await.body(200);
        let items = page["items"].as_array().unwrap();
        if let Some(item) = items.iter().find(|item| item["product"]["id"] == json!(product.id)) {
            assert_eq!(
                (&item["available"], &item["reorder_point"], &item["days_of_cover"]),
                (&json!(3), &json!(5), &json!(null))
            );
            break;
        }
        cursor = format!("&cursor={}", page["next_cursor"].as_str().expect("it is in none of the pages"));
    }
    let run = shop.aws.invoke("catalog-expire-lots", &json!({"source": "aws.events", "detail": {}})).await;
    assert!(run["expired"].is_number(), "{run}");
    shop.expect_stock(&product, 3, 0).await;
}

#[tokio::test]
async fn a_lot_is_called_back_its_parcels_stay_and_whoever_has_it_is_told() {
    covers!("catalog-recall-lot", "catalog-get-recall", "catalog-trace-lot", "orders-follow-recalls");
    let shop = Shop::open();
    let (anna, ben, pharmacist) = (shop.customer().await, shop.customer().await, shop.pharmacist().await);
    let product = shop.product("otc", 500, 3).await;
    let lots = format!("{}/lots", product.path());
    let lot = pharmacist.get(&lots).await.body(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let (out, held) = (anna.order(&[(&product, 1)], &[]).await, ben.order(&[(&product, 2)], &[]).await);
    shop.advance(&out, &["verified", "packed", "shipped"]).await;
    shop.advance(&held, &["verified", "packed"]).await;
    pharmacist.post(&lots, &lot_body(2)).key(&unique()).await.expect(201);
    let (path, key) = (format!("/v1/lots/{lot}/recall"), unique());
    let body = json!({"reason": "Some tablets are too strong.", "reference": "D-0123-2027", "class": 2});
    let recalled = pharmacist.post(&path, &body).key(&key).await.body(202);
    let again = pharmacist.post(&path, &body).key(&key).await;
    assert_eq!((again.header("idempotency-replayed"), again.json()), (Some("true"), recalled.clone()));
    let other = pharmacist.post(&path, &body).key(&unique()).await.problem(409, "already_recalled");
    assert_eq!(other["problems"][0]["recall_id"], recalled["id"]);
    shop.expect_stock(&product, 0, 2).await;
    assert_eq!(ben.current(&held).await["holds"][0]["code"], "recalled_lot");
    pharmacist.transition(&held, "shipped").await.problem(409, "no_suitable_lot");

    shop.aws.invoke("orders-follow-recalls", &json!({"source": "aws.events", "detail": {}})).await;
    let path = format!("/v1/recalls/{}", recalled["id"].as_str().unwrap());
    let recall = eventually("the end of the recall", || async {
        let recall = pharmacist.get(&path).await.body(200);
        (recall["status"] == "finished").then_some(recall)
    })
    .await;
    assert_eq!((&recall["orders_held"], &recall["people_told"]), (&json!(1), &json!(1)));
    assert_eq!(recall["units"], json!({"sold": 1, "quarantined": 0, "on_hand": 2}));
    let mail = eventually("a mail about the recall", || async {
        shop.aws.messages_to(&anna.email).await.into_iter().find(|text| text.contains("called back"))
    })
    .await;
    assert!(!mail.contains("strong") && !mail.contains("/unsubscribe/"), "{mail}");
    assert_eq!(anna.current(&out).await["recalls"][0]["reason"], "Some tablets are too strong.");

    let trace = format!("/v1/lots/{lot}/trace");
    let traced = pharmacist.get(&trace).await.body(200);
    let orders: Vec<_> = traced["items"].as_array().unwrap().iter().map(|one| one["order_id"].clone()).collect();
    assert_eq!(orders, [out["id"].clone(), held["id"].clone()]);
    // Packed anew it goes out with others.
    shop.advance(&held, &["packed", "shipped"]).await;
    let traced = pharmacist.get(&trace).await.body(200);
    assert_eq!((traced["items"].as_array().unwrap().len(), &traced["items"][0]["order_id"]), (1, &out["id"]));
    let units = pharmacist.get(&path).await.body(200)["units"].clone();
    assert_eq!(units, json!({"sold": 1, "quarantined": 2, "on_hand": 0}));
}

#[tokio::test]
async fn prices_alternatives_and_suggestions_are_for_everybody() {
    covers!("catalog-price-history", "catalog-alternatives", "catalog-suggest");
    let shop = Shop::open();
    let mut body = product_body("otc", 500);
    body["te_code"] = json!("AB");
    let product = shop.product_of(body.clone(), 0).await;
    body["name"] = json!(format!("Other {}", body["name"].as_str().unwrap()));
    body["price"]["amount"] = json!(400);
    let other = shop.product_of(body, 0).await;
    let cheaper = json!({"price": {"amount": 450, "currency": "USD"}});
    shop.pharmacist().await.patch(&product.path(), &cheaper).await.expect(200);
    let prices = shop.guest.get(&format!("{}/prices?limit=5", product.path())).await.body(200);
    assert_eq!((prices["items"].as_array().unwrap().len(), &prices["lowest_30_days"]["amount"]), (2, &json!(450)));
    let path = format!("{}/alternatives", product.path());
    let found = eventually("an alternative", || async {
        let found = shop.guest.get(&path).await.body(200);
        found["items"].as_array().filter(|items| !items.is_empty()).cloned()
    })
    .await;
    assert_eq!((&found[0]["product"]["id"], &found[0]["kind"]), (&json!(other.id), &json!("generic_equivalent")));
    let typed = format!("/v1/products/suggest?q={}", product.ingredient());
    let suggested = shop.guest.get(&typed).await.body(200);
    assert_eq!(suggested["items"][0]["kind"], "ingredient", "{suggested}");
}

#[tokio::test]
async fn categories_form_a_tree() {
    covers!("catalog-put-category", "catalog-list-categories", "catalog-remove-category");
    let shop = Shop::open();
    let admin = shop.admin().await;
    let [root, child, grandchild] = ["a", "b", "c"].map(|letter| format!("{letter}-{}", unique()));
    let put = |id: &str, parent: Option<&str>| {
        admin.put(
            &format!("/v1/categories/{id}"),
            &json!({"name": format!("Category {id}"), "parent_id": parent, "position": 3}),
        )
    };
    put(&child, Some(&root)).await.invalid_field("parent_id", "unknown_category");
    put(&root, None).await.expect(201);
    put(&child, Some(&root)).await.expect(201);
    put(&grandchild, Some(&child)).await.expect(201);
    put(&grandchild, Some(&child)).await.expect(200);
    put(&root, Some(&grandchild)).await.invalid_field("parent_id", "cycle");
    put(&root, Some(&root)).await.invalid_field("parent_id", "cycle");
    put(&root, None).if_match(9).await.problem(412, "version_mismatch");

    let tree = shop.guest.get("/v1/categories").await.body(200);
    let node =
        |nodes: &Value, id: &str| nodes.as_array().unwrap().iter().find(|node| node["id"] == id).cloned().unwrap();
    let branch = node(&tree["items"], &root);
    let twig = node(&branch["children"], &child);
    assert_eq!(node(&twig["children"], &grandchild)["name"], format!("Category {grandchild}"));

    let mut body = product_body("otc", 100);
    body["category_id"] = json!(grandchild);
    let product = shop.product_of(body, 0).await;
    eventually("the product in its category and those above", || async {
        let names = found(&shop.guest, &[("category", &root)]).await;
        (names == [product.view["name"].as_str().unwrap()]).then_some(())
    })
    .await;
    let remove = |id: &str| admin.delete(&format!("/v1/categories/{id}"));
    remove(&child).await.problem(409, "category_in_use");
    remove(&grandchild).await.problem(409, "category_in_use");
    admin.delete(&product.path()).await.expect(204);
    for id in [&grandchild, &child, &root] {
        remove(id).await.expect(204);
    }
    remove(&root).await.problem(404, "not_found");
    let mut nowhere = product_body("otc", 100);
    nowhere["category_id"] = json!(root);
    admin.post("/v1/products", &nowhere).await.invalid_field("category_id", "unknown_category");
}

#[tokio::test]
async fn a_picture_is_shown_once_checked_and_removed() {
    covers!("catalog-start-image", "catalog-scan-image", "catalog-remove-image");
    let shop = Shop::open();
    let (product, pharmacist) = (shop.product("otc", 500, 0).await, shop.pharmacist().await);
    let images = format!("{}/images", product.path());
    let start = |content_type: &str, size: usize| {
        pharmacist.post(&images, &json!({"content_type": content_type, "size_bytes": size}))
    };
    let shown = || async { pharmacist.get(&product.path()).await.body(200)["images"].clone() };

    // First what must never be shown.
    for (announced, file) in [("image/png", files::svg()), ("image/webp", files::html()), ("image/jpeg", files::png())]
    {
        let form = start(announced, file.len()).await.body(201)["upload"].clone();
        assert_eq!(upload(&pharmacist, &form, &file).await.status, 204);
        let key = form["fields"]["key"].as_str().unwrap();
        eventually("the file to be thrown away", || async { (!shop.aws.in_media_bucket(key).await).then_some(()) })
            .await;
    }
    assert_eq!(shown().await, json!([]));
    start("image/svg+xml", 10).await.invalid_field("content_type", "unknown_value");
    start("image/png", 6 * 1024 * 1024).await.invalid_field("size_bytes", "out_of_range");

    let photo = files::jpeg_with_place();
    let started = start("image/jpeg", photo.len()).await.body(201);
    assert_eq!(upload(&pharmacist, &started["upload"], &photo).await.status, 204);
    let image =
        eventually("the picture to be shown", || async { shown().await.as_array().unwrap().first().cloned() }).await;
    assert_eq!((&image["width"], &image["height"]), (&json!(900), &json!(600)));
    let url = image["url"].as_str().unwrap();
    let file = shop.guest.http().get(url).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
    assert_eq!(files::dimensions(&file), (900, 600));
    assert!(!files::holds(&file, files::SECRET_PLACE) && !files::holds(&file, "Exif"));
    let sources = image["sources"].as_array().unwrap().clone();
    let sizes: Vec<_> =
        sources.iter().map(|source| (source["type"].as_str().unwrap(), source["width"].as_u64().unwrap())).collect();
    let (webp, jpeg) = ("image/webp", "image/jpeg");
    assert_eq!(sizes, [(webp, 320), (webp, 800), (webp, 900), (jpeg, 320), (jpeg, 800), (jpeg, 900)]);
    let fetch = |source: &Value| shop.guest.http().get(source["url"].as_str().unwrap()).send();
    for source in &sources {
        let file = fetch(source).await.unwrap().error_for_status().unwrap();
        assert_eq!(file.headers()["content-type"], source["type"].as_str().unwrap());
        assert_eq!(file.headers()["cache-control"], "public, max-age=31536000, immutable");
        let size = files::dimensions(&file.bytes().await.unwrap());
        assert_eq!(
            (u64::from(size.0), u64::from(size.1)),
            (source["width"].as_u64().unwrap(), source["height"].as_u64().unwrap())
        );
    }

    let path = format!("{images}/{}", started["id"].as_str().unwrap());
    pharmacist.delete(&path).await.expect(204);
    assert_eq!(shown().await, json!([]));
    for source in &sources {
        assert!(!fetch(source).await.unwrap().status().is_success(), "{source} is gone");
    }
    pharmacist.delete(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn bad_products_are_refused_field_by_field() {
    covers!("catalog-create-product");
    let shop = Shop::open();
    let admin = shop.admin().await;
    let good = product_body("otc", 500);
    for (pointer, value, field) in [
        ("/price", json!({"amount": 0, "currency": "USD"}), "price.amount"),
        ("/price", json!({"amount": -1, "currency": "USD"}), "price.amount"),
        ("/price", json!({"amount": 1.5, "currency": "USD"}), "price.amount"),
        ("/price", json!({"amount": 100, "currency": "NPR"}), "price.currency"),
        ("/ingredients", json!([]), "ingredients"),
        ("/ingredients", json!([{"name": "x"}]), "ingredients[0].strength"),
        ("/legal_status", json!("free"), "legal_status"),
        ("/name", json!("a\u{0}b"), "name"),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let named = admin.post("/v1/products", &body).await.invalid_fields();
        assert_eq!(named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [field], "{value}");
    }
}

#[tokio::test]
async fn a_controlled_medicine_is_destroyed_by_two_and_stands_in_the_register() {
    covers!("catalog-confirm-movement", "registers-controlled", "registers-verify");
    let shop = Shop::open();
    let product = shop.product("controlled", 500, 4).await;
    let (pharmacist, admin) = (shop.pharmacist().await, shop.admin().await);
    let body = json!({"delta": -1, "reason": "disposal", "witness_id": admin.id});
    let path = format!("{}/stock", product.path());
    let announced = pharmacist.post(&path, &body).key(&unique()).await.body(202);
    let confirm = format!("/v1/stock-movements/{}/confirm", announced["movement_id"].as_str().unwrap());
    pharmacist.post_nothing(&confirm).await.problem(403, "own_disposal");
    shop.expect_stock(&product, 4, 0).await;
    assert_eq!(admin.post_nothing(&confirm).await.body(200)["available"], 3);
    let register = pharmacist.get(&format!("/v1/registers/controlled?product={}", product.id)).await.body(200);
    let kinds: Vec<_> = register["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["received", "destroyed"]);
    let verdict = pharmacist.get(&format!("/v1/registers/controlled/verify?product={}", product.id)).await.body(200);
    assert_eq!((&verdict["intact"], &verdict["balance"], &verdict["in_house"]), (&json!(true), &json!(3), &json!(3)));
}
