//! The versions inside `/v1`, and answers that travel packed.

use std::io::Read;

use e2e::{Shop, covers};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

#[tokio::test]
async fn an_old_client_and_a_new_one_are_served_side_by_side() {
    covers!("catalog-list-products");
    let shop = Shop::open();
    shop.product("otc", 500, 0).await;
    let list = || shop.guest.get("/v1/products?facets=true&limit=1");
    let need = |answer: Value| answer["facets"]["prescription_required"].clone();

    let old = list().await.expect(200);
    assert_eq!(old.header("apothecary-version"), Some("2026-11-01"));
    assert_eq!(old.header("deprecation"), Some("@1796083200"));
    assert_eq!(old.header("sunset"), Some("Tue, 01 Jun 2027 00:00:00 GMT"));
    assert!(need(old.json()).is_object());

    let new = list().header("apothecary-version", "2026-12-01").await.expect(200);
    assert_eq!((new.header("apothecary-version"), new.header("deprecation")), (Some("2026-12-01"), None));
    assert!(need(new.json()).as_array().unwrap().iter().all(|one| one["count"].is_u64()));

    list().header("apothecary-version", "2027-01-01").await.invalid_field("Apothecary-Version", "unknown_value");
    shop.guest
        .get("/v1/health")
        .header("apothecary-version", "nonsense")
        .await
        .invalid_field("Apothecary-Version", "unknown_value");
}

#[tokio::test]
async fn a_long_answer_travels_packed_to_who_takes_it_so() {
    covers!("catalog-list-categories", "auth-login");
    let shop = Shop::open();
    for _ in 0..3 {
        shop.product("otc", 500, 0).await;
    }
    let list = || shop.guest.get("/v1/products?limit=20");
    let packed = list().header("accept-encoding", "br;q=1.0, gzip;q=0.8").await.expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.header("vary").unwrap().contains("Accept-Encoding"));
    let mut text = String::new();
    GzDecoder::new(packed.bytes.as_slice()).read_to_string(&mut text).unwrap();
    assert!(serde_json::from_str::<Value>(&text).unwrap()["items"].is_array());
    assert!(packed.bytes.len() < text.len());
    let tag = packed.header("etag").unwrap().to_owned();
    assert!(tag.ends_with("-gzip\""), "{tag}");

    for refuses in ["gzip;q=0", "identity", "br"] {
        let plain = list().header("accept-encoding", refuses).await.expect(200);
        assert_eq!(plain.header("content-encoding"), None, "{refuses}");
        plain.json();
    }
    // A short answer is not worth it, unless plain ones are refused.
    let health = || shop.guest.get("/v1/health");
    assert_eq!(health().header("accept-encoding", "gzip").await.expect(200).header("content-encoding"), None);
    let asked = health().header("accept-encoding", "gzip, identity;q=0").await.expect(200);
    assert_eq!(asked.header("content-encoding"), Some("gzip"));
}

#[tokio::test]
async fn an_answer_with_tokens_never_travels_packed() {
    covers!("auth-login");
    let shop = Shop::open();
    let body = json!({"email": "nobody@apothecary.test", "password": "not the password"});
    let answer = shop.guest.post("/v1/auth/login", &body).header("accept-encoding", "gzip, identity;q=0").await;
    assert_eq!(answer.header("content-encoding"), None);
    answer.json();
}
