//! Tickets in DynamoDB, in the guard table: `TICKET#<SHA-256 of the ticket>` / `TICKET`. The ticket itself is stored nowhere.

use serde::{Deserialize, Serialize};

use super::ticket::Ticket;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Table, Write, from_item, s, to_item, write};
use crate::platform::error::Result;

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    ticket: Ticket,
    expires_at: i64,
}

/// Where tickets are.
#[derive(Clone, Debug)]
pub struct TicketStore {
    guard: Table,
}

fn key(secret: &str) -> Key {
    Key::new(format!("TICKET#{}", crypto::fingerprint(secret.as_bytes())), "TICKET")
}

impl TicketStore {
    /// In the guard table.
    pub fn new(guard: Table) -> Self {
        Self { guard }
    }

    /// Writes a ticket down; gives what its holder is to present.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn issue(&self, ticket: &Ticket) -> Result<String> {
        let secret = crypto::random_token::<32>();
        let record = Record { ticket: ticket.clone(), expires_at: ticket.valid_until.seconds() };
        // Nobody else has this key, so what is there already can only be this very ticket, tried again.
        write(self.guard.client(), self.guard.create(to_item(&key(&secret), record)?)?).await?;
        Ok(secret)
    }

    /// What a ticket is good for, if it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn find(&self, secret: &str, now: Timestamp) -> Result<Option<Ticket>> {
        let Some(item) = self.guard.get_latest(&key(secret)).await? else { return Ok(None) };
        let record: Record = from_item(item)?;
        Ok(Some(record.ticket).filter(|ticket| now < ticket.valid_until))
    }

    /// The write of a transaction that takes a ticket, which must be there to be taken.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub(super) fn spend(&self, secret: &str, now: Timestamp) -> Result<Write> {
        let good = Expression::new("attribute_exists(pk) AND valid_until > :now").value(":now", s(now));
        self.guard.delete(&key(secret), good)
    }
}
