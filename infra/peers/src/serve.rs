//! The server: calls, faults, the pages to pay with, and what tests arrange.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use futures_util::stream;
use serde_json::{Value, json};

use crate::Peers;
use crate::fault::{Fault, Kind};
use crate::stripe::{Answer, Request};

/// The script that browsers pay with here: as much of Stripe's as confirms a payment by one of the cards for tests.
const SCRIPT: &str = include_str!("stripe.js");

/// Answers on `listener` until the process ends.
///
/// # Errors
/// The listener fails.
pub async fn serve(peers: Peers, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    axum::serve(listener, Router::new().fallback(answer).with_state(peers)).await
}

async fn answer(State(peers): State<Peers>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let path = uri.path();
    if method == Method::OPTIONS {
        return text(StatusCode::NO_CONTENT, "text/plain", String::new());
    }
    match (method.as_str(), path) {
        ("GET", "/v3/") => return text(StatusCode::OK, "text/javascript", SCRIPT.to_owned()),
        ("GET", "/_ledger") => return json_of(200, &json!({"stripe": peers.lock().stripe.ledger()})),
        ("POST", "/_faults") => return arranged(&peers, &body),
        _ if !path.starts_with("/v1/") => return json_of(404, &json!({"error": {"message": "there is nothing here"}})),
        _ => {}
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let form = if method == Method::GET {
        uri.query().unwrap_or_default().to_owned()
    } else {
        String::from_utf8_lossy(&body).into_owned()
    };
    let request = Request {
        method: method.to_string(),
        path: path.to_owned(),
        form,
        authorization: header("authorization").unwrap_or_default(),
        idempotency_key: header("idempotency-key"),
    };
    called(&peers, &request)
}

fn called(peers: &Peers, request: &Request) -> Response {
    let mut state = peers.lock();
    let fault = state.faults.befalling(&request.method, &request.path);
    let failed = || Answer { kept: true, ..Answer::error(500, "api_error", "internal", "Something went wrong") };
    let stripe = &mut state.stripe;
    let answer = match fault {
        None => Some(stripe.answer(request, false)),
        Some(Kind::Stale) => Some(stripe.answer(request, true)),
        Some(Kind::Busy) => Some(Answer::error(429, "invalid_request_error", "rate_limit", "Too many requests")),
        Some(Kind::FailBefore) => {
            // What was answered before is answered again.
            let answer = stripe.kept(request).unwrap_or_else(failed);
            stripe.keep(request, &answer);
            Some(answer)
        }
        Some(Kind::FailAfter) => {
            let was_kept = stripe.kept(request).is_some();
            stripe.answer(request, false);
            if !was_kept {
                stripe.keep(request, &failed());
            }
            Some(failed())
        }
        Some(Kind::BreakBefore) => None,
        Some(Kind::BreakAfter) => {
            stripe.answer(request, false);
            None
        }
    };
    stripe.note(request, answer.as_ref().map_or(0, |answer| answer.status));
    match answer {
        Some(answer) => json_of(answer.status, &answer.body),
        None => broken(),
    }
}

fn arranged(peers: &Peers, body: &[u8]) -> Response {
    match serde_json::from_slice::<Fault>(body) {
        Ok(fault) => {
            peers.lock().faults.add(fault);
            json_of(200, &json!({}))
        }
        Err(error) => json_of(400, &json!({"error": error.to_string()})),
    }
}

fn json_of(status: u16, body: &Value) -> Response {
    text(StatusCode::from_u16(status).unwrap_or_default(), "application/json", body.to_string())
}

fn text(status: StatusCode, media_type: &'static str, body: String) -> Response {
    let response = Response::builder()
        .status(status)
        .header("content-type", media_type)
        .header("access-control-allow-origin", "*")
        .header("access-control-allow-headers", "authorization, content-type");
    response.body(Body::from(body)).unwrap_or_default()
}

/// An answer whose body ends before it should: the connection is closed in the middle of it.
fn broken() -> Response {
    let torn = stream::iter([Err::<Bytes, _>(std::io::Error::other("the connection breaks"))]);
    Response::builder().header("content-length", "100").body(Body::from_stream(torn)).unwrap_or_default()
}
