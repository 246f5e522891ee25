//! Lambda's Runtime API, as a function meets it: it asks for the next event and posts its answer.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

/// How long a function has for an event, as it is told.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What a function did, and when.
#[derive(Debug)]
pub(crate) enum Happened {
    /// It asked for the next event.
    Asked(Instant),
    /// It answered.
    Answered(Instant, Bytes),
    /// It said that it cannot go on.
    Failed(String),
}

struct Api {
    events: Mutex<UnboundedReceiver<String>>,
    happened: UnboundedSender<Happened>,
}

/// The Runtime API of one process.
pub(crate) struct Runtime {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    events: UnboundedSender<String>,
    happened: UnboundedReceiver<Happened>,
    server: AbortHandle,
}

impl Runtime {
    /// Begins to listen.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
        let address = listener.local_addr().expect("the address of a socket that is bound");
        let (events, next) = unbounded_channel();
        let (told, happened) = unbounded_channel();
        let api = Arc::new(Api { events: Mutex::new(next), happened: told });
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_event))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed))
            .with_state(api);
        let server = tokio::spawn(async { axum::serve(listener, routes).await });
        Self { address, events, happened, server: server.abort_handle() }
    }

    /// Hands an event to whoever asks next.
    pub(crate) fn send(&self, event: &Value) {
        self.events.send(event.to_string()).expect("the server lives as long as this");
    }

    /// What happens next, where anything does within the time.
    pub(crate) async fn next(&mut self, within: Duration) -> Result<Option<Happened>, String> {
        match tokio::time::timeout(within, self.happened.recv()).await {
            Ok(Some(Happened::Failed(said))) => Err(said),
            Ok(happened) => Ok(happened),
            Err(_) => Ok(None),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next_event(State(api): State<Arc<Api>>) -> Response {
    let _ = api.happened.send(Happened::Asked(Instant::now()));
    let Some(event) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + TIME_LIMIT;
    let headers = [
        ("lambda-runtime-aws-request-id", "00000000-0000-4000-8000-000000000000".to_owned()),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:bench".to_owned()),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000;Sampled=0".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn answered(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.happened.send(Happened::Answered(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn failed(State(api): State<Arc<Api>>, body: Bytes) -> StatusCode {
    let _ = api.happened.send(Happened::Failed(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}
