//! The Lambda function `catalog-list-products`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_products::ENDPOINT)
}
