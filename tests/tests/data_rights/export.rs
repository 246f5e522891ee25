//! The copy that a person takes of everything that is held on them.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use shared::audit::Origin;
use shared::data_rights::Exported;
use shared::identity::Role;
use support::cloud::cloudy_world;
use support::{Answer, World, user};

use crate::life::{Life, PASSWORD, Person, email_elsewhere, join, login, name_elsewhere, traces};

async fn export(world: &World, person: &Person) -> Answer {
    world.call(&profile_export::ENDPOINT, ("GET", "/v1/profile/export"), &[], Some(&person.token), None).await
}

#[tokio::test]
async fn everything_that_is_held_is_in_the_document() {
    let life = Life::lived().await;
    let answer = export(&life.world, &life.anna).await.expect(200);
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"apothecary-export.json\"");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let document = &answer.body;
    let since = &document["account"]["linked_identities"][0]["linked_at"];
    assert!(since.as_str().unwrap().starts_with("2026-11-20T10:00:"), "{since}");
    assert_eq!(
        document["account"],
        json!({
            "email": "anna@example.org", "phone": null, "registered_as": "Anna Karki", "confirmed": true,
            "providers": ["google"], "linked_identities": [{"provider": "google", "linked_at": since,
                "email": email_elsewhere("Anna"), "full_name": name_elsewhere("Anna")}],
            "second_factor": true,
        })
    );
    assert_eq!(document["profile"]["date_of_birth"], "1990-02-28");
    assert!(document["profile"]["picture_url"].is_string());
    assert_eq!(document["addresses"][0]["line1"], "Anna Marg 7");
    assert_eq!(
        (document["cart"]["lines"].as_array().unwrap().len(), &document["cart"]["lines"][0]["quantity"]),
        (1, &json!(1))
    );
    assert_eq!(document["cart"]["placed"].as_array().unwrap().len(), 3);
    let ids = |list: &str| -> BTreeSet<String> {
        document[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("orders"), life.orders.iter().cloned().collect());
    assert_eq!(ids("prescriptions"), life.prescriptions.iter().map(ToString::to_string).collect());
    for prescription in document["prescriptions"].as_array().unwrap() {
        assert_eq!(prescription["patient_name"], "Anna the patient");
        assert!(prescription["file_url"].as_str().unwrap().contains("X-Amz-Expires=60"), "{prescription}");
    }
    let fills: usize =
        document["prescriptions"].as_array().unwrap().iter().map(|one| one["fills"].as_array().unwrap().len()).sum();
    assert_eq!(fills, 1);
    assert_eq!(document["sessions"].as_array().unwrap().len(), 2);
    // Whatever else is in a table of hers and tells who she is, is here too.
    for sign in traces("Anna").iter().filter(|sign| !sign.starts_with("TRACK")) {
        assert!(answer.text.contains(sign.as_str()), "{sign}");
    }
    assert!(answer.text.contains("TRACK-Anna"));
    for sign in traces("Boris").iter().chain([&life.boris.id.to_string(), &email_elsewhere("Boris")]) {
        assert!(!answer.text.contains(sign.as_str()), "{sign}");
    }
}

#[tokio::test]
async fn every_item_of_a_person_is_in_the_document_or_named_as_left_out() {
    let life = Life::lived().await;
    let answer = export(&life.world, &life.anna).await.expect(200);
    // What stands in no document: how it is kept says nothing of the person that the document does not.
    let left_out = ["CART#", "OWNER#", "PATIENT#", "FILE#", "SESSION#", "MFA#", "LOGIN#", "WATCHED#"];
    let sections = [
        ("PROFILE", "/profile"),
        ("ADDRESSES", "/addresses"),
        ("PATIENTS", "/patients/1"),
        ("ORDER", "/orders"),
        ("SELF", "/supplies/0"),
        ("RX", "/prescriptions"),
        ("DEVICES", "/devices"),
        ("SECOND_FACTOR", "/account/second_factor"),
        ("SELF", "/supplies/0"),
        ("IDENTITY", "/account/linked_identities/0"),
        ("IDENTITY#google", "/account/linked_identities/0"),
        ("WATCHES", "/watches/0"),
    ];
    let mut seen = BTreeSet::new();
    for (at, item) in life.everything().await {
        if !item.contains(life.anna.id.as_str()) || at.starts_with("guard REVOCATIONS") {
            continue;
        }
        let (key, sk) = at.split_once(" / ").unwrap();
        let key = key.split_once(' ').unwrap().1;
        if let Some((_, section)) = sections.iter().find(|(named, _)| *named == sk) {
            assert!(answer.body.pointer(section).is_some_and(|held| !held.is_null()), "{at}");
            seen.insert((*section).to_owned());
        } else if sk.starts_with("SESSION#") {
            assert!(!answer.body["sessions"].as_array().unwrap().is_empty(), "{at}");
            seen.insert("/sessions".to_owned());
        } else if sk.starts_with("INBOX#") {
            assert!(answer.body.pointer("/notifications/0/text").is_some_and(|text| text.is_string()), "{at}");
            seen.insert("/notifications".to_owned());
        } else if sk != "ENDED" && !sk.starts_with("NOTE#") && !sk.starts_with("DUE#") {
            assert!(left_out.iter().any(|prefix| key.starts_with(prefix)), "{at} is in no copy: {item}");
        }
    }
    let expected =
        sections.iter().map(|(_, section)| *section).chain(["/notifications", "/sessions"]).map(str::to_owned);
    assert_eq!(seen, expected.collect::<BTreeSet<_>>());
}

/// The entries of a list of a document that say what was done or tried.
fn entries<'a>(document: &'a Value, list: &str, action: &str) -> Vec<&'a Value> {
    document[list].as_array().unwrap().iter().filter(|one| one["action"] == action).collect()
}

#[tokio::test]
async fn who_was_refused_by_nobody_known_gets_a_copy_all_the_same() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let session = login(&world, &anna.email, PASSWORD).await.expect(200);
    // Whoever sends a refresh token twice has it from somebody, and is nobody; but not within seconds.
    for status in [200, 401] {
        world.clock.advance(Duration::from_secs(20));
        let body = Some(json!({"refresh_token": session.body["refresh_token"]}));
        world.call(&auth_refresh::ENDPOINT, ("POST", "/"), &[], None, body).await.expect(status);
    }
    let document = export(&world, &anna).await.expect(200).body;
    let refused = entries(&document, "access_log", "session.refuse");
    assert_eq!(refused.len(), 1, "{document}");
    assert_eq!((&refused[0]["actor"], &refused[0]["source_ip"]), (&Value::Null, &Value::Null));
    assert_eq!((&refused[0]["actor_roles"], &refused[0]["outcome"]), (&json!([]), &json!("refused")));
}

#[tokio::test]
async fn of_others_it_names_who_works_here_and_no_other_customer() {
    let life = Life::lived().await;
    let (anna, boris) = (&life.anna, &life.boris);
    let order = life.orders[0].as_str();
    life.call(boris, &orders_get::ENDPOINT, ("GET", "/v1/orders/x"), &[("id", order)], None).await.expect(404);
    life.world.clock.advance(Duration::from_secs(1));
    let of_anna = [("id", anna.id.as_str())];
    life.call(boris, &admin_get_user::ENDPOINT, ("GET", "/v1/admin/users/x"), &of_anna, None).await.expect(403);
    let seller = life.world.token(&user(800), Role::Seller);
    let route = ("GET", "/v1/profiles/x");
    life.world.call(&profile_view::ENDPOINT, route, &of_anna, Some(&seller), None).await.expect(404);

    let hers = export(&life.world, anna).await.expect(200);
    assert!(!hers.text.contains(boris.id.as_str()), "{}", hers.text);
    for (action, actor, role) in [
        ("order.read", Value::Null, "customer"),
        ("profile.read", json!(user(800)), "seller"),
        ("user.disable", json!(user(901)), "super_admin"),
    ] {
        let found = entries(&hers.body, "access_log", action);
        assert_eq!(found.len(), 1, "{action}: {found:?}");
        assert_eq!((&found[0]["actor"], &found[0]["actor_roles"]), (&actor, &json!([role])), "{action}");
    }
    // What he tried is his own to see, and not whose it was.
    let his = export(&life.world, boris).await.expect(200);
    assert!(!his.text.contains(anna.id.as_str()), "{}", his.text);
    let mut acts = his.body["acts"].as_array().unwrap().clone();
    for act in &mut acts {
        assert!(act["at"].is_string() && act["source_ip"] == "203.0.113.7", "{act}");
        act["at"].take();
    }
    let act = |action: &str, object: Value| {
        json!({"at": null, "roles": ["customer"], "action": action, "object": object, "outcome": "refused",
            "source_ip": "203.0.113.7"})
    };
    assert_eq!(acts, [act("order.read", json!(order)), act("access.refuse", Value::Null)]);
    // What is about himself stands in the one list and not in the other.
    assert_eq!(entries(&his.body, "access_log", "profile.export").len(), 1);
}

#[tokio::test]
async fn what_somebody_did_with_nobodys_data_in_particular_is_theirs_too() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let admin = Person { token: world.token(&anna.id, Role::SuperAdmin), ..anna };
    let search = |query: String| {
        let token = admin.token.clone();
        let world = &world;
        async move {
            let route = ("GET", query.as_str());
            world.call(&admin_list_audit::ENDPOINT, route, &[], Some(&token), None).await.expect(200)
        }
    };
    search("/v1/admin/audit".to_owned()).await;
    world.clock.advance(Duration::from_secs(1));
    search(format!("/v1/admin/audit?subject={}", user(7))).await;
    let document = export(&world, &admin).await.expect(200);
    let read = entries(&document.body, "acts", "audit.read");
    assert_eq!(read.iter().map(|one| &one["object"]).collect::<Vec<_>>(), ["trail", "trail"]);
    assert!(!document.text.contains(user(7).as_str()), "{}", document.text);
}

#[tokio::test]
async fn nothing_in_it_opens_anything_or_tells_of_others() {
    let life = Life::lived().await;
    let text = export(&life.world, &life.anna).await.expect(200).text;
    for secret in ["digest", "sealed", "origin_jti", "refresh", "also_on_another_account", "same_file", "\"claim\""] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_copy_is_on_the_trail_before_it_is_made() {
    let (world, cloud) = cloudy_world().await;
    let anna = join(&world, &cloud, "Anna").await;
    let document = export(&world, &anna).await.expect(200).body;
    let log = document["access_log"].as_array().unwrap();
    let made = log.iter().find(|one| one["action"] == "profile.export").unwrap();
    assert_eq!((&made["actor"], &made["source_ip"]), (&json!(anna.id), &json!("203.0.113.7")), "one's own");
    world.dynamo.delete_table().table_name("audit").send().await.unwrap();
    assert_eq!(export(&world, &anna).await.status, 503);
}

#[tokio::test]
async fn a_document_too_large_for_an_answer_is_stored_and_linked_to() {
    let life = Life::lived().await;
    let caller = Origin::new("r", None).actor(&life.anna.id, &BTreeSet::new());
    let export = life.world.app.export().unwrap();
    let Exported::Link(link) = export.export(&caller, BTreeSet::new(), 100).await.unwrap() else {
        unreachable!("a document of more than a hundred bytes")
    };
    let link = serde_json::to_value(link).unwrap();
    let key = format!("scans/exports/{}.json", life.anna.id);
    let stored = life.cloud.files().get(&key).unwrap().clone();
    assert_eq!((stored.content_type.as_str(), &link["size_bytes"]), ("application/json", &json!(stored.bytes.len())));
    let document: Value = serde_json::from_slice(&stored.bytes).unwrap();
    assert_eq!(document["orders"].as_array().unwrap().len(), 3, "all of it");
    assert!(link["download_url"].as_str().unwrap().contains(&key));
}
