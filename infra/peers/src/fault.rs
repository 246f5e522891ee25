//! What goes wrong with a call, once.

use serde::Deserialize;

use crate::call::Request;

/// A way to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 500, and nothing was done.
    FailBefore,
    /// 500, although it was done.
    FailAfter,
    /// The connection breaks, and nothing was done.
    BreakBefore,
    /// The connection breaks, although it was done.
    BreakAfter,
    /// Too many at once; nothing was done.
    Busy,
    /// The answer shows how it stood before the last change.
    Stale,
}

impl Fault {
    /// One that befalls the next call whose path has `path` in it.
    pub fn at(path: &str, kind: Kind) -> Self {
        Self { path: path.to_owned(), method: String::new(), about: String::new(), kind }
    }
}

/// A fault to come.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What stands in the path of the calls that it may befall, such as `/capture`.
    pub path: String,
    /// `GET` or `POST`; any where it is empty.
    #[serde(default)]
    pub method: String,
    /// What stands in the body or the query of these calls, such as an id; any where it is empty.
    #[serde(default)]
    pub about: String,
    /// What goes wrong.
    pub kind: Kind,
}

/// The faults to come, each of which befalls one call.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One more.
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// None any more.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What befalls this call.
    pub fn befalling(&mut self, request: &Request) -> Option<Kind> {
        let Request { method, path, form, .. } = request;
        // bKash's reads are sent by POST.
        let reads = method == "GET" || path.ends_with("/status");
        let is_it = |fault: &Fault| {
            path.contains(&fault.path)
                && form.contains(&fault.about)
                && (fault.method.is_empty() || fault.method == *method)
                && (fault.kind != Kind::Stale || reads)
        };
        let place = self.0.iter().position(is_it)?;
        Some(self.0.remove(place).kind)
    }
}
