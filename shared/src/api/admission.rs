//! What stands between a request whose token is good and its handler: the access table, the feed of ended sessions and the
//! rate limit.

use super::app::App;
use super::request::{ApiRequest, unauthenticated};
use crate::audit::{Action, Actor, Entry, Outcome};
use crate::identity::access::{Access, Route};
use crate::identity::limits::limit::Limit;
use crate::identity::{Caller, Counted, SESSION_ENDED};
use crate::platform::error::{Allowance, Error, Result};
use crate::platform::ids::UserId;

/// Who is refused what.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) caller: Caller,
    actor: Actor,
    object: String,
}

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

    /// What the trail is told of a request that is refused; nothing where nobody is known whom it refuses.
    pub(super) fn trace(&self, request: &ApiRequest) -> Option<Trace> {
        let caller = request.caller.clone()?;
        let actor = request.actor().ok()?;
        let object = request.object().unwrap_or(self.route.function).to_owned();
        Some(Trace { caller, actor, object })
    }

    /// Refuses a request. Where somebody is known whom it refuses, it is on the trail before they are answered; they get so
    /// many refusals in a minute on all routes together, since an entry stays for good.
    ///
    /// # Errors
    /// `refusal`; 429 `rate_limited` after too many; 503 where the trail cannot be written.
    pub(super) async fn refuse<T>(&self, refusal: Error, trace: Option<&Trace>) -> Result<T> {
        let Some(Trace { caller, actor, object }) = trace else { return Err(refusal) };
        let counted = Counted {
            function: "refused",
            limit: Limit::Refused,
            caller: Some(caller),
            source_ip: None,
            session: None,
        };
        self.app.limiter().count(counted, &self.app.counters(), self.app.clock().now()).await?;
        let entry = || {
            let (function, now) = (self.route.function, self.app.clock().now());
            let entry = Entry::new(&actor.origin, Action::RefuseAccess, Outcome::Refused, object, now).by(actor);
            // A stranger could name anybody here, and fill their part of the trail.
            let about = UserId::parse(object).ok().filter(|_| self.route.is_about_people() && caller.works_here());
            let entry = match about {
                Some(subject) => entry.about(&subject),
                None => entry,
            };
            entry.detail(function)
        };
        self.app.audit().noting(Err(refusal), entry).await
    }

    /// Turns away who is not admitted: too often here, or from a session that has ended, which is a refusal.
    ///
    /// # Errors
    /// `error`, or what [`Self::refuse`] says.
    pub(super) async fn turn_away<T>(&self, error: Error, trace: Option<&Trace>) -> Result<T> {
        match error.code() {
            SESSION_ENDED => self.refuse(error, trace).await,
            _ => Err(error),
        }
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
        let (guard, now) = (self.app.guard_table(), self.app.clock().now());
        self.app.revocations().know_keys(&guard, now).await?;
        let request =
            Counted { function: self.route.function, limit: self.route.limit, caller, source_ip, session: None };
        self.app.limiter().count(request, &self.app.counters(), self.app.clock().now()).await
    }
}
