//! How well triage ranks, measured on patients drawn from the published shares, with a seed of its own. docs/diagnosis.md has the
//! figures that `cargo run --example measure_triage` prints; the tests here fail where they get worse.
//!
//! These patients are made of the numbers that the ranking uses: they show that it does what it is meant to, and say nothing of real
//! ones.

use super::facts::{Condition, Facts};
use super::ranking::{Known, questions, rank};

/// Numbers that look random and are the same each time (SplitMix64, Steele et al., OOPSLA 2014).
#[derive(Clone, Debug)]
pub struct Draw(u64);

/// How answers are not as the share says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slips {
    /// Of a hundred answers, how many are the other way round.
    pub wrong: u64,
    /// Of a hundred, how many are "unsure".
    pub unsure: u64,
}

/// How somebody fared who came with one complaint and was asked one question at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many questions it took until the right condition was among the first three; `None`: it never was.
    pub until_third: Option<usize>,
    /// In which place it was, from zero, once all questions were asked.
    pub place: Option<usize>,
}

impl Draw {
    /// A row of numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `most`, which is not zero.
    fn below(&mut self, most: u64) -> u64 {
        self.next().checked_rem(most).unwrap_or_default()
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let place = self.below(u64::try_from(all.len()).ok()?);
        all.get(usize::try_from(place).ok()?)
    }

    /// A condition, as often as the synthetic patients have it.
    pub fn condition(&mut self) -> Option<&'static Condition> {
        let all: u64 = Facts::get().ranked().map(|condition| u64::from(condition.count)).sum();
        let mut left = self.below(all);
        Facts::get().ranked().find(|condition| match left.checked_sub(u64::from(condition.count)) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
    }

    /// All that a patient with a condition has, and has not.
    pub fn patient(&mut self, condition: &Condition) -> Known {
        let of = |symptom: usize| condition.shares.get(&symptom).copied().unwrap_or(0);
        (0..Facts::get().symptoms.len())
            .map(|symptom| (symptom, self.below(1_000_000) < u64::from(of(symptom))))
            .collect()
    }

    /// What a patient answers who has this, or has not; `None`: unsure.
    fn answer(&mut self, there: bool, slips: Slips) -> Option<bool> {
        let drawn = self.below(100);
        match drawn {
            _ if drawn < slips.wrong => Some(!there),
            _ if drawn < slips.wrong.saturating_add(slips.unsure) => None,
            _ => Some(there),
        }
    }

    /// Asks a patient who has come with one of the things that they have, for which `complaint` says that one comes with it. Who has
    /// none of these does not come.
    pub fn asked(
        &mut self,
        (condition, whole): (&Condition, &Known),
        complaint: impl Fn(usize) -> bool,
        (most, slips): (usize, Slips),
    ) -> Option<Asked> {
        let there = |(symptom, there): (&usize, &bool)| (*there && complaint(*symptom)).then_some(*symptom);
        let complaints: Vec<usize> = whole.iter().filter_map(there).collect();
        let first = *self.one_of(&complaints)?;
        let mut known = Known::from([(first, true)]);
        // Who is unsure is not asked again.
        let mut put = std::collections::BTreeSet::from([first]);
        let mut until_third = place(&known, condition, 3).map(|_| 0);
        for count in 1..=most {
            let Some(question) = questions(&known, 1, |symptom| !put.contains(&symptom)).first().copied() else {
                break;
            };
            put.insert(question);
            if let Some(answer) = self.answer(whole.get(&question).copied().unwrap_or(false), slips) {
                known.insert(question, answer);
            }
            if until_third.is_none() {
                until_third = place(&known, condition, 3).map(|_| count);
            }
        }
        Some(Asked { until_third, place: place(&known, condition, 5) })
    }
}

/// In which place the right condition comes, from zero.
pub fn place(known: &Known, condition: &Condition, most: usize) -> Option<usize> {
    rank(known, most).iter().position(|ranked| ranked.condition.id == condition.id)
}

/// Of a hundred, how many.
pub fn percent(of: usize, all: usize) -> usize {
    (of.saturating_mul(200).saturating_add(all)).checked_div(all.saturating_mul(2)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_said_everything_is_placed_well() {
        let mut draw = Draw::new(2026);
        let mut places = [0_usize; 5];
        let each = 12;
        let conditions: Vec<_> = Facts::get().ranked().collect();
        for condition in conditions.iter().copied() {
            for _ in 0..each {
                let known = draw.patient(condition);
                if let Some(place) = place(&known, condition, 5) {
                    places.iter_mut().skip(place).for_each(|count| *count += 1);
                }
            }
        }
        let all = conditions.len() * each;
        let (first, third, fifth) = (percent(places[0], all), percent(places[2], all), percent(places[4], all));
        assert!(first >= 97 && third >= 99 && fifth >= 99, "of {all}: {first} {third} {fifth}");
    }

    #[test]
    fn few_questions_lead_to_the_first_three() {
        const MOST: usize = 15;
        let mut draw = Draw::new(11);
        let mut asked = Vec::new();
        let conditions: Vec<_> = Facts::get().ranked().collect();
        for condition in conditions.iter().copied() {
            for _ in 0..2 {
                let whole = draw.patient(condition);
                let Some(one) = draw.asked((condition, &whole), |_| true, (MOST, Slips::default())) else { continue };
                asked.push(one.until_third.unwrap_or(MOST + 1));
            }
        }
        asked.sort_unstable();
        let within = |most: usize| percent(asked.iter().filter(|count| **count <= most).count(), asked.len());
        assert!(within(3) >= 80 && within(5) >= 90 && within(MOST) >= 97, "{asked:?}");
    }

    #[test]
    fn who_answers_wrongly_or_not_at_all_fares_worse_and_is_drawn_the_same_each_time() {
        let fare = |slips: Slips| {
            let mut draw = Draw::new(5);
            let conditions: Vec<_> = Facts::get().ranked().step_by(4).collect();
            let asked: Vec<_> = conditions
                .iter()
                .copied()
                .map(|condition| {
                    let whole = draw.patient(condition);
                    draw.asked((condition, &whole), |_| true, (8, slips))
                })
                .collect();
            asked
        };
        let none = Slips::default();
        assert_eq!(fare(none), fare(none));
        let first = |asked: &[Option<Asked>]| asked.iter().flatten().filter(|one| one.place == Some(0)).count();
        let half = Slips { wrong: 50, unsure: 0 };
        assert!(first(&fare(none)) > first(&fare(half)));
        let unsure = Slips { wrong: 0, unsure: 100 };
        let mut draw = Draw::new(5);
        let condition = Facts::get().ranked().next().unwrap();
        let whole = draw.patient(condition);
        let asked = draw.asked((condition, &whole), |_| true, (5, unsure)).unwrap();
        assert_eq!(asked.place.map(|place| place < 3), asked.until_third.map(|count| count == 0));
    }

    #[test]
    fn conditions_are_drawn_as_often_as_they_are_there() {
        let mut draw = Draw::new(3);
        let mut rare = 0;
        for _ in 0..2000 {
            let condition = draw.condition().unwrap();
            rare += u32::from(condition.count < 10_000);
        }
        let among: u32 = Facts::get().ranked().filter(|one| one.count < 10_000).map(|one| one.count).sum();
        // Of 2,000, by their share among 1,025,602, give or take.
        let expected = among / 513;
        assert!(rare.abs_diff(expected) < 60, "{rare} {expected}");
        assert_eq!(draw.one_of::<u8>(&[]), None);
    }
}
