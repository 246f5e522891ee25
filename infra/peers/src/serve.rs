//! The server: calls, faults, the pages to pay with, and what tests arrange.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use futures_util::stream;
use serde_json::{Value, json};

use crate::call::{Peer, Request, form};
use crate::fault::{Fault, Faults, Kind};
use crate::{Peers, certificates};

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
    let headers = headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let mut request = Request {
        method: method.to_string(),
        path: path.to_owned(),
        form: uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        ..Request::default()
    };
    if method != Method::GET {
        request.form = String::from_utf8_lossy(&body).into_owned();
    }
    request.authorization = request.header("authorization").to_owned();
    request.key = ["idempotency-key", "paypal-request-id"].iter().find_map(|name| request.headers.get(*name).cloned());
    match (method.as_str(), path) {
        ("GET", "/v3/") => return text(StatusCode::OK, "text/javascript", SCRIPT.to_owned()),
        ("GET", "/_ledger") => {
            let state = peers.lock();
            return json_of(
                200,
                &json!({"stripe": state.stripe.ledger(), "paypal": state.paypal.ledger(), "esewa": state.esewa.ledger(), "bkash": state.bkash.ledger()}),
            );
        }
        ("POST", "/api/epay/main/v2/form") => {
            let sent = peers.lock().esewa.submit(&form(&request.form));
            return match sent {
                Ok(uuid) => see(&format!("/pay/esewa/{uuid}")),
                Err(wrong) => json_of(400, &json!({"error_message": wrong})),
            };
        }
        ("POST", "/_faults") => return arranged(&peers, &body),
        ("GET", "/_events") => {
            let about = form(&request.form).remove("about").unwrap_or_default();
            return json_of(200, &json!({"events": peers.lock().told(&about)}));
        }
        // PayPal has no call by which a payer's bank takes money back: this is in the place of the bank.
        ("POST", "/_reversals") => {
            let reversed = peers.lock().paypal.reverse(&request.form);
            return json_of(if reversed.is_ok() { 200 } else { 404 }, &json!({"error": reversed.err()}));
        }
        // What holds this text is never sent.
        ("POST", "/_events/lose") => {
            peers.lock().lost.push(request.form);
            return json_of(200, &json!({}));
        }
        _ if path.starts_with("/pay/") => return paid(&peers, &request),
        // Amazon's notification service, by which bKash tells.
        ("GET", "/") => {
            let confirmed = peers.lock().bkash.confirm(&form(&request.form));
            let status = if confirmed { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            return text(status, "text/xml", "<ConfirmSubscriptionResponse/>".to_owned());
        }
        ("GET", _) if is_certificate(path) => {
            peers.lock().certificates_asked += 1;
            return certificate(path)
                .map_or_else(nothing, |pem| text(StatusCode::OK, "application/x-pem-file", pem.to_owned()));
        }
        _ => {}
    }
    let mut state = peers.lock();
    let crate::State { stripe, paypal, esewa, bkash, faults, .. } = &mut *state;
    let is = |parts: &[&str]| parts.iter().any(|part| path.starts_with(part));
    if is(&["/v1.2.0-beta/", "/v2/tokenized-checkout/"]) {
        called(bkash, faults, &request)
    } else if is(&["/v2/", "/v1/oauth2/", "/v1/notifications/"]) {
        called(paypal, faults, &request)
    } else if is(&["/api/epay/"]) {
        called(esewa, faults, &request)
    } else if is(&["/v1/"]) {
        called(stripe, faults, &request)
    } else {
        json_of(404, &json!({"error": {"message": "there is nothing here"}}))
    }
}

fn is_certificate(path: &str) -> bool {
    ["/SimpleNotificationService-", "/v1/notifications/certs/"].iter().any(|above| path.starts_with(above))
}

/// There is one of each; at other addresses is none.
fn certificate(path: &str) -> Option<&'static str> {
    match path {
        "/SimpleNotificationService-0123abcd.pem" => Some(certificates::SNS),
        "/v1/notifications/certs/CERT-peer" => Some(certificates::PAYPAL),
        _ => None,
    }
}

/// The page of an attempt to pay, and what is done on it.
fn paid(peers: &Peers, request: &Request) -> Response {
    let mut parts = request.path.trim_start_matches("/pay/").split('/');
    let (Some(provider), Some(id)) = (parts.next(), parts.next()) else { return nothing() };
    let mut state = peers.lock();
    if request.method == "GET" {
        let shown = match provider {
            "stripe" => state.stripe.page(id),
            "paypal" => state.paypal.page(id),
            "esewa" => state.esewa.page(id),
            "bkash" => state.bkash.page(id),
            _ => None,
        };
        return shown.map_or_else(nothing, |page| text(StatusCode::OK, "text/html; charset=utf-8", page));
    }
    let act = form(&request.form).remove("act").unwrap_or_default();
    let to = match provider {
        "stripe" => state.stripe.act(id, &act),
        "paypal" => state.paypal.act(id, &act),
        "esewa" => state.esewa.act(id, &act),
        "bkash" => state.bkash.act(id, &act),
        _ => None,
    };
    to.map_or_else(nothing, |to| see(&to))
}

/// Leads elsewhere.
fn see(to: &str) -> Response {
    let mut response = text(StatusCode::SEE_OTHER, "text/plain", String::new());
    if let Ok(to) = to.parse() {
        response.headers_mut().insert("location", to);
    }
    response
}

fn nothing() -> Response {
    json_of(404, &json!({"error": {"message": "there is nothing here"}}))
}

fn called(peer: &mut impl Peer, faults: &mut Faults, request: &Request) -> Response {
    let fault = faults.befalling(request);
    let failed = peer.failed();
    let answer = match fault {
        None => Some(peer.answer(request, false)),
        Some(Kind::Stale) => Some(peer.answer(request, true)),
        Some(Kind::Busy) => Some(peer.busy()),
        Some(Kind::FailBefore) => {
            // What was answered before is answered again.
            let answer = peer.book().kept(request).ok().flatten().unwrap_or(failed);
            if answer.kept {
                peer.book().keep(request, &answer);
            }
            Some(answer)
        }
        Some(Kind::FailAfter) => {
            let was_kept = matches!(peer.book().kept(request), Ok(Some(_)));
            peer.answer(request, false);
            if !was_kept && failed.kept {
                peer.book().keep(request, &failed);
            }
            Some(failed)
        }
        Some(Kind::BreakBefore) => None,
        Some(Kind::BreakAfter) => {
            peer.answer(request, false);
            None
        }
    };
    peer.book().note(request, answer.as_ref());
    match answer {
        Some(answer) if answer.body.is_null() => {
            text(StatusCode::from_u16(answer.status).unwrap_or_default(), "application/json", String::new())
        }
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
