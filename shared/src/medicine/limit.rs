//! How much of a substance one person may get within so many days, over all orders: by law or by the pharmacy's policy.

use std::borrow::Cow;

use super::condition::milligrams;
use super::dataset::{Side, Vocabulary, rows};
use super::decimal::Decimal;

const TABLE: &str = include_str!("data/limits.tsv");

/// A rolling limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Which: `rul_limit_3`.
    pub id: Cow<'static, str>,
    /// The substance.
    pub substance: Cow<'static, str>,
    /// The jurisdiction, as an ISO 3166 code; `any` is everywhere.
    pub jurisdiction: Cow<'static, str>,
    /// The days it looks back over, today included; at least one.
    pub days: u32,
    /// The most in them, in mg of the base.
    pub most: Decimal,
    /// Whether it is for what is sold without a prescription alone.
    pub without_prescription_only: bool,
    /// Whether the law says so; otherwise it is the pharmacy's policy.
    pub law: bool,
    /// Where it is from.
    pub citation: Cow<'static, str>,
}

/// How much one person got of a substance, and how many days ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Got {
    /// The substance.
    pub substance: Side,
    /// 0 is today.
    pub days_ago: u32,
    /// In mg of the base.
    pub amount: Decimal,
}

/// A limit that would be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed<'l> {
    /// Which.
    pub limit: &'l Limit,
    /// What it would come to, in mg.
    pub sum: Decimal,
    /// In how many days what is wanted fits again; `None` where it never does.
    pub eligible_in_days: Option<u32>,
}

/// The limits of the starter data.
pub fn starter() -> Vec<Limit> {
    let all = rows::<7>(TABLE).enumerate().filter_map(|(line, [substance, place, days, most, what, why, citation])| {
        Some(Limit {
            id: Cow::Owned(format!("rul_limit_{}", line + 1)),
            substance: Cow::Borrowed(substance),
            jurisdiction: Cow::Borrowed(place),
            days: days.parse().ok().filter(|days| *days > 0)?,
            most: milligrams(most)?,
            without_prescription_only: what == "otc",
            law: why == "law",
            citation: Cow::Borrowed(citation),
        })
    });
    all.collect()
}

/// The limits that `wanted` would pass today beside what the person already got.
pub fn check<'l>(
    limits: &'l [Limit],
    jurisdiction: &str,
    got: &[Got],
    wanted: Side,
    amount: Decimal,
) -> Vec<Passed<'l>> {
    let vocabulary = Vocabulary::get();
    let here = |limit: &&Limit| limit.jurisdiction == "any" || limit.jurisdiction == jurisdiction;
    let about = |limit: &&Limit| vocabulary.side(&limit.substance) == Some(wanted);
    let sum_after = |limit: &Limit, wait: u32| {
        let counted = got.iter().filter(|one| one.substance == wanted && one.days_ago + wait < limit.days);
        counted.fold(amount, |sum, one| sum.saturating_add(one.amount))
    };
    let passed = limits.iter().filter(here).filter(about).filter_map(|limit| {
        let sum = sum_after(limit, 0);
        if sum <= limit.most {
            return None;
        }
        let eligible_in_days = (1..=limit.days).find(|wait| sum_after(limit, *wait) <= limit.most);
        Some(Passed { limit, sum, eligible_in_days })
    });
    passed.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(id: &str) -> Side {
        Vocabulary::get().side(id).unwrap()
    }

    fn got(days_ago: u32, amount: i64) -> Got {
        Got { substance: side("pseudoephedrine"), days_ago, amount: Decimal::from(amount) }
    }

    fn passed(place: &str, got: &[Got], amount: i64) -> Vec<(u32, Option<u32>)> {
        let all = starter();
        let found = check(&all, place, got, side("pseudoephedrine"), Decimal::from(amount));
        found.iter().map(|passed| (passed.limit.days, passed.eligible_in_days)).collect()
    }

    #[test]
    fn every_line_is_read() {
        assert_eq!(TABLE.lines().filter(|line| !line.starts_with('#')).count(), starter().len());
        for limit in starter() {
            assert!(Vocabulary::get().side(&limit.substance).is_some() && limit.citation.len() > 10);
        }
    }

    #[test]
    fn a_limit_is_reached_and_not_passed() {
        assert_eq!(passed("US", &[], 3600), []);
        assert_eq!(passed("US", &[], 3601), [(1, None)]);
        assert_eq!(passed("US", &[got(0, 3000)], 601), [(1, Some(1))]);
        assert_eq!(
            passed("US", &[got(1, 3600), got(29, 3600)], 400),
            [(30, Some(1)), (30, Some(1))],
            "the law and the policy"
        );
        assert_eq!(passed("US", &[got(1, 3600), got(30, 3600)], 400), []);
        assert_eq!(passed("NP", &[got(0, 3000)], 3601), [], "another country's law");
        assert_eq!(passed("NP", &[got(0, 3000)], 4501), [(30, Some(30))], "the policy is everybody's");
    }

    proptest! {
        #[test]
        fn what_fits_after_the_wait_did_not_fit_a_day_sooner(days in proptest::collection::vec(0_u32..40, 0..8), amount in 1_i64..4000) {
            let history: Vec<Got> = days.iter().map(|day| got(*day, 1200)).collect();
            for (window, wait) in passed("US", &history, amount) {
                let Some(wait) = wait else { continue };
                let after = |by: u32| {
                    let history: Vec<Got> = history.iter().map(|one| Got { days_ago: one.days_ago + by, ..*one }).collect();
                    passed("US", &history, amount).iter().any(|(days, _)| *days == window)
                };
                prop_assert!(!after(wait) && after(wait - 1));
            }
        }
    }
}
