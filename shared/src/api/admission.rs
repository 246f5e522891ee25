//! What stands between a request whose token is good and its handler: the access table, the feed of ended sessions and the
//! rate limit.

use super::app::App;
use super::request::{ApiRequest, unauthenticated};
use crate::audit::{Action, Entry, Outcome};
use crate::identity::access::{Access, Route};
use crate::identity::{Caller, Counted};
use crate::platform::error::{Allowance, Error, Result};
use crate::platform::ids::UserId;

/// The rules of one route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admission<'a> {
    pub(super) app: &'a App,
    pub(super) route: &'static Route,
}

impl Admission<'_> {
    /// Whether the route's row lets this caller in.
    pub(super) fn allows(&self, caller: Option<&Caller>) -> Result<()> {
        match self.route.access {
            Access::Anyone | Access::AnyoneOrCaller => Ok(()),
            Access::SignedIn => caller.ok_or_else(unauthenticated).map(|_| ()),
            Access::Needs(permission) => caller.ok_or_else(unauthenticated)?.require(permission).map(|_| ()),
        }
    }

    /// Refuses a request. Where somebody is known whom it refuses, it is on the trail before they are answered.
    ///
    /// # Errors
    /// `refusal`; 503 where the trail cannot be written.
    pub(super) async fn refuse<T>(&self, refusal: Error, request: &ApiRequest) -> Result<T> {
        let Ok(actor) = request.actor() else { return Err(refusal) };
        let entry = || {
            let (function, now) = (self.route.function, self.app.clock().now());
            let object = request.object().unwrap_or(function);
            let entry = Entry::new(&actor.origin, Action::RefuseAccess, Outcome::Refused, object, now).by(&actor);
            let entry = match UserId::parse(object) {
                Ok(subject) => entry.about(&subject),
                Err(_) => entry,
            };
            entry.detail(function)
        };
        self.app.audit().noting(Err(refusal), entry).await
    }

    /// Counts the request and looks whether its session goes on, both at once.
    pub(super) async fn checks(&self, caller: Option<&Caller>, source_ip: Option<&str>) -> Result<Option<Allowance>> {
        let session = async {
            match caller {
                Some(caller) => {
                    let guard = self.app.guard_table();
                    self.app.revocations().check(caller, &guard, self.app.clock().now()).await
                }
                None => Ok(()),
            }
        };
        let (session, allowance) = tokio::join!(session, self.counted(caller, source_ip));
        session?;
        allowance
    }

    /// Counts the request.
    pub(super) async fn counted(&self, caller: Option<&Caller>, source_ip: Option<&str>) -> Result<Option<Allowance>> {
        let request = Counted { function: self.route.function, limit: self.route.limit, caller, source_ip };
        self.app.limiter().count(request, &self.app.counters(), self.app.clock().now()).await
    }
}
