//! What nearly every endpoint needs, in one line.

pub use serde::Deserialize;
pub use utoipa::ToSchema;

pub use super::{ApiRequest, ApiResult, App, Endpoint, Page, PageQuery, accepted, created, no_content, ok, seal};
pub use crate::endpoint;
pub use crate::identity::{Caller, Permission, Scope};
pub use crate::platform::error::Error;
pub use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, Patch, all, each};
pub use crate::platform::idempotency::Idempotency;
