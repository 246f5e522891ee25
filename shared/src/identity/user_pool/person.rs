//! A person as those see them who manage people.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{Email, FullName, Phone};
use crate::identity::role::Role;
use crate::platform::clock::Timestamp;
use crate::platform::ids::UserId;

/// How far a person has come with signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UserStanding)]
pub enum Standing {
    /// They have not proved yet that the address is theirs.
    Unconfirmed,
    /// They have.
    Confirmed,
    /// Somebody of the house has made them, and they have not chosen a password yet.
    Invited,
    /// They have to choose a new password.
    ResetRequired,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their address. A stand-in for one is none.
    pub email: Option<Email>,
    /// Their number.
    pub phone: Option<Phone>,
    /// What they registered as.
    pub full_name: Option<FullName>,
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// Whether they may sign in.
    pub enabled: bool,
    /// How far they have come with it.
    pub standing: Standing,
    /// When they came.
    pub created_at: Timestamp,
}

/// A person as they are shown to an admin.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Email>,
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Phone>,
    /// What they registered as; their profile may have another by now.
    #[schema(value_type = Option<String>)]
    full_name: Option<FullName>,
    roles: BTreeSet<Role>,
    /// Whether they may sign in.
    enabled: bool,
    status: Standing,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Person> for UserView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            email: person.email,
            phone: person.phone,
            full_name: person.full_name,
            roles: person.roles,
            enabled: person.enabled,
            status: person.standing,
            created_at: person.created_at,
        }
    }
}
