//! The reports that are read from counters.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Book, Measures, add, payment_part};
use super::of_prescription::{EXPIRED, PART};
use super::payments::{PaymentSums, PaymentsReport, PaymentsRow};
use super::period::{Days, Period};
use super::prescriptions::{PrescriptionSums, PrescriptionsReport, PrescriptionsRow};
use super::request::Asked;
use super::sales::{SalesReport, SalesRow, SalesSums};
use super::store::ReportStore;
use crate::platform::clock::{Clock, Date};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ProductId, UserId};
use crate::platform::money::Currency;
use crate::platform::payment_method::PaymentMethod;
use crate::platform::zone::Zone;

/// The reports.
#[derive(Debug)]
pub struct Reports {
    /// Where counters are.
    pub store: ReportStore,
    /// What the pharmacy sells in.
    pub currency: Currency,
    /// The ways to pay that it offers.
    pub methods: Vec<PaymentMethod>,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

/// How many products a report has rows for.
const MOST_PRODUCTS: usize = 1000;

/// Counters by day and part.
type Cells = BTreeMap<(Date, String), Measures>;

/// The sums of a part over some days.
fn sum(cells: &Cells, part: &str, has: impl Fn(Date) -> bool) -> Measures {
    let mut sums = Measures::new();
    for ((day, of), measures) in cells {
        if of == part && has(*day) {
            add(&mut sums, measures);
        }
    }
    sums
}

impl Reports {
    /// What was sold, all of it or of a seller's products.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn sales(&self, seller: Option<&UserId>, asked: &Asked) -> Result<SalesReport> {
        let book = seller.map_or(Book::Sales, |seller| Book::SalesOf(seller.clone()));
        let cells = self.store.cells(&book, asked.from, asked.to).await?;
        let mut currencies = BTreeSet::from([self.currency]);
        for (_, part) in cells.keys() {
            currencies.insert(Currency::parse(part).map_err(Error::internal)?);
        }
        let mut rows = Vec::new();
        for period in Period::all(asked.from, asked.to, asked.group) {
            for currency in &currencies {
                let sums = sum(&cells, currency.as_str(), |day| period.has(day));
                rows.push(SalesRow {
                    period: period.clone(),
                    product_id: None,
                    sums: SalesSums::new(&sums, *currency),
                });
            }
        }
        let total = |currency: &Currency| SalesSums::new(&sum(&cells, currency.as_str(), |_| true), *currency);
        let totals = currencies.iter().map(total).collect();
        Ok(SalesReport { days: self.days(asked), rows, left_out: None, totals })
    }

    /// What was sold of each product, all of them or a seller's.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn sales_by_product(&self, seller: Option<&UserId>, asked: &Asked) -> Result<SalesReport> {
        let book = seller.map_or(Book::Products, |seller| Book::ProductsOf(seller.clone()));
        let mut parts = BTreeMap::<String, Measures>::new();
        for ((_, part), measures) in self.store.cells(&book, asked.from, asked.to).await? {
            add(parts.entry(part).or_default(), &measures);
        }
        let (mut rows, mut sums) = (Vec::new(), BTreeMap::from([(self.currency, Measures::new())]));
        for (part, measures) in &parts {
            let (product, currency) = part.split_once('#').ok_or_else(|| Error::internal("no product"))?;
            let currency = Currency::parse(currency).map_err(Error::internal)?;
            add(sums.entry(currency).or_default(), measures);
            rows.push(SalesRow {
                period: Period::whole(asked.from, asked.to),
                product_id: Some(ProductId::parse(product).map_err(Error::internal)?),
                sums: SalesSums::new(measures, currency),
            });
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.sums.net.amount()));
        let left_out = rows.len().saturating_sub(MOST_PRODUCTS);
        rows.truncate(MOST_PRODUCTS);
        let mut totals: Vec<_> = sums.iter().map(|(currency, sums)| SalesSums::new(sums, *currency)).collect();
        for total in &mut totals {
            // An order has several products, and is one.
            total.orders_placed = 0;
            total.orders_delivered = 0;
            total.orders_cancelled = 0;
            total.orders_returned = 0;
        }
        Ok(SalesReport { days: self.days(asked), rows, left_out: Some(left_out), totals })
    }

    /// What was paid.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn payments(&self, asked: &Asked) -> Result<PaymentsReport> {
        let cells = self.store.cells(&Book::Payments, asked.from, asked.to).await?;
        let mut parts: BTreeSet<_> =
            self.methods.iter().map(|method| payment_part(method.as_str(), self.currency)).collect();
        parts.extend(cells.keys().map(|(_, part)| part.clone()));
        let mut named = Vec::new();
        for part in &parts {
            let (method, currency) = part.split_once('#').ok_or_else(|| Error::internal("no way to pay"))?;
            named.push((part, method, Currency::parse(currency).map_err(Error::internal)?));
        }
        let mut rows = Vec::new();
        for period in Period::all(asked.from, asked.to, asked.group) {
            for (part, method, currency) in &named {
                let sums = sum(&cells, part, |day| period.has(day));
                rows.push(PaymentsRow { period: period.clone(), sums: PaymentSums::new(&sums, method, *currency) });
            }
        }
        let totals = named
            .iter()
            .map(|(part, method, currency)| PaymentSums::new(&sum(&cells, part, |_| true), method, *currency));
        Ok(PaymentsReport { days: self.days(asked), rows, totals: totals.collect() })
    }

    /// The prescriptions.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn prescriptions(&self, asked: &Asked) -> Result<PrescriptionsReport> {
        let mut cells = self.store.cells(&Book::Prescriptions, asked.from, asked.to).await?;
        // What may expire on a day to come has not yet.
        let today = self.zone.day(self.clock.now())?;
        for ((day, _), measures) in &mut cells {
            if *day > today {
                measures.remove(EXPIRED);
            }
        }
        let periods = Period::all(asked.from, asked.to, asked.group);
        let row = |period: Period| {
            let sums = PrescriptionSums::new(&sum(&cells, PART, |day| period.has(day)));
            PrescriptionsRow { period, sums }
        };
        Ok(PrescriptionsReport {
            days: self.days(asked),
            rows: periods.into_iter().map(row).collect(),
            totals: PrescriptionSums::new(&sum(&cells, PART, |_| true)),
        })
    }

    fn days(&self, asked: &Asked) -> Days {
        Days { from: asked.from, to: asked.to, group: asked.group, time_zone: self.zone.clone().into() }
    }
}
