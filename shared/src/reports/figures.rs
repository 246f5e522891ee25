//! What counting has found that operators watch: of what happened today or yesterday, the figures that counters have grown by.
//! Pure rules.
//!
//! They are told once for each change of the counters, so what is counted twice is told once. What is counted anew of days long
//! past is in the reports and is no news.

use std::collections::BTreeMap;

use super::cell::{Book, Cell, Measures, measure};
use super::of_order::{paid, sold};
use super::of_prescription::{APPROVED, REJECTED, WAITED};
use crate::platform::clock::Date;
use crate::platform::metrics::Figure;

/// How many days back is news.
const NEWS: i64 = 1;

/// The figures of a step: by how much each has grown; what has not is absent.
pub fn figures(changes: &BTreeMap<Cell, Measures>, today: Date) -> Vec<Figure> {
    let sum = |book: &Book, name: &str| -> i64 {
        let news = changes
            .iter()
            .filter(|(cell, _)| cell.book == *book && cell.day >= today.plus_days(-NEWS) && cell.day <= today);
        news.map(|(_, measures)| measure(measures, name)).sum()
    };
    let reviewed = sum(&Book::Prescriptions, APPROVED) + sum(&Book::Prescriptions, REJECTED);
    let counts = [
        ("OrdersPlaced", sum(&Book::Sales, sold::PLACED)),
        ("OrdersCancelled", sum(&Book::Sales, sold::CANCELLED)),
        ("OrdersDelivered", sum(&Book::Sales, sold::DELIVERED)),
        ("PaymentsTaken", sum(&Book::Payments, paid::CAPTURES)),
        ("PaymentsFailed", sum(&Book::Payments, paid::FAILED)),
        ("PrescriptionsReviewed", reviewed),
    ];
    let mut figures: Vec<_> =
        counts.into_iter().filter(|(_, by)| *by > 0).map(|(name, by)| Figure::count(name, by)).collect();
    // One prescription is counted at a time, so what it waited is a time and no sum of several.
    let waited = sum(&Book::Prescriptions, WAITED);
    if reviewed == 1 && waited > 0 {
        figures.push(Figure::seconds("ReviewSeconds", waited));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn changes(book: Book, on: &str, measures: &[(&str, i64)]) -> BTreeMap<Cell, Measures> {
        let measures = measures.iter().map(|(name, by)| ((*name).to_owned(), *by)).collect();
        BTreeMap::from([(Cell { book, day: day(on), part: "USD".to_owned() }, measures)])
    }

    #[test]
    fn an_order_that_was_placed_is_one() {
        let placed = changes(Book::Sales, "2026-12-01", &[("placed", 1), ("units", 3), ("gross", 4500)]);
        assert_eq!(figures(&placed, day("2026-12-01")), [Figure::count("OrdersPlaced", 1)]);
        assert_eq!(figures(&placed, day("2026-12-02")), [Figure::count("OrdersPlaced", 1)], "past midnight");
    }

    #[test]
    fn what_is_counted_anew_is_no_news() {
        let placed = changes(Book::Sales, "2026-11-20", &[("placed", 1)]);
        assert!(figures(&placed, day("2026-12-01")).is_empty());
        let less = changes(Book::Payments, "2026-12-01", &[("failed", -1)]);
        assert!(figures(&less, day("2026-12-01")).is_empty(), "and no figure is below zero");
    }

    #[test]
    fn a_seller_s_part_is_not_counted_beside_the_whole() {
        let seller = crate::platform::ids::UserId::parse("00000000-0000-4000-8000-000000000001").unwrap();
        let theirs = changes(Book::SalesOf(seller), "2026-12-01", &[("placed", 1)]);
        assert!(figures(&theirs, day("2026-12-01")).is_empty());
    }

    #[test]
    fn a_review_says_how_long_somebody_waited() {
        let reviewed =
            changes(Book::Prescriptions, "2026-12-01", &[("approved", 1), ("waited", 900), ("within_15", 1)]);
        assert_eq!(
            figures(&reviewed, day("2026-12-01")),
            [Figure::count("PrescriptionsReviewed", 1), Figure::seconds("ReviewSeconds", 900)]
        );
    }
}
