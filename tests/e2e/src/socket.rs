//! A WebSocket of the chat, by a library that nobody here wrote.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{Client, unique};

/// How long a frame may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open WebSocket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Opens one for a person.
    ///
    /// # Panics
    /// Where there is no ticket, or it is not taken.
    pub async fn open(person: &Client) -> Self {
        let ticket = person.post_nothing("/v1/chat/ticket").await.body(201);
        Self::with_ticket(&ticket).await.expect("a WebSocket")
    }

    /// Opens one with a ticket; the status where it is refused.
    ///
    /// # Errors
    /// The status of the refusal.
    ///
    /// # Panics
    /// Where there is no answer.
    pub async fn with_ticket(ticket: &Value) -> Result<Self, u16> {
        let text = |name: &str| ticket[name].as_str().expect("a ticket").to_owned();
        match connect_async(format!("{}?ticket={}", text("url"), text("ticket"))).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(refusal)) => Err(refusal.status().as_u16()),
            Err(error) => panic!("the WebSocket API does not answer: {error}"),
        }
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// Where it cannot be sent.
    pub async fn send(&mut self, frame: &Value) {
        self.stream.send(Message::text(frame.to_string())).await.expect("a frame that is sent");
    }

    /// Sends a message; what it was called.
    pub async fn say(&mut self, consultation: &str, text: &str) -> String {
        let client_id = uuid();
        let frame = json!({"type": "send", "consultation_id": consultation, "client_id": client_id, "text": text});
        self.send(&frame).await;
        client_id
    }

    /// The next frame, or nothing where the connection has ended.
    ///
    /// # Panics
    /// Where nothing comes, or something that is no JSON.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a frame") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame of a sort; others are passed over.
    ///
    /// # Panics
    /// Where the connection ends first.
    pub async fn wait_for(&mut self, sort: &str) -> Value {
        loop {
            let frame = self.next().await.unwrap_or_else(|| panic!("the connection ended before {sort}"));
            if frame["type"] == sort {
                return frame;
            }
        }
    }
}

/// A UUID that nobody has.
pub fn uuid() -> String {
    let digits = format!("{:0>32}", unique());
    let digits = &digits[digits.len() - 32..];
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
