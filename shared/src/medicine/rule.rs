//! Rules about two medicines, and where they are from.

use std::borrow::Cow;

use super::condition::{Branch, Condition, Member, Verdict};
use super::mechanism::Mechanism;
use super::patient::Patient;
use super::severity::Severity;

/// Where a rule is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The dataset or label: `ANSM`, `US label, warfarin tablets, section 7`.
    pub name: Cow<'static, str>,
    /// Its version or date.
    pub version: Cow<'static, str>,
    /// What identifies the rule there, if anything does.
    pub reference: Option<Cow<'static, str>>,
}

/// An interaction between whatever is on two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which: `rul_ansm_385`.
    pub id: Cow<'static, str>,
    /// The substance, class or other thing on the first side, possibly for one route only: `iron@intravenous`.
    pub first: Cow<'static, str>,
    /// The same on the second.
    pub second: Cow<'static, str>,
    /// The levels, each with its conditions; the most severe first.
    pub branches: Vec<Branch>,
    /// What lies behind it.
    pub mechanism: Mechanism,
    /// Where it is from.
    pub source: Source,
    /// How many days after the end of what is on the first side the rule still holds.
    pub washout_first: u16,
    /// The same for the second.
    pub washout_second: u16,
}

/// What a rule says of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The most severe level whose conditions are met or cannot be excluded.
    pub level: Severity,
    /// Those conditions, in words.
    pub conditions: Vec<String>,
    /// What is not recorded and was therefore counted as met.
    pub open: Vec<String>,
}

impl Rule {
    /// What it says of the medicine on its first and the one on its second side; `None` where no level applies.
    pub fn apply<M: Member>(&self, first: &M, second: &M, patient: &Patient) -> Option<Applied> {
        let applied = self.branches.iter().filter_map(|branch| apply(branch, first, second, patient));
        // Of equally severe levels the one that is certain is told.
        applied.max_by(|one, other| one.level.cmp(&other.level).then(other.open.len().cmp(&one.open.len())))
    }
}

fn apply<M: Member>(branch: &Branch, first: &M, second: &M, patient: &Patient) -> Option<Applied> {
    let mut open = Vec::new();
    for condition in &branch.when {
        match condition.judge(first, second, patient) {
            Verdict::Met => {}
            Verdict::Unmet => return None,
            Verdict::Open(missing) => open.push(missing),
        }
    }
    Some(Applied { level: branch.level, conditions: branch.when.iter().map(Condition::words).collect(), open })
}
