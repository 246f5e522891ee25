//! Sign-ins on the trail: who came in, who was refused, who left. What cannot be written down does not happen.

use std::collections::BTreeSet;

use super::caller::Caller;
use crate::audit::{Action, Audit, Entry, Origin, Outcome};
use crate::platform::clock::Clock;
use crate::platform::dynamo::Write;
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// The trail of one request that signs somebody in or out.
#[derive(Clone, Debug)]
pub struct SignInTrail {
    /// The trail.
    pub audit: Audit,
    /// The request.
    pub origin: Origin,
    /// The time.
    pub clock: Clock,
}

impl SignInTrail {
    /// That `caller` has signed in, in the transaction that opens the session.
    pub(super) fn opened(&self, caller: &Caller) -> Result<Write> {
        let actor = self.origin.actor(&caller.user, &caller.roles);
        let now = self.clock.now();
        self.audit.action(&Entry::allowed(&actor, Action::OpenSession, &caller.user, &caller.user, now))
    }

    /// That an account was made, in the transaction that makes its profile.
    pub(super) fn registered(&self, user: &UserId) -> Result<Write> {
        self.audit.action(&self.of(Action::RegisterAccount, user))
    }

    /// That somebody was refused who said to be `who`; of the address, the trail keeps a digest.
    pub(super) async fn refused(&self, who: &str) -> Result<()> {
        let object = self.audit.fingerprint(who);
        let now = self.clock.now();
        self.audit.append(&Entry::new(&self.origin, Action::RefuseSession, Outcome::Refused, object, now)).await
    }

    /// That somebody was refused who had shown a right password, or a token of `user`.
    pub(super) async fn refused_as(&self, user: &UserId) -> Result<()> {
        let entry = Entry::new(&self.origin, Action::RefuseSession, Outcome::Refused, user, self.clock.now());
        self.audit.append(&entry.about(user)).await
    }

    /// That `user` is about to sign out.
    pub(super) async fn ending(&self, user: &UserId) -> Result<()> {
        self.audit.append(&self.of(Action::EndSession, user)).await
    }

    fn of(&self, action: Action, user: &UserId) -> Entry {
        let actor = self.origin.actor(user, &BTreeSet::new());
        Entry::allowed(&actor, action, user, user, self.clock.now())
    }
}
