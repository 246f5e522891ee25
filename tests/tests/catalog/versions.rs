//! The old form of an answer and the new one, side by side.

use serde_json::{Value, json};

use crate::store::Store;

async fn shop() -> Store {
    let store = Store::open().await;
    for (name, status) in
        [("Ibuprofen 200 mg", "otc"), ("Cetirizine 10 mg", "otc"), ("Amoxicillin 500 mg", "prescription")]
    {
        store.product(json!({"name": name, "legal_status": status})).await;
    }
    store.wait(3);
    store
}

fn need(answer: &Value) -> &Value {
    &answer["facets"]["prescription_required"]
}

#[tokio::test]
async fn the_need_of_a_prescription_is_served_in_both_forms() {
    let store = shop().await;
    let unnamed = store.list("?facets=true").await;
    let old = store.list_as_of("2026-11-01", "?facets=true").await;
    let new = store.list_as_of("2026-12-01", "?facets=true").await;

    assert_eq!(need(&old.body), &json!({"true": 1, "false": 2}));
    assert_eq!(need(&new.body), &json!([{"value": "false", "count": 2}, {"value": "true", "count": 1}]));
    assert_eq!(
        (unnamed.text.as_str(), &unnamed.headers["apothecary-version"]),
        (old.text.as_str(), &old.headers["apothecary-version"])
    );

    // Nothing else of the answer has changed.
    let rest = |answer: &Value| {
        let mut rest = answer.clone();
        rest["facets"]["prescription_required"] = Value::Null;
        rest
    };
    assert_eq!(rest(&old.body), rest(&new.body));
}

#[tokio::test]
async fn the_old_form_says_since_when_and_until_when() {
    let store = shop().await;
    let old = store.list("").await;
    assert_eq!(old.headers["apothecary-version"], "2026-11-01");
    assert_eq!(old.headers["deprecation"], "@1796083200");
    assert_eq!(old.headers["sunset"], "Tue, 01 Jun 2027 00:00:00 GMT");
    assert!(old.headers["link"].to_str().unwrap().contains("rel=\"deprecation\""));
    let new = store.list_as_of("2026-12-01", "").await;
    assert_eq!(new.headers["apothecary-version"], "2026-12-01");
    for name in ["deprecation", "sunset", "link"] {
        assert!(!new.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_cache_keeps_the_two_forms_apart() {
    let store = shop().await;
    let old = store.list("?facets=true").await;
    let new = store.list_as_of("2026-12-01", "?facets=true").await;
    assert!(old.headers["vary"].to_str().unwrap().contains("Apothecary-Version"));
    assert_ne!(old.headers["etag"], new.headers["etag"]);
}

#[tokio::test]
async fn a_version_that_is_not_served_is_refused_by_its_name() {
    let store = shop().await;
    for wrong in ["2026-12-02", "v2", ""] {
        let refused = store.list_as_of(wrong, "").await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["Apothecary-Version"]), "{wrong:?}");
        assert!(!refused.headers.contains_key("apothecary-version"));
    }
}
