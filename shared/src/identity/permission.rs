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
    /// Request consultations.
    RequestConsultations,
    /// See consultations, without their messages; of a doctor, those that they have.
    ReadConsultations,
    /// Give consultations to doctors.
    AssignConsultations,
    /// Answer the consultations that one has.
    AnswerConsultations,
    /// Close the consultations that one has, or take one's own back.
    CloseConsultations,
    /// Read the messages and files of consultations; of a doctor, of those that they have.
    ReadChat,
    /// Write in consultations; of a doctor, in those that they have.
    WriteChat,
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
    pub const ALL: [Self; 21] = [
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
        Self::RequestConsultations,
        Self::ReadConsultations,
        Self::AssignConsultations,
        Self::AnswerConsultations,
        Self::CloseConsultations,
        Self::ReadChat,
        Self::WriteChat,
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
            P::ManageUsers | P::ReadAudit | P::ReadChat => Some(All),
            _ => scope(Role::PharmacyAdmin, permission),
        },
        Role::PharmacyAdmin => match permission {
            P::ManageProducts | P::ManageCategories | P::ManageStock => Some(All),
            P::ReadOrders | P::CancelOrders | P::MoveOrders | P::RefundOrders => Some(All),
            P::ReadPrescriptions | P::ReviewPrescriptions | P::ManageRules => Some(All),
            P::ReadConsultations | P::AssignConsultations => Some(All),
            P::Buy | P::SubmitPrescriptions | P::ManageUsers | P::ReadAudit => None,
            P::RequestConsultations | P::AnswerConsultations | P::CloseConsultations => None,
            P::ReadChat | P::WriteChat => None,
        },
        Role::Doctor => match permission {
            P::ReadConsultations | P::AnswerConsultations | P::CloseConsultations => Some(Own),
            P::ReadChat | P::WriteChat => Some(Own),
            _ => None,
        },
        Role::Seller => match permission {
            P::ManageProducts | P::ManageStock => Some(Own),
            P::ReadOrders => Some(OwnLines),
            _ => None,
        },
        Role::Customer => match permission {
            P::Buy | P::ReadOrders | P::CancelOrders | P::SubmitPrescriptions | P::ReadPrescriptions => Some(Own),
            P::RequestConsultations | P::ReadConsultations | P::CloseConsultations => Some(Own),
            P::ReadChat | P::WriteChat => Some(Own),
            _ => None,
        },
    }
}
