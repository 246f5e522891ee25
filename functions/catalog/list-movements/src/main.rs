//! The Lambda function `catalog-list-movements`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_list_movements::ENDPOINT)
}
