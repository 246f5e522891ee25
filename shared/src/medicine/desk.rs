//! The pharmacists' desk: writing rules, reviewing them, looking them up.

use futures_util::future::{try_join, try_join_all};

use super::base;
use super::body::{
    self, ContraindicationBody, DoseBody, FlagReadingBody, FlagSourceBody, HourSpan, InteractionBody, LimitBody, Made,
    PhrasesBody, RedFlagBody, RenalBody, Span,
};
use super::contraindication::{self, Contraindication, Who};
use super::decimal::Number;
use super::dose::{self, Basis, DoseRule, Renal, RenalAction};
use super::limit::{self, Limit};
use super::review::{RuleId, RuleKind, RuleStatus, RuleVersion, Set, Verdict};
use super::rule::Rule;
use super::severity::Severity;
use super::store::{RuleStore, Saved};
use crate::accounts::Language;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::fields::{FieldErrors, Invalid, nest};
use crate::platform::ids::new_ulid;
use crate::platform::precondition::Precondition;
use crate::platform::wording;
use crate::red_flags::{self, Emergency, InLanguages, Spoken};

/// Writing and reviewing rules.
#[derive(Debug)]
pub struct RuleDesk {
    /// The rules.
    pub store: RuleStore,
    /// The trail: every version and every decision is on it.
    pub audit: Audit,
    /// The clock.
    pub clock: Clock,
    /// Whether triage knows a symptom by this id.
    pub is_symptom: fn(&str) -> bool,
}

/// A rule with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The latest version; of a rule of a set, the set's.
    pub latest: RuleVersion,
    /// What it says.
    pub body: serde_json::Value,
    /// The version that counts.
    pub in_force: Option<u64>,
    /// Every version.
    pub versions: Vec<RuleVersion>,
    /// The set it came in.
    pub set: Option<Set>,
}

impl RuleDesk {
    /// Writes the next version of a rule; it counts once another pharmacist has reviewed it.
    ///
    /// # Errors
    /// 400 with every field at fault, also for a sign that is built in; 409 `set_is_fixed` for a set; 412 where another version was
    /// meant.
    pub async fn put(
        &self,
        actor: &Actor,
        kind: RuleKind,
        id: RuleId,
        rule: &serde_json::Value,
        precondition: &Precondition,
    ) -> Result<RuleVersion> {
        if id.set().is_some() {
            return Err(Error::conflict("set_is_fixed", wording::medicine::set_is_fixed()));
        }
        let before = self.store.current(kind, &id).await?;
        precondition.check(before.as_ref().map(|before| before.version))?;
        let now = self.clock.now();
        let version = before.as_ref().map_or(1, |before| before.version + 1);
        self.check(kind, &id, version, rule).map_err(|errors| Error::invalid_fields(nest("rule", errors)))?;
        let next = RuleVersion::next(before.as_ref(), kind, id, rule.to_string(), &actor.user, now);
        let entry = entry(actor, Action::WriteRule, &next, now);
        match self.store.propose(before.as_ref(), &next, self.audit.action(&entry)?).await? {
            Saved::Done => Ok(next),
            Saved::Moved => Err(Error::version_mismatch()),
        }
    }

    fn check(&self, kind: RuleKind, id: &RuleId, version: u64, rule: &serde_json::Value) -> Result<(), FieldErrors> {
        if kind == RuleKind::RedFlag && id.is_built_in() {
            let withdrawn = "withdrawn";
            let refused = match rule.get(withdrawn) {
                Some(_) => Invalid::new("built_in", wording::medicine::sign_stays()).at(withdrawn),
                None => Invalid::new("built_in", wording::medicine::sign_is_built_in()).at(""),
            };
            return Err(vec![refused]);
        }
        let made = body::make(kind, id.as_str(), version, rule)?;
        let symptoms = match &made {
            Made::RedFlag(rule) => rule.symptoms.as_slice(),
            _ => &[],
        };
        let unknown = symptoms.iter().enumerate().filter(|(_, symptom)| !(self.is_symptom)(symptom));
        let faults: FieldErrors = unknown
            .map(|(place, _)| {
                Invalid::new("unknown_value", wording::triage::a_symptom()).at(format!("symptoms[{place}]"))
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Decides on a version.
    ///
    /// # Errors
    /// 403 `own_rule`; 404; 409 `version_moved` or `already_reviewed`.
    pub async fn review(&self, actor: &Actor, kind: RuleKind, id: RuleId, verdict: Verdict) -> Result<RuleVersion> {
        let before = self.latest(kind, &id).await?.ok_or_else(Error::not_found)?;
        let now = self.clock.now();
        let after = before.reviewed(&actor.user, verdict, now)?;
        let entry = entry(actor, Action::ReviewRule, &after, now);
        match self.store.review(&after, &new_ulid(now).to_string(), self.audit.action(&entry)?).await? {
            Saved::Done => Ok(after),
            Saved::Moved => Err(Error::conflict("already_reviewed", wording::medicine::rule_just_reviewed())),
        }
    }

    /// The latest version of a rule; a set is there from the start.
    async fn latest(&self, kind: RuleKind, id: &RuleId) -> Result<Option<RuleVersion>> {
        let stored = self.store.current(kind, id).await?;
        let Some(set) = id.set() else { return Ok(stored) };
        if set.kind() != kind {
            return Ok(None);
        }
        let fresh = RuleVersion::of_set(set, id.clone());
        Ok(Some(stored.filter(|stored| stored.version == fresh.version).unwrap_or(fresh)))
    }

    /// A rule with its versions; a rule of the starter data too.
    ///
    /// # Errors
    /// 404.
    pub async fn get(&self, kind: RuleKind, id: &RuleId) -> Result<Found> {
        if let Some(latest) = self.latest(kind, id).await? {
            let (versions, active) = try_join(self.store.versions(kind, id), self.store.in_force(kind, id)).await?;
            let body = serde_json::from_str(&latest.body).unwrap_or_default();
            // What is built in counts from the start.
            let built_in = id.set().filter(|set| *set == Set::RedFlags).map(Set::release);
            let in_force = built_in.or(active.map(|active| active.version));
            return Ok(Found { body, in_force, versions, set: id.set(), latest });
        }
        let (set, body) = starter(kind)
            .into_iter()
            .find(|(_, own, _)| own == id.as_str())
            .map(|(set, _, body)| (set, body))
            .ok_or_else(Error::not_found)?;
        let set_id = RuleId::parse(set.id()).map_err(Error::internal)?;
        let latest = self.latest(kind, &set_id).await?.ok_or_else(Error::not_found)?;
        let counts = matches!(latest.status, RuleStatus::Reviewed | RuleStatus::BuiltIn);
        let in_force = counts.then_some(latest.version);
        let latest = RuleVersion { id: id.clone(), ..latest };
        Ok(Found { latest, body, in_force, versions: Vec::new(), set: Some(set) })
    }

    /// A page of the pharmacy's own rules of a kind, the sets that have been decided on among them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(
        &self,
        kind: RuleKind,
        after: Option<&str>,
        limit: u16,
    ) -> Result<(Vec<RuleVersion>, Option<String>)> {
        self.store.list(kind, after, limit).await
    }

    /// How it stands with the sets of a kind.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn sets(&self, kind: RuleKind) -> Result<Vec<RuleVersion>> {
        let ids = Set::ALL.into_iter().filter(|set| set.kind() == kind).map(|set| RuleId::parse(set.id()));
        let ids = ids.collect::<std::result::Result<Vec<_>, _>>().map_err(Error::internal)?;
        let latest = try_join_all(ids.iter().map(|id| self.latest(kind, id))).await?;
        Ok(latest.into_iter().flatten().collect())
    }
}

fn entry(actor: &Actor, action: Action, rule: &RuleVersion, now: crate::platform::clock::Timestamp) -> Entry {
    let detail = format!("{} version {}: {:?}", rule.kind, rule.version, rule.status);
    Entry::new(&actor.origin, action, Outcome::Allowed, &rule.id, now).by(actor).detail(detail)
}

/// The rules of the starter data of a kind: in which set, under which id, what they say.
pub fn starter(kind: RuleKind) -> Vec<(Set, String, serde_json::Value)> {
    let json = |set: Set, id: &str, body: serde_json::Result<serde_json::Value>| {
        (set, id.to_owned(), body.unwrap_or_default())
    };
    match kind {
        RuleKind::Interaction => {
            let ansm = base::ansm().into_iter().map(|rule| (Set::Ansm, rule));
            let labels = base::labels().into_iter().map(|rule| (Set::Labels, rule));
            ansm.chain(labels)
                .map(|(set, rule)| json(set, &rule.id, serde_json::to_value(interaction(&rule))))
                .collect()
        }
        RuleKind::Dose => dose::starter()
            .iter()
            .map(|rule| json(Set::Doses, &rule.id, serde_json::to_value(dose_body(rule))))
            .collect(),
        RuleKind::Contraindication => contraindication::starter()
            .iter()
            .map(|rule| json(Set::Contraindications, &rule.id, serde_json::to_value(contra(rule))))
            .collect(),
        RuleKind::Limit => limit::starter()
            .iter()
            .map(|rule| json(Set::Limits, &rule.id, serde_json::to_value(limit_body(rule))))
            .collect(),
        RuleKind::RedFlag => red_flags::spoken()
            .iter()
            .map(|one| json(Set::RedFlags, &RuleId::of_sign(one.sign.id), serde_json::to_value(flag_body(one))))
            .collect(),
    }
}

fn interaction(rule: &Rule) -> InteractionBody {
    let reference = rule.source.reference.as_ref().map(|numbers| format!(", rules {numbers}")).unwrap_or_default();
    InteractionBody {
        first: rule.first.to_string(),
        second: rule.second.to_string(),
        levels: rule.branches.clone(),
        mechanism: rule.mechanism.kind.to_owned(),
        washout_days_first: rule.washout_first,
        washout_days_second: rule.washout_second,
        citation: format!("{}, {}{reference}", rule.source.name, rule.source.version),
    }
}

fn dose_body(rule: &DoseRule) -> DoseBody {
    DoseBody {
        substance: rule.substance.to_string(),
        route: rule.route,
        indication: rule.indication.to_string(),
        age_from: rule.age_from.map(age),
        age_before: rule.age_before.map(age),
        weight_from_kg: rule.weight_from.map(Number),
        weight_before_kg: rule.weight_before.map(Number),
        basis: match rule.basis {
            Basis::Fixed => "fixed",
            Basis::PerKilogram => "per_kg",
            Basis::PerSquareMetre => "per_m2",
        }
        .to_owned(),
        dose_mg: Span { min: Number(rule.low), max: Number(rule.high) },
        interval_hours: HourSpan { min: rule.interval, max: rule.interval_longest },
        max_single_mg: Number(rule.most_single),
        max_daily_mg: Number(rule.most_daily),
        max_daily_mg_per_kg: rule.most_daily_per_kilogram.map(Number),
        renal: rule.renal.iter().map(renal).collect(),
        citation: rule.citation.to_string(),
    }
}

fn renal(renal: &Renal) -> RenalBody {
    let metric = match renal.metric {
        super::kidneys::Metric::Clearance => "crcl",
        super::kidneys::Metric::Filtration => "egfr",
    };
    let plain = |action: &str| RenalBody {
        metric: metric.to_owned(),
        lt: Number(renal.below),
        action: action.to_owned(),
        dose: None,
        interval_hours: None,
        max_daily_mg: None,
    };
    match &renal.action {
        RenalAction::Refuse(Severity::Contraindicated) => plain("contraindicated"),
        RenalAction::Refuse(_) => plain("not_recommended"),
        RenalAction::RefuseStart => plain("not_recommended_at_start"),
        RenalAction::Assess => plain("assess"),
        RenalAction::Monitor => plain("monitor"),
        RenalAction::Replace { low, high, every, most_daily } => RenalBody {
            dose: Some(Span { min: Number(*low), max: Number(*high) }),
            interval_hours: Some(*every),
            max_daily_mg: most_daily.map(Number),
            ..plain("dose")
        },
    }
}

fn contra(rule: &Contraindication) -> ContraindicationBody {
    ContraindicationBody {
        substance: rule.side.to_string(),
        who: rule.who.iter().map(Who::code).collect(),
        level: rule.level,
        citation: rule.citation.to_string(),
    }
}

fn limit_body(rule: &Limit) -> LimitBody {
    LimitBody {
        substance: rule.substance.to_string(),
        jurisdiction: rule.jurisdiction.to_string(),
        days: rule.days,
        max_mg: Number(rule.most),
        without_prescription_only: rule.without_prescription_only,
        law: rule.law,
        citation: rule.citation.to_string(),
    }
}

fn flag_body(spoken: &Spoken) -> RedFlagBody {
    let sign = spoken.sign;
    let in_languages = |text: &dyn Fn(Language) -> String| InLanguages {
        en: text(Language::English),
        ne: text(Language::Nepali),
        bn: text(Language::Bengali),
    };
    let [en, ne, bn] = spoken.patterns.each_ref().map(|all| all.iter().map(|one| (*one).to_owned()).collect());
    // Both lines are read by the same clinician, or it is a draft still.
    let read = [sign.reading, spoken.reading].iter().all(|reading| reading.by.is_some());
    let reading = spoken.reading;
    RedFlagBody {
        names: in_languages(&|language| sign.name(language).to_owned()),
        about: spoken.kind,
        urgency: "emergency".to_owned(),
        phrases: PhrasesBody { en, ne, bn },
        symptoms: Vec::new(),
        applies_to: None,
        tell: in_languages(&|language| Emergency::of(spoken.kind, language).message.into_owned()),
        source: FlagSourceBody { citation: sign.source.to_owned(), date: None },
        reading: Some(FlagReadingBody {
            version: sign.reading.version.max(reading.version),
            reviewed: read,
            reviewed_by: reading.by.filter(|_| read).map(str::to_owned),
            reviewed_on: reading.on.filter(|_| read).map(str::to_owned),
        }),
    }
}

fn age(days: u32) -> String {
    contraindication::age_code(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_that_nobody_has_read_says_so() {
        for (set, id, body) in starter(RuleKind::RedFlag) {
            let reading = &body["reading"];
            assert_eq!(
                (set, reading["reviewed"].as_bool()),
                (Set::RedFlags, Some(reading["reviewed_by"].is_string())),
                "{id}"
            );
        }
        assert_eq!(starter(RuleKind::RedFlag).len(), red_flags::signs().len());
    }

    /// Shown to a reviewer and read back, a rule is the same rule.
    #[test]
    fn every_starter_rule_reads_back_as_itself() {
        let mut seen = 0;
        for kind in RuleKind::ALL {
            for (_, id, shown) in starter(kind) {
                let made = body::make(kind, &id, 1, &shown).unwrap_or_else(|errors| panic!("{id}: {errors:?}"));
                match made {
                    Made::Dose(rule) => assert!(dose::starter().contains(&rule), "{id}"),
                    Made::Contraindication(rule) => assert!(contraindication::starter().contains(&rule), "{id}"),
                    Made::Limit(rule) => assert!(limit::starter().contains(&rule), "{id}"),
                    Made::Interaction(rule) => assert_eq!(rule.id, id),
                    Made::RedFlag(rule) => {
                        let sign = red_flags::signs().iter().find(|sign| RuleId::of_sign(sign.id) == rule.id);
                        assert_eq!(sign.map(|sign| sign.name(Language::Nepali)), Some(rule.names.ne.as_str()), "{id}");
                    }
                    Made::Withdrawn => panic!("{id}"),
                }
                seen += 1;
            }
        }
        assert!(seen > 2_000, "{seen}");
    }
}
