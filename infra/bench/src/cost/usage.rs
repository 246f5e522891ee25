//! What a month uses of each thing that has a price.

use super::counts::Counts;
use super::memory::Memory;
use super::shopping::Shopping;

/// A month, as AWS reckons it: 730 hours.
const HOURS: f64 = 730.0;
const KB_IN_GB: f64 = 1024.0 * 1024.0;
const MILLION: f64 = 1e6;

/// So much of something that has a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// The line of the bill.
    pub service: &'static str,
    /// The price's name.
    pub price: &'static str,
    /// In the price's unit.
    pub units: f64,
}

/// What all functions use in a month.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    invocations: f64,
    requests: f64,
    gb_seconds: f64,
    read_units: f64,
    write_units: f64,
    s3_calls: f64,
    uploads: f64,
    traces: f64,
    key_requests: f64,
}

/// What a month of so many orders a day uses.
///
/// # Errors
/// The functions that were not counted; an assumption that is missing.
pub fn of_a_month(
    orders_a_day: f64,
    essentials: bool,
    shopping: &Shopping,
    counts: &Counts,
    memory: &Memory,
) -> Result<Vec<Used>, String> {
    let assumed = |name| shopping.assumed(name);
    let orders = orders_a_day * HOURS / 24.0;
    let sums = of_the_functions(orders, shopping, counts, memory)?;
    let stored_orders = orders * assumed("stored_months")?;
    let table_gb = assumed("base_gb")? + stored_orders * assumed("stored_kb")? / KB_IN_GB;
    let scans_gb = sums.uploads * assumed("stored_months")? * assumed("scan_kb")? / KB_IN_GB;
    let log_gb = sums.invocations * assumed("log_kb")? / KB_IN_GB;
    let pictures = orders * assumed("pictures")?;
    let users = orders / assumed("orders_per_customer")? * assumed("users_per_customer")?;
    let plan = if essentials { "cognito_essentials" } else { "cognito_lite" };
    // Whatever is made in a bucket is an event: what was uploaded, and the checked copy of it.
    let events = 2.0 * sums.uploads;
    let used = [
        ("Lambda", "lambda_requests", sums.invocations / MILLION),
        ("Lambda", "lambda_compute", sums.gb_seconds),
        ("API Gateway", "api_requests", sums.requests / MILLION),
        ("DynamoDB", "dynamodb_reads", sums.read_units / MILLION),
        ("DynamoDB", "dynamodb_writes", sums.write_units / MILLION),
        ("DynamoDB", "dynamodb_storage", table_gb),
        ("DynamoDB", "dynamodb_recovery", table_gb),
        ("Cognito", plan, users),
        ("S3", "s3_storage", scans_gb),
        // All calls at the price of the dearer ones, and the uploads of browsers.
        ("S3", "s3_requests", (sums.s3_calls + sums.uploads) / 1000.0),
        ("CloudFront", "cloudfront_transfer", pictures * assumed("picture_kb")? / KB_IN_GB),
        ("CloudFront", "cloudfront_requests", pictures / MILLION),
        ("Data transfer", "transfer_out", sums.requests * assumed("response_kb")? / KB_IN_GB),
        ("Messages", "mails", orders * assumed("mails")? / 1000.0),
        ("Messages", "text_messages", orders * assumed("text_messages")?),
        ("Keys and secrets", "kms_keys", assumed("kms_keys")?),
        ("Keys and secrets", "kms_requests", sums.key_requests / 10_000.0),
        ("Keys and secrets", "secrets", assumed("secrets")?),
        ("CloudWatch", "log_ingestion", log_gb),
        ("CloudWatch", "log_storage", log_gb * assumed("log_months")? * assumed("log_compressed")?),
        ("CloudWatch", "alarms", assumed("alarms")?),
        ("CloudWatch", "dashboards", assumed("dashboards")?),
        ("CloudWatch", "metrics", assumed("metrics")?),
        ("X-Ray", "traces", sums.traces / MILLION),
        ("EventBridge", "events", events / MILLION),
    ];
    Ok(used.map(|(service, price, units)| Used { service, price, units }).to_vec())
}

fn of_the_functions(orders: f64, shopping: &Shopping, counts: &Counts, memory: &Memory) -> Result<Sums, String> {
    let assumed = |name| shopping.assumed(name);
    let (own, dynamodb, cognito) = (assumed("own_ms")?, assumed("dynamodb_ms")?, assumed("cognito_ms")?);
    let (s3, messages, cold) = (assumed("s3_ms")?, assumed("messages_ms")?, assumed("cold_ms")?);
    let (most_starts, most_keys) =
        (HOURS * 60.0 / assumed("cold_after_minutes")?, HOURS * 60.0 / assumed("kms_minutes")?);
    let (always_traced, traced) = (HOURS * 3600.0 * assumed("traced_per_second")?, assumed("traced_share")?);

    let invocations = shopping.invocations(orders);
    let names: Vec<_> = invocations.iter().map(|(name, _)| *name).collect();
    let mut sums = Sums::default();
    let unknown = assumed("unknown_share")?;
    for ((name, times), count) in invocations.into_iter().zip(counts.of_all(&names, unknown)?) {
        let answers = registry::ENDPOINTS.iter().any(|endpoint| endpoint.name() == name);
        // Calls of different services that go side by side are one trip and wait for the slower one.
        let waits = (count.trips - count.cognito - count.s3 - count.messages).max(0.0);
        let others = count.cognito * cognito + count.s3 * s3 + count.messages * messages;
        let ms = own + waits * dynamodb + others;
        sums.invocations += times;
        sums.requests += if answers { times } else { 0.0 };
        sums.gb_seconds += memory.gb(name) * (times * ms + times.min(most_starts) * cold) / 1000.0;
        sums.read_units += times * count.read_units;
        sums.write_units += times * count.write_units;
        sums.s3_calls += times * count.s3;
        sums.uploads += if name.contains("-scan") { times } else { 0.0 };
        sums.traces += times.min(always_traced) + (times - always_traced).max(0.0) * traced;
        sums.key_requests += if count.read_units + count.write_units > 0.0 { times.min(most_keys) } else { 0.0 };
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: &str = r#"{"functions": {
        "cart-get": {"trips": 2, "read_units": 3, "write_units": 0.5},
        "prescriptions-scan": {"trips": 7, "read_units": 2, "write_units": 6, "s3": 2, "messages": 1},
        "profile-erase": {"trips": 1, "read_units": 0.5, "write_units": 0}
    }, "first": {
        "cart-get": {"trips": 3, "read_units": 4, "write_units": 1.5},
        "prescriptions-scan": {"trips": 7, "read_units": 2, "write_units": 6, "s3": 2, "messages": 1},
        "profile-erase": {"trips": 1, "read_units": 0.5, "write_units": 0}
    }}"#;

    /// One of four callers of the cart is unknown to the instance that they meet.
    const UNKNOWN: f64 = 0.25;

    /// A month of orders that bring ten looks at the cart and one upload each.
    fn month(orders_a_day: f64) -> Vec<Used> {
        let changes =
            [("cart-get", 10.0), ("prescriptions-scan", 1.0), ("unknown_share", UNKNOWN), ("messages_ms", 80.0)];
        let changes = changes.map(|(name, times)| (name.to_owned(), times));
        let shopping = Shopping::small().with(&changes).unwrap();
        let counts = Counts::parse(COUNTS).unwrap();
        of_a_month(orders_a_day, false, &shopping, &counts, &Memory::read().unwrap()).unwrap()
    }

    fn units(month: &[Used], price: &str) -> f64 {
        month.iter().find(|used| used.price == price).unwrap().units
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= expected.abs() * 1e-9 + 1e-12, "{found} for {expected}");
    }

    #[test]
    fn units_are_those_of_all_functions() {
        // 24 orders a day are 730 in a month.
        let month = month(24.0);
        near(units(&month, "lambda_requests"), 730.0 * 12.0 / MILLION);
        near(units(&month, "api_requests"), 7300.0 / MILLION);
        near(units(&month, "dynamodb_reads"), (7300.0 * (3.0 + UNKNOWN) + 730.0 * 2.0 + 730.0 * 0.5) / MILLION);
        near(units(&month, "dynamodb_writes"), (7300.0 * (0.5 + UNKNOWN) + 730.0 * 6.0) / MILLION);
        near(units(&month, "s3_requests"), 730.0 * 3.0 / 1000.0);
        near(units(&month, "events"), 1460.0 / MILLION);
    }

    #[test]
    fn an_invocation_is_paid_for_while_it_waits_and_while_it_starts() {
        let month = month(24.0);
        // 4 ms of its own; 6 ms a trip to DynamoDB, 30 ms a call of S3, 80 ms a message; a start of 120 ms at most every ten
        // minutes.
        let cart = 0.25 * (7300.0 * (4.0 + (2.0 + UNKNOWN) * 6.0) + 4380.0 * 120.0);
        let scan = 1.0 * (730.0 * (4.0 + 4.0 * 6.0 + 2.0 * 30.0 + 80.0) + 730.0 * 120.0);
        let erase = 0.25 * (730.0 * (4.0 + 6.0) + 730.0 * 120.0);
        near(units(&month, "lambda_compute"), (cart + scan + erase) / 1000.0);
    }

    #[test]
    fn what_is_used_for_orders_grows_with_them() {
        let [none, one, ten] = [0.0, 1000.0, 10_000.0].map(month);
        for price in ["api_requests", "dynamodb_reads", "dynamodb_storage", "cognito_lite", "log_ingestion"] {
            let [none, one, ten] = [&none, &one, &ten].map(|month| units(month, price));
            assert!(one > none, "{price}");
            near(ten - none, 10.0 * (one - none));
        }
    }

    #[test]
    fn starts_and_keys_have_a_most_and_traces_are_sampled_beyond_one_a_second() {
        let most = month(1e9);
        near(units(&most, "kms_requests"), (8760.0 * 2.0 + 730.0) / 10_000.0);
        // Of both functions that answer to orders, 2.628 million a month at a second's first, and a twentieth of the rest.
        let orders = 1e9 * HOURS / 24.0;
        let traced = |times: f64| 2_628_000.0 + (times - 2_628_000.0) * 0.05;
        near(units(&most, "traces"), (traced(orders * 10.0) + traced(orders) + 730.0) / MILLION);
    }

    #[test]
    fn a_month_without_orders_uses_what_runs_by_itself() {
        let idle = month(0.0);
        near(units(&idle, "lambda_requests"), 730.0 / MILLION);
        for price in ["api_requests", "cognito_lite", "mails", "cloudfront_requests"] {
            assert_eq!(units(&idle, price), 0.0, "{price}");
        }
        assert_eq!(units(&idle, "kms_keys"), 2.0);
    }

    #[test]
    fn functions_that_were_not_counted_are_named() {
        let shopping = Shopping::read().unwrap();
        let counts = Counts::parse(COUNTS).unwrap();
        let error = of_a_month(1.0, false, &shopping, &counts, &Memory::read().unwrap()).unwrap_err();
        assert!(error.contains("auth-login") && error.contains("orders-get") && !error.contains("cart-get"), "{error}");
    }
}
