//! Consultations and chat on an embedded DynamoDB, with a KMS and WebSockets of the test's own: the endpoints, races, killed
//! sockets, limits, the trail.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a broken helper must stop the test")]

mod attachments;
mod clinic;
mod life;
mod messages;
mod privacy;
mod sockets;
