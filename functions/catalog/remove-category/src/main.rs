//! The Lambda function `catalog-remove-category`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_remove_category::ENDPOINT)
}
