//! What can be on the trail, by names that stay: entries are kept for years and read by them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::fields::Invalid;

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident = $name:literal;)*) => {
        /// What was done, or tried.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$meta])* $action,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$action),*];

            /// The name, as the trail has it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }
        }
    };
}

actions! {
    /// A prescription was announced for upload.
    SubmitPrescription = "prescription.submit";
    /// Somebody who works here read a prescription, or somebody else tried to.
    ReadPrescription = "prescription.read";
    /// A prescription was taken back by its owner.
    WithdrawPrescription = "prescription.withdraw";
    /// A pharmacist took a prescription to work on it.
    ClaimPrescription = "prescription.claim";
    /// A pharmacist approved or rejected a prescription.
    ReviewPrescription = "prescription.review";
    /// A prescription was deleted that was kept of somebody who was erased, and need not be any more.
    DiscardPrescription = "prescription.discard";
    /// Somebody who works here read an order, or somebody else tried to.
    ReadOrder = "order.read";
    /// An order was moved along by somebody who works here.
    MoveOrder = "order.transition";
    /// An order was cancelled, or somebody tried to cancel another's.
    CancelOrder = "order.cancel";
    /// The payment of an order came to another status; the detail says to which.
    ChangePayment = "payment.change";
    /// Somebody who works here gave money back, or tried to.
    RefundOrder = "order.refund";
    /// An order was called off by itself, since its prescriptions were rejected or taken back.
    ReleaseOrder = "order.release";

    /// A pharmacist wrote a version of a rule of medicine; the detail says which.
    WriteRule = "medicine.write_rule";
    /// A pharmacist approved or rejected a version of a rule of medicine; the detail says which.
    ReviewRule = "medicine.review_rule";

    /// An account was made.
    RegisterAccount = "account.register";
    /// Somebody signed in.
    OpenSession = "session.open";
    /// Somebody tried to sign in and was refused.
    RefuseSession = "session.refuse";
    /// A session ended before its time.
    EndSession = "session.end";
    /// A password was changed by who knew the one before.
    ChangePassword = "password.change";
    /// A password was set by a code.
    ResetPassword = "password.reset";
    /// An e-mail address or a telephone number was changed.
    ChangeContact = "contact.change";
    /// Somebody at another provider can sign in to an account from now on; the detail says at which.
    LinkIdentity = "identity.link";
    /// A second factor was set up, or somebody tried to who had not signed in just now.
    EnrollMfa = "mfa.enroll";
    /// A second factor was removed.
    RemoveMfa = "mfa.remove";

    /// Somebody who works here read a profile that is not for everybody, or tried to.
    ReadProfile = "profile.read";
    /// A person took a copy of everything that is held on them.
    ExportProfile = "profile.export";
    /// A person asked to be erased.
    DeleteAccount = "account.delete";
    /// A person was erased; the object says how much of what.
    EraseAccount = "account.erase";

    /// An admin was shown a person in a list.
    ListUsers = "user.list";
    /// An admin read a person's account.
    ReadUser = "user.read";
    /// An admin changed a person's roles; the detail says to which.
    SetRoles = "user.set_roles";
    /// An admin let a person in again.
    EnableUser = "user.enable";
    /// An admin shut a person out.
    DisableUser = "user.disable";
    /// An admin ended all sessions of a person.
    EndSessions = "user.end_sessions";
    /// Somebody asked for what their role does not allow, or from a session that has ended; the detail says for what.
    RefuseAccess = "access.refuse";
    /// An admin read the trail; the detail says what they asked for.
    ReadTrail = "audit.read";
}

impl Action {
    /// Reads a name.
    ///
    /// # Errors
    /// No action has it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().copied().find(|action| action.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_action", "expected an action such as user.set_roles"))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_action_has_a_name_of_its_own_and_is_read_by_it() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Ok(*action));
        }
        for wrong in ["", "user", "USER.READ", "user.read ", "prescription.read#1"] {
            assert!(Action::parse(wrong).is_err(), "{wrong}");
        }
    }
}
