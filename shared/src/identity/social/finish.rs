//! Signing in with what another provider has answered.
//!
//! The attempt is taken first, by a conditional delete, so that of two who come with the same state one goes on. The code
//! is exchanged next, and is spent from here on: whoever is killed later starts again at the provider, and finds
//! everything as far as it has come. A new person's account is made before the identity is linked to it, under a mark
//! that says whose it will be; so a second try finds the half-made account again, and nobody else does.
//!
//! By then Cognito has made a copy of the person, which goes with the account whose the identity is. Where a refusal
//! leaves it nobody's, it is deleted before the answer: nothing would find it later.

use std::collections::BTreeSet;

use super::attempt::State;
use super::id_token::{self, Described};
use super::store::AttemptStore;
use super::token_endpoint::{Presented, TokenEndpoint};
use crate::accounts::{Contacts, ExternalIdentities, Link};
use crate::audit::{Action, Actor, Entry};
use crate::identity::account_notice::AccountNotices;
use crate::identity::caller::Caller;
use crate::identity::identifier::Identifier;
use crate::identity::role::Role;
use crate::identity::sign_in::credentials::Credentials;
use crate::identity::sign_in::{SignIn, SignInOutcome};
use crate::identity::user_pool::cognito::STAND_IN_DOMAIN;
use crate::identity::user_pool::cognito_social::{self, Holder};
use crate::identity::user_pool::grants::Grants;
use crate::notifications::Message;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::Write;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// The way back from the other providers.
#[derive(Debug)]
pub struct FinishSocial<'a> {
    /// Where attempts are written down.
    pub attempts: AttemptStore,
    /// Where codes are exchanged.
    pub endpoint: TokenEndpoint,
    /// Whose accounts they are.
    pub identities: ExternalIdentities,
    /// Signs in who has been recognised.
    pub grants: Grants,
    /// Opens sessions.
    pub sign_in: SignIn<'a>,
    /// Has who links an identity have signed in just now.
    pub credentials: Credentials,
    /// Tells people that there is another way into their account.
    pub notices: AccountNotices,
}

/// What somebody has come back with.
#[derive(Clone)]
pub struct Returned {
    /// Cognito's code.
    pub code: String,
    /// The state that went round.
    pub state: String,
    /// What stands in the cookie.
    pub binding: Option<String>,
    /// Whether a browser sends it from a page.
    pub from_page: bool,
}

impl std::fmt::Debug for Returned {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Returned(…)")
    }
}

impl FinishSocial<'_> {
    /// Signs in whom another provider has recognised: the owner of the identity, the caller whose it becomes, or somebody
    /// new.
    ///
    /// # Errors
    /// 400 `invalid_state` or `invalid_code`; 401 `sign_in_refused` where the account is disabled, or
    /// `insufficient_user_authentication` where a caller who links an identity has signed in more than ten minutes ago; 409
    /// `account_exists`, `identity_taken`, `provider_linked`; Cognito or DynamoDB does not answer.
    pub async fn finish(&self, returned: &Returned, caller: Option<&Caller>) -> Result<SignInOutcome> {
        let (trail, started_at) = (&self.sign_in.trail, self.sign_in.clock.now());
        let recognised = self.recognise(returned, caller.is_some()).await;
        // Of who was not recognised, nothing is known but what they brought.
        let person = trail.noting(recognised, &returned.state).await?;
        let digest = person.identity.digest();
        let user = match (self.identities.owner(&person.identity).await?, caller) {
            (Some(owner), None) => Ok(owner),
            (Some(owner), Some(caller)) if owner == caller.user => Ok(owner),
            (_, Some(caller)) => self.add(&person, caller).await,
            (None, None) => trail.noting(self.register(&person).await, &digest).await,
        };
        if user.as_ref().is_err_and(Error::is_refusal) {
            self.forget_copy(&person).await?;
        }
        trail.noting(self.open(&user?, started_at).await, &digest).await
    }

    /// Deletes Cognito's copy of somebody who was refused, unless the identity is somebody's: then it goes with their
    /// account.
    async fn forget_copy(&self, person: &Described) -> Result<()> {
        let is_copy = person.provider.names_copy(&person.pool_name);
        if !is_copy || self.identities.owner(&person.identity).await?.is_some() {
            return Ok(());
        }
        // Where it is linked at this very moment nobody misses it: Cognito makes it anew at the next sign-in.
        self.sign_in.pool.delete_copy(&person.pool_name).await
    }

    async fn open(&self, user: &UserId, started_at: Timestamp) -> Result<SignInOutcome> {
        let tokens = self.grants.tokens_for(user).await?;
        self.sign_in.established(tokens, started_at).await
    }

    /// Who has come back.
    async fn recognise(&self, returned: &Returned, links: bool) -> Result<Described> {
        let state = State::parse(&returned.state).ok_or_else(invalid_state)?;
        // A page anywhere can have its visitor's browser send somebody else's code. To link an identity that way would be to
        // hand the account over, so for that the cookie is asked of everybody.
        let needs_binding = returned.from_page || links;
        let attempt = self.attempts.take(&state, returned.binding.as_deref(), needs_binding).await?;
        let attempt = attempt.ok_or_else(invalid_state)?;
        let secrets = attempt.secrets(&state)?;
        let presented =
            Presented { code: &returned.code, redirect_uri: &attempt.redirect_uri, verifier: &secrets.verifier };
        let token = self.endpoint.exchange(presented).await?.ok_or_else(invalid_code)?;
        let (verifier, now) = (self.sign_in.verifier, self.sign_in.clock.now());
        let person = id_token::read(verifier, &token, attempt.provider, &secrets.nonce, now).await?;
        person.ok_or_else(invalid_code)
    }

    /// Gives the caller an identity that is not theirs yet. A refusal is on the trail before it is answered.
    async fn add(&self, person: &Described, caller: &Caller) -> Result<UserId> {
        let actor = self.sign_in.trail.origin.actor(&caller.user, &caller.roles);
        // It is a way in that stays, and an access token may be a stolen one.
        self.credentials.signed_in_just_now(caller, (&actor, Action::LinkIdentity)).await?;
        let linked = self.link(person, &actor).await;
        let refused = || {
            let now = self.sign_in.clock.now();
            let entry = Entry::refused(&actor, Action::LinkIdentity, &actor.user, &actor.user, now);
            entry.detail(person.identity.provider())
        };
        self.sign_in.trail.audit.noting(linked, refused).await
    }

    /// Gives the identity to `actor`, who has proved both to be theirs.
    async fn link(&self, person: &Described, actor: &Actor) -> Result<UserId> {
        let trail = self.linking(person, actor)?;
        match self.identities.link(&actor.user, &person.identity, &person.pool_name, trail).await? {
            Link::Done => {
                let linked = Message::ProviderLinked(person.provider.pool_name());
                self.notices.tell(&actor.user, &linked).await;
                Ok(actor.user.clone())
            }
            Link::Taken(_) => Err(identity_taken()),
            Link::Another => Err(provider_linked()),
        }
    }

    /// The entry of the trail that goes with a link.
    fn linking(&self, person: &Described, actor: &Actor) -> Result<Write> {
        let now = self.sign_in.clock.now();
        let entry = Entry::allowed(actor, Action::LinkIdentity, &actor.user, &actor.user, now);
        self.sign_in.trail.audit.action(&entry.detail(person.identity.provider()))
    }

    /// Makes an account for somebody new. Of two at once both get the same.
    async fn register(&self, person: &Described) -> Result<UserId> {
        let holder = match &person.email {
            Some(email) => {
                // A registration of the same address that nobody has confirmed may have to make room.
                let lease = self.sign_in.pending.lease(&Identifier::Email(email.clone())).await?;
                let made = self.make_user(person, email.as_str()).await;
                self.sign_in.pending.release(lease).await?;
                made?
            }
            None => self.make_user(person, &name_without_address(person)).await?,
        };
        if holder.without_password {
            self.sign_in.pool.set_unknown_password(holder.id.as_str()).await?;
        }
        self.sign_in.pool.add_role(&holder.id, Role::Customer).await?;
        let user = holder.id.clone();
        let contacts = Contacts { email: person.email.clone(), phone: None };
        let trail = self.sign_in.trail.registered(&user)?;
        self.sign_in.profiles.create(user.clone(), contacts, person.full_name.clone(), trail).await?;
        let trail = self.linking(person, &self.sign_in.trail.origin.actor(&user, &BTreeSet::new()))?;
        match self.identities.link(&user, &person.identity, &person.pool_name, trail).await? {
            Link::Done => Ok(user),
            Link::Taken(owner) => Ok(owner),
            Link::Another => Err(Error::internal("a new account has an identity already")),
        }
    }

    async fn make_user(&self, person: &Described, name: &str) -> Result<Holder> {
        let made_for = person.identity.digest();
        let user = cognito_social::Described {
            name,
            email: person.email.as_ref(),
            full_name: person.full_name.as_ref(),
            made_for: &made_for,
        };
        let pool = &self.sign_in.pool;
        if let Some(made) = pool.create_described(user).await? {
            return Ok(made);
        }
        match pool.holder(name).await? {
            // Made by an earlier try that did not get to its end.
            Some(holder) if holder.made_for.as_deref() == Some(made_for.as_str()) => Ok(holder),
            Some(holder) if holder.unconfirmed => {
                if let Some(email) = &person.email {
                    self.sign_in.pending.disclaim(&email.clone().into()).await?;
                }
                pool.delete(&holder.id).await?;
                // The name is not free again at once everywhere.
                pool.create_described(user).await?.ok_or_else(Error::busy)
            }
            Some(_) => Err(account_exists()),
            None => Err(Error::busy()),
        }
    }
}

/// Users of the pool are named by an address. Of whom none is known, the name is one that no mail can be sent to (RFC
/// 2606) and that follows from the identity, so that two at once choose the same.
fn name_without_address(person: &Described) -> String {
    let digest = person.identity.digest();
    format!("{}-{}@{STAND_IN_DOMAIN}", person.identity.provider(), digest.get(..40).unwrap_or(&digest))
}

fn invalid_state() -> Error {
    let detail = wording::identity::social_state();
    Error::invalid("invalid_state", detail)
}

fn invalid_code() -> Error {
    Error::invalid("invalid_code", wording::identity::social_code())
}

fn account_exists() -> Error {
    let detail = wording::identity::account_exists();
    Error::conflict("account_exists", detail)
}

fn identity_taken() -> Error {
    Error::conflict("identity_taken", wording::identity::identity_taken())
}

fn provider_linked() -> Error {
    Error::conflict("provider_linked", wording::identity::provider_linked())
}
