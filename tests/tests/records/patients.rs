//! The patients of an account: when nothing is stored, when many are added at once, and when something on file names one.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::patients::of_owner;
use shared::platform::dynamo::{Outcome, transact};
use shared::platform::ids::{PatientId, UserId};
use support::{Answer, World, user, world};

const PATIENTS: &str = "/v1/patients";

pub struct Desk<'a> {
    world: &'a World,
    token: String,
}

impl<'a> Desk<'a> {
    pub fn of(world: &'a World, person: &UserId) -> Self {
        Self { world, token: world.token(person, Role::Customer) }
    }

    pub async fn add(&self, body: Value) -> Answer {
        self.world.call(&patients_add::ENDPOINT, ("POST", PATIENTS), &[], Some(&self.token), Some(body)).await
    }

    async fn update(&self, id: &str, body: Value) -> Answer {
        let at = ("PATCH", PATIENTS);
        self.world.call(&patients_update::ENDPOINT, at, &[("id", id)], Some(&self.token), Some(body)).await
    }

    pub async fn remove(&self, id: &str) -> Answer {
        let at = ("DELETE", PATIENTS);
        self.world.call(&patients_remove::ENDPOINT, at, &[("id", id)], Some(&self.token), None).await
    }

    pub async fn list(&self) -> Vec<Value> {
        let answer = self.world.call(&patients_list::ENDPOINT, ("GET", PATIENTS), &[], Some(&self.token), None).await;
        answer.expect(200).body["items"].as_array().unwrap().clone()
    }
}

pub fn child() -> Value {
    json!({"full_name": "Mira Karki", "date_of_birth": "2021-03-04", "sex": "female", "relationship": "child",
        "weight_kg": "17.50"})
}

fn id(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn with_profile(world: &World, person: &UserId) {
    let email = Email::parse("anna@example.org").unwrap();
    world.make_profile(person, email, FullName::parse("Anna Karki").unwrap()).await;
}

#[tokio::test]
async fn the_owner_of_an_account_is_a_patient_of_it_before_anything_is_stored() {
    let world = world().await;
    with_profile(&world, &user(1)).await;
    let desk = Desk::of(&world, &user(1));
    let all = desk.list().await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["id"], of_owner(&user(1)).to_string());
    assert_eq!((&all[0]["full_name"], &all[0]["relationship"]), (&json!("Anna Karki"), &json!("self")));
    assert_eq!((&all[0]["sex"], &all[0]["weight_kg"]), (&json!("unknown"), &Value::Null));
    let own = all[0]["id"].as_str().unwrap();
    desk.remove(own).await.problem(409, "owner_stays");
    let refused = desk.update(own, json!({"full_name": "Anna B", "weight_kg": 70})).await;
    assert_eq!((refused.status, &refused.body["errors"][0]["code"]), (400, &json!("in_profile")));
    let changed = desk.update(own, json!({"weight_kg": "70.0", "pregnant": true})).await.expect(200);
    assert_eq!((&changed.body["weight_kg"], &changed.body["pregnant"]), (&json!("70.0"), &json!(true)));
    assert_eq!(changed.body["weighed_on"], "2026-11-20");
    assert_eq!(desk.list().await[0], changed.body);
}

#[tokio::test]
async fn a_patient_is_added_changed_and_removed_by_who_cares_for_them_alone() {
    let world = world().await;
    let (desk, other) = (Desk::of(&world, &user(1)), Desk::of(&world, &user(2)));
    let mira = id(&desk.add(child()).await.expect(201));
    assert_eq!(desk.list().await[1]["weight_kg"], "17.50");
    for answer in [other.update(&mira, json!({"weight_kg": 20})).await, other.remove(&mira).await] {
        answer.problem(404, "not_found");
    }
    let changed = desk.update(&mira, json!({"weight_kg": 18, "sex": "unknown"})).await.expect(200);
    assert_eq!((&changed.body["weight_kg"], &changed.body["version"]), (&json!("18"), &json!(2)));
    desk.remove(&mira).await.expect(204);
    desk.remove(&mira).await.problem(404, "not_found");
    assert_eq!(desk.list().await.len(), 1);
    let entries = world.app.audit().about(&user(1)).await.unwrap();
    let actions =
        entries.iter().map(|entry| serde_json::to_value(entry).unwrap()["action"].as_str().unwrap().to_owned());
    assert_eq!(
        actions.collect::<BTreeSet<_>>(),
        ["patient.add", "patient.change", "patient.remove"].map(str::to_owned).into()
    );
}

#[tokio::test]
async fn twenty_are_the_most_whoever_adds_them_at_once() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let mut added = 0;
    // Five at a time: so many take turns within the eight tries of each.
    for _ in 0..5 {
        let answers = join_all((0..5).map(|_| desk.add(child()))).await;
        for answer in answers {
            match answer.status {
                201 => added += 1,
                _ => assert_eq!(answer.body["code"], "too_many_patients", "{}", answer.text),
            }
        }
    }
    assert_eq!((added, desk.list().await.len()), (19, 20));
}

#[tokio::test]
async fn whom_something_on_file_names_is_closed_and_not_deleted() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let mira = id(&desk.add(child()).await.expect(201));
    let patient = PatientId::parse(&mira).unwrap();
    let patients = world.app.patients();
    let keep = || vec![patients.keep(&user(1), Some(patient)).unwrap().unwrap()];
    assert!(matches!(transact(&world.dynamo, keep()).await.unwrap(), Outcome::Done));
    // Anybody else cannot put her on file.
    let foreign = vec![patients.keep(&user(2), Some(patient)).unwrap().unwrap()];
    assert!(matches!(transact(&world.dynamo, foreign).await.unwrap(), Outcome::Refused(_)));
    desk.remove(&mira).await.expect(204);
    desk.remove(&mira).await.expect(204);
    assert_eq!(desk.list().await[1]["closed_at"], "2026-11-20T10:00:00.000Z");
    desk.update(&mira, json!({"weight_kg": 20})).await.problem(409, "patient_closed");
    assert!(matches!(transact(&world.dynamo, keep()).await.unwrap(), Outcome::Refused(_)));
    assert_eq!(patients.chosen(&user(1), Some(patient)).await.unwrap_err().fields()[0].code, "patient_closed");
    assert_eq!(patients.chosen(&user(2), Some(patient)).await.unwrap_err().fields()[0].code, "not_found");
    assert_eq!(patients.owner_of(patient).await.unwrap(), Some(user(1)));
}

#[tokio::test]
async fn the_owner_is_nobody_in_particular_and_needs_no_write() {
    let world = world().await;
    let patients = world.app.patients();
    let own = of_owner(&user(1));
    assert_eq!(patients.chosen(&user(1), Some(own)).await.unwrap(), None);
    assert!(patients.keep(&user(1), Some(own)).unwrap().is_none());
    assert_eq!(patients.owner_of(own).await.unwrap(), Some(user(1)));
    assert_eq!(patients.chosen(&user(2), Some(own)).await.unwrap_err().fields()[0].code, "not_found");
}

#[tokio::test]
async fn all_patients_of_who_is_erased_are_forgotten() {
    let world = world().await;
    let desk = Desk::of(&world, &user(1));
    let mira = PatientId::parse(&id(&desk.add(child()).await.expect(201))).unwrap();
    desk.add(child()).await.expect(201);
    let patients = world.app.patients();
    assert_eq!(patients.forget(&user(1)).await.unwrap(), 2);
    assert_eq!(patients.forget(&user(1)).await.unwrap(), 0);
    assert_eq!(desk.list().await.len(), 1);
    assert_eq!(patients.chosen(&user(1), Some(mira)).await.unwrap_err().fields()[0].code, "not_found");
}
