//! A small AWS in this process: DynamoDB is the embedded one, S3, Cognito, SES and SNS are kept to what the App asks of
//! them.
//!
//! What makes it worth having is that it can stop the world at any call: [`Cloud::run_until`] drops a running use-case
//! as Lambda kills a function, before or after the call has taken effect.

mod cognito;
mod disturbance;
mod files;
mod hosted_ui;
mod http;
mod kms;
mod messages;
mod meter;
mod model;
mod queues;
mod replay;
mod sockets;
mod textract;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub use cognito::{PoolUser, UserPool};
use disturbance::Disturbance;
pub use disturbance::Held;
pub use files::{Files, StoredFile};
pub use hosted_ui::{CameBack, Elsewhere, HostedUi, decoded, unsigned};
use http::{Reply, Request};
pub use kms::Kms;
pub use messages::{Message, Messages};
use meter::Meter;
pub use meter::{Capacity, Metered};
use model::Model;
use peers::{Peers, bkash, esewa, paypal, stripe};
pub use queues::{Queues, Waiting};
use replay::Replay;
use serde_json::{Value, json};
use shared::api::App;
use shared::identity::sign_in::challenge;
use shared::platform::clock::Clock;
pub use sockets::Sockets;
pub use textract::Textract;

use crate::tokens::Issuer;
use crate::world::{World, app_of, config, standing_clock, world_of};

/// When a function is killed, relative to the call it is killed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killed {
    /// The call never arrives.
    Before,
    /// The call takes effect, and its answer never arrives.
    After,
}

/// What a cloudy world sells by.
const METHODS: [(&str, &str); 2] =
    [("payment_methods", "cod,card,paypal"), ("stripe_publishable_key", stripe::PUBLISHABLE_KEY)];
/// Where the payment providers are that it sells by.
const PROVIDERS: [&str; 5] = ["stripe_url", "paypal_url", "esewa_url", "esewa_form_url", "bkash_url"];
/// Below which paths they answer.
const PROVIDERS_PATHS: [&str; 12] = [
    "/SimpleNotificationService-",
    "/v1.2.0-beta/",
    "/api/epay/",
    "/v1/disputes",
    "/v1/payment_intents",
    "/v1/refunds",
    "/v1/events",
    "/v1/oauth2/",
    "/v1/notifications/",
    "/v2/checkout/",
    "/v2/payments/",
    "/v2/tokenized-checkout/",
];

#[derive(Default)]
struct State {
    files: Mutex<Files>,
    pool: Mutex<UserPool>,
    peers: Peers,
    /// Where they answer.
    peers_at: OnceLock<std::net::SocketAddr>,
    messages: Mutex<Messages>,
    hosted_ui: Mutex<HostedUi>,
    kms: Mutex<Kms>,
    model: Mutex<Model>,
    sockets: Mutex<Sockets>,
    queues: Mutex<Queues>,
    textract: Mutex<Textract>,
    /// What the functions run on that Cognito asks.
    triggers: OnceLock<App>,
    calls: Mutex<Vec<String>>,
    meter: Mutex<Meter>,
    replay: Mutex<Replay>,
    /// What was given for answers in sign-ins without a password, arrived or not.
    answers: Mutex<Vec<String>>,
    /// How many calls are let through before the kill; the highest number: no kill.
    left: AtomicUsize,
    kill: Mutex<Option<Killed>>,
    disturbance: Mutex<Disturbance>,
    /// How long an answer takes.
    delay: Mutex<Duration>,
    /// How many calls are under way, and the most that ever were.
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
    killed: Notify,
}

/// The AWS of a world.
#[derive(Clone)]
pub struct Cloud {
    state: Arc<State>,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cloud").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A fresh world with an S3 and a Cognito beside its DynamoDB.
pub async fn cloudy_world() -> (World, Cloud) {
    cloudy_world_with(&[]).await
}

/// The same, with some of its settings otherwise.
pub async fn cloudy_world_with(settings: &[(&str, &str)]) -> (World, Cloud) {
    cloudy_world_at(standing_clock(), settings).await
}

/// The same at another time.
pub async fn cloudy_world_at(clock: Clock, settings: &[(&str, &str)]) -> (World, Cloud) {
    let database = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let dynamo = database.local_addr().unwrap();
    tokio::spawn(dynoxide::server::serve_on(database, dynoxide::Database::memory().unwrap()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let cloud = Cloud { state: Arc::default() };
    cloud.state.left.store(usize::MAX, Ordering::SeqCst);
    tokio::spawn(serve(cloud.clone(), listener, dynamo));
    let peers = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let _ = cloud.state.peers_at.set(peers.local_addr().unwrap());
    cloud.state.peers.lock().set_now(clock.now().seconds());
    tokio::spawn(peers::serve::serve(cloud.state.peers.clone(), peers));
    let with_peers: Vec<_> = METHODS.iter().copied().chain(PROVIDERS.map(|name| (name, endpoint.as_str()))).collect();
    let with_peers: Vec<(&str, String)> =
        with_peers.into_iter().map(|(name, value)| (name, json!(value).to_string())).collect();
    let with_peers = with_peers.iter().map(|(name, value)| (*name, value.as_str()));
    let settings: Vec<_> = with_peers.chain(settings.iter().copied()).collect();
    let config = config(&endpoint, &settings);
    let world = Box::pin(world_of(config.clone(), clock, true)).await;
    let _ = cloud.state.triggers.set(app_of(config, world.clock.clone()).await);
    // As functions that need it do while they start.
    Box::pin(world.app.sealing_key().get()).await.unwrap();
    lock(&cloud.state.pool).open(world.issuer.clone(), world.clock.clone());
    lock(&cloud.state.hosted_ui).open(world.issuer.clone(), world.clock.clone());
    cloud.calls();
    (world, cloud)
}

/// Whether a call is one of a payment provider, or of the service by which one of them tells: that answers at `/`.
fn is_for_a_provider(request: &Request) -> bool {
    let asks_to_tell = request.method == "GET" && request.path == "/";
    asks_to_tell || PROVIDERS_PATHS.iter().any(|path| request.path.starts_with(path))
}

/// What Secrets Manager has, by the name that is asked for.
fn secret(asked: &str) -> String {
    if asked.contains("secret:stripe") {
        json!({"secret_key": stripe::SECRET_KEY, "webhook_secrets": [stripe::WEBHOOK_SECRET]}).to_string()
    } else if asked.contains("secret:paypal") {
        json!({"client_id": paypal::CLIENT_ID, "client_secret": paypal::CLIENT_SECRET,
            "webhook_ids": [paypal::WEBHOOK_ID], "webhook_authority": peers::certificates::AUTHORITY})
        .to_string()
    } else if asked.contains("secret:esewa") {
        json!({"product_code": esewa::PRODUCT_CODE, "secret_key": esewa::SECRET_KEY}).to_string()
    } else if asked.contains("secret:bkash") {
        json!({"app_key": bkash::APP_KEY, "app_secret": bkash::APP_SECRET, "username": bkash::USERNAME,
            "password": bkash::PASSWORD, "topic_arn": bkash::TOPIC})
        .to_string()
    } else {
        "a key for tests alone".to_owned()
    }
}

async fn serve(cloud: Cloud, listener: TcpListener, dynamo: std::net::SocketAddr) {
    while let Ok((stream, _)) = listener.accept().await {
        let cloud = cloud.clone();
        tokio::spawn(async move {
            let mut stream = stream;
            let mut database: Option<TcpStream> = None;
            while let Some(request) = http::read(&mut stream).await {
                let reply = cloud.answer(&request, &mut database, dynamo).await;
                if http::write(&mut stream, &reply).await.is_err() {
                    return;
                }
            }
        });
    }
}

impl Cloud {
    async fn answer(&self, request: &Request, database: &mut Option<TcpStream>, dynamo: std::net::SocketAddr) -> Reply {
        lock(&self.state.calls).push(request.name());
        self.overhear(request);
        let under_way = self.state.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.state.most_at_once.fetch_max(under_way, Ordering::SeqCst);
        let metered = lock(&self.state.meter).begins(request);
        let delay = *lock(&self.state.delay);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let held = lock(&self.state.disturbance).holds(request);
        if let Some(held) = held {
            held.wait().await;
        }
        let replayed = lock(&self.state.replay).answer(request);
        let reply = match replayed {
            Some(reply) => reply,
            None => self.answer_at_once(request, database, dynamo).await,
        };
        let lost = lock(&self.state.disturbance).loses(request);
        let reply = lost.unwrap_or(reply);
        lock(&self.state.replay).note(request, &reply);
        lock(&self.state.meter).ends(metered, &reply);
        self.state.under_way.fetch_sub(1, Ordering::SeqCst);
        reply
    }

    async fn answer_at_once(
        &self,
        request: &Request,
        database: &mut Option<TcpStream>,
        dynamo: std::net::SocketAddr,
    ) -> Reply {
        let dying = self.state.left.fetch_sub(1, Ordering::SeqCst) == 0;
        let kill = if dying { *lock(&self.state.kill) } else { None };
        if kill == Some(Killed::Before) {
            self.die().await;
        }
        let reply = match request.target() {
            Some(target) if target.starts_with("DynamoDB") => {
                let request = lock(&self.state.meter).asking(request);
                http::forward(&request, database, dynamo).await
            }
            Some(target) if target.starts_with("TrentService.") => lock(&self.state.kms).answer(target, &request.body),
            Some(target) if target.starts_with("Textract.") => lock(&self.state.textract).answer(target, &request.body),
            Some(target) if target.starts_with("AmazonSQS.") => lock(&self.state.queues).answer(target, &request.body),
            Some(target) if target.starts_with("secretsmanager.") => {
                let text = secret(&String::from_utf8_lossy(&request.body));
                Reply::new(200, "application/json", json!({"SecretString": text}).to_string().into_bytes())
            }
            Some(target) if target.ends_with(".AdminRespondToAuthChallenge") => self.respond(&request.body).await,
            Some(target) => lock(&self.state.pool).answer(target, &request.body),
            None if request.path.ends_with("/.well-known/jwks.json") => {
                Reply::new(200, "application/json", json!(Issuer::jwks()).to_string().into_bytes())
            }
            None if is_for_a_provider(request) => http::hand_on(request, *self.state.peers_at.get().unwrap()).await,
            None if Sockets::is_for(request) => self.reach(request).await,
            None if Model::is_for(request) => lock(&self.state.model).answer(request),
            None if HostedUi::is_for(request) => lock(&self.state.hosted_ui).answer(request),
            None if Messages::is_for(request) => lock(&self.state.messages).answer(request),
            None => lock(&self.state.files).answer(request),
        };
        if kill == Some(Killed::After) {
            self.die().await;
        }
        reply
    }

    fn overhear(&self, request: &Request) {
        if request.name() == "AdminRespondToAuthChallenge" {
            let input: Value = serde_json::from_slice(&request.body).unwrap();
            lock(&self.state.answers).extend(input["ChallengeResponses"]["ANSWER"].as_str().map(str::to_owned));
        }
    }

    /// The answers that were given in sign-ins without a password, whether they arrived or not.
    pub fn answers(&self) -> Vec<String> {
        lock(&self.state.answers).clone()
    }

    /// Plays the sign-in without a password to its end, with the functions that Cognito asks.
    async fn respond(&self, body: &[u8]) -> Reply {
        let input: Value = serde_json::from_slice(body).unwrap();
        let session = input["Session"].as_str().unwrap_or_default();
        let Some(id) = lock(&self.state.pool).take_question(session) else {
            return lock(&self.state.pool).grant("", false);
        };
        let answer = &input["ChallengeResponses"]["ANSWER"];
        let event = json!({"request": {"userAttributes": {"sub": id}, "challengeAnswer": answer}});
        let verified = self.state.triggers.get().unwrap().grants().verify(event).await.unwrap();
        let round =
            json!([{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": verified["response"]["answerCorrect"]}]);
        let defined = challenge::define(json!({"request": {"session": round}})).unwrap();
        lock(&self.state.pool).grant(&id, defined["response"]["issueTokens"] == true)
    }

    async fn die(&self) {
        self.state.killed.notify_one();
        std::future::pending::<()>().await;
    }

    /// Runs `work` and kills it at its `call`th call, counted from zero; `None`: it was killed.
    pub async fn run_until<T>(&self, call: usize, kill: Killed, work: impl Future<Output = T>) -> Option<T> {
        *lock(&self.state.kill) = Some(kill);
        self.state.left.store(call, Ordering::SeqCst);
        let outcome = tokio::select! {
            outcome = work => Some(outcome),
            () = self.state.killed.notified() => None,
        };
        *lock(&self.state.kill) = None;
        self.state.left.store(usize::MAX, Ordering::SeqCst);
        outcome
    }

    /// The model behind Bedrock.
    pub fn model(&self) -> MutexGuard<'_, Model> {
        lock(&self.state.model)
    }

    /// The payment providers.
    pub fn peers(&self) -> &Peers {
        &self.state.peers
    }

    /// Holds up the next call of `operation` that has `about` in its body, until it is released.
    pub fn hold(&self, operation: &'static str, about: &'static str) -> Held {
        lock(&self.state.disturbance).hold(operation, about)
    }

    /// Lets the next call of `operation` that has `about` in its body take effect, and loses its answer.
    pub fn lose_answer(&self, operation: &'static str, about: &'static str) {
        lock(&self.state.disturbance).lose(operation, about);
    }

    /// Whether the answer that was to be lost is lost.
    pub fn has_lost_the_answer(&self) -> bool {
        !lock(&self.state.disturbance).is_waiting()
    }

    /// The calls since the last time this was asked, such as `AdminInitiateAuth` or `PUT /media/public/x.jpg`.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.state.calls))
    }

    /// Lets every answer take `delay` from now on. How many calls were under way at once since this was last asked.
    pub fn answer_slowly(&self, delay: Duration) -> usize {
        *lock(&self.state.delay) = delay;
        self.state.most_at_once.swap(0, Ordering::SeqCst)
    }

    /// Begins to measure the calls of one invocation, each of which takes at least `delay`: those that come while others
    /// are under way did not wait for them.
    pub fn measure(&self, delay: Duration) {
        *lock(&self.state.delay) = delay;
        *lock(&self.state.meter) = Meter::running();
    }

    /// What was measured; it ends with that.
    pub fn measured(&self) -> Vec<Metered> {
        *lock(&self.state.delay) = Duration::ZERO;
        std::mem::take(&mut *lock(&self.state.meter)).calls()
    }

    /// Notes every answer from now on.
    pub fn note_answers(&self) {
        *lock(&self.state.replay) = Replay::noting();
    }

    /// Begins another invocation, whose calls get the answers that were noted: an AWS that takes no time.
    pub fn repeat_answers(&self) {
        lock(&self.state.replay).rewind();
    }

    /// Sends a frame on a connection, which may hang.
    async fn reach(&self, request: &Request) -> Reply {
        let hangs = lock(&self.state.sockets).hangs(request);
        if hangs {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        lock(&self.state.sockets).answer(request)
    }

    /// What reads prescriptions, in a world whose `prescription_reading` says so.
    pub fn textract(&self) -> MutexGuard<'_, Textract> {
        lock(&self.state.textract)
    }

    /// KMS.
    pub fn kms(&self) -> MutexGuard<'_, Kms> {
        lock(&self.state.kms)
    }

    /// What was sent on connections.
    pub fn sockets(&self) -> MutexGuard<'_, Sockets> {
        lock(&self.state.sockets)
    }

    /// The objects of all buckets.
    pub fn files(&self) -> MutexGuard<'_, Files> {
        lock(&self.state.files)
    }

    /// The mails and texts.
    pub fn messages(&self) -> MutexGuard<'_, Messages> {
        lock(&self.state.messages)
    }

    /// The way to other providers.
    pub fn hosted_ui(&self) -> MutexGuard<'_, HostedUi> {
        lock(&self.state.hosted_ui)
    }

    /// The queues.
    pub fn queues(&self) -> MutexGuard<'_, Queues> {
        lock(&self.state.queues)
    }

    /// The users.
    pub fn pool(&self) -> MutexGuard<'_, UserPool> {
        lock(&self.state.pool)
    }
}
