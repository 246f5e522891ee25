//! Signs of an emergency as rules: what is built in counts and stays, what a pharmacy adds counts once it is reviewed.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::identity::Role;
use shared::medicine::review::Set;
use shared::red_flags::signs;
use support::cloud::cloudy_world;
use support::{add_sign, event, sign, user};

use crate::pharmacy::{ANNA, BERT, Pharmacy};

const TOLD: &str = "Come to the desk at once and ask for the pharmacist.";

/// What a customer writes who has the sign of the pharmacy.
fn spots() -> Value {
    json!({"symptoms": [{"id": "e203", "present": true}], "text": "there are purple spots on her legs"})
}

fn chosen(id: &str) -> Value {
    json!({"symptoms": [{"id": id, "present": true}]})
}

fn message(answer: &support::Answer) -> Option<&str> {
    answer.body["emergency"]["message"].as_str()
}

#[tokio::test]
async fn what_is_built_in_is_listed_as_drafts_that_count() {
    let pharmacy = Pharmacy::open().await;
    let set = Set::RedFlags.id();
    let page = pharmacy.rules("red_flag", &format!("set={set}&limit=100")).await.expect(200);
    let items = page.body["items"].as_array().unwrap();
    assert_eq!(items.len(), signs().len());
    for item in items {
        assert_eq!((&item["status"], &item["reviewed"]), (&json!("built_in"), &json!(false)), "{item}");
        assert!(item["rule"]["reading"]["version"].is_u64() && item["rule"]["tell"]["ne"].is_string(), "{item}");
    }
    assert_eq!((page.body["sets"].as_array().unwrap().len(), &page.body["sets"][0]["id"]), (1, &json!(set)));
    let one = pharmacy.rule("red_flag", "rul_sign_stiff_neck").await.expect(200);
    assert_eq!((&one.body["set"], &one.body["in_force"]), (&json!(set), &json!(Set::RedFlags.release())));
    assert!(message(&pharmacy.triage(chosen("stiff_neck")).await.expect(200)).is_some(), "it counts as it is");
}

#[tokio::test]
async fn a_pharmacy_signs_what_is_built_in_and_cannot_reject_it() {
    let pharmacy = Pharmacy::open().await;
    let (set, release) = (Set::RedFlags.id(), Set::RedFlags.release());
    let before = pharmacy.triage(chosen("stiff_neck")).await.expect(200);
    assert_eq!(before.body["emergency"]["red_flags"]["reviewed"], false);
    let rejected = pharmacy.review(BERT, "red_flag", set, release, "reject").await;
    assert_eq!((rejected.status, rejected.fields()), (400, vec!["decision"]));
    assert_eq!(rejected.body["errors"][0]["code"], "built_in");
    let signed = pharmacy.review(BERT, "red_flag", set, release, "approve").await.expect(200);
    assert_eq!((&signed.body["status"], &signed.body["reviewed"]), (&json!("reviewed"), &json!(true)));
    assert_eq!(pharmacy.review(ANNA, "red_flag", set, release, "reject").await.status, 400);
    pharmacy.wait();
    // Nothing is read for an emergency: that it is signed now is known to who was asked for something else since.
    pharmacy.triage(chosen("e203")).await.expect(200);
    let after = pharmacy.triage(chosen("stiff_neck")).await.expect(200);
    assert_eq!(after.body["emergency"]["red_flags"]["reviewed"], true);
    assert_eq!(message(&after), message(&before));
}

#[tokio::test]
async fn no_rule_takes_a_sign_away_or_makes_it_less() {
    let pharmacy = Pharmacy::open().await;
    let withdrawal = json!({"withdrawn": true, "reason": "Too many alarms."});
    let less = |urgency: &str| {
        let mut rule = sign("purple spots", TOLD);
        rule["urgency"] = json!(urgency);
        rule
    };
    for (id, rule, field, code) in [
        ("rul_sign_stiff_neck", withdrawal.clone(), "rule.withdrawn", "built_in"),
        ("rul_sign_of_a_release_to_come", withdrawal, "rule.withdrawn", "built_in"),
        ("rul_sign_stiff_neck", sign("stiff neck", TOLD), "rule", "built_in"),
        ("rul_spots", less("doctor_today"), "rule.urgency", "lower_urgency"),
        ("rul_spots", less("self_care"), "rule.urgency", "lower_urgency"),
    ] {
        let refused = pharmacy.put(ANNA, "red_flag", id, rule).await;
        assert_eq!((refused.status, refused.fields()), (400, vec![field]), "{id}: {}", refused.text);
        assert_eq!(refused.body["errors"][0]["code"], code, "{id}");
    }
    let set = pharmacy.put(ANNA, "red_flag", Set::RedFlags.id(), sign("purple spots", TOLD)).await;
    assert_eq!((set.status, set.code()), (409, "set_is_fixed"));
}

#[tokio::test]
async fn a_sign_of_the_pharmacy_counts_from_its_review_by_another() {
    let pharmacy = Pharmacy::open().await;
    assert_eq!(pharmacy.put(ANNA, "red_flag", "rul_spots", sign("purple spots", TOLD)).await.status, 200);
    pharmacy.wait();
    let unreviewed = pharmacy.triage(spots()).await.expect(200);
    assert_eq!(message(&unreviewed), None, "{}", unreviewed.text);
    let version = unreviewed.body["red_flags"]["version"].as_str().unwrap().to_owned();
    assert_eq!(pharmacy.review(ANNA, "red_flag", "rul_spots", 1, "approve").await.code(), "own_rule");
    assert_eq!(pharmacy.review(BERT, "red_flag", "rul_spots", 1, "approve").await.status, 200);
    pharmacy.wait();
    let answer = pharmacy.triage(spots()).await.expect(200);
    assert_eq!(message(&answer), Some(TOLD), "{}", answer.text);
    assert_eq!(answer.body["emergency"]["matched"][0]["id"], "rul_spots");
    let now = answer.body["emergency"]["red_flags"]["version"].as_str().unwrap();
    assert!(now.starts_with(&format!("{version}+")), "{now}");
    // Its own second version withdraws it; what is built in stays.
    let withdrawal = json!({"withdrawn": true, "reason": "It was a rash."});
    pharmacy.put(ANNA, "red_flag", "rul_spots", withdrawal).await.expect(200);
    pharmacy.review(BERT, "red_flag", "rul_spots", 2, "approve").await.expect(200);
    pharmacy.wait();
    assert_eq!(message(&pharmacy.triage(spots()).await.expect(200)), None);
    assert!(message(&pharmacy.triage(chosen("stiff_neck")).await.expect(200)).is_some());
}

#[tokio::test]
async fn a_triage_keeps_the_sign_of_the_pharmacy_and_the_list_that_it_was_found_by() {
    let pharmacy = Pharmacy::open().await;
    let first = pharmacy.triage(chosen("e203")).await.expect(200);
    let id = first.body["id"].as_str().unwrap().to_owned();
    add_sign(&pharmacy.world.app, "rul_spots", &sign("purple spots", TOLD)).await;
    pharmacy.wait();
    let mut said = spots();
    said["triage_id"] = json!(id);
    assert_eq!(message(&pharmacy.triage(said).await.expect(200)), Some(TOLD));
    let go_on = |answer: &str| json!({"triage_id": id, "symptoms": [], "answers": [{"question": "rul_spots", "answer": answer}]});
    assert_eq!(message(&pharmacy.triage(go_on("unsure")).await.expect(200)), Some(TOLD), "nobody has taken it back");
    let kept = pharmacy.get_triage(&id).await.expect(200);
    assert_eq!(kept.body["emergency"], json!([{"id": "rul_spots", "name": "purple spots"}]));
    assert!(kept.body["red_flags"].as_str().unwrap().contains('+'), "{}", kept.text);
    assert_eq!(message(&pharmacy.triage(go_on("no")).await.expect(200)), None);
    let unknown = pharmacy.triage(chosen("rul_of_nobody")).await;
    assert_eq!((unknown.status, unknown.fields()), (400, vec!["symptoms[0].id"]));
}

#[tokio::test]
async fn answers_amount_to_a_sign_for_whom_it_is_about() {
    let pharmacy = Pharmacy::open().await;
    let mut rule = sign("purple spots", TOLD);
    rule["symptoms"] = json!(["e203", "e181"]);
    add_sign(&pharmacy.world.app, "rul_spots", &rule).await;
    rule["applies_to"] = json!({"pregnant": true});
    rule["symptoms"] = json!(["e203", "e201"]);
    add_sign(&pharmacy.world.app, "rul_pregnant_spots", &rule).await;
    let said =
        |ids: &[&str]| json!({"symptoms": ids.iter().map(|id| json!({"id": id, "present": true})).collect::<Vec<_>>()});
    for (ids, told) in [
        (vec!["e203"], None),
        (vec!["e203", "e181"], Some(TOLD)),
        (vec!["e203", "e201"], None),
        (vec!["e203", "e201", "e167"], Some(TOLD)),
    ] {
        let answer = pharmacy.triage(said(&ids)).await.expect(200);
        assert_eq!(message(&answer), told, "{ids:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn where_the_rules_cannot_be_read_what_is_known_of_them_counts() {
    let (warm, cold) = (Pharmacy::open().await, Pharmacy::open().await);
    add_sign(&warm.world.app, "rul_spots", &sign("purple spots", TOLD)).await;
    assert_eq!(message(&warm.triage(spots()).await.expect(200)), Some(TOLD));
    for pharmacy in [&warm, &cold] {
        pharmacy.world.dynamo.delete_table().table_name("medicine").send().await.unwrap();
        pharmacy.wait();
        assert!(message(&pharmacy.triage(chosen("stiff_neck")).await.expect(200)).is_some(), "built in");
        let harmless = pharmacy.triage(chosen("e203")).await.expect(200);
        assert_eq!(message(&harmless), None, "{}", harmless.text);
    }
    assert_eq!(message(&warm.triage(spots()).await.expect(200)), Some(TOLD), "what is in mind goes on counting");
}

#[tokio::test]
async fn a_sign_that_there_is_not_hides_no_emergency_and_one_that_cannot_be_read_is_one() {
    let pharmacy = Pharmacy::open().await;
    let said = |ids: &[&str]| {
        let symptoms: Vec<_> = ids.iter().map(|id| json!({"id": id, "present": true})).collect();
        json!({"symptoms": symptoms})
    };
    let alone = pharmacy.triage(said(&["e203", "rul_of_nobody"])).await;
    assert_eq!((alone.status, alone.fields()), (400, vec!["symptoms[1].id"]), "{}", alone.text);
    let beside = pharmacy.triage(said(&["stiff_neck", "rul_of_nobody"])).await.expect(200);
    assert_eq!(beside.body["emergency"]["matched"].as_array().unwrap().len(), 1, "{}", beside.text);
    // A triage that is gone on with does not keep what is no sign.
    let id = pharmacy.triage(said(&["e203"])).await.expect(200).body["id"].as_str().unwrap().to_owned();
    let mut more = said(&["stiff_neck", "rul_of_nobody"]);
    more["triage_id"] = json!(id);
    assert!(message(&pharmacy.triage(more).await.expect(200)).is_some());
    let kept = pharmacy.get_triage(&id).await.expect(200);
    assert_eq!(kept.body["said"].as_array().unwrap().len(), 2, "{}", kept.text);
    pharmacy.world.dynamo.delete_table().table_name("medicine").send().await.unwrap();
    pharmacy.wait();
    let unread = pharmacy.triage(said(&["e203", "rul_of_nobody"])).await.expect(200);
    assert!(message(&unread).is_some_and(|told| told.starts_with("This may be an emergency.")), "{}", unread.text);
    let denied = json!({"symptoms": [{"id": "e203", "present": true}, {"id": "rul_of_nobody", "present": false}]});
    assert_eq!(message(&pharmacy.triage(denied).await.expect(200)), None);
}

#[tokio::test]
async fn the_signs_are_read_beside_what_is_read_anyway() {
    let (world, cloud) = cloudy_world().await;
    let token = world.token(&user(20), Role::Customer);
    let assess = registry::ENDPOINTS.iter().find(|one| one.name() == "triage-assess").unwrap().endpoint;
    let said = event("POST", "/v1/triage", &[], Some(&token), Some(&chosen("e203")));
    // A first one fills what a warm function has in mind; half a minute later it asks whether that is still so.
    assert_eq!(world.send(assess, &said).await.status, 200);
    world.clock.advance(Duration::from_secs(31));
    cloud.measure(Duration::from_millis(20));
    assert_eq!(world.send(assess, &said).await.status, 200);
    let calls: Vec<_> =
        cloud.measured().into_iter().filter(|call| !call.counts_the_request && !call.reads_the_feed).collect();
    let first = calls.iter().map(|call| call.trip).min();
    assert!(calls.iter().any(|call| call.name == "GetItem" && Some(call.trip) == first), "{calls:?}");
    let trips = calls.iter().map(|call| call.trip).max().zip(first).map(|(last, first)| last - first + 1);
    assert_eq!(trips, Some(2), "what is known of the patient, and the write: {calls:?}");
}

#[tokio::test]
async fn every_field_of_a_sign_that_is_at_fault_is_named() {
    let pharmacy = Pharmacy::open().await;
    let whole = sign("purple spots", TOLD);
    let with = |place: &str, value: Value| {
        let mut rule = whole.clone();
        let path: Vec<&str> = place.split('.').collect();
        match path.as_slice() {
            [member] => rule[*member] = value,
            [member, inner] => rule[*member][*inner] = value,
            _ => unreachable!("{place}"),
        }
        rule
    };
    for (rule, field, code) in [
        (with("names.ne", json!("something else")), "rule.names.ne", "not_matched"),
        (with("phrases.en", json!([])), "rule.phrases.en", "wrong_count"),
        (with("phrases.bn", json!(["purple spots", "a*"])), "rule.phrases.bn[1]", "invalid_phrase"),
        (with("phrases.en", json!(["purple spots", "my"])), "rule.phrases.en[1]", "invalid_phrase"),
        (with("symptoms", json!(["e203", "e9999"])), "rule.symptoms[1]", "unknown_value"),
        (with("symptoms", json!(["e1", "e2", "e3", "e4", "e5", "e6"])), "rule.symptoms", "too_many"),
        (with("applies_to", json!({"pregnant": true})), "rule.symptoms", "required"),
        (with("source", json!({"citation": "ours"})), "rule.source.date", "required"),
        (with("source.date", json!("yesterday")), "rule.source.date", "invalid_date"),
        (with("tell.bn", json!("")), "rule.tell.bn", "empty"),
        (with("about", json!("sadness")), "rule.about", "unknown_value"),
        (
            with("reading", json!({"version": 1, "reviewed": true, "reviewed_by": "me", "reviewed_on": "2026-01-01"})),
            "rule.reading",
            "built_in",
        ),
        (with("evil", json!(1)), "rule.evil", "wrong_type"),
    ] {
        let refused = pharmacy.put(ANNA, "red_flag", "rul_spots", rule).await;
        assert_eq!((refused.status, refused.fields()), (400, vec![field]), "{}", refused.text);
        assert_eq!(refused.body["errors"][0]["code"], code, "{field}");
    }
    for before in ["11y", "12y"] {
        let mut nobody = with("symptoms", json!(["e203"]));
        nobody["applies_to"] = json!({"age_from": "12y", "age_before": before});
        let refused = pharmacy.put(ANNA, "red_flag", "rul_spots", nobody).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["rule.applies_to.age_before"]), "{}", refused.text);
        assert_eq!(refused.body["errors"][0]["code"], "out_of_range");
    }
    assert_eq!(pharmacy.put(ANNA, "red_flag", "rul_spots", whole.clone()).await.status, 200);
}

/// The rows of a partition of the table of medicine, by their `sk`.
async fn rows(pharmacy: &Pharmacy, pk: &str) -> Vec<String> {
    let query = pharmacy.world.dynamo.query().table_name("medicine").key_condition_expression("pk = :pk");
    let found = query.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned())).send().await.unwrap();
    found.items().iter().map(|row| row["sk"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn who_screens_medicines_never_reads_a_sign() {
    let pharmacy = Pharmacy::reviewed().await;
    let (before, sets) = (rows(&pharmacy, "ACTIVE").await, Set::ALL.len());
    add_sign(&pharmacy.world.app, "rul_spots", &sign("purple spots", TOLD)).await;
    assert_eq!(rows(&pharmacy, "ACTIVE").await, before, "an older instance reads every row of it");
    assert_eq!(before.len(), sets - 1);
    assert!(before.iter().all(|sk| !sk.starts_with("red_flag")), "{before:?}");
    let mut flags = vec!["rul_spots", Set::RedFlags.id()];
    flags.sort_unstable();
    assert_eq!(rows(&pharmacy, "ACTIVE_FLAGS").await, flags);
}

#[tokio::test]
async fn a_sign_that_cannot_be_read_stops_neither_the_screening_nor_the_other_signs() {
    let pharmacy = Pharmacy::reviewed().await;
    add_sign(&pharmacy.world.app, "rul_spots", &sign("purple spots", TOLD)).await;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let broken = pharmacy.world.dynamo.put_item().table_name("medicine").item("pk", text("ACTIVE_FLAGS"));
    let broken = broken.item("sk", text("rul_broken")).item("kind", text("of_a_release_to_come"));
    broken.send().await.unwrap();
    pharmacy.wait();
    assert_eq!(message(&pharmacy.triage(spots()).await.expect(200)), Some(TOLD));
    assert!(pharmacy.level("clopidogrel", "omeprazole").await.is_some(), "the rules of medicine are all there");
}
