//! The roles: groups of the Cognito user pool.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::Invalid;
use crate::platform::wording;

/// A role. It comes from the token's `cognito:groups` and from nowhere else; who has none is a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the deployment.
    SuperAdmin,
    /// A pharmacist.
    PharmacyAdmin,
    /// A doctor.
    Doctor,
    /// Sells own products.
    Seller,
    /// A patient who buys.
    Customer,
}

impl Role {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 5] = [Self::SuperAdmin, Self::PharmacyAdmin, Self::Doctor, Self::Seller, Self::Customer];

    /// The name of the Cognito group.
    pub const fn group(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super_admin",
            Self::PharmacyAdmin => "pharmacy_admin",
            Self::Doctor => "doctor",
            Self::Seller => "seller",
            Self::Customer => "customer",
        }
    }

    /// Whether who has it works here, for the pharmacy or as one of its sellers: everybody but customers. What they do with
    /// the data of others is the business of these, and so is who they are.
    pub const fn works_here(self) -> bool {
        !matches!(self, Self::Customer)
    }

    /// Whether a deployment may demand a second factor of who has it.
    pub const fn must_have_second_factor(self) -> bool {
        matches!(self, Self::SuperAdmin | Self::PharmacyAdmin)
    }

    /// The role of a Cognito group; groups that are not ours grant nothing.
    pub fn of_group(group: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.group() == group)
    }

    /// Reads a role from a request.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let unknown = wording::field::one_of("super_admin, pharmacy_admin, doctor, seller, customer");
        Self::of_group(text).ok_or_else(|| Invalid::new("unknown_role", unknown))
    }
}
