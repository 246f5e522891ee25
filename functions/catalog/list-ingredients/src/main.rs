//! The Lambda function `catalog-list-ingredients`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_ingredients::ENDPOINT)
}
