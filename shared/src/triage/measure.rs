//! How well triage does, measured on patients drawn from the published shares, with a seed of its own. docs/diagnosis.md has the
//! figures that `cargo run --example measure_triage` writes; the tests here fail where they get worse.
//!
//! These patients are made of the numbers that the ranking uses: they show that it does what it is meant to, and say nothing of real
//! ones.

use std::collections::BTreeSet;

use super::assess::{Said, alarm};
use super::facts::{Condition, Facts, Urgency};
use super::help::urgency;
use super::person::Person;
use super::ranking::{self, Known, questions};
use crate::accounts::{Language, Sex};
use crate::medicine::patient::Age;
use crate::platform::clock::Date;
use crate::red_flags::{Flags, signs};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many questions it took until the right condition was among the first three; `None`: it never was.
    pub until_third: Option<usize>,
    /// In which place of the first five it was, from zero, once all questions were asked.
    pub place: Option<usize>,
    /// What was known then.
    pub known: Known,
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
        let mut put = BTreeSet::from([first]);
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
        Some(Asked { until_third, place: place(&known, condition, 5), known })
    }
}

/// In which of the first `most` places the right condition comes, from zero.
pub fn place(known: &Known, condition: &Condition, most: usize) -> Option<usize> {
    ranking::place(known, condition).filter(|place| *place < most)
}

/// Some conditions that were ranked: how much they weighed, and how many were the right ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// How many.
    pub cases: u64,
    /// How many of them were right.
    pub right: u64,
    /// What they weighed together, in millionths.
    weight: u64,
}

impl Bin {
    fn add(&mut self, right: bool, weight: u32) {
        self.cases += 1;
        self.right += u64::from(right);
        self.weight += u64::from(weight);
    }

    /// What they weighed in the mean, in tenths of a percent.
    pub fn weighed(&self) -> u64 {
        self.weight.checked_div(self.cases.saturating_mul(1000)).unwrap_or_default()
    }

    /// How often they were right, in tenths of a percent.
    pub fn was_right(&self) -> u64 {
        self.right.saturating_mul(1000).checked_div(self.cases).unwrap_or_default()
    }

    /// What they weighed more or less than they were right, in millionths.
    fn error(&self) -> u64 {
        self.weight.abs_diff(self.right.saturating_mul(MILLION))
    }
}

const MILLION: u64 = 1_000_000;

/// Whether conditions are as often right as they weigh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calibration {
    /// Those in the first five places, by their place.
    pub places: [Bin; 5],
    /// The same by what they weigh, a tenth each.
    pub tenths: [Bin; 10],
    /// Those in the first place, by what they weigh.
    first: [Bin; 10],
    /// The squares of how far each weight was from the truth, in millionths of millionths.
    squares: u128,
    patients: u64,
}

impl Calibration {
    /// Adds a patient who has this condition, and of whom this is known.
    pub fn add(&mut self, known: &Known, condition: &Condition) {
        let weights = ranking::millionths(known);
        self.note(weights.into_iter().map(|(other, weight)| (other.id == condition.id, weight)));
    }

    /// Adds a patient: whether each condition is the right one, and what it weighs, the heaviest first.
    fn note(&mut self, weights: impl Iterator<Item = (bool, u32)>) {
        self.patients += 1;
        for (place, (right, weight)) in weights.enumerate() {
            let distance = u128::from(if right { MILLION.abs_diff(weight.into()) } else { weight.into() });
            self.squares += distance * distance;
            let tenth = usize::try_from(weight / 100_000).unwrap_or_default().min(9);
            let Some(at) = self.places.get_mut(place) else { continue };
            at.add(right, weight);
            let both = [self.tenths.get_mut(tenth), self.first.get_mut(tenth).filter(|_| place == 0)];
            both.into_iter().flatten().for_each(|bin| bin.add(right, weight));
        }
    }

    /// The score of Brier over all conditions, in ten-thousandths: 0 is the best, 20,000 the worst.
    pub fn brier(&self) -> u64 {
        let one = u128::from(MILLION) * u128::from(MILLION);
        let mean = (self.squares * 10_000).checked_div(one * u128::from(self.patients)).unwrap_or_default();
        u64::try_from(mean).unwrap_or(u64::MAX)
    }

    /// The expected calibration error of the first place by ten buckets of its weight, in ten-thousandths.
    pub fn expected_error(&self) -> u64 {
        let errors: u64 = self.first.iter().map(Bin::error).sum();
        errors.saturating_mul(10_000).checked_div(self.patients.saturating_mul(MILLION)).unwrap_or_default()
    }
}

/// How the signs on the list were answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    /// How many signs there are.
    pub signs: usize,
    /// How many sorts of persons were asked about each.
    pub persons: usize,
    /// The signs that were no emergency for somebody.
    pub missed: Vec<&'static str>,
}

fn persons() -> Vec<Person> {
    let day = |text: &str| Date::parse(text).ok();
    let born = ["2026-11-10", "2026-03-01", "2024-06-01", "2017-01-01", "2009-01-01", "1986-01-01", "1940-01-01"];
    let today = day("2026-11-20");
    let age = |text: &str| Age::of_birth(day(text)?, today?);
    let ages = std::iter::once(None).chain(born.into_iter().map(age));
    let mut persons = Vec::new();
    for age in ages {
        for sex in [Sex::Female, Sex::Male, Sex::Other, Sex::Unknown] {
            for pregnant in [None, Some(false), Some(true)] {
                persons.push(Person { age, sex, pregnant, ..Person::default() });
            }
        }
    }
    persons
}

/// Has every sign on the list said by people of all ages and sexes, pregnant or not.
pub fn sensitivity() -> Sensitivity {
    let persons = persons();
    let is_told = |id: &str, person: &Person| {
        let said = Said { id: id.to_owned(), present: Some(true), since: None, severity: None };
        alarm(&[said], None, Language::English, person, (&[], &Flags::default())).is_some()
    };
    let missed = signs().iter().map(|sign| sign.id).filter(|id| !persons.iter().all(|person| is_told(id, person)));
    Sensitivity { signs: signs().len(), persons: persons.len(), missed: missed.collect() }
}

/// What somebody is told who is grown and has said this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// How soon to be seen.
    To(Urgency),
    /// To call for help.
    Emergency,
}

/// What somebody is told of whom this is known, and who is thirty years old.
pub fn told(known: &Known) -> Told {
    let said = |(place, present): (&usize, &bool)| {
        let id = Facts::get().symptoms.get(*place)?.id.to_owned();
        Some(Said { id, present: Some(*present), since: None, severity: None })
    };
    let said: Vec<_> = known.iter().filter_map(said).collect();
    let person = Person { age: Age::of_years(30), ..Person::default() };
    match alarm(&said, None, Language::English, &person, (&[], &Flags::default())) {
        Some(_) => Told::Emergency,
        None => Told::To(urgency(known, &person)),
    }
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

    #[test]
    fn every_sign_on_the_list_is_told_whoever_has_it() {
        let sensitivity = sensitivity();
        assert!(sensitivity.signs >= 67 && sensitivity.persons == 96, "{sensitivity:?}");
        assert_eq!(sensitivity.missed, Vec::<&str>::new());
    }

    #[test]
    fn what_a_doctor_should_see_today_is_no_matter_for_a_pharmacy() {
        let mut draw = Draw::new(8);
        for condition in Facts::get().ranked().filter(|condition| condition.urgency == Urgency::DoctorToday) {
            let whole = draw.patient(condition);
            let told = told(&whole);
            assert!(told >= Told::To(Urgency::DoctorSoon), "{}: {told:?}", condition.id);
        }
        let place = |id: &str| Facts::get().place(id).unwrap();
        let cold: Known = ["e91", "e201", "e181"].map(|id| (place(id), true)).into();
        assert_eq!(told(&cold), Told::To(Urgency::Pharmacy));
        assert_eq!(told(&[(place("e14"), true)].into()), Told::Emergency);
    }

    #[test]
    fn weights_that_are_as_often_right_as_they_say_have_no_error() {
        let of = |rights: [bool; 5]| {
            let mut calibration = Calibration::default();
            for right in rights {
                calibration.note([(right, 800_000), (!right, 200_000)].into_iter());
            }
            calibration
        };
        let good = of([true, true, true, true, false]);
        assert_eq!((good.expected_error(), good.brier()), (0, 3200));
        assert_eq!((good.places[0].weighed(), good.places[0].was_right()), (800, 800));
        assert_eq!((good.tenths[8].cases, good.tenths[2].right), (5, 1));
        let bad = of([false; 5]);
        assert_eq!((bad.expected_error(), bad.brier()), (8000, 12_800));
        assert_eq!(Calibration::default().brier(), 0);
    }

    /// Of patients as they are drawn some findings are known: what weighs so much is right so often. Who answers wrongly is another
    /// matter.
    #[test]
    fn conditions_weigh_as_often_as_they_are_right_where_answers_are_true() {
        let fare = |slips: Slips| {
            let mut draw = Draw::new(17);
            let mut calibration = Calibration::default();
            for _ in 0..600 {
                let condition = draw.condition().unwrap();
                let whole = draw.patient(condition);
                let mut known = Known::new();
                for _ in 0..25 {
                    let symptom = usize::try_from(draw.below(208)).unwrap();
                    if let Some(answer) = draw.answer(whole[&symptom], slips) {
                        known.insert(symptom, answer);
                    }
                }
                calibration.add(&known, condition);
            }
            calibration.expected_error()
        };
        let (kept, slipped) = (fare(Slips::default()), fare(Slips { wrong: 30, unsure: 0 }));
        assert!(kept < 1000 && slipped > kept + 500, "{kept} {slipped}");
    }
}
