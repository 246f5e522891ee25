//! The Lambda function `catalog-put-category`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_put_category::ENDPOINT)
}
