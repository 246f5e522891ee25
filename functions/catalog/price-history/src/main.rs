//! The Lambda function `catalog-price-history`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_price_history::ENDPOINT)
}
