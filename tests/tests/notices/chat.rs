//! Messages of consultations: one notice for each time that somebody has not looked for a while, and none for who has.

use serde_json::json;
use shared::accounts::{Email, FullName};
use shared::identity::Role;
use shared::platform::ids::UserId;
use support::user;

use super::post::{ANNA, Post};

/// A doctor whom the pool knows.
const DOCTOR: &str = "dora@example.org";

struct Clinic {
    post: Post,
    doctor: UserId,
    id: String,
    said: u32,
}

impl Clinic {
    /// A consultation of Anna that a doctor has, of which all is told that is to be told.
    async fn open() -> Self {
        let mut post = Post::open().await;
        for (name, role) in [("anna2@example.org", Role::Customer), (DOCTOR, Role::Doctor)] {
            post.cloud.pool().add(name, "tigers sleep in june", &[role], "CONFIRMED");
        }
        let doctor = UserId::parse(&post.cloud.pool().user(DOCTOR).unwrap().id).unwrap();
        let (email, name) = (Email::parse(DOCTOR).unwrap(), FullName::parse("Dora Das").unwrap());
        post.world.make_profile(&doctor, email, name).await;
        let body = json!({"topic": "A rash", "text": "It has itched for two days."});
        let path = "/v1/consultations";
        let asked = post.call(ANNA, Role::Customer, "consultations-request", path, Some(body)).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        let id = asked.body["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/consultations/{id}/assign");
        let body = Some(json!({"doctor_id": doctor}));
        let assigned = post.call(9, Role::PharmacyAdmin, "consultations-assign", &path, body).await;
        assert_eq!(assigned.status, 200, "{}", assigned.text);
        post.plan().await;
        post.deliver_within(120).await;
        Self { post, doctor, id, said: 0 }
    }

    async fn say(&mut self, who: &UserId, role: Role, text: &str) -> String {
        self.said += 1;
        let client_id = format!("00000000-0000-4000-a000-{:012x}", self.said);
        let number = (1..20).find(|number| user(*number) == *who);
        let token = self.post.world.token(who, role);
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == "chat-post").unwrap().endpoint;
        let body = json!({"client_id": client_id, "text": text});
        let at = [("id", self.id.as_str())];
        let path = "/v1/consultations/x/messages";
        let said = self.post.world.call(endpoint, ("POST", path), &at, Some(&token), Some(body)).await;
        assert_eq!(said.status, 201, "{number:?} {}", said.text);
        self.post.plan().await;
        said.body["id"].as_str().unwrap().to_owned()
    }

    async fn answer(&mut self, text: &str) -> String {
        let doctor = self.doctor.clone();
        self.say(&doctor, Role::Doctor, text).await
    }

    /// Anna reads up to a message.
    async fn read(&self, message: &str) {
        let key = shared::platform::dynamo::Key::new(format!("CON#{}", self.id), format!("MARK#{}", user(ANNA)));
        let update = self.post.world.dynamo.update_item().table_name("consultations");
        update
            .set_key(Some(key.attributes()))
            .update_expression("SET #user = :user, #read = :read, read_tally = :tally")
            .expression_attribute_names("#user", "user")
            .expression_attribute_names("#read", "read")
            .expression_attribute_values(":user", shared::platform::dynamo::s(user(ANNA)))
            .expression_attribute_values(":read", shared::platform::dynamo::s(message))
            .expression_attribute_values(
                ":tally",
                shared::platform::dynamo::value(json!({"all": 0, "of_patient": 0})).unwrap(),
            )
            .send()
            .await
            .unwrap();
    }

    fn told(&self) -> usize {
        self.post.mails().iter().filter(|mail| mail.subject == "You have a new message").count()
    }

    fn doctor_told(&self) -> Vec<String> {
        self.post.cloud.messages().to(DOCTOR).iter().map(|mail| mail.subject.clone()).collect()
    }
}

#[tokio::test]
async fn a_patient_is_told_that_somebody_has_their_question_and_a_doctor_that_they_have_it() {
    let clinic = Clinic::open().await;
    assert_eq!(clinic.post.mails()[0].subject, "Your question has reached somebody");
    assert_eq!(clinic.doctor_told(), ["A consultation was given to you"]);
    for message in clinic.post.cloud.messages().all() {
        assert!(!message.text.contains("rash") && !message.text.contains("itched"), "{message:?}");
    }
}

#[tokio::test]
async fn a_doctor_is_told_at_once_when_a_patient_writes_of_an_emergency_and_without_their_words() {
    let mut clinic = Clinic::open().await;
    clinic.say(&user(ANNA), Role::Customer, "It is a little better today.").await;
    clinic.post.deliver().await;
    assert_eq!(
        clinic.doctor_told().len(),
        1,
        "who writes of nothing urgent waits until the doctor has had time to read"
    );
    clinic.say(&user(ANNA), Role::Customer, "I have crushing chest pain and I cannot breathe.").await;
    clinic.post.deliver().await;
    let told = clinic.post.cloud.messages().to(DOCTOR);
    let urgent = told.last().unwrap();
    assert_eq!(told.len(), 2);
    assert!(!urgent.text.contains("chest") && urgent.header("List-Unsubscribe").is_none(), "{}", urgent.text);
    // The same change again, and what comes two minutes later, tell nobody twice of the emergency.
    clinic.post.deliver_within(120).await;
    let again = clinic.post.cloud.messages().to(DOCTOR);
    assert_eq!(again.iter().filter(|mail| mail.subject == urgent.subject).count(), 1);
}

#[tokio::test]
async fn a_burst_of_messages_is_one_notice_and_the_next_comes_after_reading() {
    let mut clinic = Clinic::open().await;
    for text in ["Hello.", "How old is the rash?", "Does it hurt?"] {
        clinic.answer(text).await;
    }
    clinic.post.deliver_within(119).await;
    assert_eq!(clinic.told(), 0, "they have two minutes to read");
    clinic.post.deliver_within(120).await;
    assert_eq!(clinic.told(), 1);
    let last = clinic.answer("Are you there?").await;
    clinic.post.deliver_within(120).await;
    assert_eq!(clinic.told(), 1, "they have not looked since");
    clinic.read(&last).await;
    clinic.answer("I close this tomorrow.").await;
    clinic.post.deliver_within(120).await;
    assert_eq!(clinic.told(), 2);
}

#[tokio::test]
async fn who_reads_in_time_is_not_told() {
    let mut clinic = Clinic::open().await;
    clinic.answer("Hello.").await;
    let last = clinic.answer("How old is it?").await;
    clinic.read(&last).await;
    clinic.post.deliver_within(120).await;
    assert_eq!(clinic.told(), 0);
    assert!(!clinic.post.inbox(ANNA).await.contains(&"new_message".to_owned()));
}

#[tokio::test]
async fn a_message_that_comes_three_times_out_of_the_queue_is_told_once() {
    let mut clinic = Clinic::open().await;
    clinic.answer("Hello.").await;
    let batch = clinic.post.cloud.queues().take(10, 120);
    for _ in 0..3 {
        clinic.post.hand_over(batch.clone()).await;
    }
    assert_eq!(clinic.told(), 1);
}

#[tokio::test]
async fn what_speaks_of_an_emergency_is_told_to_the_doctor_at_once() {
    let mut clinic = Clinic::open().await;
    clinic.say(&user(ANNA), Role::Customer, "It itches less.").await;
    clinic.post.deliver().await;
    assert_eq!(clinic.doctor_told().len(), 1, "that can wait two minutes");
    clinic.say(&user(ANNA), Role::Customer, "I have chest pain and cannot breathe").await;
    clinic.post.deliver().await;
    assert_eq!(clinic.doctor_told().last().unwrap(), "A message needs you at once");
    assert!(clinic.post.cloud.messages().all().iter().all(|one| !one.text.contains("chest")));
}

#[tokio::test]
async fn a_doctor_who_has_it_no_more_is_told_nothing_of_it() {
    let mut clinic = Clinic::open().await;
    clinic.say(&user(ANNA), Role::Customer, "It itches less.").await;
    let other = "dan@example.org";
    clinic.post.cloud.pool().add(other, "tigers sleep in june", &[Role::Doctor], "CONFIRMED");
    let dan = clinic.post.cloud.pool().user(other).unwrap().id.clone();
    let path = format!("/v1/consultations/{}/assign", clinic.id);
    let body = Some(json!({ "doctor_id": dan }));
    let assigned = clinic.post.call(9, Role::PharmacyAdmin, "consultations-assign", &path, body).await;
    assert_eq!(assigned.status, 200, "{}", assigned.text);
    clinic.post.deliver_within(120).await;
    assert_eq!(clinic.doctor_told(), ["A consultation was given to you"]);
}
