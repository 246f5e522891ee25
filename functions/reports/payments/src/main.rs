//! The Lambda function `reports-payments`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&reports_payments::ENDPOINT)
}
