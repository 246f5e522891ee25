//! `/v1/health`, `/v1/openapi.json`, `/v1/docs`, and what holds for the whole API.

use std::io::Read;

use e2e::{Shop, covers, files};
use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_api_is_well() {
    covers!("platform-health");
    let shop = Shop::open();
    let health = shop.guest.get("/v1/health").await.body(200);
    assert_eq!(health["status"], "ok", "{health}");
    // Whatever token comes along.
    shop.guest.with_token("nonsense").get("/v1/health").await.expect(200);
}

#[tokio::test]
async fn the_keys_are_published_anew_and_what_was_signed_before_stays_good() {
    covers!("platform-keys");
    let shop = Shop::open();
    let page = shop.guest.get("/v1/products?limit=1").await.body(200);
    let cursor = page["next_cursor"].as_str().unwrap().to_owned();
    let run = shop.aws.invoke("platform-keys", &json!({"source": "aws.events", "detail": {}})).await;
    assert!(run["published_at"].as_str().is_some_and(|at| at.starts_with("20")), "{run}");
    shop.guest.get(&format!("/v1/products?limit=1&cursor={cursor}")).await.expect(200);
    shop.guest.get("/v1/health").await.expect(200);
}

#[tokio::test]
async fn monitors_and_checkers_of_links_may_ask_by_head() {
    covers!("platform-health");
    let shop = Shop::open();
    for path in ["/v1/health", "/v1/openapi.json", "/v1/docs", "/v1/products", "/v1/categories", "/v1/brands"] {
        let head = shop.guest.call(Method::HEAD, path).await.expect(200);
        assert!(head.bytes.is_empty(), "{path}");
        let get = shop.guest.get(path).await.expect(200);
        for name in ["content-type", "cache-control", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    shop.guest.call(Method::HEAD, "/v1/products/no-such-product").await.expect(404);
}

#[tokio::test]
async fn the_document_describes_the_api() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let answer = shop.guest.get("/v1/openapi.json").await.expect(200);
    let tag = answer.header("etag").unwrap().to_owned();
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    // Every reference leads somewhere.
    let text = document.to_string();
    let references = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut count = 0;
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
        count += 1;
    }
    assert!(count > 50, "{count} references");
    shop.guest.get("/v1/openapi.json").header("if-none-match", &tag).await.expect(304);
}

#[tokio::test]
async fn the_document_is_packed_for_who_takes_it_so() {
    covers!("platform-openapi");
    let shop = Shop::open();
    let plain = shop.guest.get("/v1/openapi.json").await.expect(200);
    let packed = shop.guest.get("/v1/openapi.json").header("accept-encoding", "br, gzip").await.expect(200);
    assert_eq!(
        (packed.header("content-encoding"), packed.header("vary")),
        (Some("gzip"), Some("Accept-Encoding, Origin"))
    );
    assert!(packed.bytes.len() * 5 < plain.bytes.len(), "{} of {}", packed.bytes.len(), plain.bytes.len());
    let mut unpacked = Vec::new();
    GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain.bytes, "the same document");
    let tag = packed.header("etag").unwrap();
    assert_ne!(Some(tag), plain.header("etag"));
    let again = shop.guest.get("/v1/openapi.json").header("accept-encoding", "gzip").header("if-none-match", tag).await;
    again.expect(304);
}

#[tokio::test]
async fn the_docs_are_a_page_of_our_own() {
    covers!("platform-docs");
    let shop = Shop::open();
    let page = shop.guest.get("/v1/docs").await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
    for foreign in ["src=\"http", "src='http", "href=\"http", "@import", "//cdn"] {
        assert!(!files::holds(&page.bytes, foreign), "{foreign} in the page");
    }
    // It shows the roles that the document names.
    assert!(files::holds(&page.bytes, "operation[\"x-roles\"]"), "no roles in the page");
    let document = shop.guest.get("/v1/openapi.json").await.body(200);
    let review = &document["paths"]["/v1/prescriptions/{id}/review"]["post"]["x-roles"];
    assert_eq!(review, &json!({"pharmacy_admin": "all", "super_admin": "all"}));
    assert_eq!(document["paths"]["/v1/sellers/me/earnings"]["get"]["x-roles"], json!({"seller": "own"}));
    assert!(document["paths"]["/v1/products"]["get"].get("x-roles").is_none());
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_a_page_about_it() {
    covers!("platform-problem");
    let shop = Shop::open();
    let problem = shop.guest.get("/v1/cart").await.any_problem(401);
    let page = shop.guest.get(problem["type"].as_str().unwrap()).await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.text().contains(problem["code"].as_str().unwrap()), "{}", page.text());
    shop.guest.get("/v1/problems/no_such_code").await.problem(404, "not_found");
}

#[tokio::test]
async fn what_has_no_route_is_not_found() {
    covers!("platform-health", "platform-not-found");
    let shop = Shop::open();
    let page = "http://localhost:3000";
    for path in ["/v1/nothing", "/v1", "/v1/orders/x/y/z"] {
        let answer = shop.guest.get(path).header("origin", page).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(page), "{path}: a page may read it");
        answer.problem(404, "unknown_path");
    }
    // A token that is no good is not looked at.
    shop.guest.with_token("nonsense").get("/v1/nothing").await.problem(404, "unknown_path");
    let wrong = shop.guest.delete("/v1/health").header("origin", page).await;
    assert_eq!((wrong.header("allow"), wrong.header("access-control-allow-origin")), (Some("GET, HEAD"), Some(page)));
    wrong.problem(405, "method_not_allowed");
    // Preflights are still answered by API Gateway, at paths that there are and at others.
    for path in ["/v1/health", "/v1/nothing"] {
        let preflight = shop.guest.call(Method::OPTIONS, path).header("origin", page);
        let preflight = preflight.header("access-control-request-method", "GET").await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(page)), "{path}");
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_may_call_and_no_others() {
    covers!("cart-put-item", "catalog-list-products");
    let shop = Shop::open();
    let preflight = |origin: &str, method: &str| {
        shop.guest
            .call(Method::OPTIONS, "/v1/cart/items/prd_01ARZ3NDEKTSV4RRFFQ69G5FAV")
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "authorization,content-type,if-match,idempotency-key")
    };
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let allowed = preflight("http://localhost:3000", method).await;
        assert_eq!(allowed.status, 204, "{}", allowed.text());
        assert_eq!(allowed.header("access-control-allow-origin"), Some("http://localhost:3000"));
        let methods = allowed.header("access-control-allow-methods").unwrap();
        assert!(methods.split(',').any(|one| one.trim() == method), "{method} is not in {methods}");
        let headers = allowed.header("access-control-allow-headers").unwrap().to_lowercase();
        for needed in ["authorization", "content-type", "if-match", "idempotency-key"] {
            assert!(headers.contains(needed), "{needed} is not in {headers}");
        }
    }
    for foreign in ["https://evil.example", "http://localhost:3000.evil.example", "https://localhost:3000", "null"] {
        let refused = preflight(foreign, "PUT").await;
        assert_eq!(refused.header("access-control-allow-origin"), None, "{foreign}");
        let simple = shop.guest.get("/v1/products").header("origin", foreign).await;
        assert_eq!(simple.header("access-control-allow-origin"), None, "{foreign}");
    }
    let simple = shop.guest.get("/v1/products").header("origin", "http://localhost:3000").await.expect(200);
    assert_eq!(simple.header("access-control-allow-origin"), Some("http://localhost:3000"));
    let exposed = simple.header("access-control-expose-headers").unwrap_or_default().to_lowercase();
    for needed in ["content-disposition", "etag", "idempotency-replayed", "next-cursor", "retry-after", "x-request-id"]
    {
        assert!(exposed.contains(needed), "{needed} is not in {exposed}");
    }
}

#[tokio::test]
async fn private_answers_are_never_kept() {
    covers!("profile-get", "cart-get", "orders-list", "prescriptions-list", "address-list");
    let shop = Shop::open();
    let anna = shop.customer().await;
    for path in ["/v1/profile", "/v1/cart", "/v1/orders", "/v1/prescriptions", "/v1/profile/addresses"] {
        let answer = anna.get(path).await.expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let tag = answer.header("etag").unwrap_or("\"1\"").to_owned();
        // Whoever has the page of orders or the cart is not sent it again; that is their own copy, and no cache's.
        let again = if matches!(path, "/v1/orders" | "/v1/cart") { 304 } else { 200 };
        assert_eq!(anna.get(path).header("if-none-match", &tag).await.status, again, "{path}");
    }
}

#[tokio::test]
async fn every_request_has_an_id_of_its_own() {
    covers!("platform-health");
    let shop = Shop::open();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let answer = shop.guest.get("/v1/products/nothing-of-that-name").await;
        let problem: Value = answer.problem(404, "not_found");
        ids.push(problem["request_id"].as_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_language_that_is_asked_for() {
    covers!("auth-login", "catalog-list-categories");
    let shop = Shop::open();
    let wrong = json!({"email": "nobody", "password": ""});
    let mut told = Vec::new();
    for (accepts, language) in
        [("ne-NP, en;q=0.5", "ne"), ("en;q=0.1, bn", "bn"), ("fr", "en"), ("q=;,;;=ne", "en"), ("fr, *;q=0.5", "en")]
    {
        let answer = shop.guest.post("/v1/auth/login", &wrong).header("accept-language", accepts).await;
        let problem = answer.any_problem(400);
        assert_eq!(answer.header("content-language"), Some(language), "{accepts}");
        assert!(answer.header("vary").is_some_and(|vary| vary.contains("Accept-Language")), "{accepts}");
        let codes = problem["errors"].as_array().unwrap().iter().map(|error| error["code"].clone());
        let codes: Vec<Value> = codes.collect();
        assert_eq!(codes, ["invalid_email", "empty"], "{problem}");
        told.push(problem["errors"][0]["message"].as_str().unwrap().to_owned());
    }
    assert!(told[0].contains("इमेल ठेगाना") && told[0].ends_with('।'), "{}", told[0]);
    assert!(told[1].contains("ই-মেইল ঠিকানা") && told[1].ends_with('।'), "{}", told[1]);
    assert!(told[2].starts_with("E-mail address must be ") && told[2].ends_with('.'), "{}", told[2]);
    assert!(told[2] == told[3] && told[3] == told[4]);

    let categories = shop.guest.get("/v1/categories").header("accept-language", "ne").await.expect(200);
    assert_eq!(categories.header("content-language"), Some("ne"));
    assert!(categories.text().contains("दुखाइ र ज्वरो"), "{}", categories.text());
    let english = shop.guest.get("/v1/categories").await.expect(200);
    assert!(english.text().contains("Pain and fever"));
    assert_ne!(english.header("etag"), categories.header("etag"));
}
