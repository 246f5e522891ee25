//! Cookies: named `__Host-…`, so that no other host can set them, and out of reach of scripts.

use http::header::SET_COOKIE;

use super::request::ApiRequest;
use super::response::ApiResponse;

/// A cookie that pages of other sites may have sent along (`SameSite=None`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Without `__Host-`.
    name: &'static str,
    /// In seconds.
    max_age: u64,
}

impl Cookie {
    /// A cookie `__Host-<name>` that is kept for `max_age` seconds.
    pub const fn cross_site(name: &'static str, max_age: u64) -> Self {
        Self { name, max_age }
    }

    /// `response`, setting it to `value`.
    pub fn set(self, response: ApiResponse, value: &str) -> ApiResponse {
        let Self { name, max_age } = self;
        let attributes = "Path=/; Secure; HttpOnly; SameSite=None";
        response.header(SET_COOKIE, &format!("__Host-{name}={value}; {attributes}; Max-Age={max_age}"))
    }

    /// What a request brings.
    pub fn of(self, request: &ApiRequest) -> Option<&str> {
        let cookies = request.header("cookie")?;
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| name.strip_prefix("__Host-") == Some(self.name)).map(|(_, value)| value).next()
    }
}
