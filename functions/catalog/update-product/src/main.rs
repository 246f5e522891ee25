//! The Lambda function `catalog-update-product`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_update_product::ENDPOINT)
}
