//! The HTTP edge: from a Lambda event to a valid request, from an answer to a Lambda response. Nothing below this module
//! knows HTTP.

mod admission;
mod app;
mod body;
mod cookie;
mod cursor;
pub mod custom_resource;
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

/// The [`Endpoint`] of the crate it stands in, named after the package.
#[macro_export]
macro_rules! endpoint {
    ($handle:path) => {
        $crate::api::Endpoint {
            name: env!("CARGO_PKG_NAME"),
            opens_sealed: false,
            prepare: None,
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
