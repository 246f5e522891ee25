//! The Lambda function `reports-inventory`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&reports_inventory::ENDPOINT)
}
