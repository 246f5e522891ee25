//! The HTTP edge: from a Lambda event to a valid request, from an answer to a Lambda response. Nothing below this module
//! knows HTTP.

mod admission;
mod app;
mod body;
mod coding;
mod cookie;
mod cursor;
pub mod custom_resource;
mod edge;
mod elsewhere;
mod outcome;
mod problem;
mod report;
mod request;
mod response;
mod serve;
pub mod session_cookie;
mod socket;
pub mod version;

pub mod prelude;

pub use crate::platform::idempotency::Idempotency;
pub use app::App;
pub use cookie::Cookie;
pub use cursor::{Cursor, PageQuery, seal};
pub use elsewhere::elsewhere;
pub use report::{NEXT_CURSOR, report_as};
pub use request::ApiRequest;
pub use response::{ApiResponse, ApiResult, Page, accepted, created, found, no_content, ok};
pub use serve::{Endpoint, Fatal, Prepare, Worker, answer, serve, serve_events};
pub use socket::{Socket, SocketEvent, SocketKind, answer_socket, serve_socket};
pub use version::ApiVersion;

/// The [`Endpoint`] of the crate it stands in, named after the package.
#[macro_export]
macro_rules! endpoint {
    ($handle:path) => {
        $crate::api::Endpoint {
            name: env!("CARGO_PKG_NAME"),
            opens_sealed: false,
            prepare: None,
            in_any_case: None,
            run: |app, request| Box::pin($handle(app, request)),
        }
    };
}

/// The [`Worker`] of the crate it stands in, named after the package; one that asks no database says so.
#[macro_export]
macro_rules! worker {
    ($handle:path) => {
        $crate::worker!($handle, true)
    };
    ($handle:path, without a database) => {
        $crate::worker!($handle, false)
    };
    ($handle:path, $connects:literal) => {
        $crate::api::Worker {
            name: env!("CARGO_PKG_NAME"),
            connects: $connects,
            prepare: None,
            run: |app, event| Box::pin($handle(app, event)),
        }
    };
}

/// The [`Socket`] of the crate it stands in, named after the package.
#[macro_export]
macro_rules! socket {
    ($handle:path) => {
        $crate::api::Socket { name: env!("CARGO_PKG_NAME"), run: |app, event| Box::pin($handle(app, event)) }
    };
}
