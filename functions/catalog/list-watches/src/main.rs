//! The Lambda function `catalog-list-watches`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_watches::ENDPOINT)
}
