//! That somebody wants to be erased, and when what is due. Pure rules.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::identity::Role;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PrescriptionId, UserId};
use crate::platform::wording;

/// Until then everything is erased.
const ERASED_WITHIN: Duration = Duration::from_hours(24);
/// Nothing is finished before then: access tokens live fifteen minutes, upload forms five, and whatever a request that
/// was let in before still writes is found by the run that finishes.
const SETTLED_AFTER: Duration = Duration::from_mins(16);

/// That somebody wants to be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRequest {
    /// Who.
    pub user: UserId,
    /// Who stands in their place where something is kept. Random, and forgotten with this request: what is kept of one
    /// person stays together, and names nobody.
    pub pseudonym: UserId,
    /// Since when.
    pub requested_at: Timestamp,
    /// From when on the erasure can be finished.
    pub due_at: Timestamp,
    /// Until when it will be.
    pub erase_by: Timestamp,
}

impl ErasureRequest {
    /// Of `user`, now.
    ///
    /// # Errors
    /// None in practice: random bits make a pseudonym.
    pub fn new(user: UserId, now: Timestamp) -> Result<Self> {
        Ok(Self {
            user,
            pseudonym: pseudonym()?,
            requested_at: now,
            due_at: now.plus(SETTLED_AFTER),
            erase_by: now.plus(ERASED_WITHIN),
        })
    }
}

/// A user id that no user pool has given out: UUIDs of our own are version 8 (RFC 9562), Cognito's are not.
fn pseudonym() -> Result<UserId> {
    let hex: String = crypto::random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let text = format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32));
    UserId::parse(&text).map_err(Error::internal)
}

/// Something that is to be done once its time has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Erase a person.
    Person(ErasureRequest),
    /// Delete a prescription that was kept for as long as the law asks.
    Prescription(PrescriptionId),
}

/// When a prescription need not be kept any more that was dispensed on last on `day`: never too early, so leap days count
/// in every year.
pub fn kept_until(day: Date, years: u32) -> Result<Timestamp> {
    let until = day.plus_days(i64::from(years).saturating_mul(366));
    Timestamp::parse(&format!("{until}T00:00:00Z")).map_err(Error::internal)
}

/// Whether somebody with these roles may have their account closed by themselves, and be erased.
///
/// Who works here has an admin take their roles first. The trail tells of them no more than an id, and whoever could erase
/// the account behind it could look at what is others' and be nobody by tomorrow. And of those who run the deployment one
/// must remain, which taking a role away looks after.
///
/// # Errors
/// 409 `staff_account`.
pub fn may_be_closed(roles: &BTreeSet<Role>) -> Result<()> {
    if roles.iter().any(|role| role.works_here()) {
        let detail = wording::identity::staff_account();
        return Err(Error::conflict("staff_account", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_works_here_gives_their_roles_up_first() {
        for role in Role::ALL {
            let refused = may_be_closed(&BTreeSet::from([Role::Customer, role])).err().map(|error| error.code());
            assert_eq!(refused, (role != Role::Customer).then_some("staff_account"), "{role:?}");
        }
        assert!(may_be_closed(&BTreeSet::new()).is_ok());
    }

    #[test]
    fn a_request_is_due_after_every_token_and_before_it_must_be_done() {
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let request = ErasureRequest::new(UserId::nobody(), now).unwrap();
        assert!(request.due_at > now.plus(Duration::from_mins(15)) && request.due_at < request.erase_by);
        assert_eq!(request.erase_by, now.plus(Duration::from_hours(24)));
        let other = ErasureRequest::new(UserId::nobody(), now).unwrap();
        assert_ne!(request.pseudonym, other.pseudonym);
        assert_eq!(request.pseudonym.as_str().get(14..15), Some("8"));
    }

    #[test]
    fn prescriptions_are_kept_for_whole_years() {
        let day = Date::parse("2024-02-29").unwrap();
        for years in [1, 5, 10] {
            let until = kept_until(day, years).unwrap().date();
            assert!(until.minus_months(12 * years) >= Date::parse("2024-02-28").unwrap(), "{years}: {until}");
            assert!(until.days_since(day) <= i64::from(years) * 366);
        }
    }
}
