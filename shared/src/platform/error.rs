//! The one error type of the house. It knows nothing of HTTP: `api::problem` is the only place that maps it.
//!
//! What the caller may read (`code`, `detail` in their language, `fields`, `problems`) and what only the log may hold (`source`) are
//! separate fields and never mix.

use std::time::Duration;

use serde::Serialize;

use super::fields::FieldError;
use super::wording::{self, Words};

/// The result of everything that can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is; the edge turns it into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request is malformed or breaks a rule that its author can see.
    Invalid,
    /// Nobody is signed in, or the proof of it is not good.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// It does not exist, or its existence is not the caller's business.
    NotFound,
    /// It exists, and is not asked for by this method.
    MethodNotAllowed,
    /// The state of the resource forbids it.
    Conflict,
    /// The caller's version is not the current one.
    PreconditionFailed,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is of a type that is not understood.
    UnsupportedMedia,
    /// Well-formed, but the pharmacy's rules refuse it.
    Unprocessable,
    /// The account is locked for a while.
    Locked,
    /// Too many requests.
    TooMany,
    /// A dependency is slow, throttled or down; trying again may help.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// How it stands with a caller's rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The limit.
    pub name: &'static str,
    /// How many requests a window takes.
    pub most: u32,
    /// How long a window is.
    pub window: Duration,
    /// How many are left, as far as is known.
    pub left: u32,
    /// When the window ends.
    pub resets_in: Duration,
}

/// A failure, with a text for the caller and a cause for the log.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    code: &'static str,
    detail: Words,
    fields: Vec<FieldError>,
    problems: Option<serde_json::Value>,
    retry_after: Option<Duration>,
    allowance: Option<Allowance>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with its stable machine-readable `code` and a sentence for the caller.
    pub fn new(kind: Kind, code: &'static str, detail: Words) -> Self {
        Self {
            kind,
            code,
            detail,
            fields: Vec::new(),
            problems: None,
            retry_after: None,
            allowance: None,
            source: None,
        }
    }

    /// A request that breaks a rule, without a field to name.
    pub fn invalid(code: &'static str, detail: Words) -> Self {
        Self::new(Kind::Invalid, code, detail)
    }

    /// A request whose fields break rules; all of them are named.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::Invalid, "invalid_request", wording::edge::invalid_fields());
        error.fields = fields;
        error
    }

    /// An event that a worker cannot make anything of; `reason` goes to the log alone.
    pub fn unknown_event(reason: &'static str) -> Self {
        Self::invalid("unknown_event", wording::edge::unknown_event()).caused_by(reason)
    }

    /// The one answer for what does not exist and for what is another's.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found", wording::edge::not_found())
    }

    /// The caller's role does not allow it.
    pub fn forbidden() -> Self {
        Self::new(Kind::Forbidden, "forbidden", wording::edge::forbidden())
    }

    /// The state of the resource forbids it.
    pub fn conflict(code: &'static str, detail: Words) -> Self {
        Self::new(Kind::Conflict, code, detail)
    }

    /// The resource has changed since the caller read it.
    pub fn version_mismatch() -> Self {
        Self::new(Kind::PreconditionFailed, "version_mismatch", wording::edge::version_mismatch())
    }

    /// Others are writing the same thing just now and the bounded retries are used up.
    pub fn busy() -> Self {
        Self::new(Kind::Unavailable, "busy", wording::edge::busy()).retry_after(Duration::from_secs(1))
    }

    /// A dependency did not answer in time.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Kind::Unavailable, "unavailable", wording::edge::unavailable())
            .retry_after(Duration::from_secs(2))
            .caused_by(source)
    }

    /// A fault of ours; the cause goes to the log alone.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Kind::Internal, "internal", wording::edge::internal()).caused_by(source)
    }

    /// With the cause, which is logged and never answered.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// With the fields at fault.
    #[must_use]
    pub fn at_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }

    /// With how long to wait before another try.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// With the rate limit that refused it.
    #[must_use]
    pub fn limited(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    /// With a typed list of problems, for refusals that have several reasons.
    #[must_use]
    pub fn with_problems(mut self, problems: &impl Serialize) -> Self {
        self.problems = serde_json::to_value(problems).ok();
        self
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it says no to its caller, rather than that a service or we have failed.
    pub fn is_refusal(&self) -> bool {
        !matches!(self.kind, Kind::Unavailable | Kind::Internal)
    }

    /// The stable code that clients switch on.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for the caller.
    pub fn detail(&self) -> &Words {
        &self.detail
    }

    /// The fields at fault.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    /// The typed problems, if it has several reasons.
    pub fn problems(&self) -> Option<&serde_json::Value> {
        self.problems.as_ref()
    }

    /// How long to wait before another try.
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The rate limit that refused it, if one did.
    pub fn allowance(&self) -> Option<Allowance> {
        self.allowance
    }

    /// The cause with all that lies behind it, for the log.
    pub fn cause(&self) -> Option<String> {
        let mut cause: &(dyn std::error::Error + 'static) = self.source.as_deref()?;
        let mut text = cause.to_string();
        while let Some(next) = cause.source() {
            text.push_str(": ");
            text.push_str(&next.to_string());
            cause = next;
        }
        Some(text)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
