//! The user pool as those see it who manage people: lists, groups, who may sign in at all. The calls are Cognito's.

use std::collections::BTreeSet;

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{UserStatusType, UserType};
use futures_util::future::{join_all, try_join_all};

use crate::accounts::{FullName, Phone};
use crate::identity::role::Role;
use crate::identity::user_pool::cognito::{email_of, is_confirmed, value};
use crate::identity::user_pool::person::{Person, Standing};
use crate::identity::user_pool::search::Source;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How many people's groups are asked for at once.
const AT_ONCE: usize = 10;

/// How many Cognito lists at once.
const MOST_IN_A_LIST: i32 = 60;

/// The people in the pool.
#[derive(Clone, Debug)]
pub struct Directory {
    client: Client,
    pool: String,
}

/// Some of the people that were asked for, their roles still to be looked up.
#[derive(Debug)]
pub struct Batch {
    /// Who.
    pub people: Vec<Person>,
    /// Where the pool goes on, if it does.
    pub next: Option<String>,
}

impl Directory {
    /// The pool `pool`.
    pub fn new(client: Client, pool: impl Into<String>) -> Self {
        Self { client, pool: pool.into() }
    }

    /// The next `limit` people of a source, at most sixty, without their roles. Copies that Cognito keeps of people at other
    /// providers are nobody's account, and are left out.
    ///
    /// # Errors
    /// 400 `invalid_cursor` for a place that the pool does not know any more; Cognito does not answer.
    pub async fn batch(&self, source: &Source, limit: i32, after: Option<&str>) -> Result<Batch> {
        let (users, next) = match source {
            Source::Role(role) => {
                let call = self.client.list_users_in_group().user_pool_id(&self.pool).group_name(role.group());
                let call = call.limit(limit).set_next_token(after.map(str::to_owned));
                let answer = call.send().await.map_err(|error| listing_failure(error, after))?;
                (answer.users.unwrap_or_default(), answer.next_token)
            }
            _ => {
                let call = self.client.list_users().user_pool_id(&self.pool).set_filter(source.filter());
                let call = call.limit(limit).set_pagination_token(after.map(str::to_owned));
                let answer = call.send().await.map_err(|error| listing_failure(error, after))?;
                (answer.users.unwrap_or_default(), answer.pagination_token)
            }
        };
        let people = users.iter().filter(|user| !is_copy(user)).map(person).collect::<Result<_>>()?;
        Ok(Batch { people, next: next.filter(|token| !token.is_empty()) })
    }

    /// All who have a role and may sign in.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn with_role(&self, role: Role) -> Result<Vec<UserId>> {
        let (mut people, mut after) = (Vec::new(), None);
        loop {
            let batch = self.batch(&Source::Role(role), MOST_IN_A_LIST, after.as_deref()).await?;
            people.extend(batch.people.into_iter().filter(|person| person.enabled).map(|person| person.id));
            after = batch.next;
            if after.is_none() {
                return Ok(people);
            }
        }
    }

    /// One person, with their roles.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn get(&self, user: &UserId) -> Result<Option<Person>> {
        let answer = match self.client.admin_get_user().user_pool_id(&self.pool).username(user.as_str()).send().await {
            Ok(answer) => answer,
            Err(error) if is_unknown(&error) => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let found = UserType::builder()
            .set_attributes(answer.user_attributes)
            .enabled(answer.enabled)
            .set_user_status(answer.user_status)
            .set_user_create_date(answer.user_create_date)
            .build();
        if is_copy(&found) {
            return Ok(None);
        }
        Ok(Some(Person { roles: self.roles_of(user).await?.unwrap_or_default(), ..person(&found)? }))
    }

    /// The roles of a person; nothing where there is no such person.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn roles_of(&self, user: &UserId) -> Result<Option<BTreeSet<Role>>> {
        // Ours are five groups; a page holds sixty.
        let call = self.client.admin_list_groups_for_user().user_pool_id(&self.pool).username(user.as_str());
        match call.send().await {
            Ok(answer) => {
                let names = answer.groups().iter().filter_map(|group| group.group_name());
                Ok(Some(names.filter_map(Role::of_group).collect()))
            }
            Err(error) if is_unknown(&error) => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    /// The same people with their roles.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn with_roles(&self, mut people: Vec<Person>) -> Result<Vec<Person>> {
        for some in people.chunks_mut(AT_ONCE) {
            let roles = try_join_all(some.iter().map(|person| self.roles_of(&person.id))).await?;
            for (person, roles) in some.iter_mut().zip(roles) {
                person.roles = roles.unwrap_or_default();
            }
        }
        Ok(people)
    }

    /// Gives a person these roles and no others: first the others go, then these come, so that a function that is killed
    /// in between leaves fewer. It does not look at what is there, so that an old answer cannot mislead it. Where one role
    /// fails, the calls for the others beside it are waited for: nothing changes after this has failed.
    ///
    /// # Errors
    /// 404 where there is no such person; Cognito does not answer.
    pub async fn set_roles(&self, user: &UserId, roles: &BTreeSet<Role>) -> Result<()> {
        let others = Role::ALL.into_iter().filter(|role| !roles.contains(role));
        let gone = join_all(others.map(|role| async move {
            let call = self.client.admin_remove_user_from_group().user_pool_id(&self.pool).username(user.as_str());
            done(call.group_name(role.group()).send().await)
        }));
        gone.await.into_iter().collect::<Result<()>>()?;
        let come = join_all(roles.iter().map(|role| async move {
            let call = self.client.admin_add_user_to_group().user_pool_id(&self.pool).username(user.as_str());
            done(call.group_name(role.group()).send().await)
        }));
        come.await.into_iter().collect()
    }

    /// Says whether a person may sign in.
    ///
    /// # Errors
    /// 404 where there is no such person; Cognito does not answer.
    pub async fn set_enabled(&self, user: &UserId, enabled: bool) -> Result<()> {
        if enabled {
            done(self.client.admin_enable_user().user_pool_id(&self.pool).username(user.as_str()).send().await)
        } else {
            done(self.client.admin_disable_user().user_pool_id(&self.pool).username(user.as_str()).send().await)
        }
    }
}

/// Whether it is what Cognito keeps of somebody at another provider: their account is a user of its own.
fn is_copy(user: &UserType) -> bool {
    user.user_status == Some(UserStatusType::ExternalProvider)
}

fn person(user: &UserType) -> Result<Person> {
    let attributes = user.attributes();
    let created_at = user.user_create_date.and_then(|at| at.to_millis().ok()).unwrap_or_default();
    Ok(Person {
        id: UserId::parse(value(attributes, "sub").unwrap_or_default()).map_err(Error::internal)?,
        email: email_of(attributes),
        phone: value(attributes, "phone_number").and_then(|text| Phone::parse(text).ok()),
        full_name: value(attributes, "name").and_then(|text| FullName::parse(text).ok()),
        roles: BTreeSet::new(),
        enabled: user.enabled,
        standing: standing(user),
        created_at: Timestamp::from_millis(created_at),
    })
}

fn standing(user: &UserType) -> Standing {
    match &user.user_status {
        status if !is_confirmed(user.attributes(), status.as_ref()) => Standing::Unconfirmed,
        Some(UserStatusType::Confirmed) => Standing::Confirmed,
        Some(UserStatusType::ForceChangePassword) => Standing::Invited,
        Some(UserStatusType::ResetRequired) => Standing::ResetRequired,
        _ => Standing::Unconfirmed,
    }
}

fn is_unknown<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    error.code() == Some("UserNotFoundException")
}

fn done<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<()>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(()),
        Err(error) if is_unknown(&error) => Err(Error::not_found()),
        Err(error) => Err(failure(error)),
    }
}

/// A place in a list that Cognito has forgotten is the caller's to give up.
fn listing_failure<E, R>(error: SdkError<E, R>, after: Option<&str>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.code() {
        Some("InvalidParameterException") if after.is_some() => {
            vec![Invalid::new("invalid_cursor", wording::field::old_cursor()).at("cursor")].into()
        }
        _ => failure(error),
    }
}

fn failure<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.code() {
        Some("TooManyRequestsException" | "InternalErrorException") => Error::unavailable(error),
        _ => dynamo::failure(error),
    }
}
