//! The words and numbers of a line, also where the blanks between them were not seen.

/// A run of letters, or of digits with the points and strokes between them; anything else stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// Where it begins in the line, in bytes.
    pub(super) start: usize,
    pub(super) sort: Sort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    Number,
    Sign,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }
}

fn sort_of(c: char) -> Option<Sort> {
    match c {
        c if c.is_whitespace() => None,
        c if c.is_numeric() => Some(Sort::Number),
        c if c.is_alphabetic() => Some(Sort::Word),
        _ => Some(Sort::Sign),
    }
}

/// A line in pieces.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    let mut start = 0;
    let mut running: Option<Sort> = None;
    let mut letters = line.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().and_then(|(_, next)| sort_of(*next));
        let sort = match (running, sort_of(c)) {
            // A point or comma between digits is of the number.
            (Some(Sort::Number), Some(Sort::Sign)) if matches!(c, '.' | ',') && next == Some(Sort::Number) => {
                Some(Sort::Number)
            }
            (_, sort) => sort,
        };
        if running != sort || sort == Some(Sort::Sign) {
            push(&mut found, line, start, at, running);
            (start, running) = (at, sort);
        }
    }
    push(&mut found, line, start, line.len(), running);
    found
}

fn push<'a>(found: &mut Vec<Token<'a>>, line: &'a str, start: usize, end: usize, sort: Option<Sort>) {
    if let (Some(sort), Some(text)) = (sort, line.get(start..end).filter(|text| !text.is_empty())) {
        found.push(Token { text, start, sort });
    }
}

/// A name with its blanks put back where a small letter is followed by a large one.
pub(super) fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        let joins = before.is_lowercase() || before == '.';
        if joins && c.is_uppercase() {
            parted.push(' ');
        }
        parted.push(c);
        before = c;
    }
    parted.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_blanks_are_found_again() {
        let words: Vec<_> = tokens("2.Tab.Amoxicillin500mg 1-0-1").into_iter().map(|token| token.text).collect();
        assert_eq!(words, ["2", ".", "Tab", ".", "Amoxicillin", "500", "mg", "1", "-", "0", "-", "1"]);
        let words: Vec<_> = tokens("12.5 mg, 1,000").into_iter().map(|token| token.text).collect();
        assert_eq!(words, ["12.5", "mg", ",", "1,000"]);
        assert_eq!(parted("Dr.FarhanaBose"), "Dr. Farhana Bose");
        assert_eq!(parted("Anna  Azad"), "Anna Azad");
    }
}
