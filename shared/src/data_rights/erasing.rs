//! Erasing people whose time has come.
//!
//! There is no lease, and nothing goes by how far an earlier run has come. Each step asks what is still there and takes it
//! away, so that a run which was killed anywhere is finished by the next, and two runs at once do no harm. What later
//! steps need to find their things by (the address of the user pool, the pictures that the profile names) goes after them,
//! and the request goes last.
//!
//! With the request stands how much all runs have deleted, for the trail alone. Each step adds what it has done when it is
//! over: of a run that was killed, the step it was killed in may be missing.

use std::collections::BTreeSet;
use std::time::Duration;

use super::counts::Counts;
use super::export::object_key;
use super::request::{Due, ErasureRequest, kept_until, may_be_closed};
use super::store::ErasureStore;
use crate::accounts::{ExternalIdentities, ProfilePictures, Profiles};
use crate::assistant::Feedbacks;
use crate::audit::{Action, Actor, Audit, Entry, Origin};
use crate::catalog::SellerStore;
use crate::consultations::Attachments;
use crate::consultations::socket::ConnectionStore;
use crate::identity::second_factor::SecondFactorStore;
use crate::identity::{Credentials, Directory, Guess, PendingRegistrations, forget_address};
use crate::notices::NoticeStore;
use crate::orders::Orders;
use crate::patients::Patients;
use crate::platform::clock::Clock;
use crate::platform::dynamo::Key;
use crate::platform::error::Result;
use crate::platform::ids::{PrescriptionId, UserId};
use crate::prescriptions::Prescriptions;
use crate::records::Records;
use crate::sellers::ApplicationStore;
use crate::watches::WatchStore;

/// After this long a run begins nothing more; the function itself may run for five minutes.
const ENOUGH: Duration = Duration::from_secs(200);

/// Erases people.
#[derive(Clone, Debug)]
pub struct Erasing {
    /// Where requests are.
    pub requests: ErasureStore,
    /// Knows users, sessions and tries.
    pub credentials: Credentials,
    /// Knows who works here by now.
    pub directory: Directory,
    /// Registrations that were never confirmed.
    pub pending: PendingRegistrations,
    /// Profiles and address books.
    pub profiles: Profiles,
    /// Whom they care for.
    pub patients: Patients,
    /// What is on record about them.
    pub records: Records,
    /// Their pictures.
    pub pictures: ProfilePictures,
    /// Who they are elsewhere.
    pub identities: ExternalIdentities,
    /// Their second factors.
    pub second_factors: SecondFactorStore,
    /// Orders and carts.
    pub orders: Orders,
    /// Who has applied to sell here.
    pub sellers: ApplicationStore,
    /// What sellers are called.
    pub seller_names: SellerStore,
    /// Prescriptions.
    pub prescriptions: Prescriptions,
    /// Consultations.
    pub consultations: Attachments,
    /// Who is connected.
    pub connections: ConnectionStore,
    /// What they have said of answers of the assistant.
    pub feedbacks: Feedbacks,
    /// What they were told, and what waits to be told.
    pub notices: NoticeStore,
    /// What they watch.
    pub watches: WatchStore,
    /// For how many years the law asks to keep what something was dispensed on.
    pub retention_years: u32,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// How many people were erased for good.
    pub erased: u32,
    /// How many were erased so far as can be, and are looked at once more later.
    pub unsettled: u32,
    /// How many prescriptions were deleted whose time to be kept was over.
    pub expired: u32,
    /// How many could not be dealt with now.
    pub failed: u32,
}

impl Erasing {
    /// Does all that is due, the oldest first. What fails stays for the next run and holds up nobody else.
    ///
    /// # Errors
    /// The queue cannot be read.
    pub async fn run(&self) -> Result<Run> {
        let started = self.clock.now();
        let mut run = Run::default();
        let mut after: Option<Key> = None;
        loop {
            let batch = self.requests.due(started, after.as_ref()).await?;
            for (key, due) in batch.due {
                if self.clock.now().since(started) > ENOUGH {
                    return Ok(run);
                }
                let result = match &due {
                    Due::Person(request) => self.erase(request, &mut run).await,
                    Due::Prescription(id) => self.expire(*id, &key, &mut run).await,
                };
                if let Err(error) = result {
                    run.failed += 1;
                    tracing::error!(error.code = error.code(), error.cause = error.cause(), "an erasure failed");
                }
            }
            match batch.next {
                Some(next) => after = Some(next),
                None => return Ok(run),
            }
        }
    }

    /// Erases one person who has asked for it, due or not; nobody who has not.
    ///
    /// # Errors
    /// A service does not answer; the next run goes on.
    pub async fn run_for(&self, user: &UserId) -> Result<Run> {
        let mut run = Run::default();
        if let Some(request) = self.requests.request(user).await? {
            self.erase(&request, &mut run).await?;
        }
        Ok(run)
    }

    async fn expire(&self, id: PrescriptionId, key: &Key, run: &mut Run) -> Result<()> {
        self.prescriptions.discard(&origin(), id).await?;
        self.requests.done(key).await?;
        run.expired += 1;
        Ok(())
    }

    async fn erase(&self, request: &ErasureRequest, run: &mut Run) -> Result<()> {
        let user = &request.user;
        let Credentials { pool, lockout, sessions, .. } = &self.credentials;
        let in_pool = pool.find(user.as_str()).await?;
        // Who has begun to work here since they asked is not erased: this fails, run after run, until an admin takes their
        // roles.
        may_be_closed(&self.directory.roles_of(user).await?.unwrap_or_default())?;
        let open = in_pool.as_ref().is_some_and(|found| found.enabled);
        // Nobody has got a token since the user was disabled, and the request is older than any token lives. Where closing
        // the account was killed before that, it is closed now, and the next run looks once more at what was written since.
        let settled = !open && request.due_at <= self.clock.now();
        if open {
            pool.disable(user).await?;
            sessions.end_all(user, None).await?;
            pool.sign_out_everywhere(user).await?;
        }
        let trace = self.trace(user);
        self.sweep(request, &trace).await?;
        if let Some(found) = in_pool {
            // Before the user goes: after that the address is free, and what is kept under it may be somebody else's.
            for who in found.identifiers() {
                forget_address(lockout, &self.pending, &who).await?;
            }
            pool.delete(user).await?;
        }
        self.profiles.forget(user).await?;
        if !settled {
            run.unsettled += 1;
            return Ok(());
        }
        let deleted = self.requests.noted(user).await?;
        let entry = Entry::allowed(&trace, Action::EraseAccount, user, deleted, self.clock.now());
        self.requests.finish(request, self.audit.action(&entry)?).await?;
        run.erased += 1;
        Ok(())
    }

    /// Takes away what hangs on the person, up to what is needed to find it by.
    async fn sweep(&self, request: &ErasureRequest, trace: &Actor) -> Result<()> {
        let ErasureRequest { user, pseudonym, .. } = request;
        // Orders before prescriptions: those that are called off give back what was dispensed on them.
        let orders = self.orders.strip(user, pseudonym, trace).await?;
        self.requests.note(user, orders.into()).await?;
        let keep = |id, day| self.requests.keep(id, kept_until(day, self.retention_years)?);
        let prescriptions = self.prescriptions.clear(user, pseudonym, keep).await?;
        self.requests.note(user, prescriptions.into()).await?;
        let consultations = self.consultations.erase(user, &self.connections).await?;
        self.requests.note(user, Counts { consultations, ..Counts::default() }).await?;
        self.feedbacks.erase(user).await?;
        // Before the notices, in whose partition is what they are found by.
        self.watches.forget(user).await?;
        let notices = self.notices.forget(user).await?;
        self.requests.note(user, Counts { notices, ..Counts::default() }).await?;
        self.orders.store.forget_cart(user).await?;
        self.orders.screener.supplies.forget(user).await?;
        // The records before the patients, by whom they are found.
        let records = self.records.forget(&self.patients.list(user).await?).await?;
        self.requests.note(user, Counts { records, ..Counts::default() }).await?;
        let patients = self.patients.forget(user).await?;
        self.requests.note(user, Counts { patients, ..Counts::default() }).await?;
        self.sellers.forget(user).await?;
        self.seller_names.forget(user).await?;
        let pictures = self.pictures.erase(user).await?;
        self.requests.note(user, Counts { pictures, ..Counts::default() }).await?;
        self.prescriptions.files.delete(&object_key(user)).await?;
        // The copies first: what Cognito calls them stands with the identities alone.
        for linked in self.identities.of(user).await? {
            self.credentials.pool.delete_copy(&linked.pool_name).await?;
        }
        self.identities.forget_all(user).await?;
        self.second_factors.forget(user).await?;
        for guess in [Guess::Password, Guess::SecondFactor] {
            self.credentials.lockout.reset_for(guess, user).await?;
        }
        let sessions = self.credentials.sessions.forget(user).await?;
        self.requests.note(user, Counts { sessions, ..Counts::default() }).await
    }

    /// The person themselves, who has asked for all of it.
    fn trace(&self, user: &UserId) -> Actor {
        origin().actor(user, &BTreeSet::new())
    }
}

/// What the trail names in the place of a request.
fn origin() -> Origin {
    Origin::new("profile-erase", None)
}
