//! An AWS of one process: the embedded DynamoDB behind a door that keeps objects itself, as S3 would, and that can fail.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{Method, StatusCode};

/// The most bytes of one request.
const MOST: usize = 16 * 1024 * 1024;

/// The door.
#[derive(Clone)]
pub struct Aws {
    objects: Arc<Mutex<BTreeMap<String, Bytes>>>,
    /// How many more calls are answered; below zero means all.
    left: Arc<AtomicI64>,
    refused: Arc<AtomicBool>,
    /// What Textract answers, and how often it was asked.
    textract: Arc<Mutex<(u16, String)>>,
    documents: Arc<Mutex<Vec<String>>>,
    dynamo: Arc<str>,
    client: reqwest::Client,
}

impl Aws {
    /// Opens the door; the second value is its address.
    pub async fn open() -> (Self, String) {
        let listen = || tokio::net::TcpListener::bind(("127.0.0.1", 0));
        let (behind, front) = (listen().await.unwrap(), listen().await.unwrap());
        let dynamo = format!("http://{}", behind.local_addr().unwrap()).into();
        tokio::spawn(dynoxide::server::serve_on(behind, dynoxide::Database::memory().unwrap()));
        let aws = Self {
            objects: Arc::default(),
            left: Arc::new(AtomicI64::new(-1)),
            refused: Arc::default(),
            textract: Arc::new(Mutex::new((400, r#"{"__type": "AccessDeniedException"}"#.to_owned()))),
            documents: Arc::default(),
            dynamo,
            client: reqwest::Client::new(),
        };
        let address = format!("http://{}", front.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(aws.clone());
        tokio::spawn(async move { axum::serve(front, router).await.unwrap() });
        (aws, address)
    }

    /// Puts an object where a client's upload would have put it.
    pub fn put(&self, key: &str, bytes: impl Into<Bytes>) {
        self.objects.lock().unwrap().insert(key.to_owned(), bytes.into());
    }

    /// An object of the scans bucket.
    pub fn object(&self, key: &str) -> Option<Bytes> {
        self.objects.lock().unwrap().get(key).cloned()
    }

    /// The keys of all objects.
    pub fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    /// Refuses every call after the next `calls`; whether that came to pass is told by [`Self::heal`].
    pub fn fail_after(&self, calls: i64) {
        self.left.store(calls, Ordering::SeqCst);
    }

    /// Answers every call again; whether any was refused since [`Self::fail_after`].
    pub fn heal(&self) -> bool {
        self.left.store(-1, Ordering::SeqCst);
        self.refused.swap(false, Ordering::SeqCst)
    }

    /// Has Textract answer this from now on.
    pub fn textract_says(&self, status: u16, body: &str) {
        *self.textract.lock().unwrap() = (status, body.to_owned());
    }

    /// The documents that Textract was shown, in base64, since this was last asked.
    pub fn documents(&self) -> Vec<String> {
        std::mem::take(&mut *self.documents.lock().unwrap())
    }

    /// Takes one of the calls that are left.
    fn take(&self) -> bool {
        let taken = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
            0 => None,
            left => Some(if left < 0 { left } else { left - 1 }),
        });
        taken.is_ok()
    }
}

async fn answer(State(aws): State<Aws>, request: Request) -> Response {
    let is_dynamo = request.headers().contains_key("x-amz-target");
    if !aws.take() {
        aws.refused.store(true, Ordering::SeqCst);
        // Not a passing failure, so that no client tries again.
        let body = if is_dynamo {
            r#"{"__type": "AccessDeniedException"}"#
        } else {
            "<Error><Code>AccessDenied</Code></Error>"
        };
        return respond(StatusCode::FORBIDDEN, body);
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, MOST).await.unwrap();
    if parts.headers.get("x-amz-target").is_some_and(|target| target == "Textract.DetectDocumentText") {
        let asked: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        aws.documents.lock().unwrap().push(asked["Document"]["Bytes"].as_str().unwrap().to_owned());
        let (status, body) = aws.textract.lock().unwrap().clone();
        return respond(StatusCode::from_u16(status).unwrap(), body);
    }
    if is_dynamo {
        let mut request = aws.client.post(aws.dynamo.as_ref()).body(bytes);
        for name in ["x-amz-target", "authorization", "content-type", "x-amz-date"] {
            if let Some(value) = parts.headers.get(name) {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await.unwrap();
        return respond(answer.status(), answer.bytes().await.unwrap());
    }
    let key = parts.uri.path().strip_prefix("/scans/").unwrap().to_owned();
    let mut objects = aws.objects.lock().unwrap();
    match parts.method {
        Method::PUT => {
            assert!(!parts.headers.contains_key("x-amz-decoded-content-length"), "chunked bodies are not read here");
            objects.insert(key, bytes);
            respond(StatusCode::OK, "")
        }
        Method::DELETE => {
            objects.remove(&key);
            respond(StatusCode::NO_CONTENT, "")
        }
        _ => match objects.get(&key) {
            Some(found) => respond(StatusCode::OK, found.clone()),
            None => respond(StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>"),
        },
    }
}

fn respond(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
}
