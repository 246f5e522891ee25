//! The peers as one process: `peers <port> [<url of the API> [<url that the API finds them at>]]`, on this machine alone.

use std::process::ExitCode;

use peers::{Peers, serve, webhook};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(port) = arguments.next().and_then(|port| port.parse::<u16>().ok()) else {
        eprintln!("peers <port> [<url of the API> [<url that the API finds them at>]]");
        return ExitCode::FAILURE;
    };
    let listener = match tokio::net::TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("port {port}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let peers = Peers::default();
    if let Some(api) = arguments.next() {
        let own = arguments.next().unwrap_or_else(|| format!("http://127.0.0.1:{port}"));
        tokio::spawn(webhook::deliver(peers.clone(), api.trim_end_matches('/').to_owned(), own));
    }
    match serve::serve(peers, listener).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
