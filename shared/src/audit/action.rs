//! What can be on the trail, by names that stay: entries are kept for years and read by them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::fields::Invalid;
use crate::platform::wording;

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
    /// A pharmacist gave a prescription back that they had taken to work on it.
    ReleasePrescription = "prescription.release";
    /// A pharmacist approved or rejected a prescription.
    ReviewPrescription = "prescription.review";
    /// A pharmacist took back that they had approved a prescription.
    UndoReview = "prescription.undo_review";
    /// A machine has read the file of a prescription, for the pharmacist who takes it in hand; the detail says which.
    TranscribePrescription = "prescription.transcribe";
    /// A prescription was deleted that was kept of somebody who was erased, and need not be any more.
    DiscardPrescription = "prescription.discard";
    /// Somebody who works here read an order, or somebody else tried to.
    ReadOrder = "order.read";
    /// An order was moved along by somebody who works here.
    MoveOrder = "order.transition";
    /// The customer gave an order other prescriptions.
    SetOrderPrescriptions = "order.set_prescriptions";
    /// An order was cancelled, or somebody tried to cancel another's.
    CancelOrder = "order.cancel";
    /// The payment of an order came to another status; the detail says to which.
    ChangePayment = "payment.change";
    /// Somebody who works here gave money back, or tried to.
    RefundOrder = "order.refund";
    /// A pharmacist decided about what screening holds an order for; the detail says why.
    ResolveHold = "order.resolve_hold";
    /// A customer asked to give something back; the detail says by which return.
    RequestReturn = "order.request_return";
    /// Somebody who works here decided on a return; the detail says how.
    ResolveReturn = "order.resolve_return";
    /// An order was called off by itself, since its prescriptions were rejected or taken back.
    ReleaseOrder = "order.release";
    /// What is in an order was called back; the detail says by which recall.
    RecallOrder = "order.recall";
    /// Somebody who works here called a lot back; the detail says by which recall.
    RecallLot = "lot.recall";
    /// Somebody who works here was shown that an order has units of a lot; the detail says of which.
    TraceLot = "lot.trace";
    /// Somebody who works here made a coupon or changed its terms; the detail says to which version.
    PutCoupon = "coupon.put";
    /// Somebody who works here removed a coupon.
    RemoveCoupon = "coupon.remove";
    /// Somebody who works here made a delivery zone or changed it; the detail says to which version.
    PutZone = "zone.put";
    /// Somebody who works here removed a delivery zone.
    RemoveZone = "zone.remove";

    /// Somebody who works here announced a table to be imported; the detail says of what kind.
    StartImport = "import.start";
    /// An import has ended, on behalf of who began it; the detail says what became of its rows.
    FinishImport = "import.finish";

    /// Somebody added a patient to those they care for.
    AddPatient = "patient.add";
    /// Somebody changed what is known of a patient of theirs.
    ChangePatient = "patient.change";
    /// Somebody removed a patient of theirs, who is closed where something on file names them.
    RemovePatient = "patient.remove";
    /// Where events are posted to was set; the detail says where.
    PutWebhook = "webhook.put";
    /// An address that events were posted to was taken away.
    RemoveWebhook = "webhook.remove";
    /// Somebody had an event posted once more; the detail says to which address.
    RedeliverWebhook = "webhook.redeliver";

    /// Somebody other than the owner looked into what is on record about a patient, or tried to; the detail says at what.
    ReadRecords = "record.read";
    /// Something was put on record about a patient; the detail says of which kind.
    AddRecord = "record.add";
    /// A bundle of records of a patient was announced, to be uploaded and taken in; the detail says how large and of whom.
    ImportRecords = "record.import";
    /// A record of a patient was changed, commented on, or got a file.
    ChangeRecord = "record.change";
    /// A record of a patient was taken away; it stays among its versions.
    RemoveRecord = "record.remove";
    /// The owner of an account let somebody read records; the detail says whom, what and until when.
    GrantRecords = "record.grant";
    /// The owner of an account let somebody read no more.
    RevokeRecords = "record.revoke";

    /// Somebody said how a patient of theirs is, and was told what follows.
    StartTriage = "triage.start";

    /// A pharmacist wrote a version of a rule of medicine; the detail says which.
    WriteRule = "medicine.write_rule";
    /// A pharmacist approved or rejected a version of a rule of medicine; the detail says which.
    ReviewRule = "medicine.review_rule";

    /// Somebody wrote a version of a page; the detail says which.
    WritePage = "page.write";
    /// Somebody approved or rejected a version of a page; the detail says which.
    ReviewPage = "page.review";
    /// Versions of a page were published, or will be; the detail says which and when.
    PublishPage = "page.publish";
    /// What was published of a page was taken back.
    UnpublishPage = "page.unpublish";
    /// A page was removed.
    RemovePage = "page.remove";

    /// A consultation was requested.
    RequestConsultation = "consultation.request";
    /// Somebody other than its patient was shown a consultation, without its messages, or tried to read it.
    ReadConsultation = "consultation.read";
    /// A consultation was given to a doctor; the detail says to whom.
    AssignConsultation = "consultation.assign";
    /// A consultation was closed, or taken back.
    CloseConsultation = "consultation.close";
    /// Somebody other than its patient read messages of a consultation, or tried to; a connection, at the first message it is sent.
    ReadChat = "chat.read";
    /// Somebody other than the patient asked for a file of a consultation, or somebody tried to.
    ReadAttachment = "attachment.read";

    /// Somebody applied to become a seller.
    ApplyToSell = "seller.apply";
    /// Somebody who works here was shown an application to become a seller.
    ReadSellerApplication = "seller.read_application";
    /// Somebody who works here decided on an application to become a seller; the detail says how.
    DecideSellerApplication = "seller.decide";
    /// A seller said what they are called in the shop.
    RenameSeller = "seller.rename";

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
    ReadAudit = "audit.read";
}

impl Action {
    /// Reads a name.
    ///
    /// # Errors
    /// No action has it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().copied().find(|action| action.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_action", wording::identity::an_action()))
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
