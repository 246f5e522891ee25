//! What happens with a frame.

use futures_util::future::join;
use serde_json::Value;

use super::connecting::Sockets;
use super::connection::{Connection, ConnectionId, MAX_FRAME, REFUSALS_A_MINUTE};
use super::connection_store::{Counted, until_next_minute};
use super::delivery::Through;
use super::frame::{ClientFrame, ServerFrame, client_id_of};
use crate::audit::Origin;
use crate::consultations::message::Outgoing;
use crate::consultations::sending::Against;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::json_text;
use crate::platform::wording;

/// What a frame needs beside its connection; both are read at once.
#[allow(clippy::large_enum_variant, reason = "there is one of them at a time, for one frame")]
enum Needs {
    Nothing,
    Head(Against),
}

impl Sockets<'_> {
    /// Takes a frame that came on a connection. Whatever is wrong with it is told on the connection, and to nobody else.
    ///
    /// # Errors
    /// None for what its client did: what is returned is a fault behind us, which the client was told of, too.
    pub async fn frame(&self, id: &ConnectionId, origin: &Origin, body: &str) -> Result<()> {
        let read = read(body);
        let client_id = read.as_ref().ok().and_then(|(value, _)| client_id_of(value));
        let frame = read.and_then(|(value, repeated)| match repeated.is_empty() {
            true => ClientFrame::parse(value),
            false => Err(Error::invalid_fields(repeated)),
        });
        let types = matches!(frame, Ok(ClientFrame::Typing(..)));
        let now = self.consultations.clock.now();
        let counted = self.consultations.delivery.connections.count(id, types, now);
        let (counted, needs) = join(counted, self.needs(&frame)).await;
        let delivery = &self.consultations.delivery;
        let connection = match counted? {
            Counted::In(connection) => connection,
            Counted::SaidJustNow => return Ok(()),
            Counted::Unknown => {
                delivery.posts.close(id).await;
                return Ok(());
            }
            Counted::TooMany(connection, refused) if refused >= REFUSALS_A_MINUTE => {
                delivery.close(&connection, "rate_limited", true).await;
                return Ok(());
            }
            Counted::TooMany(connection, _) => {
                let error = Error::new(Kind::TooMany, "rate_limited", wording::consultations::too_many_frames());
                let error = error.retry_after(until_next_minute(now));
                return self.refuse(&connection, error, client_id, origin).await;
            }
        };
        if connection.is_over(now) {
            delivery.close(&connection, "too_old", true).await;
            return Ok(());
        }
        match delivery.revocations.check(&connection.caller(), &delivery.guard, now).await {
            Ok(()) => {}
            Err(error) if error.is_refusal() => {
                delivery.close(&connection, "session_ended", false).await;
                return Ok(());
            }
            Err(error) => return self.refuse(&connection, error, client_id, origin).await,
        }
        let done = match frame {
            Ok(frame) => match needs {
                Ok(needs) => self.take(&connection, frame, needs).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => Ok(()),
            Err(error) => self.refuse(&connection, error, client_id, origin).await,
        }
    }

    async fn needs(&self, frame: &Result<ClientFrame>) -> Result<Needs> {
        match frame {
            Ok(ClientFrame::Send(id, outgoing)) => {
                Ok(Needs::Head(self.consultations.against(*id, &outgoing.content).await?))
            }
            Ok(ClientFrame::Typing(id, _)) => Ok(Needs::Head(Against::head(
                self.consultations.store.head(*id, self.consultations.clock.now()).await?,
            ))),
            // What a receipt needs is read by who moves the mark.
            _ => Ok(Needs::Nothing),
        }
    }

    async fn take(&self, connection: &Connection, frame: ClientFrame, needs: Needs) -> Result<()> {
        let (chat, caller) = (&self.consultations, connection.caller());
        match (frame, needs) {
            (ClientFrame::Send(_, outgoing), Needs::Head(against)) => {
                self.take_message(connection, against, &outgoing).await
            }
            (ClientFrame::Typing(_, on), Needs::Head(Against { head: Some(head), .. })) => {
                let part = head.part_of(&caller.user, &caller.roles);
                part.filter(|_| head.open).ok_or_else(Error::not_found)?;
                chat.delivery.tell_of_typing(&head, &caller.user, on).await;
                Ok(())
            }
            (ClientFrame::Read(id, message, receipt), _) => chat.mark(&caller, id, message, receipt).await,
            (ClientFrame::Ping, _) => {
                let now = chat.clock.now();
                let pong = ServerFrame::Pong { at: now };
                let (stamped, _) =
                    join(chat.delivery.connections.stamp(connection, now), chat.delivery.post(connection, &pong)).await;
                stamped
            }
            _ => Err(Error::not_found()),
        }
    }

    async fn take_message(&self, connection: &Connection, against: Against, outgoing: &Outgoing) -> Result<()> {
        let (chat, user) = (&self.consultations, &connection.user);
        let accepted = chat.accept(&connection.caller(), against, outgoing).await?;
        if accepted.again {
            let message = Box::new(accepted.view(user)?);
            let frame = ServerFrame::Accepted { client_id: outgoing.client_id.clone(), message };
            chat.delivery.post(connection, &frame).await;
            return Ok(());
        }
        let through = Some(Through(connection));
        chat.delivery.tell_of_messages(&accepted.head, &accepted.messages, through).await;
        if accepted.began {
            chat.delivery.tell_of_change(&accepted.head).await;
        }
        Ok(())
    }

    /// Tells a client that its frame is refused; what is a fault of ours is the answer, too, for the log.
    async fn refuse(
        &self,
        connection: &Connection,
        error: Error,
        client_id: Option<String>,
        origin: &Origin,
    ) -> Result<()> {
        let frame = ServerFrame::of_error(&error, client_id, &origin.request_id);
        self.consultations.delivery.post(connection, &frame).await;
        if error.is_refusal() { Ok(()) } else { Err(error) }
    }
}

/// The JSON of a frame, and the members that it says twice: of two texts nobody knows which was meant.
fn read(body: &str) -> Result<(Value, FieldErrors)> {
    if body.len() > MAX_FRAME {
        return Err(too_large());
    }
    let read = json_text::read(body.as_bytes());
    let (value, repeated) =
        read.map_err(|_| Error::invalid("invalid_frame", wording::consultations::frame_is_an_object()))?;
    let twice = |place: String| Invalid::new("repeated", wording::field::repeated()).at(place);
    Ok((value, repeated.into_iter().map(twice).collect()))
}

fn too_large() -> Error {
    Error::new(Kind::TooLarge, "frame_too_large", wording::consultations::frame_too_large(MAX_FRAME))
}
