//! The copy that a person takes of everything that is held on them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::audit::Origin;
use shared::data_rights::Exported;
use support::cloud::cloudy_world;
use support::{Answer, World};

use crate::life::{Expect, Life, Person, join, traces};

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
    assert_eq!(
        document["account"],
        json!({
            "email": "anna@example.org", "phone": null, "registered_as": "Anna Karki", "confirmed": true,
            "providers": [], "second_factor": false,
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
    for sign in traces("Boris").iter().chain([&life.boris.id.to_string()]) {
        assert!(!answer.text.contains(sign.as_str()), "{sign}");
    }
}

#[tokio::test]
async fn every_item_of_a_person_is_in_the_document_or_named_as_left_out() {
    let life = Life::lived().await;
    let answer = export(&life.world, &life.anna).await.expect(200);
    // What stands in no document: how it is kept says nothing of the person that the document does not.
    let left_out = ["CART#", "OWNER#", "FILE#", "SESSION#"];
    let sections = [("PROFILE", "profile"), ("ADDRESSES", "addresses"), ("ORDER", "orders"), ("RX", "prescriptions")];
    let mut seen = BTreeSet::new();
    for (at, item) in life.everything().await {
        if !item.contains(life.anna.id.as_str()) || at.starts_with("guard REVOCATIONS") {
            continue;
        }
        let (key, sk) = at.split_once(" / ").unwrap();
        let key = key.split_once(' ').unwrap().1;
        if let Some((_, section)) = sections.iter().find(|(named, _)| *named == sk) {
            assert!(!answer.body[section].is_null(), "{at}");
            seen.insert((*section).to_owned());
        } else if sk.starts_with("SESSION#") {
            assert!(!answer.body["sessions"].as_array().unwrap().is_empty(), "{at}");
            seen.insert("sessions".to_owned());
        } else {
            assert!(left_out.iter().any(|prefix| key.starts_with(prefix)), "{at} is in no copy: {item}");
        }
    }
    let expected = ["addresses", "orders", "prescriptions", "profile", "sessions"].map(str::to_owned);
    assert_eq!(seen, BTreeSet::from(expected));
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
