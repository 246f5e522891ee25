//! Reports as CSV: a header, and a line for each row. Pure rules.

use crate::platform::clock::Date;
use crate::platform::csv::{Rows, harmless};
use crate::platform::money::Money;

/// What a file of it is.
pub const CONTENT_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// One value of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// What somebody has written.
    Text(String),
    /// A number.
    Number(i64),
    /// A sum, in major units; its currency is another value.
    Sum(Money),
    /// A day.
    Day(Date),
    /// Nothing.
    None,
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn write(&self) -> String {
        match self {
            Self::Text(text) => harmless(text).into_owned(),
            Self::Number(number) => number.to_string(),
            Self::Sum(sum) => sum.to_decimal(),
            Self::Day(day) => day.to_string(),
            Self::None => String::new(),
        }
    }
}

/// What has lines.
pub trait Table {
    /// The names of the columns.
    fn head(&self) -> Vec<&'static str>;
    /// The lines, each with a value for every column.
    fn lines(&self) -> Vec<Vec<Value>>;
}

/// A table as a file.
pub fn write(table: &impl Table) -> Vec<u8> {
    let mut rows = Rows::new(false, table.head());
    for line in table.lines() {
        rows.add(line.iter().map(Value::write));
    }
    rows.finish()
}

/// What a file is called: letters, digits and hyphens.
pub fn file_name(report: &str, from: Date, to: Date) -> String {
    format!("attachment; filename=\"{report}-{from}-{to}.csv\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Currency;

    struct One(Vec<Value>);

    impl Table for One {
        fn head(&self) -> Vec<&'static str> {
            vec!["name", "units", "net"]
        }

        fn lines(&self) -> Vec<Vec<Value>> {
            vec![self.0.clone()]
        }
    }

    #[test]
    fn figures_keep_their_sign_and_a_formula_is_text() {
        let sum = Money::new(-1250, Currency::parse("USD").unwrap());
        let file = write(&One(vec![Value::text("=a"), Value::Number(-3), Value::Sum(sum)]));
        assert_eq!(file, b"name,units,net\r\n'=a,-3,-12.50\r\n");
    }
}
