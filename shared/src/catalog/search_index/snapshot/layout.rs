//! How a snapshot lies in memory and in S3: a header, then columns and tables one after the other, all little-endian.
//!
//! ```text
//! magic 8 | version 4 | 0 4 | SHA-256 of all that follows 32
//! as_of 8 | built_at 8 | products 4 | sections 4 | (offset 8, length 8) for each section
//! the sections
//! ```
//!
//! Nothing is parsed when it is opened: a number is read where it lies when somebody asks for it.

use std::ops::Range;
use std::sync::Arc;

use crate::platform::crypto;

/// The version of the layout, and of how words are cut and folded: whoever changes either counts it up.
pub const VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"APOINDEX";
/// Where the version is.
const VERSION_AT: usize = 8;
/// Where the checksum is.
const SUM_AT: usize = 16;
/// Where what is summed up begins.
const SUMMED_AT: usize = 48;
/// Where the sections are told.
const SECTIONS_AT: usize = SUMMED_AT + 24;
/// No section is said to be larger.
const MOST_SECTIONS: u32 = 64;

/// A part of a snapshot. The order is that in which they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Ids of 16 bytes, ascending: the place of a product in all columns is its slot.
    Ids,
    /// Prices in minor units.
    Prices,
    /// When products were created.
    Created,
    /// The place of each product in the order of names.
    Ranks,
    /// The slots in the order of names.
    ByName,
    /// Categories, by their places in their table.
    Categories,
    /// Brands by their places in their table, counted from one; zero: none.
    Brands,
    /// Lists of ingredients.
    Lists,
    /// Dosage forms, by their places among the texts.
    Forms,
    /// Routes.
    Routes,
    /// What packs hold.
    Packs,
    /// Codes of equivalence, counted from one; zero: none.
    Codes,
    /// Currencies.
    Currencies,
    /// The legal status in two bits, the availability in the next two.
    Flags,
    /// Where the own texts of each product end: name, slug, picture.
    OwnEnds,
    /// Those texts.
    Own,
    /// Where each shared text ends.
    TextEnds,
    /// The shared texts.
    Texts,
    /// Categories: text, key, place in an alphabetical list; each by its place among the texts.
    CategoryTable,
    /// Brands, likewise.
    BrandTable,
    /// Names of ingredients, likewise.
    NameTable,
    /// Where each list of ingredients ends.
    ListEnds,
    /// Those lists: name and strength.
    ListItems,
    /// The words, and where the postings of each are: a finite state transducer.
    Words,
    /// What words sound like, a zero, the word; likewise.
    Sounds,
    /// The products of each word: how many, then the distances between `slot × 4 + place`.
    Postings,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = Section::Postings as usize + 1;

/// Why bytes are no snapshot that we can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// They are something else.
    NotOurs,
    /// It is of another version of this code.
    OtherVersion(u32),
    /// It is not what was written.
    Broken,
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotOurs => f.write_str("it is no snapshot"),
            Self::OtherVersion(version) => write!(f, "it is of version {version}, and not {VERSION}"),
            Self::Broken => f.write_str("its checksum is another"),
        }
    }
}

/// A place as an index.
pub(super) fn at(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// Part of bytes that others hold too.
#[derive(Clone, Debug)]
pub(super) struct Part {
    bytes: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }
}

/// The header of a snapshot, and where its sections are.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    bytes: Arc<Vec<u8>>,
    sections: Vec<Range<usize>>,
    pub(super) as_of: i64,
    pub(super) built_at: i64,
    pub(super) products: u32,
}

fn four(bytes: &[u8], start: usize) -> Option<u32> {
    bytes.get(start..start.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn eight(bytes: &[u8], start: usize) -> Option<i64> {
    bytes.get(start..start.checked_add(8)?)?.try_into().ok().map(i64::from_le_bytes)
}

impl Layout {
    /// Looks at the header, and whether all is as it was written.
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, Unusable> {
        if bytes.get(..MAGIC.len()) != Some(&MAGIC) {
            return Err(Unusable::NotOurs);
        }
        match four(&bytes, VERSION_AT) {
            Some(VERSION) => {}
            Some(other) => return Err(Unusable::OtherVersion(other)),
            None => return Err(Unusable::NotOurs),
        }
        let summed = bytes.get(SUMMED_AT..).ok_or(Unusable::Broken)?;
        if bytes.get(SUM_AT..SUMMED_AT) != Some(&crypto::sha256(summed)) {
            return Err(Unusable::Broken);
        }
        Self::read(bytes).ok_or(Unusable::Broken)
    }

    fn read(bytes: Vec<u8>) -> Option<Self> {
        let (as_of, built_at) = (eight(&bytes, SUMMED_AT)?, eight(&bytes, SUMMED_AT + 8)?);
        let (products, count) = (four(&bytes, SUMMED_AT + 16)?, four(&bytes, SUMMED_AT + 20)?);
        if count > MOST_SECTIONS || at(count) != SECTIONS {
            return None;
        }
        let mut sections = Vec::with_capacity(SECTIONS);
        for place in 0..SECTIONS {
            let start = usize::try_from(eight(&bytes, SECTIONS_AT + 16 * place)?).ok()?;
            let length = usize::try_from(eight(&bytes, SECTIONS_AT + 16 * place + 8)?).ok()?;
            let end = start.checked_add(length).filter(|end| *end <= bytes.len())?;
            sections.push(start..end);
        }
        Some(Self { bytes: Arc::new(bytes), sections, as_of, built_at, products })
    }

    /// The bytes with their header.
    pub(super) fn write(as_of: i64, built_at: i64, products: u32, sections: [Vec<u8>; SECTIONS]) -> Vec<u8> {
        let begin = SECTIONS_AT + 16 * SECTIONS;
        let mut bytes = Vec::with_capacity(begin + sections.iter().map(Vec::len).sum::<usize>());
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend([0; SUMMED_AT - SUM_AT]);
        bytes.extend(as_of.to_le_bytes());
        bytes.extend(built_at.to_le_bytes());
        bytes.extend(products.to_le_bytes());
        bytes.extend(u32::try_from(SECTIONS).unwrap_or_default().to_le_bytes());
        let mut offset = begin;
        for section in &sections {
            bytes.extend(u64::try_from(offset).unwrap_or_default().to_le_bytes());
            bytes.extend(u64::try_from(section.len()).unwrap_or_default().to_le_bytes());
            offset += section.len();
        }
        for section in sections {
            bytes.extend(section);
        }
        let sum = crypto::sha256(bytes.get(SUMMED_AT..).unwrap_or_default());
        if let Some(place) = bytes.get_mut(SUM_AT..SUMMED_AT) {
            place.copy_from_slice(&sum);
        }
        bytes
    }

    fn range(&self, section: Section) -> Range<usize> {
        self.sections.get(section as usize).cloned().unwrap_or_default()
    }

    /// A section as something to be held.
    pub(super) fn part(&self, section: Section) -> Part {
        Part { bytes: Arc::clone(&self.bytes), range: self.range(section) }
    }

    /// A section.
    pub(super) fn section(&self, section: Section) -> &[u8] {
        self.bytes.get(self.range(section)).unwrap_or_default()
    }

    /// How many numbers of four bytes there are in a section.
    pub(super) fn count(&self, section: Section) -> u32 {
        u32::try_from(self.range(section).len() / 4).unwrap_or(u32::MAX)
    }

    /// A number of four bytes; nothing lies beyond the end.
    pub(super) fn number(&self, section: Section, place: u32) -> u32 {
        four(self.section(section), at(place).saturating_mul(4)).unwrap_or_default()
    }

    /// A number of eight bytes.
    pub(super) fn wide(&self, section: Section, place: u32) -> i64 {
        eight(self.section(section), at(place).saturating_mul(8)).unwrap_or_default()
    }

    /// A number of sixteen bytes.
    pub(super) fn id(&self, place: u32) -> u128 {
        let ids = self.section(Section::Ids);
        let start = at(place).saturating_mul(16);
        let bytes = ids.get(start..start.saturating_add(16)).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u128::from_le_bytes)
    }

    /// A byte.
    pub(super) fn byte(&self, section: Section, place: u32) -> u8 {
        self.section(section).get(at(place)).copied().unwrap_or_default()
    }

    /// What lies between the ends of the one before `place` and of `place`.
    pub(super) fn between(&self, ends: Section, place: u32) -> Range<u32> {
        let start = place.checked_sub(1).map_or(0, |before| self.number(ends, before));
        start..self.number(ends, place)
    }

    /// The bytes of a text.
    pub(super) fn bytes(&self, ends: Section, texts: Section, place: u32) -> &[u8] {
        let Range { start, end } = self.between(ends, place);
        self.section(texts).get(at(start)..at(end)).unwrap_or_default()
    }

    /// A shared text.
    pub(super) fn text(&self, place: u32) -> &str {
        std::str::from_utf8(self.bytes(Section::TextEnds, Section::Texts, place)).unwrap_or_default()
    }
}

/// Writes a number in groups of seven bits, the lowest first.
pub(super) fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while let (rest @ 1.., low) = (number >> 7, number & 0x7f) {
        bytes.push(u8::try_from(low).unwrap_or_default() | 0x80);
        number = rest;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
}

/// Reads what [`put_varint`] wrote, and moves on behind it.
pub(super) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> Vec<u8> {
        let mut sections = std::array::from_fn(|_| Vec::new());
        sections[Section::Prices as usize] = vec![7, 0, 0, 0, 0, 0, 0, 0];
        Layout::write(5, 6, 1, sections)
    }

    #[test]
    fn what_is_written_is_read_where_it_lies() {
        let layout = Layout::open(written()).unwrap();
        assert_eq!((layout.as_of, layout.built_at, layout.products), (5, 6, 1));
        assert_eq!((layout.wide(Section::Prices, 0), layout.wide(Section::Prices, 1)), (7, 0));
        assert_eq!((layout.number(Section::Ranks, 0), layout.id(0), layout.text(3)), (0, 0, ""));
    }

    #[test]
    fn every_byte_counts() {
        let good = written();
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 1;
            let refused = Layout::open(bad).err();
            // What is between the version and the sum says nothing.
            assert_eq!(refused.is_none(), (VERSION_AT + 4..SUM_AT).contains(&place), "{place}");
        }
        for length in 0..good.len() {
            assert!(Layout::open(good[..length].to_vec()).is_err(), "{length}");
        }
    }

    #[test]
    fn another_version_is_told_from_a_broken_one() {
        let mut other = written();
        other[VERSION_AT] = 9;
        assert_eq!(Layout::open(other).unwrap_err(), Unusable::OtherVersion(9));
        assert_eq!(Layout::open(b"APOSHELG and more".to_vec()).unwrap_err(), Unusable::NotOurs);
    }

    proptest! {
        #[test]
        fn a_varint_reads_as_it_was_written(numbers in proptest::collection::vec(any::<u64>(), 0..9)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|number| put_varint(&mut bytes, *number));
            let mut left = bytes.as_slice();
            let read: Vec<_> = std::iter::from_fn(|| take_varint(&mut left)).collect();
            prop_assert_eq!(read, numbers);
            prop_assert!(left.is_empty());
        }
    }
}
