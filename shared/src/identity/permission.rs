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
    /// See and check the register of controlled medicines.
    KeepRegister,
    /// Call lots back, and see where their units went.
    RecallLots,
    /// Import tables of products and stock.
    ImportTables,
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
    /// Make, change and remove coupons.
    ManageCoupons,
    /// Say where is delivered to, and for how much.
    ManageDelivery,
    /// Apply to become a seller.
    ApplyToSell,
    /// Decide who becomes a seller.
    DecideSellers,
    /// See what one earns by selling.
    ReadEarnings,
    /// Say what one is called in the shop, who sells there.
    NameOwnShop,
    /// Upload and withdraw prescriptions.
    SubmitPrescriptions,
    /// See prescriptions.
    ReadPrescriptions,
    /// Claim and review prescriptions.
    ReviewPrescriptions,
    /// Write and review the rules of medicine.
    ManageRules,
    /// Write and review pages, and see those that are not published.
    EditContent,
    /// Publish pages, take them back, remove them.
    PublishContent,
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
    /// See what is on record about patients; of clinicians, about those that they were given.
    ReadRecords,
    /// Write it.
    WriteRecords,
    /// See people's accounts, change their roles, shut them out, end their sessions.
    ManageUsers,
    /// Read the audit trail.
    ReadAudit,
    /// Say where others' systems are told of events.
    ManageWebhooks,
    /// See the reports of what was sold and what is in the house; of a seller, of their own products.
    SeeSalesReports,
    /// See the reports of payments and prescriptions.
    SeeReports,
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

impl Scope {
    /// As the API's document has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::OwnLines => "own_lines",
            Self::All => "all",
        }
    }
}

impl Permission {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 37] = [
        Self::ManageProducts,
        Self::ManageCategories,
        Self::ManageStock,
        Self::KeepRegister,
        Self::RecallLots,
        Self::ImportTables,
        Self::Buy,
        Self::ReadOrders,
        Self::CancelOrders,
        Self::MoveOrders,
        Self::RefundOrders,
        Self::ManageCoupons,
        Self::ManageDelivery,
        Self::ApplyToSell,
        Self::DecideSellers,
        Self::ReadEarnings,
        Self::NameOwnShop,
        Self::SubmitPrescriptions,
        Self::ReadPrescriptions,
        Self::ReviewPrescriptions,
        Self::ManageRules,
        Self::EditContent,
        Self::PublishContent,
        Self::RequestConsultations,
        Self::ReadConsultations,
        Self::AssignConsultations,
        Self::AnswerConsultations,
        Self::CloseConsultations,
        Self::ReadChat,
        Self::WriteChat,
        Self::ReadRecords,
        Self::WriteRecords,
        Self::ManageUsers,
        Self::ReadAudit,
        Self::ManageWebhooks,
        Self::SeeSalesReports,
        Self::SeeReports,
    ];
}

/// How far `permission` reaches for `role`; `None`: not at all.
pub const fn scope(role: Role, permission: Permission) -> Option<Scope> {
    use Permission as P;
    use Scope::{All, Own, OwnLines};
    match role {
        Role::SuperAdmin => match permission {
            P::ManageUsers | P::ReadAudit | P::ReadChat | P::PublishContent | P::ManageWebhooks => Some(All),
            _ => scope(Role::PharmacyAdmin, permission),
        },
        Role::PharmacyAdmin => match permission {
            P::ManageProducts | P::ManageCategories | P::ManageStock | P::KeepRegister => Some(All),
            P::RecallLots | P::ImportTables => Some(All),
            P::ReadOrders | P::CancelOrders | P::MoveOrders | P::RefundOrders => Some(All),
            P::ManageCoupons | P::ManageDelivery | P::DecideSellers => Some(All),
            P::ReadPrescriptions | P::ReviewPrescriptions | P::ManageRules | P::EditContent => Some(All),
            P::ReadConsultations | P::AssignConsultations => Some(All),
            P::SeeSalesReports | P::SeeReports => Some(All),
            P::ReadRecords | P::WriteRecords => Some(Own),
            P::Buy | P::ApplyToSell | P::ReadEarnings | P::NameOwnShop | P::SubmitPrescriptions => None,
            P::ManageUsers | P::ReadAudit => None,
            P::RequestConsultations | P::AnswerConsultations | P::CloseConsultations => None,
            P::ReadChat | P::WriteChat | P::PublishContent | P::ManageWebhooks => None,
        },
        Role::Doctor => match permission {
            P::ReadConsultations | P::AnswerConsultations | P::CloseConsultations => Some(Own),
            P::ReadChat | P::WriteChat | P::ReadRecords | P::WriteRecords => Some(Own),
            _ => None,
        },
        Role::Seller => match permission {
            P::ManageProducts | P::ManageStock | P::ReadEarnings | P::NameOwnShop | P::SeeSalesReports => Some(Own),
            P::ReadOrders => Some(OwnLines),
            _ => None,
        },
        Role::Customer => match permission {
            P::Buy | P::ReadOrders | P::CancelOrders | P::SubmitPrescriptions | P::ReadPrescriptions => Some(Own),
            P::ApplyToSell => Some(Own),
            P::RequestConsultations | P::ReadConsultations | P::CloseConsultations => Some(Own),
            P::ReadChat | P::WriteChat | P::ReadRecords | P::WriteRecords => Some(Own),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The matrix a second time, so that nobody gets a right by a slip: for each permission how far it reaches for the super admin, the
    /// pharmacist, the doctor, the seller and the customer. `a`: everybody's, `l`: lines of one's own products, `o`: one's own.
    const MATRIX: [(Permission, &str); 37] = [
        (Permission::ManageProducts, "aa-o-"),
        (Permission::ManageCategories, "aa---"),
        (Permission::ManageStock, "aa-o-"),
        (Permission::KeepRegister, "aa---"),
        (Permission::RecallLots, "aa---"),
        (Permission::ImportTables, "aa---"),
        (Permission::Buy, "----o"),
        (Permission::ReadOrders, "aa-lo"),
        (Permission::CancelOrders, "aa--o"),
        (Permission::MoveOrders, "aa---"),
        (Permission::RefundOrders, "aa---"),
        (Permission::ManageCoupons, "aa---"),
        (Permission::ManageDelivery, "aa---"),
        (Permission::ApplyToSell, "----o"),
        (Permission::DecideSellers, "aa---"),
        (Permission::ReadEarnings, "---o-"),
        (Permission::NameOwnShop, "---o-"),
        (Permission::SubmitPrescriptions, "----o"),
        (Permission::ReadPrescriptions, "aa--o"),
        (Permission::ReviewPrescriptions, "aa---"),
        (Permission::ManageRules, "aa---"),
        (Permission::EditContent, "aa---"),
        (Permission::PublishContent, "a----"),
        (Permission::RequestConsultations, "----o"),
        (Permission::ReadConsultations, "aao-o"),
        (Permission::AssignConsultations, "aa---"),
        (Permission::AnswerConsultations, "--o--"),
        (Permission::CloseConsultations, "--o-o"),
        (Permission::ReadChat, "a-o-o"),
        (Permission::WriteChat, "--o-o"),
        (Permission::ReadRecords, "ooo-o"),
        (Permission::WriteRecords, "ooo-o"),
        (Permission::ManageUsers, "a----"),
        (Permission::ReadAudit, "a----"),
        (Permission::ManageWebhooks, "a----"),
        (Permission::SeeSalesReports, "aa-o-"),
        (Permission::SeeReports, "aa---"),
    ];

    #[test]
    fn every_role_may_what_was_decided_and_no_more() {
        assert_eq!(MATRIX.map(|(permission, _)| permission), Permission::ALL);
        for (permission, reaches) in MATRIX {
            let found: String = Role::ALL
                .iter()
                .map(|role| match scope(*role, permission) {
                    Some(Scope::All) => 'a',
                    Some(Scope::OwnLines) => 'l',
                    Some(Scope::Own) => 'o',
                    None => '-',
                })
                .collect();
            assert_eq!(found, reaches, "{permission:?}");
        }
    }

    #[test]
    fn a_reach_is_called_what_the_document_says() {
        assert_eq!([Scope::Own, Scope::OwnLines, Scope::All].map(Scope::as_str), ["own", "own_lines", "all"]);
    }
}
