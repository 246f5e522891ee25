//! The Lambda function `reports-sales`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&reports_sales::ENDPOINT)
}
