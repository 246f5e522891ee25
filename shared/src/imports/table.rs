//! Tables as people's programs write them: CSV with a header, in UTF-8 with or without a byte order mark, with commas or
//! semicolons between the cells.

use super::import::Refusal;
use crate::platform::fields::Invalid;
use crate::platform::text;

/// The most rows of one table.
pub const MAX_ROWS: usize = 50_000;
/// The most bytes of one cell; rules for what is in it are stricter.
const MAX_CELL: usize = 16 * 1024;
/// How many characters of somebody's header are repeated to them.
const SHOWN: usize = 60;
const BOM: &str = "\u{feff}";

/// The columns that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// All of them.
    pub known: &'static [&'static str],
    /// Those of which it must have one.
    pub one_of: &'static [&'static str],
    /// Those that it must have.
    pub required: &'static [&'static str],
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// In which line of the file it begins, counted from one.
    pub line: u64,
    cells: Vec<(&'static str, String)>,
}

impl Cells {
    /// What stands in a column; `None` where nothing does, or there is no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell.as_str());
        cell.filter(|cell| !text::is_blank(cell))
    }

    /// Whether there is such a column, and nothing in it.
    pub fn is_cleared(&self, column: &str) -> bool {
        self.cells.iter().any(|(name, cell)| *name == column && text::is_blank(cell))
    }

    /// What is wrong with a column of this row.
    pub fn refused(&self, column: &str, why: Invalid) -> Refusal {
        let why = why.at(column);
        self.refusal(column, why.code, why.message().english())
    }

    /// One thing that is wrong with the row.
    pub fn refusal(&self, column: &str, code: &str, message: impl Into<String>) -> Refusal {
        let key = ["product_id", "sku", "gtin"].iter().find_map(|column| self.get(column)).unwrap_or_default();
        Refusal {
            line: self.line,
            column: column.to_owned(),
            code: code.to_owned(),
            message: message.into(),
            key: shown(key),
        }
    }

    #[cfg(test)]
    pub(super) fn of(line: u64, cells: &[(&'static str, &str)]) -> Self {
        Self { line, cells: cells.iter().map(|(name, cell)| (*name, (*cell).to_owned())).collect() }
    }
}

/// Reads a table: its rows, and those that are none.
///
/// # Errors
/// What is no such table at all.
pub fn read(bytes: &[u8], columns: Columns) -> Result<Vec<Result<Cells, Refusal>>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        Refusal::of_file("not_utf8", "", format!("the file is not UTF-8: byte {} is not", at.saturating_add(1)))
    })?;
    if text.contains('\0') {
        return Err(Refusal::of_file("not_text", "", "there are zero bytes in the file: it is no table"));
    }
    let text = text.strip_prefix(BOM).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let unreadable = |error: csv::Error| Refusal::of_file("unreadable", "", error.to_string());
    let Some(header) = records.next().transpose().map_err(unreadable)? else { return Err(no_rows()) };
    let names = header_of(&header, columns)?;
    let (mut rows, mut lines) = (Vec::new(), Lines { text: text.as_bytes(), at: 0, line: 1 });
    for record in records {
        let record = record.map_err(unreadable)?;
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        // Spreadsheets end with rows of empty cells.
        if record.iter().all(text::is_blank) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            return Err(Refusal::of_file("too_many_rows", "", format!("a table has at most {MAX_ROWS} rows")));
        }
        rows.push(row_of(&record, line, &names));
    }
    if rows.is_empty() { Err(no_rows()) } else { Ok(rows) }
}

/// In which lines rows begin. The reader counts the end of a line to the row behind it, where a line ends in two bytes.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that is read from this byte on; rows are asked for in their order.
    fn of(&mut self, byte: u64) -> u64 {
        let begin = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.at) {
            // What ends the line before is no part of the row.
            if self.at >= begin && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.at += 1;
            let ends = match byte {
                b'\n' => true,
                b'\r' => self.text.get(self.at) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ends);
        }
        self.line
    }
}

fn no_rows() -> Refusal {
    Refusal::of_file("no_rows", "", "there are no rows below the header")
}

/// What stands between the cells: whichever there is more of in the first line, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let (mut commas, mut semicolons, mut quoted) = (0_usize, 0_usize, false);
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

fn header_of(record: &csv::StringRecord, columns: Columns) -> Result<Vec<&'static str>, Refusal> {
    let mut names: Vec<&'static str> = Vec::with_capacity(record.len());
    for cell in record {
        let name = text::trimmed(cell).trim().to_lowercase();
        let Some(known) = columns.known.iter().find(|known| **known == name) else {
            let expected = format!("this column is not known; expected some of {}", columns.known.join(", "));
            return Err(Refusal::of_file("unknown_column", &shown(&name), expected));
        };
        if names.contains(known) {
            return Err(Refusal::of_file("duplicate_column", known, "this column stands twice in the header"));
        }
        names.push(known);
    }
    if let Some(missing) = columns.required.iter().find(|required| !names.contains(*required)) {
        return Err(Refusal::of_file("missing_column", missing, "this column is missing"));
    }
    if !columns.one_of.iter().any(|one| names.contains(one)) {
        let expected = format!("one of the columns {} is needed", columns.one_of.join(", "));
        return Err(Refusal::of_file("missing_column", columns.one_of.first().copied().unwrap_or_default(), expected));
    }
    Ok(names)
}

fn row_of(record: &csv::StringRecord, line: u64, names: &[&'static str]) -> Result<Cells, Refusal> {
    let cells = names.iter().zip(record).map(|(name, cell)| (*name, cell.to_owned())).collect();
    let cells = Cells { line, cells };
    if let Some((name, _)) = names.iter().zip(record).find(|(_, cell)| cell.len() > MAX_CELL) {
        let huge = Refusal { key: String::new(), ..cells.refusal(name, "too_long", "this cell is far too long") };
        return Err(huge);
    }
    // Empty cells at the end are a matter of how a program writes, not of what is said.
    let said = record.iter().skip(names.len()).any(|cell| !text::is_blank(cell));
    if said || record.len() < names.len() {
        let message = format!("the header has {} cells, this row has {}", names.len(), record.len());
        return Err(cells.refusal("", "wrong_count", message));
    }
    Ok(cells)
}

/// The beginning of what somebody wrote.
pub(super) fn shown(said: &str) -> String {
    said.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: Columns =
        Columns { known: &["sku", "gtin", "name", "note"], one_of: &["sku", "gtin"], required: &["name"] };

    fn rows(file: &str) -> Vec<Result<Cells, Refusal>> {
        read(file.as_bytes(), COLUMNS).unwrap()
    }

    fn failure(file: &[u8]) -> (String, String) {
        let refusal = read(file, COLUMNS).unwrap_err();
        (refusal.code, refusal.column)
    }

    #[test]
    fn a_table_reads_the_same_however_a_program_writes_it() {
        let expected = rows("sku,name\nA,Ibuprofen\nB,Aspirin\n");
        let expected: Vec<_> = expected.into_iter().map(Result::unwrap).collect();
        assert_eq!(expected.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3]);
        for file in [
            "\u{feff}sku,name\nA,Ibuprofen\nB,Aspirin\n",
            "sku;name\r\nA;Ibuprofen\r\nB;Aspirin\r\n",
            "\u{feff}\"SKU\";\"Name \"\r\n\"A\";\"Ibuprofen\"\r\n\"B\";\"Aspirin\"",
            "sku,name\nA,Ibuprofen,,\nB,Aspirin\n,,,\n",
        ] {
            assert_eq!(rows(file).into_iter().map(Result::unwrap).collect::<Vec<_>>(), expected, "{file}");
        }
    }

    #[test]
    fn a_quoted_cell_may_hold_anything_and_lines_are_those_of_the_file() {
        let read = rows("sku;name;note\nA;x;\"one\ntwo; \"\"three\"\"\"\nB;y;\n");
        let (first, second) = (read[0].as_ref().unwrap(), read[1].as_ref().unwrap());
        assert_eq!((first.get("note"), first.line), (Some("one\ntwo; \"three\""), 2));
        assert_eq!((second.get("name"), second.line), (Some("y"), 4));
        assert!(second.is_cleared("note") && !second.is_cleared("gtin") && second.get("note").is_none());
    }

    #[test]
    fn a_row_is_told_by_its_line_whatever_ends_lines() {
        for end in ["\n", "\r\n", "\r"] {
            let file = ["sku,name", "A,x", "", "B,\"two", "lines\"", "C,y"].join(end);
            let lines: Vec<_> = rows(&file).into_iter().map(|row| row.unwrap().line).collect();
            assert_eq!(lines, [2, 4, 6], "{end:?}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_as_a_whole() {
        let of = |file: &[u8]| failure(file).0;
        assert_eq!(of(b"sku,name\nA,\xe9"), "not_utf8");
        assert_eq!(of(b"\xff\xfes\0k\0u\0"), "not_utf8");
        assert_eq!(of(b"sku,name\nA,\0"), "not_text");
        assert_eq!(
            (of(b""), of(b"sku,name\n"), of(b"sku,name\n,\n")),
            ("no_rows".into(), "no_rows".into(), "no_rows".into())
        );
        assert_eq!(failure(b"sku,name,=cmd\nA,x,y"), ("unknown_column".to_owned(), "=cmd".to_owned()));
        assert_eq!(failure(b"sku,name,sku\nA,x,y"), ("duplicate_column".to_owned(), "sku".to_owned()));
        assert_eq!(failure(b"sku\nA"), ("missing_column".to_owned(), "name".to_owned()));
        assert_eq!(failure(b"name\nx"), ("missing_column".to_owned(), "sku".to_owned()));
        let many = format!("sku,name\n{}", "A,x\n".repeat(MAX_ROWS + 1));
        assert_eq!(of(many.as_bytes()), "too_many_rows");
    }

    #[test]
    fn a_row_that_is_none_is_refused_and_the_others_are_read() {
        let huge = "x".repeat(MAX_CELL + 1);
        let file = format!("sku,name\nA\nB,x,y\nC,{huge}\nD,good\n");
        let codes: Vec<_> =
            rows(&file).into_iter().map(|row| row.map(|row| row.line).map_err(|why| (why.line, why.code))).collect();
        let wrong = |line, code: &str| Err((line, code.to_owned()));
        assert_eq!(codes, [wrong(2, "wrong_count"), wrong(3, "wrong_count"), wrong(4, "too_long"), Ok(5)]);
    }

    #[test]
    fn a_quote_that_is_never_closed_takes_no_other_row_along_unseen() {
        let read = rows("sku,name\nA,good\nB,\"open\nC,x\nD,y\n");
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[1].as_ref().unwrap().get("name"),
            Some("open\nC,x\nD,y\n"),
            "a name of several lines is refused by its rule"
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes, COLUMNS);
            let mut below_a_header = b"sku,name\n".to_vec();
            below_a_header.extend(&bytes);
            let _ = read(&below_a_header, COLUMNS);
        }

        #[test]
        fn what_was_written_is_read(cells in prop::collection::vec("[^\0]{1,20}", 1..8), semicolons: bool) {
            let mut writer = csv::WriterBuilder::new()
                .delimiter(if semicolons { b';' } else { b',' })
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            writer.write_record(["sku", "name"]).unwrap();
            for cell in &cells {
                writer.write_record(["A", cell]).unwrap();
            }
            let read = read(&writer.into_inner().unwrap(), COLUMNS).unwrap();
            let read: Vec<_> = read.into_iter().map(|row| row.unwrap().cells[1].1.clone()).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
