//! Profiles as their owners see them.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::contact::Email;
use super::phone::Phone;
use super::privacy::SharedWith;
use super::profile::{FullName, Preferences, Profile, Sex, Visibility};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::UserId;
use crate::platform::role::Role;

/// The caller's profile.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileView {
    #[schema(value_type = String)]
    id: UserId,
    /// `null` where no address has been proved.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Email>,
    /// E.164.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    #[schema(value_type = Option<String>)]
    full_name: Option<FullName>,
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Option<Date>,
    /// FHIR administrative gender.
    sex: Option<Sex>,
    /// Where the picture is, for anybody who knows the address.
    picture_url: Option<String>,
    visibility: Visibility,
    /// Whom it is shared with; nobody unless it is `shared`.
    shared_with: SharedWith,
    preferences: Preferences,
    /// `super_admin`, `pharmacy_admin`, `doctor`, `seller`, `customer`; as the access token says.
    #[schema(value_type = Vec<Role>)]
    roles: BTreeSet<&'static str>,
    version: u64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl ProfileView {
    /// Of `profile`, for a caller with `roles`, where media lie under `media_base_url`.
    pub fn new(profile: Profile, roles: BTreeSet<&'static str>, media_base_url: &str) -> Self {
        Self {
            picture_url: profile.picture.map(|picture| format!("{media_base_url}/{}", picture.key)),
            id: profile.id,
            email: profile.email,
            phone: profile.phone,
            full_name: profile.full_name,
            date_of_birth: profile.date_of_birth,
            sex: profile.sex,
            visibility: profile.visibility,
            shared_with: profile.shared_with,
            preferences: profile.preferences,
            roles,
            version: profile.version,
            created_at: profile.created_at,
        }
    }
}
