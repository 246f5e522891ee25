//! Files of comma-separated values (RFC 4180) for people's spreadsheets: UTF-8, each line ended by CRLF.
//!
//! What people have typed may begin like a formula, which spreadsheets compute when the file is opened: [`harmless`] keeps it text.

use std::borrow::Cow;

use ::csv::{Terminator, Writer, WriterBuilder};
use rust_decimal::Decimal;

/// How a text begins that a spreadsheet takes for a formula, or what it drops before it looks.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\n', '|'];

/// A file that is being written.
#[derive(Debug)]
pub struct Rows(Writer<Vec<u8>>);

impl Rows {
    /// With the names of its columns, after a byte order mark where one is wanted: without it some spreadsheets take UTF-8 for
    /// something else.
    pub fn new<T: AsRef<str>>(mark: bool, columns: impl IntoIterator<Item = T>) -> Self {
        let begin = if mark { "\u{feff}" } else { "" };
        let mut rows = Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begin.as_bytes().to_vec()));
        rows.add(columns);
        rows
    }

    /// One more line, with as many cells as there are columns.
    pub fn add<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for cell in cells {
            // Writing to memory does not fail.
            let _ = self.0.write_field(cell.as_ref());
        }
        let _ = self.0.write_record(None::<&[u8]>);
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// A text that no spreadsheet runs: one that begins like a formula is put behind an apostrophe. A number is none.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let begins = text.trim_start_matches(' ').starts_with(FORMULA);
    if begins && text.parse::<Decimal>().is_err() { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text_and_a_number_is_a_number() {
        for formula in ["=1+1", "=cmd|' /C calc'!A0", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "|cmd"]
        {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["A-1=2", "-2.50", "+977", "", " ", "पारासिटामोल"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn what_would_end_a_cell_is_quoted_and_the_rest_is_as_it_is() {
        let mut rows = Rows::new(true, ["name", "note"]);
        rows.add(["Paracetamol 500 mg", "a, \"b\""]);
        rows.add(["two\r\nlines", ""]);
        let text = String::from_utf8(rows.finish()).unwrap();
        let lines = "Paracetamol 500 mg,\"a, \"\"b\"\"\"\r\n\"two\r\nlines\",\r\n";
        assert_eq!(text, format!("\u{feff}name,note\r\n{lines}"));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same_and_begins_no_formula(first in "\\PC{0,12}", second in "\\PC{0,12}") {
            let mut rows = Rows::new(false, ["a", "b"]);
            rows.add([harmless(&first), harmless(&second)]);
            let bytes = rows.finish();
            let row = ::csv::Reader::from_reader(&bytes[..]).records().next().unwrap().unwrap();
            for (cell, text) in [(&row[0], &first), (&row[1], &second)] {
                prop_assert!(cell == text || cell.strip_prefix('\'') == Some(text.as_str()));
                prop_assert!(!cell.starts_with(FORMULA) || cell.parse::<Decimal>().is_ok());
            }
        }
    }
}
