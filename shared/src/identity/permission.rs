//! The permission matrix: role × permission → how far it reaches. The only place that says so.

use super::role::Role;

/// Something a role may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Create, change and retire products and their pictures.
    ManageProducts,
    /// Change the tree of categories.
    ManageCategories,
    /// Adjust stock.
    ManageStock,
    /// Fill a cart and place orders.
    Buy,
    /// See orders.
    ReadOrders,
    /// Cancel orders before they are shipped.
    CancelOrders,
    /// Move orders from state to state.
    MoveOrders,
    /// Give money back.
    RefundOrders,
    /// Upload and withdraw prescriptions.
    SubmitPrescriptions,
    /// See prescriptions.
    ReadPrescriptions,
    /// Claim and review prescriptions.
    ReviewPrescriptions,
    /// Write and review the rules of medicine.
    ManageRules,
    /// See people's accounts, change their roles, shut them out, end their sessions.
    ManageUsers,
    /// Read the audit trail.
    ReadAudit,
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Only what is one's own.
    Own,
    /// Of an order, the lines of one's own products.
    OwnLines,
    /// Everybody's.
    All,
}

impl Permission {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 13] = [
        Self::ManageProducts,
        Self::ManageCategories,
        Self::ManageStock,
        Self::Buy,
        Self::ReadOrders,
        Self::CancelOrders,
        Self::MoveOrders,
        Self::RefundOrders,
        Self::SubmitPrescriptions,
        Self::ReadPrescriptions,
        Self::ReviewPrescriptions,
        Self::ManageRules,
        Self::ManageUsers,
        Self::ReadAudit,
    ];
}

/// How far `permission` reaches for `role`; `None`: not at all.
pub const fn scope(role: Role, permission: Permission) -> Option<Scope> {
    use Permission as P;
    use Scope::{All, Own, OwnLines};
    match role {
        Role::SuperAdmin => match permission {
            P::ManageUsers | P::ReadAudit => Some(All),
            _ => scope(Role::PharmacyAdmin, permission),
        },
        Role::PharmacyAdmin => match permission {
            P::ManageProducts | P::ManageCategories | P::ManageStock => Some(All),
            P::ReadOrders | P::CancelOrders | P::MoveOrders | P::RefundOrders => Some(All),
            P::ReadPrescriptions | P::ReviewPrescriptions | P::ManageRules => Some(All),
            P::Buy | P::SubmitPrescriptions | P::ManageUsers | P::ReadAudit => None,
        },
        Role::Doctor => None,
        Role::Seller => match permission {
            P::ManageProducts | P::ManageStock => Some(Own),
            P::ReadOrders => Some(OwnLines),
            _ => None,
        },
        Role::Customer => match permission {
            P::Buy | P::ReadOrders | P::CancelOrders | P::SubmitPrescriptions | P::ReadPrescriptions => Some(Own),
            _ => None,
        },
    }
}
