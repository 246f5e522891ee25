//! The Lambda function `catalog-create-product`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_create_product::ENDPOINT)
}
