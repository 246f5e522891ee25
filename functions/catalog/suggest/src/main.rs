//! The Lambda function `catalog-suggest`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&catalog_suggest::ENDPOINT)
}
