//! `/v1/admin/audit` and `/v1/profile/access-log`: what was done, and who read one's data.

use e2e::{Answer, Person, Shop, covers, eventually};
use serde_json::{Value, json};

async fn search(admin: &Person, query: &[(&str, &str)]) -> Value {
    admin.search("/v1/admin/audit", query).await.body(200)
}

/// The first entry of a page that has this action, once it is there: indexes follow the table.
async fn found(admin: &Person, query: &[(&str, &str)], action: &str) -> Value {
    eventually(&format!("{action} on the trail"), async || {
        let page = search(admin, query).await;
        page["items"].as_array().unwrap().iter().find(|one| one["action"] == action).cloned()
    })
    .await
}

async fn access_log(person: &Person, query: &[(&str, &str)]) -> Answer {
    person.search("/v1/profile/access-log", query).await
}

#[tokio::test]
async fn what_an_admin_does_is_found_by_person_by_admin_by_action_and_by_time() {
    covers!("admin-list-audit");
    let shop = Shop::open();
    let (admin, anna) = (shop.admin().await, shop.customer().await);
    let roles = json!({"roles": ["customer", "seller"]});
    admin.put(&format!("/v1/admin/users/{}/roles", anna.id), &roles).await.expect(200);
    let entry = found(&admin, &[("subject", &anna.id)], "user.set_roles").await;
    let expected = json!({
        "id": entry["id"], "at": entry["at"], "actor": admin.id, "actor_roles": ["super_admin"],
        "action": "user.set_roles", "subject": anna.id, "object": anna.id, "outcome": "allowed",
        "detail": "seller,customer", "request_id": entry["request_id"], "source_ip": entry["source_ip"],
    });
    assert_eq!(entry, expected);
    assert!(entry["request_id"].is_string() && entry["source_ip"].is_string(), "{entry}");
    let at = entry["at"].as_str().unwrap();
    let actor = [("actor", admin.id.as_str()), ("action", "user.set_roles"), ("from", at), ("to", at)];
    assert_eq!(found(&admin, &actor, "user.set_roles").await, entry);
    assert_eq!(found(&admin, &actor[1..], "user.set_roles").await, entry);
    let by_time = search(&admin, &actor[2..]).await;
    assert!(by_time["items"].as_array().unwrap().contains(&entry), "{by_time}");
    let read = found(&admin, &[("actor", &admin.id), ("action", "audit.read")], "audit.read").await;
    assert_eq!(read["outcome"], "allowed");
    for wrong in ["actor", "subject", "action", "from", "to"] {
        let named = admin.search("/v1/admin/audit", &[(wrong, "x")]).await.invalid_fields();
        assert_eq!(named.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [wrong]);
    }
}

#[tokio::test]
async fn people_see_who_read_their_data() {
    covers!("audit-mine");
    let shop = Shop::open();
    let (pharmacist, anna, ben) = (shop.pharmacist().await, shop.customer().await, shop.customer().await);
    let id = anna.pending_prescription().await;
    pharmacist.get(&format!("/v1/prescriptions/{id}")).await.expect(200);
    ben.get(&format!("/v1/prescriptions/{id}")).await.problem(404, "not_found");
    let log = eventually("both reads in the access log", async || {
        let page = access_log(&anna, &[]).await.body(200);
        (page["items"].as_array().unwrap().len() == 2).then_some(page)
    })
    .await;
    let (tried, read) = (&log["items"][0], &log["items"][1]);
    assert_eq!((&tried["outcome"], &tried["by"]), (&json!("refused"), &json!({"id": null, "roles": ["customer"]})));
    let expected = json!({
        "id": read["id"], "at": read["at"], "action": "prescription.read", "object": id, "outcome": "allowed",
        "by": {"id": pharmacist.id, "roles": ["pharmacy_admin"]},
    });
    assert_eq!(*read, expected);
    let first = access_log(&anna, &[("limit", "1")]).await.body(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(access_log(&anna, &[("cursor", cursor)]).await.body(200)["items"], json!([read]));
    access_log(&ben, &[("cursor", cursor)]).await.invalid_field("cursor", "invalid_cursor");
    assert_eq!(access_log(&ben, &[]).await.body(200), json!({"items": [], "next_cursor": null}));
}
