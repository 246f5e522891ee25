//! How far somebody has received and read: two marks that only ever move forward.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message::Tally;
use crate::platform::fields::Invalid;
use crate::platform::ids::MessageId;
use crate::platform::wording;

/// What a client says of a message, and of all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReceiptState)]
pub enum Receipt {
    /// It is on a device.
    Delivered,
    /// It was shown.
    Read,
}

impl Receipt {
    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "delivered" => Ok(Self::Delivered),
            "read" => Ok(Self::Read),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("delivered, read"))),
        }
    }
}

/// How far somebody is. All before is meant too: there are no flags on messages. Each of the two is only ever written where it
/// moves forward (`mark_store.rs`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// What they said is on one of their devices.
    delivered: Option<MessageId>,
    /// What was shown to them.
    pub read: Option<MessageId>,
    /// How many messages there are up to what they have read.
    pub read_tally: Tally,
    /// Whether it is nobody's but theirs: they do not want the other side to see it.
    pub hidden: bool,
}

impl Mark {
    /// What is on one of their devices: what is read is delivered; what is delivered is not read.
    pub fn delivered(&self) -> Option<MessageId> {
        self.delivered.max(self.read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::stored_message;

    #[test]
    fn what_is_read_is_delivered_and_not_the_other_way() {
        let (first, second) = (stored_message(1).id, stored_message(2).id);
        let mark = |delivered, read| Mark { delivered, read, ..Mark::default() };
        assert_eq!(mark(None, Some(second)).delivered(), Some(second));
        assert_eq!(mark(Some(first), Some(second)).delivered(), Some(second));
        assert_eq!(mark(Some(second), Some(first)).delivered(), Some(second));
        assert_eq!((mark(Some(first), None).read, Mark::default().delivered()), (None, None));
    }

    #[test]
    fn receipts_are_read_as_they_are_written() {
        for receipt in [Receipt::Delivered, Receipt::Read] {
            assert_eq!(Receipt::parse(serde_json::to_value(receipt).unwrap().as_str().unwrap()), Ok(receipt));
        }
        assert!(Receipt::parse("seen").is_err());
    }
}
