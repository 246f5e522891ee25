//! A connection: who is on it, since when, and how long it is believed in.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audit::{Actor, Origin};
use crate::identity::{Caller, Role};
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

/// The largest frame, in bytes: what API Gateway itself takes.
pub const MAX_FRAME: usize = 32 * 1024;
/// How often a client sends a ping, whatever else it sends.
pub const HEARTBEAT: Duration = Duration::from_secs(240);
/// So long a connection lives, as at API Gateway.
pub const LIFETIME: Duration = Duration::from_hours(2);
/// After so long without a ping a connection is sent nothing more. Ended sessions are remembered for longer than that, so none
/// is sent anything that ended while it was silent.
pub const SILENT: Duration = Duration::from_mins(10);
/// After so long without a ping somebody is not online any more.
pub const ONLINE: Duration = Duration::from_mins(6);
/// How many frames a minute a connection takes.
pub const FRAMES_A_MINUTE: i64 = 60;
/// So many refused frames in a minute close it.
pub const REFUSALS_A_MINUTE: i64 = 60;
/// How often somebody is told that another is typing.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);
/// When what is stored of it is let go.
pub const KEPT: Duration = Duration::from_mins(130);

/// What API Gateway calls a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ConnectionId(String);

impl ConnectionId {
    /// Reads one.
    ///
    /// # Errors
    /// Not of letters, digits and `-_=+/.`, or longer than 128.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=+/.".contains(&byte);
        if (1..=128).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("invalid_id", wording::field::a_connection()))
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Who is on it.
    pub user: UserId,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// By which sign-in.
    pub session: String,
    /// When the token was issued that its ticket was got with.
    pub issued_at: Timestamp,
    /// Since when it is open.
    pub opened: Timestamp,
    /// When it was last heard of.
    pub seen_at: Timestamp,
}

impl Connection {
    /// Who is on it, as a request would have it.
    pub fn caller(&self) -> Caller {
        Caller {
            user: self.user.clone(),
            roles: self.roles.clone(),
            session: self.session.clone(),
            issued_at: self.issued_at,
        }
    }

    /// Who acts when a frame comes on it.
    pub fn actor(&self, origin: &Origin) -> Actor {
        origin.actor(&self.user, &self.roles)
    }

    /// Whether it is too old to be used.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.opened) >= LIFETIME
    }

    /// Whether something may be sent on it.
    pub fn is_heard(&self, now: Timestamp) -> bool {
        !self.is_over(now) && now.since(self.seen_at) < SILENT
    }

    /// Whether who is on it is online.
    pub fn is_online(&self, now: Timestamp) -> bool {
        !self.is_over(now) && now.since(self.seen_at) < ONLINE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_believed_in_for_as_long_as_it_speaks() {
        let at = |minutes| Timestamp::from_millis(0).plus(Duration::from_mins(minutes));
        let connection = |seen| Connection {
            id: ConnectionId::parse("L0SM9cOFvHcCIhw=").unwrap(),
            user: UserId::nobody(),
            roles: BTreeSet::new(),
            session: "s".to_owned(),
            issued_at: at(0),
            opened: at(0),
            seen_at: at(seen),
        };
        assert!(connection(0).is_online(at(5)) && !connection(0).is_online(at(6)));
        assert!(connection(0).is_heard(at(9)) && !connection(0).is_heard(at(10)));
        assert!(connection(119).is_heard(at(119)) && !connection(120).is_heard(at(120)));
    }

    #[test]
    fn an_id_cannot_break_out_of_its_key() {
        for wrong in ["", "a#b", "a b", "a\u{e9}", &"a".repeat(129)] {
            assert!(ConnectionId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
