//! Triage: danger first and alone, answers that lead on, and who may see what was said.

use serde_json::{Value, json};
use shared::identity::Role;
use shared::patients::of_owner;
use support::cloud::cloudy_world;
use support::{Answer, TABLES, World, event, user, world, world_with};

use super::patients::{Desk, child};

async fn call(world: &World, token: &str, function: &str, path: &str, id: Option<&str>, body: Option<Value>) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap();
    let parameters: Vec<_> = id.map(|id| ("id", id)).into_iter().collect();
    let method = if body.is_some() { "POST" } else { "GET" };
    world.send(found.endpoint, &event(method, path, &parameters, Some(token), body.as_ref())).await
}

async fn assess(world: &World, token: &str, body: Value) -> Answer {
    call(world, token, "triage-assess", "/v1/triage", None, Some(body)).await
}

/// What somebody says who is not signed in.
async fn pass(world: &World, body: Value) -> Answer {
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == "triage-assess").unwrap();
    world.call(found.endpoint, ("POST", "/v1/triage"), &[], None, Some(body)).await
}

fn present(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"id": id, "present": true})).collect()
}

#[tokio::test]
async fn a_sign_of_danger_is_answered_alone_and_nothing_is_kept() {
    let world = world().await;
    let token = world.token(&user(1), Role::Customer);
    let said = |more: Value| {
        let mut body = json!({"symptoms": present(&["e91", "e201"])});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (body, language) in [
        (said(json!({"symptoms": present(&["stiff_neck"]), "language": "ne"})), "ne"),
        (said(json!({"text": "he had a seizure just now"})), "en"),
        (said(json!({"symptoms": present(&["e14"]), "language": "bn"})), "bn"),
    ] {
        let answer = assess(&world, &token, body).await.expect(200);
        assert_eq!(answer.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["emergency"], "{}", answer.text);
        let message = answer.body["emergency"]["message"].as_str().unwrap();
        assert_eq!(message.is_ascii(), language == "en");
        assert!(!answer.body["emergency"]["numbers"].as_array().unwrap().is_empty());
        assert!(!answer.body["emergency"]["matched"].as_array().unwrap().is_empty());
    }
    let list = call(&world, &token, "triage-list", "/v1/triage", None, None).await.expect(200);
    assert_eq!(list.body["items"], json!([]));
}

#[tokio::test]
async fn fever_of_a_young_infant_is_one_and_of_an_older_child_none() {
    let world = world().await;
    let (desk, token) = (Desk::of(&world, &user(1)), world.token(&user(1), Role::Customer));
    let mut infant = child();
    infant["date_of_birth"] = json!("2026-10-20");
    for (body, alarm) in [(infant, true), (child(), false)] {
        let patient = desk.add(body).await.expect(201).body["id"].clone();
        let answer =
            assess(&world, &token, json!({"patient_id": patient, "symptoms": present(&["e91"])})).await.expect(200);
        assert_eq!(answer.body.get("emergency").is_some(), alarm, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_sign_of_an_infant_counts_where_the_parent_is_the_patient() {
    let world = world().await;
    let (desk, token) = (Desk::of(&world, &user(1)), world.token(&user(1), Role::Customer));
    let mut parent = child();
    parent["date_of_birth"] = json!("1990-03-04");
    parent["weight_kg"] = json!("70");
    let patient = desk.add(parent).await.expect(201).body["id"].clone();
    for sign in ["bulging_fontanelle", "cold_infant", "fever_under_3_months"] {
        let said = json!({"patient_id": patient, "symptoms": present(&[sign, "e91"])});
        let answer = assess(&world, &token, said).await.expect(200);
        assert_eq!(answer.body["emergency"]["matched"][0]["id"], sign, "{}", answer.text);
    }
}

#[tokio::test]
async fn an_emergency_stays_with_the_triage_that_it_came_in_until_it_is_taken_back() {
    let world = world().await;
    let token = world.token(&user(1), Role::Customer);
    let first = assess(&world, &token, json!({"symptoms": present(&["e173", "e215"])})).await.expect(200);
    let id = first.body["id"].as_str().unwrap().to_owned();
    for (question, answer, alarm) in [
        ("e14", "yes", true),
        ("e217", "yes", true),
        ("e14", "unsure", true),
        ("e14", "no", false),
        ("stiff_neck", "yes", true),
        ("e217", "no", true),
    ] {
        let said = json!({"triage_id": id, "symptoms": [], "answers": [{"question": question, "answer": answer}]});
        let answered = assess(&world, &token, said).await.expect(200);
        assert_eq!(answered.body.get("emergency").is_some(), alarm, "{question} {answer}: {}", answered.text);
    }
    let kept = call(&world, &token, "triage-get", "/v1/triage/x", Some(&id), None).await.expect(200);
    assert_eq!(kept.body["emergency"][0]["id"], "stiff_neck", "{}", kept.text);
    assert_eq!((&kept.body["conditions"], &kept.body["urgency"]), (&json!([]), &json!("doctor_today")));
    assert_eq!((kept.body["said"].as_array().unwrap().len(), &kept.body["version"]), (5, &json!(7)));
    let last = &kept.body["said"][4];
    assert_eq!((&last["id"], last["name"].as_str().unwrap().is_empty()), (&json!("stiff_neck"), false));
    let words = json!({"triage_id": id, "symptoms": [], "text": "he had a seizure just now"});
    assess(&world, &token, words).await.expect(200);
    let denied = json!({"triage_id": id, "symptoms": [{"id": "stiff_neck", "present": false}]});
    let answered = assess(&world, &token, denied).await.expect(200);
    assert!(answered.body.get("emergency").is_some(), "no answer takes words back: {}", answered.text);
}

#[tokio::test]
async fn who_should_not_choose_alone_is_sent_to_a_pharmacist() {
    let world = world().await;
    let (desk, token) = (Desk::of(&world, &user(1)), world.token(&user(1), Role::Customer));
    for (born, offered) in [("1990-03-04", true), ("2021-03-04", false)] {
        let mut patient = child();
        patient["date_of_birth"] = json!(born);
        patient["weight_kg"] = json!("40");
        patient["sex"] = json!("male");
        let patient = desk.add(patient).await.expect(201).body["id"].clone();
        let said = json!({"patient_id": patient, "symptoms": present(&["e91", "e201", "e181"])});
        let answer = assess(&world, &token, said).await.expect(200);
        assert_eq!(answer.body["urgency"], "pharmacy", "{}", answer.text);
        assert_eq!(answer.body["options"].as_array().unwrap().is_empty(), !offered, "{}", answer.text);
        assert_eq!(answer.body["options_withheld"].is_string(), !offered, "{}", answer.text);
    }
}

#[tokio::test]
async fn answers_are_added_up_and_what_is_said_anew_counts() {
    let world = world().await;
    let token = world.token(&user(1), Role::Customer);
    let first = assess(&world, &token, json!({"symptoms": present(&["e202", "e203", "e166"])})).await.expect(200);
    assert_eq!(first.body["conditions"][0]["id"], "whooping-cough");
    assert!(first.body["conditions"][0].get("probability").is_none() && !first.text.contains('%'));
    assert!(!first.body["conditions"][0]["for"].as_array().unwrap().is_empty());
    assert_eq!(first.body["next_questions"].as_array().unwrap().len(), 3);
    assert!(first.body["disclaimer"].as_str().unwrap().contains("not a diagnosis"));
    let go_on = |answer: &str| json!({"triage_id": first.body["id"], "symptoms": [], "answers": [{"question": "e91", "answer": answer}]});
    for answer in ["yes", "yes", "no", "unsure"] {
        assess(&world, &token, go_on(answer)).await.expect(200);
    }
    let id = first.body["id"].as_str().unwrap();
    let kept = call(&world, &token, "triage-get", "/v1/triage/x", Some(id), None).await.expect(200);
    assert_eq!((kept.body["said"].as_array().unwrap().len(), &kept.body["version"]), (4, &json!(5)));
    assert_eq!((&kept.body["said"][3]["id"], &kept.body["said"][3]["present"]), (&json!("e91"), &Value::Null));
    let other = world.token(&user(2), Role::Customer);
    call(&world, &other, "triage-get", "/v1/triage/x", Some(id), None).await.problem(404, "not_found");
    assess(&world, &other, go_on("yes")).await.problem(404, "not_found");
    let nothing = assess(&world, &token, json!({"symptoms": [{"id": "e91", "present": false}]})).await;
    assert_eq!((nothing.status, &nothing.body["errors"][0]["field"]), (400, &json!("symptoms")));
}

#[tokio::test]
async fn what_needs_a_prescription_is_told_to_clinicians_alone() {
    let world = world().await;
    let body =
        json!({"symptoms": present(&["e173", "e215", "e217"]), "answers": [{"question": "e66", "answer": "no"}]});
    for (role, told) in [(Role::Customer, false), (Role::Doctor, true)] {
        let answer = assess(&world, &world.token(&user(1), role), body.clone()).await.expect(200);
        let options = answer.body["options"].as_array().unwrap();
        assert_eq!(options.iter().any(|one| one["prescription"] == true), told, "{}", answer.text);
        assert!(options.iter().all(|one| !one["source"].as_str().unwrap().is_empty()));
    }
}

#[tokio::test]
async fn a_consultation_can_be_about_a_triage_of_its_patient() {
    let (world, _cloud) = cloudy_world().await;
    let owner = user(1);
    let token = world.token(&owner, Role::Customer);
    let triage = assess(&world, &token, json!({"symptoms": present(&["e202", "e203"])})).await.expect(200);
    let id = triage.body["id"].as_str().unwrap().to_owned();
    let request = json!({"topic": "Cough", "text": "It is worse at night.", "about": {"triage_id": id}});
    let mut asked = event("POST", "/v1/consultations", &[], Some(&token), Some(&request));
    asked["headers"]["idempotency-key"] = json!("k");
    let found = registry::ENDPOINTS.iter().find(|one| one.name() == "consultations-request").unwrap();
    let consultation = world.send(found.endpoint, &asked).await.expect(201);
    assert_eq!(consultation.body["about"]["triage_id"], id);
    let about = of_owner(&owner);
    let doctor = world.token(&user(7), Role::Doctor);
    let path = format!("/v1/triage/x?patient_id={about}");
    call(&world, &doctor, "triage-get", &path, Some(&id), None).await.problem(404, "not_found");
    let other = json!({"topic": "Cough", "text": "x", "about": {"triage_id": "tri_01JD4Z8QK0000000000000000J"}});
    let mut asked = event("POST", "/v1/consultations", &[], Some(&token), Some(&other));
    asked["headers"]["idempotency-key"] = json!("l");
    let refused = world.send(found.endpoint, &asked).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["field"]), (400, &json!("about.triage_id")));
}

/// Everything in every table, but the counts of requests: of each item its letters in their order, since members have none.
async fn stored(world: &World) -> Vec<String> {
    let mut stored = Vec::new();
    for (table, _) in TABLES {
        let found = world.dynamo.scan().table_name(*table).send().await.unwrap();
        assert!(found.last_evaluated_key().is_none(), "{table}");
        for item in found.items().iter().map(|item| format!("{table} {item:?}")) {
            if *table == "guard" && item.contains("LIMIT#") {
                continue;
            }
            let mut letters: Vec<_> = item.chars().collect();
            letters.sort_unstable();
            stored.push(letters.into_iter().collect());
        }
    }
    stored.sort_unstable();
    stored
}

#[tokio::test]
async fn a_guest_is_led_through_a_triage_and_nothing_of_it_is_stored() {
    let world = world().await;
    let before = stored(&world).await;
    let mut said = vec!["e91", "e201"];
    let body = |said: &[&str], patient: Value| json!({"symptoms": present(said), "patient": patient});
    let first = pass(&world, body(&said, json!({"age": 30, "sex": "male"}))).await.expect(200);
    assert_eq!((&first.body["id"], &first.body["patient_id"]), (&Value::Null, &Value::Null), "{}", first.text);
    assert_eq!(first.body["next_questions"].as_array().unwrap().len(), 3);
    assert_eq!(first.body["urgency"], "doctor_soon", "next to nothing is known");
    said.push("e181");
    let second = pass(&world, body(&said, json!({"age": 30, "sex": "male"}))).await.expect(200);
    assert_eq!(second.body["urgency"], "pharmacy", "{}", second.text);
    assert!(!second.body["conditions"][0]["for"].as_array().unwrap().is_empty());
    let options = second.body["options"].as_array().unwrap();
    assert!(!options.is_empty() && options.iter().all(|option| option["prescription"] == false), "{}", second.text);
    assert_eq!(second.body["options_withheld_for"], json!([]));
    let alarming = pass(&world, body(&["e91", "e201", "e181", "e140"], json!({"age": 30}))).await.expect(200);
    assert_eq!(alarming.body["urgency"], "doctor_today", "a cold explains nothing away: {}", alarming.text);
    let danger = pass(&world, json!({"symptoms": present(&["stiff_neck"]), "language": "ne"})).await.expect(200);
    assert_eq!(danger.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["emergency"], "{}", danger.text);
    let words = pass(&world, json!({"symptoms": [], "text": "he had a seizure just now"})).await.expect(200);
    assert!(words.body.get("emergency").is_some(), "{}", words.text);
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn what_a_guest_says_of_the_patient_counts_as_what_is_on_record_does() {
    let world = world().await;
    let with = |patient: Value| json!({"symptoms": present(&["e91", "e201", "e181"]), "patient": patient});
    for (patient, reason) in [
        (json!({}), "age_unknown"),
        (json!({"age": 11}), "under_twelve"),
        (json!({"age": 30, "pregnant": false, "breastfeeding": true}), "breastfeeding"),
        (json!({"age": 30, "sex": "female"}), "pregnancy_unknown"),
    ] {
        let answer = pass(&world, with(patient.clone())).await.expect(200);
        assert_eq!(answer.body["options"], json!([]), "{patient}");
        assert_eq!(answer.body["options_withheld_for"], json!([reason]), "{patient}: {}", answer.text);
        assert!(answer.body["options_withheld"].is_string(), "{patient}");
    }
    let unknown = pass(&world, with(json!({}))).await.expect(200);
    let asked: Vec<_> =
        unknown.body["next_questions"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(asked[..2], ["fever_under_3_months", "under_12"], "danger first, then the age");
    let mut grown = with(json!({}));
    grown["answers"] = json!([{"question": "under_12", "answer": "no"}, {"question": "e167", "answer": "no"}]);
    assert!(!pass(&world, grown).await.expect(200).body["options"].as_array().unwrap().is_empty());
    for (patient, alarm) in [
        (json!({"date_of_birth": "2026-10-20"}), true),
        (json!({"age": 30, "pregnant": true}), true),
        (json!({"age": 3}), false),
    ] {
        let answer = pass(&world, with(patient.clone())).await.expect(200);
        assert_eq!(answer.body.get("emergency").is_some(), alarm, "{patient}: {}", answer.text);
    }
    let wrong = pass(&world, with(json!({"age": 200, "name": "Anna"}))).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["patient.name", "patient.age"]), "{}", wrong.text);
}

#[tokio::test]
async fn what_is_on_record_is_for_those_who_have_records() {
    let world = world().await;
    let body = json!({"symptoms": present(&["e91", "e201", "e181"])});
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        body
    };
    let foreign = [
        with("triage_id", json!("tri_01JD4Z8QK0000000000000000J")),
        with("patient_id", json!("pat_01JD4Z8QK0000000000000000J")),
    ];
    let seller = world.token(&user(5), Role::Seller);
    for body in foreign {
        pass(&world, body.clone()).await.problem(401, "unauthenticated");
        assess(&world, &seller, body).await.problem(403, "forbidden");
    }
    let before = stored(&world).await;
    let unkept = assess(&world, &seller, with("patient", json!({"age": 30}))).await.expect(200);
    assert_eq!((&unkept.body["id"], &unkept.body["urgency"]), (&Value::Null, &json!("pharmacy")), "{}", unkept.text);
    assert_eq!(stored(&world).await, before, "a seller has no records");
    let customer = world.token(&user(1), Role::Customer);
    let refused = assess(&world, &customer, with("patient", json!({"age": 30}))).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["patient"]), "{}", refused.text);
    let mut danger = with("patient", json!({"age": 30}));
    danger["symptoms"] = present(&["stiff_neck"]);
    let alarm = assess(&world, &customer, danger).await.expect(200);
    assert!(alarm.body.get("emergency").is_some(), "whatever else is wrong: {}", alarm.text);
}

#[tokio::test]
async fn nothing_that_is_read_keeps_back_an_emergency_that_is_built_in() {
    let world = world().await;
    let (token, other) = (world.token(&user(1), Role::Customer), world.token(&user(2), Role::Customer));
    let desk = Desk::of(&world, &user(1));
    let closed = desk.add(child()).await.expect(201).body["id"].as_str().unwrap().to_owned();
    let kept = json!({"patient_id": closed, "symptoms": present(&["e173"])});
    assess(&world, &token, kept).await.expect(200);
    desk.remove(&closed).await.expect(204);
    let theirs = assess(&world, &other, json!({"symptoms": present(&["e173", "e215"])})).await.expect(200);
    let with = |signs: &[&str], name: &str, value: &Value| {
        let mut body = json!({"symptoms": present(signs)});
        body[name] = value.clone();
        body
    };
    let ours = assess(&world, &token, json!({"symptoms": present(&["e173"])})).await.expect(200).body["id"].clone();
    for (name, value, status) in [("triage_id", &theirs.body["id"], 404), ("patient_id", &json!(closed), 400)] {
        assert_eq!(assess(&world, &token, with(&["e173"], name, value)).await.status, status, "{name}");
        let alarm = assess(&world, &token, with(&["stiff_neck"], name, value)).await.expect(200);
        assert!(alarm.body.get("emergency").is_some(), "{name}: {}", alarm.text);
    }
    let kept = call(&world, &other, "triage-get", "/v1/triage/x", theirs.body["id"].as_str(), None).await.expect(200);
    assert_eq!(kept.body["emergency"], json!([]), "nobody marks a triage of somebody else");
    for table in ["accounts", "records"] {
        world.dynamo.delete_table().table_name(table).send().await.unwrap();
        for body in [json!({"symptoms": present(&["stiff_neck"])}), with(&["stiff_neck"], "triage_id", &ours)] {
            let alarm = assess(&world, &token, body).await.expect(200);
            assert!(alarm.body.get("emergency").is_some(), "without {table}: {}", alarm.text);
        }
    }
    assert!(assess(&world, &token, json!({"symptoms": present(&["e173"])})).await.status >= 500);
}

#[tokio::test]
async fn guests_are_turned_away_where_they_may_not_ask_but_not_in_an_emergency() {
    let world = world_with(&[("triage_guests", "false")]).await;
    pass(&world, json!({"symptoms": present(&["e91", "e201"])})).await.problem(401, "unauthenticated");
    let alarm = pass(&world, json!({"symptoms": present(&["e14"])})).await.expect(200);
    assert!(alarm.body.get("emergency").is_some(), "{}", alarm.text);
    let token = world.token(&user(1), Role::Customer);
    assess(&world, &token, json!({"symptoms": present(&["e91", "e201"])})).await.expect(200);
}

#[tokio::test]
async fn the_answers_of_guests_are_counted_by_their_address() {
    let world = world_with(&[("address_limit_factor", "1")]).await;
    let body = || json!({"symptoms": present(&["e201"]), "patient": {"age": 30}});
    for count in 0..60 {
        let answer = pass(&world, body()).await;
        assert_eq!(answer.status, 200, "{count}: {}", answer.text);
    }
    let refused = pass(&world, body()).await;
    refused.problem(429, "rate_limited");
    let danger = pass(&world, json!({"symptoms": present(&["stiff_neck"])})).await.expect(200);
    assert!(danger.body.get("emergency").is_some(), "whoever shares the address: {}", danger.text);
    pass(&world, body()).await.problem(429, "rate_limited");
    let token = world.token(&user(1), Role::Customer);
    assess(&world, &token, json!({"symptoms": present(&["e201"])})).await.expect(200);
}

#[tokio::test]
async fn the_age_is_asked_for_once_where_it_is_not_on_record_and_what_is_said_of_it_is_kept() {
    let world = world().await;
    let token = world.token(&user(1), Role::Customer);
    let first = assess(&world, &token, json!({"symptoms": present(&["e97", "e201", "e181"])})).await.expect(200);
    assert_eq!(first.body["next_questions"][0]["id"], "under_12", "{}", first.text);
    assert_eq!((&first.body["options"], &first.body["options_withheld_for"]), (&json!([]), &json!(["age_unknown"])));
    let id = first.body["id"].clone();
    let grown = json!({"triage_id": id, "symptoms": [], "answers": [{"question": "under_12", "answer": "no"}]});
    let second = assess(&world, &token, grown).await.expect(200);
    assert_eq!(second.body["options_withheld_for"], json!(["pregnancy_unknown"]), "{}", second.text);
    assert_eq!(second.body["next_questions"][0]["id"], "e167", "right after the age: {}", second.text);
    let no = json!({"triage_id": id, "symptoms": [], "answers": [{"question": "e167", "answer": "no"}]});
    let second = assess(&world, &token, no).await.expect(200);
    assert!(!second.body["options"].as_array().unwrap().is_empty(), "{}", second.text);
    let asked = second.body["next_questions"].as_array().unwrap();
    assert!(asked.iter().all(|one| one["id"] != "under_12"), "{}", second.text);
    let path = id.as_str().unwrap();
    let kept = call(&world, &token, "triage-get", "/v1/triage/x", Some(path), None).await.expect(200);
    let said = kept.body["said"].as_array().unwrap().iter().find(|one| one["id"] == "under_12").unwrap().clone();
    assert_eq!((&said["id"], said["name"].as_str()), (&json!("under_12"), Some("younger than twelve years")));
    let age_alone = json!({"symptoms": present(&["under_12"])});
    let nothing = assess(&world, &token, age_alone).await;
    assert_eq!((nothing.status, nothing.fields()), (400, vec!["symptoms"]), "{}", nothing.text);
}
