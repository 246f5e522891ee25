//! What a provider says, without saying which provider.

use serde::{Deserialize, Serialize};

use super::refund::RefundState;
use crate::platform::clock::Timestamp;
use crate::platform::ids::RefundId;

/// How far one attempt to pay has come at the provider. It only ever goes forward: an answer that shows an earlier phase is a
/// late one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The customer can still pay, or is paying.
    Open,
    /// The money is held.
    Held,
    /// The money was taken.
    Taken,
    /// Nothing is held and nothing can be paid any more.
    Closed,
}

/// An answer to "what is?", of one attempt. Totals, never differences, all in minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// When we asked.
    pub asked_at: Timestamp,
    /// How far it has come.
    pub phase: Phase,
    /// Whether sum, currency and our reference are those the attempt was opened with.
    pub right: bool,
    /// The last try was declined.
    pub declined: bool,
    /// The customer has agreed at the provider, and it is for us to accept; until then no money is held or taken.
    pub agreed: bool,
    /// The provider was told to take the money, and has not decided about it.
    pub undecided: bool,
    /// What is held.
    pub held: i64,
    /// Until when.
    pub held_until: Option<Timestamp>,
    /// What was taken.
    pub taken: i64,
    /// What has gone back.
    pub returned: i64,
    /// What is on its way back.
    pub returning: i64,
    /// Whether the payer disputes it with their bank, which has not decided.
    pub disputed: bool,
    /// What of it they dispute, or have got back by that.
    pub contested: i64,
    /// The refunds of ours that it knows.
    pub refunds: Vec<SeenRefund>,
}

impl Observed {
    /// An attempt that the provider has let go of, asked at `asked_at`: nobody has paid by it, and nobody can any more.
    pub fn let_go(asked_at: Timestamp) -> Self {
        Self {
            asked_at,
            phase: Phase::Closed,
            right: true,
            declined: false,
            agreed: false,
            undecided: false,
            held: 0,
            held_until: None,
            taken: 0,
            returned: 0,
            returning: 0,
            disputed: false,
            contested: 0,
            refunds: Vec::new(),
        }
    }
}

/// A refund as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRefund {
    /// Ours.
    pub id: RefundId,
    /// The provider's.
    pub reference: String,
    /// How far it has come.
    pub state: RefundState,
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was answered, and this is how it stands.
    Done(Observed),
    /// The provider says no, by this code.
    Refused(String),
    /// Nobody knows. `answered` is whether the provider has said that it failed: it would then say the same again to the same
    /// key, whatever has become of it meanwhile.
    Unknown {
        /// Whether an answer came.
        answered: bool,
    },
}
