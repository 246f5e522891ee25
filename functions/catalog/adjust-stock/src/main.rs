//! The Lambda function `catalog-adjust-stock`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_adjust_stock::ENDPOINT)
}
