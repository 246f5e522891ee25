//! What is looked at before a file is read: whether it is a whole PDF without encryption, and whether reading it would
//! take more time and memory than a document of a few pages can need. Every function here takes time linear in the bytes
//! that it is given and the budget.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, ZlibDecoder};

use crate::prescriptions::document::Refusal;

/// How close to the end of the file its end mark must be, in bytes.
const TAIL: usize = 1024;
/// How many bytes, compressed and expanded, all streams together may have: ten pages in colour at 300 dots an inch.
const EXPANDED: u64 = 320 * 1024 * 1024;
/// How many dictionaries a file may have; ten pages have some hundreds.
const DICTIONARIES: u64 = 200_000;
/// How often a stream may have been compressed over and over.
const ROUNDS: u32 = 3;
/// How much of what a stream expands to is looked at for whether it is compressed once more, in bytes.
const KEPT: usize = 32 * 1024 * 1024;

/// Looks at a file before it is read.
///
/// # Errors
/// Why it must not be read.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(b"%PDF-1.") && !bytes.starts_with(b"%PDF-2.") {
        return Err(Refusal::NotWhatItSays);
    }
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    if !contains(tail, b"startxref") || !contains(tail, b"%%EOF") {
        return Err(Refusal::Unreadable);
    }
    let mut budget = Budget { expanded: EXPANDED, dictionaries: DICTIONARIES };
    for name in names(bytes) {
        match name.as_slice() {
            b"Encrypt" => return Err(Refusal::Encrypted),
            // A few bytes of it expand without end, and nobody has written it for twenty years.
            b"LZWDecode" | b"LZW" => return Err(Refusal::Unreadable),
            _ => {}
        }
    }
    budget.count(bytes)?;
    for data in streams(bytes) {
        budget.expand(data, 0)?;
    }
    Ok(())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// The longest name that is read; none that is looked for is longer.
const LONGEST_NAME: usize = 16;

/// Every `/Name` anywhere in `bytes`, in strings and streams too, with its `#xx` escapes resolved.
fn names(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.map(|(at, _)| {
        let rest = bytes.get(at.saturating_add(1)..).unwrap_or_default();
        unescaped(rest.get(..3 * LONGEST_NAME).unwrap_or(rest))
    })
}

fn unescaped(raw: &[u8]) -> Vec<u8> {
    let ends = |byte: u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, 0 | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
    };
    let mut name = Vec::new();
    let mut rest = raw;
    while let Some((first, after)) = rest.split_first().filter(|(first, _)| !ends(**first)) {
        let escaped = after.split_first_chunk::<2>().filter(|_| *first == b'#');
        let code = escaped
            .and_then(|(hex, after)| Some((u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()?, after)));
        let (byte, after) = code.unwrap_or((*first, after));
        name.push(byte);
        rest = after;
    }
    name
}

/// What follows each keyword `stream` and its end of line; where a stream really ends is of no importance.
fn streams(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    const KEYWORD: &[u8] = b"stream";
    let keywords = bytes.windows(KEYWORD.len()).enumerate().filter(|(_, window)| *window == KEYWORD);
    keywords.filter_map(|(at, _)| {
        let after = bytes.get(at.saturating_add(KEYWORD.len())..)?;
        let data = after.strip_prefix(b"\r").unwrap_or(after);
        data.strip_prefix(b"\n").or_else(|| after.strip_prefix(b"\r"))
    })
}

struct Budget {
    expanded: u64,
    dictionaries: u64,
}

impl Budget {
    /// Counts the dictionaries in `bytes`.
    fn count(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let found = bytes.windows(2).filter(|window| *window == b"<<").count();
        self.dictionaries = self.dictionaries.checked_sub(length(found)).ok_or(Refusal::TooLarge)?;
        Ok(())
    }

    /// Expands a stream as far as it goes, and what comes of it once more where that is compressed too.
    fn expand(&mut self, data: &[u8], round: u32) -> Result<(), Refusal> {
        let sink = Sink { left: self.expanded, kept: Vec::new() };
        // With its two bytes of header (RFC 1950), or without, as readers forgive.
        let zlib = matches!(data, [first, second, ..] if first & 0x0f == 8
            && (u16::from(*first) << 8 | u16::from(*second)).is_multiple_of(31));
        let (sink, taken) = if zlib {
            let mut decoder = ZlibDecoder::new(sink);
            pour(&mut decoder, data);
            let taken = decoder.total_in();
            (std::mem::take(decoder.get_mut()), taken)
        } else {
            let mut decoder = DeflateDecoder::new(sink);
            pour(&mut decoder, data);
            let taken = decoder.total_in();
            (std::mem::take(decoder.get_mut()), taken)
        };
        self.expanded = sink.left.checked_sub(taken).ok_or(Refusal::TooLarge)?;
        if self.expanded == 0 {
            return Err(Refusal::TooLarge);
        }
        self.count(&sink.kept)?;
        if zlib && sink.kept.first().is_some_and(|first| first & 0x0f == 8) {
            if round == ROUNDS {
                return Err(Refusal::TooLarge);
            }
            self.expand(&sink.kept, round + 1)?;
        }
        Ok(())
    }
}

/// Gives a decoder its data piece by piece, until it has all, or says no more of it can be read.
fn pour(decoder: &mut impl Write, data: &[u8]) {
    for piece in data.chunks(16 * 1024) {
        if decoder.write_all(piece).is_err() {
            return;
        }
    }
    // What is still inside comes out; that the data ends too early is no matter here.
    let _ = decoder.flush();
}

/// Counts what is written to it, and keeps the beginning.
#[derive(Default)]
struct Sink {
    left: u64,
    kept: Vec<u8>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = KEPT.saturating_sub(self.kept.len());
        self.kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        match self.left.checked_sub(length(bytes.len())) {
            Some(left) => self.left = left,
            None => {
                self.left = 0;
                return Err(io::ErrorKind::OutOfMemory.into());
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
