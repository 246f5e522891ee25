//! An AWS that has nothing and says so at once: what a start meets, so that its time is its own.

use axum::Router;
use tokio::net::TcpListener;

/// An empty page of items and an empty set of keys in one.
const NOTHING: &str = r#"{"Items":[],"Count":0,"ScannedCount":0,"keys":[]}"#;

/// Begins to listen; gives the address.
pub(crate) async fn open() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port of this machine");
    let address = listener.local_addr().expect("the address of a socket that is bound");
    let routes = Router::new().fallback(|| async { NOTHING });
    tokio::spawn(async { axum::serve(listener, routes).await });
    format!("http://{address}")
}
