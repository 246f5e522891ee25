//! A month's bill.

use super::prices::Prices;
use super::usage::Used;

/// What a month costs at so many orders a day.
#[derive(Clone, Debug)]
pub struct Bill {
    /// How many orders a day.
    pub orders_a_day: u32,
    /// Each service and its dollars, in the order of the usage.
    pub lines: Vec<(&'static str, f64)>,
    /// What was used.
    pub used: Vec<Used>,
}

impl Bill {
    /// What this usage costs.
    ///
    /// # Errors
    /// A price that is missing.
    pub fn of(orders_a_day: u32, used: &[Used], prices: &Prices, free_tier: bool) -> Result<Self, String> {
        let mut lines: Vec<(&'static str, f64)> = Vec::new();
        for one in used {
            let dollars = prices.of(one.price)?.cost(one.units, free_tier);
            match lines.iter_mut().find(|(service, _)| *service == one.service) {
                Some((_, sum)) => *sum += dollars,
                None => lines.push((one.service, dollars)),
            }
        }
        Ok(Self { orders_a_day, lines, used: used.to_vec() })
    }

    /// All of it, in dollars.
    pub fn total(&self) -> f64 {
        self.lines.iter().map(|(_, dollars)| dollars).sum()
    }

    /// The share of one order, in dollars; of a month without orders nothing.
    pub fn of_an_order(&self) -> f64 {
        let orders = f64::from(self.orders_a_day) * 730.0 / 24.0;
        if orders > 0.0 { self.total() / orders } else { 0.0 }
    }

    /// The three largest lines, the largest first.
    pub fn largest(&self) -> Vec<(&'static str, f64)> {
        let mut lines = self.lines.clone();
        lines.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        lines.truncate(3);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(service: &'static str, price: &'static str, units: f64) -> Used {
        Used { service, price, units }
    }

    #[test]
    fn a_bill_is_what_one_reckons_by_hand() {
        // 3 million invocations at 0.20, 100,000 GB-s at 0.0000133334, 8 million reads at 0.125, 4 million writes at 0.625.
        let month = [
            used("Lambda", "lambda_requests", 3.0),
            used("DynamoDB", "dynamodb_reads", 8.0),
            used("Lambda", "lambda_compute", 100_000.0),
            used("DynamoDB", "dynamodb_writes", 4.0),
            used("API Gateway", "api_requests", 3.0),
        ];
        let bill = Bill::of(24, &month, &Prices::read().unwrap(), false).unwrap();
        let services: Vec<_> = bill.lines.iter().map(|(service, _)| *service).collect();
        assert_eq!(services, ["Lambda", "DynamoDB", "API Gateway"]);
        assert!((bill.total() - (0.60 + 1.33334 + 1.0 + 2.5 + 3.0)).abs() < 1e-9, "{bill:?}");
        assert!((bill.of_an_order() - bill.total() / 730.0).abs() < 1e-12);
        let largest: Vec<_> = bill.largest().into_iter().map(|(service, _)| service).collect();
        assert_eq!(largest, ["DynamoDB", "API Gateway", "Lambda"]);
    }

    #[test]
    fn what_is_always_free_is_free() {
        let month = [used("Lambda", "lambda_requests", 3.0), used("Lambda", "lambda_compute", 100_000.0)];
        let bill = Bill::of(24, &month, &Prices::read().unwrap(), true).unwrap();
        assert!((bill.total() - 0.40).abs() < 1e-9, "{bill:?}");
    }

    #[test]
    fn a_price_that_is_missing_is_named() {
        let error = Bill::of(1, &[used("Gold", "gold", 1.0)], &Prices::read().unwrap(), false).unwrap_err();
        assert!(error.ends_with("no price of gold"), "{error}");
    }
}
