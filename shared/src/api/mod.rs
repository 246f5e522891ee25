//! The HTTP edge: from a Lambda event to a valid request, from an answer to a Lambda response. Nothing below this module
//! knows HTTP.

mod admission;
mod app;
mod cookie;
mod cursor;
mod problem;
mod request;
mod response;
mod serve;
pub mod session_cookie;

pub mod prelude;

pub use crate::platform::idempotency::Idempotency;
pub use app::App;
pub use cookie::Cookie;
pub use cursor::{Cursor, PageQuery, seal};
pub use request::ApiRequest;
pub use response::{ApiResponse, ApiResult, Page, accepted, created, found, no_content, ok};
pub use serve::{Endpoint, Fatal, Prepare, Worker, answer, serve, serve_events};

/// The [`Endpoint`] of the crate it stands in, named after the package; one that knows payment providers says so.
#[macro_export]
macro_rules! endpoint {
    ($handle:path) => {
        $crate::endpoint!($handle, None)
    };
    ($handle:path, knows providers) => {
        $crate::endpoint!($handle, Some(|app| Box::pin(app.prepare_providers())))
    };
    ($handle:path, $prepare:expr) => {
        $crate::api::Endpoint {
            name: env!("CARGO_PKG_NAME"),
            prepare: $prepare,
            run: |app, request| Box::pin($handle(app, request)),
        }
    };
}

/// The [`Worker`] of the crate it stands in, named after the package; one that asks no database, or knows payment
/// providers, says so.
#[macro_export]
macro_rules! worker {
    ($handle:path) => {
        $crate::worker!($handle, true, None)
    };
    ($handle:path, without a database) => {
        $crate::worker!($handle, false, None)
    };
    ($handle:path, knows providers) => {
        $crate::worker!($handle, true, Some(|app| Box::pin(app.prepare_providers())))
    };
    ($handle:path, $connects:literal, $prepare:expr) => {
        $crate::api::Worker {
            name: env!("CARGO_PKG_NAME"),
            connects: $connects,
            prepare: $prepare,
            run: |app, event| Box::pin($handle(app, event)),
        }
    };
}
