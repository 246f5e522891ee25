//! One line of the trail.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::identity::{Caller, Role};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{AuditId, UserId};

/// What was done, or tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Action {
    /// A prescription was announced for upload.
    #[serde(rename = "prescription.submit")]
    SubmitPrescription,
    /// Somebody who works here read a prescription, or somebody else tried to.
    #[serde(rename = "prescription.read")]
    ReadPrescription,
    /// A prescription was taken back by its owner.
    #[serde(rename = "prescription.withdraw")]
    WithdrawPrescription,
    /// A pharmacist took a prescription to work on it.
    #[serde(rename = "prescription.claim")]
    ClaimPrescription,
    /// A pharmacist approved or rejected a prescription.
    #[serde(rename = "prescription.review")]
    ReviewPrescription,
    /// Somebody who works here read an order, or somebody else tried to.
    #[serde(rename = "order.read")]
    ReadOrder,
    /// An order was moved along by somebody who works here.
    #[serde(rename = "order.transition")]
    MoveOrder,
    /// An order was cancelled, or somebody tried to cancel another's.
    #[serde(rename = "order.cancel")]
    CancelOrder,
    /// Somebody who works here read a profile that is not for everybody, or tried to.
    #[serde(rename = "profile.read")]
    ReadProfile,
    /// A person took a copy of everything that is held on them.
    #[serde(rename = "profile.export")]
    ExportProfile,
    /// A person asked to be erased.
    #[serde(rename = "account.delete")]
    DeleteAccount,
    /// A person was erased; the object says how much of what.
    #[serde(rename = "account.erase")]
    EraseAccount,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Allowed,
    /// It was refused, and nothing was shown or changed.
    Refused,
}

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// With which roles.
    pub roles: BTreeSet<Role>,
    /// In which request.
    pub request_id: String,
    /// From which address, as API Gateway saw it.
    pub source_ip: Option<String>,
}

impl Actor {
    /// The caller of a request.
    pub fn new(caller: &Caller, request_id: impl Into<String>, source_ip: Option<&str>) -> Self {
        Self {
            user: caller.user.clone(),
            roles: caller.roles.clone(),
            request_id: request_id.into(),
            source_ip: source_ip.map(str::to_owned),
        }
    }
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id, ordered by time.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: UserId,
    /// With which roles.
    pub actor_roles: BTreeSet<Role>,
    /// What.
    pub action: Action,
    /// Whose data.
    pub subject: UserId,
    /// The id of the thing.
    pub object: String,
    /// How it ended.
    pub outcome: Outcome,
    /// In which request.
    pub request_id: String,
    /// From which address.
    pub source_ip: Option<String>,
}

impl Entry {
    /// `actor` did `action` to `object`, which holds data of `subject`.
    pub fn allowed(actor: &Actor, action: Action, subject: &UserId, object: impl ToString, at: Timestamp) -> Self {
        Self {
            id: AuditId::generate(at),
            at,
            actor: actor.user.clone(),
            actor_roles: actor.roles.clone(),
            action,
            subject: subject.clone(),
            object: object.to_string(),
            outcome: Outcome::Allowed,
            request_id: actor.request_id.clone(),
            source_ip: actor.source_ip.clone(),
        }
    }

    /// `actor` tried `action` on `object`, which holds data of `subject`, and was refused.
    pub fn refused(actor: &Actor, action: Action, subject: &UserId, object: impl ToString, at: Timestamp) -> Self {
        Self { outcome: Outcome::Refused, ..Self::allowed(actor, action, subject, object, at) }
    }
}
