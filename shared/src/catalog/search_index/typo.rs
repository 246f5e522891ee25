//! Words that nobody has written like this: which ones may be meant.
//!
//! A number is never guessed, since `50` and `500` are both right; nor is a short word, since too many are like it.

/// How much a word is like one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    /// How many letters are missing, too many, wrong, or in the wrong order of two.
    pub(super) slips: u8,
    /// Whether it is the whole word, and not only its beginning.
    pub(super) whole: bool,
}

/// A word that may be misspelt.
pub(super) struct Misspelt {
    letters: Vec<char>,
    /// How many slips are forgiven.
    most: u8,
}

/// From so many letters on, one slip is forgiven …
const ONE_SLIP: usize = 4;
/// … and here the word may still be growing under somebody's fingers …
const GROWING: usize = 6;
/// … and from here on, two.
const TWO_SLIPS: usize = 8;

impl Misspelt {
    /// `None` for what is never guessed.
    pub(super) fn of(word: &str) -> Option<Self> {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < ONE_SLIP || letters.iter().any(|letter| letter.is_numeric()) {
            return None;
        }
        let most = if letters.len() < TWO_SLIPS { 1 } else { 2 };
        Some(Self { letters, most })
    }

    /// A word whose slips are counted, however many there are.
    pub(super) fn whole(word: &str) -> Self {
        Self { letters: word.chars().collect(), most: u8::MAX }
    }

    /// How many slips are forgiven.
    pub(super) const fn most(&self) -> u8 {
        self.most
    }

    /// Whether the word may still be growing.
    pub(super) const fn is_growing(&self) -> bool {
        self.letters.len() >= GROWING
    }

    /// How many slips lie between this and `word`, or its beginning.
    pub(super) fn slips(&self, word: &str, rows: &mut Rows) -> u8 {
        self.like(word, rows).map_or(u8::MAX, |like| like.slips)
    }

    /// How `word`, or its beginning, is like this; `None` where it is not.
    ///
    /// The optimal string alignment, row by row: `row[n]` is how many slips lie between the part of `word` that was read and
    /// the first `n` letters of this one.
    pub(super) fn like(&self, word: &str, rows: &mut Rows) -> Option<Likeness> {
        let Rows { above, row, next } = rows;
        above.clear();
        row.clear();
        row.extend((0..=u8::MAX).take(self.letters.len() + 1));
        let at = |row: &[u8], n: usize| row.get(n).copied().unwrap_or(u8::MAX);
        let (mut beginning, mut before) = (u8::MAX, None);
        let mut letters = (1..=u8::MAX).zip(word.chars());
        for (read, letter) in letters.by_ref() {
            next.clear();
            next.push(read);
            for (n, wanted) in self.letters.iter().enumerate() {
                let wrong = at(row, n).saturating_add(u8::from(*wanted != letter));
                let one_more = at(next, n).min(at(row, n + 1)).saturating_add(1);
                let crossed =
                    n.checked_sub(1).filter(|last| before == Some(*wanted) && self.letters.get(*last) == Some(&letter));
                let crossed = crossed.map_or(u8::MAX, |last| at(above, last).saturating_add(1));
                next.push(wrong.min(one_more).min(crossed));
            }
            beginning = beginning.min(at(next, self.letters.len()));
            before = Some(letter);
            std::mem::swap(above, row);
            std::mem::swap(row, next);
            // From here on it can only get worse; two rows, since crossed letters look back as far.
            if [&*above, &*row].iter().all(|row| row.iter().all(|slips| *slips > self.most)) {
                break;
            }
        }
        let whole = if letters.next().is_none() { at(row, self.letters.len()) } else { u8::MAX };
        let found = if whole <= beginning {
            Likeness { slips: whole, whole: true }
        } else {
            Likeness { slips: beginning, whole: false }
        };
        (found.slips <= self.most && (found.whole || self.is_growing())).then_some(found)
    }
}

/// Room for the rows of many comparisons.
#[derive(Default)]
pub(super) struct Rows {
    above: Vec<u8>,
    row: Vec<u8>,
    next: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn like(asked: &str, word: &str) -> Option<(u8, bool)> {
        let found = Misspelt::of(asked)?.like(word, &mut Rows::default())?;
        Some((found.slips, found.whole))
    }

    #[test]
    fn a_slip_is_a_letter_missing_too_many_wrong_or_crossed() {
        for asked in ["ibuprofn", "ibuproffen", "ibuprofin", "ibupröfen", "ibuprfoen", "bibuprofen"] {
            assert_eq!(like(asked, "ibuprofen"), Some((1, true)), "{asked}");
        }
        assert_eq!(like("paracetemal", "paracetamol"), Some((2, true)));
        assert_eq!(like("parecetemal", "paracetamol"), None, "three are another word");
    }

    #[test]
    fn short_words_and_numbers_are_never_guessed() {
        for asked in ["zin", "5000", "50mg", "vitaminb12"] {
            assert_eq!(like(asked, asked), None, "{asked}");
        }
        assert_eq!(like("zink", "zinc"), Some((1, true)));
        assert_eq!(like("zikn", "zinc"), None);
    }

    #[test]
    fn a_word_that_is_still_growing_may_be_misspelt_once_it_is_long_enough() {
        assert_eq!(like("amoxixil", "amoxicillin"), Some((1, false)));
        assert_eq!(like("amixi", "amoxicillin"), None);
    }

    /// The same said recursively, without rows.
    fn plainly(a: &[char], b: &[char]) -> u8 {
        match (a, b) {
            ([], rest) | (rest, []) => u8::try_from(rest.len()).unwrap(),
            ([.., x], [.., y]) => {
                let (a1, b1) = (&a[..a.len() - 1], &b[..b.len() - 1]);
                let mut slips = (plainly(a1, b1) + u8::from(x != y)).min(plainly(a1, b) + 1).min(plainly(a, b1) + 1);
                if a.len() > 1 && b.len() > 1 && a[a.len() - 2] == *y && b[b.len() - 2] == *x {
                    slips = slips.min(plainly(&a[..a.len() - 2], &b[..b.len() - 2]) + 1);
                }
                slips
            }
        }
    }

    proptest! {
        #[test]
        fn rows_find_what_recursion_finds(asked in "[abc]{4,6}", word in "[abc]{1,7}") {
            let (a, b): (Vec<char>, Vec<char>) = (asked.chars().collect(), word.chars().collect());
            let whole = plainly(&a, &b);
            let beginning = (1..=b.len()).map(|end| plainly(&a, &b[..end])).min().unwrap();
            let expected = if whole <= beginning { Some((whole, true)) } else { Some((beginning, false)) };
            let expected = expected.filter(|(slips, whole)| *slips <= 1 && (*whole || a.len() >= GROWING));
            prop_assert_eq!(like(&asked, &word), expected);
        }
    }
}
