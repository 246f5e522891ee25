//! What is said on the command line.

/// What is reckoned differently than usual.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// Whether what is always free is taken off. What is free in an account's first year never is.
    pub free_tier: bool,
    /// Whether Cognito's user pool is on the plan Essentials instead of Lite, which the template chooses.
    pub essentials: bool,
    /// Where the counted units are, where that is not the baseline.
    pub counts: Option<String>,
    /// Assumptions and functions by name, with other numbers.
    pub changes: Vec<(String, f64)>,
}

impl Words {
    /// Reads `name=value` for each word that is given.
    ///
    /// # Errors
    /// What is wrong with the first word that is not understood.
    pub fn parse(given: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut words = Self::default();
        for word in given {
            match word.split_once('=').unwrap_or((&word, "")) {
                ("free_tier", "yes") => words.free_tier = true,
                ("free_tier", "no") => words.free_tier = false,
                ("cognito", "lite") => words.essentials = false,
                ("cognito", "essentials") => words.essentials = true,
                ("counts", file) if !file.is_empty() => words.counts = Some(file.to_owned()),
                (name, number) => {
                    let number = number.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
                    words.changes.push((name.to_owned(), number.ok_or(format!("{word}: not understood"))?));
                }
            }
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Words, String> {
        Words::parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn what_is_said_is_heard() {
        let words = parse(&["free_tier=yes", "cognito=essentials", "counts=a.json", "own_ms=2.5"]).unwrap();
        let expected = Words {
            free_tier: true,
            essentials: true,
            counts: Some("a.json".to_owned()),
            changes: vec![("own_ms".to_owned(), 2.5)],
        };
        assert_eq!(words, expected);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for word in ["free_tier=perhaps", "cognito=plus", "own_ms", "own_ms=-1", "own_ms=NaN", "counts="] {
            assert!(parse(&[word]).unwrap_err().starts_with(word), "{word}");
        }
    }
}
