//! The Lambda function `catalog-list-categories`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_categories::ENDPOINT)
}
