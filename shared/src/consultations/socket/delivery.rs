//! Telling whoever is connected. Nothing that is told here is the only place where it can be known: who misses it finds it in the
//! history. So nothing here fails what was done.

use std::time::Duration;

use futures_util::future::{join, join_all};

use super::connection::{Connection, ConnectionId};
use super::connection_store::{ConnectionStore, Reached};
use super::frame::ServerFrame;
use super::posts::{Posted, Posts};
use crate::audit::{Action, Audit, Entry, Origin};
use crate::consultations::consultation::Part;
use crate::consultations::head::Head;
use crate::consultations::mark::Receipt;
use crate::consultations::message::Message;
use crate::consultations::view::MessageView;
use crate::identity::Revocations;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::Table;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{MessageId, UserId};

/// Tells whoever is connected.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    /// Who is.
    pub connections: ConnectionStore,
    /// The way to them.
    pub posts: &'a Posts,
    /// Knows whose session has ended.
    pub revocations: &'a Revocations,
    /// Where that is written down.
    pub guard: Table,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// So long after it was registered a connection may still be opening.
const OPENING: Duration = Duration::from_secs(30);

/// The connection that a message came on, which is told that it is stored; all others of its author get the message.
#[derive(Clone, Copy, Debug)]
pub struct Through<'a>(pub &'a Connection);

/// Which connections of a person are told something, and what the trail has to know of it.
#[derive(Clone, Copy)]
struct Telling<'a> {
    head: &'a Head,
    /// Whether it is what one of the two has written.
    is_read: bool,
    but: Option<&'a ConnectionId>,
}

impl<'a> Telling<'a> {
    /// What is nobody's words, to all connections.
    const fn of(head: &'a Head) -> Self {
        Self { head, is_read: false, but: None }
    }
}

impl Delivery<'_> {
    /// Tells the two of new messages, in order; the one who wrote the first on the connection that it came on, that it is stored.
    ///
    /// Who is connected is looked up now, after the messages were committed: a connection that was registered before is found, and
    /// who registers later reads the history later.
    pub async fn tell_of_messages(&self, head: &Head, messages: &[Message], through: Option<Through<'_>>) {
        let author = messages.first().and_then(|message| message.stored.by.id.clone());
        let both = head.participants().map(|user| {
            let frames: Vec<_> = messages
                .iter()
                .map(|message| ServerFrame::Message { message: Box::new(MessageView::of(message, user)) })
                .collect();
            let through = through.filter(|_| author.as_ref() == Some(user));
            async move {
                let but = through.map(|through| &through.0.id);
                let told = self.tell(user, &frames, Telling { head, is_read: true, but });
                match through {
                    Some(through) => drop(join(told, self.accept(through, &frames)).await),
                    None => told.await,
                }
            }
        });
        join_all(both).await;
    }

    /// Tells the connection that a message came on that it is stored, and what the pharmacy has written after it.
    async fn accept(&self, through: Through<'_>, frames: &[ServerFrame]) {
        for frame in frames {
            let frame = match frame {
                ServerFrame::Message { message } => match &message.client_id {
                    Some(client_id) => ServerFrame::Accepted { client_id: client_id.clone(), message: message.clone() },
                    None => frame.clone(),
                },
                other => other.clone(),
            };
            self.post(through.0, &frame).await;
        }
    }

    /// Tells the two that the consultation has changed.
    pub async fn tell_of_change(&self, head: &Head) {
        let frame = [ServerFrame::Consultation { id: head.consultation, status: head.status, version: head.version }];
        join_all(head.participants().map(|user| self.tell(user, &frame, Telling::of(head)))).await;
    }

    /// Tells the two that one of them has received or read up to a message; one's other devices want to know it, too.
    /// Where it is not `shown`, they alone.
    pub async fn tell_of_receipt(
        &self,
        head: &Head,
        user: &UserId,
        state: Receipt,
        message_id: MessageId,
        shown: bool,
    ) {
        let consultation_id = head.consultation;
        let frame = [ServerFrame::Receipt { consultation_id, user_id: user.clone(), state, message_id }];
        let told = head.participants().filter(|to| shown || *to == user);
        join_all(told.map(|to| self.tell(to, &frame, Telling::of(head)))).await;
    }

    /// Tells the other that one of the two types, or has stopped.
    pub async fn tell_of_typing(&self, head: &Head, user: &UserId, on: bool) {
        let frame = [ServerFrame::Typing { consultation_id: head.consultation, user_id: user.clone(), on }];
        let others = head.participants().filter(|to| *to != user);
        join_all(others.map(|to| self.tell(to, &frame, Telling::of(head)))).await;
    }

    /// Which of some people are online.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn online(&self, people: &[UserId]) -> Result<Vec<UserId>> {
        let now = self.clock.now();
        let mut online = Vec::new();
        for user in people {
            if self.connections.of(user).await?.iter().any(|reached| reached.connection.is_online(now)) {
                online.push(user.clone());
            }
        }
        Ok(online)
    }

    /// Sends frames, in order, to all connections of a person but one.
    async fn tell(&self, to: &UserId, frames: &[ServerFrame], telling: Telling<'_>) {
        let reached = match self.connections.of(to).await {
            Ok(reached) => reached,
            Err(error) => return unreached(&error),
        };
        let now = self.clock.now();
        let reached = reached.iter().filter(|one| Some(&one.connection.id) != telling.but);
        let told = reached.map(|one| async move {
            match self.may_be_told(one, telling, now).await {
                Ok(true) => {
                    for frame in frames {
                        if self.post(&one.connection, frame).await == Posted::Gone {
                            break;
                        }
                    }
                }
                Ok(false) => {}
                Err(error) => unreached(&error),
            }
        });
        join_all(told).await;
    }

    /// Whether a connection may be sent something: it was heard of lately, its session goes on, and who is on it is still what
    /// they have to be. What it reads of another's record for the first time is on the trail before.
    async fn may_be_told(&self, to: &Reached, telling: Telling<'_>, now: Timestamp) -> Result<bool> {
        let connection = &to.connection;
        if !connection.is_heard(now) {
            return Ok(false);
        }
        match self.revocations.check(&connection.caller(), &self.guard, now).await {
            Ok(()) => {}
            Err(error) if error.is_refusal() => {
                self.close(connection, "session_ended", false).await;
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        // Whose roles change has no session left: those of a connection are theirs.
        match telling.head.part_of(&connection.user, &connection.roles) {
            None => Ok(false),
            Some(Part::Doctor) if telling.is_read && !to.read.contains(&telling.head.consultation) => {
                let actor = connection.actor(&Origin::new(connection.id.as_str(), None));
                let (patient, consultation) = (&telling.head.patient, telling.head.consultation);
                let entry = Entry::allowed(&actor, Action::ReadChat, patient, consultation, now).detail("connection");
                // Both or neither: what is noted as read is on the trail, wherever a function dies.
                self.connections.note_reading(connection, consultation, self.audit.action(&entry)?).await
            }
            Some(_) => Ok(true),
        }
    }

    /// Sends one frame on one connection; one that is gone, and not just opening, is forgotten.
    pub(super) async fn post(&self, to: &Connection, frame: &ServerFrame) -> Posted {
        let text = match frame.text() {
            Ok(text) => text,
            Err(error) => {
                unreached(&error);
                return Posted::Failed;
            }
        };
        let posted = self.posts.post(&to.id, text.as_bytes()).await;
        // Until the handshake is over API Gateway says of a connection that it is gone, and then it is there. What it misses is in
        // the history, which its client reads once it is open.
        if posted == Posted::Gone && self.clock.now().since(to.opened) < OPENING {
            return Posted::Failed;
        }
        if posted == Posted::Gone
            && let Err(error) = self.connections.forget(to).await
        {
            unreached(&error);
        }
        posted
    }

    /// Closes a connection, and says why.
    pub(super) async fn close(&self, connection: &Connection, reason: &'static str, reconnect: bool) {
        self.post(connection, &ServerFrame::Closing { reason, reconnect }).await;
        self.posts.close(&connection.id).await;
        if let Err(error) = self.connections.forget(connection).await {
            unreached(&error);
        }
    }
}

fn unreached(error: &Error) {
    tracing::warn!(error.code = error.code(), error.cause = error.cause(), "a connection was not told");
}
