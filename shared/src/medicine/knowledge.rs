//! What counts: the rules that pharmacists have reviewed, ready to be asked.

use std::collections::BTreeMap;

use super::base;
use super::body::{Made, make};
use super::contraindication::{self, Contraindication};
use super::dataset::{NAME, RELEASE, VERSION};
use super::dose::{self, DoseRule};
use super::interaction::Index;
use super::limit::{self, Limit};
use super::review::{RuleKind, RuleVersion, Set};
use super::rule::Rule;
use crate::platform::clock::Date;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;
use crate::platform::zone::Zone;

/// Who reviewed a rule, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The version that was reviewed; of a rule of a set, the release of the starter data.
    pub version: u64,
    /// Who.
    pub by: UserId,
    /// On which day of the pharmacy's.
    pub on: Date,
}

/// The reviewed rules.
#[derive(Debug)]
pub struct Knowledge {
    index: Index,
    doses: Vec<DoseRule>,
    contraindications: Vec<Contraindication>,
    limits: Vec<Limit>,
    sets: BTreeMap<Set, Review>,
    reviews: BTreeMap<String, Review>,
    faulty: Vec<String>,
}

impl Knowledge {
    /// Of the reviewed versions that are in force, reviewed on days of this zone.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn of(active: &[RuleVersion], zone: &Zone) -> Result<Self> {
        let mut sets = BTreeMap::new();
        let mut reviews = BTreeMap::new();
        let mut faulty = Vec::new();
        let mut made: Vec<(RuleKind, String, Made)> = Vec::new();
        for version in active {
            // Signs of an emergency are read apart: see `flags`.
            if version.kind == RuleKind::RedFlag {
                continue;
            }
            let (Some(by), Some(at)) = (version.reviewed_by.clone(), version.reviewed_at) else { continue };
            let review = Review { version: version.version, by, on: zone.day(at)? };
            if let Some(set) = version.id.set() {
                // What was reviewed is another release than what is compiled in: it does not count.
                if version.version == RELEASE && version.kind == set.kind() {
                    sets.insert(set, review);
                }
                continue;
            }
            let id = version.id.as_str().to_owned();
            let body: serde_json::Value = serde_json::from_str(&version.body).unwrap_or_default();
            match make(version.kind, &id, version.version, &body) {
                Ok(rule) => {
                    reviews.insert(id.clone(), review);
                    made.push((version.kind, id, rule));
                }
                Err(_) => faulty.push(id),
            }
        }
        let replaced = |kind: RuleKind, id: &str| made.iter().any(|(other, own, _)| *other == kind && own == id);
        let mut interactions: Vec<Rule> = Vec::new();
        if sets.contains_key(&Set::Ansm) {
            interactions.extend(base::ansm());
        }
        if sets.contains_key(&Set::Labels) {
            interactions.extend(base::labels());
        }
        interactions.retain(|rule| !replaced(RuleKind::Interaction, &rule.id));
        let mut doses = if sets.contains_key(&Set::Doses) { dose::starter() } else { Vec::new() };
        doses.retain(|rule| !replaced(RuleKind::Dose, &rule.id));
        let mut contraindications =
            if sets.contains_key(&Set::Contraindications) { contraindication::starter() } else { Vec::new() };
        contraindications.retain(|rule| !replaced(RuleKind::Contraindication, &rule.id));
        let mut limits = if sets.contains_key(&Set::Limits) { limit::starter() } else { Vec::new() };
        limits.retain(|rule| !replaced(RuleKind::Limit, &rule.id));
        for (_, _, rule) in made {
            match rule {
                Made::Withdrawn | Made::RedFlag(_) => {}
                Made::Interaction(rule) => interactions.push(*rule),
                Made::Dose(rule) => doses.push(*rule),
                Made::Contraindication(rule) => contraindications.push(rule),
                Made::Limit(rule) => limits.push(rule),
            }
        }
        let (index, unknown) = Index::new(interactions);
        faulty.extend(unknown);
        Ok(Self { index, doses, contraindications, limits, sets, reviews, faulty })
    }

    /// The interactions.
    ///
    /// # Errors
    /// 503 `not_reviewed` where no pharmacist has reviewed any: nothing found would mean nothing.
    pub fn interactions(&self) -> Result<&Index> {
        if self.index.rules().is_empty() { Err(not_reviewed()) } else { Ok(&self.index) }
    }

    /// The doses; where none is reviewed there is no rule.
    pub fn doses(&self) -> &[DoseRule] {
        &self.doses
    }

    /// The contraindications.
    ///
    /// # Errors
    /// 503 `not_reviewed`, as [`Self::interactions`].
    pub fn contraindications(&self) -> Result<&[Contraindication]> {
        if self.contraindications.is_empty() { Err(not_reviewed()) } else { Ok(&self.contraindications) }
    }

    /// The rolling limits.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// The sets of the starter data that count, and who reviewed them.
    pub fn sets(&self) -> &BTreeMap<Set, Review> {
        &self.sets
    }

    /// Who reviewed a rule: itself, or the set it came in.
    pub fn review_of(&self, rule: &str) -> Option<&Review> {
        let set = match rule.strip_prefix("rul_")?.split('_').next()? {
            "ansm" => Some(Set::Ansm),
            "label" => Some(Set::Labels),
            "dose" => Some(Set::Doses),
            "contra" => Some(Set::Contraindications),
            "limit" => Some(Set::Limits),
            _ => None,
        };
        self.reviews.get(rule).or_else(|| self.sets.get(&set?))
    }

    /// Rules that were reviewed and cannot be read by this version; an operator must be told.
    pub fn faulty(&self) -> &[String] {
        &self.faulty
    }

    /// The name and version of all that counts, for answers and for what is written down.
    pub fn dataset(&self) -> (&'static str, String) {
        let own = self.reviews.len();
        let sets: Vec<&str> = self.sets.keys().map(|set| set.id().trim_start_matches("rul_set_")).collect();
        let name = if sets.is_empty() { "none".to_owned() } else { sets.join("+") };
        (NAME, format!("{VERSION}.{RELEASE} ({name}, {own} own)"))
    }
}

fn not_reviewed() -> Error {
    let detail = wording::medicine::nothing_reviewed();
    Error::new(Kind::Unavailable, "not_reviewed", detail)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::medicine::review::{RuleId, RuleStatus};
    use crate::platform::clock::Timestamp;

    pub(crate) fn reviewed(kind: RuleKind, id: &str, version: u64, body: &str) -> RuleVersion {
        let at = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        RuleVersion {
            kind,
            id: RuleId::parse(id).unwrap(),
            version,
            status: RuleStatus::Reviewed,
            body: body.to_owned(),
            author: None,
            written_at: at,
            reviewed_by: Some(UserId::parse("00000000-0000-4000-8000-000000000001").unwrap()),
            reviewed_at: Some(at),
            note: None,
        }
    }

    fn all_sets() -> Vec<RuleVersion> {
        Set::ALL.iter().map(|set| reviewed(set.kind(), set.id(), RELEASE, "")).collect()
    }

    /// The rules that these make, where days are those of UTC.
    pub(crate) fn knowledge(active: &[RuleVersion]) -> Knowledge {
        Knowledge::of(active, &Zone::parse("UTC").unwrap()).unwrap()
    }

    /// All rules of the starter data.
    pub(crate) fn everything() -> Knowledge {
        knowledge(&all_sets())
    }

    #[test]
    fn a_review_is_of_the_day_that_it_is_where_the_pharmacy_is() {
        let mut set = reviewed(RuleKind::Dose, "rul_set_doses", RELEASE, "");
        set.reviewed_at = Timestamp::parse("2026-11-20T20:00:00Z").ok();
        let on = |zone: &str| {
            let knowledge = Knowledge::of(std::slice::from_ref(&set), &Zone::parse(zone).unwrap());
            knowledge.map(|knowledge| knowledge.sets()[&Set::Doses].on.to_string())
        };
        assert_eq!(on("UTC").unwrap(), "2026-11-20");
        assert_eq!(on("Asia/Kathmandu").unwrap(), "2026-11-21");
        assert!(on("Mars/Olympus").is_err());
    }

    #[test]
    fn what_nobody_reviewed_says_nothing() {
        let nothing = knowledge(&[]);
        assert_eq!(nothing.interactions().unwrap_err().code(), "not_reviewed");
        assert_eq!(nothing.contraindications().unwrap_err().code(), "not_reviewed");
        assert!(nothing.doses().is_empty() && nothing.limits().is_empty());
        let other_release = knowledge(&[reviewed(RuleKind::Interaction, "rul_set_ansm", RELEASE + 1, "")]);
        assert!(other_release.interactions().is_err());
    }

    #[test]
    fn a_set_counts_once_reviewed_and_says_by_whom() {
        let all = knowledge(&all_sets());
        assert!(all.interactions().unwrap().rules().len() > 1_583);
        assert!(all.doses().len() > 100 && all.faulty().is_empty());
        assert_eq!(all.review_of("rul_ansm_385").unwrap().version, RELEASE);
        assert_eq!(all.review_of("rul_made_up"), None);
    }

    #[test]
    fn a_rule_of_the_pharmacy_takes_the_place_of_a_starter_rule() {
        let mut active = all_sets();
        let count = |active: &[RuleVersion]| knowledge(active).interactions().unwrap().rules().len();
        let before = count(&active);
        active.push(reviewed(RuleKind::Interaction, "rul_ansm_1910", 1, r#"{"withdrawn":true,"reason":"too broad"}"#));
        assert_eq!(count(&active), before - 1);
        active.push(reviewed(RuleKind::Interaction, "rul_garbled", 1, "{}"));
        assert_eq!(knowledge(&active).faulty(), ["rul_garbled"]);
        // The same id among the doses is another rule.
        let mut doses = all_sets();
        doses.push(reviewed(RuleKind::Dose, "rul_ansm_1910", 1, r#"{"withdrawn":true,"reason":"x"}"#));
        assert_eq!(count(&doses), before);
    }
}
