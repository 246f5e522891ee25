//! A world that sample events are played in: their placeholders stand for real tokens, and their sample ids for what the
//! events before have made.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::api::{Endpoint, answer_socket};
use shared::identity::Role;
use shared::notifications::Topic;
use shared::platform::clock::Clock;

use super::{sample, story};
use crate::cloud::{Cloud, Elsewhere, Message, cloudy_world, cloudy_world_at};
use crate::world::standing_clock;
use crate::{Answer, Authenticator, World, user};

/// The ids that sample events use, until something of the kind has been made.
const SAMPLE_IDS: [&str; 17] = [
    "adr_01JD4Z8QK0000000000000000A",
    "att_01JD4Z8QK0000000000000000F",
    "con_01JD4Z8QK0000000000000000E",
    "img_01JD4Z8QK0000000000000000C",
    "imp_01JD4Z8QK0000000000000000K",
    "lot_01JD4Z8QK0000000000000000A",
    "ord_01JD4Z8QK0000000000000000B",
    "pat_01JD4Z8QK0000000000000000G",
    "prd_01JD4Z8QK0000000000000000A",
    "qst_01JD4Z8QK0000000000000000A",
    "rcl_01JD4Z8QK0000000000000000A",
    "rec_01JD4Z8QK0000000000000000H",
    "ret_01JD4Z8QK0000000000000000G",
    "sap_01JD4Z8QK0000000000000000H",
    "rfd_01JD4Z8QK0000000000000000G",
    "rx_01JD4Z8QK0000000000000000D",
    "tri_01JD4Z8QK0000000000000000J",
];

/// The person that sample events name, until somebody has signed in.
const SAMPLE_PERSON: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11";

/// The number that a sample event names a payment at bKash by.
const SAMPLE_INVOICE: &str = "01JD4Z8QK0000000000000000B-1-0123456789ab";

/// The workers that look at private files.
const PRIVATE: [&str; 5] =
    ["catalog-import", "chat-scan-attachment", "prescriptions-scan", "records-scan-file", "records-take-bundle"];

/// A world, and what stands for what in it.
pub struct Stage {
    /// The world.
    pub world: World,
    /// Its S3 and Cognito.
    pub cloud: Cloud,
    /// What is said in events, and what it stands for.
    pub meaning: BTreeMap<String, String>,
    upload: Option<(String, String)>,
    /// What the pharmacy sells in; sample events say USD.
    currency: &'static str,
}

impl Stage {
    /// An empty world in which everybody has a token.
    pub async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        Self::of(world, cloud)
    }

    /// The same for the story of one function, which may be of a provider that takes one currency alone.
    pub async fn open_for(function: &str) -> Self {
        Self::open_for_at(function, standing_clock()).await
    }

    /// The same at another time.
    pub async fn open_for_at(function: &str, clock: Clock) -> Self {
        let (currency, methods) = story::sold_in(function);
        let reading = json!(if function == "prescriptions-read" { "textract" } else { "off" }).to_string();
        let settings = [
            ("currency", json!(currency).to_string()),
            ("payment_methods", json!(methods).to_string()),
            ("prescription_reading", reading),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
        let (world, cloud) = cloudy_world_at(clock, &settings).await;
        Self { currency, ..Self::of(world, cloud) }
    }

    /// The same at another time: what runs outside this process has the clock of the machine.
    pub async fn open_at(clock: Clock) -> Self {
        let (world, cloud) = cloudy_world_at(clock, &[]).await;
        Self::of(world, cloud)
    }

    fn of(world: World, cloud: Cloud) -> Self {
        let people = [
            ("${CUSTOMER_TOKEN}", 1, Role::Customer),
            ("${PHARMACIST_TOKEN}", 2, Role::PharmacyAdmin),
            ("${SELLER_TOKEN}", 3, Role::Seller),
            ("${DOCTOR_TOKEN}", 4, Role::Doctor),
            ("${ADMIN_TOKEN}", 5, Role::SuperAdmin),
        ];
        let mut meaning: BTreeMap<_, _> =
            people.map(|(name, number, role)| (name.to_owned(), world.token(&user(number), role))).into();
        let token = world.app.unsubscribe_tokens().unwrap().token(&user(1), Topic::Orders).unwrap();
        meaning.insert("${UNSUBSCRIBE_TOKEN}".to_owned(), token.unwrap());
        Self { world, cloud, meaning, upload: None, currency: "USD" }
    }

    /// An event as it is sent here.
    pub fn event(&self, text: &str) -> Value {
        let text = self.meaning.iter().fold(text.to_owned(), |text, (said, meant)| text.replace(said, meant));
        let mut text = text.replace(r#"\"USD\""#, &format!(r#"\"{}\""#, self.currency));
        if text.contains("${ESEWA_DATA}") {
            let state = self.cloud.peers().lock();
            // Where no story was told nobody has paid.
            if let Some(paid) = state.esewa.payments().find(|payment| payment.taken() > 0) {
                text = text.replace("${ESEWA_DATA}", &state.esewa.data(&paid.uuid).unwrap());
            }
        }
        let mut event: Value = serde_json::from_str(&text).unwrap();
        // What is signed is known only by now.
        if event["headers"]["stripe-signature"] == "${STRIPE_SIGNATURE}" {
            let (body, now) = (event["body"].as_str().unwrap(), self.world.clock.now().seconds());
            let signature = peers::webhook::stripe_signature(body, now, &[peers::stripe::WEBHOOK_SECRET]);
            event["headers"]["stripe-signature"] = signature.into();
        }
        if text.contains("${BKASH_SIGNATURE}") {
            let mut message: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
            message["Timestamp"] = self.world.clock.now().to_string().into();
            // Where no story was told there is no payment that it could be about.
            if let Some(payment) = self.cloud.peers().lock().bkash.payments().next() {
                let told = message["Message"].as_str().unwrap().replace(SAMPLE_INVOICE, &payment.invoice);
                message["Message"] = told.into();
            }
            let url = self.world.app.config().bkash_url.clone().unwrap();
            event["body"] = peers::webhook::sns_signed(message, &url).into();
        }
        if event["headers"]["paypal-transmission-sig"] == "${PAYPAL_SIGNATURE}" {
            let (body, now) = (event["body"].as_str().unwrap().to_owned(), self.world.clock.now().to_string());
            let certificate =
                format!("{}/v1/notifications/certs/CERT-peer", self.world.app.config().paypal_url.as_ref().unwrap());
            for (name, value) in peers::webhook::paypal_headers(&body, &now, peers::paypal::WEBHOOK_ID, &certificate) {
                event["headers"][name] = value.into();
            }
        }
        event
    }

    /// Plays an event, and remembers what it made.
    pub async fn play(&mut self, endpoint: &Endpoint, text: &str) -> Answer {
        let answer = self.world.send(endpoint, &self.event(text)).await;
        if answer.status < 300 {
            self.remember(&answer.body);
        }
        answer
    }

    /// Plays the good event of a function of the WebSocket API, which must go well.
    pub async fn play_socket(&mut self, function: &'static str) {
        let socket = registry::SOCKETS.iter().find(|one| one.name == function);
        let socket = socket.unwrap_or_else(|| panic!("{function} is no function of the WebSocket API"));
        let answer = answer_socket(&self.world.app, socket, &self.event(&sample::ok(function).text)).await;
        assert_eq!(answer["statusCode"], 200, "{function}");
    }

    /// Plays the good event of a function, which must go well.
    pub async fn play_ok(&mut self, function: &'static str) -> Answer {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function);
        let endpoint = endpoint.unwrap_or_else(|| panic!("{function} is no endpoint")).endpoint;
        let answer = self.play(endpoint, &sample::ok(function).text).await;
        assert!((200..400).contains(&answer.status), "{function}: {} {}", answer.status, answer.text);
        answer
    }

    /// Follows where the last answer leads, to another provider, and comes back with a code.
    pub fn visit_elsewhere(&mut self, answer: &Answer) {
        let anna = Elsewhere {
            provider: "Google",
            subject: "1".to_owned(),
            email: None,
            verified: None,
            name: Some("Anna Karki".to_owned()),
        };
        let back = self.cloud.hosted_ui().visit(answer.headers["location"].to_str().unwrap(), &anna);
        self.meaning.insert("a-sample-code".to_owned(), back.code);
        self.meaning.insert("a-sample-state".to_owned(), back.state);
    }

    /// Uploads `bytes` as the last answer's form says, and plays the good event of the worker that looks at them.
    pub async fn upload(&mut self, worker: &'static str, bytes: &[u8]) {
        let found = registry::WORKERS.iter().find(|one| one.name == worker);
        let run = found.unwrap_or_else(|| panic!("{worker} is no worker")).run;
        let event = self.uploaded(worker, bytes);
        run(&self.world.app, event).await.unwrap_or_else(|error| panic!("{worker}: {error} {:?}", error.cause()));
    }

    /// Uploads `bytes` as the last answer's form says: the event that tells `worker` of it.
    pub fn uploaded(&mut self, worker: &'static str, bytes: &[u8]) -> Value {
        let (key, media) = self.upload.clone().expect("an answer with an upload form came before");
        let config = self.world.app.config();
        let bucket = if PRIVATE.contains(&worker) { &config.scans_bucket } else { &config.media_bucket };
        self.cloud.files().put(&format!("{bucket}/{key}"), &media, bytes);
        let mut event = self.event(&sample::ok(worker).text);
        event["detail"]["bucket"]["name"] = bucket.as_str().into();
        event["detail"]["object"]["key"] = key.into();
        event["detail"]["object"]["size"] = bytes.len().into();
        event
    }

    /// The event that tells `worker` of the checked copy of the one file that was uploaded.
    pub fn copied(&self, worker: &'static str) -> Value {
        let bucket = self.world.app.config().scans_bucket.clone();
        let copies = format!("{bucket}/clean/");
        let key = self.cloud.files().paths().into_iter().find(|path| path.starts_with(&copies));
        let mut event = self.event(&sample::ok(worker).text);
        event["detail"]["object"]["key"] =
            key.expect("a file was checked").trim_start_matches(&format!("{bucket}/")).into();
        event["detail"]["bucket"]["name"] = bucket.into();
        event
    }

    /// What an answer made takes the place of the sample ids, its tokens that of the customer's.
    fn remember(&mut self, body: &Value) {
        if let Some(id) = body["id"].as_str() {
            let prefix = id.split('_').next().unwrap_or_default();
            for sample in SAMPLE_IDS.iter().filter(|sample| sample.split('_').next() == Some(prefix)) {
                self.meaning.insert((*sample).to_owned(), id.to_owned());
            }
        }
        // Who has signed in stands for the one person that sample events name.
        if let Some(person) = body["user"]["id"].as_str() {
            self.meaning.insert(SAMPLE_PERSON.to_owned(), person.to_owned());
        }
        // A browser sends the form that it was given.
        if body["client"]["kind"] == "form" {
            let fields = body["client"]["fields"].as_array().unwrap().iter();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let fields = fields.map(|field| (text(&field["name"]), text(&field["value"]))).collect();
            self.cloud.peers().lock().esewa.submit(&fields).unwrap();
        }
        // A webhook has a secret too, which is no authenticator's.
        if let Some(secret) = body["secret"].as_str().filter(|secret| !secret.starts_with("whsec_")) {
            let authenticator = Authenticator::new(secret);
            self.meaning.insert("${MFA_CODE}".to_owned(), authenticator.code(self.world.clock.now()));
        }
        for (name, field) in [
            ("${CUSTOMER_TOKEN}", "access_token"),
            ("${REFRESH_TOKEN}", "refresh_token"),
            ("${CHALLENGE_SESSION}", "challenge_session"),
            ("${REGISTRATION_TOKEN}", "registration_token"),
            ("${CHAT_TICKET}", "ticket"),
        ] {
            if let Some(token) = body[field].as_str() {
                self.meaning.insert(name.to_owned(), token.to_owned());
            }
        }
        if let Some(code) = self.cloud.messages().all().iter().rev().find_map(Message::code) {
            self.meaning.insert("${CODE}".to_owned(), code);
        }
        let fields = &body["upload"]["fields"];
        if let (Some(key), Some(media)) = (fields["key"].as_str(), fields["Content-Type"].as_str()) {
            self.upload = Some((key.to_owned(), media.to_owned()));
        }
    }
}
