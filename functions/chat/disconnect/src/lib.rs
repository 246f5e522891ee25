//! `$disconnect` of the WebSocket API: forgets a connection that has ended.

use shared::api::{App, Socket, SocketEvent, SocketKind};
use shared::platform::error::{Error, Result};

/// The function as it is served and tested.
pub const SOCKET: Socket = shared::socket!(handle);

/// Forgets a connection. A frame that pretends to be an event of this route is a frame, and ends nothing.
///
/// # Errors
/// A fault behind us, for the log.
pub async fn handle(app: &App, event: SocketEvent) -> Result<()> {
    let sockets = app.sockets()?;
    match event.kind {
        SocketKind::Message => sockets.frame(&event.connection, &event.origin, &event.body).await,
        SocketKind::Disconnect => sockets.disconnect(&event.connection).await,
        SocketKind::Connect => Err(Error::forbidden()),
    }
}
