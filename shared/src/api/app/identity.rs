//! The wiring of registering, signing in and administration.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::App;
use crate::accounts::ExternalIdentities;
use crate::audit::{Action, Entry, Origin};
use crate::identity::limits::limit::Limit;
use crate::identity::second_factor::{Challenges, SecondFactorStore, SecondFactors};
use crate::identity::social::{AttemptStore, FinishSocial, StartSocial, TokenEndpoint};
use crate::identity::{
    AccountNotices, Administration, CodeRegistration, CodeReset, CodeSignIn, ContactChange, Counted, Credentials,
    Directory, Grants, KeyPublisher, Lockout, MailLimit, OneTimeCodes, PendingRegistrations, RefreshToken,
    Registration, RegistrationTokens, SessionMode, Sessions, SignIn, SignInAudit, Succession, UserPool,
};
use crate::notifications::Notifier;
use crate::platform::dynamo::Write;
use crate::platform::error::{Allowance, Result};
use crate::platform::ids::UserId;
use crate::platform::signing::KeyRing;

impl App {
    /// The keys that sign cursors, codes and CSRF tokens.
    ///
    /// # Errors
    /// 503 while they are not known; a request is let in only when they are.
    pub fn signing_keys(&self) -> Result<Arc<KeyRing>> {
        self.revocations.signing().ring()
    }

    /// Publishes the issuer's keys and the signing keys.
    pub fn key_publisher(&self) -> KeyPublisher<'_> {
        KeyPublisher { guard: self.guard_table(), issuer: self.verifier.key_source(), clock: self.clock.clone() }
    }

    /// Counts a refresh of a session, which is counted wherever it comes from. How it stands with that limit.
    ///
    /// # Errors
    /// 429 `rate_limited`; 503 where DynamoDB does not answer.
    pub async fn count_refresh(&self, token: &RefreshToken) -> Result<Option<Allowance>> {
        let session = Some(token.session());
        let refresh =
            Counted { function: "auth-refresh", limit: Limit::Refresh, caller: None, source_ip: None, session };
        self.limiter.count(refresh, &self.counters(), self.clock.now()).await
    }

    /// Registering.
    pub fn registration(&self, origin: Origin) -> Registration {
        Registration {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            sessions: self.sessions(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            mails: self.mail_limit(),
            trail: self.sign_in_audit(origin),
        }
    }

    pub(super) fn mail_limit(&self) -> MailLimit {
        MailLimit::new(self.guard_table(), self.clock.clone())
    }

    pub(super) fn sign_in_audit(&self, origin: Origin) -> SignInAudit {
        SignInAudit { audit: self.audit(), origin, clock: self.clock.clone() }
    }

    /// Signing in and out, in the request that came from `origin`; sessions that begin are kept as `mode` says.
    pub fn sign_in(&self, origin: Origin, mode: SessionMode) -> SignIn<'_> {
        SignIn {
            mode,
            pool: self.user_pool(),
            lockout: self.lockout(),
            grants: self.grants(),
            sessions: self.sessions(),
            second_factors: self.second_factors(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            verifier: &self.verifier,
            trail: self.sign_in_audit(origin),
            clock: self.clock.clone(),
        }
    }

    /// Second factors.
    pub fn second_factors(&self) -> SecondFactors<'_> {
        SecondFactors {
            store: self.second_factor_store(),
            challenges: Challenges::new(self.guard_table(), self.clock.clone()),
            lockout: self.lockout(),
            key: &self.sealing_key,
            staff_must: self.config.staff_mfa_required,
            clock: self.clock.clone(),
        }
    }

    /// The entry of the trail that goes with a change of `user`'s second factor.
    ///
    /// # Errors
    /// None in practice: an entry is always an item.
    pub fn second_factor_audit(&self, origin: &Origin, action: Action, user: &UserId) -> Result<Write> {
        let actor = origin.actor(user, &BTreeSet::new());
        self.audit().action(&Entry::allowed(&actor, action, user, user, self.clock.now()))
    }

    pub(super) fn second_factor_store(&self) -> SecondFactorStore {
        SecondFactorStore::new(self.table(&self.config.tables.accounts))
    }

    /// Passwords.
    pub fn credentials(&self) -> Credentials {
        Credentials {
            pool: self.user_pool(),
            lockout: self.lockout(),
            sessions: self.sessions(),
            audit: self.audit(),
            clock: self.clock.clone(),
            by_code: self.code_reset(),
        }
    }

    /// Managing people.
    pub fn administration(&self) -> Administration {
        Administration {
            directory: self.directory(),
            pool: self.user_pool(),
            sessions: self.sessions(),
            succession: Succession::new(self.guard_table(), self.clock.clone()),
            accounts: self.account_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    /// The people in the user pool.
    pub fn directory(&self) -> Directory {
        Directory::new(self.cognito_client(), &self.config.user_pool_id)
    }

    pub(super) fn code_reset(&self) -> CodeReset {
        CodeReset {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            mails: self.mail_limit(),
        }
    }

    /// Codes that register and sign in.
    pub fn code_sign_in(&self, origin: Origin, mode: SessionMode) -> CodeSignIn<'_> {
        CodeSignIn {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            lockout: self.lockout(),
            tokens: self.registration_tokens(),
            sign_in: self.sign_in(origin, mode),
            guard: self.guard_table(),
        }
    }

    /// Registering by a code.
    pub fn code_registration(&self, origin: Origin, mode: SessionMode) -> CodeRegistration<'_> {
        CodeRegistration {
            tokens: self.registration_tokens(),
            pool: self.user_pool(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            sign_in: self.sign_in(origin, mode),
        }
    }

    /// Changing how one is reached.
    pub fn contact_change(&self) -> ContactChange {
        ContactChange {
            codes: self.one_time_codes(),
            pool: self.user_pool(),
            pending: self.pending_registrations(),
            profiles: self.profiles(),
            notifier: self.notifier(),
            credentials: self.credentials(),
        }
    }

    pub(super) fn one_time_codes(&self) -> OneTimeCodes {
        OneTimeCodes::new(
            self.guard_table(),
            self.clock.clone(),
            self.revocations.signing().clone(),
            self.config.fixed_codes,
        )
    }

    pub(super) fn registration_tokens(&self) -> RegistrationTokens {
        RegistrationTokens::new(self.guard_table(), self.clock.clone())
    }

    /// Writing to people.
    pub fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }

    /// Telling people what has changed of their account.
    pub fn account_notices(&self) -> AccountNotices {
        AccountNotices { profiles: self.profiles(), notifier: self.notifier() }
    }

    /// Signing in whom the house has recognised by other means than a password.
    pub fn grants(&self) -> Grants {
        Grants { guard: self.guard_table(), pool: self.user_pool(), clock: self.clock.clone() }
    }

    /// The way to other providers.
    pub fn start_social(&self) -> StartSocial<'_> {
        StartSocial { config: &self.config, attempts: self.social_attempts(), clock: self.clock.clone() }
    }

    /// The way back from other providers.
    ///
    /// # Errors
    /// 404 `provider_unavailable` where there is no way to them.
    pub fn finish_social(&self, origin: Origin, mode: SessionMode) -> Result<FinishSocial<'_>> {
        let hosted_ui = self.start_social().hosted_ui()?;
        Ok(FinishSocial {
            attempts: self.social_attempts(),
            endpoint: TokenEndpoint::new(hosted_ui, &self.config.user_pool_client_id, &self.sdk),
            identities: self.external_identities(),
            grants: self.grants(),
            sign_in: self.sign_in(origin, mode),
            credentials: self.credentials(),
            notices: self.account_notices(),
        })
    }

    pub(super) fn social_attempts(&self) -> AttemptStore {
        AttemptStore::new(self.guard_table(), self.clock.clone())
    }

    /// Who people are at other providers.
    pub fn external_identities(&self) -> ExternalIdentities {
        ExternalIdentities::new(self.table(&self.config.tables.accounts), self.clock.clone())
    }

    pub(super) fn user_pool(&self) -> UserPool {
        UserPool::new(self.cognito_client(), &self.config.user_pool_id, &self.config.user_pool_client_id)
    }

    /// Registrations that are not confirmed.
    pub fn pending_registrations(&self) -> PendingRegistrations {
        PendingRegistrations::new(self.guard_table(), self.clock.clone(), self.revocations.signing().clone())
    }

    /// Counts wrong passwords and codes.
    pub fn lockout(&self) -> Lockout {
        Lockout::new(self.guard_table(), self.clock.clone())
    }

    /// Sessions of who is signed in.
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.guard_table(), self.clock.clone(), self.config.refresh_grace)
    }
}
