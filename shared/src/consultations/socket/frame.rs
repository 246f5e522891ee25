//! Frames: what clients send, and what they are sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::consultations::consultation::Status;
use crate::consultations::mark::Receipt;
use crate::consultations::message::{ClientId, Content, Outgoing, message_text};
use crate::consultations::view::MessageView;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind};
use crate::platform::fields::{self, Field, FieldError, FieldErrors, Invalid, Optional, all};
use crate::platform::ids::{AttachmentId, ConsultationId, MessageId, UserId};
use crate::platform::wording::{self, Words};

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientFrame {
    /// Here is a message.
    Send(ConsultationId, Outgoing),
    /// Somebody types, or has stopped.
    Typing(ConsultationId, bool),
    /// A message has arrived, or was shown.
    Read(ConsultationId, MessageId, Receipt),
    /// I am still here.
    Ping,
}

/// Why a frame is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// It is no frame of ours.
    InvalidFrame,
    /// It is larger than 32 KB.
    FrameTooLarge,
    /// The consultation, the message or the file is not there, or not theirs.
    NotFound,
    /// The consultation is closed.
    ConsultationClosed,
    /// The name of the message came before with another message.
    ClientIdReused,
    /// Too many frames.
    RateLimited,
    /// Something behind this is slow or down: keep it, and send it again.
    Unavailable,
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The message of this name is stored.
    Accepted {
        /// What the client calls it.
        client_id: ClientId,
        /// The message.
        message: Box<MessageView>,
    },
    /// A message.
    Message {
        /// The message.
        message: Box<MessageView>,
    },
    /// The other types, or has stopped.
    Typing {
        /// Where.
        consultation_id: ConsultationId,
        /// Who.
        user_id: UserId,
        /// Whether they do.
        on: bool,
    },
    /// A mark has moved.
    Receipt {
        /// Where.
        consultation_id: ConsultationId,
        /// Whose.
        user_id: UserId,
        /// Which of the two.
        state: Receipt,
        /// To where.
        message_id: MessageId,
    },
    /// A consultation has changed its state or its doctor.
    Consultation {
        /// Which.
        id: ConsultationId,
        /// How far it is.
        status: Status,
        /// Its version.
        version: u64,
    },
    /// The answer to a ping.
    Pong {
        /// The time here.
        at: Timestamp,
    },
    /// A frame was refused.
    Error {
        /// Why.
        code: Code,
        /// A sentence.
        detail: Words,
        /// The message it was about.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<String>,
        /// After how many seconds to try again.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// By which the log knows it.
        request_id: String,
    },
    /// This connection is about to be closed.
    Closing {
        /// `session_ended`, `too_old`, `rate_limited`.
        reason: &'static str,
        /// Whether to open another one.
        reconnect: bool,
    },
}

impl ServerFrame {
    /// As it is sent.
    ///
    /// # Errors
    /// None in practice: frames serialize.
    pub fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// What is told of an error.
    pub fn of_error(error: &Error, client_id: Option<String>, request_id: &str) -> Self {
        let code = match (error.code(), error.kind()) {
            ("consultation_closed", _) => Code::ConsultationClosed,
            ("client_id_reused", _) => Code::ClientIdReused,
            (_, Kind::NotFound | Kind::Forbidden) => Code::NotFound,
            (_, Kind::Invalid) => Code::InvalidFrame,
            (_, Kind::TooLarge) => Code::FrameTooLarge,
            (_, Kind::TooMany) => Code::RateLimited,
            _ => Code::Unavailable,
        };
        let named = error.fields().iter().map(FieldError::message);
        let detail = named.fold(error.detail().clone(), |detail, field| detail.then(&field));
        let retry_after = error.wait().map(|wait| wait.as_secs().max(1));
        Self::Error { code, detail, client_id, retry_after, request_id: request_id.to_owned() }
    }
}

#[derive(Deserialize)]
struct SendBody {
    #[serde(rename = "type")]
    _type: Field<String>,
    consultation_id: Field<String>,
    client_id: Field<String>,
    text: Option<Field<String>>,
    attachment_id: Option<Field<String>>,
}

#[derive(Deserialize)]
struct TypingBody {
    #[serde(rename = "type")]
    _type: Field<String>,
    consultation_id: Field<String>,
    on: Field<bool>,
}

#[derive(Deserialize)]
struct ReadBody {
    #[serde(rename = "type")]
    _type: Field<String>,
    consultation_id: Field<String>,
    message_id: Field<String>,
    state: Field<String>,
}

#[derive(Deserialize)]
struct PingBody {
    #[serde(rename = "type")]
    _type: Field<String>,
}

fn consultation(field: Field<String>) -> Result<ConsultationId, FieldErrors> {
    field.parse("consultation_id", |text| ConsultationId::parse(&text))
}

impl SendBody {
    fn check(self) -> Result<ClientFrame, FieldErrors> {
        let (id, client_id, text, attachment) = all((
            consultation(self.consultation_id),
            self.client_id.parse("client_id", |text| ClientId::parse(&text)),
            self.text.parse_optional("text", |text| message_text(&text)),
            self.attachment_id.parse_optional("attachment_id", |text| AttachmentId::parse(&text)),
        ))?;
        let content = Content::of(text, attachment).map_err(|invalid| vec![invalid.at("text")])?;
        Ok(ClientFrame::Send(id, Outgoing { client_id, content }))
    }
}

impl ReadBody {
    fn check(self) -> Result<ClientFrame, FieldErrors> {
        let (id, message, state) = all((
            consultation(self.consultation_id),
            self.message_id.parse("message_id", |text| MessageId::parse(&text)),
            self.state.parse("state", |text| Receipt::parse(&text)),
        ))?;
        Ok(ClientFrame::Read(id, message, state))
    }
}

fn shape<B: serde::de::DeserializeOwned>(
    value: Value,
    check: impl FnOnce(B) -> Result<ClientFrame, FieldErrors>,
) -> Result<ClientFrame, FieldErrors> {
    check(fields::from_json(value)?)
}

/// What a client calls the message of a frame, whatever else is wrong with it: by that it knows what was refused.
pub(super) fn client_id_of(value: &Value) -> Option<String> {
    let text = value.get("client_id").and_then(Value::as_str)?;
    ClientId::parse(text).is_ok().then(|| text.to_owned())
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// 400 with every field at fault. The sort of a frame is its `type` and nothing else: `$connect` and `$disconnect` are
    /// sorts of events, not of frames.
    pub fn parse(value: Value) -> Result<Self, Error> {
        let sort = value.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let frame = match sort.as_str() {
            "send" => shape(value, SendBody::check),
            "typing" => shape(value, |body: TypingBody| {
                let (id, on) = all((consultation(body.consultation_id), body.on.value("on")))?;
                Ok(Self::Typing(id, on))
            }),
            "read" => shape(value, ReadBody::check),
            "ping" => shape(value, |_: PingBody| Ok(Self::Ping)),
            _ => {
                Err(vec![Invalid::new("unknown_value", wording::field::one_of("send, typing, read, ping")).at("type")])
            }
        };
        frame.map_err(Error::invalid_fields)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CON: &str = "con_01JD4Z8QK0000000000000000A";
    const MSG: &str = "msg_01JD4Z8QK0000000000000000B";
    const NAME: &str = "8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f0a01";

    fn fields(value: Value) -> Vec<String> {
        let error = ClientFrame::parse(value).unwrap_err();
        error.fields().iter().map(|field| field.field.clone()).collect()
    }

    #[test]
    fn frames_are_read() {
        let sent = json!({"type": "send", "consultation_id": CON, "client_id": NAME, "text": " Hello "});
        let Ok(ClientFrame::Send(id, outgoing)) = ClientFrame::parse(sent) else { panic!("not a message") };
        assert_eq!((id.to_string(), outgoing.content), (CON.to_owned(), Content::Text("Hello".to_owned())));
        let typing = ClientFrame::parse(json!({"type": "typing", "consultation_id": CON, "on": false}));
        assert!(matches!(typing, Ok(ClientFrame::Typing(_, false))));
        let read = json!({"type": "read", "consultation_id": CON, "message_id": MSG, "state": "read"});
        assert!(matches!(ClientFrame::parse(read), Ok(ClientFrame::Read(_, _, Receipt::Read))));
        assert_eq!(ClientFrame::parse(json!({"type": "ping"})).unwrap(), ClientFrame::Ping);
    }

    #[test]
    fn what_is_wrong_with_a_frame_is_named_all_at_once() {
        let wrong = json!({"type": "send", "consultation_id": MSG, "client_id": "1", "text": ""});
        assert_eq!(fields(wrong), ["consultation_id", "client_id", "text"]);
        let both = json!({"type": "send", "consultation_id": CON, "client_id": NAME, "text": "x",
                          "attachment_id": "att_01JD4Z8QK0000000000000000B"});
        assert_eq!(fields(both), ["text"]);
        assert_eq!(fields(json!({"type": "ping", "to": 1})), ["to"]);
        for sort in ["$disconnect", "$connect", "$default", "", "SEND"] {
            assert_eq!(fields(json!({"type": sort})), ["type"], "{sort}");
        }
        assert_eq!(fields(json!({})), ["type"]);
        assert_eq!(fields(json!([1])), ["type"]);
    }

    #[test]
    fn errors_say_what_a_client_can_do() {
        let code = |error: Error| match ServerFrame::of_error(&error, None, "r") {
            ServerFrame::Error { code, retry_after, .. } => (code, retry_after),
            _ => panic!("no error"),
        };
        assert_eq!(code(Error::not_found()), (Code::NotFound, None));
        assert_eq!(code(Error::busy()), (Code::Unavailable, Some(1)));
        assert_eq!(code(Error::internal("secret")), (Code::Unavailable, None));
        assert_eq!(code(crate::consultations::consultation::closed()), (Code::ConsultationClosed, None));
        let told = ServerFrame::of_error(&Error::internal("secret"), Some(NAME.to_owned()), "r").text().unwrap();
        assert!(!told.contains("secret") && told.contains(NAME), "{told}");
    }

    #[test]
    fn a_frame_says_its_sort_first_of_all() {
        let pong = ServerFrame::Pong { at: Timestamp::from_millis(0) };
        assert_eq!(pong.text().unwrap(), r#"{"type":"pong","at":"1970-01-01T00:00:00.000Z"}"#);
    }
}
