//! Sign-ins on the trail: who came in, who was refused, who left. What cannot be written down does not happen.

use std::collections::BTreeSet;

use crate::audit::{Action, Audit, Entry, Origin, Outcome};
use crate::identity::caller::Caller;
use crate::platform::clock::Clock;
use crate::platform::dynamo::Write;
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// The trail of one request that signs somebody in or out.
#[derive(Clone, Debug)]
pub struct SignInAudit {
    /// The trail.
    pub audit: Audit,
    /// The request.
    pub origin: Origin,
    /// The time.
    pub clock: Clock,
}

impl SignInAudit {
    /// That `caller` has signed in, in the transaction that opens the session.
    pub(in crate::identity) fn opened(&self, caller: &Caller) -> Result<Write> {
        let actor = self.origin.actor(&caller.user, &caller.roles);
        let now = self.clock.now();
        self.audit.action(&Entry::allowed(&actor, Action::OpenSession, &caller.user, &caller.user, now))
    }

    /// That an account was made, in the transaction that makes its profile.
    pub(in crate::identity) fn registered(&self, user: &UserId) -> Result<Write> {
        self.audit.action(&self.of(Action::RegisterAccount, user))
    }

    /// `outcome`; whom it refuses, and who said to be `who`, is on the trail before they are answered. Of the address, the
    /// trail keeps a digest.
    pub(in crate::identity) async fn noting<T>(&self, outcome: Result<T>, who: &str) -> Result<T> {
        let object = self.audit.fingerprint(who)?;
        let entry = || Entry::new(&self.origin, Action::RefuseSession, Outcome::Refused, object, self.clock.now());
        self.audit.noting(outcome, entry).await
    }

    /// `outcome`; whom it refuses, and who had shown that they are `user` or have something of theirs, is on the trail
    /// before they are answered.
    pub(in crate::identity) async fn noting_as<T>(&self, outcome: Result<T>, user: &UserId) -> Result<T> {
        let entry =
            || Entry::new(&self.origin, Action::RefuseSession, Outcome::Refused, user, self.clock.now()).about(user);
        self.audit.noting(outcome, entry).await
    }

    /// That `user` is about to sign out.
    pub(in crate::identity) async fn ending(&self, user: &UserId) -> Result<()> {
        self.audit.append(&self.of(Action::EndSession, user)).await
    }

    fn of(&self, action: Action, user: &UserId) -> Entry {
        let actor = self.origin.actor(user, &BTreeSet::new());
        Entry::allowed(&actor, action, user, user, self.clock.now())
    }
}
