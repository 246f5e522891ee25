//! One attempt to pay at a provider, with what was last seen of it.

use serde::{Deserialize, Serialize};

use super::observed::{Observed, Phase};
use super::refund::is_zero;
use crate::platform::clock::Timestamp;

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counted from one.
    pub n: u32,
    /// What the provider calls it.
    pub reference: String,
    /// The sum it was opened with, in minor units.
    pub amount: i64,
    /// When it was opened.
    pub at: Timestamp,
    /// The provider has refused to take what it holds so often that we have stopped asking.
    #[serde(default, skip_serializing_if = "is_false")]
    pub given_up: bool,
    /// What was seen of it.
    pub seen: Seen,
}

/// What was seen. The order of the members is the order in which two answers are compared: who asked last wins, and of two
/// who asked in the same millisecond always the one that has come further.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// When we asked.
    pub asked_at: Timestamp,
    /// How far it has come.
    pub phase: Phase,
    /// Whether sum, currency and reference were always ours.
    pub right: bool,
    /// Whether the payer disputes it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub disputed: bool,
    /// What of it the payer disputes, or has got back by that.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub contested: i64,
    /// What has gone back.
    pub returned: i64,
    /// What is on its way back.
    pub returning: i64,
    /// What is held.
    pub held: i64,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// The last try was declined.
    #[serde(default, skip_serializing_if = "is_false")]
    pub declined: bool,
    /// The customer has agreed, and it is for us to accept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub agreed: bool,
    /// The provider has not decided about a capture.
    #[serde(default, skip_serializing_if = "is_false")]
    pub undecided: bool,
    /// What was taken; last, since it is joined by itself.
    pub taken: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_false(value: &bool) -> bool {
    !value
}

impl Seen {
    /// The later of both, but nothing goes back: neither a phase, nor what was taken, nor that something was wrong.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let (phase, taken) = (self.phase.max(other.phase), self.taken.max(other.taken));
        let right = self.right && other.right;
        let mut latest = Self { phase, right, ..self }.max(Self { phase, right, ..other });
        latest.taken = taken;
        latest
    }
}

impl From<&Observed> for Seen {
    fn from(observed: &Observed) -> Self {
        Self {
            asked_at: observed.asked_at,
            phase: observed.phase,
            right: observed.right,
            declined: observed.declined,
            agreed: observed.agreed,
            undecided: observed.undecided,
            held: observed.held,
            held_until: observed.held_until,
            returned: observed.returned,
            returning: observed.returning,
            disputed: observed.disputed,
            contested: observed.contested,
            taken: observed.taken,
        }
    }
}

impl Attempt {
    /// One that was just opened.
    pub fn opened(n: u32, reference: String, amount: i64, at: Timestamp) -> Self {
        let seen = Seen {
            asked_at: at,
            phase: Phase::Open,
            right: true,
            declined: false,
            agreed: false,
            undecided: false,
            held: 0,
            held_until: None,
            returned: 0,
            returning: 0,
            disputed: false,
            contested: 0,
            taken: 0,
        };
        Self { n, reference, amount, at, given_up: false, seen }
    }

    /// Whether the customer can still pay by it.
    pub fn is_open(&self) -> bool {
        self.seen.phase == Phase::Open && self.seen.taken == 0
    }

    /// Whether money is held by it.
    pub fn is_held(&self) -> bool {
        self.seen.phase == Phase::Held && self.seen.taken == 0
    }

    /// Whether money was taken by it.
    pub fn is_taken(&self) -> bool {
        self.seen.taken > 0
    }

    /// Whether the customer has agreed to pay by it, and it is for us to accept.
    pub fn is_agreed(&self) -> bool {
        self.is_open() && self.seen.agreed && self.seen.right
    }

    /// Joins what was seen.
    pub fn join(&mut self, observed: &Observed) {
        self.seen = self.seen.clone().joined(observed.into());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_seen() -> impl Strategy<Value = Seen> {
        let phase = prop_oneof![Just(Phase::Open), Just(Phase::Held), Just(Phase::Taken), Just(Phase::Closed)];
        let sums = (0i64..4, 0i64..4, 0i64..4, 0i64..4);
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        (0i64..4, phase, flags, sums, proptest::option::of(0i64..3)).prop_map(
            |(asked_at, phase, flags, (held, taken, returned, returning), held_until)| Seen {
                asked_at: Timestamp::from_millis(asked_at),
                phase,
                right: flags.0,
                declined: flags.1,
                agreed: flags.2,
                undecided: flags.3,
                held,
                held_until: held_until.map(Timestamp::from_millis),
                returned,
                returning,
                disputed: flags.4,
                contested: returning,
                taken,
            },
        )
    }

    #[test]
    fn what_holds_of_an_attempt_is_stored_and_what_does_not_takes_no_room() {
        let mut one = Attempt::opened(1, "pi_1".to_owned(), 1000, Timestamp::from_millis(1));
        let stored = serde_json::to_value(&one).unwrap();
        assert_eq!(stored.get("given_up"), None);
        for flag in ["disputed", "declined", "agreed", "undecided"] {
            assert_eq!(stored["seen"].get(flag), None, "{flag}");
        }
        assert_eq!(serde_json::from_value::<Attempt>(stored).unwrap(), one);
        one.given_up = true;
        (one.seen.disputed, one.seen.declined, one.seen.agreed, one.seen.undecided) = (true, true, true, true);
        let stored = serde_json::to_value(&one).unwrap();
        assert_eq!(serde_json::from_value::<Attempt>(stored).unwrap(), one);
    }

    #[test]
    fn what_a_customer_agreed_to_is_for_us_to_accept_while_it_is_open_and_the_sum_is_ours() {
        for (phase, right, agreed, accepted) in [
            (Phase::Open, true, true, true),
            (Phase::Open, true, false, false),
            (Phase::Open, false, true, false),
            (Phase::Held, true, true, false),
            (Phase::Closed, true, true, false),
        ] {
            let mut one = Attempt::opened(1, "pi_1".to_owned(), 1000, Timestamp::from_millis(1));
            (one.seen.phase, one.seen.right, one.seen.agreed) = (phase, right, agreed);
            assert_eq!(one.is_agreed(), accepted, "{phase:?} {right} {agreed}");
        }
    }

    fn all(seen: impl IntoIterator<Item = Seen>) -> Option<Seen> {
        seen.into_iter().reduce(Seen::joined)
    }

    proptest! {
        #[test]
        fn answers_in_any_order_doubled_and_in_groups_come_to_the_same(
            seen in prop::collection::vec(any_seen(), 1..7),
            order in Just(()).prop_perturb(|(), mut random| random.random::<u64>()),
            cut in 0usize..7,
        ) {
            let mut shuffled = seen.clone();
            shuffled.extend(seen.iter().cloned());
            let mut state = order | 1;
            for place in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let other = usize::try_from(state >> 33).unwrap() % (place + 1);
                shuffled.swap(place, other);
            }
            let (left, right) = shuffled.split_at(cut.min(shuffled.len()));
            let grouped = all(all(left.to_vec()).into_iter().chain(all(right.to_vec())));
            prop_assert_eq!(grouped, all(seen));
        }

        #[test]
        fn nothing_goes_back(a in any_seen(), b in any_seen()) {
            let joined = a.clone().joined(b.clone());
            prop_assert!(joined.taken >= a.taken && joined.taken >= b.taken);
            prop_assert!(joined.phase >= a.phase && joined.phase >= b.phase);
            prop_assert!(!joined.right || (a.right && b.right));
            prop_assert_eq!(joined.asked_at, a.asked_at.max(b.asked_at));
        }
    }
}
