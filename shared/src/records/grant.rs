//! That the owner of an account lets somebody who works here read what is on record about a patient. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::Kind;
use crate::platform::clock::Timestamp;
use crate::platform::fields::{Field, FieldErrors, Invalid, all, each};
use crate::platform::ids::{PatientId, UserId};
use crate::platform::wording;

/// The longest that a grant holds.
const LONGEST: Duration = Duration::from_hours(366 * 24);

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// About whom.
    pub patient: PatientId,
    /// Who may read.
    pub to: UserId,
    /// What.
    pub kinds: Vec<Kind>,
    /// Until when.
    pub until: Timestamp,
    /// Since when.
    pub granted_at: Timestamp,
}

impl Grant {
    /// Whether it holds.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// Whether it is about all of `kinds`.
    pub fn covers(&self, kinds: &[Kind]) -> bool {
        kinds.iter().all(|kind| self.kinds.contains(kind))
    }
}

/// A grant as a request carries it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GrantRequest {
    /// What may be read, at least one kind.
    #[schema(value_type = Vec<Kind>, min_items = 1)]
    kinds: Field<Vec<String>>,
    /// Until when, at most a year.
    #[schema(value_type = String, format = DateTime)]
    until: Field<String>,
}

/// The same, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// What.
    pub kinds: Vec<Kind>,
    /// Until when.
    pub until: Timestamp,
}

impl GrantRequest {
    /// The grant.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, now: Timestamp) -> Result<NewGrant, FieldErrors> {
        let kinds = |names: Vec<String>| {
            let mut kinds = each(names, |name| Kind::parse(&name).map_err(|wrong| vec![wrong.at("")]))?;
            kinds.sort_unstable();
            kinds.dedup();
            if kinds.is_empty() {
                Err(vec![Invalid::new("empty", wording::field::at_least_one()).at("")])
            } else {
                Ok(kinds)
            }
        };
        let until = |text: String| {
            let until = Timestamp::parse(&text)?;
            match until {
                until if until <= now => Err(Invalid::new("in_the_past", wording::field::to_come())),
                until if until > now.plus(LONGEST) => {
                    Err(Invalid::new("out_of_range", wording::field::within_a_year()))
                }
                until => Ok(until),
            }
        };
        let (kinds, until) = all((self.kinds.nested("kinds", kinds), self.until.parse("until", until)))?;
        Ok(NewGrant { kinds, until })
    }
}

/// A grant as the owner sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordGrant)]
pub struct GrantView {
    /// Who may read.
    #[schema(value_type = String)]
    user_id: UserId,
    /// About whom.
    #[schema(value_type = String)]
    patient_id: PatientId,
    /// What.
    kinds: Vec<Kind>,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    granted_at: Timestamp,
}

impl From<Grant> for GrantView {
    fn from(grant: Grant) -> Self {
        Self {
            user_id: grant.to,
            patient_id: grant.patient,
            kinds: grant.kinds,
            until: grant.until,
            granted_at: grant.granted_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::fields;

    fn read(body: serde_json::Value) -> Result<NewGrant, FieldErrors> {
        let now = Timestamp::parse("2026-11-29T10:00:00Z").unwrap();
        fields::from_json::<GrantRequest>(body)?.check(now)
    }

    #[test]
    fn a_grant_is_for_kinds_and_until_a_time() {
        let grant = read(json!({"kinds": ["labs", "allergies", "labs"], "until": "2026-12-01T00:00:00Z"})).unwrap();
        assert_eq!(grant.kinds, [Kind::Allergies, Kind::Labs]);
        for (body, field, code) in [
            (json!({"kinds": [], "until": "2026-12-01T00:00:00Z"}), "kinds", "empty"),
            (json!({"kinds": ["x"], "until": "2026-12-01T00:00:00Z"}), "kinds[0]", "unknown_value"),
            (json!({"kinds": ["labs"], "until": "2026-11-29T10:00:00Z"}), "until", "in_the_past"),
            (json!({"kinds": ["labs"], "until": "2028-12-01T00:00:00Z"}), "until", "out_of_range"),
        ] {
            let errors = read(body).unwrap_err();
            assert_eq!((errors[0].field.as_str(), errors[0].code), (field, code));
        }
    }

    #[test]
    fn a_grant_covers_what_it_names_and_nothing_after_its_time() {
        let grant = Grant {
            patient: crate::patients::of_owner(&UserId::nobody()),
            to: UserId::nobody(),
            kinds: vec![Kind::Labs, Kind::Notes],
            until: Timestamp::from_millis(10),
            granted_at: Timestamp::from_millis(0),
        };
        assert!(grant.covers(&[Kind::Labs]) && !grant.covers(&[Kind::Labs, Kind::Allergies]));
        assert!(grant.holds_at(Timestamp::from_millis(9)) && !grant.holds_at(Timestamp::from_millis(10)));
    }
}
