//! The walls inside `shared`, and what may pass through which.

use crate::Faults;
use crate::house::House;

/// The areas, each of which may use those before it and none after it.
const AREAS: [&str; 28] = [
    "platform",
    "audit",
    "accounts",
    "notifications",
    "identity",
    "catalog",
    "imports",
    "red_flags",
    "medicine",
    "content",
    "patients",
    "prescriptions",
    "records",
    "triage",
    "payments",
    "coupons",
    "delivery",
    "orders",
    "consultations",
    "care",
    "assistant",
    "notices",
    "watches",
    "webhooks",
    "reports",
    "sellers",
    "data_rights",
    "api",
];

/// Where the day of the clock in UTC counts: counters that nobody is shown, the index that is made once a day, and a beginning with two
/// days to spare.
const DAYS_OF_THE_CLOCK: [&str; 3] =
    ["shared/src/assistant/", "shared/src/consultations/store.rs", "shared/src/records/screened.rs"];

/// Files that talk to the world outside, beside the stores, which are named `store.rs` or `…_store.rs`.
const ADAPTERS: [&str; 30] = [
    "shared/src/assistant/converse.rs",
    "shared/src/catalog/stock.rs",
    "shared/src/consultations/kms.rs",
    "shared/src/consultations/socket/posts.rs",
    "shared/src/identity/user_pool/cognito.rs",
    "shared/src/identity/user_pool/cognito_admin.rs",
    "shared/src/identity/user_pool/cognito_social.rs",
    "shared/src/identity/user_pool/directory.rs",
    "shared/src/identity/session/keys.rs",
    "shared/src/identity/session/revocation.rs",
    "shared/src/identity/social/token_endpoint.rs",
    "shared/src/identity/session/token.rs",
    "shared/src/notices/queue.rs",
    "shared/src/notifications/mail.rs",
    "shared/src/notifications/sms.rs",
    "shared/src/payments/bkash/client.rs",
    "shared/src/payments/bkash/hearing.rs",
    "shared/src/payments/calls.rs",
    "shared/src/payments/esewa/client.rs",
    "shared/src/payments/paypal/client.rs",
    "shared/src/payments/stripe/client.rs",
    "shared/src/platform/aws.rs",
    "shared/src/platform/dynamo.rs",
    "shared/src/platform/objects.rs",
    "shared/src/platform/plain_http.rs",
    "shared/src/platform/secrets.rs",
    "shared/src/platform/signed_call.rs",
    "shared/src/platform/signed_request.rs",
    "shared/src/prescriptions/textract.rs",
    "shared/src/webhooks/line.rs",
];

/// How code names what is outside.
const OUTSIDE: [&str; 6] = ["aws_sdk_", "aws_config", "aws_smithy_", "aws_sigv4", "lambda_http", "lambda_runtime"];

/// `std::env` is read in one place; `env!` at compile time is another thing, and so is what cargo tells a build script.
pub fn only_the_configuration_reads_the_environment(house: &House) -> Faults {
    let sources = house.sources("shared/src/").chain(house.sources("functions/"));
    let sources = sources.filter(|(path, _)| *path != "shared/src/platform/config.rs" && !path.ends_with("/build.rs"));
    let sources =
        sources.filter(|(_, source)| ["env::var", "env::{", "std::env;"].iter().any(|read| source.contains(read)));
    sources
        .map(|(path, _)| format!("{path} reads the environment; that is for shared/src/platform/config.rs"))
        .collect()
}

/// Rules and types know neither AWS nor Lambda: only stores, adapters and the edge do.
pub fn rules_name_no_cloud(house: &House) -> Faults {
    let mut faults = Faults::new();
    for (path, source) in house.sources("shared/src/").chain(house.sources("functions/")) {
        let file = path.rsplit('/').next().unwrap_or_default();
        let is_store = file == "store.rs" || file.ends_with("_store.rs");
        if is_store || ADAPTERS.contains(&path) || path.starts_with("shared/src/api/") {
            continue;
        }
        for name in OUTSIDE.iter().filter(|name| source.contains(**name)) {
            faults.push(format!("{path} names {name}; that is for stores and adapters"));
        }
    }
    faults
}

/// An area uses those before it, never one after it.
pub fn arrows_run_one_way(house: &House) -> Faults {
    let rank = |area: &str| AREAS.iter().position(|known| *known == area);
    let mut faults = Faults::new();
    for (path, source) in house.sources("shared/src/") {
        let Some((area, _)) = path.trim_start_matches("shared/src/").split_once('/') else { continue };
        let Some(own) = rank(area) else {
            faults.push(format!("{path}: {area} has no place in the order of areas"));
            continue;
        };
        for used in source.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used.is_empty() {
                faults.push(format!("{path}: use crate::{{…}} hides which areas it uses"));
            }
            if rank(&used).is_some_and(|used| used > own) {
                faults.push(format!("{path} uses {used}, which comes after {area}"));
            }
        }
    }
    faults
}

/// A scan reads, and pays for, a whole table.
pub fn nothing_scans_a_table(house: &House) -> Faults {
    let sources = house.sources("shared/src/").chain(house.sources("functions/"));
    // The SDK's own takes no arguments; what an area calls a scan looks at a file and takes one.
    sources.filter(|(_, source)| source.contains(".scan()")).map(|(path, _)| format!("{path} scans")).collect()
}

/// A day is one of the pharmacy's: the clock's, in UTC, is another for some hours of each.
pub fn days_are_the_pharmacys(house: &House) -> Faults {
    let sources = house.sources("shared/src/").chain(house.sources("functions/"));
    let excepted =
        |path: &&str| path.contains("tests") || DAYS_OF_THE_CLOCK.iter().any(|known| path.starts_with(known));
    let mut faults = Faults::new();
    for (path, source) in sources.filter(|(path, _)| !excepted(path)) {
        let rules = source.split("#[cfg(test)]").next().unwrap_or_default();
        if ["now.date()", "now().date()"].iter().any(|call| rules.contains(call)) {
            faults.push(format!("{path} takes the day of the clock for one of the pharmacy"));
        }
    }
    faults
}
