//! Is this PDF a plain document of a few pages?
//!
//! The check does not follow the file's own cross-reference table and page tree, as a viewer does: a small file can make
//! that take any time and memory, and what one viewer repairs another skips. It reads every byte once instead: every
//! name anywhere in the file, every object that could be one, and, within a budget, every object stream. What could
//! hold something that was not read is refused.

mod syntax;

use std::collections::BTreeSet;
use std::io::Read;

use flate2::bufread::ZlibDecoder;

use self::syntax::Token;
use super::document::Refusal;

/// The most pages of a prescription.
pub const MAX_PAGES: usize = 10;
/// How many bytes, of dictionaries and of object streams compressed and expanded, are read beyond the file itself.
const BUDGET: usize = 64 * 1024 * 1024;
/// How close to the end of the file its end mark must be, in bytes.
const TAIL: usize = 1024;
/// How far after a name its value is looked for, in bytes.
const NEAR: usize = 64;

/// Names that only stand in a file which does something, or carries something, besides its pages.
const ACTIVE: [&[u8]; 11] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"Rendition",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"GoToE",
    b"GoToR",
];

/// Checks a PDF.
///
/// # Errors
/// Why it must not be shown.
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(b"%PDF-1.") && !bytes.starts_with(b"%PDF-2.") {
        return Err(Refusal::NotWhatItSays);
    }
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    if !contains(tail, b"startxref") || !contains(tail, b"%%EOF") {
        return Err(Refusal::Unreadable);
    }
    if syntax::names(bytes).any(|(name, _)| name == b"Encrypt") {
        return Err(Refusal::Encrypted);
    }
    refuse_active(bytes)?;
    let mut reading = Reading { budget: BUDGET, ..Reading::default() };
    for (number, body) in syntax::objects(bytes) {
        reading.object(number, body)?;
    }
    // An object stream that no object was seen to hold is one that was not read.
    let announced = syntax::names(bytes).filter(|(name, _)| name == b"ObjStm").count();
    if !reading.catalog || reading.pages.is_empty() || announced != reading.object_streams {
        return Err(Refusal::Unreadable);
    }
    if reading.pages.len() > MAX_PAGES { Err(Refusal::TooManyPages) } else { Ok(()) }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

fn refuse_active(bytes: &[u8]) -> Result<(), Refusal> {
    let next = |rest: &[u8]| syntax::trimmed(rest.get(..NEAR).unwrap_or(rest)).first().copied();
    let active = syntax::names(bytes).any(|(name, rest)| match name.as_slice() {
        // A place to scroll to when the file is opened is no action; anything else might be.
        b"OpenAction" => next(rest) != Some(b'['),
        // Three letters happen by chance in compressed data; a form's dictionary goes on like this.
        b"XFA" => matches!(next(rest), None | Some(b'[' | b'0'..=b'9')),
        name => ACTIVE.contains(&name),
    });
    if active { Err(Refusal::ActiveContent) } else { Ok(()) }
}

/// What has been seen so far.
#[derive(Default)]
struct Reading {
    budget: usize,
    /// The numbers of the page objects; one that was saved again is the same page.
    pages: BTreeSet<u32>,
    catalog: bool,
    object_streams: usize,
}

impl Reading {
    fn object(&mut self, number: u32, body: &[u8]) -> Result<(), Refusal> {
        let start = syntax::trimmed(body);
        self.spend(body.len().saturating_sub(start.len()))?;
        if !start.starts_with(b"<<") {
            return Ok(());
        }
        let (tokens, after) = syntax::tokens(start).ok_or(Refusal::TooLarge)?;
        self.spend(start.len().saturating_sub(after.len()))?;
        self.note(number, &tokens);
        if tokens.iter().any(|token| is_name(token, b"ObjStm")) {
            self.object_streams += 1;
            self.object_stream(&tokens, after)?;
        }
        Ok(())
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.budget = self.budget.checked_sub(bytes).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    fn note(&mut self, number: u32, tokens: &[Token]) {
        for pair in tokens.windows(2) {
            match pair {
                [key, kind] if is_name(key, b"Type") && is_name(kind, b"Page") => {
                    self.pages.insert(number);
                }
                [key, kind] if is_name(key, b"Type") && is_name(kind, b"Catalog") => self.catalog = true,
                _ => {}
            }
        }
    }

    /// Reads the objects in a stream that is as it is, or compressed in the one way that everybody uses.
    fn object_stream(&mut self, dictionary: &[Token], after: &[u8]) -> Result<(), Refusal> {
        let first = number_of(dictionary, b"First").ok_or(Refusal::Unreadable)?;
        let data = after.strip_prefix(b"stream").ok_or(Refusal::Unreadable)?;
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").ok_or(Refusal::Unreadable)?;
        match encoding(dictionary).ok_or(Refusal::Unreadable)? {
            // Its names have been seen with those of the file.
            Encoding::Plain => {
                let length = number_of(dictionary, b"Length").ok_or(Refusal::Unreadable)?;
                let content = data.get(..length).ok_or(Refusal::Unreadable)?;
                self.spend(content.len())?;
                self.contained(content, first)
            }
            Encoding::Deflated => {
                let content = self.inflate(data)?;
                refuse_active(&content)?;
                if syntax::names(&content).any(|(name, _)| name == b"ObjStm") {
                    return Err(Refusal::Unreadable);
                }
                self.contained(&content, first)
            }
        }
    }

    fn inflate(&mut self, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut decoder = ZlibDecoder::new(data);
        let most = u64::try_from(self.budget).unwrap_or(u64::MAX);
        let mut content = Vec::new();
        let read = (&mut decoder).take(most.saturating_add(1)).read_to_end(&mut content);
        self.spend(usize::try_from(decoder.total_in()).unwrap_or(usize::MAX))?;
        self.spend(content.len())?;
        read.map(|_| content).map_err(|_| Refusal::Unreadable)
    }

    /// The objects of an expanded stream: pairs of number and offset, then, from `first` on, the objects themselves.
    fn contained(&mut self, content: &[u8], first: usize) -> Result<(), Refusal> {
        let (index, objects) = content.split_at_checked(first).ok_or(Refusal::Unreadable)?;
        let words = index.split(|byte| syntax::is_space(*byte)).filter(|word| !word.is_empty());
        let numbers: Option<Vec<u32>> = words.map(|word| std::str::from_utf8(word).ok()?.parse().ok()).collect();
        let numbers = numbers.ok_or(Refusal::Unreadable)?;
        let mut places = Vec::with_capacity(numbers.len() / 2);
        for pair in numbers.chunks(2) {
            let [number, offset] = pair else { return Err(Refusal::Unreadable) };
            places.push((usize::try_from(*offset).map_err(|_| Refusal::Unreadable)?, *number));
        }
        places.sort_unstable();
        let ends = places.iter().skip(1).map(|(offset, _)| *offset).chain([objects.len()]);
        for ((start, number), end) in places.iter().zip(ends) {
            let object = objects.get(*start..end).ok_or(Refusal::Unreadable)?;
            let (tokens, _) = syntax::tokens(object).ok_or(Refusal::TooLarge)?;
            self.note(*number, &tokens);
        }
        Ok(())
    }
}

fn is_name(token: &Token, name: &[u8]) -> bool {
    matches!(token, Token::Name(found) if found == name)
}

fn number_of(dictionary: &[Token], key: &[u8]) -> Option<usize> {
    dictionary.windows(2).find_map(|pair| match pair {
        [name, Token::Number(number)] if is_name(name, key) => usize::try_from(*number).ok(),
        _ => None,
    })
}

/// How an object stream is written.
enum Encoding {
    Plain,
    Deflated,
}

/// What an object stream's dictionary says of its encoding; `None` where it says anything that is not known here.
fn encoding(dictionary: &[Token]) -> Option<Encoding> {
    const KNOWN: [&[u8]; 8] = [b"Type", b"ObjStm", b"N", b"First", b"Length", b"Filter", b"FlateDecode", b"Extends"];
    let known = |token: &Token| match token {
        Token::Name(name) => KNOWN.contains(&name.as_slice()),
        _ => true,
    };
    if !dictionary.iter().all(known) {
        return None;
    }
    let filters = dictionary.iter().filter(|token| is_name(token, b"Filter") || is_flate(token)).count();
    let mut after = dictionary.iter().skip_while(|token| !is_name(token, b"Filter")).skip(1);
    let deflated = match after.next() {
        Some(Token::Open) => after.next().is_some_and(is_flate) && after.next() == Some(&Token::Close),
        Some(token) => is_flate(token),
        None => return (filters == 0).then_some(Encoding::Plain),
    };
    (deflated && filters == 2).then_some(Encoding::Deflated)
}

fn is_flate(token: &Token) -> bool {
    is_name(token, b"FlateDecode")
}

#[cfg(test)]
mod tests;
