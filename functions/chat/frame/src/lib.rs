//! `$default` of the WebSocket API: takes the frames of clients.

use shared::api::{App, Socket, SocketEvent, SocketKind};
use shared::platform::error::{Error, Result};

/// The function as it is served and tested.
pub const SOCKET: Socket = shared::socket!(handle);

/// Takes a frame; what is wrong with it is told on its connection.
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
