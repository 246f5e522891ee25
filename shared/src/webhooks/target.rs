//! The address of a webhook.

use serde::{Deserialize, Serialize};

use super::guard;
use crate::platform::fields::Invalid;
use crate::platform::wording::{self, Words};

/// How long an address may be.
const MAX: usize = 500;

/// An address that events are posted to: `https`, by the standard port, to a name or a public address, without a user in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Target {
    origin: String,
    host: String,
    path: String,
}

impl Target {
    /// Reads an address. `local` lets the loopback interface through as well, in plain HTTP and at any port: for a stack on one's own
    /// machine alone. Where a name leads is looked at when it is called, each time.
    ///
    /// # Errors
    /// Another scheme, a port, a user, a fragment, an address that is not public, or what is no address at all.
    pub fn parse(text: &str, local: bool) -> Result<Self, Invalid> {
        let invalid = |message: Words| Invalid::new("invalid_url", message);
        if text.len() > MAX {
            return Err(Invalid::new("too_long", wording::field::characters_at_most(MAX)));
        }
        let uri: http::Uri = text.parse().map_err(|_| invalid(wording::webhooks::an_address()))?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '\\', '@']);
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(invalid(wording::webhooks::a_whole_address()));
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address = host.parse::<std::net::IpAddr>().ok();
        if local && scheme == "http" && address.is_some_and(|address| address.is_loopback()) && is_plain {
            return Ok(Self::of(&uri, scheme, authority.as_str(), host));
        }
        if scheme != "https" {
            return Err(invalid(wording::webhooks::a_whole_address()));
        }
        if !is_plain || authority.as_str().contains('@') {
            return Err(invalid(wording::webhooks::a_plain_address()));
        }
        if authority.port().is_some_and(|port| port.as_str() != "443") {
            return Err(invalid(wording::webhooks::the_standard_port()));
        }
        match address {
            Some(address) if !guard::is_public(address) => return Err(invalid(wording::webhooks::a_public_address())),
            Some(_) => {}
            None if !is_name(&host) => return Err(invalid(wording::webhooks::a_host())),
            None => {}
        }
        Ok(Self::of(&uri, scheme, authority.as_str(), host))
    }

    fn of(uri: &http::Uri, scheme: &str, authority: &str, host: String) -> Self {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Self { origin: format!("{scheme}://{authority}"), host, path: path.to_owned() }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Path and query.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// A name with a dot in it, whose last part is none of a number: what a resolver would take for an address is one.
fn is_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let internal = ["localhost", "local", "internal", "localdomain", "home", "lan", "arpa"];
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(label)
        && last.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        && !internal.contains(&last)
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

impl TryFrom<String> for Target {
    type Error = Invalid;

    /// What is stored was let through before.
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text, true)
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_addresses_are_let_through() {
        for good in [
            "https://example.com/hooks",
            "https://example.com",
            "https://example.com:443/a?b=c",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/x",
            "https://xn--bcher-kva.example/x",
        ] {
            let target = Target::parse(good, false).unwrap_or_else(|error| panic!("{good}: {error}"));
            assert!(target.path().starts_with('/') && target.origin().starts_with("https://"), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "/hooks",
            "http://example.com/",
            "ftp://example.com/",
            "https://",
            "https://localhost/",
            "https://a.localhost/",
            "https://db.internal/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://example.com:8443/",
            "https://user:pw@example.com/",
            "https://user@example.com/",
            "https://example.com/#x",
            "https://exa mple.com/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://example.com\\@10.0.0.1/",
            "http://127.0.0.1:8080/",
            "https://a..b/",
            "https://-a.example/",
            "file:///etc/passwd",
            "https://example.com/\n",
            "https://printer.lan/",
        ] {
            assert!(Target::parse(bad, false).is_err(), "{bad}");
        }
        assert!(Target::parse(&format!("https://example.com/{}", "a".repeat(MAX)), false).is_err());
    }

    #[test]
    fn on_ones_own_machine_the_loopback_is_let_through_and_nothing_else() {
        assert_eq!(Target::parse("http://127.0.0.1:8080/x", true).unwrap().to_string(), "http://127.0.0.1:8080/x");
        for bad in ["http://10.0.0.1/", "http://example.com/", "http://localhost:1/", "https://169.254.169.254/"] {
            assert!(Target::parse(bad, true).is_err(), "{bad}");
        }
    }
}
