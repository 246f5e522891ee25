//! Cookies: named `__Host-…`, so that no other host can set them, and out of reach of scripts.

use http::header::SET_COOKIE;

use super::request::ApiRequest;
use super::response::ApiResponse;

/// A cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Without `__Host-`.
    name: &'static str,
    /// In seconds.
    max_age: u64,
    /// Whether pages of other sites may have it sent along.
    same_site: &'static str,
}

impl Cookie {
    /// A cookie `__Host-<name>` that is kept for `max_age` seconds.
    ///
    /// Pages of other sites may have it sent along.
    pub const fn cross_site(name: &'static str, max_age: u64) -> Self {
        Self { name, max_age, same_site: "None" }
    }

    /// The same, for the pages of this site alone.
    pub const fn same_site(name: &'static str, max_age: u64) -> Self {
        Self { name, max_age, same_site: "Strict" }
    }

    /// `response`, setting it to `value`.
    pub fn set(self, response: ApiResponse, value: &str) -> ApiResponse {
        let Self { name, max_age, same_site } = self;
        let attributes = format!("Path=/; Secure; HttpOnly; SameSite={same_site}; Max-Age={max_age}");
        response.header(SET_COOKIE, &format!("__Host-{name}={value}; {attributes}"))
    }

    /// `response`, deleting it.
    pub fn delete(self, response: ApiResponse) -> ApiResponse {
        Self { max_age: 0, ..self }.set(response, "")
    }

    /// What a request brings.
    pub fn of(self, request: &ApiRequest) -> Option<&str> {
        let cookies = request.header("cookie")?;
        let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(name, _)| name.strip_prefix("__Host-") == Some(self.name)).map(|(_, value)| value).next()
    }
}
