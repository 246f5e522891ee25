//! The client that docs/clients holds for frontend developers, run by node against a server of its own.

use std::io::ErrorKind;
use std::process::Command;

#[test]
fn the_browser_client_keeps_what_it_promises() {
    let test = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/clients/chat.test.mjs");
    match Command::new("node").args(["--test", test]).output() {
        Ok(run) => assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("There is no node here; docs/clients/chat.js was not tried.")
        }
        Err(error) => panic!("node does not start: {error}"),
    }
}
