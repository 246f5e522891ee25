//! The frame around every function of the WebSocket API: events taken apart, panics, the log line, and answers that hold nothing,
//! since API Gateway would hand them to the client.

use std::time::Instant;

use futures_util::future::BoxFuture;
use lambda_runtime::LambdaEvent;
use serde_json::{Value, json};

use super::app::App;
use super::serve::{Fatal, block_on, contained, warm_up_feed};
use crate::audit::Origin;
use crate::consultations::socket::ConnectionId;
use crate::identity::access;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fault::fingerprint;

/// A function of the WebSocket API. Made by [`socket!`](crate::socket).
#[derive(Clone, Copy, Debug)]
pub struct Socket {
    /// The package, which is also the function and its row among the routes of the WebSocket API.
    pub name: &'static str,
    /// The handler; what it returns decides whether a connection is opened, and nothing else.
    pub run: for<'a> fn(&'a App, SocketEvent) -> BoxFuture<'a, Result<()>>,
}

/// What has happened on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketKind {
    /// Somebody wants to open it.
    Connect,
    /// A frame has come.
    Message,
    /// It has ended.
    Disconnect,
}

/// An event of the WebSocket API.
#[derive(Clone, Debug)]
pub struct SocketEvent {
    /// On which connection.
    pub connection: ConnectionId,
    /// What has happened. The route of an event says nothing: a frame of the type `$disconnect` comes by that route.
    pub kind: SocketKind,
    /// In which request, and from where.
    pub origin: Origin,
    /// The page that opens the connection, where one does.
    pub page: Option<String>,
    /// The ticket in the query.
    pub ticket: Option<String>,
    /// The frame.
    pub body: String,
}

impl SocketEvent {
    /// Takes an event apart.
    ///
    /// # Errors
    /// 400 for an event of another sort.
    pub fn read(event: &Value) -> Result<Self> {
        let unknown = || Error::unknown_event("this is no event of the WebSocket API");
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
        let kind = match text("/requestContext/eventType") {
            Some("CONNECT") => SocketKind::Connect,
            Some("MESSAGE") => SocketKind::Message,
            Some("DISCONNECT") => SocketKind::Disconnect,
            _ => return Err(unknown()),
        };
        let connection = text("/requestContext/connectionId").ok_or_else(unknown)?;
        let headers = event.get("headers").and_then(Value::as_object);
        let page = headers.into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("origin"));
        let encoded = event.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default();
        // Binary frames are no frames of ours.
        let body = if encoded { "" } else { text("/body").unwrap_or_default() };
        Ok(Self {
            connection: ConnectionId::parse(connection).map_err(|_| unknown())?,
            kind,
            origin: Origin::new(
                text("/requestContext/requestId").unwrap_or_default(),
                text("/requestContext/identity/sourceIp"),
            ),
            page: page.and_then(|(_, value)| value.as_str()).map(str::to_owned),
            ticket: text("/queryStringParameters/ticket").map(str::to_owned),
            body: body.to_owned(),
        })
    }
}

/// Runs a function of the WebSocket API, until Lambda ends it.
///
/// # Errors
/// A missing configuration variable, by name, or the end of the Lambda runtime.
pub fn serve_socket(socket: &'static Socket) -> std::result::Result<(), Fatal> {
    block_on(async {
        let app = App::from_env().map_err(Fatal::Config)?;
        let app = &app;
        warm_up_feed(app, socket.name).await;
        let service = lambda_runtime::service_fn(|event: LambdaEvent<Value>| async move {
            Ok::<_, std::convert::Infallible>(answer_socket(app, socket, &event.payload).await)
        });
        lambda_runtime::run(service).await.map_err(Fatal::Runtime)
    })
}

/// Answers one event. Whatever happens there is an answer, and it holds a status alone: that of an attempt to connect decides it,
/// the others are seen by nobody.
pub async fn answer_socket(app: &App, socket: &Socket, event: &Value) -> Value {
    let started = Instant::now();
    let read = SocketEvent::read(event);
    let (kind, origin) = match &read {
        Ok(event) => (Some(event.kind), Some(event.origin.clone())),
        Err(_) => (None, None),
    };
    let outcome = match read {
        // A function without a row among the routes answers nobody.
        Ok(event) if access::socket_route(socket.name).is_some() => contained((socket.run)(app, event)).await,
        Ok(_) => Err(Error::forbidden()),
        Err(error) => Err(error),
    };
    let status = match (&outcome, kind) {
        (Err(error), Some(SocketKind::Connect) | None) => match error.kind() {
            Kind::Unauthenticated => 401,
            Kind::Forbidden | Kind::Invalid => 403,
            Kind::TooMany => 429,
            Kind::Unavailable => 503,
            _ => 500,
        },
        _ => 200,
    };
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (code, cause) = (outcome.as_ref().err().map(Error::code), outcome.as_ref().err().and_then(Error::cause));
    let request_id = origin.map(|origin| origin.request_id);
    let mark = outcome.as_ref().err().map(|error| fingerprint(socket.name, error));
    let failed = outcome.as_ref().err().is_some_and(|error| error.kind() == Kind::Internal);
    if failed {
        tracing::error!(
            faas.name = socket.name,
            http.request_id = request_id,
            faas.duration_ms = millis,
            error.code = code,
            error.cause = cause,
            error.fingerprint = mark,
            "event failed"
        );
    } else {
        tracing::info!(
            faas.name = socket.name,
            http.status = status,
            http.request_id = request_id,
            faas.duration_ms = millis,
            error.code = code,
            "event answered"
        );
    }
    json!({"statusCode": status})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str) -> Value {
        json!({
            "headers": {"Origin": "https://shop.example", "Host": "x"},
            "queryStringParameters": {"ticket": "t"},
            "requestContext": {"eventType": kind, "connectionId": "L0SM9cOFvHcCIhw=", "requestId": "r",
                               "routeKey": "$disconnect", "identity": {"sourceIp": "203.0.113.7"}},
            "body": "{}", "isBase64Encoded": false,
        })
    }

    #[test]
    fn what_has_happened_is_told_by_the_event_and_not_by_its_route() {
        let read = SocketEvent::read(&event("MESSAGE")).unwrap();
        assert_eq!((read.kind, read.page.as_deref()), (SocketKind::Message, Some("https://shop.example")));
        assert_eq!((read.ticket.as_deref(), read.origin.source_ip.as_deref()), (Some("t"), Some("203.0.113.7")));
        assert_eq!(SocketEvent::read(&event("DISCONNECT")).unwrap().kind, SocketKind::Disconnect);
        for wrong in ["", "$connect", "message"] {
            assert!(SocketEvent::read(&event(wrong)).is_err(), "{wrong}");
        }
        let mut without = event("CONNECT");
        without["requestContext"]["connectionId"] = json!("a#b");
        assert!(SocketEvent::read(&without).is_err());
    }

    #[test]
    fn a_binary_frame_is_no_frame() {
        let mut binary = event("MESSAGE");
        binary["isBase64Encoded"] = json!(true);
        assert_eq!(SocketEvent::read(&binary).unwrap().body, "");
    }
}
