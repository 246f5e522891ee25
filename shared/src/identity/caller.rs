//! A signed-in person, as their access token proves them.

use std::collections::BTreeSet;

use super::permission::{Permission, Scope, scope};
use super::role::Role;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// A signed-in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub user: UserId,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// The sign-in that the token descends from (`origin_jti`).
    pub session: String,
    /// When the token was issued.
    pub issued_at: Timestamp,
}

impl Caller {
    /// The scopes that the caller's roles give them for `permission`.
    ///
    /// # Errors
    /// 403 where no role gives any.
    pub fn require(&self, permission: Permission) -> Result<BTreeSet<Scope>> {
        let scopes: BTreeSet<Scope> = self.roles.iter().filter_map(|role| scope(*role, permission)).collect();
        if scopes.is_empty() { Err(Error::forbidden()) } else { Ok(scopes) }
    }

    /// The names of the roles, as answers have them.
    pub fn role_names(&self) -> BTreeSet<&'static str> {
        self.roles.iter().map(|role| role.group()).collect()
    }

    /// Whether what they read may be others', and their reading of it belongs on the trail.
    pub fn reads_of_others(&self) -> bool {
        self.roles.iter().any(|role| *role != Role::Customer)
    }

    /// Whether they are of the house, rather than a customer of it.
    pub fn works_here(&self) -> bool {
        self.roles.iter().any(|role| role.works_here())
    }

    /// Whether `permission` reaches everybody's things.
    pub fn may_all(&self, permission: Permission) -> bool {
        self.require(permission).is_ok_and(|scopes| scopes.contains(&Scope::All))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(roles: &[Role]) -> Caller {
        Caller {
            user: UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap(),
            roles: roles.iter().copied().collect(),
            session: "s".to_owned(),
            issued_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_guest_may_nothing() {
        for permission in Permission::ALL {
            assert!(caller(&[]).require(permission).is_err(), "{permission:?}");
        }
    }

    #[test]
    fn two_roles_give_both_scopes() {
        let both = caller(&[Role::Seller, Role::Customer]).require(Permission::ReadOrders).unwrap();
        assert_eq!(both, BTreeSet::from([Scope::Own, Scope::OwnLines]));
    }

    #[test]
    fn nobody_who_reviews_prescriptions_by_role_alone_buys_on_them() {
        for role in Role::ALL {
            let reviews = scope(role, Permission::ReviewPrescriptions).is_some();
            let buys = scope(role, Permission::Buy).is_some();
            assert!(!(reviews && buys), "{role:?}");
        }
    }
    #[test]
    fn only_who_is_a_customer_and_nothing_else_reads_nothing_of_others() {
        for role in Role::ALL {
            let (customer, one) = (role == Role::Customer, caller(&[role]));
            assert_eq!((one.reads_of_others(), one.works_here()), (!customer, !customer), "{role:?}");
            assert_eq!(one.role_names(), BTreeSet::from([role.group()]));
            assert!(caller(&[role, Role::Seller]).reads_of_others());
        }
        assert!(!caller(&[]).reads_of_others() && !caller(&[]).works_here() && caller(&[]).role_names().is_empty());
    }

    #[test]
    fn a_reach_over_ones_own_is_none_over_all() {
        assert!(caller(&[Role::PharmacyAdmin]).may_all(Permission::ReadOrders));
        assert!(caller(&[Role::Customer, Role::PharmacyAdmin]).may_all(Permission::ReadOrders));
        assert!(!caller(&[Role::Customer, Role::Seller]).may_all(Permission::ReadOrders));
        assert!(!caller(&[Role::Doctor]).may_all(Permission::ReadOrders));
    }
}
