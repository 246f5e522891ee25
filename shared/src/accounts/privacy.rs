//! Who else may see a profile, and what they see of it.
//!
//! A profile is shown to nobody, to everybody, or to those whom its owner names: people, and groups of those who work
//! here. Everybody can register, so "customers" would be everybody; that is what `public` says honestly.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::profile::{FullName, Profile, Visibility};
use crate::platform::clock::Timestamp;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How many people a profile can be shared with by name.
pub const MAX_USERS: usize = 50;

/// Those who work here and whom a profile can be shared with, by the name of their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Who runs the deployment.
    SuperAdmin,
    /// Pharmacists.
    PharmacyAdmin,
    /// Doctors.
    Doctor,
    /// Sellers.
    Seller,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::SuperAdmin, Self::PharmacyAdmin, Self::Doctor, Self::Seller];

    /// The name of the role.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super_admin",
            Self::PharmacyAdmin => "pharmacy_admin",
            Self::Doctor => "doctor",
            Self::Seller => "seller",
        }
    }

    /// The group with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == name)
    }
}

/// Whom a profile is shared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SharedWith {
    /// People, by their ids; at most fifty.
    #[schema(value_type = Vec<String>, max_items = 50)]
    users: BTreeSet<UserId>,
    /// Everybody who has one of these roles.
    #[schema(value_type = Vec<Group>)]
    groups: BTreeSet<Group>,
}

impl SharedWith {
    /// These people and groups, each once. Nobody looks whether the people exist: an id is only ever compared.
    ///
    /// # Errors
    /// Too many people.
    pub fn new(users: BTreeSet<UserId>, groups: BTreeSet<Group>) -> Result<Self, FieldErrors> {
        if users.len() > MAX_USERS {
            return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_USERS)).at("users")]);
        }
        Ok(Self { users, groups })
    }
}

/// Who may see a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    visibility: Visibility,
    shared_with: SharedWith,
}

impl Privacy {
    /// As its owner wants it. The names are kept with `shared` alone: a list that says nothing any more would come back
    /// to life, forgotten, with the next change.
    pub fn new(visibility: Visibility, shared_with: SharedWith) -> Self {
        let shared_with = if visibility == Visibility::Shared { shared_with } else { SharedWith::default() };
        Self { visibility, shared_with }
    }

    /// The profile with this privacy.
    #[must_use]
    pub fn of(self, profile: Profile) -> Profile {
        Profile { visibility: self.visibility, shared_with: self.shared_with, ..profile }
    }
}

/// Who looks at a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    user: Option<UserId>,
    groups: BTreeSet<Group>,
}

/// Why somebody may see a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// It is theirs.
    Owner,
    /// Everybody may.
    Everybody,
    /// They are named.
    Named,
    /// One of their groups is named.
    Group,
}

impl Viewer {
    /// Somebody who is signed in with these roles; roles that are no groups open nothing here.
    pub fn signed_in<'a>(user: UserId, roles: impl IntoIterator<Item = &'a str>) -> Self {
        Self { user: Some(user), groups: roles.into_iter().filter_map(Group::named).collect() }
    }

    /// Whether they work here.
    pub fn works_here(&self) -> bool {
        !self.groups.is_empty()
    }
}

impl Profile {
    /// Why `viewer` may see this profile; `None`: they may not.
    pub fn seen_by(&self, viewer: &Viewer) -> Option<Sight> {
        if viewer.user.as_ref() == Some(&self.id) {
            return Some(Sight::Owner);
        }
        match self.visibility {
            Visibility::Private => None,
            Visibility::Public => Some(Sight::Everybody),
            Visibility::Shared => {
                let named = viewer.user.as_ref().is_some_and(|user| self.shared_with.users.contains(user));
                let group = !self.shared_with.groups.is_disjoint(&viewer.groups);
                if named { Some(Sight::Named) } else { group.then_some(Sight::Group) }
            }
        }
    }
}

/// What others see of a person: no contact, no birthday, nothing of their health.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedProfileView {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = Option<String>)]
    full_name: Option<FullName>,
    /// Where the picture is, for anybody who knows the address.
    picture_url: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl SharedProfileView {
    /// Of `profile`, where media lie under `media_base_url`.
    pub fn new(profile: Profile, media_base_url: &str) -> Self {
        Self {
            picture_url: profile.picture.map(|picture| format!("{media_base_url}/{}", picture.key)),
            id: profile.id,
            full_name: profile.full_name,
            created_at: profile.created_at,
        }
    }
}

/// Who may see the caller's profile.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyView {
    visibility: Visibility,
    shared_with: SharedWith,
    /// For `If-Match`.
    version: u64,
}

impl From<Profile> for PrivacyView {
    fn from(profile: Profile) -> Self {
        Self { visibility: profile.visibility, shared_with: profile.shared_with, version: profile.version }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::accounts::contact::Email;
    use crate::platform::money::Currency;

    fn user(n: u8) -> UserId {
        UserId::parse(&format!("00000000-0000-4000-8000-0000000000{n:02x}")).unwrap()
    }

    fn profile(visibility: Visibility, users: &[u8], groups: &[Group]) -> Profile {
        let email = Email::parse("anna@example.org").unwrap();
        let name = Some(FullName::parse("Anna K").unwrap());
        let profile =
            Profile::new(user(1), email.into(), name, Currency::parse("USD").unwrap(), Timestamp::from_millis(0));
        let users = users.iter().copied().map(user).collect();
        let shared_with = SharedWith::new(users, groups.iter().copied().collect()).unwrap();
        Profile { visibility, shared_with, ..profile }
    }

    #[test]
    fn a_list_is_kept_with_shared_alone() {
        let list = || SharedWith::new(BTreeSet::from([user(2)]), BTreeSet::from([Group::Doctor])).unwrap();
        let after =
            |visibility| Privacy::new(visibility, list()).of(profile(Visibility::Private, &[], &[])).shared_with;
        assert_eq!(after(Visibility::Shared), list());
        for visibility in [Visibility::Private, Visibility::Public] {
            assert_eq!(after(visibility), SharedWith::default(), "{visibility:?}");
        }
    }

    #[test]
    fn fifty_people_and_no_more() {
        let people = |most: u8| SharedWith::new((0..most).map(user).collect(), BTreeSet::new());
        assert!(people(50).is_ok());
        assert_eq!(people(51).unwrap_err()[0].field, "users");
    }

    #[test]
    fn others_see_four_fields_and_no_more() {
        let view = SharedProfileView::new(profile(Visibility::Public, &[], &[]), "https://media.example");
        let Value::Object(members) = serde_json::to_value(view).unwrap() else { panic!("no object") };
        assert_eq!(members.keys().collect::<Vec<_>>(), ["created_at", "full_name", "id", "picture_url"]);
        assert_eq!(members["full_name"], json!("Anna K"));
    }

    #[test]
    fn customers_are_no_group() {
        assert_eq!((Group::named("customer"), Group::named("guest")), (None, None));
        assert!(!Viewer::signed_in(user(2), ["customer"]).works_here());
    }

    fn groups() -> impl Strategy<Value = BTreeSet<Group>> {
        proptest::collection::btree_set(proptest::sample::select(&Group::ALL[..]), 0..4)
    }

    proptest! {
        /// Whoever looks: the owner always, everybody what is public, and otherwise only who is named or in a group that is.
        #[test]
        fn nobody_sees_more_than_the_owner_allows(
            which in 0u8..3,
            named in proptest::collection::btree_set(1u8..6, 0..4),
            shared in groups(),
            viewer in proptest::option::of(1u8..6),
            theirs in groups(),
        ) {
            let visibility = [Visibility::Private, Visibility::Public, Visibility::Shared][usize::from(which)];
            let named: Vec<_> = named.into_iter().collect();
            let shown = profile(visibility, &named, &shared.iter().copied().collect::<Vec<_>>());
            let who = match viewer {
                Some(viewer) => Viewer { user: Some(user(viewer)), groups: theirs.clone() },
                None => Viewer::default(),
            };
            let seen = shown.seen_by(&who).is_some();
            let invited = viewer.is_some_and(|viewer| named.contains(&viewer) || !shared.is_disjoint(&theirs));
            let expected = viewer == Some(1)
                || visibility == Visibility::Public
                || (visibility == Visibility::Shared && invited);
            prop_assert_eq!(seen, expected);
        }
    }
}
