//! Opening and closing connections.

use super::connection::{Connection, ConnectionId, HEARTBEAT, LIFETIME};
use super::ticket::{TICKET_LIFETIME, Ticket};
use super::ticket_store::TicketStore;
use crate::consultations::Consultations;
use crate::consultations::view::ChatTicket;
use crate::identity::Caller;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

/// So long before a connection ends its client opens another one.
const RENEWAL: std::time::Duration = std::time::Duration::from_mins(10);

/// WebSockets, from the ticket to the end.
#[derive(Clone, Debug)]
pub struct Sockets<'a> {
    /// What is written on them.
    pub consultations: Consultations<'a>,
    /// What they are opened with.
    pub tickets: TicketStore,
    /// Where clients connect.
    pub url: String,
    /// The exact origins whose pages may.
    pub origins: &'a [String],
}

/// Why a connection is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It comes from a page that is none of ours.
    ForeignPage,
    /// There is no ticket, or none that is good.
    NoTicket,
}

impl Refusal {
    fn error(self) -> Error {
        match self {
            Self::ForeignPage => {
                Error::new(Kind::Forbidden, "foreign_origin", wording::consultations::foreign_origin())
            }
            Self::NoTicket => {
                Error::new(Kind::Unauthenticated, "invalid_ticket", wording::consultations::invalid_ticket())
            }
        }
    }
}

impl Sockets<'_> {
    /// A ticket for who calls.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn ticket(&self, caller: &Caller) -> Result<ChatTicket> {
        let ticket = self.tickets.issue(&Ticket::of(caller, self.consultations.clock.now())).await?;
        Ok(ChatTicket {
            ticket,
            url: self.url.clone(),
            expires_in: TICKET_LIFETIME.as_secs(),
            heartbeat_s: HEARTBEAT.as_secs(),
            max_connection_s: (LIFETIME.saturating_sub(RENEWAL)).as_secs(),
        })
    }

    /// Opens a connection: its ticket is taken and it is registered, both or neither.
    ///
    /// # Errors
    /// 403 for a foreign page; 401 for a ticket that is not good, or whose session has ended.
    pub async fn connect(&self, id: ConnectionId, origin: Option<&str>, ticket: Option<&str>) -> Result<Connection> {
        // A page says where it comes from and cannot say otherwise; what is no page says nothing.
        if origin.is_some_and(|origin| !self.origins.iter().any(|known| known == origin)) {
            return Err(Refusal::ForeignPage.error());
        }
        let (chat, now) = (&self.consultations, self.consultations.clock.now());
        let secret = ticket.ok_or_else(|| Refusal::NoTicket.error())?;
        let ticket = self.tickets.find(secret, now).await?.ok_or_else(|| Refusal::NoTicket.error())?;
        chat.delivery.revocations.check(&ticket.caller(), &chat.delivery.guard, now).await?;
        let connection = Connection {
            id,
            user: ticket.user,
            roles: ticket.roles,
            session: ticket.session,
            issued_at: ticket.issued_at,
            opened: now,
            seen_at: now,
        };
        if chat.delivery.connections.register(&connection, self.tickets.spend(secret, now)?).await? {
            Ok(connection)
        } else {
            Err(Refusal::NoTicket.error())
        }
    }

    /// Forgets a connection that has ended; one that is forgotten is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn disconnect(&self, id: &ConnectionId) -> Result<()> {
        let connections = &self.consultations.delivery.connections;
        match connections.find(id).await? {
            Some(connection) => connections.forget(&connection).await,
            None => Ok(()),
        }
    }
}
