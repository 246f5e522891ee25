//! A file that is sent in a consultation: announced, uploaded, checked, and used in one message of who uploaded it.

use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::ids::{AttachmentId, ConsultationId, MessageId, UserId};
use crate::prescriptions::document;

pub use crate::prescriptions::document::DocumentType as AttachmentType;

/// The largest file, in bytes.
pub const MAX_BYTES: u64 = document::MAX_BYTES;
/// How many files each of the two may announce in one consultation.
pub const MOST_EACH: i64 = 20;
/// Where uploads arrive.
const INCOMING: &str = "incoming/attachments/";

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentStatus {
    /// It was announced.
    AwaitingUpload,
    /// It was looked at, and may be sent.
    Checked,
    /// It was looked at, and is shown to nobody.
    Refused,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Where it is sent.
    pub consultation: ConsultationId,
    /// Who uploads it.
    pub by: UserId,
    /// How far it is.
    pub status: AttachmentStatus,
    /// What it is; after the check, what came of it.
    pub content_type: AttachmentType,
    /// How large it is, in bytes; after the check, how large what came of it is.
    pub size_bytes: u64,
    /// Why it is refused.
    #[serde(default)]
    pub refusal: Option<String>,
    /// The SHA-256 of the upload that is this file: of several under one form, the one that was looked at first.
    #[serde(default)]
    pub sha256: Option<String>,
    /// The message that uses it.
    #[serde(default)]
    pub used_by: Option<MessageId>,
    /// When it was announced.
    pub created_at: Timestamp,
}

/// Where the upload of a file arrives in the bucket of private files.
pub fn incoming_key(consultation: ConsultationId, id: AttachmentId) -> String {
    format!("{INCOMING}{consultation}/{id}")
}

/// Which file an upload is.
pub fn of_incoming_key(key: &str) -> Option<(ConsultationId, AttachmentId)> {
    let (consultation, id) = key.strip_prefix(INCOMING)?.split_once('/')?;
    Some((ConsultationId::parse(consultation).ok()?, AttachmentId::parse(id).ok()?))
}

/// Where the checked file lies.
pub fn checked_key(consultation: ConsultationId, id: AttachmentId) -> String {
    format!("clean/attachments/{consultation}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples;

    #[test]
    fn only_our_own_keys_name_a_file() {
        let (consultation, id) = (samples::consultation(), AttachmentId::generate(Timestamp::from_millis(1)));
        assert_eq!(of_incoming_key(&incoming_key(consultation, id)), Some((consultation, id)));
        let foreign = format!("{INCOMING}{id}/{consultation}");
        for key in ["", INCOMING, "incoming/attachments/x/y", foreign.as_str(), &checked_key(consultation, id)] {
            assert_eq!(of_incoming_key(key), None, "{key}");
        }
    }
}
