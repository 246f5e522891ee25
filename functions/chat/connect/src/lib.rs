//! `$connect` of the WebSocket API: opens a connection for who has a ticket.

use shared::api::{App, Socket, SocketEvent, SocketKind};
use shared::platform::error::Result;

/// The function as it is served and tested.
pub const SOCKET: Socket = shared::socket!(handle);

/// Opens a connection. A frame that pretends to be an event of this route is a frame.
///
/// # Errors
/// 403 for a page that may not connect; 401 for a ticket that is not good.
pub async fn handle(app: &App, event: SocketEvent) -> Result<()> {
    let sockets = app.sockets()?;
    match event.kind {
        SocketKind::Connect => {
            sockets.connect(event.connection, event.page.as_deref(), event.ticket.as_deref()).await.map(|_| ())
        }
        SocketKind::Message => sockets.frame(&event.connection, &event.origin, &event.body).await,
        SocketKind::Disconnect => sockets.disconnect(&event.connection).await,
    }
}
