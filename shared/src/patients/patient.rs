//! A patient. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{FullName, Profile, Sex};
use crate::medicine::decimal::{Decimal, Number};
use crate::medicine::formula;
use crate::medicine::kidneys::ADULT;
use crate::medicine::patient::{Age, Patient as Known};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{PatientId, UserId};

/// For how many months an adult's weight counts.
pub const WEIGHT_MONTHS: u32 = 12;
/// For how many months the weight and the height of a child do.
const CHILDS_MONTHS: u32 = 3;
/// For how many months the height of somebody who is grown does.
pub const HEIGHT_MONTHS: u32 = 120;

/// What a patient is to the owner of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// The owner themselves.
    #[serde(rename = "self")]
    Owner,
    /// Their child.
    Child,
    /// Their mother or father.
    Parent,
    /// Their husband, wife or partner.
    Partner,
    /// Somebody else they care for.
    Other,
}

/// What changes of a patient's body and matters to what they may take. Nothing here has a default: what nobody has said
/// is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) weight_kg: Option<Number>,
    pub(super) weighed_on: Option<Date>,
    pub(super) pregnant: Option<bool>,
    pub(super) breastfeeding: Option<bool>,
}

/// Somebody whom medicine is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Patient {
    /// Their id.
    #[schema(value_type = String, example = "pat_01JDH3J9V8A6M2Q4R5T6W7X8Y9")]
    pub id: PatientId,
    /// Their name; of the owner, as far as the profile says.
    #[schema(value_type = Option<String>)]
    pub full_name: Option<FullName>,
    /// When they were born; of the owner, as far as the profile says.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
    /// FHIR administrative gender.
    pub sex: Sex,
    /// What they are to the owner of the account.
    pub relationship: Relationship,
    /// In kilograms, as text: `"12.50"` keeps its zero.
    #[schema(value_type = Option<String>, example = "12.5")]
    pub weight_kg: Option<Number>,
    /// On which day the weight was said. A child's weight of last year is nothing to dose by.
    #[schema(value_type = Option<String>, format = Date)]
    pub weighed_on: Option<Date>,
    /// Whether they are pregnant; `null`: nobody has said.
    pub pregnant: Option<bool>,
    /// Whether they breastfeed; `null`: nobody has said.
    pub breastfeeding: Option<bool>,
    /// Since when nothing new can be had for them; they stay readable, since something on file names them.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: u64,
}

/// The patient that the owner of an account is: the same for ever, without anything that is stored. The bits are those of
/// the owner's UUID.
pub fn of_owner(owner: &UserId) -> PatientId {
    let bits = owner.as_str().bytes().filter(u8::is_ascii_hexdigit).fold(0_u128, |bits, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            _ => digit - b'a' + 10,
        };
        (bits << 4) | u128::from(value)
    });
    PatientId::from_bits(bits)
}

/// Who it is if a patient is the owner of an account; whether there is such an account is another question.
pub(super) fn owner_in(patient: PatientId) -> Option<UserId> {
    let hex = format!("{:032x}", patient.ulid().0);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let text = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
    UserId::parse(&text).ok()
}

impl Patient {
    /// The owner of an account, by what the profile says.
    pub(super) fn of_profile(owner: &UserId, profile: Option<&Profile>, body: Body, changes: u64) -> Self {
        Self {
            id: of_owner(owner),
            full_name: profile.and_then(|profile| profile.full_name.clone()),
            date_of_birth: profile.and_then(|profile| profile.date_of_birth),
            sex: profile.and_then(|profile| profile.sex).unwrap_or(Sex::Unknown),
            relationship: Relationship::Owner,
            weight_kg: body.weight_kg,
            weighed_on: body.weighed_on,
            pregnant: body.pregnant,
            breastfeeding: body.breastfeeding,
            closed_at: None,
            // Both only ever grow, so whatever changes makes another version.
            version: profile.map_or(0, |profile| profile.version).saturating_add(changes),
        }
    }

    /// How old they are, where the day of birth is known.
    pub fn age(&self, today: Date) -> Option<Age> {
        self.date_of_birth.and_then(|born| Age::of_birth(born, today))
    }

    fn is_grown(&self, on: Date) -> bool {
        self.age(on).is_some_and(|age| age.years() >= ADULT)
    }

    /// Since when a weight counts: that of somebody who may be a child is another soon.
    pub fn weight_counts_since(&self, today: Date) -> Date {
        today.minus_months(if self.is_grown(today) { WEIGHT_MONTHS } else { CHILDS_MONTHS })
    }

    /// Since when a height counts: who was measured when they were grown is as tall for years, who may have been a child is not.
    pub fn height_counts_since(&self, today: Date) -> Date {
        let grown_for_long = self.is_grown(today.minus_months(HEIGHT_MONTHS));
        let lately = today.minus_months(CHILDS_MONTHS);
        match self.date_of_birth {
            _ if grown_for_long => today.minus_months(HEIGHT_MONTHS),
            Some(born) => born.plus_years(ADULT).min(lately),
            None => lately,
        }
    }

    /// The weight, as long as it counts.
    fn weight(&self, today: Date) -> Option<Decimal> {
        let lately = self.weighed_on.is_none_or(|on| on >= self.weight_counts_since(today));
        self.weight_kg.filter(|_| lately).map(|weight| weight.0)
    }

    /// What rules of medicine may go by. Allergies and conditions are not known here: records have them.
    pub fn known(&self, today: Date) -> Known {
        let sex = match self.sex {
            Sex::Female => Some(formula::Sex::Female),
            Sex::Male => Some(formula::Sex::Male),
            Sex::Other | Sex::Unknown => None,
        };
        Known {
            age: self.age(today),
            sex,
            weight: self.weight(today),
            pregnant: self.pregnant,
            breastfeeding: self.breastfeeding,
            ..Known::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn user(bits: u128) -> UserId {
        let hex = format!("{bits:032x}");
        let part = |from: usize, to: usize| hex[from..to].to_owned();
        let text = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
        UserId::parse(&text).unwrap()
    }

    #[test]
    fn of_an_owner_nothing_is_known_that_the_profile_does_not_say() {
        let nobody = Patient::of_profile(&user(7), None, Body::default(), 0);
        assert_eq!((nobody.full_name.clone(), nobody.date_of_birth, nobody.sex), (None, None, Sex::Unknown));
        let today = Date::parse("2026-11-29").unwrap();
        assert_eq!(nobody.known(today), Known::default());
    }

    #[test]
    fn administrative_gender_is_a_sex_for_formulas_where_it_can_be() {
        let mut patient = Patient::of_profile(&user(7), None, Body::default(), 0);
        patient.sex = Sex::Female;
        patient.date_of_birth = Date::parse("2020-11-29").ok();
        patient.weight_kg = Some(Number("20.50".parse().unwrap()));
        let known = patient.known(Date::parse("2026-11-29").unwrap());
        assert_eq!(known.sex, Some(formula::Sex::Female));
        assert_eq!(known.age.unwrap().years(), 6);
        assert_eq!(known.weight.unwrap().to_string(), "20.50");
        assert_eq!((known.pregnant, known.allergies), (None, None));
    }

    #[test]
    fn a_weight_counts_for_a_while() {
        let mut patient = Patient::of_profile(&user(7), None, Body::default(), 0);
        patient.weight_kg = Some(Number("20.50".parse().unwrap()));
        patient.weighed_on = Date::parse("2026-06-29").ok();
        let mut known = |born: &str, today: &str| {
            patient.date_of_birth = Date::parse(born).ok();
            patient.known(Date::parse(today).unwrap()).weight.is_some()
        };
        assert!(known("2020-11-29", "2026-09-29") && !known("2020-11-29", "2026-09-30"));
        assert!(known("1990-11-29", "2027-06-29") && !known("1990-11-29", "2027-06-30"));
        assert!(!known("nobody knows", "2026-11-29"), "it may be a child");
    }

    #[test]
    fn a_height_counts_once_somebody_is_grown_and_for_a_while_before() {
        let mut patient = Patient::of_profile(&user(7), None, Body::default(), 0);
        let mut since = |born: &str| {
            patient.date_of_birth = Date::parse(born).ok();
            patient.height_counts_since(Date::parse("2026-11-29").unwrap()).to_string()
        };
        assert_eq!(since("1960-01-01"), "2016-11-29");
        assert_eq!(since("2000-01-01"), "2018-01-01");
        assert_eq!(since("2008-11-01"), "2026-08-29", "eighteen for a month, and measured before");
        assert_eq!(since("2020-01-01"), "2026-08-29");
        assert_eq!(since("nobody knows"), "2026-08-29");
    }

    proptest! {
        #[test]
        fn owners_are_different_patients_and_always_the_same(one in any::<u128>(), other in any::<u128>()) {
            prop_assert_eq!(of_owner(&user(one)), of_owner(&user(one)));
            prop_assert_eq!(of_owner(&user(one)) == of_owner(&user(other)), one == other);
            let id = of_owner(&user(one));
            prop_assert_eq!(PatientId::parse(&id.to_string()), Ok(id));
            prop_assert_eq!(owner_in(id), Some(user(one)));
        }
    }
}
