//! What is counted: cells, each of a book, a day and a part, with measures by name. Pure rules.

use std::collections::BTreeMap;
use std::fmt;

use crate::platform::clock::Date;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Currency;

/// The counters of one report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// What was sold; its parts are currencies.
    Sales,
    /// What was sold of a seller's products; its parts are currencies.
    SalesOf(UserId),
    /// What was sold of each product; its parts are products with currencies.
    Products,
    /// The same of a seller's products.
    ProductsOf(UserId),
    /// What was paid; its parts are ways to pay with currencies.
    Payments,
    /// What prescriptions came and how they were decided; one part.
    Prescriptions,
}

/// What the book of a seller's products is called, before the seller.
const PRODUCTS_OF: &str = "sales_by_product_of_";

impl Book {
    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "sales" => Some(Self::Sales),
            "sales_by_product" => Some(Self::Products),
            "payments" => Some(Self::Payments),
            "prescriptions" => Some(Self::Prescriptions),
            _ if text.starts_with(PRODUCTS_OF) => {
                Some(Self::ProductsOf(UserId::parse(text.strip_prefix(PRODUCTS_OF)?).ok()?))
            }
            _ => Some(Self::SalesOf(UserId::parse(text.strip_prefix("sales_of_")?).ok()?)),
        }
    }
}

impl fmt::Display for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sales => f.write_str("sales"),
            Self::SalesOf(seller) => write!(f, "sales_of_{seller}"),
            Self::Products => f.write_str("sales_by_product"),
            Self::ProductsOf(seller) => write!(f, "{PRODUCTS_OF}{seller}"),
            Self::Payments => f.write_str("payments"),
            Self::Prescriptions => f.write_str("prescriptions"),
        }
    }
}

/// One counter: a day of a book, and a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Of which report.
    pub book: Book,
    /// The pharmacy's day.
    pub day: Date,
    /// Which part of the day, such as a currency.
    pub part: String,
}

impl Cell {
    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = text.splitn(3, ' ');
        let (book, day, part) = (pieces.next()?, pieces.next()?, pieces.next()?);
        Some(Self { book: Book::parse(book)?, day: Date::parse(day).ok()?, part: part.to_owned() })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.book, self.day, self.part)
    }
}

/// What is counted in a cell, by name; what is zero is absent.
pub type Measures = BTreeMap<String, i64>;

/// Adds `other` to `sums`.
pub fn add(sums: &mut Measures, other: &Measures) {
    for (name, by) in other {
        let sum = sums.entry(name.clone()).or_default();
        *sum = sum.saturating_add(*by);
    }
    sums.retain(|_, sum| *sum != 0);
}

/// One measure of some sums.
pub fn measure(sums: &Measures, name: &str) -> i64 {
    sums.get(name).copied().unwrap_or(0)
}

/// What a thing counts for: measures in cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contribution(BTreeMap<Cell, Measures>);

impl Contribution {
    /// Adds `by` to a measure of a cell.
    pub fn add(&mut self, book: &Book, day: Date, part: &str, name: &str, by: i64) {
        if by == 0 {
            return;
        }
        let cell = Cell { book: book.clone(), day, part: part.to_owned() };
        let measures = self.0.entry(cell).or_default();
        add(measures, &Measures::from([(name.to_owned(), by)]));
    }

    /// One measure of a book on each of its days, in their order; on a day without it, 0.
    pub fn by_day(&self, book: &Book, measured: impl Fn(&Measures) -> i64) -> Vec<(Date, i64)> {
        let mut days = BTreeMap::<Date, i64>::new();
        for (cell, measures) in self.0.iter().filter(|(cell, _)| cell.book == *book) {
            let sum = days.entry(cell.day).or_default();
            *sum = sum.saturating_add(measured(measures));
        }
        days.into_iter().collect()
    }

    /// The cells, without those that came to nothing.
    pub fn into_cells(self) -> BTreeMap<Cell, Measures> {
        self.0.into_iter().filter(|(_, measures)| !measures.is_empty()).collect()
    }
}

/// The part of a product.
pub fn product_part(product: ProductId, currency: Currency) -> String {
    format!("{product}#{currency}")
}

/// The part of a way to pay.
pub fn payment_part(method: &str, currency: Currency) -> String {
    format!("{method}#{currency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_they_are_written() {
        let seller = UserId::parse("00000000-0000-4000-8000-000000000001").unwrap();
        let day = Date::parse("2026-11-20").unwrap();
        let of_seller = [Book::SalesOf(seller.clone()), Book::ProductsOf(seller)];
        for book in [Book::Sales, Book::Products, Book::Payments, Book::Prescriptions].into_iter().chain(of_seller) {
            let cell = Cell { book, day, part: "card#USD".to_owned() };
            assert_eq!(Cell::parse(&cell.to_string()), Some(cell));
        }
        for wrong in [
            "",
            "sales",
            "sales 2026-11-20",
            "sales 2026-13-20 USD",
            "sales_of_me 2026-11-20 USD",
            "sales_by_product_of_me 2026-11-20 USD",
        ] {
            assert_eq!(Cell::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_comes_to_nothing_is_no_cell() {
        let day = Date::parse("2026-11-20").unwrap();
        let mut contribution = Contribution::default();
        contribution.add(&Book::Sales, day, "USD", "gross", 5);
        contribution.add(&Book::Sales, day, "USD", "gross", -5);
        contribution.add(&Book::Sales, day, "USD", "units", 0);
        assert!(contribution.into_cells().is_empty());
    }
}
