//! The Lambda function `catalog-list-brands`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_brands::ENDPOINT)
}
