//! What a WebSocket is opened with, since a browser can send no header with it: a ticket, good once, for a minute.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::identity::{Caller, Role};
use crate::platform::clock::Timestamp;
use crate::platform::ids::UserId;

/// How long a ticket is good.
pub const TICKET_LIFETIME: Duration = Duration::from_mins(1);

/// What a ticket is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Who has it.
    pub user: UserId,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// By which sign-in.
    pub session: String,
    /// When the token was issued that it was got with.
    pub issued_at: Timestamp,
    /// Until when it is good.
    pub valid_until: Timestamp,
}

impl Ticket {
    /// For who calls.
    pub fn of(caller: &Caller, now: Timestamp) -> Self {
        Self {
            user: caller.user.clone(),
            roles: caller.roles.clone(),
            session: caller.session.clone(),
            issued_at: caller.issued_at,
            valid_until: now.plus(TICKET_LIFETIME),
        }
    }

    /// Who has it, as a request would have it.
    pub fn caller(&self) -> Caller {
        Caller {
            user: self.user.clone(),
            roles: self.roles.clone(),
            session: self.session.clone(),
            issued_at: self.issued_at,
        }
    }
}
