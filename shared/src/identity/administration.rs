//! Managing people: seeing them, their roles, whether they may sign in, their sessions.
//!
//! What an admin sees or does is on the trail before it is shown or done, so a function that is killed may have recorded
//! something that did not happen, and never the other way round. Power is taken before sessions are ended: killed in
//! between, an access token may live on for its quarter of an hour, and the same request again ends it. A change that
//! fails half-way ends them too, since some of the power may be gone. Each request can be made again and does the rest.

use std::collections::BTreeSet;

use super::role::Role;
use super::session::sessions::Sessions;
use super::session::succession::{Succession, Turn};
use super::user_pool::cognito::UserPool;
use super::user_pool::directory::Directory;
use super::user_pool::person::{Person, Standing, UserView};
use super::user_pool::search::{Place, Source, UserSearch};
use crate::accounts::AccountStore;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How many people Cognito lists at once; a page has no more.
const MOST_LISTED: usize = 60;
/// How often one page asks Cognito for more; what is left comes with the next page.
const MOST_CALLS: usize = 5;

/// The use-cases of managing people.
#[derive(Clone, Debug)]
pub struct Administration {
    /// Who there is.
    pub directory: Directory,
    /// Where Cognito's own sessions are.
    pub pool: UserPool,
    /// Where ours are.
    pub sessions: Sessions,
    /// Keeps somebody in charge.
    pub succession: Succession,
    /// Knows who is being erased.
    pub accounts: AccountStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Administration {
    /// A page of people, and the position it ends at, where more may come. Everybody who is shown is on the trail.
    ///
    /// # Errors
    /// 400 `invalid_cursor` for a position that Cognito has forgotten; 503 where the trail cannot be written; Cognito
    /// does not answer.
    pub async fn list(
        &self,
        actor: &Actor,
        search: &UserSearch,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<UserView>, Option<String>)> {
        let limit = usize::from(limit).min(MOST_LISTED);
        let mut place = match after {
            Some(text) => Place::parse(text).ok_or_else(|| Error::internal("a sealed place is malformed"))?,
            None => Place::default(),
        };
        let mut found = Vec::new();
        for _ in 0..MOST_CALLS {
            let Some(source) = search.source(place.source).filter(|_| found.len() < limit) else { break };
            let wanted = i32::try_from(limit.saturating_sub(found.len())).map_err(Error::internal)?;
            let batch = self.directory.batch(source, wanted, place.token.as_deref()).await?;
            found.extend(batch.people.into_iter().filter(|person| search.fits(place.source, person)));
            place = match batch.next {
                Some(token) => Place { token: Some(token), ..place },
                None => Place { source: place.source + 1, token: None },
            };
        }
        let found = self.directory.with_roles(found).await?;
        self.audit.append_all(&self.shown(actor, search, &found)).await?;
        let next = search.source(place.source).map(|_| place.to_string());
        Ok((found.into_iter().map(UserView::from).collect(), next))
    }

    /// That `actor` was shown these people; or that they looked and there was nobody.
    fn shown(&self, actor: &Actor, search: &UserSearch, found: &[Person]) -> Vec<Entry> {
        let now = self.clock.now();
        let of = |person: &Person| Entry::allowed(actor, Action::ListUsers, &person.id, &person.id, now);
        let mut entries: Vec<_> = found.iter().map(|person| of(person).detail(search.detail())).collect();
        if entries.is_empty() {
            let nobody = Entry::new(&actor.origin, Action::ListUsers, Outcome::Allowed, "nobody", now);
            entries.push(nobody.by(actor).detail(search.detail()));
        }
        entries
    }

    /// One person.
    ///
    /// # Errors
    /// 404; 503 where the trail cannot be written; Cognito does not answer.
    pub async fn get(&self, actor: &Actor, user: &UserId) -> Result<UserView> {
        let person = self.directory.get(user).await?.ok_or_else(Error::not_found)?;
        self.record(actor, Action::ReadUser, user, None).await?;
        Ok(person.into())
    }

    /// Gives a person these roles and no others; all their sessions end.
    ///
    /// # Errors
    /// 403 `own_account`, or `forbidden` for who has lost their own power meanwhile; 404; 409 `last_super_admin`,
    /// `unconfirmed` for who has not proved their address, or `being_erased` for who has asked for it and would work here;
    /// 503 where the trail cannot be written or others change roles; Cognito or DynamoDB does not answer.
    pub async fn set_roles(&self, actor: &Actor, user: &UserId, roles: BTreeSet<Role>) -> Result<UserView> {
        self.not_own(actor, Action::SetRoles, user).await?;
        let person = self.directory.get(user).await?.ok_or_else(Error::not_found)?;
        // Whoever registers the address once more sets the password: a role would be theirs.
        if person.standing == Standing::Unconfirmed && !roles.is_empty() {
            self.refuse(actor, Action::SetRoles, user, unconfirmed()).await?;
        }
        let mut turn = self.succession.take_turn().await?;
        let begun = self.change_roles(actor, &mut turn, &person, &roles).await;
        let ended = self.succession.end_turn(turn).await;
        self.sign_out_after(begun?, user).await?;
        ended?;
        Ok(Person { roles, ..person }.into())
    }

    /// What came of the change; the outer error is why it was not begun.
    async fn change_roles(
        &self,
        actor: &Actor,
        turn: &mut Turn,
        person: &Person,
        roles: &BTreeSet<Role>,
    ) -> Result<Result<()>> {
        let user = &person.id;
        let keeps_power = roles.contains(&Role::SuperAdmin);
        self.may_change(actor, turn, Action::SetRoles, person, keeps_power).await?;
        if roles.iter().any(|role| role.works_here()) {
            self.not_being_erased(actor, Action::SetRoles, user).await?;
        }
        let names: Vec<_> = roles.iter().map(|role| role.group()).collect();
        self.record(actor, Action::SetRoles, user, Some(names.join(","))).await?;
        if keeps_power {
            turn.note_gain(user);
            return Ok(match self.directory.set_roles(user, roles).await {
                Ok(()) => self.succession.forget_loss(turn, user).await,
                failed => failed,
            });
        }
        if may_lose_power(turn, person) {
            self.succession.note_loss(turn, user).await?;
        }
        Ok(self.directory.set_roles(user, roles).await)
    }

    /// Lets a person sign in, or shuts them out and ends all their sessions.
    ///
    /// # Errors
    /// As [`Self::set_roles`].
    pub async fn set_enabled(&self, actor: &Actor, user: &UserId, enabled: bool) -> Result<UserView> {
        let action = if enabled { Action::EnableUser } else { Action::DisableUser };
        self.not_own(actor, action, user).await?;
        let person = self.directory.get(user).await?.ok_or_else(Error::not_found)?;
        let mut turn = self.succession.take_turn().await?;
        let begun = self.change_enabled(actor, &mut turn, action, &person).await;
        let ended = self.succession.end_turn(turn).await;
        let changed = begun?;
        if enabled {
            changed?;
        } else {
            self.sign_out_after(changed, user).await?;
        }
        ended?;
        Ok(Person { enabled, ..person }.into())
    }

    /// What came of the change; the outer error is why it was not begun.
    async fn change_enabled(
        &self,
        actor: &Actor,
        turn: &mut Turn,
        action: Action,
        person: &Person,
    ) -> Result<Result<()>> {
        let (user, enabled) = (&person.id, action == Action::EnableUser);
        self.may_change(actor, turn, action, person, enabled).await?;
        if enabled {
            self.not_being_erased(actor, action, user).await?;
        }
        self.record(actor, action, user, None).await?;
        if !enabled && may_lose_power(turn, person) {
            self.succession.note_loss(turn, user).await?;
        }
        Ok(match self.directory.set_enabled(user, enabled).await {
            Ok(()) if enabled && person.roles.contains(&Role::SuperAdmin) => {
                self.succession.forget_loss(turn, user).await
            }
            changed => changed,
        })
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// 404; 503 where the trail cannot be written; Cognito or DynamoDB does not answer.
    pub async fn end_sessions(&self, actor: &Actor, user: &UserId) -> Result<()> {
        self.directory.get(user).await?.ok_or_else(Error::not_found)?;
        self.record(actor, Action::EndSessions, user, None).await?;
        self.sign_out(user).await
    }

    /// Holds a change to the two rules: who makes it still has the power to, and after it somebody has.
    async fn may_change(
        &self,
        actor: &Actor,
        turn: &Turn,
        action: Action,
        person: &Person,
        keeps_power: bool,
    ) -> Result<()> {
        if turn.lost(&actor.user) {
            return self.refuse(actor, action, &person.id, Error::forbidden()).await;
        }
        if keeps_power || !person.roles.contains(&Role::SuperAdmin) || self.another_is_left(turn, &person.id).await? {
            return Ok(());
        }
        self.refuse(actor, action, &person.id, last_super_admin()).await
    }

    /// Whether somebody else runs the deployment.
    async fn another_is_left(&self, turn: &Turn, user: &UserId) -> Result<bool> {
        let in_charge = |person: &Person| {
            person.enabled && person.standing != Standing::Unconfirmed && person.id != *user && !turn.lost(&person.id)
        };
        let mut after = None;
        loop {
            let batch = self.directory.batch(&Source::Role(Role::SuperAdmin), 60, after.as_deref()).await?;
            if batch.people.iter().any(in_charge) {
                return Ok(true);
            }
            match batch.next {
                Some(token) => after = Some(token),
                None => return Ok(false),
            }
        }
    }

    /// Who has asked to be erased stays shut out, and begins no work here: they would be erased all the same, and the trail
    /// would name somebody who was never there. It is asked within the turn, right before the change. A request that comes
    /// in between is of who was a customer at that moment, and the erasure looks at their roles once more.
    async fn not_being_erased(&self, actor: &Actor, action: Action, user: &UserId) -> Result<()> {
        if self.accounts.is_being_erased(user).await? {
            return self.refuse(actor, action, user, being_erased()).await;
        }
        Ok(())
    }

    async fn not_own(&self, actor: &Actor, action: Action, user: &UserId) -> Result<()> {
        if actor.user != *user {
            return Ok(());
        }
        let detail = wording::identity::own_account();
        self.refuse(actor, action, user, Error::new(Kind::Forbidden, "own_account", detail)).await
    }

    /// Ends all sessions of a person after a change, also where it failed: nobody knows how far it has come, and a token
    /// of before may tell of what they have lost.
    async fn sign_out_after(&self, changed: Result<()>, user: &UserId) -> Result<()> {
        if changed.as_ref().is_err_and(Error::is_refusal) {
            return changed;
        }
        let signed_out = self.sign_out(user).await;
        changed.and(signed_out)
    }

    /// Ours first: by them every token is refused, even where Cognito does not answer.
    async fn sign_out(&self, user: &UserId) -> Result<()> {
        self.sessions.end_all(user, None).await?;
        self.pool.sign_out_everywhere(user).await
    }

    async fn record(&self, actor: &Actor, action: Action, user: &UserId, detail: Option<String>) -> Result<()> {
        let entry = Entry::allowed(actor, action, user, user, self.clock.now());
        let entry = match detail {
            Some(detail) => entry.detail(detail),
            None => entry,
        };
        self.audit.append(&entry).await
    }

    /// Puts a refusal on the trail; the answer is the refusal, or that there is no trail.
    async fn refuse(&self, actor: &Actor, action: Action, user: &UserId, refusal: Error) -> Result<()> {
        self.audit.append(&Entry::refused(actor, action, user, user, self.clock.now())).await?;
        Err(refusal)
    }
}

/// Whether a person may have power to lose, by what Cognito says or by what was noted of them lately.
fn may_lose_power(turn: &Turn, person: &Person) -> bool {
    person.roles.contains(&Role::SuperAdmin) || turn.may_have_power(&person.id)
}

fn being_erased() -> Error {
    Error::conflict("being_erased", wording::identity::being_erased())
}

fn unconfirmed() -> Error {
    Error::conflict("unconfirmed", wording::identity::unconfirmed())
}

fn last_super_admin() -> Error {
    Error::conflict("last_super_admin", wording::identity::last_super_admin())
}
