//! A message: what somebody sends, what is stored of it, and what it says once it is opened.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attachment::AttachmentType;
use super::consultation::Part;
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::{AttachmentId, ConsultationId, MessageId, UserId};
use crate::platform::text;
use crate::platform::wording;

/// How long a text may be, in characters.
pub const MAX_TEXT: usize = 4000;

/// The name that a client gives a message, and keeps until it is accepted: a UUID. The same name is the same message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClientId(String);

impl ClientId {
    /// Reads a UUID (RFC 9562), in either case.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let lower = text.to_ascii_lowercase();
        // A user id is a UUID in lower case, too.
        let is_uuid = UserId::parse(&lower).is_ok();
        if is_uuid { Ok(Self(lower)) } else { Err(Invalid::new("invalid_id", wording::field::a_uuid())) }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the text of a message.
///
/// # Errors
/// Empty, too long, or with control characters.
pub fn message_text(text: &str) -> Result<String, Invalid> {
    text::paragraph(text, MAX_TEXT)
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A file that was uploaded and checked.
    Attachment(AttachmentId),
}

impl Content {
    /// Reads it from the two fields of a request, exactly one of which is there.
    ///
    /// # Errors
    /// Both or neither.
    pub fn of(text: Option<String>, attachment: Option<AttachmentId>) -> Result<Self, Invalid> {
        match (text, attachment) {
            (Some(text), None) => Ok(Self::Text(text)),
            (None, Some(attachment)) => Ok(Self::Attachment(attachment)),
            (None, None) => Err(Invalid::new("required", wording::field::one_is_needed("text", "attachment_id"))),
            (Some(_), Some(_)) => Err(Invalid::new("one_of", wording::field::one_or_other("text", "attachment_id"))),
        }
    }
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// What the client calls it.
    pub client_id: ClientId,
    /// What it says.
    pub content: Content,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageAuthorRole)]
pub enum AuthorRole {
    /// The patient.
    Patient,
    /// The doctor.
    Doctor,
    /// The pharmacy itself.
    System,
}

impl From<Part> for AuthorRole {
    fn from(part: Part) -> Self {
        match part {
            Part::Patient => Self::Patient,
            Part::Doctor => Self::Doctor,
        }
    }
}

/// Who wrote a message: a person, or the pharmacy itself, which is nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Who; nobody for the system.
    pub id: Option<UserId>,
    /// As what.
    pub role: AuthorRole,
}

impl Author {
    /// A person on one side of the consultation.
    pub fn person(user: &UserId, part: Part) -> Self {
        Self { id: Some(user.clone()), role: part.into() }
    }

    /// The pharmacy itself.
    pub const fn system() -> Self {
        Self { id: None, role: AuthorRole::System }
    }
}

/// The sort of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageKind)]
pub enum Kind {
    /// Words of one of the two.
    Text,
    /// A file of one of the two.
    Attachment,
    /// Words of the pharmacy itself.
    System,
}

impl Kind {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Attachment => "attachment",
            Self::System => "system",
        }
    }
}

/// The file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Its id.
    pub id: AttachmentId,
    /// What it is.
    pub content_type: AttachmentType,
    /// How large it is, in bytes.
    pub size_bytes: u64,
}

/// How many messages there are up to some point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// All of them.
    pub all: u64,
    /// Those of the patient.
    pub of_patient: u64,
}

impl Tally {
    /// One message further.
    #[must_use]
    pub const fn and(self, by: AuthorRole) -> Self {
        let of_patient = self.of_patient + if matches!(by, AuthorRole::Patient) { 1 } else { 0 };
        Self { all: self.all + 1, of_patient }
    }

    /// How many of these messages come after `earlier` and are not by who is on this side.
    pub const fn of_others_since(self, earlier: Self, part: Part) -> u64 {
        let all = self.all.saturating_sub(earlier.all);
        let of_patient = self.of_patient.saturating_sub(earlier.of_patient);
        match part {
            Part::Patient => all.saturating_sub(of_patient),
            Part::Doctor => of_patient,
        }
    }
}

/// A message as it is stored: its text is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMessage {
    /// Its id; ids are in the order in which messages were stored.
    pub id: MessageId,
    /// Which consultation it belongs to.
    pub consultation: ConsultationId,
    /// Who wrote it.
    pub by: Author,
    /// Its sort.
    pub kind: Kind,
    /// Which of the consultation's keys its text is sealed with.
    pub key_no: u32,
    /// The sealed text, in base64; a file has none.
    pub body: Option<String>,
    /// Its file.
    pub attachment: Option<AttachedFile>,
    /// The message before it.
    pub previous: Option<MessageId>,
    /// What the client of its author calls it.
    pub client_id: Option<ClientId>,
    /// When it was stored.
    pub at: Timestamp,
    /// How many messages there are up to it, itself among them.
    pub tally: Tally,
}

/// A message that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is stored of it.
    pub stored: StoredMessage,
    /// Its text.
    pub text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_names_its_messages_by_uuids() {
        let id = ClientId::parse("8E8E6C1A-0F5B-4C57-9A54-8C1F6B1F0A01").unwrap();
        assert_eq!(id.as_str(), "8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f0a01");
        for wrong in ["", "1", "8e8e6c1a0f5b4c579a548c1f6b1f0a01", "8e8e6c1a-0f5b-4c57-9a54-8c1f6b1f0a0#"] {
            assert!(ClientId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_message_is_a_text_or_a_file() {
        let file = AttachmentId::generate(Timestamp::from_millis(1));
        assert_eq!(Content::of(None, Some(file)), Ok(Content::Attachment(file)));
        assert_eq!(Content::of(None, None).unwrap_err().code, "required");
        assert_eq!(Content::of(Some("x".to_owned()), Some(file)).unwrap_err().code, "one_of");
    }

    #[test]
    fn what_is_unread_is_what_others_wrote_since() {
        let roles =
            [AuthorRole::Patient, AuthorRole::System, AuthorRole::Doctor, AuthorRole::Patient, AuthorRole::Doctor];
        let tallies: Vec<_> = roles
            .iter()
            .scan(Tally::default(), |tally, role| {
                *tally = tally.and(*role);
                Some(*tally)
            })
            .collect();
        let last = tallies[4];
        assert_eq!((last.all, last.of_patient), (5, 2));
        assert_eq!(last.of_others_since(Tally::default(), Part::Patient), 3);
        assert_eq!(last.of_others_since(Tally::default(), Part::Doctor), 2);
        assert_eq!(last.of_others_since(tallies[2], Part::Patient), 1);
        assert_eq!(last.of_others_since(tallies[2], Part::Doctor), 1);
        assert_eq!(last.of_others_since(last, Part::Patient), 0);
        assert_eq!(tallies[0].of_others_since(last, Part::Doctor), 0, "a head that is behind the mark");
    }
}
