//! WebSockets: tickets, connections, the frames that come in, and those that go out.

mod connecting;
mod connection;
mod connection_store;
mod delivery;
mod frame;
mod framing;
mod posts;
mod ticket;
mod ticket_store;

pub use connecting::{Refusal, Sockets};
pub use connection::{Connection, ConnectionId, HEARTBEAT, LIFETIME, MAX_FRAME};
pub use connection_store::{ConnectionStore, Counted};
pub use delivery::Delivery;
pub use frame::{ClientFrame, Code, ServerFrame};
pub use posts::{Posted, Posts};
pub use ticket::{TICKET_LIFETIME, Ticket};
pub use ticket_store::TicketStore;
