//! Consultations and messages as the API shows them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::attachment::AttachmentType;
use super::consultation::{About, Consultation, Outcome, Part, Status};
use super::head::Head;
use super::mark::Mark;
use super::message::{AuthorRole, ClientId, Kind, Message};
use crate::accounts::Language;
use crate::patients::of_owner;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{AttachmentId, ConsultationId, MessageId, PatientId, UserId};
use crate::platform::objects::Upload;

/// How far somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarkView {
    /// The last message that is on one of their devices.
    #[schema(value_type = Option<String>)]
    pub delivered: Option<MessageId>,
    /// The last message that was shown to them.
    #[schema(value_type = Option<String>)]
    pub read: Option<MessageId>,
}

impl From<Mark> for MarkView {
    fn from(mark: Mark) -> Self {
        Self { delivered: mark.delivered(), read: mark.read }
    }
}

/// How far each of the two is, by their id.
pub type Marks = BTreeMap<String, MarkView>;

/// What a consultation is about: one of the three.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsultationSubject {
    /// An order of the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// A prescription of the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prescription_id: Option<String>,
    /// A triage of the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triage_id: Option<String>,
}

/// How a consultation ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClosingView {
    /// Who closed it.
    #[schema(value_type = String)]
    pub by: UserId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
}

/// A consultation, without its messages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsultationView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConsultationId,
    /// In a few words, what it is about.
    pub topic: String,
    /// How far it is.
    pub status: Status,
    /// Who asked.
    #[schema(value_type = String)]
    pub patient: UserId,
    /// Who answers, once somebody does.
    #[schema(value_type = Option<String>)]
    pub doctor: Option<UserId>,
    /// What the patient writes in.
    pub language: Language,
    /// For whom.
    #[schema(value_type = String)]
    pub patient_id: PatientId,
    /// The order or prescription that it is about.
    #[schema(value_type = Option<ConsultationSubject>)]
    pub about: Option<About>,
    /// How many messages of others the caller has not read; 0 for who is neither of the two.
    pub unread: u64,
    /// When the latest message was stored.
    #[schema(value_type = String, format = DateTime)]
    pub last_message_at: Timestamp,
    /// How it ended.
    pub closed: Option<ClosingView>,
    /// Counted up by every change, not by messages.
    pub version: u64,
    /// When it was requested.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A consultation as one of the two, or the staff, reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsultationDetail {
    /// The consultation.
    #[serde(flatten)]
    pub consultation: ConsultationView,
    /// How far each of the two is, by their id; empty for who is neither.
    pub marks: Marks,
    /// Who of the two has a connection that was heard of within six minutes; empty for who is neither. It promises nothing.
    #[schema(value_type = Vec<String>)]
    pub online: Vec<UserId>,
}

impl ConsultationView {
    /// As somebody sees it whose mark is `mark`.
    pub fn of(consultation: Consultation, head: &Head, part: Option<Part>, mark: Mark) -> Self {
        let unread = part.map_or(0, |part| head.tally.of_others_since(mark.read_tally, part));
        let patient_id = consultation.for_patient.unwrap_or_else(|| of_owner(&consultation.patient));
        Self {
            id: consultation.id,
            topic: consultation.topic,
            status: consultation.status,
            patient: consultation.patient,
            doctor: consultation.doctor,
            language: consultation.language,
            patient_id,
            about: consultation.about,
            unread,
            last_message_at: head.last_at,
            closed: consultation.closed.map(|closed| ClosingView {
                by: closed.by,
                at: closed.at,
                outcome: closed.outcome,
            }),
            version: consultation.version,
            created_at: consultation.created_at,
        }
    }
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MessageAuthor)]
pub struct AuthorView {
    /// Who; `null` for the pharmacy itself.
    #[schema(value_type = Option<String>)]
    pub id: Option<UserId>,
    /// As what.
    pub role: AuthorRole,
}

/// The file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MessageAttachment)]
pub struct AttachmentView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// What it is.
    pub content_type: AttachmentType,
    /// How large it is, in bytes.
    pub size_bytes: u64,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsultationMessage)]
pub struct MessageView {
    /// Its id; ids are in the order of the messages.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Which consultation it belongs to.
    #[schema(value_type = String)]
    pub consultation_id: ConsultationId,
    /// Who wrote it.
    pub by: AuthorView,
    /// Its sort.
    pub kind: Kind,
    /// Its text, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its file, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<AttachmentView>,
    /// The message before it. Who does not have that one has missed something.
    #[schema(value_type = Option<String>)]
    pub previous: Option<MessageId>,
    /// What the client of its author calls it; to its author alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub client_id: Option<ClientId>,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl MessageView {
    /// As `viewer` sees it.
    pub fn of(message: &Message, viewer: &UserId) -> Self {
        let stored = &message.stored;
        let own = stored.by.id.as_ref() == Some(viewer);
        Self {
            id: stored.id,
            consultation_id: stored.consultation,
            by: AuthorView { id: stored.by.id.clone(), role: stored.by.role },
            kind: stored.kind,
            text: message.text.clone(),
            attachment: stored.attachment.as_ref().map(|file| AttachmentView {
                id: file.id,
                content_type: file.content_type,
                size_bytes: file.size_bytes,
            }),
            previous: stored.previous,
            client_id: stored.client_id.clone().filter(|_| own),
            at: stored.at,
        }
    }
}

/// Some messages of a consultation, in order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MessageHistory)]
pub struct HistoryView {
    /// The messages, the oldest first.
    pub items: Vec<MessageView>,
    /// How far each of the two is, by their id.
    pub marks: Marks,
    /// Where the messages go on: to be sent as `after`, or, where that was not asked for, as `before`; `null` at the end.
    #[schema(value_type = Option<String>)]
    pub next_cursor: Option<MessageId>,
}

/// A file that waits for its upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedAttachment {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// How to upload it.
    pub upload: Upload,
}

/// A link to a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentLink {
    /// Saves the file; good for a minute.
    pub url: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// What a WebSocket is opened with.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatTicket {
    /// Good once.
    pub ticket: String,
    /// Where to connect; the ticket goes into the query as `ticket`.
    pub url: String,
    /// For how many seconds the ticket is good.
    pub expires_in: u64,
    /// Every how many seconds the client sends `ping`, whatever else it sends.
    pub heartbeat_s: u64,
    /// After how many seconds the client opens another connection and closes this one.
    pub max_connection_s: u64,
}
