//! Bills beside each other, for a terminal and for a page.

use std::fmt::Write as _;

use super::bill::Bill;
use super::prices::Prices;

/// All there is to say, for a terminal: the bills, the units they are made of, and the prices with their sources.
///
/// # Errors
/// A price that is missing.
pub fn text(bills: &[Bill], prices: &Prices) -> Result<String, String> {
    let head = format!("A month in {}, in {}", prices.region, prices.currency);
    let (units, sources) = (units(bills, prices)?, sources(bills, prices)?);
    Ok(format!("\n{head}\n\n{}\n{}\n{units}\n{sources}", table(bills), largest(bills)))
}

/// A row for each thing that has a price: how much of it each month uses.
fn units(bills: &[Bill], prices: &Prices) -> Result<String, String> {
    let mut table = String::new();
    for (at, used) in bills.first().map(|bill| &bill.used).into_iter().flatten().enumerate() {
        let price = prices.of(used.price)?;
        let each: Vec<_> = bills.iter().map(|bill| format!("{:>14.4}", bill.used[at].units)).collect();
        let _ = writeln!(table, "{:<20} {}  {}", used.price, each.join(" "), price.unit);
    }
    Ok(table)
}

/// A row for each price: what it is, and where it is from.
fn sources(bills: &[Bill], prices: &Prices) -> Result<String, String> {
    let mut table = String::new();
    for used in bills.first().map(|bill| &bill.used).into_iter().flatten() {
        let price = prices.of(used.price)?;
        let (first, unit) = (price.first(), &price.unit);
        let _ =
            writeln!(table, "{:<20} {first} per {unit}; {} ({}, {})", used.price, price.source, price.date, price.seen);
    }
    Ok(table)
}

/// The tables for a page: the bills, the largest lines, and the totals of variants.
pub fn markdown(bills: &[Bill], variants: &[(&str, Vec<Bill>)]) -> String {
    let mut page = format!("{}\n{}\n", table(bills), largest(bills));
    let _ = writeln!(page, "| total | {} |", join(bills, |bill| orders(bill.orders_a_day)));
    let _ = writeln!(page, "|---|{}", "---:|".repeat(bills.len()));
    let usual = ("at list prices", bills.to_vec());
    for (name, bills) in [&usual].into_iter().chain(variants) {
        let _ = writeln!(page, "| {name} | {} |", join(bills, |bill| dollars(bill.total())));
    }
    page
}

/// A row for each service and a column for each bill.
fn table(bills: &[Bill]) -> String {
    let mut rows = vec![("orders a day", bills.iter().map(|bill| orders(bill.orders_a_day)).collect::<Vec<_>>())];
    let services = bills.first().map(|bill| bill.lines.iter().map(|(service, _)| *service)).into_iter().flatten();
    for (at, service) in services.enumerate() {
        rows.push((service, bills.iter().map(|bill| dollars(bill.lines[at].1)).collect()));
    }
    rows.push(("**total**", bills.iter().map(|bill| dollars(bill.total())).collect()));
    rows.push(("for one order", bills.iter().map(|bill| format!("{:.4}", bill.of_an_order())).collect()));
    let mut table = String::new();
    for (number, (name, cells)) in rows.iter().enumerate() {
        let cells: Vec<_> = cells.iter().map(|cell| format!("{cell:>10}")).collect();
        let _ = writeln!(table, "| {name:<16} | {} |", cells.join(" | "));
        if number == 0 {
            let _ = writeln!(table, "|{}|{}", "-".repeat(18), format!("{}:|", "-".repeat(11)).repeat(bills.len()));
        }
    }
    table
}

/// The largest lines of each bill.
fn largest(bills: &[Bill]) -> String {
    let mut lines = String::new();
    for bill in bills {
        let total = bill.total();
        let parts: Vec<_> = bill
            .largest()
            .iter()
            .map(|(service, dollars)| format!("{service} ({:.0}%)", 100.0 * dollars / total))
            .collect();
        let noun = if bill.orders_a_day == 1 { "order" } else { "orders" };
        let _ = writeln!(lines, "- At {} {noun} a day most is {}.", orders(bill.orders_a_day), parts.join(", "));
    }
    lines
}

fn join(bills: &[Bill], cell: impl Fn(&Bill) -> String) -> String {
    bills.iter().map(cell).collect::<Vec<_>>().join(" | ")
}

/// `10,000`.
fn orders(orders: u32) -> String {
    thousands(&orders.to_string())
}

/// `3,901.27`.
fn dollars(dollars: f64) -> String {
    let text = format!("{dollars:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    format!("{}.{cents}", thousands(whole))
}

fn thousands(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::usage::Used;

    fn bills() -> Vec<Bill> {
        let lines = |factor: f64| vec![("Lambda", 1.5 * factor), ("Cognito", 10.0 * factor), ("S3", 0.0)];
        let bill = |orders_a_day, factor| Bill { orders_a_day, lines: lines(factor), used: Vec::new() };
        vec![bill(1, 0.1), bill(10_000, 1234.0)]
    }

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!([0.0, 12.346, 999.999, 1_234_567.8].map(dollars), ["0.00", "12.35", "1,000.00", "1,234,567.80"]);
    }

    #[test]
    fn every_bill_is_a_column() {
        let table = table(&bills());
        let row = |name: &str| table.lines().find(|line| line.contains(name)).unwrap().replace(' ', "");
        assert_eq!(row("orders a day"), "|ordersaday|1|10,000|");
        assert_eq!(row("Cognito"), "|Cognito|1.00|12,340.00|");
        assert_eq!(row("total"), "|**total**|1.15|14,191.00|");
    }

    #[test]
    fn a_terminal_shows_the_units_and_where_their_prices_are_from() {
        let used = vec![Used { service: "Lambda", price: "lambda_requests", units: 3.25 }];
        let bill = Bill { orders_a_day: 1, lines: Vec::new(), used };
        let text = text(&[bill], &Prices::read().unwrap()).unwrap();
        assert!(text.contains("A month in us-east-1, in USD"), "{text}");
        assert!(text.contains("3.2500  million invocations"), "{text}");
        assert!(text.contains("0.2 per million invocations; https://aws.amazon.com/lambda/pricing/"), "{text}");
    }

    #[test]
    fn the_page_names_the_largest_and_the_variants() {
        let page = markdown(&bills(), &[("all free", bills())]);
        assert!(page.contains("- At 10,000 orders a day most is Cognito (87%), Lambda (13%), S3 (0%)."), "{page}");
        assert!(page.contains("| all free | 1.15 | 14,191.00 |"), "{page}");
    }
}
