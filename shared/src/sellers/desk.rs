//! The use-cases: applying, listing, deciding.
//!
//! Deciding in favour gives the role in Cognito, which no transaction reaches. So the application is first marked as being
//! approved, then the role is given, then the decision is written down.
//!
//! - It runs twice: giving a role that somebody has changes nothing; what was decided is not decided again.
//! - Two at once: the mark lets one decision through. Two who approve do the same.
//! - It dies in the middle: the application is still in the list, as `approving`, and approving it again goes on.

use std::collections::BTreeSet;

use super::application::{Application, Decided};
use super::request::{Apply, Decide};
use super::store::ApplicationStore;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::catalog::{DisplayName, SellerStore};
use crate::identity::{AccountNotices, Administration, Caller, Role};
use crate::notifications::Message;
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::SellerApplicationId;
use crate::platform::wording;

const ATTEMPTS: u32 = 6;

/// Makes people sellers.
#[derive(Debug)]
pub struct SellerDesk {
    /// Where applications are.
    pub store: ApplicationStore,
    /// What sellers are called in the shop.
    pub names: SellerStore,
    /// Gives roles.
    pub administration: Administration,
    /// Tells applicants.
    pub notices: AccountNotices,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl SellerDesk {
    /// Applies to sell here.
    ///
    /// # Errors
    /// 409 `already_applied`, `already_seller`; 503.
    pub async fn apply(&self, caller: &Caller, actor: &Actor, said: &Apply) -> Result<Application> {
        if caller.roles.contains(&Role::Seller) {
            return Err(Error::conflict("already_seller", wording::sellers::already_seller()));
        }
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let before = self.store.of(&actor.user).await?;
            let now = self.clock.now();
            let next = Application::next(before.as_ref(), &actor.user, said.clone(), now)?;
            let entry = Entry::allowed(actor, Action::ApplyToSell, &actor.user, next.id, now);
            if self.store.apply(&next, self.audit.action(&entry)?).await? {
                return Ok(next);
            }
        }
        Err(Error::busy())
    }

    /// A page of the open applications, the oldest first. Each is on the trail before it is shown.
    ///
    /// # Errors
    /// 503, also when the trail cannot be written.
    pub async fn list(
        &self,
        actor: &Actor,
        after: Option<SellerApplicationId>,
        limit: u16,
    ) -> Result<(Vec<Application>, Option<SellerApplicationId>)> {
        let (found, next) = self.store.list(after, limit).await?;
        let now = self.clock.now();
        let shown = |one: &Application| Entry::allowed(actor, Action::ReadSellerApplication, &one.user, one.id, now);
        let entries: Vec<_> = found.iter().map(shown).collect();
        if !entries.is_empty() {
            self.audit.append_all(&entries).await?;
        }
        Ok((found, next))
    }

    /// Decides on an application. Approved, they have the role `seller` beside those they had, and sign in again.
    ///
    /// # Errors
    /// 403 `own_account`; 404 for one that does not exist or was decided on; 409 `already_decided`, `unconfirmed`,
    /// `being_erased`; 503.
    pub async fn decide(&self, actor: &Actor, id: SellerApplicationId, decide: &Decide) -> Result<Application> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let open = self.store.open(id).await?.ok_or_else(Error::not_found)?;
            if open.user == actor.user {
                let detail = wording::sellers::own_application();
                return Err(Error::new(Kind::Forbidden, "own_account", detail));
            }
            let current = if decide.approve {
                let approving = open.approving()?;
                if approving != open && !self.store.save(&approving).await? {
                    continue;
                }
                if let Err(error) = self.give_role(actor, &approving).await {
                    if error.is_refusal() {
                        // It cannot be given: somebody else may decide otherwise.
                        self.store.save(&approving.reopened()).await?;
                    }
                    return Err(error);
                }
                approving
            } else {
                open
            };
            let now = self.clock.now();
            let decided = Decided { at: now, by: actor.user.clone(), note: decide.note.clone() };
            let next = current.with_decision(decide.approve, decided)?;
            let entry = Entry::allowed(actor, Action::DecideSellerApplication, &next.user, id, now);
            let entry = entry.detail(if decide.approve { "approved" } else { "rejected" });
            let mut others = vec![self.audit.action(&entry)?];
            // An application from before names were checked may have one that is no name for the shop: the seller says
            // another.
            if let Some(name) = DisplayName::parse(&next.said.business_name).ok().filter(|_| decide.approve) {
                others.push(self.names.introduce(&next.user, &name, now)?);
            }
            if self.store.decide(&next, others).await? {
                let message = if decide.approve { Message::SellerApproved } else { Message::SellerRejected };
                self.notices.tell(&next.user, &message).await;
                return Ok(next);
            }
        }
        Err(Error::busy())
    }

    async fn give_role(&self, actor: &Actor, application: &Application) -> Result<()> {
        let person = self.administration.directory.get(&application.user).await?.ok_or_else(Error::not_found)?;
        let roles: BTreeSet<_> = person.roles.iter().copied().chain([Role::Seller]).collect();
        if roles == person.roles {
            return Ok(());
        }
        self.administration.set_roles(actor, &application.user, roles).await.map(|_| ())
    }
}
