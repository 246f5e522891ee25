//! The Lambda function `catalog-list-lots`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_lots::ENDPOINT)
}
