//! The Lambda function `catalog-get-product`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_get_product::ENDPOINT)
}
