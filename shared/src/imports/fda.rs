//! Drugs@FDA as it is published: a zip of tables, tab-separated, one line a row.
//!
//! The archive comes from outside: what it says of itself is not believed. So many entries, so many bytes unpacked, and so
//! many for each packed byte are read, and no more.

use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read};

use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::fda_row::{self, Published};
use super::import::Refusal;
use super::row::{Entries, Entry};
use super::table::MAX_ROWS;
use crate::platform::ids::ImportId;
use crate::platform::money::Currency;

/// The most entries of an archive.
const MAX_ENTRIES: usize = 100;
/// The most bytes of one table, unpacked.
const MAX_TABLE: u64 = 48 * 1024 * 1024;
/// The most bytes that one packed byte may become; tables of this sort become five to fifteen.
const MAX_RATIO: u64 = 100;

/// The name of the table of products, whose lines a report names.
const PRODUCTS: &str = "Products.txt";
const APPLICATIONS: &str = "Applications.txt";
const STATUSES: &str = "MarketingStatus.txt";
const EQUIVALENCES: &str = "TE.txt";

/// Which product: the numbers of its application and in it.
pub type Numbers = (String, String);

/// What the other tables say.
#[derive(Debug, Default)]
struct Beside {
    /// `NDA`, `ANDA` or `BLA`, by application.
    types: HashMap<String, String>,
    /// In which ways a product is marketed: 1 on prescription, 2 over the counter, 3 no more, 4 not yet.
    statuses: HashMap<Numbers, BTreeSet<String>>,
    /// Its codes of therapeutic equivalence.
    codes: HashMap<Numbers, BTreeSet<String>>,
}

/// A table, taken apart.
#[derive(Debug)]
struct Tsv<'a> {
    name: &'static str,
    header: Vec<&'a str>,
    lines: Vec<(u64, Vec<&'a str>)>,
}

/// Reads the archive: its marketed products.
///
/// # Errors
/// It is no such archive, or not one to be unpacked.
pub fn read(bytes: &[u8], import: ImportId, currency: Currency) -> Result<Entries, Refusal> {
    let mut tables = unpacked(bytes)?;
    let mut take = |name: &'static str| tables.remove(name).unwrap_or_default();
    let (products, applications, statuses, codes) =
        (take(PRODUCTS), take(APPLICATIONS), take(STATUSES), take(EQUIVALENCES));
    let beside = Beside::read(&applications, &statuses, &codes)?;
    rows(&products, &beside, import, currency)
}

/// The four tables by their names, as text. What is no UTF-8 in them shows as the sign for that, and refuses its row.
fn unpacked(bytes: &[u8]) -> Result<HashMap<&'static str, String>, Refusal> {
    let no_zip = |error: zip::result::ZipError| Refusal::of_file("not_a_zip", "", format!("no zip archive: {error}"));
    let unsafe_zip = |message: String| Refusal::of_file("unsafe_zip", "", message);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(no_zip)?;
    if archive.len() > MAX_ENTRIES {
        return Err(unsafe_zip(format!("an archive has at most {MAX_ENTRIES} entries")));
    }
    let mut tables = HashMap::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(no_zip)?;
        let name = entry.name().to_owned();
        let Some(table) = named(&name) else { continue };
        if tables.contains_key(table) {
            return Err(Refusal::of_file("unsafe_zip", table, "this table is in the archive twice"));
        }
        let text = table_of(&mut entry, table)?;
        tables.insert(table, text);
    }
    for table in [PRODUCTS, APPLICATIONS, STATUSES, EQUIVALENCES] {
        if !tables.contains_key(table) {
            return Err(Refusal::of_file("missing_table", table, "this table is not in the archive"));
        }
    }
    Ok(tables)
}

/// Which table an entry is, wherever in the archive it lies.
fn named(path: &str) -> Option<&'static str> {
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    [PRODUCTS, APPLICATIONS, STATUSES, EQUIVALENCES].into_iter().find(|known| known.eq_ignore_ascii_case(file))
}

fn table_of(entry: &mut ZipFile<'_, Cursor<&[u8]>>, table: &'static str) -> Result<String, Refusal> {
    let refused = |code: &str, message: String| Refusal::of_file(code, table, message);
    if entry.encrypted() || !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(refused(
            "unsafe_zip",
            "this table is encrypted, or packed by another method than deflate".to_owned(),
        ));
    }
    let most = MAX_TABLE.min(entry.compressed_size().saturating_mul(MAX_RATIO));
    let too_large = || refused("unsafe_zip", format!("this table is larger than {most} bytes, unpacked"));
    if entry.size() > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // One more than it may be, so that one that is larger than it says shows.
    let read = entry.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| refused("not_a_zip", format!("this table cannot be unpacked: {error}")))?;
    if !u64::try_from(bytes.len()).is_ok_and(|length| length <= most) {
        return Err(too_large());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl<'a> Tsv<'a> {
    fn read(name: &'static str, text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = (1..).zip(text.split('\n')).map(|(number, line)| (number, line.strip_suffix('\r').unwrap_or(line)));
        let mut lines = lines.filter(|(_, line)| !line.is_empty());
        let cells = |line: &'a str| line.split('\t').collect::<Vec<_>>();
        let header = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
        let header = header.into_iter().map(str::trim).collect();
        Self { name, header, lines: lines.map(|(number, line)| (number, cells(line))).collect() }
    }

    /// Where a column stands.
    fn column(&self, name: &str) -> Result<usize, Refusal> {
        let place = self.header.iter().position(|column| *column == name);
        place.ok_or_else(|| Refusal::of_file("missing_column", name, format!("{} has no such column", self.name)))
    }
}

fn cell<'a>(cells: &[&'a str], place: usize) -> &'a str {
    cells.get(place).copied().unwrap_or_default().trim()
}

impl Beside {
    fn read(applications: &str, statuses: &str, codes: &str) -> Result<Self, Refusal> {
        let mut beside = Self::default();
        let table = Tsv::read(APPLICATIONS, applications);
        let (number, sort) = (table.column("ApplNo")?, table.column("ApplType")?);
        for (_, cells) in &table.lines {
            beside.types.insert(cell(cells, number).to_owned(), cell(cells, sort).to_owned());
        }
        for (table, column, found) in [
            (Tsv::read(STATUSES, statuses), "MarketingStatusID", &mut beside.statuses),
            (Tsv::read(EQUIVALENCES, codes), "TECode", &mut beside.codes),
        ] {
            let (number, product) = (table.column("ApplNo")?, table.column("ProductNo")?);
            let said = table.column(column)?;
            for (_, cells) in &table.lines {
                let numbers = (cell(cells, number).to_owned(), cell(cells, product).to_owned());
                found.entry(numbers).or_default().insert(cell(cells, said).to_owned());
            }
        }
        Ok(beside)
    }
}

fn rows(products: &str, beside: &Beside, import: ImportId, currency: Currency) -> Result<Entries, Refusal> {
    let table = Tsv::read(PRODUCTS, products);
    let [number, product, form, strength, name, ingredients] =
        ["ApplNo", "ProductNo", "Form", "Strength", "DrugName", "ActiveIngredient"].map(|name| table.column(name));
    let (number, product, form) = (number?, product?, form?);
    let (strength, name, ingredients) = (strength?, name?, ingredients?);
    if table.lines.is_empty() {
        return Err(Refusal::of_file("no_rows", "", "there are no rows below the header"));
    }
    let (mut entries, mut skipped, mut seen) = (Vec::new(), 0_u64, HashMap::new());
    for (line, cells) in &table.lines {
        let numbers = (cell(cells, number).to_owned(), cell(cells, product).to_owned());
        let none = BTreeSet::new();
        let statuses = beside.statuses.get(&numbers).unwrap_or(&none);
        if !statuses.iter().any(|status| fda_row::is_marketed(status)) {
            skipped += 1;
            continue;
        }
        if entries.len() == MAX_ROWS {
            return Err(Refusal::of_file("too_many_rows", "", format!("at most {MAX_ROWS} products are read")));
        }
        let published = Published {
            sort: beside.types.get(&numbers.0).map(String::as_str).unwrap_or_default(),
            number: &numbers.0,
            product: &numbers.1,
            form: cell(cells, form),
            strength: cell(cells, strength),
            name: cell(cells, name),
            ingredients: cell(cells, ingredients),
            statuses,
            codes: beside.codes.get(&numbers).unwrap_or(&none),
        };
        let mut entry = Entry { line: *line, key: published.sku(), row: Err(Vec::new()) };
        // A tab within a cell moves all that follows; at the end it moves nothing.
        let moved = cells.iter().skip(table.header.len()).any(|cell| !cell.trim().is_empty());
        entry.row = match seen.insert(numbers.clone(), *line) {
            Some(first) => Err(vec![entry.refusal("", "duplicate", &format!("line {first} speaks of the same"))]),
            None if moved || cells.len() < table.header.len() => {
                let message = format!("the header has {} cells, this row has {}", table.header.len(), cells.len());
                Err(vec![entry.refusal("", "wrong_count", &message)])
            }
            None => published.row(&entry, import, currency),
        };
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(Refusal::of_file("no_rows", "", "no product in the table is marketed"));
    }
    Ok(Entries { entries, skipped })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::imports::row::Row;
    use crate::platform::clock::Timestamp;

    const APPLICATION_ROWS: &str = "ApplNo\tApplType\tApplPublicNotes\tSponsorName\n\
        000001\tNDA\t\tMAKER\n000002\tANDA\tcaf\u{e9}\tOTHER\n";
    const STATUS_ROWS: &str = "MarketingStatusID\tApplNo\tProductNo\n\
        1\t000001\t001\n2\t000002\t001\n3\t000002\t002\n1\t000002\t003\n1\t000002\t004\n";
    const CODE_ROWS: &str = "ApplNo\tProductNo\tMarketingStatusID\tTECode\n000001\t001\t1\tAB\n";
    const PRODUCT_ROWS: &str = "ApplNo\tProductNo\tForm\tStrength\tReferenceDrug\tDrugName\tActiveIngredient\tReferenceStandard\r\n\
        000001\t001\tTABLET;ORAL\t500MG\t1\tGLUCOPHAGE\tMETFORMIN HYDROCHLORIDE\t0\r\n\
        000002\t001\tTABLET;ORAL\t200MG\t0\tIBUPROFEN\tIBUPROFEN\t0\t\r\n\
        000002\t002\tTABLET;ORAL\t400MG\t0\tIBUPROFEN\tIBUPROFEN\t0\r\n\
        000002\t003\tTABLET;\tORAL\t400MG\t0\tIBUPROFEN\tIBUPROFEN\t0\r\n\
        000002\t004\tTABLET;ORAL\t1MG/0.5MG\t0\tTWO\tESTRADIOL; NORETHINDRONE ACETATE\t0\r\n";

    fn whole() -> Vec<(&'static str, Vec<u8>)> {
        [
            ("drugsatfda/Products.txt", PRODUCT_ROWS),
            ("drugsatfda/Applications.txt", APPLICATION_ROWS),
            ("drugsatfda/MarketingStatus.txt", STATUS_ROWS),
            ("drugsatfda/TE.txt", CODE_ROWS),
            ("drugsatfda/Submissions.txt", "not looked at"),
        ]
        .map(|(name, text)| (name, text.as_bytes().to_vec()))
        .to_vec()
    }

    fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in files {
            writer.start_file(*name, packed).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn open(bytes: &[u8]) -> Result<Entries, Refusal> {
        read(bytes, ImportId::first_at(Timestamp::from_millis(1)), Currency::parse("USD").unwrap())
    }

    /// The whole archive with one table otherwise, or without it.
    fn with(table: &str, text: Option<&[u8]>) -> Result<Entries, Refusal> {
        let mut files = whole();
        files.retain(|(name, _)| !name.ends_with(table) || text.is_some());
        for (name, bytes) in &mut files {
            if let (true, Some(text)) = (name.ends_with(table), text) {
                *bytes = text.to_vec();
            }
        }
        open(&zipped(&files))
    }

    #[test]
    fn marketed_products_are_rows_and_what_is_broken_says_why() {
        let read = open(&zipped(&whole())).unwrap();
        assert_eq!(read.skipped, 1, "one is discontinued");
        let lines: Vec<_> = read
            .entries
            .iter()
            .map(|entry| match &entry.row {
                Ok(Row::Product(row)) => {
                    (entry.line, entry.key.as_str(), row.new.as_ref().unwrap().medicine.name.clone())
                }
                Ok(Row::Stock(_)) => unreachable!(),
                Err(refusals) => (entry.line, entry.key.as_str(), refusals[0].code.clone()),
            })
            .collect();
        let expected = [
            (2, "NDA000001-001", "Glucophage 500 mg"),
            (3, "ANDA000002-001", "Ibuprofen 200 mg"),
            (5, "ANDA000002-003", "wrong_count"),
            (6, "ANDA000002-004", "strengths_do_not_match"),
        ];
        assert_eq!(lines, expected.map(|(line, key, said)| (line, key, said.to_owned())));
    }

    #[test]
    fn an_archive_that_is_none_or_not_whole_is_refused() {
        let good = zipped(&whole());
        for broken in [&b""[..], b"sku,name\nA,x", &good[..good.len() / 2], &good[..good.len() - 10], &good[20..]] {
            let code = open(broken).unwrap_err().code;
            assert!(["not_a_zip", "missing_table"].contains(&code.as_str()), "{code}");
        }
        let mut damaged = good.clone();
        // Within what is packed of the first table.
        damaged[120] ^= 0xff;
        assert!(open(&damaged).is_err());
        let missing = with("TE.txt", None).unwrap_err();
        assert_eq!((missing.code.as_str(), missing.column.as_str()), ("missing_table", "TE.txt"));
        let column = with("MarketingStatus.txt", Some(b"ApplNo\tProductNo\n")).unwrap_err();
        assert_eq!((column.code.as_str(), column.column.as_str()), ("missing_column", "MarketingStatusID"));
        let header = PRODUCT_ROWS.split_inclusive('\n').next().unwrap();
        assert_eq!(with("Products.txt", Some(header.as_bytes())).unwrap_err().code, "no_rows");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![b'0'; 4 * 1024 * 1024];
        let bomb = with("Products.txt", Some(&zeros)).unwrap_err();
        assert_eq!((bomb.code.as_str(), bomb.column.as_str()), ("unsafe_zip", "Products.txt"));
        let many: Vec<_> = (0..=MAX_ENTRIES).map(|n| format!("{n}.txt")).collect();
        let many: Vec<_> = many.iter().map(|name| (name.as_str(), Vec::new())).collect();
        assert_eq!(open(&zipped(&many)).unwrap_err().code, "unsafe_zip");
        let mut twice = whole();
        twice.push(("other/products.TXT", PRODUCT_ROWS.as_bytes().to_vec()));
        assert_eq!(open(&zipped(&twice)).unwrap_err().code, "unsafe_zip");
    }

    #[test]
    fn what_cannot_be_read_refuses_its_row_alone() {
        let mut products = PRODUCT_ROWS.replace("GLUCOPHAGE", "GLUCO?HAGE").into_bytes();
        let place = products.iter().position(|byte| *byte == b'?').unwrap();
        products[place] = 0xe9;
        let read = with("Products.txt", Some(&products)).unwrap();
        assert_eq!(read.entries[0].row.as_ref().unwrap_err()[0].code, "not_utf8");
        assert!(read.entries[1].row.is_ok());
    }

    #[test]
    fn a_product_stands_in_one_row() {
        let row = PRODUCT_ROWS.lines().nth(1).unwrap();
        let read = with("Products.txt", Some(format!("{PRODUCT_ROWS}{row}\r\n").as_bytes())).unwrap();
        assert_eq!(read.entries.last().unwrap().row.as_ref().unwrap_err()[0].code, "duplicate");
    }
}
