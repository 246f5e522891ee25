//! The peers as one process: `peers <port> [<url of the webhook>]`, on this machine alone.

use std::process::ExitCode;

use peers::{Peers, serve, stripe, webhook};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(port) = arguments.next().and_then(|port| port.parse::<u16>().ok()) else {
        eprintln!("peers <port> [<url of the webhook>]");
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
    if let Some(url) = arguments.next() {
        tokio::spawn(webhook::deliver(peers.clone(), url, stripe::WEBHOOK_SECRET.to_owned()));
    }
    match serve::serve(peers, listener).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
