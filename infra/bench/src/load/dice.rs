//! Chance that is the same in every run, so that two runs ask for the same things.

/// A generator of numbers (xorshift).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The dice of the shopper with this number.
    pub const fn of(shopper: usize) -> Self {
        Self::seeded(shopper, 0)
    }

    /// The same of a run with a seed of its own.
    pub const fn seeded(shopper: usize, seed: u64) -> Self {
        // An odd factor, so that seeds differ; and never nothing, from which nothing comes.
        let state = 0x9e37_79b9_7f4a_7c15 ^ ((shopper as u64 + 1) << 17) ^ seed.wrapping_mul(0xd6e8_feb8_6659_fd93);
        Self(if state == 0 { 1 } else { state })
    }

    /// A number below `end`, which is more than 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % end as u64).unwrap_or_default()
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_side_comes_up_about_as_often() {
        let mut dice = Dice::of(3);
        let mut sides = [0; 10];
        for _ in 0..10_000 {
            sides[dice.below(10)] += 1;
        }
        assert!(sides.iter().all(|times| (800..1200).contains(times)), "{sides:?}");
    }

    #[test]
    fn shoppers_differ_and_runs_do_not() {
        let throws = |shopper| {
            let mut dice = Dice::of(shopper);
            [0; 20].map(|_| dice.below(1000))
        };
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        let seeds = [0, 1, 2].map(|seed| Dice::seeded(1, seed).below(1_000_000));
        assert!(seeds[0] != seeds[1] && seeds[1] != seeds[2], "{seeds:?}");
    }
}
