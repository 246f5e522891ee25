//! What is said on the command line.

use std::time::Duration;

/// How much load, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// How many customers shop at once.
    pub shoppers: usize,
    /// For how many seconds.
    pub seconds: usize,
    /// How many units of one product are raced for.
    pub units: usize,
    /// How many customers race.
    pub buyers: usize,
}

impl Default for Words {
    fn default() -> Self {
        Self { shoppers: 8, seconds: 30, units: 20, buyers: 64 }
    }
}

impl Words {
    /// Reads `name=number` for each word that is given.
    ///
    /// # Errors
    /// What is wrong with the first word that is not understood.
    pub fn parse(given: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = Self::default();
        for word in given {
            let (name, number) = word.split_once('=').unwrap_or((&word, ""));
            let known = match name {
                "shoppers" => &mut words.shoppers,
                "seconds" => &mut words.seconds,
                "units" => &mut words.units,
                "buyers" => &mut words.buyers,
                _ => return Err(format!("{word}: there are shoppers=, seconds=, units= and buyers=")),
            };
            *known = number.parse().ok().filter(|number| *number > 0).ok_or(format!("{word}: a number above 0"))?;
        }
        Ok(words)
    }

    /// How long the shoppers shop.
    pub const fn duration(&self) -> Duration {
        Duration::from_secs(self.seconds as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Words, String> {
        Words::parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn what_is_not_said_is_as_usual() {
        let expected = Words { shoppers: 2, seconds: 5, ..Words::default() };
        assert_eq!(parse(&["seconds=5", "shoppers=2"]), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for word in ["customers=2", "shoppers", "shoppers=0", "shoppers=-1", "seconds=1.5"] {
            assert!(parse(&[word]).unwrap_err().starts_with(word), "{word}");
        }
    }
}
