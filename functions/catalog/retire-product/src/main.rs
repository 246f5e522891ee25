//! The Lambda function `catalog-retire-product`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_retire_product::ENDPOINT)
}
