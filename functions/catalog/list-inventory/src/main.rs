//! The Lambda function `catalog-list-inventory`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_inventory::ENDPOINT)
}
