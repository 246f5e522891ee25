//! The report of an import: one line for each thing that was refused, as CSV for people's spreadsheets.

use super::import::Refusal;
use crate::platform::csv::{Rows, harmless};

/// A report.
pub fn written(refusals: &[Refusal]) -> Vec<u8> {
    let mut rows = Rows::new(true, ["line", "column", "code", "message", "key"]);
    for refusal in refusals {
        let line = if refusal.line == 0 { String::new() } else { refusal.line.to_string() };
        let texts = [&refusal.column, &refusal.code, &refusal.message, &refusal.key].map(|text| harmless(text));
        rows.add(std::iter::once(line.into()).chain(texts));
    }
    rows.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(key: &str) -> Refusal {
        let (code, message) = ("duplicate".to_owned(), "line 2, \"A\"".to_owned());
        Refusal { line: 7, column: "sku".to_owned(), code, message, key: key.to_owned() }
    }

    #[test]
    fn a_report_names_every_refusal() {
        let text = String::from_utf8(written(&[refusal("A-1"), Refusal::of_file("no_rows", "", "none")])).unwrap();
        assert_eq!(
            text,
            "\u{feff}line,column,code,message,key\r\n7,sku,duplicate,\"line 2, \"\"A\"\"\",A-1\r\n,,no_rows,none,\r\n"
        );
    }

    #[test]
    fn a_formula_comes_back_as_text() {
        let text = String::from_utf8(written(&[refusal("=cmd")])).unwrap();
        assert!(text.ends_with(",'=cmd\r\n"), "{text}");
    }
}
