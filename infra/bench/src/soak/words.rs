//! What is said on the command line.

use std::time::Duration;

/// How long, how many, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// For how many minutes.
    pub minutes: u64,
    /// What chance comes of.
    pub seed: u64,
    /// How many customers there are at once.
    pub shoppers: usize,
}

impl Default for Words {
    fn default() -> Self {
        Self { minutes: 30, seed: 1, shoppers: 6 }
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
            let number: u64 =
                number.parse().ok().filter(|number| *number > 0).ok_or(format!("{word}: a number above 0"))?;
            match name {
                "minutes" => words.minutes = number,
                "seed" => words.seed = number,
                "shoppers" => words.shoppers = usize::try_from(number).map_err(|_| format!("{word}: too many"))?,
                _ => return Err(format!("{word}: there are minutes=, seed= and shoppers=")),
            }
        }
        Ok(words)
    }

    /// How long the customers come.
    pub const fn duration(&self) -> Duration {
        Duration::from_mins(self.minutes)
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
        assert_eq!(parse(&["minutes=3", "seed=9"]), Ok(Words { minutes: 3, seed: 9, ..Words::default() }));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for word in ["hours=2", "minutes", "minutes=0", "seed=-1", "shoppers=1.5"] {
            assert!(parse(&[word]).unwrap_err().starts_with(word), "{word}");
        }
    }
}
